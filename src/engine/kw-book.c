#include "kw-book.h"

#include "kw-error.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

static void
slot_init(KwSlot *slot, const KwPair *pair, const KwBookSettings *settings, gint64 timeframe_us)
{
    *slot = (KwSlot){.pair = *pair, .price = NAN, .close = NAN, .prev_close = NAN};
    slot->is_exit_only =
        settings->pairs != NULL && !g_strv_contains(settings->pairs, pair->name);
    slot->frame = kw_frame_new(kw_series_new(timeframe_us));
}

static void
slot_clear(KwSlot *slot)
{
    g_clear_pointer(&slot->columns, kw_strategy_columns_free);
    g_clear_pointer(&slot->frame, kw_frame_free);
}

KwBook *
kw_book_new(const KwBookSettings *settings,
            const KwLimits *limits,
            KwClock *clock,
            KwFeed *feed,
            GError **error)
{
    g_autoptr(KwBook) self = g_new0(KwBook, 1);

    self->settings = settings;
    self->clock = g_object_ref(clock);
    self->feed = g_object_ref(feed);
    kw_tracker_init(&self->tracker);
    self->preferences = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->venue_accepted = g_strdup("");
    self->venue_stops = g_strdup("");
    self->venue_totals = g_strdup("");
    self->zone = kw_zone_new(settings->zone, error);
    if (self->zone == NULL)
        return NULL;
    self->daily_zone = kw_zone_new(settings->daily_zone, error);
    if (self->daily_zone == NULL)
        return NULL;

    self->portfolio = kw_portfolio_new(settings->starting_capital);
    self->kill = kw_kill_switch_new(clock);
    self->risk = kw_risk_new(limits, self->kill);
    self->locks = kw_lock_list_new();
    self->signals = kw_signal_log_new(kw_feed_get_timeframe_us(feed));
    self->scans = kw_scan_log_new(kw_feed_get_timeframe_us(feed));
    self->terms = kw_strategy_terms_default();
    self->threshold = settings->threshold;
    self->best_confidence_today = NAN;
    self->started_us = self->state_us = kw_clock_now_us(clock);
    g_strlcpy(self->state_by, "start", sizeof self->state_by);
    self->neighbours = kw_neighbours_new();
    self->n_slots = kw_feed_get_n_pairs(feed);
    for (guint i = 0; i < self->n_slots; i++) {
        KwSlot *slot = &self->slots[i];

        slot_init(slot, kw_feed_get_pair(feed, i), settings, kw_feed_get_timeframe_us(feed));
        kw_frame_set_neighbours(slot->frame, self->neighbours);
        kw_neighbours_add(self->neighbours, slot->pair.name, kw_frame_get_series(slot->frame));
    }
    return g_steal_pointer(&self);
}

void
kw_book_free(KwBook *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->n_slots; i++)
        slot_clear(&self->slots[i]);
    kw_neighbours_unref(self->neighbours);
    g_clear_object(&self->oms);
    g_clear_pointer(&self->strategy, kw_strategy_free);
    g_clear_pointer(&self->locks, kw_lock_list_free);
    g_clear_pointer(&self->signals, kw_signal_log_free);
    g_clear_pointer(&self->scans, kw_scan_log_free);
    g_clear_object(&self->risk);
    g_clear_object(&self->kill);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
    g_clear_pointer(&self->zone, kw_zone_unref);
    g_clear_pointer(&self->daily_zone, kw_zone_unref);
    kw_tracker_clear(&self->tracker);
    g_clear_pointer(&self->preferences, g_hash_table_unref);
    g_clear_pointer(&self->venue_accepted, g_free);
    g_clear_pointer(&self->venue_stops, g_free);
    g_clear_pointer(&self->venue_totals, g_free);
    g_clear_object(&self->feed);
    g_clear_object(&self->clock);
    g_free(self);
}

static void
add_history(KwSlot *slot, const KwSeries *history, gint64 timeframe_us)
{
    for (gsize i = 0; i < kw_series_get_length(history); i++) {
        KwCandle candle = kw_series_get(history, i);

        if (!kw_frame_append(slot->frame, &candle))
            continue;
        slot->prev_close = slot->close;
        slot->price = slot->close = candle.close;
        slot->data_us = candle.open_us + timeframe_us;
    }
}

void
kw_book_load_history(KwBook *self)
{
    gint64 timeframe_us = kw_feed_get_timeframe_us(self->feed);
    gint64 now_us = kw_clock_now_us(self->clock);

    for (guint i = 0; i < self->n_slots; i++) {
        g_autoptr(KwSeries) history = kw_series_new(timeframe_us);

        kw_feed_load_history(self->feed, i, now_us, self->settings->history_rows, history);
        add_history(&self->slots[i], history, timeframe_us);
    }
}

