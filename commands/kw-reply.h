/* kw-reply.h: the pieces that replies are put together from */
#pragma once

#include "kw-command.h"

G_BEGIN_DECLS

#define KW_REPLY_MAX_LINES 10 /* of a list */
#define KW_REPLY_MAX_ASKED 20 /* of a list whose length was asked for */

/* Begins a new line of the reply; no line has an end of its own. */
void kw_reply_begin(KwCommandCtx *ctx);

/* The same, with "[TROCKENLAUF] " or "[LIVE] " when this is the first part of the answer */
void kw_reply_tag(KwCommandCtx *ctx);

/* A line of the reply */
void kw_reply_line(KwCommandCtx *ctx, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* The same for the first line: the mode tag stands before it, when it is the first part */
void kw_reply_head(KwCommandCtx *ctx, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* Says that no trade was closed in @period. */
void kw_reply_no_trade(KwCommandCtx *ctx, KwPeriod period);

/* Rows @ctx->offset.. of a list of @n_all: the first of them, and how many to show. Nothing is
 * left: says so and gives 0. */
guint kw_reply_page(KwCommandCtx *ctx, guint n_all, guint *out_n);

/* The same with at most @most rows */
guint kw_reply_page_of(KwCommandCtx *ctx, guint n_all, guint most, guint *out_n);

/* "… 7 more" when only @n_shown of @n_all were listed */
void kw_reply_more(KwCommandCtx *ctx, guint n_shown, guint n_all);

/* How many of @n_all rows to list: as many as were asked for, at most twenty, else ten */
guint kw_reply_count(const KwCommandCtx *ctx, guint n_all);

/* The first pair that was named, or %NULL */
const gchar *kw_reply_pair(const KwCommandCtx *ctx);

/* The last line of an answer with figures: how old the data are, when they are old */
void kw_reply_age(KwCommandCtx *ctx);

/* Asks for the picture that goes with the answer. The first one stays: one picture an answer.
 */
void kw_reply_chart(KwCommandCtx *ctx, KwChartKind kind, KwPeriod period);

/* The same for candles of @pair, round the trade @trade_id unless that is 0 */
void kw_reply_candles(KwCommandCtx *ctx, const gchar *pair, gint64 trade_id);

/* Money in the quote currency of the status */
const gchar *kw_reply_money(KwCommandCtx *ctx, KwDecimal value);
const gchar *kw_reply_result(KwCommandCtx *ctx, KwDecimal value); /* with a sign */

/* The asked period; @fallback is taken when none was said */
KwPeriod kw_reply_period(KwCommandCtx *ctx, KwPeriod fallback);

/* Its name: "heute", "02.–08.03. (KW 10)", "gesamt"; in the middle of a sentence */
const gchar *kw_reply_period_name(KwCommandCtx *ctx, KwPeriod period);

KwPeriod kw_reply_today(KwCommandCtx *ctx);

/* "Freitag, 13. März 2026" or with the time, of an until-date */
const gchar *kw_reply_until(KwCommandCtx *ctx, const KwUntil *until);

/* The last instant of an until-date */
gint64 kw_reply_until_us(KwCommandCtx *ctx, const KwUntil *until);

/* When a reminder of an until-date is due: that time, or 20:00 of that day */
gint64 kw_reply_reminder_us(KwCommandCtx *ctx, const KwUntil *until);

/* Says so when the message named an end that is not kept */
void kw_reply_open_end(KwCommandCtx *ctx);

/**
 * kw_reply_may_ask:
 *
 * At the start of every command that raises the risk.
 *
 * Returns: %FALSE when the message is too old; that has been answered then
 */
gboolean kw_reply_may_ask(KwCommandCtx *ctx);

/* Says why the control port refused. */
void kw_reply_refusal(KwCommandCtx *ctx, const KwControlResult *result);

/* What was done, for the audit trail */
void kw_reply_effect(KwCommandCtx *ctx, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* "3 offene Trades bleiben mit ihren Stops bestehen (zusammen +0,33 USDT)." */
void kw_reply_open_stay(KwCommandCtx *ctx, const KwControlResult *result);

/* (transfer full): the text of @reply, freed here, without empty lines at the end, cut at the
 * end of a line when it is longer than a message may be */
gchar *kw_reply_finish(GString *reply);

G_END_DECLS
