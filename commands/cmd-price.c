#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

static void
append_price(KwCommandCtx *ctx, const gchar *pair)
{
    KwPriceView view;

    if (!kw_query_get_price(ctx->query, pair, &view)) {
        kw_reply_head(ctx, _("I know no price of %s."), pair);
    } else if (!view.has_price) {
        kw_reply_head(ctx, _("No price of %s yet."), pair);
    } else {
        kw_reply_head(ctx, _("%1$s %2$s (%3$s)"), pair, kw_format_rate(ctx->format, view.price),
                      kw_format_time(ctx->format, view.time_us));
        if (isfinite(view.change_24h_ratio))
            kw_reply_line(ctx, _("24 hours: %s"),
                          kw_format_percent_signed(ctx->format, view.change_24h_ratio));
        if (!view.is_traded)
            kw_reply_line(ctx, "%s", _("Not on the list of traded pairs."));
    }
    ctx->is_first = FALSE;
}

void
kw_cmd_price(KwCommandCtx *ctx)
{
    if (ctx->slots.n_pairs == 0) {
        g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);

        for (guint i = 0; i < MIN(pairs->len, KW_REPLY_MAX_LINES); i++)
            append_price(ctx, g_array_index(pairs, KwPairView, i).pair);
        if (pairs->len == 0)
            kw_reply_head(ctx, "%s", _("No pair is traded."));
    }
    for (guint i = 0; i < ctx->slots.n_pairs; i++)
        append_price(ctx, ctx->slots.pairs[i]);
    kw_reply_age(ctx);
}
