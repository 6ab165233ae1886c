#include "kw-query.h"

G_DEFINE_INTERFACE(KwQuery, kw_query, G_TYPE_OBJECT)

static void
kw_query_default_init(KwQueryInterface *iface)
{
    (void) iface;
}

void
kw_query_get_status(KwQuery *self, KwStatusView *out)
{
    KW_QUERY_GET_IFACE(self)->get_status(self, out);
}

GArray *
kw_query_list_open(KwQuery *self)
{
    return KW_QUERY_GET_IFACE(self)->list_open(self);
}

gboolean
kw_query_find_trade(KwQuery *self, gint64 id, const gchar *pair, KwTradeView *out)
{
    return KW_QUERY_GET_IFACE(self)->find_trade(self, id, pair, out);
}

GArray *
kw_query_list_closed(KwQuery *self, KwPeriod period, const gchar *pair, guint max)
{
    return KW_QUERY_GET_IFACE(self)->list_closed(self, period, pair, max);
}

void
kw_query_get_profit(KwQuery *self, KwPeriod period, const gchar *pair, KwProfitView *out)
{
    KW_QUERY_GET_IFACE(self)->get_profit(self, period, pair, out);
}

GArray *
kw_query_list_pair_results(KwQuery *self, KwPeriod period)
{
    return KW_QUERY_GET_IFACE(self)->list_pair_results(self, period);
}

void
kw_query_get_balance(KwQuery *self, KwBalanceView *out)
{
    KW_QUERY_GET_IFACE(self)->get_balance(self, out);
}

void
kw_query_get_drawdown(KwQuery *self, KwPeriod period, KwDrawdownView *out)
{
    KW_QUERY_GET_IFACE(self)->get_drawdown(self, period, out);
}

void
kw_query_get_stats(KwQuery *self, KwPeriod period, const gchar *pair, KwStatsView *out)
{
    KW_QUERY_GET_IFACE(self)->get_stats(self, period, pair, out);
}

void
kw_query_get_risk(KwQuery *self, KwRiskView *out)
{
    KW_QUERY_GET_IFACE(self)->get_risk(self, out);
}

GArray *
kw_query_list_errors(KwQuery *self, KwPeriod period, guint max)
{
    return KW_QUERY_GET_IFACE(self)->list_errors(self, period, max);
}

GArray *
kw_query_list_health(KwQuery *self)
{
    return KW_QUERY_GET_IFACE(self)->list_health(self);
}

gboolean
kw_query_get_price(KwQuery *self, const gchar *pair, KwPriceView *out)
{
    return KW_QUERY_GET_IFACE(self)->get_price(self, pair, out);
}

void
kw_query_get_fees(KwQuery *self, KwPeriod period, KwFeesView *out)
{
    KW_QUERY_GET_IFACE(self)->get_fees(self, period, out);
}

GArray *
kw_query_list_config(KwQuery *self)
{
    return KW_QUERY_GET_IFACE(self)->list_config(self);
}

GArray *
kw_query_list_pairs(KwQuery *self)
{
    return KW_QUERY_GET_IFACE(self)->list_pairs(self);
}

void
kw_query_get_digest(KwQuery *self, KwPeriod period, KwDigestView *out)
{
    KW_QUERY_GET_IFACE(self)->get_digest(self, period, out);
}

guint64
kw_query_get_serial(KwQuery *self)
{
    return KW_QUERY_GET_IFACE(self)->get_serial(self);
}

/* -- what may be missing -- */

GArray *
kw_query_list_equity(KwQuery *self, KwPeriod period)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_equity != NULL ? iface->list_equity(self, period)
                                      : g_array_new(FALSE, FALSE, sizeof(KwEquityView));
}

GArray *
kw_query_list_candles(KwQuery *self, const gchar *pair, KwPeriod period)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_candles != NULL ? iface->list_candles(self, pair, period)
                                       : g_array_new(FALSE, FALSE, sizeof(KwCandleView));
}

GArray *
kw_query_list_signals(KwQuery *self, KwPeriod period, const gchar *pair, guint max)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_signals != NULL ? iface->list_signals(self, period, pair, max)
                                       : g_array_new(FALSE, FALSE, sizeof(KwSignalView));
}

GArray *
kw_query_list_steps(KwQuery *self, KwPeriod period)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_steps != NULL ? iface->list_steps(self, period)
                                     : g_array_new(FALSE, FALSE, sizeof(KwStepView));
}

GArray *
kw_query_list_models(KwQuery *self)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_models != NULL ? iface->list_models(self)
                                      : g_array_new(FALSE, FALSE, sizeof(KwModelView));
}

gboolean
kw_query_get_gate(KwQuery *self, KwGateView *out)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    *out = (KwGateView){0};
    return iface->get_gate != NULL && iface->get_gate(self, out);
}

void
kw_query_get_training(KwQuery *self, KwTrainingView *out)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    *out = (KwTrainingView){0};
    if (iface->get_training != NULL)
        iface->get_training(self, out);
}

gchar *
kw_query_dup_preference(KwQuery *self, const gchar *key)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->dup_preference != NULL ? iface->dup_preference(self, key) : NULL;
}

GArray *
kw_query_list_differences(KwQuery *self)
{
    KwQueryInterface *iface = KW_QUERY_GET_IFACE(self);

    return iface->list_differences != NULL
               ? iface->list_differences(self)
               : g_array_new(FALSE, FALSE, sizeof(KwDifferenceView));
}
