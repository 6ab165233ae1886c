/* kw-store-rows.h: batches as the engine makes them, for tests of the store */
#pragma once

#include "kw-store.h"
#include "kw-test.h"

G_BEGIN_DECLS

/* An order of trade @id: buy of 0.5 at 100 in state @state */
KwOrder kw_test_order(gint64 id, KwSide side, KwOrderState state, gint64 time_us);

/* Trade @id of paper money: 0.5 BTC at 100, fee 0.2, sold at 110 when @state is CLOSED */
KwTrade kw_test_trade(gint64 id, KwTradeState state, gint64 time_us);

/* All rows of trade @id from intent to exit, one batch; cash runs on from @cash */
KwBatch *kw_test_trade_batch(gint64 id, gint64 time_us, KwDecimal *cash);

/* The starting capital of 1000 */
KwBatch *kw_test_start_batch(gint64 time_us);

/* Appends and iterates the default context until it is answered. */
gboolean kw_test_append(KwStore *store, KwBatch *batch, GError **error);

G_END_DECLS
