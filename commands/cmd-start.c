#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-risk-text.h"

#include <string.h>

static gboolean
is_used_up(const KwLimitView *limit)
{
    if (limit->limit_ratio > 0 && limit->used_ratio >= limit->limit_ratio)
        return TRUE;
    return kw_decimal_sign(limit->limit) > 0 && kw_decimal_cmp(limit->used, limit->limit) >= 0;
}

/* A row of losses ends with the owner's decision; limits of money do not. */
static gboolean
is_still_halted(const KwStatusView *status)
{
    if (status->state != KW_RUN_STATE_HALTED)
        return FALSE;
    if (strcmp(status->reason, "max_drawdown_ratio") == 0)
        return is_used_up(&status->drawdown);
    return g_str_has_prefix(status->reason, "max_daily_loss") &&
           is_used_up(&status->daily_loss);
}

/* What stands in the way is said at once, without a code. */
static gboolean
is_possible(KwCommandCtx *ctx)
{
    KwControlResult refusal = {.is_refused = TRUE};

    if (ctx->status.is_killed)
        g_strlcpy(refusal.refusal, "kill_switch", sizeof refusal.refusal);
    else if (ctx->status.state == KW_RUN_STATE_NO_STRATEGY)
        g_strlcpy(refusal.refusal, "no_strategy", sizeof refusal.refusal);
    else if (is_still_halted(&ctx->status))
        g_snprintf(refusal.refusal, sizeof refusal.refusal, "halted:%s", ctx->status.reason);
    else
        return TRUE;
    kw_reply_refusal(ctx, &refusal);
    return FALSE;
}

static const gchar *
title(const KwStatusView *status)
{
    if (status->mode != KW_MODE_LIVE)
        return _("▶️ Start requested. This trades with paper money:");
    if (status->venue.is_test)
        return _("▶️ Start requested. This trades at a test exchange, no real money:");
    return _("▶️ Start requested. This trades with real money:");
}

static void
ask(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    const gchar *stake = status->is_stake_unlimited ? _("all free money, divided")
                                                    : kw_reply_money(ctx, status->stake_amount);

    kw_reply_head(ctx, "%s", title(status));
    if (status->state == KW_RUN_STATE_HALTED)
        kw_reply_line(ctx, _("Halted because: %s. A start lifts that."),
                      kw_risk_reason_text(status->reason));
    if (status->max_open > 0)
        kw_reply_line(ctx, _("Stake %1$s a trade, at most %2$u open, strategy %3$s."), stake,
                      status->max_open, status->strategy);
    else
        kw_reply_line(ctx, _("Stake %1$s a trade, strategy %2$s."), stake, status->strategy);
    if (*status->model != '\0')
        kw_reply_line(ctx, _("Threshold %1$s, model %2$s."),
                      kw_format_percent_short(ctx->format, status->threshold), status->model);
    kw_reply_open_end(ctx);
    ctx->wants_code = TRUE;
}

static void
carry_out(KwCommandCtx *ctx)
{
    KwControlResult result = {0};

    kw_control_start(ctx->control, ctx->by, &result);
    if (result.is_refused) {
        kw_reply_refusal(ctx, &result);
        kw_reply_effect(ctx, "refused: %s", result.refusal);
        return;
    }
    kw_reply_head(ctx, _("▶️ Started at %1$s. Next check %2$s."),
                  kw_format_clock(ctx->format, result.at_us),
                  kw_format_time(ctx->format, ctx->status.next_us));
    kw_reply_effect(ctx, "started");
}

void
kw_cmd_start(KwCommandCtx *ctx)
{
    if (ctx->is_confirmed) {
        carry_out(ctx);
        return;
    }
    if (ctx->status.state == KW_RUN_STATE_RUNNING && !ctx->status.is_killed) {
        kw_reply_head(ctx, _("▶️ Already running, since %s. Nothing to do."),
                      kw_format_time(ctx->format, ctx->status.since_us));
        return;
    }
    if (kw_reply_may_ask(ctx) && is_possible(ctx))
        ask(ctx);
}
