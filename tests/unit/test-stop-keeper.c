/* test-stop-keeper.c: a stop waits for every open trade, whatever venue and owner do to it */
#include "kw-error.h"
#include "kw-oms-rig.h"
#include "kw-stop-keeper.h"

#include <string.h>

#define BTC "BTC/USDT"
#define SECOND G_USEC_PER_SEC

/* One unit held from candle 1, stop at 90; nothing done about it yet */
typedef struct {
    KwOmsRig *rig;
    KwStopRules rules;
    KwStopKeeper *keeper;
    GString *alerts;
    guint n_refused;
} Fixture;

static void
on_alert(KwStopKeeper *keeper, const gchar *code, const gchar *pair, Fixture *f)
{
    g_assert_cmpstr(pair, ==, BTC);
    g_string_append_printf(f->alerts, "%s ", code);
}

static void
on_refused(KwStopKeeper *keeper, const gchar *pair, Fixture *f)
{
    g_assert_cmpstr(pair, ==, BTC);
    f->n_refused++;
}

static void
start(Fixture *f)
{
    f->keeper = kw_stop_keeper_new(KW_CLOCK(f->rig->clock), f->rig->oms, f->rig->broker,
                                   f->rig->portfolio, f->rig->risk, &f->rules);
    g_signal_connect(f->keeper, "alert", G_CALLBACK(on_alert), f);
    g_signal_connect(f->keeper, "refused", G_CALLBACK(on_refused), f);
}

static void
stop(Fixture *f)
{
    KwStopKeeper *gone = f->keeper;

    kw_fake_journal_kill(f->rig->journal);
    kw_fake_broker_cut(f->rig->venue);
    kw_oms_rig_run(f->rig);
    g_object_add_weak_pointer(G_OBJECT(gone), (gpointer *) &gone);
    g_clear_object(&f->keeper);
    g_assert_null(gone);
}

static KwTrade *
get_trade(Fixture *f)
{
    return kw_portfolio_find_open(f->rig->portfolio, BTC);
}

static void
set_stop(Fixture *f, const gchar *price)
{
    get_trade(f)->stop = kw_oms_rig_decimal(price);
}

static void
start_again(Fixture *f)
{
    kw_oms_rig_restart(f->rig, NULL);
    set_stop(f, "90");
    start(f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->rules = (KwStopRules){
        .terms = {.min_step_ratio = 0.001},
        .on_refused = KW_STOP_REFUSED_SELL,
        .on_cancelled = KW_STOP_CANCELLED_REPLACE,
        .entry_patience_us = 3 * SECOND,
    };
    f->alerts = g_string_new(NULL);
    f->rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
    (void) kw_oms_rig_buy(f->rig, BTC, 1);
    set_stop(f, "90");
    start(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    stop(f);
    kw_oms_rig_free(f->rig);
    g_string_free(f->alerts, TRUE);
}

static void
pass(Fixture *f, gint64 seconds)
{
    kw_oms_rig_pass(f->rig, seconds * SECOND);
}

static void
review(Fixture *f)
{
    kw_stop_keeper_review(f->keeper);
    pass(f, 1);
}

/* What works at the venue, in the order of its coming: "stop 90x1 " */
static gchar *
list_working(Fixture *f)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < kw_fake_broker_get_n_orders(f->rig->venue); i++) {
        const gchar *id = kw_fake_broker_get_client_id(f->rig->venue, i);
        const KwOrder *order = kw_fake_broker_get_order(f->rig->venue, id);

        if (!kw_order_state_is_final(order->state))
            g_string_append_printf(text, "%s %gx%g ", kw_order_type_to_string(order->type),
                                   kw_decimal_to_double(order->price),
                                   kw_decimal_to_double(order->amount) -
                                       kw_decimal_to_double(order->filled));
    }
    return g_string_free(text, FALSE);
}

static void
assert_working(Fixture *f, const gchar *expected)
{
    g_autofree gchar *working = list_working(f);

    g_assert_cmpstr(working, ==, expected);
}

static const gchar *
get_last_id(Fixture *f)
{
    return kw_fake_broker_get_client_id(f->rig->venue,
                                        kw_fake_broker_get_n_orders(f->rig->venue) - 1);
}

static void
assert_flat(Fixture *f)
{
    g_assert_null(get_trade(f));
    g_assert_cmpint(kw_decimal_sign(kw_fake_broker_get_position(f->rig->venue, BTC)), ==, 0);
    assert_working(f, "");
    kw_oms_rig_assert_sound(f->rig);
}

