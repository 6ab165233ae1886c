/* bench-chat.c: from a message on the socket of signal-cli to its reply there
 *
 * The whole bot on the bundled candles with its store on disk: a line comes, is read, judged,
 * answered and journalled, and the "send" goes out. Beside it the bare round trip over the same
 * socket and the same fake. The clock of channel and guard is moved by hand, so that neither
 * the limit of twenty messages a minute nor that of the post is measured. Then a hundred
 * thousand questions against fixed views, for the memory they leave behind. */
#include "kw-bot.h"
#include "kw-build-data.h"
#include "kw-dataset.h"
#include "kw-fake-day.h"
#include "kw-fake-signal.h"
#include "kw-guard.h"
#include "kw-rig.h"
#include "kw-signal.h"
#include "kw-test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_RUNS 400
#define N_LONG 100000
#define T0_MS (KW_TEST_T0_US / 1000)

typedef struct {
    gchar *folder;
    KwFakeSignal *daemon;
    KwFakeClock *clock;
    KwChannel *channel;
    KwGuard *guard;
    KwRig *rig;       /* NULL: fixed views */
    KwDialog *dialog; /* NULL: the whole bot */
    guint n_said;
} Bench;

typedef struct {
    KwChannel *channel;
    gchar *chat;
    gint64 request;
} Reply;

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwAnswer) answer = kw_bot_answer_finish(KW_BOT(source), result);
    Reply *reply = user_data;

    (void) kw_channel_reply_text(reply->channel, reply->chat, reply->request, answer->text);
    kw_channel_settle(reply->channel, reply->request);
    g_free(reply->chat);
    g_free(reply);
}

static void
on_message(KwChannel *channel, const KwChannelMessage *message, gpointer user_data)
{
    Bench *bench = user_data;
    KwInbound inbound = {.chat = message->chat,
                         .sender = message->sender,
                         .text = message->text,
                         .length = message->length};
    Reply *reply;

    g_assert_cmpint(kw_guard_check(bench->guard, message, KW_GUARD_NORMAL), ==, KW_GUARD_PASS);
    if (bench->dialog != NULL) {
        g_autofree gchar *text = kw_dialog_handle(bench->dialog, &inbound);

        (void) kw_channel_reply_text(channel, message->chat, message->request, text);
        kw_channel_settle(channel, message->request);
        return;
    }
    inbound.sent_us = kw_clock_now_us(KW_CLOCK(bench->rig->clock));
    kw_bot_note(bench->rig->bot, "mark_signal", message->mark);
    reply = g_new0(Reply, 1);
    reply->channel = channel;
    reply->chat = g_strdup(message->chat);
    reply->request = message->request;
    kw_bot_answer_async(bench->rig->bot, &inbound, on_answered, reply);
}

static void
ask(Bench *bench, const gchar *text)
{
    guint n = kw_fake_signal_count(bench->daemon, "send");

    kw_fake_clock_advance(bench->clock, 4 * G_TIME_SPAN_SECOND);
    kw_fake_signal_say(bench->daemon, text, T0_MS + bench->n_said++);
    while (kw_fake_signal_count(bench->daemon, "send") == n)
        (void) g_main_context_iteration(NULL, TRUE);
}

/* A call of the channel there and nothing else: its question for the version */
static void
ask_bare(Bench *bench)
{
    guint n = kw_fake_signal_count(bench->daemon, "version");

    kw_fake_clock_advance(bench->clock, 60 * G_TIME_SPAN_SECOND);
    while (kw_fake_signal_count(bench->daemon, "version") == n)
        (void) g_main_context_iteration(NULL, TRUE);
}

static int
compare(const void *a, const void *b)
{
    gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

    return (difference > 0) - (difference < 0);
}

static void
open_channel(Bench *bench)
{
    static const gchar *const owners[] = {KW_FAKE_SIGNAL_OWNER, NULL};
    static const gchar *const names[] = {KW_SIGNAL_PREFIX KW_FAKE_SIGNAL_OWNER, NULL};
    static const gchar *const nobody[] = {NULL};
    g_autofree gchar *path = g_build_filename(bench->folder, "signal.sock", NULL);

    bench->daemon = kw_fake_signal_new(path);
    bench->clock = kw_fake_clock_new(KW_TEST_T0_US);
    bench->guard = kw_guard_new(KW_CLOCK(bench->clock), names, NULL);
    bench->channel =
        KW_CHANNEL(kw_signal_new(&(KwSignalOptions){.clock = KW_CLOCK(bench->clock),
                                                    .address = path,
                                                    .account = KW_FAKE_SIGNAL_ACCOUNT,
                                                    .owners = owners,
                                                    .readers = nobody,
                                                    .seed = 1},
                                 NULL));
    g_signal_connect(bench->channel, "message", G_CALLBACK(on_message), bench);
    g_assert_true(kw_channel_start(bench->channel, NULL));
    while (!kw_channel_is_online(bench->channel))
        (void) g_main_context_iteration(NULL, TRUE);
}

