/* kw-verb-simulate.c: kurswart simulate
 *
 * The days are run by child processes: each plays from where the one before was killed to its
 * own SIGKILL, the last one to an orderly end. So what a restart has to bring back is really
 * gone. At the end the hash of everything that was left must be the same on every run. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-simulate.h"

#include "kw-chatter.h"
#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-rig.h"
#include "kw-script.h"
#include "kw-simulate-faults.h"
#include "kw-source.h"
#include "kw-state-hash.h"
#include "kw-store.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#define USUAL_DAYS 7

typedef struct {
    /* options */
    gint days, segment; /* segment >= 0: this is a child */
    gint64 seed;
    gdouble speed;
    gchar *root, *from, *data, *faults;
    gboolean is_json, is_verbose;
    /* parent */
    GMainLoop *loop;
    guint n_lines, n_kills;
    int status;
    /* child */
    KwSettings *settings;
    KwRig *rig;
    KwChatter *chatter;
    gint64 kill_us, end_us;
} Sim;

/* -- child: answers and messages -- */

static void
on_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    Sim *sim = user_data;

    (void) event;
    kw_bot_mark_delivered(bot, key);
    if (sim->is_verbose)
        g_printerr("%s\n\n", text);
}

/* At full speed a code would be too old before the answer to it is on disk. */
static void
on_said(gpointer user_data)
{
    kw_pacer_hold(((Sim *) user_data)->rig->pacer);
}

static void
on_answered(gpointer user_data)
{
    kw_pacer_release(((Sim *) user_data)->rig->pacer);
}

/* -- child: its end -- */

static void
print_counts(Sim *sim)
{
    g_print("{\"lines\":%u}\n", kw_chatter_get_n_lines(sim->chatter));
}

static void
on_orderly_end(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Sim *sim = user_data;

    kw_engine_stop_finish(KW_ENGINE(source), result);
    print_counts(sim);
    g_main_loop_quit(sim->loop);
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_market_store_flush_finish(KW_MARKET_STORE(source), result, NULL);
    print_counts(user_data);
    (void) raise(SIGKILL);
}

static void
append_barrier(Sim *sim, GAsyncReadyCallback callback)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_meta(batch, "simulate", "killed", sim->kill_us);
    kw_journal_append_async(kw_engine_get_journal(kw_bot_get_engine(sim->rig->bot)),
                            g_steal_pointer(&batch), NULL, callback, sim);
}

static void
on_deliveries_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Sim *sim = user_data;
    g_autoptr(GError) error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("barrier failed", "KW_ERROR", error->message);
    kw_market_store_flush_async(kw_store_get_market(sim->rig->store), NULL, on_flushed, sim);
}

/* Messages are durable now, and their deliveries are noted behind them. */
static void
on_messages_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    append_barrier(user_data, on_deliveries_durable);
}

/* What was acknowledged is waited for, so that the kill falls on the same state each time. */
static void
on_time_over(gpointer user_data)
{
    Sim *sim = user_data;

    if (sim->kill_us == 0) {
        kw_engine_stop_async(kw_bot_get_engine(sim->rig->bot), on_orderly_end, sim);
        return;
    }
    append_barrier(sim, on_messages_durable);
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    Sim *sim = user_data;

    (void) engine;
    sim->status = kw_cli_fail(EX_IOERR, message, NULL);
    g_main_loop_quit(sim->loop);
}

/* -- building -- */

/* @options get feed and start; @out_feed owns the feed. Returns: 0, or the status of a failure
 * that is told */
static int
open_feed(const Sim *sim, KwClock *clock, KwRigOptions *options, KwReplayFeed **out_feed)
{
    g_autoptr(GError) error = NULL;

    *out_feed = options->feed = kw_source_open_sample(sim->data, clock, &error);
    if (*out_feed == NULL)
        return kw_cli_fail_error(error, _("--data takes a folder or file of candles"));
    if (sim->from != NULL &&
        !kw_cli_parse_date(sim->from, sim->settings->zone, &options->from_us))
        return KW_EXIT_USAGE;
    return 0;
}

/* Returns: when it begins */
static gint64
plan_segment(Sim *sim, gint64 start_us)
{
    gint64 begin_us = start_us;

    if (sim->segment > 0)
        begin_us =
            kw_script_get_kill_us(start_us, (guint) sim->segment - 1, (guint64) sim->seed);
    sim->end_us = start_us + sim->days * G_TIME_SPAN_DAY;
    if (sim->segment < sim->days)
        sim->kill_us =
            kw_script_get_kill_us(start_us, (guint) sim->segment, (guint64) sim->seed);
    kw_fake_clock_advance_to(sim->rig->clock, begin_us);
    return begin_us;
}

static void
start_chatter(Sim *sim, gint64 start_us, gint64 begin_us)
{
    const KwChatterEvents events = {on_said, on_answered, sim->is_verbose};

    sim->chatter =
        kw_chatter_new(sim->rig->bot, sim->rig->time,
                       kw_script_new(start_us, (guint) sim->days, (guint64) sim->seed),
                       begin_us, &events, sim);
}

