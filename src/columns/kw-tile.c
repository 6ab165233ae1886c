/* kw-tile.c: columns turned into rows while they are in the cache
 *
 * A matrix has its numbers row after row, columns are computed one after the other. Writing
 * each column straight into the matrix touches a cache line per number and costs more than
 * the computation does. So some rows of all columns gather here, and leave in squares of four
 * by four that stay in registers: four loads, four stores for sixteen numbers. Compilers make
 * single steps of it where the machine has no such registers; moving numbers changes none.
 *
 * The shifts of a column are one array that is read from different places. */
#include "kw-tile.h"

#include <math.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

#define LANES 4
#define PAST_MIN 16384 /* numbers in a tile from which on it goes past the caches */
typedef gdouble Numbers __attribute__((vector_size(LANES * sizeof(gdouble))));
typedef gfloat Floats __attribute__((vector_size(LANES * sizeof(gfloat))));
typedef gint32 Bits __attribute__((vector_size(LANES * sizeof(gint32))));

void
kw_tile_init(KwTile *self, gsize n_columns, gsize n_rows)
{
    n_columns = MAX(n_columns, 1);
    *self = (KwTile){.n_columns = n_columns, .n_rows = n_rows};
    self->values = g_new0(gfloat, n_columns * (KW_TILE_BACK + n_rows));
    self->columns = g_new(const gfloat *, n_columns);
    for (gsize i = 0; i < n_columns; i++)
        (void) kw_tile_get_column(self, i);
}

void
kw_tile_clear(KwTile *self)
{
    g_clear_pointer(&self->values, g_free);
    g_clear_pointer(&self->columns, g_free);
}

gfloat *
kw_tile_get_strip(KwTile *self, gsize index)
{
    return self->values + index * (KW_TILE_BACK + self->n_rows);
}

gfloat *
kw_tile_get_column(KwTile *self, gsize index)
{
    gfloat *column = kw_tile_get_strip(self, index);

    self->columns[index] = column;
    return column;
}

void
kw_tile_share(KwTile *self, gsize index, gsize strip, gsize back)
{
    self->columns[index] = kw_tile_get_strip(self, strip) + (KW_TILE_BACK - back);
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

/* Past the caches where the machine can: a matrix is larger than they are, and a line that is
 * written as a whole need not be read before */
static void
put_past(gfloat *out, Floats four)
{
#ifdef __SSE__
    _mm_stream_ps(out, four);
#else
    memcpy(out, &four, sizeof four);
#endif
}

/* Before another thread is told that something is written */
static void
finish_past(void)
{
#ifdef __SSE__
    _mm_sfence();
#endif
}

/* Four rows of four columns, the numbers of each from @row on */
static inline void
turn_square(const gfloat *const *columns, gsize row, Floats *out)
{
    Floats a, b, c, d, ab_low, ab_high, cd_low, cd_high;

    memcpy(&a, columns[0] + row, sizeof a);
    memcpy(&b, columns[1] + row, sizeof b);
    memcpy(&c, columns[2] + row, sizeof c);
    memcpy(&d, columns[3] + row, sizeof d);
    ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    out[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    out[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

static void
write_single(const KwTile *self, gsize first, gsize row, gfloat *out)
{
    for (gsize column = first; column < self->n_columns; column++)
        out[column] = self->columns[column][row];
}

/* Four rows from @row on */
static void
write_rows(const KwTile *self, gsize row, gfloat *out, gsize stride, gboolean goes_past)
{
    gsize column = 0;

    for (; column + LANES <= self->n_columns; column += LANES) {
        Floats rows[LANES];

        turn_square(self->columns + column, row, rows);
        for (gsize i = 0; i < LANES; i++) {
            gfloat *to = out + i * stride + column;

            if (goes_past)
                put_past(to, rows[i]);
            else
                memcpy(to, &rows[i], sizeof rows[i]);
        }
    }
    for (gsize i = 0; i < LANES; i++)
        write_single(self, column, row + i, out + i * stride);
}

void
kw_tile_write(const KwTile *self, gsize n_rows, gfloat *out, gsize stride)
{
    gboolean is_aligned = ((guintptr) out | stride * sizeof *out) % sizeof(Floats) == 0;
    gboolean goes_past = is_aligned && n_rows * self->n_columns >= PAST_MIN;
    gsize row = 0;

    for (; row + LANES <= n_rows; row += LANES)
        write_rows(self, row, out + row * stride, stride, goes_past);
    for (; row < n_rows; row++)
        write_single(self, 0, row, out + row * stride);
    finish_past();
}
