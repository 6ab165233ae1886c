/* kw-migrations.h: brings a database file to the present version, forward only */
#pragma once

#include "kw-db.h"

G_BEGIN_DECLS

typedef enum { KW_SCHEMA_LEDGER, KW_SCHEMA_MARKET } KwSchema;

/* Number of the last migration of @schema */
guint kw_migrations_get_version(KwSchema schema);

/**
 * kw_migrations_run:
 * @until: version to stop at; %G_MAXUINT for the present one
 *
 * Runs what is missing, each file in a transaction of its own that also sets user_version.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_NEWER (the file is untouched) or another #KwStoreError
 */
gboolean kw_migrations_run(sqlite3 *db, KwSchema schema, guint until, GError **error);

/* Version of the file @db. Returns: %FALSE with %KW_STORE_ERROR_NEWER when it is newer */
gboolean kw_migrations_check(sqlite3 *db, KwSchema schema, guint *out_version, GError **error);

G_END_DECLS
