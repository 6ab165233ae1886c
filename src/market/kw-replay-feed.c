/* kw-replay-feed.c: a merge over sorted series, driven by the clock
 *
 * Each pair has a cursor into its series; the next batch is all rows at the smallest opening
 * under the cursors. Nothing is copied ahead and nothing is allocated per row, so a batch
 * costs one GTask. The batch is filled when it is due, not when it is asked for, so a
 * cancelled call loses no row.
 *
 * GTask itself defers a result that is returned in the iteration of its start; so a batch
 * whose time has passed already needs no idle source of our own. */
#define G_LOG_DOMAIN "kw-market"

#include "kw-replay-feed.h"

#include "kw-error.h"
#include "kw-feed-wait.h"

#include <string.h>

typedef struct {
    KwPair pair;
    KwSeries *series; /* owned */
    gsize cursor;     /* next row to be given out */
} Track;

struct _KwReplayFeed {
    GObject parent_instance;

    KwClock *clock; /* owned */
    Track *tracks;  /* owned, by name */
    guint n_tracks;
    gint64 timeframe_us;
    gint64 from_us, to_us; /* openings that are given out: from <= open < to */
    gboolean synthetic;
    gchar *hash;     /* owned; NULL until asked for */
    KwFeedWait wait; /* for the clock */
    guint timer;     /* 0 when none */
    KwFeedBatch batch;
};

static void replay_feed_iface_init(KwFeedInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwReplayFeed,
                              kw_replay_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, replay_feed_iface_init))

/* -- cursors -- */

/* Opening of the next batch; G_MAXINT64 at the end */
static gint64
next_open_us(const KwReplayFeed *self)
{
    gint64 next_us = G_MAXINT64;

    for (guint i = 0; i < self->n_tracks; i++) {
        const Track *track = &self->tracks[i];

        if (track->cursor < kw_series_get_length(track->series))
            next_us = MIN(next_us, kw_series_get_times(track->series)[track->cursor]);
    }
    return next_us < self->to_us ? next_us : G_MAXINT64;
}

static void
fill_batch(KwReplayFeed *self, gint64 open_us)
{
    KwFeedBatch *batch = &self->batch;

    batch->close_us = open_us + self->timeframe_us;
    batch->n_rows = 0;
    for (guint i = 0; i < self->n_tracks; i++) {
        Track *track = &self->tracks[i];
        KwFeedRow *row = &batch->rows[batch->n_rows];

        if (track->cursor == kw_series_get_length(track->series) ||
            kw_series_get_times(track->series)[track->cursor] != open_us)
            continue;
        row->pair_index = i;
        row->candle = kw_series_get(track->series, track->cursor);
        track->cursor++;
        batch->n_rows++;
    }
}

/* The next row of every pair will be the first one that opens at or after @open_us. */
static void
move_cursors(KwReplayFeed *self, gint64 open_us)
{
    for (guint i = 0; i < self->n_tracks; i++)
        self->tracks[i].cursor =
            kw_series_find(self->tracks[i].series, MAX(open_us, self->from_us));
}

/* First opening whose candle closes after @time_us */
static gint64
open_of_close_after(const KwReplayFeed *self, gint64 time_us)
{
    if (time_us < G_MININT64 + self->timeframe_us)
        return G_MININT64;
    if (time_us == G_MAXINT64)
        return G_MAXINT64;
    return time_us - self->timeframe_us + 1;
}

/* -- identity -- */

static void
hash_words(GChecksum *sum, gconstpointer words, gsize n_words)
{
    guint64 block[256];

    while (n_words > 0) {
        gsize n = MIN(n_words, G_N_ELEMENTS(block));

        memcpy(block, words, n * sizeof *block);
        for (gsize i = 0; i < n; i++)
            block[i] = GUINT64_TO_LE(block[i]);
        g_checksum_update(sum, (const guchar *) block, (gssize) (n * sizeof *block));
        words = (const guint64 *) words + n;
        n_words -= n;
    }
}

