#include "kw-order-table.h"
#include "kw-test.h"

#include <string.h>

static KwOrder *
new_order(const gchar *client_id, const gchar *pair, KwSide side, KwOrderState state)
{
    KwOrder *order = g_new0(KwOrder, 1);

    (void) g_strlcpy(order->client_id, client_id, sizeof order->client_id);
    (void) g_strlcpy(order->pair, pair, sizeof order->pair);
    order->side = side;
    order->state = state;
    order->trade_id = 3;
    order->amount = (KwDecimal){.mant = 10, .scale = 1};
    order->filled = (KwDecimal){.mant = 4, .scale = 1};
    return order;
}

static void
test_live(void)
{
    g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);
    KwOrder *order = new_order("a", "BTC/USDT", KW_SIDE_BUY, KW_ORDER_STATE_UNKNOWN);

    kw_order_table_add(table, order);
    kw_order_table_add(table, new_order("b", "ETH/USDT", KW_SIDE_BUY, KW_ORDER_STATE_FILLED));
    g_assert_cmpuint(kw_order_table_get_n_live(table), ==, 1);
    g_assert_true(kw_order_table_is_busy(table, "BTC/USDT"));
    g_assert_false(kw_order_table_is_busy(table, "ETH/USDT"));
    g_assert_true(kw_order_table_has_state(table, "BTC/USDT", KW_ORDER_STATE_UNKNOWN));
    g_assert_false(kw_order_table_has_state(table, "BTC/USDT", KW_ORDER_STATE_OPEN));

    order->state = KW_ORDER_STATE_CANCELLED;
    kw_order_table_retire(table, order);
    g_assert_false(kw_order_table_is_busy(table, "BTC/USDT"));
    g_assert_true(kw_order_table_find(table, "a") == order);
    kw_order_table_remove(table, order);
    g_assert_null(kw_order_table_find(table, "a"));
}

/* A stop that only waits keeps nobody from anything, until the market comes to it. */
static void
test_waiting(void)
{
    g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);
    KwOrder *stop = new_order("a", "X/Y", KW_SIDE_SELL, KW_ORDER_STATE_UNKNOWN);
    g_auto(GStrv) none = NULL, one = NULL;

    stop->type = KW_ORDER_TYPE_STOP_LOSS;
    kw_order_table_add(table, stop);
    kw_order_table_add(table, new_order("b", "Z/Y", KW_SIDE_SELL, KW_ORDER_STATE_OPEN));
    g_assert_true(kw_order_table_is_busy(table, "X/Y"));
    none = kw_order_table_list_triggers(table, 3);
    g_assert_null(none[0]);

    stop->state = KW_ORDER_STATE_OPEN;
    g_assert_false(kw_order_table_is_busy(table, "X/Y"));
    g_assert_true(kw_order_table_is_busy(table, "Z/Y"));
    one = kw_order_table_list_triggers(table, 3);
    g_assert_cmpuint(g_strv_length(one), ==, 1);
    g_assert_cmpstr(one[0], ==, "a");

    stop->state = KW_ORDER_STATE_PARTIAL;
    g_assert_true(kw_order_table_is_busy(table, "X/Y"));
}

static void
test_offered(void)
{
    g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);

    kw_order_table_add(table, new_order("a", "X/Y", KW_SIDE_SELL, KW_ORDER_STATE_PARTIAL));
    kw_order_table_add(table, new_order("b", "X/Y", KW_SIDE_SELL, KW_ORDER_STATE_INTENT));
    kw_order_table_add(table, new_order("c", "X/Y", KW_SIDE_BUY, KW_ORDER_STATE_OPEN));
    kw_order_table_add(table, new_order("d", "X/Y", KW_SIDE_SELL, KW_ORDER_STATE_CANCELLED));

    g_assert_cmpfloat(kw_decimal_to_double(kw_order_table_sum_offered(table, 3)), ==, 1.2);
    g_assert_cmpint(kw_decimal_sign(kw_order_table_sum_offered(table, 4)), ==, 0);
}

static void
test_client_id(void)
{
    g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);
    gchar id[KW_ID_SIZE], other[KW_ID_SIZE];

    kw_order_table_make_client_id(table, "BTC/USDT", KW_TEST_T0_US, KW_SIDE_BUY, id);
    g_assert_cmpuint(strlen(id), ==, 18);
    kw_order_table_make_client_id(table, "BTC/USDT", KW_TEST_T0_US, KW_SIDE_BUY, other);
    g_assert_cmpstr(id, ==, other);
    kw_order_table_make_client_id(table, "BTC/USDT", KW_TEST_T0_US, KW_SIDE_SELL, other);
    g_assert_cmpstr(id, !=, other);
    kw_order_table_make_client_id(table, "ETH/USDT", KW_TEST_T0_US, KW_SIDE_BUY, other);
    g_assert_cmpstr(id, !=, other);
    kw_order_table_make_client_id(table, "BTC/USDT", KW_TEST_T0_US + 1, KW_SIDE_BUY, other);
    g_assert_cmpstr(id, !=, other);
}

/* Only LAPSED makes a new attempt; a buy has two, a sell as many as it needs. */
static void
test_attempts(void)
{
    static const KwSide sides[] = {KW_SIDE_BUY, KW_SIDE_SELL};

    for (guint s = 0; s < G_N_ELEMENTS(sides); s++) {
        g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);
        g_autoptr(GHashTable) seen =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        gchar id[KW_ID_SIZE];

        for (guint attempt = 0; attempt < 5; attempt++) {
            kw_order_table_make_client_id(table, "BTC/USDT", 1, sides[s], id);
            if (kw_order_table_find(table, id) != NULL)
                break;
            g_assert_true(g_hash_table_add(seen, g_strdup(id)));
            kw_order_table_add(table,
                               new_order(id, "BTC/USDT", sides[s], KW_ORDER_STATE_LAPSED));
        }
        g_assert_cmpuint(g_hash_table_size(seen), ==, sides[s] == KW_SIDE_BUY ? 2 : 5);
    }
}

static void
test_other_ends_keep_id(void)
{
    static const KwOrderState states[] = {KW_ORDER_STATE_FILLED, KW_ORDER_STATE_CANCELLED,
                                          KW_ORDER_STATE_REJECTED, KW_ORDER_STATE_UNKNOWN};

    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autoptr(KwOrderTable) table = kw_order_table_new(g_free);
        gchar id[KW_ID_SIZE], again[KW_ID_SIZE];

        kw_order_table_make_client_id(table, "BTC/USDT", 1, KW_SIDE_SELL, id);
        kw_order_table_add(table, new_order(id, "BTC/USDT", KW_SIDE_SELL, states[i]));
        kw_order_table_make_client_id(table, "BTC/USDT", 1, KW_SIDE_SELL, again);
        g_assert_cmpstr(id, ==, again);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/order-table/live", test_live);
    g_test_add_func("/exec/order-table/waiting", test_waiting);
    g_test_add_func("/exec/order-table/offered", test_offered);
    g_test_add_func("/exec/order-table/client-id", test_client_id);
    g_test_add_func("/exec/order-table/attempts", test_attempts);
    g_test_add_func("/exec/order-table/other-ends-keep-id", test_other_ends_keep_id);

    return g_test_run();
}
