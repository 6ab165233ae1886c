/* test-trial-log.c: trials come back as they were, also after a crash in the middle of a line
 */
#include "kw-error.h"
#include "kw-test.h"
#include "kw-trial-log.h"

#include <string.h>

typedef struct {
    gchar *folder, *path;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    (void) data;
    f->folder = kw_test_tmp_dir_new();
    f->path = g_build_filename(f->folder, "trials.jsonl", NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_test_tmp_dir_free(f->folder);
    g_free(f->path);
}

static KwTrial
make_trial(guint index)
{
    return (KwTrial){.index = index,
                     .values = {0.1 * index, 1.0 / 3.0},
                     .loss = -0.1 * index,
                     .n_trades = index,
                     .profit_total = 0.01,
                     .sharpe = 1e-17};
}

static void
write_trials(const Fixture *f, guint from, guint to)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwTrialLog) log = kw_trial_log_open(f->path, "{\"a\":1}", 2, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(kw_trial_log_get_trials(log)->len, ==, from);
    for (guint i = from; i < to; i++) {
        KwTrial trial = make_trial(i);

        g_assert_true(kw_trial_log_add(log, &trial, NULL));
    }
}

static void
test_goes_on(Fixture *f, gconstpointer data)
{
    g_autoptr(KwTrialLog) log = NULL;

    (void) data;
    write_trials(f, 0, 5);
    write_trials(f, 5, 9);
    log = kw_trial_log_open(f->path, "{\"a\":1}", 2, NULL);
    for (guint i = 0; i < 9; i++) {
        const KwTrial *have = &g_array_index(kw_trial_log_get_trials(log), KwTrial, i);
        KwTrial want = make_trial(i);

        g_assert_cmpuint(have->index, ==, want.index);
        g_assert_cmpfloat(have->values[0], ==, want.values[0]);
        g_assert_cmpfloat(have->values[1], ==, want.values[1]);
        g_assert_cmpfloat(have->loss, ==, want.loss);
        g_assert_cmpfloat(have->sharpe, ==, want.sharpe);
    }
}

/* Every length that a crash can leave: whole lines count, the rest is gone. */
static void
test_cut_off(Fixture *f, gconstpointer data)
{
    g_autofree gchar *text = NULL;
    gsize length = 0;

    (void) data;
    write_trials(f, 0, 3);
    g_assert_true(g_file_get_contents(f->path, &text, &length, NULL));
    for (gsize cut = 0; cut <= length; cut++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KwTrialLog) log = NULL;
        guint n_lines = 0;

        g_assert_true(g_file_set_contents(f->path, text, (gssize) cut, NULL));
        for (gsize i = 0; i < cut; i++)
            n_lines += text[i] == '\n';
        log = kw_trial_log_open(f->path, "{\"a\":1}", 2, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(kw_trial_log_get_trials(log)->len, ==, n_lines > 0 ? n_lines - 1 : 0);
    }
}

static void
test_other_search(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    (void) data;
    write_trials(f, 0, 2);
    g_assert_null(kw_trial_log_open(f->path, "{\"a\":2}", 2, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
    g_clear_error(&error);
    g_assert_null(kw_trial_log_open(f->path, "{\"a\":1}", 3, &error));
    g_assert_nonnull(error);
}

static void
test_header(Fixture *f, gconstpointer data)
{
    g_autofree gchar *missing = kw_trial_log_read_header(f->path);
    g_autofree gchar *header = NULL;

    (void) data;
    g_assert_null(missing);
    write_trials(f, 0, 2);
    header = kw_trial_log_read_header(f->path);
    g_assert_cmpstr(header, ==, "{\"a\":1}");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/lab/trial-log/goes-on", Fixture, NULL, set_up, test_goes_on, tear_down);
    g_test_add("/lab/trial-log/cut-off", Fixture, NULL, set_up, test_cut_off, tear_down);
    g_test_add("/lab/trial-log/other", Fixture, NULL, set_up, test_other_search, tear_down);
    g_test_add("/lab/trial-log/header", Fixture, NULL, set_up, test_header, tear_down);
    return g_test_run();
}
