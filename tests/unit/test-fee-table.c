/* test-fee-table.c: tiers are noted with their date, told when they change, kept over a restart
 */
#include "kw-error.h"
#include "kw-fee-table.h"
#include "kw-test.h"

#define DAY G_TIME_SPAN_DAY

static KwFeeTier
make_tier(gdouble taker, gdouble maker, gint64 now_us)
{
    return (KwFeeTier){.pair = "BTC/EUR",
                       .taker_ratio = taker,
                       .maker_ratio = maker,
                       .volume_usd = 12345.5,
                       .checked_us = now_us};
}

/* F35 */
static void
test_change(void)
{
    g_autoptr(KwFeeTable) table = kw_fee_table_new();
    KwFeeTier first = make_tier(0.004, 0.0025, DAY), same = make_tier(0.004, 0.0025, 2 * DAY),
              maker = make_tier(0.004, 0.002, 3 * DAY), before = {0};

    g_assert_cmpfloat(kw_fee_table_get_taker(table, "BTC/EUR", 0.01), ==, 0.01);
    g_assert_false(kw_fee_table_note(table, &first, &before));
    g_assert_cmpfloat(kw_fee_table_get_taker(table, "BTC/EUR", 0.01), ==, 0.004);
    g_assert_false(kw_fee_table_note(table, &same, &before));
    g_assert_cmpint(before.checked_us, ==, 0);
    g_assert_cmpint(kw_fee_table_find(table, "BTC/EUR")->since_us, ==, DAY);
    g_assert_cmpint(kw_fee_table_find(table, "BTC/EUR")->checked_us, ==, 2 * DAY);
    g_assert_true(kw_fee_table_note(table, &maker, &before));
    g_assert_cmpfloat(before.maker_ratio, ==, 0.0025);
    g_assert_cmpint(before.checked_us, ==, 2 * DAY);
    g_assert_cmpint(kw_fee_table_find(table, "BTC/EUR")->since_us, ==, 3 * DAY);
    g_assert_null(kw_fee_table_find(table, "ETH/EUR"));
}

static void
test_restore(void)
{
    g_autoptr(GHashTable) notes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(KwFeeTable) table = kw_fee_table_new();
    KwFeeTier tier = make_tier(0.0035, 0.0021, 9 * DAY);
    const KwFeeTier *read;

    tier.since_us = 7 * DAY;
    (void) g_hash_table_insert(notes, (gpointer) "fee BTC/EUR", kw_fee_tier_to_text(&tier));
    (void) g_hash_table_insert(notes, (gpointer) "fee ETH/EUR", g_strdup("0.4"));
    (void) g_hash_table_insert(notes, (gpointer) "feed", g_strdup("0 0 0 0 0"));
    g_assert_cmpuint(kw_fee_table_restore(table, notes), ==, 1);
    read = kw_fee_table_find(table, "BTC/EUR");
    g_assert_cmpfloat(read->taker_ratio, ==, 0.0035);
    g_assert_cmpfloat(read->maker_ratio, ==, 0.0021);
    g_assert_cmpfloat(read->volume_usd, ==, 12345.5);
    g_assert_cmpint(read->since_us, ==, 7 * DAY);
    g_assert_cmpint(read->checked_us, ==, 9 * DAY);
}

static void
test_refusals(void)
{
    static const gchar *const texts[] = {"",
                                         "0.1 0.1 0 1",
                                         "0.2 0.1 0 1 1",
                                         "-0.1 0.1 0 1 1",
                                         "nan 0.1 0 1 1",
                                         "0.1 0.1 inf 1 1",
                                         "0.1 0.1 0 -1 1",
                                         "0.1 0.1 0 1 1 1",
                                         "0,1 0.1 0 1 1"};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        KwFeeTier tier;

        g_assert_false(kw_fee_tier_parse("BTC/EUR", texts[i], &tier, &error));
        g_assert_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX);
    }
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ledger/fee-table/change", test_change);
    g_test_add_func("/ledger/fee-table/restore", test_restore);
    g_test_add_func("/ledger/fee-table/refusals", test_refusals);
    return g_test_run();
}
