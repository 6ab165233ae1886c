/* kw-mt5-feed.c: candles and prices are asked for, since REST pushes nothing
 *
 *   each interval:  clock -> the newest candles of each pair, again until they are there
 *   every seconds:  the price of each pair
 *
 * The list of candles ends with the one that is under way. One counts as closed when a newer
 * one stands behind it, or, with nothing quoted since, some seconds after its end by our clock:
 * so a clock that is a little ahead does not close a candle too early.
 *
 * A batch goes when all pairs have the candle; after a while without those that have none.
 * While a market is closed there is none for days, so it is asked more and more seldom. The
 * candles are those of the account's own server: those of another exchange would have other
 * prices than the orders get. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-mt5-feed.h"

#include "kw-error.h"
#include "kw-feed-wait.h"
#include "kw-kraken-track.h"
#include "kw-log.h"
#include "kw-mt5-candles.h"

#include <math.h>
#include <string.h>

#define GRACE_US (2 * G_USEC_PER_SEC)
#define CERTAIN_US (10 * G_USEC_PER_SEC) /* behind its end a candle is closed in any case */
#define AGAIN_US (3 * G_USEC_PER_SEC)
#define MAX_ASKS 8 /* of one interval at this pace */
#define SELDOM_US (60 * G_USEC_PER_SEC)
#define PATIENCE_US (40 * G_USEC_PER_SEC) /* for pairs that have no candle */
#define PRICE_US (5 * G_USEC_PER_SEC)
#define STALE_US (15 * G_USEC_PER_SEC) /* since a price was told */
#define CLOSED_US                                                                              \
    (10 * G_TIME_SPAN_MINUTE) /* so long without a change: the market is closed                \
                               */
#define HISTORY_ROWS KW_MT5_CANDLES_MAX
#define NEWEST_ROWS 10

typedef struct {
    KwPair pair;
    gchar symbol[KW_MT5_NAME_SIZE];
    KwKrakenTrack *candles;       /* owned */
    guint n_asks;                 /* for the interval under way */
    gboolean is_asked, is_priced; /* an answer is under way: nothing is asked twice at a time */
    gboolean is_late;             /* a candle is, and that was logged */
    KwMt5Price price;
    gint64 told_us;    /* monotonic: when the price was; at first the beginning */
    gboolean is_known; /* it was told at all */
} Track;

struct _KwMt5Feed {
    GObject parent_instance;

    KwClock *clock;       /* owned */
    KwMt5 *mt5, *history; /* owned */
    gint64 timeframe_us;
    GPtrArray *tracks;    /* owned: Track */
    GCancellable *cancel; /* owned: of our own calls */
    GTask *opening;       /* owned */
    guint n_open_waits;
    guint candle_timer, price_timer;
    gint64 next_open_us; /* of the next batch */
    KwFeedWait wait;
    KwFeedBatch batch;
};

static void iface_init(KwFeedInterface *iface);
static void ask_candles(KwMt5Feed *self, guint index, guint n_rows);
static void set_candle_timer(KwMt5Feed *self);
static void on_price_timer(gpointer user_data);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwMt5Feed,
                              kw_mt5_feed,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_FEED, iface_init))

/* A question about one pair */
typedef struct {
    KwMt5Feed *feed; /* owned reference */
    guint index;
} Ask;

static Ask *
ask_new(KwMt5Feed *self, guint index)
{
    Ask *ask = g_new(Ask, 1);

    *ask = (Ask){g_object_ref(self), index};
    return ask;
}

static void
track_free(gpointer data)
{
    Track *track = data;

    kw_kraken_track_free(track->candles);
    g_free(track);
}

static Track *
track_at(const KwMt5Feed *self, guint index)
{
    return self->tracks->pdata[index];
}

/* Opening of the newest interval that has ended */
static gint64
last_ended_us(const KwMt5Feed *self)
{
    return (kw_clock_now_us(self->clock) / self->timeframe_us - 1) * self->timeframe_us;
}

