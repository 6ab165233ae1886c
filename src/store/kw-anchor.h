/* kw-anchor.h: the newest chain heads, written beside the database */
#pragma once

#include "kw-chain.h"

G_BEGIN_DECLS

#define KW_ANCHOR_FILE "ledger.anchor"

/**
 * KwAnchor:
 *
 * An open anchor file. It is rewritten after each commit, never synced: it can lag behind the
 * database after a power cut, but never run ahead of it. So what it knows and the database
 * does not is lost.
 */
typedef struct _KwAnchor KwAnchor;

/* Returns: (transfer full): %NULL with %KW_STORE_ERROR_OPEN */
KwAnchor *kw_anchor_open(const gchar *root, GError **error);
void kw_anchor_free(KwAnchor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwAnchor, kw_anchor_free)

/* Best effort; on the writer thread */
void kw_anchor_write(KwAnchor *self, const KwChainHeads *heads);

/* Returns: %FALSE when there is none or it is damaged; @out is zero then */
gboolean kw_anchor_read(const gchar *root, KwChainHeads *out);

/**
 * kw_anchor_compare:
 * @out_n_lost: rows that the anchor knows and @db does not
 *
 * Returns: %FALSE with %KW_STORE_ERROR_CORRUPT when a row that the anchor knows has another
 * hash
 */
gboolean
kw_anchor_compare(sqlite3 *db, const KwChainHeads *anchor, guint64 *out_n_lost, GError **error);

G_END_DECLS
