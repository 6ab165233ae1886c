#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"

static void
say_wrong(KwCommandCtx *ctx)
{
    guint left = KW_PENDING_MAX_WRONG - ctx->pending->n_wrong;

    kw_reply_line(ctx,
                  kw_i18n_plural("The code is wrong. %u try left.",
                                 "The code is wrong. %u tries left.", left),
                  left);
    kw_reply_line(ctx, "%s", _("Nothing was changed."));
}

static void
say_missing(KwCommandCtx *ctx)
{
    kw_reply_line(ctx, _("I need the code of the last message for that (valid until %s)."),
                  kw_format_clock(ctx->format, ctx->pending->until_us));
    kw_reply_line(ctx, "%s", _("Nothing was changed so far."));
}

void
kw_cmd_confirm(KwCommandCtx *ctx)
{
    KwPending action = {0};

    switch (kw_pending_check(ctx->pending, ctx->slots.code, ctx->sender,
                             kw_query_get_serial(ctx->query), ctx->now_us, &action)) {
    case KW_CONFIRM_RIGHT:
        ctx->confirmed = action.intent;
        ctx->slots = action.slots;
        break;
    case KW_CONFIRM_NOTHING:
        kw_reply_line(ctx, "%s", _("Nothing waits for a confirmation. Nothing was changed."));
        break;
    case KW_CONFIRM_EXPIRED:
        kw_reply_line(ctx, "%s", _("The code has expired. Please ask again."));
        kw_reply_line(ctx, "%s", _("Nothing was changed."));
        break;
    case KW_CONFIRM_CHANGED:
        kw_reply_line(ctx, "%s",
                      _("The state has changed since, the code is void. Please ask again."));
        kw_reply_line(ctx, "%s", _("Nothing was changed."));
        break;
    case KW_CONFIRM_FOREIGN:
        kw_reply_line(ctx, "%s", _("Only who asked can confirm this. Nothing was changed."));
        break;
    case KW_CONFIRM_MISSING:
        say_missing(ctx);
        break;
    case KW_CONFIRM_WRONG:
        say_wrong(ctx);
        break;
    case KW_CONFIRM_SPENT:
        kw_reply_line(ctx, "%s",
                      _("Three wrong codes: the request is dropped. Nothing was changed."));
        break;
    }
}
