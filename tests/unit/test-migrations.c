/* test-migrations.c: every old version becomes the present one, a kill leaves old or new */
#include "kw-error.h"
#include "kw-migrations.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static gchar *root;

static sqlite3 *
open_db(const gchar *path)
{
    g_autoptr(GError) error = NULL;
    sqlite3 *db = kw_db_open(path, KW_DB_LEDGER, &error);

    g_assert_no_error(error);
    return db;
}

/* (transfer full): everything that makes a schema, as one text */
static gchar *
dump_schema(sqlite3 *db)
{
    static const gchar sql[] =
        "SELECT type || ' ' || name || ': ' || ifnull(sql, '') FROM sqlite_schema ORDER BY 1";
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = TRUE;

    g_assert_true(kw_sql_prepare(db, sql, &stmt, NULL));
    while (has_row) {
        g_assert_true(kw_sql_step_row(stmt, &has_row, NULL));
        if (has_row)
            g_string_append_printf(text, "%s\n", kw_sql_column_text(stmt, 0));
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gint64
version_of(sqlite3 *db)
{
    gint64 version = -1;

    g_assert_true(kw_sql_get_int(db, "PRAGMA user_version", 0, &version, NULL));
    return version;
}

static gchar *
fresh_path(const gchar *name)
{
    gchar *path = g_build_filename(root, name, NULL);
    g_autofree gchar *wal = g_strconcat(path, "-wal", NULL);
    g_autofree gchar *shm = g_strconcat(path, "-shm", NULL);

    (void) g_unlink(path);
    (void) g_unlink(wal);
    (void) g_unlink(shm);
    return path;
}

static void
check_from_version(KwSchema schema, guint from, const gchar *expected)
{
    g_autofree gchar *path = fresh_path("old.db");
    g_autofree gchar *schema_text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) db = open_db(path);

    g_assert_true(kw_migrations_run(db, schema, from, &error));
    g_assert_no_error(error);
    g_assert_cmpint(version_of(db), ==, from);
    g_assert_true(kw_migrations_run(db, schema, G_MAXUINT, &error));
    g_assert_no_error(error);
    g_assert_cmpint(version_of(db), ==, kw_migrations_get_version(schema));
    schema_text = dump_schema(db);
    g_assert_cmpstr(schema_text, ==, expected);
}

static void
test_migrations_every_version(gconstpointer data)
{
    KwSchema schema = (KwSchema) GPOINTER_TO_INT(data);
    g_autofree gchar *path = fresh_path("new.db");
    g_autoptr(sqlite3) db = open_db(path);
    g_autofree gchar *expected = NULL;

    g_assert_true(kw_migrations_run(db, schema, G_MAXUINT, NULL));
    expected = dump_schema(db);
    for (guint from = 0; from <= kw_migrations_get_version(schema); from++)
        check_from_version(schema, from, expected);
}

static void
test_migrations_all_strict(gconstpointer data)
{
    static const gchar sql[] = "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND"
                               " name NOT LIKE 'sqlite_%' AND NOT strict";
    g_autofree gchar *path = fresh_path("strict.db");
    g_autoptr(sqlite3) db = open_db(path);
    gint64 n_loose;

    g_assert_true(kw_migrations_run(db, (KwSchema) GPOINTER_TO_INT(data), G_MAXUINT, NULL));
    g_assert_true(kw_sql_get_int(db, sql, -1, &n_loose, NULL));
    g_assert_cmpint(n_loose, ==, 0);
}

/* Version 4 makes the tables of orders anew: what was in them, and what points at them, stays.
 */
static void
test_migrations_keep_orders(void)
{
    static const gchar fill[] =
        "INSERT INTO orders VALUES (7, 'c7', 'v7', 1, 'BTC/USDT', 'dryrun', 'buy', 'market',"
        " 'filled', '100', '2', '2', 1, 1, 1, 'tag');"
        "INSERT INTO order_event VALUES (1, 1, 'c7', 'v7', 1, 'BTC/USDT', 'dryrun', 'buy',"
        " 'market', 'filled', '100', '2', '2', 1, 'tag', x'00');"
        "INSERT INTO fill VALUES (1, 1, 'x1', 'c7', 'BTC/USDT', 'dryrun', 'buy', '100', '2',"
        " '0.8', x'00');";
    static const gchar *const counts[] = {
        "SELECT count(*) FROM orders WHERE id = 7 AND client_id = 'c7' AND reason = 'tag'",
        "SELECT count(*) FROM order_event WHERE id = 1 AND hash = x'00'",
        "SELECT count(*) FROM fill AS f JOIN orders AS o ON o.client_id = f.client_id",
    };
    g_autofree gchar *path = fresh_path("orders.db");
    g_autoptr(GError) error = NULL;
    g_autoptr(sqlite3) db = open_db(path);
    gint64 n;

    g_assert_true(kw_migrations_run(db, KW_SCHEMA_LEDGER, 3, NULL));
    g_assert_true(kw_sql_run(db, fill, &error));
    g_assert_no_error(error);
    g_assert_true(kw_migrations_run(db, KW_SCHEMA_LEDGER, G_MAXUINT, &error));
    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_true(kw_sql_get_int(db, counts[i], 0, &n, NULL));
        g_assert_cmpint(n, ==, 1);
    }
    g_assert_true(kw_sql_run(db, "UPDATE orders SET type = 'stop_loss'", NULL));
    g_assert_false(kw_sql_run(db, "UPDATE orders SET type = 'iceberg'", NULL));
    g_assert_false(kw_sql_run(db, "UPDATE order_event SET reason = ''", NULL));
    g_assert_false(kw_sql_run(db, "DELETE FROM orders", NULL)); /* a fill points at it */
}

