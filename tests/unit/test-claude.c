/* test-claude.c: [claude] read, and the whole bot asking a Messages API of our own */
#include "kw-claude.h"

#include "kw-build-data.h"
#include "kw-check.h"
#include "kw-dataset.h"
#include "kw-db.h"
#include "kw-error.h"
#include "kw-fake-claude.h"
#include "kw-rig.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define KEY "sk-ant-api03-Canary0Canary1Canary2"

typedef struct {
    gchar *folder;
    KwFakeClaude *vendor;
    KwFakeClock *log_clock;
    KwLog *log;
    KwSettings *settings;
    KwClaude *claude;
    KwRig *rig;
    GMainLoop *loop;
    KwAnswer *answer;
    gchar *later;   /* what the bot has told after its answer */
    gint64 slow_us; /* 0: as it comes along */
} Fixture;

static void
write_secret(Fixture *f, const gchar *name, const gchar *key, gint mode)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    g_assert_true(g_file_set_contents(path, key, -1, NULL));
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void
write_key(Fixture *f, const gchar *key, gint mode)
{
    write_secret(f, KW_VAULT_CLAUDE_KEY, key, mode);
}

/* @more: lines of [claude] */
static void
load_settings(Fixture *f, const gchar *more)
{
    g_autofree gchar *config = g_build_filename(f->folder, "kurswart.conf", NULL);
    g_autofree gchar *root = g_build_filename(f->folder, "root", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, root};
    const gchar *url =
        strstr(more, "base_url") != NULL ? "" : kw_fake_claude_get_url(f->vendor);
    g_autofree gchar *text =
        g_strdup_printf("[secrets]\ndir = %s\n[claude]\n%s%s\n%s", f->folder,
                        *url != '\0' ? "base_url = " : "", url, more);

    g_assert_true(g_file_set_contents(config, text, -1, NULL));
    g_clear_pointer(&f->settings, kw_settings_free);
    f->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    f->folder = kw_test_tmp_dir_new();
    f->vendor = kw_fake_claude_new();
    f->log_clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->log = kw_log_new(KW_CLOCK(f->log_clock), 2, KW_LOG_FORMAT_TEXT, 10);
    f->loop = g_main_loop_new(NULL, FALSE);
    load_settings(f, "");
}

static void
close_bot(Fixture *f)
{
    g_clear_pointer(&f->rig, kw_rig_free);
    g_clear_pointer(&f->claude, kw_claude_free);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    close_bot(f);
    g_clear_pointer(&f->answer, kw_answer_free);
    g_free(f->later);
    kw_settings_free(f->settings);
    kw_fake_claude_free(f->vendor);
    kw_log_free(f->log);
    g_object_unref(f->log_clock);
    g_main_loop_unref(f->loop);
    kw_test_tmp_dir_free(f->folder);
}

/* -- configuration -- */

/* F82: without a key there is no model; one that others may read is not used. */
static void
test_keys(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_claude_new(f->settings, f->log, NULL, &error));
    g_assert_no_error(error);
    (void) kw_test_take_criticals();
    write_key(f, KEY, 0644);
    g_assert_null(kw_claude_new(f->settings, f->log, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
    write_key(f, "two words", 0600);
    g_assert_null(kw_claude_new(f->settings, f->log, NULL, &error));
    g_assert_no_error(error);
    write_key(f, KEY "\n", 0600);
    f->claude = kw_claude_new(f->settings, f->log, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(f->claude);
    g_assert_cmpint(f->claude->limits.day_limit, ==, 500000000);
}

static void
test_faults(Fixture *f, gconstpointer unused)
{
    static const struct {
        const gchar *more, *names;
    } rows[] = {
        {"model = gpt-4\n", "model"},
        {"fallback_model = nobody\n", "fallback_model"},
        {"base_url = http://example.org\n", "base_url"},
        {"provider = vertex\n", "vertex_project"},
        {"models = /nowhere/models.conf\n", "/nowhere"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwSecret) key = kw_secret_new(KEY, strlen(KEY));
        g_autoptr(GError) error = NULL;

        load_settings(f, rows[i].more);
        g_assert_null(kw_claude_new(f->settings, f->log, key, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, rows[i].names));
    }
}

/* -- the whole bot -- */

static void
open_bot(Fixture *f)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(0);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = kw_dataset_load_resource("/kurswart/candles", NULL, &error);
    g_autoptr(KwReplayFeed) feed =
        kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, &error);
    KwRigOptions options = {
        .settings = f->settings, .feed = feed, .seed = 1, .speed = 1, .log = f->log};

    f->claude = kw_claude_new(f->settings, f->log, NULL, &error);
    g_assert_no_error(error);
    if (f->claude != NULL && f->slow_us > 0)
        f->claude->slow_us = f->slow_us;
    options.claude = f->claude;
    f->rig = kw_rig_new(clock, &options, &error);
    g_assert_no_error(error);
    kw_bot_start(f->rig->bot);
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->answer = kw_bot_answer_finish(KW_BOT(source), result);
    g_main_loop_quit(f->loop);
}

