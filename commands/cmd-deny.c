#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

void
kw_cmd_deny(KwCommandCtx *ctx)
{
    g_autofree gchar *action = NULL;
    const gchar *summary;

    if (ctx->pending->intent == KW_INTENT_NONE) {
        kw_reply_line(ctx, "%s", _("Nothing waits for a confirmation. Nothing was changed."));
        return;
    }
    /* the summary without "(with a code)" */
    summary = _(kw_command_find(ctx->pending->intent)->summary);
    action = g_strchomp(g_strndup(summary, strcspn(summary, "(")));
    kw_reply_line(ctx, _("Dropped: %s. Nothing was changed."), action);
    kw_pending_clear(ctx->pending);
    kw_reply_effect(ctx, "dropped");
}
