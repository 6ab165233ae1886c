/* kw-booker.h: brings what is known of orders into the journal, then into the portfolio */
#pragma once

#include "kw-clock.h"
#include "kw-settlement.h"

G_BEGIN_DECLS

/**
 * KwBookerEvents:
 * @booked: @order and the portfolio have just changed by @settlement, and it is durable
 * @done: a report has been dealt with, or, while the journal is away, is kept for later; @task
 *   (transfer full) (nullable) is the one given with it; @is_short: the venue has filled more
 *   than it has shown
 * @alert: "fill_conflict", "journal_failed", "journal_back"
 * @idle: nothing is waiting, or only for a journal that is away
 */
typedef struct {
    void (*booked)(gpointer owner, KwOrder *order, const KwSettlement *settlement);
    void (*done)(gpointer owner, KwOrder *order, GTask *task, gboolean is_short);
    void (*alert)(gpointer owner, const gchar *code, const KwOrder *order);
    void (*idle)(gpointer owner);
} KwBookerEvents;

/* Main thread; opaque. */
typedef struct _KwBooker KwBooker;

/**
 * kw_booker_new:
 * @portfolio: a reference is kept
 * @owner: borrowed; a reference is held while the journal works
 */
KwBooker *kw_booker_new(KwClock *clock,
                        KwJournal *journal,
                        KwPortfolio *portfolio,
                        const KwBookerEvents *events,
                        GObject *owner);
void kw_booker_free(KwBooker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwBooker, kw_booker_free)

/**
 * kw_booker_add:
 * @order: must outlive the booker; changed when the news are durable
 * @report: the venue's word, or a verdict (UNKNOWN, LAPSED)
 * @task: (transfer full) (nullable): handed back in done
 *
 * Reports are booked one after the other.
 */
void kw_booker_add(KwBooker *self, KwOrder *order, const KwBrokerReport *report, GTask *task);

/* An execution that is booked since an earlier run */
void kw_booker_restore_fill(KwBooker *self, const gchar *exec_id);

/* TRUE while a report is kept that the journal did not take */
gboolean kw_booker_is_stuck(const KwBooker *self);

/* TRUE while a report of @order is not booked */
gboolean kw_booker_has_news(const KwBooker *self, const KwOrder *order);

/* TRUE while reports wait for anything else */
gboolean kw_booker_is_working(const KwBooker *self);

G_END_DECLS
