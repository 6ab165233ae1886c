#include "kw-lab-table.h"

#define NAME_WIDTH 26
#define GAP "  "

struct _KwLabTable {
    guint n_columns;
    GPtrArray *cells; /* of gchar, owned; the header first */
    guint rule;       /* cells before the line; 0 for none */
};

KwLabTable *
kw_lab_table_new(const gchar *const *header)
{
    KwLabTable *self = g_new0(KwLabTable, 1);

    self->cells = g_ptr_array_new_with_free_func(g_free);
    for (; header[self->n_columns] != NULL; self->n_columns++)
        kw_lab_table_add(self, header[self->n_columns]);
    g_warn_if_fail(self->n_columns <= KW_LAB_TABLE_MAX_COLUMNS);
    return self;
}

void
kw_lab_table_free(KwLabTable *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->cells);
    g_free(self);
}

void
kw_lab_table_add(KwLabTable *self, const gchar *text)
{
    g_ptr_array_add(self->cells, g_strdup(text));
}

void
kw_lab_table_rule(KwLabTable *self)
{
    self->rule = self->cells->len;
}

static void
append_padding(GString *out, glong width)
{
    for (; width > 0; width--)
        g_string_append_c(out, ' ');
}

static void
append_row(const KwLabTable *self, GString *out, guint first, const glong *widths)
{
    for (guint c = 0; c < self->n_columns; c++) {
        const gchar *text = self->cells->pdata[first + c];
        glong missing = widths[c] - g_utf8_strlen(text, -1);

        if (c > 0) {
            g_string_append(out, GAP);
            append_padding(out, missing);
        }
        g_string_append(out, text);
        if (c == 0)
            append_padding(out, missing);
    }
    g_string_append_c(out, '\n');
}

static void
append_rule(const KwLabTable *self, GString *out, const glong *widths)
{
    for (guint c = 0; c < self->n_columns; c++) {
        for (glong i = c > 0 ? -(glong) (sizeof GAP - 1) : 0; i < widths[c]; i++)
            g_string_append(out, "─");
    }
    g_string_append_c(out, '\n');
}

void
kw_lab_table_print(const KwLabTable *self, GString *out)
{
    glong widths[KW_LAB_TABLE_MAX_COLUMNS] = {0};

    g_return_if_fail(self->cells->len % self->n_columns == 0);

    for (guint i = 0; i < self->cells->len; i++) {
        glong width = g_utf8_strlen(self->cells->pdata[i], -1);

        widths[i % self->n_columns] = MAX(widths[i % self->n_columns], width);
    }
    for (guint i = 0; i < self->cells->len; i += self->n_columns) {
        if (self->rule > 0 && i == self->rule)
            append_rule(self, out, widths);
        append_row(self, out, i, widths);
        if (i == 0)
            append_rule(self, out, widths);
    }
}

void
kw_lab_table_pair(GString *out, const gchar *name, const gchar *text)
{
    g_string_append_printf(out, "%s" GAP, name);
    append_padding(out, NAME_WIDTH - g_utf8_strlen(name, -1));
    g_string_append_printf(out, "%s\n", text);
}