/* -- the usual -- */

static void
test_places(Fixture *f, gconstpointer data)
{
    g_assert_false(kw_stop_keeper_is_covered(f->keeper, 1));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
    review(f);
    pass(f, 120);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* After the entry nobody has to call. */
static void
test_follows_entry(Fixture *f, gconstpointer data)
{
    kw_oms_rig_buy(f->rig, "ETH/USDT", 2);
    kw_portfolio_find_open(f->rig->portfolio, "ETH/USDT")->stop = kw_oms_rig_decimal("80");
    pass(f, 1);
    assert_working(f, "stop_loss 90x1 stop_loss 80x1 ");
}

static void
test_fills(Fixture *f, gconstpointer data)
{
    review(f);
    kw_fake_broker_fill(f->rig->venue, get_last_id(f), kw_oms_rig_decimal("1"));
    kw_fake_broker_tell(f->rig->venue, get_last_id(f));
    pass(f, 10);
    g_assert_cmpstr(kw_fake_journal_find_trade(f->rig->journal, 1)->exit_reason, ==,
                    "stoploss_on_exchange");
    g_assert_cmpstr(f->alerts->str, ==, "");
    assert_flat(f);
}

static void
test_trails(Fixture *f, gconstpointer data)
{
    review(f);
    set_stop(f, "90.05");
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    set_stop(f, "95");
    review(f);
    assert_working(f, "stop_loss 95x1 ");
    set_stop(f, "80");
    review(f);
    assert_working(f, "stop_loss 95x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
}

/* "Refused" to an amend means: again, a little later. */
static void
test_amend_refused(Fixture *f, gconstpointer data)
{
    review(f);
    kw_fake_broker_refuse_amends(f->rig->venue, 2);
    set_stop(f, "95");
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    pass(f, 30);
    assert_working(f, "stop_loss 95x1 ");
}

static void
test_amend_lost(Fixture *f, gconstpointer data)
{
    review(f);
    kw_fake_broker_lose_amends(f->rig->venue, 1);
    set_stop(f, "95");
    review(f);
    pass(f, 10);
    assert_working(f, "stop_loss 95x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_amends(f->rig->venue), ==, 1);
}

/* The answer never comes: the stop is moved on all the same, and the late answer is no news. */
static void
test_amend_hangs(Fixture *f, gconstpointer data)
{
    const KwOrder *order;

    review(f);
    kw_fake_broker_hang_changes(f->rig->venue, 1);
    set_stop(f, "95");
    review(f);
    set_stop(f, "97");
    pass(f, 60);
    assert_working(f, "stop_loss 97x1 ");
    kw_fake_broker_release_answers(f->rig->venue);
    pass(f, 10);
    order = kw_oms_find_order(f->rig->oms, get_last_id(f));
    g_assert_cmpfloat(kw_decimal_to_double(order->price), ==, 97);
}

/* -- exits -- */

static void
test_exit(Fixture *f, gconstpointer data)
{
    review(f);
    g_assert_true(kw_oms_rig_sell(f->rig, BTC, 3)->is_ok);
    pass(f, 10);
    g_assert_cmpstr(f->alerts->str, ==, "");
    assert_flat(f);
}

/* The exit came to nothing after the stop was taken back: the stop comes back, and nobody says
 * that somebody has cancelled it. */
static void
test_exit_fails(Fixture *f, gconstpointer data)
{
    review(f);
    kw_fake_broker_set_answer(f->rig->venue, KW_FAKE_ANSWER_REJECTED);
    (void) kw_oms_rig_sell(f->rig, BTC, 3);
    pass(f, 10);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* F13: the answer to the withdrawal is lost, so the exit does not go. */
static void
test_exit_in_doubt(Fixture *f, gconstpointer data)
{
    review(f);
    kw_fake_broker_fail_queries(f->rig->venue, 1);
    g_assert_false(kw_oms_rig_sell(f->rig, BTC, 3)->is_ok);
    pass(f, 10);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "");
    g_assert_true(kw_oms_rig_sell(f->rig, BTC, 4)->is_ok);
    pass(f, 10);
    assert_flat(f);
}

/* -- partial entries: F09 -- */

static void
enter_in_part(Fixture *f, const gchar *amount)
{
    kw_fake_broker_set_matching(f->rig->venue, KW_FAKE_MATCHING_BY_HAND);
    (void) kw_oms_rig_buy(f->rig, "ETH/USDT", 2);
    kw_fake_broker_fill(f->rig->venue, get_last_id(f), kw_oms_rig_decimal(amount));
    kw_fake_broker_tell(f->rig->venue, get_last_id(f));
    kw_oms_rig_run(f->rig);
    kw_portfolio_find_open(f->rig->portfolio, "ETH/USDT")->stop = kw_oms_rig_decimal("80");
}

static void
test_partial_entry(Fixture *f, gconstpointer data)
{
    enter_in_part(f, "0.4");
    pass(f, 2);
    assert_working(f, "limit 100x0.6 stop_loss 90x1 ");
    pass(f, 4);
    assert_working(f, "stop_loss 90x1 stop_loss 80x0.4 ");
    kw_oms_rig_assert_sound(f->rig);
}

/* Whole within its time: not cancelled, and protected at once */
static void
test_patient_entry(Fixture *f, gconstpointer data)
{
    enter_in_part(f, "0.4");
    pass(f, 1);
    for (guint i = 0; i < kw_fake_broker_get_n_orders(f->rig->venue); i++) {
        const gchar *id = kw_fake_broker_get_client_id(f->rig->venue, i);

        if (kw_fake_broker_get_order(f->rig->venue, id)->state == KW_ORDER_STATE_PARTIAL) {
            kw_fake_broker_fill(f->rig->venue, id, kw_oms_rig_decimal("1"));
            kw_fake_broker_tell(f->rig->venue, id);
        }
    }
    pass(f, 1);
    assert_working(f, "stop_loss 90x1 stop_loss 80x1 ");
}

/* -- F08: refused -- */

static void
test_refused_once(Fixture *f, gconstpointer data)
{
    kw_fake_broker_refuse_orders(f->rig->venue, 1, KW_FAKE_ANSWER_REJECTED);
    review(f);
    assert_working(f, "");
    g_assert_cmpuint(f->n_refused, ==, 1);
    pass(f, 6);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* The second attempt is on the ticks of now. */
static void
test_refused_for_tick(Fixture *f, gconstpointer data)
{
    KwPair pair;

    set_stop(f, "90.37");
    g_assert_true(kw_pair_init(&pair, BTC, NULL));
    kw_fake_broker_refuse_orders(f->rig->venue, 1, KW_FAKE_ANSWER_REFUSED);
    review(f);
    pair.price_tick = kw_oms_rig_decimal("0.5");
    kw_stop_keeper_set_pair(f->keeper, &pair);
    pass(f, 20);
    assert_working(f, "stop_loss 90.5x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "");
}

static void
test_emergency(Fixture *f, gconstpointer data)
{
    kw_fake_broker_refuse_orders(f->rig->venue, 2, KW_FAKE_ANSWER_REFUSED);
    review(f);
    pass(f, 30);
    g_assert_cmpstr(f->alerts->str, ==, "stop_emergency ");
    g_assert_cmpstr(kw_fake_journal_find_trade(f->rig->journal, 1)->exit_reason, ==,
                    "emergency_exit");
    assert_flat(f);
}

/* The sale is refused as well (a closed market, say): told once; stop and sale have turns until
 * the position is sold or protected. */
static void
test_emergency_refused(Fixture *f, gconstpointer data)
{
    kw_fake_broker_refuse_orders(f->rig->venue, 5, KW_FAKE_ANSWER_REJECTED);
    review(f);
    pass(f, 120);
    g_assert_cmpstr(f->alerts->str, ==, "stop_emergency stop_missing ");
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 7);

    kw_stop_keeper_review(f->keeper);
    pass(f, 60);
    assert_working(f, "stop_loss 90x1 ");
}

static void
test_refused_alert(Fixture *f, gconstpointer data)
{
    stop(f);
    f->rules.on_refused = KW_STOP_REFUSED_ALERT;
    start_again(f);
    kw_fake_broker_refuse_orders(f->rig->venue, 3, KW_FAKE_ANSWER_REJECTED);
    review(f);
    pass(f, 60);
    g_assert_cmpstr(f->alerts->str, ==, "stop_refused ");
    g_assert_nonnull(get_trade(f));
    pass(f, 60);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "stop_refused ");
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(kw_journal_append_finish(KW_JOURNAL(source), result, NULL));
}

/* For the books of the next process the last order never was. */
static void
make_books_give_up(Fixture *f)
{
    KwBatch *batch = kw_batch_new();
    KwOrder order = *kw_oms_find_order(f->rig->oms, get_last_id(f));

    order.state = KW_ORDER_STATE_LAPSED;
    kw_batch_add_order(batch, &order);
    kw_journal_append_async(KW_JOURNAL(f->rig->journal), batch, NULL, on_appended, NULL);
    kw_oms_rig_run(f->rig);
}

/* F13: an old stop of ours that the books have given up ties up the coins. */
static void
test_orphan(Fixture *f, gconstpointer data)
{
    g_autofree gchar *old = NULL;

    review(f);
    old = g_strdup(get_last_id(f));
    make_books_give_up(f);
    stop(f);
    kw_oms_rig_restart(f->rig, NULL);
    set_stop(f, "91");
    start(f);
    kw_fake_broker_refuse_orders(f->rig->venue, 1, KW_FAKE_ANSWER_REJECTED);
    review(f);
    assert_working(f, "");
    pass(f, 6);
    assert_working(f, "stop_loss 91x1 ");
    g_assert_cmpint(kw_fake_broker_get_order(f->rig->venue, old)->state, ==,
                    KW_ORDER_STATE_CANCELLED);
}

/* Orders of somebody else are not touched, whatever they tie up. */
static void
test_foreign(Fixture *f, gconstpointer data)
{
    KwVenueOrder foreign = {.client_id = "by-hand", .pair = BTC, .side = KW_SIDE_SELL};

    kw_fake_broker_add_foreign(f->rig->venue, &foreign);
    kw_fake_broker_refuse_orders(f->rig->venue, 1, KW_FAKE_ANSWER_REJECTED);
    review(f);
    pass(f, 6);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_inspections(f->rig->venue), ==, 1);
}

static gboolean
is_dust(Fixture *f)
{
    const KwTrade *trade = kw_portfolio_find_trade(f->rig->portfolio, 1);

    return kw_decimal_cmp(kw_stop_keeper_get_dust(f->keeper, 1), trade->amount) > 0;
}

static void
test_too_small(Fixture *f, gconstpointer data)
{
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, BTC, NULL));
    pair.min_amount = kw_oms_rig_decimal("2");
    kw_stop_keeper_set_pair(f->keeper, &pair);
    review(f);
    review(f);
    g_assert_cmpstr(f->alerts->str, ==, "stop_too_small ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 1);
    g_assert_true(is_dust(f));
    g_assert_false(kw_stop_keeper_is_covered(f->keeper, 1));

    /* the minimum falls: what was dust is a position like any other */
    pair.min_amount = kw_oms_rig_decimal("1");
    kw_stop_keeper_set_pair(f->keeper, &pair);
    g_assert_false(is_dust(f));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
}

/* Told once in the life of the trade, not once for each process */
static void
test_too_small_restart(Fixture *f, gconstpointer data)
{
    g_autofree gchar *counts = NULL;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, BTC, NULL));
    pair.min_cost = kw_oms_rig_decimal("90.01");
    kw_stop_keeper_set_pair(f->keeper, &pair);
    review(f);
    g_assert_cmpstr(f->alerts->str, ==, "stop_too_small ");
    counts = kw_stop_keeper_dup_counts(f->keeper);
    stop(f);
    start_again(f);
    kw_stop_keeper_set_pair(f->keeper, &pair);
    kw_stop_keeper_restore_counts(f->keeper, counts);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    g_assert_true(is_dust(f));
    g_assert_cmpstr(f->alerts->str, ==, "stop_too_small ");
}

