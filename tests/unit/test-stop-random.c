/* test-stop-random.c: whatever venue, journal, owner and power supply do: never is more offered
 * than held, and in the end every position is protected */
#include "kw-oms-rig.h"
#include "kw-reconciler.h"

#include <string.h>

#define N_WORLDS 150
#define N_STEPS 60

static const gchar *const pairs[] = {"BTC/USDT", "ETH/USDT"};

/* A process and its venue */
typedef struct {
    KwOmsRig *rig;
    KwStopKeeper *keeper;
    KwReconciler *reconciler;
    KwStopRules rules;
} World;

/* -- processes -- */

static void
begin(World *w)
{
    KwOmsRig *rig = w->rig;

    w->keeper = kw_stop_keeper_new(KW_CLOCK(rig->clock), rig->oms, rig->broker, rig->portfolio,
                                   rig->risk, &w->rules);
    w->reconciler = kw_reconciler_new(KW_CLOCK(rig->clock), rig->oms, rig->broker,
                                      rig->portfolio, "USDT", w->keeper);
}

static void
end(World *w)
{
    KwStopKeeper *gone = w->keeper;

    kw_fake_journal_kill(w->rig->journal);
    kw_fake_broker_cut(w->rig->venue);
    kw_reconciler_stop(w->reconciler);
    kw_oms_rig_run(w->rig);
    g_object_add_weak_pointer(G_OBJECT(gone), (gpointer *) &gone);
    g_clear_object(&w->reconciler);
    g_clear_object(&w->keeper);
    g_assert_null(gone);
}

/* The market has moved: stops follow, mostly up. */
static void
move_stops(World *w)
{
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        KwTrade *trade = kw_portfolio_find_open(w->rig->portfolio, pairs[i]);

        if (trade != NULL)
            trade->stop = (KwDecimal){.mant = g_test_rand_int_range(800, 990), .scale = 1};
    }
}

static void
restart(World *w)
{
    end(w);
    kw_oms_rig_restart(w->rig, NULL);
    move_stops(w);
    begin(w);
    (void) kw_oms_rig_reconcile(w->rig);
    kw_reconciler_start(w->reconciler);
    kw_stop_keeper_review(w->keeper);
}

/* -- what happens -- */

static void
trade(World *w, gint64 candle)
{
    const gchar *pair = pairs[g_test_rand_int_range(0, G_N_ELEMENTS(pairs))];
    g_autofree gchar *amount = kw_decimal_to_string(kw_oms_rig_get_held(w->rig, pair));
    KwRigOrder what = {.pair = pair, .candle = candle, .price = "100", .amount = "1.2345"};

    if (kw_portfolio_find_open(w->rig->portfolio, pair) != NULL) {
        if (strcmp(amount, "0") == 0 || g_test_rand_int_range(0, 3) > 0)
            return;
        what.side = KW_SIDE_SELL;
        what.amount = amount;
    }
    kw_fake_broker_set_answer(w->rig->venue,
                              (KwFakeAnswer) g_test_rand_int_range(0, KW_N_FAKE_ANSWERS));
    kw_fake_broker_set_matching(w->rig->venue, (KwFakeMatching) g_test_rand_int_range(0, 2));
    (void) kw_oms_rig_submit(w->rig, &what);
}

static void
act_at_venue(World *w)
{
    guint n = kw_fake_broker_get_n_orders(w->rig->venue);
    const gchar *id;

    if (n == 0)
        return;
    id =
        kw_fake_broker_get_client_id(w->rig->venue, (guint) g_test_rand_int_range(0, (gint) n));
    switch (g_test_rand_int_range(0, 4)) {
    case 0:
        if (kw_fake_broker_get_n_fills(w->rig->venue, id) + 1 < KW_BROKER_MAX_FILLS)
            kw_fake_broker_fill(
                w->rig->venue, id,
                (KwDecimal){.mant = g_test_rand_int_range(1, 9000), .scale = 4});
        break;
    case 1:
        kw_fake_broker_cancel_by_venue(w->rig->venue, id);
        break;
    case 2:
        kw_fake_broker_tell_state(w->rig->venue, id);
        break;
    default:
        kw_fake_broker_tell(w->rig->venue, id);
        break;
    }
}

