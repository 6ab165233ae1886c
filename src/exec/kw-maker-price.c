/* kw-maker-price.c: join the queue, or go a few ticks before it, and never across the spread */
#include "kw-maker-price.h"

static gboolean
add_ticks(KwDecimal price, KwDecimal tick, gint64 n, KwDecimal *out)
{
    KwDecimal step;

    return kw_decimal_mul(tick, kw_decimal_from_int(n), tick.scale, KW_ROUND_DOWN, &step,
                          NULL) &&
           kw_decimal_add(price, step, out, NULL);
}

/* Bid plus @n_ahead, at most ask minus one tick */
static gboolean
get_buy_price(const KwMakerQuote *quote, KwDecimal *out)
{
    KwDecimal price, last;

    if (!kw_decimal_to_tick(quote->bid, quote->tick, KW_ROUND_DOWN, &price, NULL) ||
        !add_ticks(price, quote->tick, quote->n_ahead, &price) ||
        !kw_decimal_to_tick(quote->ask, quote->tick, KW_ROUND_UP, &last, NULL) ||
        !add_ticks(last, quote->tick, -1, &last))
        return FALSE;
    *out = kw_decimal_cmp(price, last) > 0 ? last : price;
    return kw_decimal_sign(*out) > 0;
}

/* The mirror image */
static gboolean
get_sell_price(const KwMakerQuote *quote, KwDecimal *out)
{
    KwDecimal price, last;

    if (!kw_decimal_to_tick(quote->ask, quote->tick, KW_ROUND_UP, &price, NULL) ||
        !add_ticks(price, quote->tick, -(gint64) quote->n_ahead, &price) ||
        !kw_decimal_to_tick(quote->bid, quote->tick, KW_ROUND_DOWN, &last, NULL) ||
        !add_ticks(last, quote->tick, 1, &last))
        return FALSE;
    *out = kw_decimal_cmp(price, last) < 0 ? last : price;
    return TRUE;
}

gboolean
kw_maker_price_apply(const KwMakerQuote *quote, KwOrder *order)
{
    KwDecimal price;

    g_return_val_if_fail(quote != NULL && order != NULL, FALSE);
    g_return_val_if_fail(kw_decimal_sign(quote->tick) > 0, FALSE);

    if (kw_decimal_sign(quote->bid) <= 0 || kw_decimal_cmp(quote->bid, quote->ask) >= 0)
        return FALSE;
    if (order->side == KW_SIDE_BUY ? !get_buy_price(quote, &price)
                                   : !get_sell_price(quote, &price))
        return FALSE;
    order->type = KW_ORDER_TYPE_POST_ONLY;
    order->price = price;
    return TRUE;
}
