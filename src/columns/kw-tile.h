/* kw-tile.h: a few rows of many columns on their way into a matrix of float32 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_TILE_ROWS 32

/**
 * KwTile:
 * @values: owned; KW_TILE_ROWS numbers of the first column, then those of the next
 * @n_columns: 1 or more
 *
 * Filled column by column, written row by row.
 */
typedef struct {
    gfloat *values;
    gsize n_columns;
} KwTile;

void kw_tile_init(KwTile *self, gsize n_columns);
void kw_tile_clear(KwTile *self);

/* The numbers of column @index, room for KW_TILE_ROWS */
gfloat *kw_tile_get_column(KwTile *self, gsize index);

/**
 * kw_tile_narrow:
 * @n: numbers in @in and @out
 *
 * float32 has a smaller range: what does not fit becomes NaN.
 */
void kw_tile_narrow(const gdouble *in, gfloat *out, gsize n);

/**
 * kw_tile_write:
 * @n_rows: at most KW_TILE_ROWS
 * @out: the first row
 * @stride: numbers from the start of a row to that of the next, >= columns
 */
void kw_tile_write(const KwTile *self, gsize n_rows, gfloat *out, gsize stride);

G_END_DECLS
