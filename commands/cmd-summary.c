#include "kw-command-runs.h"
#include "kw-digest-text.h"
#include "kw-reply.h"

static gboolean
is_week(const KwSpan *span)
{
    return span->kind == KW_SPAN_DAYS && kw_date_get_weekday(span->from) == 1 &&
           kw_date_to_days(span->to) - kw_date_to_days(span->from) <= 6 &&
           kw_date_cmp(span->from, span->to) != 0;
}

void
kw_cmd_summary(KwCommandCtx *ctx)
{
    KwPeriod today = {
        kw_zone_floor_day_us(ctx->zone, ctx->now_us),
        kw_zone_get_day_start_us(ctx->zone,
                                 kw_date_add_days(kw_zone_get_date(ctx->zone, ctx->now_us), 1)),
    };
    KwPeriod period = kw_reply_period(ctx, today);
    KwDigestView digest;

    kw_query_get_digest(ctx->query, period, &digest);
    digest.is_weekly = is_week(&ctx->slots.span);
    kw_reply_tag(ctx);
    kw_digest_text_append(ctx->reply, ctx->format, &digest);
    kw_reply_chart(ctx, KW_CHART_EQUITY, period);
    kw_reply_age(ctx);
}
