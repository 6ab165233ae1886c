/* kw-reply.c: what many replies share
 *
 * A reply is built line by line; every text is a message id of the catalogues, every figure
 * comes from the formatter. The mode tag stands before the first line only, so that a message
 * with several parts reads as one answer. */
#include "kw-reply.h"

#include "kw-dialog.h"
#include "kw-event-text.h"
#include "kw-i18n.h"
#include "kw-span.h"
#include "kw-words.h"

#include <math.h>
#include <string.h>

void
kw_reply_tag(KwCommandCtx *ctx)
{
    if (ctx->is_first)
        g_string_append_printf(ctx->reply, "%s ", kw_words_mode_tag(ctx->status.mode));
}

void
kw_reply_line(KwCommandCtx *ctx, const gchar *format, ...)
{
    va_list args;

    va_start(args, format);
    g_string_append_vprintf(ctx->reply, format, args);
    va_end(args);
    g_string_append_c(ctx->reply, '\n');
}

void
kw_reply_head(KwCommandCtx *ctx, const gchar *format, ...)
{
    va_list args;

    kw_reply_tag(ctx);
    va_start(args, format);
    g_string_append_vprintf(ctx->reply, format, args);
    va_end(args);
    g_string_append_c(ctx->reply, '\n');
}

void
kw_reply_more(KwCommandCtx *ctx, guint n_all)
{
    if (n_all > KW_REPLY_MAX_LINES)
        kw_reply_line(ctx, _("… %u more"), n_all - KW_REPLY_MAX_LINES);
}

void
kw_reply_age(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (ctx->is_synthetic || status->is_synthetic)
        kw_reply_line(ctx, "%s", _("Made-up prices (generator), no market data."));
    if (status->data_us == 0)
        kw_reply_line(ctx, "%s", _("⚠️ No price data yet."));
    else if (status->timeframe_us > 0 &&
             ctx->now_us - status->data_us > 2 * status->timeframe_us)
        kw_reply_line(ctx, _("⚠️ Data from %s, nothing newer has come since."),
                      kw_format_time(ctx->format, status->data_us));
}

const gchar *
kw_reply_state(const KwStatusView *status)
{
    return kw_words_state(status->state);
}

const gchar *
kw_reply_who(const gchar *by)
{
    return kw_words_who(by);
}

const gchar *
kw_reply_money(KwCommandCtx *ctx, KwDecimal value)
{
    return kw_format_money(ctx->format, value, ctx->status.quote);
}

const gchar *
kw_reply_result(KwCommandCtx *ctx, KwDecimal value)
{
    return kw_format_money_signed(ctx->format, value, ctx->status.quote);
}

/* -- periods -- */

KwPeriod
kw_reply_today(KwCommandCtx *ctx)
{
    return (KwPeriod){kw_zone_floor_day_us(ctx->zone, ctx->now_us), ctx->now_us + 1};
}

KwPeriod
kw_reply_period(KwCommandCtx *ctx, KwPeriod fallback)
{
    KwPeriod period = fallback;

    if (ctx->slots.span.kind != KW_SPAN_NONE)
        kw_span_to_instants(&ctx->slots.span, ctx->zone, ctx->now_us, &period.from_us,
                            &period.to_us);
    return period;
}

const gchar *
kw_reply_period_name(KwCommandCtx *ctx, KwPeriod period)
{
    KwDate today = kw_zone_get_date(ctx->zone, ctx->now_us), from, to;

    if (period.from_us == G_MININT64)
        return _("in all");
    if (ctx->slots.span.kind == KW_SPAN_TIMES) {
        g_autofree gchar *text =
            g_strdup_printf(_("%1$s to %2$s"), kw_format_time(ctx->format, period.from_us),
                            kw_format_time(ctx->format, period.to_us));

        return kw_format_keep(ctx->format, text);
    }
    from = kw_zone_get_date(ctx->zone, period.from_us);
    to = kw_zone_get_date(ctx->zone, period.to_us - 1);
    if (kw_date_cmp(from, today) == 0 && kw_date_cmp(to, today) == 0)
        return _("today");
    return kw_format_days(ctx->format, from, to);
}

const gchar *
kw_reply_until(KwCommandCtx *ctx, const KwUntil *until)
{
    const gchar *day = kw_format_day_long(ctx->format, until->date);
    g_autofree gchar *text = NULL;

    if (!until->has_time)
        return day;
    text = g_strdup_printf("%s, %s", day, kw_format_clock(ctx->format, until->time_us));
    return kw_format_keep(ctx->format, text);
}

gint64
kw_reply_until_us(KwCommandCtx *ctx, const KwUntil *until)
{
    if (until->has_time)
        return until->time_us;
    return kw_zone_get_day_start_us(ctx->zone, kw_date_add_days(until->date, 1)) - 1;
}

