/* kw-desk-results.h: results of a period, for the desk */
#pragma once

#include "kw-book.h"
#include "kw-model-view.h"
#include "kw-view.h"

G_BEGIN_DECLS

/* Calls @func for the closed trades of @period and @pair (%NULL: all), newest first. */
typedef void (*KwTradeFunc)(const KwTrade *trade, gpointer user_data);
void kw_desk_each_closed(const KwBook *book,
                         KwPeriod period,
                         const gchar *pair,
                         KwTradeFunc func,
                         gpointer user_data);

void kw_desk_compute_profit(const KwBook *book,
                            KwPeriod period,
                            const gchar *pair,
                            KwProfitView *out);
GArray *kw_desk_compute_pair_results(const KwBook *book, KwPeriod period);
void
kw_desk_compute_stats(const KwBook *book, KwPeriod period, const gchar *pair, KwStatsView *out);
void kw_desk_compute_fees(const KwBook *book, KwPeriod period, KwFeesView *out);

/* Deepest fall between the daily marks of @period, added to @out; the tracker knows that of the
 * whole time exactly. */
void kw_desk_compute_drawdown(const KwBook *book, KwPeriod period, KwDrawdownView *out);

/* One point for each start of a day, and the present value */
GArray *kw_desk_list_equity(const KwBook *book, KwPeriod period);
GArray *kw_desk_list_candles(KwBook *book, const gchar *pair, KwPeriod period);

G_END_DECLS
