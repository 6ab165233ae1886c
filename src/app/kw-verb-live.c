#include "kw-verb-live.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-live-parts.h"

#include <string.h>

static const struct {
    const gchar *name;
    const gchar *summary;
    int (*run)(int argc, char **argv);
} parts[] = {
    {"check", N_("what is ready for real money, what is not, and what mends it"),
     kw_live_check},
    {"gate", N_("judge a backtest of the last three months and keep the verdict"),
     kw_live_gate},
    {"drill", N_("try the kill switch of the running bot and keep the result"), kw_live_drill},
    {"first-order", N_("the smallest order, there and back, after a typed word"),
     kw_live_first_order},
};

static void
print_help(void)
{
    g_print("%s\n\n",
            _("kurswart live PART [OPTIONS]: what has to be shown before real money"));
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_print("  %-12s %s\n", parts[i].name, _(parts[i].summary));
    g_print("\n%s\n  kurswart live check\n", _("Example:"));
}

void
kw_live_options_clear(KwLiveOptions *self)
{
    g_clear_pointer(&self->config, g_free);
    g_clear_pointer(&self->limits, g_free);
    g_clear_pointer(&self->root, g_free);
}

KwSettings *
kw_live_options_load(const KwLiveOptions *self)
{
    const KwSettingsPaths paths = {self->config, self->limits, self->root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_auto(GStrv) environment = g_get_environ();
    KwSettings *settings =
        kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);

    if (settings == NULL)
        (void) kw_cli_report_problems(problems);
    return settings;
}

int
kw_verb_live(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run(argc - 1, argv + 1);
    }
    return kw_cli_fail(KW_EXIT_USAGE, _("live needs one of check, gate, drill, first-order"),
                       "kurswart live --help");
}
