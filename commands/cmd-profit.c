/* cmd-profit.c: profit and loss of a period, or of each day, week or month */
#include "kw-command-runs.h"
#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static KwDecimal
sum_of(const KwProfitView *profit)
{
    KwDecimal sum = profit->realised;

    (void) kw_decimal_add(profit->realised, profit->unrealised, &sum, NULL);
    return sum;
}

/* -- raster -- */

static guint
default_units(KwRaster raster)
{
    switch (raster) {
    case KW_RASTER_NONE:
    case KW_RASTER_DAY:
        return 7;
    case KW_RASTER_WEEK:
        return 8;
    case KW_RASTER_MONTH:
        return 6;
    }
    return 7;
}

static KwDate
first_of_unit(KwRaster raster, KwDate date)
{
    if (raster == KW_RASTER_WEEK)
        return kw_date_add_days(date, 1 - (gint) kw_date_get_weekday(date));
    if (raster == KW_RASTER_MONTH)
        date.day = 1;
    return date;
}

static void
say_unit(KwCommandCtx *ctx, KwRaster raster, KwDate from, KwDate to)
{
    KwPeriod period = {
        kw_zone_get_day_start_us(ctx->zone, from),
        kw_zone_get_day_start_us(ctx->zone, kw_date_add_days(to, 1)),
    };
    KwProfitView profit;
    const gchar *name;

    kw_query_get_profit(ctx->query, period, kw_reply_pair(ctx), &profit);
    if (raster == KW_RASTER_MONTH)
        name = kw_format_month(from.month);
    else if (raster == KW_RASTER_WEEK)
        name = kw_format_days(ctx->format, from, to);
    else
        name = kw_format_day(ctx->format, from);
    kw_reply_line(ctx,
                  kw_i18n_plural("• %1$s: %2$s, %3$u trade", "• %1$s: %2$s, %3$u trades",
                                 profit.n_trades),
                  name, kw_format_signed(ctx->format, sum_of(&profit)), profit.n_trades);
}

/* When the account began; nothing is said about days before. */
static KwDate
first_day(KwCommandCtx *ctx)
{
    g_autoptr(GArray) equity = kw_query_list_equity(ctx->query, KW_PERIOD_ALL);

    if (equity->len == 0)
        return (KwDate){0};
    return kw_zone_get_date(ctx->zone, g_array_index(equity, KwEquityView, 0).time_us);
}

static void
say_raster(KwCommandCtx *ctx)
{
    KwRaster raster = ctx->slots.raster;
    KwDate begin = first_day(ctx);
    KwDate today = kw_zone_get_date(ctx->zone, ctx->now_us), last = today;
    KwDate stop_at = {0};
    guint n_said = 0;
    guint n = ctx->slots.count > 0 ? ctx->slots.count : default_units(raster);

    if (ctx->slots.span.kind == KW_SPAN_DAYS) {
        last = kw_date_cmp(ctx->slots.span.to, today) < 0 ? ctx->slots.span.to : today;
        stop_at = ctx->slots.span.from;
        n = KW_REPLY_MAX_ASKED;
    }
    kw_reply_head(ctx, "%s",
                  raster == KW_RASTER_MONTH  ? _("Result by month, newest first")
                  : raster == KW_RASTER_WEEK ? _("Result by week, newest first")
                                             : _("Result by day, newest first"));
    g_string_append_printf(ctx->reply, " (%s)", ctx->status.quote);
    for (guint i = 0; i < MIN(n, KW_REPLY_MAX_ASKED); i++) {
        KwDate first = first_of_unit(raster, last);

        if (kw_date_cmp(last, stop_at) < 0 || kw_date_cmp(last, begin) < 0)
            break;
        say_unit(ctx, raster, first,
                 raster == KW_RASTER_WEEK ? kw_date_add_days(first, 6) : last);
        last = kw_date_add_days(first, -1);
        n_said++;
    }
    if (n_said == 0)
        kw_reply_line(ctx, _("I have been at work since %s."),
                      kw_format_day_full(ctx->format, begin));
}

