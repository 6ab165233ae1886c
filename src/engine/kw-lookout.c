/* kw-lookout.c: a timer that every row winds up again
 *
 * Rows can stay away while everything seems to work: the exchange is down, or the line. Stops
 * are not watched then and entries are refused, so the owner has to know. The age that counts
 * is the one from which the risk layer refuses; a row that is late by less is no news. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-lookout.h"

#include "kw-log.h"
#include "kw-notice.h"

struct _KwLookout {
    KwBook *book;   /* borrowed */
    KwClock *clock; /* owned */
    gint64 max_age_us;
    gint64 row_us; /* newest row; 0 before the first */
    KwLookoutFunc func;
    gpointer user_data;
    guint timer;
    gboolean is_dark; /* told */
};

static void
tell(KwLookout *self, KwEventKind kind)
{
    KwEvent event = kw_notice_new_pair(self->book, kind, "data", self->row_us);

    g_strlcpy(event.text, event.trade.pair, sizeof event.text);
    event.trade.pair[0] = '\0';
    self->func(&event, self->user_data);
}

static void
on_late(gpointer user_data)
{
    KwLookout *self = user_data;

    self->timer = 0;
    self->is_dark = TRUE;
    kw_log_message("no new candles; entries are refused until they come again");
    tell(self, KW_EVENT_DATA);
}

void
kw_lookout_note_row(KwLookout *self, gint64 close_us)
{
    gint64 due_us = close_us + self->max_age_us + 1;
    gboolean is_fresh = kw_clock_now_us(self->clock) < due_us;

    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    self->row_us = close_us;
    if (self->is_dark && is_fresh) {
        self->is_dark = FALSE;
        kw_log_message("candles come again");
        tell(self, KW_EVENT_BACK);
    }
    if (!self->is_dark)
        self->timer = kw_clock_call_at(self->clock, due_us, on_late, self);
}

void
kw_lookout_stop(KwLookout *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

KwLookout *
kw_lookout_new(KwBook *book, gdouble max_age_candles, KwLookoutFunc func, gpointer user_data)
{
    gint64 timeframe_us = kw_feed_get_timeframe_us(book->feed);
    KwLookout *self = g_new0(KwLookout, 1);

    g_return_val_if_fail(func != NULL, self);

    self->book = book;
    self->clock = g_object_ref(book->clock);
    self->max_age_us = (gint64) (max_age_candles * (gdouble) timeframe_us);
    self->func = func;
    self->user_data = user_data;
    return self;
}

void
kw_lookout_free(KwLookout *self)
{
    if (self == NULL)
        return;
    kw_lookout_stop(self);
    g_clear_object(&self->clock);
    g_free(self);
}
