/* test-kraken-pairs.c: four names of a pair, its steps and minima, balances by any key */
#include "kw-error.h"
#include "kw-kraken-pairs.h"
#include "kw-test.h"

#include <string.h>

static JsonNode *
load(const gchar *name)
{
    g_autofree gchar *path = kw_test_fixture_path(name);
    g_autofree gchar *text = NULL;
    JsonNode *root;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    g_assert_nonnull(root);
    return root;
}

static KwKrakenPairs *
make(void)
{
    g_autoptr(JsonNode) root = load("kraken/names.json");
    JsonObject *all = json_node_get_object(root);
    g_autoptr(GError) error = NULL;
    KwKrakenPairs *self =
        kw_kraken_pairs_new(json_object_get_object_member(all, "assets"),
                            json_object_get_object_member(all, "pairs"), &error);

    g_assert_no_error(error);
    return self;
}

static void
test_names(void)
{
    static const gchar *const names[][4] = {
        {"XXBTZEUR", "XBTEUR", "XBT/EUR", "BTC/EUR"},
        {"XDGUSD", "XDGUSD", "XDG/USD", "DOGE/USD"},
        {"ZETAUSD", "ZETAUSD", "ZETA/USD", "ZETA/USD"},
        {"XIONEUR", "XIONEUR", "XION/EUR", "XION/EUR"},
    };
    g_autoptr(KwKrakenPairs) pairs = make();

    g_assert_cmpuint(kw_kraken_pairs_get_length(pairs), ==, 4);
    g_assert_cmpuint(kw_kraken_pairs_get_n_skipped(pairs), ==, 2);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, names[i][0]);

        g_assert_nonnull(pair);
        for (gsize k = 1; k < 4; k++)
            g_assert_true(kw_kraken_pairs_find(pairs, names[i][k]) == pair);
        g_assert_cmpstr(pair->market.name, ==, names[i][3]);
    }
    g_assert_null(kw_kraken_pairs_find(pairs, "BTCEUR"));
    g_assert_null(kw_kraken_pairs_find(pairs, "AAPLx/USD"));
    g_assert_null(kw_kraken_pairs_find(pairs, "XXBTZEUR.d"));
}

static void
test_terms(void)
{
    g_autoptr(KwKrakenPairs) pairs = make();
    const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, "BTC/EUR");
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_assert_cmpuint(pair->price_decimals, ==, 1);
    g_assert_cmpstr(kw_decimal_to_text(pair->market.price_tick, text), ==, "0.1");
    g_assert_cmpstr(kw_decimal_to_text(pair->market.amount_tick, text), ==, "0.00000001");
    g_assert_cmpfloat(pair->taker_ratio, ==, 0.004);
    g_assert_cmpfloat(pair->maker_ratio, ==, 0.0025);
    /* without fees_maker the same fee counts on both sides */
    g_assert_cmpfloat(kw_kraken_pairs_find(pairs, "DOGE/USD")->maker_ratio, ==, 0.004);
    g_assert_cmpint(pair->state, ==, KW_KRAKEN_PAIR_ONLINE);
}

static void
test_assets(void)
{
    static const struct {
        const gchar *key, *code;
        gboolean is_spendable;
    } rows[] = {
        {"XXBT", "BTC", TRUE},      {"XBT.F", "BTC", TRUE},  {"XBT.B", "BTC", FALSE},
        {"XXDG", "DOGE", TRUE},     {"ZEUR", "EUR", TRUE},   {"EUR.F", "EUR", TRUE},
        {"EUR.HOLD", "EUR", FALSE}, {"USD.M", "USD", FALSE}, {"ETH.F", "ETH", TRUE},
        {"DOT.S", "DOT", FALSE},    {"NEW", "NEW", TRUE},    {"ZETA", "ZETA", TRUE},
    };
    g_autoptr(KwKrakenPairs) pairs = make();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwKrakenAsset asset = kw_kraken_pairs_get_asset(pairs, rows[i].key);

        g_test_message("%s", rows[i].key);
        g_assert_cmpstr(asset.code, ==, rows[i].code);
        g_assert_cmpint(asset.is_spendable, ==, rows[i].is_spendable);
    }
}

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
test_fit(void)
{
    g_autoptr(KwKrakenPairs) pairs = make();
    const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, "BTC/EUR");
    gchar text[KW_DECIMAL_TEXT_SIZE];
    KwDecimal out = KW_DECIMAL_ZERO;
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_pair_fit_price(pair, KW_SIDE_BUY, dec("58123.47"), &out, NULL));
    g_assert_cmpstr(kw_decimal_to_text(out, text), ==, "58123.4");
    g_assert_true(kw_kraken_pair_fit_price(pair, KW_SIDE_SELL, dec("58123.41"), &out, NULL));
    g_assert_cmpstr(kw_decimal_to_text(out, text), ==, "58123.5");
    g_assert_false(kw_kraken_pair_fit_price(pair, KW_SIDE_BUY, dec("0.05"), &out, &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE);
    g_clear_error(&error);

    g_assert_true(
        kw_kraken_pair_fit_amount(pair, dec("58000"), dec("0.0012345678987"), &out, NULL));
    g_assert_cmpstr(kw_decimal_to_text(out, text), ==, "0.00123456");
    g_assert_false(
        kw_kraken_pair_fit_amount(pair, dec("58000"), dec("0.00009999"), &out, &error));
    g_assert_nonnull(strstr(error->message, "amount"));
    g_clear_error(&error);
    g_assert_false(kw_kraken_pair_fit_amount(pair, dec("10"), dec("0.01"), &out, &error));
    g_assert_nonnull(strstr(error->message, "cost"));
}

