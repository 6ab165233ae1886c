/* kw-feature-matrix.c: a series through streams, split among threads by features
 *
 * Recurrences forbid a split by rows. Each thread has a stream of its own over its part of
 * the list; the shifts of a column stay together. The parts are cut where they cost the same.
 * Blocks of rows gather as columns; one that has the columns of all parts is turned into
 * rows by a thread that is ahead of the others, so small differences of the parts even out.
 * Each writing its part of the rows was measured: two processors that write to the same cache
 * lines cannot write past the caches, which takes a quarter off the whole.
 *
 * The memory is plain: large pages, as the frame wishes for them, were measured and took
 * three times as long to be cleared as they saved, where a virtual machine gives what it does
 * not use back to its host. */
#include "kw-feature-matrix.h"

#include "kw-feature-matrix-private.h"
#include "kw-feature-stream.h"

#include <string.h>

#define BLOCK 1024  /* rows pushed before they are taken */
#define MAX_AHEAD 4 /* blocks that a part may be computed before they are written */
#define MAX_THREADS 64

typedef struct _Work Work;

/* The part of a thread */
typedef struct {
    Work *work;              /* borrowed */
    KwFeatureStream *stream; /* owned */
    guint first;             /* feature */
    gsize *n_pushed;         /* owned; rows of the other pairs */
    gsize n_done;            /* blocks; guarded by the lock */
} Part;

/* What the threads share; the counts are guarded by the lock */
struct _Work {
    const KwFeatureInput *input;
    guint n_others;
    Part *parts; /* borrowed */
    guint n_parts;
    gfloat *out;
    gsize stride, n_rows, n_blocks;

    KwTile tiles[MAX_AHEAD]; /* block b is in the one at b % n_tiles */
    gboolean is_written[MAX_AHEAD];
    guint n_tiles;
    gsize n_claimed; /* blocks that somebody writes or has written */
    gsize n_free;    /* blocks that are written, as are all before them */
    GMutex lock;
    GCond changed;
};

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

/* -- one block -- */

/* Everything that the other pairs have opened up to @open_us: with the same timeframe it is
 * closed no later than the row that opens then */
static void
push_others(Part *part, gint64 open_us)
{
    for (guint i = 0; i < part->work->n_others; i++) {
        const KwSeries *series = part->work->input->others[i];
        const gint64 *times = kw_series_get_times(series);
        gsize n_rows = kw_series_get_length(series);

        gsize first = part->n_pushed[i], end = first;

        while (end < n_rows && times[end] <= open_us)
            end++;
        kw_feature_stream_push_rows(part->stream, i + 1, series, first, end);
        part->n_pushed[i] = end;
    }
}

static gsize
end_of(const Work *work, gsize block)
{
    return MIN((block + 1) * BLOCK, work->n_rows);
}

static void
compute_block(Part *part, gsize block)
{
    Work *work = part->work;
    const KwSeries *series = work->input->series;
    gsize end = end_of(work, block);

    kw_feature_stream_push_rows(part->stream, 0, series, block * BLOCK, end);
    push_others(part, kw_series_get_times(series)[end - 1]);
    kw_feature_stream_fill(part->stream, &work->tiles[block % work->n_tiles], part->first);
}

static void
write_block(Work *work, gsize block)
{
    kw_tile_write(&work->tiles[block % work->n_tiles], end_of(work, block) - block * BLOCK,
                  work->out + block * BLOCK * work->stride, work->stride);
}

/* -- who does what -- */

typedef enum {
    STEP_COMPUTE, /* the next block of the own part */
    STEP_WRITE,   /* the next block that all parts have computed */
    STEP_WAIT,
    STEP_END,
} Step;

static Step
choose(const Work *work, const Part *part)
{
    gsize n_complete = work->n_blocks;
    gboolean may_compute =
        part->n_done < work->n_blocks && part->n_done < work->n_free + work->n_tiles;

    for (guint i = 0; i < work->n_parts; i++)
        n_complete = MIN(n_complete, work->parts[i].n_done);
    if (work->n_claimed < n_complete && (!may_compute || part->n_done > n_complete))
        return STEP_WRITE;
    if (may_compute)
        return STEP_COMPUTE;
    return work->n_claimed < work->n_blocks ? STEP_WAIT : STEP_END;
}

/* Tiles are used again in the order of their blocks. */
static void
give_back(Work *work, gsize block)
{
    work->is_written[block % work->n_tiles] = TRUE;
    while (work->n_free < work->n_claimed && work->is_written[work->n_free % work->n_tiles])
        work->is_written[work->n_free++ % work->n_tiles] = FALSE;
}