/* -- the batch -- */

static guint
count_ready(const KwMt5Feed *self)
{
    guint n = 0;

    for (guint i = 0; i < self->tracks->len; i++)
        n += kw_kraken_track_has(track_at(self, i)->candles, self->next_open_us);
    return n;
}

/* Intervals without a candle are stepped over once there is a newer one. */
static void
skip_empty(KwMt5Feed *self)
{
    gint64 first_us = G_MAXINT64;

    for (guint i = 0; count_ready(self) == 0 && i < self->tracks->len; i++) {
        const KwSeries *series = kw_kraken_track_get_series(track_at(self, i)->candles);
        gsize row = kw_series_find(series, self->next_open_us);

        if (row < kw_series_get_length(series))
            first_us = MIN(first_us, kw_series_get_times(series)[row]);
    }
    if (first_us != G_MAXINT64)
        self->next_open_us = first_us;
}

/* A newer candle proves that this one will not come any more. */
static gboolean
are_others_past(const KwMt5Feed *self)
{
    gint64 close_us = self->next_open_us + self->timeframe_us;

    for (guint i = 0; i < self->tracks->len; i++) {
        const Track *track = track_at(self, i);

        if (!kw_kraken_track_has(track->candles, self->next_open_us) &&
            kw_kraken_track_get_last_us(track->candles) < self->next_open_us &&
            kw_clock_now_us(self->clock) - close_us < PATIENCE_US)
            return FALSE;
    }
    return TRUE;
}

static void
fill_batch(KwMt5Feed *self)
{
    self->batch.close_us = self->next_open_us + self->timeframe_us;
    self->batch.n_rows = 0;
    for (guint i = 0; i < self->tracks->len; i++) {
        const KwSeries *series = kw_kraken_track_get_series(track_at(self, i)->candles);

        if (kw_kraken_track_has(track_at(self, i)->candles, self->next_open_us))
            self->batch.rows[self->batch.n_rows++] = (KwFeedRow){
                i, kw_series_get(series, kw_series_find(series, self->next_open_us))};
    }
    self->next_open_us += self->timeframe_us;
    for (guint i = 0; i < self->tracks->len; i++)
        kw_kraken_track_forget(track_at(self, i)->candles, self->next_open_us);
}

static void
deliver(KwMt5Feed *self)
{
    if (!kw_feed_wait_is_on(&self->wait))
        return;
    skip_empty(self);
    if (count_ready(self) == 0 || !are_others_past(self))
        return;
    fill_batch(self);
    kw_feed_wait_end(&self->wait);
}

/* -- candles -- */

/* The price of @track is known, and not from long ago. */
static gboolean
is_told(const KwMt5Feed *self, const Track *track)
{
    return track->is_known && kw_clock_monotonic_us(self->clock) - track->told_us <= STALE_US;
}

static void
take_candles(KwMt5Feed *self, Track *track, const GArray *candles)
{
    gint64 sure_us = kw_clock_now_us(self->clock) - CERTAIN_US - self->timeframe_us;
    gint64 newest_us;

    if (candles->len == 0)
        return;
    newest_us = g_array_index(candles, KwCandle, candles->len - 1).open_us;
    (void) kw_kraken_track_merge(track->candles, candles,
                                 MAX(sure_us, newest_us - self->timeframe_us), NULL);
}

static void
end_opening(KwMt5Feed *self, GError *error)
{
    g_autoptr(GTask) task = g_steal_pointer(&self->opening);

    if (task == NULL)
        g_clear_error(&error);
    else if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
}

/* One answer of those that the opening waits for */
static void
note_opened(KwMt5Feed *self, GError *error)
{
    if (error != NULL) {
        end_opening(self, error);
        return;
    }
    if (--self->n_open_waits > 0)
        return;
    self->next_open_us = last_ended_us(self) + self->timeframe_us;
    end_opening(self, NULL);
    on_price_timer(self);
    set_candle_timer(self);
}

