/* test-dataset.c: names of files, choosing among them, the feed they make; the demo candles */
#include "kw-build-data.h"
#include "kw-clock.h"
#include "kw-dataset.h"
#include "kw-error.h"
#include "kw-gap.h"
#include "kw-synth.h"
#include "kw-test.h"
#include "kw-timeframe.h"

#define HOUR KW_TIMEFRAME_1H_US
#define FROM (G_GINT64_CONSTANT(1704067200) * G_USEC_PER_SEC)

static void
test_dataset_names(void)
{
    static const struct {
        const gchar *path;
        const gchar *exchange;
        const gchar *pair;
        const gchar *timeframe;
        KwGapMeaning meaning;
    } rows[] = {
        {"/a/b/binance-BTC_USDT-1h.csv.gz", "binance", "BTC/USDT", "1h", KW_GAP_OUTAGE},
        {"Kraken-XBT_EUR-15m.csv", "kraken", "BTC/EUR", "15m", KW_GAP_NO_TRADE},
        {"ETH_USD-1d.2020-2021.csv.gz", "", "ETH/USD", "1d", KW_GAP_OUTAGE},
        {"binance-BTC_USDT-1m.offset-2017-12.csv.gz", "binance", "BTC/USDT", "1m",
         KW_GAP_OUTAGE},
    };
    static const gchar *const refused[] = {
        "SOURCES.md",
        "BTC_USDT.csv",
        "a-b-BTC_USDT-1h.csv",
        "BTCUSDT-1h.csv",
        "BTC_USDT-1w.csv",
        "x-BTC_USDT-1h.feather",
        "",
        "/",
        "kraken-BTC_USDT-trades.csv.gz",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwDatasetName name;

        g_assert_true(kw_dataset_parse_name(rows[i].path, &name, NULL));
        g_assert_cmpstr(name.exchange, ==, rows[i].exchange);
        g_assert_cmpstr(name.pair.name, ==, rows[i].pair);
        g_assert_cmpstr(kw_timeframe_to_string(name.timeframe_us), ==, rows[i].timeframe);
        g_assert_cmpint(name.pair.gap_meaning, ==, rows[i].meaning);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        KwDatasetName name;

        g_test_message("refused '%s'", refused[i]);
        g_assert_false(kw_dataset_parse_name(refused[i], &name, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    }
}

static void
write_synth(const gchar *dir, const gchar *name, const gchar *remark)
{
    g_autofree gchar *path = g_build_filename(dir, name, NULL);
    g_autoptr(KwSeries) series = NULL;
    KwDatasetName parts;
    KwSynthOptions options = {.seed = 1, .from_us = FROM, .n_rows = 100};

    g_assert_true(kw_dataset_parse_name(name, &parts, NULL));
    options.timeframe_us = parts.timeframe_us;
    series = kw_synth_generate(&parts.pair, &options);
    g_assert_true(kw_candle_file_write(path, series, remark, NULL));
}

typedef struct {
    gchar *dir; /* owned */
    const gchar *paths[2];
} Folder;

static void
folder_init(Folder *folder)
{
    folder->dir = kw_test_tmp_dir_new();
    folder->paths[0] = folder->dir;
    folder->paths[1] = NULL;
    write_synth(folder->dir, "ETH_USDT-1h.csv", NULL);
    write_synth(folder->dir, "BTC_USDT-1h.csv.gz", NULL);
}

static void
test_dataset_folder(void)
{
    Folder folder;
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(FROM);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = NULL;
    g_autoptr(KwReplayFeed) feed = NULL;

    folder_init(&folder);
    dataset = kw_dataset_load(folder.paths, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(kw_dataset_get_n_entries(dataset), ==, 2);
    g_assert_cmpstr(kw_dataset_get_entry(dataset, 0)->name.pair.name, ==, "BTC/USDT");
    feed = kw_dataset_take_feed(dataset, KW_CLOCK(clock), FROM + 10 * HOUR, G_MAXINT64, &error);
    g_assert_no_error(error);
    g_assert_cmpint(kw_replay_feed_get_next_close_us(feed), ==, FROM + 11 * HOUR);
    g_assert_false(kw_feed_get_synthetic(KW_FEED(feed)));
    g_assert_cmpuint(kw_dataset_get_entry(dataset, 0)->file->report->n_kept, ==, 100);
    kw_test_tmp_dir_free(folder.dir);
}

/* A single generated file makes the whole feed synthetic. */
static void
test_dataset_synthetic(void)
{
    Folder folder;
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(FROM);
    g_autoptr(KwDataset) dataset = NULL;
    g_autoptr(KwReplayFeed) feed = NULL;
    g_autofree gchar *remark = NULL;
    KwSynthOptions options = {.seed = 5};
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "ADA/USDT", NULL));
    remark = kw_synth_remark(&pair, &options);
    folder_init(&folder);
    write_synth(folder.dir, "ADA_USDT-1h.csv", remark);
    dataset = kw_dataset_load(folder.paths, NULL, NULL);
    feed = kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, NULL);
    g_assert_cmpuint(kw_feed_get_n_pairs(KW_FEED(feed)), ==, 3);
    g_assert_true(kw_feed_get_synthetic(KW_FEED(feed)));
    kw_test_tmp_dir_free(folder.dir);
}

