#include "kw-data-synth.h"

#include "kw-candle-file.h"
#include "kw-data-page.h"
#include "kw-date.h"
#include "kw-i18n.h"
#include "kw-synth.h"
#include "kw-timeframe.h"

#include <string.h>
#include <sysexits.h>

#define MAX_DAYS 36525 /* a century */

typedef struct {
    gint64 seed;
    gchar *pair, *timeframe, *from, *out; /* owned */
    gint days;
} Wish;

static gboolean
read_wish(const Wish *wish, KwPair *pair, KwSynthOptions *options, GError **error)
{
    KwDate from;

    if (!kw_pair_init(pair, wish->pair != NULL ? wish->pair : "BTC/USDT", error) ||
        !kw_timeframe_parse(wish->timeframe != NULL ? wish->timeframe : "1h",
                            &options->timeframe_us, error) ||
        !kw_date_parse(wish->from != NULL ? wish->from : "2024-01-01", &from, error))
        return FALSE;
    options->seed = (guint64) wish->seed;
    options->from_us = MAX(kw_date_to_days(from), 0) * KW_US_PER_DAY;
    options->n_rows = (gsize) (wish->days * KW_US_PER_DAY / options->timeframe_us);
    return TRUE;
}

/* (transfer full): "synth-BTC_USDT-1h.csv.gz" */
static gchar *
usual_name(const KwPair *pair, gint64 timeframe_us)
{
    gchar base[KW_PAIR_NAME_SIZE], quote[KW_PAIR_NAME_SIZE];

    return g_strdup_printf("synth-%s_%s-%s.csv.gz", kw_pair_get_base(pair, base),
                           kw_pair_get_quote(pair, quote),
                           kw_timeframe_to_string(timeframe_us));
}

static int
write_wish(const Wish *wish)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwSeries) series = NULL;
    g_autofree gchar *path = NULL;
    g_autofree gchar *remark = NULL;
    g_autofree gchar *seed = NULL;
    KwSynthOptions options = {0};
    KwPair pair;

    if (wish->days < 1 || wish->days > MAX_DAYS)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE, _("--days is a number from 1 to 36525"));
    if (!read_wish(wish, &pair, &options, &error))
        return kw_data_page_fail_as(KW_DATA_EXIT_USAGE, error);
    path = wish->out != NULL ? g_strdup(wish->out) : usual_name(&pair, options.timeframe_us);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree gchar *text =
            g_strdup_printf(_("%s is there already; name another file"), path);
        return kw_data_page_fail(EX_CANTCREAT, text);
    }
    series = kw_synth_generate(&pair, &options);
    remark = kw_synth_remark(&pair, &options);
    if (!kw_candle_file_write(path, series, remark, &error))
        return kw_data_page_fail_as(EX_CANTCREAT, error);
    seed = g_strdup_printf("%" G_GUINT64_FORMAT, options.seed);
    g_print(_("%s: %u synthetic candles of %s %s, seed %s\n"), path, (guint) options.n_rows,
            pair.name, kw_timeframe_to_string(options.timeframe_us), seed);
    return 0;
}

int
kw_data_synth(int argc, char **argv)
{
    Wish wish = {.seed = 1, .days = 30};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &wish.seed, _("same seed, same candles"), "1"},
        {"pair", 0, 0, G_OPTION_ARG_STRING, &wish.pair, _("pair"), "BTC/USDT"},
        {"timeframe", 0, 0, G_OPTION_ARG_STRING, &wish.timeframe, _("timeframe"), "1h"},
        {"from", 0, 0, G_OPTION_ARG_STRING, &wish.from, _("first day"), "2024-01-01"},
        {"days", 0, 0, G_OPTION_ARG_INT, &wish.days, _("length in days"), "30"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &wish.out, _("file to write"), "FILE"},
        G_OPTION_ENTRY_NULL,
    };
    int status = KW_DATA_EXIT_USAGE;

    if (kw_data_page_parse(&argc, &argv, entries, "synth",
                           "kurswart data synth --seed 7 --days 90 --out synth-BTC_USDT-1h.csv",
                           &status))
        status = write_wish(&wish);
    g_free(wish.pair);
    g_free(wish.timeframe);
    g_free(wish.from);
    g_free(wish.out);
    return status;
}
