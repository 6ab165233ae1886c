/* kw-column.h: one column of a frame: a value per candle, read only */
#pragma once

#include "kw-series.h"

#include <glib.h>

G_BEGIN_DECLS

#define KW_COLUMN_ERROR (kw_column_error_quark())

typedef enum {
    KW_COLUMN_ERROR_PARAM, /* a parameter or an input is of the wrong kind or out of range */
    KW_COLUMN_ERROR_LIMIT, /* too many columns, labels or rows of memory */
    KW_COLUMN_ERROR_FILE,  /* a feature file cannot be read or written, or is damaged */
} KwColumnError;

GQuark kw_column_error_quark(void);

/**
 * KwColumnKind:
 * @KW_COLUMN_NUMBER: doubles; undefined is NaN, infinities do not occur
 * @KW_COLUMN_BOOL: 0 or 1; a comparison with something undefined is 0
 * @KW_COLUMN_LABEL: one of a few texts
 */
typedef enum {
    KW_COLUMN_NUMBER,
    KW_COLUMN_BOOL,
    KW_COLUMN_LABEL,
} KwColumnKind;

/**
 * KwColumn:
 *
 * Belongs to its KwFrame and lives as long as the frame. Values are those of the last
 * kw_frame_update(); rows are counted like those of the frame's series.
 */
typedef struct _KwColumn KwColumn;

KwColumnKind kw_column_get_kind(const KwColumn *self);

/**
 * KwOutside:
 * @compute: writes the numbers of the rows @from to before @to of @series into @out; rows come
 *   in order and each once, but their numbers fall when the frame drops rows at its front
 * @destroy: (nullable): frees @data
 *
 * Where the numbers of a column come from that no operation makes, such as a model's
 * predictions. It may look at candles up to @to alone.
 */
typedef struct {
    void (*compute)(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out);
    GDestroyNotify destroy;
    gpointer data;
} KwOutside;

/* Canonical text such as "ema(close,9)": same text, same values. Long ones end in a hash. */
const gchar *kw_column_get_name(const KwColumn *self);

/* Rows with a value; equal to the series' length after kw_frame_update() */
gsize kw_column_get_n_rows(const KwColumn *self);

/* Number of rows at the start of the data on which the value is not yet defined */
gsize kw_column_get_warmup(const KwColumn *self);

/* The array of a number column; %NULL for other kinds and for constants. Borrowed, valid
 * until the next update or trim. */
const gdouble *kw_column_get_numbers(const KwColumn *self);

/* The array of a boolean (0/1) or label (index) column; %NULL for numbers. Validity as above.
 */
const guint8 *kw_column_get_bytes(const KwColumn *self);

/**
 * kw_column_get_value:
 * @row: < n_rows
 *
 * Returns: the number, 0 or 1 of a boolean column, or the index of a label
 */
gdouble kw_column_get_value(const KwColumn *self, gsize row);

/* The value of the last row; NaN (numbers) or 0 when there is no row */
gdouble kw_column_get_last(const KwColumn *self);

/* Text of a label column at @row (< n_rows); static for the life of the frame */
const gchar *kw_column_get_label(const KwColumn *self, gsize row);

/* The shortest text of at least 15 digits' precision that reads back as @value (finite), in
 * the C locale. @buffer has G_ASCII_DTOSTR_BUF_SIZE bytes. */
void kw_column_number_to_text(gdouble value, gchar *buffer);

G_END_DECLS
