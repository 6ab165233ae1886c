/* kw-live-source.h: live candles of an exchange for the daemon, and its orders when real */
#pragma once

#include "kw-kraken-access.h"
#include "kw-kraken-broker.h"
#include "kw-kraken-feed.h"

G_BEGIN_DECLS

/**
 * KwLiveSource: all members are owned
 * @broker: %NULL on paper, and before kw_live_source_open_broker()
 */
typedef struct {
    KwKrakenAccess access;
    KwKrakenFeed *feed;
    KwKrakenBroker *broker;
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

void kw_live_source_clear(KwLiveSource *self);

G_END_DECLS
