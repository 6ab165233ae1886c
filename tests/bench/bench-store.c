/* bench-store.c: what being durable costs, and how fast the files grow
 *
 * The bare loop is one SQLite insert per synced transaction in the same folder. Growth is a
 * year of three pairs, a candle and a scan with ten columns every five minutes, and the nightly
 * job after each day, measured when the year is over. */
#include "kw-check.h"
#include "kw-nightly.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <math.h>
#include <stdlib.h>

#define T0 KW_TEST_T0_US
#define STEP_US (300 * (gint64) G_USEC_PER_SEC)
#define DAY_US (288 * STEP_US)
#define N_COMMITS 400
#define N_ROWS 200000
#define N_TRADES 10000

static const gchar *const pairs[] = {"BTC/USDT", "ETH/USDT", "SOL/USDT"};

static gint
compare_us(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

    return left < right ? -1 : left > right;
}

static void
print_latencies(const gchar *name, gint64 *us, guint n)
{
    qsort(us, n, sizeof *us, compare_us);
    g_print("{\"bench\":\"store\",\"what\":\"%s\",\"n\":%u,\"p50_us\":%" G_GINT64_FORMAT
            ",\"p99_us\":%" G_GINT64_FORMAT "}\n",
            name, n, us[n / 2], us[n * 99 / 100]);
}

static KwStore *
open_store(const gchar *root, KwFakeClock *clock)
{
    g_autoptr(GError) error = NULL;
    KwStore *store = kw_store_open(root, KW_CLOCK(clock), &error);

    g_assert_no_error(error);
    return store;
}

/* -- commits -- */

