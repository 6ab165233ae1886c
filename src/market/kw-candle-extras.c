/* kw-candle-extras.c: columns beside the candles, each as numbers and as labels
 *
 * What a column is good for is known only when a strategy asks for it: the cell "1" may be
 * meant as a number or as a tag. So both are kept, eight bytes and one per row, and what does
 * not fit (a text where numbers are wanted, a thousand different texts where labels are) is
 * remembered and told when it is asked for. */
#include "kw-candle-extras.h"

#include "kw-candle-layout.h"
#include "kw-error.h"
#include "kw-line-reader.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

struct _KwCandleExtras {
    gsize n_rows;
    GPtrArray *columns; /* of KwExtraColumn, owned */
};

static void
column_free(gpointer data)
{
    KwExtraColumn *column = data;

    g_free(column->name);
    g_free(column->numbers);
    g_free(column->bytes);
    g_hash_table_unref(column->index);
    g_ptr_array_unref(column->labels);
    g_free(column);
}

KwCandleExtras *
kw_candle_extras_new(gsize n_rows)
{
    KwCandleExtras *self = g_new0(KwCandleExtras, 1);

    self->n_rows = n_rows;
    self->columns = g_ptr_array_new_with_free_func(column_free);
    return self;
}

void
kw_candle_extras_free(KwCandleExtras *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->columns);
    g_free(self);
}

gsize
kw_candle_extras_get_n_rows(const KwCandleExtras *self)
{
    return self->n_rows;
}

guint
kw_candle_extras_get_n_columns(const KwCandleExtras *self)
{
    return self->columns->len;
}

const KwExtraColumn *
kw_candle_extras_get_column(const KwCandleExtras *self, guint index)
{
    g_return_val_if_fail(index < self->columns->len, NULL);

    return self->columns->pdata[index];
}

guint
kw_candle_extras_add_column(KwCandleExtras *self, const gchar *name)
{
    KwExtraColumn *column;

    g_return_val_if_fail(self != NULL && name != NULL, 0);

    for (guint i = 0; i < self->columns->len; i++)
        if (strcmp(kw_candle_extras_get_column(self, i)->name, name) == 0)
            return i;
    column = g_new0(KwExtraColumn, 1);
    column->name = g_strdup(name);
    column->numbers = g_new(gdouble, self->n_rows);
    for (gsize row = 0; row < self->n_rows; row++)
        column->numbers[row] = NAN;
    column->bytes = g_new0(guint8, self->n_rows);
    column->labels = g_ptr_array_new_with_free_func(g_free);
    column->index = g_hash_table_new(g_str_hash, g_str_equal);
    g_ptr_array_add(column->labels, g_strdup(""));
    g_ptr_array_add(self->columns, column);
    return self->columns->len - 1;
}

