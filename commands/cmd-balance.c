#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
append_holdings(KwCommandCtx *ctx, const KwBalanceView *view)
{
    for (guint i = 0; i < MIN(view->n_holdings, KW_VIEW_MAX_OPEN) && i < KW_REPLY_MAX_LINES;
         i++) {
        const KwHoldingView *holding = &view->holdings[i];

        if (!holding->has_value) {
            kw_reply_line(ctx, _("• %1$s %2$s, value not known"),
                          kw_format_amount(ctx->format, holding->amount), holding->currency);
            continue;
        }
        if (kw_decimal_cmp(holding->value, kw_decimal_from_int(1)) < 0)
            continue;
        kw_reply_line(ctx, _("• %1$s %2$s, worth %3$s"),
                      kw_format_amount(ctx->format, holding->amount), holding->currency,
                      kw_reply_money(ctx, holding->value));
    }
}

void
kw_cmd_balance(KwCommandCtx *ctx)
{
    KwBalanceView view;

    kw_query_get_balance(ctx->query, &view);
    if (view.has_equity)
        kw_reply_head(ctx, _("Account %s"), kw_reply_money(ctx, view.equity));
    else
        kw_reply_head(ctx, _("Account, last known value: %s"),
                      kw_reply_money(ctx, view.equity));
    kw_reply_line(ctx, _("Free %1$s · in positions %2$s"), kw_reply_money(ctx, view.free),
                  kw_reply_money(ctx, view.tied));
    append_holdings(ctx, &view);
    kw_reply_line(ctx, _("Starting capital %1$s · realised since %2$s"),
                  kw_reply_money(ctx, view.starting_capital),
                  kw_reply_result(ctx, view.realised));
    kw_reply_age(ctx);
}
