#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#define MAX_SETTINGS 14

void
kw_cmd_config_show(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    g_autoptr(GArray) settings = kw_query_list_config(ctx->query);

    kw_reply_head(ctx, "%s", _("Settings in force:"));
    kw_reply_line(ctx, _("• Strategy: %s"), status->strategy);
    kw_reply_line(ctx, _("• Confidence threshold: %s"),
                  kw_format_percent_short(ctx->format, status->threshold));
    kw_reply_line(ctx, _("• Candle: %s"),
                  kw_format_duration(ctx->format, status->timeframe_us));
    for (guint i = 0; i < MIN(settings->len, MAX_SETTINGS); i++) {
        const KwConfigView *setting = &g_array_index(settings, KwConfigView, i);

        kw_reply_line(ctx, "• %s = %s", setting->key, setting->value);
    }
    if (settings->len > MAX_SETTINGS)
        kw_reply_line(ctx, _("… %u more"), settings->len - MAX_SETTINGS);
}
