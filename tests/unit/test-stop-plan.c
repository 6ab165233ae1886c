/* test-stop-plan.c: each step, and where steps lead whatever happens between them */
#include "kw-stop-plan.h"
#include "kw-test.h"

#include <string.h>

#define MAX_ORDERS 16
#define TRADE_ID 7

typedef struct {
    KwTrade trade;
    KwPair pair;
    KwStopTerms terms;
    KwOrder orders[MAX_ORDERS];
    const KwOrder *list[MAX_ORDERS];
    KwStopFacts facts;
    guint n_placed;
} Fixture;

static KwDecimal
sum(KwDecimal a, KwDecimal b)
{
    KwDecimal out;

    g_assert_true(kw_decimal_add(a, b, &out, NULL));
    return out;
}

static KwDecimal
rest_of(const KwOrder *order)
{
    return sum(order->amount, kw_decimal_neg(order->filled));
}

/* One unit bought at 100, stop at 90, no order yet; smallest order 0.1, in steps of 0.001 */
static void
set_up(Fixture *f, gconstpointer data)
{
    g_assert_true(kw_pair_init(&f->pair, "BTC/USDT", NULL));
    f->pair.price_tick = kw_test_decimal("0.5");
    f->pair.amount_tick = kw_test_decimal("0.001");
    f->pair.min_amount = kw_test_decimal("0.1");
    f->pair.min_cost = kw_test_decimal("5");
    f->trade = (KwTrade){.id = TRADE_ID, .state = KW_TRADE_STATE_OPEN};
    f->trade.amount = f->trade.entry_amount = kw_test_decimal("1");
    f->trade.open_rate = kw_test_decimal("100");
    f->trade.stop = kw_test_decimal("90");
    f->terms.min_step_ratio = 0.01;
    f->facts = (KwStopFacts){
        .trade_id = TRADE_ID,
        .trade = &f->trade,
        .orders = f->list,
        .pair = &f->pair,
        .terms = &f->terms,
        .may_target = TRUE,
    };
}

static void
tear_down(Fixture *f, gconstpointer data)
{
}

static KwOrder *
add_order(Fixture *f, KwSide side, KwOrderType type, const gchar *price, const gchar *amount)
{
    KwOrder *order = &f->orders[f->facts.n_orders];

    g_assert_cmpuint(f->facts.n_orders, <, MAX_ORDERS);
    *order = (KwOrder){.trade_id = TRADE_ID, .side = side, .type = type};
    order->state = KW_ORDER_STATE_OPEN;
    order->price = kw_test_decimal(price);
    order->amount = kw_test_decimal(amount);
    (void) g_snprintf(order->client_id, sizeof order->client_id, "id%u", f->n_placed++);
    f->list[f->facts.n_orders++] = order;
    return order;
}

static KwOrder *
add_stop(Fixture *f, const gchar *price, const gchar *amount)
{
    return add_order(f, KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS, price, amount);
}

static KwOrder *
add_target(Fixture *f, const gchar *amount)
{
    return add_order(f, KW_SIDE_SELL, KW_ORDER_TYPE_TAKE_PROFIT, "110", amount);
}

static void
assert_step(Fixture *f, const gchar *expected)
{
    static const gchar *const names[] = {
        [KW_STOP_STEP_NONE] = "none",           [KW_STOP_STEP_WAIT] = "wait",
        [KW_STOP_STEP_END_ENTRY] = "end_entry", [KW_STOP_STEP_CANCEL] = "cancel",
        [KW_STOP_STEP_AMEND] = "amend",         [KW_STOP_STEP_PLACE_STOP] = "stop",
        [KW_STOP_STEP_PLACE_TARGET] = "target", [KW_STOP_STEP_TOO_SMALL] = "too_small",
    };
    KwStopStep step = kw_stop_plan_next(&f->facts);
    g_autofree gchar *text =
        g_strdup_printf("%s %s %g %g", names[step.kind], step.client_id,
                        kw_decimal_to_double(step.price), kw_decimal_to_double(step.amount));

    g_assert_cmpstr(text, ==, expected);
}

/* -- stop -- */

