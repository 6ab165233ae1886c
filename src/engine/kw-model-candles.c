#include "kw-model-candles.h"

#define START_ROWS 1000 /* until the features of the longest lists are known */

KwSeries *
kw_model_candles_load(const KwModelCandles *self, const gchar *pair, GError **error)
{
    const KwModelFacts *facts = kw_model_get_facts(self->model);
    const KwCandleRange range = {facts->data_end_us - START_ROWS * facts->timeframe_us,
                                 self->until_us, 0};
    g_autoptr(KwSeries) series = kw_series_new(facts->timeframe_us);

    return kw_market_store_load(self->market, pair, &range, series, NULL, error)
               ? g_steal_pointer(&series)
               : NULL;
}

gboolean
kw_model_candles_give_others(const KwModelCandles *self, KwModelHealth *health, GError **error)
{
    const KwFeatureList *list = kw_model_get_features(self->model);

    for (guint i = 0; i < kw_feature_list_get_n_pairs(list); i++) {
        KwSeries *series =
            kw_model_candles_load(self, kw_feature_list_get_pair(list, i), error);

        if (series == NULL)
            return FALSE;
        kw_model_health_take_other(health, series);
    }
    return TRUE;
}
