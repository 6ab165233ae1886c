#include "kw-source.h"

#include "kw-dataset.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-market-store.h"
#include "kw-timeframe.h"

static gboolean
load_pair(KwMarketStore *market,
          const gchar *name,
          gint64 timeframe_us,
          KwReplayPair *out,
          GError **error)
{
    const KwCandleRange all = {G_MININT64, G_MAXINT64, 0};

    if (!kw_pair_init(&out->pair, name, error))
        return FALSE;
    out->series = kw_series_new(timeframe_us);
    if (!kw_market_store_load(market, out->pair.name, &all, out->series, &out->synthetic,
                              error))
        return FALSE;
    if (kw_series_get_length(out->series) > 0)
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                _("there are no candles of %s in this timeframe in the store"), out->pair.name);
    return FALSE;
}

static KwReplayFeed *
open_stored(const KwSettings *settings, gint64 timeframe_us, KwClock *clock, GError **error)
{
    const gchar *const *names = kw_config_get_list(settings->bot, "trading", "pairs");
    g_autoptr(KwMarketStore) market = kw_market_store_open(settings->root, error);
    g_autofree KwReplayPair *pairs = g_new0(KwReplayPair, KW_FEED_MAX_PAIRS);
    KwReplayFeed *feed = NULL;
    guint n = 0;
    gboolean is_ok = market != NULL;

    for (; is_ok && names[n] != NULL && n < KW_FEED_MAX_PAIRS; n++)
        is_ok = load_pair(market, names[n], timeframe_us, &pairs[n], error);
    if (is_ok)
        feed = kw_replay_feed_new(clock, pairs, n, error);
    for (guint i = 0; i < n; i++)
        kw_series_free(pairs[i].series);
    if (market != NULL)
        kw_market_store_close(market);
    return feed;
}

KwReplayFeed *
kw_source_open(const KwSettings *settings, KwClock *clock, GError **error)
{
    const gchar *const *paths = kw_config_get_list(settings->bot, "feed", "path");
    const gchar *timeframe = kw_config_get_string(settings->bot, "trading", "timeframe");
    KwDatasetOptions options = {
        .pairs = kw_config_get_list(settings->bot, "trading", "pairs"),
    };
    g_autoptr(KwDataset) dataset = NULL;

    if (!kw_timeframe_parse(timeframe, &options.timeframe_us, error))
        return NULL;
    if (paths == NULL || paths[0] == NULL)
        return open_stored(settings, options.timeframe_us, clock, error);
    dataset = kw_dataset_load(paths, &options, error);
    if (dataset == NULL)
        return NULL;
    return kw_dataset_take_feed(dataset, clock, G_MININT64, G_MAXINT64, error);
}
