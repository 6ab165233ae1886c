#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

static KwDecimal
sum_of(const GArray *trades, guint n)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < n; i++)
        (void) kw_decimal_add(sum, g_array_index(trades, KwTradeView, i).profit_abs, &sum,
                              NULL);
    return sum;
}

static void
say_head(KwCommandCtx *ctx, KwPeriod period, const GArray *trades)
{
    const gchar *pair = kw_reply_pair(ctx);
    const gchar *result = kw_reply_result(ctx, sum_of(trades, trades->len));

    if (period.from_us == G_MININT64)
        kw_reply_head(
            ctx, kw_i18n_plural("Last %1$u trade: %2$s", "Last %1$u trades: %2$s", trades->len),
            trades->len, result);
    else
        kw_reply_head(
            ctx, kw_i18n_plural("%1$u trade %2$s: %3$s", "%1$u trades %2$s: %3$s", trades->len),
            trades->len, kw_reply_period_name(ctx, period), result);
    if (pair != NULL)
        g_string_append_printf(ctx->reply, " · %s", pair);
}

static void
say_trade(KwCommandCtx *ctx, const KwTradeView *trade)
{
    KwDate date = kw_format_date_of(ctx->format, trade->close_us);

    kw_reply_line(ctx, "• %s %s %s (%s), %s", kw_format_day(ctx->format, date), trade->pair,
                  kw_format_signed(ctx->format, trade->profit_abs),
                  kw_format_percent_signed(ctx->format, trade->profit_ratio),
                  kw_words_exit_reason(trade->exit_reason));
}

void
kw_cmd_trade_history(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    guint max = ctx->slots.count;
    g_autoptr(GArray) trades = NULL;
    guint first, n;

    /* "the last trades" are ten, more of them as many again; a period is summed as a whole */
    if (max == 0 && period.from_us == G_MININT64 && ctx->offset == 0)
        max = KW_REPLY_MAX_LINES;
    else if (ctx->offset > 0)
        max = 0;
    trades = kw_query_list_closed(ctx->query, period, kw_reply_pair(ctx), max);
    if (trades->len == 0) {
        kw_reply_no_trade(ctx, period);
        return;
    }
    if (ctx->offset == 0)
        say_head(ctx, period, trades);
    else
        kw_reply_tag(ctx);
    first = kw_reply_page(ctx, trades->len, &n);
    for (guint i = first; i < first + n; i++)
        say_trade(ctx, &g_array_index(trades, KwTradeView, i));
    kw_reply_more(ctx, first + n, trades->len);
}
