/* test-thirds.c: the third of a window against the definition, counted the slow way */
#include "kw-thirds.h"

#include <math.h>

#define N_ROWS 4000

typedef enum { WALK, NOISE, STEPS, RISE, FLAT, N_SHAPES } Shape;

static gdouble
next_value(Shape shape, gdouble value)
{
    switch (shape) {
    case WALK:
        return value + g_test_rand_double_range(-1.0, 1.0);
    case NOISE:
        return g_test_rand_double_range(-1.0, 1.0);
    case STEPS: /* many equal values */
        return g_test_rand_int_range(0, 4);
    case RISE:
        return value + 1.0;
    case FLAT:
    case N_SHAPES:
        break;
    }
    return 7.0;
}

static void
make_input(Shape shape, gdouble *in)
{
    gdouble value = 0.0;

    for (gsize i = 0; i < N_ROWS; i++) {
        value = next_value(shape, value);
        in[i] = g_test_rand_int_range(0, 900) == 0 ? (gdouble) NAN : value;
        if (shape == NOISE && g_test_rand_int_range(0, 50) == 0)
            in[i] = g_test_rand_bit() ? INFINITY : -INFINITY;
    }
}

/* NaN while the window is not full or holds a NaN */
static gdouble
slow_third(const gdouble *in, gsize row, gsize period)
{
    gsize below = 0;

    if (row + 1 < period)
        return NAN;
    for (gsize k = row + 1 - period; k <= row; k++) {
        if (isnan(in[k]))
            return NAN;
        below += in[k] < in[row];
    }
    return (gdouble) (3 * below / period);
}

static void
test_definition(void)
{
    static const gsize periods[] = {1, 2, 3, 4, 5, 20, 100, 500};
    gdouble in[N_ROWS], out[N_ROWS];

    for (gint shape = WALK; shape < N_SHAPES; shape++) {
        make_input((Shape) shape, in);
        for (gsize p = 0; p < G_N_ELEMENTS(periods); p++) {
            KwThirds thirds;
            gsize row = 0;

            kw_thirds_init(&thirds, periods[p]);
            while (row < N_ROWS) { /* cut anywhere */
                gsize end = row + (gsize) g_test_rand_int_range(1, 300);

                end = MIN(end, N_ROWS);
                kw_thirds_run(&thirds, in, out, row, end);
                row = end;
            }
            for (row = 0; row < N_ROWS; row++) {
                gdouble expected = slow_third(in, row, periods[p]);

                g_assert_cmpint(isnan(out[row]), ==, isnan(expected));
                if (!isnan(expected))
                    g_assert_cmpfloat(out[row], ==, expected);
            }
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/thirds/definition", test_definition);
    return g_test_run();
}
