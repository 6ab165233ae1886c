/* kw-oms.h: order manager: ticket -> durable intent -> venue -> durable fill -> portfolio */
#pragma once

#include "kw-broker.h"
#include "kw-clock.h"
#include "kw-journal.h"
#include "kw-portfolio.h"
#include "kw-ticket.h"

G_BEGIN_DECLS

#define KW_TYPE_OMS (kw_oms_get_type())
G_DECLARE_FINAL_TYPE(KwOms, kw_oms, KW, OMS, GObject)

/**
 * KwOmsOutcome:
 * @order: the order as it stands
 * @trade: the trade after it; id 0 when the entry never came to be
 * @already_done: an order of this client id exists since an earlier run: nothing was sent
 */
typedef struct {
    KwOrder order;
    KwTrade trade;
    gboolean already_done;
} KwOmsOutcome;

/* All arguments are kept as references; @portfolio is borrowed and must outlive the manager. */
KwOms *kw_oms_new(KwClock *clock, KwJournal *journal, KwBroker *broker, KwPortfolio *portfolio);

/* Signal "settled" (const KwOmsOutcome *): after every durable change of an order. */
/* Signal "alert" (const gchar *code, const gchar *pair): F07, F08, F12: a person must look. */

/**
 * kw_oms_submit_async:
 * @ticket: (transfer full): used up here, also on failure
 * @order: what to place; state, id and filled are set here
 * @trade: (nullable): for a buy, the trade to open (id 0: given here); NULL for a sell
 * @extra: (transfer full) (nullable): records that belong to the decision, same transaction
 *
 * 1. refuses a ticket that is used, expired or minted for another order;
 * 2. an order of the same client id that already exists is not sent again (already_done);
 * 3. journals the intent, the trade and @extra in one transaction;
 * 4. only then submits; journals answer and fills (order, fill, trade, capital rows) in one
 *    transaction and applies them to the portfolio when that is durable;
 * 5. an answer that stays out leaves the order UNKNOWN, starts look-ups with backoff, and
 *    never sends twice.
 * Completes when the order is final, open at the venue, or UNKNOWN.
 */
void kw_oms_submit_async(KwOms *self,
                         KwTicket *ticket,
                         const KwOrder *order,
                         const KwTrade *trade,
                         KwBatch *extra,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* Returns: %FALSE with %KW_RISK_ERROR_TICKET or a #KwStoreError: nothing was sent */
gboolean
kw_oms_submit_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error);

/* Puts back what the store holds (restart), before anything else. */
void kw_oms_restore_order(KwOms *self, const KwOrder *order);
void kw_oms_set_next_trade_id(KwOms *self, gint64 next_id);

/**
 * kw_oms_reconcile_async:
 *
 * Looks up every order that is not final. Found: adopted, fills applied once. Proven absent:
 * LAPSED. Not answered: stays UNKNOWN and blocks entries of its pair.
 */
void kw_oms_reconcile_async(KwOms *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean kw_oms_reconcile_finish(KwOms *self, GAsyncResult *result, GError **error);

/* TRUE while an order of @pair is not final (entries of this pair wait) */
gboolean kw_oms_is_busy(KwOms *self, const gchar *pair);

/* TRUE when an order of @pair is UNKNOWN */
gboolean kw_oms_is_unknown(KwOms *self, const gchar *pair);

/**
 * kw_oms_make_client_id:
 * @buffer: KW_ID_SIZE bytes
 *
 * Deterministic: same decision, same id. The attempt counts earlier orders of the same decision
 * that are proven LAPSED.
 */
void kw_oms_make_client_id(
    KwOms *self, const gchar *pair, gint64 candle_us, KwSide side, gchar *buffer);

G_END_DECLS
