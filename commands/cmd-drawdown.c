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
        kw_reply_head(ctx, "%s", _("No drawdown, highest value."));
    else
        kw_reply_head(ctx, _("Drawdown now %1$s (%2$s below the highest value)"),
                      kw_format_percent(ctx->format, view.current_ratio),
                      kw_reply_money(ctx, view.current_abs));
    if (view.max_ratio > 0)
        kw_reply_line(
            ctx, _("Largest, %1$s: %2$s (%3$s), %4$s → %5$s"),
            kw_reply_period_name(ctx, period), kw_format_percent(ctx->format, view.max_ratio),
            kw_reply_money(ctx, view.max_abs), kw_format_time(ctx->format, view.peak_us),
            kw_format_time(ctx->format, view.trough_us));
    else
        kw_reply_line(ctx, _("None either, %s."), kw_reply_period_name(ctx, period));
    if (view.limit_ratio > 0)
        kw_reply_line(ctx, _("Limit %s"), kw_format_percent(ctx->format, view.limit_ratio));
    kw_reply_age(ctx);
}
