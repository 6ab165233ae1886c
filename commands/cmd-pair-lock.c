#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

/* Returns: %FALSE if it was refused */
static gboolean
lock(KwCommandCtx *ctx, const gchar *pair)
{
    gint64 until_us =
        ctx->slots.until.is_set ? kw_reply_until_us(ctx, &ctx->slots.until) : G_MAXINT64;
    KwControlResult result = {0};

    kw_control_lock_pair(ctx->control, ctx->by, pair, until_us, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        return FALSE;
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
    return TRUE;
}

static void
lock_all(KwCommandCtx *ctx, const GPtrArray *pairs)
{
    gboolean is_any = FALSE;

    for (guint i = 0; i < pairs->len; i++)
        is_any |= lock(ctx, g_ptr_array_index(pairs, i));
    if (!is_any)
        return;
    kw_reply_line(ctx, "%s", _("An open trade in it runs on with its stop."));
    kw_reply_open_end(ctx);
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

/* The pairs that are meant; with "alle außer BTC" those of the list that are not spared.
 * Returns: (transfer container) (element-type utf8) */
static GPtrArray *
list_meant(const KwCommandCtx *ctx, const GArray *pairs)
{
    const KwSlots *slots = &ctx->slots;
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; !slots->is_rest && i < slots->n_pairs; i++)
        g_ptr_array_add(names, (gchar *) slots->pairs[i]);
    for (guint i = 0; slots->is_rest && i < pairs->len; i++) {
        const KwPairView *view = &g_array_index(pairs, KwPairView, i);
        gboolean is_spared = FALSE;

        for (guint k = 0; k < slots->n_pairs; k++)
            is_spared |= strcmp(slots->pairs[k], view->pair) == 0;
        if (!is_spared)
            g_ptr_array_add(names, (gchar *) view->pair);
    }
    return names;
}

/* Asks for the code; what cannot be released is said without one. */
static void
ask_unlock(KwCommandCtx *ctx, const GArray *pairs, const GPtrArray *meant)
{
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < meant->len; i++) {
        const gchar *name = g_ptr_array_index(meant, i);
        KwPairView pair;

        if (!find_pair(pairs, name, &pair)) {
            KwControlResult refusal = {.is_refused = TRUE, .refusal = "unknown_pair"};

            kw_reply_refusal(ctx, &refusal);
            return;
        }
        if (pair.is_locked)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    if (names->len == 0 && meant->len == 1) {
        kw_reply_head(ctx, _("%s is not locked. Nothing to do."),
                      (const gchar *) g_ptr_array_index(meant, 0));
        return;
    }
    if (names->len == 0) {
        kw_reply_head(ctx, "%s", _("None of these pairs is locked. Nothing to do."));
        return;
    }
    kw_reply_head(ctx, _("Release of %s requested."), names->str);
    kw_reply_line(ctx, "%s", _("The bot may enter there again then."));
    kw_reply_open_end(ctx);
    ctx->wants_code = TRUE;
}

void
kw_cmd_pair_lock(KwCommandCtx *ctx)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);
    g_autoptr(GPtrArray) meant = list_meant(ctx, pairs);
    gboolean is_unlock = ctx->slots.action == KW_SLOT_ACTION_UNLOCK;

    if (meant->len == 0) {
        kw_reply_head(ctx, "%s", _("❓ Which pair? For example “Sperr ETH”."));
        kw_reply_line(ctx, "%s", _("Nothing was changed."));
        return;
    }
    if (is_unlock && !ctx->is_confirmed) {
        if (kw_reply_may_ask(ctx))
            ask_unlock(ctx, pairs, meant);
        return;
    }
    if (!is_unlock)
        lock_all(ctx, meant);
    if (!is_unlock && ctx->slots.is_release_left)
        kw_reply_line(
            ctx, "%s",
            _("⚠️ Nothing was released: send the release as a message of its own."));
    for (guint i = 0; is_unlock && i < meant->len; i++)
        unlock(ctx, g_ptr_array_index(meant, i));
}
