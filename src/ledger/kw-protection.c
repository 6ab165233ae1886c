/* kw-protection.c: locks that follow from closed trades
 *
 * Pure functions over the closed trades of the portfolio, newest last, so that the same trades
 * give the same locks in a backtest and in the daemon. A lock begins with the last trade that
 * counts and ends with a candle; an end exactly on a boundary lasts one candle longer, because
 * the reference rounds so. */
#include "kw-protection.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_GINT64_CONSTANT(3600000000)

static const gchar *const kind_names[] = {
    [KW_PROTECTION_COOLDOWN] = "CooldownPeriod",
    [KW_PROTECTION_LOW_PROFIT] = "LowProfitPairs",
    [KW_PROTECTION_STOPLOSS_GUARD] = "StoplossGuard",
    [KW_PROTECTION_MAX_DRAWDOWN] = "MaxDrawdown",
};

/* What is known of the trades that count */
typedef struct {
    guint n_trades;
    gint64 last_close_us;
    gdouble profit, peak; /* sums of profit ratios */
    gdouble drawdown;
} Tally;

KwProtection
kw_protection_default(KwProtectionKind kind)
{
    return (KwProtection){
        .kind = kind,
        .lookback_us = HOUR_US,
        .stop_duration_us = HOUR_US,
        .trade_limit = kind == KW_PROTECTION_STOPLOSS_GUARD ? 10 : 1,
    };
}

const gchar *
kw_protection_kind_to_string(KwProtectionKind kind)
{
    g_return_val_if_fail((guint) kind < G_N_ELEMENTS(kind_names), "");

    return kind_names[kind];
}

gboolean
kw_protection_kind_from_string(const gchar *text, KwProtectionKind *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (strcmp(kind_names[i], text) == 0) {
            *out = (KwProtectionKind) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no such protection");
    return FALSE;
}

static gboolean
counts(const KwProtection *self, const KwTrade *trade, const gchar *pair)
{
    if (strcmp(pair, KW_LOCK_ALL) != 0 && strcmp(trade->pair, pair) != 0)
        return FALSE;
    if (self->kind != KW_PROTECTION_STOPLOSS_GUARD)
        return TRUE;
    return kw_trade_is_stopped(trade) && fabs(trade->profit_ratio) > 0.0 &&
           trade->profit_ratio < self->required_profit;
}

static void
add_trade(Tally *tally, const KwTrade *trade)
{
    tally->last_close_us = MAX(tally->last_close_us, trade->close_us);
    tally->profit += trade->profit_ratio;
    /* the sum after the first trade is the first peak, also when it is a loss */
    if (tally->n_trades == 0 || tally->profit > tally->peak)
        tally->peak = tally->profit;
    tally->drawdown = MAX(tally->drawdown, tally->peak - tally->profit);
    tally->n_trades++;
}

static Tally
tally_trades(const KwProtection *self,
             const KwPortfolio *portfolio,
             const gchar *pair,
             gint64 now_us)
{
    Tally tally = {0};

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);

        if (trade->close_us > now_us - self->lookback_us && counts(self, trade, pair))
            add_trade(&tally, trade);
    }
    return tally;
}

static gboolean
asks_for_lock(const KwProtection *self, const Tally *tally, gboolean is_global)
{
    if (tally->n_trades == 0)
        return FALSE;
    switch (self->kind) {
    case KW_PROTECTION_COOLDOWN:
        return !is_global;
    case KW_PROTECTION_LOW_PROFIT:
        return !is_global && tally->n_trades >= self->trade_limit &&
               tally->profit < self->required_profit;
    case KW_PROTECTION_STOPLOSS_GUARD:
        return !(is_global && self->only_per_pair) && tally->n_trades >= self->trade_limit;
    case KW_PROTECTION_MAX_DRAWDOWN:
        return is_global && tally->n_trades >= self->trade_limit &&
               tally->drawdown > self->max_drawdown;
    }
    g_return_val_if_reached(FALSE);
}

/* End before it is moved to the end of a candle; 0 when no lock is asked for */
static gint64
find_until(const KwProtection *self,
           const KwPortfolio *portfolio,
           const gchar *pair,
           gint64 now_us)
{
    Tally tally = tally_trades(self, portfolio, pair, now_us);

    if (!asks_for_lock(self, &tally, strcmp(pair, KW_LOCK_ALL) == 0))
        return 0;
    return tally.last_close_us + self->stop_duration_us;
}

gboolean
kw_protection_check(const KwProtection *self,
                    const KwPortfolio *portfolio,
                    const gchar *pair,
                    gint64 now_us,
                    gint64 timeframe_us,
                    KwLock *out_lock)
{
    const gchar *name;
    gint64 until_us;

    g_return_val_if_fail(self != NULL && portfolio != NULL && pair != NULL, FALSE);
    g_return_val_if_fail(timeframe_us > 0 && out_lock != NULL, FALSE);

    until_us = find_until(self, portfolio, pair, now_us);
    if (until_us == 0)
        return FALSE;
    name = kw_protection_kind_to_string(self->kind);
    *out_lock = (KwLock){.from_us = now_us,
                         .until_us = until_us / timeframe_us * timeframe_us + timeframe_us};
    g_strlcpy(out_lock->pair, pair, sizeof out_lock->pair);
    g_strlcpy(out_lock->reason, name, sizeof out_lock->reason);
    g_strlcpy(out_lock->by, name, sizeof out_lock->by);
    return TRUE;
}

/* TRUE when a lock of @pair or of all lasts to @until_us anyway */
static gboolean
is_locked_to(const KwLockList *locks, const gchar *pair, gint64 until_us)
{
    for (guint i = 0; i < kw_lock_list_get_length(locks); i++) {
        const KwLock *lock = kw_lock_list_get(locks, i);

        if ((strcmp(lock->pair, pair) == 0 || strcmp(lock->pair, KW_LOCK_ALL) == 0) &&
            lock->until_us >= until_us)
            return TRUE;
    }
    return FALSE;
}

const KwLock *
kw_protection_add_lock(const KwProtection *self,
                       const KwPortfolio *portfolio,
                       const gchar *pair,
                       gint64 now_us,
                       gint64 timeframe_us,
                       KwLockList *locks)
{
    KwLock lock;

    g_return_val_if_fail(locks != NULL, NULL);

    if (!kw_protection_check(self, portfolio, pair, now_us, timeframe_us, &lock) ||
        is_locked_to(locks, pair, find_until(self, portfolio, pair, now_us)))
        return NULL;
    return kw_lock_list_add(locks, &lock);
}
