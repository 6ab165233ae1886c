/* cmd-refuse.c: what the chat cannot do, why, and what it can do instead */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static const gchar *
order_title(const gchar *kind)
{
    static const struct {
        const gchar *kind, *text;
    } rows[] = {
        {"kauf", N_("🔒 Not bought: orders cannot be placed in the chat.")},
        {"verkauf", N_("🔒 Not sold: orders cannot be placed in the chat.")},
        {"schliessen", N_("🔒 Not closed: orders cannot be placed in the chat.")},
        {"stop_loss", N_("🔒 Stop not changed: orders cannot be changed in the chat.")},
        {"take_profit", N_("🔒 No target set: orders cannot be placed in the chat.")},
        {"storno", N_("🔒 Nothing cancelled: orders cannot be changed in the chat.")},
        {"auszahlung", N_("🔒 Nothing paid out: the chat cannot move money.")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(kind, rows[i].kind) == 0)
            return _(rows[i].text);
    }
    return _("🔒 Not done: orders are not possible in the chat.");
}

static void
append_ways(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, "%s", _("Possible at once:"));
    kw_reply_line(ctx, "%s", _("• “Notaus”: nothing new any more, stops stay"));
    kw_reply_line(ctx, "%s", _("• “Stopp” or “Pause”"));
    kw_reply_line(ctx, "%s", _("• “Sperr ETH”: leave out one pair"));
}

void
kw_cmd_order(KwCommandCtx *ctx)
{
    kw_reply_head(ctx, "%s", order_title(ctx->slots.kind));
    kw_reply_line(ctx, "%s", _("Buying and selling follows the strategy alone."));
    append_ways(ctx);
    kw_reply_line(ctx, "%s", _("You can trade by yourself directly at the exchange."));
    if (ctx->status.n_open > 0)
        kw_reply_line(ctx,
                      kw_i18n_plural("Open: %1$u trade, %2$s.",
                                     "Open: %1$u trades, together %2$s.", ctx->status.n_open),
                      ctx->status.n_open, kw_reply_result(ctx, ctx->status.open_profit));
}

void
kw_cmd_restricted_change(KwCommandCtx *ctx)
{
    const gchar *kind = ctx->slots.kind;

    if (strcmp(kind, "live") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not switched: real money is not turned on in the chat."));
    else if (strcmp(kind, "neustart") == 0)
        kw_reply_head(ctx, "%s", _("🔒 Not restarted: that is done on the server."));
    else
        kw_reply_head(ctx, "%s", _("🔒 Not changed: that is set on the server."));
    kw_reply_line(
        ctx, "%s",
        _("It changes the risk of real money or who may do what; the chat must not."));
    kw_reply_line(ctx, "%s", _("See the values: /show_config, /risk"));
    kw_reply_line(ctx, "%s", _("Possible here: a higher threshold, “Pause”, “Stopp”."));
}

void
kw_cmd_advice(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, "%s", _("🔒 I give no investment advice and no price forecasts."));
    if (ctx->slots.n_pairs > 0)
        kw_reply_line(ctx, _("I can show: the price (/price %s), your trades (/trades)."),
                      ctx->slots.pairs[0]);
    else
        kw_reply_line(ctx, "%s",
                      _("I can show: prices (/price), your results (/performance)."));
}

void
kw_cmd_secrets(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, "%s",
                  _("🔒 Keys, passwords and internal settings are never shown here."));
    kw_reply_line(ctx, "%s",
                  _("Secrets lie on the server only; who may write is set in kurswart.conf."));
}

void
kw_cmd_injection(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, "%s", _("🔒 I do not carry that out, nothing was changed."));
    kw_reply_line(ctx, "%s", _("Orders are not possible in the chat."));
    kw_reply_line(ctx, "%s",
                  _("If you want to steer something: “Stopp”, “Pause”, “Notaus” or /help."));
}
