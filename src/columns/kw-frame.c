/* kw-frame.c: a graph of columns that grows at its end
 *
 * Columns stand in order of creation, and an input exists before its user, so one pass
 * in this order is a correct evaluation. An update goes over the new rows in blocks, all
 * columns for one block before the next block: what a column needs has just been written
 * and is still in the cache, and a constant needs no more memory than a block. Each
 * column carries its own state; where the calls are cut therefore does not show.
 *
 * Evaluating column after column over all rows was the alternative: simpler by one loop, but
 * every value then makes the way to memory and back.
 *
 * Trimming needs no change of state: no kernel remembers a row number. */
#include "kw-frame-private.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MAX_BYTES (G_GUINT64_CONSTANT(8) << 30) /* of all columns together */
#define MAX_LABEL_BYTES 32

static const gchar *const field_names[KW_FIELD_N] = {
    "open", "high", "low", "close", "volume", "time",
};

const gchar *
kw_field_to_string(KwField field)
{
    g_return_val_if_fail((guint) field < KW_FIELD_N, NULL);

    return field_names[field];
}

KwFrame *
kw_frame_new(KwSeries *series)
{
    KwFrame *self;

    g_return_val_if_fail(series != NULL, NULL);

    self = g_new0(KwFrame, 1);
    self->series = series;
    self->columns = g_ptr_array_new_with_free_func((GDestroyNotify) kw_column_free);
    self->companions = g_ptr_array_new_with_free_func((GDestroyNotify) kw_companion_free);
    self->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->capacity = kw_series_get_length(series);
    return self;
}

void
kw_frame_free(KwFrame *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->by_key);
    g_ptr_array_unref(self->columns);
    g_ptr_array_unref(self->companions);
    kw_neighbours_unref(self->neighbours);
    kw_series_free(self->series);
    kw_candle_extras_free(self->extras);
    g_free(self);
}

const KwSeries *
kw_frame_get_series(const KwFrame *self)
{
    return self->series;
}

gsize
kw_frame_get_n_rows(const KwFrame *self)
{
    return kw_series_get_length(self->series);
}

gboolean
kw_frame_append(KwFrame *self, const KwCandle *candle)
{
    g_return_val_if_fail(self != NULL && candle != NULL, FALSE);

    if (!isfinite(candle->open) || !isfinite(candle->high) || !isfinite(candle->low) ||
        !isfinite(candle->close) || !isfinite(candle->volume))
        return FALSE;
    return kw_series_append(self->series, candle);
}

static gboolean
all_finite(const gdouble *values, gsize first, gsize end)
{
    gint64 is_good = 1; /* as wide as the numbers, and looked at once */

    for (gsize i = first; i < end; i++)
        is_good &= fabs(values[i]) <= DBL_MAX;
    return is_good != 0;
}

gboolean
kw_frame_append_rows(KwFrame *self, const KwSeries *from, gsize first, gsize end)
{
    g_return_val_if_fail(self != NULL && from != NULL, FALSE);
    g_return_val_if_fail(first <= end && end <= kw_series_get_length(from), FALSE);

    if (!all_finite(kw_series_get_opens(from), first, end) ||
        !all_finite(kw_series_get_highs(from), first, end) ||
        !all_finite(kw_series_get_lows(from), first, end) ||
        !all_finite(kw_series_get_closes(from), first, end) ||
        !all_finite(kw_series_get_volumes(from), first, end))
        return FALSE;
    return kw_series_append_rows(self->series, from, first, end);
}

/* -- update -- */

static void
column_reserve(KwColumn *column, gsize capacity)
{
    if (column->run == NULL)
        return;
    if (column->kind == KW_COLUMN_NUMBER) {
        column->numbers = g_renew(gdouble, column->numbers, capacity);
    } else {
        column->bytes = g_renew(guint8, column->bytes, capacity);
    }
}