static void
on_candles(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Ask *ask = user_data;
    g_autoptr(KwMt5Feed) self = ask->feed;
    Track *track = track_at(self, ask->index);
    GError *error = NULL;
    g_autoptr(GArray) candles = kw_mt5_candles_finish(KW_MT5(source), result, &error);

    track->is_asked = FALSE;
    if (g_cancellable_is_cancelled(self->cancel)) {
        g_clear_error(&error);
        end_opening(self, g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed"));
        return;
    }
    if (candles != NULL)
        take_candles(self, track, candles);
    else
        kw_log_info("candles were not told", "KW_PAIR", track->pair.name, "KW_ERROR",
                    error->message);
    if (self->opening != NULL) {
        note_opened(self, error);
        return;
    }
    g_clear_error(&error);
    deliver(self);
}

static void
ask_candles(KwMt5Feed *self, guint index, guint n_rows)
{
    Track *track = track_at(self, index);
    const KwMt5Page page = {
        .symbol = track->symbol, .timeframe_us = self->timeframe_us, .n_rows = n_rows};

    track->is_asked = TRUE;
    track->n_asks++;
    kw_mt5_candles_async(self->history, &page, self->cancel, on_candles, ask_new(self, index));
}

/* The newest candle should long be there: the bridge is silent, or has a quote of that time.
 * Without one the market may be closed. */
static void
judge_delay(const KwMt5Feed *self, Track *track)
{
    gint64 open_us = last_ended_us(self);

    if (track->is_late ||
        kw_clock_now_us(self->clock) - open_us - self->timeframe_us < PATIENCE_US ||
        (is_told(self, track) && track->price.time_us < open_us))
        return;
    track->is_late = TRUE;
    kw_log_warning(
        "the bridge is late with candles; what is missed comes later, without orders",
        "KW_PAIR", track->pair.name);
}

static void
end_delay(Track *track)
{
    if (track->is_late)
        kw_log_message("the bridge tells candles again", "KW_PAIR", track->pair.name);
    track->is_late = FALSE;
    track->n_asks = 0;
}

/* As many as were missed, and some that overlap */
static guint
count_wanted(const KwMt5Feed *self, const Track *track)
{
    gint64 last_us = kw_kraken_track_get_last_us(track->candles);
    gint64 n_missed = last_us == G_MININT64
                          ? HISTORY_ROWS
                          : (last_ended_us(self) - last_us) / self->timeframe_us;

    return (guint) CLAMP(n_missed + NEWEST_ROWS, NEWEST_ROWS, HISTORY_ROWS);
}

/* Asks for what is missing; tells how long to wait then. */
static gint64
ask_missing(KwMt5Feed *self)
{
    gint64 wait_us = G_MAXINT64;

    for (guint i = 0; i < self->tracks->len; i++) {
        Track *track = track_at(self, i);

        if (kw_kraken_track_get_last_us(track->candles) >= last_ended_us(self)) {
            end_delay(track);
            continue;
        }
        judge_delay(self, track);
        wait_us = MIN(wait_us, track->n_asks < MAX_ASKS ? AGAIN_US : SELDOM_US);
        if (!track->is_asked)
            ask_candles(self, i, count_wanted(self, track));
    }
    return wait_us;
}

static void
on_candle_timer(gpointer user_data)
{
    KwMt5Feed *self = user_data;

    self->candle_timer = 0;
    deliver(self);
    set_candle_timer(self);
}

static void
set_candle_timer(KwMt5Feed *self)
{
    gint64 due_us = last_ended_us(self) + 2 * self->timeframe_us + GRACE_US;
    gint64 again_us = ask_missing(self);

    /* what is asked again is so after a span; a candle ends at a time */
    if (again_us < due_us - kw_clock_now_us(self->clock))
        self->candle_timer = kw_clock_call_in(self->clock, again_us, on_candle_timer, self);
    else
        self->candle_timer = kw_clock_call_at(self->clock, due_us, on_candle_timer, self);
}

/* -- prices -- */

static void
on_price(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Ask *ask = user_data;
    g_autoptr(KwMt5Feed) self = ask->feed;
    Track *track = track_at(self, ask->index);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) root = kw_mt5_finish(KW_MT5(source), result, &error);
    JsonObject *object = root != NULL ? kw_json_root_object(root, &error) : NULL;

    track->is_priced = FALSE;
    if (object == NULL || !kw_mt5_read_price(object, &track->price, &error)) {
        kw_log_debug("a price was not told", "KW_PAIR", track->pair.name, "KW_ERROR",
                     error->message);
        return;
    }
    track->told_us = kw_clock_monotonic_us(self->clock);
    track->is_known = TRUE;
}

