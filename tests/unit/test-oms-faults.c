/* The rows F02-F07 and F09-F11 of the fault list, each against a venue that misbehaves so. */
#include "kw-error.h"
#include "kw-oms-rig.h"
#include "kw-test.h"

#include <string.h>

#define BTC "BTC/USDT"

static KwOmsRig *
new_rig(KwFakeMatching matching)
{
    KwFakeBroker *venue = kw_fake_broker_new();

    kw_fake_broker_set_matching(venue, matching);
    return kw_oms_rig_new(KW_BROKER(venue));
}

/* The id of the first order that reached the venue */
static const gchar *
first_id(KwOmsRig *rig)
{
    return kw_fake_broker_get_client_id(rig->venue, 0);
}

static KwOrderState
get_state(KwOmsRig *rig, const gchar *client_id)
{
    const KwOrder *order = kw_oms_find_order(rig->oms, client_id);
    const KwOrder *stored = kw_fake_journal_find_order(rig->journal, client_id);

    g_assert_nonnull(order);
    g_assert_nonnull(stored);
    g_assert_cmpint(order->state, ==, stored->state);
    return order->state;
}

/* The position is what the venue executed, and the ledger adds up. */
static void
assert_held(KwOmsRig *rig, const gchar *amount)
{
    KwDecimal held = kw_oms_rig_get_held(rig, BTC);

    g_assert_cmpint(kw_decimal_cmp(held, kw_oms_rig_decimal(amount)), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(held, kw_fake_broker_get_position(rig->venue, BTC)), ==, 0);
    kw_oms_rig_assert_sound(rig);
}

/* F02: killed between order sent and answer stored: found, adopted, not sent again */
static void
test_f02_killed_before_answer(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);

    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    kw_oms_rig_restart(rig, NULL);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_INTENT);
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));

    g_assert_true(kw_oms_rig_reconcile(rig));
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_FILLED);
    assert_held(rig, "1");
    g_assert_true(kw_oms_rig_buy(rig, BTC, 1)->outcome.already_done);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
}

/* F02, and the venue does not answer after the restart either */
static void
test_f02_not_answered(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);

    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    kw_oms_rig_restart(rig, NULL);
    kw_fake_broker_fail_queries(rig->venue, 2);

    g_assert_true(kw_oms_rig_reconcile(rig));
    g_assert_true(kw_oms_is_unknown(rig->oms, BTC));
    kw_oms_rig_pass(rig, 5 * G_USEC_PER_SEC);
    assert_held(rig, "1");
}

/* F03: the answer is lost after the execution */
static void
test_f03_answer_lost(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    KwRigOrder next = {.pair = BTC, .candle = 2, .price = "100", .amount = "1"};
    KwRigCall *call, *waiting;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_LOST);
    kw_fake_broker_fail_queries(rig->venue, 1);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_true(kw_oms_is_unknown(rig->oms, BTC));
    waiting = kw_oms_rig_submit(rig, &next);
    kw_oms_rig_run(rig);
    g_assert_false(waiting->is_ok);

    kw_oms_rig_pass(rig, 2 * G_USEC_PER_SEC);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_FILLED);
    assert_held(rig, "1");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
    g_assert_cmpstr(rig->alerts->str, ==, "");
}

/* F03: no error either, the answer just never comes */
static void
test_f03_silence(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    KwRigCall *call;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_HELD);
    call = kw_oms_rig_buy(rig, BTC, 1);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    g_assert_false(call->is_done);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    g_assert_true(call->is_ok);
    assert_held(rig, "1");

    kw_fake_broker_release_answers(rig->venue); /* minutes late */
    kw_oms_rig_run(rig);
    assert_held(rig, "1");
    g_assert_cmpuint(kw_fake_journal_count(rig->journal, KW_RECORD_FILL), ==, 1);
}

