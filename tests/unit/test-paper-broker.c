#include "kw-error.h"
#include "kw-paper-broker.h"
#include "kw-test.h"
#include "kw-trade.h"

#include <math.h>
#include <string.h>

#define ROW_US KW_TEST_T0_US

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static KwOrder
order_of(const gchar *client_id, KwSide side, KwOrderType type, const gchar *price)
{
    KwOrder order = {
        .pair = "BTC/USDT",
        .side = side,
        .type = type,
        .state = KW_ORDER_STATE_SENT,
        .price = dec(price),
        .amount = dec("0.01019999"),
        .candle_us = ROW_US,
    };

    (void) g_strlcpy(order.client_id, client_id, sizeof order.client_id);
    return order;
}

static void
set_row(KwPaperBroker *broker, const gchar *pair, gdouble low, gdouble high, guint n)
{
    KwCandle candle = {
        .open_us = ROW_US + n * G_GINT64_CONSTANT(3600000000),
        .open = low,
        .high = high,
        .low = low,
        .close = high,
        .volume = 1.0,
    };

    kw_paper_broker_set_candle(broker, pair, &candle);
}

/* -- calling and waiting -- */

typedef struct {
    gboolean is_done, is_ok;
    gint code;
    KwBrokerReport report;
} Answer;

typedef gboolean (*Finish)(KwBroker *, GAsyncResult *, KwBrokerReport *, GError **);

static void
on_answer(Finish finish, GObject *source, GAsyncResult *result, Answer *answer)
{
    g_autoptr(GError) error = NULL;

    answer->is_ok = finish(KW_BROKER(source), result, &answer->report, &error);
    answer->code = error != NULL ? error->code : -1;
    answer->is_done = TRUE;
}

static void
on_submit(GObject *source, GAsyncResult *result, gpointer data)
{
    on_answer(kw_broker_submit_finish, source, result, data);
}

static void
on_query(GObject *source, GAsyncResult *result, gpointer data)
{
    on_answer(kw_broker_query_finish, source, result, data);
}

static void
on_cancel(GObject *source, GAsyncResult *result, gpointer data)
{
    on_answer(kw_broker_cancel_finish, source, result, data);
}

static void
wait_for(Answer *answer)
{
    g_assert_false(answer->is_done);
    while (!answer->is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

static Answer
submit(KwPaperBroker *broker, KwOrder order)
{
    Answer answer = {0};

    kw_broker_submit_async(KW_BROKER(broker), &order, NULL, on_submit, &answer);
    wait_for(&answer);
    return answer;
}

static Answer
query(KwPaperBroker *broker, const gchar *client_id)
{
    Answer answer = {0};

    kw_broker_query_async(KW_BROKER(broker), client_id, NULL, on_query, &answer);
    wait_for(&answer);
    return answer;
}

static Answer
cancel(KwPaperBroker *broker, const gchar *client_id)
{
    Answer answer = {0};

    kw_broker_cancel_async(KW_BROKER(broker), client_id, NULL, on_cancel, &answer);
    wait_for(&answer);
    return answer;
}

static void
assert_decimal(KwDecimal value, const gchar *expected)
{
    g_autofree gchar *text = kw_decimal_to_string(kw_decimal_trim(value));

    g_assert_cmpstr(text, ==, expected);
}

/* -- tests -- */

static void
test_fills_inside_row(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.004);
    Answer answer;
    const KwFill *fill = &answer.report.fills[0];

    set_row(broker, "BTC/USDT", 97000.0, 98000.0, 0);
    answer = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "97123.45"));

    g_assert_true(answer.is_ok);
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpuint(answer.report.n_fills, ==, 1);
    g_assert_cmpstr(fill->exec_id, ==, "a-1");
    g_assert_cmpstr(fill->client_id, ==, "a");
    g_assert_cmpstr(answer.report.venue_id, ==, "paper-a");
    assert_decimal(fill->price, "97123.45");
    assert_decimal(fill->amount, "0.01019999");
    assert_decimal(fill->fee, "3.962632875062"); /* exact */
    g_assert_cmpint(fill->time_us, ==, ROW_US);
}

