/* test-order.c: names and legal changes of orders */
#include "kw-error.h"
#include "kw-order.h"

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
test_names_round_trip(void)
{
    for (guint i = 0; i < KW_N_ORDER_STATES; i++) {
        KwOrderState state = KW_N_ORDER_STATES;

        g_assert_true(kw_order_state_from_string(kw_order_state_to_string(i), &state, NULL));
        g_assert_cmpint(state, ==, i);
    }
    for (guint i = 0; i < KW_N_ORDER_TYPES; i++) {
        KwOrderType type = KW_N_ORDER_TYPES;

        g_assert_true(kw_order_type_from_string(kw_order_type_to_string(i), &type, NULL));
        g_assert_cmpint(type, ==, i);
    }
    g_assert_cmpstr(kw_order_type_to_string(KW_ORDER_TYPE_STOP_LOSS), ==, "stop_loss");
    g_assert_cmpstr(kw_order_state_to_string(KW_ORDER_STATE_INTENT), ==, "intent");
    g_assert_cmpstr(kw_order_state_to_string(KW_ORDER_STATE_UNKNOWN), ==, "unknown");
    g_assert_cmpstr(kw_order_state_to_string(KW_ORDER_STATE_LAPSED), ==, "lapsed");
    g_assert_cmpstr(kw_order_state_to_string(KW_ORDER_STATE_CANCELLED), ==, "cancelled");
    g_assert_cmpstr(kw_side_to_string(KW_SIDE_SELL), ==, "sell");
    g_assert_cmpstr(kw_order_type_to_string(KW_ORDER_TYPE_LIMIT), ==, "limit");
}

static void
test_names_reject(void)
{
    static const gchar *const rows[] = {"", "Open", "open ", "opened", "\xff"};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        KwOrderState state = KW_ORDER_STATE_FILLED;
        KwSide side = KW_SIDE_SELL;
        KwOrderType type = KW_ORDER_TYPE_LIMIT;

        g_assert_false(kw_order_state_from_string(rows[i], &state, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
        g_assert_false(kw_side_from_string(rows[i], &side, NULL));
        g_assert_false(kw_order_type_from_string(rows[i], &type, NULL));
        g_assert_cmpint(state, ==, KW_ORDER_STATE_FILLED);
        g_assert_cmpint(side, ==, KW_SIDE_SELL);
        g_assert_cmpint(type, ==, KW_ORDER_TYPE_LIMIT);
    }
}

/* The whole table, written once more as a picture: row = before, column = after */
static void
test_table(void)
{
    static const gchar *const picture[KW_N_ORDER_STATES] = {
        /*                          I S O P F C R L U */
        [KW_ORDER_STATE_INTENT] = "xxxxxxxxx",   [KW_ORDER_STATE_SENT] = ".xxxxxxxx",
        [KW_ORDER_STATE_OPEN] = "..xxxx..x",     [KW_ORDER_STATE_PARTIAL] = "...xxx..x",
        [KW_ORDER_STATE_FILLED] = ".........",   [KW_ORDER_STATE_CANCELLED] = ".........",
        [KW_ORDER_STATE_REJECTED] = ".........", [KW_ORDER_STATE_LAPSED] = ".........",
        [KW_ORDER_STATE_UNKNOWN] = "..xxxxxxx",
    };

    for (guint from = 0; from < KW_N_ORDER_STATES; from++) {
        for (guint to = 0; to < KW_N_ORDER_STATES; to++) {
            g_test_message("%s -> %s", kw_order_state_to_string(from),
                           kw_order_state_to_string(to));
            g_assert_cmpint(kw_order_state_may_follow(from, to), ==, picture[from][to] == 'x');
        }
        g_assert_cmpint(kw_order_state_is_final(from), ==, picture[from][from] == '.');
    }
}

static void
test_state_refused_changes_nothing(void)
{
    KwOrder order = {.state = KW_ORDER_STATE_FILLED, .amount = dec("2"), .updated_us = 7};

    g_assert_false(kw_order_apply_state(&order, KW_ORDER_STATE_OPEN, 9));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(order.updated_us, ==, 7);

    order.state = KW_ORDER_STATE_SENT;
    g_assert_true(kw_order_apply_state(&order, KW_ORDER_STATE_OPEN, 9));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_OPEN);
    g_assert_cmpint(order.updated_us, ==, 9);
}

static void
test_state_with_fills(void)
{
    KwOrder order = {.state = KW_ORDER_STATE_UNKNOWN, .amount = dec("2"), .filled = dec("0.5")};

    g_assert_false(kw_order_apply_state(&order, KW_ORDER_STATE_LAPSED, 1));
    g_assert_false(kw_order_apply_state(&order, KW_ORDER_STATE_REJECTED, 1));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_true(kw_order_apply_state(&order, KW_ORDER_STATE_OPEN, 1));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_PARTIAL);
}

