/* kw-sketch.c: from views to what the charts of src/report draw
 *
 * All reading happens on the main thread and copies; the thread that draws sees neither the
 * query port nor the language. A period that is too short for a curve is widened to 30 days:
 * who asks for today's picture wants to see where today stands. */
#include "kw-sketch.h"

#include "kw-bar-chart.h"
#include "kw-calibration-chart.h"
#include "kw-candle-chart.h"
#include "kw-equity-chart.h"
#include "kw-format.h"
#include "kw-i18n.h"
#include "kw-words.h"

#include <malloc.h>
#include <string.h>

#define MIN_POINTS 4
#define CANDLES_ROUND 24   /* before the entry and behind the exit of a trade */
#define CANDLES_DEFAULT 72 /* three days of hours */
#define MAX_MARKS 60

struct _KwSketch {
    KwChartRequest request;
    KwPaper paper;
    KwZone *zone; /* owned, a copy: zones do not go from thread to thread */
    KwChartTongue tongue;
    gchar *title, *note, *empty, *second, *third; /* owned */
    gdouble limit_ratio;
    guint digits;
    gint64 timeframe_us;
    GArray *points;    /* owned, KwChartPoint */
    GArray *candles;   /* owned, KwCandle */
    GArray *marks;     /* owned, KwChartMark */
    GArray *levels;    /* owned, KwChartLevel; texts are those of the catalogue */
    GArray *bins;      /* owned, KwCalibrationBin */
    GArray *bars;      /* owned, KwChartBar */
    GPtrArray *labels; /* owned: texts of the bars */
};

typedef struct {
    KwSketch *self;
    KwQuery *query;
    KwFormat *format;
    KwStatusView status;
} Maker;

static void
take_text(gchar **place, gchar *text)
{
    g_free(*place);
    *place = text;
}

/* "[TROCKENLAUF] " and the text */
static void
take_note(Maker *maker, gchar *text)
{
    take_text(&maker->self->note,
              g_strdup_printf("%s %s", kw_words_mode_tag(maker->status.mode), text));
    g_free(text);
}

static gchar *
name_days(Maker *maker, gint64 from_us, gint64 to_us)
{
    return g_strdup(kw_format_days(maker->format, kw_format_date_of(maker->format, from_us),
                                   kw_format_date_of(maker->format, to_us)));
}

/* -- equity -- */

static void
read_points(Maker *maker, KwPeriod period)
{
    g_autoptr(GArray) views = kw_query_list_equity(maker->query, period);

    g_array_set_size(maker->self->points, 0);
    for (guint i = 0; i < views->len; i++) {
        const KwEquityView *view = &g_array_index(views, KwEquityView, i);
        KwChartPoint point = {view->time_us, kw_decimal_to_double(view->equity)};

        g_array_append_val(maker->self->points, point);
    }
}

static gboolean
sketch_equity(Maker *maker)
{
    KwSketch *self = maker->self;
    const KwChartPoint *first, *last;
    g_autofree gchar *days = NULL;
    KwDecimal change = {0};

    read_points(maker, self->request.period);
    if (self->points->len < MIN_POINTS)
        read_points(maker, (KwPeriod){maker->status.now_us - 30 * G_TIME_SPAN_DAY, G_MAXINT64});
    if (self->points->len < 2)
        return FALSE;
    first = &g_array_index(self->points, KwChartPoint, 0);
    last = &g_array_index(self->points, KwChartPoint, self->points->len - 1);
    if (last->time_us <= first->time_us)
        return FALSE;
    days = name_days(maker, first->time_us, last->time_us);
    (void) kw_decimal_from_double(last->value - first->value, 2, KW_ROUND_HALF_UP, &change,
                                  NULL);
    take_note(maker,
              g_strdup_printf(
                  "%s · %s (%s)", days,
                  kw_format_money_signed(maker->format, change, maker->status.quote),
                  kw_format_percent_signed(
                      maker->format, first->value > 0 ? last->value / first->value - 1 : 0)));
    take_text(&self->title, g_strdup_printf(_("Account value in %s"), maker->status.quote));
    self->limit_ratio = maker->status.drawdown.is_set ? maker->status.drawdown.limit_ratio : 0;
    take_text(&self->second,
              g_strdup_printf(_("Limit %s"),
                              kw_format_percent_short(maker->format, self->limit_ratio)));
    take_text(&self->third, g_strdup(_("Drawdown")));
    if (self->request.kind == KW_CHART_DRAWDOWN) {
        take_text(&self->title, g_strdup(_("Drawdown: below the highest value so far")));
        take_note(maker, g_strdup(days));
    }
    return TRUE;
}

