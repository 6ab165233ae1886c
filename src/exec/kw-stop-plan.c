/* kw-stop-plan.c: one step at a time towards "all that is held is offered once"
 *
 * A spot venue links no orders: a stop and a target for the same coins would both be filled,
 * or the second is refused as the first ties the coins up. So they share what is held: at
 * every moment stops and targets together offer no more than that. The stop comes first, for
 * all of it; then it is made smaller by what the target is to sell. Whatever sells a part,
 * the rest is looked at anew: too much is taken back first from the target; and once a stop
 * has sold something the market has turned, so the target goes and a stop takes its share. A
 * target alone protects nothing: without a stop it goes as well.
 *
 * Where no amount of a working order can be changed, what is too large is cancelled and placed
 * anew, and the stop leaves the target's share free from the beginning: to take it back for
 * the target would leave all of the trade bare in between. To place the smaller one first was
 * dropped: both together offer more than is held, and on an account that nets the second to
 * fire would sell short.
 *
 * A pure function of what is there, so a restart needs no memory: the orders are it. */
#include "kw-stop-plan.h"

#include <math.h>

/* Stops and targets of the trade that work, and what hinders */
typedef struct {
    const KwOrder *entry;  /* still working; NULL: over */
    const KwOrder *stop;   /* the first; NULL: none */
    const KwOrder *target; /* the same */
    KwDecimal held, offered;
    gboolean is_moving; /* an order is on its way */
    gboolean has_fired; /* a working stop has sold something */
} View;

static KwStopStep
step(KwStopStepKind kind, const KwOrder *order, KwDecimal price, KwDecimal amount)
{
    KwStopStep next = {.kind = kind, .price = price, .amount = amount};

    if (order != NULL)
        (void) g_strlcpy(next.client_id, order->client_id, sizeof next.client_id);
    return next;
}

static KwStopStep
bare_step(KwStopStepKind kind, const KwOrder *order)
{
    return step(kind, order, KW_DECIMAL_ZERO, KW_DECIMAL_ZERO);
}

/* -- amounts; what cannot be computed is nothing -- */

static KwDecimal
minus(KwDecimal a, KwDecimal b)
{
    KwDecimal difference = KW_DECIMAL_ZERO;

    (void) kw_decimal_sub(a, b, &difference, NULL);
    return difference;
}

static KwDecimal
on_amount_tick(const KwPair *pair, KwDecimal amount)
{
    KwDecimal rounded = KW_DECIMAL_ZERO;

    if (kw_decimal_sign(amount) > 0)
        (void) kw_decimal_to_tick(amount, pair->amount_tick, KW_ROUND_DOWN, &rounded, NULL);
    return rounded;
}

static gboolean
is_viable(const KwPair *pair, KwDecimal price, KwDecimal amount)
{
    KwDecimal cost;

    return kw_decimal_sign(amount) > 0 && kw_decimal_cmp(amount, pair->min_amount) >= 0 &&
           kw_decimal_mul(amount, price, KW_MONEY_SCALE, KW_ROUND_DOWN, &cost, NULL) &&
           kw_decimal_cmp(cost, pair->min_cost) >= 0;
}

static KwDecimal
scale_by(KwDecimal value, gdouble factor, KwDecimal tick, KwRounding rounding)
{
    KwDecimal ratio, product = KW_DECIMAL_ZERO;

    if (kw_decimal_from_double(factor, 8, KW_ROUND_HALF_UP, &ratio, NULL) &&
        kw_decimal_mul(value, ratio, KW_MONEY_SCALE, rounding, &product, NULL))
        (void) kw_decimal_to_tick(product, tick, rounding, &product, NULL);
    return product;
}

/* -- what is there -- */

static void
look_at(View *view, const KwOrder *order)
{
    if (order->side == KW_SIDE_BUY) {
        view->entry = order;
        return;
    }
    if (!kw_order_type_is_trigger(order->type) ||
        (order->state != KW_ORDER_STATE_OPEN && order->state != KW_ORDER_STATE_PARTIAL)) {
        view->is_moving = TRUE;
        return;
    }
    (void) kw_decimal_add(view->offered, minus(order->amount, order->filled), &view->offered,
                          NULL);
    if (order->type == KW_ORDER_TYPE_TAKE_PROFIT) {
        view->target = view->target != NULL ? view->target : order;
        return;
    }
    view->stop = view->stop != NULL ? view->stop : order;
    view->has_fired = view->has_fired || kw_decimal_sign(order->filled) > 0;
}

