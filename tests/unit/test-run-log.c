#include "kw-run-log.h"

#include "kw-clock.h"
#include "kw-db.h"
#include "kw-store.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <string.h>

typedef struct {
    gchar *root;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->root = kw_test_tmp_dir_new();
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_test_tmp_dir_free(f->root);
}

static GArray *
load(Fixture *f, guint max)
{
    g_autoptr(GError) error = NULL;
    GArray *rows = kw_run_log_load(f->root, max, &error);

    g_assert_no_error(error);
    return rows;
}

static void
test_rows(Fixture *f, gconstpointer data)
{
    KwRunLog *log = kw_run_log_new(f->root, KW_RUN_TRAIN, KW_RUN_ALWAYS, 42);
    g_autoptr(GArray) rows = NULL;
    g_autoptr(GArray) newest = NULL;
    const KwRunStep *row;

    kw_run_log_set_begin(log, kw_stopwatch_us() - 5 * G_USEC_PER_SEC);
    kw_run_log_set_name(log, "boost");
    kw_run_log_end(log, "data", "rows=17");
    kw_run_log_fail(log, "features", "no \"room\"\nat all");
    rows = load(f, 10);
    kw_run_log_free(log); /* rows are there before the run is over */
    g_assert_cmpuint(rows->len, ==, 2);
    row = &g_array_index(rows, KwRunStep, 0);
    g_assert_cmpint(row->run_us, ==, 42);
    g_assert_cmpstr(kw_run_verb_to_string(row->verb), ==, "train");
    g_assert_cmpstr(row->name, ==, "boost");
    g_assert_cmpstr(row->step, ==, "data");
    g_assert_true(row->is_good);
    g_assert_cmpint(row->took_us, >=, 5 * G_USEC_PER_SEC);
    row = &g_array_index(rows, KwRunStep, 1);
    g_assert_false(row->is_good);
    g_assert_cmpstr(row->result, ==, "no \"room\"\nat all");
    newest = load(f, 1);
    g_assert_cmpuint(newest->len, ==, 1);
    g_assert_cmpstr(g_array_index(newest, KwRunStep, 0).step, ==, "features");
}

/* The file beside it: one line a row, whatever a row says */
static void
test_file(Fixture *f, gconstpointer data)
{
    KwRunLog *log = kw_run_log_new(f->root, KW_RUN_OPTIMIZE, KW_RUN_ALWAYS, 42);
    g_autofree gchar *path = g_build_filename(f->root, KW_RUN_LOG_FILE, NULL);
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;

    kw_run_log_set_name(log, "a, \"b\"");
    kw_run_log_end(log, "search", "x\ny");
    kw_run_log_end(log, "check", "");
    kw_run_log_free(log);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 4);
    g_assert_cmpstr(lines[0], ==, "run_us,verb,name,step,seconds,good,result");
    g_assert_true(g_str_has_prefix(lines[1], "42,optimize,\"a, \"\"b\"\"\",search,"));
    g_assert_true(g_str_has_suffix(lines[1], ",1,\"x y\""));
}

/* A backtest over files makes no store. */
static void
test_no_store(Fixture *f, gconstpointer data)
{
    KwRunLog *log = kw_run_log_new(f->root, KW_RUN_BACKTEST, KW_RUN_IF_STORE, 42);
    g_autofree gchar *path = g_build_filename(f->root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(GArray) rows = NULL;

    kw_run_log_end(log, "data", "");
    kw_run_log_free(log);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    rows = load(f, 10);
    g_assert_cmpuint(rows->len, ==, 0);
}

/* A store that cannot be written, or is of a newer program, stops no run. */
static void
test_broken(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = g_build_filename(f->root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(GError) error = NULL;
    KwRunLog *log;
    GArray *rows;

    kw_test_quiet_log();
    g_assert_true(
        g_file_set_contents(path, "no database at all, but long enough for one", -1, NULL));
    log = kw_run_log_new(f->root, KW_RUN_BACKTEST, KW_RUN_IF_STORE, 42);
    kw_run_log_end(log, "data", "");
    kw_run_log_free(log);
    rows = kw_run_log_load(f->root, 10, &error);
    g_assert_null(rows);
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                    \
    g_test_add("/store/run-log/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("rows", test_rows);
    ADD("file", test_file);
    ADD("no-store", test_no_store);
    ADD("broken", test_broken);
    return g_test_run();
}
