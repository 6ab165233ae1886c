/* kw-feature-matrix.c: a series through streams, split among threads by features
 *
 * Recurrences forbid a split by rows. Each thread has a stream of its own over its part of
 * the list and writes its part of every row; the shifts of a column stay together. The parts
 * are cut where they cost the same. More parts than threads, taken from a queue by whoever
 * is free, were measured: half as much time again went into cache lines of a row that two
 * processors wrote to.
 *
 * The memory is plain: large pages, as the frame wishes for them, were measured and took
 * three times as long to be cleared as they saved, where a virtual machine gives what it does
 * not use back to its host. */
#include "kw-feature-matrix.h"

#include "kw-feature-matrix-private.h"
#include "kw-feature-stream.h"

#include <string.h>

#define BLOCK 2048 /* rows pushed before they are taken */
#define MAX_THREADS 64

/* The part of a thread */
typedef struct {
    KwFeatureStream *stream; /* owned */
    const KwFeatureInput *input;
    guint n_others;
    gsize *n_pushed; /* owned; rows of the other pairs */
    gfloat *out;
    gsize stride;
} Part;

void
kw_feature_matrix_free(KwFeatureMatrix *self)
{
    if (self == NULL)
        return;
    g_free(self->hash);
    g_clear_pointer(&self->backing, g_bytes_unref);
    g_free(self->owned_times);
    g_free(self->owned_values);
    g_free(self);
}

static void
part_clear(Part *part)
{
    kw_feature_stream_free(part->stream);
    g_free(part->n_pushed);
}

/* -- one part -- */

/* Everything that the other pairs have opened up to @open_us: with the same timeframe it is
 * closed no later than the row that opens then */
static void
push_others(Part *part, gint64 open_us)
{
    for (guint i = 0; i < part->n_others; i++) {
        const KwSeries *series = part->input->others[i];
        const gint64 *times = kw_series_get_times(series);
        gsize n_rows = kw_series_get_length(series);

        gsize first = part->n_pushed[i], end = first;

        while (end < n_rows && times[end] <= open_us)
            end++;
        kw_feature_stream_push_rows(part->stream, i + 1, series, first, end);
        part->n_pushed[i] = end;
    }
}

static gpointer
run_part(gpointer data)
{
    Part *part = data;
    const KwSeries *series = part->input->series;
    gsize n_rows = kw_series_get_length(series);
    gsize row = 0;

    while (row < n_rows) {
        gsize end = MIN(row + BLOCK, n_rows);

        kw_feature_stream_push_rows(part->stream, 0, series, row, end);
        push_others(part, kw_series_get_times(series)[end - 1]);
        kw_feature_stream_take(part->stream, part->out + row * part->stride, part->stride);
        row = end;
    }
    return NULL;
}

/* -- parts of the list -- */

static gboolean
same_column(const KwFeatureList *list, guint a, guint b)
{
    const KwFeature *x = kw_feature_list_get_feature(list, a);
    const KwFeature *y = kw_feature_list_get_feature(list, b);

    return x->source == y->source && strcmp(x->column, y->column) == 0;
}

/* For each of @n parts its first feature, and the end of the last one */
static void
cut(const KwFeatureList *list, const guint *costs, guint n, guint *out_starts)
{
    guint n_features = kw_feature_list_get_n_features(list), part = 0;
    guint64 whole = 0, done = 0;

    for (guint i = 0; i < n_features; i++)
        whole += costs[i];
    for (guint i = 0; i < n_features; i++) {
        while (part < n && done * n >= whole * part && (i == 0 || !same_column(list, i - 1, i)))
            out_starts[part++] = i;
        done += costs[i];
    }
    while (part <= n)
        out_starts[part++] = n_features;
}

static gboolean
part_init(Part *part, KwFeatureList *list, const KwFeatureRange *range, GError **error)
{
    gint64 timeframe_us = kw_series_get_timeframe_us(part->input->series);

    part->n_others = kw_feature_list_get_n_pairs(list);
    part->n_pushed = g_new0(gsize, part->n_others);
    part->stride = kw_feature_list_get_n_features(list);
    part->stream = kw_feature_stream_new(list, timeframe_us, range, error);
    return part->stream != NULL;
}

