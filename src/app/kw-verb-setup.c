/* kw-verb-setup.c: kurswart setup
 *
 * Questions first, changes afterwards: Ctrl-C at any question leaves everything as it was. A
 * key that its service refuses is not stored; one that cannot be tried (no network) is, and
 * that is said. The configuration is changed line by line in a copy, read back by the daemon's
 * own loader, and only then put in place of the old one. An empty answer keeps what is there,
 * so the verb can be run again for a single key. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-setup.h"

#include "kw-address.h"
#include "kw-cli.h"
#include "kw-config-edit.h"
#include "kw-i18n.h"
#include "kw-options.h"
#include "kw-setup-input.h"
#include "kw-setup-try.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define MAX_TRIES 3 /* of a key that is refused, at a terminal */
#define N_QUESTIONS 12

typedef enum {
    ANSWER_TELEGRAM_TOKEN,
    ANSWER_TELEGRAM_OWNERS,
    ANSWER_SIGNAL_ADDRESS,
    ANSWER_SIGNAL_ACCOUNT,
    ANSWER_SIGNAL_OWNERS,
    ANSWER_FEED,
    ANSWER_KRAKEN_KEY,
    ANSWER_KRAKEN_SECRET,
    ANSWER_MT5_URL,
    ANSWER_MT5_HISTORY_URL,
    ANSWER_MT5_TOKEN,
    ANSWER_CLAUDE_KEY,
} Answer;

/* @section: of the configuration; NULL: a secret, under its name */
static const struct {
    const gchar *name, *section, *key;
    const gchar *prompt;
} questions[N_QUESTIONS] = {
    [ANSWER_TELEGRAM_TOKEN] = {KW_VAULT_TELEGRAM_TOKEN, NULL, NULL,
                               N_("Token from @BotFather (/newbot):")},
    [ANSWER_TELEGRAM_OWNERS] = {"telegram-owners", "telegram", "owners",
                                N_("Your Telegram number (several with commas):")},
    [ANSWER_SIGNAL_ADDRESS] =
        {"signal-address", "signal", "address",
         N_("Where signal-cli listens (/path, tcp:HOST:PORT, http://…):")},
    [ANSWER_SIGNAL_ACCOUNT] = {"signal-account", "signal", "account",
                               N_("Number of the bot (+43…):")},
    [ANSWER_SIGNAL_OWNERS] = {"signal-owners", "signal", "owners",
                              N_("Your own number or account id (several with commas):")},
    [ANSWER_FEED] = {"feed", "feed", "kind",
                     N_("Where prices come from and orders go (replay, kraken, mt5):")},
    [ANSWER_KRAKEN_KEY] = {KW_VAULT_KRAKEN_KEY, NULL, NULL, N_("API key:")},
    [ANSWER_KRAKEN_SECRET] = {KW_VAULT_KRAKEN_SECRET, NULL, NULL, N_("Private key to it:")},
    [ANSWER_MT5_URL] = {"mt5-url", "mt5", "url",
                        N_("Address of the account at the bridge (https://…):")},
    [ANSWER_MT5_HISTORY_URL] = {"mt5-history-url", "mt5", "history_url",
                                N_("Address for candles, if it is another:")},
    [ANSWER_MT5_TOKEN] = {KW_VAULT_MT5_TOKEN, NULL, NULL, N_("Token of the bridge:")},
    [ANSWER_CLAUDE_KEY] = {KW_VAULT_CLAUDE_KEY, NULL, NULL, N_("API key (sk-ant-…):")},
};

typedef struct {
    gchar *path; /* owned: of the configuration */
    gboolean is_untested;
    KwSettings *settings; /* owned: as they are; those that will be, after the change */
    KwSetupInput *input;  /* owned */
    KwSecret *answers[N_QUESTIONS]; /* owned; NULL: as it is */
    int status;
} Setup;

static void
setup_clear(Setup *self)
{
    g_free(self->path);
    g_clear_pointer(&self->settings, kw_settings_free);
    g_clear_pointer(&self->input, kw_setup_input_free);
    for (guint i = 0; i < N_QUESTIONS; i++)
        kw_secret_free(self->answers[i]);
}

static gboolean
is_terminal(const Setup *self)
{
    return kw_setup_input_is_terminal(self->input);
}

