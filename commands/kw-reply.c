/* kw-reply.c: what many replies share
 *
 * A reply is built line by line; every text is a message id of the catalogues, every figure
 * comes from the formatter. The mode tag stands before the first line only, so that a message
 * with several parts reads as one answer. */
#include "kw-reply.h"

#include "kw-dialog.h"
#include "kw-i18n.h"
#include "kw-risk-text.h"
#include "kw-span.h"
#include "kw-words.h"

#include <string.h>

void
kw_reply_begin(KwCommandCtx *ctx)
{
    const GString *reply = ctx->reply;

    if (reply->len > 0 && reply->str[reply->len - 1] != '\n')
        g_string_append_c(ctx->reply, '\n');
}

void
kw_reply_tag(KwCommandCtx *ctx)
{
    kw_reply_begin(ctx);
    if (ctx->is_first)
        g_string_append_printf(ctx->reply, "%s ", kw_words_mode_tag(ctx->status.mode));
}

void
kw_reply_line(KwCommandCtx *ctx, const gchar *format, ...)
{
    va_list args;

    kw_reply_begin(ctx);
    va_start(args, format);
    g_string_append_vprintf(ctx->reply, format, args);
    va_end(args);
}

void
kw_reply_head(KwCommandCtx *ctx, const gchar *format, ...)
{
    va_list args;

    kw_reply_tag(ctx);
    va_start(args, format);
    g_string_append_vprintf(ctx->reply, format, args);
    va_end(args);
}

void
kw_reply_more(KwCommandCtx *ctx, guint n_shown, guint n_all)
{
    if (n_all > n_shown)
        kw_reply_line(ctx, _("… %u more: “mehr”"), n_all - n_shown);
}

guint
kw_reply_count(const KwCommandCtx *ctx, guint n_all)
{
    guint most = KW_REPLY_MAX_LINES;

    if (ctx->slots.count > 0)
        most = MIN(ctx->slots.count, KW_REPLY_MAX_ASKED);
    return MIN(n_all, most);
}

void
kw_reply_chart(KwCommandCtx *ctx, KwChartKind kind, KwPeriod period)
{
    if (ctx->chart.kind == KW_CHART_NONE)
        ctx->chart = (KwChartRequest){.kind = kind, .period = period};
}

void
kw_reply_candles(KwCommandCtx *ctx, const gchar *pair, gint64 trade_id)
{
    if (ctx->chart.kind != KW_CHART_NONE)
        return;
    ctx->chart = (KwChartRequest){
        .kind = KW_CHART_CANDLES, .period = KW_PERIOD_ALL, .trade_id = trade_id};
    g_strlcpy(ctx->chart.pair, pair, sizeof ctx->chart.pair);
}

guint
kw_reply_page_of(KwCommandCtx *ctx, guint n_all, guint most, guint *out_n)
{
    guint first = MIN(ctx->offset, n_all);

    *out_n = MIN(most, n_all - first);
    ctx->n_shown = *out_n;
    if (*out_n == 0 && n_all > 0)
        kw_reply_line(ctx, "%s", _("That was all of it."));
    return first;
}

guint
kw_reply_page(KwCommandCtx *ctx, guint n_all, guint *out_n)
{
    return kw_reply_page_of(ctx, n_all, kw_reply_count(ctx, n_all), out_n);
}

const gchar *
kw_reply_pair(const KwCommandCtx *ctx)
{
    return ctx->slots.n_pairs > 0 ? ctx->slots.pairs[0] : NULL;
}

void
kw_reply_age(KwCommandCtx *ctx)
{
    const KwStatusView *status = &ctx->status;

    if (ctx->is_synthetic || status->is_synthetic)
        kw_reply_line(ctx, "%s", _("Generated prices, not a real market."));
    if (status->data_us == 0)
        kw_reply_line(ctx, "%s", _("⚠️ No price data yet."));
    else if (status->timeframe_us > 0 &&
             ctx->now_us - status->data_us > 2 * status->timeframe_us)
        kw_reply_line(ctx, _("⚠️ Data from %s, nothing newer has come since."),
                      kw_format_time(ctx->format, status->data_us));
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

void
kw_reply_open_end(KwCommandCtx *ctx)
{
    gboolean is_unlock = ctx->slots.action == KW_SLOT_ACTION_UNLOCK;

    if (ctx->slots.is_end_open || (is_unlock && ctx->slots.until.is_set))
        kw_reply_line(ctx, "%s",
                      _("⚠️ I keep no end for this: it holds until you revoke it."));
}

void
kw_reply_no_trade(KwCommandCtx *ctx, KwPeriod period)
{
    if (period.from_us == G_MININT64)
        kw_reply_head(ctx, "%s", _("No trade closed so far."));
    else
        kw_reply_head(ctx, _("No trade closed (%s)."), kw_reply_period_name(ctx, period));
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
