/* kw-kraken-feed.c: a candle is closed by the clock and confirmed over REST
 *
 * The stream sends a candle when somebody trades, never says that it is closed, and sends
 * nothing for an interval without trades. So the clock decides: two seconds behind the end of
 * an interval (in the exchange's time) REST is asked for the candles of each pair, which has
 * silent intervals as well. A candle that REST does not tell in time is taken from the stream,
 * if that was heard all along; else the batch waits: what is not known is not made up.
 *
 *   opening:  Time, Assets, AssetPairs, OHLC of each pair, stream
 *   each interval:  clock -> OHLC of each pair -> (again, or the stream's candle) -> batch
 *
 * A batch goes when all pairs have the candle; after a while without those that have none, so
 * that one pair that is halted does not stop the others. After an outage the intervals that
 * were missed follow one by one; those that OHLC does not reach back to are made of trades. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-feed.h"

#include "kw-error.h"
#include "kw-feed-wait.h"
#include "kw-kraken-directory.h"
#include "kw-kraken-refill.h"
#include "kw-kraken-track.h"
#include "kw-log.h"

#include <string.h>

#define GRACE_US (2 * G_USEC_PER_SEC)
#define AGAIN_US (3 * G_USEC_PER_SEC)
#define MAX_ASKS 4 /* of one interval, then the stream is taken */
#define MIN_LACKS 2
#define PATIENCE_US (40 * G_USEC_PER_SEC) /* for pairs that have no candle */
#define LOOK_US (5 * G_USEC_PER_SEC)      /* whether the clock goes as it did */
#define STEP_US (2 * G_USEC_PER_SEC)      /* no slewing of a clock adds up to that in an hour */
#define SYNC_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

typedef struct {
    KwPair pair;
    gchar alt[KW_KRAKEN_NAME_SIZE];
    KwKrakenTrack *candles; /* owned */
    gboolean is_asked;      /* an answer is under way */
    guint n_asks;           /* for the interval under way */
    guint n_lacks;          /* answers that had no candle for the next batch */
    gboolean is_refilled;   /* it was tried; what is missing still stays missing */
} Track;

struct _KwKrakenFeed {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwKraken *kraken;       /* owned */
    KwKrakenPairs *pairs;   /* owned; NULL before the opening */
    KwKrakenQuotes *quotes; /* owned; NULL before the opening */
    GStrv symbols;          /* owned: names of the pairs */
    gchar *ws_url, *user_agent, *ca_file;
    gint64 timeframe_us;
    GPtrArray *tracks;    /* owned: Track */
    GCancellable *cancel; /* owned: of our own calls */
    GTask *opening;       /* owned */
    guint n_open_waits;
    guint timer;       /* of the next close, or of asking again */
    guint clock_timer; /* of the next look at the clock */
    gboolean is_syncing;
    gint64 synced_us;     /* monotonic */
    gint64 synced_gap_us; /* wall clock less monotonic time, then */
    gint64 next_open_us;  /* of the next batch */
    KwFeedWait wait;
    KwFeedBatch batch;
    KwKrakenFeedCounts counts;
};

enum { SIGNAL_STATE, SIGNAL_REVISED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void iface_init(KwFeedInterface *iface);
static void step(KwKrakenFeed *self);
static void go_live(KwKrakenFeed *self);
static void ask_candles(KwKrakenFeed *self, guint index);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwKrakenFeed,
                              kw_kraken_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, iface_init))

static void
track_free(gpointer data)
{
    Track *track = data;

    kw_kraken_track_free(track->candles);
    g_free(track);
}

static Track *
track_at(const KwKrakenFeed *self, guint index)
{
    return self->tracks->pdata[index];
}

/* -- intervals -- */

/* Opening of the newest interval that has ended */
static gint64
last_ended_us(const KwKrakenFeed *self)
{
    gint64 now_us = kw_kraken_get_server_us(self->kraken);

    return (now_us / self->timeframe_us - 1) * self->timeframe_us;
}

/* -- the batch -- */

