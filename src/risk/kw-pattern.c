#include "kw-pattern.h"

#include "kw-confidence.h"

#include <math.h>
#include <string.h>

/* Closed trades of this kind. Returns: their number */
static guint
count(const KwPortfolio *portfolio,
      const gchar *strategy,
      const KwSignalValues *signal,
      guint *out_n_wins)
{
    const gchar *tag = signal->tag != NULL ? signal->tag : "";
    const gchar *regime = signal->regime != NULL ? signal->regime : "";
    guint n = 0;

    *out_n_wins = 0;
    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);

        if (strcmp(trade->enter_tag, tag) != 0 || strcmp(trade->regime, regime) != 0 ||
            strcmp(trade->strategy, strategy != NULL ? strategy : "") != 0)
            continue;
        n++;
        *out_n_wins += kw_decimal_cmp(trade->profit_abs, KW_DECIMAL_ZERO) > 0;
    }
    return n;
}

void
kw_pattern_adjust(const KwPortfolio *portfolio, const gchar *strategy, KwSignalValues *signal)
{
    gdouble adjusted;
    guint n, n_wins;

    if (isnan(signal->confidence) || (signal->tag == NULL && signal->regime == NULL))
        return;
    n = count(portfolio, strategy, signal, &n_wins);
    adjusted = kw_confidence_adjust(signal->confidence, n_wins, n, KW_PATTERN_MIN_TRADES);
    signal->confidence = adjusted;
    if (kw_tier_get_threshold(signal->tier) > adjusted)
        signal->tier = kw_tier_of(adjusted);
}
