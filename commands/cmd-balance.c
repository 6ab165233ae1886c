#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static gboolean
is_worth_a_line(const KwHoldingView *holding)
{
    return !holding->has_value ||
           kw_decimal_cmp(kw_decimal_abs(holding->value), kw_decimal_from_int(1)) > 0;
}

static void
say_holding(KwCommandCtx *ctx, const KwHoldingView *holding)
{
    kw_reply_line(ctx, "• %s %s", kw_format_amount(ctx->format, holding->amount),
                  holding->currency);
    if (holding->has_value)
        g_string_append_printf(ctx->reply, " ≈ %s", kw_reply_money(ctx, holding->value));
    else
        g_string_append(ctx->reply, _(", no current price"));
}

static void
say_holdings(KwCommandCtx *ctx, const KwBalanceView *balance)
{
    const KwHoldingView *worth[KW_VIEW_MAX_OPEN];
    guint n_worth = 0, first, n;

    for (guint i = 0; i < balance->n_holdings; i++)
        if (is_worth_a_line(&balance->holdings[i]))
            worth[n_worth++] = &balance->holdings[i];
    first = kw_reply_page_of(ctx, n_worth, KW_REPLY_MAX_LINES, &n);
    for (guint i = first; i < first + n; i++)
        say_holding(ctx, worth[i]);
    kw_reply_more(ctx, first + n, n_worth);
}

static void
say_growth(KwCommandCtx *ctx, const KwBalanceView *balance)
{
    KwDecimal paid_in = balance->starting_capital, growth;

    (void) kw_decimal_add(balance->starting_capital, balance->deposits, &paid_in, NULL);
    if (kw_decimal_sign(paid_in) <= 0 ||
        !kw_decimal_sub(balance->equity, paid_in, &growth, NULL))
        return;
    kw_reply_line(ctx, _("Paid in %1$s · since then %2$s (%3$s)"), kw_reply_money(ctx, paid_in),
                  kw_reply_result(ctx, growth),
                  kw_format_percent_signed(ctx->format, kw_decimal_to_double(growth) /
                                                            kw_decimal_to_double(paid_in)));
}

void
kw_cmd_balance(KwCommandCtx *ctx)
{
    KwBalanceView balance;

    kw_query_get_balance(ctx->query, &balance);
    if (balance.has_equity)
        kw_reply_head(ctx, _("Account %1$s · free %2$s"), kw_reply_money(ctx, balance.equity),
                      kw_reply_money(ctx, balance.free));
    else
        kw_reply_head(ctx, _("⚠️ Last known value (%1$s): %2$s, free %3$s"),
                      kw_format_time(ctx->format, balance.data_us),
                      kw_reply_money(ctx, balance.equity), kw_reply_money(ctx, balance.free));
    if (balance.n_holdings > 0)
        kw_reply_line(ctx,
                      kw_i18n_plural("Deployed %1$s in %2$u position",
                                     "Deployed %1$s in %2$u positions", balance.n_holdings),
                      kw_reply_money(ctx, balance.tied), balance.n_holdings);
    say_holdings(ctx, &balance);
    say_growth(ctx, &balance);
    kw_reply_age(ctx);
}