static void
bench_bare(const gchar *root)
{
    static const gchar sql[] = "INSERT INTO t (text) VALUES ('a row of about a hundred bytes,"
                               " as an order or a fill would be, so that pages fill alike')";
    g_autofree gchar *path = g_build_filename(root, "bare.db", NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_LEDGER, NULL);
    g_autofree gint64 *us = g_new(gint64, N_COMMITS);

    g_assert_true(kw_sql_run(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)", NULL));
    for (guint i = 0; i < N_COMMITS; i++) {
        gint64 start = g_get_monotonic_time();

        g_assert_true(kw_sql_run(db, sql, NULL));
        us[i] = g_get_monotonic_time() - start;
    }
    print_latencies("bare insert, synced", us, N_COMMITS);
}

static void
bench_commits(const gchar *root, KwFakeClock *clock)
{
    g_autoptr(KwStore) store = open_store(root, clock);
    g_autofree gint64 *us = g_new(gint64, N_COMMITS);
    KwDecimal cash = kw_test_decimal("1000");

    g_assert_true(kw_test_append(store, kw_test_start_batch(T0), NULL));
    for (guint i = 0; i < N_COMMITS; i++) {
        KwBatch *batch = kw_test_trade_batch(i + 1, T0, &cash);
        gint64 start = g_get_monotonic_time();

        g_assert_true(kw_test_append(store, batch, NULL));
        us[i] = g_get_monotonic_time() - start;
    }
    print_latencies("journal batch of 9 rows, synced, answered", us, N_COMMITS);
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    guint *n_done = user_data;

    g_assert_true(kw_journal_append_finish(KW_JOURNAL(source), result, NULL));
    (*n_done)++;
}

/* A long history, then a start: chains, row hashes, money */
static void
bench_start(const gchar *root, KwFakeClock *clock)
{
    KwStore *store = open_store(root, clock);
    KwDecimal cash = kw_test_decimal("1000");
    gint64 start = g_get_monotonic_time();
    guint n_done = 0;
    g_autoptr(GPtrArray) findings = NULL;
    gint64 opened, loaded, checked;

    (void) kw_test_append(store, kw_test_start_batch(T0), NULL);
    for (gint64 id = 1; id <= N_TRADES; id++)
        kw_journal_append_async(KW_JOURNAL(store), kw_test_trade_batch(id, T0, &cash), NULL,
                                on_appended, &n_done);
    while (n_done < N_TRADES)
        (void) g_main_context_iteration(NULL, TRUE);
    g_print("{\"bench\":\"store\",\"what\":\"queued journal batches\",\"per_s\":%.0f}\n",
            N_TRADES / ((gdouble) (g_get_monotonic_time() - start) / 1e6));
    kw_store_close(store);
    g_object_unref(store);

    start = g_get_monotonic_time();
    store = open_store(root, clock);
    opened = g_get_monotonic_time();
    {
        g_auto(KwStoreState) state = {0};
        g_assert_true(kw_store_load(store, KW_MODE_DRYRUN, &state, NULL));
        g_assert_cmpuint(state.trades->len, ==, N_TRADES);
    }
    loaded = g_get_monotonic_time();
    findings = kw_store_doctor(root);
    checked = g_get_monotonic_time();
    g_print("{\"bench\":\"store\",\"what\":\"start with %d trades\",\"open_ms\":%.1f,"
            "\"load_ms\":%.1f,\"whole_check_ms\":%.1f}\n",
            N_TRADES, (gdouble) (opened - start) / 1e3, (gdouble) (loaded - opened) / 1e3,
            (gdouble) (checked - loaded) / 1e3);
    g_object_unref(store);
}

/* -- market -- */

static void
add_rows(KwMarketBatch *batch, const gchar *pair, gint64 at)
{
    KwCandleOrigin origin = {.source = "replay"};
    gdouble price = 100.0 + 20.0 * sin((gdouble) (at / STEP_US % 100000) / 50.0);
    KwCandle candle = {.open_us = at - STEP_US,
                       .open = price,
                       .high = price + 1.01,
                       .low = price - 1.07,
                       .close = price + 0.03,
                       .volume = 12.345678};
    KwScanRecord scan = {.time_us = at,
                         .price = price,
                         .spread = 0.02,
                         .regime = "trend_up",
                         .strategy_hash = "c0ffee",
                         .n_values = 10,
                         .action = "hold",
                         .confidence = 0.61};

    scan.names = g_intern_static_string("a,b,c,d,e,f,g,h,i,j");
    (void) g_strlcpy(scan.pair, pair, sizeof scan.pair);
    for (guint i = 0; i < scan.n_values; i++)
        scan.values[i] = price * (gdouble) (i + 1) / 7.0;
    kw_market_batch_add_candle(batch, pair, STEP_US, &candle, &origin);
    kw_market_batch_add_scan(batch, &scan);
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    gboolean *is_done = user_data;

    *is_done = kw_market_store_flush_finish(KW_MARKET_STORE(source), result, NULL);
}

static void
flush(KwMarketStore *market)
{
    gboolean is_done = FALSE;

    kw_market_store_flush_async(market, NULL, on_flushed, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

static void
append_step(KwMarketStore *market, gint64 at)
{
    KwMarketBatch *batch = kw_market_batch_new();

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        add_rows(batch, pairs[i], at);
    kw_market_store_append_async(market, batch, NULL, NULL, NULL);
    if (kw_market_store_get_backlog(market) >= KW_MARKET_STORE_MAX_BACKLOG)
        flush(market);
}

static void
bench_market(const gchar *root)
{
    g_autoptr(KwMarketStore) market = kw_market_store_open(root, NULL);
    gint64 start = g_get_monotonic_time();
    gdouble seconds;

    for (guint i = 0; i < N_ROWS / 6; i++)
        append_step(market, T0 + i * STEP_US);
    flush(market);
    seconds = (gdouble) (g_get_monotonic_time() - start) / 1e6;
    g_assert_cmpuint(kw_market_store_get_n_failed(market), ==, 0);
    g_print("{\"bench\":\"store\",\"what\":\"market rows, half candles half scans\","
            "\"rows_per_s\":%.0f}\n",
            N_ROWS / seconds);
}

static gdouble
size_mb(const gchar *root, const gchar *name)
{
    g_autofree gchar *path = g_build_filename(root, name, NULL);
    GStatBuf info = {0};

    (void) g_stat(path, &info);
    return (gdouble) info.st_size / 1e6;
}

static void
bench_growth(const gchar *root, KwFakeClock *clock)
{
    gint64 midnight = T0 - T0 % DAY_US;
    KwNightlyPlan plan = kw_nightly_plan_default;
    KwStore *store = open_store(root, clock);
    gint64 night_us = 0;

    plan.backup_keep = 0;
    for (guint day = 0; day < 365; day++, midnight += DAY_US) {
        gint64 start;

        for (guint i = 1; i <= 288; i++)
            append_step(kw_store_get_market(store), midnight + i * STEP_US);
        flush(kw_store_get_market(store));
        start = g_get_monotonic_time();
        g_assert_true(kw_nightly_run(root, &plan, midnight + DAY_US, NULL, NULL));
        night_us = MAX(night_us, g_get_monotonic_time() - start);
    }
    kw_store_close(store);
    g_object_unref(store);
    g_print("{\"bench\":\"store\",\"what\":\"a year of 3 pairs, scans every 5 minutes\","
            "\"market_mb\":%.1f,\"ledger_mb\":%.1f,\"longest_night_ms\":%.1f}\n",
            size_mb(root, KW_STORE_MARKET_FILE), size_mb(root, KW_STORE_LEDGER_FILE),
            (gdouble) night_us / 1e3);
}

/* A folder of its own for each */
static void
in_folder(void (*func)(const gchar *root, KwFakeClock *clock))
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(T0);
    gchar *root = kw_test_tmp_dir_new();

    func(root, clock);
    kw_test_tmp_dir_free(root);
}

static void
bench_disk(const gchar *root, KwFakeClock *clock)
{
    bench_bare(root);
    bench_commits(root, clock);
    bench_market(root);
}

int
main(void)
{
    in_folder(bench_disk);
    in_folder(bench_start);
    in_folder(bench_growth);
    return 0;
}
