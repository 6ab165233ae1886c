/* kw-migrations.c: numbered files, compiled in, run in order
 *
 * The list of names is the version history: the index of a name plus one is the version that
 * the file makes; the file sets user_version to it as its last statement, since a pragma takes
 * no parameter. A database is either before or after a file, as schema and user_version change
 * in the same transaction. There is no way back; the backup is the way back. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-migrations.h"

#include "kw-error.h"
#include "kw-store-resources.h"

#include <gio/gio.h>

#define PREFIX "/kurswart/migrations/"

static const gchar *const ledger_files[] = {
    "ledger/0001-base.sql",        "ledger/0002-archive.sql",  "ledger/0003-signal-once.sql",
    "ledger/0004-order-types.sql", "ledger/0005-evidence.sql", "ledger/0006-signal-tier.sql",
};

static const gchar *const market_files[] = {
    "market/0001-base.sql",
    "market/0002-scans.sql",
    "market/0003-scan-depth.sql",
    "market/0004-runs.sql",
};

static const gchar *const *
files_of(KwSchema schema, guint *out_n)
{
    *out_n =
        schema == KW_SCHEMA_LEDGER ? G_N_ELEMENTS(ledger_files) : G_N_ELEMENTS(market_files);
    return schema == KW_SCHEMA_LEDGER ? ledger_files : market_files;
}

guint
kw_migrations_get_version(KwSchema schema)
{
    guint n;

    (void) files_of(schema, &n);
    return n;
}

gboolean
kw_migrations_check(sqlite3 *db, KwSchema schema, guint *out_version, GError **error)
{
    guint newest = kw_migrations_get_version(schema);
    gint64 version;

    if (!kw_sql_get_int(db, "PRAGMA user_version", 0, &version, error))
        return FALSE;
    if (version < 0 || version > newest) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_NEWER,
                    "%s has version %" G_GINT64_FORMAT ", this program knows up to %u",
                    sqlite3_db_filename(db, "main"), version, newest);
        return FALSE;
    }
    *out_version = (guint) version;
    return TRUE;
}

static gboolean
run_file(sqlite3 *db, const gchar *name, guint version, GError **error)
{
    g_autofree gchar *path = g_strconcat(PREFIX, name, NULL);
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(KwTxn) txn = NULL;
    gint64 reached = 0;

    bytes = g_resource_lookup_data(kw_store_get_resource(), path, 0, error);
    if (bytes == NULL)
        return FALSE;
    txn = kw_txn_begin(db, error);
    if (txn == NULL || !kw_sql_run(db, g_bytes_get_data(bytes, NULL), error) ||
        !kw_sql_get_int(db, "PRAGMA user_version", 0, &reached, error)) {
        g_prefix_error(error, "migration %s: ", name);
        return FALSE;
    }
    if (reached != version) {
        g_set_error(error, KW_STORE_ERROR, KW_STORE_ERROR_QUERY,
                    "migration %s sets user_version %" G_GINT64_FORMAT ", not %u", name,
                    reached, version);
        return FALSE;
    }
    return kw_txn_commit(&txn, error);
}

gboolean
kw_migrations_run(sqlite3 *db, KwSchema schema, guint until, GError **error)
{
    const gchar *const *files;
    guint version;
    guint n;

    g_return_val_if_fail(db != NULL, FALSE);

    files = files_of(schema, &n);
    if (!kw_migrations_check(db, schema, &version, error))
        return FALSE;
    for (; version < MIN(n, until); version++) {
        if (!run_file(db, files[version], version + 1, error))
            return FALSE;
    }
    return TRUE;
}
