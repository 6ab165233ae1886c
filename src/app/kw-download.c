/* kw-download.c: spans that are missing, each fetched page by page
 *
 * Four ways to a candle: Kraken's last 720 intervals come in one answer (OHLC, which has
 * silent minutes as well); what is older is made of single trades, a thousand a second at most;
 * Binance has pages of finished candles; and a bridge tells so many backwards from a time, so
 * it is asked for the end of each window of a thousand intervals, which may be empty (a
 * weekend). A page of a bridge that fails is asked for again, as its terminal has to read old
 * candles in first, and hosted ones count requests. The store itself is the note of how far it
 * has come: a span goes on behind the newest row. Before the oldest row it is filled a day at a
 * time, the newest day first, and a day is written as a whole, so an end in the middle leaves
 * no hole. */
#include "kw-download.h"

#include "kw-binance.h"
#include "kw-candle-builder.h"
#include "kw-error.h"
#include "kw-kraken-market.h"
#include "kw-mt5-candles.h"
#include "kw-timeframe.h"

#include <string.h>

#define OHLC_ROWS 719 /* the oldest of 720 may drop out while we ask */
#define PAGE_TRADES 1000
#define FLUSH_ROWS 1000
#define BRIDGE_TRIES 4
#define BRIDGE_LATE_US (10 * G_USEC_PER_SEC) /* its newest candle may change for so long */

typedef struct {
    const KwDownloadOrder *order;
    KwDownloadProgress progress;
    gpointer user_data;
    KwDownloadReport *report;
    GMainLoop *loop;
    GError *error;            /* ends the run */
    gint64 from_us, until_us; /* span under way; openings */
    gint64 next_us;           /* of the next page */
    guint64 since;            /* the same for trades; nanoseconds */
    guint n_failed;           /* attempts at the page */
    KwCandleBuilder builder;
    KwSeries *chunk;   /* owned: not yet stored */
    gboolean is_whole; /* the span is stored at its end alone */
} Run;

static void ask(Run *run);

static void
end(Run *run, GError *error)
{
    run->error = error;
    g_main_loop_quit(run->loop);
}

/* -- storing -- */

static gboolean
flush(Run *run, GError **error)
{
    KwImport import = {.pair = run->order->pair, .mode = KW_IMPORT_KEEP};
    KwImportCount count = {0};

    if (kw_series_get_length(run->chunk) == 0)
        return TRUE;
    (void) g_strlcpy(import.origin.source, run->order->name, sizeof import.origin.source);
    if (!kw_market_store_import(run->order->store, &import, run->chunk, &count, error))
        return FALSE;
    run->report->count.n_added += count.n_added;
    run->report->count.n_same += count.n_same;
    run->report->count.n_changed += count.n_changed;
    kw_series_drop_front(run->chunk, kw_series_get_length(run->chunk));
    return TRUE;
}

static void
keep(Run *run, const KwCandle *candle)
{
    if (candle->open_us >= run->from_us && candle->open_us < run->until_us)
        (void) kw_series_append(run->chunk, candle);
}

/* After a page: on to the next, or the end of the span */
static void
go_on(Run *run, gboolean is_last)
{
    GError *error = NULL;

    if (run->progress != NULL)
        run->progress(MIN(run->next_us, run->until_us), run->until_us, run->user_data);
    if ((is_last || (!run->is_whole && kw_series_get_length(run->chunk) >= FLUSH_ROWS)) &&
        !flush(run, &error)) {
        end(run, error);
        return;
    }
    if (is_last)
        g_main_loop_quit(run->loop);
    else
        ask(run);
}

/* -- Kraken -- */

/* (transfer none): the object of the answer, or %NULL when the run has ended */
static JsonObject *
take_answer(Run *run, GObject *source, GAsyncResult *result, KwKrakenAnswer *answer)
{
    GError *error = NULL;
    JsonObject *object = NULL;

    if (kw_kraken_finish(KW_KRAKEN(source), result, answer, &error))
        object = kw_kraken_answer_get_object(answer, &error);
    if (object == NULL)
        end(run, error);
    return object;
}

static void
on_ohlc(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Run *run = user_data;
    g_auto(KwKrakenAnswer) answer = {0};
    g_autoptr(GArray) candles = NULL;
    JsonObject *object = take_answer(run, source, result, &answer);
    GError *error = NULL;
    gint64 last_us = 0;

    if (object == NULL)
        return;
    candles = kw_kraken_parse_ohlc(object, &last_us, &error);
    if (candles == NULL) {
        end(run, error);
        return;
    }
    for (guint i = 0; i < candles->len; i++)
        keep(run, &g_array_index(candles, KwCandle, i));
    run->next_us = run->until_us;
    go_on(run, TRUE);
}

