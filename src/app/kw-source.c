#include "kw-source.h"

#include "kw-dataset.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-market-store.h"
#include "kw-store.h"
#include "kw-timeframe.h"

#include <string.h>

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
                              error)) {
        g_clear_pointer(&out->series, kw_series_free);
        return FALSE;
    }
    if (kw_series_get_length(out->series) > 0)
        return TRUE;
    g_clear_pointer(&out->series, kw_series_free);
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                _("there are no candles of %s in this timeframe in the store"), out->pair.name);
    return FALSE;
}

/* Adds those of @names that are not there yet. */
static void
add_new(GPtrArray *list, const gchar *const *names, const gchar *const *configured)
{
    for (guint i = 0; names[i] != NULL; i++) {
        if (!g_strv_contains(configured, names[i]) &&
            !g_ptr_array_find_with_equal_func(list, names[i], g_str_equal, NULL))
            g_ptr_array_add(list, g_strdup(names[i]));
    }
}

/* Pairs that are not configured: those of open trades, and those the strategy looks at */
static GStrv
list_unlisted(const KwSettings *settings)
{
    const gchar *const *configured = kw_config_get_list(settings->bot, "trading", "pairs");
    g_auto(GStrv) open = kw_store_find_open_pairs(settings->root, settings->book.mode);
    g_autoptr(KwStrategy) strategy =
        kw_strategy_load_file(settings->book.strategy_path, NULL, NULL);
    GPtrArray *names = g_ptr_array_new();

    add_new(names, (const gchar *const *) open, configured);
    if (strategy != NULL)
        add_new(names, kw_strategy_get_pairs(strategy), configured);
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_free(names, FALSE);
}

GStrv
kw_source_list_pairs(const KwSettings *settings)
{
    const gchar *const *configured = kw_config_get_list(settings->bot, "trading", "pairs");
    g_auto(GStrv) unlisted = list_unlisted(settings);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    g_strv_builder_addv(names, (const gchar **) configured);
    g_strv_builder_addv(names, (const gchar **) unlisted);
    return g_strv_builder_end(names);
}

static gboolean
load_pairs(KwMarketStore *market,
           const KwSettings *settings,
           gint64 timeframe_us,
           GArray *pairs,
           GError **error)
{
    const gchar *const *names = kw_config_get_list(settings->bot, "trading", "pairs");
    g_auto(GStrv) unlisted = list_unlisted(settings);

    for (guint i = 0; names[i] != NULL && pairs->len < KW_FEED_MAX_PAIRS; i++) {
        KwReplayPair pair = {0};

        if (!load_pair(market, names[i], timeframe_us, &pair, error))
            return FALSE;
        g_array_append_val(pairs, pair);
    }
    for (guint i = 0; unlisted[i] != NULL && pairs->len < KW_FEED_MAX_PAIRS; i++) {
        KwReplayPair pair = {0};

        if (load_pair(market, unlisted[i], timeframe_us, &pair, NULL))
            g_array_append_val(pairs, pair);
    }
    return TRUE;
}

static void
clear_pair(gpointer data)
{
    g_clear_pointer(&((KwReplayPair *) data)->series, kw_series_free);
}

static KwReplayFeed *
open_stored(const KwSettings *settings, gint64 timeframe_us, KwClock *clock, GError **error)
{
    g_autoptr(KwMarketStore) market = kw_market_store_open(settings->root, error);
    g_autoptr(GArray) pairs = g_array_new(FALSE, TRUE, sizeof(KwReplayPair));
    KwReplayFeed *feed = NULL;

    g_array_set_clear_func(pairs, clear_pair);
    if (market == NULL)
        return NULL;
    if (load_pairs(market, settings, timeframe_us, pairs, error))
        feed = kw_replay_feed_new(clock, (KwReplayPair *) pairs->data, pairs->len, error);
    kw_market_store_close(market);
    return feed;
}

/* With the pairs of open trades if there are files of them, else without */
static KwDataset *
load_files(const KwSettings *settings,
           const gchar *const *paths,
           const KwDatasetOptions *options,
           GError **error)
{
    g_auto(GStrv) unlisted = list_unlisted(settings);
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();
    KwDatasetOptions wider = *options;
    KwDataset *dataset = NULL;

    if (unlisted[0] != NULL) {
        g_auto(GStrv) names = NULL;

        g_strv_builder_addv(all, (const gchar **) options->pairs);
        g_strv_builder_addv(all, (const gchar **) unlisted);
        names = g_strv_builder_end(all);
        wider.pairs = (const gchar *const *) names;
        dataset = kw_dataset_load(paths, &wider, NULL);
    }
    return dataset != NULL ? dataset : kw_dataset_load(paths, options, error);
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
    dataset = load_files(settings, paths, &options, error);
    if (dataset == NULL)
        return NULL;
    return kw_dataset_take_feed(dataset, clock, G_MININT64, G_MAXINT64, error);
}

KwReplayFeed *
kw_source_open_sample(const gchar *path, KwClock *clock, GError **error)
{
    const gchar *paths[] = {path, NULL};
    g_autoptr(KwDataset) dataset = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    dataset = path != NULL ? kw_dataset_load(paths, NULL, error)
                           : kw_dataset_load_resource("/kurswart/candles", NULL, error);
    if (dataset == NULL)
        return NULL;
    return kw_dataset_take_feed(dataset, clock, G_MININT64, G_MAXINT64, error);
}

const gchar *
kw_source_get_venue(const KwSettings *settings)
{
    return strcmp(kw_config_get_string(settings->bot, "feed", "kind"), "mt5") == 0 ? "mt5"
                                                                                   : "kraken";
}

/* Behind the newest candle that somebody else has told: its prices and volumes are others. */
static gint64
find_own_start_us(KwMarketStore *market, const gchar *pair, const gchar *source)
{
    g_autoptr(GArray) origins =
        kw_market_store_list_origins(market, pair, G_MININT64, G_MAXINT64, NULL);
    gint64 start_us = G_MININT64;

    for (guint i = 0; origins != NULL && i < origins->len; i++) {
        const KwOriginSpan *span = &g_array_index(origins, KwOriginSpan, i);

        if (span->origin.is_synthetic || strcmp(span->origin.source, source) != 0)
            start_us = MAX(start_us, span->last_us + 1);
    }
    return start_us;
}

gboolean
kw_source_add_stored(const KwSettings *settings,
                     KwFeed *feed,
                     KwSourceHistoryFunc func,
                     GError **error)
{
    g_autoptr(KwMarketStore) market = kw_market_store_open(settings->root, error);

    if (market == NULL)
        return FALSE;
    for (guint i = 0; i < kw_feed_get_n_pairs(feed); i++) {
        const gchar *pair = kw_feed_get_pair(feed, i)->name;
        const KwCandleRange newest = {find_own_start_us(market, pair, kw_feed_get_source(feed)),
                                      G_MAXINT64, settings->book.history_rows};
        g_autoptr(KwSeries) series = kw_series_new(kw_feed_get_timeframe_us(feed));
        gboolean is_synthetic = FALSE;

        if (kw_market_store_load(market, pair, &newest, series, &is_synthetic, NULL) &&
            !is_synthetic)
            func(feed, i, series);
    }
    kw_market_store_close(market);
    return TRUE;
}
