#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_deny(KwCommandCtx *ctx)
{
    if (ctx->pending->intent == KW_INTENT_NONE) {
        kw_reply_line(ctx, "%s", _("Nothing waits for a confirmation. Nothing was changed."));
        return;
    }
    kw_reply_line(ctx, _("Dropped: %s. Nothing was changed."),
                  _(kw_command_find(ctx->pending->intent)->summary));
    kw_pending_clear(ctx->pending);
    kw_reply_effect(ctx, "dropped");
}
