/* kw-data-bridge.h: the account of the configuration, for candles into the store */
#pragma once

#include "kw-mt5-access.h"

G_BEGIN_DECLS

/**
 * kw_data_bridge_open:
 * @config: (nullable): kurswart.conf in place of the usual one
 * @pairs: separated by commas
 *
 * Address and token are those of the bot, so that nothing secret is typed.
 *
 * Returns: 0, or the exit status after saying what is wrong
 */
int kw_data_bridge_open(KwMt5Access *access,
                        const gchar *config,
                        const gchar *pairs,
                        gint64 timeframe_us);

G_END_DECLS
