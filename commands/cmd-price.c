#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

static void
append_price(KwCommandCtx *ctx, const KwPriceView *price)
{
    if (!price->has_price) {
        g_string_append_printf(ctx->reply, _("%s: no price known"), price->pair);
        return;
    }
    g_string_append_printf(ctx->reply, "%s %s", price->pair,
                           kw_format_rate(ctx->format, price->price));
    if (isfinite(price->change_24h_ratio))
        g_string_append_printf(ctx->reply, _(" (%s in 24 h)"),
                               kw_format_percent_signed(ctx->format, price->change_24h_ratio));
    g_string_append_printf(ctx->reply, _(", as of %s"),
                           kw_format_time(ctx->format, price->time_us));
    if (!price->is_traded)
        g_string_append(ctx->reply, _(" · not on the list"));
}

static void
say_pair(KwCommandCtx *ctx, const gchar *pair)
{
    KwPriceView price;

    if (!kw_query_get_price(ctx->query, pair, &price)) {
        kw_reply_head(ctx, _("I have no price of %s."), pair);
        kw_reply_line(ctx, "%s", _("Traded pairs: /pairs"));
        return;
    }
    kw_reply_head(ctx, "%s", "");
    append_price(ctx, &price);
}

static void
say_all(KwCommandCtx *ctx)
{
    g_autoptr(GArray) pairs = kw_query_list_pairs(ctx->query);
    guint first, n;

    if (pairs->len == 0)
        kw_reply_head(ctx, "%s", _("No pair is traded."));
    else
        kw_reply_head(ctx, "%s", _("Prices of the traded pairs"));
    first = kw_reply_page(ctx, pairs->len, &n);
    for (guint i = first; i < first + n; i++) {
        KwPriceView price;

        if (!kw_query_get_price(ctx->query, g_array_index(pairs, KwPairView, i).pair, &price))
            continue;
        kw_reply_line(ctx, "• ");
        append_price(ctx, &price);
    }
    kw_reply_more(ctx, first + n, pairs->len);
}

void
kw_cmd_price(KwCommandCtx *ctx)
{
    if (ctx->slots.n_pairs == 0)
        say_all(ctx);
    for (guint i = 0; i < ctx->slots.n_pairs; i++) {
        say_pair(ctx, ctx->slots.pairs[i]);
        ctx->is_first = FALSE;
    }
    kw_reply_age(ctx);
}
