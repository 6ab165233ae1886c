/* Vectors of scipy (tests/fixtures/drift) */
#include "kw-drift.h"
#include "kw-error.h"
#include "kw-vector.h"

#include <math.h>

/* Share of @sample up to and with @at */
static gdouble
share_up_to(const KwSample *sample, gdouble at)
{
    gsize n = 0;

    for (gsize i = 0; i < sample->n; i++)
        n += sample->values[i] <= at;
    return (gdouble) n / (gdouble) sample->n;
}

static void
test_ks(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("drift/ks2.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n1 = 0, n2 = 0;
        g_autofree gdouble *x = kw_vector_numbers(row, "x", &n1);
        g_autofree gdouble *y = kw_vector_numbers(row, "y", &n2);
        KwSample a = {x, n1}, b = {y, n2};
        gdouble size = sqrt((gdouble) n1 * (gdouble) n2 / (gdouble) (n1 + n2));
        g_autoptr(GError) error = NULL;
        KwKs ks;

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        g_assert_true(kw_ks_compare(&a, &b, &ks, &error));
        g_assert_no_error(error);
        kw_vector_assert_near(ks.d, kw_vector_number(row, "D"), 1e-12);
        kw_vector_assert_near(ks.p, kw_vector_number(row, "p_exact"), 1e-9);
        kw_vector_assert_near(kw_ks_limit(size * ks.d),
                              kw_vector_number(row, "p_kolmogorov_limit"), 1e-10);
        g_assert_cmpint(ks.sign, ==, (gint) json_object_get_int_member(row, "sign"));
        /* the distance may be reached in several places; any of them will do */
        kw_vector_assert_near(share_up_to(&a, ks.location) - share_up_to(&b, ks.location),
                              ks.sign * ks.d, 1e-12);
    }
}

static gdouble
fraction(gdouble value)
{
    return value - floor(value);
}

static void
test_ks_large(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("drift/ks2_large.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n1 = (gsize) json_object_get_int_member(row, "n1");
        gsize n2 = (gsize) json_object_get_int_member(row, "n2");
        gdouble shift = kw_vector_number(row, "shift");
        g_autofree gdouble *x = g_new(gdouble, n1);
        g_autofree gdouble *y = g_new(gdouble, n2);
        KwSample a = {x, n1}, b = {y, n2};
        gboolean is_exact = MAX(n1, n2) <= KW_KS_MAX_EXACT;
        KwKs ks;

        for (gsize k = 1; k <= n1; k++)
            x[k - 1] =
                fraction((gdouble) k * 0.6180339887498949 + kw_vector_number(row, "offset"));
        for (gsize k = 1; k <= n2; k++) {
            gdouble u = fraction((gdouble) k * 0.7548776662466927);

            y[k - 1] = CLAMP(u + 4 * shift * u * (1 - u), 0, 1);
        }
        g_assert_true(kw_ks_compare(&a, &b, &ks, NULL));
        kw_vector_assert_near(ks.d, kw_vector_number(row, "D"), 1e-9);
        kw_vector_assert_near(
            ks.p, kw_vector_number(row, is_exact ? "p_auto" : "p_kolmogorov_limit"), 1e-6);
    }
}

static void
test_psi(void)
{
    g_autoptr(JsonObject) file = kw_vector_load("drift/psi.json");

    for (guint i = 0; i < kw_vector_count(file, "cases"); i++) {
        JsonObject *row = kw_vector_case(file, "cases", i);
        gsize n1 = 0, n2 = 0, n_edges = 0;
        g_autofree gdouble *x = kw_vector_numbers(row, "expected", &n1);
        g_autofree gdouble *y = kw_vector_numbers(row, "actual", &n2);
        g_autofree gdouble *edges = kw_vector_numbers(row, "edges", &n_edges);
        KwSample a = {x, n1}, b = {y, n2};
        guint n_bins = (guint) json_object_get_int_member(row, "bins");
        g_auto(KwPsi) psi = {0};

        g_test_message("case '%s'", json_object_get_string_member(row, "name"));
        g_assert_true(kw_psi_compare(&a, &b, n_bins, &psi, NULL));
        kw_vector_assert_near(psi.psi, kw_vector_number(row, "psi"), 1e-12);
        g_assert_cmpstr(kw_drift_level_to_string(psi.level), ==,
                        json_object_get_string_member(row, "verdict"));
        g_assert_cmpuint(psi.edges->len, ==, n_edges);
        for (guint j = 0; j < n_edges; j++)
            kw_vector_assert_near(g_array_index(psi.edges, gdouble, j), edges[j], 1e-12);
    }
}

static void
test_rejects(void)
{
    gdouble good[] = {1, 2}, bad[] = {1, NAN};
    KwSample a = {good, 2}, b = {bad, 2}, empty = {good, 0};
    g_autoptr(GError) error = NULL;
    KwKs ks = {.p = 7};
    KwPsi psi = {.psi = 7};

    g_assert_false(kw_ks_compare(&a, &b, &ks, &error));
    g_assert_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT);
    g_assert_false(kw_ks_compare(&empty, &a, &ks, NULL));
    g_assert_false(kw_psi_compare(&b, &a, 10, &psi, NULL));
    g_assert_false(kw_psi_compare(&a, &empty, 10, &psi, NULL));
    g_assert_cmpfloat(ks.p, ==, 7);
    g_assert_cmpfloat(psi.psi, ==, 7);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/drift/ks", test_ks);
    g_test_add_func("/stats/drift/ks-large", test_ks_large);
    g_test_add_func("/stats/drift/psi", test_psi);
    g_test_add_func("/stats/drift/rejects", test_rejects);
    return g_test_run();
}
