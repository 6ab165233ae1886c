#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

#include <math.h>

static void
ask_which(KwCommandCtx *ctx)
{
    kw_reply_head(ctx, _("❓ Which threshold? Now it is %s."),
                  kw_format_percent_short(ctx->format, ctx->status.threshold));
    kw_reply_line(ctx, "%s", _("A number between 0 and 100 %, for example “Schwelle 80 %”."));
    kw_reply_line(ctx, "%s", _("Nothing was changed."));
}

static void
carry_out(KwCommandCtx *ctx, gdouble wanted)
{
    KwControlResult result = {0};

    kw_control_set_threshold(ctx->control, ctx->by, wanted, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        return;
    }
    kw_reply_head(ctx, _("Threshold changed: %1$s → %2$s, from the next candle on."),
                  kw_format_percent_short(ctx->format, result.old_value),
                  kw_format_percent_short(ctx->format, result.new_value));
    kw_reply_open_end(ctx);
    kw_reply_effect(ctx, "threshold %.4f", result.new_value);
}

void
kw_cmd_set_threshold(KwCommandCtx *ctx)
{
    gdouble now = ctx->status.threshold;
    gdouble wanted = ctx->slots.threshold;

    if (!isfinite(wanted) && isfinite(ctx->slots.threshold_delta))
        wanted = now + ctx->slots.threshold_delta;
    if (ctx->slots.is_threshold_bad || !isfinite(wanted) || wanted <= 0 || wanted >= 1) {
        ask_which(ctx);
        return;
    }
    if (fabs(wanted - now) < 1e-9) {
        kw_reply_head(ctx, _("The threshold is %s already. Nothing to do."),
                      kw_format_percent_short(ctx->format, now));
        return;
    }
    if (wanted > now || ctx->is_confirmed) {
        carry_out(ctx, wanted);
        return;
    }
    if (!kw_reply_may_ask(ctx))
        return;
    kw_reply_head(ctx, _("Lower threshold requested: %1$s → %2$s."),
                  kw_format_percent_short(ctx->format, now),
                  kw_format_percent_short(ctx->format, wanted));
    kw_reply_line(ctx, "%s", _("Less certain signals will be traded then."));
    kw_reply_open_end(ctx);
    ctx->slots.threshold = wanted;
    ctx->wants_code = TRUE;
}
