/* kw-prop.h: where an account stands by the rules of a prop firm */
#pragma once

#include "kw-portfolio.h"
#include "kw-schedule.h"

G_BEGIN_DECLS

/* What the largest loss counts from: the initial capital, or the highest balance of a midnight,
 * which only rises */
typedef enum { KW_PROP_STATIC, KW_PROP_TRAILING } KwPropModel;

/**
 * KwPropRules:
 * @initial: capital of the account at its start; 0: there are no rules
 * @daily_ratio, @total_ratio, @target_ratio: of @initial; 0: there is no such rule
 * @min_days: on which something was bought; 0: none
 * @zone: borrowed; in which the firm's days begin
 */
typedef struct {
    KwDecimal initial;
    gdouble daily_ratio, total_ratio, target_ratio;
    KwPropModel model;
    guint min_days;
    KwZone *zone;
} KwPropRules;

/**
 * KwPropState: money is quote currency
 * @midnight: balance at the start of the day: results of what was sold, and fees of entries
 * that were open
 * @equity: with what is open now
 * @daily_floor, @total_floor: equity must not be below it
 * @profit: results of what was sold so far; @target: what they have to be
 * @n_days: days on which something was bought
 * @reset_us: when the next day starts
 */
typedef struct {
    KwDecimal midnight, equity;
    KwDecimal daily_floor, total_floor;
    KwDecimal profit, target;
    guint n_days;
    gint64 reset_us;
} KwPropState;

/**
 * kw_prop_judge:
 * @open_profit: of all that is open, in the portfolio's currency
 *
 * Made of the trades and their parts alone, so it needs no memory of its own: a part that was
 * sold counts from its own time on.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when numbers overflow
 */
gboolean kw_prop_judge(const KwPropRules *rules,
                       const KwPortfolio *portfolio,
                       KwDecimal open_profit,
                       gint64 now_us,
                       KwPropState *out,
                       GError **error);

G_END_DECLS