/* -- F15: cancelled by hand -- */

static void
cancel_by_hand(Fixture *f)
{
    kw_fake_broker_cancel_by_venue(f->rig->venue, get_last_id(f));
    kw_fake_broker_tell(f->rig->venue, get_last_id(f));
    pass(f, 10);
}

static void
test_replaced_once(Fixture *f, gconstpointer data)
{
    review(f);
    cancel_by_hand(f);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "stop_replaced ");
    cancel_by_hand(f);
    assert_working(f, "");
    g_assert_cmpstr(f->alerts->str, ==, "stop_replaced stop_cancelled ");
    g_assert_false(kw_stop_keeper_is_covered(f->keeper, 1));

    kw_stop_keeper_retry(f->keeper, 1);
    pass(f, 1);
    assert_working(f, "stop_loss 90x1 ");
}

static void
test_cancelled_alert(Fixture *f, gconstpointer data)
{
    stop(f);
    f->rules.on_cancelled = KW_STOP_CANCELLED_ALERT;
    start_again(f);
    review(f);
    cancel_by_hand(f);
    assert_working(f, "");
    g_assert_cmpstr(f->alerts->str, ==, "stop_cancelled ");
}

/* Cancelled while nobody watched */
static void
test_cancelled_before_restart(Fixture *f, gconstpointer data)
{
    review(f);
    stop(f);
    kw_fake_broker_cancel_by_venue(f->rig->venue, get_last_id(f));
    start_again(f);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpstr(f->alerts->str, ==, "stop_replaced ");
}

