#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
append_trade(KwCommandCtx *ctx, const KwTradeView *trade)
{
    const gchar *age = kw_format_duration(ctx->format, ctx->now_us - trade->open_us);

    if (!trade->has_last) {
        kw_reply_line(ctx, _("• %1$s #%2$d no price known, open for %3$s"), trade->pair,
                      (gint) trade->id, age);
        return;
    }
    kw_reply_line(ctx, _("• %1$s #%2$d %3$s (%4$s), for %5$s, stop %6$s away"), trade->pair,
                  (gint) trade->id, kw_format_percent_signed(ctx->format, trade->profit_ratio),
                  kw_format_signed(ctx->format, trade->profit_abs), age,
                  kw_format_percent(ctx->format, trade->stop_distance_ratio));
}

static void
say_none(KwCommandCtx *ctx)
{
    g_autoptr(GArray) closed = kw_query_list_closed(ctx->query, KW_PERIOD_ALL, NULL, 1);
    const KwTradeView *last;

    kw_reply_head(ctx, "%s", _("No open trades."));
    if (closed->len == 0)
        return;
    last = &g_array_index(closed, KwTradeView, 0);
    kw_reply_line(ctx, _("Last exit: %1$s %2$s on %3$s"), last->pair,
                  kw_reply_result(ctx, last->profit_abs),
                  kw_format_time(ctx->format, last->close_us));
}

static void
drop_outside(GArray *open, KwPeriod period)
{
    for (guint i = open->len; i > 0; i--) {
        const KwTradeView *trade = &g_array_index(open, KwTradeView, i - 1);

        if (trade->open_us < period.from_us || trade->open_us >= period.to_us)
            g_array_remove_index(open, i - 1);
    }
}

void
kw_cmd_open_trades(KwCommandCtx *ctx)
{
    g_autoptr(GArray) open = kw_query_list_open(ctx->query);
    guint n_all = open->len;

    drop_outside(open, kw_reply_period(ctx, KW_PERIOD_ALL));
    if (n_all == 0) {
        say_none(ctx);
    } else if (open->len == 0) {
        kw_reply_head(ctx, _("None of the %u open trades was opened in that period."), n_all);
    } else {
        if (ctx->status.max_open > 0)
            kw_reply_head(ctx, _("Open %1$u of %2$u, together %3$s"), n_all,
                          ctx->status.max_open, kw_reply_result(ctx, ctx->status.open_profit));
        else
            kw_reply_head(ctx, _("Open %1$u, together %2$s"), n_all,
                          kw_reply_result(ctx, ctx->status.open_profit));
        for (guint i = 0; i < MIN(open->len, KW_REPLY_MAX_LINES); i++)
            append_trade(ctx, &g_array_index(open, KwTradeView, i));
        kw_reply_more(ctx, open->len);
    }
    kw_reply_age(ctx);
}
