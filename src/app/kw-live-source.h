/* kw-live-source.h: live candles of an exchange for the daemon, and its orders when real */
#pragma once

#include "kw-kraken-access.h"
#include "kw-kraken-broker.h"
#include "kw-kraken-feed.h"
#include "kw-mt5-source.h"

G_BEGIN_DECLS

/**
 * KwLiveSource: all members are owned
 * @access, @feed, @broker: of Kraken; empty when the prices are those of a bridge
 * @bridge: of a MetaTrader account, by the same rule
 *
 * Of either kind there is no broker on paper, and before kw_live_source_open_broker().
 */
typedef struct {
    KwKrakenAccess access;
    KwKrakenFeed *feed;
    KwKrakenBroker *broker;
    KwMt5Source bridge;
} KwLiveSource;

/**
 * kw_live_source_open:
 * @names: (array zero-terminated=1): pairs
 *
 * Connects to the exchange of [feed] kind and takes the candles of the store as what came
 * before those it tells. Runs the main loop until the feed is open, a minute at most; before
 * the daemon's own loop. In live mode the key is loaded as well; it is used for nothing yet.
 *
 * Returns: %FALSE with an error of the exchange, the network or the vault
 */
gboolean kw_live_source_open(KwLiveSource *self,
                             const KwSettings *settings,
                             const gchar *const *names,
                             KwClock *clock,
                             GError **error);

/**
 * kw_live_source_open_broker:
 * @self: open, in live mode; the conditions of a live start are met
 *
 * From here on orders are possible: makes the broker and starts the private stream.
 *
 * Returns: %FALSE with %KW_NET_ERROR_IO
 */
gboolean kw_live_source_open_broker(KwLiveSource *self,
                                    const KwSettings *settings,
                                    KwClock *clock,
                                    GError **error);

/* (transfer none): whichever it is; the broker may be %NULL */
KwFeed *kw_live_source_get_feed(const KwLiveSource *self);
KwBroker *kw_live_source_get_broker(const KwLiveSource *self);

void kw_live_source_clear(KwLiveSource *self);

G_END_DECLS
