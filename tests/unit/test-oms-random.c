/* Property: whatever the venue, the journal and the power supply do, in the end the ledger is
 * what the venue executed, and nothing was sent twice. */
#include "kw-oms-rig.h"
#include "kw-test.h"

#include <string.h>

#define N_WORLDS 150
#define N_STEPS 60

static const gchar *const pairs[] = {"BTC/USDT", "ETH/USDT"};

/* (nullable): any order that reached the venue */
static const gchar *
pick_order(KwOmsRig *rig)
{
    guint n = kw_fake_broker_get_n_orders(rig->venue);

    return n > 0 ? kw_fake_broker_get_client_id(rig->venue, g_test_rand_int_range(0, n)) : NULL;
}

static const gchar *
pick_pair(void)
{
    return pairs[g_test_rand_int_range(0, G_N_ELEMENTS(pairs))];
}

static void
decide(KwOmsRig *rig, gint64 candle)
{
    const gchar *pair = pick_pair();
    KwDecimal held = kw_oms_rig_get_held(rig, pair);
    g_autofree gchar *amount = kw_decimal_to_string(held);
    KwRigOrder what = {.pair = pair, .candle = candle, .price = "99.37", .amount = "1.2345"};

    if (kw_decimal_sign(held) > 0) {
        what.side = KW_SIDE_SELL;
        what.is_stop = g_test_rand_bit();
        what.price = what.is_stop ? "95.03" : "104.11";
        what.amount = amount;
    } else if (kw_portfolio_find_open(rig->portfolio, pair) != NULL) {
        return;
    }
    kw_fake_broker_set_answer(rig->venue,
                              (KwFakeAnswer) g_test_rand_int_range(0, KW_N_FAKE_ANSWERS));
    kw_fake_broker_set_matching(rig->venue, (KwFakeMatching) g_test_rand_int_range(0, 2));
    (void) kw_oms_rig_submit(rig, &what);
}

/* Moves one of the sells that work, or makes it smaller. */
static void
amend(KwOmsRig *rig)
{
    static const gchar *const prices[] = {"95.03", "96.5", "97"};
    g_autoptr(GPtrArray) live = kw_oms_list_live(rig->oms);
    const gchar *price = prices[g_test_rand_int_range(0, G_N_ELEMENTS(prices))];

    if (g_test_rand_int_range(0, 4) == 0)
        kw_fake_broker_lose_amends(rig->venue, 1);
    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];
        g_autofree gchar *amount = kw_decimal_to_string(order->amount);

        if (order->side == KW_SIDE_SELL)
            (void) kw_oms_rig_amend(rig, order->client_id, price,
                                    g_test_rand_bit() ? amount : "0.7");
    }
}

static void
act_at_venue(KwOmsRig *rig, const gchar *client_id)
{
    guint n_fills = kw_fake_broker_get_n_fills(rig->venue, client_id);
    KwDecimal part = {.mant = g_test_rand_int_range(1, 9000), .scale = 4};

    switch (g_test_rand_int_range(0, 6)) {
    case 0:
    case 1:
        if (n_fills + 1 < KW_BROKER_MAX_FILLS)
            kw_fake_broker_fill(rig->venue, client_id, part);
        break;
    case 2:
        kw_fake_broker_tell(rig->venue, client_id);
        break;
    case 3:
        kw_fake_broker_tell_state(rig->venue, client_id);
        break;
    case 4:
        if (n_fills > 0)
            kw_fake_broker_tell_fill(rig->venue, client_id, g_test_rand_int_range(0, n_fills));
        break;
    case 5:
        kw_fake_broker_cancel_by_venue(rig->venue, client_id);
        break;
    }
}

static void
restart(KwOmsRig *rig)
{
    kw_oms_rig_restart(rig, NULL);
    (void) kw_oms_rig_reconcile(rig);
}

static void
disturb(KwOmsRig *rig)
{
    switch (g_test_rand_int_range(0, 6)) {
    case 0:
        kw_fake_journal_fail(rig->journal, g_test_rand_int_range(0, 3),
                             g_test_rand_int_range(1, 4), KW_STORE_ERROR_FULL);
        break;
    case 2:
        kw_fake_broker_fail_queries(rig->venue, g_test_rand_int_range(1, 8));
        break;
    case 3:
        kw_fake_broker_release_answers(rig->venue);
        break;
    case 4:
        restart(rig);
        break;
    case 5:
        kw_fake_journal_hold(rig->journal);
        break;
    case 1:
        kw_fake_journal_release_all(rig->journal);
        break;
    }
}

/* At no time do working orders offer more than the venue has for us. */
static void
assert_covered(KwOmsRig *rig)
{
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        KwDecimal left = kw_fake_broker_get_position(rig->venue, pairs[i]);

        g_assert_cmpint(kw_decimal_sign(left), >=, 0);
        for (guint j = 0; j < kw_fake_broker_get_n_orders(rig->venue); j++) {
            const KwOrder *order = kw_fake_broker_get_order(
                rig->venue, kw_fake_broker_get_client_id(rig->venue, j));

            if (order->side == KW_SIDE_BUY || strcmp(order->pair, pairs[i]) != 0 ||
                kw_order_state_is_final(order->state))
                continue;
            g_assert_true(kw_decimal_sub(left, order->amount, &left, NULL));
            g_assert_true(kw_decimal_add(left, order->filled, &left, NULL));
        }
        g_assert_cmpint(kw_decimal_sign(left), >=, 0);
    }
}