/* What counts at the end: the first trouble that is no success */
static void
note(Setup *self, int status)
{
    if (self->status == 0)
        self->status = status;
}

static const gchar *
get_configured(const Setup *self, Answer answer)
{
    return kw_config_get_string(self->settings->bot, questions[answer].section,
                                questions[answer].key);
}

/* (transfer none): what was answered, else what is configured */
static const gchar *
get_text(const Setup *self, Answer answer)
{
    return self->answers[answer] != NULL ? kw_secret_get_bytes(self->answers[answer], NULL)
                                         : get_configured(self, answer);
}

/* -- asking -- */

static gboolean
has_secret(const Setup *self, Answer answer)
{
    g_autoptr(KwSecret) secret =
        kw_vault_load(self->settings->vault, questions[answer].name, NULL);

    return secret != NULL;
}

static gchar *
make_prompt(const Setup *self, Answer answer)
{
    const gchar *prompt = _(questions[answer].prompt);

    if (questions[answer].section != NULL) {
        const gchar *value = get_configured(self, answer);

        return *value != '\0' ? g_strdup_printf("%s [%s]", prompt, value) : g_strdup(prompt);
    }
    return has_secret(self, answer)
               ? g_strdup_printf("%s [%s]", prompt, _("stored; Enter keeps it"))
               : g_strdup(prompt);
}

/* "5000000001, 5000000002" */
static gboolean
are_telegram(const gchar *text)
{
    return strspn(text, "0123456789, ") == strlen(text);
}

