#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static void
append_pair(KwCommandCtx *ctx, const KwPairView *pair)
{
    const gchar *open = pair->has_open ? _(", trade open") : "";

    if (!pair->is_locked)
        kw_reply_line(ctx, "• %s%s", pair->pair, open);
    else if (pair->until_us == G_MAXINT64)
        kw_reply_line(ctx, _("• %1$s%2$s, 🔒 locked until released (%3$s)"), pair->pair, open,
                      kw_reply_who(pair->by));
    else
        kw_reply_line(ctx, _("• %1$s%2$s, 🔒 locked until %3$s (%4$s)"), pair->pair, open,
                      kw_format_time(ctx->format, pair->until_us),
                      *pair->reason != '\0' ? pair->reason : kw_reply_who(pair->by));
}

static gboolean
is_listed(const GArray *pairs, const gchar *name)
{
    for (guint i = 0; i < pairs->len; i++) {
        if (strcmp(g_array_index(pairs, KwPairView, i).pair, name) == 0)
            return TRUE;
    }
    return FALSE;
}

void
kw_cmd_pairs(KwCommandCtx *ctx)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);
    guint n_locked = 0;

    for (guint i = 0; i < pairs->len; i++)
        n_locked += g_array_index(pairs, KwPairView, i).is_locked;
    for (guint i = 0; i < ctx->slots.n_pairs; i++) {
        if (!is_listed(pairs, ctx->slots.pairs[i])) {
            kw_reply_head(ctx, _("%s is not traded."), ctx->slots.pairs[i]);
            ctx->is_first = FALSE;
        }
    }
    kw_reply_head(ctx, _("Traded pairs: %1$u, locked: %2$u"), pairs->len, n_locked);
    for (guint i = 0; i < MIN(pairs->len, KW_REPLY_MAX_LINES); i++)
        append_pair(ctx, &g_array_index(pairs, KwPairView, i));
    kw_reply_more(ctx, pairs->len);
}
