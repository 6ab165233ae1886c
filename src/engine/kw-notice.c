#include "kw-notice.h"

#include "kw-desk.h"

#include <math.h>

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

KwEvent
kw_notice_new_trade(KwBook *book, KwEventKind kind, const KwTrade *trade)
{
    KwPeriod today = {
        kw_zone_floor_day_us(book->zone, kw_clock_now_us(book->clock)),
        G_MAXINT64,
    };
    KwEvent event = kw_notice_new(book, kind, "");

    g_snprintf(event.key, sizeof event.key, "%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(kind), trade->id);
    kw_desk_fill_trade(book, trade, &event.trade);
    event.amount = kw_desk_sum_closed(book, today, &event.count);
    return event;
}

KwEvent
kw_notice_new_order(const KwBook *book, const gchar *code, const gchar *pair)
{
    KwEvent event = kw_notice_new(book, KW_EVENT_ORDER, code);

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
