#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
lock(KwCommandCtx *ctx, const gchar *pair)
{
    gint64 until_us =
        ctx->slots.until.is_set ? kw_reply_until_us(ctx, &ctx->slots.until) : G_MAXINT64;
    KwControlResult result = {0};

    kw_control_lock_pair(ctx->control, ctx->by, pair, until_us, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        return;
    }
    if (!result.is_changed)
        kw_reply_head(ctx, _("%s is locked already."), pair);
    else if (ctx->slots.until.is_set)
        kw_reply_head(ctx, _("🔒 %1$s locked until %2$s (included)."), pair,
                      kw_reply_until(ctx, &ctx->slots.until));
    else
        kw_reply_head(ctx, _("🔒 %s locked until it is released."), pair);
    kw_reply_effect(ctx, "locked %s", pair);
    ctx->is_first = FALSE;
}

static void
unlock(KwCommandCtx *ctx, const gchar *pair)
{
    KwControlResult result = {0};

    kw_control_unlock_pair(ctx->control, ctx->by, pair, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        return;
    }
    if (result.is_changed)
        kw_reply_head(ctx, _("%s released: entries are allowed from the next candle on."),
                      pair);
    else
        kw_reply_head(ctx, _("%s was not locked."), pair);
    kw_reply_effect(ctx, "released %s", pair);
    ctx->is_first = FALSE;
}

void
kw_cmd_pair_lock(KwCommandCtx *ctx)
{
    if (ctx->slots.n_pairs == 0) {
        kw_reply_head(ctx, "%s", _("❓ Which pair? For example “Sperr ETH”."));
        kw_reply_line(ctx, "%s", _("Nothing was changed."));
        return;
    }
    if (ctx->slots.action == KW_SLOT_ACTION_UNLOCK && !ctx->is_confirmed) {
        if (!kw_reply_may_ask(ctx))
            return;
        kw_reply_head(ctx, _("Release of %s requested."), ctx->slots.pairs[0]);
        kw_reply_line(ctx, "%s", _("The bot may enter there again then."));
        ctx->wants_code = TRUE;
        return;
    }
    for (guint i = 0; i < ctx->slots.n_pairs; i++) {
        if (ctx->slots.action == KW_SLOT_ACTION_UNLOCK)
            unlock(ctx, ctx->slots.pairs[i]);
        else
            lock(ctx, ctx->slots.pairs[i]);
    }
    if (ctx->slots.action != KW_SLOT_ACTION_UNLOCK)
        kw_reply_line(ctx, "%s", _("An open trade in it runs on with its stop."));
}