/* -- candles -- */

static void
add_mark(KwSketch *self, KwChartMarkKind kind, gint64 time_us, KwDecimal price)
{
    KwChartMark mark = {kind, time_us, kw_decimal_to_double(price)};

    g_array_append_val(self->marks, mark);
}

static void
add_level(KwSketch *self, const KwTradeView *trade, KwDecimal price, const gchar *text)
{
    KwChartLevel level = {
        .from_us = trade->open_us,
        .to_us = trade->is_open ? G_MAXINT64 : trade->close_us,
        .price = kw_decimal_to_double(price),
        .ink = KW_INK_STOP,
        .text = text,
    };

    if (level.price > 0)
        g_array_append_val(self->levels, level);
}

static void
add_trade(KwSketch *self, const KwTradeView *trade)
{
    add_mark(self, KW_CHART_MARK_ENTRY, trade->open_us, trade->open_rate);
    if (!trade->is_open)
        add_mark(self, KW_CHART_MARK_EXIT, trade->close_us, trade->last_rate);
    self->digits = MAX(self->digits, trade->open_rate.scale);
}

static void
add_pair_trades(Maker *maker, KwPeriod period)
{
    KwSketch *self = maker->self;
    g_autoptr(GArray) closed =
        kw_query_list_closed(maker->query, period, self->request.pair, MAX_MARKS / 2);
    KwTradeView open;

    for (guint i = 0; i < closed->len; i++)
        add_trade(self, &g_array_index(closed, KwTradeView, i));
    if (!kw_query_find_trade(maker->query, 0, self->request.pair, &open) || !open.is_open)
        return;
    add_trade(self, &open);
    add_level(self, &open, open.stop, _("Stop"));
}

/* The life of the trade with some candles round it */
static gboolean
add_one_trade(Maker *maker, KwPeriod *period)
{
    KwSketch *self = maker->self;
    gint64 round_us = CANDLES_ROUND * self->timeframe_us;
    KwTradeView trade;

    if (!kw_query_find_trade(maker->query, self->request.trade_id, NULL, &trade))
        return FALSE;
    g_strlcpy(self->request.pair, trade.pair, sizeof self->request.pair);
    add_trade(self, &trade);
    add_level(self, &trade, trade.stop, _("Stop"));
    if (trade.is_open && kw_decimal_cmp(trade.stop, trade.initial_stop) > 0)
        add_level(self, &trade, trade.initial_stop, _("first stop"));
    period->from_us = trade.open_us - round_us;
    period->to_us = trade.is_open ? G_MAXINT64 : trade.close_us + round_us;
    take_note(maker,
              g_strdup_printf(
                  "#%d · %s (%s)", (gint) trade.id,
                  kw_format_money_signed(maker->format, trade.profit_abs, maker->status.quote),
                  kw_format_percent_signed(maker->format, trade.profit_ratio)));
    return TRUE;
}

static void
read_candles(Maker *maker, KwPeriod period)
{
    KwSketch *self = maker->self;
    g_autoptr(GArray) views = kw_query_list_candles(maker->query, self->request.pair, period);

    for (guint i = 0; i < views->len; i++) {
        const KwCandleView *view = &g_array_index(views, KwCandleView, i);
        KwCandle candle = {view->open_us, view->open, view->high, view->low, view->close, 0};

        g_array_append_val(self->candles, candle);
    }
}

