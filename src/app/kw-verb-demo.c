/* kw-verb-demo.c: kurswart demo
 *
 * On a terminal market time runs at --speed and what is typed is answered between the messages.
 * Else --days go by as fast as they can, then every input line is answered in order, so that
 * a pipe is a check. The data root is a scratch folder: the demo leaves nothing behind but the
 * pictures that were asked for with --pictures. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-demo.h"

#include "kw-album.h"
#include "kw-cli.h"
#include "kw-model-shelf.h"
#include "kw-rig.h"
#include "kw-source.h"
#include "kw-terminal.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define DEFAULT_SPEED 3600.0 /* a market hour a second */
#define DEFAULT_DAYS 30

typedef struct {
    /* options */
    gint days;
    gdouble speed;
    gint64 seed;
    gchar *from, *strategy, *data, *claude_url, *pictures;
    gboolean is_json, is_quiet;
    /* running */
    KwSettings *settings;
    KwClaude *claude; /* NULL: no language model */
    KwRig *rig;
    KwAlbum *album;       /* NULL: pictures are not wanted */
    KwTerminal *terminal; /* NULL when standard input is no terminal */
    GMainLoop *loop;
    GDataInputStream *input;
    int status;
} Demo;

/* -- output -- */

static void
print_json(const gchar *type, const gchar *text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *line = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "type");
    json_builder_add_string_value(builder, type);
    json_builder_set_member_name(builder, "text");
    json_builder_add_string_value(builder, text);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    line = json_to_string(root, FALSE);
    g_print("%s\n", line);
}

static void
print_text(Demo *demo, const gchar *text)
{
    if (demo->terminal != NULL) {
        g_autofree gchar *spaced = g_strdup_printf("%s\n", text);

        kw_terminal_print(demo->terminal, spaced);
    } else {
        g_print("%s\n\n", text);
    }
}

static void
on_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    Demo *demo = user_data;
    kw_bot_mark_delivered(bot, key);
    if ((demo->is_quiet && kw_event_kind_is_trade(event->kind)) ||
        kw_bot_is_known_to(event, "demo"))
        return;
    if (demo->is_json)
        print_json("event", text);
    else
        print_text(demo, text);
}

static void read_line(Demo *demo);

static void
on_picture(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Demo *demo = user_data;
    g_autoptr(GError) error = NULL;
    g_autofree gchar *path = kw_album_add_finish(KW_BOT(source), result, &error);
    g_autofree gchar *text = NULL;

    if (path != NULL)
        text = g_strdup_printf(_("Picture: %s"), path);
    else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        text = g_strdup_printf(_("No picture: %s"), error->message);
    if (text != NULL && demo->is_json)
        print_json("picture", path != NULL ? path : text);
    else if (text != NULL)
        print_text(demo, text);
    if (demo->input != NULL)
        read_line(demo);
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Demo *demo = user_data;
    g_autoptr(KwAnswer) answer = kw_bot_answer_finish(KW_BOT(source), result);
    KwChartRequest chart;

    if (demo->is_json)
        print_json("reply", answer->text);
    else
        print_text(demo, answer->text);
    if (demo->album != NULL && kw_bot_get_chart(KW_BOT(source), "demo", &chart))
        kw_album_add_async(demo->album, KW_BOT(source), &chart, on_picture, demo);
    else if (demo->input != NULL)
        read_line(demo);
}

static void
answer(Demo *demo, const gchar *line)
{
    KwInbound inbound = {
        .chat = "demo",
        .sender = "owner",
        .text = line,
        .length = strlen(line),
        .sent_us = kw_clock_now_us(KW_CLOCK(demo->rig->clock)),
    };

    kw_bot_answer_async(demo->rig->bot, &inbound, on_answered, demo);
}

/* -- with a terminal -- */

static void
on_typed(const gchar *line, gpointer user_data)
{
    Demo *demo = user_data;

    if (line == NULL || strcmp(line, "/quit") == 0 || strcmp(line, "/ende") == 0)
        g_main_loop_quit(demo->loop);
    else if (line[0] != '\0')
        answer(demo, line);
}

static gboolean
on_signal(gpointer user_data)
{
    Demo *demo = user_data;

    g_main_loop_quit(demo->loop);
    return G_SOURCE_CONTINUE;
}

static void
run_interactive(Demo *demo)
{
    g_print("%s\n\n", _("Kurswart demo: real candles, paper money. Ask in German, for example "
                        "\"Wie ist der Status?\", \"Stopp\" or /help. Ctrl-D ends."));
    demo->terminal = kw_terminal_new("du> ", NULL, on_typed, demo);
    (void) g_unix_signal_add(SIGINT, on_signal, demo);
    (void) g_unix_signal_add(SIGTERM, on_signal, demo);
    kw_bot_start(demo->rig->bot);
    kw_pacer_run(demo->rig->pacer, G_MAXINT64, NULL, NULL);
    g_main_loop_run(demo->loop);
    g_clear_pointer(&demo->terminal, kw_terminal_free);
}

