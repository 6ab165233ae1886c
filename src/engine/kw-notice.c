#include "kw-notice.h"

#include "kw-desk.h"
#include "kw-exit.h"

#include <math.h>
#include <string.h>

KwEvent
kw_notice_new(const KwBook *book, KwEventKind kind, const gchar *text)
{
    KwEvent event = {
        .kind = kind,
        .time_us = kw_clock_now_us(book->clock),
        .mode = book->settings->mode,
    };

    g_snprintf(event.key, sizeof event.key, "%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(kind), event.time_us / G_USEC_PER_SEC);
    g_strlcpy(event.text, text, sizeof event.text);
    return event;
}

KwEvent
kw_notice_new_pair(const KwBook *book, KwEventKind kind, const gchar *pair, gint64 time_us)
{
    KwEvent event = kw_notice_new(book, kind, "");

    event.value = event.limit = NAN;
    g_snprintf(event.key, sizeof event.key, "%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(kind), pair, time_us / G_USEC_PER_SEC);
    g_strlcpy(event.trade.pair, pair, sizeof event.trade.pair);
    return event;
}

/* @name: of the key */
static KwEvent
new_trade(KwBook *book, KwEventKind kind, const gchar *name, const KwTrade *trade)
{
    KwEvent event = kw_notice_new(book, kind, "");

    g_snprintf(event.key, sizeof event.key, "%s:%" G_GINT64_FORMAT, name, trade->id);
    kw_desk_fill_trade(book, trade, &event.trade);
    return event;
}

KwEvent
kw_notice_new_placed(KwBook *book, const KwOrder *order, const KwTrade *trade)
{
    gboolean is_entry = order->side == KW_SIDE_BUY;
    KwEvent event =
        new_trade(book, is_entry ? KW_EVENT_ENTRY_ORDER : KW_EVENT_EXIT_ORDER, "", trade);

    g_snprintf(event.key, sizeof event.key, "%s:%s", kw_event_kind_to_string(event.kind),
               order->client_id);
    g_strlcpy(event.text, order->reason, sizeof event.text);
    event.trade.amount = order->amount;
    event.amount = kw_desk_round_rate(book, order->pair, order->price);
    event.count = order->type != KW_ORDER_TYPE_MARKET;
    return event;
}

KwEvent
kw_notice_new_opened(KwBook *book, const KwTrade *trade)
{
    KwEvent event = new_trade(book, KW_EVENT_ENTRY, "entry", trade);
    gdouble target;

    if (!kw_exit_get_target(trade, &book->terms, &target) ||
        !kw_book_price_to_decimal(target, &event.amount, NULL))
        event.amount = KW_DECIMAL_ZERO;
    event.amount = kw_desk_round_rate(book, trade->pair, event.amount);
    return event;
}

KwEvent
kw_notice_new_closed(KwBook *book, const KwTrade *trade)
{
    KwPeriod today = {
        kw_zone_floor_day_us(book->zone, kw_clock_now_us(book->clock)),
        G_MAXINT64,
    };
    KwEvent event = new_trade(
        book, kw_trade_is_stopped(trade) ? KW_EVENT_STOP_HIT : KW_EVENT_EXIT, "exit", trade);

    event.amount = kw_desk_sum_closed(book, today, &event.count);
    return event;
}

/* What needs nobody: trading goes on as set, and all that is held has its stop. */
static const gchar *const notices[] = {
    "order_adopted",  "order_foreign", "pair_unlisted",  "pair_changed",  "pair_closed",
    "pair_open",      "fee_changed",   "probation_over", "stop_replaced", "stop_lost",
    "stop_too_small", "answer_stray",  "entry_late",
};

/* Behind a colon a code may have words of the exchange. */
static KwEventKind
kind_of_code(const gchar *code)
{
    gsize length = strcspn(code, ":");

    if (strcmp(code, "journal_back") == 0)
        return KW_EVENT_BACK;
    for (gsize i = 0; i < G_N_ELEMENTS(notices); i++) {
        if (strncmp(code, notices[i], length) == 0 && notices[i][length] == '\0')
            return KW_EVENT_NOTICE;
    }
    return KW_EVENT_ORDER;
}

KwEvent
kw_notice_new_order(const KwBook *book, const gchar *code, const gchar *pair)
{
    KwEventKind kind = kind_of_code(code);
    KwEvent event = kw_notice_new(book, kind, kind == KW_EVENT_BACK ? "journal" : code);

    g_snprintf(event.key, sizeof event.key, "%s:%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(event.kind), code, pair, event.time_us / G_USEC_PER_SEC);
    g_strlcpy(event.trade.pair, pair, sizeof event.trade.pair);
    return event;
}

gboolean
kw_notice_needs_status(KwEventKind kind)
{
    return kind == KW_EVENT_STATE || kind == KW_EVENT_KILL_ON || kind == KW_EVENT_KILL_OFF ||
           kind == KW_EVENT_KILLED_SIGNAL || kind == KW_EVENT_HALT ||
           kind == KW_EVENT_HALT_OVER || kind == KW_EVENT_REMINDER;
}
