/* kw-download.h: candles of one pair from an exchange into the store, page by page */
#pragma once

#include "kw-http.h"
#include "kw-kraken-pairs.h"
#include "kw-kraken.h"
#include "kw-market-store.h"
#include "kw-mt5.h"

G_BEGIN_DECLS

/**
 * KwDownloadSource: where from; one of the three
 * @kraken, @pairs: Kraken
 * @http, @url: Binance
 * @bridge, @symbol: a MetaTrader 5 account; what its server calls the pair
 */
typedef struct {
    KwKraken *kraken;
    const KwKrakenPairs *pairs;
    KwHttp *http;
    const gchar *url;
    KwMt5 *bridge;
    const gchar *symbol;
} KwDownloadSource;

/**
 * KwDownloadOrder: all is borrowed until the end
 * @name: "kraken", "binance" or "mt5": the origin that stays with the rows
 * @days: before now when there is nothing yet; with @is_prepend also before the first row
 */
typedef struct {
    const KwDownloadSource *source;
    KwMarketStore *store;
    KwClock *clock;
    const gchar *name;
    const gchar *pair;
    gint64 timeframe_us;
    guint days;
    gboolean is_prepend;
} KwDownloadOrder;

/**
 * KwDownloadReport:
 * @n_requests: to the exchange
 * @from_us, @until_us: the span that was asked for; equal when nothing was missing
 */
typedef struct {
    guint n_requests;
    gint64 from_us, until_us;
    KwImportCount count;
} KwDownloadReport;

/* Called after each page with the time that is reached */
typedef void (*KwDownloadProgress)(gint64 reached_us, gint64 until_us, gpointer user_data);

/**
 * kw_download_run:
 * @progress: (nullable)
 *
 * What is stored is not fetched again. Rows are written as they come, so that a download that
 * was ended goes on where it was; memory does not grow with the span. Runs the main loop; in a
 * verb.
 *
 * Returns: %FALSE with an error of the exchange, the network or the store; @out tells what was
 *   written until then
 */
gboolean kw_download_run(const KwDownloadOrder *order,
                         KwDownloadProgress progress,
                         gpointer user_data,
                         KwDownloadReport *out,
                         GError **error);

G_END_DECLS
