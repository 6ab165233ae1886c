/* kw-stake.h: how much money a new trade gets (facts: backtest semantics, section 3) */
#pragma once

#include "kw-pair.h"
#include "kw-portfolio.h"

G_BEGIN_DECLS

/**
 * KwStakeRules:
 * @stake_amount: quote currency; ignored when @is_unlimited
 * @max_open_trades: 0 = unlimited
 * @tradable_balance_ratio: 0..1, default 0.99
 * @amount_reserve_ratio: default 0.05
 */
typedef struct {
    KwDecimal stake_amount;
    gboolean is_unlimited;
    guint max_open_trades;
    gdouble tradable_balance_ratio;
    gboolean amend_last_stake;
    gdouble last_stake_min_ratio;
    gdouble amount_reserve_ratio;
} KwStakeRules;

/**
 * kw_stake_compute:
 * @price: entry price, > 0
 * @out_amount: (out caller-allocates): base currency on the amount tick
 * @out_stake: (out caller-allocates): amount * price, quote currency
 *
 * Returns: %FALSE when there is no trade (not enough money, below the minimum): out untouched
 */
gboolean kw_stake_compute(const KwStakeRules *rules,
                          const KwPortfolio *portfolio,
                          const KwPair *pair,
                          KwDecimal price,
                          KwDecimal *out_amount,
                          KwDecimal *out_stake);

G_END_DECLS