/* F34: precision, minimum and state change while we run. */
static void
test_update(void)
{
    static const gchar text[] =
        "{\"pairs\":[{\"symbol\":\"BTC/EUR\",\"status\":\"limit_only\",\"qty_precision\":6,"
        "\"price_precision\":0,\"price_increment\":1,\"qty_min\":0.0005,\"cost_min\":0.50},"
        "{\"symbol\":\"NEW/EUR\",\"status\":\"online\"},{\"symbol\":\"DOGE/USD\"},7]}";
    g_autoptr(KwKrakenPairs) pairs = make();
    const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, "BTC/EUR");
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, NULL);

    g_assert_cmpuint(kw_kraken_pairs_update(pairs, json_node_get_object(root)), ==, 1);
    g_assert_cmpint(pair->state, ==, KW_KRAKEN_PAIR_LIMIT_ONLY);
    g_assert_cmpuint(pair->price_decimals, ==, 0);
    g_assert_cmpint(kw_decimal_cmp(pair->market.min_amount, dec("0.0005")), ==, 0);
    g_assert_cmpuint(kw_kraken_pairs_update(pairs, json_node_get_object(root)), ==, 0);
    kw_kraken_pairs_set_state(pairs, "XBTEUR", KW_KRAKEN_PAIR_ABSENT);
    g_assert_cmpint(pair->state, ==, KW_KRAKEN_PAIR_ABSENT);
    g_assert_cmpint(kw_kraken_pair_state_from_string("work_in_progress"), ==,
                    KW_KRAKEN_PAIR_ABSENT);
}

/* The recorded list, whose numbers are texts */
static void
test_recorded(void)
{
    g_autoptr(JsonNode) pairs_root = load("kraken/rest/ccxt_asset_pairs.json");
    g_autoptr(JsonNode) assets_root = load("kraken/rest/ccxt_assets.json");
    g_autoptr(KwKrakenPairs) pairs = NULL;
    g_autoptr(GError) error = NULL;
    JsonObject *names, *results[2];
    JsonObjectIter iter;
    const gchar *id;
    JsonNode *name;

    names =
        json_object_get_object_member(json_node_get_object(pairs_root), "normalised_symbol");
    results[0] = json_object_get_object_member(
        json_object_get_object_member(json_node_get_object(assets_root), "response"), "result");
    results[1] = json_object_get_object_member(
        json_object_get_object_member(json_node_get_object(pairs_root), "response"), "result");
    pairs = kw_kraken_pairs_new(results[0], results[1], &error);
    g_assert_no_error(error);
    g_assert_cmpuint(kw_kraken_pairs_get_n_skipped(pairs), ==, 0);
    json_object_iter_init(&iter, names);
    while (json_object_iter_next(&iter, &id, &name)) {
        const KwKrakenPair *pair = kw_kraken_pairs_find(pairs, id);

        g_test_message("%s", id);
        g_assert_nonnull(pair);
        g_assert_cmpstr(pair->market.name, ==, json_node_get_string(name));
    }
}

static void
test_nothing(void)
{
    g_autoptr(JsonNode) empty = kw_json_parse_text("{}", -1, NULL);
    g_autoptr(JsonNode) bad = kw_json_parse_text("{\"A\":{\"altname\":\"A\"}}", -1, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(
        kw_kraken_pairs_new(json_node_get_object(empty), json_node_get_object(bad), &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER);
    g_clear_error(&error);
    g_assert_null(
        kw_kraken_pairs_new(json_node_get_object(empty), json_node_get_object(empty), &error));
    g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-pairs/names", test_names);
    g_test_add_func("/exchange/kraken-pairs/terms", test_terms);
    g_test_add_func("/exchange/kraken-pairs/assets", test_assets);
    g_test_add_func("/exchange/kraken-pairs/fit", test_fit);
    g_test_add_func("/exchange/kraken-pairs/update", test_update);
    g_test_add_func("/exchange/kraken-pairs/recorded", test_recorded);
    g_test_add_func("/exchange/kraken-pairs/nothing", test_nothing);
    return g_test_run();
}