static void
fill_batch(KwKrakenFeed *self)
{
    self->batch.close_us = self->next_open_us + self->timeframe_us;
    self->batch.n_rows = 0;
    for (guint i = 0; i < self->tracks->len; i++) {
        const KwSeries *series = kw_kraken_track_get_series(track_at(self, i)->candles);
        KwFeedRow *row = &self->batch.rows[self->batch.n_rows];

        if (!kw_kraken_track_has(track_at(self, i)->candles, self->next_open_us))
            continue;
        row->pair_index = i;
        row->candle = kw_series_get(series, kw_series_find(series, self->next_open_us));
        self->batch.n_rows++;
    }
    self->next_open_us += self->timeframe_us;
    for (guint i = 0; i < self->tracks->len; i++)
        kw_kraken_track_forget(track_at(self, i)->candles, self->next_open_us);
}

static guint
count_ready(const KwKrakenFeed *self)
{
    guint n = 0;

    for (guint i = 0; i < self->tracks->len; i++)
        n += kw_kraken_track_has(track_at(self, i)->candles, self->next_open_us);
    return n;
}

/* Intervals that nobody knows any more (a restart after a long outage) are stepped over. */
static void
skip_unknown(KwKrakenFeed *self)
{
    gint64 first_us = G_MAXINT64;

    if (count_ready(self) > 0)
        return;
    for (guint i = 0; i < self->tracks->len; i++) {
        const KwSeries *series = kw_kraken_track_get_series(track_at(self, i)->candles);
        gsize row = kw_series_find(series, self->next_open_us);

        if (row < kw_series_get_length(series))
            first_us = MIN(first_us, kw_series_get_times(series)[row]);
    }
    if (first_us != G_MAXINT64)
        self->next_open_us = first_us;
}

/* The exchange has answered, and more than once, that there is no such candle. */
static gboolean
are_others_lacking(const KwKrakenFeed *self)
{
    for (guint i = 0; i < self->tracks->len; i++) {
        if (!kw_kraken_track_has(track_at(self, i)->candles, self->next_open_us) &&
            track_at(self, i)->n_lacks < MIN_LACKS)
            return FALSE;
    }
    return TRUE;
}

static gboolean
may_go(KwKrakenFeed *self)
{
    guint n_ready;
    gint64 age_us;

    skip_unknown(self);
    n_ready = count_ready(self);
    age_us = kw_kraken_get_server_us(self->kraken) - self->next_open_us - self->timeframe_us;
    return n_ready == self->tracks->len ||
           (n_ready > 0 && age_us > PATIENCE_US && are_others_lacking(self));
}

static void
deliver(KwKrakenFeed *self)
{
    if (!kw_feed_wait_is_on(&self->wait) || !may_go(self))
        return;
    fill_batch(self);
    kw_feed_wait_end(&self->wait);
}

/* -- asking REST -- */