/* -- with a pipe -- */

static void
on_line(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Demo *demo = user_data;
    g_autoptr(GError) error = NULL;
    g_autofree gchar *line =
        g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source), result, NULL, &error);

    if (line == NULL) {
        g_main_loop_quit(demo->loop);
        return;
    }
    if (line[0] != '\0')
        answer(demo, line);
    else
        read_line(demo);
}

static void
read_line(Demo *demo)
{
    g_data_input_stream_read_line_async(demo->input, G_PRIORITY_DEFAULT, NULL, on_line, demo);
}

static void
on_all_told(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    read_line(user_data);
}

/* A message comes when its row is on disk, and a question waits for nothing: without waiting
 * for the rows of all days here, the answer would come first and the end of the input cut them
 * off. */
static void
on_days_over(gpointer user_data)
{
    Demo *demo = user_data;
    KwJournal *journal = kw_engine_get_journal(kw_bot_get_engine(demo->rig->bot));

    kw_journal_append_async(journal, kw_batch_new(), NULL, on_all_told, demo);
}

static void
run_batch(Demo *demo)
{
    g_autoptr(GInputStream) stdin_stream = g_unix_input_stream_new(STDIN_FILENO, FALSE);

    demo->input = g_data_input_stream_new(stdin_stream);
    kw_bot_start(demo->rig->bot);
    kw_pacer_run(demo->rig->pacer, demo->rig->start_us + demo->days * G_TIME_SPAN_DAY,
                 on_days_over, demo);
    g_main_loop_run(demo->loop);
    g_clear_object(&demo->input);
}

static void
on_fatal(KwEngine *engine, const gchar *message, gpointer user_data)
{
    Demo *demo = user_data;

    (void) engine;
    demo->status = kw_cli_fail(EX_IOERR, message, NULL);
    g_main_loop_quit(demo->loop);
}

/* -- building -- */

static KwSettings *
load_settings(const Demo *demo, const gchar *root)
{
    KwSettingsPaths paths = {
        .config = KW_SETTINGS_NO_FILE, .limits = KW_SETTINGS_NO_FILE, .root = root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autofree gchar *strategy = g_strdup_printf(
        "trading.strategy=%s", demo->strategy != NULL ? demo->strategy : "ema_cross.lua");
    g_autofree gchar *claude_url =
        g_strdup_printf("claude.base_url=%s", demo->claude_url != NULL ? demo->claude_url : "");
    /* the candles are Binance's, and so is the fee; limits that end a trial for good are off */
    const gchar *overrides[] = {
        strategy,
        "trading.fee=0.001",
        "limits.max_losses_in_row=0",
        "limits.max_drawdown_ratio=0",
        claude_url,
        NULL,
    };
    KwSettings *settings = kw_settings_load(&paths, NULL, overrides, problems);

    if (settings == NULL)
        (void) kw_cli_report_problems(problems);
    return settings;
}

/* A bare name may be one of the strategies that come along. */
static gboolean
is_path(const gchar *name)
{
    return name != NULL && strchr(name, '/') != NULL;
}

/* The demo's own data folder is empty; models are those of the usual one. A strategy that asks
 * for a model that is not there is told at once, with the command that makes one. */
static gboolean
take_models(KwSettings *settings)
{
    g_autofree gchar *root = kw_settings_dup_usual_root();
    g_autoptr(KwStrategy) strategy =
        kw_strategy_load_file(settings->book.strategy_path, NULL, NULL);
    g_autoptr(KwStrategyColumns) columns = NULL;
    g_autoptr(KwFrame) frame = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gchar *text = NULL;

    g_clear_pointer(&settings->book.models, kw_model_shelf_unref);
    settings->book.models = kw_model_shelf_new(root);
    if (strategy == NULL)
        return TRUE;
    kw_strategy_set_models(strategy, settings->book.models);
    frame = kw_frame_new(kw_series_new(kw_strategy_get_terms(strategy)->timeframe_us));
    columns = kw_strategy_build(strategy, frame, &error);
    if (columns != NULL || strstr(error->message, "model '") == NULL)
        return TRUE;
    text = g_strdup_printf(_("the strategy asks for a model that is not in use (%s)"),
                           error->message);
    (void) kw_cli_fail(EX_CONFIG, text,
                       "kurswart train --data demo && kurswart model promote v1.0.0 --ungated");
    return FALSE;
}

/* The demo needs no network: a language model is asked only where --claude says so, and with no
 * key of the owner's. */
static gboolean
load_claude(Demo *demo, KwLog *log, GError **error)
{
    g_autoptr(KwSecret) key = kw_secret_new("kurswart-demo", strlen("kurswart-demo"));

    if (demo->claude_url == NULL)
        return TRUE;
    demo->claude = kw_claude_new(demo->settings, log, key, error);
    return demo->claude != NULL;
}

static int
build_and_run(Demo *demo, gboolean is_interactive)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    KwLog *log = kw_log_new(KW_CLOCK(clock), STDERR_FILENO, KW_LOG_FORMAT_AUTO, 200);
    g_autoptr(KwReplayFeed) feed = NULL;
    g_autoptr(GError) error = NULL;
    KwRigOptions options = {
        .settings = demo->settings,
        .seed = (guint64) demo->seed,
        .speed = is_interactive ? demo->speed : KW_PACER_FULL_SPEED,
        .pace = is_interactive ? demo->speed : 0,
        .durability = is_interactive ? KW_DURABILITY_STEP : KW_DURABILITY_GROUP,
        .log = log,
    };

    kw_log_set_level(log, G_LOG_LEVEL_CRITICAL);
    kw_log_install(log);
    feed = kw_source_open_sample(demo->data, KW_CLOCK(clock), &error);
    if (feed == NULL)
        return kw_cli_fail_error(error, _("--data takes a folder or file of candles"));
    if (demo->from != NULL &&
        !kw_cli_parse_date(demo->from, demo->settings->zone, &options.from_us))
        return KW_EXIT_USAGE;
    options.feed = feed;
    if (!load_claude(demo, log, &error))
        return kw_cli_fail_as(KW_EXIT_USAGE, error, _("--claude takes a URL"));
    options.claude = demo->claude;
    demo->rig = kw_rig_new(clock, &options, &error);
    if (demo->rig == NULL)
        return kw_cli_fail_error(error, NULL);
    g_signal_connect(demo->rig->bot, "message", G_CALLBACK(on_message), demo);
    g_signal_connect(kw_bot_get_engine(demo->rig->bot), "fatal", G_CALLBACK(on_fatal), demo);
    demo->loop = g_main_loop_new(NULL, FALSE);
    if (demo->pictures != NULL)
        demo->album = kw_album_new(demo->pictures);
    if (is_interactive)
        run_interactive(demo);
    else
        run_batch(demo);
    g_clear_pointer(&demo->loop, g_main_loop_unref);
    g_clear_pointer(&demo->album, kw_album_free);
    g_clear_pointer(&demo->rig, kw_rig_free);
    g_clear_pointer(&demo->claude, kw_claude_free);
    return demo->status;
}

