/* bench-memory.c: the most memory that a backtest of many candles has, beside its columns
 *
 * Three pairs of 3.08 million seeded minutes under ema_cross.lua, once out of CSV files and
 * once out of the store, and under a strategy with hardly a column, where reading the files is
 * what costs most; each in a process of its own. The columns are those that must be there
 * at the end: times and numbers of the candles, and what the strategy has computed, counted on
 * a frame of a few rows. */
#include "kw-column-private.h"
#include "kw-strategy.h"
#include "kw-synth.h"
#include "kw-test.h"
#include "kw-timeframe.h"

#include <glib/gstdio.h>

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define N_ROWS 3080000
#define N_PAIRS 3
#define N_CANDLE_FIELDS 6
#define MB (1024.0 * 1024.0)
#define PAIRS "BTC/USDT,ETH/USDT,SOL/USDT"

static const gchar bare[] =
    "return { name = 'bare', timeframe = '1m', startup_candles = 0, stoploss = -0.5,\n"
    "  entry = function(c) return below(c.close, 0) end,\n"
    "  exit = function(c) return below(c.close, 0) end }\n";

static const gchar *const names[N_PAIRS] = {"BTC", "ETH", "SOL"};

/* Prices and volumes in hundredths: rounding keeps high and low outermost */
static void
write_candles(const gchar *folder, guint index)
{
    const KwSynthOptions options = {
        .seed = index + 1, .timeframe_us = KW_TIMEFRAME_1M_US, .n_rows = N_ROWS};
    g_autofree gchar *pair_name = g_strdup_printf("%s/USDT", names[index]);
    g_autofree gchar *path = g_strdup_printf("%s/synth-%s_USDT-1m.csv", folder, names[index]);
    FILE *file = fopen(path, "w");
    KwSeries *series;
    KwPair pair;

    (void) kw_pair_init(&pair, pair_name, NULL);
    series = kw_synth_generate(&pair, &options);
    (void) fputs("time,open,high,low,close,volume\n", file);
    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = kw_series_get(series, i);

        (void) fprintf(file, "%" G_GINT64_FORMAT ",%.2f,%.2f,%.2f,%.2f,%.2f\n",
                       candle.open_us / G_USEC_PER_SEC, candle.open, candle.high, candle.low,
                       candle.close, candle.volume);
    }
    (void) fclose(file);
    kw_series_free(series);
}

/* Bytes a row of what the strategy computes */
static gsize
count_bytes(const gchar *strategy_path)
{
    g_autoptr(KwStrategy) strategy = kw_strategy_load_file(strategy_path, NULL, NULL);
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(KW_TIMEFRAME_1M_US));
    g_autoptr(GError) error = NULL;
    KwStrategyColumns *columns;
    gsize n_bytes = 0;

    kw_strategy_set_timeframe(strategy, KW_TIMEFRAME_1M_US);
    columns = kw_strategy_build(strategy, frame, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < kw_frame_get_n_columns(frame); i++) {
        const KwColumn *column = kw_frame_get_column(frame, i);

        if (column->run != NULL)
            n_bytes += column->kind == KW_COLUMN_NUMBER ? sizeof(gdouble) : sizeof(guint8);
    }
    kw_strategy_columns_free(columns);
    return n_bytes;
}

/* Most memory of a run in MB; 0 if it failed */
static gdouble
run(const gchar *const *argv)
{
    struct rusage usage = {0};
    GPid pid = 0;
    int status = 0;

    if (!g_spawn_async(NULL, (gchar **) argv, NULL,
                       G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
                       NULL) ||
        wait4(pid, &status, 0, &usage) != pid || status != 0)
        return 0;
    return (gdouble) usage.ru_maxrss / 1024;
}

static void
report(const gchar *source, gdouble peak_mb, gdouble columns_mb)
{
    g_print("{\"bench\":\"memory\",\"source\":\"%s\",\"pairs\":%d,\"rows\":%d,"
            "\"peak_mb\":%.0f,\"columns_mb\":%.0f,\"above_mb\":%.0f,\"limit_mb\":64}\n",
            source, N_PAIRS, N_ROWS, peak_mb, columns_mb, peak_mb - columns_mb);
}

/* Of candles and strategy, in MB */
static gdouble
count_columns(const gchar *strategy)
{
    return (gdouble) N_PAIRS * N_ROWS *
           (gdouble) (N_CANDLE_FIELDS * sizeof(gdouble) + count_bytes(strategy)) / MB;
}

int
main(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *root = g_build_filename(folder, "root", NULL);
    g_autofree gchar *program =
        g_build_filename(g_getenv("KW_BUILD_ROOT"), "src/app/kurswart", NULL);
    g_autofree gchar *strategy =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data/strategies/ema_cross.lua", NULL);
    const gchar *const from_files[] = {program,      "backtest", "--root",      root,
                                       "--data",     folder,     "--timeframe", "1m",
                                       "--strategy", strategy,   NULL};
    const gchar *const from_store[] = {program,      "backtest", "--root",      root,
                                       "--pairs",    PAIRS,      "--timeframe", "1m",
                                       "--strategy", strategy,   NULL};
    g_autofree gchar *bare_strategy = g_build_filename(folder, "bare.lua", NULL);
    const gchar *const bare_files[] = {program,      "backtest",    "--root",      root,
                                       "--data",     folder,        "--timeframe", "1m",
                                       "--strategy", bare_strategy, NULL};
    gdouble columns_mb = count_columns(strategy);

    (void) g_mkdir(root, 0700);
    for (guint i = 0; i < N_PAIRS; i++)
        write_candles(folder, i);
    report("csv", run(from_files), columns_mb);
    g_assert_true(g_file_set_contents(bare_strategy, bare, -1, NULL));
    report("csv-bare", run(bare_files), count_columns(bare_strategy));
    for (guint i = 0; i < N_PAIRS; i++) {
        g_autofree gchar *path = g_strdup_printf("%s/synth-%s_USDT-1m.csv", folder, names[i]);
        const gchar *const import[] = {program, "data", "import", path, "--root", root, NULL};

        (void) run(import);
    }
    report("store", run(from_store), columns_mb);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
    return 0;
}