static void
run_parts(Part *parts, guint n)
{
    GThread *threads[MAX_THREADS] = {NULL};

    for (guint i = 1; i < n; i++)
        threads[i] = g_thread_new("features", run_part, &parts[i]);
    run_part(&parts[0]);
    for (guint i = 1; i < n; i++)
        g_thread_join(threads[i]);
}

static gboolean
fill(KwFeatureMatrix *self, KwFeatureList *list, const KwFeatureInput *input, GError **error)
{
    guint n = MIN(CLAMP(input->n_threads, 1, MAX_THREADS), self->n_features);
    g_autofree Part *parts = g_new0(Part, n);
    g_autofree guint *costs = g_new0(guint, self->n_features);
    guint starts[MAX_THREADS + 1] = {0};
    gboolean is_good;

    is_good = kw_feature_stream_estimate(list, kw_series_get_timeframe_us(input->series), costs,
                                         error);
    if (is_good)
        cut(list, costs, n, starts);
    for (guint i = 0; i < n && is_good; i++) {
        KwFeatureRange range = {starts[i], starts[i + 1] - starts[i]};

        parts[i].input = input;
        parts[i].out = self->owned_values + range.first;
        is_good = part_init(&parts[i], list, &range, error);
    }
    if (is_good)
        run_parts(parts, n);
    for (guint i = 0; i < n; i++)
        part_clear(&parts[i]);
    return is_good;
}

/* -- the matrix -- */

static gboolean
check_input(const KwFeatureList *list, const KwFeatureInput *input, GError **error)
{
    gint64 timeframe_us = kw_series_get_timeframe_us(input->series);

    if (kw_series_get_length(input->series) == 0) {
        g_set_error_literal(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                            "features: there are no candles");
        return FALSE;
    }
    for (guint i = 0; i < kw_feature_list_get_n_pairs(list); i++) {
        if (input->others != NULL && input->others[i] != NULL &&
            kw_series_get_timeframe_us(input->others[i]) == timeframe_us)
            continue;
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "features: candles of %s with the same timeframe are needed",
                    kw_feature_list_get_pair(list, i));
        return FALSE;
    }
    return TRUE;
}

/* Room for the values, of @spent if it has enough. Returns: FALSE when there is none */
static gboolean
take_room(KwFeatureMatrix *self, KwFeatureMatrix *spent)
{
    gsize n = self->n_rows * self->n_features;

    if (spent != NULL && spent->owned_values != NULL && spent->capacity >= n) {
        self->owned_values = g_steal_pointer(&spent->owned_values);
        self->capacity = spent->capacity;
        return TRUE;
    }
    self->owned_values = g_try_new(gfloat, n);
    self->capacity = n;
    return self->owned_values != NULL;
}

KwFeatureMatrix *
kw_feature_matrix_compute(KwFeatureList *list, const KwFeatureInput *input, GError **error)
{
    g_autoptr(KwFeatureMatrix) self = NULL;
    g_autoptr(KwFeatureMatrix) spent = input->spent;

    g_return_val_if_fail(list != NULL && input != NULL && input->series != NULL, NULL);

    if (!check_input(list, input, error))
        return NULL;
    self = g_new0(KwFeatureMatrix, 1);
    self->n_rows = kw_series_get_length(input->series);
    self->n_features = kw_feature_list_get_n_features(list);
    self->hash = g_strdup(kw_feature_list_get_hash(list));
    self->owned_times =
        g_memdup2(kw_series_get_times(input->series), self->n_rows * sizeof *self->times);
    self->times = self->owned_times;
    if (!take_room(self, spent)) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT,
                    "features: no memory for %" G_GSIZE_FORMAT " rows of %u", self->n_rows,
                    self->n_features);
        return NULL;
    }
    self->values = self->owned_values;
    return fill(self, list, input, error) ? g_steal_pointer(&self) : NULL;
}

gsize
kw_feature_matrix_get_n_rows(const KwFeatureMatrix *self)
{
    return self->n_rows;
}

guint
kw_feature_matrix_get_n_features(const KwFeatureMatrix *self)
{
    return self->n_features;
}

const gfloat *
kw_feature_matrix_get_values(const KwFeatureMatrix *self)
{
    return self->values;
}

const gint64 *
kw_feature_matrix_get_times(const KwFeatureMatrix *self)
{
    return self->times;
}

const gchar *
kw_feature_matrix_get_hash(const KwFeatureMatrix *self)
{
    return self->hash;
}
