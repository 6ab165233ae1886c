/* kw-pair.h: a traded pair and the steps and minima of its market */
#pragma once

#include "kw-decimal.h"

G_BEGIN_DECLS

#define KW_PAIR_NAME_SIZE 24

/**
 * KwGapMeaning:
 * @KW_GAP_NO_TRADE: the exchange leaves out candles without trades (Kraken, Bitfinex)
 * @KW_GAP_OUTAGE: the exchange writes zero-volume candles; a missing one is an outage (Binance)
 */
typedef enum {
    KW_GAP_NO_TRADE,
    KW_GAP_OUTAGE,
} KwGapMeaning;

/**
 * KwPair:
 * @name: canonical "BASE/QUOTE", upper case ASCII
 * @price_tick: smallest price step, > 0
 * @amount_tick: smallest step of an amount in base currency, > 0
 * @min_amount: base currency; zero = no such limit
 * @min_cost: quote currency; zero = no such limit
 *
 * Plain value, owns no memory.
 */
typedef struct {
    gchar name[KW_PAIR_NAME_SIZE];
    KwDecimal price_tick;
    KwDecimal amount_tick;
    KwDecimal min_amount;
    KwDecimal min_cost;
    KwGapMeaning gap_meaning;
} KwPair;

/**
 * kw_pair_init:
 * @name: "BTC/USDT", any case; XBT is read as BTC
 *
 * Fills @self with the name and the steps and minima of a typical spot market of that base
 * currency (data until an exchange tells its own).
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_SYNTAX; @self untouched then
 */
gboolean kw_pair_init(KwPair *self, const gchar *name, GError **error);

/* Writes base or quote currency into @buffer (KW_PAIR_NAME_SIZE bytes); returns @buffer. */
const gchar *kw_pair_get_base(const KwPair *self, gchar *buffer);
const gchar *kw_pair_get_quote(const KwPair *self, gchar *buffer);

G_END_DECLS