/* Numbers with their country, or account ids */
static gboolean
are_signal(const gchar *text)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);

    for (gsize i = 0; names[i] != NULL; i++) {
        const gchar *name = g_strstrip(names[i]);

        if (!g_uuid_string_is_valid(name) &&
            (name[0] != '+' || strspn(name + 1, "0123456789") != strlen(name + 1)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_feed(const gchar *text)
{
    static const gchar *const kinds[] = {"replay", "kraken", "mt5", NULL};

    return g_strv_contains(kinds, text);
}

static gboolean
is_plausible(Answer answer, const gchar *text)
{
    if (answer == ANSWER_TELEGRAM_OWNERS)
        return are_telegram(text);
    if (answer == ANSWER_SIGNAL_ACCOUNT || answer == ANSWER_SIGNAL_OWNERS)
        return are_signal(text);
    if (answer == ANSWER_MT5_URL || answer == ANSWER_MT5_HISTORY_URL)
        return kw_address_is_private(text);
    return answer != ANSWER_FEED || is_feed(text);
}

/* What is wrong with one that is not */
static const gchar *
get_complaint(Answer answer)
{
    if (answer == ANSWER_MT5_URL || answer == ANSWER_MT5_HISTORY_URL)
        return _("needs https, or http to this machine");
    return answer == ANSWER_FEED ? _("not one of these") : _("not the form of such a number");
}

static gboolean
ask_once(Setup *self, Answer answer)
{
    g_autofree gchar *prompt = make_prompt(self, answer);
    gboolean is_secret = questions[answer].section == NULL;
    KwSecret *secret = NULL;
    gsize length;

    if (!kw_setup_input_ask(self->input, questions[answer].name, prompt,
                            is_secret ? KW_SETUP_HIDDEN : KW_SETUP_SHOWN, &secret, NULL))
        return FALSE;
    kw_secret_free(self->answers[answer]);
    self->answers[answer] = secret;
    if (secret != NULL && is_secret && is_terminal(self)) {
        (void) kw_secret_get_bytes(secret, &length);
        g_print(_("  read, %u characters (not shown)\n"), (guint) length);
    }
    return TRUE;
}

static void
drop(Setup *self, Answer answer)
{
    g_clear_pointer(&self->answers[answer], kw_secret_free);
}

static gboolean
ask(Setup *self, Answer answer)
{
    for (guint i = 0; i < MAX_TRIES; i++) {
        const KwSecret *given;

        if (!ask_once(self, answer))
            return FALSE;
        given = self->answers[answer];
        if (given == NULL || is_plausible(answer, kw_secret_get_bytes(given, NULL)))
            return TRUE;
        drop(self, answer);
        g_print(_("✗ %1$s: %2$s; it stays as it is\n"), questions[answer].name,
                get_complaint(answer));
        if (!is_terminal(self))
            break;
    }
    note(self, EX_DATAERR);
    return TRUE;
}

static void
head(const Setup *self, const gchar *title, const gchar *text)
{
    if (is_terminal(self))
        g_print("\n%s\n%s\n", title, text);
}

/* Tells how a key did. Returns: whether it may be stored */
static gboolean
tell_outcome(Setup *self,
             const gchar *what,
             KwSetupOutcome outcome,
             const gchar *text,
             const gchar *mend)
{
    switch (outcome) {
    case KW_SETUP_WORKS:
        g_print("✓ %s: %s\n", what, text);
        return TRUE;
    case KW_SETUP_REFUSED:
        g_print(_("✗ %1$s: refused (%2$s)\n"), what, text);
        if (mend != NULL)
            g_print("  %s %s\n", _("What helps:"), mend);
        return FALSE;
    case KW_SETUP_UNREACHED:
        g_print(_("? %1$s: cannot be tried now (%2$s)\n"), what, text);
        note(self, EX_UNAVAILABLE);
        return TRUE;
    }
    g_return_val_if_reached(FALSE);
}

typedef KwSetupOutcome (*TryFunc)(Setup *self, gchar **out_text);

/* Asks for a key until it is taken, or not answered any more */
static gboolean
ask_tried(Setup *self, Answer answer, const gchar *what, TryFunc try, const gchar *mend)
{
    for (guint i = 0; i < MAX_TRIES; i++) {
        g_autofree gchar *text = NULL;
        KwSetupOutcome outcome;

        if (!ask(self, answer))
            return FALSE;
        if (self->answers[answer] == NULL || self->is_untested)
            return TRUE;
        outcome = try(self, &text);
        if (tell_outcome(self, what, outcome, text, mend))
            return TRUE;
        drop(self, answer);
        if (!is_terminal(self))
            break;
    }
    note(self, EX_NOPERM);
    return TRUE;
}

/* -- Telegram -- */

static KwSetupPlace
get_telegram(const Setup *self)
{
    return (KwSetupPlace){
        .address = kw_config_get_string(self->settings->bot, "telegram", "base_url"),
        .token = self->answers[ANSWER_TELEGRAM_TOKEN],
    };
}

static KwSetupOutcome
try_token(Setup *self, gchar **out_text)
{
    const KwSetupPlace place = get_telegram(self);
    g_autofree gchar *name = NULL;
    KwSetupOutcome outcome = kw_setup_try_token(&place, &name);

    *out_text =
        outcome == KW_SETUP_WORKS ? g_strdup_printf(_("the bot is @%s"), name) : g_strdup(name);
    return outcome;
}

/* Few know their number, but everybody can write a message. */
static gboolean
find_owner(Setup *self)
{
    const KwSetupPlace place = get_telegram(self);
    g_autofree gchar *user = NULL;
    g_autofree gchar *text = NULL;
    g_autofree gchar *prompt = NULL;
    g_autoptr(KwSecret) answer = NULL;

    g_print("%s\n",
            _("Write anything to your bot in Telegram now; I wait for up to a minute."));
    if (kw_setup_try_writer(&place, &user, &text) != KW_SETUP_WORKS) {
        g_print(_("Nothing came (%s). The number can be entered later.\n"), text);
        return TRUE;
    }
    prompt =
        g_strdup_printf(_("%1$s has just written “%2$.40s”. Is that you? [y/N]"), user, text);
    if (!kw_setup_input_ask(self->input, "yes", prompt, KW_SETUP_SHOWN, &answer, NULL))
        return FALSE;
    if (answer != NULL && strchr("jJyY", kw_secret_get_bytes(answer, NULL)[0]) != NULL)
        self->answers[ANSWER_TELEGRAM_OWNERS] = kw_secret_new(user, strlen(user));
    return TRUE;
}

static gboolean
ask_telegram(Setup *self)
{
    head(self, "Telegram", _("Enter leaves a question as it is."));
    if (!ask_tried(self, ANSWER_TELEGRAM_TOKEN, "Telegram", try_token,
                   _("get a new token from @BotFather and store it as telegram-token")))
        return FALSE;
    if (is_terminal(self) && self->answers[ANSWER_TELEGRAM_TOKEN] == NULL &&
        !has_secret(self, ANSWER_TELEGRAM_TOKEN))
        return TRUE;
    if (!ask(self, ANSWER_TELEGRAM_OWNERS))
        return FALSE;
    if (*get_text(self, ANSWER_TELEGRAM_OWNERS) == '\0' && is_terminal(self) &&
        self->answers[ANSWER_TELEGRAM_TOKEN] != NULL && !self->is_untested)
        return find_owner(self);
    return TRUE;
}

/* -- Signal -- */

static gboolean
ask_signal(Setup *self)
{
    head(self, "Signal",
         _("The bot needs signal-cli and a number, registered once:\n"
           "  signal-cli -a +43… register      (then: verify CODE), or as a second device:\n"
           "  signal-cli link -n Kurswart      (scan the link as a QR code: qrencode -t ANSI)\n"
           "and running beside it:\n"
           "  signal-cli -a +43… daemon --socket /run/kurswart/signal.sock \\\n"
           "      --receive-mode=on-connection --no-receive-stdout --ignore-attachments\n"
           "Enter leaves a question as it is."));
    if (!ask(self, ANSWER_SIGNAL_ADDRESS))
        return FALSE;
    if (is_terminal(self) && *get_text(self, ANSWER_SIGNAL_ADDRESS) == '\0')
        return TRUE;
    if (!ask(self, ANSWER_SIGNAL_ACCOUNT))
        return FALSE;
    if (is_terminal(self) && *get_text(self, ANSWER_SIGNAL_ACCOUNT) == '\0') {
        /* one without the other is a fault of the configuration, and would undo all the rest */
        drop(self, ANSWER_SIGNAL_ADDRESS);
        g_print("✗ %s\n",
                _("Signal needs both, the address and the number of the bot; it stays "
                  "as it is"));
        note(self, EX_DATAERR);
        return TRUE;
    }
    return ask(self, ANSWER_SIGNAL_OWNERS);
}

/* -- market and Claude -- */

/* The only thing that can be said of it without a signed call */
static KwSetupOutcome
try_kraken_secret(Setup *self, gchar **out_text)
{
    const gchar *text = kw_secret_get_bytes(self->answers[ANSWER_KRAKEN_SECRET], NULL);
    gsize length;
    guchar *bytes = g_base64_decode(text, &length);
    gchar *again = g_base64_encode(bytes, length);
    gboolean is_base64 = length > 0 && strcmp(again, text) == 0;

    explicit_bzero(again, strlen(again));
    explicit_bzero(bytes, length);
    g_free(again);
    g_free(bytes);
    *out_text = g_strdup(is_base64 ? _("has the right form") : _("not the form of such a key"));
    return is_base64 ? KW_SETUP_WORKS : KW_SETUP_REFUSED;
}

static gboolean
ask_kraken(Setup *self)
{
    head(self, "Kraken",
         _("Needed for real money only. Give the key the rights to query and to trade, never\n"
           "the right to withdraw. Enter leaves a question as it is."));
    return ask(self, ANSWER_KRAKEN_KEY) &&
           ask_tried(self, ANSWER_KRAKEN_SECRET, "Kraken", try_kraken_secret,
                     _("copy the whole private key of Kraken's page, to its last character"));
}

static KwSetupOutcome
try_bridge(Setup *self, gchar **out_text)
{
    const KwSetupPlace place = {
        .address = get_text(self, ANSWER_MT5_URL),
        .ca_file = kw_config_get_string(self->settings->bot, "mt5", "ca_file"),
        .token = self->answers[ANSWER_MT5_TOKEN],
    };

    return kw_setup_try_bridge(&place, out_text);
}

static gboolean
ask_bridge(Setup *self)
{
    head(self, "MetaTrader 5",
         _("The account is reached through a bridge that speaks REST as MetaApi does, or one "
           "of\n"
           "your own on this machine. Enter leaves a question as it is."));
    return ask(self, ANSWER_MT5_URL) && ask(self, ANSWER_MT5_HISTORY_URL) &&
           ask_tried(self, ANSWER_MT5_TOKEN, "MetaTrader 5", try_bridge,
                     _("make a new token at the bridge, with the right to trade this account"));
}

/* At a terminal the questions of the one place alone */
static gboolean
ask_venue(Setup *self)
{
    head(self, _("Market"),
         _("Stored candles (replay) to try things out, live prices of Kraken, or those of a\n"
           "MetaTrader 5 account; money is paper with each of them until mode = live."));
    if (!ask(self, ANSWER_FEED))
        return FALSE;
    if (!is_terminal(self))
        return ask_kraken(self) && ask_bridge(self);
    return strcmp(get_text(self, ANSWER_FEED), "mt5") == 0 ? ask_bridge(self)
                                                           : ask_kraken(self);
}

static KwSetupOutcome
try_claude(Setup *self, gchar **out_text)
{
    const gchar *url = kw_config_get_string(self->settings->bot, "claude", "base_url");
    KwSetupOutcome outcome =
        kw_setup_try_claude(url, self->answers[ANSWER_CLAUDE_KEY], out_text);

    if (outcome == KW_SETUP_WORKS) {
        g_free(*out_text);
        *out_text = g_strdup(_("the key counts"));
    }
    return outcome;
}

static gboolean
ask_claude(Setup *self)
{
    head(self, "Claude",
         _("The bot understands German without it; with it, it also explains. Enter leaves\n"
           "the question as it is."));
    return ask_tried(self, ANSWER_CLAUDE_KEY, "Claude", try_claude,
                     _("make a new key at console.anthropic.com"));
}

/* -- the configuration -- */

static KwSettings *
load(const gchar *path, GPtrArray *problems)
{
    const KwSettingsPaths paths = {.config = path, .limits = KW_SETTINGS_NO_FILE};
    g_auto(GStrv) environment = g_get_environ();

    return kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);
}

/* (transfer full): the file with the answers in it */
static gchar *
make_text(const Setup *self)
{
    gchar *text = NULL;

    if (!g_file_get_contents(self->path, &text, NULL, NULL))
        text = g_strdup_printf("# %s\n", _("Every key: man kurswart.conf"));
    for (guint i = 0; i < N_QUESTIONS; i++) {
        gchar *next;

        if (questions[i].section == NULL || self->answers[i] == NULL)
            continue;
        next = kw_config_edit_set(text, questions[i].section, questions[i].key,
                                  kw_secret_get_bytes(self->answers[i], NULL));
        g_free(text);
        text = next;
    }
    return text;
}

static gboolean
has_changes(const Setup *self)
{
    for (guint i = 0; i < N_QUESTIONS; i++)
        if (questions[i].section != NULL && self->answers[i] != NULL)
            return TRUE;
    return FALSE;
}

/* A file that others could read (a service) stays readable. */
static int
get_mode(const gchar *path)
{
    GStatBuf status;

    return g_stat(path, &status) == 0 ? (int) (status.st_mode & 0777) : 0600;
}

static int
change_configuration(Setup *self)
{
    g_autofree gchar *folder = g_path_get_dirname(self->path);
    g_autofree gchar *draft = g_strconcat(self->path, ".neu", NULL);
    g_autofree gchar *text = make_text(self);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(GError) error = NULL;
    KwSettings *settings;

    (void) g_mkdir_with_parents(folder, 0700); /* when it cannot be made, the file tells why */
    if (!g_file_set_contents_full(draft, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                  get_mode(self->path), &error))
        return kw_cli_fail_as(EX_CANTCREAT, error,
                              _("name a file of your own with --config FILE, or use sudo"));
    settings = load(draft, problems);
    if (settings == NULL) {
        (void) g_unlink(draft);
        return kw_cli_report_problems(problems);
    }
    kw_settings_free(self->settings);
    self->settings = settings;
    if (g_rename(draft, self->path) != 0)
        return kw_cli_fail(EX_CANTCREAT, self->path, NULL);
    g_print(_("✓ Configuration written: %s\n"), self->path);
    return 0;
}

/* -- storing -- */

static int
store_secrets(Setup *self)
{
    for (guint i = 0; i < N_QUESTIONS; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree gchar *path = NULL;

        if (questions[i].section != NULL || self->answers[i] == NULL)
            continue;
        if (!kw_vault_store(self->settings->vault, questions[i].name, self->answers[i], &path,
                            &error))
            return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
        if (path != NULL)
            g_print(_("✓ %1$s stored: %2$s (mode 0600)\n"), questions[i].name, path);
        else
            g_print(_("✓ %s stored in the keyring\n"), questions[i].name);
    }
    return 0;
}

/* -- test messages -- */

static void
send_each(Setup *self, const gchar *what, KwSetupPlace *place, const gchar *mend)
{
    const gchar *section = place->token != NULL ? "telegram" : "signal";
    const gchar *const *owners = kw_config_get_list(self->settings->bot, section, "owners");
    const gchar *message =
        _("Kurswart is set up: this is its test message. Write “Status” when "
          "the bot runs.");

    for (gsize i = 0; owners[i] != NULL; i++) {
        g_autofree gchar *text = NULL;
        g_autofree gchar *done = NULL;
        KwSetupOutcome outcome;

        place->owner = owners[i];
        outcome = place->token != NULL ? kw_setup_try_telegram(place, message, &text)
                                       : kw_setup_try_signal(place, message, &text);
        done = g_strdup_printf(_("test message to %s is on its way"), owners[i]);
        if (!tell_outcome(self, what, outcome, outcome == KW_SETUP_WORKS ? done : text, mend))
            note(self, EX_NOPERM);
    }
}

static void
send_tests(Setup *self)
{
    const KwConfig *config = self->settings->bot;
    g_autoptr(KwSecret) token =
        kw_vault_load(self->settings->vault, KW_VAULT_TELEGRAM_TOKEN, NULL);
    KwSetupPlace telegram = {.address = kw_config_get_string(config, "telegram", "base_url"),
                             .token = token};
    KwSetupPlace signal = {.address = kw_config_get_string(config, "signal", "address"),
                           .account = kw_config_get_string(config, "signal", "account")};

    if (token != NULL)
        send_each(self, "Telegram", &telegram,
                  _("open your bot in Telegram and tap Start, then: kurswart setup"));
    if (*signal.address != '\0')
        send_each(self, "Signal", &signal,
                  _("signal-cli -a NUMBER register, or link; see the README"));
}

/* -- the verb -- */

static int
change(Setup *self)
{
    int status = has_changes(self) ? change_configuration(self) : 0;

    if (status == 0)
        status = store_secrets(self);
    if (status != 0)
        return status;
    if (!self->is_untested)
        send_tests(self);
    g_print("\n%s\n",
            _("Next: kurswart doctor checks everything, kurswart run starts the bot."));
    return self->status;
}

static int
run(Setup *self)
{
    const gchar *names[N_QUESTIONS + 1] = {NULL};
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < N_QUESTIONS; i++)
        names[i] = questions[i].name;
    self->input = kw_setup_input_new(STDIN_FILENO);
    if (is_terminal(self))
        g_print(_("Setup of Kurswart. Configuration: %s\n"
                  "Nothing is changed before the last question; Ctrl-C ends it.\n"),
                self->path);
    else if (!kw_setup_input_read_lines(self->input, names, &error))
        return kw_cli_fail_as(EX_DATAERR, error,
                              _("lines like telegram-owners = 5000000001; see man kurswart"));
    if (!ask_telegram(self) || !ask_signal(self) || !ask_venue(self) || !ask_claude(self)) {
        g_print("%s\n", _("Cancelled; nothing was changed."));
        return KW_EXIT_NO;
    }
    return change(self);
}

/* (transfer full): the usual one, there or not */
static gchar *
find_path(void)
{
    gchar *found = kw_settings_find_file("kurswart.conf");

    return found != NULL
               ? found
               : g_build_filename(g_get_user_config_dir(), "kurswart", "kurswart.conf", NULL);
}

int
kw_verb_setup(int argc, char **argv)
{
    Setup self = {0};
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self.path,
         N_("kurswart.conf to write or complete"), "FILE"},
        {"no-test", 0, 0, G_OPTION_ARG_NONE, &self.is_untested,
         N_("ask nobody whether a key counts, send no test message"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    int status = 0;

    if (!kw_cli_parse(&argc, &argv, entries,
                      _("Asks for accounts and keys, stores them safely and tries them."),
                      "kurswart setup --config ./kurswart.conf", &status))
        return status;
    if (self.path == NULL)
        self.path = find_path();
    self.settings = load(
        g_file_test(self.path, G_FILE_TEST_EXISTS) ? self.path : KW_SETTINGS_NO_FILE, problems);
    status = self.settings != NULL ? run(&self) : kw_cli_report_problems(problems);
    setup_clear(&self);
    return status;
}