/* The bounds belong to the row; a market order outside is refused, a limit order waits. */
static void
test_bounds(void)
{
    static const struct {
        KwOrderType type;
        const gchar *price;
        KwOrderState state;
    } rows[] = {
        {KW_ORDER_TYPE_LIMIT, "100", KW_ORDER_STATE_FILLED},
        {KW_ORDER_TYPE_LIMIT, "101.1", KW_ORDER_STATE_FILLED},
        {KW_ORDER_TYPE_LIMIT, "99.99999999", KW_ORDER_STATE_OPEN},
        {KW_ORDER_TYPE_LIMIT, "101.10000001", KW_ORDER_STATE_OPEN},
        {KW_ORDER_TYPE_MARKET, "101.1", KW_ORDER_STATE_FILLED},
        {KW_ORDER_TYPE_MARKET, "101.2", KW_ORDER_STATE_REJECTED},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
        Answer answer;

        g_test_message("row %" G_GSIZE_FORMAT ": %s", i, rows[i].price);
        set_row(broker, "BTC/USDT", 100.0, 101.1, 0);
        answer = submit(broker, order_of("a", KW_SIDE_SELL, rows[i].type, rows[i].price));
        g_assert_true(answer.is_ok);
        g_assert_cmpint(answer.report.state, ==, rows[i].state);
        g_assert_cmpuint(answer.report.n_fills, ==,
                         rows[i].state == KW_ORDER_STATE_FILLED ? 1 : 0);
    }
}

static void
test_without_row(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    Answer answer;

    set_row(broker, "ETH/USDT", 1.0, 1000.0, 0);
    answer = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100"));
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_REJECTED);
    g_assert_cmpstr(answer.report.message, ==, "no candle yet");
    answer = submit(broker, order_of("b", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "100"));
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_OPEN);
}

static void
on_report(KwBroker *broker, const KwBrokerReport *report, GString *log)
{
    g_string_append_printf(log, "%s:%s:%u ", report->client_id,
                           kw_order_state_to_string(report->state), report->n_fills);
}

static void
test_open_fills_in_later_row(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    g_autoptr(GString) log = g_string_new(NULL);
    Answer answer;

    (void) g_signal_connect(broker, "report", G_CALLBACK(on_report), log);
    set_row(broker, "BTC/USDT", 100.0, 101.0, 0);
    (void) submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "99"));
    (void) submit(broker, order_of("b", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "98.5"));
    (void) submit(broker, order_of("c", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "90"));

    set_row(broker, "ETH/USDT", 90.0, 100.0, 1);
    g_assert_cmpstr(log->str, ==, "");
    set_row(broker, "BTC/USDT", 98.0, 100.0, 2);
    g_assert_cmpstr(log->str, ==, "a:filled:1 b:filled:1 ");
    set_row(broker, "BTC/USDT", 98.0, 100.0, 3);
    g_assert_cmpstr(log->str, ==, "a:filled:1 b:filled:1 ");

    answer = query(broker, "a");
    g_assert_cmpint(answer.report.fills[0].time_us, ==,
                    ROW_US + 2 * G_GINT64_CONSTANT(3600000000));
    answer = query(broker, "c");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_OPEN);
}

static void
test_cancel(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    Answer answer;

    set_row(broker, "BTC/USDT", 100.0, 101.0, 0);
    (void) submit(broker, order_of("open", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "99"));
    (void) submit(broker, order_of("done", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "100"));

    answer = cancel(broker, "open");
    g_assert_true(answer.is_ok);
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_CANCELLED);
    set_row(broker, "BTC/USDT", 98.0, 101.0, 1);
    answer = query(broker, "open");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpuint(answer.report.n_fills, ==, 0);

    answer = cancel(broker, "done");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_FILLED);
    answer = cancel(broker, "never seen");
    g_assert_false(answer.is_ok);
    g_assert_cmpint(answer.code, ==, KW_EXCHANGE_ERROR_ABSENT);
}

/* A look-up after a lost answer; the same order twice is one execution. */
static void
test_remembers(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    Answer first, again;

    set_row(broker, "BTC/USDT", 100.0, 101.0, 0);
    g_assert_cmpint(query(broker, "a").code, ==, KW_EXCHANGE_ERROR_ABSENT);
    first = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100.5"));
    set_row(broker, "BTC/USDT", 50.0, 200.0, 1);
    again = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "60"));

    g_assert_cmpmem(&first.report, sizeof first.report, &again.report, sizeof again.report);
    again = query(broker, "a");
    g_assert_cmpmem(&first.report, sizeof first.report, &again.report, sizeof again.report);
}

