/* kw-mt5-broker.h: orders at a MetaTrader 5 account: KwBroker over a REST bridge */
#pragma once

#include "kw-broker.h"
#include "kw-mt5-directory.h"

G_BEGIN_DECLS

#define KW_TYPE_MT5_BROKER (kw_mt5_broker_get_type())
G_DECLARE_FINAL_TYPE(KwMt5Broker, kw_mt5_broker, KW, MT5_BROKER, GObject)

/**
 * kw_mt5_broker_new:
 * @directory: (transfer full)
 *
 * The broker buys to open and sells to close, never more than is held: a sale is sent after a
 * look at the positions, and refused when it would open one. Amounts are base currency; one
 * that is no whole number of the symbol's steps is refused, see kw_mt5_symbol_to_lots(); pairs
 * get these steps by kw_mt5_symbol_apply(). On an account that hedges, a sale closes the
 * position with the same volume, or part of a larger one, at the market alone; stops cannot
 * wait there, so kw_broker_keeps_stops() is %FALSE.
 *
 * How an error is reported (see kw-broker.h): REFUSED when a code or the bridge proves that
 * there is no order; -11 (disconnected during the trade) and everything else is UNKNOWN. A
 * look-up asks working orders, then the history of thirty days; ABSENT needs both, and proves
 * nothing for five minutes (kw_broker_get_settle_us()), as a terminal or a bridge may have the
 * order so long before it is carried out. An order that a slow look at the positions has held
 * up for more than ten seconds is REFUSED here.
 *
 * Nothing is pushed over REST: working orders are looked up, soon after they were placed and
 * then every five seconds, and told by the signal "report".
 *
 * Returns: (transfer full)
 */
KwMt5Broker *kw_mt5_broker_new(KwClock *clock, KwMt5 *mt5, KwMt5Directory *directory);

G_END_DECLS
