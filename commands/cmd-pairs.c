#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

static void
say_pair(KwCommandCtx *ctx, const KwPairView *pair)
{
    kw_reply_line(ctx, "• %s", pair->pair);
    if (pair->has_open)
        g_string_append(ctx->reply, _(", open trade"));
    if (pair->is_exit_only)
        g_string_append(ctx->reply, _(", no longer entered"));
    if (!pair->is_locked)
        return;
    if (pair->until_us == G_MAXINT64)
        g_string_append(ctx->reply, _(", 🔒 locked until released"));
    else
        g_string_append_printf(ctx->reply, _(", 🔒 locked until %s"),
                               kw_format_time(ctx->format, pair->until_us));
    g_string_append_printf(ctx->reply, " (%s)", kw_words_who(pair->by));
}

void
kw_cmd_pairs(KwCommandCtx *ctx)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);
    guint first, n, n_locked = 0;

    for (guint i = 0; i < pairs->len; i++)
        n_locked += g_array_index(pairs, KwPairView, i).is_locked;
    if (pairs->len == 0) {
        kw_reply_head(ctx, "%s", _("No pair is traded."));
        return;
    }
    kw_reply_head(ctx,
                  kw_i18n_plural("%1$u traded pair, %2$u locked",
                                 "%1$u traded pairs, %2$u locked", pairs->len),
                  pairs->len, n_locked);
    first = kw_reply_page_of(ctx, pairs->len, KW_REPLY_MAX_ASKED, &n);
    for (guint i = first; i < first + n; i++)
        say_pair(ctx, &g_array_index(pairs, KwPairView, i));
    kw_reply_more(ctx, first + n, pairs->len);
}
