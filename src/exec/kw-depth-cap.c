/* kw-depth-cap.c: a sum over the asks near the best one
 *
 * The best ask and not the mid is where counting begins: half the spread is paid by any order
 * that takes, whatever its size, and has its own limit. What cannot be computed, or is no
 * book, offers nothing: then there is no entry rather than one of unknown price. */
#include "kw-depth-cap.h"

#include <math.h>

/* Rounded down, so that the limit is never passed */
static gboolean
get_limit(KwDecimal best, gdouble max_bps, KwDecimal *out)
{
    guint8 scale = (guint8) MIN(best.scale + 2, KW_DECIMAL_MAX_DIGITS);
    KwDecimal factor;

    return isfinite(max_bps) && max_bps >= 0.0 &&
           kw_decimal_from_double(1.0 + max_bps / 10000.0, 8, KW_ROUND_DOWN, &factor, NULL) &&
           kw_decimal_mul(best, factor, scale, KW_ROUND_DOWN, out, NULL);
}

static gboolean
is_sound(const KwFeedLevel *asks, guint index)
{
    return kw_decimal_sign(asks[index].price) > 0 && kw_decimal_sign(asks[index].amount) > 0 &&
           (index == 0 || kw_decimal_cmp(asks[index].price, asks[index - 1].price) > 0);
}

/* What is offered up to @limit, no more than @wanted; zero for a book that is not sound */
static KwDecimal
sum_offered(const KwFeedLevel *asks, guint n_asks, KwDecimal limit, KwDecimal wanted)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < n_asks; i++) {
        if (!is_sound(asks, i))
            return KW_DECIMAL_ZERO;
        if (kw_decimal_cmp(asks[i].price, limit) > 0)
            break;
        if (!kw_decimal_add(sum, asks[i].amount, &sum, NULL) ||
            kw_decimal_cmp(sum, wanted) >= 0)
            return wanted;
    }
    return sum;
}

static gboolean
is_viable(const KwPair *pair, KwDecimal price, KwDecimal amount)
{
    KwDecimal cost;

    return kw_decimal_cmp(amount, pair->min_amount) >= 0 &&
           kw_decimal_mul(price, amount, 8, KW_ROUND_DOWN, &cost, NULL) &&
           kw_decimal_cmp(cost, pair->min_cost) >= 0;
}

KwDecimal
kw_depth_cap_amount(const KwPair *pair,
                    const KwFeedLevel *asks,
                    guint n_asks,
                    gdouble max_bps,
                    KwDecimal wanted)
{
    KwDecimal limit, amount;

    g_return_val_if_fail(pair != NULL && (asks != NULL || n_asks == 0), KW_DECIMAL_ZERO);

    if (n_asks == 0 || kw_decimal_sign(wanted) <= 0 || !is_sound(asks, 0) ||
        !get_limit(asks[0].price, max_bps, &limit))
        return KW_DECIMAL_ZERO;
    amount = sum_offered(asks, n_asks, limit, wanted);
    if (!kw_decimal_to_tick(amount, pair->amount_tick, KW_ROUND_DOWN, &amount, NULL) ||
        kw_decimal_sign(amount) <= 0 || !is_viable(pair, asks[0].price, amount))
        return KW_DECIMAL_ZERO;
    return amount;
}
