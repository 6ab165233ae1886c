/* kw-feature-stream.c: frames that are fed, read and cut back
 *
 * Each source of the list (a pair, or a longer timeframe of it) is a frame. Rows go into the
 * frames as they close, are read from all of them when the predicted pair's row is taken, and
 * leave once nothing looks back at them. A whole series goes through in blocks: what a
 * block needs stays in the cache, and one candle at a time is the same computation. Columns
 * as long as the series were the alternative; they make the way to memory and back twice.
 *
 * A row of a source counts from the time on at which it was closed. */
#include "kw-feature-stream.h"

#include "kw-column-private.h"
#include "kw-longer.h"

#include <math.h>
#include <string.h>

#define BLOCK 4096 /* rows that may gather before old ones are dropped */
#define TILE_ROWS 32

/* What was measured, in nanoseconds a row: a number put in its place, a column, and one that
 * reads a window on top */
#define NUMBER_COST 1
#define COLUMN_COST 2
#define WINDOW_COST 5

typedef struct {
    KwFeatureSource what;
    KwFrame *frame;  /* owned */
    KwLonger longer; /* puts candles together, unless they are the pair's own */
    gint64 timeframe_us;
    gsize max_shift;
    gsize n_seen; /* rows of the frame that the last row taken could see */
} Source;

/* A feature with the place where its values are */
typedef struct {
    guint source;
    gsize shift;
    KwColumn *column;
} Slot;

struct _KwFeatureStream {
    KwFeatureList *list; /* owned */
    gint64 timeframe_us;
    GArray *sources; /* of Source; the first is that of the predicted pair */
    GArray *slots;   /* of Slot, by source */
    gsize n_taken;   /* rows of the first frame that were taken */
    GArray *seen;    /* of gsize; for the rows of a tile of one source, then the next */
    KwTile tile;     /* a column for each slot */
};

static void
source_clear(gpointer data)
{
    Source *source = data;

    g_clear_pointer(&source->frame, kw_frame_free);
    kw_longer_clear(&source->longer);
}

void
kw_feature_stream_free(KwFeatureStream *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->sources);
    g_array_unref(self->slots);
    kw_feature_list_unref(self->list);
    g_array_unref(self->seen);
    kw_tile_clear(&self->tile);
    g_free(self);
}

static Source *
get_source(const KwFeatureStream *self, guint index)
{
    return &g_array_index(self->sources, Source, index);
}

/* -- building -- */

static gboolean
add_source(KwFeatureStream *self, const KwFeatureSource *what, GError **error)
{
    gint64 timeframe_us = what->timeframe_us > 0 ? what->timeframe_us : self->timeframe_us;
    Source source = {.what = *what, .timeframe_us = timeframe_us};

    if (what->timeframe_us > 0 &&
        (timeframe_us <= self->timeframe_us || timeframe_us % self->timeframe_us != 0)) {
        g_set_error_literal(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                            "a timeframe of the feature list is no multiple of the candles'");
        return FALSE;
    }
    source.frame = kw_frame_new(kw_series_new(timeframe_us));
    kw_longer_init(&source.longer, self->timeframe_us, timeframe_us);
    g_array_append_val(self->sources, source);
    return TRUE;
}

static gboolean
add_slot(KwFeatureStream *self, guint index, GError **error)
{
    const KwFeature *feature = kw_feature_list_get_feature(self->list, index);
    Source *source = get_source(self, feature->source);
    Slot slot = {.source = feature->source, .shift = feature->shift};

    slot.column = kw_indicator_apply(source->frame, feature->column,
                                     kw_feature_list_get_sessions(self->list), error);
    if (slot.column == NULL)
        return FALSE;
    source->max_shift = MAX(source->max_shift, slot.shift);
    g_array_append_val(self->slots, slot);
    return TRUE;
}

