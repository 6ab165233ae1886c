#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static gboolean
is_wanted(KwCommandCtx *ctx, const KwTradeView *trade, KwPeriod period)
{
    const gchar *pair = kw_reply_pair(ctx);

    return trade->open_us >= period.from_us && trade->open_us < period.to_us &&
           (pair == NULL || strcmp(trade->pair, pair) == 0);
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
    kw_reply_line(ctx, _("Last exit: %1$s %2$s, %3$s"), last->pair,
                  kw_reply_result(ctx, last->profit_abs),
                  kw_format_time(ctx->format, last->close_us));
}

static void
say_trade(KwCommandCtx *ctx, const KwTradeView *trade)
{
    const gchar *age = kw_format_duration(ctx->format, ctx->now_us - trade->open_us);

    if (!trade->has_last)
        kw_reply_line(ctx, _("• %1$s #%2$d no current price, for %3$s"), trade->pair,
                      (gint) trade->id, age);
    else
        kw_reply_line(ctx, _("• %1$s #%2$d %3$s (%4$s), for %5$s"), trade->pair,
                      (gint) trade->id,
                      kw_format_percent_signed(ctx->format, trade->profit_ratio),
                      kw_format_signed(ctx->format, trade->profit_abs), age);
    if (trade->has_last && kw_decimal_sign(trade->stop) > 0)
        g_string_append_printf(ctx->reply, _(", stop %s away"),
                               kw_format_percent(ctx->format, trade->stop_distance_ratio));
}

static void
say_head(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    const gchar *sum = kw_reply_result(ctx, status->open_profit);

    if (status->max_open > 0)
        kw_reply_head(ctx, _("Open %1$u of %2$u · together %3$s"), status->n_open,
                      status->max_open, sum);
    else
        kw_reply_head(ctx, _("Open %1$u · together %2$s"), status->n_open, sum);
}

void
kw_cmd_open_trades(KwCommandCtx *ctx)
{
    g_autoptr(GArray) open = kw_query_list_open(ctx->query);
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    guint first, n;

    if (open->len == 0) {
        say_none(ctx);
        return;
    }
    say_head(ctx);
    for (guint i = open->len; i > 0; i--)
        if (!is_wanted(ctx, &g_array_index(open, KwTradeView, i - 1), period))
            g_array_remove_index(open, i - 1);
    if (open->len == 0)
        kw_reply_line(ctx, "%s", _("None of them fits the question."));
    first = kw_reply_page(ctx, open->len, &n);
    for (guint i = first; i < first + n; i++)
        say_trade(ctx, &g_array_index(open, KwTradeView, i));
    kw_reply_more(ctx, first + n, open->len);
    kw_reply_age(ctx);
}
