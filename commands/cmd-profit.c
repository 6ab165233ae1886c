#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

/* One line a day, week or month, newest first */
static KwPeriod
unit_back(KwCommandCtx *ctx, guint back)
{
    KwDate today = kw_zone_get_date(ctx->zone, ctx->now_us), from, to;

    if (ctx->slots.raster == KW_RASTER_DAY) {
        from = kw_date_add_days(today, -(gint) back);
        to = kw_date_add_days(from, 1);
    } else if (ctx->slots.raster == KW_RASTER_WEEK) {
        from = kw_date_add_days(today, 1 - (gint) kw_date_get_weekday(today) - 7 * (gint) back);
        to = kw_date_add_days(from, 7);
    } else {
        gint month = today.year * 12 + today.month - 1 - (gint) back;

        from = (KwDate){month / 12, (guint8) (month % 12 + 1), 1};
        to = (KwDate){(month + 1) / 12, (guint8) ((month + 1) % 12 + 1), 1};
    }
    return (KwPeriod){kw_zone_get_day_start_us(ctx->zone, from),
                      MIN(kw_zone_get_day_start_us(ctx->zone, to), ctx->now_us + 1)};
}

static const gchar *
unit_name(KwCommandCtx *ctx, KwPeriod period)
{
    KwDate from = kw_zone_get_date(ctx->zone, period.from_us);
    g_autofree gchar *text = NULL;

    if (ctx->slots.raster == KW_RASTER_DAY)
        return kw_format_day_full(ctx->format, from);
    if (ctx->slots.raster == KW_RASTER_WEEK)
        text = g_strdup_printf(_("week %u"), kw_date_get_iso_week(from, NULL));
    else
        text = g_strdup_printf("%s %d", kw_format_month(from.month), from.year);
    return kw_format_keep(ctx->format, text);
}

static guint
n_units(KwCommandCtx *ctx)
{
    static const guint defaults[] = {0, 7, 8, 6};
    guint wanted = ctx->slots.count > 0 ? ctx->slots.count : defaults[ctx->slots.raster];

    if (ctx->slots.raster == KW_RASTER_DAY && ctx->slots.span.kind == KW_SPAN_DAYS)
        wanted = (guint) (kw_date_to_days(ctx->slots.span.to) -
                          kw_date_to_days(ctx->slots.span.from) + 1);
    return MIN(wanted, KW_REPLY_MAX_LINES);
}

static void
append_raster(KwCommandCtx *ctx, const gchar *pair)
{
    for (guint back = 0; back < n_units(ctx); back++) {
        KwPeriod period = unit_back(ctx, back);
        KwProfitView view;

        kw_query_get_profit(ctx->query, period, pair, &view);
        kw_reply_line(ctx, _("• %1$s: %2$s (%3$s), %4$u trades"), unit_name(ctx, period),
                      kw_format_signed(ctx->format, view.realised),
                      kw_format_percent_signed(ctx->format, view.ratio), view.n_trades);
    }
}

static void
append_figures(KwCommandCtx *ctx, const KwProfitView *view)
{
    kw_reply_line(ctx, _("realised %1$s · unrealised %2$s"),
                  kw_format_signed(ctx->format, view->realised),
                  kw_format_signed(ctx->format, view->unrealised));
    if (view->n_trades == 0) {
        kw_reply_line(ctx, "%s", _("No trade closed in this period."));
        return;
    }
    kw_reply_line(ctx,
                  kw_i18n_plural("%1$u trade: %2$u won, %3$u lost",
                                 "%1$u trades: %2$u won, %3$u lost", view->n_trades),
                  view->n_trades, view->wins, view->losses);
    kw_reply_line(ctx, _("Win rate %s"), kw_reply_rate(ctx, view->wins, view->n_trades));
    kw_reply_line(ctx, _("Fees %s, subtracted already"), kw_reply_money(ctx, view->fees));
    if (view->has_trade && view->n_trades > 1)
        kw_reply_line(ctx, _("Best %1$s %2$s · worst %3$s %4$s"), view->best.pair,
                      kw_format_signed(ctx->format, view->best.profit_abs), view->worst.pair,
                      kw_format_signed(ctx->format, view->worst.profit_abs));
}

void
kw_cmd_profit(KwCommandCtx *ctx)
{
    const gchar *pair = ctx->slots.n_pairs > 0 ? ctx->slots.pairs[0] : NULL;
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwProfitView view;
    KwDecimal sum;

    if (ctx->slots.raster != KW_RASTER_NONE) {
        kw_reply_head(ctx, _("Realised results in %s"), ctx->status.quote);
        append_raster(ctx, pair);
        kw_reply_age(ctx);
        return;
    }
    kw_query_get_profit(ctx->query, period, pair, &view);
    if (!kw_decimal_add(view.realised, view.unrealised, &sum, NULL))
        sum = view.realised;
    if (pair != NULL)
        kw_reply_head(ctx, _("Result of %1$s, %2$s: %3$s"), pair,
                      kw_reply_period_name(ctx, period), kw_reply_result(ctx, sum));
    else
        kw_reply_head(ctx, _("Result, %1$s: %2$s (%3$s)"), kw_reply_period_name(ctx, period),
                      kw_reply_result(ctx, sum),
                      kw_format_percent_signed(ctx->format, view.ratio));
    append_figures(ctx, &view);
    kw_reply_age(ctx);
}