/* What was forgotten must not be called absent, which is proof. */
static void
test_forgets_honestly(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    gchar id[KW_ID_SIZE];

    set_row(broker, "BTC/USDT", 100.0, 101.0, 0);
    (void) submit(broker, order_of("open", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "90"));
    for (guint i = 0; i <= KW_PAPER_MAX_FINAL; i++) {
        (void) g_snprintf(id, sizeof id, "o%u", i);
        (void) submit(broker, order_of(id, KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100"));
    }

    g_assert_cmpint(query(broker, "o0").code, ==, KW_EXCHANGE_ERROR_UNKNOWN);
    g_assert_cmpint(query(broker, "never").code, ==, KW_EXCHANGE_ERROR_UNKNOWN);
    g_assert_true(query(broker, "o1").is_ok);
    g_assert_true(query(broker, "open").is_ok);
}

static void
test_restores_open(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    g_autoptr(GString) log = g_string_new(NULL);
    KwOrder order = order_of("a", KW_SIDE_SELL, KW_ORDER_TYPE_LIMIT, "105");

    (void) g_signal_connect(broker, "report", G_CALLBACK(on_report), log);
    order.state = KW_ORDER_STATE_OPEN;
    kw_paper_broker_restore_order(broker, &order);
    g_assert_cmpint(query(broker, "a").report.state, ==, KW_ORDER_STATE_OPEN);
    set_row(broker, "BTC/USDT", 104.0, 106.0, 0);
    g_assert_cmpstr(log->str, ==, "a:filled:1 ");
}

/* Value beyond 18 digits: refused with a reason, nothing is booked wrong. */
static void
test_too_large(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    KwOrder order = order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "100");
    Answer answer;

    set_row(broker, "BTC/USDT", 100.0, 101.0, 0);
    order.amount = dec("99999999999999999");
    answer = submit(broker, order);
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_REJECTED);
    g_assert_cmpuint(answer.report.n_fills, ==, 0);
}

/* Property: buy and sell at random prices; the ledger's profit is the reference's
 * round(amount*close*(1-fee) - amount*open*(1+fee), 8), to 1e-8. */
static void
test_profit_of_reference(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.001);
    gchar id[KW_ID_SIZE];

    for (guint i = 0; i < 500; i++) {
        KwTrade trade = {.pair = "BTC/USDT", .state = KW_TRADE_STATE_OPENING, .id = i + 1};
        gdouble prices[2], amount, expected;
        KwDecimal cash;

        prices[0] = g_test_rand_int_range(100, 9000000) / 100.0;
        prices[1] = prices[0] * g_test_rand_double_range(0.8, 1.2);
        for (guint side = 0; side < 2; side++) {
            KwOrder order;
            Answer answer;

            (void) g_snprintf(id, sizeof id, "%u-%u", i, side);
            order =
                order_of(id, side == 0 ? KW_SIDE_BUY : KW_SIDE_SELL, KW_ORDER_TYPE_LIMIT, "1");
            g_assert_true(kw_decimal_from_double(prices[side], side == 0 ? 2 : 10,
                                                 KW_ROUND_HALF_UP, &order.price, NULL));
            prices[side] = kw_decimal_to_double(order.price);
            set_row(broker, "BTC/USDT", prices[side], prices[side], i);
            answer = submit(broker, order);
            g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_FILLED);
            g_assert_true(kw_trade_apply_fill(&trade, &answer.report.fills[0], &cash, NULL));
        }
        amount = 0.01019999;
        expected = round((amount * prices[1] * 0.999 - amount * prices[0] * 1.001) * 1e8) / 1e8;
        g_assert_cmpint(trade.state, ==, KW_TRADE_STATE_CLOSED);
        g_assert_cmpfloat_with_epsilon(kw_decimal_to_double(trade.profit_abs), expected,
                                       1.5e-8);
    }
}