static gchar *
compute_hash(const KwReplayFeed *self)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    hash_words(sum, &self->timeframe_us, 1);
    for (guint i = 0; i < self->n_tracks; i++) {
        const KwSeries *series = self->tracks[i].series;
        guint64 n_rows = kw_series_get_length(series);
        const gdouble *fields[] = {kw_series_get_opens(series), kw_series_get_highs(series),
                                   kw_series_get_lows(series), kw_series_get_closes(series),
                                   kw_series_get_volumes(series)};

        g_checksum_update(sum, (const guchar *) self->tracks[i].pair.name, KW_PAIR_NAME_SIZE);
        hash_words(sum, &n_rows, 1);
        hash_words(sum, kw_series_get_times(series), n_rows);
        for (gsize f = 0; f < G_N_ELEMENTS(fields); f++)
            hash_words(sum, fields[f], n_rows);
    }
    return g_strdup(g_checksum_get_string(sum));
}

/* -- the port -- */

static guint
replay_feed_get_n_pairs(KwFeed *feed)
{
    return KW_REPLAY_FEED(feed)->n_tracks;
}

static const KwPair *
replay_feed_get_pair(KwFeed *feed, guint index)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);

    g_return_val_if_fail(index < self->n_tracks, NULL);

    return &self->tracks[index].pair;
}

static gint64
replay_feed_get_timeframe_us(KwFeed *feed)
{
    return KW_REPLAY_FEED(feed)->timeframe_us;
}

static gboolean
replay_feed_get_synthetic(KwFeed *feed)
{
    return KW_REPLAY_FEED(feed)->synthetic;
}

static const gchar *
replay_feed_get_dataset_hash(KwFeed *feed)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);

    if (self->hash == NULL)
        self->hash = compute_hash(self);
    return self->hash;
}

static void
replay_feed_load_history(
    KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);

    g_return_if_fail(index < self->n_tracks);

    (void) kw_series_append_history(out, self->tracks[index].series, until_us, max_rows);
}

static void
replay_feed_seek(KwFeed *feed, gint64 after_us)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);

    g_return_if_fail(!kw_feed_wait_is_on(&self->wait));

    move_cursors(self, open_of_close_after(self, after_us));
}

/* -- next batch -- */

static void
on_due(gpointer user_data)
{
    KwReplayFeed *self = user_data;

    self->timer = 0;
    fill_batch(self, next_open_us(self));
    kw_feed_wait_end(&self->wait);
}

static void
drop_timer(gpointer feed)
{
    KwReplayFeed *self = feed;

    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

static void
wait_until(KwReplayFeed *self, GTask *task, gint64 close_us)
{
    self->timer = kw_clock_call_at(self->clock, close_us, on_due, self);
    kw_feed_wait_begin(&self->wait, task);
}

static void
replay_feed_next_async(KwFeed *feed,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);
    g_autoptr(GTask) task =
        kw_feed_wait_task_new(self, cancellable, callback, user_data, replay_feed_next_async);
    gint64 open_us;

    if (task == NULL)
        return;
    g_return_if_fail(!kw_feed_wait_is_on(&self->wait));

    open_us = next_open_us(self);
    if (open_us == G_MAXINT64) {
        g_task_return_boolean(task, FALSE);
        return;
    }
    if (open_us + self->timeframe_us > kw_clock_now_us(self->clock)) {
        wait_until(self, task, open_us + self->timeframe_us);
        return;
    }
    fill_batch(self, open_us);
    g_task_return_boolean(task, TRUE);
}

static const KwFeedBatch *
replay_feed_next_finish(KwFeed *feed, GAsyncResult *result, GError **error)
{
    KwReplayFeed *self = KW_REPLAY_FEED(feed);

    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_boolean(G_TASK(result), error) ? &self->batch : NULL;
}

static void
replay_feed_iface_init(KwFeedInterface *iface)
{
    iface->get_n_pairs = replay_feed_get_n_pairs;
    iface->get_pair = replay_feed_get_pair;
    iface->get_timeframe_us = replay_feed_get_timeframe_us;
    iface->get_synthetic = replay_feed_get_synthetic;
    iface->get_dataset_hash = replay_feed_get_dataset_hash;
    iface->load_history = replay_feed_load_history;
    iface->seek = replay_feed_seek;
    iface->next_async = replay_feed_next_async;
    iface->next_finish = replay_feed_next_finish;
}

/* -- life -- */

