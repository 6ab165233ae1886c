/* kw-verb-run.c: kurswart run
 *
 * With real money the conditions of kw-go-live.c stand between the candles and the store: one
 * that is not met ends the start, and nothing was sent but questions.
 *
 * Order of a start: configuration checked (nothing is opened before), lock of the data root,
 * candles, store, engine, admin socket, READY. SIGTERM finishes the row under way, writes what
 * is queued and ends with 0. When the store is broken the process ends with 74 and systemd
 * starts it anew; what is durable is the truth then. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-run.h"

#include "kw-cli.h"
#include "kw-front.h"
#include "kw-i18n.h"
#include "kw-live-start.h"
#include "kw-live-watch.h"
#include "kw-lock-file.h"
#include "kw-rig.h"
#include "kw-source.h"

#include <glib-unix.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define PROBE_S 60
#define NIGHT_PAUSE_US (10 * G_TIME_SPAN_MINUTE)
#define WATCHDOG_LATE_US (5 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    gchar *config, *limits, *root;
    gdouble speed; /* < 0: the configuration's */
    KwSettings *settings;
    KwClaude *claude; /* NULL: no language model */
    KwLockFile *lock;
    KwLiveSource live;  /* empty while candles are replayed */
    KwLiveStart start;  /* empty on paper */
    KwLiveWatch *watch; /* likewise */
    KwRig *rig;
    KwFront *front;
    GMainLoop *loop;
    gboolean is_stopping;
    int status;
} Daemon;

/* -- end -- */

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Daemon *self = user_data;

    kw_engine_stop_finish(KW_ENGINE(source), result);
    g_main_loop_quit(self->loop);
}

static gboolean
on_signal(gpointer user_data)
{
    Daemon *self = user_data;

    if (self->is_stopping)
        return G_SOURCE_CONTINUE;
    self->is_stopping = TRUE;
    (void) sd_notify(0, "STOPPING=1");
    kw_log_message("stopping");
    if (self->rig->pacer != NULL)
        kw_pacer_pause(self->rig->pacer);
    kw_engine_stop_async(kw_bot_get_engine(self->rig->bot), on_stopped, self);
    return G_SOURCE_CONTINUE;
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    Daemon *self = user_data;

    (void) engine;
    kw_log_critical("the store is broken; ending so that the next start reads what is durable",
                    "KW_ERROR", message);
    self->status = EX_IOERR;
    g_main_loop_quit(self->loop);
}

/* -- signs of life -- */

