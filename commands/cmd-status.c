#include "kw-command-runs.h"
#include "kw-i18n.h"
#include "kw-reply.h"
#include "kw-risk-text.h"
#include "kw-words.h"

#include <string.h>

static void
append_head(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    const gchar *today = kw_reply_result(ctx, status->today);
    const gchar *ratio = kw_format_percent_signed(ctx->format, status->today_ratio);
    const gchar *since = kw_format_time(ctx->format, status->since_us);

    if (status->is_killed)
        kw_reply_head(ctx, _("🛑 KILL SWITCH ON since %1$s · today %2$s"),
                      kw_format_time(ctx->format, status->killed_us), today);
    else if (status->state == KW_RUN_STATE_RUNNING)
        kw_reply_head(ctx, _("Running · today %1$s (%2$s)"), today, ratio);
    else if (status->state == KW_RUN_STATE_PAUSED)
        kw_reply_head(ctx, _("⏸ Paused since %1$s · today %2$s"), since, today);
    else if (status->state == KW_RUN_STATE_STOPPED)
        kw_reply_head(ctx, _("⏹ Stopped since %1$s · today %2$s"), since, today);
    else if (status->state == KW_RUN_STATE_HALTED)
        kw_reply_head(ctx, _("🚨 Halted since %1$s · today %2$s"), since, today);
    else
        kw_reply_head(ctx, _("⚠️ No usable strategy since %1$s · today %2$s"), since,
                      today);
}

/* A missing strategy is nobody's doing. */
static gboolean
is_held_by_somebody(const KwStatusView *status)
{
    return status->state != KW_RUN_STATE_RUNNING && status->state != KW_RUN_STATE_NO_STRATEGY &&
           *status->by != '\0';
}

/* Why it does not run, and until when */
static void
append_cause(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (status->is_killed && *status->kill_reason != '\0')
        kw_reply_line(ctx, _("Kill switch: %s"), kw_words_who(status->kill_reason));
    if (status->state == KW_RUN_STATE_HALTED)
        kw_reply_line(ctx, _("Reason: %s"), kw_risk_reason_text(status->reason));
    else if (status->state == KW_RUN_STATE_NO_STRATEGY && *status->reason != '\0')
        kw_reply_line(ctx, _("Error: %s"), status->reason);
    else if (is_held_by_somebody(status) &&
             !(status->is_killed && strcmp(status->by, status->kill_reason) == 0))
        kw_reply_line(ctx, _("By: %s"), kw_words_who(status->by));
    if (status->state != KW_RUN_STATE_RUNNING && status->reminder_us > 0)
        kw_reply_line(ctx, _("Reminder: %s"), kw_format_time(ctx->format, status->reminder_us));
}

/* The parts of the day where there are two */
static void
append_portfolio(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    const gchar *equity = kw_reply_money(ctx, status->equity);

    if (!status->has_equity)
        kw_reply_line(ctx, _("Portfolio not known now, last %s"), equity);
    else if (kw_decimal_sign(status->today_unrealised) == 0)
        kw_reply_line(ctx, _("Portfolio %s"), equity);
    else
        kw_reply_line(ctx, _("Portfolio %1$s · realised %2$s · unrealised %3$s"), equity,
                      kw_format_signed(ctx->format, status->today_realised),
                      kw_format_signed(ctx->format, status->today_unrealised));
}

static void
append_open(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    g_autoptr(GString) list = g_string_new(NULL);

    if (status->n_open == 0) {
        kw_reply_line(ctx, "%s", _("Nothing open"));
        return;
    }
    for (guint i = 0; i < MIN(status->n_listed, KW_VIEW_MAX_OPEN) && i < 6; i++) {
        const KwTradeView *trade = &status->open[i];
        g_autofree gchar *base = g_strndup(trade->pair, strcspn(trade->pair, "/"));

        g_string_append_printf(
            list, "%s%s %s", i == 0 ? "" : " · ", base,
            trade->has_last ? kw_format_signed(ctx->format, trade->profit_abs) : "?");
    }
    if (status->max_open > 0)
        kw_reply_line(ctx, _("Open %1$u of %2$u: %3$s %4$s"), status->n_open, status->max_open,
                      list->str, status->quote);
    else
        kw_reply_line(ctx, _("Open %1$u: %2$s %3$s"), status->n_open, list->str, status->quote);
}

static void
append_day(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (status->today_closed > 0)
        kw_reply_line(ctx, _("Trades today: %1$u opened, %2$u closed (%3$u won, %4$u lost)"),
                      status->today_opened, status->today_closed, status->today_wins,
                      status->today_losses);
    else if (status->today_opened > 0)
        kw_reply_line(ctx, _("Trades today: %u opened, none closed"), status->today_opened);
    else
        kw_reply_line(ctx, "%s", _("No trade today"));
}

/* A model that must not say anything gives no signals: the owner should know why. */
static void
append_silence(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (status->n_mute == 0)
        return;
    kw_reply_line(
        ctx, _("⚠️ No forecast for %1$s: features unknown %2$u, stuck %3$u, drifted %4$u"),
        status->mute_pair, status->n_unknown, status->n_stuck, status->n_drifted);
    if (status->n_mute > 1)
        kw_reply_line(ctx, _("More pairs without one: %u"), status->n_mute - 1);
}

static void
append_risk(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;
    const gchar *loss = _("no daily limit");
    g_autofree gchar *used = NULL;

    if (status->daily_loss.is_set) {
        used = g_strdup_printf(_("daily loss %1$s of %2$s"),
                               kw_format_decimal(ctx->format, status->daily_loss.used, 2),
                               kw_reply_money(ctx, status->daily_loss.limit));
        loss = used;
    }
    kw_reply_line(ctx, _("Risk: %1$s · kill switch %2$s · as of %3$s"), loss,
                  status->is_killed ? _("ON") : _("off"),
                  kw_format_time(ctx->format, status->data_us));
}

/* Real money alone: what else keeps it from trading */
static void
append_venue(KwCommandCtx *ctx)
{
    const KwVenueView *venue = &ctx->status.venue;

    if (venue->n_waiting > 0)
        kw_reply_line(
            ctx,
            kw_i18n_plural("⚠️ %u difference to the exchange, no entries: /abgleich",
                           "⚠️ %u differences to the exchange, no entries: /abgleich",
                           venue->n_waiting),
            venue->n_waiting);
    else if (venue->is_doubtful)
        kw_reply_line(ctx, "%s",
                      _("⚠️ No entries until books and exchange agree: /abgleich"));
    if (venue->n_unknown > 0)
        kw_reply_line(
            ctx,
            kw_i18n_plural("⚠️ %u order is not confirmed and looked for: /abgleich",
                           "⚠️ %u orders are not confirmed and looked for: /abgleich",
                           venue->n_unknown),
            venue->n_unknown);
    if (venue->n_accepted > 0)
        kw_reply_line(ctx,
                      kw_i18n_plural("%u accepted difference to the exchange: /abgleich",
                                     "%u accepted differences to the exchange: /abgleich",
                                     venue->n_accepted),
                      venue->n_accepted);
    if (venue->n_refused > 0 || venue->n_replaced > 0)
        kw_reply_line(ctx, _("Stops at the exchange: %1$u refused, %2$u placed again"),
                      venue->n_refused, venue->n_replaced);
}

void
kw_cmd_status(KwCommandCtx *ctx)
{
    append_head(ctx);
    append_cause(ctx);
    append_portfolio(ctx);
    append_open(ctx);
    append_day(ctx);
    append_silence(ctx);
    append_risk(ctx);
    append_venue(ctx);
    kw_reply_age(ctx);
}