static void
test_place(Fixture *f, gconstpointer data)
{
    f->trade.stop = kw_test_decimal("90.2");
    assert_step(f, "stop  90.5 1");
    (void) add_stop(f, "90.5", "1");
    assert_step(f, "none  0 0");
}

/* What is sold in steps is offered in steps. */
static void
test_place_on_tick(Fixture *f, gconstpointer data)
{
    f->trade.amount = kw_test_decimal("0.99954321");
    assert_step(f, "stop  90 0.999");
    (void) add_stop(f, "90", "0.999");
    assert_step(f, "none  0 0");
}

static void
test_no_stop(Fixture *f, gconstpointer data)
{
    f->trade.stop = KW_DECIMAL_ZERO;
    assert_step(f, "none  0 0");
    f->trade.stop = kw_test_decimal("90");
    f->trade.state = KW_TRADE_STATE_OPENING;
    assert_step(f, "none  0 0");
    f->facts.trade = NULL;
    assert_step(f, "none  0 0");
}

static void
test_trail(Fixture *f, gconstpointer data)
{
    (void) add_stop(f, "90", "1");
    f->trade.stop = kw_test_decimal("90.5");
    assert_step(f, "none  0 0"); /* less than a percent */
    f->trade.stop = kw_test_decimal("91");
    assert_step(f, "amend id0 91 1");
    f->trade.stop = kw_test_decimal("80"); /* never down */
    assert_step(f, "none  0 0");
    f->orders[0].state = KW_ORDER_STATE_PARTIAL;
    f->orders[0].filled = kw_test_decimal("0.5");
    f->trade.amount = kw_test_decimal("0.5");
    f->trade.stop = kw_test_decimal("95"); /* a market order by now */
    assert_step(f, "none  0 0");
}

static void
test_less(Fixture *f, gconstpointer data)
{
    KwOrder *stop = add_stop(f, "90", "1");

    f->trade.amount = kw_test_decimal("0.6");
    assert_step(f, "amend id0 90 0.6");
    stop->state = KW_ORDER_STATE_PARTIAL;
    stop->filled = kw_test_decimal("0.2");
    assert_step(f, "amend id0 90 0.8");
    stop->filled = KW_DECIMAL_ZERO;
    f->trade.amount = kw_test_decimal("0.05"); /* below what a market takes */
    assert_step(f, "cancel id0 0 0");
    f->facts.trade = NULL;
    assert_step(f, "cancel id0 0 0");
}

/* A venue that changes no amount: taken back and placed anew; never both at once. */
static void
test_less_rigid(Fixture *f, gconstpointer data)
{
    f->facts.is_rigid = TRUE;
    (void) add_stop(f, "90", "1");
    f->trade.amount = kw_test_decimal("0.6");
    assert_step(f, "cancel id0 0 0");
    f->facts.n_orders = 0;
    assert_step(f, "stop  90 0.6");
    (void) add_stop(f, "90", "0.6");
    f->trade.stop = kw_test_decimal("95"); /* a price can be changed */
    assert_step(f, "amend id1 95 0.6");
}

static void
test_more(Fixture *f, gconstpointer data)
{
    (void) add_stop(f, "90", "0.4");
    assert_step(f, "stop  90 0.6");
    f->trade.amount = kw_test_decimal("0.45"); /* too little for an order of its own */
    assert_step(f, "cancel id0 0 0");
}

static void
test_too_small(Fixture *f, gconstpointer data)
{
    f->trade.amount = kw_test_decimal("0.05");
    assert_step(f, "too_small  0 0");
    f->pair.amount_tick = kw_test_decimal("0.1"); /* F34: not even one step */
    assert_step(f, "too_small  0 0");
    g_assert_cmpint(kw_decimal_cmp(kw_stop_plan_get_dust(&f->trade, &f->pair), f->trade.amount),
                    >, 0);
    f->trade.amount = kw_test_decimal("0.1");
    g_assert_cmpint(kw_decimal_cmp(kw_stop_plan_get_dust(&f->trade, &f->pair), f->trade.amount),
                    ==, 0);
    f->pair.min_cost = kw_test_decimal("9.001");
    assert_step(f, "too_small  0 0");
    f->pair.min_cost = kw_test_decimal("9");
    assert_step(f, "stop  90 0.1");
}

/* -- others -- */

