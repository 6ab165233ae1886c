/* test-market-store.c: candles and scans come back as they went in */
#include "kw-db.h"
#include "kw-error.h"
#include "kw-market-store.h"
#include "kw-store.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)
#define T0 (KW_TEST_T0_US - KW_TEST_T0_US % (24 * HOUR_US))

typedef struct {
    gchar *root;
    KwMarketStore *store;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    f->root = kw_test_tmp_dir_new();
    f->store = kw_market_store_open(f->root, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->store);
    kw_test_tmp_dir_free(f->root);
}

static KwCandle
make_candle(gint64 open_us)
{
    gdouble base = 100.0 + (gdouble) (open_us / HOUR_US % 1000) / 7.0;

    return (KwCandle){.open_us = open_us,
                      .open = base,
                      .high = base + 1.1,
                      .low = base - 0.3,
                      .close = base + 0.1,
                      .volume = 3.25};
}

static void
on_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    gboolean *is_done = user_data;

    g_assert_true(kw_market_store_flush_finish(KW_MARKET_STORE(source), result, &error));
    g_assert_no_error(error);
    *is_done = TRUE;
}

static void
flush(Fixture *f)
{
    gboolean is_done = FALSE;

    kw_market_store_flush_async(f->store, NULL, on_done, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

static KwSeries *
load(Fixture *f, const gchar *pair, KwCandleRange range, gboolean *out_is_synthetic)
{
    KwSeries *series = kw_series_new(HOUR_US);
    g_autoptr(GError) error = NULL;

    g_assert_true(
        kw_market_store_load(f->store, pair, &range, series, out_is_synthetic, &error));
    g_assert_no_error(error);
    return series;
}

static void
append_hours(Fixture *f, const gchar *pair, guint first, guint n, gboolean is_synthetic)
{
    KwCandleOrigin origin = {.source = "replay", .is_synthetic = is_synthetic};

    for (guint i = first; i < first + n; i++) {
        KwMarketBatch *batch = kw_market_batch_new();
        KwCandle candle = make_candle(T0 + i * HOUR_US);

        kw_market_batch_add_candle(batch, pair, HOUR_US, &candle, &origin);
        kw_market_store_append_async(f->store, batch, NULL, NULL, NULL);
    }
}

static const KwCandleRange all = {.from_us = 0, .until_us = G_MAXINT64};

static void
test_market_store_candles(Fixture *f, gconstpointer unused)
{
    g_autoptr(KwSeries) series = NULL;
    gboolean is_synthetic = TRUE;

    append_hours(f, "BTC/USDT", 0, 3000, FALSE);
    append_hours(f, "ETH/USDT", 5, 2, FALSE);
    flush(f);
    g_assert_cmpuint(kw_market_store_get_backlog(f->store), ==, 0);
    series = load(f, "BTC/USDT", all, &is_synthetic);
    g_assert_cmpuint(kw_series_get_length(series), ==, 3000);
    g_assert_false(is_synthetic);
    for (guint i = 0; i < 3000; i++) {
        KwCandle expected = make_candle(T0 + i * HOUR_US);
        KwCandle got = kw_series_get(series, i);

        g_assert_cmpint(memcmp(&expected, &got, sizeof got), ==, 0); /* same bits */
    }
}

static void
test_market_store_ranges(Fixture *f, gconstpointer unused)
{
    static const struct {
        guint from, until, max, expect_first, expect_n;
    } rows[] = {
        {0, 100, 0, 0, 100}, {0, 100, 7, 93, 7},  {10, 20, 0, 10, 10},
        {10, 20, 3, 17, 3},  {99, 500, 0, 99, 1}, {100, 500, 0, 0, 0},
    };

    append_hours(f, "BTC/USDT", 0, 100, FALSE);
    flush(f);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwCandleRange range = {.from_us = T0 + rows[i].from * HOUR_US,
                               .until_us = T0 + rows[i].until * HOUR_US,
                               .max_rows = rows[i].max};
        g_autoptr(KwSeries) series = load(f, "BTC/USDT", range, NULL);

        g_test_message("row %u", i);
        g_assert_cmpuint(kw_series_get_length(series), ==, rows[i].expect_n);
        if (rows[i].expect_n > 0)
            g_assert_cmpint(kw_series_get(series, 0).open_us, ==,
                            T0 + rows[i].expect_first * HOUR_US);
    }
}

static void
append_from(Fixture *f, const gchar *source, guint first, guint n, gdouble change)
{
    KwCandleOrigin origin = {0};

    g_strlcpy(origin.source, source, sizeof origin.source);
    for (guint i = first; i < first + n; i++) {
        KwMarketBatch *batch = kw_market_batch_new();
        KwCandle candle = make_candle(T0 + i * HOUR_US);

        candle.volume += change;
        kw_market_batch_add_candle(batch, "BTC/USDT", HOUR_US, &candle, &origin);
        kw_market_store_append_async(f->store, batch, NULL, NULL, NULL);
    }
}

static void
assert_origins(Fixture *f, guint n_spans, const gchar *source, guint first, guint last)
{
    g_autoptr(GArray) spans =
        kw_market_store_list_origins(f->store, "BTC/USDT", 0, G_MAXINT64, NULL);

    g_assert_cmpuint(spans->len, ==, n_spans);
    for (guint i = 0; i < spans->len; i++) {
        const KwOriginSpan *span = &g_array_index(spans, KwOriginSpan, i);

        if (strcmp(span->origin.source, source) != 0)
            continue;
        g_assert_cmpint(span->first_us, ==, T0 + first * HOUR_US);
        g_assert_cmpint(span->last_us, ==, T0 + last * HOUR_US);
        return;
    }
    g_assert_not_reached();
}

/* What a replay passes on does not become its own, nor the exchange's; what it has otherwise
 * does. What comes from the exchange itself is the exchange's. */
static void
test_market_store_origin_kept(Fixture *f, gconstpointer unused)
{
    append_from(f, "binance", 0, 10, 0);
    append_from(f, "feed", 0, 12, 0);
    flush(f);
    assert_origins(f, 2, "binance", 0, 9);
    assert_origins(f, 2, "feed", 10, 11);
    append_from(f, "feed", 9, 1, 1);
    append_from(f, "kraken", 11, 1, 0);
    flush(f);
    assert_origins(f, 3, "binance", 0, 8);
    assert_origins(f, 3, "feed", 9, 10);
    assert_origins(f, 3, "kraken", 11, 11);
}

/* -- import -- */

static KwSeries *
make_series(guint first, guint n, gdouble bump)
{
    KwSeries *series = kw_series_new(HOUR_US);

    for (guint i = first; i < first + n; i++) {
        KwCandle candle = make_candle(T0 + i * HOUR_US);

        candle.volume += bump;
        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static void
import(Fixture *f, KwSeries *series, KwImportMode mode, KwImportCount *out)
{
    KwImport how = {.pair = "BTC/USDT", .origin = {.source = "file.csv"}, .mode = mode};
    g_autoptr(KwSeries) owned = series;
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_market_store_import(f->store, &how, owned, out, &error));
    g_assert_no_error(error);
}

static void
test_market_store_import_counts(Fixture *f, gconstpointer unused)
{
    g_autoptr(KwSeries) series = NULL;
    KwImportCount count;

    import(f, make_series(0, 10, 0), KW_IMPORT_KEEP, &count);
    g_assert_cmpuint(count.n_added, ==, 10);
    import(f, make_series(5, 10, 0), KW_IMPORT_KEEP, &count);
    g_assert_cmpuint(count.n_added, ==, 5);
    g_assert_cmpuint(count.n_same, ==, 5);
    import(f, make_series(14, 2, 1), KW_IMPORT_KEEP, &count);
    g_assert_cmpuint(count.n_added, ==, 1);
    g_assert_cmpuint(count.n_changed, ==, 1);
    series = load(f, "BTC/USDT", all, NULL);
    g_assert_cmpuint(kw_series_get_length(series), ==, 16);
    g_assert_cmpfloat(kw_series_get(series, 14).volume, ==, 3.25); /* kept */
    import(f, make_series(14, 1, 1), KW_IMPORT_REPLACE, &count);
    g_assert_cmpuint(count.n_changed, ==, 1);
    kw_series_free(g_steal_pointer(&series));
    series = load(f, "BTC/USDT", all, NULL);
    g_assert_cmpfloat(kw_series_get(series, 14).volume, ==, 4.25);
}

static void
test_market_store_synthetic_apart(Fixture *f, gconstpointer unused)
{
    KwImport how = {.pair = "BTC/USDT", .origin = {.source = "synth", .is_synthetic = TRUE}};
    g_autoptr(KwSeries) series = make_series(50, 5, 0);
    g_autoptr(KwSeries) stored = NULL;
    g_autoptr(GError) error = NULL;
    gboolean is_synthetic = FALSE;
    KwImportCount count = {.n_added = 77};

    import(f, make_series(0, 10, 0), KW_IMPORT_KEEP, &count);
    g_assert_false(kw_market_store_import(f->store, &how, series, &count, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS);
    g_clear_error(&error);
    stored = load(f, "BTC/USDT", all, &is_synthetic);
    g_assert_cmpuint(kw_series_get_length(stored), ==, 10);
    g_assert_false(is_synthetic);

    how.pair = "ETH/USDT";
    g_assert_true(kw_market_store_import(f->store, &how, series, &count, &error));
    kw_series_free(g_steal_pointer(&stored));
    stored = load(f, "ETH/USDT", all, &is_synthetic);
    g_assert_true(is_synthetic);
}

static void
test_market_store_list_and_days(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) list = NULL;
    g_autoptr(GArray) days = NULL;
    const KwSeriesInfo *info;

    append_hours(f, "BTC/USDT", 0, 30, FALSE);
    append_hours(f, "BTC/USDT", 33, 3, FALSE);  /* 3 rows missing */
    append_hours(f, "BTC/USDT", 100, 1, FALSE); /* 64 more */
    append_hours(f, "ADA/USDT", 0, 1, TRUE);
    flush(f);
    list = kw_market_store_list(f->store, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 2);
    info = &g_array_index(list, KwSeriesInfo, 0);
    g_assert_cmpstr(info->pair, ==, "ADA/USDT");
    g_assert_cmpuint(info->n_synthetic, ==, 1);
    info = &g_array_index(list, KwSeriesInfo, 1);
    g_assert_cmpuint(info->n_rows, ==, 34);
    g_assert_cmpuint(info->n_gaps, ==, 2);
    g_assert_cmpuint(info->n_missing, ==, 67);
    g_assert_cmpint(info->first_us, ==, T0);
    g_assert_cmpint(info->last_us, ==, T0 + 100 * HOUR_US);
    g_assert_cmpstr(info->source, ==, "replay");

    days = kw_market_store_count_days(f->store, "BTC/USDT", HOUR_US, &error);
    g_assert_cmpuint(days->len, ==, 5);
    g_assert_cmpuint(g_array_index(days, KwDayCount, 0).n_rows, ==, 24);
    g_assert_cmpuint(g_array_index(days, KwDayCount, 1).n_rows, ==, 9);
    g_assert_cmpuint(g_array_index(days, KwDayCount, 2).n_rows, ==, 0);
    g_assert_cmpuint(g_array_index(days, KwDayCount, 4).n_rows, ==, 1);
    g_assert_cmpuint(g_array_index(days, KwDayCount, 4).n_expected, ==, 24);
}

/* -- scans -- */

static void
test_market_store_scan(Fixture *f, gconstpointer unused)
{
    static const gchar sql[] =
        "SELECT pair, price, spread, regime, names, column_values, has_signal, action,"
        " confidence, reason, strategy_hash FROM scan JOIN column_set ON id = column_set";
    g_autofree gchar *path = g_build_filename(f->root, KW_STORE_MARKET_FILE, NULL);
    KwScanRecord scan = {.time_us = T0,
                         .pair = "BTC/USDT",
                         .price = 100.5,
                         .spread = (gdouble) NAN,
                         .regime = "trend",
                         .strategy_hash = "00ff",
                         .names = g_intern_string("ema_fast,ema_slow,rsi"),
                         .n_values = 3,
                         .values = {1.5, (gdouble) NAN, 70.25},
                         .has_signal = TRUE,
                         .action = "rejected",
                         .confidence = 0.75,
                         .reason = "cooldown"};
    KwMarketBatch *batch = kw_market_batch_new();
    g_autoptr(sqlite3_stmt) stmt = NULL;
    g_autoptr(sqlite3) db = NULL;
    gdouble values[3];
    gboolean has_row;

    kw_market_batch_add_scan(batch, &scan);
    g_assert_cmpuint(kw_market_batch_get_length(batch), ==, 1);
    kw_market_store_append_async(f->store, batch, NULL, NULL, NULL);
    flush(f);
    db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_assert_true(kw_sql_prepare(db, sql, &stmt, NULL));
    g_assert_true(kw_sql_step_row(stmt, &has_row, NULL) && has_row);
    g_assert_cmpstr(kw_sql_column_text(stmt, 0), ==, "BTC/USDT");
    g_assert_cmpfloat(kw_sql_column_real(stmt, 1), ==, 100.5);
    g_assert_true(isnan(kw_sql_column_real(stmt, 2)));
    g_assert_cmpstr(kw_sql_column_text(stmt, 3), ==, "trend");
    g_assert_cmpstr(kw_sql_column_text(stmt, 4), ==, "ema_fast,ema_slow,rsi");
    g_assert_cmpint(sqlite3_column_bytes(stmt, 5), ==, sizeof values);
    memcpy(values, sqlite3_column_blob(stmt, 5), sizeof values);
    g_assert_cmpfloat(values[0], ==, 1.5);
    g_assert_true(isnan(values[1]));
    g_assert_cmpint(sqlite3_column_int(stmt, 6), ==, 1);
    g_assert_cmpstr(kw_sql_column_text(stmt, 7), ==, "rejected");
    g_assert_cmpstr(kw_sql_column_text(stmt, 9), ==, "cooldown");
    g_assert_cmpstr(kw_sql_column_text(stmt, 10), ==, "00ff");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
#define ADD(name, func)                                                                        \
    g_test_add("/store/market-store/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("candles", test_market_store_candles);
    ADD("ranges", test_market_store_ranges);
    ADD("import-counts", test_market_store_import_counts);
    ADD("synthetic-apart", test_market_store_synthetic_apart);
    ADD("list-and-days", test_market_store_list_and_days);
    ADD("scan", test_market_store_scan);
    ADD("origin-kept", test_market_store_origin_kept);
    return g_test_run();
}
