/* kw-market-store.h: candles and scans in market.db, written by a thread of its own */
#pragma once

#include "kw-scan.h"
#include "kw-series.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_MARKET_STORE_MAX_BACKLOG 8192 /* rows; wait (flush) before you append more */

/* Candles and scans that belong together, written in one transaction. */
typedef struct _KwMarketBatch KwMarketBatch;

KwMarketBatch *kw_market_batch_new(void);
void kw_market_batch_free(KwMarketBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMarketBatch, kw_market_batch_free)
guint kw_market_batch_get_length(const KwMarketBatch *self);

/**
 * KwCandleOrigin:
 * @source: "replay", "kraken", a file's name ...
 *
 * Where rows come from; stays with every row for ever. Plain value.
 */
typedef struct {
    gchar source[KW_NAME_SIZE];
    gboolean is_synthetic;
} KwCandleOrigin;

void kw_market_batch_add_candle(KwMarketBatch *self,
                                const gchar *pair,
                                gint64 timeframe_us,
                                const KwCandle *candle,
                                const KwCandleOrigin *origin);

/* @scan: copied */
void kw_market_batch_add_scan(KwMarketBatch *self, const KwScanRecord *scan);

#define KW_TYPE_MARKET_STORE (kw_market_store_get_type())
G_DECLARE_FINAL_TYPE(KwMarketStore, kw_market_store, KW, MARKET_STORE, GObject)

/**
 * kw_market_store_open:
 * @root: data root, created when missing (0700)
 *
 * Opens and migrates market.db; blocks, so only before the loop runs or in a verb.
 *
 * Returns: (transfer full): %NULL with a #KwStoreError
 */
KwMarketStore *kw_market_store_open(const gchar *root, GError **error);

/* Writes what is queued, stops the thread and closes the file. Further calls fail. */
void kw_market_store_close(KwMarketStore *self);

/**
 * kw_market_store_append_async:
 * @batch: (transfer full): rows that are there already are replaced
 * @callback: (nullable): without one a failure is counted and logged only
 *
 * Many batches share a transaction; the callback comes when it is committed.
 */
void kw_market_store_append_async(KwMarketStore *self,
                                  KwMarketBatch *batch,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean
kw_market_store_append_finish(KwMarketStore *self, GAsyncResult *result, GError **error);

/* Rows queued and not yet committed */
guint kw_market_store_get_backlog(KwMarketStore *self);

/* TRUE while somebody waits for a flush, see kw_store_owes_answer() */
gboolean kw_market_store_owes_answer(KwMarketStore *self);

/* Rows lost to failed transactions since the opening */
guint64 kw_market_store_get_n_failed(KwMarketStore *self);

/* TRUE after an I/O error or damage: rows are refused until the file is opened anew */
gboolean kw_market_store_is_broken(KwMarketStore *self);

/* Commits at once and calls back when all that was queued before is committed. */
void kw_market_store_flush_async(KwMarketStore *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean
kw_market_store_flush_finish(KwMarketStore *self, GAsyncResult *result, GError **error);

/* -- blocking calls on a connection of their own: before the loop runs, on a thread, in verbs
 */

/**
 * KwImportCount:
 * @n_added: rows that were not there
 * @n_same: rows that were there with the same numbers
 * @n_changed: rows that were there with other numbers (replaced or kept, as asked)
 */
typedef struct {
    guint64 n_added, n_same, n_changed;
} KwImportCount;

typedef enum { KW_IMPORT_KEEP, KW_IMPORT_REPLACE } KwImportMode;

/**
 * KwImport:
 * @mode: what happens to rows that are there with other numbers
 */
typedef struct {
    const gchar *pair;
    KwCandleOrigin origin;
    KwImportMode mode;
} KwImport;

/* Writes a whole series in one transaction. Real rows never replace synthetic ones or the other
 * way round: that is %KW_STORE_ERROR_EXISTS, and nothing is written. */
gboolean kw_market_store_import(KwMarketStore *self,
                                const KwImport *import,
                                const KwSeries *series,
                                KwImportCount *out,
                                GError **error);

/**
 * KwCandleRange:
 * @from_us: first opening time wanted
 * @until_us: opening times below this one
 * @max_rows: newest rows that are wanted; 0 for all
 */
typedef struct {
    gint64 from_us, until_us;
    gsize max_rows;
} KwCandleRange;

/**
 * kw_market_store_load:
 * @out: empty series of the timeframe wanted; rows are appended
 * @out_is_synthetic: (out) (nullable): %TRUE when any of the rows was generated
 */
gboolean kw_market_store_load(KwMarketStore *self,
                              const gchar *pair,
                              const KwCandleRange *range,
                              KwSeries *out,
                              gboolean *out_is_synthetic,
                              GError **error);

/* Instant of the newest scan of @mode; 0 when there is none or it cannot be read */
gint64 kw_market_store_get_last_scan_us(KwMarketStore *self, KwMode mode);

/**
 * KwSeriesInfo:
 * @n_gaps: places where one or more rows are missing
 * @n_missing: rows missing between first and last
 */
typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    gint64 timeframe_us;
    gint64 first_us, last_us;
    guint64 n_rows, n_gaps, n_missing, n_synthetic;
    gchar source[KW_NAME_SIZE]; /* of the newest row */
} KwSeriesInfo;

/* Returns: (transfer full) (element-type KwSeriesInfo): by pair and timeframe */
GArray *kw_market_store_list(KwMarketStore *self, GError **error);

typedef struct {
    KwCandleOrigin origin;
    gint64 first_us, last_us; /* opening times */
} KwOriginSpan;
/* (transfer full) (element-type KwOriginSpan): of all timeframes; %NULL with a #KwStoreError */
GArray *kw_market_store_list_origins(
    KwMarketStore *self, const gchar *pair, gint64 from_us, gint64 until_us, GError **error);

/**
 * kw_market_store_find_other_source:
 * @source: an exchange; "feed" and "file" name none
 *
 * Returns: (transfer full) (nullable): another exchange that rows of this series are from,
 * %NULL when there is none
 */
gchar *kw_market_store_find_other_source(KwMarketStore *self,
                                         const gchar *pair,
                                         gint64 timeframe_us,
                                         const gchar *source);

typedef struct {
    gint64 day_us; /* midnight UTC */
    guint n_rows;
    guint n_expected; /* rows of a whole day; fewer on the first and last day */
} KwDayCount;

/* Returns: (transfer full) (element-type KwDayCount): every day from the first to the last row
 */
GArray *kw_market_store_count_days(KwMarketStore *self,
                                   const gchar *pair,
                                   gint64 timeframe_us,
                                   GError **error);

G_END_DECLS
