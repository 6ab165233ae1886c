/* test-bootstrap.c: the interval covers what it should, and repeats */
#include "kw-bootstrap.h"

#include <math.h>

#define N 400

static void
test_repeats(void)
{
    gdouble values[N], low, high, again_low, again_high;

    for (guint i = 0; i < N; i++)
        values[i] = sin(i * 1.7);
    g_assert_true(kw_bootstrap_sum(values, N, 5, &low, &high));
    g_assert_true(kw_bootstrap_sum(values, N, 5, &again_low, &again_high));
    g_assert_cmpfloat(low, ==, again_low);
    g_assert_cmpfloat(high, ==, again_high);
    g_assert_cmpfloat(low, <, high);
}

/* Independent draws: about 1.96 deviations of the sum on either side */
static void
test_width(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    gdouble values[N], sum = 0.0, low, high;
    const gdouble deviation = sqrt(N / 12.0);

    for (guint i = 0; i < N; i++) {
        values[i] = g_rand_double(rand) - 0.5;
        sum += values[i];
    }
    g_assert_true(kw_bootstrap_sum(values, N, 1, &low, &high));
    g_assert_cmpfloat_with_epsilon(low, sum - 1.96 * deviation, 0.25 * deviation);
    g_assert_cmpfloat_with_epsilon(high, sum + 1.96 * deviation, 0.25 * deviation);
}

/* Runs of equal results make the sum less sure than independent ones of the same size. */
static void
test_blocks_keep_neighbours(void)
{
    gdouble runs[N], mixed[N], low, high, mixed_low, mixed_high;

    for (guint i = 0; i < N; i++) {
        runs[i] = i / 40 % 2 == 0 ? 1.0 : -1.0;
        mixed[i] = i % 2 == 0 ? 1.0 : -1.0;
    }
    g_assert_true(kw_bootstrap_sum(runs, N, 1, &low, &high));
    g_assert_true(kw_bootstrap_sum(mixed, N, 1, &mixed_low, &mixed_high));
    g_assert_cmpfloat(high - low, >, 2.0 * (mixed_high - mixed_low));
}

static void
test_too_few(void)
{
    gdouble value = 1.0, low, high;

    g_assert_false(kw_bootstrap_sum(&value, 0, 1, &low, &high));
    g_assert_false(kw_bootstrap_sum(&value, 1, 1, &low, &high));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/bootstrap/repeats", test_repeats);
    g_test_add_func("/stats/bootstrap/width", test_width);
    g_test_add_func("/stats/bootstrap/blocks", test_blocks_keep_neighbours);
    g_test_add_func("/stats/bootstrap/too-few", test_too_few);
    return g_test_run();
}
