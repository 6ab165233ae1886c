/* test-result-file.c: the three files of an export, and what an export does when it cannot */
#include "kw-error.h"
#include "kw-lab-golden.h"
#include "kw-result-file.h"
#include "kw-test.h"

#include <string.h>

static const gchar *const pairs[] = {"BTC/EUR", NULL};

typedef struct {
    gchar *folder;
    KwLabRig rig;
    KwResultFacts facts;
    KwResult *result;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    (void) data;
    f->folder = kw_test_tmp_dir_new();
    kw_lab_golden_set_up(&f->rig, "g5_one_winner", NULL);
    kw_lab_rig_run(&f->rig);
    f->facts = (KwResultFacts){
        .strategy = "Golden",
        .identity = "0",
        .pairs = pairs,
        .stake_currency = "EUR",
        .timeframe = "1h",
        .timeframe_detail = "",
        .timerange = "",
        .run_start_us = KW_TEST_T0_US,
        .run_end_us = KW_TEST_T0_US,
    };
    f->result = kw_result_new(f->rig.backtest, &f->facts);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_result_free(f->result);
    kw_lab_rig_clear(&f->rig);
    kw_test_tmp_dir_free(f->folder);
}

static gchar *
read_file(const gchar *folder, const gchar *name)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    gchar *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void
test_folder(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *path = kw_result_export(f->result, f->folder, &error);
    g_autofree gchar *name = NULL;
    g_autofree gchar *meta = NULL;
    g_autofree gchar *last = NULL;

    (void) data;
    g_assert_no_error(error);
    name = g_path_get_basename(path);
    g_assert_cmpstr(name, ==, "backtest-result-2026-03-11_13-30-00.json");
    meta = read_file(f->folder, "backtest-result-2026-03-11_13-30-00.meta.json");
    g_assert_nonnull(strstr(meta, "\"backtest_start_ts\":1735689600"));
    g_assert_nonnull(strstr(meta, "\"timeframe_detail\":null"));
    last = read_file(f->folder, ".last_result.json");
    g_assert_cmpstr(last, ==,
                    "{\"latest_backtest\":\"backtest-result-2026-03-11_13-30-00.json\"}");
}

static void
test_named_file(Fixture *f, gconstpointer data)
{
    g_autofree gchar *wanted = g_build_filename(f->folder, "mine.json", NULL);
    g_autofree gchar *path = kw_result_export(f->result, wanted, NULL);
    g_autofree gchar *text = read_file(f->folder, "mine.json");
    g_autofree gchar *meta = read_file(f->folder, "mine.meta.json");

    (void) data;
    g_assert_cmpstr(path, ==, wanted);
    g_assert_nonnull(strstr(text, "\"total_trades\":1"));
    g_assert_nonnull(strstr(meta, "run_id"));
}

static void
test_no_such_folder(Fixture *f, gconstpointer data)
{
    g_autofree gchar *wanted = g_build_filename(f->folder, "no", "mine.json", NULL);
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_null(kw_result_export(f->result, wanted, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/lab/result-file/folder", Fixture, NULL, set_up, test_folder, tear_down);
    g_test_add("/lab/result-file/named", Fixture, NULL, set_up, test_named_file, tear_down);
    g_test_add("/lab/result-file/no-folder", Fixture, NULL, set_up, test_no_such_folder,
               tear_down);
    return g_test_run();
}