static KwSettings *
open_bot(Bench *bench)
{
    g_autofree gchar *root = g_build_filename(bench->folder, "root", NULL);
    KwSettingsPaths paths = {KW_SETTINGS_NO_FILE, KW_SETTINGS_NO_FILE, root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, NULL);
    g_autoptr(KwReplayFeed) feed =
        kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, NULL);
    KwSettings *settings = kw_settings_load(&paths, NULL, NULL, problems);

    g_assert_nonnull(settings);
    bench->rig = kw_rig_new(
        clock, &(KwRigOptions){.settings = settings, .feed = feed, .seed = 1, .speed = 1},
        NULL);
    kw_bot_start(bench->rig->bot);
    return settings;
}

static void
measure_latency(Bench *bench)
{
    static const gchar *const questions[] = {"Status", "Wie läuft's heute?", "Offene Trades",
                                             "Wie hoch ist das Risiko?"};
    gdouble whole[N_RUNS], bare[N_RUNS];
    KwSettings *settings = open_bot(bench);

    for (guint i = 0; i < N_RUNS + 20; i++) {
        gint64 start_us = kw_stopwatch_us();

        ask(bench, questions[i % G_N_ELEMENTS(questions)]);
        if (i >= 20)
            whole[i - 20] = (gdouble) (kw_stopwatch_us() - start_us) / 1000;
        if (i % 50 == 0)
            kw_fake_signal_forget(bench->daemon);
    }
    for (guint i = 0; i < N_RUNS; i++) {
        gint64 start_us = kw_stopwatch_us();

        ask_bare(bench);
        bare[i] = (gdouble) (kw_stopwatch_us() - start_us) / 1000;
        if (i % 50 == 0)
            kw_fake_signal_forget(bench->daemon);
    }
    qsort(whole, N_RUNS, sizeof *whole, compare);
    qsort(bare, N_RUNS, sizeof *bare, compare);
    g_print("{\"bench\":\"chat-reply\",\"n\":%d,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
            "\"target_p50_ms\":3,\"target_p99_ms\":25,\"bare_p50_ms\":%.3f,\"bare_p99_ms\":"
            "%.3f,\"ratio_p50\":%.1f}\n",
            N_RUNS, whole[N_RUNS / 2], whole[N_RUNS * 99 / 100], bare[N_RUNS / 2],
            bare[N_RUNS * 99 / 100], whole[N_RUNS / 2] / bare[N_RUNS / 2]);
    g_clear_pointer(&bench->rig, kw_rig_free);
    kw_settings_free(settings);
}

/* -- memory -- */

static void
give_code(gchar *code, gpointer user_data)
{
    g_strlcpy(code, "0000", KW_DIALOG_CODE_SIZE);
}

static gdouble
read_rss_kib(void)
{
    g_autofree gchar *text = NULL;
    g_auto(GStrv) words = NULL;

    g_assert_true(g_file_get_contents("/proc/self/statm", &text, NULL, NULL));
    words = g_strsplit(text, " ", 3);
    return (gdouble) g_ascii_strtoull(words[1], NULL, 10) * (gdouble) getpagesize() / 1024;
}

static void
measure_memory(Bench *bench)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    g_autoptr(KwFakeClock) market = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwZone) zone = kw_zone_new("Europe/Vienna", NULL);
    const KwDialogSettings settings = {.zone = zone, .language = KW_LANGUAGE_DE};
    gint64 start_us = kw_stopwatch_us();
    gdouble before = 0;

    bench->dialog = kw_dialog_new(KW_QUERY(desk), KW_CONTROL(desk), KW_CLOCK(market), &settings,
                                  give_code, NULL);
    for (guint i = 0; i < N_LONG + 2000; i++) {
        ask(bench, "Wie läuft's?");
        if (i % 50 == 0)
            kw_fake_signal_forget(bench->daemon);
        if (i == 2000)
            before = read_rss_kib();
    }
    g_print("{\"bench\":\"chat-memory\",\"n\":%d,\"growth_kib\":%.0f,\"target_kib\":1024,"
            "\"rss_mib\":%.1f,\"us_each\":%.0f}\n",
            N_LONG, read_rss_kib() - before, read_rss_kib() / 1024,
            (gdouble) (kw_stopwatch_us() - start_us) / (N_LONG + 2000));
    g_clear_pointer(&bench->dialog, kw_dialog_free);
}

int
main(void)
{
    Bench bench = {.folder = kw_test_tmp_dir_new()};

    g_assert_nonnull(kw_data_get_resource());
    kw_test_quiet_log();
    open_channel(&bench);
    measure_latency(&bench);
    measure_memory(&bench);
    kw_channel_stop(bench.channel);
    g_object_unref(bench.channel);
    kw_guard_free(bench.guard);
    kw_fake_signal_free(bench.daemon);
    g_object_unref(bench.clock);
    kw_test_tmp_dir_free(bench.folder);
    return 0;
}
