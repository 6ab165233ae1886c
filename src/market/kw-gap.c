#include "kw-gap.h"

static const struct {
    const gchar *exchange;
    KwGapMeaning meaning;
} table[] = {
    {"binance", KW_GAP_OUTAGE},
    {"bitfinex", KW_GAP_NO_TRADE},
    {"kraken", KW_GAP_NO_TRADE},
    {"synth", KW_GAP_OUTAGE},
};

GArray *
kw_gap_list(const KwSeries *series)
{
    GArray *gaps = g_array_new(FALSE, FALSE, sizeof(KwGap));
    gint64 timeframe_us = kw_series_get_timeframe_us(series);
    const gint64 *times = kw_series_get_times(series);
    gsize n_rows = kw_series_get_length(series);

    for (gsize row = 1; row < n_rows; row++) {
        gint64 step_us = times[row] - times[row - 1];

        if (step_us > timeframe_us) {
            KwGap gap = {times[row - 1], times[row], (gsize) (step_us / timeframe_us) - 1};
            g_array_append_val(gaps, gap);
        }
    }
    return gaps;
}

KwSeries *
kw_gap_fill(const KwSeries *series)
{
    gint64 timeframe_us = kw_series_get_timeframe_us(series);
    KwSeries *filled = kw_series_new(timeframe_us);
    gsize n_rows = kw_series_get_length(series);

    for (gsize row = 0; row < n_rows; row++) {
        KwCandle candle = kw_series_get(series, row);
        gint64 next_us = row + 1 < n_rows ? kw_series_get_times(series)[row + 1] : 0;
        KwCandle still = {.open = candle.close,
                          .high = candle.close,
                          .low = candle.close,
                          .close = candle.close};

        (void) kw_series_append(filled, &candle);
        for (still.open_us = candle.open_us + timeframe_us; still.open_us < next_us;
             still.open_us += timeframe_us)
            (void) kw_series_append(filled, &still);
    }
    return filled;
}

gsize
kw_gap_count_missing(const GArray *gaps)
{
    gsize n_missing = 0;

    for (guint i = 0; i < gaps->len; i++)
        n_missing += g_array_index(gaps, KwGap, i).n_missing;
    return n_missing;
}

KwGapMeaning
kw_gap_meaning_of_exchange(const gchar *exchange)
{
    for (gsize i = 0; exchange != NULL && i < G_N_ELEMENTS(table); i++) {
        if (g_ascii_strcasecmp(table[i].exchange, exchange) == 0)
            return table[i].meaning;
    }
    return KW_GAP_OUTAGE;
}

const gchar *
kw_gap_meaning_to_string(KwGapMeaning meaning)
{
    switch (meaning) {
    case KW_GAP_NO_TRADE:
        return "no-trade";
    case KW_GAP_OUTAGE:
        return "outage";
    }
    g_return_val_if_reached("outage");
}
