/* test-verb-setup.c: keys are stored and tried, and shown nowhere; what is wrong changes
 * nothing */
#include "kw-verb-setup.h"

#include "kw-fake-claude.h"
#include "kw-fake-mt5.h"
#include "kw-fake-signal.h"
#include "kw-fake-telegram.h"
#include "kw-line-client.h"
#include "kw-settings.h"
#include "kw-test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define CLAUDE_KEY "sk-ant-geheim-0123456789"
#define KRAKEN_KEY "KrakenGeheim"
#define KRAKEN_SECRET "a3Jha2VuLWdlaGVpbWVyLXNjaGzDvHNzZWw="

static GString *shown; /* standard output and error */

/* What is typed when a prompt ends so; used up in this order */
typedef struct {
    const gchar *prompt, *text;
} Typed;

typedef struct {
    gchar *folder, *config, *option, *secrets, *socket;
    KwFakeTelegram *telegram;
    KwFakeClaude *claude;
    KwFakeSignal *signal;
} Fixture;

static const Typed *typed; /* NULL: no terminal */
static int master = -1;
static GString *echoed; /* what the terminal itself has shown */

static void
take_echo(void)
{
    gchar bytes[1024];
    gssize n;

    while ((n = read(master, bytes, sizeof bytes)) > 0)
        g_string_append_len(echoed, bytes, n);
}

static void
on_print(const gchar *text)
{
    g_string_append(shown, text);
    if (typed == NULL || typed->prompt == NULL || strstr(text, typed->prompt) == NULL)
        return;
    g_assert_cmpint(write(master, typed->text, strlen(typed->text)), ==, strlen(typed->text));
    typed++;
}

static void
write_config(const Fixture *f, const gchar *more)
{
    g_autofree gchar *text = g_strdup_printf(
        "# von mir\n[secrets]\ndir = %s\n[telegram]\nbase_url = %s\n# danach\n%s"
        "[claude]\nbase_url = %s\n",
        f->secrets, kw_fake_telegram_get_url(f->telegram), more,
        kw_fake_claude_get_url(f->claude));

    g_assert_true(g_file_set_contents(f->config, text, -1, NULL));
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->config = g_build_filename(f->folder, "kurswart.conf", NULL);
    f->option = g_strdup_printf("--config=%s", f->config);
    f->secrets = g_build_filename(f->folder, "secrets", NULL);
    f->socket = g_build_filename(f->folder, "signal.sock", NULL);
    f->telegram = kw_fake_telegram_new();
    f->claude = kw_fake_claude_new();
    f->signal = kw_fake_signal_new(f->socket);
    shown = g_string_new(NULL);
    echoed = g_string_new(NULL);
    typed = NULL;
    write_config(f, "");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_fake_telegram_free(f->telegram);
    kw_fake_claude_free(f->claude);
    kw_fake_signal_free(f->signal);
    kw_line_client_settle();
    g_string_free(shown, TRUE);
    g_string_free(echoed, TRUE);
    g_free(f->config);
    g_free(f->option);
    g_free(f->secrets);
    g_free(f->socket);
    kw_test_tmp_dir_free(f->folder);
}

static int
set_up_from(int fd, Fixture *f, const gchar *option)
{
    const gchar *argv[] = {"setup", f->option, option, NULL};
    GPrintFunc old_print = g_set_print_handler(on_print);
    GPrintFunc old_printerr = g_set_printerr_handler(on_print);
    int old = dup(STDIN_FILENO), status;

    g_assert_cmpint(dup2(fd, STDIN_FILENO), ==, STDIN_FILENO);
    status = kw_verb_setup((int) g_strv_length((GStrv) argv), (char **) argv);
    g_assert_cmpint(dup2(old, STDIN_FILENO), ==, STDIN_FILENO);
    (void) close(old);
    (void) g_set_print_handler(old_print);
    (void) g_set_printerr_handler(old_printerr);
    return status;
}

/* kurswart setup [OPTION] with @lines as standard input */
static int
run_lines(Fixture *f, const gchar *lines, const gchar *option)
{
    int fds[2], status;

    g_assert_cmpint(pipe(fds), ==, 0);
    g_assert_cmpint(write(fds[1], lines, strlen(lines)), ==, strlen(lines));
    (void) close(fds[1]);
    status = set_up_from(fds[0], f, option);
    (void) close(fds[0]);
    return status;
}

