/* test-analysis.c: columns that settle at once, later and never; droughts and regimes */
#include "kw-analysis.h"

#include <math.h>
#include <string.h>

#define HOUR G_TIME_SPAN_HOUR
#define N_ROWS 1200

static const gchar text[] =
    "return { name = 'x', timeframe = '1h', startup_candles = 40, stoploss = -0.5,\n"
    "  indicators = function(c) return {\n"
    "    a_mean = sma(c.close, 10), b_slow = ema(c.close, 100) } end,\n"
    "  entry = function(c) return above(c.volume, 5) end,\n"
    "  regime = function(c) return pick{ {above(c.close, 100), 'oben'}, default = 'unten' } "
    "end\n"
    "}\n";

typedef struct {
    KwStudy *study;
    KwStrategy *strategy;
} Fixture;

/* Signals at rows 100, 101 and 400 */
static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) source = g_bytes_new_static(text, strlen(text));
    KwSeries *series = kw_series_new(HOUR);
    KwPair pair;

    (void) data;
    f->study = kw_study_new(G_MININT64, G_MAXINT64);
    f->strategy = kw_strategy_load_bytes("x.lua", source, NULL, NULL);
    g_assert_true(kw_pair_init(&pair, "BTC/USDT", NULL));
    for (guint i = 0; i < N_ROWS; i++) {
        gdouble close = 100.0 + 10.0 * sin(i / 50.0);
        KwCandle candle = {.open_us = i * HOUR,
                           .open = close,
                           .high = close,
                           .low = close,
                           .close = close,
                           .volume = i == 100 || i == 101 || i == 400 ? 9.0 : 1.0};

        g_assert_true(kw_series_append(series, &candle));
    }
    (void) kw_study_add_pair(f->study, &pair, series, NULL);
    g_assert_true(kw_study_build(f->study, f->strategy, NULL));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_study_free(f->study);
    kw_strategy_free(f->strategy);
}

static void
test_settling(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) settlings =
        kw_analysis_settle(kw_study_get_pair(f->study, 0), f->strategy, NULL);
    const KwSettling *mean = &g_array_index(settlings, KwSettling, 0);
    const KwSettling *slow = &g_array_index(settlings, KwSettling, 1);

    (void) data;
    g_assert_cmpuint(settlings->len, ==, 2);
    g_assert_cmpstr(mean->name, ==, "a_mean");
    g_assert_cmpuint(mean->defined, ==, 10);
    g_assert_cmpuint(mean->settled, ==, 20); /* the shortest that is tried */
    g_assert_cmpfloat(mean->error, <=, KW_ANALYSIS_TOLERANCE);
    g_assert_cmpuint(slow->defined, ==, 100);
    g_assert_cmpuint(slow->settled, >, 300); /* 0.98^n has to become small */
    g_assert_true(isinf(slow->error));       /* no value after 40 candles */
}

static void
test_droughts(Fixture *f, gconstpointer data)
{
    KwDrought drought;

    (void) data;
    kw_analysis_droughts(kw_study_get_pair(f->study, 0), &drought);
    g_assert_cmpuint(drought.n_rows, ==, N_ROWS - 40);
    g_assert_cmpuint(drought.n_entries, ==, 2);
    g_assert_cmpuint(drought.last, ==, N_ROWS - 401);
    g_assert_cmpuint(drought.longest, ==, N_ROWS - 401);
    g_assert_cmpint(drought.longest_us, ==, 401 * HOUR);
}

static void
test_regimes(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) counts = kw_analysis_regimes(kw_study_get_pair(f->study, 0));
    gsize n_rows = 0, n_entries = 0;

    (void) data;
    g_assert_cmpuint(counts->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        n_rows += g_array_index(counts, KwRegimeCount, i).n_rows;
        n_entries += g_array_index(counts, KwRegimeCount, i).n_entries;
    }
    g_assert_cmpuint(n_rows, ==, N_ROWS - 40);
    g_assert_cmpuint(n_entries, ==, 3);
    g_assert_cmpstr(g_array_index(counts, KwRegimeCount, 0).label, ==, "oben");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/lab/analysis/settling", Fixture, NULL, set_up, test_settling, tear_down);
    g_test_add("/lab/analysis/droughts", Fixture, NULL, set_up, test_droughts, tear_down);
    g_test_add("/lab/analysis/regimes", Fixture, NULL, set_up, test_regimes, tear_down);
    return g_test_run();
}