static const gchar *
say(Fixture *f, const gchar *text)
{
    KwInbound inbound = {
        .chat = "admin",
        .sender = "1000",
        .text = text,
        .length = strlen(text),
        .sent_us = kw_clock_now_us(KW_CLOCK(f->rig->clock)),
    };

    g_clear_pointer(&f->answer, kw_answer_free);
    kw_bot_answer_async(f->rig->bot, &inbound, on_answered, f);
    g_main_loop_run(f->loop);
    return f->answer->text;
}

static void
push(Fixture *f, gchar *json)
{
    kw_fake_claude_push_message(f->vendor, json);
    g_free(json);
}

/* The rows of the audit trail of a chat, "action detail" each in a line */
static gchar *
read_audit(Fixture *f)
{
    g_autofree gchar *path = g_build_filename(f->folder, "root", "ledger.db", NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    GString *rows = g_string_new(NULL);
    gboolean has_row = TRUE;

    g_assert_true(kw_sql_prepare(
        db, "SELECT action, detail FROM audit WHERE actor = 'admin:1000' ORDER BY id", &stmt,
        NULL));
    while (kw_sql_step_row(stmt, &has_row, NULL) && has_row)
        g_string_append_printf(rows, "%s %s\n", kw_sql_column_text(stmt, 0),
                               kw_sql_column_text(stmt, 1));
    g_assert_true(kw_check_file(path, KW_SCHEMA_LEDGER, NULL, NULL)); /* the chain is whole */
    return g_string_free(rows, FALSE);
}

/* Message, request, calls, decision, effect: each has its row. */
static void
test_audit(Fixture *f, gconstpointer unused)
{
    static const gchar *const parts[] = {
        "analysis ",
        "llm_ask claude-haiku-4-5-20251001 req_fake: 740 tokens",
        "llm_tool balance {}: read",
        "llm_answer words",
        "llm_answer the dialog's words",
        "llm_tool request_safe {\"action\":\"stoppen\"}: passed to the dialog",
        "stop model: "};
    g_autofree gchar *rows = NULL;

    write_key(f, KEY, 0600);
    open_bot(f);
    push(f, kw_fake_claude_call("balance", "{}"));
    push(f, kw_fake_claude_say("Auf dem Konto liegen 1.000,00 USDT."));
    g_assert_nonnull(strstr(say(f, "Warum haben wir Verlust gemacht?"), "💬 Auf dem Konto"));
    g_assert_null(strstr(f->answer->text, "Nicht jede Zahl"));
    push(f, kw_fake_claude_call("request_safe", "{\"action\":\"stoppen\"}"));
    g_assert_nonnull(strstr(say(f, "schick ihn in den Urlaub"), "⏹"));
    g_assert_nonnull(strstr(say(f, "Wie ist der Status?"), "⏹"));
    close_bot(f);
    rows = read_audit(f);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_test_message("%s in %s", parts[i], rows);
        g_assert_nonnull(strstr(rows, parts[i]));
    }
    g_assert_null(strstr(rows, "Canary"));
}

/* Neither file of the store has it, in whatever table. */
static void
assert_not_stored(Fixture *f, const gchar *canary)
{
    g_autofree gchar *root = g_build_filename(f->folder, "root", NULL);
    g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
    const gchar *name;
    guint n = 0;

    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *path = g_build_filename(root, name, NULL);
        g_autofree gchar *bytes = NULL;
        gsize length;

        if (!g_file_get_contents(path, &bytes, &length, NULL))
            continue;
        g_test_message("%s", name);
        g_assert_null(memmem(bytes, length, canary, strlen(canary)));
        n++;
    }
    g_assert_cmpuint(n, >=, 2);
}

