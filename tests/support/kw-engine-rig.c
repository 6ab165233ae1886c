#include "kw-engine-rig.h"

#include "kw-dataset.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <math.h>

#define VOLUME_STRATEGY                                                                        \
    "return { name = 'by_volume', timeframe = '1h', startup_candles = 0, stoploss = -0.10, %s" \
    " entry = function(c) return eq(c.volume, 1) end,"                                         \
    " exit = function(c) return eq(c.volume, 2) end }"

void
kw_engine_rig_init(KwEngineRig *self)
{
    *self = (KwEngineRig){
        .timeframe_us = KW_ENGINE_RIG_HOUR_US,
        .quote = {.bid = NAN, .ask = NAN, .bid_depth = NAN, .ask_depth = NAN, .is_open = TRUE},
    };
    self->root = kw_test_tmp_dir_new();
    self->events = g_ptr_array_new_with_free_func(g_free);
    self->settings = (KwBookSettings){
        .mode = KW_MODE_DRYRUN,
        .stake =
            {
                .stake_amount = kw_test_decimal("100"),
                .max_open_trades = 4,
                .tradable_balance_ratio = 0.99,
                .amount_reserve_ratio = 0.05,
            },
        .max_open_trades = 4,
        .fee_ratio = 0.001,
        .starting_capital = kw_test_decimal("1000"),
        .history_rows = 2000,
        .digest_minute = 20 * 60,
        .strategy_path = g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "strategies",
                                          "ema_cross.lua", NULL),
        .zone = g_strdup("Europe/Vienna"),
        .daily_zone = g_strdup("Europe/Vienna"),
    };
    self->limits = (KwLimits){
        .max_open_trades = 10,
        .max_data_age_candles = 3,
        .max_price_jump_ratio = 0.5,
        .max_spread_ratio = 0.05,
    };
}

void
kw_engine_rig_clear(KwEngineRig *self)
{
    kw_engine_rig_crash(self);
    for (guint i = 0; i < self->n_pairs; i++)
        g_clear_pointer(&self->candles[i], g_array_unref);
    g_clear_pointer(&self->events, g_ptr_array_unref);
    g_clear_pointer(&self->settings.strategy_path, g_free);
    g_clear_pointer(&self->settings.zone, g_free);
    g_clear_pointer(&self->settings.daily_zone, g_free);
    g_clear_pointer(&self->root, kw_test_tmp_dir_free);
}

/* -- what it works on -- */

GArray *
kw_engine_rig_add_pair(KwEngineRig *self, const gchar *name)
{
    guint index = self->n_pairs++;

    g_assert_true(kw_pair_init(&self->pairs[index], name, NULL));
    self->candles[index] = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    return self->candles[index];
}

void
kw_engine_rig_add_rows(GArray *candles, gint64 first_us, const gdouble *closes, guint n_rows)
{
    for (guint i = 0; i < n_rows; i++) {
        KwCandle candle = {
            .open_us = first_us + i * KW_ENGINE_RIG_HOUR_US,
            .open = closes[i],
            .high = closes[i] * 1.001,
            .low = closes[i] * 0.999,
            .close = closes[i],
            .volume = 5,
        };

        g_array_append_val(candles, candle);
    }
}

void
kw_engine_rig_add_demo_pairs(KwEngineRig *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < kw_dataset_get_n_entries(dataset); i++) {
        const KwDatasetEntry *entry = kw_dataset_get_entry(dataset, i);
        const KwSeries *series = entry->file->series;
        GArray *candles = kw_engine_rig_add_pair(self, entry->name.pair.name);

        for (gsize row = 0; row < kw_series_get_length(series); row++) {
            KwCandle candle = kw_series_get(series, row);

            g_array_append_val(candles, candle);
        }
    }
}

void
kw_engine_rig_set_strategy(KwEngineRig *self, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(self->root, "strategy.lua", NULL);

    if (text != NULL)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    else
        (void) g_remove(path);
    g_free(self->settings.strategy_path);
    self->settings.strategy_path = g_steal_pointer(&path);
}

void
kw_engine_rig_set_volume_strategy(KwEngineRig *self, const gchar *extra)
{
    g_autofree gchar *text = g_strdup_printf(VOLUME_STRATEGY, extra);

    kw_engine_rig_set_strategy(self, text);
}

/* -- running it -- */

static void
on_event(KwEngine *engine, const KwEvent *event, gpointer user_data)
{
    KwEngineRig *self = user_data;

    (void) engine;
    g_ptr_array_add(self->events, g_memdup2(event, sizeof *event));
}

static void
on_ended(KwEngine *engine, gpointer user_data)
{
    (void) engine;
    ((KwEngineRig *) user_data)->is_ended = TRUE;
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    (void) engine;
    g_test_message("fatal: %s", message);
    ((KwEngineRig *) user_data)->is_fatal = TRUE;
}

