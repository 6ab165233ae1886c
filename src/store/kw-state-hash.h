/* kw-state-hash.h: one hash over everything that a run has left in its data root */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_state_hash_compute:
 * @root: data root; no process may be writing to it
 *
 * SHA-256 over the rows of both files, by their natural order and without row numbers. Two runs
 * that decided the same have the same hash, however often they were interrupted. Row hashes,
 * marks of lateness and meta rows (which name starts and ends of processes) are left out.
 *
 * Returns: (transfer full): hex, or %NULL with a #KwStoreError
 */
gchar *kw_state_hash_compute(const gchar *root, GError **error);

/* Messages in the outbox, those about starts and ends of the process left out; 0 on an error */
gint64 kw_state_hash_count_messages(const gchar *root);

G_END_DECLS
