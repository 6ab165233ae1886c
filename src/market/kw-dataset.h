/* kw-dataset.h: candle files of several pairs, told apart by their names, as one feed */
#pragma once

#include "kw-candle-file.h"
#include "kw-clock.h"
#include "kw-pair.h"
#include "kw-replay-feed.h"

G_BEGIN_DECLS

#define KW_DATASET_EXCHANGE_SIZE 24

/**
 * KwDatasetName:
 * @exchange: lower case; "" when the name does not tell it
 *
 * What a file name says, e.g. "binance-BTC_USDT-1h.csv.gz". Plain value.
 */
typedef struct {
    gchar exchange[KW_DATASET_EXCHANGE_SIZE];
    KwPair pair;
    gint64 timeframe_us;
} KwDatasetName;

/**
 * kw_dataset_parse_name:
 * @path: [EXCHANGE-]BASE_QUOTE-TIMEFRAME[.REMARK].csv[.gz], with or without folders
 *
 * The pair's gap meaning is that of the exchange.
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_SYNTAX; @out untouched then
 */
gboolean kw_dataset_parse_name(const gchar *path, KwDatasetName *out, GError **error);

/**
 * KwDatasetOptions:
 * @timeframe_us: 0 for the only one that is there
 * @exchange: (nullable): files of this one only
 * @pairs: (nullable): canonical names; only these, and all of them
 * @now_us: as in #KwCandleFileOptions
 */
typedef struct {
    gint64 timeframe_us;
    const gchar *exchange;
    const gchar *const *pairs;
    gint64 now_us;
} KwDatasetOptions;

/**
 * KwDatasetEntry:
 * @path: (owned)
 * @file: (owned): its series is %NULL once it has become part of a feed
 */
typedef struct {
    gchar *path;
    KwDatasetName name;
    KwCandleFile *file;
} KwDatasetEntry;

typedef struct _KwDataset KwDataset;

/**
 * kw_dataset_load:
 * @paths: files and folders; in a folder, names of another form are passed over
 * @options: (nullable)
 *
 * Chooses by name, then reads and cleans; blocks.
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_EMPTY (nothing fits),
 *   %KW_MARKET_ERROR_FORMAT (several timeframes, or a pair from two files) or what
 *   kw_candle_file_load() sets
 */
KwDataset *
kw_dataset_load(const gchar *const *paths, const KwDatasetOptions *options, GError **error);

/* The same from a folder of the compiled-in resources, e.g. "/kurswart/candles" */
KwDataset *
kw_dataset_load_resource(const gchar *folder, const KwDatasetOptions *options, GError **error);

void kw_dataset_free(KwDataset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDataset, kw_dataset_free)

/* Entries by name of the pair; for reports */
guint kw_dataset_get_n_entries(const KwDataset *self);
const KwDatasetEntry *kw_dataset_get_entry(const KwDataset *self, guint index);

/* (transfer full): the candles of an entry, which keeps its report. Call it once for each. */
KwSeries *kw_dataset_take_series(KwDataset *self, guint index);

/**
 * kw_dataset_take_feed:
 * @from_us: first opening that is given out; %G_MININT64 for all
 * @to_us: no opening at or after it; %G_MAXINT64 for all
 *
 * Moves the candles into a feed; the entries keep their reports. Call it once.
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_FORMAT
 */
KwReplayFeed *kw_dataset_take_feed(
    KwDataset *self, KwClock *clock, gint64 from_us, gint64 to_us, GError **error);

G_END_DECLS
