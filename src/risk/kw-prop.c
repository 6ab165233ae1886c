/* kw-prop.c: midnight balances and floors, made anew from the trades each time
 *
 *   daily floor = balance at midnight - share of the initial capital
 *   total floor = base - share of the initial capital; base = initial, or the highest midnight
 *
 * Shares are of the initial capital, never of the day's balance, and the reference is the
 * balance, not the equity: what floats over midnight is in the day it came from. Kept marks
 * were dropped: the trades are durable, and a mark of a process that did not run at midnight
 * would have to be made of them anyway. */
#include "kw-prop.h"

typedef struct {
    KwZone *zone;             /* borrowed */
    gint64 from_us, until_us; /* of the day that was asked for last */
    GHashTable *opened;       /* owned: starts of days with a purchase */
} Calendar;

/* Money relative to the initial capital */
typedef struct {
    KwDecimal balance, midnight, highest;
    gint64 last_us; /* start of the day of the last result */
} Count;

typedef struct {
    gint64 time_us;
    KwDecimal profit;
} Result;

static gint64
day_of(Calendar *self, gint64 time_us)
{
    if (time_us >= self->from_us && time_us < self->until_us)
        return self->from_us;
    self->from_us = kw_zone_floor_day_us(self->zone, time_us);
    self->until_us = kw_schedule_next_us(self->zone, 0, time_us);
    return self->from_us;
}

static void
note_opening(Calendar *self, const KwTrade *trade)
{
    gint64 day_us = day_of(self, trade->open_us);

    if (kw_decimal_sign(trade->entry_amount) > 0)
        (void) g_hash_table_add(self->opened, g_memdup2(&day_us, sizeof day_us));
}

static gboolean
add_to(KwDecimal *sum, KwDecimal amount, GError **error)
{
    return kw_decimal_add(*sum, amount, sum, error);
}

/* An entry's fee is booked at once: it has lowered the balance of a midnight it was open at. */
static gboolean
count_open_fee(Count *count, const KwTrade *trade, gint64 today_us, GError **error)
{
    return trade->open_us >= today_us ||
           add_to(&count->midnight, kw_decimal_neg(trade->fee_open), error);
}

static void
raise_highest(Count *count, KwDecimal balance)
{
    if (kw_decimal_cmp(balance, count->highest) > 0)
        count->highest = balance;
}

/* -- results: what was realised when -- */

static void
add_result(GArray *results, gint64 time_us, KwDecimal profit)
{
    Result result = {time_us, profit};

    g_array_append_val(results, result);
}

static gint
compare_results(gconstpointer a, gconstpointer b)
{
    gint64 first_us = ((const Result *) a)->time_us, second_us = ((const Result *) b)->time_us;

    return (first_us > second_us) - (first_us < second_us);
}

/* A part of a trade brings its profit at its own time, and the end of the trade what is left of
 * the whole. */
static GArray *
list_results(const KwPortfolio *portfolio, GError **error)
{
    g_autoptr(GArray) results = g_array_new(FALSE, FALSE, sizeof(Result));

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);

        add_result(results, trade->close_us, trade->profit_abs);
    }
    for (guint i = 0; i < kw_portfolio_get_n_parts(portfolio); i++) {
        KwPart part;

        if (!kw_portfolio_get_part(portfolio, i, &part, error))
            return NULL;
        add_result(results, part.time_us, part.profit);
        if (part.close_us != 0)
            add_result(results, part.close_us, kw_decimal_neg(part.profit));
    }
    g_array_sort(results, compare_results);
    return g_steal_pointer(&results);
}

static gboolean
count_results(
    Count *count, const GArray *results, Calendar *calendar, gint64 today_us, GError **error)
{
    for (guint i = 0; i < results->len; i++) {
        const Result *result = &g_array_index(results, Result, i);
        gint64 day_us = day_of(calendar, result->time_us);

        if (day_us > count->last_us)
            raise_highest(count, count->balance);
        count->last_us = day_us;
        if (!add_to(&count->balance, result->profit, error))
            return FALSE;
        if (day_us < today_us)
            count->midnight = count->balance;
    }
    raise_highest(count, count->midnight);
    return TRUE;
}