/* The same at a terminal; what it shows by itself is in @echoed */
static int
run_terminal(Fixture *f, const Typed *answers)
{
    int slave, status;

    master = posix_openpt(O_RDWR | O_NOCTTY);
    g_assert_cmpint(master, >=, 0);
    g_assert_cmpint(grantpt(master) | unlockpt(master), ==, 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    g_assert_cmpint(slave, >=, 0);
    g_assert_cmpint(fcntl(master, F_SETFL, O_NONBLOCK), ==, 0);
    typed = answers;
    status = set_up_from(slave, f, NULL);
    take_echo();
    typed = NULL;
    (void) close(slave);
    (void) close(master);
    return status;
}

static void
assert_secret(const Fixture *f, const gchar *name, const gchar *expected)
{
    g_autofree gchar *path = g_build_filename(f->secrets, name, NULL);
    g_autofree gchar *text = NULL;
    GStatBuf status;

    if (expected == NULL) {
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        return;
    }
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
}

static void
assert_not_shown(const gchar *secret)
{
    g_assert_null(strstr(shown->str, secret));
    g_assert_null(strstr(echoed->str, secret));
}

static gchar *
read_config(const Fixture *f)
{
    gchar *text = NULL;

    g_assert_true(g_file_get_contents(f->config, &text, NULL, NULL));
    return text;
}

static gchar *
list_all(const Fixture *f)
{
    return g_strdup_printf("# alles\ntelegram-token = " KW_FAKE_TELEGRAM_TOKEN
                           "\ntelegram-owners=5000000001\nsignal-address = %s\n"
                           "signal-account = " KW_FAKE_SIGNAL_ACCOUNT
                           "\nsignal-owners = " KW_FAKE_SIGNAL_OWNER
                           "\nkraken-key = " KRAKEN_KEY "\nkraken-secret = " KRAKEN_SECRET
                           "\n\nclaude-key = " CLAUDE_KEY "\n",
                           f->socket);
}

static void
test_lines(Fixture *f, gconstpointer data)
{
    g_autofree gchar *lines = list_all(f);
    g_autofree gchar *config = NULL;
    g_autofree gchar *again = NULL;

    kw_fake_claude_push_status(f->claude, 200, "{\"data\":[]}", NULL);
    g_assert_cmpint(run_lines(f, lines, NULL), ==, 0);
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, KW_FAKE_TELEGRAM_TOKEN);
    assert_secret(f, KW_VAULT_KRAKEN_KEY, KRAKEN_KEY);
    assert_secret(f, KW_VAULT_KRAKEN_SECRET, KRAKEN_SECRET);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, CLAUDE_KEY);
    g_assert_cmpstr(kw_fake_claude_get_path(f->claude), ==, "/v1/models");
    g_assert_cmpstr(kw_fake_claude_get_header(f->claude, "x-api-key"), ==, CLAUDE_KEY);
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->telegram), ==, 1);
    g_assert_cmpuint(kw_fake_signal_count(f->signal, "send"), ==, 1);
    g_assert_nonnull(strstr(shown->str, "@kurswart_bot"));
    assert_not_shown(KW_FAKE_TELEGRAM_TOKEN);
    assert_not_shown(KRAKEN_SECRET);
    assert_not_shown(CLAUDE_KEY);
    config = read_config(f);
    g_assert_nonnull(strstr(config, "# von mir\n"));
    g_assert_nonnull(strstr(config, "owners = 5000000001\n"));
    g_assert_null(strstr(config, CLAUDE_KEY));

    /* once more for one key: nothing else moves */
    g_assert_cmpint(run_lines(f, "kraken-key = neu\n", "--no-test"), ==, 0);
    assert_secret(f, KW_VAULT_KRAKEN_KEY, "neu");
    assert_secret(f, KW_VAULT_CLAUDE_KEY, CLAUDE_KEY);
    again = read_config(f);
    g_assert_cmpstr(again, ==, config);
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->telegram), ==, 1);
}

