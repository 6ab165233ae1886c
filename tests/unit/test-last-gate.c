/* test-last-gate.c: what was not meant does not leave, whatever the parts above do */
#include "kw-error.h"
#include "kw-fake-broker.h"
#include "kw-fake-journal.h"
#include "kw-last-gate.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    KwFakeClock *clock;
    KwFakeJournal *journal;
    KwFakeBroker *venue;
    KwLastGate *gate;
    GString *breaches;
    GError *error; /* of the last call */
    guint n_reports;
    gboolean is_done;
} Fixture;

static void
on_breach(KwLastGate *gate, const gchar *code, const KwOrder *order, Fixture *f)
{
    g_string_append_printf(f->breaches, "%s ", code);
}

static void
on_report(KwBroker *gate, const KwBrokerReport *report, Fixture *f)
{
    f->n_reports++;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const KwLastGateLimits limits = {.max_buys_per_minute = 2,
                                     .max_buy_value = kw_test_decimal("1000")};

    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->journal = kw_fake_journal_new();
    f->venue = kw_fake_broker_new();
    f->gate = kw_last_gate_new(KW_CLOCK(f->clock), KW_JOURNAL(f->journal), KW_BROKER(f->venue),
                               &limits);
    f->breaches = g_string_new(NULL);
    g_signal_connect(f->gate, "breach", G_CALLBACK(on_breach), f);
    g_signal_connect(f->gate, "report", G_CALLBACK(on_report), f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->gate);
    g_clear_object(&f->venue);
    g_clear_object(&f->journal);
    g_clear_object(&f->clock);
    g_clear_error(&f->error);
    g_string_free(f->breaches, TRUE);
}

static void
run(Fixture *f)
{
    while (!f->is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    (void) kw_journal_append_finish(KW_JOURNAL(source), result, &f->error);
    f->is_done = TRUE;
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;
    KwBrokerReport report;

    (void) kw_broker_submit_finish(KW_BROKER(source), result, &report, &f->error);
    f->is_done = TRUE;
}

static KwOrder
make_order(const gchar *id, KwSide side, const gchar *price)
{
    KwOrder order = {.side = side,
                     .price = kw_test_decimal(price),
                     .amount = kw_test_decimal("1"),
                     .state = KW_ORDER_STATE_INTENT};

    g_strlcpy(order.client_id, id, sizeof order.client_id);
    g_strlcpy(order.pair, "BTC/USDT", sizeof order.pair);
    return order;
}

/* Makes the intent durable, or tries to */
static void
mean(Fixture *f, const KwOrder *order)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_order(batch, order);
    g_clear_error(&f->error);
    f->is_done = FALSE;
    kw_journal_append_async(KW_JOURNAL(f->gate), g_steal_pointer(&batch), NULL, on_appended, f);
    run(f);
}

static void
send(Fixture *f, const KwOrder *order)
{
    g_clear_error(&f->error);
    f->is_done = FALSE;
    kw_broker_submit_async(KW_BROKER(f->gate), order, NULL, on_submitted, f);
    run(f);
}

static void
mean_and_send(Fixture *f, const gchar *id, KwSide side, const gchar *price)
{
    KwOrder order = make_order(id, side, price);

    mean(f, &order);
    g_assert_no_error(f->error);
    send(f, &order);
}

static void
test_passes(Fixture *f, gconstpointer data)
{
    mean_and_send(f, "a", KW_SIDE_BUY, "1000");
    g_assert_no_error(f->error);
    kw_fake_broker_tell(f->venue, "a");

    g_assert_cmpuint(kw_fake_broker_count(f->venue, "a"), ==, 1);
    g_assert_cmpuint(f->n_reports, ==, 1);
    g_assert_null(kw_last_gate_get_breach(f->gate));
    g_assert_true(kw_broker_keeps_stops(KW_BROKER(f->gate)));
    g_assert_true(kw_broker_resizes(KW_BROKER(f->gate)));
    kw_fake_broker_fix_amounts(f->venue);
    g_assert_false(kw_broker_resizes(KW_BROKER(f->gate)));
}

