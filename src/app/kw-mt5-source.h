/* kw-mt5-source.h: live candles of a MetaTrader account for the daemon, and its orders when
 * real
 */
#pragma once

#include "kw-mt5-access.h"

G_BEGIN_DECLS

/**
 * KwMt5Source: all members are owned
 * @feed: %NULL: prices are somebody else's
 * @broker: %NULL on paper
 */
typedef struct {
    KwMt5Access access;
    KwMt5Feed *feed;
    KwMt5Broker *broker;
} KwMt5Source;

/* As kw_live_source_open() */
gboolean kw_mt5_source_open(KwMt5Source *self,
                            const KwSettings *settings,
                            const gchar *const *names,
                            KwClock *clock,
                            GError **error);

/* From here on orders are possible. */
void kw_mt5_source_open_broker(KwMt5Source *self, KwClock *clock);

void kw_mt5_source_clear(KwMt5Source *self);

G_END_DECLS
