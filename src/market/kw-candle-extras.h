/* kw-candle-extras.h: what else stands beside the candles: ready-made signals, tags, scores */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

#define KW_CANDLE_EXTRAS_MAX_LABELS 250 /* different texts of a column */
#define KW_CANDLE_EXTRAS_MAX_LABEL_BYTES 32

/**
 * KwExtraColumn:
 * @numbers: NaN where there is none
 * @labels: (element-type utf8): different texts; the first is ""
 * @bytes: index into @labels
 * @has_text: a cell is no number
 * @has_overflow: there are too many different texts to be labels
 *
 * One value per row, as a number and as a text.
 */
typedef struct {
    gchar *name;
    gdouble *numbers;
    guint8 *bytes;
    GPtrArray *labels;
    GHashTable *index; /* text -> index */
    gboolean has_text, has_overflow;
} KwExtraColumn;

typedef struct _KwCandleExtras KwCandleExtras;

/* @n_rows: as many as the series has */
KwCandleExtras *kw_candle_extras_new(gsize n_rows);
void kw_candle_extras_free(KwCandleExtras *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCandleExtras, kw_candle_extras_free)

gsize kw_candle_extras_get_n_rows(const KwCandleExtras *self);
guint kw_candle_extras_get_n_columns(const KwCandleExtras *self);
const KwExtraColumn *kw_candle_extras_get_column(const KwCandleExtras *self, guint index);

/* Adds a column without values, or finds the one of that name. Returns: its index */
guint kw_candle_extras_add_column(KwCandleExtras *self, const gchar *name);

/**
 * kw_candle_extras_set:
 * @text: a number, "true" or "false" (1 and 0), or a text; "", "nan" and "none" are no value.
 *   Longer texts are cut to %KW_CANDLE_EXTRAS_MAX_LABEL_BYTES
 */
void kw_candle_extras_set(KwCandleExtras *self, guint column, gsize row, const gchar *text);

/**
 * kw_candle_extras_load:
 * @path: a candle file whose first line names its columns
 * @series: the candles of that file that were kept
 *
 * Reads every column that is no part of a candle, for the rows of @series.
 *
 * Returns: (transfer full): %NULL with a #KwMarketError
 */
KwCandleExtras *
kw_candle_extras_load(const gchar *path, const KwSeries *series, GError **error);

/* (nullable): the column of that name */
const KwExtraColumn *kw_candle_extras_find(const KwCandleExtras *self, const gchar *name);

G_END_DECLS