/* -- fees -- */

/* Fees of what was open at midnight, whether it is closed by now or not */
static gboolean
count_fees(Count *count, const KwPortfolio *portfolio, gint64 today_us, GError **error)
{
    for (guint i = kw_portfolio_get_n_closed(portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < today_us)
            break;
        if (!count_open_fee(count, trade, today_us, error))
            return FALSE;
    }
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++)
        if (!count_open_fee(count, kw_portfolio_get_open(portfolio, i), today_us, error))
            return FALSE;
    return TRUE;
}

/* What was sold of them before midnight has its part of the fee in its result. */
static gboolean
return_fees(Count *count, const KwPortfolio *portfolio, gint64 today_us, GError **error)
{
    for (guint i = 0; i < kw_portfolio_get_n_parts(portfolio); i++) {
        KwPart part;

        if (!kw_portfolio_get_part(portfolio, i, &part, error))
            return FALSE;
        if (part.time_us < today_us && (part.close_us == 0 || part.close_us >= today_us) &&
            !add_to(&count->midnight, part.fee_open, error))
            return FALSE;
    }
    return TRUE;
}

static void
note_openings(Calendar *calendar, const KwPortfolio *portfolio)
{
    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++)
        note_opening(calendar, kw_portfolio_get_closed(portfolio, i));
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++)
        note_opening(calendar, kw_portfolio_get_open(portfolio, i));
}

static gboolean
count_all(Count *count,
          const KwPortfolio *portfolio,
          Calendar *calendar,
          gint64 today_us,
          GError **error)
{
    g_autoptr(GArray) results = list_results(portfolio, error);

    note_openings(calendar, portfolio);
    return results != NULL && count_results(count, results, calendar, today_us, error) &&
           count_fees(count, portfolio, today_us, error) &&
           return_fees(count, portfolio, today_us, error);
}

static gboolean
take_share(
    const KwPropRules *rules, KwDecimal from, gdouble ratio, KwDecimal *out, GError **error)
{
    KwDecimal share;

    return kw_decimal_from_double(ratio, 8, KW_ROUND_HALF_UP, &share, error) &&
           kw_decimal_mul(rules->initial, share, KW_MONEY_SCALE, KW_ROUND_DOWN, &share,
                          error) &&
           kw_decimal_sub(from, share, out, error);
}

gboolean
kw_prop_judge(const KwPropRules *rules,
              const KwPortfolio *portfolio,
              KwDecimal open_profit,
              gint64 now_us,
              KwPropState *out,
              GError **error)
{
    g_autoptr(GHashTable) opened =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Calendar calendar = {.zone = rules->zone, .opened = opened};
    Count count = {KW_DECIMAL_ZERO, KW_DECIMAL_ZERO, KW_DECIMAL_ZERO, G_MAXINT64};
    KwPropState state = {.reset_us = kw_schedule_next_us(rules->zone, 0, now_us)};
    gint64 today_us = kw_zone_floor_day_us(rules->zone, now_us);
    KwDecimal base = rules->initial, none = KW_DECIMAL_ZERO;
    KwDecimal realised = kw_portfolio_get_realised(portfolio);

    if (!count_all(&count, portfolio, &calendar, today_us, error) ||
        !kw_decimal_add(rules->initial, count.midnight, &state.midnight, error) ||
        !kw_decimal_add(rules->initial, realised, &state.equity, error) ||
        !kw_decimal_add(state.equity, open_profit, &state.equity, error) ||
        (rules->model == KW_PROP_TRAILING &&
         !kw_decimal_add(rules->initial, count.highest, &base, error)) ||
        !take_share(rules, state.midnight, rules->daily_ratio, &state.daily_floor, error) ||
        !take_share(rules, base, rules->total_ratio, &state.total_floor, error) ||
        !take_share(rules, none, rules->target_ratio, &state.target, error))
        return FALSE;
    state.target = kw_decimal_neg(state.target);
    state.profit = realised;
    state.n_days = g_hash_table_size(opened);
    *out = state;
    return TRUE;
}