static void
test_fills(void)
{
    KwOrder order = {.state = KW_ORDER_STATE_SENT, .amount = dec("1.00")};

    g_assert_false(kw_order_apply_fill(&order, dec("0"), 1));
    g_assert_false(kw_order_apply_fill(&order, dec("-0.1"), 1));
    g_assert_false(kw_order_apply_fill(&order, dec("1.00000001"), 1));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_SENT);
    g_assert_cmpint(order.updated_us, ==, 0);

    g_assert_true(kw_order_apply_fill(&order, dec("0.4"), 2));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_PARTIAL);
    g_assert_false(kw_order_apply_fill(&order, dec("0.61"), 3));
    g_assert_cmpint(order.updated_us, ==, 2);
    g_assert_true(kw_order_apply_fill(&order, dec("0.6"), 4));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_FILLED);
    g_assert_cmpint(kw_decimal_cmp(order.filled, order.amount), ==, 0);
}

static void
test_fill_after_cancel_counts(void)
{
    KwOrder order = {.state = KW_ORDER_STATE_CANCELLED, .amount = dec("1")};

    g_assert_true(kw_order_apply_fill(&order, dec("0.3"), 2));
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpint(kw_decimal_cmp(order.filled, dec("0.3")), ==, 0);

    order.state = KW_ORDER_STATE_LAPSED;
    g_assert_false(kw_order_apply_fill(&order, dec("0.3"), 2));
    order.state = KW_ORDER_STATE_REJECTED;
    g_assert_false(kw_order_apply_fill(&order, dec("0.3"), 2));
    g_assert_cmpint(kw_decimal_cmp(order.filled, dec("0.3")), ==, 0);
}

/* Property: whatever messages come, the filled part never shrinks nor passes the amount, a
 * final state stays, and every accepted change is in the table. */
static void
test_random_messages(void)
{
    for (guint run = 0; run < 2000; run++) {
        KwOrder order = {.state = KW_ORDER_STATE_INTENT, .amount = dec("10")};

        for (guint i = 0; i < 20; i++) {
            KwOrder before = order;
            gboolean is_fill = g_test_rand_bit();
            KwOrderState to = g_test_rand_int_range(0, KW_N_ORDER_STATES);
            KwDecimal amount = kw_decimal_from_int(g_test_rand_int_range(-1, 6));
            gboolean done = is_fill ? kw_order_apply_fill(&order, amount, i + 1)
                                    : kw_order_apply_state(&order, to, i + 1);

            g_assert_cmpint(order.updated_us, ==, done ? i + 1 : before.updated_us);
            g_assert_cmpint(kw_decimal_cmp(order.filled, before.filled), >=, 0);
            g_assert_cmpint(kw_decimal_cmp(order.filled, order.amount), <=, 0);
            if (kw_order_state_is_final(before.state))
                g_assert_cmpint(order.state, ==, before.state);
            else if (done)
                g_assert_true(kw_order_state_may_follow(before.state, order.state));
            else
                g_assert_cmpint(order.state, ==, before.state);
            if (order.state == KW_ORDER_STATE_REJECTED ||
                order.state == KW_ORDER_STATE_LAPSED || order.state == KW_ORDER_STATE_OPEN)
                g_assert_cmpint(kw_decimal_sign(order.filled), ==, 0);
        }
    }
}

static void
test_fee(void)
{
    KwDecimal fee = KW_DECIMAL_ZERO;
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_fill_compute_fee(dec("30123.4"), dec("0.00331967"), 0.0026, &fee, NULL));
    /* every digit of the product is kept */
    g_assert_cmpint(kw_decimal_cmp(fee, dec("0.2599993429228")), ==, 0);
    g_assert_true(kw_fill_compute_fee(dec("1"), dec("1"), 0.0, &fee, NULL));
    g_assert_cmpint(kw_decimal_sign(fee), ==, 0);

    /* large: fewer digits, never rounded in our favour */
    g_assert_true(
        kw_fill_compute_fee(dec("99999.9"), dec("90000.00000001"), 0.001, &fee, NULL));
    /* exactly 8999991.000000999999 */
    g_assert_cmpint(kw_decimal_cmp(fee, dec("8999991.000000999")), >, 0);
    g_assert_cmpint(kw_decimal_cmp(fee, dec("8999991.00000101")), <, 0);
    g_assert_false(kw_fill_compute_fee(dec("999999999"), dec("999999999"), 0.5, &fee, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/order/names-round-trip", test_names_round_trip);
    g_test_add_func("/ledger/order/names-reject", test_names_reject);
    g_test_add_func("/ledger/order/table", test_table);
    g_test_add_func("/ledger/order/refused-changes-nothing",
                    test_state_refused_changes_nothing);
    g_test_add_func("/ledger/order/state-with-fills", test_state_with_fills);
    g_test_add_func("/ledger/order/fills", test_fills);
    g_test_add_func("/ledger/order/fill-after-cancel", test_fill_after_cancel_counts);
    g_test_add_func("/ledger/order/random-messages", test_random_messages);
    g_test_add_func("/ledger/order/fee", test_fee);
    return g_test_run();
}
