#define G_LOG_DOMAIN "kw-exchange"

#include "kw-kraken-quotes.h"

#include "kw-log.h"

#include <string.h>

#define STALE_US (60 * G_USEC_PER_SEC) /* a ticker older than that is no quote */
#define DEPTH_BPS 10

struct _KwKrakenQuotes {
    GObject parent_instance;

    KwClock *clock;         /* owned */
    KwKrakenPairs *pairs;   /* borrowed */
    KwKrakenStream *stream; /* owned */
    GStrv symbols;          /* owned */
    guint interval;
    KwKrakenTicker *tickers; /* owned; one a symbol */
    gint64 *told_us;         /* owned: monotonic: when each was, over whichever connection; of
                              * one that was not: the beginning */
    KwKrakenSystem system;
    gint64 whole_since_us; /* monotonic: candles are heard since; G_MAXINT64 while down */
};

enum { SIGNAL_BAR, SIGNAL_STATE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwKrakenQuotes, kw_kraken_quotes, G_TYPE_OBJECT)

/* Index of @symbol, or -1 */
static gint
find_symbol(const KwKrakenQuotes *self, const gchar *symbol)
{
    for (gint i = 0; self->symbols[i] != NULL; i++) {
        if (strcmp(self->symbols[i], symbol) == 0)
            return i;
    }
    return -1;
}

static void
on_up(KwKrakenStream *stream, gpointer user_data)
{
    KwKrakenQuotes *self = user_data;

    self->whole_since_us = kw_clock_monotonic_us(self->clock);
    g_signal_emit(self, signals[SIGNAL_STATE], 0, "stream up");
}

static void
on_down(KwKrakenStream *stream, const gchar *why, gpointer user_data)
{
    KwKrakenQuotes *self = user_data;

    self->whole_since_us = G_MAXINT64;
    g_signal_emit(self, signals[SIGNAL_STATE], 0, "stream down");
}

static void
on_gap(KwKrakenStream *stream, const gchar *channel, const gchar *symbol, gpointer user_data)
{
    KwKrakenQuotes *self = user_data;

    if (strcmp(channel, "ohlc") == 0)
        self->whole_since_us = kw_clock_monotonic_us(self->clock);
}

static void
on_system(KwKrakenStream *stream, gint system, gpointer user_data)
{
    KwKrakenQuotes *self = user_data;
    const gchar *text = kw_kraken_system_to_string((KwKrakenSystem) system);

    if (self->system == (KwKrakenSystem) system)
        return;
    self->system = (KwKrakenSystem) system;
    kw_log_message("state of the exchange", "KW_STATE", text);
    g_signal_emit(self, signals[SIGNAL_STATE], 0, text);
}

static void
on_instruments(KwKrakenStream *stream, guint n_changed, gpointer user_data)
{
    if (n_changed > 0)
        g_signal_emit(user_data, signals[SIGNAL_STATE], 0, "pairs");
}

static void
on_ticker(KwKrakenStream *stream,
          const gchar *symbol,
          const KwKrakenTicker *ticker,
          gpointer user_data)
{
    KwKrakenQuotes *self = user_data;
    gint index = find_symbol(self, symbol);

    if (index < 0)
        return;
    self->tickers[index] = *ticker;
    self->told_us[index] = kw_clock_monotonic_us(self->clock);
}

static void
on_bar(KwKrakenStream *stream, const KwKrakenBar *bar, gboolean is_snapshot, gpointer user_data)
{
    KwKrakenQuotes *self = user_data;
    gint index = find_symbol(self, bar->symbol);

    if (index >= 0 && bar->interval_us == self->interval * 60 * G_TIME_SPAN_SECOND)
        g_signal_emit(self, signals[SIGNAL_BAR], 0, (guint) index, &bar->candle);
}

void
kw_kraken_quotes_get(KwKrakenQuotes *self, guint index, KwFeedQuote *out)
{
    const gchar *symbol;
    const KwKrakenPair *pair;
    const KwKrakenBook *book;

    g_return_if_fail(KW_IS_KRAKEN_QUOTES(self) && index < g_strv_length(self->symbols));

    symbol = self->symbols[index];
    pair = kw_kraken_pairs_find(self->pairs, symbol);
    book = kw_kraken_stream_get_book(self->stream, symbol);
    out->is_open = self->system == KW_KRAKEN_SYSTEM_ONLINE && pair != NULL &&
                   pair->state == KW_KRAKEN_PAIR_ONLINE;
    out->has_book = TRUE;
    out->age_us = kw_clock_monotonic_us(self->clock) - self->told_us[index];
    if (kw_kraken_stream_get_age_us(self->stream, "ticker", symbol) <= STALE_US) {
        out->bid = kw_decimal_to_double(self->tickers[index].bid);
        out->ask = kw_decimal_to_double(self->tickers[index].ask);
    }
    if (book != NULL) {
        out->bid_depth = kw_kraken_book_sum_within(book, KW_SIDE_BUY, DEPTH_BPS);
        out->ask_depth = kw_kraken_book_sum_within(book, KW_SIDE_SELL, DEPTH_BPS);
        out->n_asks =
            kw_kraken_book_copy_levels(book, KW_SIDE_SELL, out->asks, KW_FEED_MAX_LEVELS);
    }
}