/* F43: killed after n_us of migrating; what is left is a whole version, and goes on from there
 */
static void
test_migrations_kills(void)
{
    guint n_between = 0;
    gint64 whole_us;

    {
        g_autofree gchar *path = fresh_path("time.db");
        g_autoptr(sqlite3) db = open_db(path);
        gint64 start_us = g_get_monotonic_time();

        g_assert_true(kw_migrations_run(db, KW_SCHEMA_LEDGER, G_MAXUINT, NULL));
        whole_us = g_get_monotonic_time() - start_us;
    }
    for (guint i = 0; i < 40; i++) {
        g_autofree gchar *path = fresh_path("killed.db");
        pid_t child = fork();

        if (child == 0) {
            sqlite3 *db = kw_db_open(path, KW_DB_LEDGER, NULL);
            _exit(kw_migrations_run(db, KW_SCHEMA_LEDGER, G_MAXUINT, NULL) ? 0 : 1);
        }
        g_usleep((gulong) (whole_us * 2 * i / 40));
        (void) kill(child, SIGKILL);
        (void) waitpid(child, NULL, 0);
        {
            g_autoptr(sqlite3) db = open_db(path);
            gint64 version = version_of(db);
            gint64 n_tables;

            g_assert_true(
                kw_sql_get_int(db, "SELECT count(*) FROM sqlite_schema", 0, &n_tables, NULL));
            g_assert_true((version == 0) == (n_tables == 0));
            n_between += version < kw_migrations_get_version(KW_SCHEMA_LEDGER);
            g_assert_true(kw_migrations_run(db, KW_SCHEMA_LEDGER, G_MAXUINT, NULL));
        }
    }
    g_assert_cmpuint(n_between, >, 0); /* the kills did come in time */
}

int
main(int argc, char **argv)
{
    int code;

    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    root = kw_test_tmp_dir_new();
#define ADD(name, schema, func)                                                                \
    g_test_add_data_func("/store/migrations/" name, GINT_TO_POINTER(schema), func)
    ADD("ledger-every-version", KW_SCHEMA_LEDGER, test_migrations_every_version);
    ADD("market-every-version", KW_SCHEMA_MARKET, test_migrations_every_version);
    ADD("ledger-strict", KW_SCHEMA_LEDGER, test_migrations_all_strict);
    ADD("market-strict", KW_SCHEMA_MARKET, test_migrations_all_strict);
    g_test_add_func("/store/migrations/keep-orders", test_migrations_keep_orders);
    g_test_add_func("/store/migrations/kills", test_migrations_kills);
    code = g_test_run();
    kw_test_tmp_dir_free(root);
    return code;
}