static void
test_terminal(Fixture *f, gconstpointer data)
{
    g_autofree gchar *address = g_strconcat(f->socket, "\n", NULL);
    const Typed answers[] = {
        {"(/newbot):", "7000000009:falsch\n"}, /* refused, so asked again */
        {"(/newbot):", KW_FAKE_TELEGRAM_TOKEN "\n"},
        {"Telegram-Nummer", "\n"},
        {"Bist du das?", "j\n"},
        {"Wo signal-cli", address},
        {"Nummer des Bots", KW_FAKE_SIGNAL_ACCOUNT "\n"},
        {"eigene Nummer", KW_FAKE_SIGNAL_OWNER "\n"},
        {"wohin Orders gehen", "\n"},
        {"API-Schlüssel", "\n"},
        {"Privater Schlüssel", "\n"},
        {"sk-ant", "  " CLAUDE_KEY " \n"},
        {NULL, NULL},
    };
    g_autofree gchar *config = NULL;

    (void) kw_fake_telegram_say(f->telegram, KW_FAKE_TELEGRAM_OWNER, "hallo", 1795219220);
    kw_fake_claude_push_status(f->claude, 200, "{\"data\":[]}", NULL);
    g_assert_cmpint(run_terminal(f, answers), ==, 0);
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, KW_FAKE_TELEGRAM_TOKEN);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, CLAUDE_KEY);
    assert_secret(f, KW_VAULT_KRAKEN_KEY, NULL);
    assert_not_shown("7000000009:falsch");
    assert_not_shown(KW_FAKE_TELEGRAM_TOKEN);
    assert_not_shown(CLAUDE_KEY);
    g_assert_nonnull(strstr(echoed->str, KW_FAKE_SIGNAL_ACCOUNT));
    config = read_config(f);
    g_assert_nonnull(strstr(config, "owners = 5000000001\n"));
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->telegram), ==, 1);
    g_assert_cmpuint(kw_fake_signal_count(f->signal, "send"), ==, 1);
}

/* An address without a number leaves Signal alone, and the rest is kept. */
static void
test_half_a_signal(Fixture *f, gconstpointer data)
{
    const Typed answers[] = {
        {"(/newbot):", KW_FAKE_TELEGRAM_TOKEN "\n"},
        {"Telegram-Nummer", "5000000001\n"},
        {"Wo signal-cli", "/tmp/signal.sock\n"},
        {"Nummer des Bots", "\n"},
        {"wohin Orders gehen", "\n"},
        {"API-Schlüssel", "\n"},
        {"Privater Schlüssel", "\n"},
        {"sk-ant", "\n"},
        {NULL, NULL},
    };
    g_autofree gchar *config = NULL;

    g_assert_cmpint(run_terminal(f, answers), ==, EX_DATAERR);
    g_assert_nonnull(strstr(shown->str, "Signal braucht beides"));
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, KW_FAKE_TELEGRAM_TOKEN);
    config = read_config(f);
    g_assert_nonnull(strstr(config, "owners = 5000000001\n"));
    g_assert_null(strstr(config, "signal.sock"));
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->telegram), ==, 1);
}

/* Ctrl-D in the middle */
static void
test_cancelled(Fixture *f, gconstpointer data)
{
    const Typed answers[] = {
        {"(/newbot):", KW_FAKE_TELEGRAM_TOKEN "\n"},
        {"Telegram-Nummer", "5000000001\n"},
        {"Wo signal-cli", "\004"},
        {NULL, NULL},
    };
    g_autofree gchar *before = read_config(f);
    g_autofree gchar *after = NULL;

    g_assert_cmpint(run_terminal(f, answers), ==, 1);
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, NULL);
    after = read_config(f);
    g_assert_cmpstr(after, ==, before);
    g_assert_cmpuint(kw_fake_telegram_count_texts(f->telegram), ==, 0);
}

/* A key that is refused is not stored, everything else is. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    kw_fake_claude_push_status(f->claude, 401, "{}", NULL);
    g_assert_cmpint(run_lines(f,
                              "telegram-token = 7000000009:falsch\nclaude-key = " CLAUDE_KEY
                              "\nkraken-key = a\nkraken-secret = kein-base64\n",
                              NULL),
                    ==, EX_NOPERM);
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, NULL);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, NULL);
    assert_secret(f, KW_VAULT_KRAKEN_SECRET, NULL);
    assert_secret(f, KW_VAULT_KRAKEN_KEY, "a");
    assert_not_shown("falsch\n");
    assert_not_shown("kein-base64");
}

/* The owner never tapped "Start"; Signal has lost the account. */
static void
test_message_refused(Fixture *f, gconstpointer data)
{
    g_autofree gchar *lines = list_all(f);

    kw_fake_claude_push_status(f->claude, 200, "{\"data\":[]}", NULL);
    kw_fake_telegram_fail(f->telegram, "sendMessage", 403,
                          "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot "
                          "can't initiate conversation with a user\"}");
    kw_fake_signal_next(f->signal, "send",
                        "\"error\":{\"code\":-1,\"message\":\"User is not registered.\"}");
    g_assert_cmpint(run_lines(f, lines, NULL), ==, EX_NOPERM);
    assert_secret(f, KW_VAULT_TELEGRAM_TOKEN, KW_FAKE_TELEGRAM_TOKEN);
    g_assert_nonnull(strstr(shown->str, "can't initiate conversation"));
    g_assert_nonnull(strstr(shown->str, "User is not registered."));
}

