#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

#define FEW_TRADES 5

static void
say_pair(KwCommandCtx *ctx, guint rank, const KwPairResultView *result)
{
    kw_reply_line(ctx,
                  kw_i18n_plural("%1$u. %2$s %3$s (%4$s), %5$u trade",
                                 "%1$u. %2$s %3$s (%4$s), %5$u trades", result->n_trades),
                  rank, result->pair, kw_format_signed(ctx->format, result->profit),
                  kw_format_percent_signed(ctx->format, result->ratio), result->n_trades);
    if (result->n_trades < FEW_TRADES)
        g_string_append(ctx->reply, _(" (few trades)"));
}

void
kw_cmd_pair_performance(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    g_autoptr(GArray) results = kw_query_list_pair_results(ctx->query, period);
    const gchar *pair = kw_reply_pair(ctx);
    guint first = 0, n = results->len;
    gboolean is_worst = ctx->slots.rank == KW_RANK_WORST;

    if (results->len == 0) {
        kw_reply_no_trade(ctx, period);
        return;
    }
    kw_reply_head(ctx,
                  is_worst ? _("Pairs %1$s, worst first (%2$s)")
                           : _("Pairs %1$s, best first (%2$s)"),
                  kw_reply_period_name(ctx, period), ctx->status.quote);
    if (pair == NULL)
        first = kw_reply_page(ctx, results->len, &n);
    for (guint i = first; i < first + n; i++) {
        guint index = is_worst ? results->len - 1 - i : i;
        const KwPairResultView *result = &g_array_index(results, KwPairResultView, index);

        if (pair == NULL || strcmp(pair, result->pair) == 0)
            say_pair(ctx, i + 1, result);
    }
    if (pair == NULL)
        kw_reply_more(ctx, first + n, results->len);
    kw_reply_line(ctx, "%s", _("Per cent of the stakes, fees taken off."));
}
