/* test-pattern.c: earlier trades of the same kind have their say, once there are enough */
#include "kw-pattern.h"

#include "kw-store-rows.h"

#include <math.h>
#include <string.h>

typedef struct {
    const gchar *strategy, *tag, *regime;
    guint n, n_wins;
} Record;

/* @n closed trades of a kind, the first ones with a profit */
static void
add_trades(KwPortfolio *portfolio, const Record *record)
{
    static gint64 id = 0;

    for (guint i = 0; i < record->n; i++) {
        KwTrade trade = {.id = ++id, .state = KW_TRADE_STATE_CLOSED, .confidence = NAN};

        trade.profit_abs = kw_test_decimal(i < record->n_wins ? "1" : "-1");
        trade.cost = kw_test_decimal("10");
        trade.proceeds = kw_test_decimal(i < record->n_wins ? "11" : "9");
        g_strlcpy(trade.pair, "BTC/USDT", sizeof trade.pair);
        g_strlcpy(trade.strategy, record->strategy, sizeof trade.strategy);
        g_strlcpy(trade.enter_tag, record->tag, sizeof trade.enter_tag);
        g_strlcpy(trade.regime, record->regime, sizeof trade.regime);
        g_assert_true(kw_portfolio_restore_trade(portfolio, &trade, NULL));
    }
}

static KwSignalValues
make_signal(gdouble confidence, const gchar *tag, const gchar *regime)
{
    return (KwSignalValues){.enter = TRUE,
                            .confidence = confidence,
                            .tier = kw_tier_of(confidence),
                            .tag = tag,
                            .regime = regime};
}

/* 10 of 40: the interval ends near 0.40 */
static void
test_contradicted(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    KwSignalValues signal = make_signal(0.8, "band", "calm");

    add_trades(portfolio, &(Record){"s", "band", "calm", 40, 10});
    kw_pattern_adjust(portfolio, "s", &signal);
    g_assert_cmpfloat_with_epsilon(signal.confidence, 0.4019, 0.001);
    g_assert_cmpint(signal.tier, ==, KW_CONFIDENCE_TIER_NONE);
    signal = make_signal(0.3, "band", "calm"); /* agrees */
    kw_pattern_adjust(portfolio, "s", &signal);
    g_assert_cmpfloat(signal.confidence, ==, 0.3);
}

/* A good record lifts the confidence, but not the tier, which two scans have to meet */
static void
test_lifted(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    KwSignalValues signal = make_signal(0.5, NULL, "calm");

    add_trades(portfolio, &(Record){"s", "", "calm", 100, 80});
    kw_pattern_adjust(portfolio, "s", &signal);
    g_assert_cmpfloat_with_epsilon(signal.confidence, 0.7112, 0.001);
    g_assert_cmpint(signal.tier, ==, KW_CONFIDENCE_TIER_NONE);
}

static void
test_floor(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    KwSignalValues signal = make_signal(0.8, "band", "calm");

    add_trades(portfolio, &(Record){"s", "band", "calm", KW_PATTERN_MIN_TRADES - 1, 0});
    add_trades(portfolio, &(Record){"s", "band", "wild", 100, 0});
    add_trades(portfolio, &(Record){"s", "other", "calm", 100, 0});
    add_trades(portfolio, &(Record){"t", "band", "calm", 100, 0});
    kw_pattern_adjust(portfolio, "s", &signal);
    g_assert_cmpfloat(signal.confidence, ==, 0.8);
    g_assert_cmpint(signal.tier, ==, KW_CONFIDENCE_TIER_HIGH);
    add_trades(portfolio, &(Record){"s", "band", "calm", 1, 0});
    kw_pattern_adjust(portfolio, "s", &signal);
    g_assert_cmpfloat(signal.confidence, <, 0.2);
}

static void
test_nothing_to_say(void)
{
    g_autoptr(KwPortfolio) portfolio = kw_portfolio_new(kw_test_decimal("1000"));
    KwSignalValues plain = make_signal(0.8, NULL, NULL);
    KwSignalValues silent = make_signal((gdouble) NAN, "band", "calm");

    add_trades(portfolio, &(Record){"s", "", "", 100, 0});
    add_trades(portfolio, &(Record){"s", "band", "calm", 100, 0});
    kw_pattern_adjust(portfolio, "s", &plain);
    kw_pattern_adjust(portfolio, "s", &silent);
    g_assert_cmpfloat(plain.confidence, ==, 0.8);
    g_assert_true(isnan(silent.confidence));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/risk/pattern/contradicted", test_contradicted);
    g_test_add_func("/risk/pattern/lifted", test_lifted);
    g_test_add_func("/risk/pattern/floor", test_floor);
    g_test_add_func("/risk/pattern/nothing-to-say", test_nothing_to_say);
    return g_test_run();
}
