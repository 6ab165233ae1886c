/* kw-sieve.h: rows of a feed that are no closed candles */
#pragma once

#include "kw-book.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwSieve KwSieve;

/* @book: borrowed */
KwSieve *kw_sieve_new(KwBook *book);
void kw_sieve_free(KwSieve *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSieve, kw_sieve_free)

/**
 * kw_sieve_run:
 * @batch: borrowed, as long as what is returned is used
 *
 * Leaves out rows with values that are none, off the grid, of the future, twice or not later
 * than the newest of their pair. Each is logged with reason and field, and counted.
 *
 * Returns: (transfer none): @batch itself when all is well, else what is left of it, valid
 * until the next call
 */
const KwFeedBatch *kw_sieve_run(KwSieve *self, const KwFeedBatch *batch);

/* Rows left out so far */
guint64 kw_sieve_get_n_refused(const KwSieve *self);

G_END_DECLS
