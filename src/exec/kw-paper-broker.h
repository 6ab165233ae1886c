/* kw-paper-broker.h: fills orders against the candle of the pair, without a venue */
#pragma once

#include "kw-broker.h"
#include "kw-friction.h"

G_BEGIN_DECLS

/* Orders that are over and can still be looked up; older ones are answered with UNKNOWN. */
#define KW_PAPER_MAX_FINAL 4096

#define KW_TYPE_PAPER_BROKER (kw_paper_broker_get_type())
G_DECLARE_FINAL_TYPE(KwPaperBroker, kw_paper_broker, KW, PAPER_BROKER, GObject)

/* @fee_ratio: of the fill's value, both sides, e.g. 0.004; 0 <= @fee_ratio < 1. The fee of a
 * fill is kw_fill_compute_fee(), fine enough for the ledger's profit to be exact to 8 digits.
 */
KwPaperBroker *kw_paper_broker_new(gdouble fee_ratio);

/**
 * kw_paper_broker_set_candle:
 * @candle: the row in which orders of @pair fill from now on
 *
 * A fill is complete, at exactly the order's price, if low <= price <= high; its time is the
 * row's open_us. Orders that were open and fill in this row are told by the signal "report",
 * oldest first, before this returns. A limit order outside the row stays open; a market order
 * outside the row, or without a row, is REJECTED.
 */
void kw_paper_broker_set_candle(KwPaperBroker *self, const gchar *pair, const KwCandle *candle);

/* Of orders that never take; before that the same as of all others */
void kw_paper_broker_set_maker_fee(KwPaperBroker *self, gdouble fee_ratio);

/**
 * kw_paper_broker_set_friction:
 * @friction: (transfer full) (nullable): %NULL: fills at the price of the rules
 *
 * From now on orders at the market of a pair whose tick is known pay what was measured, as they
 * do in a backtest; limit orders fill at their price.
 */
void kw_paper_broker_set_friction(KwPaperBroker *self, KwFriction *friction);
void kw_paper_broker_set_tick(KwPaperBroker *self, const gchar *pair, KwDecimal tick);

/**
 * kw_paper_broker_restore_order:
 * @order: an order the store holds as OPEN (restart)
 *
 * Puts a limit order back to work; it fills from the next row on. Orders without an answer in
 * the store are not put back: a paper fill exists only once it is journaled.
 */
void kw_paper_broker_restore_order(KwPaperBroker *self, const KwOrder *order);

G_END_DECLS
