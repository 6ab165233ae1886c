#include "kw-replay-rig.h"

#include "kw-control.h"

static KwDecimal
whole(gint64 value)
{
    return (KwDecimal){.mant = value};
}

static void
set_defaults(KwReplayRig *self, const gchar *strategy)
{
    self->settings = (KwBookSettings){
        .mode = KW_MODE_DRYRUN,
        .stake =
            {
                .stake_amount = whole(100),
                .max_open_trades = 5,
                .tradable_balance_ratio = 0.99,
                .last_stake_min_ratio = 0.5,
                .amount_reserve_ratio = 0.05,
            },
        .max_open_trades = 5,
        .fee_ratio = 0.001,
        .threshold = 0.5,
        .starting_capital = whole(1000),
        .history_rows = 500,
        .digest_minute = 20 * 60,
        .strategy_path = g_strdup(strategy),
        .zone = g_strdup("Europe/Vienna"),
        .daily_zone = g_strdup("Europe/Vienna"),
    };
    self->limits = (KwLimits){
        .max_open_trades = 10,
        .max_data_age_candles = 2.0,
        .max_price_jump_ratio = 0.5,
        .max_spread_ratio = 0.05,
    };
}

KwReplayRig *
kw_replay_rig_new(const gchar *root, const gchar *strategy)
{
    KwReplayRig *self = g_new0(KwReplayRig, 1);

    self->root = g_strdup(root);
    self->events = g_array_new(FALSE, FALSE, sizeof(KwEvent));
    self->config = g_array_new(FALSE, TRUE, sizeof(KwConfigView));
    set_defaults(self, strategy);
    return self;
}

void
kw_replay_rig_free(KwReplayRig *self)
{
    if (self == NULL)
        return;
    kw_replay_rig_close(self);
    g_clear_object(&self->broker);
    g_array_unref(self->events);
    g_array_unref(self->config);
    g_free(self->settings.strategy_path);
    g_free(self->settings.zone);
    g_free(self->settings.daily_zone);
    g_free(self->fatal);
    g_free(self->root);
    g_free(self);
}

/* -- open and close -- */

static void
on_event(KwEngine *engine, const KwEvent *event, gpointer user_data)
{
    KwReplayRig *self = user_data;

    (void) engine;
    g_array_append_vals(self->events, event, 1);
}

static void
on_ended(KwEngine *engine, gpointer user_data)
{
    (void) engine;
    ((KwReplayRig *) user_data)->is_ended = TRUE;
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    KwReplayRig *self = user_data;

    (void) engine;
    g_free(self->fatal);
    self->fatal = g_strdup(message);
}

static gboolean
open_engine(KwReplayRig *self, GError **error)
{
    KwEngineParts parts = {
        .settings = &self->settings,
        .limits = &self->limits,
        .clock = KW_CLOCK(self->clock),
        .feed = self->feed,
        .store = self->store,
        .broker = self->broker != NULL ? self->broker : KW_BROKER(self->paper),
        .paper = self->paper,
        .config = self->config,
        .nightly = self->nightly,
        .durability = self->durability,
    };

    self->engine = kw_engine_new(&parts, error);
    if (self->engine == NULL)
        return FALSE;
    g_signal_connect(self->engine, "event", G_CALLBACK(on_event), self);
    g_signal_connect(self->engine, "ended", G_CALLBACK(on_ended), self);
    g_signal_connect(self->engine, "fatal", G_CALLBACK(on_fatal), self);
    return TRUE;
}

gboolean
kw_replay_rig_open(KwReplayRig *self, KwFakeClock *clock, KwFeed *feed, GError **error)
{
    g_return_val_if_fail(self->engine == NULL, FALSE);

    self->is_ended = FALSE;
    self->clock = g_object_ref(clock);
    self->feed = g_object_ref(feed);
    self->store = kw_store_open(self->root, KW_CLOCK(clock), error);
    if (self->broker == NULL)
        self->paper = kw_paper_broker_new(self->settings.fee_ratio);
    if (self->store == NULL || !open_engine(self, error)) {
        kw_replay_rig_close(self);
        return FALSE;
    }
    kw_fake_clock_advance_to(clock, kw_engine_get_resume_us(self->engine));
    return TRUE;
}

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    kw_engine_stop_finish(KW_ENGINE(source), result);
    *(gboolean *) user_data = TRUE;
}

void
kw_replay_rig_stop(KwReplayRig *self)
{
    gboolean is_done = FALSE;

    kw_engine_stop_async(self->engine, on_stopped, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
    kw_replay_rig_close(self);
}

void
kw_replay_rig_close(KwReplayRig *self)
{
    if (self->engine != NULL)
        g_signal_handlers_disconnect_by_data(self->engine, self);
    g_clear_object(&self->engine);
    if (self->store != NULL)
        kw_store_close(self->store);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_clear_object(&self->store);
    g_clear_object(&self->paper);
    g_clear_object(&self->feed);
    g_clear_object(&self->clock);
}

/* -- running -- */

void
kw_replay_rig_settle(KwReplayRig *self)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    while (!kw_engine_is_idle(self->engine) && !self->is_ended && self->fatal == NULL) {
        (void) g_main_context_iteration(NULL, TRUE);
        while (g_main_context_iteration(NULL, FALSE))
            continue;
    }
}

static void
on_synced(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    *(gboolean *) user_data = TRUE;
}

void
kw_replay_rig_sync(KwReplayRig *self)
{
    gboolean is_done = FALSE;

    kw_journal_append_async(KW_JOURNAL(self->store), kw_batch_new(), NULL, on_synced, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

void
kw_replay_rig_start(KwReplayRig *self)
{
    kw_engine_start(self->engine);
    kw_replay_rig_settle(self);
    kw_replay_rig_sync(self);
}

void
kw_replay_rig_run(KwReplayRig *self, gint64 until_us)
{
    gint64 due_us = kw_fake_clock_get_next_due_us(self->clock);

    while (due_us <= until_us && !self->is_ended && self->fatal == NULL) {
        kw_fake_clock_advance_to(self->clock,
                                 MAX(due_us, kw_clock_now_us(KW_CLOCK(self->clock))));
        kw_replay_rig_settle(self);
        due_us = kw_fake_clock_get_next_due_us(self->clock);
    }
    if (!self->is_ended && self->fatal == NULL)
        kw_fake_clock_advance_to(self->clock, until_us);
}

KwBook *
kw_replay_rig_get_book(KwReplayRig *self)
{
    return kw_engine_get_book(self->engine);
}

/* -- events -- */

guint
kw_replay_rig_count(const KwReplayRig *self, KwEventKind kind)
{
    guint n = 0;

    for (guint i = 0; i < self->events->len; i++)
        n += g_array_index(self->events, KwEvent, i).kind == kind;
    return n;
}

const KwEvent *
kw_replay_rig_last(const KwReplayRig *self, KwEventKind kind)
{
    for (guint i = self->events->len; i > 0; i--) {
        const KwEvent *event = &g_array_index(self->events, KwEvent, i - 1);

        if (event->kind == kind)
            return event;
    }
    return NULL;
}
