/* kw-aggregate.c: buckets of candles, with volumes added exactly
 *
 * A sum of doubles depends on its order, so 1m -> 1h -> 1d and 1m -> 1d would differ in their
 * last bits and a tiered store could not be checked against its source. Volumes are therefore
 * brought back to the exchange's own steps (10^-8), added as integers, and turned into the
 * nearest double. 128 bits, because tokens that cost a millionth have volumes of 10^13 a day.
 */
#include "kw-aggregate.h"

#include "kw-decimal.h"
#include "kw-error.h"

#include <math.h>

#define UNITS 100000000
#define SURE_VOLUME 2.25e7 /* volume * UNITS < 2^51: the product is off by < 1/2 unit */
#define MAX_VOLUME 1e20    /* sums of these stay far below 2^127 units */
#define EXACT_UNITS (G_GINT64_CONSTANT(1) << 53)

typedef __int128 Wide;

static Wide
volume_to_units(gdouble volume)
{
    /* a huge volume has fewer digits right of the point: 18 in all */
    static const struct {
        guint8 scale;
        gint64 units;
    } steps[] = {{8, 1}, {5, 1000}, {2, 1000000}, {0, UNITS}};
    KwDecimal exact;

    if (!(volume > 0))
        return 0;
    if (volume < SURE_VOLUME)
        return llround(volume * UNITS);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (kw_decimal_from_double(volume, steps[i].scale, KW_ROUND_HALF_UP, &exact, NULL))
            return (Wide) exact.mant * steps[i].units;
    }
    return (Wide) MIN(volume, MAX_VOLUME) * UNITS;
}

static gdouble
units_to_volume(Wide units)
{
    gchar text[64];

    if (units < EXACT_UNITS)
        return (gdouble) units / UNITS; /* correctly rounded: both are exact */
    if (units / UNITS > G_MAXINT64)
        return (gdouble) (units / UNITS);
    (void) g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT ".%08d", (gint64) (units / UNITS),
                      (gint) (units % UNITS));
    return g_ascii_strtod(text, NULL);
}

static gint64
bucket_of(gint64 time_us, gint64 timeframe_us)
{
    gint64 rest = time_us % timeframe_us;

    return time_us - (rest < 0 ? rest + timeframe_us : rest);
}

/* The candle of the rows @begin .. @end - 1, which open at @open_us */
static KwCandle
merge_rows(const KwSeries *in, gsize begin, gsize end, gint64 open_us)
{
    KwCandle bucket = kw_series_get(in, begin);
    Wide units = 0;

    bucket.open_us = open_us;
    for (gsize row = begin; row < end; row++) {
        bucket.high = MAX(bucket.high, kw_series_get_highs(in)[row]);
        bucket.low = MIN(bucket.low, kw_series_get_lows(in)[row]);
        units += volume_to_units(kw_series_get_volumes(in)[row]);
    }
    bucket.close = kw_series_get_closes(in)[end - 1];
    bucket.volume = units_to_volume(units);
    return bucket;
}

KwSeries *
kw_aggregate_series(const KwSeries *in, gint64 timeframe_us, GError **error)
{
    g_autoptr(KwSeries) out = NULL;
    const gint64 *times;
    gsize n_rows;

    g_return_val_if_fail(in != NULL, NULL);

    if (timeframe_us <= 0 || timeframe_us % kw_series_get_timeframe_us(in) != 0) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                    "%" G_GINT64_FORMAT " us is no multiple of %" G_GINT64_FORMAT " us",
                    timeframe_us, kw_series_get_timeframe_us(in));
        return NULL;
    }
    out = kw_series_new(timeframe_us);
    times = kw_series_get_times(in);
    n_rows = kw_series_get_length(in);
    for (gsize begin = 0, end = 0; begin < n_rows; begin = end) {
        gint64 open_us = bucket_of(times[begin], timeframe_us);
        KwCandle bucket;

        while (end < n_rows && times[end] - open_us < timeframe_us)
            end++;
        bucket = merge_rows(in, begin, end, open_us);
        (void) kw_series_append(out, &bucket);
    }
    return g_steal_pointer(&out);
}
