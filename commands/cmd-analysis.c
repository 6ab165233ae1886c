#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

/* The figures that a judgement rests on; who judges comes after */
void
kw_cmd_analysis(KwCommandCtx *ctx)
{
    kw_cmd_profit(ctx);
    if (ctx->assistant == NULL)
        kw_reply_line(ctx, "%s",
                      _("These are the figures without an interpretation: no language "
                        "model is set up."));
    kw_reply_line(ctx, "%s", _("By pair: /performance · by reason: /stats"));
}
