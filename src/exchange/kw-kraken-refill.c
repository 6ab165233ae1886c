/* kw-kraken-refill.c: pages of trades, built into candles as they come
 *
 * A page ends in the middle of an interval as a rule; the builder keeps that candle until the
 * next page. What is known goes into the track at the end of each page, so an error loses
 * nothing that was there. Silent intervals are filled behind the trade that shows that they
 * were silent, and at the end up to where OHLC begins, when the pages have come that far. */
#include "kw-kraken-refill.h"

#include "kw-candle-builder.h"
#include "kw-error.h"
#include "kw-kraken-market.h"

#define PAGE_TRADES 1000
#define NS_PER_US 1000

typedef struct {
    gchar *alt;           /* owned */
    KwKrakenTrack *track; /* borrowed */
    gint64 timeframe_us;
    gint64 until_us; /* opening of the first candle that is left to OHLC */
    guint64 since;   /* nanoseconds; the page begins behind it */
    guint n_pages;
    KwCandleBuilder builder;
    KwCandle last; /* newest one that is made or was there */
} Refill;

static void ask_page(KwKraken *kraken, GTask *task);

static void
refill_free(gpointer data)
{
    g_free(((Refill *) data)->alt);
    g_free(data);
}

static gint64
first_of_ohlc(gint64 timeframe_us, gint64 last_ended_us)
{
    return last_ended_us - (KW_KRAKEN_REFILL_ROWS - 1) * timeframe_us;
}

gboolean
kw_kraken_refill_is_due(const KwKrakenTrack *track, gint64 last_ended_us)
{
    gint64 timeframe_us = kw_series_get_timeframe_us(kw_kraken_track_get_series(track));
    gint64 last_us = kw_kraken_track_get_last_us(track);

    return last_us != G_MININT64 &&
           last_us + timeframe_us < first_of_ohlc(timeframe_us, last_ended_us);
}

/* -- candles -- */

/* Nobody traded until @open_us. */
static void
add_silence(Refill *refill, gint64 open_us, GArray *out)
{
    while (refill->last.open_us + refill->timeframe_us < MIN(open_us, refill->until_us)) {
        KwCandle flat = {.open_us = refill->last.open_us + refill->timeframe_us};

        flat.open = flat.high = flat.low = flat.close = refill->last.close;
        g_array_append_val(out, flat);
        refill->last = flat;
    }
}

static void
add_candle(Refill *refill, const KwCandle *candle, GArray *out)
{
    if (candle->open_us <= refill->last.open_us || candle->open_us >= refill->until_us)
        return;
    add_silence(refill, candle->open_us, out);
    g_array_append_vals(out, candle, 1);
    refill->last = *candle;
}

/* TRUE when the trades have come to their end */
static gboolean
take_trades(Refill *refill, const GArray *trades, GArray *out)
{
    gboolean is_last = trades->len < PAGE_TRADES;

    for (guint i = 0; i < trades->len; i++) {
        const KwKrakenTrade *trade = &g_array_index(trades, KwKrakenTrade, i);
        KwCandle candle;

        is_last |= trade->time_us >= refill->until_us;
        if (kw_candle_builder_add(&refill->builder, trade->time_us,
                                  kw_decimal_to_double(trade->price),
                                  kw_decimal_to_double(trade->amount), &candle))
            add_candle(refill, &candle, out);
    }
    if (!is_last)
        return FALSE;
    if (refill->builder.has_candle)
        add_candle(refill, &refill->builder.candle, out);
    add_silence(refill, G_MAXINT64, out);
    return TRUE;
}

/* -- pages -- */

static gboolean
take_page(Refill *refill, JsonObject *object, gboolean *out_is_last, GError **error)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    guint64 last = 0;
    g_autoptr(GArray) trades = kw_kraken_parse_trades(object, &last, error);

    if (trades == NULL)
        return FALSE;
    *out_is_last = take_trades(refill, trades, candles);
    (void) kw_kraken_track_merge(refill->track, candles, refill->until_us - 1, NULL);
    if (*out_is_last || (last > refill->since && refill->n_pages < KW_KRAKEN_REFILL_PAGES)) {
        refill->since = last;
        return TRUE;
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT,
                        "too many trades to fill the gap: a hole stays");
    return FALSE;
}

static void
on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Refill *refill = g_task_get_task_data(task);
    g_auto(KwKrakenAnswer) answer = {0};
    GError *error = NULL;
    JsonObject *object = NULL;
    gboolean is_last = FALSE;

    if (kw_kraken_finish(KW_KRAKEN(source), result, &answer, &error))
        object = kw_kraken_answer_get_object(&answer, &error);
    if (object != NULL && take_page(refill, object, &is_last, &error) && !is_last) {
        ask_page(KW_KRAKEN(source), task);
        return;
    }
    if (error != NULL)
        g_task_return_error(task, error);
    else
        g_task_return_boolean(task, TRUE);
    g_object_unref(task);
}

static void
ask_page(KwKraken *kraken, GTask *task)
{
    Refill *refill = g_task_get_task_data(task);
    g_autofree gchar *query =
        g_strdup_printf("pair=%s&since=%" G_GUINT64_FORMAT, refill->alt, refill->since);

    refill->n_pages++;
    kw_kraken_get_async(kraken, "Trades", query, g_task_get_cancellable(task), on_page, task);
}

void
kw_kraken_refill_async(KwKraken *kraken,
                       const gchar *alt,
                       KwKrakenTrack *track,
                       gint64 last_ended_us,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    const KwSeries *series;
    GTask *task;
    Refill *refill;

    g_return_if_fail(KW_IS_KRAKEN(kraken) && kw_kraken_refill_is_due(track, last_ended_us));

    series = kw_kraken_track_get_series(track);
    task = g_task_new(kraken, cancellable, callback, user_data);
    refill = g_new0(Refill, 1);
    refill->alt = g_strdup(alt);
    refill->track = track;
    refill->timeframe_us = kw_series_get_timeframe_us(series);
    refill->until_us = first_of_ohlc(refill->timeframe_us, last_ended_us);
    refill->builder.timeframe_us = refill->timeframe_us;
    refill->last = kw_series_get(series, kw_series_get_length(series) - 1);
    /* behind the last instant of the newest candle */
    refill->since = (guint64) (refill->last.open_us + refill->timeframe_us) * NS_PER_US - 1;
    g_task_set_source_tag(task, kw_kraken_refill_async);
    g_task_set_task_data(task, refill, refill_free);
    ask_page(kraken, task);
}

gboolean
kw_kraken_refill_finish(KwKraken *kraken, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, kraken), FALSE);

    return g_task_propagate_boolean(G_TASK(result), error);
}
