/* loop-replay-bot.c: the engine over recorded candles at full speed, as a process that can be
 * killed
 *
 * Prints a line for each trade once it is in the ledger ("ack entry 7", "ack exit 7"), "done"
 * when the stretch is over and everything is on disk. Started again on the same data root, it
 * goes on where the one before was killed. With --pause-at it says "pause" at that market time
 * and waits for a byte, so that a tracer can take over just before a row is decided. */
#include "kw-build-data.h"
#include "kw-dataset.h"
#include "kw-replay-rig.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

typedef struct {
    gchar *root, *strategy;
    gint64 from_us, until_us, pause_us;
    gboolean is_nightly, is_grouped;
} Options;

/* One write each, so that a kill leaves whole lines. */
static void
say(const gchar *line)
{
    gsize n = strlen(line);

    if (write(STDOUT_FILENO, line, n) != (gssize) n)
        _exit(EX_IOERR);
}

static void
wait_for_byte(void)
{
    gchar byte;

    say("pause\n");
    if (read(STDIN_FILENO, &byte, 1) != 1)
        _exit(EX_IOERR);
}

/* Everything before is on disk, the trade that @user_data tells of as well. */
static void
on_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree gchar *line = user_data;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, NULL))
        say(line);
}

static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, gpointer user_data)
{
    KwJournal *journal = user_data;
    gchar line[64];

    (void) oms;
    if (outcome->order.state != KW_ORDER_STATE_FILLED)
        return;
    g_snprintf(line, sizeof line, "ack %s %" G_GINT64_FORMAT "\n",
               outcome->order.side == KW_SIDE_BUY ? "entry" : "exit", outcome->trade.id);
    kw_journal_append_async(journal, kw_batch_new(), NULL, on_durable, g_strdup(line));
}

static KwFeed *
load_feed(KwClock *clock, gint64 from_us, GError **error)
{
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, error);

    if (dataset == NULL)
        return NULL;
    return KW_FEED(kw_dataset_take_feed(dataset, clock, from_us, G_MAXINT64, error));
}

static gboolean
play(const Options *options, GError **error)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(options->from_us);
    g_autoptr(KwFeed) feed = load_feed(KW_CLOCK(clock), options->from_us, error);
    g_autoptr(KwReplayRig) rig = kw_replay_rig_new(options->root, options->strategy);
    KwLog *log = kw_log_new(KW_CLOCK(clock), STDERR_FILENO, KW_LOG_FORMAT_TEXT, 10);

    kw_log_set_level(log, G_LOG_LEVEL_CRITICAL);
    kw_log_install(log);
    if (options->is_nightly)
        rig->nightly = &kw_nightly_plan_default;
    if (options->is_grouped)
        rig->durability = KW_DURABILITY_GROUP;
    if (feed == NULL || !kw_replay_rig_open(rig, clock, feed, error))
        return FALSE;
    g_signal_connect(kw_replay_rig_get_book(rig)->oms, "settled", G_CALLBACK(on_settled),
                     kw_engine_get_journal(rig->engine));
    kw_replay_rig_start(rig);
    if (options->pause_us > 0) {
        kw_replay_rig_run(rig, options->pause_us);
        wait_for_byte();
    }
    kw_replay_rig_run(rig, options->until_us);
    kw_replay_rig_stop(rig);
    say("done\n");
    return TRUE;
}

int
main(int argc, char **argv)
{
    Options options = {0};
    const GOptionEntry entries[] = {
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &options.root, "data root", "DIR"},
        {"strategy", 0, 0, G_OPTION_ARG_FILENAME, &options.strategy, "Lua file", "FILE"},
        {"from", 0, 0, G_OPTION_ARG_INT64, &options.from_us, "first opening", "US"},
        {"until", 0, 0, G_OPTION_ARG_INT64, &options.until_us, "end of the stretch", "US"},
        {"pause-at", 0, 0, G_OPTION_ARG_INT64, &options.pause_us, "wait here", "US"},
        {"grouped", 0, 0, G_OPTION_ARG_NONE, &options.is_grouped, "syncs are shared", NULL},
        {"nightly", 0, 0, G_OPTION_ARG_NONE, &options.is_nightly, "backups too", NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    gboolean is_ok;

    g_resources_register(kw_data_get_resource());
    g_option_context_add_main_entries(context, entries, NULL);
    is_ok = g_option_context_parse(context, &argc, &argv, &error) && options.root != NULL &&
            options.strategy != NULL && play(&options, &error);
    if (!is_ok)
        g_printerr("replay-bot: %s\n", error != NULL ? error->message : "--root? --strategy?");
    g_free(options.root);
    g_free(options.strategy);
    return is_ok ? EX_OK : EX_SOFTWARE;
}