/* Placed again already before the restart: not a second time after it */
static void
test_replaced_before_restart(Fixture *f, gconstpointer data)
{
    g_autofree gchar *counts = NULL;
    guint n_refused = 9, n_replaced = 9;

    review(f);
    cancel_by_hand(f);
    counts = kw_stop_keeper_dup_counts(f->keeper);
    stop(f);
    start_again(f);
    kw_stop_keeper_restore_counts(f->keeper, counts);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    kw_stop_keeper_get_counts(f->keeper, &n_refused, &n_replaced);
    g_assert_cmpuint(n_refused, ==, 0);
    g_assert_cmpuint(n_replaced, ==, 1);
    cancel_by_hand(f);
    assert_working(f, "");
    g_assert_cmpstr(f->alerts->str, ==, "stop_replaced stop_cancelled ");
}

/* -- restart -- */

static void
test_restart(Fixture *f, gconstpointer data)
{
    review(f);
    stop(f);
    kw_oms_rig_restart(f->rig, NULL);
    set_stop(f, "92");
    start(f);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    assert_working(f, "stop_loss 92x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* Killed after the stop was sent, before its answer: adopted, not placed twice */
static void
test_restart_in_doubt(Fixture *f, gconstpointer data)
{
    kw_fake_broker_set_answer(f->rig->venue, KW_FAKE_ANSWER_HELD);
    kw_stop_keeper_review(f->keeper);
    kw_oms_rig_run(f->rig);
    stop(f);
    start_again(f);
    review(f);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
}

/* Killed when the stop was taken back to be replaced, before that was known: it was our own
 * hand, so nobody is alarmed, and it does not stay away by the rule for strangers. */
static void
test_restart_while_replaced(Fixture *f, gconstpointer data)
{
    f->rules.on_cancelled = KW_STOP_CANCELLED_ALERT;
    stop(f);
    start_again(f);
    kw_fake_broker_fix_amounts(f->rig->venue);
    review(f);
    kw_fake_broker_hang_changes(f->rig->venue, 1);
    get_trade(f)->amount = kw_oms_rig_decimal("0.5");
    review(f);
    assert_working(f, "");
    stop(f);
    start_again(f);
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    review(f);
    assert_working(f, "stop_loss 90x1 ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 3);
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* -- stop and target -- */

static void
start_pair(Fixture *f)
{
    stop(f);
    f->rules.terms.target_ratio = 0.1;
    f->rules.terms.target_share = 0.4;
    start_again(f);
    review(f);
    pass(f, 2);
    assert_working(f, "stop_loss 90x0.6 take_profit 110x0.4 ");
}

static void
test_pair_target(Fixture *f, gconstpointer data)
{
    start_pair(f);
    kw_fake_broker_fill(f->rig->venue, get_last_id(f), kw_oms_rig_decimal("0.4"));
    kw_fake_broker_tell(f->rig->venue, get_last_id(f));
    pass(f, 10);
    assert_working(f, "stop_loss 90x0.6 ");
    g_assert_cmpfloat(kw_decimal_to_double(get_trade(f)->amount), ==, 0.6);
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* The stop sells a part: the target goes, and a stop takes its place. */
static void
test_pair_stop(Fixture *f, gconstpointer data)
{
    const gchar *stop_id;

    start_pair(f);
    stop_id = kw_fake_broker_get_client_id(f->rig->venue, 1);
    kw_fake_broker_fill(f->rig->venue, stop_id, kw_oms_rig_decimal("0.6"));
    kw_fake_broker_tell(f->rig->venue, stop_id);
    pass(f, 10);
    assert_working(f, "stop_loss 90x0.4 ");
    g_assert_cmpstr(f->alerts->str, ==, "");
}

static void
test_pair_target_refused(Fixture *f, gconstpointer data)
{
    stop(f);
    f->rules.terms.target_ratio = 0.1;
    f->rules.terms.target_share = 0.4;
    start_again(f);
    kw_stop_keeper_review(f->keeper);
    kw_oms_rig_run(f->rig);
    kw_fake_broker_refuse_orders(f->rig->venue, 1, KW_FAKE_ANSWER_REJECTED);
    pass(f, 20);
    assert_working(f, "stop_loss 90x0.6 stop_loss 90x0.4 ");
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
}

/* Where no amount can be changed, the pair comes about without a change, and what is too large
 * is replaced; nobody is alarmed by that. */
static void
test_rigid(Fixture *f, gconstpointer data)
{
    KwTrade *trade;

    kw_fake_broker_fix_amounts(f->rig->venue);
    start_pair(f);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 3);
    kw_fake_broker_fill(f->rig->venue, get_last_id(f), kw_oms_rig_decimal("0.4"));
    kw_fake_broker_tell(f->rig->venue, get_last_id(f));
    pass(f, 10);
    trade = kw_portfolio_find_trade(f->rig->portfolio, 1);
    trade->amount = kw_oms_rig_decimal("0.5");
    review(f);
    pass(f, 10);
    assert_working(f, "stop_loss 90x0.5 ");
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
    g_assert_cmpuint(kw_fake_broker_get_n_amends(f->rig->venue), ==, 0);
    g_assert_cmpstr(f->alerts->str, ==, "");
}

/* -- paper -- */

static void
test_paper(void)
{
    g_autoptr(KwOmsRig) rig = kw_oms_rig_new(KW_BROKER(kw_paper_broker_new(0.004)));
    KwStopRules rules = {0};
    g_autoptr(KwStopKeeper) keeper = kw_stop_keeper_new(
        KW_CLOCK(rig->clock), rig->oms, rig->broker, rig->portfolio, rig->risk, &rules);

    kw_stop_keeper_review(keeper);
    g_assert_cmpint(kw_fake_clock_get_next_due_us(rig->clock), ==, G_MAXINT64);
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

    add("/exec/stop-keeper/places", test_places);
    add("/exec/stop-keeper/follows-entry", test_follows_entry);
    add("/exec/stop-keeper/fills", test_fills);
    add("/exec/stop-keeper/trails", test_trails);
    add("/exec/stop-keeper/amend-refused", test_amend_refused);
    add("/exec/stop-keeper/amend-lost", test_amend_lost);
    add("/exec/stop-keeper/amend-hangs", test_amend_hangs);
    add("/exec/stop-keeper/exit", test_exit);
    add("/exec/stop-keeper/exit-fails", test_exit_fails);
    add("/exec/stop-keeper/f13-exit-in-doubt", test_exit_in_doubt);
    add("/exec/stop-keeper/f09-partial-entry", test_partial_entry);
    add("/exec/stop-keeper/f09-patient-entry", test_patient_entry);
    add("/exec/stop-keeper/f08-refused-once", test_refused_once);
    add("/exec/stop-keeper/f08-refused-for-tick", test_refused_for_tick);
    add("/exec/stop-keeper/f08-emergency", test_emergency);
    add("/exec/stop-keeper/f08-emergency-refused", test_emergency_refused);
    add("/exec/stop-keeper/f08-alert", test_refused_alert);
    add("/exec/stop-keeper/f13-orphan", test_orphan);
    add("/exec/stop-keeper/f14-foreign", test_foreign);
    add("/exec/stop-keeper/too-small", test_too_small);
    add("/exec/stop-keeper/too-small-restart", test_too_small_restart);
    add("/exec/stop-keeper/f15-replaced-once", test_replaced_once);
    add("/exec/stop-keeper/f15-alert", test_cancelled_alert);
    add("/exec/stop-keeper/f15-before-restart", test_cancelled_before_restart);
    add("/exec/stop-keeper/f15-replaced-before-restart", test_replaced_before_restart);
    add("/exec/stop-keeper/restart", test_restart);
    add("/exec/stop-keeper/f02-restart-in-doubt", test_restart_in_doubt);
    add("/exec/stop-keeper/f15-restart-while-replaced", test_restart_while_replaced);
    add("/exec/stop-keeper/pair-target", test_pair_target);
    add("/exec/stop-keeper/pair-stop", test_pair_stop);
    add("/exec/stop-keeper/pair-target-refused", test_pair_target_refused);
    add("/exec/stop-keeper/rigid", test_rigid);
    g_test_add_func("/exec/stop-keeper/paper", test_paper);

    return g_test_run();
}
