/* kw-query.h: port: everything that may be asked; answers come from memory, at once */
#pragma once

#include "kw-model-view.h"
#include "kw-step-view.h"
#include "kw-view.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define KW_TYPE_QUERY (kw_query_get_type())
G_DECLARE_INTERFACE(KwQuery, kw_query, KW, QUERY, GObject)

struct _KwQueryInterface {
    GTypeInterface parent_iface;

    void (*get_status)(KwQuery *self, KwStatusView *out);
    GArray *(*list_open)(KwQuery *self);
    gboolean (*find_trade)(KwQuery *self, gint64 id, const gchar *pair, KwTradeView *out);
    GArray *(*list_closed)(KwQuery *self, KwPeriod period, const gchar *pair, guint max);
    void (*get_profit)(KwQuery *self, KwPeriod period, const gchar *pair, KwProfitView *out);
    GArray *(*list_pair_results)(KwQuery *self, KwPeriod period);
    void (*get_balance)(KwQuery *self, KwBalanceView *out);
    void (*get_drawdown)(KwQuery *self, KwPeriod period, KwDrawdownView *out);
    void (*get_stats)(KwQuery *self, KwPeriod period, const gchar *pair, KwStatsView *out);
    void (*get_risk)(KwQuery *self, KwRiskView *out);
    GArray *(*list_errors)(KwQuery *self, KwPeriod period, guint max);
    GArray *(*list_health)(KwQuery *self);
    gboolean (*get_price)(KwQuery *self, const gchar *pair, KwPriceView *out);
    void (*get_fees)(KwQuery *self, KwPeriod period, KwFeesView *out);
    GArray *(*list_config)(KwQuery *self);
    GArray *(*list_pairs)(KwQuery *self);
    void (*get_digest)(KwQuery *self, KwPeriod period, KwDigestView *out);
    guint64 (*get_serial)(KwQuery *self);

    /* may be missing: the answer is then "nothing there" */
    GArray *(*list_equity)(KwQuery *self, KwPeriod period);
    GArray *(*list_candles)(KwQuery *self, const gchar *pair, KwPeriod period);
    GArray *(*list_signals)(KwQuery *self, KwPeriod period, const gchar *pair, guint max);
    GArray *(*list_steps)(KwQuery *self, KwPeriod period);
    GArray *(*list_models)(KwQuery *self);
    gboolean (*get_gate)(KwQuery *self, KwGateView *out);
    void (*get_training)(KwQuery *self, KwTrainingView *out);
    gchar *(*dup_preference)(KwQuery *self, const gchar *key);
    GArray *(*list_differences)(KwQuery *self);
};

void kw_query_get_status(KwQuery *self, KwStatusView *out);

/* (transfer full) (element-type KwTradeView): open trades in the order of opening */
GArray *kw_query_list_open(KwQuery *self);

/**
 * kw_query_find_trade:
 * @id: > 0, or 0 to search by @pair: the open trade, else the last closed one
 * @pair: (nullable)
 *
 * Returns: %FALSE when there is none
 */
gboolean kw_query_find_trade(KwQuery *self, gint64 id, const gchar *pair, KwTradeView *out);

/**
 * kw_query_list_closed:
 * @period: by close time
 * @pair: (nullable): all pairs
 * @max: 0 = all
 *
 * Returns: (transfer full) (element-type KwTradeView): newest first
 */
GArray *kw_query_list_closed(KwQuery *self, KwPeriod period, const gchar *pair, guint max);

void kw_query_get_profit(KwQuery *self, KwPeriod period, const gchar *pair, KwProfitView *out);

/* (transfer full) (element-type KwPairResultView): best first */
GArray *kw_query_list_pair_results(KwQuery *self, KwPeriod period);

void kw_query_get_balance(KwQuery *self, KwBalanceView *out);
void kw_query_get_drawdown(KwQuery *self, KwPeriod period, KwDrawdownView *out);
void kw_query_get_stats(KwQuery *self, KwPeriod period, const gchar *pair, KwStatsView *out);
void kw_query_get_risk(KwQuery *self, KwRiskView *out);

/* (transfer full) (element-type KwErrorView): newest first */
GArray *kw_query_list_errors(KwQuery *self, KwPeriod period, guint max);

/* (transfer full) (element-type KwHealthView) */
GArray *kw_query_list_health(KwQuery *self);

/* Returns: %FALSE when the pair is not known at all */
gboolean kw_query_get_price(KwQuery *self, const gchar *pair, KwPriceView *out);
void kw_query_get_fees(KwQuery *self, KwPeriod period, KwFeesView *out);

/* (transfer full) (element-type KwConfigView): settings in force, never a secret */
GArray *kw_query_list_config(KwQuery *self);

/* (transfer full) (element-type KwPairView): traded pairs in their order */
GArray *kw_query_list_pairs(KwQuery *self);
void kw_query_get_digest(KwQuery *self, KwPeriod period, KwDigestView *out);

/* Grows with every change of run state, kill switch, threshold, lock; binds confirmations. */
guint64 kw_query_get_serial(KwQuery *self);

/* (transfer full) (element-type KwEquityView): ascending, the present value last */
GArray *kw_query_list_equity(KwQuery *self, KwPeriod period);

/* (transfer full) (element-type KwCandleView): ascending; those that are held in memory */
GArray *kw_query_list_candles(KwQuery *self, const gchar *pair, KwPeriod period);

/* (transfer full) (element-type KwSignalView): newest first; @pair %NULL = all */
GArray *kw_query_list_signals(KwQuery *self, KwPeriod period, const gchar *pair, guint max);

/* (transfer full) (element-type KwStepView): newest cycle first, its pairs by name */
GArray *kw_query_list_steps(KwQuery *self, KwPeriod period);

/* (transfer full) (element-type KwModelView): newest first; empty = no registry, no model */
GArray *kw_query_list_models(KwQuery *self);

/* Returns: %FALSE when there is no gate to tell of */
gboolean kw_query_get_gate(KwQuery *self, KwGateView *out);
void kw_query_get_training(KwQuery *self, KwTrainingView *out);

/* (transfer full): what kw_control_set_preference() has set, or %NULL */
gchar *kw_query_dup_preference(KwQuery *self, const gchar *key);

/* (transfer full) (element-type KwDifferenceView): between books and exchange, by kind; empty
 * on paper */
GArray *kw_query_list_differences(KwQuery *self);

G_END_DECLS
