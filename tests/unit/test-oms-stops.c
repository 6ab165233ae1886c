/* test-oms-stops.c: orders that wait at the venue: amended, withdrawn, never sold twice */
#include "kw-error.h"
#include "kw-oms-rig.h"

#include <string.h>

#define BTC "BTC/USDT"

/* One unit held, and a stop for all of it at 90 */
typedef struct {
    KwOmsRig *rig;
    gchar stop_id[KW_ID_SIZE];
} Fixture;

static KwRigCall *
place_stop(KwOmsRig *rig, gint64 candle, const gchar *amount)
{
    KwRigOrder what = {
        .pair = BTC,
        .side = KW_SIDE_SELL,
        .candle = candle,
        .price = "90",
        .amount = amount,
        .is_stop = TRUE,
    };

    return kw_oms_rig_submit(rig, &what);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    f->rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
    (void) kw_oms_rig_buy(f->rig, BTC, 1);
    call = place_stop(f->rig, 2, "1");
    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_OPEN);
    (void) g_strlcpy(f->stop_id, call->outcome.order.client_id, sizeof f->stop_id);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_oms_rig_free(f->rig);
}

static const KwOrder *
get_stop(Fixture *f)
{
    const KwOrder *order = kw_oms_find_order(f->rig->oms, f->stop_id);
    const KwOrder *stored = kw_fake_journal_find_order(f->rig->journal, f->stop_id);

    g_assert_nonnull(order);
    g_assert_cmpint(order->state, ==, stored->state);
    g_assert_cmpint(kw_decimal_cmp(order->price, stored->price), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(order->amount, stored->amount), ==, 0);
    return order;
}

static void
assert_terms(const KwOrder *order, gdouble price, gdouble amount)
{
    g_assert_cmpfloat(kw_decimal_to_double(order->price), ==, price);
    g_assert_cmpfloat(kw_decimal_to_double(order->amount), ==, amount);
}

static void
assert_failed(const KwRigCall *call, GQuark domain, gint code)
{
    g_assert_true(call->is_done);
    g_assert_false(call->is_ok);
    g_assert_cmpstr(g_quark_to_string(call->domain), ==, g_quark_to_string(domain));
    g_assert_cmpint(call->code, ==, code);
}

static void
assert_flat(Fixture *f)
{
    g_assert_cmpint(kw_decimal_sign(kw_oms_rig_get_held(f->rig, BTC)), ==, 0);
    g_assert_cmpint(kw_decimal_sign(kw_fake_broker_get_position(f->rig->venue, BTC)), ==, 0);
    kw_oms_rig_assert_sound(f->rig);
}

/* -- waiting -- */

static void
test_waits(Fixture *f, gconstpointer data)
{
    g_autoptr(GPtrArray) live = kw_oms_list_live(f->rig->oms);
    guint n_queries = kw_fake_broker_get_n_queries(f->rig->venue);

    g_assert_false(kw_oms_is_busy(f->rig->oms, BTC));
    g_assert_cmpuint(live->len, ==, 1);
    g_assert_cmpstr(((const KwOrder *) live->pdata[0])->client_id, ==, f->stop_id);

    g_assert_true(kw_oms_look_up(f->rig->oms, f->stop_id));
    g_assert_false(kw_oms_look_up(f->rig->oms, "kw-nobody"));
    kw_oms_rig_run(f->rig);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->rig->venue), ==, n_queries + 1);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_OPEN);
}

/* A stop that fills closes the trade with its own reason. */
static void
test_fills(Fixture *f, gconstpointer data)
{
    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("1"));
    kw_fake_broker_tell(f->rig->venue, f->stop_id);
    kw_oms_rig_run(f->rig);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpstr(kw_fake_journal_find_trade(f->rig->journal, 1)->exit_reason, ==,
                    "stoploss_on_exchange");
    g_assert_false(kw_oms_look_up(f->rig->oms, f->stop_id));
    assert_flat(f);
}

/* -- exit: cancel, then sell -- */

static void
test_exit(Fixture *f, gconstpointer data)
{
    const KwRigCall *call = kw_oms_rig_sell(f->rig, BTC, 3);

    g_assert_true(call->is_ok);
    g_assert_false(call->outcome.already_done);
    g_assert_cmpint(call->outcome.order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 3);
    assert_flat(f);
}

/* What the stop sold meanwhile, and nobody has told yet, is not sold again. */
static void
test_exit_after_part(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("0.4"));
    call = kw_oms_rig_sell(f->rig, BTC, 3);
    g_assert_true(call->is_ok);
    g_assert_cmpfloat(kw_decimal_to_double(call->outcome.order.amount), ==, 0.6);
    assert_flat(f);
}

static void
test_exit_after_all(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("1"));
    call = kw_oms_rig_sell(f->rig, BTC, 3);
    g_assert_true(call->is_ok);
    g_assert_true(call->outcome.already_done);
    g_assert_cmpstr(call->outcome.order.client_id, ==, f->stop_id);
    g_assert_cmpint(call->outcome.trade.state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    assert_flat(f);
}

/* F13: no answer to the cancel is no permission to sell; the next attempt takes what is left.
 */