static void
end_opening(KwKrakenFeed *self, GError *error)
{
    g_autoptr(GTask) task = g_steal_pointer(&self->opening);

    if (task == NULL) {
        g_clear_error(&error);
        return;
    }
    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

typedef struct {
    KwKrakenFeed *feed; /* owned reference */
    guint index;
} Ask;

static void
take_candles(KwKrakenFeed *self, guint index, const GArray *candles)
{
    Track *track = track_at(self, index);
    gint64 emitted_us = self->next_open_us - self->timeframe_us;
    gint64 before_us = kw_kraken_track_get_last_us(track->candles);
    guint n_changed = 0, n_new;

    n_new = kw_kraken_track_merge(track->candles, candles, last_ended_us(self), &n_changed);
    self->counts.n_confirmed += n_new;
    self->counts.n_revised += n_changed;
    if (kw_kraken_track_has(track->candles, self->next_open_us))
        track->n_lacks = 0;
    if (n_new > 0 && before_us < emitted_us && self->n_open_waits == 0)
        self->counts.n_late += n_new;
    if (n_changed > 0)
        g_signal_emit(self, signals[SIGNAL_REVISED], 0, index,
                      kw_kraken_track_get_last_us(track->candles));
}

static void
on_ohlc(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Ask *ask = user_data;
    g_autoptr(KwKrakenFeed) self = ask->feed;
    g_auto(KwKrakenAnswer) answer = {0};
    g_autoptr(GArray) candles = NULL;
    g_autoptr(GError) error = NULL;
    JsonObject *object = NULL;
    gint64 last_us = 0;

    if (kw_kraken_finish(KW_KRAKEN(source), result, &answer, &error))
        object = kw_kraken_answer_get_object(&answer, &error);
    if (object != NULL)
        candles = kw_kraken_parse_ohlc(object, &last_us, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        end_opening(self, g_steal_pointer(&error));
        return;
    }
    track_at(self, ask->index)->is_asked = FALSE;
    track_at(self, ask->index)->n_lacks += error == NULL || error->domain == KW_KRAKEN_ERROR;
    if (candles != NULL)
        take_candles(self, ask->index, candles);
    else
        kw_log_info("candles were not told", "KW_PAIR", track_at(self, ask->index)->pair.name,
                    "KW_ERROR", error->message);
    if (self->n_open_waits == 0)
        step(self);
    else if (error != NULL)
        end_opening(self, g_steal_pointer(&error));
    else if (--self->n_open_waits == 0)
        go_live(self);
}

static void
on_refilled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Ask *ask = user_data;
    g_autoptr(KwKrakenFeed) self = ask->feed;
    g_autoptr(GError) error = NULL;

    if (!kw_kraken_refill_finish(KW_KRAKEN(source), result, &error))
        kw_log_warning("older candles stay missing", "KW_ERROR", error->message);
    if (g_cancellable_is_cancelled(self->cancel))
        end_opening(self, g_steal_pointer(&error));
    else
        ask_candles(self, ask->index);
}

/* Some rows before the newest known one come again: a finished candle may still change. */
static void
ask_candles(KwKrakenFeed *self, guint index)
{
    Track *track = track_at(self, index);
    gint64 last_us = kw_kraken_track_get_last_us(track->candles);
    Ask *ask = g_new(Ask, 1);
    g_autofree gchar *query = NULL;

    *ask = (Ask){g_object_ref(self), index};
    track->is_asked = TRUE;
    track->is_refilled = !track->is_refilled && /* the next outage has its own try */
                         kw_kraken_refill_is_due(track->candles, last_ended_us(self));
    if (track->is_refilled) {
        kw_kraken_refill_async(self->kraken, track->alt, track->candles, last_ended_us(self),
                               self->cancel, on_refilled, ask);
        return;
    }
    track->n_asks++;
    query = g_strdup_printf(
        "pair=%s&interval=%d&since=%" G_GINT64_FORMAT, track->alt,
        (gint) (self->timeframe_us / 60 / G_USEC_PER_SEC),
        last_us == G_MININT64 ? 0 : (last_us - 3 * self->timeframe_us) / G_USEC_PER_SEC);
    kw_kraken_get_async(self->kraken, "OHLC", query, self->cancel, on_ohlc, ask);
}

/* -- the clock -- */

static void
close_from_stream(KwKrakenFeed *self, Track *track, gint64 until_us)
{
    gint64 open_us = kw_kraken_track_get_last_us(track->candles) + self->timeframe_us;

    for (; open_us <= until_us; open_us += self->timeframe_us) {
        gint64 span_us = kw_kraken_get_server_us(self->kraken) - open_us;
        KwKrakenCloseKind kind;

        if (!kw_kraken_quotes_is_whole(self->quotes, span_us))
            return;
        kind = kw_kraken_track_close(track->candles, open_us);
        if (kind == KW_KRAKEN_CLOSE_NONE)
            return;
        self->counts.n_streamed += kind == KW_KRAKEN_CLOSE_BAR;
        self->counts.n_flat += kind == KW_KRAKEN_CLOSE_FLAT;
    }
}

static void
on_timer(gpointer user_data)
{
    KwKrakenFeed *self = user_data;

    self->timer = 0;
    for (guint i = 0; i < self->tracks->len; i++) {
        Track *track = track_at(self, i);

        if (track->is_asked)
            continue;
        if (kw_kraken_track_get_last_us(track->candles) >= last_ended_us(self))
            track->n_asks = 0;
        else if (track->n_asks >= MAX_ASKS)
            close_from_stream(self, track, last_ended_us(self));
        if (kw_kraken_track_get_last_us(track->candles) < last_ended_us(self))
            ask_candles(self, i);
    }
    step(self);
}

