/* kw-live-source.h: live candles of an exchange for the daemon */
#pragma once

#include "kw-kraken-feed.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwLiveSource: all members are owned
 */
typedef struct {
    KwKraken *kraken;
    KwKrakenFeed *feed;
} KwLiveSource;

/**
 * kw_live_source_open:
 * @names: (array zero-terminated=1): pairs
 *
 * Connects to the exchange of [feed] kind and takes the candles of the store as what came
 * before those it tells. Runs the main loop until the feed is open, a minute at most; before
 * the daemon's own loop.
 *
 * Returns: %FALSE with an error of the exchange or the network
 */
gboolean kw_live_source_open(KwLiveSource *self,
                             const KwSettings *settings,
                             const gchar *const *names,
                             KwClock *clock,
                             GError **error);
void kw_live_source_clear(KwLiveSource *self);

G_END_DECLS
