#include "kw-error.h"
#include "kw-oms-rig.h"
#include "kw-test.h"

#include <string.h>

#define BTC "BTC/USDT"
#define ETH "ETH/USDT"

static KwOmsRig *
new_rig(void)
{
    return kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
}

static void
assert_refused(const KwRigCall *call, GQuark domain, gint code)
{
    g_assert_true(call->is_done);
    g_assert_false(call->is_ok);
    g_assert_cmpstr(g_quark_to_string(call->domain), ==, g_quark_to_string(domain));
    g_assert_cmpint(call->code, ==, code);
}

static void
assert_kinds(const KwBatch *batch, const KwRecordKind *kinds, guint n_kinds)
{
    g_assert_cmpuint(kw_batch_get_length(batch), ==, n_kinds);
    for (guint i = 0; i < n_kinds; i++)
        g_assert_cmpint(kw_batch_get(batch, i)->kind, ==, kinds[i]);
}

/* -- the way of an order -- */

static void
test_entry_and_exit(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *buy, *sell;
    const KwTrade *trade;

    buy = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(buy->is_ok);
    g_assert_false(buy->outcome.already_done);
    g_assert_cmpint(buy->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(buy->outcome.trade.id, ==, 1);
    g_assert_cmpint(buy->outcome.trade.state, ==, KW_TRADE_STATE_OPEN);
    g_assert_cmpfloat(kw_decimal_to_double(kw_portfolio_get_cash(rig->portfolio)), ==, 99899.6);
    kw_oms_rig_assert_sound(rig);

    sell = kw_oms_rig_sell(rig, BTC, 2);
    g_assert_true(sell->is_ok);
    trade = &sell->outcome.trade;
    g_assert_cmpint(trade->state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpstr(trade->exit_reason, ==, "exit_signal");
    g_assert_cmpfloat(kw_decimal_to_double(trade->profit_abs), ==, 9.16);
    g_assert_cmpfloat(kw_decimal_to_double(kw_portfolio_get_cash(rig->portfolio)), ==,
                      100009.16);
    g_assert_cmpstr(kw_fake_journal_find_trade(rig->journal, 1)->exit_reason, ==,
                    "exit_signal");
    g_assert_cmpstr(rig->alerts->str, ==, "");
    kw_oms_rig_assert_sound(rig);
}

/* What is in the journal, transaction by transaction */
static void
test_transactions(void)
{
    static const KwRecordKind intent[] = {KW_RECORD_TRADE, KW_RECORD_ORDER, KW_RECORD_SIGNAL};
    static const KwRecordKind news[] = {KW_RECORD_ORDER, KW_RECORD_FILL, KW_RECORD_TRADE,
                                        KW_RECORD_CAPITAL};
    g_autoptr(KwOmsRig) rig = new_rig();
    KwBatch *extra = kw_batch_new();
    KwRigOrder what = {.pair = BTC, .price = "100", .amount = "1", .extra = extra};
    const KwBatch *batch;
    const KwCapitalRecord *capital;

    kw_batch_add_signal(extra, &(KwSignalRecord){.pair = BTC});
    (void) kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);

    g_assert_cmpuint(kw_fake_journal_get_n_batches(rig->journal), ==, 2);
    batch = kw_fake_journal_get_batch(rig->journal, 0);
    assert_kinds(batch, intent, G_N_ELEMENTS(intent));
    g_assert_cmpint(kw_batch_get(batch, 0)->u.trade.state, ==, KW_TRADE_STATE_OPENING);
    g_assert_cmpint(kw_batch_get(batch, 1)->u.order.state, ==, KW_ORDER_STATE_INTENT);
    g_assert_cmpint(kw_batch_get(batch, 1)->u.order.trade_id, ==, 1);
    g_assert_cmpint(kw_batch_get(batch, 2)->u.signal.trade_id, ==, 1);

    batch = kw_fake_journal_get_batch(rig->journal, 1);
    assert_kinds(batch, news, G_N_ELEMENTS(news));
    g_assert_cmpint(kw_batch_get(batch, 0)->u.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_batch_get(batch, 2)->u.trade.state, ==, KW_TRADE_STATE_OPEN);
    capital = &kw_batch_get(batch, 3)->u.capital;
    g_assert_cmpstr(capital->kind, ==, "entry");
    g_assert_cmpfloat(kw_decimal_to_double(capital->amount), ==, -100.4);
    g_assert_cmpint(kw_decimal_cmp(capital->cash_after, kw_portfolio_get_cash(rig->portfolio)),
                    ==, 0);
}

/* Durable before sent; durable before booked. */
static void
test_order_of_steps(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigCall *call;

    kw_fake_journal_hold(rig->journal);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 0);
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 0);
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));

    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
    g_assert_cmpint(kw_portfolio_get_open(rig->portfolio, 0)->state, ==,
                    KW_TRADE_STATE_OPENING);
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 0);
    g_assert_false(call->is_done);

    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 1);
    g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    kw_fake_journal_release_all(rig->journal);
}