/* A MetaTrader account: token and addresses are taken, tried, and never shown. */
static void
test_bridge(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFakeMt5) fake = kw_fake_mt5_new(FALSE, KW_TEST_T0_US);
    g_autofree gchar *lines = g_strdup_printf(
        "feed = mt5\nmt5-url = %s\nmt5-history-url = https://bridge.example/candles\n"
        "mt5-token = " KW_FAKE_MT5_TOKEN "\n",
        kw_fake_mt5_get_url(fake));
    g_autofree gchar *config = NULL;
    g_autofree gchar *stored = NULL;

    g_assert_cmpint(run_lines(f, lines, NULL), ==, 0);
    assert_secret(f, KW_VAULT_MT5_TOKEN, KW_FAKE_MT5_TOKEN);
    assert_not_shown(KW_FAKE_MT5_TOKEN);
    g_assert_nonnull(strstr(shown->str, "Konto 1 in USD (Demokonto, Netting)"));
    config = read_config(f);
    g_assert_nonnull(strstr(config, "\n[feed]\nkind = mt5\n"));
    g_assert_nonnull(strstr(config, kw_fake_mt5_get_url(fake)));
    g_assert_nonnull(strstr(config, "\nhistory_url = https://bridge.example/candles\n"));
    g_assert_null(strstr(config, KW_FAKE_MT5_TOKEN));
    /* a token that the bridge refuses leaves the good one; without an answer it is stored */
    g_assert_cmpint(run_lines(f, "mt5-token = falsch\n", NULL), ==, EX_NOPERM);
    assert_secret(f, KW_VAULT_MT5_TOKEN, KW_FAKE_MT5_TOKEN);
    stored = g_build_filename(f->secrets, KW_VAULT_MT5_TOKEN, NULL);
    g_assert_cmpint(g_unlink(stored), ==, 0);
    kw_fake_mt5_set_list_status(fake, 502);
    g_assert_cmpint(run_lines(f, "mt5-token = " KW_FAKE_MT5_TOKEN "\n", NULL), ==,
                    EX_UNAVAILABLE);
    assert_secret(f, KW_VAULT_MT5_TOKEN, KW_FAKE_MT5_TOKEN);
}

/* Somebody has chosen the bridge in the file and lets himself be asked for the rest: of Kraken
 * nothing is asked, and an address in the clear is asked for again. */
static void
test_bridge_terminal(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFakeMt5) fake = kw_fake_mt5_new(TRUE, KW_TEST_T0_US);
    g_autofree gchar *address = g_strconcat(kw_fake_mt5_get_url(fake), "\n", NULL);
    const Typed answers[] = {
        {"(/newbot):", "\n"},
        {"Wo signal-cli", "\n"},
        {"wohin Orders gehen", "metatrader\n"},
        {"wohin Orders gehen", "\n"},
        {"Adresse des Kontos", "http://127.0.0.1:1@bridge.example/\n"},
        {"Adresse des Kontos", address},
        {"Adresse für Kerzen", "\n"},
        {"Token der Brücke", KW_FAKE_MT5_TOKEN "\n"},
        {"sk-ant", "\n"},
        {NULL, NULL},
    };
    g_autofree gchar *config = NULL;

    write_config(f, "[feed]\nkind = mt5\n");
    g_assert_cmpint(run_terminal(f, answers), ==, 0);
    assert_secret(f, KW_VAULT_MT5_TOKEN, KW_FAKE_MT5_TOKEN);
    assert_not_shown(KW_FAKE_MT5_TOKEN);
    g_assert_nonnull(strstr(shown->str, "Hedging"));
    config = read_config(f);
    g_assert_null(strstr(config, "bridge.example"));
    g_assert_nonnull(strstr(config, "kind = mt5\n"));
    g_assert_nonnull(strstr(config, kw_fake_mt5_get_url(fake)));
}