static gpointer
run_part(gpointer data)
{
    Part *part = data;
    Work *work = part->work;
    Step step;

    g_mutex_lock(&work->lock);
    while ((step = choose(work, part)) != STEP_END) {
        gsize block = step == STEP_WRITE ? work->n_claimed++ : part->n_done;

        if (step == STEP_WAIT) {
            g_cond_wait(&work->changed, &work->lock);
            continue;
        }
        g_mutex_unlock(&work->lock);
        if (step == STEP_WRITE)
            write_block(work, block);
        else
            compute_block(part, block);
        g_mutex_lock(&work->lock);
        if (step == STEP_WRITE)
            give_back(work, block);
        else
            part->n_done++;
        g_cond_broadcast(&work->changed);
    }
    g_mutex_unlock(&work->lock);
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
part_init(
    Part *part, Work *work, KwFeatureList *list, const KwFeatureRange *range, GError **error)
{
    *part = (Part){.work = work, .first = range->first};
    part->n_pushed = g_new0(gsize, work->n_others);
    part->stream = kw_feature_stream_new(list, kw_series_get_timeframe_us(work->input->series),
                                         range, error);
    return part->stream != NULL;
}

static void
run_parts(Work *work)
{
    GThread *threads[MAX_THREADS] = {NULL};

    work->n_tiles = work->n_parts > 1 ? MAX_AHEAD : 1;
    for (guint i = 0; i < work->n_tiles; i++)
        kw_tile_init(&work->tiles[i], work->stride, BLOCK);
    g_mutex_init(&work->lock);
    g_cond_init(&work->changed);
    for (guint i = 1; i < work->n_parts; i++)
        threads[i] = g_thread_new("features", run_part, &work->parts[i]);
    run_part(&work->parts[0]);
    for (guint i = 1; i < work->n_parts; i++)
        g_thread_join(threads[i]);
    g_cond_clear(&work->changed);
    g_mutex_clear(&work->lock);
    for (guint i = 0; i < work->n_tiles; i++)
        kw_tile_clear(&work->tiles[i]);
}

static gboolean
fill(KwFeatureMatrix *self, KwFeatureList *list, const KwFeatureInput *input, GError **error)
{
    guint n = MIN(CLAMP(input->n_threads, 1, MAX_THREADS), self->n_features);
    g_autofree Part *parts = g_new0(Part, n);
    g_autofree guint *costs = g_new0(guint, self->n_features);
    guint starts[MAX_THREADS + 1] = {0};
    Work work = {.input = input,
                 .n_others = kw_feature_list_get_n_pairs(list),
                 .parts = parts,
                 .n_parts = n,
                 .out = self->owned_values,
                 .stride = self->n_features,
                 .n_rows = self->n_rows,
                 .n_blocks = (self->n_rows + BLOCK - 1) / BLOCK};
    gboolean is_good;

    is_good = kw_feature_stream_estimate(list, kw_series_get_timeframe_us(input->series), costs,
                                         error);
    if (is_good)
        cut(list, costs, n, starts);
    for (guint i = 0; i < n && is_good; i++) {
        KwFeatureRange range = {starts[i], starts[i + 1] - starts[i]};

        is_good = part_init(&parts[i], &work, list, &range, error);
    }
    if (is_good)
        run_parts(&work);
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

/* Room for times and values, of @spent if it has enough. Returns: FALSE when there is none */
static gboolean
take_room(KwFeatureMatrix *self, KwFeatureMatrix *spent)
{
    gsize n = self->n_rows * self->n_features;

    if (spent != NULL && spent->owned_times != NULL && spent->n_rows >= self->n_rows)
        self->owned_times = g_steal_pointer(&spent->owned_times);
    else
        self->owned_times = g_try_new(gint64, self->n_rows);
    if (spent != NULL && spent->owned_values != NULL && spent->capacity >= n) {
        self->owned_values = g_steal_pointer(&spent->owned_values);
        self->capacity = spent->capacity;
    } else {
        self->owned_values = g_try_new(gfloat, n);
        self->capacity = n;
    }
    return self->owned_times != NULL && self->owned_values != NULL;
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
    if (!take_room(self, spent)) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT,
                    "features: no memory for %" G_GSIZE_FORMAT " rows of %u", self->n_rows,
                    self->n_features);
        return NULL;
    }
    memcpy(self->owned_times, kw_series_get_times(input->series),
           self->n_rows * sizeof *self->owned_times);
    self->times = self->owned_times;
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