/* F04: it never arrives: no verdict before 5 s; sent again once, after the proof */
static void
test_f04_not_reached(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    gchar id[2][KW_ID_SIZE];

    for (guint attempt = 0; attempt < 2; attempt++) {
        const KwRigCall *call;

        kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_NOT_REACHED);
        call = kw_oms_rig_buy(rig, BTC, 1);
        g_assert_false(call->outcome.already_done);
        memcpy(id[attempt], call->outcome.order.client_id, KW_ID_SIZE);
        kw_oms_rig_pass(rig, 9 * G_USEC_PER_SEC / 2);
        g_assert_cmpint(get_state(rig, id[attempt]), ==, KW_ORDER_STATE_UNKNOWN);
        g_assert_cmpuint(kw_fake_broker_get_n_queries(rig->venue), >=, 2);
        kw_oms_rig_pass(rig, 5 * G_USEC_PER_SEC);
        g_assert_cmpint(get_state(rig, id[attempt]), ==, KW_ORDER_STATE_LAPSED);
        g_assert_cmpint(kw_fake_journal_find_trade(rig->journal, attempt + 1)->state, ==,
                        KW_TRADE_STATE_VOID);
        g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    }
    g_assert_cmpstr(id[0], !=, id[1]);
    g_assert_true(kw_oms_rig_buy(rig, BTC, 1)->outcome.already_done);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 2);
    assert_held(rig, "0");
}

/* F05: refused, and it exists */
static void
test_f05_refused_and_exists(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_REFUSED_WRONGLY);
    kw_fake_broker_hide(rig->venue, 2);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpstr(rig->alerts->str, ==, "order_adopted ");
    assert_held(rig, "1");
}

/* The other side of F05: refused indeed */
static void
test_f05_refused(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    const KwRigCall *call;
    gchar id[KW_ID_SIZE];

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_REFUSED);
    call = kw_oms_rig_buy(rig, BTC, 1);
    memcpy(id, call->outcome.order.client_id, sizeof id);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    g_assert_cmpint(get_state(rig, id), ==, KW_ORDER_STATE_REJECTED);
    g_assert_cmpstr(rig->alerts->str, ==, "");
    g_assert_true(kw_oms_rig_buy(rig, BTC, 1)->outcome.already_done); /* not asked twice */
    assert_held(rig, "0");
}

/* F06: the venue needs a while to show what it has */
static void
test_f06_shown_late(void)
{
    for (guint n_hidden = 1; n_hidden <= 3; n_hidden++) {
        g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);

        kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_LOST);
        kw_fake_broker_hide(rig->venue, n_hidden);
        (void) kw_oms_rig_buy(rig, BTC, 1);
        g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_UNKNOWN);
        kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
        g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_FILLED);
        assert_held(rig, "1");
    }
}

/* F07: no answer for an hour: UNKNOWN all the time, one alert, entries stop */
static void
test_f07_never_found(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    const KwRigCall *call;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_LOST);
    kw_fake_broker_fail_queries(rig->venue, G_MAXUINT);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_oms_rig_pass(rig, (gint64) 3600 * G_USEC_PER_SEC);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpstr(rig->alerts->str, ==, "order_unknown ");
    g_assert_cmpuint(kw_fake_broker_get_n_queries(rig->venue), <, 70);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(rig->venue), >, 50);
    call = kw_oms_rig_buy(rig, BTC, 2);
    g_assert_false(call->is_ok);
    g_assert_true(kw_oms_rig_buy(rig, "ETH/USDT", 2)->is_ok);

    kw_fake_broker_fail_queries(rig->venue, 0);
    kw_oms_rig_pass(rig, 61 * G_USEC_PER_SEC);
    assert_held(rig, "1");
}

/* Acknowledged, and then the venue denies it: never taken for cancelled */
static void
test_f07_lost_after_ack(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);
    gchar id[KW_ID_SIZE];

    (void) kw_oms_rig_buy(rig, BTC, 1);
    (void) g_strlcpy(id, first_id(rig), sizeof id);
    g_assert_cmpint(get_state(rig, id), ==, KW_ORDER_STATE_OPEN);
    kw_fake_broker_forget(rig->venue, id);
    kw_oms_rig_restart(rig, NULL);
    g_assert_true(kw_oms_rig_reconcile(rig));
    kw_oms_rig_pass(rig, 600 * G_USEC_PER_SEC);
    g_assert_cmpint(get_state(rig, id), ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpstr(rig->alerts->str, ==, "order_lost order_unknown ");
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));
}

