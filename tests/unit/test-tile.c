/* test-tile.c: every number arrives, in its row, and in the range of float32 */
#include "kw-tile.h"

#include <float.h>
#include <math.h>

#define STRIDE 13
#define UNTOUCHED 77.0F

static void
test_write(void)
{
    for (gsize n_columns = 1; n_columns <= STRIDE; n_columns++) {
        for (gsize n_rows = 0; n_rows <= KW_TILE_ROWS; n_rows++) {
            gfloat out[KW_TILE_ROWS * STRIDE];
            KwTile tile;

            kw_tile_init(&tile, n_columns);
            for (gsize i = 0; i < G_N_ELEMENTS(out); i++)
                out[i] = UNTOUCHED;
            for (gsize column = 0; column < n_columns; column++)
                for (gsize row = 0; row < KW_TILE_ROWS; row++)
                    kw_tile_get_column(&tile, column)[row] = (gfloat) (100 * column + row);
            kw_tile_write(&tile, n_rows, out, STRIDE);
            for (gsize i = 0; i < G_N_ELEMENTS(out); i++) {
                gsize row = i / STRIDE, column = i % STRIDE;
                gboolean is_written = row < n_rows && column < n_columns;

                g_assert_cmpfloat(out[i], ==,
                                  is_written ? (gfloat) (100 * column + row) : UNTOUCHED);
            }
            kw_tile_clear(&tile);
        }
    }
}

static void
test_narrow(void)
{
    static const gdouble in[] = {1.1,       -0.0,    NAN,      1e39,        -1e39, INFINITY,
                                 -INFINITY, FLT_MAX, -FLT_MAX, FLT_MIN / 8, 1e-60, 16777217.0};

    /* at every place of a run, as some go through in fours and the rest one by one */
    for (gsize n = 1; n <= G_N_ELEMENTS(in); n++) {
        gfloat out[G_N_ELEMENTS(in)];

        kw_tile_narrow(in + (G_N_ELEMENTS(in) - n), out, n);
        for (gsize i = 0; i < n; i++) {
            gfloat expected = (gfloat) in[G_N_ELEMENTS(in) - n + i];

            g_assert_cmpint(isnan(out[i]), ==, !isfinite(expected));
            if (isfinite(expected)) {
                g_assert_cmpfloat(out[i], ==, expected);
                g_assert_cmpint(signbit(out[i]), ==, signbit(expected));
            }
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/tile/write", test_write);
    g_test_add_func("/columns/tile/narrow", test_narrow);
    return g_test_run();
}
