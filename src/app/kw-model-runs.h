/* kw-model-runs.h: what the laboratory did lately, for a terminal or a program */
#pragma once

#include "kw-data-page.h"

G_BEGIN_DECLS

/* How @rows (element-type KwRunStep) are written: for people, or a line of JSON for each */
typedef void (*KwModelRunsWrite)(const GArray *rows, KwDataPage *page);

void kw_model_runs_write_text(const GArray *rows, KwDataPage *page);
void kw_model_runs_write_json(const GArray *rows, KwDataPage *page);

/* Writes the newest steps of @root. Returns: an exit status, after saying what is wrong */
int kw_model_runs_print(const gchar *root, KwDataPage *page, KwModelRunsWrite write);

G_END_DECLS
