/* kw-kraken-market.h: Kraken's public REST answers as values */
#pragma once

#include "kw-candle.h"
#include "kw-kraken-json.h"
#include "kw-order.h"

G_BEGIN_DECLS

/**
 * KwKrakenSystem: what the whole exchange takes now
 * @KW_KRAKEN_SYSTEM_CANCEL_ONLY: cancellations alone, nothing is matched
 * @KW_KRAKEN_SYSTEM_POST_ONLY: cancellations and post-only limits, nothing is matched
 * @KW_KRAKEN_SYSTEM_MAINTENANCE: nothing at all
 */
typedef enum {
    KW_KRAKEN_SYSTEM_ONLINE,
    KW_KRAKEN_SYSTEM_POST_ONLY,
    KW_KRAKEN_SYSTEM_CANCEL_ONLY,
    KW_KRAKEN_SYSTEM_MAINTENANCE,
} KwKrakenSystem;

const gchar *kw_kraken_system_to_string(KwKrakenSystem system); /* static */

/* What is not known counts as maintenance: nothing may be sent then. */
KwKrakenSystem kw_kraken_system_from_string(const gchar *text);

typedef struct {
    KwDecimal bid, ask, last;
} KwKrakenTicker;

typedef struct {
    gint64 time_us;
    KwDecimal price, amount;
    KwSide side; /* of the taker */
    gint64 id;
} KwKrakenTrade;

/* All take the "result" of an answer and leave @out on failure, with a #KwParseError that names
 * the row and the member. */

gboolean kw_kraken_parse_time(JsonObject *result, gint64 *out_us, GError **error);
gboolean kw_kraken_parse_ticker(JsonObject *result, KwKrakenTicker *out, GError **error);

/**
 * kw_kraken_parse_ohlc:
 * @out_last_us: opening of the newest candle that is closed
 *
 * Returns: (transfer full) (element-type KwCandle): closed candles, ascending; the running one
 *   is left out
 */
GArray *kw_kraken_parse_ohlc(JsonObject *result, gint64 *out_last_us, GError **error);

/**
 * kw_kraken_parse_trades:
 * @out_last: the nanosecond id that the next page begins behind; 0 when it is of no use
 *
 * Returns: (transfer full) (element-type KwKrakenTrade): in the exchange's order
 */
GArray *kw_kraken_parse_trades(JsonObject *result, guint64 *out_last, GError **error);

/**
 * kw_kraken_check_candle:
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE naming the field when a price is not above zero,
 *   the volume is negative, or high and low do not enclose the others
 */
gboolean kw_kraken_check_candle(const KwCandle *candle, GError **error);

G_END_DECLS
