#define G_LOG_DOMAIN "kw-app"

#include "kw-rig.h"

#include "kw-error.h"
#include "kw-execution.h"
#include "kw-log.h"

#define WARM_UP_US (14 * G_TIME_SPAN_DAY)
#define FRICTION_SEED 1 /* as backtest takes it: the same draws */

gint64
kw_rig_find_start(const KwRigOptions *options)
{
    gint64 first_us = kw_replay_feed_get_first_us(options->feed);
    gint64 from_us = options->from_us;

    if (from_us == 0)
        from_us = kw_zone_floor_day_us(options->settings->zone, first_us + WARM_UP_US);
    return MAX(from_us, first_us);
}

static gboolean
take_feed(KwRig *self, const KwRigOptions *options, GError **error)
{
    self->start_us = kw_rig_find_start(options);
    if (self->start_us > kw_replay_feed_get_last_us(options->feed)) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                            "the candles end before the wanted start");
        return FALSE;
    }
    self->feed = g_object_ref(options->feed);
    kw_fake_clock_advance_to(self->clock, self->start_us);
    return TRUE;
}

/* What the nightly work has measured so far; without a file that can be read all stays. */
static void
pay_as_measured(KwRig *self)
{
    g_autofree gchar *latest =
        g_build_filename(self->settings->root, KW_EXECUTION_FOLDER, KW_EXECUTION_LATEST, NULL);
    g_autoptr(GError) error = NULL;
    KwFriction *friction;

    if (!kw_config_get_bool(self->settings->bot, "trading", "measured_execution") ||
        !g_file_test(latest, G_FILE_TEST_EXISTS))
        return;
    friction = kw_friction_load(latest, FRICTION_SEED, 0, &error);
    if (friction == NULL) {
        kw_log_warning("measured execution is not readable; paper fills cost what they did",
                       "KW_ERROR", error->message);
        return;
    }
    kw_paper_broker_set_friction(self->paper, friction);
    for (guint i = 0; i < kw_feed_get_n_pairs(self->source); i++) {
        const KwPair *pair = kw_feed_get_pair(self->source, i);

        kw_paper_broker_set_tick(self->paper, pair->name, pair->price_tick);
    }
}

/* The night has measured anew. */
static void
on_night_over(KwEngine *engine, gpointer user_data)
{
    (void) engine;
    pay_as_measured(user_data);
}

static guint64
list_off_kinds(const KwSettings *settings)
{
    guint64 kinds = 0;

    for (guint kind = 0; kind < KW_N_EVENT_KINDS; kind++)
        if (kw_settings_get_sound(settings, (KwEventKind) kind) == KW_SOUND_OFF)
            kinds |= G_GUINT64_CONSTANT(1) << kind;
    return kinds;
}

static gboolean
build_bot(KwRig *self, const KwRigOptions *options, GError **error)
{
    const KwSettings *settings = options->settings;
    KwBotOptions bot = {
        .parts =
            {
                .settings = &settings->book,
                .limits = &settings->hard,
                .clock = self->time,
                .feed = self->source,
                .store = self->store,
                .broker = self->paper != NULL ? KW_BROKER(self->paper) : options->exchange,
                .paper = self->paper,
                .venue = options->venue,
                .log = options->log,
                .nightly = options->nightly,
                .config = self->config,
                .durability = options->durability,
            },
        .text = settings->text,
        .seed = options->seed,
        .off_kinds = list_off_kinds(settings),
        .paper = settings->paper,
        .claude = options->claude,
    };
    bot.text.pace = options->pace;
    bot.text.redactor = options->log != NULL ? kw_log_get_redactor(options->log) : NULL;
    bot.text.is_synthetic = kw_feed_get_synthetic(self->source);
    self->bot = kw_bot_new(&bot, error);
    if (self->bot == NULL)
        return FALSE;
    if (self->paper != NULL)
        self->on_night_over = g_signal_connect(kw_bot_get_engine(self->bot), "night-over",
                                               G_CALLBACK(on_night_over), self);
    return TRUE;
}

static gboolean
open_store(KwRig *self, const KwRigOptions *options, GError **error)
{
    self->settings = options->settings;
    self->store = kw_store_open(options->settings->root, self->time, error);
    if (options->exchange == NULL) {
        self->paper = kw_paper_broker_new(options->settings->book.fee_ratio);
        kw_paper_broker_set_maker_fee(self->paper, options->settings->book.maker_fee_ratio);
        pay_as_measured(self);
    }
    self->config = kw_settings_list(options->settings);
    return self->store != NULL;
}

/* Market time goes on where it was, as fast as the pacer lets it. */
static void
take_up_time(KwRig *self, const KwRigOptions *options)
{
    KwEngine *engine = kw_bot_get_engine(self->bot);
    gint64 resume_us = kw_engine_get_resume_us(engine);

    if (resume_us > self->start_us) {
        self->start_us = resume_us;
        kw_fake_clock_advance_to(self->clock, resume_us);
    }
    self->pacer = kw_pacer_new(self->clock, engine, options->speed);
}

KwRig *
kw_rig_new(KwFakeClock *clock, const KwRigOptions *options, GError **error)
{
    g_autoptr(KwRig) self = g_new0(KwRig, 1);

    self->clock = g_object_ref(clock);
    self->time = KW_CLOCK(g_object_ref(clock));
    if (!take_feed(self, options, error))
        return NULL;
    self->source = KW_FEED(g_object_ref(self->feed));
    if (!open_store(self, options, error) || !build_bot(self, options, error))
        return NULL;
    take_up_time(self, options);
    return g_steal_pointer(&self);
}

KwRig *
kw_rig_new_live(KwClock *clock, KwFeed *feed, const KwRigOptions *options, GError **error)
{
    g_autoptr(KwRig) self = NULL;
    gboolean is_live = options->settings->book.mode == KW_MODE_LIVE;

    /* never a fall back from real money to paper, or the other way */
    g_return_val_if_fail((options->exchange != NULL) == is_live, NULL);
    g_return_val_if_fail((options->venue != NULL) == is_live, NULL);

    self = g_new0(KwRig, 1);
    self->time = g_object_ref(clock);
    self->source = g_object_ref(feed);
    self->start_us = kw_clock_now_us(clock);
    if (!open_store(self, options, error) || !build_bot(self, options, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
kw_rig_free(KwRig *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->pacer, kw_pacer_free);
    if (self->bot != NULL)
        g_clear_signal_handler(&self->on_night_over, kw_bot_get_engine(self->bot));
    g_clear_object(&self->bot);
    if (self->store != NULL)
        kw_store_close(self->store);
    g_clear_object(&self->store);
    g_clear_object(&self->paper);
    g_clear_object(&self->source);
    g_clear_object(&self->feed);
    g_clear_pointer(&self->config, g_array_unref);
    g_clear_object(&self->time);
    g_clear_object(&self->clock);
    g_free(self);
}
