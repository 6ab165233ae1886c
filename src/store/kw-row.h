/* kw-row.h: binds a row and hashes what it binds, in one go */
#pragma once

#include "kw-db.h"

G_BEGIN_DECLS

#define KW_HASH_BYTES 32 /* SHA-256 */

/**
 * KwRow:
 *
 * Encodes values without ambiguity (tag, length, bytes), so that two different rows never
 * have the same text. Reused for many rows; one thread at a time.
 */
typedef struct _KwRow KwRow;

KwRow *kw_row_new(void);
void kw_row_free(KwRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRow, kw_row_free)

/* @stmt: borrowed until kw_row_end(); its parameters are bound from ?1 upwards */
void kw_row_begin(KwRow *self, sqlite3_stmt *stmt);
void kw_row_add_int(KwRow *self, gint64 value);
void kw_row_add_real(KwRow *self, gdouble value); /* NaN: NULL */
void kw_row_add_decimal(KwRow *self, KwDecimal value);

/* @text: must live until the statement has run */
void kw_row_add_text(KwRow *self, const gchar *text);

/**
 * kw_row_end:
 * @previous: (nullable): hash of the row before, KW_HASH_BYTES
 * @out_hash: KW_HASH_BYTES; may be the same memory as @previous
 *
 * Binds SHA-256(previous, values) as the last parameter and runs the statement.
 */
gboolean kw_row_end(KwRow *self, const guint8 *previous, guint8 *out_hash, GError **error);

/**
 * kw_row_check:
 * @stmt: stands on a row; its last column is the hash
 * @inout_hash: hash of the row before; afterwards of this row
 *
 * Returns: %FALSE when the row's hash is wrong
 */
gboolean kw_row_check(KwRow *self, sqlite3_stmt *stmt, guint8 *inout_hash);

/* The same for rows that are hashed alone */
gboolean kw_row_check_single(KwRow *self, sqlite3_stmt *stmt);

/* SHA-256 of a few bytes */
void kw_row_hash_bytes(KwRow *self, gconstpointer data, gsize length, guint8 *out_hash);

G_END_DECLS