static gboolean
sketch_candles(Maker *maker)
{
    KwSketch *self = maker->self;
    KwPeriod period = self->request.period;
    g_autofree gchar *days = NULL;
    const KwCandle *last;
    KwPriceView price;

    self->timeframe_us = MAX(maker->status.timeframe_us, G_TIME_SPAN_MINUTE);
    if (period.from_us == G_MININT64)
        period.from_us = maker->status.data_us - CANDLES_DEFAULT * self->timeframe_us;
    if (self->request.trade_id != 0 && !add_one_trade(maker, &period))
        return FALSE;
    read_candles(maker, period);
    if (self->candles->len < 2)
        return FALSE;
    last = &g_array_index(self->candles, KwCandle, self->candles->len - 1);
    take_text(&self->title,
              g_strdup_printf("%s · %s", self->request.pair,
                              kw_format_duration(maker->format, self->timeframe_us)));
    if (kw_query_get_price(maker->query, self->request.pair, &price) && price.has_price)
        self->digits = price.price.scale;
    if (self->request.trade_id != 0)
        return TRUE;
    add_pair_trades(maker, period);
    days = name_days(maker, g_array_index(self->candles, KwCandle, 0).open_us, last->open_us);
    take_note(maker, g_steal_pointer(&days));
    return TRUE;
}

/* -- bars -- */

static void
add_bar(KwSketch *self, gchar *label, gdouble value)
{
    KwChartBar bar = {label, value};

    g_ptr_array_add(self->labels, label);
    g_array_append_val(self->bars, bar);
}

static gboolean
sketch_days(Maker *maker)
{
    KwSketch *self = maker->self;
    KwDate today = kw_zone_get_date(self->zone, maker->status.now_us);
    KwDate first = kw_date_add_days(today, -29);
    KwDecimal sum = {0};

    if (self->request.period.from_us > kw_zone_get_day_start_us(self->zone, first) ||
        self->request.period.to_us < maker->status.now_us)
        first = kw_zone_get_date(self->zone, MAX(self->request.period.from_us,
                                                 maker->status.now_us - 120 * G_TIME_SPAN_DAY));
    for (KwDate date = first; kw_date_cmp(date, today) <= 0; date = kw_date_add_days(date, 1)) {
        KwPeriod day = {kw_zone_get_day_start_us(self->zone, date),
                        kw_zone_get_day_start_us(self->zone, kw_date_add_days(date, 1))};
        KwProfitView profit;

        if (day.from_us >= self->request.period.to_us)
            break;
        kw_query_get_profit(maker->query, day, NULL, &profit);
        (void) kw_decimal_add(profit.realised, profit.unrealised, &profit.realised, NULL);
        (void) kw_decimal_add(sum, profit.realised, &sum, NULL);
        add_bar(self, g_strdup(kw_format_day(maker->format, date)),
                kw_decimal_to_double(profit.realised));
    }
    take_text(&self->title, g_strdup_printf(_("Result by day in %s"), maker->status.quote));
    take_note(maker, g_strdup_printf(_("sum %s"), kw_format_money_signed(maker->format, sum,
                                                                         maker->status.quote)));
    return self->bars->len > 0;
}

static gboolean
sketch_pairs(Maker *maker)
{
    KwSketch *self = maker->self;
    g_autoptr(GArray) results = kw_query_list_pair_results(maker->query, self->request.period);
    KwDecimal sum = {0};

    for (guint i = 0; i < results->len; i++) {
        const KwPairResultView *result = &g_array_index(results, KwPairResultView, i);

        (void) kw_decimal_add(sum, result->profit, &sum, NULL);
        add_bar(self, g_strndup(result->pair, strcspn(result->pair, "/")),
                kw_decimal_to_double(result->profit));
    }
    take_text(&self->title, g_strdup_printf(_("Result by pair in %s"), maker->status.quote));
    take_note(maker, g_strdup_printf(_("sum %s"), kw_format_money_signed(maker->format, sum,
                                                                         maker->status.quote)));
    return self->bars->len > 0;
}

