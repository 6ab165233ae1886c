/* kw-tile.h: some rows of many columns on their way into a matrix of float32 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_TILE_BACK 4 /* rows before those of the tile that a shared column may have */

/**
 * KwTile:
 * @values: owned; room of the first column, then that of the next
 * @columns: owned; for each column where its numbers are
 * @n_columns: 1 or more
 * @n_rows: room for so many
 *
 * Filled column by column, written row by row.
 */
typedef struct {
    gfloat *values;
    const gfloat **columns;
    gsize n_columns, n_rows;
} KwTile;

void kw_tile_init(KwTile *self, gsize n_columns, gsize n_rows);
void kw_tile_clear(KwTile *self);

/* The numbers of column @index */
gfloat *kw_tile_get_column(KwTile *self, gsize index);

/* Room of column @index for the KW_TILE_BACK rows before the tile's, and for these */
gfloat *kw_tile_get_strip(KwTile *self, gsize index);

/**
 * kw_tile_share:
 * @strip: the column whose strip has the numbers of column @index too; it may be the same
 * @back: by so many rows they are older, at most KW_TILE_BACK
 *
 * Until kw_tile_get_column() is called for @index.
 */
void kw_tile_share(KwTile *self, gsize index, gsize strip, gsize back);

/**
 * kw_tile_narrow:
 * @n: numbers in @in and @out
 *
 * float32 has a smaller range: what does not fit becomes NaN.
 */
void kw_tile_narrow(const gdouble *in, gfloat *out, gsize n);

/**
 * kw_tile_write:
 * @n_rows: at most those that there is room for
 * @out: the first row
 * @stride: numbers from the start of a row to that of the next, >= columns
 *
 * Large tiles go past the caches where the machine can do so: different threads should not
 * write to the same rows at the same time.
 */
void kw_tile_write(const KwTile *self, gsize n_rows, gfloat *out, gsize stride);

G_END_DECLS
