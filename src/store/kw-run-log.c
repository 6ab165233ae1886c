/* kw-run-log.c: rows in market.db, and the same as a file for other programs
 *
 * They stand beside the candles and not in the ledger: a verb must not need the ledger, whose
 * chains have one writer. Each row has a connection of its own: a search forks between two of
 * them, and none may be open then. The checkpoint is left to others, so a row costs no sync. */
#define G_LOG_DOMAIN "kw-store"

#include "kw-run-log.h"

#include "kw-clock.h"
#include "kw-db.h"
#include "kw-log.h"
#include "kw-migrations.h"
#include "kw-store.h"

#include <gio/gio.h>
#include <string.h>

#define FIRST_VERSION 4 /* of market.db that has the table */
#define ALL_FILES G_MAXUINT

struct _KwRunLog {
    gchar *root; /* owned; NULL: nothing is kept */
    KwRunStep row;
    gint64 began_us; /* stopwatch; of the present step */
};

static const gchar *const verb_names[KW_N_RUN_VERBS] = {"train", "backtest", "optimize"};

const gchar *
kw_run_verb_to_string(KwRunVerb verb)
{
    g_return_val_if_fail((guint) verb < KW_N_RUN_VERBS, "");

    return verb_names[verb];
}

/* -- writing -- */

static sqlite3 *
open_market(const gchar *root, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3) db = NULL;

    (void) g_mkdir_with_parents(root, 0700);
    db = kw_db_open(path, KW_DB_MARKET, error);
    if (db == NULL || !kw_migrations_run(db, KW_SCHEMA_MARKET, ALL_FILES, error))
        return NULL;
    (void) sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return g_steal_pointer(&db);
}

KwRunLog *
kw_run_log_new(const gchar *root, KwRunVerb verb, KwRunKeep keep, gint64 run_us)
{
    KwRunLog *self = g_new0(KwRunLog, 1);
    g_autofree gchar *market = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);

    self->row.verb = verb;
    self->row.run_us = run_us;
    self->began_us = kw_stopwatch_us();
    if (keep == KW_RUN_ALWAYS || g_file_test(market, G_FILE_TEST_EXISTS))
        self->root = g_strdup(root);
    return self;
}

void
kw_run_log_free(KwRunLog *self)
{
    if (self == NULL)
        return;
    g_free(self->root);
    g_free(self);
}

void
kw_run_log_set_begin(KwRunLog *self, gint64 began_us)
{
    self->began_us = began_us;
}

void
kw_run_log_set_name(KwRunLog *self, const gchar *name)
{
    g_strlcpy(self->row.name, name, sizeof self->row.name);
}

static gboolean
insert(const gchar *root, const KwRunStep *row, GError **error)
{
    static const gchar sql[] = "INSERT INTO run_step (run_us, verb, name, step, took_us,"
                               " is_good, result) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    g_autoptr(sqlite3) db = open_market(root, error);
    g_autoptr(sqlite3_stmt) stmt = NULL;

    if (db == NULL || !kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, row->run_us);
    (void) sqlite3_bind_text(stmt, 2, verb_names[row->verb], -1, SQLITE_STATIC);
    (void) sqlite3_bind_text(stmt, 3, row->name, -1, SQLITE_STATIC);
    (void) sqlite3_bind_text(stmt, 4, row->step, -1, SQLITE_STATIC);
    (void) sqlite3_bind_int64(stmt, 5, row->took_us);
    (void) sqlite3_bind_int(stmt, 6, row->is_good != FALSE);
    (void) sqlite3_bind_text(stmt, 7, row->result, -1, SQLITE_STATIC);
    return kw_sql_step_done(stmt, error);
}

