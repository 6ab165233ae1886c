#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_fees(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    KwFeesView fees;
    gdouble sum, gross;

    kw_query_get_fees(ctx->query, period, &fees);
    sum = kw_decimal_to_double(fees.sum);
    gross = kw_decimal_to_double(fees.gross);
    kw_reply_head(ctx, _("Fees %1$s: %2$s"), kw_reply_period_name(ctx, period),
                  kw_reply_money(ctx, fees.sum));
    if (fees.n_trades > 0)
        kw_reply_line(ctx,
                      kw_i18n_plural("%1$s %2$s a trade (%3$u trade), taken off already",
                                     "%1$s %2$s a trade (%3$u trades), taken off already",
                                     fees.n_trades),
                      kw_format_number(ctx->format, sum / fees.n_trades, 2), ctx->status.quote,
                      fees.n_trades);
    if (gross > 0)
        kw_reply_line(ctx, _("That is %1$s of the result before fees (%2$s)"),
                      kw_format_percent(ctx->format, sum / gross),
                      kw_reply_result(ctx, fees.gross));
    else if (fees.n_trades > 0)
        kw_reply_line(ctx, _("Result before fees: %s"), kw_reply_result(ctx, fees.gross));
    kw_reply_line(ctx, _("Rate %s for each side"),
                  kw_format_percent(ctx->format, fees.rate_ratio));
    if (fees.checked_us == 0)
        return;
    kw_reply_line(ctx, _("Exchange: %1$s as maker, by %2$s USD traded in thirty days"),
                  kw_format_percent(ctx->format, fees.maker_ratio),
                  kw_format_number(ctx->format, fees.volume_usd, 0));
    kw_reply_line(ctx, _("Seen so since %1$s, last asked %2$s"),
                  kw_format_time(ctx->format, fees.since_us),
                  kw_format_time(ctx->format, fees.checked_us));
}
