/* cmd-preferences.c: how the owner wants to be told things: muting, language
 *
 * These change nothing about trading, so they need no code. Alarms come through whatever is
 * muted. */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <string.h>

static void
unmute(KwCommandCtx *ctx)
{
    kw_control_set_preference(ctx->control, ctx->by, "mute", NULL);
    kw_control_set_preference(ctx->control, ctx->by, "mute_until", NULL);
    kw_reply_line(ctx, "%s", _("Messages come again."));
    kw_reply_effect(ctx, "unmuted");
}

static void
mute(KwCommandCtx *ctx)
{
    gboolean only_trades = strcmp(ctx->slots.kind, "trades") == 0;

    kw_control_set_preference(ctx->control, ctx->by, "mute", only_trades ? "trades" : "all");
    if (ctx->slots.until.is_set) {
        g_autofree gchar *until =
            g_strdup_printf("%" G_GINT64_FORMAT, kw_reply_until_us(ctx, &ctx->slots.until));

        kw_control_set_preference(ctx->control, ctx->by, "mute_until", until);
    } else {
        kw_control_set_preference(ctx->control, ctx->by, "mute_until", NULL);
    }
    kw_reply_line(ctx, "%s",
                  only_trades ? _("No messages about single trades.")
                              : _("Messages are muted."));
    if (ctx->slots.until.is_set)
        g_string_append_printf(ctx->reply, _(" Until %s."),
                               kw_reply_until(ctx, &ctx->slots.until));
    kw_reply_open_end(ctx);
    kw_reply_line(ctx, "%s", _("Alarms always come through. Again with “Meldungen an”."));
    kw_reply_effect(ctx, "muted");
}

void
kw_cmd_notifications(KwCommandCtx *ctx)
{
    if (ctx->slots.action == KW_SLOT_ACTION_TIME) {
        kw_reply_line(ctx, "%s",
                      _("The time of the report is set at the server. Nothing was changed."));
        kw_reply_line(ctx, "%s",
                      _("It stands in kurswart.conf (chat.digest_time), then a restart."));
    } else if (ctx->slots.action == KW_SLOT_ACTION_UNMUTE) {
        unmute(ctx);
    } else {
        mute(ctx);
    }
}

void
kw_cmd_set_language(KwCommandCtx *ctx)
{
    gboolean is_english = strcmp(ctx->slots.language, "en") == 0;

    kw_control_set_preference(ctx->control, ctx->by, "language", is_english ? "en" : "de");
    kw_i18n_set_language(is_english ? KW_LANGUAGE_EN : KW_LANGUAGE_DE, kw_i18n_get_address());
    kw_reply_line(ctx, "%s", _("I answer in English from now on."));
    kw_reply_effect(ctx, "language %s", is_english ? "en" : "de");
}
