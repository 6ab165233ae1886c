#include "kw-command-runs.h"
#include "kw-event-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
append_money(KwCommandCtx *ctx, const gchar *name, const KwLimitView *limit)
{
    if (limit->is_set)
        kw_reply_line(ctx, _("%1$s %2$s of %3$s"), name,
                      kw_format_decimal(ctx->format, limit->used, 2),
                      kw_reply_money(ctx, limit->limit));
}

static void
append_ratio(KwCommandCtx *ctx, const gchar *name, const KwLimitView *limit)
{
    if (limit->is_set)
        kw_reply_line(ctx, _("%1$s %2$s of %3$s"), name,
                      kw_format_percent(ctx->format, limit->used_ratio),
                      kw_format_percent(ctx->format, limit->limit_ratio));
}

static void
append_counts(KwCommandCtx *ctx, const KwRiskView *view)
{
    if (view->max_open > 0)
        kw_reply_line(ctx, _("Open trades %1$u of %2$u"), view->n_open, view->max_open);
    else
        kw_reply_line(ctx, _("Open trades %u, no limit"), view->n_open);
    if (view->max_orders_hour > 0)
        kw_reply_line(ctx, _("Orders in the last hour %1$u of %2$u"), view->orders_hour,
                      view->max_orders_hour);
    if (view->max_losses_row > 0)
        kw_reply_line(ctx, _("Losses in a row %1$u of %2$u"), view->losses_row,
                      view->max_losses_row);
    if (view->n_locks > 0)
        kw_reply_line(ctx, _("Locked pairs %u (/pairs)"), view->n_locks);
}

static void
append_head(KwCommandCtx *ctx, const KwRiskView *view)
{
    if (view->is_kill_unreadable)
        kw_reply_head(ctx, "%s", _("🛑 Kill switch cannot be read: counts as ON"));
    else if (view->is_killed)
        kw_reply_head(ctx, _("🛑 Kill switch ON since %1$s (%2$s)"),
                      kw_format_time(ctx->format, view->killed_us),
                      kw_reply_who(view->kill_reason));
    else if (*view->halt_reason != '\0')
        kw_reply_head(ctx, _("🚨 Halted: %s"), kw_risk_reason_text(view->halt_reason));
    else
        kw_reply_head(ctx, "%s", _("All limits free · kill switch off"));
}

void
kw_cmd_risk_status(KwCommandCtx *ctx)
{
    KwRiskView view;

    kw_query_get_risk(ctx->query, &view);
    append_head(ctx, &view);
    append_money(ctx, _("Daily loss"), &view.daily_abs);
    append_ratio(ctx, _("Daily loss"), &view.daily_ratio);
    append_ratio(ctx, _("Drawdown"), &view.drawdown);
    append_ratio(ctx, _("Exposure"), &view.exposure);
    append_ratio(ctx, _("Exposure of one pair, highest"), &view.exposure_pair);
    append_counts(ctx, &view);
    kw_reply_line(ctx, _("The day ends at %s."), kw_format_time(ctx->format, view.day_end_us));
    kw_reply_age(ctx);
}