static void
fail_at_venue(World *w)
{
    guint n = (guint) g_test_rand_int_range(1, 4);

    switch (g_test_rand_int_range(0, 7)) {
    case 0:
        kw_fake_broker_fail_queries(w->rig->venue, n);
        break;
    case 1:
        kw_fake_broker_refuse_orders(w->rig->venue, n,
                                     g_test_rand_bit() ? KW_FAKE_ANSWER_REFUSED
                                                       : KW_FAKE_ANSWER_REJECTED);
        break;
    case 2:
        kw_fake_broker_refuse_amends(w->rig->venue, n);
        break;
    case 3:
        kw_fake_broker_lose_amends(w->rig->venue, n);
        break;
    case 4:
        kw_fake_broker_hang_changes(w->rig->venue, n);
        break;
    case 5:
        kw_fake_broker_fail_inspections(w->rig->venue, n);
        break;
    default:
        kw_fake_broker_hang_inspections(w->rig->venue, n);
        break;
    }
}

static void
disturb(World *w)
{
    switch (g_test_rand_int_range(0, 5)) {
    case 0:
        kw_fake_journal_fail(w->rig->journal, (guint) g_test_rand_int_range(0, 3),
                             (guint) g_test_rand_int_range(1, 4), KW_STORE_ERROR_FULL);
        break;
    case 1:
        kw_fake_broker_release_answers(w->rig->venue);
        break;
    case 2:
        restart(w);
        break;
    default:
        fail_at_venue(w);
        break;
    }
}

/* -- what must hold -- */

/* At no time do working orders offer more than the venue has for us. */
static void
assert_not_oversold(World *w, const gchar *pair)
{
    KwDecimal left = kw_fake_broker_get_position(w->rig->venue, pair);

    g_assert_cmpint(kw_decimal_sign(left), >=, 0);
    for (guint i = 0; i < kw_fake_broker_get_n_orders(w->rig->venue); i++) {
        const KwOrder *order = kw_fake_broker_get_order(
            w->rig->venue, kw_fake_broker_get_client_id(w->rig->venue, i));

        if (order->side == KW_SIDE_BUY || strcmp(order->pair, pair) != 0 ||
            kw_order_state_is_final(order->state))
            continue;
        g_assert_true(kw_decimal_sub(left, order->amount, &left, NULL));
        g_assert_true(kw_decimal_add(left, order->filled, &left, NULL));
    }
    g_assert_cmpint(kw_decimal_sign(left), >=, 0);
}

static void
step(World *w, gint64 candle)
{
    gint n_rounds = g_test_rand_int_range(0, 8);

    switch (g_test_rand_int_range(0, 6)) {
    case 0:
        trade(w, candle);
        break;
    case 1:
        act_at_venue(w);
        break;
    case 2:
        disturb(w);
        break;
    case 3:
        move_stops(w);
        kw_stop_keeper_review(w->keeper);
        break;
    default:
        kw_fake_clock_advance(w->rig->clock, g_test_rand_int_range(0, 8000000));
        break;
    }
    /* not always to the end, so that what follows meets work half done */
    while (n_rounds-- > 0)
        (void) g_main_context_iteration(NULL, FALSE);
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
        assert_not_oversold(w, pairs[i]);
}

/* Entries and exits that still work end; everything answers again, and the owner says "try
 * again". */
static void
heal(World *w)
{
    kw_fake_journal_fail(w->rig->journal, 0, 0, KW_STORE_ERROR_FULL);
    kw_fake_broker_fail_queries(w->rig->venue, 0);
    kw_fake_broker_refuse_orders(w->rig->venue, 0, KW_FAKE_ANSWER_REFUSED);
    kw_fake_broker_refuse_amends(w->rig->venue, 0);
    kw_fake_broker_lose_amends(w->rig->venue, 0);
    kw_fake_broker_hang_changes(w->rig->venue, 0);
    kw_fake_broker_fail_inspections(w->rig->venue, 0);
    kw_fake_broker_hang_inspections(w->rig->venue, 0);
    kw_fake_broker_set_matching(w->rig->venue, KW_FAKE_MATCHING_AT_ONCE);
    kw_oms_rig_run(w->rig); /* intents that waited leave now */
    kw_fake_broker_release_answers(w->rig->venue);
    for (guint i = 0; i < kw_fake_broker_get_n_orders(w->rig->venue); i++) {
        const gchar *id = kw_fake_broker_get_client_id(w->rig->venue, i);

        if (!kw_order_type_is_trigger(kw_fake_broker_get_order(w->rig->venue, id)->type))
            kw_fake_broker_cancel_by_venue(w->rig->venue, id);
        kw_fake_broker_tell(w->rig->venue, id);
    }
    kw_oms_rig_pass(w->rig, 130 * G_USEC_PER_SEC);
    (void) kw_oms_rig_reconcile(w->rig);
    move_stops(w);
    for (guint i = 0; i < kw_portfolio_get_n_open(w->rig->portfolio); i++)
        kw_stop_keeper_retry(w->keeper, kw_portfolio_get_open(w->rig->portfolio, i)->id);
    kw_oms_rig_pass(w->rig, 60 * G_USEC_PER_SEC);
}

