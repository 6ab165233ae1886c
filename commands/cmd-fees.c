#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_fees(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwFeesView view;
    KwDecimal each;

    kw_query_get_fees(ctx->query, period, &view);
    kw_reply_head(ctx, _("Fees, %1$s: %2$s"), kw_reply_period_name(ctx, period),
                  kw_reply_money(ctx, view.sum));
    if (view.n_trades > 0 && kw_decimal_div(view.sum, kw_decimal_from_int(view.n_trades), 4,
                                            KW_ROUND_HALF_UP, &each, NULL))
        kw_reply_line(ctx, _("%1$u orders, %2$u trades, %3$s a trade"), view.n_orders,
                      view.n_trades, kw_reply_money(ctx, each));
    kw_reply_line(ctx, _("Result before fees %s"), kw_reply_result(ctx, view.gross));
    if (kw_decimal_sign(view.gross) > 0)
        kw_reply_line(ctx, _("Share of fees in it %s"),
                      kw_format_percent(ctx->format, kw_decimal_to_double(view.sum) /
                                                         kw_decimal_to_double(view.gross)));
    kw_reply_line(ctx, _("Rate %s a side"), kw_format_percent(ctx->format, view.rate_ratio));
}