int
kw_verb_demo(int argc, char **argv)
{
    Demo demo = {.days = DEFAULT_DAYS, .speed = DEFAULT_SPEED, .seed = 1};
    const GOptionEntry entries[] = {
        {"days", 0, 0, G_OPTION_ARG_INT, &demo.days,
         N_("days to run when the input is no terminal (30)"), "N"},
        {"speed", 0, 0, G_OPTION_ARG_DOUBLE, &demo.speed,
         N_("market seconds in a second on a terminal (3600)"), "X"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &demo.seed, N_("of the confirmation codes (1)"),
         "N"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &demo.from, N_("first day, as 2024-03-01"), "DATE"},
        {"strategy", 0, 0, G_OPTION_ARG_FILENAME, &demo.strategy,
         N_("strategy file (ema_cross.lua)"), "FILE"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &demo.data,
         N_("candles of your own, a folder or file"), "DIR"},
        {"claude", 0, 0, G_OPTION_ARG_STRING, &demo.claude_url,
         N_("a Messages API to try the language model with"), "URL"},
        {"pictures", 0, 0, G_OPTION_ARG_FILENAME, &demo.pictures,
         N_("where the pictures of replies are kept"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &demo.is_json, N_("one JSON object a line"), NULL},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &demo.is_quiet, N_("no message for each trade"),
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autofree gchar *root = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!kw_cli_parse(&argc, &argv, entries, _("The whole bot on bundled real candles."),
                      "printf 'Wie ist der Status?\\n' | kurswart demo --days 60", &status))
        return status;
    if (demo.days < 1 || demo.speed <= 0)
        return kw_cli_fail(KW_EXIT_USAGE, _("--days and --speed must be above zero"), NULL);
    /* a slip in a name; a strategy that is there and broken starts the bot without */
    if (!kw_cli_is_there(demo.data) ||
        (is_path(demo.strategy) && !kw_cli_is_there(demo.strategy)))
        return EX_NOINPUT;
    root = kw_cli_make_scratch(&error);
    if (root == NULL)
        return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
    demo.settings = load_settings(&demo, root);
    status = EX_CONFIG;
    if (demo.settings != NULL && take_models(demo.settings))
        status = build_and_run(&demo, isatty(STDIN_FILENO) == 1);
    g_clear_pointer(&demo.settings, kw_settings_free);
    kw_cli_remove_scratch(root);
    g_free(demo.from);
    g_free(demo.strategy);
    g_free(demo.data);
    g_free(demo.claude_url);
    g_free(demo.pictures);
    return status;
}