static void
reserve(KwFrame *self, gsize n_rows)
{
    if (n_rows <= self->capacity)
        return;
    self->capacity = MAX(n_rows, 2 * self->capacity);
    for (guint i = 0; i < self->columns->len; i++)
        column_reserve(g_ptr_array_index(self->columns, i), self->capacity);
}

static const gdouble *
field_array(const KwSeries *series, KwField field)
{
    switch (field) {
    case KW_FIELD_OPEN:
        return kw_series_get_opens(series);
    case KW_FIELD_HIGH:
        return kw_series_get_highs(series);
    case KW_FIELD_LOW:
        return kw_series_get_lows(series);
    case KW_FIELD_CLOSE:
        return kw_series_get_closes(series);
    case KW_FIELD_VOLUME:
        return kw_series_get_volumes(series);
    case KW_FIELD_TIME:
    case KW_FIELD_N:
        break;
    }
    g_return_val_if_reached(NULL);
}

/* The series counts microseconds as integers; columns are doubles */
static void
run_time(KwColumn *self, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        self->numbers[i] = (gdouble) self->times[i] / G_USEC_PER_SEC;
}

/* Appending to the series may move its arrays. Fields are the first columns. */
static void
attach_fields(KwFrame *self)
{
    for (guint i = 0; i < self->columns->len; i++) {
        KwColumn *column = g_ptr_array_index(self->columns, i);

        if (column->run == run_time)
            column->times = kw_series_get_times(self->series);
        if (column->run != NULL || column->constant != NULL)
            continue;
        column->borrowed = field_array(self->series, (KwField) column->params[0]);
    }
}

/* First row that some column does not have yet */
static gsize
first_missing(const KwFrame *self, gsize n_rows)
{
    gsize first = n_rows;

    for (guint i = 0; i < self->columns->len; i++) {
        const KwColumn *column = g_ptr_array_index(self->columns, i);

        first = MIN(first, column->n_rows);
    }
    return first;
}

static void
update_block(KwFrame *self, gsize end)
{
    for (guint i = 0; i < self->columns->len; i++) {
        KwColumn *column = g_ptr_array_index(self->columns, i);

        if (column->n_rows >= end)
            continue;
        if (column->run != NULL)
            column->run(column, column->n_rows, end);
        column->n_rows = end;
    }
}

void
kw_frame_update(KwFrame *self)
{
    gsize n_rows;

    g_return_if_fail(self != NULL);

    n_rows = kw_series_get_length(self->series);
    reserve(self, n_rows);
    attach_fields(self);
    kw_frame_update_companions(self);
    for (gsize row = first_missing(self, n_rows); row < n_rows; row += KW_COLUMN_BLOCK)
        update_block(self, MIN(n_rows, row + KW_COLUMN_BLOCK));
}

/* -- trim -- */

static void
column_drop_front(KwColumn *column, gsize n_rows)
{
    gsize rest = column->n_rows - n_rows;

    if (column->numbers != NULL)
        memmove(column->numbers, column->numbers + n_rows, rest * sizeof(gdouble));
    if (column->bytes != NULL)
        memmove(column->bytes, column->bytes + n_rows, rest);
    column->n_rows = rest;
}

gsize
kw_frame_trim(KwFrame *self, gsize keep_rows)
{
    gsize n_rows, keep, n_drop;

    g_return_val_if_fail(self != NULL, 0);

    n_rows = kw_series_get_length(self->series);
    keep = MAX(keep_rows, self->lookback);
    if (n_rows <= keep)
        return 0;
    kw_frame_update(self);
    n_drop = n_rows - keep;
    for (guint i = 0; i < self->columns->len; i++)
        column_drop_front(g_ptr_array_index(self->columns, i), n_drop);
    kw_series_drop_front(self->series, n_drop);
    for (guint i = 0; i < self->companions->len; i++)
        (void) kw_frame_trim(kw_frame_get_companion(self, i), keep);
    return n_drop;
}

gsize
kw_frame_get_lookback(const KwFrame *self)
{
    return self->lookback;
}

