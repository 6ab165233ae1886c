#include "kw-desk-prop.h"

static KwDecimal
drop_unless(gboolean is_there, KwDecimal value)
{
    return is_there ? value : KW_DECIMAL_ZERO;
}

void
kw_desk_prop_fill(const KwBook *book, gint64 now_us, KwPropView *out)
{
    KwPropRules rules = book->settings->prop;
    g_autoptr(KwZone) zone = NULL;
    KwPropState state;

    *out = (KwPropView){0};
    if (kw_decimal_sign(rules.initial) <= 0)
        return;
    zone = kw_zone_new(book->settings->prop_zone, NULL);
    rules.zone = zone;
    if (zone == NULL || !kw_prop_judge(&rules, book->portfolio, book->tracker.open_profit,
                                       now_us, &state, NULL))
        return;
    *out = (KwPropView){
        .is_set = TRUE,
        .is_trailing = rules.model == KW_PROP_TRAILING,
        .initial = rules.initial,
        .midnight = state.midnight,
        .equity = state.equity,
        .daily_floor = drop_unless(rules.daily_ratio > 0, state.daily_floor),
        .total_floor = drop_unless(rules.total_ratio > 0, state.total_floor),
        .profit = state.profit,
        .target = drop_unless(rules.target_ratio > 0, state.target),
        .n_days = state.n_days,
        .min_days = rules.min_days,
        .reset_us = state.reset_us,
    };
}
