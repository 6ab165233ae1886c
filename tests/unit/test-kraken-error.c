/* test-kraken-error.c: each known error text has its class, and whether an order may exist
 * (F17)
 */
#include "kw-json.h"
#include "kw-kraken-error.h"
#include "kw-test.h"

#include <string.h>

/* The fixture's names of classes where ours differ */
static const struct {
    const gchar *theirs, *ours;
} names[] = {
    {"auth_fatal", "auth"},           {"throttled_until", "throttled"},
    {"order_too_small", "too_small"}, {"insufficient_funds", "funds"},
    {"market_restricted", "market"},  {"account_locked", "account"},
};

static const gchar *
our_name(const gchar *theirs)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i].theirs, theirs) == 0)
            return names[i].ours;
    }
    return theirs;
}

static void
test_fixture(void)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/errors.json");
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonArray *cases = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    g_assert_true(kw_json_get_array(kw_json_root_object(root, NULL), "cases", &cases, NULL));
    g_assert_cmpuint(json_array_get_length(cases), >=, 25);
    for (guint i = 0; i < json_array_get_length(cases); i++) {
        JsonObject *row = json_array_get_object_element(cases, i);
        const gchar *error = json_object_get_string_member(row, "error");
        KwKrakenTrouble trouble = kw_kraken_classify(error);

        g_test_message("%s", error);
        g_assert_cmpstr(kw_kraken_kind_to_string(trouble.kind), ==,
                        our_name(json_object_get_string_member(row, "cls")));
        g_assert_cmpint(
            trouble.order_may_exist, ==,
            g_str_equal(json_object_get_string_member(row, "order_may_exist"), "maybe"));
    }
}

static void
test_spelling(void)
{
    static const struct {
        const gchar *text;
        KwKrakenKind kind;
        gint64 until_s;
    } rows[] = {
        {"EService:Throttled:1741500000", KW_KRAKEN_THROTTLED, 1741500000},
        {"EService: Throttled: soon", KW_KRAKEN_THROTTLED, 0},
        {"EService:Throttled", KW_KRAKEN_THROTTLED, 0},
        {"eapi : INVALID NONCE", KW_KRAKEN_NONCE, 0},
        {"EGeneral:Invalid arguments:Index unavailable", KW_KRAKEN_BAD_REQUEST, 0},
        {"EGeneral:Invalid arguments:price", KW_KRAKEN_BAD_PRICE, 0},
        {"EGeneral:Internal error:1f3a", KW_KRAKEN_TRANSIENT, 0},
        {"EService:Market in limit_only mode", KW_KRAKEN_MARKET, 0},
        {"EOrder:Margin allowance exceeded", KW_KRAKEN_MARGIN, 0},
        {"EOrder:Marginal", KW_KRAKEN_UNKNOWN, 0},
        {"EOrder:Invalid price:bad", KW_KRAKEN_BAD_PRICE, 0},
        {"EQuery:Unknown asset pair", KW_KRAKEN_BAD_PAIR, 0},
        {"", KW_KRAKEN_UNKNOWN, 0},
        {":", KW_KRAKEN_UNKNOWN, 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwKrakenTrouble trouble = kw_kraken_classify(rows[i].text);

        g_test_message("'%s'", rows[i].text);
        g_assert_cmpint(trouble.kind, ==, rows[i].kind);
        g_assert_cmpint(trouble.until_s, ==, rows[i].until_s);
    }
}

/* A reaction is either "later again" or "stop and tell", never both. */
static void
test_reactions(void)
{
    for (guint i = 0; i < KW_N_KRAKEN_KINDS; i++) {
        KwKrakenKind kind = (KwKrakenKind) i;

        g_assert_nonnull(kw_kraken_kind_to_string(kind));
        g_assert_false(kw_kraken_kind_may_pass(kind) && kw_kraken_kind_is_fatal(kind));
    }
    g_assert_true(kw_kraken_kind_is_fatal(KW_KRAKEN_LOCKOUT));
    g_assert_true(kw_kraken_kind_may_pass(KW_KRAKEN_TRANSIENT));
    g_assert_false(kw_kraken_kind_may_pass(KW_KRAKEN_UNKNOWN));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-error/fixture", test_fixture);
    g_test_add_func("/exchange/kraken-error/spelling", test_spelling);
    g_test_add_func("/exchange/kraken-error/reactions", test_reactions);
    return g_test_run();
}
