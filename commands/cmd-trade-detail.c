#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

static void
say_unknown(KwCommandCtx *ctx, const gchar *pair)
{
    g_autoptr(GArray) closed = kw_query_list_closed(ctx->query, KW_PERIOD_ALL, NULL, 3);

    if (pair != NULL)
        kw_reply_head(ctx, _("There is no trade in %s yet."), pair);
    else if (ctx->slots.trade_id > 0)
        kw_reply_head(ctx, _("There is no trade #%d."), (gint) ctx->slots.trade_id);
    else
        kw_reply_head(ctx, "%s", _("❓ Which trade? Tell me its number or pair."));
    for (guint i = 0; i < closed->len; i++) {
        const KwTradeView *trade = &g_array_index(closed, KwTradeView, i);

        kw_reply_line(ctx, _("• #%1$d %2$s, closed %3$s"), (gint) trade->id, trade->pair,
                      kw_format_time(ctx->format, trade->close_us));
    }
}

static void
append_open(KwCommandCtx *ctx, const KwTradeView *trade)
{
    if (!trade->has_last)
        kw_reply_head(ctx, _("%1$s #%2$d is open, no price known"), trade->pair,
                      (gint) trade->id);
    else
        kw_reply_head(ctx, _("%1$s #%2$d open: %3$s (%4$s)"), trade->pair, (gint) trade->id,
                      kw_reply_result(ctx, trade->profit_abs),
                      kw_format_percent_signed(ctx->format, trade->profit_ratio));
    kw_reply_line(ctx, _("Entry %1$s at %2$s, for %3$s"),
                  kw_format_time(ctx->format, trade->open_us),
                  kw_format_rate(ctx->format, trade->open_rate),
                  kw_format_duration(ctx->format, ctx->now_us - trade->open_us));
    if (trade->has_last) {
        kw_reply_line(ctx, _("Now %1$s · %2$s %3$s away from the stop %4$s"),
                      kw_format_rate(ctx->format, trade->last_rate),
                      trade->is_trailing ? _("trailing,") : "",
                      kw_format_percent(ctx->format, trade->stop_distance_ratio),
                      kw_format_rate(ctx->format, trade->stop));
    } else {
        kw_reply_line(ctx, _("Stop %s"), kw_format_rate(ctx->format, trade->stop));
    }
}

static void
append_closed(KwCommandCtx *ctx, const KwTradeView *trade)
{
    kw_reply_head(ctx, _("%1$s #%2$d closed: %3$s (%4$s)"), trade->pair, (gint) trade->id,
                  kw_reply_result(ctx, trade->profit_abs),
                  kw_format_percent_signed(ctx->format, trade->profit_ratio));
    kw_reply_line(ctx, _("Entry %1$s at %2$s"), kw_format_time(ctx->format, trade->open_us),
                  kw_format_rate(ctx->format, trade->open_rate));
    kw_reply_line(ctx, _("Exit %1$s at %2$s, held for %3$s"),
                  kw_format_time(ctx->format, trade->close_us),
                  kw_format_rate(ctx->format, trade->last_rate),
                  kw_format_duration(ctx->format, trade->close_us - trade->open_us));
    kw_reply_line(ctx, _("Reason: %s"), kw_reply_exit_reason(trade->exit_reason));
}

void
kw_cmd_trade_detail(KwCommandCtx *ctx)
{
    const gchar *pair = ctx->slots.n_pairs > 0 ? ctx->slots.pairs[0] : NULL;
    gboolean is_asked = pair != NULL || ctx->slots.trade_id > 0;
    KwTradeView trade;

    if (!is_asked || !kw_query_find_trade(ctx->query, ctx->slots.trade_id, pair, &trade)) {
        say_unknown(ctx, pair);
        return;
    }
    if (trade.is_open)
        append_open(ctx, &trade);
    else
        append_closed(ctx, &trade);
    kw_reply_line(ctx, _("Stake %1$s · amount %2$s · fees %3$s"),
                  kw_reply_money(ctx, trade.stake), kw_format_amount(ctx->format, trade.amount),
                  kw_format_decimal(ctx->format, trade.fees, 2));
    if (isfinite(trade.confidence))
        kw_reply_line(ctx, _("Confidence %1$s · strategy %2$s"),
                      kw_format_percent_short(ctx->format, trade.confidence), trade.strategy);
    else if (*trade.strategy != '\0')
        kw_reply_line(ctx, _("Strategy %s"), trade.strategy);
    kw_reply_age(ctx);
}