/* -- one period -- */

static void
say_parts(KwCommandCtx *ctx, const KwProfitView *profit)
{
    if (kw_reply_pair(ctx) == NULL && kw_decimal_sign(profit->unrealised) != 0)
        kw_reply_line(ctx, _("realised %s · unrealised %s"),
                      kw_format_signed(ctx->format, profit->realised),
                      kw_format_signed(ctx->format, profit->unrealised));
    kw_reply_begin(ctx);
    kw_digest_text_closed(ctx->reply, profit->n_trades, profit->wins, profit->losses);
    if (kw_decimal_sign(profit->fees) > 0)
        g_string_append_printf(ctx->reply, _(" · fees %s"), kw_reply_money(ctx, profit->fees));
    kw_reply_begin(ctx);
    kw_digest_text_win_rate(ctx->reply, ctx->format, profit->wins, profit->n_trades);
}

/* "Profit?" without a period is about today; the frame around it helps to read it. */
static void
say_frame(KwCommandCtx *ctx)
{
    KwDate month = kw_zone_get_date(ctx->zone, ctx->now_us);
    KwPeriod period = {.to_us = G_MAXINT64};
    KwProfitView profit;

    month.day = 1;
    period.from_us = kw_zone_get_day_start_us(ctx->zone, month);
    kw_query_get_profit(ctx->query, period, kw_reply_pair(ctx), &profit);
    kw_reply_line(ctx, _("%s so far %s (%s)"), kw_format_month(month.month),
                  kw_reply_result(ctx, sum_of(&profit)),
                  kw_format_percent_signed(ctx->format, profit.ratio));
    kw_query_get_profit(ctx->query, KW_PERIOD_ALL, kw_reply_pair(ctx), &profit);
    kw_reply_line(ctx, _("Since the start %1$s (%2$s)"), kw_reply_result(ctx, sum_of(&profit)),
                  kw_format_percent_signed(ctx->format, profit.ratio));
}

/* Over more than two weeks the way there says more than the sum. */
static gboolean
is_long(const KwCommandCtx *ctx, KwPeriod period)
{
    gint64 to_us = MIN(period.to_us, ctx->now_us);

    return period.from_us == G_MININT64 || to_us - period.from_us > 14 * G_TIME_SPAN_DAY;
}

void
kw_cmd_profit(KwCommandCtx *ctx)
{
    const gchar *pair = kw_reply_pair(ctx);
    KwPeriod period = kw_reply_period(ctx, kw_reply_today(ctx));
    KwProfitView profit;

    if (ctx->slots.raster != KW_RASTER_NONE) {
        say_raster(ctx);
        kw_reply_chart(ctx,
                       ctx->slots.raster == KW_RASTER_DAY ? KW_CHART_DAYS : KW_CHART_EQUITY,
                       kw_reply_period(ctx, KW_PERIOD_ALL));
        return;
    }
    if (is_long(ctx, period) && pair == NULL)
        kw_reply_chart(ctx, KW_CHART_EQUITY, period);
    kw_query_get_profit(ctx->query, period, pair, &profit);
    kw_reply_head(ctx, _("Result %1$s: %2$s"), kw_reply_period_name(ctx, period),
                  kw_reply_result(ctx, sum_of(&profit)));
    if (profit.n_trades == 0 && kw_decimal_sign(sum_of(&profit)) == 0)
        g_string_append(ctx->reply, _(", no trade"));
    else if (pair == NULL)
        g_string_append_printf(ctx->reply, " (%s)",
                               kw_format_percent_signed(ctx->format, profit.ratio));
    if (pair != NULL)
        g_string_append_printf(ctx->reply, " · %s", pair);
    if (profit.n_trades > 0 || kw_decimal_sign(profit.unrealised) != 0)
        say_parts(ctx, &profit);
    if (ctx->slots.span.kind == KW_SPAN_NONE && pair == NULL)
        say_frame(ctx);
    kw_reply_age(ctx);
}
