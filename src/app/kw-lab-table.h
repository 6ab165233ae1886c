/* kw-lab-table.h: plain text tables for a terminal */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_LAB_TABLE_MAX_COLUMNS 10

/**
 * KwLabTable:
 *
 * Cells are gathered row by row; the first column stands left, numbers stand right. Widths
 * count characters, not bytes.
 */
typedef struct _KwLabTable KwLabTable;

/* @header: (array zero-terminated=1): texts of the first row, at most
 * %KW_LAB_TABLE_MAX_COLUMNS */
KwLabTable *kw_lab_table_new(const gchar *const *header);
void kw_lab_table_free(KwLabTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLabTable, kw_lab_table_free)

/* Adds the next cell of the row; a row is full when it has as many as the header. Copied */
void kw_lab_table_add(KwLabTable *self, const gchar *text);

/* Sets a line between what is there and what follows. */
void kw_lab_table_rule(KwLabTable *self);

void kw_lab_table_print(const KwLabTable *self, GString *out);

/* "name          text" in two columns of the same width everywhere */
void kw_lab_table_pair(GString *out, const gchar *name, const gchar *text);

G_END_DECLS