static void
kw_replay_feed_finalize(GObject *object)
{
    KwReplayFeed *self = KW_REPLAY_FEED(object);

    for (guint i = 0; i < self->n_tracks; i++)
        kw_series_free(self->tracks[i].series);
    g_clear_pointer(&self->tracks, g_free);
    g_clear_pointer(&self->hash, g_free);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_replay_feed_parent_class)->finalize(object);
}

static void
kw_replay_feed_class_init(KwReplayFeedClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_replay_feed_finalize;
}

static void
kw_replay_feed_init(KwReplayFeed *self)
{
    self->wait.over = drop_timer;
    self->from_us = G_MININT64;
    self->to_us = G_MAXINT64;
}

static gint
compare_tracks(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Track *) a)->pair.name, ((const Track *) b)->pair.name);
}

static gboolean
check_pairs(const KwReplayPair *pairs, guint n_pairs, GError **error)
{
    gint64 timeframe_us = kw_series_get_timeframe_us(pairs[0].series);

    for (guint i = 0; i < n_pairs; i++) {
        if (kw_series_get_timeframe_us(pairs[i].series) != timeframe_us) {
            g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        "%s has another timeframe than %s", pairs[i].pair.name,
                        pairs[0].pair.name);
            return FALSE;
        }
        for (guint k = 0; k < i; k++) {
            if (strcmp(pairs[i].pair.name, pairs[k].pair.name) == 0) {
                g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT, "%s is there twice",
                            pairs[i].pair.name);
                return FALSE;
            }
        }
    }
    return TRUE;
}

KwReplayFeed *
kw_replay_feed_new(KwClock *clock, KwReplayPair *pairs, guint n_pairs, GError **error)
{
    KwReplayFeed *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);
    g_return_val_if_fail(pairs != NULL && n_pairs > 0 && n_pairs <= KW_FEED_MAX_PAIRS, NULL);

    if (!check_pairs(pairs, n_pairs, error))
        return NULL;

    self = g_object_new(KW_TYPE_REPLAY_FEED, NULL);
    self->clock = g_object_ref(clock);
    self->timeframe_us = kw_series_get_timeframe_us(pairs[0].series);
    self->tracks = g_new0(Track, n_pairs);
    self->n_tracks = n_pairs;
    for (guint i = 0; i < n_pairs; i++) {
        self->tracks[i].pair = pairs[i].pair;
        self->tracks[i].series = g_steal_pointer(&pairs[i].series);
        self->synthetic = self->synthetic || pairs[i].synthetic;
    }
    qsort(self->tracks, n_pairs, sizeof *self->tracks, compare_tracks);
    return self;
}

void
kw_replay_feed_set_range(KwReplayFeed *self, gint64 from_us, gint64 to_us)
{
    g_return_if_fail(KW_IS_REPLAY_FEED(self));
    g_return_if_fail(!kw_feed_wait_is_on(&self->wait));

    self->from_us = from_us;
    self->to_us = to_us;
    move_cursors(self, from_us);
}

gint64
kw_replay_feed_get_first_us(KwReplayFeed *self)
{
    gint64 first_us = G_MAXINT64;

    g_return_val_if_fail(KW_IS_REPLAY_FEED(self), 0);

    for (guint i = 0; i < self->n_tracks; i++) {
        if (kw_series_get_length(self->tracks[i].series) > 0)
            first_us = MIN(first_us, kw_series_get_times(self->tracks[i].series)[0]);
    }
    return first_us == G_MAXINT64 ? 0 : first_us;
}

gint64
kw_replay_feed_get_last_us(KwReplayFeed *self)
{
    gint64 last_us = 0;

    g_return_val_if_fail(KW_IS_REPLAY_FEED(self), 0);

    for (guint i = 0; i < self->n_tracks; i++) {
        const KwSeries *series = self->tracks[i].series;
        gsize length = kw_series_get_length(series);

        if (length > 0)
            last_us = MAX(last_us, kw_series_get_times(series)[length - 1]);
    }
    return last_us;
}

gint64
kw_replay_feed_get_next_close_us(KwReplayFeed *self)
{
    gint64 open_us;

    g_return_val_if_fail(KW_IS_REPLAY_FEED(self), G_MAXINT64);

    open_us = next_open_us(self);
    return open_us == G_MAXINT64 ? G_MAXINT64 : open_us + self->timeframe_us;
}
