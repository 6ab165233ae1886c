#define G_LOG_DOMAIN "kw-engine"

#include "kw-scanner.h"

#include "kw-log.h"

#include <math.h>

struct _KwScanner {
    KwBook *book;           /* borrowed */
    KwMarketStore *market;  /* owned */
    KwGroupJournal *ledger; /* owned; NULL when each step is durable at its end */
    KwMarketBatch *batch;   /* owned; NULL when nothing was added */
    const gchar *names;     /* interned: the strategy's columns, joined by ',' */
    guint n_names;
};

KwScanner *
kw_scanner_new(KwBook *book, KwMarketStore *market, KwGroupJournal *ledger)
{
    KwScanner *self = g_new0(KwScanner, 1);

    self->book = book;
    self->market = g_object_ref(market);
    g_set_object(&self->ledger, ledger);
    self->names = g_intern_static_string("");
    return self;
}

void
kw_scanner_free(KwScanner *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->batch, kw_market_batch_free);
    g_clear_object(&self->market);
    g_clear_object(&self->ledger);
    g_free(self);
}

void
kw_scanner_set_strategy(KwScanner *self)
{
    const KwStrategyColumns *columns =
        self->book->n_slots > 0 ? self->book->slots[0].columns : NULL;
    guint n = columns == NULL ? 0 : kw_strategy_columns_get_n_indicators(columns);
    g_autoptr(GString) names = g_string_new(NULL);

    self->n_names = MIN(n, KW_SCAN_MAX_COLUMNS);
    for (guint i = 0; i < self->n_names; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                               kw_strategy_columns_get_indicator_name(columns, i));
    self->names = g_intern_string(names->str);
}

static void
fill_values(KwScanner *self, const KwSlot *slot, KwScanRecord *out)
{
    out->names = self->names;
    out->n_values = slot->columns == NULL ? 0 : self->n_names;
    for (guint i = 0; i < out->n_values; i++)
        out->values[i] =
            kw_column_get_last(kw_strategy_columns_get_indicator(slot->columns, i));
}

void
kw_scanner_add(KwScanner *self, const KwSlot *slot, const gchar *action, const gchar *reason)
{
    const KwSeries *series = kw_frame_get_series(slot->frame);
    gsize n = kw_series_get_length(series);
    KwFeedQuote quote;
    KwCandle candle;
    KwCandleOrigin origin = {.is_synthetic = kw_feed_get_synthetic(self->book->feed)};
    KwScanRecord scan = {
        .time_us = slot->data_us,
        .mode = self->book->settings->mode,
        .price = slot->price,
        .has_signal = slot->has_signal && (slot->signal.enter || slot->signal.exit),
        .confidence = slot->has_signal ? slot->signal.confidence : NAN,
    };

    if (n == 0)
        return;
    kw_feed_get_quote(self->book->feed, (guint) (slot - self->book->slots), &quote);
    scan.spread = quote.ask - quote.bid; /* NaN when one is not known */
    scan.depth_bid = quote.bid_depth;
    scan.depth_ask = quote.ask_depth;
    if (self->batch == NULL)
        self->batch = kw_market_batch_new();
    g_strlcpy(scan.pair, slot->pair.name, sizeof scan.pair);
    g_strlcpy(scan.action, action[0] != '\0' ? action : "none", sizeof scan.action);
    g_strlcpy(scan.reason, reason, sizeof scan.reason);
    if (slot->has_signal && slot->signal.regime != NULL)
        g_strlcpy(scan.regime, slot->signal.regime, sizeof scan.regime);
    if (self->book->strategy != NULL)
        g_strlcpy(scan.strategy_hash, kw_strategy_get_identity(self->book->strategy),
                  sizeof scan.strategy_hash);
    fill_values(self, slot, &scan);
    candle = kw_series_get(series, n - 1);
    g_strlcpy(origin.source, kw_feed_get_source(self->book->feed), sizeof origin.source);
    kw_market_batch_add_candle(self->batch, slot->pair.name, kw_series_get_timeframe_us(series),
                               &candle, &origin);
    kw_market_batch_add_scan(self->batch, &scan);
    kw_scan_log_add(self->book->scans, &scan, self->book->threshold);
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_market_store_append_finish(KW_MARKET_STORE(source), result, &error))
        kw_log_warning("candles and scans were not stored; they are rebuilt from the feed",
                       "KW_ERROR", error->message);
}

/* Rows that wait for the ledger */
typedef struct {
    KwMarketStore *market; /* owned */
    KwMarketBatch *batch;  /* owned */
} Pending;

static void
pending_free(Pending *pending)
{
    g_clear_object(&pending->market);
    g_clear_pointer(&pending->batch, kw_market_batch_free);
    g_free(pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_free)

static void
on_ledger_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Pending) pending = user_data;

    /* without its decisions a row must not be there: it is decided again after the restart */
    if (kw_journal_append_finish(KW_JOURNAL(source), result, NULL))
        kw_market_store_append_async(pending->market, g_steal_pointer(&pending->batch), NULL,
                                     on_appended, NULL);
}

void
kw_scanner_commit(KwScanner *self)
{
    Pending *pending;

    if (self->batch == NULL)
        return;
    if (self->ledger == NULL || kw_group_journal_is_clean(self->ledger)) {
        kw_market_store_append_async(self->market, g_steal_pointer(&self->batch), NULL,
                                     on_appended, NULL);
        return;
    }
    pending = g_new0(Pending, 1);
    pending->market = g_object_ref(self->market);
    pending->batch = g_steal_pointer(&self->batch);
    kw_journal_append_async(KW_JOURNAL(self->ledger), kw_batch_new(), NULL, on_ledger_durable,
                            pending);
}
