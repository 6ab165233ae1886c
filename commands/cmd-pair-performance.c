#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static gboolean
is_asked(const KwSlots *slots, const gchar *pair)
{
    if (slots->n_pairs == 0)
        return TRUE;
    for (guint i = 0; i < slots->n_pairs; i++) {
        if (strcmp(slots->pairs[i], pair) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
append_pair(KwCommandCtx *ctx, const KwPairResultView *result)
{
    kw_reply_line(ctx,
                  kw_i18n_plural("• %1$s %2$s (%3$s), %4$u trade%5$s",
                                 "• %1$s %2$s (%3$s), %4$u trades%5$s", result->n_trades),
                  result->pair, kw_format_signed(ctx->format, result->profit),
                  kw_format_percent_signed(ctx->format, result->ratio), result->n_trades,
                  result->n_trades < 5 ? _(" (few trades)") : "");
}

void
kw_cmd_pair_performance(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, KW_PERIOD_ALL);
    g_autoptr(GArray) results = kw_query_list_pair_results(ctx->query, period);
    guint max =
        ctx->slots.count > 0 ? MIN(ctx->slots.count, KW_REPLY_MAX_LINES) : KW_REPLY_MAX_LINES;
    guint n_shown = 0;

    if (results->len == 0) {
        kw_reply_head(ctx, _("No closed trade in this period: %s."),
                      kw_reply_period_name(ctx, period));
        return;
    }
    kw_reply_head(ctx, _("Result by pair in %1$s, %2$s:"), ctx->status.quote,
                  kw_reply_period_name(ctx, period));
    for (guint i = 0; i < results->len && n_shown < max; i++) {
        guint at = ctx->slots.rank == KW_RANK_WORST ? results->len - 1 - i : i;
        const KwPairResultView *result = &g_array_index(results, KwPairResultView, at);

        if (!is_asked(&ctx->slots, result->pair))
            continue;
        append_pair(ctx, result);
        n_shown++;
    }
    if (n_shown == 0)
        kw_reply_line(ctx, "%s", _("No trade in the pairs you asked for."));
}