/* (transfer full): "\"a \"\"b\"\"\"": whatever is in it stays one field of one line */
static gchar *
quote(const gchar *text)
{
    GString *out = g_string_new("\"");

    for (const gchar *p = text; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *p == '\n' || *p == '\r' ? ' ' : *p);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

static gboolean
append_line(const KwRunLog *self, GError **error)
{
    const KwRunStep *row = &self->row;
    g_autoptr(GFile) file = g_file_new_build_filename(self->root, KW_RUN_LOG_FILE, NULL);
    gboolean is_new = !g_file_query_exists(file, NULL);
    g_autoptr(GFileOutputStream) stream =
        g_file_append_to(file, G_FILE_CREATE_PRIVATE, NULL, error);
    g_autofree gchar *name = quote(row->name);
    g_autofree gchar *result = quote(row->result);
    g_autofree gchar *line =
        g_strdup_printf("%s%" G_GINT64_FORMAT ",%s,%s,%s,%.3f,%d,%s\n",
                        is_new ? "run_us,verb,name,step,seconds,good,result\n" : "",
                        row->run_us, verb_names[row->verb], name, row->step,
                        (gdouble) row->took_us / G_USEC_PER_SEC, row->is_good, result);

    return stream != NULL && g_output_stream_write_all(G_OUTPUT_STREAM(stream), line,
                                                       strlen(line), NULL, NULL, error);
}

static void
add(KwRunLog *self, const gchar *step, const gchar *result)
{
    gint64 now_us = kw_stopwatch_us();
    g_autoptr(GError) error = NULL;

    self->row.took_us = now_us - self->began_us;
    self->began_us = now_us;
    g_strlcpy(self->row.step, step, sizeof self->row.step);
    g_strlcpy(self->row.result, result, sizeof self->row.result);
    if (self->root != NULL &&
        (!insert(self->root, &self->row, &error) || !append_line(self, &error)))
        kw_log_warning("a step of this run is not kept", "KW_ERROR", error->message);
}

void
kw_run_log_end(KwRunLog *self, const gchar *step, const gchar *result)
{
    self->row.is_good = TRUE;
    add(self, step, result);
}

void
kw_run_log_fail(KwRunLog *self, const gchar *step, const gchar *why)
{
    self->row.is_good = FALSE;
    add(self, step, why);
}

/* -- reading -- */

static KwRunVerb
verb_from_text(const gchar *text)
{
    for (guint i = 0; i < KW_N_RUN_VERBS; i++) {
        if (g_strcmp0(verb_names[i], text) == 0)
            return (KwRunVerb) i;
    }
    return KW_RUN_TRAIN; /* never: a CHECK of the table */
}

static gboolean
read_rows(sqlite3 *db, guint max, GArray *rows, GError **error)
{
    static const gchar sql[] =
        "SELECT run_us, verb, name, step, took_us, is_good, result FROM (SELECT * FROM run_step"
        " ORDER BY id DESC LIMIT ?1) ORDER BY id";
    g_autoptr(sqlite3_stmt) stmt = NULL;
    gboolean has_row = FALSE;

    if (!kw_sql_prepare(db, sql, &stmt, error))
        return FALSE;
    (void) sqlite3_bind_int64(stmt, 1, max);
    while (kw_sql_step_row(stmt, &has_row, error)) {
        KwRunStep row = {0};

        if (!has_row)
            return TRUE;
        row.run_us = sqlite3_column_int64(stmt, 0);
        row.verb = verb_from_text(kw_sql_column_text(stmt, 1));
        kw_sql_copy_text(stmt, 2, row.name, sizeof row.name);
        kw_sql_copy_text(stmt, 3, row.step, sizeof row.step);
        row.took_us = sqlite3_column_int64(stmt, 4);
        row.is_good = sqlite3_column_int64(stmt, 5) != 0;
        kw_sql_copy_text(stmt, 6, row.result, sizeof row.result);
        g_array_append_val(rows, row);
    }
    return FALSE;
}

GArray *
kw_run_log_load(const gchar *root, guint max, GError **error)
{
    g_autofree gchar *path = g_build_filename(root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(KwRunStep));
    g_autoptr(sqlite3) db = NULL;
    guint version = 0;

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&rows);
    db = kw_db_open(path, KW_DB_READONLY, error);
    if (db == NULL || !kw_migrations_check(db, KW_SCHEMA_MARKET, &version, error))
        return NULL;
    if (version >= FIRST_VERSION && !read_rows(db, max, rows, error))
        return NULL;
    return g_steal_pointer(&rows);
}