static void
test_waits(Fixture *f, gconstpointer data)
{
    static const KwOrderState states[] = {KW_ORDER_STATE_INTENT, KW_ORDER_STATE_SENT,
                                          KW_ORDER_STATE_UNKNOWN};
    KwOrder *order = add_stop(f, "90", "1");

    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        order->state = states[i];
        assert_step(f, "wait  0 0");
    }
    order->state = KW_ORDER_STATE_OPEN;
    order->type = KW_ORDER_TYPE_MARKET;
    assert_step(f, "wait  0 0");
    order->trade_id = 8; /* nothing to do with it */
    assert_step(f, "stop  90 1");
}

static void
test_entry(Fixture *f, gconstpointer data)
{
    KwOrder *entry = add_order(f, KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "100", "2");

    entry->state = KW_ORDER_STATE_PARTIAL;
    assert_step(f, "end_entry id0 0 0");
    entry->state = KW_ORDER_STATE_UNKNOWN;
    assert_step(f, "wait  0 0");
    entry->state = KW_ORDER_STATE_OPEN;
    f->trade.state = KW_TRADE_STATE_OPENING;
    assert_step(f, "wait  0 0");
}

/* -- target -- */

static void
want_target(Fixture *f)
{
    f->terms.target_ratio = 0.1;
    f->terms.target_share = 0.4;
}

/* The stop for all of it comes first; then both share it. */
static void
test_pair(Fixture *f, gconstpointer data)
{
    KwOrder *stop;

    want_target(f);
    assert_step(f, "stop  90 1");
    stop = add_stop(f, "90", "1");
    assert_step(f, "amend id0 90 0.6");
    stop->amount = kw_test_decimal("0.6");
    assert_step(f, "target  110 0.4");
    (void) add_target(f, "0.4");
    assert_step(f, "none  0 0");
}

/* What the target sells the stop never offered; when it is over there is no second one. */
static void
test_target_fills(Fixture *f, gconstpointer data)
{
    KwOrder *target;

    want_target(f);
    (void) add_stop(f, "90", "0.6");
    target = add_target(f, "0.4");
    target->state = KW_ORDER_STATE_PARTIAL;
    target->filled = kw_test_decimal("0.3");
    f->trade.amount = kw_test_decimal("0.7");
    assert_step(f, "none  0 0");
    f->facts.n_orders = 1;
    f->trade.amount = kw_test_decimal("0.6");
    assert_step(f, "none  0 0");
}

/* The stop has sold a part: the rest is not left to the target. */
static void
test_stop_fires(Fixture *f, gconstpointer data)
{
    KwOrder *stop;

    want_target(f);
    stop = add_stop(f, "90", "0.6");
    (void) add_target(f, "0.4");
    stop->state = KW_ORDER_STATE_PARTIAL;
    stop->filled = kw_test_decimal("0.1");
    f->trade.amount = kw_test_decimal("0.9");
    assert_step(f, "cancel id1 0 0");
    f->facts.n_orders = 1;
    assert_step(f, "stop  90 0.4");

    /* it has sold all of its share: nothing tells it but the target that is alone */
    f->facts.n_orders = 0;
    (void) add_target(f, "0.4");
    f->trade.amount = kw_test_decimal("0.4");
    assert_step(f, "cancel id2 0 0");
    f->facts.n_orders = 0;
    f->facts.may_target = FALSE;
    f->trade.amount = kw_test_decimal("0.4");
    assert_step(f, "stop  90 0.4");
}

/* Sold another way: the target gives way first. */
static void
test_target_shrinks(Fixture *f, gconstpointer data)
{
    want_target(f);
    (void) add_stop(f, "90", "0.6");
    (void) add_target(f, "0.4");
    f->trade.amount = kw_test_decimal("0.8");
    assert_step(f, "amend id1 110 0.2");
    f->trade.amount = kw_test_decimal("0.62");
    assert_step(f, "cancel id1 0 0");
}

