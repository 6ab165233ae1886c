/* kw-study.c: what backtest, optimisation and analysis have in common
 *
 * Rows before the start of a pair are cut by their number, as the reference does, not by their
 * date: a pair that was listed later than the others needs its start as well. */
#include "kw-study.h"

#include "kw-error.h"
#include "kw-gap.h"

#include <string.h>

#define MAX_KEPT_COLUMNS 300 /* then the columns of earlier builds are given up */
#define MIN_ROWS 2           /* one gives a signal, the next trades on it */

struct _KwStudy {
    GPtrArray *pairs;         /* of KwStudyPair, owned */
    KwNeighbours *neighbours; /* a reference; candles of all pairs */
    GPtrArray *watched;       /* of KwSeries, owned; of those that are not traded */
    gint64 from_us, to_us;
    guint startup; /* rows; of the strategy built last */
};

static void
pair_free(gpointer data)
{
    KwStudyPair *pair = data;

    kw_strategy_columns_free(pair->columns);
    kw_frame_free(pair->frame);
    kw_series_free(pair->detail);
    g_free(pair);
}

KwStudy *
kw_study_new(gint64 from_us, gint64 to_us)
{
    KwStudy *self = g_new0(KwStudy, 1);

    self->pairs = g_ptr_array_new_with_free_func(pair_free);
    self->neighbours = kw_neighbours_new();
    self->watched = g_ptr_array_new_with_free_func((GDestroyNotify) kw_series_free);
    self->from_us = from_us;
    self->to_us = to_us;
    return self;
}

void
kw_study_free(KwStudy *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->pairs);
    g_ptr_array_unref(self->watched);
    kw_neighbours_unref(self->neighbours);
    g_free(self);
}

KwStudyPair *
kw_study_add_pair(KwStudy *self, const KwPair *pair, KwSeries *series, KwCandleExtras *extras)
{
    KwStudyPair *added;
    g_autoptr(GArray) gaps = NULL;

    g_return_val_if_fail(self != NULL && pair != NULL && series != NULL, NULL);

    added = g_new0(KwStudyPair, 1);
    gaps = kw_gap_list(series);
    added->pair = *pair;
    added->n_missing = kw_gap_count_missing(gaps);
    added->frame = kw_frame_new(series);
    kw_frame_set_neighbours(added->frame, self->neighbours);
    kw_neighbours_add(self->neighbours, pair->name, series);
    if (extras != NULL)
        kw_frame_set_extras(added->frame, extras);
    g_ptr_array_add(self->pairs, added);
    return added;
}

void
kw_study_add_neighbour(KwStudy *self, const gchar *pair, KwSeries *series)
{
    g_return_if_fail(self != NULL && pair != NULL && series != NULL);

    g_ptr_array_add(self->watched, series);
    kw_neighbours_add(self->neighbours, pair, series);
}

void
kw_study_set_detail(KwStudyPair *pair, KwSeries *detail)
{
    g_return_if_fail(pair != NULL);

    kw_series_free(pair->detail);
    pair->detail = detail;
}

guint
kw_study_get_n_pairs(const KwStudy *self)
{
    return self->pairs->len;
}

KwStudyPair *
kw_study_get_pair(KwStudy *self, guint index)
{
    g_return_val_if_fail(index < self->pairs->len, NULL);

    return self->pairs->pdata[index];
}

/* @role: what it is for, so that the same candles at another place are others */
static void
hash_series(GChecksum *checksum, const gchar *role, const KwSeries *series)
{
    const gdouble *const prices[] = {kw_series_get_opens(series), kw_series_get_highs(series),
                                     kw_series_get_lows(series), kw_series_get_closes(series),
                                     kw_series_get_volumes(series)};
    gsize n_rows = kw_series_get_length(series);

    g_checksum_update(checksum, (const guchar *) role, -1);
    g_checksum_update(checksum, (const guchar *) &n_rows, sizeof n_rows);
    g_checksum_update(checksum, (const guchar *) kw_series_get_times(series),
                      (gssize) (n_rows * sizeof(gint64)));
    for (gsize i = 0; i < G_N_ELEMENTS(prices); i++)
        g_checksum_update(checksum, (const guchar *) prices[i],
                          (gssize) (n_rows * sizeof(gdouble)));
}

/* Strategies read these columns as they read prices. */
static void
hash_extras(GChecksum *checksum, const KwCandleExtras *extras)
{
    gsize n_rows = kw_candle_extras_get_n_rows(extras);

    for (guint i = 0; i < kw_candle_extras_get_n_columns(extras); i++) {
        const KwExtraColumn *column = kw_candle_extras_get_column(extras, i);

        g_checksum_update(checksum, (const guchar *) column->name, -1);
        g_checksum_update(checksum, (const guchar *) column->numbers,
                          (gssize) (n_rows * sizeof(gdouble)));
        g_checksum_update(checksum, column->bytes, (gssize) n_rows);
        for (guint k = 0; k < column->labels->len; k++)
            g_checksum_update(checksum, column->labels->pdata[k],
                              (gssize) strlen(column->labels->pdata[k]) + 1);
    }
}