/* Two pairs at once: each capital row follows from the one before. */
static void
test_cash_in_a_row(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigOrder what = {.pair = BTC, .price = "100", .amount = "1"};
    KwDecimal cash = kw_decimal_from_int(100000);

    (void) kw_oms_rig_submit(rig, &what);
    what.pair = ETH;
    what.amount = "2";
    (void) kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);

    for (guint i = 0; i < kw_fake_journal_get_n_batches(rig->journal); i++) {
        const KwBatch *batch = kw_fake_journal_get_batch(rig->journal, i);

        for (guint r = 0; r < kw_batch_get_length(batch); r++) {
            const KwRecord *record = kw_batch_get(batch, r);

            if (record->kind != KW_RECORD_CAPITAL)
                continue;
            g_assert_true(kw_decimal_add(cash, record->u.capital.amount, &cash, NULL));
            g_assert_cmpint(kw_decimal_cmp(cash, record->u.capital.cash_after), ==, 0);
        }
    }
    g_assert_cmpuint(kw_fake_journal_count(rig->journal, KW_RECORD_CAPITAL), ==, 2);
    kw_oms_rig_assert_sound(rig);
}

/* -- the gates -- */

/* F62: the order is not what the ticket is for */
static void
test_ticket_too_small(void)
{
    static const gchar *const amounts[] = {"50", "1.00000001", "-1", "0"};

    for (guint i = 0; i < G_N_ELEMENTS(amounts); i++) {
        g_autoptr(KwOmsRig) rig = new_rig();
        KwRigOrder what = {
            .pair = BTC, .price = "100", .amount = amounts[i], .ticket_amount = "1"};
        KwRigCall *call = kw_oms_rig_submit(rig, &what);

        kw_oms_rig_run(rig);
        assert_refused(call, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
        g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 0);
        g_assert_cmpuint(kw_fake_journal_get_n_batches(rig->journal), ==, 0);
        g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    }
}

static void
test_already_done(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *call;

    (void) kw_oms_rig_buy(rig, BTC, 1);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(call->is_ok);
    g_assert_true(call->outcome.already_done);
    g_assert_cmpint(call->outcome.trade.id, ==, 1);

    kw_oms_rig_restart(rig, NULL);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(call->outcome.already_done);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
}

static void
test_sell_of_more_than_held(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigOrder what = {
        .pair = BTC, .side = KW_SIDE_SELL, .candle = 2, .price = "110", .amount = "0.6"};
    KwRigCall *first, *second, *third;

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_broker_set_matching(rig->venue, KW_FAKE_MATCHING_BY_HAND);
    first = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    what.candle = 3;
    second = kw_oms_rig_submit(rig, &what); /* 0.6 of 1 is offered already */
    what.amount = "0.4";
    third = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);

    g_assert_cmpint(first->outcome.order.state, ==, KW_ORDER_STATE_OPEN);
    assert_refused(second, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
    g_assert_true(third->is_ok);
    g_assert_cmpuint(kw_fake_broker_get_n_orders(rig->venue), ==, 3);
}