static int
run_segment(Sim *sim)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    KwLog *log = kw_log_new(KW_CLOCK(clock), STDERR_FILENO, KW_LOG_FORMAT_AUTO, 200);
    KwRigOptions options = {.settings = sim->settings, .log = log};
    g_autoptr(KwReplayFeed) feed = NULL;
    g_autoptr(GError) error = NULL;
    gint64 start_us, begin_us;
    int status = open_feed(sim, KW_CLOCK(clock), &options, &feed);

    if (status != 0)
        return status;

    kw_log_set_level(log, sim->is_verbose ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_CRITICAL);
    kw_log_install(log);
    options.seed = (guint64) sim->seed * 1000 + (guint) sim->segment + 1;
    options.speed = sim->speed;
    options.nightly = &kw_nightly_plan_default;
    options.durability = KW_DURABILITY_GROUP;
    start_us = kw_rig_find_start(&options);
    sim->rig = kw_rig_new(clock, &options, &error);
    if (sim->rig == NULL)
        return kw_cli_fail_error(error, NULL);
    begin_us = plan_segment(sim, start_us);
    g_signal_connect(sim->rig->bot, "message", G_CALLBACK(on_message), sim);
    g_signal_connect(kw_bot_get_engine(sim->rig->bot), "fatal", G_CALLBACK(on_fatal), sim);
    sim->loop = g_main_loop_new(NULL, FALSE);
    kw_bot_start(sim->rig->bot);
    start_chatter(sim, start_us, begin_us);
    kw_pacer_run(sim->rig->pacer, sim->kill_us != 0 ? sim->kill_us : sim->end_us, on_time_over,
                 sim);
    g_main_loop_run(sim->loop);
    g_clear_pointer(&sim->chatter, kw_chatter_free);
    g_clear_pointer(&sim->rig, kw_rig_free);
    return sim->status;
}

/* -- parent -- */

static void
add_counts(Sim *sim, const gchar *output)
{
    g_autoptr(JsonNode) root = json_from_string(output, NULL);
    JsonObject *object;

    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return;
    object = json_node_get_object(root);
    sim->n_lines += (guint) json_object_get_int_member_with_default(object, "lines", 0);
}

static void start_child(Sim *sim);

static void
on_child_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Sim *sim = user_data;
    GSubprocess *child = G_SUBPROCESS(source);
    g_autofree gchar *output = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_killed, is_last = sim->segment == sim->days;

    if (g_subprocess_communicate_utf8_finish(child, result, &output, NULL, &error))
        add_counts(sim, output);
    is_killed =
        g_subprocess_get_if_signaled(child) && g_subprocess_get_term_sig(child) == SIGKILL;
    sim->n_kills += is_killed;
    if (is_last ? !g_subprocess_get_successful(child) : !is_killed) {
        sim->status = kw_cli_fail(EX_SOFTWARE, _("a day of the simulation failed"), NULL);
        g_main_loop_quit(sim->loop);
        return;
    }
    sim->segment++;
    if (is_last)
        g_main_loop_quit(sim->loop);
    else
        start_child(sim);
}

static void
start_child(Sim *sim)
{
    g_autofree gchar *segment = g_strdup_printf("--segment=%d", sim->segment);
    g_autofree gchar *days = g_strdup_printf("--days=%d", sim->days);
    g_autofree gchar *seed = g_strdup_printf("--seed=%" G_GINT64_FORMAT, sim->seed);
    gchar number[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree gchar *speed = NULL;
    g_autofree gchar *root = g_strdup_printf("--root=%s", sim->root);
    g_autofree gchar *from = g_strdup_printf("--from=%s", sim->from);
    g_autofree gchar *data = g_strdup_printf("--data=%s", sim->data);
    const gchar *argv[12] = {"/proc/self/exe", "simulate", segment, days, seed, root};
    g_autoptr(GSubprocess) child = NULL;
    g_autoptr(GError) error = NULL;
    guint n = 6;

    (void) g_ascii_dtostr(number, sizeof number, sim->speed);
    speed = g_strconcat("--speed=", number, NULL);
    argv[n++] = speed;
    if (sim->from != NULL)
        argv[n++] = from;
    if (sim->data != NULL)
        argv[n++] = data;
    if (sim->is_verbose)
        argv[n++] = "--verbose";
    child = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
    if (child == NULL) {
        sim->status = kw_cli_fail_as(EX_OSERR, error, NULL);
        g_main_loop_quit(sim->loop);
        return;
    }
    g_subprocess_communicate_utf8_async(child, NULL, NULL, on_child_done, sim);
}

static int
print_summary(const Sim *sim)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *hash = kw_state_hash_compute(sim->root, &error);

    gint64 n_messages = kw_state_hash_count_messages(sim->root);

    if (hash == NULL)
        return kw_cli_fail_error(error, NULL);

    if (sim->is_json)
        g_print("{\"days\":%d,\"seed\":%" G_GINT64_FORMAT
                ",\"lines\":%u,\"messages\":%" G_GINT64_FORMAT
                ",\"kills\":%u,\"state_hash\":\"%s\"}\n",
                sim->days, sim->seed, sim->n_lines, n_messages, sim->n_kills, hash);
    else
        g_print("%s %d\n%s %u\n%s %" G_GINT64_FORMAT "\n%s %u\n%s %s\n", _("Days:"), sim->days,
                _("Questions and orders answered:"), sim->n_lines, _("Messages sent:"),
                n_messages, _("Killed and started again:"), sim->n_kills, _("State hash:"),
                hash);
    return 0;
}

