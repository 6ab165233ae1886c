/* kw-chain.h: the hash chains of the tables whose rows never change */
#pragma once

#include "kw-row.h"

G_BEGIN_DECLS

typedef enum {
    KW_CHAIN_ORDER_EVENT,
    KW_CHAIN_FILL,
    KW_CHAIN_CAPITAL,
    KW_CHAIN_AUDIT,
    KW_CHAIN_N,
} KwChain;

/* Rows are numbered from 1 without gaps, so the number of rows is the id of the last. */
typedef struct {
    gint64 n_rows;
    guint8 hash[KW_HASH_BYTES]; /* of the last row; zeros when there is none */
} KwChainHead;

typedef struct {
    KwChainHead heads[KW_CHAIN_N];
} KwChainHeads;

typedef enum {
    KW_CHAIN_CHECK_ALL,  /* from the first row */
    KW_CHAIN_CHECK_TAIL, /* from the last mark, when there are many rows */
} KwChainCheck;

/* Above so many rows of all chains a TAIL check begins at the marks */
#define KW_CHAIN_MANY_ROWS 20000

const gchar *kw_chain_to_string(KwChain chain); /* name of its table; static */

/* What the file says of itself, unverified */
gboolean kw_chain_load_heads(sqlite3 *db, KwChainHeads *out, GError **error);

/* Hash of row @id; zeros when there is no such row */
gboolean
kw_chain_get_hash(sqlite3 *db, KwChain chain, gint64 id, guint8 *out_hash, GError **error);

/* Stores heads; within a transaction. */
gboolean kw_chain_save_heads(sqlite3 *db, const KwChainHeads *heads, GError **error);

/* Marks the present heads as verified; the mark itself is sealed with a hash. */
gboolean kw_chain_mark(sqlite3 *db, KwRow *row, GError **error);

/**
 * kw_chain_verify:
 * @out_n_rows: (out) (nullable): rows that were hashed
 *
 * Returns: %FALSE with %KW_STORE_ERROR_CORRUPT naming table and first wrong row
 */
gboolean kw_chain_verify(
    sqlite3 *db, KwRow *row, KwChainCheck check, guint64 *out_n_rows, GError **error);

G_END_DECLS