/* The stop leaves the target's share free, and takes it when there is no target. */
static void
test_target_rigid(Fixture *f, gconstpointer data)
{
    f->facts.is_rigid = TRUE;
    want_target(f);
    assert_step(f, "stop  90 0.6");
    (void) add_stop(f, "90", "0.6");
    assert_step(f, "target  110 0.4");
    f->facts.may_target = FALSE;
    assert_step(f, "stop  90 0.4");
    f->facts.may_target = TRUE;
    (void) add_target(f, "0.4");
    assert_step(f, "none  0 0");
    f->trade.amount = kw_test_decimal("0.8");
    assert_step(f, "cancel id1 0 0");
}

static void
test_no_target(Fixture *f, gconstpointer data)
{
    want_target(f);
    (void) add_stop(f, "90", "1");
    f->facts.may_target = FALSE;
    assert_step(f, "none  0 0");
    f->facts.may_target = TRUE;
    f->pair.min_amount = kw_test_decimal("0.5"); /* one of the two would be too small */
    assert_step(f, "none  0 0");
}

/* -- property -- */

static KwDecimal
get_offered(const Fixture *f)
{
    KwDecimal offered = KW_DECIMAL_ZERO;

    for (guint i = 0; i < f->facts.n_orders; i++)
        offered = sum(offered, rest_of(f->list[i]));
    return offered;
}

static guint
find_order(const Fixture *f, const gchar *client_id)
{
    for (guint i = 0; i < f->facts.n_orders; i++)
        if (strcmp(f->list[i]->client_id, client_id) == 0)
            return i;
    g_assert_not_reached();
}

static void
remove_order(Fixture *f, guint index)
{
    f->facts.n_orders--;
    for (guint i = index; i < f->facts.n_orders; i++)
        f->orders[i] = f->orders[i + 1];
}

static void
place(Fixture *f, KwOrderType type, const KwStopStep *step)
{
    KwOrder *order = add_order(f, KW_SIDE_SELL, type, "1", "1");

    order->price = step->price;
    order->amount = step->amount;
    g_assert_cmpint(kw_decimal_cmp(order->amount, f->pair.min_amount), >=, 0);
}

static void
amend(Fixture *f, const KwStopStep *step)
{
    KwOrder *order = &f->orders[find_order(f, step->client_id)];

    g_assert_cmpint(kw_decimal_cmp(step->price, order->price), >=, 0);
    g_assert_cmpint(kw_decimal_cmp(step->amount, order->amount), <=, 0);
    if (f->facts.is_rigid)
        g_assert_cmpint(kw_decimal_cmp(step->amount, order->amount), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(step->amount, order->filled), >, 0);
    order->price = step->price;
    order->amount = step->amount;
}

/* Returns: whether there was a step */
static gboolean
obey(Fixture *f)
{
    KwStopStep step = kw_stop_plan_next(&f->facts);

    switch (step.kind) {
    case KW_STOP_STEP_NONE:
    case KW_STOP_STEP_TOO_SMALL:
        return FALSE;
    case KW_STOP_STEP_CANCEL:
        remove_order(f, find_order(f, step.client_id));
        return TRUE;
    case KW_STOP_STEP_AMEND:
        amend(f, &step);
        return TRUE;
    case KW_STOP_STEP_PLACE_STOP:
        place(f, KW_ORDER_TYPE_STOP_LOSS, &step);
        return TRUE;
    case KW_STOP_STEP_PLACE_TARGET:
        place(f, KW_ORDER_TYPE_TAKE_PROFIT, &step);
        return TRUE;
    case KW_STOP_STEP_WAIT:
    case KW_STOP_STEP_END_ENTRY:
        break;
    }
    g_assert_not_reached();
}

static KwDecimal
random_part(KwDecimal whole)
{
    KwDecimal part = {.mant = g_test_rand_int_range(1, 1001), .scale = 3};

    g_assert_true(kw_decimal_mul(whole, part, 3, KW_ROUND_UP, &part, NULL));
    return part;
}

static void
sell(Fixture *f, KwDecimal amount)
{
    f->trade.amount = sum(f->trade.amount, kw_decimal_neg(amount));
    g_assert_cmpint(kw_decimal_sign(f->trade.amount), >=, 0);
}

