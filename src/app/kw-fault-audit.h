/* kw-fault-audit.h: what must be true of a bot and a made-up exchange after faults */
#pragma once

#include "kw-book.h"
#include "kw-sham-venue.h"
#include "kw-stop-keeper.h"

G_BEGIN_DECLS

#define KW_FAULT_AUDIT_BARE_US KW_STOP_BARE_US

/* Both say the first thing that is wrong; English, as it goes to developers.
 *
 * kw_fault_audit_book(): half a minute after the last fault, in the process: positions of the
 * book and of the exchange are equal, the books balance.
 *
 * kw_fault_audit_ledger(): after the end, from the rows on disk: every order at the exchange
 * has its intent and arrived once, every row has an end and what was executed, the money adds
 * up; orders by hand are as they were; where stops are placed at all, no position was without
 * one for long.
 *
 * Returns: (transfer full) (nullable): %NULL when all is well */
gchar *kw_fault_audit_book(const KwShamVenue *venue, const KwShamMarket *market, KwBook *book);
gchar *kw_fault_audit_ledger(KwShamVenue *venue, const gchar *root);

G_END_DECLS