/* An entry that fills on behind the exit would leave a position that nobody watches. */
static void
test_exit_waits_for_entry(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const gchar *client_id;
    const KwRigCall *call;

    kw_fake_broker_set_matching(rig->venue, KW_FAKE_MATCHING_BY_HAND);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    client_id = kw_fake_broker_get_client_id(rig->venue, 0);
    kw_fake_broker_fill(rig->venue, client_id, kw_oms_rig_decimal("0.5"));
    kw_fake_broker_tell(rig->venue, client_id);
    kw_oms_rig_run(rig);
    assert_refused(kw_oms_rig_sell(rig, BTC, 2), KW_RISK_ERROR, KW_RISK_ERROR_TICKET);

    (void) kw_oms_rig_cancel(rig, client_id);
    kw_oms_rig_run(rig);
    call = kw_oms_rig_sell(rig, BTC, 2);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_OPEN);
}

static void
test_second_entry_waits(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigOrder what = {.pair = BTC, .candle = 2, .price = "100", .amount = "1"};
    KwRigCall *call;

    kw_fake_broker_set_matching(rig->venue, KW_FAKE_MATCHING_BY_HAND);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    call = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    assert_refused(call, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
    g_assert_true(kw_oms_rig_buy(rig, ETH, 2)->is_ok);
}

/* F60: the switch is pulled while the intent is being written: nothing leaves. */
static void
test_cancelled_before_sending(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    KwRigOrder what = {
        .pair = BTC, .candle = 1, .price = "100", .amount = "1", .cancellable = cancellable};
    KwRigCall *call;

    kw_fake_journal_hold(rig->journal);
    call = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    g_cancellable_cancel(cancellable);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);

    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_LAPSED);
    g_assert_cmpint(call->outcome.trade.id, ==, 0);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 0);
    g_assert_cmpint(kw_fake_journal_find_trade(rig->journal, 1)->state, ==,
                    KW_TRADE_STATE_VOID);
    kw_oms_rig_assert_sound(rig);
}

/* F36: an entry that the disk keeps longer than its ticket lasts does not leave any more, also
 * when the wall clock is stepped back meanwhile; its money is free, and it is told. */
static void
test_journal_slow(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwDecimal cash = kw_portfolio_get_cash(rig->portfolio);
    const KwRigCall *late, *again;

    kw_fake_journal_hold(rig->journal);
    late = kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_clock_step(rig->clock, -G_TIME_SPAN_HOUR);
    kw_oms_rig_pass(rig, 6 * G_USEC_PER_SEC);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);

    g_assert_true(late->is_ok);
    g_assert_cmpint(late->outcome.order.state, ==, KW_ORDER_STATE_LAPSED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 0);
    g_assert_cmpstr(rig->alerts->str, ==, "entry_late ");
    g_assert_cmpint(kw_fake_journal_find_trade(rig->journal, 1)->state, ==,
                    KW_TRADE_STATE_VOID);
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_cash(rig->portfolio), cash), ==, 0);
    again = kw_oms_rig_buy(rig, BTC, 2);
    g_assert_cmpint(again->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
    kw_oms_rig_assert_sound(rig);
}

/* Just in time; and stops and exits go however long the disk takes. */
static void
test_journal_slow_exit(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigOrder stop = {.pair = BTC,
                       .side = KW_SIDE_SELL,
                       .candle = 2,
                       .price = "90",
                       .amount = "1",
                       .is_stop = TRUE};
    const KwRigCall *call;

    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_oms_rig_pass(rig, 5 * G_USEC_PER_SEC);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);

    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_submit(rig, &stop);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 2);

    kw_fake_journal_hold(rig->journal);
    call = kw_oms_rig_sell(rig, BTC, 3);
    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.trade.state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpstr(rig->alerts->str, ==, "");
    kw_oms_rig_assert_sound(rig);
}