static KwReplayFeed *
make_feed(KwEngineRig *self, GError **error)
{
    g_autofree KwReplayPair *pairs = g_new0(KwReplayPair, KW_FEED_MAX_PAIRS);

    for (guint i = 0; i < self->n_pairs; i++) {
        pairs[i].pair = self->pairs[i];
        pairs[i].series = kw_series_new(self->timeframe_us);
        for (guint row = 0; row < self->candles[i]->len; row++)
            (void) kw_series_append(pairs[i].series,
                                    &g_array_index(self->candles[i], KwCandle, row));
    }
    return kw_replay_feed_new(KW_CLOCK(self->clock), pairs, self->n_pairs, error);
}

static void
get_quote(guint index, KwFeedQuote *out, gpointer user_data)
{
    (void) index;
    *out = ((KwEngineRig *) user_data)->quote;
}

gboolean
kw_engine_rig_build(KwEngineRig *self, gint64 from_us, GError **error)
{
    KwEngineParts parts = {.settings = &self->settings, .limits = &self->limits};
    g_autoptr(GArray) config = g_array_new(FALSE, FALSE, sizeof(KwConfigView));

    if (from_us != 0)
        self->from_us = from_us;
    self->is_ended = self->is_fatal = FALSE;
    self->clock = kw_fake_clock_new(MAX(self->from_us, self->now_us));
    self->now_us = 0;
    self->feed = make_feed(self, error);
    if (self->feed == NULL)
        return FALSE;
    self->store = kw_store_open(self->root, KW_CLOCK(self->clock), error);
    if (self->store == NULL)
        return FALSE;
    self->paper = kw_paper_broker_new(self->settings.fee_ratio);
    parts.clock = KW_CLOCK(self->clock);
    parts.feed = KW_FEED(self->feed);
    if (self->is_live) {
        self->quoted = kw_quoted_feed_new(KW_FEED(self->feed), get_quote, self);
        parts.feed = KW_FEED(self->quoted);
    }
    parts.store = self->store;
    parts.broker = KW_BROKER(self->paper);
    parts.paper = self->paper;
    parts.config = config;
    parts.durability = self->durability;
    self->engine = kw_engine_new(&parts, error);
    if (self->engine == NULL)
        return FALSE;
    kw_fake_clock_advance_to(self->clock, kw_engine_get_resume_us(self->engine));
    g_signal_connect(self->engine, "event", G_CALLBACK(on_event), self);
    g_signal_connect(self->engine, "ended", G_CALLBACK(on_ended), self);
    g_signal_connect(self->engine, "fatal", G_CALLBACK(on_fatal), self);
    return TRUE;
}

void
kw_engine_rig_start(KwEngineRig *self, gint64 from_us)
{
    g_autoptr(GError) error = NULL;

    (void) kw_engine_rig_build(self, from_us, &error);
    g_assert_no_error(error);
    kw_engine_start(self->engine);
    kw_engine_rig_settle(self);
}

void
kw_engine_rig_settle(KwEngineRig *self)
{
    for (;;) {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        if (kw_engine_is_idle(self->engine) || self->is_ended || self->is_fatal)
            return;
        (void) g_main_context_iteration(NULL, TRUE);
    }
}

void
kw_engine_rig_run_to(KwEngineRig *self, gint64 until_us)
{
    while (kw_fake_clock_get_next_due_us(self->clock) <= until_us && !self->is_fatal) {
        kw_fake_clock_advance_to(self->clock, kw_fake_clock_get_next_due_us(self->clock));
        kw_engine_rig_settle(self);
    }
    kw_fake_clock_advance_to(self->clock, until_us);
    kw_engine_rig_settle(self);
}

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    kw_engine_stop_finish(KW_ENGINE(source), result);
    *(gboolean *) user_data = TRUE;
}

void
kw_engine_rig_stop(KwEngineRig *self)
{
    gboolean is_done = FALSE;

    kw_engine_stop_async(self->engine, on_stopped, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_engine_rig_crash(self);
}

void
kw_engine_rig_crash(KwEngineRig *self)
{
    if (self->engine != NULL)
        g_signal_handlers_disconnect_by_data(self->engine, self);
    /* what was appended is on disk, what comes now is not: as if the process had died here */
    if (self->store != NULL)
        kw_store_close(self->store);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_clear_object(&self->engine);
    g_clear_object(&self->store);
    g_clear_object(&self->paper);
    g_clear_object(&self->quoted);
    g_clear_object(&self->feed);
    g_clear_object(&self->clock);
}

/* -- what became of it -- */

guint
kw_engine_rig_count_events(const KwEngineRig *self, KwEventKind kind)
{
    guint n = 0;

    for (guint i = 0; i < self->events->len; i++)
        n += ((const KwEvent *) self->events->pdata[i])->kind == kind;
    return n;
}

const KwEvent *
kw_engine_rig_last_event(const KwEngineRig *self, KwEventKind kind)
{
    for (guint i = self->events->len; i > 0; i--) {
        const KwEvent *event = self->events->pdata[i - 1];

        if (event->kind == kind)
            return event;
    }
    return NULL;
}

KwBook *
kw_engine_rig_get_book(KwEngineRig *self)
{
    return kw_engine_get_book(self->engine);
}
