/* kw-gate-page.h: the verdict of the gate as text and as JSON */
#pragma once

#include "kw-gate.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): a line per criterion and the verdict */
gchar *kw_gate_page_to_text(const KwGateInput *result,
                            const KwGateLine *lines,
                            guint n_lines,
                            const KwGateLimits *limits);

/* Adds the lines as an array. */
void kw_gate_page_add_criteria(const KwGateLine *lines, guint n_lines, JsonBuilder *builder);

/* (transfer full): one line of JSON */
gchar *kw_gate_page_to_json(const KwGateInput *result, const KwGateLine *lines, guint n_lines);

G_END_DECLS
