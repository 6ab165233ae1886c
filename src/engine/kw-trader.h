/* kw-trader.h: entry and exit of one pair in one row: signal, risk, order */
#pragma once

#include "kw-book.h"
#include "kw-event.h"

G_BEGIN_DECLS

/**
 * KwTraderEvents:
 * @write: (transfer full) @batch has to become durable before the step ends
 * @settled: an order that entry or exit sent is settled; @error (transfer full) (nullable) when
 *   it could not be made durable
 * @event: what the owner should hear
 */
typedef struct {
    void (*write)(gpointer owner, KwBatch *batch);
    void (*settled)(gpointer owner, GError *error);
    void (*event)(gpointer owner, const KwEvent *event);
} KwTraderEvents;

/* What was done with a pair in a row, for its scan; static texts */
typedef struct {
    const gchar *action, *reason;
} KwDecision;

/* Whether the row comes for the first time, or again since it could not be stored */
typedef enum { KW_TRADER_FIRST_TIME, KW_TRADER_AGAIN } KwTraderTime;

/* Main thread; opaque. */
typedef struct _KwTrader KwTrader;

/**
 * kw_trader_new:
 * @book: borrowed
 * @owner: borrowed; a reference is held while an order is on its way
 */
KwTrader *kw_trader_new(KwBook *book, const KwTraderEvents *events, GObject *owner);
void kw_trader_free(KwTrader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTrader, kw_trader_free)

/* All that follows is about the rows that close at @close_us. Entries that have waited too long
 * are taken back first. */
void kw_trader_begin(KwTrader *self, gint64 close_us, KwTraderTime time);

/* Entry by the signal of the row before, at the open of @row.
 * Returns: %TRUE when an order is on its way: wait for "settled" */
gboolean kw_trader_enter(KwTrader *self, KwSlot *slot, const KwFeedRow *row);

/* Stop, ROI and exit signal over the range of @row. Returns: as kw_trader_enter() */
gboolean kw_trader_exit(KwTrader *self, KwSlot *slot, const KwFeedRow *row);

/* Of the pair @index since kw_trader_begin(); empty texts when nothing was done */
KwDecision kw_trader_get_decision(const KwTrader *self, guint index);

G_END_DECLS
