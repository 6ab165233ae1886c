/* test-kraken-daily.c: what has changed at the fake Kraken since yesterday is told: F34, F35 */
#include "kw-error.h"
#include "kw-fake-kraken.h"
#include "kw-kraken-daily.h"
#include "kw-test.h"

static const gchar *const watched[] = {"BTC/EUR", "ETH/EUR", NULL};

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSecret *secret;
    KwKraken *kraken;
    KwKrakenPairs *pairs;
    KwKrakenDaily *daily; /* the last answer */
    GError *error;
    gboolean is_done;
} Fixture;

static void
set_up(Fixture *f, gconstpointer has_key)
{
    KwKrakenOptions options = {.user_agent = "kurswart-test", .timeout_ms = 1500, .seed = 1};
    g_autoptr(GError) error = NULL;

    f->fake = kw_fake_kraken_new(KW_TEST_T0_US);
    f->clock = kw_fake_clock_new(KW_TEST_T0_US);
    f->secret = kw_fake_kraken_make_secret();
    f->pairs = kw_fake_kraken_make_pairs();
    options.url = kw_fake_kraken_get_rest(f->fake);
    options.ca_file = kw_fake_kraken_get_ca_file(f->fake);
    if (has_key != NULL) {
        options.key = KW_FAKE_KRAKEN_KEY;
        options.secret = f->secret;
    }
    f->kraken = kw_kraken_new(KW_CLOCK(f->clock), &options, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_object(&f->kraken);
    g_clear_pointer(&f->daily, kw_kraken_daily_free);
    g_clear_pointer(&f->pairs, kw_kraken_pairs_unref);
    g_clear_object(&f->clock);
    g_clear_pointer(&f->secret, kw_secret_free);
    g_clear_error(&f->error);
    kw_fake_kraken_free(f->fake);
}

static void
on_daily(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Fixture *f = user_data;

    f->daily = kw_kraken_daily_finish(KW_KRAKEN(source), result, &f->error);
    f->is_done = TRUE;
}

static gboolean
is_done(gpointer user_data)
{
    return ((Fixture *) user_data)->is_done;
}

static void
ask(Fixture *f)
{
    g_clear_pointer(&f->daily, kw_kraken_daily_free);
    g_clear_error(&f->error);
    f->is_done = FALSE;
    kw_kraken_daily_async(f->kraken, f->pairs, watched, NULL, on_daily, f);
    for (guint i = 0; i < 60 && !f->is_done; i++) {
        gint64 until_us = kw_stopwatch_us() + 60000;

        while (!f->is_done && kw_stopwatch_us() < until_us)
            (void) g_main_context_iteration(NULL, FALSE);
        if (!f->is_done)
            kw_fake_kraken_advance(f->fake, f->clock, 1);
    }
    kw_fake_kraken_wait(is_done, f, "the answer");
}

static const KwKrakenChange *
change_at(const Fixture *f, guint index)
{
    g_assert_cmpuint(index, <, f->daily->changes->len);
    return &g_array_index(f->daily->changes, KwKrakenChange, index);
}

/* F34: the table that others borrow goes along, in place */
static void
test_pairs(Fixture *f, gconstpointer data)
{
    const KwKrakenPair *bitcoin = kw_kraken_pairs_find(f->pairs, "BTC/EUR");
    const KwKrakenPair *ether = kw_kraken_pairs_find(f->pairs, "ETH/EUR");
    KwDecimal price;

    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->daily->changes->len, ==, 0);

    kw_fake_kraken_tell(f->fake, "pair",
                        "{\"pair\":\"XBTEUR\",\"tick_size\":\"0.5\",\"ordermin\":\"0.002\"}");
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"delisted\"}");
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XDGEUR\",\"status\":\"cancel_only\"}");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpuint(f->daily->changes->len, ==, 2);
    g_assert_cmpint(change_at(f, 0)->flags, ==,
                    KW_KRAKEN_CHANGE_STEPS | KW_KRAKEN_CHANGE_MINIMA);
    g_assert_cmpstr(change_at(f, 0)->before.market.name, ==, "BTC/EUR");
    g_assert_cmpint(change_at(f, 1)->flags, ==, KW_KRAKEN_CHANGE_GONE);
    g_assert_cmpstr(change_at(f, 1)->after.market.name, ==, "ETH/EUR");
    g_assert_true(kw_kraken_pairs_find(f->pairs, "XXBTZEUR") == bitcoin);
    g_assert_true(
        kw_kraken_pair_fit_price(bitcoin, KW_SIDE_BUY, (KwDecimal){580007, 1}, &price, NULL));
    g_assert_cmpint(kw_decimal_cmp(price, (KwDecimal){580005, 1}), ==, 0);
    g_assert_cmpint(ether->state, ==, KW_KRAKEN_PAIR_ABSENT);

    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"online\"}");
    ask(f);
    g_assert_cmpuint(f->daily->changes->len, ==, 1);
    g_assert_cmpint(change_at(f, 0)->flags, ==, KW_KRAKEN_CHANGE_BACK);
}

