/* test-strategy-terms.c: ranges of the exit rules, timeframes, ROI steps */
#include "kw-error.h"
#include "kw-nearest.h"
#include "kw-strategy-terms.h"

#include <math.h>
#include <string.h>

static void
test_terms_default(void)
{
    KwStrategyTerms terms = kw_strategy_terms_default();
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_strategy_terms_check(&terms, &error));
    g_assert_no_error(error);
    g_assert_true(terms.use_exit_signal);
    g_assert_true(isnan(terms.trailing_stop_positive));
    g_assert_null(kw_strategy_terms_find_roi(&terms, 100));
}

static void
assert_refused(const KwStrategyTerms *terms, const gchar *field)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_strategy_terms_check(terms, &error));
    g_assert_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE);
    g_assert_true(g_str_has_prefix(error->message, field));
    g_assert_cmpint(error->message[strlen(field)], ==, ':');
}

static void
test_terms_rejects(void)
{
    static const gdouble stoplosses[] = {NAN, 0.0, -0.0, 0.1, -1.0001, -INFINITY};
    KwStrategyTerms terms;

    for (gsize i = 0; i < G_N_ELEMENTS(stoplosses); i++) {
        terms = kw_strategy_terms_default();
        terms.stoploss = stoplosses[i];
        assert_refused(&terms, "stoploss");
    }
    terms = kw_strategy_terms_default();
    terms.trailing_stop_positive = 0.0;
    assert_refused(&terms, "trailing_stop_positive");
    terms.trailing_stop_positive = 0.02;
    terms.trailing_stop_positive_offset = 0.02;
    assert_refused(&terms, "trailing_stop_positive_offset");
    terms.trailing_stop_positive_offset = NAN;
    assert_refused(&terms, "trailing_stop_positive_offset");
    terms = kw_strategy_terms_default();
    terms.n_roi = 2;
    assert_refused(&terms, "minimal_roi");
    terms.roi[1].minutes = 5;
    terms.roi[1].ratio = NAN;
    assert_refused(&terms, "minimal_roi");
    terms = kw_strategy_terms_default();
    terms.timeframe_us = 0;
    assert_refused(&terms, "timeframe");
    terms = kw_strategy_terms_default();
    terms.startup_candles = KW_STRATEGY_MAX_STARTUP + 1;
    assert_refused(&terms, "startup_candles");
}

static void
test_terms_find_roi(void)
{
    KwStrategyTerms terms = kw_strategy_terms_default();

    terms.n_roi = 2;
    terms.roi[0] = (KwRoiStep){10, 0.05};
    terms.roi[1] = (KwRoiStep){60, 0.01};
    g_assert_null(kw_strategy_terms_find_roi(&terms, 9));
    g_assert_true(kw_strategy_terms_find_roi(&terms, 10) == &terms.roi[0]);
    g_assert_true(kw_strategy_terms_find_roi(&terms, 59) == &terms.roi[0]);
    g_assert_true(kw_strategy_terms_find_roi(&terms, 60) == &terms.roi[1]);
    g_assert_true(kw_strategy_terms_find_roi(&terms, G_MAXINT64) == &terms.roi[1]);
}

static void
test_nearest(void)
{
    g_autofree gchar *longest = g_strnfill(64, 'a');

    g_assert_cmpuint(kw_nearest_distance("", ""), ==, 0);
    g_assert_cmpuint(kw_nearest_distance("abc", ""), ==, 3);
    g_assert_cmpuint(kw_nearest_distance("kitten", "sitting"), ==, 3);
    g_assert_cmpuint(kw_nearest_distance(longest, "a"), ==, G_MAXUINT);
    g_assert_true(kw_nearest_is_near("stoplos", "stoploss"));
    g_assert_false(kw_nearest_is_near("colour", "stoploss"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strategy/terms/default", test_terms_default);
    g_test_add_func("/strategy/terms/rejects", test_terms_rejects);
    g_test_add_func("/strategy/terms/find-roi", test_terms_find_roi);
    g_test_add_func("/strategy/terms/nearest", test_nearest);
    return g_test_run();
}
