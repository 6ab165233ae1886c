/* kw-kraken-daily.h: what may change at Kraken from day to day: pairs, steps, minima, fees */
#pragma once

#include "kw-fee-table.h"
#include "kw-kraken-pairs.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

/**
 * KwKrakenDaily: all members are owned
 * @changes: (element-type KwKrakenChange): of the watched pairs, the order of the question
 * @tiers: (element-type KwFeeTier): what the account pays now, for kw_fee_table_note(); empty
 *   without a key
 * @fee_error: (nullable): why there are no tiers although there is a key; those known stay
 */
typedef struct {
    GArray *changes;
    GArray *tiers;
    GError *fee_error;
} KwKrakenDaily;

void kw_kraken_daily_free(KwKrakenDaily *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenDaily, kw_kraken_daily_free)

/**
 * kw_kraken_daily_async:
 * @pairs: borrowed until the answer; brought up to date in place, so that broker and feed,
 * which borrow the same table, work with the new steps from then on
 * @watched: (array zero-terminated=1): names of the traded pairs and of open positions; copied
 *
 * Asks Time, Assets, AssetPairs, and TradeVolume when there is a key. For a start, once a day,
 * and after an order was refused for its minimum or its step.
 */
void kw_kraken_daily_async(KwKraken *kraken,
                           KwKrakenPairs *pairs,
                           const gchar *const *watched,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* Returns: (transfer full): %NULL with an error of kw_kraken_directory_finish(); nothing has
 * changed then */
KwKrakenDaily *kw_kraken_daily_finish(KwKraken *kraken, GAsyncResult *result, GError **error);

G_END_DECLS
