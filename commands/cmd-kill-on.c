#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

void
kw_cmd_kill_on(KwCommandCtx *ctx)
{
    KwControlResult result = {0};

    kw_control_kill_on(ctx->control, ctx->by, &result);
    if (!result.is_changed) {
        kw_reply_head(ctx, _("🛑 KILL SWITCH was on already, since %1$s (%2$s)"),
                      kw_format_time(ctx->format, result.at_us), kw_words_who(result.by));
    } else {
        kw_reply_head(ctx, _("🛑 KILL SWITCH ON since %1$s (%2$s)"),
                      kw_format_clock_seconds(ctx->format, result.at_us),
                      kw_words_who(ctx->by));
        kw_reply_line(ctx, "%s", _("Nothing will be opened any more."));
        kw_reply_open_stay(ctx, &result);
    }
    kw_reply_effect(ctx, result.is_changed ? "kill switch on" : "kill switch was on");
    kw_reply_open_end(ctx);
    kw_reply_line(ctx, "%s", _("Released only with a code: “Kill-Switch aus”"));
}
