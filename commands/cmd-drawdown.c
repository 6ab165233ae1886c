#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_drawdown(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwDrawdownView view;

    kw_query_get_drawdown(ctx->query, period, &view);
    if (view.is_at_high)
        kw_reply_head(ctx, "%s", _("No drawdown, the account is at its high."));
    else
        kw_reply_head(ctx, _("Drawdown %1$s (%2$s below the high)"),
                      kw_format_percent(ctx->format, view.current_ratio),
                      kw_reply_money(ctx, view.current_abs));
    if (view.max_ratio > 0) {
        kw_reply_line(ctx, _("Largest (%1$s): %2$s, %3$s"), kw_reply_period_name(ctx, period),
                      kw_format_percent(ctx->format, view.max_ratio),
                      kw_reply_money(ctx, view.max_abs));
        kw_reply_line(
            ctx, _("from the high on %1$s to the low on %2$s"),
            kw_format_day(ctx->format, kw_format_date_of(ctx->format, view.peak_us)),
            kw_format_day(ctx->format, kw_format_date_of(ctx->format, view.trough_us)));
    }
    if (view.limit_ratio > 0)
        kw_reply_line(ctx, _("Limit: %s, then no new entries"),
                      kw_format_percent_short(ctx->format, view.limit_ratio));
    kw_reply_chart(ctx, KW_CHART_DRAWDOWN, period);
    kw_reply_age(ctx);
}