static void
tell_position(World *w, const KwTrade *open)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(w->rig->oms);

    g_test_message("trade %d holds %g, stop %g", (gint) open->id,
                   kw_decimal_to_double(open->amount), kw_decimal_to_double(open->stop));
    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        g_test_message("%s of %d: %s, %g of %g", kw_order_type_to_string(order->type),
                       (gint) order->trade_id, kw_order_state_to_string(order->state),
                       kw_decimal_to_double(order->filled),
                       kw_decimal_to_double(order->amount));
    }
}

/* Above the minima of its market */
static gboolean
is_placeable(const KwTrade *open)
{
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, open->pair, NULL));
    return kw_decimal_cmp(open->amount, pair.min_amount) >= 0 &&
           kw_decimal_to_double(open->amount) * kw_decimal_to_double(open->stop) >=
               kw_decimal_to_double(pair.min_cost);
}

/* A stop is selling: it is not taken back for a rest that is too small for another order. */
static gboolean
has_fired(World *w, const KwTrade *open)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(w->rig->oms);

    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (order->trade_id == open->id && order->type == KW_ORDER_TYPE_STOP_LOSS &&
            order->state == KW_ORDER_STATE_PARTIAL)
            return TRUE;
    }
    return FALSE;
}

static guint
assert_protected(World *w)
{
    guint n = 0;

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        const KwTrade *open = kw_portfolio_find_open(w->rig->portfolio, pairs[i]);

        g_assert_cmpint(kw_decimal_cmp(kw_oms_rig_get_held(w->rig, pairs[i]),
                                       kw_fake_broker_get_position(w->rig->venue, pairs[i])),
                        ==, 0);
        assert_not_oversold(w, pairs[i]);
        if (open == NULL)
            continue;
        tell_position(w, open);
        if (is_placeable(open)) {
            g_assert_true(kw_stop_keeper_is_covered(w->keeper, open->id) || has_fired(w, open));
            n++;
        }
    }
    kw_oms_rig_assert_sound(w->rig);
    return n;
}

static void
assert_sent_once(World *w)
{
    for (guint i = 0; i < kw_fake_broker_get_n_orders(w->rig->venue); i++) {
        const gchar *id = kw_fake_broker_get_client_id(w->rig->venue, i);

        g_assert_cmpuint(kw_fake_broker_count(w->rig->venue, id), ==, 1);
        g_assert_nonnull(kw_fake_journal_find_order(w->rig->journal, id));
    }
}

static void
test_worlds(void)
{
    guint n_protected = 0;

    for (guint i = 0; i < N_WORLDS; i++) {
        World w = {.rules = {.terms = {.min_step_ratio = 0.01},
                             .entry_patience_us = 3 * G_USEC_PER_SEC}};

        g_test_message("world %u", i);
        w.rules.on_refused = (KwStopRefusedRule) g_test_rand_int_range(0, 2);
        if (g_test_rand_bit()) {
            w.rules.terms.target_ratio = 0.05;
            w.rules.terms.target_share = 0.3;
        }
        w.rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
        begin(&w);
        kw_reconciler_start(w.reconciler);
        for (guint j = 0; j < N_STEPS; j++)
            step(&w, j / 4);
        heal(&w);
        n_protected += assert_protected(&w);
        assert_sent_once(&w);

        /* and the next process keeps what it finds */
        restart(&w);
        kw_oms_rig_pass(w.rig, 60 * G_USEC_PER_SEC);
        (void) assert_protected(&w);
        end(&w);
        kw_oms_rig_free(w.rig);
    }
    g_test_message("%u positions protected", n_protected);
    g_assert_cmpuint(n_protected, >, N_WORLDS / 4); /* it did happen */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/stop-random/worlds", test_worlds);

    return g_test_run();
}
