#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_kill_off(KwCommandCtx *ctx)
{
    KwControlResult result = {0};

    if (!ctx->is_confirmed) {
        if (!ctx->status.is_killed) {
            kw_reply_head(ctx, "%s", _("The kill switch is off already. Nothing to do."));
            return;
        }
        if (!kw_reply_may_ask(ctx))
            return;
        kw_reply_head(ctx, "%s", _("🛑 Release of the kill switch requested."));
        kw_reply_line(ctx, "%s",
                      _("The bot stays stopped then; trading needs a start of its own."));
        ctx->wants_code = TRUE;
        return;
    }
    kw_control_kill_off(ctx->control, ctx->by, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        kw_reply_effect(ctx, "refused: %s", result.refusal);
        return;
    }
    kw_reply_head(ctx, _("Kill switch released at %s. The bot is stopped."),
                  kw_format_clock(ctx->format, result.at_us));
    kw_reply_line(ctx, "%s", _("To trade again: “Starte den Bot”."));
    kw_reply_effect(ctx, "kill switch off");
}