/* F09: partly filled, then cancelled */
static void
test_f09_partial_then_cancel(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);
    KwRigOrder exit = {
        .pair = BTC, .side = KW_SIDE_SELL, .candle = 2, .price = "110", .amount = "0.31"};
    KwRigCall *call;

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.1"));
    kw_fake_broker_tell(rig->venue, first_id(rig));
    kw_oms_rig_run(rig);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_PARTIAL);
    assert_held(rig, "0.1");

    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.2")); /* not told */
    call = kw_oms_rig_cancel(rig, first_id(rig));
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_CANCELLED);
    assert_held(rig, "0.3");

    call = kw_oms_rig_submit(rig, &exit); /* more than what came of it */
    kw_oms_rig_run(rig);
    g_assert_false(call->is_ok);
    kw_fake_broker_set_matching(rig->venue, KW_FAKE_MATCHING_AT_ONCE);
    call = kw_oms_rig_sell(rig, BTC, 3);
    g_assert_cmpint(call->outcome.trade.state, ==, KW_TRADE_STATE_CLOSED);
    assert_held(rig, "0");
}

/* F09: cancelled with nothing filled; a message that overtakes the fill before it */
static void
test_f09_end_overtakes_fill(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.4"));
    kw_fake_broker_cancel_by_venue(rig->venue, first_id(rig));
    kw_fake_broker_tell_state(rig->venue, first_id(rig));
    kw_oms_rig_run(rig);
    kw_fake_broker_tell_fill(rig->venue, first_id(rig), 0);
    kw_oms_rig_run(rig);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_CANCELLED);
    assert_held(rig, "0.4");
}

/* A fill that even the look-up did not show, after the entry was taken for empty */
static void
test_f09_fill_after_end(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);
    KwBrokerReport late = {.state = KW_ORDER_STATE_CANCELLED, .n_fills = 1};
    KwFill *fill = &late.fills[0];

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_cancel_by_venue(rig->venue, first_id(rig));
    kw_fake_broker_tell(rig->venue, first_id(rig));
    kw_oms_rig_run(rig);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 0);

    (void) g_strlcpy(late.client_id, first_id(rig), sizeof late.client_id);
    (void) g_strlcpy(fill->exec_id, "late", sizeof fill->exec_id);
    fill->price = kw_oms_rig_decimal("100");
    fill->amount = kw_oms_rig_decimal("0.2");
    g_signal_emit_by_name(rig->broker, "report", &late);
    kw_oms_rig_run(rig);
    g_assert_cmpfloat(kw_decimal_to_double(kw_oms_rig_get_held(rig, BTC)), ==, 0.2);
    g_assert_cmpint(kw_fake_journal_find_trade(rig->journal, 1)->state, ==,
                    KW_TRADE_STATE_OPEN);
    kw_oms_rig_assert_sound(rig);
}

/* F10: the same fill by answer, by message, by look-up, and after a restart */
static void
test_f10_fill_twice(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.5"));
    kw_fake_broker_tell(rig->venue, first_id(rig));
    kw_fake_broker_tell(rig->venue, first_id(rig)); /* while the first is being written */
    kw_oms_rig_run(rig);
    kw_fake_broker_tell_fill(rig->venue, first_id(rig), 0);
    kw_oms_rig_run(rig);
    g_assert_true(kw_oms_rig_reconcile(rig));
    kw_oms_rig_restart(rig, NULL);
    g_assert_true(kw_oms_rig_reconcile(rig));
    kw_fake_broker_tell(rig->venue, first_id(rig));
    kw_oms_rig_run(rig);

    g_assert_cmpuint(kw_fake_journal_count(rig->journal, KW_RECORD_FILL), ==, 1);
    g_assert_cmpuint(kw_fake_journal_count(rig->journal, KW_RECORD_CAPITAL), ==, 1);
    assert_held(rig, "0.5");
    g_assert_cmpstr(rig->alerts->str, ==, "");
}

