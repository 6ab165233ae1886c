/* kw-ledger-writer.h: transactions on ledger.db; one thread at a time */
#pragma once

#include "kw-anchor.h"
#include "kw-journal.h"

G_BEGIN_DECLS

typedef struct _KwLedgerWriter KwLedgerWriter;

/**
 * kw_ledger_writer_open:
 * @root: exists
 *
 * Opens, migrates and verifies ledger.db.
 *
 * Returns: (transfer full): %NULL with a #KwStoreError
 */
KwLedgerWriter *kw_ledger_writer_open(const gchar *root, GError **error);

/* Marks the chains as verified, empties the WAL and closes. */
void kw_ledger_writer_free(KwLedgerWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLedgerWriter, kw_ledger_writer_free)

/* Chained rows that the anchor knew and the file does not */
guint64 kw_ledger_writer_get_n_lost(const KwLedgerWriter *self);

/**
 * kw_ledger_writer_write:
 * @errors: (array length=n) (out): %NULL for each batch that is durable
 *
 * One transaction with a savepoint for each batch: a batch that is refused (%EXISTS, %QUERY)
 * takes no other with it; what stops the transaction stops all of them.
 *
 * Returns: %FALSE when the transaction failed; then every batch has an error
 */
gboolean kw_ledger_writer_write(KwLedgerWriter *self,
                                const KwBatch *const *batches,
                                guint n,
                                GError **errors);

/**
 * kw_ledger_writer_checkpoint:
 *
 * Moves the WAL into the file when it has grown; not done inside commits, because an I/O error
 * must be seen.
 */
gboolean kw_ledger_writer_checkpoint(KwLedgerWriter *self, GError **error);

G_END_DECLS
