#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_errors(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, kw_reply_today(ctx));
    g_autoptr(GArray) errors = kw_query_list_errors(ctx->query, period, 0);
    guint wanted = ctx->slots.count > 0 ? MIN(ctx->slots.count, 15) : 5;
    guint n_errors = 0;

    for (guint i = 0; i < errors->len; i++)
        n_errors += g_array_index(errors, KwErrorView, i).severity == KW_SEVERITY_ERROR;
    if (errors->len == 0) {
        kw_reply_head(ctx, _("No errors, no warnings (%s)."),
                      kw_reply_period_name(ctx, period));
        return;
    }
    kw_reply_head(ctx, _("Errors: %1$u · warnings: %2$u (%3$s)"), n_errors,
                  errors->len - n_errors, kw_reply_period_name(ctx, period));
    for (guint i = 0; i < MIN(errors->len, wanted); i++) {
        const KwErrorView *error = &g_array_index(errors, KwErrorView, i);

        kw_reply_line(ctx, "• %s %s%s", kw_format_time(ctx->format, error->time_us),
                      error->severity == KW_SEVERITY_ERROR ? "⚠️ " : "", error->text);
    }
    if (errors->len > wanted)
        kw_reply_line(ctx, _("… %u more"), errors->len - wanted);
}
