/* kw-main.c: the verbs of the program */
#include "kw-background.h"
#include "kw-cli.h"
#include "kw-config-problem.h"
#include "kw-foreground.h"
#include "kw-i18n.h"
#include "kw-verbs.h"
#include "kw-version.h"

#include <string.h>

#define EXIT_USAGE 2

/* In the order in which one meets them; each row is a verb. */
static const struct {
    const gchar *name;
    int (*run)(int argc, char **argv);
    const gchar *summary;
} verbs[] = {
    {"demo", kw_verb_demo, N_("the whole bot on bundled real candles, paper money")},
    {"run", kw_verb_run, N_("the daemon: feed, strategy, risk, chat")},
    {"tell", kw_verb_tell, N_("one message to the running daemon, or a chat with it")},
    {"data", kw_verb_data, N_("candles in, what is stored and how complete it is")},
    {"backtest", kw_verb_backtest, N_("a strategy over stored candles")},
    {"optimize", kw_verb_optimize, N_("better values for a strategy's parameters")},
    {"analyse", kw_verb_analyse, N_("what a strategy needs to start, and when it signals")},
    {"train", kw_verb_train, N_("candles in, a judged and promoted model out")},
    {"gate", kw_verb_gate, N_("judge a backtest result: deploy it or not")},
    {"model", kw_verb_model, N_("models: which versions there are, which one is in use")},
    {"report", kw_verb_report, N_("profit, trades and fees from the ledger, with a picture")},
    {"simulate", kw_verb_simulate, N_("days of the bot under a set clock, killed once a day")},
    {"live", kw_verb_live, N_("what has to be shown before real money")},
    {"intents", kw_verb_intents, N_("how chat messages are understood, one or a whole corpus")},
    {"setup", kw_verb_setup, N_("accounts and keys: asked for, stored, tried")},
    {"config", kw_verb_config, N_("the configuration that counts, and what is wrong with it")},
    {"doctor", kw_verb_doctor, N_("what is missing or wrong, and the command that mends it")},
    {"backup", kw_verb_backup, N_("a verified copy of the data")},
    {"restore", kw_verb_restore, N_("puts a copy back")},
};

/* Those that calculate for long; a bot that trades beside them goes first. */
static const gchar *const calculations[] = {"backtest", "optimize", "analyse", "train", NULL};

static void
print_help(void)
{
    g_print("%s\n\n",
            _("Kurswart, keeper of the course: a trading bot that answers in German."));
    g_print("%s\n\n", _("Usage: kurswart VERB [OPTIONS]"));
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_print("  %-9s  %s\n", verbs[i].name, _(verbs[i].summary));
    g_print("\n%s\n",
            _("\"kurswart VERB --help\" explains each with an example. Exit status: 0 "
              "done,\n1 the answer is no, 2 wrong usage, 64 to 78 as in sysexits.h."));
}

static int
complain(const gchar *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree gchar *nearest = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_ptr_array_add(names, (gpointer) verbs[i].name);
    nearest = kw_config_problem_dup_nearest(name, names);
    g_printerr("kurswart: \"%s\": %s\n", name, _("no such verb; see kurswart --help"));
    if (nearest != NULL)
        g_printerr("%s kurswart %s\n", _("did you mean:"), nearest);
    return EXIT_USAGE;
}

static int
run_verb(int argc, char **argv)
{
    if (g_strv_contains(calculations, argv[0]))
        kw_background_enter();
    else if (strcmp(argv[0], "run") == 0)
        (void) kw_foreground_enter(); /* before there are threads: they take it over */
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(argv[0], verbs[i].name) == 0)
            return verbs[i].run(argc, argv);
    }
    return complain(argv[0]);
}

static gboolean
is_help(const gchar *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

int
main(int argc, char **argv)
{
    g_set_prgname("kurswart");
    kw_cli_init();

    if (argc < 2 || (is_help(argv[1]) && argc == 2)) {
        print_help();
        return argc < 2 ? EXIT_USAGE : 0;
    }
    if (is_help(argv[1])) { /* "help data" is "data --help" */
        char flag[] = "--help";
        char *words[] = {argv[2], flag, NULL};

        return run_verb(2, words);
    }
    if (strcmp(argv[1], "--version") == 0) {
        g_print("kurswart %s\n", KW_VERSION);
        return 0;
    }
    return run_verb(argc - 1, argv + 1);
}
