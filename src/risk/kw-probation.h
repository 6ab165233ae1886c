/* kw-probation.h: the first two weeks with real money: small stakes, a small loss a day */
#pragma once

#include "kw-limits.h"
#include "kw-stake.h"

G_BEGIN_DECLS

#define KW_PROBATION_DAYS 14
#define KW_PROBATION_DAILY_LOSS 50 /* quote currency */
#define KW_PROBATION_MIN_STAKE 25
#define KW_PROBATION_MAX_STAKE 50

/**
 * kw_probation_get_end_us:
 * @since_us: first start with real money
 *
 * Returns: when the ordinary limits begin to count
 */
gint64 kw_probation_get_end_us(gint64 since_us);

/**
 * kw_probation_tighten:
 * @limits, @stake: of the configuration; what is tighter already stays
 *
 * A stake that is larger is made smaller, so that the bot trades at all.
 */
void kw_probation_tighten(KwLimits *limits, KwStakeRules *stake);

G_END_DECLS