/* What can be wrong with folder, candles and dates is told once, before the first child. */
static int
check_days(const Sim *sim)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    KwRigOptions options = {.settings = sim->settings};
    g_autoptr(KwReplayFeed) feed = NULL;
    g_autofree gchar *text = NULL;
    gint64 n_days, end_us;
    int status = kw_cli_check_new_root(sim->root);

    if (status != 0)
        return status;
    if (!kw_cli_is_there(sim->data))
        return EX_NOINPUT;
    status = open_feed(sim, KW_CLOCK(clock), &options, &feed);
    if (status != 0)
        return status;
    end_us = kw_replay_feed_get_last_us(feed) + G_TIME_SPAN_DAY - 1;
    n_days = (end_us - kw_rig_find_start(&options)) / G_TIME_SPAN_DAY;
    if (sim->days <= n_days)
        return 0;
    text =
        g_strdup_printf(_("the candles reach for %d days from there"), (gint) MAX(n_days, 0));
    return kw_cli_fail(KW_EXIT_USAGE, text,
                       _("fewer --days, an earlier --from or more --data"));
}

static int
run_all(Sim *sim)
{
    int status = check_days(sim);

    if (status != 0)
        return status;
    sim->loop = g_main_loop_new(NULL, FALSE);
    sim->segment = 0;
    start_child(sim);
    g_main_loop_run(sim->loop);
    return sim->status != 0 ? sim->status : print_summary(sim);
}

static int
load_settings(Sim *sim)
{
    KwSettingsPaths paths = {KW_SETTINGS_NO_FILE, KW_SETTINGS_NO_FILE, sim->root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    const gchar *overrides[] = {"trading.fee=0.001", NULL};

    sim->settings = kw_settings_load(&paths, NULL, overrides, problems);
    return sim->settings == NULL ? kw_cli_report_problems(problems) : 0;
}

static int
run_faults(Sim *sim)
{
    const KwSimulateFaults options = {
        .seeds = sim->faults,
        .n_days = (guint) MAX(sim->days, 0),
        .root = sim->root,
        .is_json = sim->is_json,
        .is_verbose = sim->is_verbose,
    };
    int status = kw_simulate_faults(&options);

    g_free(sim->faults);
    g_free(sim->root);
    g_free(sim->from);
    g_free(sim->data);
    return status;
}

int
kw_verb_simulate(int argc, char **argv)
{
    Sim sim = {.days = -1, .segment = -1, .seed = 1};
    const GOptionEntry entries[] = {
        {"days", 0, 0, G_OPTION_ARG_INT, &sim.days, N_("days to play (7)"), "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &sim.seed, N_("of questions, codes and kills (1)"),
         "N"},
        {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &sim.speed,
         N_("market seconds in a second; 0 as fast as it goes (0)"), "X"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &sim.from, N_("first day, as 2024-03-01"), "DATE"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &sim.data,
         N_("candles of your own, a folder or file"), "DIR"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &sim.root, N_("keep the data in this new folder"),
         "DIR"},
        {"faults", 0, 0, G_OPTION_ARG_STRING, &sim.faults,
         N_("before an exchange that misbehaves; a seed, or seeds as 1..100"), "SEED"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &sim.is_json, N_("the summary as JSON"), NULL},
        {"verbose", 'v', 0, G_OPTION_ARG_NONE, &sim.is_verbose,
         N_("show questions, replies and messages"), NULL},
        {"segment", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &sim.segment, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    gboolean is_scratch;
    int status = 0;

    if (!kw_cli_parse(&argc, &argv, entries,
                      _("Days of the whole bot under a clock set by hand, killed once a day."),
                      "kurswart simulate --days 7 --seed 1", &status))
        return status;
    if (sim.faults != NULL)
        return run_faults(&sim);
    if (sim.days == -1)
        sim.days = USUAL_DAYS;
    if (sim.days < 1)
        return kw_cli_fail(KW_EXIT_USAGE, _("--days must be above zero"), NULL);
    if (sim.speed < 0)
        return kw_cli_fail(KW_EXIT_USAGE, _("--speed must not be below zero"), NULL);
    is_scratch = sim.root == NULL;
    if (is_scratch && (sim.root = kw_cli_make_scratch(&error)) == NULL)
        return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
    status = load_settings(&sim);
    if (status == 0)
        status = sim.segment >= 0 ? run_segment(&sim) : run_all(&sim);
    if (is_scratch)
        kw_cli_remove_scratch(sim.root);
    g_clear_pointer(&sim.settings, kw_settings_free);
    g_clear_pointer(&sim.loop, g_main_loop_unref);
    g_free(sim.root);
    g_free(sim.from);
    g_free(sim.data);
    return status;
}
