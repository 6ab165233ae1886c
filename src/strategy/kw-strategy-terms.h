/* kw-strategy-terms.h: the exit rules a strategy declares, as plain values */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_STRATEGY_MAX_ROI 16
#define KW_STRATEGY_MAX_STARTUP 5000 /* candles */

/**
 * KwRoiStep:
 * @minutes: since the opening of the trade; the step holds from then on
 * @ratio: profit ratio (0.02 = 2 %) above which the trade is closed; -1 closes at any price
 */
typedef struct {
    gint minutes;
    gdouble ratio;
} KwRoiStep;

/**
 * KwStrategyTerms:
 * @timeframe_us: length of a candle
 * @startup_candles: candles that are read but not traded
 * @stoploss: ratio in [-1, 0), -0.10 = 10 % below the entry
 * @trailing_stop_positive: ratio > 0, or NaN when not set
 * @trailing_stop_positive_offset: profit ratio from which @trailing_stop_positive is used
 * @roi: @n_roi steps, ascending by minutes; none means: never closed for its profit
 *
 * Plain value. What the fields do is described in the documentation of backtests.
 */
typedef struct {
    gint64 timeframe_us;
    guint startup_candles;
    gdouble stoploss;
    gboolean trailing_stop;
    gdouble trailing_stop_positive;
    gdouble trailing_stop_positive_offset;
    gboolean trailing_only_offset_is_reached;
    gboolean use_exit_signal;
    gboolean exit_profit_only;
    gdouble exit_profit_offset;
    gboolean ignore_roi_if_entry_signal;
    guint n_roi;
    KwRoiStep roi[KW_STRATEGY_MAX_ROI];
} KwStrategyTerms;

/* What holds when a strategy says nothing: 1h, stop loss -10 %, exit signal used, no ROI */
KwStrategyTerms kw_strategy_terms_default(void);

/* Returns: %FALSE with %KW_STRATEGY_ERROR_VALUE that names the field */
gboolean kw_strategy_terms_check(const KwStrategyTerms *terms, GError **error);

/* The step that holds @minutes after the opening, or %NULL; borrowed */
const KwRoiStep *kw_strategy_terms_find_roi(const KwStrategyTerms *terms, gint64 minutes);

G_END_DECLS
