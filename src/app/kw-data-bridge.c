#include "kw-data-bridge.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-i18n.h"
#include "kw-mt5-candles.h"

int
kw_data_bridge_open(KwMt5Access *access,
                    const gchar *config,
                    const gchar *pairs,
                    gint64 timeframe_us)
{
    const KwSettingsPaths paths = {.config = config, .limits = KW_SETTINGS_NO_FILE};
    g_auto(GStrv) environment = g_get_environ();
    g_auto(GStrv) names = g_strsplit(pairs, ",", -1);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwSettings) settings = NULL;
    g_autoptr(GError) error = NULL;

    if (timeframe_us > KW_MT5_CANDLES_MAX_TIMEFRAME_US)
        return kw_data_page_fail(
            KW_DATA_EXIT_USAGE, _("candles of MetaTrader that are longer than an hour begin at "
                                  "the server's own midnight: --timeframe 1h at most"));
    settings = kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);
    if (settings == NULL)
        return kw_cli_report_problems(problems);
    for (guint i = 0; names[i] != NULL; i++)
        (void) g_strstrip(names[i]);
    return kw_mt5_access_open(access, settings, (const gchar *const *) names, &error)
               ? 0
               : kw_cli_fail_error(error, kw_mt5_access_get_mend(error));
}
