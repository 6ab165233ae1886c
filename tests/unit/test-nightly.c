/* test-nightly.c: older rows become fewer rows that say the same */
#include "kw-nightly.h"

#include "kw-aggregate.h"
#include "kw-db.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define NOW (KW_TEST_T0_US - KW_TEST_T0_US % DAY_US + 3 * HOUR_US)

typedef struct {
    gchar *root;
    KwFakeClock *clock;
    KwStore *store;
    KwNightlyPlan plan;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    f->root = kw_test_tmp_dir_new();
    f->clock = kw_fake_clock_new(NOW);
    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    f->plan = kw_nightly_plan_default;
    f->plan.backup_keep = 0;
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    kw_test_tmp_dir_free(f->root);
}

static void
run(Fixture *f, KwNightlyCount *out)
{
    g_autoptr(GError) error = NULL;

    (void) kw_nightly_run(f->root, &f->plan, NOW, out, &error);
    g_assert_no_error(error);
}

/* Minutes with a hole here and there */
static KwSeries *
make_minutes(gint64 from_us, gint64 until_us)
{
    KwSeries *series = kw_series_new(MINUTE_US);
    gdouble price = 100.0;

    for (gint64 at = from_us; at < until_us; at += MINUTE_US) {
        KwCandle candle = {.open_us = at, .open = price};

        if (at / MINUTE_US % 97 == 0)
            continue;
        price += g_test_rand_double_range(-0.5, 0.5);
        candle.close = price;
        candle.high = MAX(candle.open, price) + 0.25;
        candle.low = MIN(candle.open, price) - 0.25;
        candle.volume = (gdouble) g_test_rand_int_range(0, 100000) / 1e4;
        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static void
import(Fixture *f, const KwSeries *series, gboolean is_synthetic)
{
    KwImport how = {.pair = "BTC/USDT",
                    .origin = {.source = "file.csv", .is_synthetic = is_synthetic}};
    g_autoptr(GError) error = NULL;
    KwImportCount count;

    g_assert_true(
        kw_market_store_import(kw_store_get_market(f->store), &how, series, &count, &error));
    g_assert_no_error(error);
}

static KwSeries *
load(Fixture *f, gint64 timeframe_us, gboolean *out_is_synthetic)
{
    KwCandleRange all = {.until_us = G_MAXINT64};
    KwSeries *series = kw_series_new(timeframe_us);

    g_assert_true(kw_market_store_load(kw_store_get_market(f->store), "BTC/USDT", &all, series,
                                       out_is_synthetic, NULL));
    return series;
}

/* What is stored of @timeframe_us equals that part of what the minutes give. */
static void
assert_from_minutes(
    Fixture *f, const KwSeries *minutes, gint64 timeframe_us, gint64 from_us, gint64 until_us)
{
    g_autoptr(KwSeries) expected = kw_aggregate_series(minutes, timeframe_us, NULL);
    g_autoptr(KwSeries) stored = load(f, timeframe_us, NULL);
    gsize first = kw_series_find(expected, from_us);
    gsize n = kw_series_find(expected, until_us) - first;

    g_assert_cmpuint(n, >, 0);
    g_assert_cmpuint(kw_series_get_length(stored), ==, n);
    for (gsize i = 0; i < n; i++) {
        KwCandle a = kw_series_get(expected, first + i);
        KwCandle b = kw_series_get(stored, i);

        g_assert_cmpint(memcmp(&a, &b, sizeof a), ==, 0);
    }
}

static void
test_nightly_tiers(Fixture *f, gconstpointer unused)
{
    gint64 start = NOW - 50 * DAY_US - 7 * MINUTE_US;
    g_autoptr(KwSeries) minutes = make_minutes(start, NOW);
    gint64 day_7 = NOW - 7 * DAY_US;
    gint64 day_30 = NOW - 30 * DAY_US;
    KwNightlyCount count;

    import(f, minutes, FALSE);
    run(f, &count);
    assert_from_minutes(f, minutes, MINUTE_US, day_7, G_MAXINT64);
    assert_from_minutes(f, minutes, 5 * MINUTE_US, day_30, day_7);
    assert_from_minutes(f, minutes, HOUR_US, 0, day_30);
    g_assert_cmpuint(count.n_candles_removed, >, 0);
    run(f, &count); /* nothing is left to do */
    g_assert_cmpuint(count.n_candles_removed, ==, 0);
    g_assert_cmpuint(count.n_candles_made, ==, 0);
}

/* A bucket is never made while some of its minutes are too young to go. */
static void
test_nightly_whole_buckets(Fixture *f, gconstpointer unused)
{
    g_autoptr(KwSeries) minutes = make_minutes(NOW - 9 * DAY_US, NOW);
    g_autoptr(GError) error = NULL;

    import(f, minutes, FALSE);
    for (guint i = 0; i < 4; i++)
        g_assert_true(
            kw_nightly_run(f->root, &f->plan, NOW - DAY_US + i * 3 * MINUTE_US, NULL, &error));
    assert_from_minutes(f, minutes, 5 * MINUTE_US, 0, NOW - 8 * DAY_US + 5 * MINUTE_US);
}

static void
test_nightly_synthetic_stays(Fixture *f, gconstpointer unused)
{
    g_autoptr(KwSeries) minutes = make_minutes(NOW - 8 * DAY_US, NOW - 7 * DAY_US);
    g_autoptr(KwSeries) stored = NULL;
    gboolean is_synthetic = FALSE;

    import(f, minutes, TRUE);
    run(f, NULL);
    stored = load(f, 5 * MINUTE_US, &is_synthetic);
    g_assert_cmpuint(kw_series_get_length(stored), >, 0);
    g_assert_true(is_synthetic);
}

/* -- scans -- */

static void
add_scans(Fixture *f, gint64 from_us, guint n)
{
    for (guint i = 0; i < n; i++) {
        KwMarketBatch *batch = kw_market_batch_new();
        KwScanRecord scan = {.time_us = from_us + i * 5 * MINUTE_US,
                             .pair = "BTC/USDT",
                             .price = 100.0 + i % 12,
                             .spread = (gdouble) NAN,
                             .regime = "trend",
                             .names = g_intern_static_string("ema"),
                             .n_values = 1,
                             .values = {i},
                             .has_signal = i % 12 == 5,
                             .confidence = (gdouble) NAN};

        kw_market_batch_add_scan(batch, &scan);
        kw_market_store_append_async(kw_store_get_market(f->store), batch, NULL, NULL, NULL);
    }
    kw_market_store_close(kw_store_get_market(f->store));
}

static gint64
ask(Fixture *f, const gchar *file, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(f->root, file, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(GError) error = NULL;
    gint64 value;

    g_assert_true(kw_sql_get_int(db, sql, -1, &value, &error));
    g_assert_no_error(error);
    return value;
}

static void
test_nightly_scans(Fixture *f, gconstpointer unused)
{
    gint64 day = NOW - NOW % DAY_US - 9 * DAY_US;
    KwNightlyCount count;

    /* first scan of a day is at 00:05, last at 24:00, as they are made when candles close */
    add_scans(f, day + 5 * MINUTE_US, 3 * 288);
    run(f, &count);
    g_assert_cmpuint(count.n_scans_removed, ==, 2 * 288);
    g_assert_cmpuint(count.n_hours_made, ==, 48);
    g_assert_cmpint(ask(f, "market.db", "SELECT count(*) FROM scan"), ==, 288);
    g_assert_cmpint(ask(f, "market.db", "SELECT sum(n_scans) FROM scan_hour"), ==, 576);
    g_assert_cmpint(ask(f, "market.db", "SELECT sum(n_signals) FROM scan_hour"), ==, 48);
    g_assert_cmpint(ask(f, "market.db",
                        "SELECT count(*) FROM scan_hour WHERE price_low = 100 AND price_high"
                        " = 111 AND price_last = 111 AND n_scans = 12 AND regime = 'trend'"),
                    ==, 48);
}

/* -- archive -- */

static void
test_nightly_archive(Fixture *f, gconstpointer unused)
{
    KwTrade trade = kw_test_trade(1, KW_TRADE_STATE_CLOSED, NOW - 91 * DAY_US);
    g_auto(KwStoreState) state = {0};
    KwBatch *batch = kw_batch_new();
    KwNightlyCount count;

    kw_batch_add_trade(batch, &trade);
    trade = kw_test_trade(2, KW_TRADE_STATE_CLOSED, NOW - 89 * DAY_US);
    kw_batch_add_trade(batch, &trade);
    trade = kw_test_trade(3, KW_TRADE_STATE_OPEN, NOW - 200 * DAY_US);
    kw_batch_add_trade(batch, &trade);
    trade = kw_test_trade(4, KW_TRADE_STATE_CLOSED, NOW - 200 * DAY_US);
    trade.mode = KW_MODE_LIVE;
    kw_batch_add_trade(batch, &trade);
    g_assert_true(kw_test_append(f->store, batch, NULL));
    run(f, &count);
    g_assert_cmpuint(count.n_trades_archived, ==, 1);
    g_assert_true(kw_store_load(f->store, KW_MODE_DRYRUN, &state, NULL));
    g_assert_cmpuint(state.trades->len, ==, 2);
    g_assert_cmpuint(state.archived->len, ==, 1);
    g_assert_cmpint(g_array_index(state.archived, KwTrade, 0).id, ==, 1);
    g_assert_cmpint(state.next_trade_id, ==, 5);
    g_assert_cmpint(ask(f, "ledger.db", "SELECT id FROM trade WHERE mode = 'live'"), ==, 4);
}

/* -- thread -- */

static void
on_night(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean *is_done = user_data;

    g_assert_true(kw_nightly_finish(KW_STORE(source), result, NULL, &error));
    g_assert_no_error(error);
    *is_done = TRUE;
}

static void
test_nightly_on_thread(Fixture *f, gconstpointer unused)
{
    g_autofree gchar *folder = g_build_filename(f->root, "backup", NULL);
    gboolean is_done = FALSE;

    f->plan.backup_keep = 2;
    kw_nightly_async(f->store, &f->plan, NOW, NULL, on_night, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_true(g_file_test(folder, G_FILE_TEST_IS_DIR));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
#define ADD(name, func)                                                                        \
    g_test_add("/store/nightly/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("tiers", test_nightly_tiers);
    ADD("whole-buckets", test_nightly_whole_buckets);
    ADD("synthetic-stays", test_nightly_synthetic_stays);
    ADD("scans", test_nightly_scans);
    ADD("archive", test_nightly_archive);
    ADD("on-thread", test_nightly_on_thread);
    return g_test_run();
}
