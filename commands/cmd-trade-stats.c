#include "kw-command-runs.h"
#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

#include <math.h>

static const gchar *
judge(gdouble value, gdouble good, gdouble fair)
{
    if (value >= good)
        return _("good");
    return value >= fair ? _("fair") : _("poor");
}

static void
say_ratios(KwCommandCtx *ctx, const KwStatsView *stats)
{
    if (!isfinite(stats->sortino) || !isfinite(stats->sharpe)) {
        kw_reply_line(
            ctx, "%s",
            _("Sortino and Sharpe: no statement yet (from 20 trades and 14 days on)"));
        return;
    }
    kw_reply_line(
        ctx, _("Sortino %1$s (%2$s) · Sharpe %3$s (%4$s)"),
        kw_format_number(ctx->format, stats->sortino, 1), judge(stats->sortino, 2.0, 1.5),
        kw_format_number(ctx->format, stats->sharpe, 1), judge(stats->sharpe, 1.5, 1.0));
}

static void
say_exits(KwCommandCtx *ctx, const KwStatsView *stats)
{
    if (stats->n_exits > 0)
        kw_reply_line(ctx, "%s", _("Exits by reason:"));
    for (guint i = 0; i < MIN(stats->n_exits, G_N_ELEMENTS(stats->exits)); i++)
        kw_reply_line(ctx, _("• %1$s: %2$u, together %3$s"),
                      kw_words_exit_reason(stats->exits[i].reason), stats->exits[i].n,
                      kw_reply_result(ctx, stats->exits[i].profit));
}

void
kw_cmd_trade_stats(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwStatsView stats;

    kw_query_get_stats(ctx->query, period, kw_reply_pair(ctx), &stats);
    if (stats.n == 0) {
        kw_reply_no_trade(ctx, period);
        return;
    }
    kw_reply_head(ctx, _("Figures %1$s: "), kw_reply_period_name(ctx, period));
    kw_digest_text_closed(ctx->reply, stats.n, stats.wins, stats.losses);
    kw_reply_begin(ctx);
    kw_digest_text_win_rate(ctx->reply, ctx->format, stats.wins, stats.n);
    kw_reply_line(ctx, _("Mean gain %1$s (%2$s) · mean loss %3$s (%4$s)"),
                  kw_reply_result(ctx, stats.mean_win_abs),
                  kw_format_percent_signed(ctx->format, stats.mean_win),
                  kw_reply_result(ctx, stats.mean_loss_abs),
                  kw_format_percent_signed(ctx->format, stats.mean_loss));
    kw_reply_line(ctx, _("Profit factor %1$s · mean duration %2$s"),
                  kw_format_number(ctx->format, stats.profit_factor, 2),
                  kw_format_duration(ctx->format, stats.mean_duration_us));
    say_ratios(ctx, &stats);
    say_exits(ctx, &stats);
}
