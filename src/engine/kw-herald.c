/* kw-herald.c: events out of what the engine does
 *
 * Here is the wording of events as data, once for all callers; German comes of it in the app
 * (kw-event-text.c). What the owner has to hear is also logged here, so that journal and chat
 * never disagree about whether something was told. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-herald.h"

#include "kw-log.h"
#include "kw-notice.h"

struct _KwHerald {
    KwBook *book;   /* borrowed */
    KwQuery *query; /* borrowed */
    KwHeraldFunc func;
    gpointer user_data;
};

KwHerald *
kw_herald_new(KwBook *book, KwQuery *query, KwHeraldFunc func, gpointer user_data)
{
    KwHerald *self = g_new0(KwHerald, 1);

    g_return_val_if_fail(func != NULL, self);

    self->book = book;
    self->query = query;
    self->func = func;
    self->user_data = user_data;
    return self;
}

void
kw_herald_free(KwHerald *self)
{
    g_free(self);
}

static void
emit_with_status(KwHerald *self, KwEvent *event)
{
    kw_query_get_status(self->query, &event->digest.status);
    self->func(event, self->user_data);
}

void
kw_herald_pass(KwHerald *self, KwEvent *event)
{
    if (kw_notice_needs_status(event->kind))
        emit_with_status(self, event);
    else
        self->func(event, self->user_data);
}

void
kw_herald_tell(KwHerald *self, KwEventKind kind, const gchar *text)
{
    KwEvent event = kw_notice_new(self->book, kind, text);

    self->func(&event, self->user_data);
}

void
kw_herald_tell_placed(KwHerald *self, const KwOrder *order, const KwTrade *trade)
{
    KwEvent event = kw_notice_new_placed(self->book, order, trade);

    emit_with_status(self, &event);
}

void
kw_herald_tell_opened(KwHerald *self, const KwTrade *trade)
{
    KwEvent event = kw_notice_new_opened(self->book, trade);

    emit_with_status(self, &event);
}

void
kw_herald_tell_closed(KwHerald *self, const KwTrade *trade)
{
    KwEvent event = kw_notice_new_closed(self->book, trade);

    emit_with_status(self, &event);
}

void
kw_herald_tell_order(KwHerald *self, const gchar *code, const gchar *pair)
{
    KwEvent event = kw_notice_new_order(self->book, code, pair);

    self->func(&event, self->user_data);
}

void
kw_herald_tell_store(KwHerald *self, const GError *error)
{
    if (error != NULL)
        kw_herald_tell(self, KW_EVENT_STORE, error->message);
    else
        kw_herald_tell(self, KW_EVENT_BACK, "store");
}

void
kw_herald_tell_strategy(KwHerald *self, const gchar *message, KwHeraldFallback fallback)
{
    gboolean has_fallback = fallback == KW_HERALD_HAS_FALLBACK;

    kw_log_critical("strategy not usable", "KW_ERROR", message);
    kw_herald_tell(self, has_fallback ? KW_EVENT_OLD_STRATEGY : KW_EVENT_STRATEGY, message);
}

void
kw_herald_tell_started(KwHerald *self, KwHeraldStart start)
{
    const gchar *text = start == KW_HERALD_AFTER_CRASH ? "crash" : "";
    KwEvent event = kw_notice_new(self->book, KW_EVENT_STARTED, text);

    emit_with_status(self, &event);
}

void
kw_herald_tell_version(KwHerald *self, const gchar *before)
{
    kw_herald_tell(self, KW_EVENT_VERSION, before);
}

void
kw_herald_tell_capital(KwHerald *self, KwDecimal recorded)
{
    KwEvent event = kw_notice_new(self->book, KW_EVENT_CAPITAL, "");

    kw_log_warning("the configured starting capital differs from the ledger's, which counts");
    event.amount = recorded;
    event.value = kw_decimal_to_double(self->book->settings->starting_capital);
    self->func(&event, self->user_data);
}

void
kw_herald_tell_lost_rows(KwHerald *self, guint64 n_lost)
{
    KwEvent event = kw_notice_new(self->book, KW_EVENT_LOST_ROWS, "");

    kw_log_critical("rows that were once committed are gone from the ledger");
    event.value = (gdouble) n_lost;
    self->func(&event, self->user_data);
}

void
kw_herald_tell_unlisted(KwHerald *self)
{
    const KwPortfolio *portfolio = self->book->portfolio;

    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const gchar *pair = kw_portfolio_get_open(portfolio, i)->pair;
        const KwSlot *slot = kw_book_find_slot(self->book, pair);

        if (slot != NULL && !slot->is_exit_only)
            continue;
        kw_log_critical("open trade of a pair that is not configured", "KW_PAIR", pair);
        kw_herald_tell_order(self, slot != NULL ? "pair_unlisted" : "pair_unwatched", pair);
    }
}

void
kw_herald_repeat_trades(KwHerald *self)
{
    const KwPortfolio *portfolio = self->book->portfolio;
    gint64 since_us = kw_clock_now_us(self->book->clock) - G_TIME_SPAN_DAY;

    for (guint i = kw_portfolio_get_n_closed(portfolio); i > 0; i--) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i - 1);

        if (trade->close_us < since_us)
            break;
        kw_herald_tell_closed(self, trade);
    }
    for (guint i = 0; i < kw_portfolio_get_n_open(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(portfolio, i);

        if (trade->open_us >= since_us && trade->state == KW_TRADE_STATE_OPEN)
            kw_herald_tell_opened(self, trade);
    }
}
