#include "kw-command-runs.h"
#include "kw-digest-text.h"
#include "kw-i18n.h"
#include "kw-reply.h"

void
kw_cmd_summary(KwCommandCtx *ctx)
{
    KwPeriod period = kw_reply_period(ctx, kw_reply_today(ctx));
    KwDigestView digest;

    kw_query_get_digest(ctx->query, period, &digest);
    kw_reply_tag(ctx);
    kw_digest_text_append(ctx->reply, ctx->format, &digest);
    g_string_append_c(ctx->reply, '\n');
    kw_reply_age(ctx);
}
