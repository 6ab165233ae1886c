#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

/* The words of the analysts' rules for a figure that is the better the higher it is */
static const gchar *
grade(gdouble value, gdouble good, gdouble fair)
{
    if (value >= good)
        return _("good");
    return value >= fair ? _("acceptable") : _("poor");
}

static void
append_means(KwCommandCtx *ctx, const KwStatsView *view)
{
    if (view->wins > 0)
        kw_reply_line(ctx, _("Average gain %1$s (%2$s)"),
                      kw_reply_result(ctx, view->mean_win_abs),
                      kw_format_percent_signed(ctx->format, view->mean_win));
    if (view->losses > 0)
        kw_reply_line(ctx, _("Average loss %1$s (%2$s)"),
                      kw_reply_result(ctx, view->mean_loss_abs),
                      kw_format_percent_signed(ctx->format, view->mean_loss));
    if (isfinite(view->profit_factor))
        kw_reply_line(ctx, _("Profit factor %s"),
                      kw_format_number(ctx->format, view->profit_factor, 2));
    kw_reply_line(ctx, _("Average duration %s"),
                  kw_format_duration(ctx->format, view->mean_duration_us));
}

static void
append_ratios(KwCommandCtx *ctx, const KwStatsView *view)
{
    if (!isfinite(view->sortino) || !isfinite(view->sharpe)) {
        kw_reply_line(ctx, "%s", _("Sortino and Sharpe: not meaningful yet"));
        return;
    }
    kw_reply_line(
        ctx, _("Sortino %1$s (%2$s) · Sharpe %3$s (%4$s)"),
        kw_format_number(ctx->format, view->sortino, 2), grade(view->sortino, 2.0, 1.5),
        kw_format_number(ctx->format, view->sharpe, 2), grade(view->sharpe, 1.5, 1.0));
}

void
kw_cmd_trade_stats(KwCommandCtx *ctx)
{
    const gchar *pair = ctx->slots.n_pairs > 0 ? ctx->slots.pairs[0] : NULL;
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwStatsView view;

    kw_query_get_stats(ctx->query, period, pair, &view);
    if (view.n == 0) {
        kw_reply_head(ctx, _("No closed trade in this period: %s."),
                      kw_reply_period_name(ctx, period));
        return;
    }
    kw_reply_head(ctx,
                  kw_i18n_plural("%1$u closed trade, %2$s", "%1$u closed trades, %2$s", view.n),
                  view.n, kw_reply_period_name(ctx, period));
    kw_reply_line(ctx, _("%1$u won, %2$u lost · win rate %3$s"), view.wins, view.losses,
                  kw_reply_rate(ctx, view.wins, view.n));
    append_means(ctx, &view);
    append_ratios(ctx, &view);
    for (guint i = 0; i < MIN(view.n_exits, G_N_ELEMENTS(view.exits)); i++)
        kw_reply_line(ctx, _("• Exit by %1$s: %2$u, together %3$s"),
                      kw_reply_exit_reason(view.exits[i].reason), view.exits[i].n,
                      kw_reply_result(ctx, view.exits[i].profit));
}