static void
on_price_timer(gpointer user_data)
{
    KwMt5Feed *self = user_data;

    for (guint i = 0; i < self->tracks->len; i++) {
        Track *track = track_at(self, i);
        g_autofree gchar *path = kw_mt5_make_path("symbols", track->symbol, "current-price");

        if (track->is_priced)
            continue;
        track->is_priced = TRUE;
        kw_mt5_get_async(self->mt5, path, self->cancel, on_price, ask_new(self, i));
    }
    self->price_timer = kw_clock_call_in(self->clock, PRICE_US, on_price_timer, self);
}

/* A bridge that is silent says nothing of the market. */
static void
get_quote(KwFeed *feed, guint index, KwFeedQuote *out)
{
    KwMt5Feed *self = KW_MT5_FEED(feed);
    const Track *track = track_at(self, index);
    gint64 age_us = kw_clock_now_us(self->clock) - track->price.time_us;

    out->age_us = kw_clock_monotonic_us(self->clock) - track->told_us;
    if (!is_told(self, track))
        return;
    out->is_open = age_us <= CLOSED_US;
    if (!out->is_open)
        return;
    out->bid = track->price.bid;
    out->ask = track->price.ask;
}

/* -- the opening -- */

void
kw_mt5_feed_open_async(KwMt5Feed *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    g_return_if_fail(KW_IS_MT5_FEED(self) && self->opening == NULL);

    self->opening = g_task_new(self, cancellable, callback, user_data);
    g_task_set_source_tag(self->opening, kw_mt5_feed_open_async);
    self->n_open_waits = self->tracks->len;
    for (guint i = 0; i < self->tracks->len; i++)
        ask_candles(self, i, HISTORY_ROWS);
}

gboolean
kw_mt5_feed_open_finish(KwMt5Feed *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}

void
kw_mt5_feed_close(KwMt5Feed *self)
{
    g_return_if_fail(KW_IS_MT5_FEED(self));

    g_cancellable_cancel(self->cancel);
}

void
kw_mt5_feed_add_history(KwMt5Feed *self, guint index, const KwSeries *series)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));

    g_return_if_fail(KW_IS_MT5_FEED(self) && index < self->tracks->len);
    g_return_if_fail(kw_series_get_timeframe_us(series) == self->timeframe_us);

    for (gsize i = 0; i < kw_series_get_length(series); i++) {
        KwCandle candle = kw_series_get(series, i);

        g_array_append_val(candles, candle);
    }
    (void) kw_kraken_track_merge(track_at(self, index)->candles, candles, last_ended_us(self),
                                 NULL);
}

/* -- the port -- */

static guint
get_n_pairs(KwFeed *feed)
{
    return KW_MT5_FEED(feed)->tracks->len;
}

static const KwPair *
get_pair(KwFeed *feed, guint index)
{
    KwMt5Feed *self = KW_MT5_FEED(feed);

    g_return_val_if_fail(index < self->tracks->len, NULL);

    return &track_at(self, index)->pair;
}

static gint64
get_timeframe_us(KwFeed *feed)
{
    return KW_MT5_FEED(feed)->timeframe_us;
}

static gboolean
get_synthetic(KwFeed *feed)
{
    return FALSE;
}

static const gchar *
get_source(KwFeed *feed)
{
    return "mt5";
}

