/* kw-kraken-broker.h: orders at Kraken: KwBroker over its private calls and stream */
#pragma once

#include "kw-broker.h"
#include "kw-kraken-account.h"
#include "kw-kraken-order-channel.h"
#include "kw-kraken-stream.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

#define KW_TYPE_KRAKEN_BROKER (kw_kraken_broker_get_type())
G_DECLARE_FINAL_TYPE(KwKrakenBroker, kw_kraken_broker, KW, KRAKEN_BROKER, GObject)

/**
 * kw_kraken_broker_new:
 * @kraken: with a key
 * @pairs: a reference is kept
 * @stream: (nullable): of the private address, not started; the broker subscribes executions,
 * gives it tokens and starts it
 *
 * An order leaves once, with a deadline ten seconds away: what the exchange has not taken by
 * then it never will. How an error is reported (see kw-broker.h): REFUSED when it proves that
 * there is no order; anything else is UNKNOWN. A look-up asks open orders, then closed ones;
 * ABSENT needs both answers. kw_broker_get_settle_us() is the deadline and a minute, since
 * views may lag so far.
 *
 * Reports come from the stream as well: each execution once, whatever is repeated after a new
 * connection; after a gap the working orders are looked up.
 *
 * Returns: (transfer full)
 */
KwKrakenBroker *kw_kraken_broker_new(KwClock *clock,
                                     KwKraken *kraken,
                                     KwKrakenPairs *pairs,
                                     KwKrakenStream *stream,
                                     KwKrakenOrderPath path);

/* (transfer none): which way a change would take now, and how many have taken which */
KwKrakenOrderChannel *kw_kraken_broker_get_channel(KwKrakenBroker *self);

G_END_DECLS
