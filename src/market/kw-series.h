/* kw-series.h: the candles of one pair and timeframe as a struct of arrays */
#pragma once

#include "kw-candle.h"

G_BEGIN_DECLS

/**
 * KwSeries:
 *
 * Growing arrays of times, opens, highs, lows, closes and volumes, ascending by time. Rows
 * are appended at the end and dropped at the front, never changed. One thread at a time.
 */
typedef struct _KwSeries KwSeries;

KwSeries *kw_series_new(gint64 timeframe_us);
void kw_series_free(KwSeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSeries, kw_series_free)

gint64 kw_series_get_timeframe_us(const KwSeries *self);
gsize kw_series_get_length(const KwSeries *self);

/* Returns: %FALSE (and no change) when @candle is not later than the last row */
gboolean kw_series_append(KwSeries *self, const KwCandle *candle);

/**
 * kw_series_append_rows:
 * @from: another series
 * @first, @end: its rows to copy; all or none
 *
 * Returns: %FALSE (and no change) when row @first is not later than the last row
 */
gboolean kw_series_append_rows(KwSeries *self, const KwSeries *from, gsize first, gsize end);

/**
 * kw_series_append_history:
 * @from: another series
 * @until_us: only rows that close at or before this instant
 * @max_rows: the newest of them that are wanted
 *
 * What kw_feed_load_history() asks for, of a feed that holds its candles in series.
 *
 * Returns: as kw_series_append_rows()
 */
gboolean
kw_series_append_history(KwSeries *self, const KwSeries *from, gint64 until_us, gsize max_rows);

/* Drops the first @n_rows rows. */
void kw_series_drop_front(KwSeries *self, gsize n_rows);

/* Row @index, < length */
KwCandle kw_series_get(const KwSeries *self, gsize index);

/* The arrays, length rows each; borrowed, valid until the next append or drop */
const gint64 *kw_series_get_times(const KwSeries *self);
const gdouble *kw_series_get_opens(const KwSeries *self);
const gdouble *kw_series_get_highs(const KwSeries *self);
const gdouble *kw_series_get_lows(const KwSeries *self);
const gdouble *kw_series_get_closes(const KwSeries *self);
const gdouble *kw_series_get_volumes(const KwSeries *self);

/* First row with open_us >= @time_us; length when there is none */
gsize kw_series_find(const KwSeries *self, gint64 time_us);

G_END_DECLS
