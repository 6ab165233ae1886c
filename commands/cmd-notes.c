/* cmd-notes.c: what the language model has written at night */
#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <gio/gio.h>

#define NIGHT_US (26 * G_TIME_SPAN_HOUR) /* so old it is while every night has its own */

/* @missing and @instead are translated */
static void
say(KwCommandCtx *ctx, const gchar *missing, const gchar *instead)
{
    kw_reply_line(ctx, "%s", missing);
    kw_reply_line(ctx, "%s", instead);
}

void
kw_cmd_outlook(KwCommandCtx *ctx)
{
    KwAssistantView view;

    if (ctx->assistant == NULL) {
        say(ctx, _("There is no market view: no language model is set up."),
            _("Prices with the change in 24 h: /price"));
        return;
    }
    kw_assistant_get_view(ctx->assistant, &view);
    if (view.outlook[0] == '\0') {
        say(ctx, _("There is no market view yet: the language model writes it at night."),
            _("Prices with the change in 24 h: /price"));
        return;
    }
    kw_reply_head(ctx, _("Market view of %s, by the language model; it may be mistaken:"),
                  kw_format_time(ctx->format, view.outlook_us));
    kw_reply_line(ctx, "💬 %s", view.outlook);
    if (ctx->now_us - view.outlook_us > NIGHT_US)
        kw_reply_line(ctx,
                      _("⚠ That is %s ago: the nights since have none (/thoughts, /health)."),
                      kw_format_duration(ctx->format, ctx->now_us - view.outlook_us));
}
