/* kw-tile.c: columns turned into rows while they are in the cache
 *
 * A matrix has its numbers row after row, columns are computed one after the other. Writing
 * each column straight into the matrix touches a cache line per number and costs more than
 * the computation does. So some rows of all columns gather here, and leave in squares of four
 * by four that stay in registers: four loads, four stores for sixteen numbers. Compilers make
 * single steps of it where the machine has no such registers; moving numbers changes none. */
#include "kw-tile.h"

#include <math.h>
#include <string.h>

#define LANES 4
typedef gdouble Numbers __attribute__((vector_size(LANES * sizeof(gdouble))));
typedef gfloat Floats __attribute__((vector_size(LANES * sizeof(gfloat))));
typedef gint32 Bits __attribute__((vector_size(LANES * sizeof(gint32))));

void
kw_tile_init(KwTile *self, gsize n_columns)
{
    *self = (KwTile){.n_columns = n_columns};
    self->values = g_new0(gfloat, MAX(n_columns, 1) * KW_TILE_ROWS);
}

void
kw_tile_clear(KwTile *self)
{
    g_clear_pointer(&self->values, g_free);
}

gfloat *
kw_tile_get_column(KwTile *self, gsize index)
{
    return self->values + index * KW_TILE_ROWS;
}

void
kw_tile_narrow(const gdouble *in, gfloat *out, gsize n)
{
    const Floats undefined = {NAN, NAN, NAN, NAN}, zero = {0};
    gsize i = 0;

    for (; i + LANES <= n; i += LANES) {
        Numbers wide;
        Floats narrow;
        Bits is_good;

        memcpy(&wide, in + i, sizeof wide);
        narrow = __builtin_convertvector(wide, Floats);
        is_good = narrow - narrow == zero; /* neither NaN nor too large */
        narrow = (Floats) (((Bits) narrow & is_good) | ((Bits) undefined & ~is_good));
        memcpy(out + i, &narrow, sizeof narrow);
    }
    for (; i < n; i++) {
        gfloat narrow = (gfloat) in[i];

        out[i] = isfinite(narrow) ? narrow : (gfloat) NAN;
    }
}

/* Four rows of four columns */
static void
write_square(const gfloat *in, gfloat *out, gsize stride)
{
    Floats a, b, c, d, ab_low, ab_high, cd_low, cd_high, rows[LANES];

    memcpy(&a, in, sizeof a);
    memcpy(&b, in + KW_TILE_ROWS, sizeof b);
    memcpy(&c, in + 2 * KW_TILE_ROWS, sizeof c);
    memcpy(&d, in + 3 * KW_TILE_ROWS, sizeof d);
    ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    rows[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    rows[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    rows[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    rows[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    for (gsize i = 0; i < LANES; i++)
        memcpy(out + i * stride, &rows[i], sizeof rows[i]);
}

void
kw_tile_write(const KwTile *self, gsize n_rows, gfloat *out, gsize stride)
{
    gsize n_columns = self->n_columns, row = 0;

    for (; row + LANES <= n_rows; row += LANES) {
        const gfloat *in = self->values + row;
        gfloat *to = out + row * stride;
        gsize column = 0;

        for (; column + LANES <= n_columns; column += LANES)
            write_square(in + column * KW_TILE_ROWS, to + column, stride);
        for (; column < n_columns; column++) {
            for (gsize i = 0; i < LANES; i++)
                to[i * stride + column] = in[column * KW_TILE_ROWS + i];
        }
    }
    for (; row < n_rows; row++) {
        for (gsize column = 0; column < n_columns; column++)
            out[row * stride + column] = self->values[column * KW_TILE_ROWS + row];
    }
}
