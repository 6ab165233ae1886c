/* kw-main.c: the verbs of the program */
#include "kw-build-data.h"
#include "kw-i18n.h"
#include "kw-verb-demo.h"
#include "kw-verb-run.h"
#include "kw-verb-simulate.h"
#include "kw-version.h"

#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#define EXIT_USAGE 2

static const struct {
    const gchar *name;
    int (*run)(int argc, char **argv);
    const gchar *summary;
} verbs[] = {
    {"demo", kw_verb_demo, N_("the whole bot on bundled real candles, paper money")},
    {"run", kw_verb_run, N_("the daemon: feed, strategy, risk, chat")},
    {"simulate", kw_verb_simulate,
     N_("days of the bot under a seeded clock, killed once a day")},
};

static void
print_help(void)
{
    g_print("%s\n\n",
            _("Kurswart, keeper of the course: a trading bot that answers in German."));
    g_print("%s\n", _("Usage: kurswart VERB [OPTIONS]"));
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        g_print("  %-9s %s\n", verbs[i].name, _(verbs[i].summary));
    g_print("\n%s\n", _("\"kurswart VERB --help\" explains each with an example."));
}

int
main(int argc, char **argv)
{
    (void) setlocale(LC_CTYPE, "C.UTF-8"); /* LC_NUMERIC stays C */
    g_resources_register(kw_data_get_resource());

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return argc < 2 ? EXIT_USAGE : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        g_print("kurswart %s\n", KW_VERSION);
        return 0;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    }
    g_printerr("kurswart: \"%s\": %s\n", argv[1], _("no such verb; see kurswart --help"));
    return EXIT_USAGE;
}