gchar *
kw_study_hash_candles(const KwStudy *self)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

    g_return_val_if_fail(self != NULL, NULL);

    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];

        hash_series(checksum, "pair", kw_frame_get_series(pair->frame));
        if (kw_frame_get_extras(pair->frame) != NULL)
            hash_extras(checksum, kw_frame_get_extras(pair->frame));
        if (pair->detail != NULL)
            hash_series(checksum, "detail", pair->detail);
    }
    for (guint i = 0; i < self->watched->len; i++)
        hash_series(checksum, "neighbour", self->watched->pdata[i]);
    return g_strdup(g_checksum_get_string(checksum));
}

/* -- rows -- */

static gsize
find_after(const KwSeries *series, gint64 time_us)
{
    return time_us == G_MAXINT64 ? kw_series_get_length(series)
                                 : kw_series_find(series, time_us + 1);
}

static void
set_range(KwStudyPair *pair, gint64 from_us, gint64 to_us, guint startup)
{
    const KwSeries *series = kw_frame_get_series(pair->frame);

    pair->range = (KwBacktestRange){.first = MAX(kw_series_find(series, from_us), startup),
                                    .end = find_after(series, to_us)};
}

static gboolean
has_rows(const KwStudyPair *pair)
{
    return pair->range.end >= pair->range.first + MIN_ROWS;
}

void
kw_study_set_window(KwStudy *self, gint64 from_us, gint64 to_us)
{
    g_return_if_fail(self != NULL);

    for (guint i = 0; i < self->pairs->len; i++)
        set_range(self->pairs->pdata[i], MAX(from_us, self->from_us), MIN(to_us, self->to_us),
                  self->startup);
}

static gboolean
check_rows(const KwStudy *self, GError **error)
{
    gsize most = 0;

    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];

        if (has_rows(pair))
            return TRUE;
        most = MAX(most, MIN(pair->range.end, kw_frame_get_n_rows(pair->frame)));
    }
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                "%" G_GSIZE_FORMAT " candles at most are there up to the end of the period; "
                "the strategy needs %u to start with and %d more to trade",
                most, self->startup, MIN_ROWS);
    return FALSE;
}

/* -- the strategy -- */

static guint
count_columns(const KwFrame *frame)
{
    guint n = kw_frame_get_n_columns(frame);

    for (guint i = 0; i < kw_frame_get_n_companions(frame); i++)
        n += kw_frame_get_n_columns(kw_frame_get_companion(frame, i));
    return n;
}

static gboolean
build_pair(KwStudyPair *pair, const KwStrategy *strategy, GError **error)
{
    g_clear_pointer(&pair->columns, kw_strategy_columns_free);
    if (count_columns(pair->frame) > MAX_KEPT_COLUMNS)
        kw_frame_drop_columns(pair->frame);
    pair->columns = kw_strategy_build(strategy, pair->frame, error);
    if (pair->columns == NULL)
        return FALSE;
    kw_frame_update(pair->frame);
    return TRUE;
}

gboolean
kw_study_build(KwStudy *self, const KwStrategy *strategy, GError **error)
{
    g_return_val_if_fail(self != NULL && strategy != NULL, FALSE);

    self->startup = kw_strategy_get_terms(strategy)->startup_candles;
    kw_study_set_window(self, self->from_us, self->to_us);
    if (!check_rows(self, error))
        return FALSE;
    for (guint i = 0; i < self->pairs->len; i++)
        if (!build_pair(self->pairs->pdata[i], strategy, error))
            return FALSE;
    return TRUE;
}

gint64
kw_study_get_first_us(const KwStudy *self)
{
    gint64 first_us = 0;

    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];
        const gint64 *times = kw_series_get_times(kw_frame_get_series(pair->frame));

        if (has_rows(pair) && (first_us == 0 || times[pair->range.first] < first_us))
            first_us = times[pair->range.first];
    }
    return first_us;
}

gint64
kw_study_get_last_us(const KwStudy *self)
{
    gint64 last_us = 0;

    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];

        if (has_rows(pair))
            last_us =
                MAX(last_us,
                    kw_series_get_times(kw_frame_get_series(pair->frame))[pair->range.end - 1]);
    }
    return last_us;
}

KwBacktest *
kw_study_run(KwStudy *self, const KwBacktestOptions *options, GError **error)
{
    g_autoptr(KwBacktest) backtest = NULL;

    g_return_val_if_fail(self != NULL && options != NULL, NULL);

    backtest = kw_backtest_new(options);
    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];

        g_return_val_if_fail(pair->columns != NULL, NULL);
        kw_backtest_add_pair(backtest, &pair->pair, kw_frame_get_series(pair->frame),
                             pair->columns, pair->range);
        if (pair->detail != NULL && has_rows(pair))
            kw_backtest_set_detail(backtest, pair->detail);
    }
    return kw_backtest_run(backtest, error) ? g_steal_pointer(&backtest) : NULL;
}

gdouble
kw_study_get_market_change(const KwStudy *self)
{
    gdouble sum = 0.0;
    guint n = 0;

    for (guint i = 0; i < self->pairs->len; i++) {
        const KwStudyPair *pair = self->pairs->pdata[i];
        const KwSeries *series = kw_frame_get_series(pair->frame);
        gsize end = MIN(pair->range.end, kw_series_get_length(series));
        const gdouble *closes = kw_series_get_closes(series);

        if (end == 0)
            continue;
        sum += (closes[end - 1] - closes[0]) / closes[0];
        n++;
    }
    return n > 0 ? sum / n : 0.0;
}
