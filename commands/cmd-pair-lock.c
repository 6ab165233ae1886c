#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

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
    kw_reply_line(ctx, "%s", _("An open trade in it runs on with its stop."));
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

static gboolean
find_pair(const GArray *pairs, const gchar *name, KwPairView *out)
{
    for (guint i = 0; i < pairs->len; i++) {
        *out = g_array_index(pairs, KwPairView, i);
        if (strcmp(out->pair, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Asks for the code; what cannot be released is said without one. */
static void
ask_unlock(KwCommandCtx *ctx)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < ctx->slots.n_pairs; i++) {
        const gchar *name = ctx->slots.pairs[i];
        KwPairView pair;

        if (!find_pair(pairs, name, &pair)) {
            KwControlResult refusal = {.is_refused = TRUE, .refusal = "unknown_pair"};

            kw_reply_refusal(ctx, &refusal);
            return;
        }
        if (pair.is_locked)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    if (names->len == 0) {
        kw_reply_head(ctx, _("%s is not locked. Nothing to do."), ctx->slots.pairs[0]);
        return;
    }
    kw_reply_head(ctx, _("Release of %s requested."), names->str);
    kw_reply_line(ctx, "%s", _("The bot may enter there again then."));
    ctx->wants_code = TRUE;
}

void
kw_cmd_pair_lock(KwCommandCtx *ctx)
{
    gboolean is_unlock = ctx->slots.action == KW_SLOT_ACTION_UNLOCK;

    if (ctx->slots.n_pairs == 0) {
        kw_reply_head(ctx, "%s", _("❓ Which pair? For example “Sperr ETH”."));
        kw_reply_line(ctx, "%s", _("Nothing was changed."));
        return;
    }
    if (is_unlock && !ctx->is_confirmed) {
        if (kw_reply_may_ask(ctx))
            ask_unlock(ctx);
        return;
    }
    for (guint i = 0; i < ctx->slots.n_pairs; i++) {
        if (is_unlock)
            unlock(ctx, ctx->slots.pairs[i]);
        else
            lock(ctx, ctx->slots.pairs[i]);
    }
}
