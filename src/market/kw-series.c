/* kw-series.c: struct of arrays, so that a column operation reads memory in one stream
 *
 * Dropping at the front moves the rest down; callers drop rarely (when twice the wanted
 * history has gathered), so the cost per appended row is constant. */
#include "kw-series.h"

#include <string.h>

typedef enum { OPEN, HIGH, LOW, CLOSE, VOLUME, N_FIELDS } Field;

struct _KwSeries {
    gint64 timeframe_us;
    gsize length;
    gsize capacity;
    gint64 *times;             /* owned; UTC, us */
    gdouble *fields[N_FIELDS]; /* owned */
};

KwSeries *
kw_series_new(gint64 timeframe_us)
{
    KwSeries *self;

    g_return_val_if_fail(timeframe_us > 0, NULL);

    self = g_new0(KwSeries, 1);
    self->timeframe_us = timeframe_us;
    return self;
}

void
kw_series_free(KwSeries *self)
{
    if (self == NULL)
        return;
    g_free(self->times);
    for (gsize f = 0; f < N_FIELDS; f++)
        g_free(self->fields[f]);
    g_free(self);
}

gint64
kw_series_get_timeframe_us(const KwSeries *self)
{
    return self->timeframe_us;
}

gsize
kw_series_get_length(const KwSeries *self)
{
    return self->length;
}

/* Makes room for @n_rows in all */
static void
reserve(KwSeries *self, gsize n_rows)
{
    if (n_rows <= self->capacity)
        return;
    self->capacity = MAX(MAX(n_rows, 256), self->capacity * 2);
    self->times = g_renew(gint64, self->times, self->capacity);
    for (gsize f = 0; f < N_FIELDS; f++)
        self->fields[f] = g_renew(gdouble, self->fields[f], self->capacity);
}

gboolean
kw_series_append(KwSeries *self, const KwCandle *candle)
{
    gsize n = self->length;

    g_return_val_if_fail(candle != NULL, FALSE);

    if (n > 0 && candle->open_us <= self->times[n - 1])
        return FALSE;
    reserve(self, n + 1);
    self->times[n] = candle->open_us;
    self->fields[OPEN][n] = candle->open;
    self->fields[HIGH][n] = candle->high;
    self->fields[LOW][n] = candle->low;
    self->fields[CLOSE][n] = candle->close;
    self->fields[VOLUME][n] = candle->volume;
    self->length = n + 1;
    return TRUE;
}

gboolean
kw_series_append_rows(KwSeries *self, const KwSeries *from, gsize first, gsize end)
{
    gsize n = self->length, n_new = end - first;

    g_return_val_if_fail(from != NULL && from != self, FALSE);
    g_return_val_if_fail(first <= end && end <= from->length, FALSE);

    if (n_new == 0)
        return TRUE;
    if (n > 0 && from->times[first] <= self->times[n - 1])
        return FALSE;
    reserve(self, n + n_new);
    memcpy(self->times + n, from->times + first, n_new * sizeof *self->times);
    for (gsize f = 0; f < N_FIELDS; f++)
        memcpy(self->fields[f] + n, from->fields[f] + first, n_new * sizeof(gdouble));
    self->length = n + n_new;
    return TRUE;
}

gboolean
kw_series_append_history(KwSeries *self, const KwSeries *from, gint64 until_us, gsize max_rows)
{
    gint64 later_us;
    gsize end;

    g_return_val_if_fail(from != NULL, FALSE);
    g_return_val_if_fail(self->timeframe_us == from->timeframe_us, FALSE);

    /* the opening of the first row that closes later */
    later_us = until_us < G_MININT64 + from->timeframe_us ? G_MININT64
                                                          : until_us - from->timeframe_us + 1;
    end = kw_series_find(from, later_us);
    return kw_series_append_rows(self, from, end > max_rows ? end - max_rows : 0, end);
}

void
kw_series_drop_front(KwSeries *self, gsize n_rows)
{
    gsize rest;

    g_return_if_fail(n_rows <= self->length);

    if (n_rows == 0)
        return;
    rest = self->length - n_rows;
    memmove(self->times, self->times + n_rows, rest * sizeof *self->times);
    for (gsize f = 0; f < N_FIELDS; f++)
        memmove(self->fields[f], self->fields[f] + n_rows, rest * sizeof(gdouble));
    self->length = rest;
}

KwCandle
kw_series_get(const KwSeries *self, gsize index)
{
    g_return_val_if_fail(index < self->length, (KwCandle){0});

    return (KwCandle){
        .open_us = self->times[index],
        .open = self->fields[OPEN][index],
        .high = self->fields[HIGH][index],
        .low = self->fields[LOW][index],
        .close = self->fields[CLOSE][index],
        .volume = self->fields[VOLUME][index],
    };
}

const gint64 *
kw_series_get_times(const KwSeries *self)
{
    return self->times;
}

const gdouble *
kw_series_get_opens(const KwSeries *self)
{
    return self->fields[OPEN];
}

const gdouble *
kw_series_get_highs(const KwSeries *self)
{
    return self->fields[HIGH];
}

const gdouble *
kw_series_get_lows(const KwSeries *self)
{
    return self->fields[LOW];
}

const gdouble *
kw_series_get_closes(const KwSeries *self)
{
    return self->fields[CLOSE];
}

const gdouble *
kw_series_get_volumes(const KwSeries *self)
{
    return self->fields[VOLUME];
}

gsize
kw_series_find(const KwSeries *self, gint64 time_us)
{
    gsize low = 0, high = self->length;

    while (low < high) {
        gsize mid = low + (high - low) / 2;

        if (self->times[mid] < time_us)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
