#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

/* Single signals with their reasons are in the store, not in the views: only sums can be told.
 */
void
kw_cmd_signals(KwCommandCtx *ctx)
{
    KwDigestView digest;

    kw_query_get_digest(ctx->query, kw_reply_today(ctx), &digest);
    if (digest.n_signals == 0)
        kw_reply_head(ctx, "%s", _("No entry signal today."));
    else
        kw_reply_head(ctx,
                      kw_i18n_plural("%1$u entry signal today, %2$u refused",
                                     "%1$u entry signals today, %2$u refused",
                                     digest.n_signals),
                      digest.n_signals, digest.n_rejected);
    if (isfinite(digest.best_signal_confidence))
        kw_reply_line(ctx, _("Highest: %1$s %2$s (threshold %3$s)"), digest.best_signal_pair,
                      kw_format_percent_short(ctx->format, digest.best_signal_confidence),
                      kw_format_percent_short(ctx->format, ctx->status.threshold));
    kw_reply_line(ctx, "%s",
                  _("Single signals with their reasons cannot be asked in this "
                    "version; refusals that matter are told as they come."));
}