/* What the owner types by mistake and what the model answers with: nothing of the whole
 * conversation is kept, sent on or repeated. The token has no shape that says what it is. */
static void
test_canary(Fixture *f, gconstpointer unused)
{
    static const gchar canary[] = "kanarienvogel im bergwerk";

    write_key(f, KEY, 0600);
    write_secret(f, KW_VAULT_MT5_TOKEN, canary, 0600);
    open_bot(f);
    push(f, kw_fake_claude_call("trade_history", "{\"pair\":\"kanarienvogel im bergwerk\"}"));
    push(f, kw_fake_claude_say("Der kanarienvogel im bergwerk und " KEY " waren es."));
    g_assert_nonnull(strstr(say(f, "Warum war kanarienvogel im bergwerk " KEY " im Verlust?"),
                            "Der *** und *** waren es."));
    push(f, kw_fake_claude_say("Auch kanarienvogel im bergwerk."));
    g_assert_nonnull(strstr(say(f, "Analysiere diese Woche"), "Auch ***."));
    push(f, kw_fake_claude_say("Das kenne ich nicht."));
    (void) say(f, "kanarienvogel im bergwerk");
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), >=, 3);
    for (guint i = 0; i < kw_fake_claude_get_n_requests(f->vendor); i++) {
        g_assert_null(strstr(kw_fake_claude_get_body(f->vendor, i), canary));
        g_assert_null(strstr(kw_fake_claude_get_body(f->vendor, i), "Canary"));
    }
    close_bot(f);
    assert_not_stored(f, canary);
    assert_not_stored(f, "Canary");
}

/* The audit trail needs no model for that. */
static void
test_canary_without(Fixture *f, gconstpointer unused)
{
    static const gchar canary[] = "kanarienvogel im bergwerk";

    write_secret(f, KW_VAULT_MT5_TOKEN, canary, 0600);
    open_bot(f);
    g_assert_null(f->claude);
    (void) say(f, "setz kanarienvogel im bergwerk");
    close_bot(f);
    assert_not_stored(f, canary);
}

/* F79: what was used survives a restart. */
static void
test_use_survives(Fixture *f, gconstpointer unused)
{
    write_key(f, KEY, 0600);
    load_settings(f, "budget_day = 0.001\n"); /* a question costs 0.0011 */
    open_bot(f);
    push(f, kw_fake_claude_say("Das war so."));
    g_assert_nonnull(strstr(say(f, "Warum haben wir Verlust gemacht?"), "💬 Das war so."));
    close_bot(f);
    open_bot(f);
    g_assert_nonnull(strstr(say(f, "Warum haben wir Verlust gemacht?"), "Budget"));
    g_assert_nonnull(strstr(say(f, "/tokens"), "860 Tokens"));
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 1);
}

static void
on_message(
    KwBot *bot, const gchar *key, const gchar *text, const KwEvent *event, gpointer user_data)
{
    Fixture *f = user_data;

    if (!g_str_has_prefix(key, "analysis:"))
        return;
    f->later = g_strdup(text);
    g_main_loop_quit(f->loop);
}

/* Figures at once, words when they come; a wish to act is never split so. */
static void
test_slow(Fixture *f, gconstpointer unused)
{
    write_key(f, KEY, 0600);
    f->slow_us = 20 * 1000;
    open_bot(f);
    g_signal_connect(f->rig->bot, "message", G_CALLBACK(on_message), f);
    kw_fake_claude_set_delay_ms(f->vendor, 300);
    push(f, kw_fake_claude_say("Das war so."));
    g_assert_nonnull(strstr(say(f, "Warum haben wir Verlust gemacht?"), "kommt nach"));
    g_assert_null(strstr(f->answer->text, "Das war so."));
    g_assert_null(f->later);
    g_main_loop_run(f->loop);
    g_assert_cmpstr(f->later, ==, "💬 Das war so.");
    push(f, kw_fake_claude_call("request_safe", "{\"action\":\"stoppen\"}"));
    g_assert_nonnull(strstr(say(f, "schick ihn in den Urlaub"), "⏹"));
}