static void
test_exit_in_doubt(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_broker_fail_queries(f->rig->venue, 1);
    call = kw_oms_rig_sell(f->rig, BTC, 3);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    g_assert_false(kw_oms_is_leaving(f->rig->oms, 1));

    kw_oms_rig_pass(f->rig, 5 * G_USEC_PER_SEC);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_true(kw_oms_rig_sell(f->rig, BTC, 3)->is_ok);
    assert_flat(f);
}

/* While the cancellation is not durable nothing is sold either. */
static void
test_exit_without_journal(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_journal_fail(f->rig->journal, 0, 2, KW_STORE_ERROR_FULL);
    call = kw_oms_rig_sell(f->rig, BTC, 3);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);

    kw_oms_rig_pass(f->rig, 10 * G_USEC_PER_SEC);
    g_assert_true(kw_oms_rig_sell(f->rig, BTC, 3)->is_ok);
    assert_flat(f);
}

/* No new stop and no second exit while the first one takes the stop back */
static void
test_leaving(Fixture *f, gconstpointer data)
{
    KwRigOrder exit = {
        .pair = BTC, .side = KW_SIDE_SELL, .candle = 3, .price = "110", .amount = "1"};
    KwRigOrder again = exit;
    const KwRigCall *first, *second, *stop;

    again.candle = 4;
    first = kw_oms_rig_submit(f->rig, &exit);
    g_assert_true(kw_oms_is_leaving(f->rig->oms, 1));
    second = kw_oms_rig_submit(f->rig, &again);
    stop = place_stop(f->rig, 5, "1");
    kw_oms_rig_run(f->rig);
    g_assert_true(first->is_ok);
    assert_failed(second, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
    assert_failed(stop, KW_RISK_ERROR, KW_RISK_ERROR_TICKET);
    g_assert_false(kw_oms_is_leaving(f->rig->oms, 1));
    assert_flat(f);
}

/* -- amend -- */

static void
test_amend(Fixture *f, gconstpointer data)
{
    const KwRigCall *call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "1");

    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);
    assert_terms(&call->outcome.order, 95, 1);
    assert_terms(get_stop(f), 95, 1);

    call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "1");
    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);
    g_assert_cmpuint(kw_fake_broker_get_n_amends(f->rig->venue), ==, 1);

    kw_oms_rig_restart(f->rig, NULL);
    assert_terms(get_stop(f), 95, 1);
}

/* A smaller stop leaves the rest to be sold, and is full when that much is filled. */
static void
test_amend_amount(Fixture *f, gconstpointer data)
{
    KwRigCall *call = kw_oms_rig_amend(f->rig, f->stop_id, "90", "0.3");

    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);
    call = place_stop(f->rig, 3, "0.7");
    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);

    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("1"));
    kw_fake_broker_tell(f->rig->venue, f->stop_id);
    kw_oms_rig_run(f->rig);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpfloat(kw_decimal_to_double(kw_oms_rig_get_held(f->rig, BTC)), ==, 0.7);
    kw_oms_rig_assert_sound(f->rig);
}

/* More is filled than the amount that was asked for: the rest is cancelled, all fills count. */
static void
test_amend_below_filled(Fixture *f, gconstpointer data)
{
    KwRigCall *call;

    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("0.6"));
    call = kw_oms_rig_amend(f->rig, f->stop_id, "90", "0.3");
    kw_oms_rig_run(f->rig);
    g_assert_true(call->is_ok);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpfloat(kw_decimal_to_double(get_stop(f)->filled), ==, 0.6);
    g_assert_cmpfloat(kw_decimal_to_double(kw_oms_rig_get_held(f->rig, BTC)), ==, 0.4);
    g_assert_cmpstr(f->rig->alerts->str, ==, "");
    kw_oms_rig_assert_sound(f->rig);
}

static void
test_amend_refused(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *price, *amount;
    } rows[] = {{"95", "1.1"}, {"0", "1"}, {"95", "0"}, {"95", "-1"}};
    const KwRigCall *call;

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s %s", rows[i].price, rows[i].amount);
        call = kw_oms_rig_amend(f->rig, f->stop_id, rows[i].price, rows[i].amount);
        kw_oms_rig_run(f->rig);
        assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    }
    call = kw_oms_rig_amend(f->rig, kw_fake_broker_get_client_id(f->rig->venue, 0), "95", "1");
    kw_oms_rig_run(f->rig);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    call = kw_oms_rig_amend(f->rig, "kw-nobody", "95", "1");
    kw_oms_rig_run(f->rig);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);

    kw_fake_broker_refuse_amends(f->rig->venue, 1);
    call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "1");
    kw_oms_rig_run(f->rig);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    assert_terms(get_stop(f), 90, 1);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_OPEN);
    g_assert_cmpuint(kw_fake_broker_get_n_amends(f->rig->venue), ==, 0);
}