/* (transfer full): with the sources of @list and no slots */
static KwFeatureStream *
stream_new(KwFeatureList *list, gint64 timeframe_us, GError **error)
{
    g_autoptr(KwFeatureStream) self = g_new0(KwFeatureStream, 1);

    self->list = kw_feature_list_ref(list);
    self->timeframe_us = timeframe_us;
    self->sources = g_array_new(FALSE, FALSE, sizeof(Source));
    g_array_set_clear_func(self->sources, source_clear);
    self->slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    self->seen = g_array_new(FALSE, FALSE, sizeof(gsize));
    for (guint i = 0; i < kw_feature_list_get_n_sources(list); i++) {
        if (!add_source(self, kw_feature_list_get_source(list, i), error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

KwFeatureStream *
kw_feature_stream_new(KwFeatureList *list,
                      gint64 timeframe_us,
                      const KwFeatureRange *range,
                      GError **error)
{
    g_autoptr(KwFeatureStream) self = NULL;
    KwFeatureRange all = {0, kw_feature_list_get_n_features(list)};

    g_return_val_if_fail(list != NULL && timeframe_us > 0, NULL);

    if (range == NULL)
        range = &all;
    g_return_val_if_fail(range->first + range->n <= all.n, NULL);
    self = stream_new(list, timeframe_us, error);
    if (self == NULL)
        return NULL;
    for (guint i = 0; i < range->n; i++) {
        if (!add_slot(self, range->first + i, error))
            return NULL;
    }
    kw_tile_init(&self->tile, self->slots->len, TILE_ROWS);
    return g_steal_pointer(&self);
}

/* Cost of the columns from @first on */
static guint
estimate_columns(const KwFrame *frame, guint first)
{
    guint cost = 0;

    for (guint i = first; i < kw_frame_get_n_columns(frame); i++) {
        const KwColumn *column = kw_frame_get_column(frame, i);

        cost += COLUMN_COST + (column->lookback > 0 ? WINDOW_COST : 0);
    }
    return cost;
}

gboolean
kw_feature_stream_estimate(KwFeatureList *list, gint64 timeframe_us, guint *out, GError **error)
{
    g_autoptr(KwFeatureStream) self = NULL;

    g_return_val_if_fail(list != NULL && timeframe_us > 0 && out != NULL, FALSE);

    self = stream_new(list, timeframe_us, error);
    if (self == NULL)
        return FALSE;
    for (guint i = 0; i < kw_feature_list_get_n_features(list); i++) {
        const KwFrame *frame =
            get_source(self, kw_feature_list_get_feature(list, i)->source)->frame;
        guint n_before = kw_frame_get_n_columns(frame);

        if (!add_slot(self, i, error))
            return FALSE;
        out[i] = NUMBER_COST + estimate_columns(frame, n_before);
    }
    return TRUE;
}

/* -- feeding -- */

/* Timeframes that a pair has */
static guint
n_per_pair(const KwFeatureStream *self)
{
    return self->sources->len / (kw_feature_list_get_n_pairs(self->list) + 1);
}

static void
push_longer(KwFeatureStream *self, guint pair, const KwCandle *candle)
{
    guint per_pair = n_per_pair(self);

    for (guint i = 1; i < per_pair; i++) {
        Source *longer = get_source(self, pair * per_pair + i);

        kw_longer_push(&longer->longer, candle, longer->frame);
    }
}

static gboolean
is_on_grid(const KwFeatureStream *self, gint64 open_us)
{
    return open_us >= 0 && open_us % self->timeframe_us == 0;
}

gboolean
kw_feature_stream_push(KwFeatureStream *self, guint pair, const KwCandle *candle)
{
    g_return_val_if_fail(self != NULL && candle != NULL, FALSE);
    g_return_val_if_fail(pair <= kw_feature_list_get_n_pairs(self->list), FALSE);

    if (!is_on_grid(self, candle->open_us) ||
        !kw_frame_append(get_source(self, pair * n_per_pair(self))->frame, candle))
        return FALSE;
    push_longer(self, pair, candle);
    return TRUE;
}

/* Whether all rows went into the pair's own frame at once */
static gboolean
push_own_rows(KwFeatureStream *self, guint pair, const KwSeries *series, gsize first, gsize end)
{
    const gint64 *times = kw_series_get_times(series);

    for (gsize i = first; i < end; i++) {
        if (!is_on_grid(self, times[i]))
            return FALSE;
    }
    return kw_frame_append_rows(get_source(self, pair * n_per_pair(self))->frame, series, first,
                                end);
}

void
kw_feature_stream_push_rows(
    KwFeatureStream *self, guint pair, const KwSeries *series, gsize first, gsize end)
{
    gboolean is_pushed;

    g_return_if_fail(self != NULL && series != NULL);
    g_return_if_fail(pair <= kw_feature_list_get_n_pairs(self->list));
    g_return_if_fail(first <= end && end <= kw_series_get_length(series));

    is_pushed = push_own_rows(self, pair, series, first, end);
    if (is_pushed && n_per_pair(self) == 1)
        return;
    for (gsize i = first; i < end; i++) {
        KwCandle candle = kw_series_get(series, i);

        if (is_pushed)
            push_longer(self, pair, &candle);
        else
            (void) kw_feature_stream_push(self, pair, &candle);
    }
}

gsize
kw_feature_stream_get_n_waiting(const KwFeatureStream *self)
{
    return kw_frame_get_n_rows(get_source(self, 0)->frame) - self->n_taken;
}

/* -- taking -- */

/* All that closed up to the newest row is here, as kw_feature_stream_push() asks for. */
static void
close_due(KwFeatureStream *self)
{
    const KwSeries *own = kw_frame_get_series(get_source(self, 0)->frame);
    gint64 now_us =
        kw_series_get_times(own)[kw_series_get_length(own) - 1] + self->timeframe_us;

    for (guint s = 0; s < self->sources->len; s++)
        kw_longer_close_due(&get_source(self, s)->longer, now_us, get_source(self, s)->frame);
}

/* Rows of @source that are closed when rows @row.. of the predicted pair close, for a tile */
static void
find_seen(const KwFeatureStream *self, Source *source, gsize row, gsize n, gsize *out)
{
    const gint64 *times = kw_series_get_times(kw_frame_get_series(source->frame));
    const gint64 *own = kw_series_get_times(kw_frame_get_series(get_source(self, 0)->frame));
    gsize n_rows = kw_frame_get_n_rows(source->frame);

    for (gsize i = 0; i < n; i++) {
        gint64 now_us = own[row + i] + self->timeframe_us;

        while (source->n_seen < n_rows &&
               times[source->n_seen] + source->timeframe_us <= now_us)
            source->n_seen++;
        out[i] = source->n_seen;
    }
}

/* @n values of @slot for the rows of which @seen tells what they may see */
static void
fill_slot(const Slot *slot, const gsize *seen, gsize n, gfloat *out)
{
    const gdouble *numbers = kw_column_get_numbers(slot->column);
    const guint8 *bytes = kw_column_get_bytes(slot->column);
    gsize back = slot->shift + 1;

    for (gsize i = 0; i < n; i++) {
        out[i] = NAN;
        if (seen[i] < back)
            continue;
        if (bytes != NULL)
            out[i] = (gfloat) bytes[seen[i] - back];
        else
            kw_tile_narrow(numbers + (seen[i] - back), out + i, 1);
    }
}

/* Slots from @first on that show the same numbers of the pair's own candles, shifted so little
 * that a strip has them all; 0: not even the first */
static guint
count_shared(const KwFeatureStream *self, guint first, gsize n_seen)
{
    const Slot *slots = (const Slot *) self->slots->data;
    guint end = first;

    if (slots[first].source != 0 || n_seen <= KW_TILE_BACK ||
        kw_column_get_numbers(slots[first].column) == NULL)
        return 0;
    while (end < self->slots->len && slots[end].column == slots[first].column &&
           slots[end].shift <= KW_TILE_BACK)
        end++;
    return end - first;
}

/* The slots of one column of the pair's own candles, whose rows follow each other */
static void
fill_shared(const Slot *slots, guint n_slots, gsize n_seen, gsize n, KwTile *tile, guint column)
{
    gsize from = n_seen - 1 - KW_TILE_BACK;

    kw_tile_narrow(kw_column_get_numbers(slots->column) + from, kw_tile_get_strip(tile, column),
                   KW_TILE_BACK + n);
    for (guint i = 0; i < n_slots; i++)
        kw_tile_share(tile, column + i, column, slots[i].shift);
}

/* Rows @row.. of the predicted pair into the columns of @tile from @first on */
static void
fill_tile(KwFeatureStream *self, gsize row, gsize n, KwTile *tile, guint first)
{
    const Slot *slots = (const Slot *) self->slots->data;
    guint s = 0;

    g_array_set_size(self->seen, (guint) n * self->sources->len);
    for (guint i = 0; i < self->sources->len; i++)
        find_seen(self, get_source(self, i), row, n, &g_array_index(self->seen, gsize, i * n));
    while (s < self->slots->len) {
        const gsize *seen = &g_array_index(self->seen, gsize, slots[s].source * n);
        guint n_shared = count_shared(self, s, seen[0]);

        if (n_shared > 0)
            fill_shared(slots + s, n_shared, seen[0], n, tile, first + s);
        else
            fill_slot(&slots[s], seen, n, kw_tile_get_column(tile, first + s));
        s += MAX(n_shared, 1);
    }
}

/* Drops what nothing looks back at any more, once a block of it has gathered */
static void
trim_source(Source *source)
{
    gsize n_rows = kw_frame_get_n_rows(source->frame);
    gsize keep = n_rows - source->n_seen + source->max_shift + 1;

    keep = MAX(keep, kw_frame_get_lookback(source->frame));
    if (n_rows >= keep + BLOCK)
        source->n_seen -= kw_frame_trim(source->frame, keep);
}

/* Computes what waits. Returns: rows that wait */
static gsize
update(KwFeatureStream *self)
{
    if (kw_feature_stream_get_n_waiting(self) == 0)
        return 0;
    close_due(self);
    for (guint s = 0; s < self->sources->len; s++)
        kw_frame_update(get_source(self, s)->frame);
    return kw_feature_stream_get_n_waiting(self);
}

/* All that waited is taken. */
static void
finish(KwFeatureStream *self)
{
    for (guint s = 0; s < self->sources->len; s++)
        trim_source(get_source(self, s));
    self->n_taken = get_source(self, 0)->n_seen;
}

void
kw_feature_stream_take(KwFeatureStream *self, gfloat *out, gsize stride)
{
    gsize left, n;

    g_return_if_fail(self != NULL && out != NULL && stride >= self->slots->len);

    for (left = update(self); left > 0; left -= n) {
        n = MIN(left, TILE_ROWS);
        fill_tile(self, kw_frame_get_n_rows(get_source(self, 0)->frame) - left, n, &self->tile,
                  0);
        kw_tile_write(&self->tile, n, out, stride);
        out += n * stride;
    }
    finish(self);
}

void
kw_feature_stream_fill(KwFeatureStream *self, KwTile *tile, guint first)
{
    gsize n;

    g_return_if_fail(self != NULL && tile != NULL);
    g_return_if_fail(first + self->slots->len <= tile->n_columns);

    n = update(self);
    g_return_if_fail(n <= tile->n_rows);
    if (n > 0)
        fill_tile(self, self->n_taken, n, tile, first);
    finish(self);
}
