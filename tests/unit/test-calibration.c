/* Vectors of scikit-learn (tests/fixtures/calibration) */
#include "kw-calibration.h"
#include "kw-error.h"
#include "kw-json.h"
#include "kw-vector.h"

#include <math.h>

static void
check_queries(const KwCalibration *map, JsonObject *row, gdouble tolerance)
{
    gsize n = 0;
    g_autofree gdouble *query = kw_vector_numbers(row, "query", &n);
    g_autofree gdouble *expected = kw_vector_numbers(row, "p", NULL);

    g_assert_cmpuint(n, >, 0);
    for (gsize i = 0; i < n; i++)
        kw_vector_assert_near(kw_calibration_apply(map, query[i]), expected[i], tolerance);
}

static void
test_platt(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/platt.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n = 0;
        g_autofree gdouble *f = kw_vector_numbers(row, "f", &n);
        g_autofree guint8 *y = kw_vector_flags(row, "y");
        KwForecasts scores = {f, y, n};
        g_autoptr(GError) error = NULL;
        g_autoptr(KwCalibration) map = kw_calibration_fit_platt(&scores, &error);

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        g_assert_no_error(error);
        kw_vector_assert_near(kw_calibration_get_a(map), kw_vector_number(row, "A"), 1e-6);
        kw_vector_assert_near(kw_calibration_get_b(map), kw_vector_number(row, "B"), 1e-6);
        check_queries(map, row, 1e-9);
    }
}

static void
test_platt_rejects(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/platt.json");
    guint n_tried = 0;

    for (guint i = 0; i < kw_vector_count(file, "errors"); i++) {
        JsonObject *row = kw_vector_case(file, "errors", i);
        gsize n = 0, n_y = 0;
        g_autofree gdouble *f = kw_vector_numbers(row, "f", &n);
        g_autofree gdouble *numbers = kw_vector_numbers(row, "y", &n_y);
        g_autofree guint8 *y = kw_vector_flags(row, "y");
        KwForecasts scores = {f, y, n};
        g_autoptr(GError) error = NULL;

        g_assert_nonnull(numbers);
        if (n != n_y) /* cannot be said with one length for both */
            continue;
        n_tried++;
        g_assert_null(kw_calibration_fit_platt(&scores, &error));
        g_assert_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT);
    }
    g_assert_cmpuint(n_tried, ==, 3);
}

static void
test_isotonic(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("calibration/isotonic.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n = 0, n_knots = 0;
        g_autofree gdouble *x = kw_vector_numbers(row, "x", &n);
        g_autofree gdouble *y = kw_vector_numbers(row, "y", NULL);
        g_autofree gdouble *w = kw_vector_numbers(row, "w", NULL);
        g_autofree gdouble *fitted = kw_vector_numbers(row, "fitted", NULL);
        g_autofree gdouble *expected_x = kw_vector_numbers(row, "knots_x", &n_knots);
        g_autofree gdouble *expected_y = kw_vector_numbers(row, "knots_y", NULL);
        g_autoptr(KwCalibration) map = kw_calibration_fit_isotonic(x, y, w, n, NULL);
        const gdouble *knots_x = NULL, *knots_y = NULL;

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        g_assert_cmpuint(kw_calibration_get_knots(map, &knots_x, &knots_y), ==, n_knots);
        for (gsize j = 0; j < n_knots; j++) {
            kw_vector_assert_near(knots_x[j], expected_x[j], 1e-12);
            kw_vector_assert_near(knots_y[j], expected_y[j], 1e-12);
        }
        for (gsize j = 0; j < n; j++)
            kw_vector_assert_near(kw_calibration_apply(map, x[j]), fitted[j], 1e-12);
        check_queries(map, row, 1e-12);
    }
}

/* A score that says too much: outcomes are drawn at @truth(score) */
static KwCalibration *
choose(gsize n, gdouble slope)
{
    g_autofree gdouble *p = g_new(gdouble, n);
    g_autofree guint8 *hit = g_new(guint8, n);
    KwForecasts fold = {p, hit, n};
    g_autoptr(GError) error = NULL;
    KwCalibration *map;

    for (gsize i = 0; i < n; i++) {
        p[i] = g_test_rand_double();
        hit[i] = g_test_rand_double() < 0.5 + slope * (p[i] - 0.5);
    }
    map = kw_calibration_choose(&fold, &error);
    g_assert_no_error(error);
    return map;
}

static void
test_choose(void)
{
    g_autoptr(KwCalibration) honest = choose(20000, 1);
    g_autoptr(KwCalibration) boasting = choose(20000, 0.2);
    g_autoptr(KwCalibration) few = choose(150, 0.0);

    g_assert_cmpint(kw_calibration_get_kind(honest), ==, KW_CALIBRATION_NONE);
    g_assert_cmpint(kw_calibration_get_kind(boasting), !=, KW_CALIBRATION_NONE);
    kw_vector_assert_near(kw_calibration_apply(boasting, 0.95), 0.59, 0.03);
    g_assert_cmpint(kw_calibration_get_kind(few), ==, KW_CALIBRATION_PLATT);
    g_assert_true(isnan(kw_calibration_apply(boasting, NAN)));
}

static KwCalibration *
read_back(const gchar *text, GError **error)
{
    g_autoptr(JsonNode) node = kw_json_parse_text(text, -1, NULL);

    g_assert_nonnull(node);
    return kw_calibration_from_json(json_node_get_object(node), error);
}

/* Property: written and read again, a map gives the same bits */
static void
test_round_trip(void)
{
    gdouble x[50], y[50];
    guint8 hit[50];

    for (guint i = 0; i < 50; i++) {
        x[i] = g_test_rand_double();
        hit[i] = (guint8) (i % 2);
        y[i] = hit[i];
    }
    for (guint kind = 0; kind < 3; kind++) {
        KwForecasts scores = {x, hit, 50};
        g_autoptr(KwCalibration) map = kind == 0 ? kw_calibration_new()
                                       : kind == 1
                                           ? kw_calibration_fit_platt(&scores, NULL)
                                           : kw_calibration_fit_isotonic(x, y, NULL, 50, NULL);
        g_autofree gchar *text = kw_calibration_to_json(map);
        g_autoptr(KwCalibration) again = read_back(text, NULL);

        for (gdouble p = 0; p <= 1; p += 0.01)
            g_assert_true(kw_calibration_apply(map, p) == kw_calibration_apply(again, p));
    }
}

static void
test_reading_rejects(void)
{
    static const gchar *const texts[] = {
        "{}",
        "{\"kind\":\"magic\"}",
        "{\"kind\":\"platt\",\"a\":1}",
        "{\"kind\":\"isotonic\",\"x\":[],\"y\":[]}",
        "{\"kind\":\"isotonic\",\"x\":[0,1],\"y\":[0]}",
        "{\"kind\":\"isotonic\",\"x\":[0,0],\"y\":[0,1]}",
        "{\"kind\":\"isotonic\",\"x\":[0,1],\"y\":[1,0]}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", texts[i]);
        g_assert_null(read_back(texts[i], &error));
        g_assert_nonnull(error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/calibration/platt", test_platt);
    g_test_add_func("/stats/calibration/platt-rejects", test_platt_rejects);
    g_test_add_func("/stats/calibration/isotonic", test_isotonic);
    g_test_add_func("/stats/calibration/choose", test_choose);
    g_test_add_func("/stats/calibration/round-trip", test_round_trip);
    g_test_add_func("/stats/calibration/reading-rejects", test_reading_rejects);
    return g_test_run();
}
