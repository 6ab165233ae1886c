/* test-address.c: where a secret may be sent, and what only looks like it */
#include "kw-address.h"

typedef enum { ELSEWHERE, PRIVATE, LOCAL, BOTH } Expected; /* bits: private, local */

static void
test_table(void)
{
    static const struct {
        const gchar *url;
        Expected expected;
    } rows[] = {
        {"https://bridge.example/users/current/accounts/1", PRIVATE},
        {"HTTPS://bridge.example", PRIVATE},
        {"https://127.0.0.1:8443/a#b", BOTH},
        {"http://127.0.0.1:8080/users", BOTH},
        {"http://127.0.0.1", BOTH},
        {"http://127.9.9.9:1/", BOTH},
        {"http://[::1]:8080/", BOTH},
        {"http://localhost:8080/a%2Fb", BOTH},
        {"wss://localhost/", LOCAL},
        {"http://bridge.example/", ELSEWHERE},
        {"http://127.0.0.1:1@bridge.example/", ELSEWHERE},
        {"https://name:word@bridge.example/", ELSEWHERE},
        {"http://127.0.0.1.bridge.example/", ELSEWHERE},
        {"http://localhost.example:80/", ELSEWHERE},
        {"http://bridge.example\\@127.0.0.1/", ELSEWHERE},
        {"http://10.0.0.1:80/", ELSEWHERE},
        {"http://0.0.0.0:80/", ELSEWHERE},
        {"ftp://bridge.example/", ELSEWHERE},
        {"https://", ELSEWHERE},
        {"https://a b/", ELSEWHERE},
        {"127.0.0.1:80", ELSEWHERE},
        {"/run/bridge.sock", ELSEWHERE},
        {"", ELSEWHERE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %s", rows[i].url);
        g_assert_cmpint(kw_address_is_private(rows[i].url), ==,
                        rows[i].expected == PRIVATE || rows[i].expected == BOTH);
        g_assert_cmpint(kw_address_is_local(rows[i].url), ==,
                        rows[i].expected == LOCAL || rows[i].expected == BOTH);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/address/table", test_table);
    return g_test_run();
}