gboolean
kw_kraken_quotes_is_whole(KwKrakenQuotes *self, gint64 span_us)
{
    g_return_val_if_fail(KW_IS_KRAKEN_QUOTES(self), FALSE);

    return self->whole_since_us != G_MAXINT64 &&
           kw_clock_monotonic_us(self->clock) - self->whole_since_us >= span_us;
}

KwKrakenSystem
kw_kraken_quotes_get_system(KwKrakenQuotes *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_QUOTES(self), KW_KRAKEN_SYSTEM_MAINTENANCE);

    return self->system;
}

KwKrakenStream *
kw_kraken_quotes_get_stream(KwKrakenQuotes *self)
{
    g_return_val_if_fail(KW_IS_KRAKEN_QUOTES(self), NULL);

    return self->stream;
}

KwKrakenQuotes *
kw_kraken_quotes_new(KwClock *clock, const KwKrakenQuotesOptions *options, GError **error)
{
    g_autoptr(KwKrakenQuotes) self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && options->stream.pairs != NULL, NULL);

    self = g_object_new(KW_TYPE_KRAKEN_QUOTES, NULL);
    self->clock = g_object_ref(clock);
    self->pairs = options->stream.pairs;
    self->symbols = g_strdupv((gchar **) options->symbols);
    self->interval = options->interval;
    self->tickers = g_new0(KwKrakenTicker, g_strv_length(self->symbols));
    self->told_us = g_new(gint64, g_strv_length(self->symbols));
    for (guint i = 0; self->symbols[i] != NULL; i++)
        self->told_us[i] = kw_clock_monotonic_us(clock);
    self->stream = kw_kraken_stream_new(clock, &options->stream, error);
    if (self->stream == NULL)
        return NULL;
    g_signal_connect(self->stream, "up", G_CALLBACK(on_up), self);
    g_signal_connect(self->stream, "down", G_CALLBACK(on_down), self);
    g_signal_connect(self->stream, "gap", G_CALLBACK(on_gap), self);
    g_signal_connect(self->stream, "system", G_CALLBACK(on_system), self);
    g_signal_connect(self->stream, "instruments", G_CALLBACK(on_instruments), self);
    g_signal_connect(self->stream, "ticker", G_CALLBACK(on_ticker), self);
    g_signal_connect(self->stream, "bar", G_CALLBACK(on_bar), self);
    kw_kraken_stream_want(self->stream, "instrument", NULL, 0);
    for (guint i = 0; self->symbols[i] != NULL; i++) {
        kw_kraken_stream_want(self->stream, "ticker", self->symbols[i], 0);
        kw_kraken_stream_want(self->stream, "ohlc", self->symbols[i], self->interval);
        kw_kraken_stream_want(self->stream, "book", self->symbols[i], 0);
    }
    kw_kraken_stream_start(self->stream);
    return g_steal_pointer(&self);
}

static void
kw_kraken_quotes_dispose(GObject *object)
{
    KwKrakenQuotes *self = KW_KRAKEN_QUOTES(object);

    if (self->stream != NULL) {
        kw_kraken_stream_stop(self->stream);
        (void) g_signal_handlers_disconnect_by_data(self->stream, self);
    }
    g_clear_object(&self->stream);

    G_OBJECT_CLASS(kw_kraken_quotes_parent_class)->dispose(object);
}

static void
kw_kraken_quotes_finalize(GObject *object)
{
    KwKrakenQuotes *self = KW_KRAKEN_QUOTES(object);

    g_strfreev(self->symbols);
    g_free(self->tickers);
    g_free(self->told_us);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_kraken_quotes_parent_class)->finalize(object);
}

static void
kw_kraken_quotes_class_init(KwKrakenQuotesClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_kraken_quotes_dispose;
    object_class->finalize = kw_kraken_quotes_finalize;
    signals[SIGNAL_BAR] = g_signal_new("bar", KW_TYPE_KRAKEN_QUOTES, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_POINTER);
    signals[SIGNAL_STATE] =
        g_signal_new("state", KW_TYPE_KRAKEN_QUOTES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
kw_kraken_quotes_init(KwKrakenQuotes *self)
{
    self->whole_since_us = G_MAXINT64;
}