static void
test_unreached(Fixture *f, gconstpointer data)
{
    kw_fake_claude_push_status(f->claude, 529, "{}", NULL);
    g_assert_cmpint(run_lines(f, "claude-key = " CLAUDE_KEY "\n", NULL), ==, EX_UNAVAILABLE);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, CLAUDE_KEY);
}

static void
test_bad_lines(Fixture *f, gconstpointer data)
{
    static const gchar *const rows[] = {
        "claude-key " CLAUDE_KEY "\n",
        "claude-kee = " CLAUDE_KEY "\n",
        " = " CLAUDE_KEY "\n",
        "claude-key = " CLAUDE_KEY "\nclaude-key = 2\n",
    };
    g_autofree gchar *filler = g_strnfill(5000, 'x');
    g_autofree gchar *overlong = g_strconcat("claude-key = ", filler, "\n", NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %s", rows[i]);
        g_assert_cmpint(run_lines(f, rows[i], "--no-test"), ==, EX_DATAERR);
        assert_not_shown(CLAUDE_KEY);
    }
    g_assert_cmpint(run_lines(f, overlong, "--no-test"), ==, EX_DATAERR);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, NULL);
}

/* Numbers that can be none are not written; what the daemon would not take stays untouched. */
static void
test_bad_configuration(Fixture *f, gconstpointer data)
{
    g_autofree gchar *before = read_config(f);
    g_autofree gchar *same = NULL;
    g_autofree gchar *text = NULL;

    g_assert_cmpint(run_lines(f, "signal-address = /x\nkraken-key = a\n", "--no-test"), ==,
                    EX_CONFIG); /* without a number of the bot */
    same = read_config(f);
    g_assert_cmpstr(same, ==, before);
    assert_secret(f, KW_VAULT_KRAKEN_KEY, NULL);
    g_assert_cmpint(run_lines(f,
                              "telegram-owners = @sarah\nsignal-owners = 0660 123\n"
                              "signal-account = +4366012345601\n",
                              "--no-test"),
                    ==, EX_DATAERR);
    text = read_config(f);
    g_assert_null(strstr(text, "sarah"));
    g_assert_null(strstr(text, "0660"));
    g_assert_nonnull(strstr(text, "\n[signal]\naccount = +4366012345601\n"));
    write_config(f, "[bot]\nmode = spiel\n");
    g_assert_cmpint(run_lines(f, "claude-key = " CLAUDE_KEY "\n", "--no-test"), ==, EX_CONFIG);
    assert_secret(f, KW_VAULT_CLAUDE_KEY, NULL);
}

/* Without a file it makes one. */
static void
test_new_file(Fixture *f, gconstpointer data)
{
    g_autofree gchar *text = NULL;
    GStatBuf status;

    g_assert_cmpint(g_unlink(f->config), ==, 0);
    g_assert_cmpint(run_lines(f, "telegram-token =\ntelegram-owners = 5\n", "--no-test"), ==,
                    0);
    text = read_config(f);
    g_assert_nonnull(strstr(text, "\n[telegram]\nowners = 5\n"));
    g_assert_cmpint(g_stat(f->config, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
    g_unsetenv("CREDENTIALS_DIRECTORY");
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/app/verb-setup/lines", test_lines);
    ADD("/app/verb-setup/terminal", test_terminal);
    ADD("/app/verb-setup/half-a-signal", test_half_a_signal);
    ADD("/app/verb-setup/cancelled", test_cancelled);
    ADD("/app/verb-setup/refused", test_refused);
    ADD("/app/verb-setup/message-refused", test_message_refused);
    ADD("/app/verb-setup/bridge", test_bridge);
    ADD("/app/verb-setup/bridge-terminal", test_bridge_terminal);
    ADD("/app/verb-setup/unreached", test_unreached);
    ADD("/app/verb-setup/bad-lines", test_bad_lines);
    ADD("/app/verb-setup/bad-configuration", test_bad_configuration);
    ADD("/app/verb-setup/new-file", test_new_file);
    return g_test_run();
}
