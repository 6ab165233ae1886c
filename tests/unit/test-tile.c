/* test-tile.c: every number arrives, in its row, and in the range of float32 */
#include "kw-tile.h"

#include <float.h>
#include <math.h>

#define N_ROWS 32
#define STRIDE 13
#define UNTOUCHED 77.0F

static void
test_write(void)
{
    for (gsize n_columns = 1; n_columns <= STRIDE; n_columns++) {
        for (gsize n_rows = 0; n_rows <= N_ROWS; n_rows++) {
            gfloat out[N_ROWS * STRIDE];
            KwTile tile;

            kw_tile_init(&tile, n_columns, N_ROWS);
            for (gsize i = 0; i < G_N_ELEMENTS(out); i++)
                out[i] = UNTOUCHED;
            for (gsize column = 0; column < n_columns; column++)
                for (gsize row = 0; row < N_ROWS; row++)
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

/* So large that it goes past the caches, and columns that are one array */
static void
test_large(void)
{
    const gsize n_rows = 1500, n_columns = 14, stride = 16;
    g_autofree gfloat *room = g_new(gfloat, n_rows * stride + 4);

    for (gsize offset = 0; offset < 4; offset++) {
        gfloat *out = room + offset, *strip;
        KwTile tile;

        kw_tile_init(&tile, n_columns, n_rows);
        for (gsize i = 0; i < n_rows * stride; i++)
            out[i] = UNTOUCHED;
        strip = kw_tile_get_strip(&tile, 3);
        for (gsize i = 0; i < KW_TILE_BACK + n_rows; i++)
            strip[i] = (gfloat) i;
        for (gsize column = 0; column < n_columns; column++)
            kw_tile_share(&tile, column, 3, column % (KW_TILE_BACK + 1));
        kw_tile_write(&tile, n_rows, out, stride);
        for (gsize i = 0; i < n_rows * stride; i++) {
            gsize row = i / stride, column = i % stride;
            gsize back = column % (KW_TILE_BACK + 1);

            g_assert_cmpfloat(out[i], ==,
                              column < n_columns ? (gfloat) (row + KW_TILE_BACK - back)
                                                 : UNTOUCHED);
        }
        kw_tile_clear(&tile);
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
    g_test_add_func("/columns/tile/large", test_large);
    g_test_add_func("/columns/tile/narrow", test_narrow);
    return g_test_run();
}