gint64
kw_reply_reminder_us(KwCommandCtx *ctx, const KwUntil *until)
{
    if (!until->is_set)
        return 0;
    return until->has_time ? until->time_us
                           : kw_zone_get_instant_us(ctx->zone, until->date, 20 * 60);
}

/* -- actions -- */

gboolean
kw_reply_may_ask(KwCommandCtx *ctx)
{
    if (!ctx->is_stale)
        return TRUE;
    kw_reply_head(ctx, "%s", _("⚠️ This message is too old, please send it again."));
    kw_reply_line(ctx, "%s", _("Nothing was changed."));
    return FALSE;
}

void
kw_reply_refusal(KwCommandCtx *ctx, const KwControlResult *result)
{
    const gchar *refusal = result->refusal;

    if (strcmp(refusal, "kill_switch") == 0) {
        kw_reply_head(ctx, "%s", _("🔒 Not started: the kill switch is on."));
        kw_reply_line(ctx, "%s", _("Release it first: “Kill-Switch aus”."));
    } else if (g_str_has_prefix(refusal, "halted:")) {
        kw_reply_head(ctx, _("🔒 Not started: %s."),
                      kw_risk_reason_text(refusal + strlen("halted:")));
    } else if (strcmp(refusal, "no_strategy") == 0) {
        kw_reply_head(ctx, "%s", _("🔒 Not started: no usable strategy is loaded."));
        kw_reply_line(ctx, "%s", _("What is wrong with it: /health"));
    } else if (strcmp(refusal, "unknown_pair") == 0) {
        kw_reply_head(ctx, "%s", _("🔒 Nothing changed: this pair is not traded."));
        kw_reply_line(ctx, "%s", _("The list: /pairs"));
    } else {
        kw_reply_head(ctx, _("🔒 Nothing changed: %s."), refusal);
    }
}

void
kw_reply_effect(KwCommandCtx *ctx, const gchar *format, ...)
{
    va_list args;

    va_start(args, format);
    (void) g_vsnprintf(ctx->effect, sizeof ctx->effect, format, args);
    va_end(args);
}

void
kw_reply_open_stay(KwCommandCtx *ctx, const KwControlResult *result)
{
    if (result->n_open == 0) {
        kw_reply_line(ctx, "%s", _("No trade is open."));
        return;
    }
    kw_reply_line(ctx,
                  kw_i18n_plural("%u open trade stays with its stop (%s).",
                                 "%u open trades stay with their stops (together %s).",
                                 result->n_open),
                  result->n_open, kw_reply_result(ctx, result->open_profit));
}

/* 95 % interval of a rate after Wilson */
static void
wilson(guint wins, guint n, gdouble *low, gdouble *high)
{
    gdouble z = 1.959964, p = (gdouble) wins / n, z2 = z * z;
    gdouble centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    gdouble half = z * sqrt(p * (1 - p) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);

    *low = centre - half;
    *high = centre + half;
}

const gchar *
kw_reply_rate(KwCommandCtx *ctx, guint wins, guint n)
{
    g_autofree gchar *text = NULL;
    gdouble low, high, rate;

    if (n == 0)
        return "–";
    rate = round(100.0 * wins / n) / 100;
    if (n < 20) {
        text = g_strdup_printf(_("%1$s of %2$u (too few for a statement)"),
                               kw_format_percent_short(ctx->format, rate), n);
    } else if (n < 200) {
        wilson(wins, n, &low, &high);
        text = g_strdup_printf(_("%1$s of %2$u (95%% certain: %3$s to %4$s)"),
                               kw_format_percent_short(ctx->format, rate), n,
                               kw_format_percent_short(ctx->format, round(low * 100) / 100),
                               kw_format_percent_short(ctx->format, round(high * 100) / 100));
    } else {
        text =
            g_strdup_printf(_("%1$s of %2$u"), kw_format_percent_short(ctx->format, rate), n);
    }
    return kw_format_keep(ctx->format, text);
}

const gchar *
kw_reply_exit_reason(const gchar *reason)
{
    return kw_words_exit_reason(reason);
}

gchar *
kw_reply_finish(GString *reply)
{
    while (reply->len > 0 && reply->str[reply->len - 1] == '\n')
        g_string_truncate(reply, reply->len - 1);
    if (reply->len > KW_DIALOG_MAX_BYTES) {
        gsize end = KW_DIALOG_MAX_BYTES - 4;

        while (end > 0 && reply->str[end] != '\n')
            end--;
        if (end == 0)
            end = (gsize) (g_utf8_find_prev_char(reply->str,
                                                 reply->str + KW_DIALOG_MAX_BYTES - 4) -
                           reply->str);
        g_string_truncate(reply, end);
        g_string_append(reply, "\n…");
    }
    return g_string_free(reply, FALSE);
}