static void
take_trades(Run *run, const GArray *trades)
{
    for (guint i = 0; i < trades->len; i++) {
        const KwKrakenTrade *trade = &g_array_index(trades, KwKrakenTrade, i);
        KwCandle candle;

        if (kw_candle_builder_add(&run->builder, trade->time_us,
                                  kw_decimal_to_double(trade->price),
                                  kw_decimal_to_double(trade->amount), &candle))
            keep(run, &candle);
        run->next_us = trade->time_us;
    }
}

static void
on_trades(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Run *run = user_data;
    g_auto(KwKrakenAnswer) answer = {0};
    g_autoptr(GArray) trades = NULL;
    JsonObject *object = take_answer(run, source, result, &answer);
    GError *error = NULL;
    gboolean is_last;
    guint64 last = 0;

    if (object == NULL)
        return;
    trades = kw_kraken_parse_trades(object, &last, &error);
    if (trades == NULL) {
        end(run, error);
        return;
    }
    take_trades(run, trades);
    /* an id of no use: by time, which may give some trades twice; the builder drops none of an
     * interval that is over, so a whole second is stepped over instead */
    run->since = last != 0 ? last : (guint64) (run->next_us / G_USEC_PER_SEC + 1) * 1000000000;
    is_last = trades->len < PAGE_TRADES || run->next_us >= run->until_us;
    if (is_last && run->builder.has_candle)
        keep(run, &run->builder.candle);
    go_on(run, is_last);
}

static void
ask_kraken(Run *run)
{
    const KwKrakenPair *pair =
        kw_kraken_pairs_find(run->order->source->pairs, run->order->pair);
    gint64 now_us = kw_clock_now_us(run->order->clock);
    g_autofree gchar *query = NULL;

    if (run->from_us >= now_us - OHLC_ROWS * run->order->timeframe_us) {
        query = g_strdup_printf("pair=%s&interval=%d&since=%" G_GINT64_FORMAT, pair->alt,
                                (gint) (run->order->timeframe_us / 60 / G_USEC_PER_SEC),
                                (run->from_us - run->order->timeframe_us) / G_USEC_PER_SEC);
        kw_kraken_get_async(run->order->source->kraken, "OHLC", query, NULL, on_ohlc, run);
        return;
    }
    query = g_strdup_printf("pair=%s&since=%" G_GUINT64_FORMAT, pair->alt, run->since);
    kw_kraken_get_async(run->order->source->kraken, "Trades", query, NULL, on_trades, run);
}

/* -- Binance -- */

static void
on_wait_over(gpointer user_data)
{
    ask(user_data);
}

static void
on_klines(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Run *run = user_data;
    gint64 now_us = kw_clock_now_us(run->order->clock);
    GError *error = NULL;
    guint wait_s = 0;
    g_autoptr(GBytes) body = kw_binance_get_finish(KW_HTTP(source), result, &wait_s, &error);
    g_autoptr(GArray) candles = NULL;

    if (g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_BUSY)) {
        g_error_free(error);
        (void) kw_clock_call_in(run->order->clock, wait_s * G_TIME_SPAN_SECOND, on_wait_over,
                                run);
        return;
    }
    if (body != NULL)
        candles = kw_binance_parse_klines(body, now_us, &error);
    if (candles == NULL) {
        end(run, error);
        return;
    }
    for (guint i = 0; i < candles->len; i++)
        keep(run, &g_array_index(candles, KwCandle, i));
    if (candles->len > 0)
        run->next_us = g_array_index(candles, KwCandle, candles->len - 1).open_us +
                       run->order->timeframe_us;
    go_on(run, candles->len < KW_BINANCE_MAX_ROWS || run->next_us >= run->until_us);
}

/* -- a bridge -- */

static void
on_page(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Run *run = user_data;
    GError *error = NULL;
    g_autoptr(GArray) candles = kw_mt5_candles_finish(KW_MT5(source), result, &error);
    gint64 end_us = run->next_us + KW_MT5_CANDLES_MAX * run->order->timeframe_us;

    if (candles == NULL && ++run->n_failed < BRIDGE_TRIES) {
        g_error_free(error);
        (void) kw_clock_call_in(run->order->clock, (G_TIME_SPAN_SECOND << run->n_failed),
                                on_wait_over, run);
        return;
    }
    if (candles == NULL) {
        end(run, error);
        return;
    }
    run->n_failed = 0;
    for (guint i = 0; i < candles->len; i++)
        if (g_array_index(candles, KwCandle, i).open_us >= run->next_us)
            keep(run, &g_array_index(candles, KwCandle, i));
    run->next_us = MIN(end_us, run->until_us);
    go_on(run, run->next_us >= run->until_us);
}

