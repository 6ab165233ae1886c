/* Vectors of scikit-learn (tests/fixtures/calibration) */
#include "kw-error.h"
#include "kw-forecast.h"
#include "kw-vector.h"

#include <math.h>

#define TOLERANCE 1e-12

static void
check_bins(JsonObject *expected, const KwForecasts *forecasts)
{
    const gchar *strategy = json_object_get_string_member(expected, "strategy");
    KwBinning binning =
        g_str_equal(strategy, "uniform") ? KW_BINNING_UNIFORM : KW_BINNING_QUANTILE;
    guint n_bins = (guint) json_object_get_int_member(expected, "bins");
    g_autoptr(GArray) bins = kw_forecasts_bin(forecasts, n_bins, binning);
    gdouble max = 0, error = kw_reliability_error(bins, &max);

    kw_vector_assert_near(error, kw_vector_number(expected, "ece"), TOLERANCE);
    kw_vector_assert_near(max, kw_vector_number(expected, "mce"), TOLERANCE);
    g_assert_cmpuint(bins->len, ==, kw_vector_count(expected, "rows"));
    for (guint i = 0; i < bins->len; i++) {
        JsonObject *row = kw_vector_case(expected, "rows", i);
        const KwReliabilityBin *bin = &g_array_index(bins, KwReliabilityBin, i);

        g_assert_cmpuint(bin->bin, ==, (guint) json_object_get_int_member(row, "bin"));
        g_assert_cmpuint(bin->n, ==, (gsize) json_object_get_int_member(row, "n"));
        kw_vector_assert_near(bin->low, kw_vector_number(row, "lo"), TOLERANCE);
        kw_vector_assert_near(bin->mean_p, kw_vector_number(row, "mean_p"), TOLERANCE);
        kw_vector_assert_near(bin->share, kw_vector_number(row, "freq"), TOLERANCE);
    }
}

static void
test_vectors(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/scores.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n = 0;
        g_autofree gdouble *p = kw_vector_numbers(row, "p", &n);
        g_autofree guint8 *hit = kw_vector_flags(row, "y");
        KwForecasts forecasts = {p, hit, n};
        KwForecastScores scores;

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        kw_forecasts_score(&forecasts, &scores);
        kw_vector_assert_near(scores.brier, kw_vector_number(row, "brier"), TOLERANCE);
        kw_vector_assert_near(scores.brier_skill, kw_vector_number(row, "brier_skill"),
                              TOLERANCE);
        kw_vector_assert_near(scores.reliability, kw_vector_number(row, "reliability"),
                              TOLERANCE);
        kw_vector_assert_near(scores.resolution, kw_vector_number(row, "resolution"),
                              TOLERANCE);
        kw_vector_assert_near(scores.log_loss, kw_vector_number(row, "log_loss"), TOLERANCE);
        kw_vector_assert_near(scores.auc, kw_vector_number(row, "auc"), TOLERANCE);
        for (guint j = 0; j < kw_vector_count(row, "ece"); j++)
            check_bins(kw_vector_case(row, "ece", j), &forecasts);
    }
}

/* Property: the three parts make up the score, however many forecasts coincide */
static void
test_decomposition(void)
{
    for (guint round = 0; round < 200; round++) {
        gdouble p[60];
        guint8 hit[60];
        gsize n = (gsize) g_test_rand_int_range(1, 60);
        KwForecasts forecasts = {p, hit, n};
        KwForecastScores s;

        for (gsize i = 0; i < n; i++) {
            p[i] = g_test_rand_int_range(0, 11) / 10.0;
            hit[i] = (guint8) g_test_rand_int_range(0, 2);
        }
        kw_forecasts_score(&forecasts, &s);
        kw_vector_assert_near(s.brier, s.reliability - s.resolution + s.uncertainty, 1e-12);
    }
}

static void
test_one_outcome(void)
{
    gdouble p[] = {0.4, 0.5, 0.9};
    guint8 hit[] = {1, 1, 1};
    KwForecasts forecasts = {p, hit, 3};
    KwForecastScores s;

    kw_forecasts_score(&forecasts, &s);
    g_assert_true(isnan(s.auc));
    g_assert_true(isnan(s.brier_skill));
    kw_vector_assert_near(s.accuracy, 2 / 3.0, TOLERANCE);
}

static void
test_rejects(void)
{
    gdouble p[][1] = {{NAN}, {-0.1}, {1.1}, {INFINITY}};
    guint8 hit[] = {1};
    KwForecasts none = {NULL, NULL, 0};
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_forecasts_check(&none, &error));
    g_assert_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT);
    for (gsize i = 0; i < G_N_ELEMENTS(p); i++) {
        KwForecasts forecasts = {p[i], hit, 1};

        g_assert_false(kw_forecasts_check(&forecasts, NULL));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/forecast/vectors", test_vectors);
    g_test_add_func("/stats/forecast/decomposition", test_decomposition);
    g_test_add_func("/stats/forecast/one-outcome", test_one_outcome);
    g_test_add_func("/stats/forecast/rejects", test_rejects);
    return g_test_run();
}
