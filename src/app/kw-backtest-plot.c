#include "kw-backtest-plot.h"

#include "kw-candle-chart.h"
#include "kw-equity-chart.h"
#include "kw-i18n.h"
#include "kw-timeframe.h"

#include <string.h>

#define N_CANDLES 300
#define N_AFTER 20 /* candles behind the last trade */

typedef struct {
    const gchar *path;
    KwFormat *format;
    const KwLabInput *input;
    const KwResult *result;
    KwZone *zone; /* owned */
} Plot;

static KwChartFrame
make_frame(const Plot *plot, const gchar *title, const gchar *note)
{
    return (KwChartFrame){
        .zone = plot->zone,
        .tongue = kw_i18n_get_language() == KW_LANGUAGE_DE ? KW_CHART_GERMAN : KW_CHART_ENGLISH,
        .title = title,
        .note = note,
        .unit = plot->input->currency,
        .empty_text = _("No trade"),
    };
}

static gboolean
write_png(const gchar *path, GBytes *png, GError **error)
{
    gsize size = 0;
    const gchar *data;

    if (png == NULL)
        return FALSE;
    data = g_bytes_get_data(png, &size);
    return g_file_set_contents(path, data, (gssize) size, error);
}

/* -- equity -- */

/* (transfer full): from the first to the last moment of the period, a point at each exit */
static GArray *
list_points(const KwStatsInput *input)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(KwChartPoint));
    KwChartPoint point = {.time_us = input->start_us, .value = input->capital};

    g_array_append_val(points, point);
    for (gsize i = 0; i < input->n_trades; i++) {
        point.value += input->trades[i].profit_abs;
        if (input->trades[i].close_us == point.time_us)
            g_array_index(points, KwChartPoint, points->len - 1) = point;
        else {
            point.time_us = input->trades[i].close_us;
            g_array_append_val(points, point);
        }
    }
    if (input->end_us > point.time_us) {
        point.time_us = input->end_us;
        g_array_append_val(points, point);
    }
    return points;
}

static gboolean
write_equity(const Plot *plot, GError **error)
{
    const KwStatsInput *input = &plot->result->input;
    g_autoptr(GArray) points = list_points(input);
    g_autofree gchar *title = NULL;
    g_autofree gchar *note = NULL;
    g_autoptr(GBytes) png = NULL;
    KwEquityChart chart;
    KwChartMarks marks;

    title = g_strdup_printf("%s: %s", _("Backtest"), plot->result->facts->strategy);
    note = g_strdup_printf(
        _("%s, largest drawdown %s, trades: %s"),
        kw_format_percent_signed(plot->format, plot->result->stats.profit_total),
        kw_format_percent(plot->format, plot->result->stats.drawdown.account),
        kw_format_number(plot->format, plot->result->stats.n, 0));
    chart = (KwEquityChart){.frame = make_frame(plot, title, note),
                            .points = (const KwChartPoint *) (gconstpointer) points->data,
                            .n_points = input->n_trades > 0 ? points->len : 0,
                            .limit_text = "",
                            .drawdown_text = _("Drawdown")};
    png = kw_equity_chart_draw(&chart, &marks, error);
    return write_png(plot->path, png, error);
}

/* -- candles -- */

static void
add_marks(const Plot *plot, const gchar *pair, GArray *marks)
{
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(plot->result->backtest);

    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);
        KwChartMark enter = {.kind = KW_CHART_MARK_ENTRY,
                             .time_us = trade->open_us,
                             .price = kw_decimal_to_double(trade->open_rate)};
        KwChartMark leave = {.kind = KW_CHART_MARK_EXIT,
                             .time_us = trade->close_us,
                             .price = kw_decimal_to_double(trade->close_rate)};

        if (strcmp(trade->pair, pair) != 0)
            continue;
        g_array_append_val(marks, enter);
        g_array_append_val(marks, leave);
    }
}

/* (transfer full): up to a little behind the last mark */
static GArray *
list_candles(const KwSeries *series, const GArray *marks)
{
    GArray *candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    gsize end = kw_series_get_length(series);

    if (marks->len > 0) {
        gint64 last_us = g_array_index(marks, KwChartMark, marks->len - 1).time_us;

        end = MIN(end, kw_series_find(series, last_us) + N_AFTER);
    }
    for (gsize row = end > N_CANDLES ? end - N_CANDLES : 0; row < end; row++) {
        KwCandle candle = kw_series_get(series, row);

        g_array_append_val(candles, candle);
    }
    return candles;
}

/* (transfer full): strategy, length of the candles, and which part of the run is drawn */
static gchar *
describe(const Plot *plot, const KwSeries *series, const GArray *candles)
{
    KwFormat *format = plot->format;
    const gchar *strategy = plot->result->facts->strategy;
    const gchar *timeframe = kw_timeframe_to_string(kw_series_get_timeframe_us(series));
    const KwCandle *list = (const KwCandle *) (gconstpointer) candles->data;

    if (candles->len == 0)
        return g_strdup_printf("%s · %s", strategy, timeframe);
    return g_strdup_printf(
        _("%s · %s · %s to %s"), strategy, timeframe,
        kw_format_day_full(format, kw_format_date_of(format, list[0].open_us)),
        kw_format_day_full(format, kw_format_date_of(format, list[candles->len - 1].open_us)));
}

/* (transfer full): "run-BTC_USDT.png" of "run.png" */
static gchar *
name_file(const gchar *path, const gchar *pair)
{
    g_autofree gchar *stem = g_str_has_suffix(path, ".png")
                                 ? g_strndup(path, strlen(path) - strlen(".png"))
                                 : g_strdup(path);
    g_autofree gchar *safe = g_strdelimit(g_strdup(pair), "/", '_');

    return g_strdup_printf("%s-%s.png", stem, safe);
}

static gboolean
write_candles(const Plot *plot, const KwStudyPair *pair, GError **error)
{
    const KwSeries *series = kw_frame_get_series(pair->frame);
    g_autofree gchar *file = name_file(plot->path, pair->pair.name);
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(KwChartMark));
    g_autoptr(GArray) candles = NULL;
    g_autofree gchar *note = NULL;
    g_autoptr(GBytes) png = NULL;
    KwCandleChart chart;
    KwChartMarks drawn;

    add_marks(plot, pair->pair.name, marks);
    candles = list_candles(series, marks);
    note = describe(plot, series, candles);
    chart = (KwCandleChart){
        .frame = make_frame(plot, pair->pair.name, note),
        .candles = (const KwCandle *) (gconstpointer) candles->data,
        .n_candles = candles->len,
        .timeframe_us = kw_series_get_timeframe_us(series),
        .price_digits = pair->pair.price_tick.scale,
        .marks = (const KwChartMark *) (gconstpointer) marks->data,
        .n_marks = marks->len,
    };
    png = kw_candle_chart_draw(&chart, &drawn, error);
    return write_png(file, png, error);
}

guint
kw_backtest_plot_write(const gchar *path,
                       KwFormat *format,
                       const KwLabInput *input,
                       const KwResult *result,
                       GError **error)
{
    g_autoptr(KwZone) zone = kw_zone_new("UTC", error);
    const Plot plot = {
        .path = path, .format = format, .input = input, .result = result, .zone = zone};
    guint n_pairs = kw_study_get_n_pairs(input->study);

    if (zone == NULL || !write_equity(&plot, error))
        return 0;
    for (guint i = 0; i < n_pairs; i++)
        if (!write_candles(&plot, kw_study_get_pair(input->study, i), error))
            return 0;
    return 1 + n_pairs;
}