static gboolean
is_missing(const KwKrakenFeed *self)
{
    for (guint i = 0; i < self->tracks->len; i++) {
        if (kw_kraken_track_get_last_us(track_at(self, i)->candles) < last_ended_us(self))
            return TRUE;
    }
    return FALSE;
}

/* Candles end by the exchange's time: a new reckoning of it moves the timer of their end. */
static void
on_synced(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwKrakenFeed) self = user_data;
    g_auto(KwKrakenAnswer) answer = {0};

    self->is_syncing = FALSE;
    if (!kw_kraken_finish(KW_KRAKEN(source), result, &answer, NULL))
        return;
    self->synced_us = kw_clock_monotonic_us(self->clock);
    self->synced_gap_us = kw_clock_now_us(self->clock) - self->synced_us;
    if (self->timer == 0)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    step(self);
}

static void
on_clock(gpointer user_data)
{
    KwKrakenFeed *self = user_data;
    gint64 now_us = kw_clock_monotonic_us(self->clock);
    gint64 gap_us = kw_clock_now_us(self->clock) - now_us;

    self->clock_timer = kw_clock_call_in(self->clock, LOOK_US, on_clock, self);
    if (self->is_syncing ||
        (now_us - self->synced_us < SYNC_US && ABS(gap_us - self->synced_gap_us) < STEP_US))
        return;
    self->is_syncing = TRUE;
    kw_kraken_sync_async(self->kraken, self->cancel, on_synced, g_object_ref(self));
}

/* Whatever has happened: a batch may go, and the timer is set for what comes next. */
static void
step(KwKrakenFeed *self)
{
    gint64 server_us = kw_kraken_get_server_us(self->kraken), wait_us;

    deliver(self);
    if (self->clock_timer == 0)
        self->clock_timer = kw_clock_call_in(self->clock, LOOK_US, on_clock, self);
    if (self->timer != 0)
        return;
    wait_us = last_ended_us(self) + 2 * self->timeframe_us + GRACE_US - server_us;
    if (is_missing(self))
        wait_us = MIN(wait_us, AGAIN_US);
    self->timer = kw_clock_call_in(self->clock, wait_us, on_timer, self);
}

/* -- the stream -- */

static void
on_state(KwKrakenQuotes *quotes, const gchar *what, gpointer user_data)
{
    KwKrakenFeed *self = user_data;

    for (guint i = 0; i < self->tracks->len; i++) {
        const KwKrakenPair *pair =
            kw_kraken_pairs_find(self->pairs, track_at(self, i)->pair.name);

        if (pair != NULL)
            track_at(self, i)->pair = pair->market;
    }
    g_signal_emit(self, signals[SIGNAL_STATE], 0, what);
}

static void
on_bar(KwKrakenQuotes *quotes, guint index, const KwCandle *candle, gpointer user_data)
{
    KwKrakenFeed *self = user_data;

    kw_kraken_track_note_bar(track_at(self, index)->candles, candle);
}

static gboolean
start_quotes(KwKrakenFeed *self, GError **error)
{
    const KwKrakenQuotesOptions options = {
        .stream =
            {
                .url = self->ws_url,
                .user_agent = self->user_agent,
                .ca_file = self->ca_file,
                .pairs = self->pairs,
                .book_depth = 10,
                .seed = (guint64) kw_clock_now_us(self->clock),
            },
        .symbols = (const gchar *const *) self->symbols,
        .interval = (guint) (self->timeframe_us / 60 / G_USEC_PER_SEC),
    };

    self->quotes = kw_kraken_quotes_new(self->clock, &options, error);
    if (self->quotes == NULL)
        return FALSE;
    g_signal_connect(self->quotes, "state", G_CALLBACK(on_state), self);
    g_signal_connect(self->quotes, "bar", G_CALLBACK(on_bar), self);
    return TRUE;
}

/* -- the opening -- */

/* The candles are there: from now on the clock and the stream go on. */
static void
go_live(KwKrakenFeed *self)
{
    GError *error = NULL;

    self->next_open_us = last_ended_us(self) + self->timeframe_us;
    if (!start_quotes(self, &error)) {
        end_opening(self, error);
        return;
    }
    end_opening(self, NULL);
    step(self);
}