void
kw_frame_drop_columns(KwFrame *self)
{
    g_return_if_fail(self != NULL);

    g_hash_table_remove_all(self->by_key);
    g_ptr_array_set_size(self->columns, 0);
    g_ptr_array_set_size(self->companions, 0);
    self->lookback = 0;
}

/* -- looking at the graph -- */

guint
kw_frame_get_n_columns(const KwFrame *self)
{
    return self->columns->len;
}

KwColumn *
kw_frame_get_column(const KwFrame *self, guint index)
{
    g_return_val_if_fail(index < self->columns->len, NULL);

    return g_ptr_array_index(self->columns, index);
}

guint
kw_frame_get_inputs(const KwFrame *self, const KwColumn *column, KwColumn *const **out_inputs)
{
    g_return_val_if_fail(self != NULL && column != NULL && out_inputs != NULL, 0);

    *out_inputs = column->inputs;
    return column->n_inputs;
}

gchar *
kw_frame_dup_hash(const KwFrame *self)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    for (guint i = 0; i < self->columns->len; i++) {
        const KwColumn *column = g_ptr_array_index(self->columns, i);

        g_checksum_update(sum, (const guchar *) column->name, -1);
        g_checksum_update(sum, (const guchar *) "\n", 1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

/* -- adding columns -- */

gboolean
kw_frame_check_room(const KwFrame *self, GError **error)
{
    guint64 bytes = (guint64) self->capacity * (self->columns->len + 1) * sizeof(gdouble);

    if (self->columns->len >= KW_FRAME_MAX_COLUMNS) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT, "more than %d columns",
                    KW_FRAME_MAX_COLUMNS);
        return FALSE;
    }
    if (bytes > MAX_BYTES) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT,
                    "%u columns of %" G_GSIZE_FORMAT " rows need too much memory",
                    self->columns->len + 1, self->capacity);
        return FALSE;
    }
    return TRUE;
}

KwColumn *
kw_frame_add(KwFrame *self, KwColumn *column, const gchar *key)
{
    self->lookback = MAX(self->lookback, column->lookback);
    column_reserve(column, self->capacity);
    g_ptr_array_add(self->columns, column);
    g_hash_table_insert(self->by_key, g_strdup(key), column);
    return column;
}

KwColumn *
kw_frame_field(KwFrame *self, KwField field)
{
    KwColumn *column;

    g_return_val_if_fail(self != NULL && (guint) field < KW_FIELD_N, NULL);

    column = g_hash_table_lookup(self->by_key, field_names[field]);
    if (column != NULL)
        return column;
    column = kw_column_new(KW_COLUMN_NUMBER, NULL, 0);
    column->name = g_strdup(field_names[field]);
    column->params[0] = (gint) field;
    if (field == KW_FIELD_TIME)
        column->run = run_time;
    else
        column->borrowed = field_array(self->series, field);
    return kw_frame_add(self, column, field_names[field]);
}

/* -- columns that came with the candles -- */

static const gchar *
kind_to_string(KwColumnKind kind)
{
    switch (kind) {
    case KW_COLUMN_NUMBER:
        return "number";
    case KW_COLUMN_BOOL:
        return "boolean";
    case KW_COLUMN_LABEL:
        return "label";
    }
    g_return_val_if_reached(NULL);
}

void
kw_frame_set_extras(KwFrame *self, KwCandleExtras *extras)
{
    g_return_if_fail(self != NULL && extras != NULL && self->extras == NULL);
    g_return_if_fail(kw_candle_extras_get_n_rows(extras) == kw_series_get_length(self->series));

    self->extras = extras;
}

/* Rows behind those that were given; the others are there already. */
static void
run_extra(KwColumn *self, gsize from, gsize to)
{
    gsize n_given = (gsize) self->params[0];

    for (gsize row = MAX(from, n_given); row < to; row++) {
        if (self->kind == KW_COLUMN_NUMBER)
            self->numbers[row] = NAN;
        else
            self->bytes[row] = 0;
    }
}

