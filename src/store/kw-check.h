/* kw-check.h: whole verification of a database file: pages, hashes, money */
#pragma once

#include "kw-migrations.h"

G_BEGIN_DECLS

/**
 * KwCheckCount:
 * @n_chained: rows whose hashes were verified from the first one on
 * @n_trades: trades whose own hash and money were verified
 */
typedef struct {
    guint version;
    guint64 n_chained, n_trades;
} KwCheckCount;

/**
 * kw_check_file:
 * @out: (nullable)
 *
 * Reads the whole file; writes nothing. For threads and verbs.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_CORRUPT, _NEWER, _OPEN ... naming what is wrong
 */
gboolean kw_check_file(const gchar *path, KwSchema schema, KwCheckCount *out, GError **error);

/**
 * kw_check_money:
 *
 * For each mode: the rows of `capital` add up to the cash that the last of them states; what
 * they took and brought for each trade equals its cost and proceeds; each order equals its
 * newest event.
 */
gboolean kw_check_money(sqlite3 *db, guint64 *out_n_trades, GError **error);

/**
 * KwFinding:
 * @name: "ledger.db", "market.db", "anchor", "backup" ...
 * @detail: what was found, English
 * @count: of a database that is well, else zero
 */
typedef struct {
    gchar *name, *detail; /* owned */
    KwCheckCount count;
    gboolean is_ok;
} KwFinding;

/**
 * kw_store_doctor:
 *
 * Verifies everything in the data root. Blocks for seconds when the files are large.
 *
 * Returns: (transfer full) (element-type KwFinding): one for each check
 */
GPtrArray *kw_store_doctor(const gchar *root);

G_END_DECLS
