/* test-window.c: rolling windows against the definition, computed the slow way */
#include "kw-window.h"

#include <math.h>

#define N_ROWS 2000

static gdouble *
make_input(gdouble level)
{
    gdouble *in = g_new(gdouble, N_ROWS);

    for (gsize i = 0; i < N_ROWS; i++) {
        in[i] = level + g_test_rand_double_range(-1.0, 1.0);
        if (g_test_rand_int_range(0, 150) == 0)
            in[i] = NAN;
        else if (i > 0 && g_test_rand_int_range(0, 4) == 0)
            in[i] = in[i - 1];
    }
    return in;
}

typedef struct {
    gdouble mean, stddev, max, min;
} Slow;

/* All fields NaN while the window is not full or holds a NaN */
static Slow
slow_window(const gdouble *in, gsize row, gsize period)
{
    Slow slow = {NAN, NAN, NAN, NAN};
    gdouble sum = 0.0, squares = 0.0;

    if (row + 1 < period)
        return slow;
    slow.max = slow.min = in[row];
    for (gsize k = 0; k < period; k++) {
        gdouble x = in[row - k];

        if (isnan(x))
            return (Slow){NAN, NAN, NAN, NAN};
        sum += x;
        slow.max = MAX(slow.max, x);
        slow.min = MIN(slow.min, x);
    }
    slow.mean = sum / (gdouble) period;
    for (gsize k = 0; k < period; k++)
        squares += (in[row - k] - slow.mean) * (in[row - k] - slow.mean);
    slow.stddev = sqrt(squares / (gdouble) period);
    return slow;
}

static void
assert_near(gdouble got, gdouble expected, gdouble tolerance)
{
    g_assert_cmpint(isnan(got), ==, isnan(expected));
    if (!isnan(expected))
        g_assert_cmpfloat(fabs(got - expected), <=, tolerance);
}

static void
test_window_slow(gconstpointer data)
{
    gdouble level = *(const gdouble *) data;
    static const gsize periods[] = {2, 3, 20, 700};

    for (gsize p = 0; p < G_N_ELEMENTS(periods); p++) {
        gsize period = periods[p];
        g_autofree gdouble *in = make_input(level);
        gdouble mean[N_ROWS], stddev[N_ROWS], max[N_ROWS], min[N_ROWS];
        KwMean mean_state;
        KwStddev stddev_state;
        KwExtreme max_state, min_state;

        kw_mean_init(&mean_state, period);
        kw_stddev_init(&stddev_state, period);
        kw_extreme_init(&max_state, period, 1.0);
        kw_extreme_init(&min_state, period, -1.0);
        kw_mean_run(&mean_state, in, mean, 0, N_ROWS);
        kw_stddev_run(&stddev_state, in, stddev, 0, N_ROWS);
        kw_extreme_run(&max_state, in, max, 0, N_ROWS);
        kw_extreme_run(&min_state, in, min, 0, N_ROWS);
        kw_extreme_clear(&max_state);
        kw_extreme_clear(&min_state);

        for (gsize row = 0; row < N_ROWS; row++) {
            Slow slow = slow_window(in, row, period);

            assert_near(mean[row], slow.mean, 1e-13 * (1.0 + level));
            assert_near(stddev[row], slow.stddev, 1e-7);
            assert_near(max[row], slow.max, 0.0);
            assert_near(min[row], slow.min, 0.0);
        }
    }
}

/* One absurd value must not spoil what comes after it */
static void
test_window_forgets_spike(void)
{
    gdouble in[1200], mean[1200], stddev[1200];
    KwMean mean_state;
    KwStddev stddev_state;

    for (gsize i = 0; i < G_N_ELEMENTS(in); i++)
        in[i] = 0.001 * (gdouble) (i % 7);
    in[30] = 1e18;
    kw_mean_init(&mean_state, 7);
    kw_stddev_init(&stddev_state, 7);
    kw_mean_run(&mean_state, in, mean, 0, G_N_ELEMENTS(in));
    kw_stddev_run(&stddev_state, in, stddev, 0, G_N_ELEMENTS(in));
    g_assert_cmpfloat_with_epsilon(mean[1100], 0.003, 1e-12);
    g_assert_cmpfloat_with_epsilon(stddev[1100], 0.002, 1e-12);
}

static void
test_window_flat_is_zero(void)
{
    gdouble in[50], stddev[50];
    KwStddev state;

    for (gsize i = 0; i < G_N_ELEMENTS(in); i++)
        in[i] = 0.1;
    kw_stddev_init(&state, 20);
    kw_stddev_run(&state, in, stddev, 0, G_N_ELEMENTS(in));
    g_assert_cmpfloat(stddev[19], ==, 0.0);
    g_assert_cmpfloat(stddev[49], ==, 0.0);
}

int
main(int argc, char **argv)
{
    static const gdouble levels[] = {0.0, 30000.0};

    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/columns/window/definition/near-zero", &levels[0], test_window_slow);
    g_test_add_data_func("/columns/window/definition/high-price", &levels[1], test_window_slow);
    g_test_add_func("/columns/window/forgets-spike", test_window_forgets_spike);
    g_test_add_func("/columns/window/flat-is-zero", test_window_flat_is_zero);
    return g_test_run();
}