static const gchar *
get_dataset_hash(KwFeed *feed)
{
    return "";
}

static void
load_history(KwFeed *feed, guint index, gint64 until_us, gsize max_rows, KwSeries *out)
{
    KwMt5Feed *self = KW_MT5_FEED(feed);

    g_return_if_fail(index < self->tracks->len);

    (void) kw_series_append_history(
        out, kw_kraken_track_get_series(track_at(self, index)->candles), until_us, max_rows);
}

static void
seek(KwFeed *feed, gint64 after_us)
{
    KwMt5Feed *self = KW_MT5_FEED(feed);

    g_return_if_fail(!kw_feed_wait_is_on(&self->wait));

    self->next_open_us = after_us / self->timeframe_us * self->timeframe_us;
}

static void
next_async(KwFeed *feed,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    KwMt5Feed *self = KW_MT5_FEED(feed);
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
    KwMt5Feed *self = KW_MT5_FEED(feed);

    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_boolean(G_TASK(result), error) ? &self->batch : NULL;
}

/* -- object -- */

static gboolean
add_track(KwMt5Feed *self, const KwMt5Directory *directory, const gchar *name, GError **error)
{
    const KwMt5Market *market = kw_mt5_directory_find_pair(directory, name);
    Track *track;

    if (market == NULL) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                    "the exchange does not trade %s", name);
        return FALSE;
    }
    track = g_new0(Track, 1);
    track->candles = kw_kraken_track_new(self->timeframe_us);
    track->told_us = kw_clock_monotonic_us(self->clock);
    memcpy(track->symbol, market->symbol.name, sizeof track->symbol);
    g_ptr_array_add(self->tracks, track);
    return kw_pair_init(&track->pair, name, error) &&
           kw_mt5_symbol_apply(&market->symbol, &track->pair, error);
}

KwMt5Feed *
kw_mt5_feed_new(KwClock *clock, const KwMt5FeedOptions *options, GError **error)
{
    g_autoptr(KwMt5Feed) self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && options != NULL, NULL);
    g_return_val_if_fail(options->timeframe_us > 0 && options->directory != NULL, NULL);

    if (options->timeframe_us > KW_MT5_CANDLES_MAX_TIMEFRAME_US) {
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                            "candles of the server longer than an hour begin at its own "
                            "midnight");
        return NULL;
    }
    self = g_object_new(KW_TYPE_MT5_FEED, NULL);
    self->clock = g_object_ref(clock);
    self->mt5 = g_object_ref(options->mt5);
    self->history = g_object_ref(options->history);
    self->timeframe_us = options->timeframe_us;
    for (guint i = 0; options->pairs[i] != NULL && i < KW_FEED_MAX_PAIRS; i++)
        if (!add_track(self, options->directory, options->pairs[i], error))
            return NULL;
    return g_steal_pointer(&self);
}

static void
kw_mt5_feed_dispose(GObject *object)
{
    KwMt5Feed *self = KW_MT5_FEED(object);

    g_cancellable_cancel(self->cancel);
    if (self->clock != NULL) {
        kw_clock_cancel(self->clock, self->candle_timer);
        kw_clock_cancel(self->clock, self->price_timer);
    }
    self->candle_timer = self->price_timer = 0;
    g_clear_object(&self->mt5);
    g_clear_object(&self->history);

    G_OBJECT_CLASS(kw_mt5_feed_parent_class)->dispose(object);
}

static void
kw_mt5_feed_finalize(GObject *object)
{
    KwMt5Feed *self = KW_MT5_FEED(object);

    g_clear_pointer(&self->tracks, g_ptr_array_unref);
    g_clear_object(&self->cancel);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_mt5_feed_parent_class)->finalize(object);
}

static void
kw_mt5_feed_class_init(KwMt5FeedClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_mt5_feed_dispose;
    object_class->finalize = kw_mt5_feed_finalize;
}

static void
kw_mt5_feed_init(KwMt5Feed *self)
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
