#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-words.h"

void
kw_cmd_pause_entries(KwCommandCtx *ctx)
{
    KwControlResult result = {0};
    gint64 reminder_us = kw_reply_reminder_us(ctx, &ctx->slots.until);

    kw_control_pause(ctx->control, ctx->by, reminder_us, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        return;
    }
    if (!result.is_changed) {
        kw_reply_head(ctx, _("⏸ No entries already, since %1$s (%2$s)."),
                      kw_format_time(ctx->format, result.at_us), kw_words_who(result.by));
    } else {
        kw_reply_head(ctx, _("⏸ Paused at %s. No new entries."),
                      kw_format_clock(ctx->format, result.at_us));
        kw_reply_open_stay(ctx, &result);
    }
    kw_reply_effect(ctx, result.is_changed ? "paused" : "was paused");
    if (reminder_us > 0) {
        kw_reply_line(ctx, _("I do not start by myself: on %1$s at %2$s I will ask."),
                      kw_format_day_long(ctx->format, kw_zone_get_date(ctx->zone, reminder_us)),
                      kw_format_clock(ctx->format, reminder_us));
    }
    kw_reply_open_end(ctx);
    kw_reply_line(ctx, "%s", _("To enter again: “Starte den Bot”."));
}
