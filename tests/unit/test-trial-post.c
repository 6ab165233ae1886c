/* test-trial-post.c: trials that are asked for in a folder, and those who answer
 *
 * The side that serves has an empty study, so that each trial is useless, at once; what is
 * tested is who gets which trial, and that it comes back as it went. */
#include "kw-error.h"
#include "kw-test.h"
#include "kw-trial-post.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEADER "{\"a\":1}"
#define N 5

static const gchar text[] =
    "return { name = 'x', timeframe = '1h', startup_candles = 60, stoploss = -0.2,\n"
    "  params = { fast = { default = 5, min = 2, max = 20 } },\n"
    "  entry = function(c, i, p) return crossed_above(c.close, sma(c.close, p.fast)) end,\n"
    "  exit = function(c, i, p)\n"
    "    return crossed_below(c.close, sma(c.close, p.fast)) end }\n";

typedef struct {
    gchar *folder;
    KwTrialPost *asking, *serving;
    KwStudy *study;
    KwStrategy *strategy;
    KwTrialPlan plan;
    KwTrial trials[N];
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) source = g_bytes_new_static(text, strlen(text));

    (void) data;
    f->folder = kw_test_tmp_dir_new();
    f->asking = kw_trial_post_new(f->folder, HEADER, 1);
    f->serving = kw_trial_post_new(f->folder, HEADER, 1);
    f->study = kw_study_new(G_MININT64, G_MAXINT64);
    f->strategy = kw_strategy_load_bytes("x.lua", source, NULL, NULL);
    for (guint i = 0; i < N; i++)
        f->trials[i] = (KwTrial){.index = 16 + i, .values = {2.0 + i / 3.0}, .n_trades = 99};
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_trial_post_free(f->asking);
    kw_trial_post_free(f->serving);
    kw_study_free(f->study);
    kw_strategy_free(f->strategy);
    kw_test_tmp_dir_free(f->folder);
}

static void
put_file(const Fixture *f, const gchar *name, const gchar *content)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static gboolean
has_file(const Fixture *f, const gchar *name)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gpointer
serve(gpointer data)
{
    Fixture *f = data;
    GError *error = NULL;

    (void) kw_trial_post_serve(f->serving, f->study, f->strategy, &f->plan, &error);
    return error;
}

/* Asks, and collects until none is left; then sends the other side home. */
static void
test_all_come_back(Fixture *f, gconstpointer data)
{
    guint n_left = N;
    GThread *thread;

    (void) data;
    g_assert_true(kw_trial_post_ask(f->asking, f->trials, N, NULL));
    thread = g_thread_new("serve", serve, f);
    while (n_left > 0)
        g_assert_true(kw_trial_post_collect(f->asking, f->trials, N, &n_left, NULL));
    g_assert_true(kw_trial_post_ask(f->asking, NULL, 0, NULL));
    g_assert_null(g_thread_join(thread));
    for (guint i = 0; i < N; i++) {
        g_assert_cmpuint(f->trials[i].index, ==, 16 + i);
        g_assert_cmpfloat(f->trials[i].values[0], ==, 2.0 + i / 3.0);
        g_assert_cmpfloat(f->trials[i].loss, ==, KW_LOSS_USELESS);
        g_assert_cmpuint(f->trials[i].n_trades, ==, 0);
    }
}

/* What another machine has claimed is left to it; those that are left keep their order. */
static void
test_claimed(Fixture *f, gconstpointer data)
{
    guint n_left = N;
    GThread *thread;

    (void) data;
    put_file(f, "claim-16", "");
    put_file(f, "claim-18", "");
    g_assert_true(kw_trial_post_ask(f->asking, f->trials, N, NULL));
    thread = g_thread_new("serve", serve, f);
    while (n_left > 2)
        g_assert_true(kw_trial_post_collect(f->asking, f->trials, N, &n_left, NULL));
    g_assert_true(kw_trial_post_ask(f->asking, NULL, 0, NULL));
    g_assert_null(g_thread_join(thread));
    g_assert_cmpuint(n_left, ==, 2);
    g_assert_cmpuint(f->trials[0].index, ==, 16);
    g_assert_cmpuint(f->trials[1].index, ==, 18);
    g_assert_false(has_file(f, "result-16"));
    g_assert_false(has_file(f, "result-18"));
}

static void
test_other_search(Fixture *f, gconstpointer data)
{
    g_autoptr(KwTrialPost) other = kw_trial_post_new(f->folder, "{\"a\":2}", 1);
    g_autoptr(GError) error = NULL;

    (void) data;
    g_assert_true(kw_trial_post_ask(other, f->trials, N, NULL));
    error = serve(f);
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
    g_assert_false(has_file(f, "claim-16"));
}

/* No request: the search has cleared up. */
static void
test_gone(Fixture *f, gconstpointer data)
{
    (void) data;
    g_assert_null(serve(f));
}

static void
test_bad_results(Fixture *f, gconstpointer data)
{
    static const gchar *const rows[] = {
        "",
        "{",
        "[]",
        "{\"trial\":16}",
        ("{\"trial\":17,\"values\":[1],\"loss\":1,\"trades\":1,\"profit\":0,\"drawdown\":0,"
         "\"winrate\":0,\"sharpe\":0}"),
    };

    (void) data;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        guint n_left = N;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        put_file(f, "result-16", rows[i]);
        g_assert_false(kw_trial_post_collect(f->asking, f->trials, N, &n_left, &error));
        g_assert_nonnull(error);
        g_assert_cmpuint(n_left, ==, N);
        g_assert_cmpuint(f->trials[0].n_trades, ==, 99);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/lab/trial-post/all", Fixture, NULL, set_up, test_all_come_back, tear_down);
    g_test_add("/lab/trial-post/claimed", Fixture, NULL, set_up, test_claimed, tear_down);
    g_test_add("/lab/trial-post/other", Fixture, NULL, set_up, test_other_search, tear_down);
    g_test_add("/lab/trial-post/gone", Fixture, NULL, set_up, test_gone, tear_down);
    g_test_add("/lab/trial-post/bad", Fixture, NULL, set_up, test_bad_results, tear_down);
    return g_test_run();
}