static View
get_view(const KwStopFacts *facts)
{
    View view = {.held = KW_DECIMAL_ZERO, .offered = KW_DECIMAL_ZERO};

    if (facts->trade != NULL && facts->trade->state == KW_TRADE_STATE_OPEN)
        view.held = facts->trade->amount;
    for (guint i = 0; i < facts->n_orders; i++)
        if (facts->orders[i]->trade_id == facts->trade_id)
            look_at(&view, facts->orders[i]);
    return view;
}

/* -- too much is offered -- */

static KwStopStep
plan_less(const KwStopFacts *facts, const View *view)
{
    const KwOrder *order = view->target != NULL ? view->target : view->stop;
    KwDecimal amount =
        on_amount_tick(facts->pair, minus(order->amount, minus(view->offered, view->held)));

    if (!facts->is_rigid && is_viable(facts->pair, order->price, minus(amount, order->filled)))
        return step(KW_STOP_STEP_AMEND, order, order->price, amount);
    return bare_step(KW_STOP_STEP_CANCEL, order);
}

/* -- the market has moved on -- */

static KwDecimal
get_stop_price(const KwStopFacts *facts)
{
    KwDecimal price = KW_DECIMAL_ZERO;

    (void) kw_decimal_to_tick(facts->trade->stop, facts->pair->price_tick, KW_ROUND_UP, &price,
                              NULL);
    return price;
}

/* Up only, and not in steps that are not worth a message. A stop that has fired is a market
 * order. */
static gboolean
is_behind(const KwStopFacts *facts, const KwOrder *order, KwDecimal price)
{
    gdouble from = kw_decimal_to_double(order->price);
    gdouble to = kw_decimal_to_double(price);

    return order->trade_id == facts->trade_id && order->type == KW_ORDER_TYPE_STOP_LOSS &&
           kw_decimal_sign(order->filled) == 0 && kw_decimal_cmp(price, order->price) > 0 &&
           to - from >= from * facts->terms->min_step_ratio;
}

static const KwOrder *
find_behind(const KwStopFacts *facts, KwDecimal price)
{
    for (guint i = 0; i < facts->n_orders; i++)
        if (is_behind(facts, facts->orders[i], price))
            return facts->orders[i];
    return NULL;
}

static gboolean
is_target_over(const KwStopFacts *facts, const View *view)
{
    return view->target != NULL &&
           (view->has_fired || view->stop == NULL || !facts->may_target);
}

/* -- too little is offered -- */

/* Returns: what a target is to sell; zero: there shall be none */
static KwDecimal
get_target_amount(const KwStopFacts *facts, const View *view, KwDecimal *out_price)
{
    const KwTrade *trade = facts->trade;
    const KwPair *pair = facts->pair;
    gdouble share = MIN(facts->terms->target_share, KW_STOP_MAX_TARGET_SHARE);
    KwDecimal amount;

    if (!facts->may_target || view->has_fired || view->target != NULL ||
        !(facts->terms->target_ratio > 0.0) || !(share > 0.0))
        return KW_DECIMAL_ZERO;
    *out_price = scale_by(trade->open_rate, 1.0 + facts->terms->target_ratio, pair->price_tick,
                          KW_ROUND_UP);
    amount = scale_by(trade->entry_amount, share, pair->amount_tick, KW_ROUND_DOWN);
    /* without what has been sold before */
    amount = minus(amount, minus(trade->entry_amount, trade->amount));
    if (!is_viable(pair, *out_price, amount) ||
        !is_viable(pair, get_stop_price(facts), minus(view->held, amount)))
        return KW_DECIMAL_ZERO;
    return amount;
}

