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

/**
 * KwProbation:
 * @end_us: 0: there is none, or it is over
 * @limits, @stake: of the configuration, as they were before
 *
 * Plain value; all zero is none.
 */
typedef struct {
    gint64 end_us;
    KwLimits limits;
    KwStakeRules stake;
} KwProbation;

/**
 * kw_probation_begin:
 * @since_us: first start with real money
 *
 * Tightens @limits and @stake and remembers what they were; nothing is changed when the two
 * weeks are over by @now_us.
 *
 * Returns: whether they are still running
 */
gboolean kw_probation_begin(
    KwProbation *self, gint64 since_us, gint64 now_us, KwLimits *limits, KwStakeRules *stake);

/**
 * kw_probation_widen:
 * @least: value of the smallest order that the venue takes, with a reserve
 *
 * Where the amounts of the two weeks buy nothing, one such order is the largest; never more
 * than the configuration allows. The loss of a day stays as it is.
 */
void kw_probation_widen(const KwProbation *self,
                        KwDecimal least,
                        KwLimits *limits,
                        KwStakeRules *stake);

/**
 * kw_probation_end_if_due:
 *
 * Gives @limits and @stake back what they were once the two weeks are over, and that once only.
 *
 * Returns: whether that has happened now
 */
gboolean kw_probation_end_if_due(KwProbation *self,
                                 gint64 now_us,
                                 KwLimits *limits,
                                 KwStakeRules *stake);

G_END_DECLS