static gboolean
on_watchdog(gpointer user_data)
{
    (void) user_data;
    (void) sd_notify(0, "WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

/* A disk that broke in a quiet hour */
static gboolean
on_probe(gpointer user_data)
{
    Daemon *self = user_data;

    kw_engine_probe(kw_bot_get_engine(self->rig->bot));
    return G_SOURCE_CONTINUE;
}

static guint
start_watchdog(void)
{
    guint64 interval_us = 0;

    if (sd_watchdog_enabled(0, &interval_us) <= 0)
        return 0;
    return g_timeout_add((guint) (interval_us / 2000), on_watchdog, NULL);
}

static void
on_ready(KwEngine *engine, gpointer user_data)
{
    Daemon *self = user_data;

    g_signal_handlers_disconnect_by_func(engine, on_ready, user_data);
    (void) sd_notifyf(0, "READY=1\nSTATUS=%s", kw_mode_to_string(self->settings->book.mode));
    kw_log_message("ready", "KW_SOCKET", self->settings->socket);
}

/* -- start -- */

static int
load_settings(Daemon *self)
{
    KwSettingsPaths paths = {self->config, self->limits, self->root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_auto(GStrv) environment = g_get_environ();

    self->settings =
        kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);
    if (self->settings == NULL)
        return kw_cli_report_problems(problems);
    return 0;
}

static int
report_lock(Daemon *self, const GError *error)
{
    gint pid = kw_lock_file_get_holder(self->settings->root);
    g_autofree gchar *text = NULL;

    if (pid <= 0)
        return kw_cli_fail_error(error, NULL);
    text = g_strdup_printf(_("the bot runs already: process %d holds %s"), pid,
                           self->settings->root);
    return kw_cli_fail(EX_TEMPFAIL, text,
                       _("talk to the running one with kurswart tell, or stop it first"));
}

static int
report_damage(const GError *error)
{
    return kw_cli_fail_error(error, _("kurswart doctor names the damage; kurswart restore "
                                      "brings a backup back"));
}

static gboolean
is_live_feed(const Daemon *self)
{
    return strcmp(kw_config_get_string(self->settings->bot, "feed", "kind"), "replay") != 0;
}

static gboolean
is_real_money(const Daemon *self)
{
    return self->settings->book.mode == KW_MODE_LIVE;
}

static int
build_replay(Daemon *self, KwClock *clock, KwRigOptions *options)
{
    const KwConfig *config = self->settings->bot;
    g_autoptr(KwReplayFeed) feed = NULL;
    g_autoptr(GError) error = NULL;
    KwDate from;

    feed = kw_source_open(self->settings, clock, &error);
    if (feed == NULL)
        return kw_cli_fail_error(
            error, _("kurswart data import FILE..., or [feed] path in kurswart.conf"));
    options->feed = feed;
    self->settings->nightly.pause_us = NIGHT_PAUSE_US;
    options->speed =
        self->speed >= 0 ? self->speed : kw_config_get_double(config, "feed", "speed");
    options->pace = options->speed;
    if (kw_config_get_date(config, "feed", "from", &from))
        options->from_us = kw_zone_get_day_start_us(self->settings->zone, from);
    if (self->settings->book.is_maker)
        g_printerr(
            "kurswart: %s\n",
            _("entry_order = maker does not count: a replay has no order book, so entries "
              "are at the market and pay fee; a backtest reckons with waiting ones"));
    self->rig = kw_rig_new(KW_FAKE_CLOCK(clock), options, &error);
    return self->rig != NULL ? 0 : report_damage(error);
}

static int
report_no_way(const Daemon *self, const GError *error)
{
    return kw_cli_fail_error(error, kw_mt5_access_is_wanted(self->settings)
                                        ? kw_mt5_access_get_mend(error)
                                        : _("is there a way to the exchange, and are [trading] "
                                            "pairs traded there? [feed] kind = replay works "
                                            "without"));
}

static int
build_live(Daemon *self, KwClock *clock, KwRigOptions *options)
{
    g_auto(GStrv) names = kw_source_list_pairs(self->settings);
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!kw_live_source_open(&self->live, self->settings, (const gchar *const *) names, clock,
                             &error))
        return report_no_way(self, error);
    options->pace = 1;
    if (is_real_money(self)) {
        status = kw_live_start_run(&self->live, self->settings, (const gchar *const *) names,
                                   clock, &self->start);
        if (status != 0)
            return status;
        options->exchange = kw_live_source_get_broker(&self->live);
        options->venue = &self->settings->venue;
    }
    self->rig = kw_rig_new_live(clock, kw_live_source_get_feed(&self->live), options, &error);
    if (self->rig == NULL)
        return report_damage(error);
    if (is_real_money(self) && !kw_go_live_begin(self->start.go_live, &error))
        return report_damage(error);
    if (is_real_money(self))
        self->watch =
            kw_live_watch_new(&(KwLiveWatchOptions){.live = &self->live,
                                                    .names = (const gchar *const *) names,
                                                    .settings = self->settings,
                                                    .clock = clock,
                                                    .engine = kw_bot_get_engine(self->rig->bot),
                                                    .probation = &self->start.probation});
    return 0;
}

static int
build(Daemon *self, KwClock *clock, KwLog *log)
{
    g_autoptr(GError) error = NULL;
    KwRigOptions options = {
        .settings = self->settings,
        .log = log,
        .nightly = &self->settings->nightly,
        .durability = KW_DURABILITY_GROUP,
    };
    int status;

    self->lock = kw_lock_file_take(self->settings->root, &error);
    if (self->lock == NULL)
        return report_lock(self, error);
    if (is_real_money(self) && !is_live_feed(self))
        return kw_cli_fail(EX_CONFIG, _("real money needs live prices"),
                           _("[feed] kind = kraken, or mt5"));
    self->claude = kw_claude_new(self->settings, log, NULL, &error);
    if (error != NULL)
        return kw_cli_fail_as(EX_CONFIG, error,
                              _("kurswart.conf(5) explains the section [claude]"));
    options.claude = self->claude;
    status = is_live_feed(self) ? build_live(self, clock, &options)
                                : build_replay(self, clock, &options);
    if (status != 0)
        return status;
    self->front = kw_front_new(&(KwFrontOptions){.bot = self->rig->bot,
                                                 .market_clock = self->rig->time,
                                                 .settings = self->settings,
                                                 .log = log},
                               &error);
    if (self->front == NULL)
        return kw_cli_fail_error(error, _("is the folder of the admin socket writable?"));
    return 0;
}

static void
run_loop(Daemon *self)
{
    KwEngine *engine = kw_bot_get_engine(self->rig->bot);
    guint watchdog = start_watchdog();
    guint probe = g_timeout_add_seconds(PROBE_S, on_probe, self);

    self->loop = g_main_loop_new(NULL, FALSE);
    (void) g_unix_signal_add(SIGTERM, on_signal, self);
    (void) g_unix_signal_add(SIGINT, on_signal, self);
    g_signal_connect(engine, "fatal", G_CALLBACK(on_fatal), self);
    g_signal_connect(engine, "idle", G_CALLBACK(on_ready), self);
    kw_bot_start(self->rig->bot);
    if (self->rig->pacer != NULL)
        kw_pacer_run(self->rig->pacer, G_MAXINT64, NULL, NULL);
    g_main_loop_run(self->loop);
    g_source_remove(probe);
    if (watchdog != 0)
        g_source_remove(watchdog);
    g_clear_pointer(&self->loop, g_main_loop_unref);
}

static void
daemon_clear(Daemon *self)
{
    g_clear_pointer(&self->front, kw_front_free);
    g_clear_pointer(&self->watch, kw_live_watch_free);
    g_clear_pointer(&self->rig, kw_rig_free);
    g_clear_pointer(&self->start.go_live, kw_go_live_free);
    kw_live_source_clear(&self->live);
    g_clear_pointer(&self->claude, kw_claude_free);
    g_clear_pointer(&self->lock, kw_lock_file_free);
    g_clear_pointer(&self->settings, kw_settings_free);
    g_free(self->config);
    g_free(self->limits);
    g_free(self->root);
}

static KwLogFormat
log_format(const KwSettings *settings)
{
    KwLogFormat format = KW_LOG_FORMAT_AUTO;

    (void) kw_log_format_from_string(kw_config_get_string(settings->bot, "log", "format"),
                                     &format, NULL);
    return format;
}

int
kw_verb_run(int argc, char **argv)
{
    Daemon self = {.speed = -1};
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self.config, N_("kurswart.conf to read"),
         "FILE"},
        {"limits", 0, 0, G_OPTION_ARG_FILENAME, &self.limits, N_("limits.conf to read"),
         "FILE"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self.root, N_("data root"), "DIR"},
        {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &self.speed,
         N_("market seconds in a second; 0 as fast as it goes"), "X"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(KwClock) clock = NULL;
    KwLog *log;
    int status = 0;

    if (!kw_cli_parse(&argc, &argv, entries, _("The daemon: feed, strategy, risk, chat."),
                      "kurswart run --config ~/.config/kurswart/kurswart.conf", &status))
        return status;
    self.status = load_settings(&self);
    if (self.status == 0) {
        clock = is_live_feed(&self) ? KW_CLOCK(kw_system_clock_new())
                                    : KW_CLOCK(kw_fake_clock_new(0));
        log = kw_log_new(clock, STDERR_FILENO, log_format(self.settings), 500);
        kw_settings_apply_log(self.settings, log);
        kw_log_install(log);
        self.status = build(&self, clock, log);
    }
    if (self.status == 0)
        run_loop(&self);
    daemon_clear(&self);
    return self.status;
}
