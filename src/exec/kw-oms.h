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
 * @already_done: nothing was sent: an order of this client id exists since an earlier run, or
 *   the stop of the trade (@order) had sold all of it before it could be taken back
 * @was_withdrawn: a stop or target whose cancel was ours, also if of an earlier process
 * @was_lost: it is cancelled as the venue had it and provably has it no longer
 */
typedef struct {
    KwOrder order;
    KwTrade trade;
    gboolean already_done;
    gboolean was_withdrawn;
    gboolean was_lost;
} KwOmsOutcome;

/* All arguments are kept as references. */
KwOms *kw_oms_new(KwClock *clock, KwJournal *journal, KwBroker *broker, KwPortfolio *portfolio);

/* Signal "settled" (const KwOmsOutcome *): after every durable change of an order.
 *
 * Signal "alert" (const gchar *code, const gchar *pair): a person must look.
 *   "order_unknown"   five look-ups brought no verdict; entries of the pair wait
 *   "order_adopted"   the venue refused the order and has it nevertheless
 *   "order_lost"      the venue acknowledged the order and no longer knows it
 *   "entry_late"      a buy was written down too late for its ticket: LAPSED, never sent
 *   "order_foreign"   news of an order that is not ours; it is not touched
 *   "fill_conflict"   a fill that cannot be booked
 *   "journal_failed"  news of the venue are not durable yet; they are kept and retried, entries
 *                     of all pairs wait
 *   "journal_back"    the above is over */

/**
 * kw_oms_submit_async:
 * @ticket: (transfer full): used up here, also on failure
 * @order: what to place; state, id and filled are set here
 * @trade: (nullable): for a buy, the trade to open (id 0: given here); NULL for a sell
 * @extra: (transfer full) (nullable): records that belong to the decision, same transaction
 *
 * 1. refuses a ticket that is used, expired or minted for another order, a buy while an order
 *    of the pair is not settled, a sell of more than is held and not yet offered
 *    or of a trade whose entry is still working;
 * 2. a sell that is no stop first cancels the stops and targets of its trade that wait at the
 *    venue, books what they have sold, and offers what is left at most; it fails with a
 *    #KwExchangeError, and nothing is sent, when one of them may still work;
 * 3. an order of the same client id that already exists is not sent again (already_done);
 * 4. journals the intent, the trade and @extra in one transaction;
 * 5. only then submits (a buy while its ticket would last); journals answer and fills (order,
 *    fill, trade, capital rows) in one transaction and applies them when that is durable;
 * 6. an answer that stays out leaves the order UNKNOWN, starts look-ups with backoff, and
 *    never sends twice.
 * Completes when the order is final, open at the venue, or UNKNOWN.
 *
 * The signal record in @extra, if it names no trade, gets the trade of the order. Cancelling
 * @cancellable before the request leaves makes the order LAPSED; later it does nothing, as the
 * order in flight must be tracked.
 */
void kw_oms_submit_async(KwOms *self,
                         KwTicket *ticket,
                         const KwOrder *order,
                         const KwTrade *trade,
                         KwBatch *extra,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/**
 * kw_oms_submit_finish:
 *
 * When the journal fails after the order was sent, @out shows the order as SENT: it is known
 * in memory, and "settled" follows when the journal is back.
 *
 * Returns: %FALSE with %KW_RISK_ERROR_TICKET, a #KwStoreError or a #KwExchangeError: nothing
 *   was sent
 */
gboolean
kw_oms_submit_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error);

/**
 * kw_oms_cancel_async:
 * @client_id: an order of this manager
 *
 * Asks the venue to cancel. What was filled before counts. An order that is over is left as it
 * is, and that is no error.
 */
void kw_oms_cancel_async(KwOms *self,
                         const gchar *client_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* Returns: %FALSE with a #KwExchangeError when there is no such order or the venue did not
 * answer; the order is looked up then */
gboolean
kw_oms_cancel_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error);

/**
 * kw_oms_amend_async:
 * @order: a sell of this manager, found by its client id, as it shall be: @price and @amount
 *   count, the amount with what is filled already, and never more than before
 *
 * Changes an order that works. What the venue makes of it is journaled, then it is true here.
 * Asking again after a doubt is fine. Needs no ticket, as it sells no more than was allowed.
 */
void kw_oms_amend_async(KwOms *self,
                        const KwOrder *order,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/* @out: the order with the terms that the venue tells. Returns: %FALSE with
 *   %KW_EXCHANGE_ERROR_REFUSED (it is as before; also while a change or look-up of it is under
 *   way: try again), or another #KwExchangeError: its terms are in doubt, and looked up */
gboolean
kw_oms_amend_finish(KwOms *self, GAsyncResult *result, KwOmsOutcome *out, GError **error);

/* Asks the venue for an order that is not over and not just being sent, and returns whether */
gboolean kw_oms_look_up(KwOms *self, const gchar *client_id);

/**
 * kw_oms_declare_lost:
 * @patience_us: how long look-ups have to have found it nowhere
 *
 * For an order that the venue had acknowledged and does not show any more. Whoever calls it has
 * seen that it has moved nothing in the account, or has the owner's word. It is CANCELLED then,
 * with what was filled.
 *
 * Returns: %FALSE, and nothing changes, when it is not UNKNOWN, was never acknowledged (then
 *   absence has its own proof), or complete look-ups are too few or too young
 */
gboolean kw_oms_declare_lost(KwOms *self, const gchar *client_id, gint64 patience_us);
gboolean kw_oms_may_be_lost(KwOms *self, const gchar *client_id, gint64 patience_us);

/* Returns: (transfer container) (element-type KwOrder): orders that are not over, valid until
 *   the main loop runs again */
GPtrArray *kw_oms_list_live(KwOms *self);

/* (nullable) (transfer none): the order of this id, valid until the main loop runs again */
const KwOrder *kw_oms_find_order(KwOms *self, const gchar *client_id);

/* Puts back what the store holds (restart), before anything else: all orders that a decision
 * could repeat, the executions of all of them, as a venue may tell them again, and the meta row
 * of kw-cancel-notes.h. */
void kw_oms_restore_order(KwOms *self, const KwOrder *order);
void kw_oms_restore_fill(KwOms *self, const gchar *exec_id);
void kw_oms_restore_withdrawn(KwOms *self, const gchar *text);
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

/* TRUE while an exit of the trade takes back its stops: no new stop is placed meanwhile */
gboolean kw_oms_is_leaving(KwOms *self, gint64 trade_id);

/* TRUE while an order of @pair is not final (entries of this pair wait); a stop or target that
 * only waits for its price does not count */
gboolean kw_oms_is_busy(KwOms *self, const gchar *pair);

/* TRUE when an order of @pair is UNKNOWN */
gboolean kw_oms_is_unknown(KwOms *self, const gchar *pair);

/* TRUE while news of the venue wait for the journal: buys are refused */
gboolean kw_oms_is_stuck(KwOms *self);

/**
 * kw_oms_make_client_id:
 * @buffer: KW_ID_SIZE bytes
 *
 * Deterministic: same decision, same id; 18 characters of ASCII. The attempt counts earlier
 * orders of the same decision that are proven LAPSED. A buy is tried twice at most: after that
 * the id is the second one's again, so that submitting it finds it already done.
 */
void kw_oms_make_client_id(
    KwOms *self, const gchar *pair, gint64 candle_us, KwSide side, gchar *buffer);

G_END_DECLS