/* F60: the order in flight is tracked to its end. */
static void
test_cancelled_in_flight(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    KwRigOrder what = {
        .pair = BTC, .candle = 1, .price = "100", .amount = "1", .cancellable = cancellable};
    KwRigCall *call;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_HELD);
    call = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    g_cancellable_cancel(cancellable);
    kw_fake_broker_release_answers(rig->venue);
    kw_oms_rig_run(rig);

    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 1);
}

/* F60: the kill switch does not let go of what is under way, and exits go on. */
static void
test_kill_switch_in_flight(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigCall *call;
    KwRigOrder what = {.pair = BTC, .candle = 1, .price = "100", .amount = "1"};

    kw_fake_journal_hold(rig->journal);
    call = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    g_assert_true(kw_kill_switch_trip(rig->kill_switch, "by hand"));
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 1);
    g_assert_true(kw_oms_rig_sell(rig, BTC, 2)->is_ok);
}

/* -- the journal fails -- */

static void
test_journal_fails_before_sending(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *call;

    kw_fake_journal_fail(rig->journal, 0, 1, KW_STORE_ERROR_FULL);
    call = kw_oms_rig_buy(rig, BTC, 1);
    assert_refused(call, KW_STORE_ERROR, KW_STORE_ERROR_FULL);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(rig->venue), ==, 0);
    g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 0);

    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(call->is_ok);
    g_assert_false(call->outcome.already_done);
    g_assert_cmpint(call->outcome.trade.id, ==, 1);
}

/* F36: sent, executed, and the disk is full: nothing is lost, entries wait, it mends itself. */
static void
test_journal_fails_after_sending(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *call;

    kw_fake_journal_fail(rig->journal, 1, 3, KW_STORE_ERROR_FULL);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_SENT);
    g_assert_true(kw_oms_is_stuck(rig->oms));
    g_assert_cmpstr(rig->alerts->str, ==, "journal_failed ");
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 0);
    assert_refused(kw_oms_rig_buy(rig, ETH, 1), KW_STORE_ERROR, KW_STORE_ERROR_IO);

    kw_oms_rig_pass(rig, 10 * G_USEC_PER_SEC);
    g_assert_false(kw_oms_is_stuck(rig->oms));
    g_assert_cmpstr(rig->alerts->str, ==, "journal_failed journal_back ");
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 1);
    g_assert_cmpuint(rig->n_settled, ==, 1);
    g_assert_true(kw_oms_rig_buy(rig, ETH, 1)->is_ok);
    kw_oms_rig_assert_sound(rig);
}

/* An exit can leave while news of another pair wait; its own news wait behind them. */
static void
test_exit_while_stuck(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *call;

    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_journal_fail(rig->journal, 1, 1, KW_STORE_ERROR_FULL);
    (void) kw_oms_rig_buy(rig, ETH, 1);
    g_assert_true(kw_oms_is_stuck(rig->oms));
    call = kw_oms_rig_sell(rig, BTC, 2);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_SENT);

    kw_oms_rig_pass(rig, 2 * G_USEC_PER_SEC);
    g_assert_cmpuint(kw_portfolio_get_n_closed(rig->portfolio), ==, 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 1);
    kw_oms_rig_assert_sound(rig);
}

/* The store has an execution that it was not told of: no loop, a person looks. */
static void
test_execution_known_to_store_only(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwBatch *batch = kw_batch_new();

    kw_batch_add_fill(batch, &(KwFill){.exec_id = "x1"});
    kw_journal_append_async(KW_JOURNAL(rig->journal), batch, NULL, NULL, NULL);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    g_assert_cmpstr(rig->alerts->str, ==, "fill_conflict ");
    g_assert_false(kw_oms_is_stuck(rig->oms));
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));
    g_assert_true(kw_oms_rig_buy(rig, ETH, 1)->is_ok);
}

/* -- cancel, foreign -- */

