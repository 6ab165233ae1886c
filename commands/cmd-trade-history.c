#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
append_trade(KwCommandCtx *ctx, const KwTradeView *trade)
{
    kw_reply_line(ctx, _("• %1$s %2$s #%3$d %4$s (%5$s), %6$s"),
                  kw_format_time(ctx->format, trade->close_us), trade->pair, (gint) trade->id,
                  kw_format_signed(ctx->format, trade->profit_abs),
                  kw_format_percent_signed(ctx->format, trade->profit_ratio),
                  kw_reply_exit_reason(trade->exit_reason));
}

static void
append_sum(KwCommandCtx *ctx, const GArray *closed)
{
    KwDecimal sum = KW_DECIMAL_ZERO;

    for (guint i = 0; i < closed->len; i++) {
        KwDecimal next;

        if (!kw_decimal_add(sum, g_array_index(closed, KwTradeView, i).profit_abs, &next, NULL))
            return;
        sum = next;
    }
    kw_reply_line(ctx, _("Sum %1$s of %2$u trades"), kw_reply_result(ctx, sum), closed->len);
}

void
kw_cmd_trade_history(KwCommandCtx *ctx)
{
    const gchar *pair = ctx->slots.n_pairs > 0 ? ctx->slots.pairs[0] : NULL;
    gboolean has_span = ctx->slots.span.kind != KW_SPAN_NONE;
    guint max = ctx->slots.count > 0 ? ctx->slots.count : has_span ? 0 : 10;
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    g_autoptr(GArray) closed = kw_query_list_closed(ctx->query, period, pair, max);

    if (closed->len == 0) {
        if (has_span)
            kw_reply_head(ctx, _("No closed trade in this period: %s."),
                          kw_reply_period_name(ctx, period));
        else
            kw_reply_head(ctx, "%s", _("No closed trade yet."));
        return;
    }
    if (has_span)
        kw_reply_head(ctx, kw_i18n_plural("%u trade, %s:", "%u trades, %s:", closed->len),
                      closed->len, kw_reply_period_name(ctx, period));
    else
        kw_reply_head(
            ctx, kw_i18n_plural("The last trade (%u):", "The last %u trades:", closed->len),
            closed->len);
    for (guint i = 0; i < MIN(closed->len, KW_REPLY_MAX_LINES); i++)
        append_trade(ctx, &g_array_index(closed, KwTradeView, i));
    kw_reply_more(ctx, closed->len);
    append_sum(ctx, closed);
}