static KwStopStep
plan_missing(const KwStopFacts *facts, const View *view, KwDecimal price, KwDecimal missing)
{
    if (is_viable(facts->pair, price, missing))
        return step(KW_STOP_STEP_PLACE_STOP, NULL, price, missing);
    /* too little for an order of its own: one order for all of it */
    if (view->stop != NULL && !view->has_fired)
        return bare_step(KW_STOP_STEP_CANCEL, view->stop);
    return bare_step(view->stop == NULL ? KW_STOP_STEP_TOO_SMALL : KW_STOP_STEP_NONE, NULL);
}

static KwStopStep
plan_more(const KwStopFacts *facts, const View *view)
{
    KwDecimal price = get_stop_price(facts);
    KwDecimal missing = on_amount_tick(facts->pair, minus(view->held, view->offered));
    KwDecimal target_price = KW_DECIMAL_ZERO;
    KwDecimal target = get_target_amount(facts, view, &target_price);
    KwDecimal amount;

    if (kw_decimal_sign(target) > 0 && facts->is_rigid && view->stop == NULL)
        return step(KW_STOP_STEP_PLACE_STOP, NULL, price, minus(missing, target));
    if (kw_decimal_sign(target) > 0 && view->stop != NULL) {
        if (kw_decimal_cmp(missing, target) >= 0)
            return step(KW_STOP_STEP_PLACE_TARGET, NULL, target_price, target);
        amount = minus(view->stop->amount, minus(target, missing));
        if (!facts->is_rigid && is_viable(facts->pair, price, amount))
            return step(KW_STOP_STEP_AMEND, view->stop, view->stop->price, amount);
    }
    /* less than a step is missing beside every stop; without one it is told */
    if (kw_decimal_sign(missing) > 0 || view->stop == NULL)
        return plan_missing(facts, view, price, missing);
    return bare_step(KW_STOP_STEP_NONE, NULL);
}

KwDecimal
kw_stop_plan_get_dust(const KwTrade *trade, const KwPair *pair)
{
    KwStopFacts facts = {.trade = trade, .pair = pair};
    KwDecimal below;

    g_return_val_if_fail(trade != NULL && pair != NULL, KW_DECIMAL_ZERO);

    below = pair->amount_tick;
    if (trade->state == KW_TRADE_STATE_OPEN && kw_decimal_sign(trade->stop) > 0 &&
        !is_viable(pair, get_stop_price(&facts), on_amount_tick(pair, trade->amount)))
        (void) kw_decimal_add(trade->amount, pair->amount_tick, &below, NULL);
    return below;
}

gboolean
kw_stop_plan_is_sellable(const KwTrade *trade, const KwPair *pair, KwDecimal price)
{
    g_return_val_if_fail(trade != NULL && pair != NULL, FALSE);

    return is_viable(pair, price, on_amount_tick(pair, trade->amount));
}

KwStopStep
kw_stop_plan_next(const KwStopFacts *facts)
{
    View view;
    KwDecimal price;
    const KwOrder *behind;

    g_return_val_if_fail(facts != NULL && facts->terms != NULL,
                         bare_step(KW_STOP_STEP_NONE, NULL));

    view = get_view(facts);
    if (view.entry != NULL && !view.is_moving && kw_decimal_sign(view.held) > 0 &&
        view.entry->state == KW_ORDER_STATE_PARTIAL)
        return bare_step(KW_STOP_STEP_END_ENTRY, view.entry);
    if (view.entry != NULL || view.is_moving)
        return bare_step(KW_STOP_STEP_WAIT, NULL);
    if (is_target_over(facts, &view))
        return bare_step(KW_STOP_STEP_CANCEL, view.target);
    if (kw_decimal_cmp(view.offered, view.held) > 0)
        return plan_less(facts, &view);
    if (kw_decimal_sign(view.held) <= 0 || kw_decimal_sign(facts->trade->stop) <= 0)
        return bare_step(KW_STOP_STEP_NONE, NULL);

    price = get_stop_price(facts);
    behind = find_behind(facts, price);
    if (behind != NULL)
        return step(KW_STOP_STEP_AMEND, behind, price, behind->amount);
    return plan_more(facts, &view);
}