static void
test_cancel_errors(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigCall *call = kw_oms_rig_cancel(rig, "never seen");
    gchar id[KW_ID_SIZE];

    kw_oms_rig_run(rig);
    assert_refused(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);

    (void) g_strlcpy(id, kw_oms_rig_buy(rig, BTC, 1)->outcome.order.client_id, sizeof id);
    call = kw_oms_rig_cancel(rig, id);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
}

/* F14 */
static void
test_foreign_report(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwBrokerReport report = {.client_id = "by hand", .state = KW_ORDER_STATE_FILLED};

    g_signal_emit_by_name(rig->broker, "report", &report);
    kw_oms_rig_run(rig);
    g_assert_cmpstr(rig->alerts->str, ==, "order_foreign ");
    g_assert_cmpuint(kw_fake_journal_get_n_batches(rig->journal), ==, 0);
}

static void
test_rejected_by_answer(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    const KwRigCall *call;

    kw_fake_broker_set_answer(rig->venue, KW_FAKE_ANSWER_REJECTED);
    call = kw_oms_rig_buy(rig, BTC, 1);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_REJECTED);
    g_assert_cmpint(call->outcome.trade.id, ==, 0);
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 0);
    g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    kw_oms_rig_assert_sound(rig);
}

/* -- on paper: a restart needs no waiting -- */

static KwBroker *
new_paper(gdouble low, gdouble high)
{
    KwPaperBroker *broker = kw_paper_broker_new(0.004);
    KwCandle candle = {.open_us = KW_TEST_T0_US, .low = low, .high = high};

    kw_paper_broker_set_candle(broker, BTC, &candle);
    return KW_BROKER(broker);
}

static void
test_paper_restart(void)
{
    g_autoptr(KwOmsRig) rig = kw_oms_rig_new(new_paper(90.0, 120.0));
    gchar first_id[KW_ID_SIZE], second_id[KW_ID_SIZE];
    const KwRigCall *call;

    /* killed after the intent, before the answer was durable */
    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_buy(rig, BTC, 1);
    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    kw_oms_make_client_id(rig->oms, BTC, KW_TEST_T0_US + KW_RIG_CANDLE_US, KW_SIDE_BUY,
                          first_id);
    kw_oms_rig_restart(rig, new_paper(90.0, 120.0));

    g_assert_cmpint(kw_oms_find_order(rig->oms, first_id)->state, ==, KW_ORDER_STATE_INTENT);
    g_assert_true(kw_oms_rig_reconcile(rig));
    g_assert_cmpint(kw_oms_find_order(rig->oms, first_id)->state, ==, KW_ORDER_STATE_LAPSED);
    g_assert_cmpint(kw_fake_journal_find_order(rig->journal, first_id)->state, ==,
                    KW_ORDER_STATE_LAPSED);
    g_assert_cmpint(kw_fake_journal_find_trade(rig->journal, 1)->state, ==,
                    KW_TRADE_STATE_VOID);
    g_assert_cmpuint(kw_portfolio_get_n_open(rig->portfolio), ==, 0);

    /* the same candle decides again */
    call = kw_oms_rig_buy(rig, BTC, 1);
    (void) g_strlcpy(second_id, call->outcome.order.client_id, sizeof second_id);
    g_assert_cmpstr(first_id, !=, second_id);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(call->outcome.trade.id, ==, 2);

    /* the same with the exit: the trade stays open, the exit is tried again */
    kw_fake_journal_hold(rig->journal);
    (void) kw_oms_rig_sell(rig, BTC, 2);
    kw_fake_journal_release_one(rig->journal);
    kw_oms_rig_run(rig);
    kw_oms_rig_restart(rig, new_paper(90.0, 120.0));
    g_assert_true(kw_oms_rig_reconcile(rig));
    g_assert_cmpint(kw_portfolio_get_open(rig->portfolio, 0)->state, ==, KW_TRADE_STATE_OPEN);
    call = kw_oms_rig_sell(rig, BTC, 2);
    g_assert_cmpint(call->outcome.trade.state, ==, KW_TRADE_STATE_CLOSED);
    kw_oms_rig_assert_sound(rig);
}