/* A strategy whose timeframe is not the feed's would read the wrong candles. */
static gboolean
check_timeframe(const KwBook *self, const KwStrategy *strategy, GError **error)
{
    gint64 wanted_us = kw_strategy_get_terms(strategy)->timeframe_us;
    gint64 given_us = kw_feed_get_timeframe_us(self->feed);

    if (wanted_us == given_us)
        return TRUE;
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE,
                "%s: timeframe is \"%s\", but the candles are \"%s\"",
                kw_strategy_get_name(strategy), kw_strategy_get_timeframe(strategy),
                kw_timeframe_to_string(given_us));
    return FALSE;
}

/* Columns of every pair, in place of those that are there. Returns: %FALSE when those of one
 * pair cannot be built: all stay as they are */
static gboolean
build_columns(KwBook *self, const KwStrategy *strategy, GError **error)
{
    g_autoptr(GPtrArray) built =
        g_ptr_array_new_with_free_func((GDestroyNotify) kw_strategy_columns_free);

    for (guint i = 0; i < self->n_slots; i++) {
        KwStrategyColumns *columns = kw_strategy_build(strategy, self->slots[i].frame, error);

        if (columns == NULL)
            return FALSE;
        g_ptr_array_add(built, columns);
    }
    for (guint i = 0; i < self->n_slots; i++) {
        kw_strategy_columns_free(self->slots[i].columns);
        self->slots[i].columns = g_steal_pointer(&built->pdata[i]);
    }
    return TRUE;
}

gboolean
kw_book_take_strategy(KwBook *self, KwStrategy *strategy, GError **error)
{
    g_autoptr(KwStrategy) taken = strategy;

    if (!check_timeframe(self, taken, error) || !build_columns(self, taken, error))
        return FALSE;
    kw_strategy_free(self->strategy);
    self->strategy = g_steal_pointer(&taken);
    self->terms = *kw_strategy_get_terms(self->strategy);
    return TRUE;
}

KwSlot *
kw_book_find_slot(KwBook *self, const gchar *pair)
{
    for (guint i = 0; i < self->n_slots; i++) {
        if (strcmp(self->slots[i].pair.name, pair) == 0)
            return &self->slots[i];
    }
    return NULL;
}

gdouble
kw_book_get_rate(const gchar *pair, gpointer book)
{
    const KwSlot *slot = kw_book_find_slot(book, pair);

    return slot == NULL ? NAN : slot->price;
}

void
kw_book_update_equity(KwBook *self, gint64 time_us)
{
    KwDecimal equity, held, open_profit;

    if (!kw_portfolio_get_equity(self->portfolio, kw_book_get_rate, self, &equity)) {
        kw_tracker_miss(&self->tracker);
        return;
    }
    /* equity = capital + realised + open result, so the open result is what is left */
    if (!kw_decimal_sub(equity, kw_portfolio_get_capital(self->portfolio), &held, NULL) ||
        !kw_decimal_sub(held, kw_portfolio_get_realised(self->portfolio), &open_profit, NULL)) {
        kw_tracker_miss(&self->tracker);
        return;
    }
    kw_tracker_update(&self->tracker, time_us, equity, open_profit);
}