static gboolean
take_pairs(KwKrakenFeed *self, GError **error)
{
    for (guint i = 0; self->pairs != NULL && i < self->tracks->len; i++) {
        Track *track = track_at(self, i);
        const KwKrakenPair *pair = kw_kraken_pairs_find(self->pairs, track->pair.name);

        if (pair == NULL) {
            g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                        "the exchange does not trade %s", track->pair.name);
            return FALSE;
        }
        track->pair = pair->market;
        memcpy(track->alt, pair->alt, sizeof track->alt);
    }
    return self->pairs != NULL;
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwKrakenFeed) self = user_data;
    GError *error = NULL;

    self->pairs = kw_kraken_directory_finish(KW_KRAKEN(source), result, &error);
    if (!take_pairs(self, &error)) {
        end_opening(self, error);
        return;
    }
    self->n_open_waits = self->tracks->len;
    for (guint i = 0; i < self->tracks->len; i++)
        ask_candles(self, i);
}

void
kw_kraken_feed_open_async(KwKrakenFeed *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
    g_return_if_fail(KW_IS_KRAKEN_FEED(self) && self->opening == NULL);

    self->opening = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(self->opening, kw_kraken_feed_open_async);
    self->synced_us = kw_clock_monotonic_us(self->clock);
    self->synced_gap_us = kw_clock_now_us(self->clock) - self->synced_us;
    kw_kraken_directory_async(self->kraken, self->cancel, on_directory, g_object_ref(self));
}

gboolean
kw_kraken_feed_open_finish(KwKrakenFeed *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

void
kw_kraken_feed_close(KwKrakenFeed *self)
{
    g_return_if_fail(KW_IS_KRAKEN_FEED(self));

    g_cancellable_cancel(self->cancel);
}

/* -- the port -- */

static guint
get_n_pairs(KwFeed *feed)
{
    return KW_KRAKEN_FEED(feed)->tracks->len;
}

static const KwPair *
get_pair(KwFeed *feed, guint index)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);

    g_return_val_if_fail(index < self->tracks->len, NULL);

    return &track_at(self, index)->pair;
}

static gint64
get_timeframe_us(KwFeed *feed)
{
    return KW_KRAKEN_FEED(feed)->timeframe_us;
}

static gboolean
get_synthetic(KwFeed *feed)
{
    return FALSE;
}

static const gchar *
get_source(KwFeed *feed)
{
    return "kraken";
}

static const gchar *
get_dataset_hash(KwFeed *feed)
{
    return "";
}

static void
load_history(KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);

    g_return_if_fail(index < self->tracks->len);

    (void) kw_series_append_history(
        out, kw_kraken_track_get_series(track_at(self, index)->candles), until_us, max_rows);
}

static void
seek(KwFeed *feed, gint64 after_us)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);

    g_return_if_fail(!kw_feed_wait_is_on(&self->wait));

    self->next_open_us = after_us / self->timeframe_us * self->timeframe_us;
}

static void
next_async(KwFeed *feed,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);
    g_autoptr(GTask) task =
        kw_feed_wait_task_new(self, cancellable, callback, user_data, next_async);

    if (task == NULL)
        return;
    kw_feed_wait_begin(&self->wait, task);
    deliver(self);
}

static const KwFeedBatch *
next_finish(KwFeed *feed, GAsyncResult *result, GError **error)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);

    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_boolean(G_TASK(result), error) ? &self->batch : NULL;
}

static void
get_quote(KwFeed *feed, guint index, KwFeedQuote *out)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(feed);

    if (self->quotes != NULL)
        kw_kraken_quotes_get(self->quotes, index, out);
}

/* -- small ones -- */

KwKrakenPairs *
kw_kraken_feed_get_pairs(KwKrakenFeed *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_FEED(self), NULL);

    return self->pairs;
}