/* F35; a pair that is gone does not hide the fees of the others */
static void
test_fees(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFeeTable) table = kw_fee_table_new();
    KwFeeTier before = {0};

    ask(f);
    g_assert_no_error(f->error);
    g_assert_no_error(f->daily->fee_error);
    g_assert_cmpuint(f->daily->tiers->len, ==, 2);
    for (guint i = 0; i < 2; i++)
        g_assert_false(
            kw_fee_table_note(table, &g_array_index(f->daily->tiers, KwFeeTier, i), NULL));

    kw_fake_kraken_tell(f->fake, "account", "{\"taker\":\"0.35\",\"maker\":\"0.20\"}");
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"delisted\"}");
    kw_fake_kraken_tell(f->fake, "skew", "{\"s\":86400}");
    kw_fake_clock_advance(f->clock, G_TIME_SPAN_DAY);
    ask(f);
    g_assert_no_error(f->daily->fee_error);
    g_assert_cmpuint(f->daily->tiers->len, ==, 1);
    g_assert_true(
        kw_fee_table_note(table, &g_array_index(f->daily->tiers, KwFeeTier, 0), &before));
    g_assert_cmpfloat_with_epsilon(before.taker_ratio, 0.004, 1e-12);
    g_assert_cmpfloat_with_epsilon(kw_fee_table_get_taker(table, "BTC/EUR", 1), 0.0035, 1e-12);
    g_assert_cmpint(kw_fee_table_find(table, "BTC/EUR")->since_us - before.since_us, >=,
                    G_TIME_SPAN_DAY);
}

/* Fees that cannot be had leave the pairs told. */
static void
test_no_right(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "key", "{\"key\":\"%s\",\"permissions\":[]}",
                        KW_FAKE_KRAKEN_KEY);
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"status\":\"post_only\"}");
    ask(f);
    g_assert_no_error(f->error);
    g_assert_cmpint(change_at(f, 0)->flags, ==, KW_KRAKEN_CHANGE_STATE);
    g_assert_nonnull(f->daily->fee_error);
    g_assert_cmpuint(f->daily->tiers->len, ==, 0);
}

static void
test_no_key(Fixture *f, gconstpointer data)
{
    ask(f);
    g_assert_no_error(f->error);
    g_assert_no_error(f->daily->fee_error);
    g_assert_cmpuint(f->daily->tiers->len, ==, 0);
    g_assert_cmpuint(kw_fake_kraken_count(f->fake, "TradeVolume"), ==, 0);
}

/* Without a directory nothing is known, and nothing is taken for gone. */
static void
test_no_directory(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "fault",
                        "{\"call\":\"AssetPairs\",\"do\":\"body\",\"times\":9,"
                        "\"text\":\"{\\\"error\\\":[],\\\"result\\\":{}}\"}");
    ask(f);
    g_assert_nonnull(f->error);
    g_assert_null(f->daily);
    g_assert_cmpint(kw_kraken_pairs_find(f->pairs, "BTC/EUR")->state, ==,
                    KW_KRAKEN_PAIR_ONLINE);
}

#define ADD(name, key, test)                                                                   \
    g_test_add("/exchange/kraken-daily/" name, Fixture, key, set_up, test, tear_down)

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    ADD("pairs", NULL, test_pairs);
    ADD("fees", "key", test_fees);
    ADD("no-right", "key", test_no_right);
    ADD("no-key", NULL, test_no_key);
    ADD("no-directory", NULL, test_no_directory);
    return g_test_run();
}