const KwCandleExtras *
kw_frame_get_extras(const KwFrame *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return self->extras;
}

gboolean
kw_frame_uses_extras(const KwFrame *self)
{
    for (guint i = 0; i < self->columns->len; i++)
        if (kw_frame_get_column(self, i)->run == run_extra)
            return TRUE;
    return FALSE;
}

static const KwExtraColumn *
find_extra(const KwFrame *self, const gchar *name, KwColumnKind kind, GError **error)
{
    const KwExtraColumn *given =
        self->extras != NULL ? kw_candle_extras_find(self->extras, name) : NULL;
    const gchar *fault = NULL;

    if (given == NULL)
        fault = "do not have";
    else if (kind == KW_COLUMN_NUMBER && given->has_text)
        fault = "have text, no numbers, in";
    else if (kind == KW_COLUMN_LABEL && given->has_overflow)
        fault = "have too many different texts in";
    if (fault == NULL)
        return given;
    g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                "the candles %s the extra column '%s'", fault, name);
    return NULL;
}

/* Copies the values of @given, and the labels */
static void
take_extra(KwColumn *column, const KwExtraColumn *given, gsize n_rows)
{
    g_autoptr(GStrvBuilder) labels = g_strv_builder_new();

    column->params[0] = (gint) n_rows;
    if (column->kind == KW_COLUMN_NUMBER) {
        memcpy(column->numbers, given->numbers, n_rows * sizeof *given->numbers);
        return;
    }
    memcpy(column->bytes, given->bytes, n_rows);
    for (guint i = 0; i < given->labels->len; i++)
        g_strv_builder_add(labels, given->labels->pdata[i]);
    g_strfreev(column->labels);
    column->labels = g_strv_builder_end(labels);
}

KwColumn *
kw_frame_extra(KwFrame *self, const gchar *name, KwColumnKind kind, GError **error)
{
    static const gchar *const no_label[] = {"", NULL};
    g_autofree gchar *key = NULL;
    const KwExtraColumn *given = NULL;
    KwColumn *column;

    g_return_val_if_fail(self != NULL && name != NULL && kind != KW_COLUMN_BOOL, NULL);

    key = g_strdup_printf("extra %s %s", kind_to_string(kind), name);
    column = g_hash_table_lookup(self->by_key, key);
    if (column != NULL)
        return column;
    if (!kw_frame_check_room(self, error))
        return NULL;
    if (kw_series_get_length(self->series) > 0) {
        given = find_extra(self, name, kind, error);
        if (given == NULL)
            return NULL;
    }
    column = kw_column_new(kind, NULL, 0);
    column->name = g_strdup_printf("extra('%s')", name);
    column->run = run_extra;
    if (kind == KW_COLUMN_LABEL)
        column->labels = g_strdupv((gchar **) no_label);
    (void) kw_frame_add(self, column, key);
    if (given != NULL)
        take_extra(column, given, kw_candle_extras_get_n_rows(self->extras));
    return column;
}

/* -- columns that are made elsewhere -- */

static void
run_outside(KwColumn *self, gsize from, gsize to)
{
    self->outside.compute(self->outside.data, self->series, from, to, self->numbers + from);
}

static void
clear_outside(KwColumn *self)
{
    if (self->outside.destroy != NULL)
        self->outside.destroy(self->outside.data);
}

KwColumn *
kw_frame_outside(
    KwFrame *self, const gchar *name, const KwOutside *outside, KwColumn *after, GError **error)
{
    KwColumn *column;

    g_return_val_if_fail(self != NULL && name != NULL && outside != NULL, NULL);

    column = g_hash_table_lookup(self->by_key, name);
    if (column != NULL || !kw_frame_check_room(self, error)) {
        if (outside->destroy != NULL)
            outside->destroy(outside->data);
        return column;
    }
    column = kw_column_new(KW_COLUMN_NUMBER, &after, after != NULL ? 1 : 0);
    column->name = g_strdup(name);
    column->outside = *outside;
    column->series = self->series;
    column->run = run_outside;
    column->clear = clear_outside;
    return kw_frame_add(self, column, name);
}