KwDecimal
kw_book_get_worst_open_loss(const KwBook *self)
{
    gdouble sum = 0;
    KwDecimal result = KW_DECIMAL_ZERO;

    for (guint i = 0; i < kw_portfolio_get_n_open(self->portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(self->portfolio, i);
        gdouble price = kw_book_get_rate(trade->pair, (gpointer) self);
        gdouble stop = kw_decimal_to_double(trade->stop);

        if (!isfinite(price))
            price = kw_decimal_to_double(trade->open_rate);
        if (price > stop)
            sum += (price - stop) * kw_decimal_to_double(trade->amount);
    }
    (void) kw_decimal_from_double(sum, 8, KW_ROUND_UP, &result, NULL);
    return result;
}

/* What a live market adds: a spread that is measured, and a market that is not open */
static void
fill_quote(KwBook *self, const KwSlot *slot, KwRiskInput *out)
{
    KwFeedQuote quote;

    kw_feed_get_quote(self->feed, (guint) (slot - self->slots), &quote);
    out->bid = quote.bid;
    out->ask = quote.ask;
    out->entries_allowed = out->entries_allowed && quote.is_open;
}

void
kw_book_fill_risk_input(KwBook *self, KwSlot *slot, KwRiskInput *out)
{
    gint64 now_us = kw_clock_now_us(self->clock);

    *out = (KwRiskInput){
        .now_us = now_us,
        .timeframe_us = kw_feed_get_timeframe_us(self->feed),
        .entries_allowed =
            kw_book_get_state(self) == KW_RUN_STATE_RUNNING && !self->is_store_full,
        .is_venue_doubtful = self->is_venue_doubtful,
        .foreign_value = self->foreign_value,
        .price = NAN,
        .prev_close = NAN,
        .bid = NAN,
        .ask = NAN,
        .portfolio = self->portfolio,
        .fee_ratio = self->settings->fee_ratio,
        .max_open_trades = self->settings->max_open_trades,
        .confidence = NAN,
        .threshold = self->threshold,
        .has_equity = self->tracker.is_current,
        .equity = self->tracker.equity,
        .day_start_equity = kw_tracker_get_day_balance(&self->tracker),
        .peak_equity = self->tracker.peak,
    };
    /* read only without an equity, so it is not worked out for every row */
    if (!self->tracker.is_current)
        out->worst_open_loss = kw_book_get_worst_open_loss(self);
    if (slot == NULL)
        return;
    fill_quote(self, slot, out);
    out->pair = &slot->pair;
    out->is_known_pair = !slot->is_exit_only;
    out->data_us = slot->data_us;
    out->prev_close = slot->close;
    out->is_busy = self->oms != NULL && kw_oms_is_busy(self->oms, slot->pair.name);
    out->locked_until_us = kw_lock_list_get_until_us(self->locks, slot->pair.name, now_us);
}

gint64
kw_book_get_locked_until_us(const KwBook *self, const gchar *pair, gint64 row_us)
{
    gint64 now_us = kw_clock_now_us(self->clock);
    gint64 until_us = kw_lock_list_get_until_us(self->locks, pair, now_us);

    for (guint i = 0; until_us == 0 && i < kw_lock_list_get_length(self->locks); i++) {
        const KwLock *lock = kw_lock_list_get(self->locks, i);
        gboolean is_meant =
            strcmp(lock->pair, pair) == 0 || strcmp(lock->pair, KW_LOCK_ALL) == 0;

        if (is_meant && strcmp(lock->by, "user") != 0 && kw_lock_is_active(lock, row_us))
            until_us = now_us;
    }
    return until_us;
}

gboolean
kw_book_price_to_decimal(gdouble price, KwDecimal *out, GError **error)
{
    KwDecimal value;

    if (!kw_decimal_from_double(price, 10, KW_ROUND_HALF_UP, &value, error))
        return FALSE;
    *out = kw_decimal_trim(value);
    return TRUE;
}

KwRunState
kw_book_get_state(const KwBook *self)
{
    return self->strategy == NULL ? KW_RUN_STATE_NO_STRATEGY : self->state;
}

void
kw_book_set_state(KwBook *self, KwRunState state, const gchar *by, const gchar *reason)
{
    self->state = state;
    self->state_us = kw_clock_now_us(self->clock);
    g_strlcpy(self->state_by, by, sizeof self->state_by);
    g_strlcpy(self->state_reason, reason != NULL ? reason : "", sizeof self->state_reason);
    self->serial++;
}

void
kw_book_add_state(const KwBook *self, KwBatch *batch)
{
    gint64 now_us = kw_clock_now_us(self->clock);
    g_autofree gchar *since = g_strdup_printf("%" G_GINT64_FORMAT, self->state_us);
    g_autofree gchar *reminder = g_strdup_printf("%" G_GINT64_FORMAT, self->reminder_us);
    g_autofree gchar *losses_key = kw_book_get_meta_key(self, KW_BOOK_META_LOSSES);
    g_autofree gchar *losses = g_strdup_printf("%u", self->losses_from);
    gchar threshold[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_dtostr(threshold, sizeof threshold, self->threshold);
    kw_batch_add_meta(batch, "run_state", kw_run_state_to_string(self->state), now_us);
    kw_batch_add_meta(batch, "run_state_us", since, now_us);
    kw_batch_add_meta(batch, "run_state_by", self->state_by, now_us);
    kw_batch_add_meta(batch, "run_state_reason", self->state_reason, now_us);
    kw_batch_add_meta(batch, "reminder_us", reminder, now_us);
    kw_batch_add_meta(batch, "threshold", threshold, now_us);
    kw_batch_add_meta(batch, losses_key, losses, now_us);
}

gchar *
kw_book_get_meta_key(const KwBook *self, const gchar *name)
{
    return g_strdup_printf("%s.%s", name, kw_mode_to_string(self->settings->mode));
}
