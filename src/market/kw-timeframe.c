#include "kw-timeframe.h"

#include "kw-error.h"

#include <string.h>

#define MINUTE KW_TIMEFRAME_1M_US
#define HOUR KW_TIMEFRAME_1H_US

static const struct {
    const gchar *name;
    gint64 length_us;
} table[] = {
    {"1m", MINUTE},       {"3m", 3 * MINUTE}, {"5m", 5 * MINUTE}, {"15m", 15 * MINUTE},
    {"30m", 30 * MINUTE}, {"1h", HOUR},       {"2h", 2 * HOUR},   {"4h", 4 * HOUR},
    {"6h", 6 * HOUR},     {"8h", 8 * HOUR},   {"12h", 12 * HOUR}, {"1d", 24 * HOUR},
};

gboolean
kw_timeframe_parse(const gchar *text, gint64 *out, GError **error)
{
    g_autoptr(GString) names = NULL;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (strcmp(table[i].name, text) == 0) {
            *out = table[i].length_us;
            return TRUE;
        }
    }
    names = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", table[i].name);
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "unknown timeframe; known are %s",
                names->str);
    return FALSE;
}

const gchar *
kw_timeframe_to_string(gint64 timeframe_us)
{
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        if (table[i].length_us == timeframe_us)
            return table[i].name;
    }
    return NULL;
}

gint64
kw_timeframe_guess(const gint64 *times_us, gsize n_times)
{
    gsize counts[G_N_ELEMENTS(table)] = {0};
    gsize best = 0;

    for (gsize i = 1; i < n_times; i++) {
        gint64 low = MIN(times_us[i], times_us[i - 1]);
        gint64 high = MAX(times_us[i], times_us[i - 1]);

        for (gsize t = 0; t < G_N_ELEMENTS(table); t++) {
            if (low == high - table[t].length_us)
                counts[t]++;
        }
    }
    for (gsize t = 1; t < G_N_ELEMENTS(table); t++) {
        if (counts[t] > counts[best])
            best = t;
    }
    return counts[best] == 0 ? 0 : table[best].length_us;
}