static void
ask_bridge(Run *run)
{
    gint64 end_us =
        MIN(run->next_us + KW_MT5_CANDLES_MAX * run->order->timeframe_us, run->until_us);
    const KwMt5Page page = {
        .symbol = run->order->source->symbol,
        .timeframe_us = run->order->timeframe_us,
        .until_us = end_us - G_TIME_SPAN_SECOND,
        .n_rows = (guint) ((end_us - run->next_us) / run->order->timeframe_us),
    };

    kw_mt5_candles_async(run->order->source->bridge, &page, NULL, on_page, run);
}

static void
ask(Run *run)
{
    const KwDownloadOrder *order = run->order;
    const KwBinancePage page = {
        .url = order->source->url,
        .pair = order->pair,
        .timeframe = kw_timeframe_to_string(order->timeframe_us),
        .from_us = run->next_us,
    };

    run->report->n_requests++;
    if (order->source->kraken != NULL)
        ask_kraken(run);
    else if (order->source->bridge != NULL)
        ask_bridge(run);
    else
        kw_binance_get_async(order->source->http, &page, on_klines, run);
}

/* -- spans -- */

static gboolean
fetch(Run *run, gint64 from_us, gint64 until_us, GError **error)
{
    if (from_us >= until_us)
        return TRUE;
    run->from_us = run->next_us = from_us;
    run->until_us = until_us;
    run->since = (guint64) from_us * 1000 - 1; /* trades behind it */
    run->builder = (KwCandleBuilder){.timeframe_us = run->order->timeframe_us};
    run->report->from_us =
        run->report->from_us == 0 ? from_us : MIN(run->report->from_us, from_us);
    run->report->until_us = MAX(run->report->until_us, until_us);
    ask(run);
    g_main_loop_run(run->loop);
    if (run->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&run->error));
    return FALSE;
}

/* From @from_us to now: what OHLC cannot tell any more first */
static gboolean
fetch_forward(Run *run, gint64 from_us, gint64 until_us, GError **error)
{
    gint64 timeframe_us = run->order->timeframe_us;
    gint64 recent_us = until_us - (OHLC_ROWS - 1) * timeframe_us;

    run->is_whole = FALSE;
    if (run->order->source->kraken != NULL && from_us < recent_us &&
        !fetch(run, from_us, recent_us, error))
        return FALSE;
    if (run->order->source->kraken != NULL)
        from_us = MAX(from_us, recent_us);
    return fetch(run, from_us, until_us, error);
}

static gboolean
fetch_before(Run *run, gint64 first_us, GError **error)
{
    run->is_whole = TRUE;
    for (guint day = 0; day < run->order->days; day++) {
        gint64 until_us = first_us - day * G_TIME_SPAN_DAY;

        if (until_us - G_TIME_SPAN_DAY < 0 ||
            !fetch(run, until_us - G_TIME_SPAN_DAY, until_us, error))
            return until_us - G_TIME_SPAN_DAY < 0;
    }
    return TRUE;
}

static gboolean
find_stored(const KwDownloadOrder *order, KwSeriesInfo *out, GError **error)
{
    g_autoptr(GArray) list = kw_market_store_list(order->store, error);

    *out = (KwSeriesInfo){0};
    for (guint i = 0; list != NULL && i < list->len; i++) {
        const KwSeriesInfo *info = &g_array_index(list, KwSeriesInfo, i);

        if (strcmp(info->pair, order->pair) == 0 && info->timeframe_us == order->timeframe_us)
            *out = *info;
    }
    return list != NULL;
}

gboolean
kw_download_run(const KwDownloadOrder *order,
                KwDownloadProgress progress,
                gpointer user_data,
                KwDownloadReport *out,
                GError **error)
{
    Run run = {.order = order, .progress = progress, .user_data = user_data, .report = out};
    gint64 until_us, from_us;
    KwSeriesInfo stored;
    gboolean is_done;

    g_return_val_if_fail(order != NULL && out != NULL, FALSE);

    *out = (KwDownloadReport){0};
    if (!find_stored(order, &stored, error))
        return FALSE;
    until_us =
        kw_clock_now_us(order->clock) - (order->source->bridge != NULL ? BRIDGE_LATE_US : 0);
    until_us -= until_us % order->timeframe_us;
    from_us = until_us - order->days * G_TIME_SPAN_DAY;
    from_us -= from_us % order->timeframe_us;
    if (stored.n_rows > 0)
        from_us = stored.last_us + order->timeframe_us;
    run.loop = g_main_loop_new(NULL, FALSE);
    run.chunk = kw_series_new(order->timeframe_us);
    is_done = fetch_forward(&run, from_us, until_us, error);
    if (is_done && order->is_prepend && stored.n_rows > 0)
        is_done = fetch_before(&run, stored.first_us, error);
    kw_series_free(run.chunk);
    g_main_loop_unref(run.loop);
    return is_done;
}