/* -- calibration -- */

static gboolean
sketch_calibration(Maker *maker)
{
    KwSketch *self = maker->self;
    g_autoptr(GArray) models = kw_query_list_models(maker->query);

    for (guint i = 0; i < models->len; i++) {
        const KwModelView *model = &g_array_index(models, KwModelView, i);

        if (!model->is_active || model->n_bins == 0)
            continue;
        for (guint b = 0; b < MIN(model->n_bins, KW_VIEW_MAX_BINS); b++) {
            KwCalibrationBin bin = {model->bins[b].predicted, model->bins[b].n_hits,
                                    model->bins[b].n};

            g_array_append_val(self->bins, bin);
        }
        take_text(&self->title, g_strdup_printf(_("Calibration of %s"), model->tag));
        take_text(&self->note,
                  g_strdup_printf(_("mean error %s · bars: 95 %% interval"),
                                  kw_format_percent(maker->format, model->calibration_error)));
        take_text(&self->second, g_strdup(_("predicted")));
        take_text(&self->third, g_strdup(_("came true")));
        return TRUE;
    }
    return FALSE;
}

/* -- drawing -- */

static KwChartFrame
make_frame(const KwSketch *self)
{
    return (KwChartFrame){.paper = self->paper,
                          .zone = self->zone,
                          .tongue = self->tongue,
                          .title = self->title,
                          .note = self->note,
                          .empty_text = self->empty};
}

static GBytes *
draw_equity(const KwSketch *self, KwChartMarks *out, GError **error)
{
    KwEquityChart chart = {.frame = make_frame(self),
                           .points = (const KwChartPoint *) self->points->data,
                           .n_points = self->points->len,
                           .limit_ratio = self->limit_ratio,
                           .limit_text = self->second,
                           .drawdown_text = self->third};

    return self->request.kind == KW_CHART_EQUITY
               ? kw_equity_chart_draw(&chart, out, error)
               : kw_equity_chart_draw_drawdown(&chart, out, error);
}

static GBytes *
draw_candles(const KwSketch *self, KwChartMarks *out, GError **error)
{
    KwCandleChart chart = {.frame = make_frame(self),
                           .candles = (const KwCandle *) self->candles->data,
                           .n_candles = self->candles->len,
                           .timeframe_us = self->timeframe_us,
                           .price_digits = self->digits,
                           .marks = (const KwChartMark *) self->marks->data,
                           .n_marks = self->marks->len,
                           .levels = (const KwChartLevel *) self->levels->data,
                           .n_levels = self->levels->len};

    return kw_candle_chart_draw(&chart, out, error);
}

static GBytes *
draw_bars(const KwSketch *self, KwChartMarks *out, GError **error)
{
    KwBarChart chart = {.frame = make_frame(self),
                        .bars = (const KwChartBar *) self->bars->data,
                        .n_bars = self->bars->len,
                        .digits = 2};

    return kw_bar_chart_draw(&chart, out, error);
}

static GBytes *
draw_calibration(const KwSketch *self, KwChartMarks *out, GError **error)
{
    KwCalibrationChart chart = {.frame = make_frame(self),
                                .bins = (const KwCalibrationBin *) self->bins->data,
                                .n_bins = self->bins->len,
                                .across_text = self->second,
                                .up_text = self->third};

    return kw_calibration_chart_draw(&chart, out, error);
}

