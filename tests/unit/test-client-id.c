/* test-client-id.c: the same key, the same id; and no other form is ours */
#include "kw-client-id.h"

#include <string.h>

static void
test_make(void)
{
    gchar a[KW_ID_SIZE], b[KW_ID_SIZE];

    kw_client_id_make("BTC/USDT|1", a);
    kw_client_id_make("BTC/USDT|1", b);
    g_assert_cmpstr(a, ==, b);
    g_assert_cmpuint(strlen(a), ==, 18);
    g_assert_true(kw_client_id_is_ours(a));

    kw_client_id_make("BTC/USDT|2", b);
    g_assert_cmpstr(a, !=, b);
    kw_client_id_make("", a);
    g_assert_cmpstr(a, ==, "kwcbf29ce484222325"); /* the offset of FNV-1a */
}

static void
test_is_ours(void)
{
    static const gchar *const others[] = {"",
                                          "kw",
                                          "kw0123",
                                          "KW0123456789abcdef",
                                          "kw0123456789abcdeF",
                                          "kw0123456789abcdef0",
                                          "my-own-order"};

    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_test_message("'%s'", others[i]);
        g_assert_false(kw_client_id_is_ours(others[i]));
    }
    g_assert_true(kw_client_id_is_ours("kw0123456789abcdef"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/client-id/make", test_make);
    g_test_add_func("/exec/client-id/is-ours", test_is_ours);

    return g_test_run();
}