static void
step(KwOmsRig *rig, gint64 candle)
{
    const gchar *client_id = pick_order(rig);
    gint n_rounds = g_test_rand_int_range(0, 6);

    switch (g_test_rand_int_range(0, 5)) {
    case 0:
        decide(rig, candle);
        break;
    case 1:
        if (client_id != NULL)
            act_at_venue(rig, client_id);
        break;
    case 2:
        disturb(rig);
        break;
    case 4:
        amend(rig);
        break;
    case 3:
        kw_fake_clock_advance(rig->clock, g_test_rand_int_range(0, 4000000));
        break;
    }
    /* not always to the end, so that what follows meets work half done */
    while (n_rounds-- > 0)
        (void) g_main_context_iteration(NULL, FALSE);
    assert_covered(rig);
}

/* Everything works again and the venue ends what is open. */
static void
heal(KwOmsRig *rig)
{
    kw_fake_journal_fail(rig->journal, 0, 0, KW_STORE_ERROR_FULL);
    kw_fake_journal_release_all(rig->journal);
    kw_fake_broker_fail_queries(rig->venue, 0);
    kw_oms_rig_run(rig); /* intents that waited leave now */
    kw_fake_broker_release_answers(rig->venue);
    for (guint i = 0; i < kw_fake_broker_get_n_orders(rig->venue); i++)
        kw_fake_broker_cancel_by_venue(rig->venue, kw_fake_broker_get_client_id(rig->venue, i));
    kw_oms_rig_pass(rig, 130 * G_USEC_PER_SEC);
    (void) kw_oms_rig_reconcile(rig);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
}

static void
assert_orders(KwOmsRig *rig)
{
    g_autoptr(GPtrArray) orders = kw_fake_journal_list_orders(rig->journal);
    guint n_fills = 0;

    for (guint i = 0; i < orders->len; i++) {
        const KwOrder *order = orders->pdata[i];
        guint n_there = kw_fake_broker_count(rig->venue, order->client_id);

        g_test_message("%s is %s; alerts: %s", order->client_id,
                       kw_order_state_to_string(order->state), rig->alerts->str);
        g_assert_cmpuint(n_there, <=, 1);
        g_assert_true(kw_order_state_is_final(order->state));
        if (order->state == KW_ORDER_STATE_LAPSED)
            g_assert_cmpuint(n_there, ==, 0);
        g_assert_cmpint(kw_decimal_cmp(order->filled,
                                       kw_fake_broker_get_filled(rig->venue, order->client_id)),
                        ==, 0);
        n_fills += kw_fake_broker_get_n_fills(rig->venue, order->client_id);
    }
    for (guint i = 0; i < kw_fake_broker_get_n_orders(rig->venue); i++)
        g_assert_nonnull(kw_fake_journal_find_order(
            rig->journal, kw_fake_broker_get_client_id(rig->venue, i)));
    g_assert_cmpuint(kw_fake_journal_count(rig->journal, KW_RECORD_FILL), ==, n_fills);
}

static void
assert_positions(KwOmsRig *rig)
{
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_assert_false(kw_oms_is_busy(rig->oms, pairs[i]));
        g_assert_cmpint(kw_decimal_cmp(kw_oms_rig_get_held(rig, pairs[i]),
                                       kw_fake_broker_get_position(rig->venue, pairs[i])),
                        ==, 0);
    }
    kw_oms_rig_assert_sound(rig);
}

static void
test_worlds(void)
{
    guint n_orders = 0, n_amends = 0;

    for (guint world = 0; world < N_WORLDS; world++) {
        g_autoptr(KwOmsRig) rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));

        g_test_message("world %u", world);
        for (guint i = 0; i < N_STEPS; i++)
            step(rig, i / 4);
        heal(rig);
        assert_orders(rig);
        assert_positions(rig);

        /* and the next process sees the same */
        restart(rig);
        assert_positions(rig);
        n_orders += kw_fake_broker_get_n_orders(rig->venue);
        n_amends += kw_fake_broker_get_n_amends(rig->venue);
    }
    g_test_message("%u orders, %u changed", n_orders, n_amends);
    g_assert_cmpuint(n_amends, >, N_WORLDS / 15);
    g_assert_cmpuint(n_orders, >, 2 * N_WORLDS); /* it did happen */
}

/* Fills in any order and number of repeats give the same money. */
static void
test_any_order(void)
{
    KwDecimal cash = KW_DECIMAL_ZERO;

    for (guint round = 0; round < 40; round++) {
        g_autoptr(KwOmsRig) rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
        const gchar *client_id;
        guint seen = 0;

        kw_fake_broker_set_matching(rig->venue, KW_FAKE_MATCHING_BY_HAND);
        (void) kw_oms_rig_buy(rig, pairs[0], 1);
        client_id = kw_fake_broker_get_client_id(rig->venue, 0);
        for (gint i = 1; i <= 7; i++)
            kw_fake_broker_fill(rig->venue, client_id,
                                (KwDecimal){.mant = 1234 * i, .scale = 5});
        while (seen != 0x7f) {
            guint index = (guint) g_test_rand_int_range(0, 7);

            kw_fake_broker_tell_fill(rig->venue, client_id, index);
            if (g_test_rand_bit())
                kw_oms_rig_run(rig);
            seen |= 1u << index;
        }
        kw_oms_rig_run(rig);
        if (round == 0)
            cash = kw_portfolio_get_cash(rig->portfolio);
        g_assert_cmpint(kw_decimal_cmp(cash, kw_portfolio_get_cash(rig->portfolio)), ==, 0);
        kw_oms_rig_assert_sound(rig);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/oms-random/any-order", test_any_order);
    g_test_add_func("/exec/oms-random/worlds", test_worlds);

    return g_test_run();
}