static const struct {
    gboolean (*make)(Maker *maker);
    GBytes *(*draw)(const KwSketch *self, KwChartMarks *out, GError **error);
} kinds[KW_N_CHART_KINDS] = {
    [KW_CHART_EQUITY] = {sketch_equity, draw_equity},
    [KW_CHART_DRAWDOWN] = {sketch_equity, draw_equity},
    [KW_CHART_CANDLES] = {sketch_candles, draw_candles},
    [KW_CHART_DAYS] = {sketch_days, draw_bars},
    [KW_CHART_PAIRS] = {sketch_pairs, draw_bars},
    [KW_CHART_CALIBRATION] = {sketch_calibration, draw_calibration},
};

static KwSketch *
allocate(const KwZone *zone, const KwChartRequest *request)
{
    KwSketch *self = g_new0(KwSketch, 1);

    self->request = *request;
    self->zone = kw_zone_new(kw_zone_get_identifier(zone), NULL);
    self->tongue =
        kw_i18n_get_language() == KW_LANGUAGE_DE ? KW_CHART_GERMAN : KW_CHART_ENGLISH;
    self->points = g_array_new(FALSE, FALSE, sizeof(KwChartPoint));
    self->candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    self->marks = g_array_new(FALSE, FALSE, sizeof(KwChartMark));
    self->levels = g_array_new(FALSE, FALSE, sizeof(KwChartLevel));
    self->bins = g_array_new(FALSE, FALSE, sizeof(KwCalibrationBin));
    self->bars = g_array_new(FALSE, FALSE, sizeof(KwChartBar));
    self->labels = g_ptr_array_new_with_free_func(g_free);
    self->title = g_strdup("");
    self->note = g_strdup("");
    self->empty = g_strdup(_("No data yet"));
    return self;
}

KwSketch *
kw_sketch_new(KwQuery *query, const KwZone *zone, KwPaper paper, const KwChartRequest *request)
{
    g_autoptr(KwSketch) self = NULL;
    g_autoptr(KwFormat) format = NULL;
    Maker maker = {.query = query};

    g_return_val_if_fail(KW_IS_QUERY(query) && zone != NULL && request != NULL, NULL);

    if (request->kind == KW_CHART_NONE)
        return NULL;
    self = allocate(zone, request);
    self->paper = paper;
    if (self->zone == NULL)
        return NULL;
    kw_query_get_status(query, &maker.status);
    format = kw_format_new(self->zone, maker.status.now_us);
    maker.self = self;
    maker.format = format;
    return kinds[request->kind].make(&maker) ? g_steal_pointer(&self) : NULL;
}

void
kw_sketch_free(KwSketch *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->zone, kw_zone_unref);
    g_free(self->title);
    g_free(self->note);
    g_free(self->empty);
    g_free(self->second);
    g_free(self->third);
    g_array_unref(self->points);
    g_array_unref(self->candles);
    g_array_unref(self->marks);
    g_array_unref(self->levels);
    g_array_unref(self->bins);
    g_array_unref(self->bars);
    g_ptr_array_unref(self->labels);
    g_free(self);
}

GBytes *
kw_sketch_draw(const KwSketch *self, KwChartMarks *out, GError **error)
{
    g_return_val_if_fail(self != NULL && out != NULL, NULL);

    return kinds[self->request.kind].draw(self, out, error);
}

/* -- on a thread -- */

static void
draw_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    g_autoptr(GError) error = NULL;
    KwChartMarks marks;
    GBytes *png = kw_sketch_draw(data, &marks, &error);

    (void) source;
    (void) cancellable;
    (void) malloc_trim(0); /* a canvas leaves megabytes in the arena of its thread */
    if (png != NULL)
        g_task_return_pointer(task, png, (GDestroyNotify) g_bytes_unref);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

void
kw_sketch_draw_async(KwSketch *sketch, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, callback, user_data);

    g_task_set_source_tag(task, kw_sketch_draw_async);
    g_task_set_task_data(task, sketch, (GDestroyNotify) kw_sketch_free);
    g_task_run_in_thread(task, draw_in_thread);
}

GBytes *
kw_sketch_draw_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, NULL), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