KwColumn *
kw_frame_constant(KwFrame *self, gdouble value, GError **error)
{
    gchar text[G_ASCII_DTOSTR_BUF_SIZE];
    KwColumn *column;

    g_return_val_if_fail(self != NULL, NULL);

    if (!isfinite(value)) {
        g_set_error_literal(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                            "a constant must be a finite number");
        return NULL;
    }
    kw_column_number_to_text(value, text);
    column = g_hash_table_lookup(self->by_key, text);
    if (column != NULL)
        return column;
    if (!kw_frame_check_room(self, error))
        return NULL;
    column = kw_column_new(KW_COLUMN_NUMBER, NULL, 0);
    column->name = g_strdup(text);
    column->constant = g_new(gdouble, KW_COLUMN_BLOCK);
    for (gsize i = 0; i < KW_COLUMN_BLOCK; i++)
        column->constant[i] = value;
    return kw_frame_add(self, column, text);
}

static gboolean
check_inputs(const KwOpInfo *info, KwColumn *const *inputs, GError **error)
{
    for (guint i = 0; i < info->n_inputs; i++) {
        if (inputs[i]->kind != info->input_kind) {
            g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                        "%s: input %u must be a %s column, but %s is a %s column", info->name,
                        i + 1, kind_to_string(info->input_kind), inputs[i]->name,
                        kind_to_string(inputs[i]->kind));
            return FALSE;
        }
        if (inputs[i]->constant != NULL && !info->takes_constants) {
            g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                        "%s: input %u must be a column, not the number %s", info->name, i + 1,
                        inputs[i]->name);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_params(const KwOpInfo *info, const gint *params, GError **error)
{
    for (guint i = 0; i < info->n_params; i++) {
        const KwOpParam *param = &info->params[i];

        if (params[i] < param->min || params[i] > param->max) {
            g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                        "%s: %s must be between %d and %d, but is %d", info->name, param->name,
                        param->min, param->max, params[i]);
            return FALSE;
        }
    }
    return TRUE;
}

/* Parameters as text; optional ones at the end that have their fallback are left out */
static GStrv
params_to_strv(const KwOpInfo *info, const gint *params)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    guint n = info->n_params;

    while (n > 1 && info->params[n - 1].is_optional &&
           params[n - 1] == info->params[n - 1].fallback)
        n--;
    for (guint i = 0; i < n; i++) {
        g_autofree gchar *text = g_strdup_printf("%d", params[i]);

        g_strv_builder_add(builder, text);
    }
    return g_strv_builder_end(builder);
}

/* Identity by the inputs' addresses: names could be shortened */
static gchar *
build_key(const gchar *name, const KwColumn *column, const gchar *const *more)
{
    GString *key = g_string_new(name);

    for (guint i = 0; i < column->n_inputs; i++)
        g_string_append_printf(key, " %p", (gpointer) column->inputs[i]);
    for (; *more != NULL; more++)
        g_string_append_printf(key, ",%s", *more);
    return g_string_free(key, FALSE);
}

KwColumn *
kw_frame_apply(
    KwFrame *self, KwOp op, KwColumn *const *inputs, const gint *params, GError **error)
{
    const KwOpInfo *info = kw_op_get_info(op);
    g_auto(GStrv) texts = NULL;
    g_autofree gchar *key = NULL;
    KwColumn *column, *known;

    g_return_val_if_fail(self != NULL && inputs != NULL && info != NULL, NULL);
    g_return_val_if_fail(params != NULL || info->n_params == 0, NULL);

    if (!check_inputs(info, inputs, error) || !check_params(info, params, error) ||
        !kw_frame_check_room(self, error))
        return NULL;

    column = kw_column_new(info->kind, inputs, info->n_inputs);
    for (guint i = 0; i < info->n_params; i++)
        column->params[i] = params[i];
    texts = params_to_strv(info, params);
    key = build_key(info->name, column, (const gchar *const *) texts);
    known = g_hash_table_lookup(self->by_key, key);
    if (known != NULL) {
        kw_column_free(column);
        return known;
    }
    column->name = kw_column_build_name(info->name, column, (const gchar *const *) texts);
    kw_op_prepare(op, column);
    return kw_frame_add(self, column, key);
}

