/* kw-frame-companions.c: other pairs and longer timeframes beside a frame
 *
 * A joined column finds its rows by time, anew for each block: no position is carried, so
 * neither a trim on one side nor a column that is added later needs to be told. */
#include "kw-frame-private.h"

#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

void
kw_frame_set_neighbours(KwFrame *self, KwNeighbours *neighbours)
{
    g_return_if_fail(self != NULL && neighbours != NULL && self->neighbours == NULL);

    self->neighbours = kw_neighbours_ref(neighbours);
}

KwNeighbours *
kw_frame_get_neighbours(const KwFrame *self)
{
    return self->neighbours;
}

/* -- companions -- */

static gboolean
check_timeframe(const KwFrame *self, gint64 timeframe_us, GError **error)
{
    gint64 own_us = kw_series_get_timeframe_us(self->series);

    if (timeframe_us >= own_us && timeframe_us % own_us == 0)
        return TRUE;
    g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                "candles of %s cannot be put together from those of %s",
                kw_timeframe_to_string(timeframe_us), kw_timeframe_to_string(own_us));
    return FALSE;
}

/* The series to follow; %NULL without an error when the strategy is only tried */
static gboolean
find_source(const KwFrame *self, const gchar *pair, const KwSeries **out, GError **error)
{
    *out = pair == NULL               ? self->series
           : self->neighbours != NULL ? kw_neighbours_find(self->neighbours, pair)
                                      : NULL;
    if (*out != NULL || (self->neighbours == NULL && kw_series_get_length(self->series) == 0))
        return TRUE;
    g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                "there are no candles of %s here", pair);
    return FALSE;
}

KwFrame *
kw_frame_companion(KwFrame *self, const gchar *pair, gint64 timeframe_us, GError **error)
{
    gint64 own_us;
    const KwSeries *source = NULL;
    KwCompanion *companion;

    g_return_val_if_fail(self != NULL && timeframe_us > 0, NULL);

    own_us = kw_series_get_timeframe_us(self->series);
    for (guint i = 0; i < self->companions->len; i++) {
        if (kw_companion_is(self->companions->pdata[i], pair, timeframe_us))
            return kw_companion_get_frame(self->companions->pdata[i]);
    }
    if (!check_timeframe(self, timeframe_us, error) || !find_source(self, pair, &source, error))
        return NULL;
    if (self->companions->len == KW_FRAME_MAX_COMPANIONS) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT,
                    "more than %d other pairs and timeframes", KW_FRAME_MAX_COMPANIONS);
        return NULL;
    }
    companion = kw_companion_new(pair, source, own_us, timeframe_us);
    g_ptr_array_add(self->companions, companion);
    return kw_companion_get_frame(companion);
}

guint
kw_frame_get_n_companions(const KwFrame *self)
{
    return self->companions->len;
}

KwFrame *
kw_frame_get_companion(const KwFrame *self, guint index)
{
    g_return_val_if_fail(index < self->companions->len, NULL);

    return kw_companion_get_frame(self->companions->pdata[index]);
}

const gchar *
kw_frame_get_companion_pair(const KwFrame *self, guint index)
{
    g_return_val_if_fail(index < self->companions->len, NULL);

    return kw_companion_get_pair(self->companions->pdata[index]);
}

void
kw_frame_update_companions(KwFrame *self)
{
    gsize n_rows = kw_series_get_length(self->series);

    if (n_rows == 0)
        return;
    for (guint i = 0; i < self->companions->len; i++)
        kw_companion_update(self->companions->pdata[i],
                            kw_series_get_times(self->series)[n_rows - 1] +
                                kw_series_get_timeframe_us(self->series));
}

/* -- joined columns -- */

/* Bytes of a joined column where there is no candle yet: false, or the label that pick gives
 * by default, which stands last */
static guint8
get_blank(const KwColumn *self)
{
    return self->labels != NULL ? (guint8) (g_strv_length(self->labels) - 1) : 0;
}

static void
run_join(KwColumn *self, gsize from, gsize to)
{
    const KwColumn *input = self->inputs[0];
    const gint64 *own = kw_series_get_times(self->series);
    const gint64 *times = kw_series_get_times(self->beside);
    gint64 lag_us =
        kw_series_get_timeframe_us(self->series) - kw_series_get_timeframe_us(self->beside);
    const gdouble *numbers = kw_column_peek_numbers(input);
    gsize n_seen = kw_series_find(self->beside, own[from] + lag_us + 1);
    guint8 blank = get_blank(self);

    for (gsize row = from; row < to; row++) {
        while (n_seen < input->n_rows && times[n_seen] <= own[row] + lag_us)
            n_seen++;
        if (self->kind == KW_COLUMN_NUMBER)
            self->numbers[row] = n_seen > 0 ? numbers[n_seen - 1] : (gdouble) NAN;
        else
            self->bytes[row] = n_seen > 0 ? input->bytes[n_seen - 1] : blank;
    }
}

static const KwCompanion *
find_companion(const KwFrame *self, const KwFrame *frame)
{
    for (guint i = 0; i < self->companions->len; i++) {
        if (kw_companion_get_frame(self->companions->pdata[i]) == frame)
            return self->companions->pdata[i];
    }
    g_return_val_if_reached(NULL);
}

/* A candle of the companion is closed after as many own ones as it is long, at most */
static gsize
get_joined_warmup(const KwFrame *self, const KwFrame *companion, gsize warmup)
{
    gint64 ratio = kw_series_get_timeframe_us(companion->series) /
                   kw_series_get_timeframe_us(self->series);

    return ratio > 1 ? (warmup + 2) * (gsize) ratio : warmup;
}

KwColumn *
kw_frame_join(KwFrame *self, KwFrame *companion, KwColumn *column, GError **error)
{
    static const gchar *const nothing_more[] = {NULL};
    g_autofree gchar *label = NULL;
    g_autofree gchar *key = NULL;
    KwColumn *joined;

    g_return_val_if_fail(self != NULL && companion != NULL && column != NULL, NULL);

    if (column->constant != NULL)
        return kw_frame_constant(self, column->constant[0], error);
    label = kw_companion_dup_label(find_companion(self, companion));
    key = g_strdup_printf("join %p", (gpointer) column);
    joined = g_hash_table_lookup(self->by_key, key);
    if (joined != NULL)
        return joined;
    if (!kw_frame_check_room(self, error))
        return NULL;
    joined = kw_column_new(column->kind, &column, 1);
    joined->name = kw_column_build_name(label, joined, nothing_more);
    joined->warmup = get_joined_warmup(self, companion, column->warmup);
    joined->labels = g_strdupv(column->labels);
    joined->series = self->series;
    joined->beside = companion->series;
    joined->run = run_join;
    return kw_frame_add(self, joined, key);
}