static gboolean
is_word(const gchar *text, const gchar *const *words)
{
    for (; *words != NULL; words++)
        if (g_ascii_strcasecmp(text, *words) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
parse_number(const gchar *text, gdouble *out)
{
    static const gchar *const yes[] = {"true", NULL};
    static const gchar *const no[] = {"false", NULL};
    gchar *end = NULL;
    gdouble value;

    if (is_word(text, yes) || is_word(text, no)) {
        *out = is_word(text, yes) ? 1.0 : 0.0;
        return TRUE;
    }
    value = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return FALSE;
    *out = value;
    return TRUE;
}

/* Cut where a character begins */
static gchar *
dup_label(const gchar *text)
{
    g_autofree gchar *valid = g_utf8_make_valid(text, -1);
    const gchar *end = valid;

    while (*end != '\0' && g_utf8_next_char(end) - valid <= KW_CANDLE_EXTRAS_MAX_LABEL_BYTES)
        end = g_utf8_next_char(end);
    return g_strndup(valid, (gsize) (end - valid));
}

static void
set_label(KwExtraColumn *column, gsize row, const gchar *text)
{
    g_autofree gchar *label = dup_label(text);
    gpointer known = g_hash_table_lookup(column->index, label);
    guint index = GPOINTER_TO_UINT(known);

    if (known == NULL) {
        if (column->labels->len > KW_CANDLE_EXTRAS_MAX_LABELS) {
            column->has_overflow = TRUE;
            return;
        }
        index = column->labels->len;
        (void) g_hash_table_insert(column->index, label, GUINT_TO_POINTER(index));
        g_ptr_array_add(column->labels, g_steal_pointer(&label));
    }
    column->bytes[row] = (guint8) index;
}

void
kw_candle_extras_set(KwCandleExtras *self, guint column, gsize row, const gchar *text)
{
    static const gchar *const nothing[] = {"", "nan", "none", "null", NULL};
    KwExtraColumn *to;
    gdouble number;

    g_return_if_fail(self != NULL && text != NULL);
    g_return_if_fail(column < self->columns->len && row < self->n_rows);

    to = self->columns->pdata[column];
    if (is_word(text, nothing))
        return;
    if (parse_number(text, &number))
        to->numbers[row] = number;
    else
        to->has_text = TRUE;
    if (!to->has_overflow)
        set_label(to, row, text);
}

const KwExtraColumn *
kw_candle_extras_find(const KwCandleExtras *self, const gchar *name)
{
    g_return_val_if_fail(self != NULL && name != NULL, NULL);

    for (guint i = 0; i < self->columns->len; i++)
        if (strcmp(kw_candle_extras_get_column(self, i)->name, name) == 0)
            return kw_candle_extras_get_column(self, i);
    return NULL;
}

/* -- from a file -- */

typedef struct {
    KwCandleExtras *extras; /* borrowed */
    const KwSeries *series; /* borrowed */
    KwCandleLayout layout;
    gint columns[KW_CANDLE_LAYOUT_MAX_COLUMNS]; /* index in extras; -1: part of the candle */
    gboolean has_layout;
} Reading;

static gboolean
read_header(Reading *work, const gchar *text, GError **error)
{
    g_auto(GStrv) names = NULL;

    if (!kw_candle_layout_init(&work->layout, text, KW_CANDLE_FORMAT_AUTO, error))
        return FALSE;
    work->has_layout = TRUE;
    names = kw_candle_layout_name_others(&work->layout, text);
    for (guint i = 0; names[i] != NULL; i++)
        work->columns[i] =
            *names[i] != '\0' ? (gint) kw_candle_extras_add_column(work->extras, names[i]) : -1;
    return TRUE;
}

static void
read_row(Reading *work, gchar *text, gsize length)
{
    g_autofree gchar *copy = g_strndup(text, length);
    g_auto(GStrv) cells = NULL;
    gchar separator[] = {work->layout.separator, '\0'};
    KwRawRow row;
    gsize at;

    kw_candle_layout_parse(&work->layout, text, length, &row);
    if (row.reason == KW_ROW_COLUMNS)
        return;
    at = kw_series_find(work->series, row.candle.open_us);
    if (at >= kw_series_get_length(work->series) ||
        kw_series_get_times(work->series)[at] != row.candle.open_us)
        return;
    cells = g_strsplit(copy, separator, KW_CANDLE_LAYOUT_MAX_COLUMNS);
    for (guint i = 0; cells[i] != NULL && i < work->layout.n_columns; i++)
        if (work->columns[i] >= 0)
            kw_candle_extras_set(work->extras, (guint) work->columns[i], at,
                                 g_strstrip(g_strdelimit(cells[i], "\"", ' ')));
}

static gboolean
read_lines(Reading *work, KwLineReader *reader, GError **error)
{
    for (;;) {
        gchar *text = NULL;
        gsize length = 0;

        switch (kw_line_reader_next(reader, &text, &length, error)) {
        case KW_LINE_TEXT:
            if (length == 0 || *text == '#')
                break;
            if (work->has_layout)
                read_row(work, text, length);
            else if (!kw_candle_layout_is_header(text))
                return TRUE; /* without names there is nothing to ask for */
            else if (!read_header(work, text, error))
                return FALSE;
            break;
        case KW_LINE_TOO_LONG:
            break;
        case KW_LINE_END:
            return TRUE;
        case KW_LINE_FAILED:
            return FALSE;
        }
    }
}

KwCandleExtras *
kw_candle_extras_load(const gchar *path, const KwSeries *series, GError **error)
{
    g_autoptr(GFile) source = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) stream = NULL;
    g_autoptr(KwCandleExtras) extras = NULL;
    g_autoptr(KwLineReader) reader = NULL;
    g_autoptr(GError) inner = NULL;
    Reading work = {.series = series};

    g_return_val_if_fail(path != NULL && series != NULL, NULL);

    stream = g_file_read(source, NULL, &inner);
    if (stream == NULL) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
        return NULL;
    }
    extras = kw_candle_extras_new(kw_series_get_length(series));
    reader = kw_line_reader_new(G_INPUT_STREAM(stream));
    work.extras = extras;
    if (!read_lines(&work, reader, error))
        return NULL;
    return g_steal_pointer(&extras);
}
