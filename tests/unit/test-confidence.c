/* Vectors of the confidence rules and of scipy's intervals (tests/fixtures/calibration) */
#include "kw-binomial.h"
#include "kw-confidence.h"
#include "kw-trade-stats.h"
#include "kw-vector.h"

#include <math.h>

#define TOLERANCE 1e-12

static void
test_tiers(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/tiers.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n = 0;
        g_autofree gdouble *p = kw_vector_numbers(row, "p", &n);
        g_autofree guint8 *hit = kw_vector_flags(row, "y");
        KwForecasts forecasts = {p, hit, n};
        KwTierReport report;

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        kw_tier_report_compute(&forecasts, &report);
        for (guint tier = 0; tier < KW_CONFIDENCE_N_TIERS; tier++) {
            JsonObject *expected = kw_vector_case(row, "rows", tier);
            const KwTierRow *found = &report.rows[tier];

            g_assert_cmpstr(kw_tier_to_string((KwConfidenceTier) tier), ==,
                            json_object_get_string_member(expected, "tier"));
            g_assert_cmpuint(found->n, ==, (guint) json_object_get_int_member(expected, "n"));
            kw_vector_assert_near(found->mean_confidence,
                                  kw_vector_number(expected, "mean_conf"), TOLERANCE);
            kw_vector_assert_near(found->error, kw_vector_number(expected, "abs_err"),
                                  TOLERANCE);
        }
        kw_vector_assert_near(report.mae, kw_vector_number(row, "tier_mae"), TOLERANCE);
        kw_vector_assert_near(report.weighted, kw_vector_number(row, "tier_mae_weighted"),
                              TOLERANCE);
        kw_vector_assert_near(report.max, kw_vector_number(row, "max_err"), TOLERANCE);
    }
}

/* A tier of 199 says nothing, one of 200 does: here each tier wins as often as it promises,
 * or never */
static void
fill_tiers(gdouble *p, guint8 *hit, guint n_each, gboolean keeps_word)
{
    static const gdouble said[] = {0.6, 0.7, 0.8};

    for (guint i = 0; i < 3 * n_each; i++) {
        p[i] = said[i / n_each];
        hit[i] = keeps_word && i % n_each < (guint) (said[i / n_each] * n_each + 0.5);
    }
}

static void
test_verdict(void)
{
    gdouble p[600];
    guint8 hit[600];
    KwForecasts forecasts = {p, hit, 597};
    KwTierReport report;

    fill_tiers(p, hit, 199, TRUE);
    kw_tier_report_compute(&forecasts, &report);
    g_assert_cmpint(report.verdict, ==, KW_TIER_VERDICT_TOO_FEW);

    forecasts.n = 600;
    fill_tiers(p, hit, 200, TRUE);
    kw_tier_report_compute(&forecasts, &report);
    g_assert_cmpint(report.verdict, ==, KW_TIER_VERDICT_PASS);
    g_assert_cmpfloat(report.rows[KW_CONFIDENCE_TIER_LOW].win_low, <, 0.6);
    g_assert_cmpfloat(report.rows[KW_CONFIDENCE_TIER_LOW].win_high, >, 0.6);

    fill_tiers(p, hit, 200, FALSE);
    kw_tier_report_compute(&forecasts, &report);
    g_assert_cmpint(report.verdict, ==, KW_TIER_VERDICT_FAIL);
}

static void
test_hysteresis(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/tier_hysteresis.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        JsonArray *tiers = json_object_get_array_member(row, "tier");
        gsize n = 0;
        g_autofree gdouble *confidence = kw_vector_numbers(row, "conf", &n);
        KwTierHold hold = {0};

        for (gsize j = 0; j < n; j++)
            g_assert_cmpstr(kw_tier_to_string(kw_tier_hold_step(&hold, confidence[j])), ==,
                            json_array_get_string_element(tiers, (guint) j));
    }
}

static void
test_no_confidence_falls(void)
{
    KwTierHold hold = {KW_CONFIDENCE_TIER_HIGH, KW_CONFIDENCE_TIER_HIGH};

    g_assert_cmpint(kw_tier_hold_step(&hold, NAN), ==, KW_CONFIDENCE_TIER_NONE);
}

static void
test_ensemble(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/ensemble.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n = 0;
        g_autofree gdouble *weights = kw_vector_numbers(row, "weights", &n);
        g_autofree gdouble *predictions = kw_vector_numbers(row, "preds", NULL);
        gdouble raw = kw_confidence_combine(weights, predictions, (guint) n);

        kw_vector_assert_near(raw, kw_vector_number(row, "raw"), TOLERANCE);
        kw_vector_assert_near(kw_confidence_shift(raw, KW_CONFIDENCE_BIAS),
                              kw_vector_number(row, "biased"), TOLERANCE);
    }
}

static void
test_absent_members(void)
{
    gdouble weights[] = {0.35, 0.4, 0.25}, negative[] = {0.5, -0.5, 1};
    gdouble some[] = {0.8, 0.7, NAN}, none[] = {NAN, NAN, NAN};

    kw_vector_assert_near(kw_confidence_combine(weights, some, 3), (0.28 + 0.28) / 0.75,
                          TOLERANCE);
    g_assert_true(isnan(kw_confidence_combine(weights, none, 3)));
    g_assert_true(isnan(kw_confidence_combine(negative, some, 3)));
    g_assert_cmpfloat(kw_confidence_shift(0.02, -0.05), ==, 0);
}

static void
test_adjust(void)
{
    /* 20 wins of 30: between 0.488 and 0.808 */
    g_assert_cmpfloat(kw_confidence_adjust(0.7, 20, 30, 30), ==, 0.7);
    kw_vector_assert_near(kw_confidence_adjust(0.9, 20, 30, 30), 0.8077, 1e-4);
    g_assert_cmpfloat(kw_confidence_adjust(0.9, 20, 30, 31), ==, 0.9);
}

static void
test_intervals(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/binomial.json");

    for (guint i = 0; i < kw_vector_count(file, "rows"); i++) {
        JsonObject *row = kw_vector_case(file, "rows", i);
        guint k = (guint) json_object_get_int_member(row, "k");
        guint n = (guint) json_object_get_int_member(row, "n");
        g_autofree gdouble *wilson = kw_vector_numbers(row, "wilson95", NULL);
        g_autofree gdouble *exact = kw_vector_numbers(row, "clopper_pearson95", NULL);
        gdouble low, high;

        kw_stats_wilson(k, n, &low, &high);
        kw_vector_assert_near(low, wilson[0], 1e-9);
        kw_vector_assert_near(high, wilson[1], 1e-9);
        kw_binomial_exact(k, n, &low, &high);
        kw_vector_assert_near(low, exact[0], 1e-9);
        kw_vector_assert_near(high, exact[1], 1e-9);
        kw_vector_assert_near(kw_binomial_tail(k, n, 0.5),
                              kw_vector_number(row, "p_value_rate_gt_0_5"), 1e-9);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/confidence/tiers", test_tiers);
    g_test_add_func("/stats/confidence/verdict", test_verdict);
    g_test_add_func("/stats/confidence/hysteresis", test_hysteresis);
    g_test_add_func("/stats/confidence/no-confidence-falls", test_no_confidence_falls);
    g_test_add_func("/stats/confidence/ensemble", test_ensemble);
    g_test_add_func("/stats/confidence/absent-members", test_absent_members);
    g_test_add_func("/stats/confidence/adjust", test_adjust);
    g_test_add_func("/stats/confidence/intervals", test_intervals);
    return g_test_run();
}
