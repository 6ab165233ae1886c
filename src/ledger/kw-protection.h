/* kw-protection.h: locks that follow from closed trades (facts: backtest semantics, section 9)
 */
#pragma once

#include "kw-lock.h"
#include "kw-portfolio.h"

G_BEGIN_DECLS

/**
 * KwProtectionKind:
 * @KW_PROTECTION_COOLDOWN: a pair rests after each of its trades
 * @KW_PROTECTION_LOW_PROFIT: a pair rests whose trades brought too little
 * @KW_PROTECTION_STOPLOSS_GUARD: a pair, or all, rest after too many stops with a loss
 * @KW_PROTECTION_MAX_DRAWDOWN: all rest after too deep a fall
 */
typedef enum {
    KW_PROTECTION_COOLDOWN,
    KW_PROTECTION_LOW_PROFIT,
    KW_PROTECTION_STOPLOSS_GUARD,
    KW_PROTECTION_MAX_DRAWDOWN,
} KwProtectionKind;

/**
 * KwProtection:
 * @lookback_us: trades that closed later than that before now count
 * @stop_duration_us: length of the lock, from the last of these trades on
 * @trade_limit: from this number of trades on; not for the cooldown
 * @required_profit: ratio: sum of the pair (low profit), each trade (guard): below it counts
 * @max_drawdown: sum of profit ratios below its peak that is still allowed
 * @only_per_pair: the guard locks pairs and never all
 */
typedef struct {
    KwProtectionKind kind;
    gint64 lookback_us, stop_duration_us;
    guint trade_limit;
    gdouble required_profit;
    gdouble max_drawdown;
    gboolean only_per_pair;
} KwProtection;

/* What the reference takes when nothing is said: one hour back, one hour long */
KwProtection kw_protection_default(KwProtectionKind kind);

/* "CooldownPeriod", "LowProfitPairs", "StoplossGuard", "MaxDrawdown"; static; author of locks
 */
const gchar *kw_protection_kind_to_string(KwProtectionKind kind);
gboolean
kw_protection_kind_from_string(const gchar *text, KwProtectionKind *out, GError **error);

/**
 * kw_protection_check:
 * @pair: a pair, or "*" for the lock of all pairs
 * @timeframe_us: locks end with a candle
 * @out_lock: (out caller-allocates): pair, from_us = now, end, by, reason
 *
 * Returns: %TRUE if the closed trades ask for a lock of @pair now
 */
gboolean kw_protection_check(const KwProtection *self,
                             const KwPortfolio *portfolio,
                             const gchar *pair,
                             gint64 now_us,
                             gint64 timeframe_us,
                             KwLock *out_lock);

/**
 * kw_protection_add_lock:
 *
 * Adds what kw_protection_check() asks for, unless the pair (or "*") is locked as long anyway.
 * After a trade of a pair closed: first all protections with the pair, then all with "*".
 *
 * Returns: (transfer none) (nullable): the new lock
 */
const KwLock *kw_protection_add_lock(const KwProtection *self,
                                     const KwPortfolio *portfolio,
                                     const gchar *pair,
                                     gint64 now_us,
                                     gint64 timeframe_us,
                                     KwLockList *locks);

G_END_DECLS