/* Without a key everything is as it was. */
static void
test_without(Fixture *f, gconstpointer unused)
{
    open_bot(f);
    g_assert_null(f->claude);
    g_assert_nonnull(strstr(say(f, "Warum haben wir Verlust gemacht?"), "kein"));
    g_assert_nonnull(strstr(say(f, "/tokens"), "nicht eingerichtet"));
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 0);
}

/* A token of Vertex lasts an hour; the next one is taken from the file without a restart, and
 * is as secret as the first. */
static void
test_vertex_token(Fixture *f, gconstpointer unused)
{
    static const gchar first[] = "ya29.First-Token_0123456789";
    static const gchar second[] = "ya29.Second-Token_0123456789";
    static const gchar question[] = "Warum haben wir Verlust gemacht?";

    load_settings(f, "provider = vertex\nvertex_project = p\nvertex_region = eu\n");
    write_secret(f, KW_VAULT_VERTEX_TOKEN, first, 0600);
    open_bot(f);
    push(f, kw_fake_claude_say("Das war die Marktlage."));
    (void) say(f, question);
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer ya29.First-Token_0123456789");

    write_secret(f, KW_VAULT_VERTEX_TOKEN, second, 0600);
    push(f, kw_fake_claude_say("Das war die Marktlage."));
    (void) say(f, question);
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer ya29.Second-Token_0123456789");

    /* nobody wrote a new one, or half of one: the last goes on */
    write_secret(f, KW_VAULT_VERTEX_TOKEN, "", 0600);
    push(f, kw_fake_claude_say("Das war die Marktlage."));
    (void) say(f, "Und warum ist "
                  "ya29.Second-Token_0123456789"
                  " so?");
    g_assert_cmpstr(kw_fake_claude_get_header(f->vendor, "authorization"), ==,
                    "Bearer ya29.Second-Token_0123456789");
    for (guint i = 0; i < kw_fake_claude_get_n_requests(f->vendor); i++)
        g_assert_null(strstr(kw_fake_claude_get_body(f->vendor, i), "-Token_"));
}

/* A key file that is of no use is said in the log, and is no reason to end. */
static void
test_vertex_account(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    load_settings(f, "provider = vertex\nvertex_project = p\nvertex_region = eu\n");
    write_secret(f, KW_VAULT_VERTEX_ACCOUNT, "{\"client_email\":\"a\"}", 0600);
    (void) kw_test_take_criticals();
    g_assert_null(kw_claude_new(f->settings, f->log, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(kw_test_take_criticals(), ==, 1);
}

/* A question comes with the readings as buttons, whoever asks it; an answer without. */
static void
test_choices(Fixture *f, gconstpointer unused)
{
    write_key(f, KEY, 0600);
    open_bot(f);
    push(f, kw_fake_claude_say("Was meinst du damit?"));
    (void) say(f, "Quaxelbrumm");
    g_assert_cmpuint(kw_fake_claude_get_n_requests(f->vendor), ==, 1);
    g_assert_cmpuint(f->answer->n_choices, ==, 3);
    g_assert_cmpstr(f->answer->choices[1].text, ==, "Stopp");

    push(f, kw_fake_claude_say("Das ist ein erfundenes Wort."));
    (void) say(f, "Quaxelbrumm");
    g_assert_cmpuint(f->answer->n_choices, ==, 0);

    kw_fake_claude_push_status(f->vendor, 401, "{}", NULL);
    g_assert_nonnull(strstr(say(f, "Quaxelbrumm"), "Meinst du"));
    g_assert_cmpuint(f->answer->n_choices, ==, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    (void) g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_resources_register(kw_data_get_resource());
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/app/claude/keys", test_keys);
    ADD("/app/claude/faults", test_faults);
    ADD("/app/claude/audit", test_audit);
    ADD("/app/claude/canary", test_canary);
    ADD("/app/claude/canary-without", test_canary_without);
    ADD("/app/claude/use-survives", test_use_survives);
    ADD("/app/claude/slow", test_slow);
    ADD("/app/claude/without", test_without);
    ADD("/app/claude/vertex-token", test_vertex_token);
    ADD("/app/claude/vertex-account", test_vertex_account);
    ADD("/app/claude/choices", test_choices);
    return g_test_run();
}