/* One of the orders fills, a part of it or all */
static void
fill_one(Fixture *f)
{
    guint index = (guint) g_test_rand_int_range(0, (gint) f->facts.n_orders);
    KwOrder *order = &f->orders[index];
    KwDecimal amount = random_part(rest_of(order));

    sell(f, amount);
    order->filled = sum(order->filled, amount);
    order->state = KW_ORDER_STATE_PARTIAL;
    if (order->type == KW_ORDER_TYPE_STOP_LOSS)
        f->facts.may_target = FALSE;
    if (kw_decimal_sign(rest_of(order)) == 0)
        remove_order(f, index);
}

static void
disturb(Fixture *f)
{
    switch (g_test_rand_int_range(0, 4)) {
    case 0:
        if (f->facts.n_orders > 0)
            fill_one(f);
        break;
    case 1:
        f->trade.stop.mant += g_test_rand_int_range(-2, 4);
        break;
    case 2: /* somebody cancels one */
        if (f->facts.n_orders > 0)
            remove_order(f, (guint) g_test_rand_int_range(0, (gint) f->facts.n_orders));
        break;
    case 3: /* sold another way, out of what is not offered */
    {
        KwDecimal free_amount = sum(f->trade.amount, kw_decimal_neg(get_offered(f)));

        if (kw_decimal_sign(free_amount) > 0)
            sell(f, random_part(free_amount));
        break;
    }
    default:
        break;
    }
}

static void
assert_covered(Fixture *f)
{
    KwDecimal left = sum(f->trade.amount, kw_decimal_neg(get_offered(f)));
    guint n_targets = 0;

    for (guint i = 0; i < f->facts.n_orders; i++)
        n_targets += f->list[i]->type == KW_ORDER_TYPE_TAKE_PROFIT;
    g_assert_cmpuint(n_targets, <=, f->facts.may_target && f->facts.n_orders > 1 ? 1 : 0);
    if (f->facts.n_orders > 0)
        g_assert_cmpint(kw_decimal_cmp(left, f->pair.min_amount), <, 0);
    else
        g_assert_cmpint(kw_decimal_cmp(f->trade.amount, f->pair.min_amount), <, 0);
}

/* Whatever comes between two steps: never is more offered than held, and a few steps later all
 * is offered that a market takes. */
static void
test_random(Fixture *f, gconstpointer data)
{
    for (guint round = 0; round < 2000; round++) {
        guint n_events = (guint) g_test_rand_int_range(1, 12);

        set_up(f, NULL);
        f->facts.n_orders = 0;
        f->trade.amount = f->trade.entry_amount = random_part(kw_test_decimal("3"));
        f->facts.is_rigid = g_test_rand_bit();
        if (g_test_rand_bit())
            want_target(f);
        for (guint i = 0; i < n_events; i++) {
            guint n_steps = (guint) g_test_rand_int_range(0, 4);

            for (guint j = 0; j < n_steps && obey(f); j++)
                g_assert_cmpint(kw_decimal_cmp(get_offered(f), f->trade.amount), <=, 0);
            disturb(f);
            g_assert_cmpint(kw_decimal_cmp(get_offered(f), f->trade.amount), <=, 0);
        }
        for (guint j = 0; obey(f); j++) {
            g_assert_cmpint(kw_decimal_cmp(get_offered(f), f->trade.amount), <=, 0);
            g_assert_cmpuint(j, <, 12);
        }
        assert_covered(f);
    }
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    add("/exec/stop-plan/place", test_place);
    add("/exec/stop-plan/place-on-tick", test_place_on_tick);
    add("/exec/stop-plan/no-stop", test_no_stop);
    add("/exec/stop-plan/trail", test_trail);
    add("/exec/stop-plan/less", test_less);
    add("/exec/stop-plan/more", test_more);
    add("/exec/stop-plan/too-small", test_too_small);
    add("/exec/stop-plan/waits", test_waits);
    add("/exec/stop-plan/entry", test_entry);
    add("/exec/stop-plan/pair", test_pair);
    add("/exec/stop-plan/target-fills", test_target_fills);
    add("/exec/stop-plan/stop-fires", test_stop_fires);
    add("/exec/stop-plan/target-shrinks", test_target_shrinks);
    add("/exec/stop-plan/less-rigid", test_less_rigid);
    add("/exec/stop-plan/target-rigid", test_target_rigid);
    add("/exec/stop-plan/no-target", test_no_target);
    add("/exec/stop-plan/random", test_random);

    return g_test_run();
}
