/* kw-warden.c: asks the protections after every exit
 *
 * The order is that of the reference: all protections with the pair, then all with "*", at the
 * time of the trade. For the paper broker that is the opening of the row, as in a backtest, so
 * both lock for the same candles; see kw_book_get_locked_until_us(). */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-warden.h"

#include "kw-log.h"
#include "kw-notice.h"

#include <string.h>

struct _KwWarden {
    KwBook *book;       /* borrowed */
    KwJournal *journal; /* owned */
    KwWardenFunc func;
    gpointer user_data;
};

KwWarden *
kw_warden_new(KwBook *book, KwJournal *journal, KwWardenFunc func, gpointer user_data)
{
    KwWarden *self = g_new0(KwWarden, 1);

    g_return_val_if_fail(func != NULL, self);

    self->book = book;
    self->journal = g_object_ref(journal);
    self->func = func;
    self->user_data = user_data;
    return self;
}

void
kw_warden_free(KwWarden *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->journal);
    g_free(self);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("a lock is in force but not stored", "KW_ERROR", error->message);
}

/* The rest after each trade is what was asked for, and no news. */
static gboolean
is_news(const KwLock *lock)
{
    return strcmp(lock->by, kw_protection_kind_to_string(KW_PROTECTION_COOLDOWN)) != 0;
}

static void
tell(KwWarden *self, const KwLock *lock)
{
    gboolean is_all = strcmp(lock->pair, KW_LOCK_ALL) == 0;
    KwEvent event =
        kw_notice_new(self->book, is_all ? KW_EVENT_LOCK_ALL : KW_EVENT_LOCK, lock->by);

    g_snprintf(event.key, sizeof event.key, "%s:%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(event.kind), lock->by, lock->pair,
               lock->until_us / G_USEC_PER_SEC);
    g_strlcpy(event.trade.pair, lock->pair, sizeof event.trade.pair);
    event.until_us = lock->until_us;
    self->func(&event, self->user_data);
}

static void
look_at(KwWarden *self, const gchar *pair, gint64 now_us)
{
    KwBook *book = self->book;
    const KwBookSettings *settings = book->settings;

    for (guint i = 0; i < settings->n_protections; i++) {
        const KwLock *lock =
            kw_protection_add_lock(&settings->protections[i], book->portfolio, pair, now_us,
                                   kw_feed_get_timeframe_us(book->feed), book->locks);
        KwBatch *batch;

        if (lock == NULL)
            continue;
        book->serial++;
        kw_log_message("locked by a protection", "KW_PAIR", pair, "KW_REASON", lock->by);
        batch = kw_batch_new();
        kw_batch_add_lock(batch, lock);
        kw_batch_add_audit(batch, now_us, settings->mode, lock->by, "lock_pair", pair);
        kw_journal_append_async(self->journal, batch, NULL, on_written, NULL);
        if (is_news(lock))
            tell(self, lock);
    }
}

void
kw_warden_look(KwWarden *self, const KwTrade *trade)
{
    g_return_if_fail(self != NULL && trade != NULL);

    look_at(self, trade->pair, trade->close_us);
    look_at(self, KW_LOCK_ALL, trade->close_us);
}

/* Written by a protection after @trade; also when somebody has ended it since */
static gboolean
has_looked(const KwBook *book, const KwTrade *trade)
{
    for (guint i = 0; i < kw_lock_list_get_length(book->locks); i++) {
        const KwLock *lock = kw_lock_list_get(book->locks, i);
        gboolean is_meant =
            strcmp(lock->pair, trade->pair) == 0 || strcmp(lock->pair, KW_LOCK_ALL) == 0;

        if (is_meant && lock->from_us >= trade->close_us && strcmp(lock->by, "user") != 0)
            return TRUE;
    }
    return FALSE;
}

void
kw_warden_catch_up(KwWarden *self)
{
    const KwPortfolio *portfolio;
    gint64 since_us;
    guint n, first;

    g_return_if_fail(self != NULL);

    portfolio = self->book->portfolio;
    since_us = self->book->row_us - 2 * kw_feed_get_timeframe_us(self->book->feed);
    n = kw_portfolio_get_n_closed(portfolio);
    for (first = n; first > 0; first--)
        if (kw_portfolio_get_closed(portfolio, first - 1)->close_us < since_us)
            break;
    for (guint i = first; i < n; i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);

        if (!has_looked(self->book, trade))
            kw_warden_look(self, trade);
    }
}
