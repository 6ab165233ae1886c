/* kw-notice.h: the events that the engine itself makes */
#pragma once

#include "kw-book.h"
#include "kw-event.h"

G_BEGIN_DECLS

/* An event of now, known by kind and second */
KwEvent kw_notice_new(const KwBook *book, KwEventKind kind, const gchar *text);

/* Of @pair (or what stands for one) at @time_us; known by kind, pair and that second */
KwEvent
kw_notice_new_pair(const KwBook *book, KwEventKind kind, const gchar *pair, gint64 time_us);

/* @order of @trade is at the venue; known by kind and client id */
KwEvent kw_notice_new_placed(KwBook *book, const KwOrder *order, const KwTrade *trade);

/* @trade was opened: with its target; or closed, be it by its stop: with the result of the day.
 * Known by the trade, and by which of the two it is */
KwEvent kw_notice_new_opened(KwBook *book, const KwTrade *trade);
KwEvent kw_notice_new_closed(KwBook *book, const KwTrade *trade);

/* The order manager's alert @code: an alarm, a notice or the end of something; known by code,
 * pair and second */
KwEvent kw_notice_new_order(const KwBook *book, const gchar *code, const gchar *pair);

/* TRUE for kinds that are told with the state of the bot; digests bring their own. */
gboolean kw_notice_needs_status(KwEventKind kind);

G_END_DECLS
