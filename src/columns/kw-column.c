/* kw-column.c: what a column shows, and how it is called
 *
 * A name is the whole expression, so that equal names mean equal values in every frame and
 * version. Expressions can double in length with every step (x = x + x), hence the hash
 * of the full text in names beyond NAME_MAX_BYTES. */
#include "kw-column-private.h"

#include <math.h>
#include <string.h>

#define NAME_MAX_BYTES 96
#define NAME_HASH_DIGITS 16

G_DEFINE_QUARK(kw - column - error - quark, kw_column_error)

KwColumn *
kw_column_new(KwColumnKind kind, KwColumn *const *inputs, guint n_inputs)
{
    KwColumn *self = g_new0(KwColumn, 1);

    self->kind = kind;
    self->n_inputs = n_inputs;
    if (n_inputs > 0)
        self->inputs = g_memdup2(inputs, n_inputs * sizeof *inputs);
    for (guint i = 0; i < n_inputs; i++)
        self->warmup = MAX(self->warmup, inputs[i]->warmup);
    return self;
}

void
kw_column_free(KwColumn *self)
{
    if (self == NULL)
        return;
    if (self->clear != NULL)
        self->clear(self);
    g_free(self->name);
    g_free(self->numbers);
    g_free(self->bytes);
    g_free(self->constant);
    g_free(self->inputs);
    g_strfreev(self->labels);
    g_free(self);
}

const gdouble *
kw_column_peek_numbers(const KwColumn *self)
{
    return self->borrowed != NULL ? self->borrowed : self->numbers;
}

const gdouble *
kw_column_at(const KwColumn *self, gsize row)
{
    return self->constant != NULL ? self->constant : kw_column_peek_numbers(self) + row;
}

gchar *
kw_column_build_name(const gchar *op_name, const KwColumn *self, const gchar *const *more)
{
    g_autoptr(GString) text = g_string_new(op_name);
    g_autofree gchar *hash = NULL;
    const gchar *separator = "(";

    for (guint i = 0; i < self->n_inputs; i++) {
        g_string_append_printf(text, "%s%s", separator, self->inputs[i]->name);
        separator = ",";
    }
    for (; *more != NULL; more++) {
        g_string_append_printf(text, "%s%s", separator, *more);
        separator = ",";
    }
    g_string_append_c(text, ')');
    if (text->len <= NAME_MAX_BYTES)
        return g_strdup(text->str);

    hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
    return g_strdup_printf("%s#%.*s", op_name, NAME_HASH_DIGITS, hash);
}

KwColumnKind
kw_column_get_kind(const KwColumn *self)
{
    return self->kind;
}

const gchar *
kw_column_get_name(const KwColumn *self)
{
    return self->name;
}

gsize
kw_column_get_n_rows(const KwColumn *self)
{
    return self->n_rows;
}

gsize
kw_column_get_warmup(const KwColumn *self)
{
    return self->warmup;
}

const gdouble *
kw_column_get_numbers(const KwColumn *self)
{
    return kw_column_peek_numbers(self);
}

const guint8 *
kw_column_get_bytes(const KwColumn *self)
{
    return self->bytes;
}

gdouble
kw_column_get_value(const KwColumn *self, gsize row)
{
    g_return_val_if_fail(row < self->n_rows, NAN);

    if (self->bytes != NULL)
        return self->bytes[row];
    return self->constant != NULL ? self->constant[0] : kw_column_peek_numbers(self)[row];
}

gdouble
kw_column_get_last(const KwColumn *self)
{
    if (self->n_rows == 0)
        return self->kind == KW_COLUMN_NUMBER ? (gdouble) NAN : 0.0;
    return kw_column_get_value(self, self->n_rows - 1);
}

const gchar *
kw_column_get_label(const KwColumn *self, gsize row)
{
    g_return_val_if_fail(self->kind == KW_COLUMN_LABEL, NULL);
    g_return_val_if_fail(row < self->n_rows, NULL);

    return self->labels[self->bytes[row]];
}

void
kw_column_number_to_text(gdouble value, gchar *buffer)
{
    for (gint digits = 15; digits <= 17; digits++) {
        gchar format[8];

        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
        if (fabs(g_ascii_strtod(buffer, NULL) - value) <= 0.0)
            return;
    }
}