/* -- pick -- */

static void
run_pick(KwColumn *self, gsize from, gsize to)
{
    guint8 *out = self->bytes + from;

    memset(out, (gint) self->n_inputs, to - from);
    for (guint c = self->n_inputs; c-- > 0;) {
        const guint8 *condition = self->inputs[c]->bytes + from;

        for (gsize i = 0; i < to - from; i++)
            out[i] = condition[i] != 0 ? (guint8) c : out[i];
    }
}

static gboolean
check_label(const gchar *label, GError **error)
{
    gsize length = label != NULL ? strlen(label) : 0;
    gboolean good = length > 0 && length <= MAX_LABEL_BYTES && g_utf8_validate(label, -1, NULL);

    for (const gchar *p = label; good && *p != '\0'; p = g_utf8_next_char(p))
        good = g_unichar_isprint(g_utf8_get_char(p));
    if (!good)
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "pick: a label must be 1 to %d printable bytes", MAX_LABEL_BYTES);
    return good;
}

static gboolean
check_cases(const KwPickCase *cases, gsize n_cases, const gchar *fallback, GError **error)
{
    if (n_cases == 0 || n_cases > KW_FRAME_MAX_LABELS) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT, "pick: needs 1 to %d cases",
                    KW_FRAME_MAX_LABELS);
        return FALSE;
    }
    for (gsize i = 0; i < n_cases; i++) {
        if (cases[i].condition->kind != KW_COLUMN_BOOL) {
            g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                        "pick: case %" G_GSIZE_FORMAT " must have a boolean column", i + 1);
            return FALSE;
        }
        if (!check_label(cases[i].label, error))
            return FALSE;
    }
    return check_label(fallback, error);
}

/* For the name, where a label must not look like a column */
static GStrv
quote_labels(const gchar *const *labels)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (; *labels != NULL; labels++) {
        g_autofree gchar *escaped = g_strescape(*labels, NULL);
        g_autofree gchar *quoted = g_strdup_printf("'%s'", escaped);

        g_strv_builder_add(builder, quoted);
    }
    return g_strv_builder_end(builder);
}

KwColumn *
kw_frame_pick(KwFrame *self,
              const KwPickCase *cases,
              gsize n_cases,
              const gchar *fallback,
              GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) labels = NULL;
    g_auto(GStrv) quoted = NULL;
    g_autofree gchar *key = NULL;
    KwColumn *inputs[KW_FRAME_MAX_LABELS];
    KwColumn *column, *known;

    g_return_val_if_fail(self != NULL, NULL);

    if (!check_cases(cases, n_cases, fallback, error) || !kw_frame_check_room(self, error))
        return NULL;
    for (gsize i = 0; i < n_cases; i++) {
        inputs[i] = cases[i].condition;
        g_strv_builder_add(builder, cases[i].label);
    }
    g_strv_builder_add(builder, fallback);
    labels = g_strv_builder_end(builder);

    column = kw_column_new(KW_COLUMN_LABEL, inputs, (guint) n_cases);
    quoted = quote_labels((const gchar *const *) labels);
    key = build_key("pick", column, (const gchar *const *) quoted);
    known = g_hash_table_lookup(self->by_key, key);
    if (known != NULL) {
        kw_column_free(column);
        return known;
    }
    column->name = kw_column_build_name("pick", column, (const gchar *const *) quoted);
    column->labels = g_steal_pointer(&labels);
    column->run = run_pick;
    return kw_frame_add(self, column, key);
}
