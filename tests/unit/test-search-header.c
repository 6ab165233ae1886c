/* test-search-header.c: which settings of two searches differ, by name */
#include "kw-search-header.h"
#include "kw-test.h"

static void
test_compare(void)
{
    static const struct {
        const gchar *there;
        const gchar *names; /* NULL: no search at all */
    } cases[] = {
        {"{\"strategy\":\"a\",\"fee\":0.004}", ""},
        {"{\"fee\":0.004,\"strategy\":\"a\"}", ""},
        {"{\"strategy\":\"b\",\"fee\":0.002}", "strategy, fee"},
        {"{\"strategy\":\"a\"}", "fee"},
        {"{\"strategy\":\"a\",\"fee\":0.004,\"mood\":1}", "mood"}, /* of another version */
        {"{\"fee\":0.004}", NULL},
        {"{", NULL},
        {"[]", NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree gchar *names =
            kw_search_header_compare(cases[i].there, "{\"strategy\":\"a\",\"fee\":0.004}");

        g_test_message("%s", cases[i].there);
        g_assert_cmpstr(names, ==, cases[i].names);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/app/search-header/compare", test_compare);
    return g_test_run();
}