void
kw_kraken_feed_add_history(KwKrakenFeed *self, guint index, const KwSeries *series)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));

    g_return_if_fail(KW_IS_KRAKEN_FEED(self) && index < self->tracks->len);
    g_return_if_fail(kw_series_get_timeframe_us(series) == self->timeframe_us);

    for (gsize i = 0; i < kw_series_get_length(series); i++) {
        KwCandle candle = kw_series_get(series, i);

        g_array_append_val(candles, candle);
    }
    (void) kw_kraken_track_merge(track_at(self, index)->candles, candles, last_ended_us(self),
                                 NULL);
}

KwKrakenFeedCounts
kw_kraken_feed_get_counts(KwKrakenFeed *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_FEED(self), (KwKrakenFeedCounts){0});

    return self->counts;
}

KwKrakenQuotes *
kw_kraken_feed_get_quotes(KwKrakenFeed *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_FEED(self), NULL);

    return self->quotes;
}

/* -- object -- */

KwKrakenFeed *
kw_kraken_feed_new(KwClock *clock, const KwKrakenFeedOptions *options)
{
    KwKrakenFeed *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && options != NULL, NULL);
    g_return_val_if_fail(options->timeframe_us > 0, NULL);

    self = g_object_new(KW_TYPE_KRAKEN_FEED, NULL);
    self->clock = g_object_ref(clock);
    self->kraken = g_object_ref(options->kraken);
    self->ws_url = g_strdup(options->ws_url != NULL ? options->ws_url : KW_KRAKEN_WS_URL);
    self->user_agent = g_strdup(options->user_agent);
    self->ca_file = g_strdup(options->ca_file);
    self->timeframe_us = options->timeframe_us;
    self->symbols = g_strdupv((gchar **) options->pairs);
    for (guint i = 0; options->pairs[i] != NULL && i < KW_FEED_MAX_PAIRS; i++) {
        Track *track = g_new0(Track, 1);

        (void) g_strlcpy(track->pair.name, options->pairs[i], sizeof track->pair.name);
        track->candles = kw_kraken_track_new(self->timeframe_us);
        g_ptr_array_add(self->tracks, track);
    }
    return self;
}

static void
kw_kraken_feed_dispose(GObject *object)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(object);

    g_cancellable_cancel(self->cancel);
    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->timer);
    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->clock_timer);
    self->timer = self->clock_timer = 0;
    if (self->quotes != NULL)
        (void) g_signal_handlers_disconnect_by_data(self->quotes, self);
    g_clear_object(&self->quotes);
    g_clear_object(&self->kraken);

    G_OBJECT_CLASS(kw_kraken_feed_parent_class)->dispose(object);
}

static void
kw_kraken_feed_finalize(GObject *object)
{
    KwKrakenFeed *self = KW_KRAKEN_FEED(object);

    g_clear_pointer(&self->tracks, g_ptr_array_unref);
    g_clear_pointer(&self->pairs, kw_kraken_pairs_unref);
    g_clear_object(&self->cancel);
    g_clear_object(&self->clock);
    g_strfreev(self->symbols);
    g_free(self->ws_url);
    g_free(self->user_agent);
    g_free(self->ca_file);

    G_OBJECT_CLASS(kw_kraken_feed_parent_class)->finalize(object);
}

static void
kw_kraken_feed_class_init(KwKrakenFeedClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_kraken_feed_dispose;
    object_class->finalize = kw_kraken_feed_finalize;
    signals[SIGNAL_STATE] =
        g_signal_new("state", KW_TYPE_KRAKEN_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
    signals[SIGNAL_REVISED] =
        g_signal_new("revised", KW_TYPE_KRAKEN_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_INT64);
}

static void
kw_kraken_feed_init(KwKrakenFeed *self)
{
    self->tracks = g_ptr_array_new_with_free_func(track_free);
    self->cancel = g_cancellable_new();
}

static void
iface_init(KwFeedInterface *iface)
{
    iface->get_n_pairs = get_n_pairs;
    iface->get_pair = get_pair;
    iface->get_timeframe_us = get_timeframe_us;
    iface->get_synthetic = get_synthetic;
    iface->get_dataset_hash = get_dataset_hash;
    iface->get_source = get_source;
    iface->load_history = load_history;
    iface->seek = seek;
    iface->next_async = next_async;
    iface->next_finish = next_finish;
    iface->get_quote = get_quote;
}