static void
test_amend_one_at_a_time(Fixture *f, gconstpointer data)
{
    const KwRigCall *first = kw_oms_rig_amend(f->rig, f->stop_id, "95", "1");
    const KwRigCall *second = kw_oms_rig_amend(f->rig, f->stop_id, "96", "1");

    kw_oms_rig_run(f->rig);
    g_assert_true(first->is_ok);
    assert_failed(second, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    assert_terms(get_stop(f), 95, 1);
}

/* The answer is lost: the look-up brings the terms that hold. */
static void
test_amend_lost(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_broker_lose_amends(f->rig->venue, 1);
    call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "0.5");
    kw_oms_rig_run(f->rig);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);
    kw_oms_rig_pass(f->rig, 2 * G_USEC_PER_SEC);
    assert_terms(get_stop(f), 95, 0.5);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_OPEN);
}

/* Killed between the change and its row: the next process finds it, filled by then. */
static void
test_amend_killed(Fixture *f, gconstpointer data)
{
    kw_fake_journal_hold(f->rig->journal);
    (void) kw_oms_rig_amend(f->rig, f->stop_id, "95", "0.5");
    kw_oms_rig_run(f->rig);
    kw_oms_rig_restart(f->rig, NULL);
    assert_terms(get_stop(f), 90, 1);

    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("1"));
    g_assert_true(kw_oms_rig_reconcile(f->rig));
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_FILLED);
    assert_terms(get_stop(f), 95, 0.5);
    g_assert_cmpfloat(kw_decimal_to_double(kw_oms_rig_get_held(f->rig, BTC)), ==, 0.5);
    kw_oms_rig_assert_sound(f->rig);
}

/* The stop is gone: the look-up tells how. */
static void
test_amend_absent(Fixture *f, gconstpointer data)
{
    const KwRigCall *call;

    kw_fake_broker_cancel_by_venue(f->rig->venue, f->stop_id);
    call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "1");
    kw_oms_rig_run(f->rig);
    assert_failed(call, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_ABSENT);
    g_assert_cmpint(get_stop(f)->state, ==, KW_ORDER_STATE_CANCELLED);
    assert_terms(get_stop(f), 90, 1);
}

/* Amended by hand at the venue: the price counts, a larger amount is not believed. */
static void
test_larger_at_venue(Fixture *f, gconstpointer data)
{
    kw_fake_broker_amend_by_venue(f->rig->venue, f->stop_id, kw_oms_rig_decimal("93"),
                                  kw_oms_rig_decimal("5"));
    g_assert_true(kw_oms_look_up(f->rig->oms, f->stop_id));
    kw_oms_rig_run(f->rig);
    assert_terms(get_stop(f), 93, 1);
}

/* News tell no terms: they overtake each other. */
static void
test_terms_in_news(Fixture *f, gconstpointer data)
{
    KwBrokerReport report = {.state = KW_ORDER_STATE_OPEN};

    (void) g_strlcpy(report.client_id, f->stop_id, sizeof report.client_id);
    report.price = kw_oms_rig_decimal("80");
    report.amount = kw_oms_rig_decimal("0.3");
    g_signal_emit_by_name(f->rig->venue, "report", &report);
    kw_oms_rig_run(f->rig);
    assert_terms(get_stop(f), 90, 1);
}

/* A look-up that falls due while an amend has no answer waits for it. */
static void
test_look_up_waits(Fixture *f, gconstpointer data)
{
    const KwRigCall *call = kw_oms_rig_amend(f->rig, f->stop_id, "95", "0.5");
    guint n_queries = kw_fake_broker_get_n_queries(f->rig->venue);

    g_assert_true(kw_oms_look_up(f->rig->oms, f->stop_id));
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->rig->venue), ==, n_queries);
    kw_oms_rig_run(f->rig);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->rig->venue), ==, n_queries + 1);
    g_assert_true(call->is_ok);
    assert_terms(get_stop(f), 95, 0.5);
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

    add("/exec/oms-stops/waits", test_waits);
    add("/exec/oms-stops/fills", test_fills);
    add("/exec/oms-stops/exit", test_exit);
    add("/exec/oms-stops/exit-after-part", test_exit_after_part);
    add("/exec/oms-stops/exit-after-all", test_exit_after_all);
    add("/exec/oms-stops/f13-exit-in-doubt", test_exit_in_doubt);
    add("/exec/oms-stops/exit-without-journal", test_exit_without_journal);
    add("/exec/oms-stops/leaving", test_leaving);
    add("/exec/oms-stops/amend", test_amend);
    add("/exec/oms-stops/amend-amount", test_amend_amount);
    add("/exec/oms-stops/amend-below-filled", test_amend_below_filled);
    add("/exec/oms-stops/amend-refused", test_amend_refused);
    add("/exec/oms-stops/amend-one-at-a-time", test_amend_one_at_a_time);
    add("/exec/oms-stops/amend-lost", test_amend_lost);
    add("/exec/oms-stops/amend-killed", test_amend_killed);
    add("/exec/oms-stops/amend-absent", test_amend_absent);
    add("/exec/oms-stops/larger-at-venue", test_larger_at_venue);
    add("/exec/oms-stops/terms-in-news", test_terms_in_news);
    add("/exec/oms-stops/look-up-waits", test_look_up_waits);

    return g_test_run();
}