/* A limit order rests over a restart and fills in a later row. */
static void
test_paper_open_order(void)
{
    g_autoptr(KwOmsRig) rig = kw_oms_rig_new(new_paper(101.0, 120.0));
    const KwRigCall *call = kw_oms_rig_buy(rig, BTC, 1);
    KwCandle candle = {.open_us = KW_TEST_T0_US + 1, .low = 99.0, .high = 120.0};
    KwBroker *broker = new_paper(101.0, 120.0);

    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_OPEN);
    kw_paper_broker_restore_order(KW_PAPER_BROKER(broker), &call->outcome.order);
    kw_oms_rig_restart(rig, broker);
    g_assert_true(kw_oms_rig_reconcile(rig));
    g_assert_true(kw_oms_is_busy(rig->oms, BTC));

    kw_paper_broker_set_candle(KW_PAPER_BROKER(rig->broker), BTC, &candle);
    kw_oms_rig_run(rig);
    g_assert_false(kw_oms_is_busy(rig->oms, BTC));
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(rig, BTC)), ==, 1);
    kw_oms_rig_assert_sound(rig);
}

/* Whoever made the account goes first, with an intent on its way to the disk: what comes after
 * is booked in what is still there. */
static void
test_outlives_owner(void)
{
    g_autoptr(KwOmsRig) rig = new_rig();
    KwRigOrder what = {.pair = BTC, .candle = 1, .price = "100", .amount = "1"};
    KwRigCall *call;

    kw_fake_journal_hold(rig->journal);
    call = kw_oms_rig_submit(rig, &what);
    kw_oms_rig_run(rig);
    g_clear_pointer(&rig->portfolio, kw_portfolio_unref);
    kw_fake_journal_release_all(rig->journal);
    kw_oms_rig_run(rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpfloat(kw_decimal_to_double(call->outcome.trade.amount), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/oms/entry-and-exit", test_entry_and_exit);
    g_test_add_func("/exec/oms/transactions", test_transactions);
    g_test_add_func("/exec/oms/order-of-steps", test_order_of_steps);
    g_test_add_func("/exec/oms/cash-in-a-row", test_cash_in_a_row);
    g_test_add_func("/exec/oms/ticket-too-small", test_ticket_too_small);
    g_test_add_func("/exec/oms/already-done", test_already_done);
    g_test_add_func("/exec/oms/sell-of-more-than-held", test_sell_of_more_than_held);
    g_test_add_func("/exec/oms/exit-waits-for-entry", test_exit_waits_for_entry);
    g_test_add_func("/exec/oms/second-entry-waits", test_second_entry_waits);
    g_test_add_func("/exec/oms/cancelled-before-sending", test_cancelled_before_sending);
    g_test_add_func("/exec/oms/f36/slow-journal", test_journal_slow);
    g_test_add_func("/exec/oms/f36/slow-journal-exit", test_journal_slow_exit);
    g_test_add_func("/exec/oms/cancelled-in-flight", test_cancelled_in_flight);
    g_test_add_func("/exec/oms/kill-switch-in-flight", test_kill_switch_in_flight);
    g_test_add_func("/exec/oms/journal-fails-before", test_journal_fails_before_sending);
    g_test_add_func("/exec/oms/journal-fails-after", test_journal_fails_after_sending);
    g_test_add_func("/exec/oms/exit-while-stuck", test_exit_while_stuck);
    g_test_add_func("/exec/oms/execution-known", test_execution_known_to_store_only);
    g_test_add_func("/exec/oms/cancel-errors", test_cancel_errors);
    g_test_add_func("/exec/oms/foreign-report", test_foreign_report);
    g_test_add_func("/exec/oms/rejected-by-answer", test_rejected_by_answer);
    g_test_add_func("/exec/oms/outlives-owner", test_outlives_owner);
    g_test_add_func("/exec/oms/paper-restart", test_paper_restart);
    g_test_add_func("/exec/oms/paper-open-order", test_paper_open_order);

    return g_test_run();
}
