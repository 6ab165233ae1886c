/* kw-source.h: where the candles of a daemon come from */
#pragma once

#include "kw-replay-feed.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * kw_source_open:
 *
 * The files and folders of [feed] path; without any, the candles imported into the store of the
 * data root. The pairs of [trading], which must all be there, and those of open trades and
 * those that the strategy looks at, as far as there are candles; only its timeframe. Blocks.
 *
 * Returns: (transfer full): %NULL with a #KwMarketError or #KwStoreError
 */
KwReplayFeed *kw_source_open(const KwSettings *settings, KwClock *clock, GError **error);

/**
 * kw_source_open_sample:
 * @path: (nullable): a folder or file of candles; %NULL: those that come with the program
 *
 * For the verbs that need no configuration. Blocks.
 *
 * Returns: (transfer full): %NULL with a #KwMarketError or #GFileError
 */
KwReplayFeed *kw_source_open_sample(const gchar *path, KwClock *clock, GError **error);

/* Takes the stored candles of pair @index of @feed. */
typedef void (*KwSourceHistoryFunc)(KwFeed *feed, guint index, const KwSeries *series);

/* Tells a live @feed what the store has of its own past: rows newer than any of another origin.
 * Returns: %FALSE with a #KwStoreError */
gboolean kw_source_add_stored(const KwSettings *settings,
                              KwFeed *feed,
                              KwSourceHistoryFunc func,
                              GError **error);

/* (transfer none): the venue that real orders would go to, as rows of the store name it */
const gchar *kw_source_get_venue(const KwSettings *settings);

/* (transfer full): the pairs of [trading], those of open trades, those the strategy looks at */
GStrv kw_source_list_pairs(const KwSettings *settings);

G_END_DECLS
