#include "kw-verb-data.h"

#include "kw-data-columns.h"
#include "kw-data-download.h"
#include "kw-data-execution.h"
#include "kw-data-features.h"
#include "kw-data-import.h"
#include "kw-data-page.h"
#include "kw-data-shelf.h"
#include "kw-data-synth.h"
#include "kw-i18n.h"

#include <string.h>

static const struct {
    const gchar *name;
    const gchar *summary;
    int (*run)(int argc, char **argv);
} parts[] = {
    {"import", N_("read, check and store candle files (CSV, also gzip)"), kw_data_import},
    {"download", N_("fetch candles of an exchange, only what is missing"), kw_data_download},
    {"list", N_("show what is stored"), kw_data_list},
    {"check", N_("completeness by pair and day; exit status 1 below --min"), kw_data_check},
    {"columns", N_("compute indicators over a candle file"), kw_data_columns},
    {"features", N_("compute a model's features into a file"), kw_data_features},
    {"execution", N_("what orders cost, as it was measured nightly"), kw_data_execution},
    {"synth", N_("write a file of generated candles"), kw_data_synth},
};

static void
print_help(void)
{
    g_print("%s\n\n", _("kurswart data PART [OPTIONS]: manages candles"));
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_print("  %-9s %s\n", parts[i].name, _(parts[i].summary));
    g_print("\n%s\n  kurswart data import binance-BTC_USDT-1h.csv.gz\n", _("Example:"));
}

int
kw_verb_data(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run(argc - 1, argv + 1);
    }
    return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                             _("data needs one of import, download, list, check, columns, "
                               "features, execution, synth; "
                               "see kurswart data --help"));
}
