#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-risk-text.h"
#include "kw-words.h"

/* A floor of zero is none. */
static gboolean
is_prop_broken(const KwPropView *prop)
{
    return prop->is_set && (kw_decimal_cmp(prop->equity, prop->daily_floor) < 0 ||
                            kw_decimal_cmp(prop->equity, prop->total_floor) < 0);
}

static void
say_head(KwCommandCtx *ctx, const KwRiskView *risk)
{
    if (risk->is_kill_unreadable)
        kw_reply_head(ctx, "%s", _("🛑 Kill switch cannot be read and counts as ON"));
    else if (risk->is_killed)
        kw_reply_head(ctx, _("🛑 KILL SWITCH ON since %1$s (%2$s)"),
                      kw_format_time(ctx->format, risk->killed_us),
                      kw_words_who(risk->kill_reason));
    else if (risk->halt_reason[0] != '\0')
        kw_reply_head(ctx, _("🚨 Trading halted: %s"), kw_risk_reason_text(risk->halt_reason));
    else if (is_prop_broken(&risk->prop))
        kw_reply_head(ctx, "%s", _("🚨 A rule of the prop firm is broken"));
    else
        kw_reply_head(ctx, "%s", _("All limits free · kill switch off"));
}

static void
say_losses(KwCommandCtx *ctx, const KwRiskView *risk)
{
    const KwLimitView *daily = &risk->daily_abs, *ratio = &risk->daily_ratio;
    const KwLimitView *drawdown = &risk->drawdown;

    if (daily->is_set)
        kw_reply_line(ctx, _("Daily loss %1$s of %2$s"),
                      kw_format_decimal(ctx->format, daily->used, 2),
                      kw_reply_money(ctx, daily->limit));
    if (ratio->is_set)
        kw_reply_line(ctx, _("Daily loss %1$s of %2$s"),
                      kw_format_percent(ctx->format, ratio->used_ratio),
                      kw_format_percent_short(ctx->format, ratio->limit_ratio));
    if (!daily->is_set && !ratio->is_set)
        kw_reply_line(ctx, "%s", _("No daily limit is set"));
    else
        g_string_append_printf(ctx->reply, _(" · new count %s"),
                               kw_format_time(ctx->format, risk->day_end_us));
    if (drawdown->is_set)
        kw_reply_line(ctx, _("Total loss (drawdown) %1$s of %2$s"),
                      kw_format_percent(ctx->format, drawdown->used_ratio),
                      kw_format_percent_short(ctx->format, drawdown->limit_ratio));
}

/* " · noch 459,63 USD", or that it is below */
static void
append_room(KwCommandCtx *ctx, KwDecimal equity, KwDecimal floor)
{
    KwDecimal room = KW_DECIMAL_ZERO;

    (void) kw_decimal_sub(equity, floor, &room, NULL);
    if (kw_decimal_sign(room) < 0)
        g_string_append_printf(ctx->reply, _(" · 🚨 broken by %s"),
                               kw_reply_money(ctx, kw_decimal_neg(room)));
    else
        g_string_append_printf(ctx->reply, _(" · room %s"), kw_reply_money(ctx, room));
}

/* Of rules that are not there only what was asked for */
static void
say_prop(KwCommandCtx *ctx, const KwPropView *prop)
{
    if (!prop->is_set) {
        if (ctx->slots.is_prop)
            kw_reply_line(ctx, "%s",
                          _("No rules of a prop firm are set up; these are the bot's own "
                            "limits. Name the account's capital as initial under [prop] in "
                            "kurswart.conf and restart the bot"));
        return;
    }
    kw_reply_line(ctx, _("Prop account of %1$s, equity %2$s:"),
                  kw_format_decimal(ctx->format, prop->initial, 2),
                  kw_reply_money(ctx, prop->equity));
    if (kw_decimal_sign(prop->daily_floor) > 0) {
        kw_reply_line(ctx, _("• Daily loss: not below %1$s (midnight %2$s)"),
                      kw_format_decimal(ctx->format, prop->daily_floor, 2),
                      kw_format_decimal(ctx->format, prop->midnight, 2));
        append_room(ctx, prop->equity, prop->daily_floor);
        g_string_append_printf(ctx->reply, _(" · new count %s"),
                               kw_format_time(ctx->format, prop->reset_us));
    }
    if (kw_decimal_sign(prop->total_floor) > 0) {
        kw_reply_line(ctx,
                      prop->is_trailing ? _("• Total loss: not below %s (trailing)")
                                        : _("• Total loss: not below %s"),
                      kw_format_decimal(ctx->format, prop->total_floor, 2));
        append_room(ctx, prop->equity, prop->total_floor);
    }
    if (kw_decimal_sign(prop->target) > 0)
        kw_reply_line(ctx, _("• Target: %1$s of %2$s"),
                      kw_format_decimal(ctx->format, prop->profit, 2),
                      kw_reply_money(ctx, prop->target));
    if (prop->min_days > 0)
        kw_reply_line(ctx, _("• Trading days: %1$u of at least %2$u"), prop->n_days,
                      prop->min_days);
}

static void
say_use(KwCommandCtx *ctx, const gchar *name, const KwLimitView *limit)
{
    if (limit->is_set)
        kw_reply_line(ctx, _("%1$s %2$s of %3$s"), name,
                      kw_format_decimal(ctx->format, limit->used, 2),
                      kw_reply_money(ctx, limit->limit));
    else
        kw_reply_line(ctx, _("%1$s %2$s, no limit"), name, kw_reply_money(ctx, limit->used));
}

/* " · Orders je Stunde 1 von 20", or nothing when there is no such limit */
static void
append_count(KwCommandCtx *ctx, const gchar *name, guint n, guint max)
{
    if (max > 0)
        g_string_append_printf(ctx->reply, _(" · %1$s %2$u of %3$u"), name, n, max);
}

void
kw_cmd_risk_status(KwCommandCtx *ctx)
{
    KwRiskView risk;

    kw_query_get_risk(ctx->query, &risk);
    say_head(ctx, &risk);
    say_losses(ctx, &risk);
    say_prop(ctx, &risk.prop);
    say_use(ctx, _("Deployed"), &risk.exposure);
    say_use(ctx, _("Largest in one pair"), &risk.exposure_pair);
    if (risk.max_open > 0)
        kw_reply_line(ctx, _("Slots %1$u of %2$u"), risk.n_open, risk.max_open);
    else
        kw_reply_line(ctx, _("Slots %u, no limit"), risk.n_open);
    append_count(ctx, _("orders in an hour"), risk.orders_hour, risk.max_orders_hour);
    append_count(ctx, _("losses in a row"), risk.losses_row, risk.max_losses_row);
    if (risk.n_locks > 0)
        kw_reply_line(
            ctx,
            kw_i18n_plural("%u pair locked: /pairs", "%u pairs locked: /pairs", risk.n_locks),
            risk.n_locks);
    kw_reply_age(ctx);
}