static void
assert_refused(const Folder *folder, const KwDatasetOptions *options, KwMarketError code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_dataset_load(folder->paths, options, &error));
    g_assert_error(error, KW_MARKET_ERROR, (gint) code);
}

static void
test_dataset_choice(void)
{
    const gchar *const btc[] = {"BTC/USDT", NULL};
    const gchar *const xrp[] = {"XRP/USDT", NULL};
    g_autoptr(KwDataset) dataset = NULL;
    Folder folder;

    folder_init(&folder);
    write_synth(folder.dir, "BTC_USDT-5m.csv", NULL);
    write_synth(folder.dir, "kraken-BTC_USDT-1h.csv", NULL);
    assert_refused(&folder, NULL, KW_MARKET_ERROR_FORMAT); /* two timeframes */
    assert_refused(&folder, &(KwDatasetOptions){.timeframe_us = HOUR}, KW_MARKET_ERROR_FORMAT);
    assert_refused(&folder, &(KwDatasetOptions){.pairs = xrp}, KW_MARKET_ERROR_EMPTY);
    assert_refused(&folder, &(KwDatasetOptions){.exchange = "mars"}, KW_MARKET_ERROR_EMPTY);

    dataset = kw_dataset_load(folder.paths,
                              &(KwDatasetOptions){.exchange = "Kraken", .pairs = btc}, NULL);
    g_assert_nonnull(dataset);
    g_assert_cmpuint(kw_dataset_get_n_entries(dataset), ==, 1);
    g_assert_cmpstr(kw_dataset_get_entry(dataset, 0)->name.exchange, ==, "kraken");
    kw_test_tmp_dir_free(folder.dir);
}

static void
test_dataset_missing_file(void)
{
    const gchar *const paths[] = {"/nowhere/binance-BTC_USDT-1h.csv", NULL};
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_dataset_load(paths, NULL, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO);
}

/* The compiled-in candles: two pairs, the same year, no gap, nothing wrong. */
static void
test_dataset_demo(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataset) dataset = NULL;
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(FROM);
    g_autoptr(KwReplayFeed) feed = NULL;

    g_assert_nonnull(kw_data_get_resource());
    dataset = kw_dataset_load_resource("/kurswart/candles", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(kw_dataset_get_n_entries(dataset), ==, 2);
    for (guint i = 0; i < 2; i++) {
        const KwDatasetEntry *entry = kw_dataset_get_entry(dataset, i);
        g_autoptr(GArray) gaps = kw_gap_list(entry->file->series);

        g_assert_cmpuint(entry->file->report->n_kept, ==, 8784);
        g_assert_cmpuint(entry->file->report->notes->len, ==, 0);
        g_assert_cmpuint(gaps->len, ==, 0);
        g_assert_cmpint(kw_series_get_times(entry->file->series)[0], ==, FROM);
    }
    g_assert_cmpfloat(kw_series_get_opens(kw_dataset_get_entry(dataset, 0)->file->series)[0],
                      ==, 42283.58);
    feed = kw_dataset_take_feed(dataset, KW_CLOCK(clock), G_MININT64, G_MAXINT64, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(kw_feed_get_pair(KW_FEED(feed), 1)->name, ==, "ETH/USDT");
    g_assert_false(kw_feed_get_synthetic(KW_FEED(feed)));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/dataset/names", test_dataset_names);
    g_test_add_func("/market/dataset/folder", test_dataset_folder);
    g_test_add_func("/market/dataset/synthetic", test_dataset_synthetic);
    g_test_add_func("/market/dataset/choice", test_dataset_choice);
    g_test_add_func("/market/dataset/missing-file", test_dataset_missing_file);
    g_test_add_func("/market/dataset/demo", test_dataset_demo);
    return g_test_run();
}