/* F11: the fill is here before the order's own acknowledgement */
static void
test_f11_fill_before_ack(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);
    KwRigCall *call;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_HELD);
    call = kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.6"));
    kw_fake_broker_tell_fill(rig->venue, first_id(rig), 0);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_PARTIAL);
    assert_held(rig, "0.6");

    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("0.4"));
    kw_fake_broker_release_answers(rig->venue);
    kw_oms_rig_run(rig);
    g_assert_cmpint(get_state(rig, first_id(rig)), ==, KW_ORDER_STATE_FILLED);
    assert_held(rig, "1");
}

/* FILLED is said and the fills are not shown: asked until they are */
static void
test_filled_without_fills(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_BY_HAND);

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_fill(rig->venue, first_id(rig), kw_oms_rig_decimal("1"));
    kw_fake_broker_fail_queries(rig->venue, 2);
    kw_fake_broker_tell_state(rig->venue, first_id(rig));
    kw_oms_rig_run(rig);
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 0);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    assert_held(rig, "1");
}

/* More than was ordered: not booked, a person looks, the rest of the report counts */
static void
test_overfill(void)
{
    g_autoptr(KwOmsRig) rig = new_rig(KW_FAKE_MATCHING_AT_ONCE);
    KwBrokerReport report = {.state = KW_ORDER_STATE_FILLED, .n_fills = 1};

    (void) kw_oms_rig_buy(rig, BTC, 1);
    (void) g_strlcpy(report.client_id, first_id(rig), sizeof report.client_id);
    (void) g_strlcpy(report.fills[0].exec_id, "odd", sizeof report.fills[0].exec_id);
    report.fills[0].price = report.fills[0].amount = kw_oms_rig_decimal("1");
    g_signal_emit_by_name(rig->broker, "report", &report);
    kw_oms_rig_run(rig);
    g_assert_cmpstr(rig->alerts->str, ==, "fill_conflict ");
    assert_held(rig, "1");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/oms-faults/f02-killed", test_f02_killed_before_answer);
    g_test_add_func("/exec/oms-faults/f02-not-answered", test_f02_not_answered);
    g_test_add_func("/exec/oms-faults/f03-answer-lost", test_f03_answer_lost);
    g_test_add_func("/exec/oms-faults/f03-silence", test_f03_silence);
    g_test_add_func("/exec/oms-faults/f04-not-reached", test_f04_not_reached);
    g_test_add_func("/exec/oms-faults/f05-exists", test_f05_refused_and_exists);
    g_test_add_func("/exec/oms-faults/f05-refused", test_f05_refused);
    g_test_add_func("/exec/oms-faults/f06-shown-late", test_f06_shown_late);
    g_test_add_func("/exec/oms-faults/f07-never-found", test_f07_never_found);
    g_test_add_func("/exec/oms-faults/f07-lost-after-ack", test_f07_lost_after_ack);
    g_test_add_func("/exec/oms-faults/f09-partial", test_f09_partial_then_cancel);
    g_test_add_func("/exec/oms-faults/f09-overtaken", test_f09_end_overtakes_fill);
    g_test_add_func("/exec/oms-faults/f09-fill-after-end", test_f09_fill_after_end);
    g_test_add_func("/exec/oms-faults/f10-fill-twice", test_f10_fill_twice);
    g_test_add_func("/exec/oms-faults/f11-fill-before-ack", test_f11_fill_before_ack);
    g_test_add_func("/exec/oms-faults/filled-without-fills", test_filled_without_fills);
    g_test_add_func("/exec/oms-faults/overfill", test_overfill);

    return g_test_run();
}
