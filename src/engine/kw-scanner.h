/* kw-scanner.h: candles and scan rows of every step on their way into market.db */
#pragma once

#include "kw-book.h"
#include "kw-group-journal.h"
#include "kw-market-store.h"

G_BEGIN_DECLS

/**
 * KwScanner:
 *
 * Collects the rows of a step and hands them over as one batch. Main thread.
 */
typedef struct _KwScanner KwScanner;

/**
 * kw_scanner_new:
 * @book: borrowed
 * @market: a reference is kept
 * @ledger: (nullable): journal whose rows may still be on their way; a reference is kept
 */
KwScanner *kw_scanner_new(KwBook *book, KwMarketStore *market, KwGroupJournal *ledger);
void kw_scanner_free(KwScanner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwScanner, kw_scanner_free)

/* The names of the strategy's columns; call it after the strategy was built. */
void kw_scanner_set_strategy(KwScanner *self);

/* One pair of the step; @action and @reason may be "". */
void
kw_scanner_add(KwScanner *self, const KwSlot *slot, const gchar *action, const gchar *reason);

/* Hands over what was added since the last call, once the decisions before are durable: the
 * newest scan is where a restart goes on, so it must never be ahead of the ledger. */
void kw_scanner_commit(KwScanner *self);

G_END_DECLS