static void
test_no_intent(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("a", KW_SIDE_SELL, "10");

    send(f, &order);
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN);

    /* nor one whose intent the journal did not take */
    kw_fake_journal_fail(f->journal, 0, 1, KW_STORE_ERROR_FULL);
    mean(f, &order);
    g_assert_error(f->error, KW_STORE_ERROR, KW_STORE_ERROR_FULL);
    send(f, &order);

    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->venue), ==, 0);
    g_assert_cmpstr(f->breaches->str, ==, "order_without_intent order_without_intent ");
}

static void
test_leaves_once(Fixture *f, gconstpointer data)
{
    KwOrder order = make_order("a", KW_SIDE_SELL, "10");

    mean_and_send(f, "a", KW_SIDE_SELL, "10");
    send(f, &order);

    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN); /* it may exist */
    g_assert_cmpuint(kw_fake_broker_count(f->venue, "a"), ==, 1);
    g_assert_cmpstr(f->breaches->str, ==, "order_without_intent ");
}

static void
test_value(Fixture *f, gconstpointer data)
{
    mean_and_send(f, "a", KW_SIDE_BUY, "1000.00000001");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->venue), ==, 0);
    g_assert_cmpstr(f->breaches->str, ==, "order_value ");

    mean_and_send(f, "b", KW_SIDE_SELL, "5000"); /* what is held may go */
    g_assert_no_error(f->error);
}

static void
test_rate(Fixture *f, gconstpointer data)
{
    static const gchar *const ids[] = {"a", "b", "c", "d", "e"};

    for (guint i = 0; i < 4; i++) {
        mean_and_send(f, ids[i], KW_SIDE_SELL, "10");
        g_assert_no_error(f->error);
    }
    mean_and_send(f, ids[4], KW_SIDE_SELL, "10"); /* the fifth of four allowed */
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    g_assert_cmpstr(f->breaches->str, ==, "order_rate ");
    kw_fake_clock_step(f->clock,
                       3600 * (gint64) G_USEC_PER_SEC); /* a stepped clock opens nothing */
    mean_and_send(f, "f", KW_SIDE_SELL, "10");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    kw_fake_clock_advance(f->clock, 60 * G_USEC_PER_SEC);
    mean_and_send(f, "g", KW_SIDE_SELL, "10");
    g_assert_no_error(f->error);
}

/* After a breach no buy leaves, and it is told once. */
static void
test_breach_halts(Fixture *f, gconstpointer data)
{
    mean_and_send(f, "a", KW_SIDE_BUY, "10");
    mean_and_send(f, "b", KW_SIDE_BUY, "10");
    g_assert_no_error(f->error);
    mean_and_send(f, "c", KW_SIDE_BUY, "10");
    g_assert_cmpstr(kw_last_gate_get_breach(f->gate), ==, "order_rate");

    kw_fake_clock_advance(f->clock, 3600 * (gint64) G_USEC_PER_SEC);
    mean_and_send(f, "d", KW_SIDE_BUY, "10");
    g_assert_error(f->error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED);
    mean_and_send(f, "e", KW_SIDE_SELL, "10");
    g_assert_no_error(f->error);
    g_assert_cmpstr(f->breaches->str, ==, "order_rate ");
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->venue), ==, 3);
}

int
main(int argc, char **argv)
{
    static const struct {
        const gchar *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        {"/exec/last-gate/passes", test_passes},
        {"/exec/last-gate/no-intent", test_no_intent},
        {"/exec/last-gate/leaves-once", test_leaves_once},
        {"/exec/last-gate/value", test_value},
        {"/exec/last-gate/rate", test_rate},
        {"/exec/last-gate/breach-halts", test_breach_halts},
    };

    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
