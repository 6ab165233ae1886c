/* cmd-chart.c: a picture is what is wanted; the text is its caption with the key figure */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>
#include <string.h>

#define DEFAULT_DAYS 30

/* The last 30 days when none were said */
static KwPeriod
get_period(KwCommandCtx *ctx)
{
    KwDate from = kw_date_add_days(kw_zone_get_date(ctx->zone, ctx->now_us), 1 - DEFAULT_DAYS);

    return kw_reply_period(
        ctx, (KwPeriod){kw_zone_get_day_start_us(ctx->zone, from), kw_reply_today(ctx).to_us});
}

static void
show_equity(KwCommandCtx *ctx, KwChartKind kind)
{
    KwPeriod period = get_period(ctx);
    g_autoptr(GArray) points = kw_query_list_equity(ctx->query, period);
    KwDecimal first, change;

    if (points->len < 2) {
        kw_reply_head(ctx, "%s", _("There are too few days for a picture yet."));
        return;
    }
    /* what was before the account began has no value */
    period.from_us = MAX(period.from_us, g_array_index(points, KwEquityView, 0).time_us);
    first = g_array_index(points, KwEquityView, 0).equity;
    change = g_array_index(points, KwEquityView, points->len - 1).equity;
    (void) kw_decimal_sub(change, first, &change, NULL);
    kw_reply_head(ctx, _("Account value %1$s: %2$s"), kw_reply_period_name(ctx, period),
                  kw_reply_result(ctx, change));
    if (kw_decimal_sign(first) > 0)
        g_string_append_printf(
            ctx->reply, " (%s)",
            kw_format_percent_signed(ctx->format, kw_decimal_to_double(change) /
                                                      kw_decimal_to_double(first)));
    kw_reply_chart(ctx, kind, period);
}

static void
show_candles(KwCommandCtx *ctx, const gchar *pair)
{
    g_autoptr(GArray) candles = kw_query_list_candles(ctx->query, pair, KW_PERIOD_ALL);
    KwPriceView price;

    if (candles->len < 2 || !kw_query_get_price(ctx->query, pair, &price) || !price.has_price) {
        kw_reply_head(ctx, _("There are no candles of %s to draw."), pair);
        kw_reply_line(ctx, "%s", _("The traded pairs: /pairs"));
        return;
    }
    kw_reply_head(ctx, _("%1$s now %2$s"), pair, kw_format_rate(ctx->format, price.price));
    if (isfinite(price.change_24h_ratio))
        g_string_append_printf(ctx->reply, _(" (%s in 24 h)"),
                               kw_format_percent_signed(ctx->format, price.change_24h_ratio));
    kw_reply_candles(ctx, pair, 0);
    if (ctx->slots.span.kind != KW_SPAN_NONE)
        ctx->chart.period = get_period(ctx);
}

static void
show_calibration(KwCommandCtx *ctx)
{
    g_autoptr(GArray) models = kw_query_list_models(ctx->query);

    for (guint i = 0; i < models->len; i++) {
        const KwModelView *model = &g_array_index(models, KwModelView, i);

        if (!model->is_active || model->n_bins == 0)
            continue;
        kw_reply_head(ctx, _("Calibration of %1$s: mean error %2$s"), model->tag,
                      kw_format_percent(ctx->format, model->calibration_error));
        kw_reply_chart(ctx, KW_CHART_CALIBRATION, KW_PERIOD_ALL);
        return;
    }
    kw_reply_head(ctx, "%s", _("No model is in service."));
    kw_reply_line(ctx, "%s", _("Without one there is no calibration to show."));
}

/* The ranking in words, the same as bars */
static void
show_pairs(KwCommandCtx *ctx)
{
    kw_cmd_pair_performance(ctx);
    kw_reply_chart(ctx, KW_CHART_PAIRS, kw_reply_period(ctx, KW_PERIOD_ALL));
}

void
kw_cmd_chart(KwCommandCtx *ctx)
{
    const gchar *kind = ctx->slots.kind;
    const gchar *pair = kw_reply_pair(ctx);

    if (strcmp(kind, "kalibrierung") == 0) {
        show_calibration(ctx);
        return;
    }
    if (pair == NULL && strcmp(kind, "kerzen") == 0 && ctx->status.n_open > 0)
        pair = ctx->status.open[0].pair;
    if (pair == NULL && strcmp(kind, "kerzen") == 0) {
        kw_reply_line(ctx, "%s", _("❓ Of which pair? For example: “Chart BTC”"));
        return;
    }
    if (pair != NULL) {
        show_candles(ctx, pair);
        return;
    }
    if (strcmp(kind, "paare") == 0) {
        show_pairs(ctx);
        return;
    }
    if (ctx->slots.raster == KW_RASTER_DAY) {
        kw_cmd_profit(ctx);
        return;
    }
    show_equity(ctx, strcmp(kind, "drawdown") == 0 ? KW_CHART_DRAWDOWN : KW_CHART_EQUITY);
    kw_reply_age(ctx);
}