/* An entry that never takes: refused when it would, filled once the market is through it. */
static void
test_post_only(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.004);
    Answer answer;

    set_row(broker, "BTC/USDT", 100, 100, 0);
    answer = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_POST_ONLY, "100"));
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_REJECTED);
    answer = submit(broker, order_of("b", KW_SIDE_BUY, KW_ORDER_TYPE_POST_ONLY, "99.5"));
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_OPEN);
    set_row(broker, "BTC/USDT", 99.5, 99.5, 1);
    answer = query(broker, "b");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_OPEN);
    set_row(broker, "BTC/USDT", 99.4, 99.4, 2);
    answer = query(broker, "b");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_decimal_cmp(answer.report.fills[0].price, dec("99.5")), ==, 0);
}

/* What has waited pays the other fee, what takes the usual one. */
static void
test_maker_fee(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.004);
    Answer answer;

    kw_paper_broker_set_maker_fee(broker, 0.0025);
    set_row(broker, "BTC/USDT", 100, 100, 0);
    answer = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100"));
    g_assert_cmpfloat_with_epsilon(kw_decimal_to_double(answer.report.fills[0].fee),
                                   kw_decimal_to_double(answer.report.fills[0].amount) * 0.4,
                                   1e-9);
    (void) submit(broker, order_of("b", KW_SIDE_BUY, KW_ORDER_TYPE_POST_ONLY, "99.5"));
    set_row(broker, "BTC/USDT", 99, 99, 1);
    answer = query(broker, "b");
    g_assert_cmpint(answer.report.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpfloat_with_epsilon(
        kw_decimal_to_double(answer.report.fills[0].fee),
        kw_decimal_to_double(answer.report.fills[0].amount) * 99.5 * 0.0025, 1e-9);
}

/* What was measured is paid at the market, on the worse tick, and by no limit order. */
static void
test_friction(void)
{
    g_autoptr(KwPaperBroker) broker = kw_paper_broker_new(0.004);
    KwFriction *friction =
        kw_friction_parse("1970-01-01,*,*,0.002,0,0,0.0091,0,0\n", 1, 100, NULL);
    Answer buy, sell, limit, other;

    g_assert_nonnull(friction);
    kw_paper_broker_set_friction(broker, friction);
    kw_paper_broker_set_tick(broker, "BTC/USDT", dec("0.5"));
    set_row(broker, "BTC/USDT", 90, 110, 0);
    set_row(broker, "ETH/USDT", 90, 110, 0);
    buy = submit(broker, order_of("a", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100"));
    sell = submit(broker, order_of("b", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET, "100"));
    limit = submit(broker, order_of("c", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT, "100"));
    {
        KwOrder order = order_of("d", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100");

        (void) g_strlcpy(order.pair, "ETH/USDT", sizeof order.pair);
        other = submit(broker, order); /* no tick is known */
    }
    assert_decimal(buy.report.fills[0].price, "101.5");
    assert_decimal(sell.report.fills[0].price, "98.5");
    assert_decimal(limit.report.fills[0].price, "100");
    assert_decimal(other.report.fills[0].price, "100");
    g_assert_cmpint(kw_decimal_cmp(buy.report.fills[0].fee, limit.report.fills[0].fee), >, 0);
    kw_paper_broker_set_friction(broker, NULL);
    buy = submit(broker, order_of("e", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET, "100"));
    assert_decimal(buy.report.fills[0].price, "100");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/paper-broker/fills-inside-row", test_fills_inside_row);
    g_test_add_func("/exec/paper-broker/bounds", test_bounds);
    g_test_add_func("/exec/paper-broker/without-row", test_without_row);
    g_test_add_func("/exec/paper-broker/open-fills-in-later-row", test_open_fills_in_later_row);
    g_test_add_func("/exec/paper-broker/cancel", test_cancel);
    g_test_add_func("/exec/paper-broker/remembers", test_remembers);
    g_test_add_func("/exec/paper-broker/forgets-honestly", test_forgets_honestly);
    g_test_add_func("/exec/paper-broker/restores-open", test_restores_open);
    g_test_add_func("/exec/paper-broker/too-large", test_too_large);
    g_test_add_func("/exec/paper-broker/profit-of-reference", test_profit_of_reference);

    g_test_add_func("/exec/paper-broker/friction", test_friction);
    g_test_add_func("/exec/paper-broker/post-only", test_post_only);
    g_test_add_func("/exec/paper-broker/maker-fee", test_maker_fee);
    return g_test_run();
}
