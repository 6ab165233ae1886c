/* Walk-forward over two pairs of waves; this program is its own worker */
#include "kw-walk.h"

#include "kw-error.h"
#include "kw-model-data.h"
#include "kw-test.h"

#include <glib/gstdio.h>

#include <math.h>
#include <string.h>

#define DAY G_TIME_SPAN_DAY
#define N_DAYS 120

static const gchar features_text[] =
    "[features]\nnames = rsi, zscore\nperiods = 7, 14\nshifts = 0, 1\n";

typedef struct {
    gchar *folder;
    KwTraining *training;
    KwModelFacts facts;
    KwWalkJob job;
} Fixture;

/* Waves of two days and a little noise; from @changed_from on the price is another one */
static KwSeries *
make_series(gdouble phase, gsize changed_from)
{
    KwSeries *series = kw_series_new(KW_TEST_HOUR_US);
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);

    for (gsize i = 0; i < N_DAYS * 24; i++) {
        gdouble price = 100 + 5 * sin((gdouble) i * G_PI / 24 + phase) +
                        g_rand_double_range(rand, -0.5, 0.5);
        KwCandle candle;

        if (i >= changed_from)
            price = 250 - price;
        candle =
            (KwCandle){(gint64) i * KW_TEST_HOUR_US, price, price + 1, price - 1, price, 5};
        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static void
fill(Fixture *f, gsize changed_from)
{
    const KwTrainingOptions options = {.label = KW_LABEL_RETURN,
                                       .horizon_us = 12 * KW_TEST_HOUR_US,
                                       .test_us = 7 * DAY,
                                       .valid_share = 0.25,
                                       .params = kw_model_data_params(KW_OBJECTIVE_REGRESSION),
                                       .folder = f->folder,
                                       .program = "/proc/self/exe",
                                       .n_threads = 1};
    g_autoptr(GBytes) text = g_bytes_new_static(features_text, strlen(features_text));
    g_autoptr(KwSeries) first = make_series(0, changed_from);
    g_autoptr(KwSeries) second = make_series(1, changed_from);

    f->training = kw_training_new(text, &options, NULL);
    g_assert_true(kw_training_add_pair(f->training, first, NULL));
    g_assert_true(kw_training_add_pair(f->training, second, NULL));
    g_assert_true(kw_training_join(f->training, NULL));
    f->facts = (KwModelFacts){.name = (gchar *) "boost",
                              .pairs = (gchar *) "A/B",
                              .source = (gchar *) "exchange",
                              .data_hash = (gchar *) "",
                              .timeframe_us = KW_TEST_HOUR_US,
                              .horizon_us = 12 * KW_TEST_HOUR_US};
    f->job = (KwWalkJob){.training = f->training,
                         .facts = &f->facts,
                         .folder = f->folder,
                         .rules = {90 * DAY, 7 * DAY, 12 * KW_TEST_HOUR_US, G_MININT64}};
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    fill(f, G_MAXSIZE);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_training_free(f->training);
    kw_test_tmp_dir_free(f->folder);
}

static const KwFold *
window_of(const KwWalk *walk, guint index)
{
    return &g_array_index(walk->windows, KwFold, index);
}

/* (transfer full): what each window's model says to a few rows */
static gchar *
dup_words(const KwWalk *walk)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < walk->windows->len; i++) {
        gint64 until_us;
        KwModel *model =
            kw_model_relay_find(walk->relay, window_of(walk, i)->test.begin_us, &until_us);
        const KwMatrix *rows = kw_model_get_reference(model);
        gdouble said[10], sure[10];

        kw_model_predict(model, rows->values, 10, said, sure);
        for (guint row = 0; row < 10; row++)
            g_string_append_printf(out, "%.17g %.17g\n", said[row], sure[row]);
    }
    return g_string_free(out, FALSE);
}

static KwWalk *
run(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    KwWalk *walk = kw_walk_run(&f->job, &error);

    g_assert_no_error(error);
    return walk;
}

static void
test_walks(Fixture *f, gconstpointer data)
{
    g_autoptr(KwWalk) walk = NULL;
    gint64 embargo_us = f->job.rules.embargo_us;
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    walk = run(f);
    g_assert_cmpuint(walk->windows->len, >=, 4);
    for (guint i = 0; i < walk->windows->len; i++) {
        const KwFold *fold = window_of(walk, i);
        gint64 until_us = 0;
        KwModel *model = kw_model_relay_find(walk->relay, fold->test.begin_us, &until_us);

        g_assert_nonnull(model);
        g_assert_cmpint(kw_model_get_facts(model)->data_end_us + embargo_us, <=,
                        fold->test.begin_us);
        if (i > 0)
            g_assert_cmpint(window_of(walk, i - 1)->test.end_us, ==, fold->test.begin_us);
    }
    g_assert_false(walk->leaked);
    g_assert_cmpuint(walk->n_resumed, ==, 0);
    g_assert_cmpuint(walk->scores.n, ==,
                     kw_training_count(f->training, kw_walk_get_span(walk)));
    g_assert_cmpfloat(walk->scores.accuracy, >, 0.8);
    g_assert_cmpuint(walk->n_right, ==,
                     (guint) round(walk->scores.accuracy * (gdouble) walk->scores.n));
}

/* A walk that was cut off grows no tree twice, and ends alike; another seed begins anew */
static void
test_resumes(Fixture *f, gconstpointer data)
{
    g_autofree gchar *cut_off = g_build_filename(f->folder, "window-0002.json", NULL);
    g_autoptr(KwWalk) first = NULL;
    g_autoptr(KwWalk) second = NULL;
    g_autoptr(KwWalk) third = NULL;
    g_autofree gchar *one = NULL;
    g_autofree gchar *two = NULL;
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    first = run(f);
    g_assert_cmpint(g_unlink(cut_off), ==, 0);
    second = run(f);
    g_assert_cmpuint(second->n_resumed, ==, first->windows->len - 1);
    one = dup_words(first);
    two = dup_words(second);
    g_assert_cmpstr(one, ==, two);
    g_assert_cmpfloat(first->calibration_error, ==, second->calibration_error);
    f->job.rules.step_us = 10 * DAY;
    third = run(f);
    g_assert_cmpuint(third->n_resumed, ==, 0);
}

/* Property: what happens in a test and later changes no model of before */
static void
test_sees_no_future(Fixture *f, gconstpointer data)
{
    g_autoptr(KwWalk) first = NULL;
    g_autoptr(KwWalk) second = NULL;
    g_autofree gchar *one = NULL;
    g_autofree gchar *two = NULL;
    gsize end;
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    first = run(f);
    kw_training_free(f->training);
    /* the price of the candle a horizon before is still a label's */
    fill(f, (gsize) (window_of(first, 0)->test.begin_us / KW_TEST_HOUR_US) + 1);
    second = run(f);
    one = dup_words(first);
    two = dup_words(second);
    end = strlen(one) / first->windows->len / 2;
    g_assert_cmpint(strncmp(one, two, end), ==, 0);
    g_assert_cmpstr(one, !=, two);
}

/* Prices that only fall where a window is calibrated: that window is left out, others are not
 */
static void
test_one_sided(Fixture *f, gconstpointer data)
{
    g_autoptr(KwSeries) series = kw_series_new(KW_TEST_HOUR_US);
    g_autoptr(KwWalk) walk = NULL;
    g_autoptr(GBytes) text = g_bytes_new_static(features_text, strlen(features_text));
    gdouble price = 100;
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    for (gsize i = 0; i < N_DAYS * 24; i++) {
        gsize day = i / 24;
        KwCandle candle;

        price = day >= 74 && day < 93 ? price - 0.01 - 0.005 * (gdouble) (i % 5)
                                      : 100 + 5 * sin((gdouble) i * G_PI / 24);
        candle =
            (KwCandle){(gint64) i * KW_TEST_HOUR_US, price, price + 1, price - 1, price, 5};
        g_assert_true(kw_series_append(series, &candle));
    }
    {
        const KwTrainingOptions options = *kw_training_get_options(f->training);

        kw_training_free(f->training);
        f->training = kw_training_new(text, &options, NULL);
    }
    g_assert_true(kw_training_add_pair(f->training, series, NULL));
    g_assert_true(kw_training_join(f->training, NULL));
    f->job.training = f->training;
    walk = run(f);
    g_assert_cmpuint(walk->n_failed, >=, 1);
    g_assert_cmpuint(walk->windows->len, >=, 2);
    g_assert_cmpint(window_of(walk, 0)->test.begin_us, >, 95 * DAY);
}

static void
test_refuses_too_short(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->job.rules.from_us = 90 * DAY;
    g_assert_null(kw_walk_run(&f->job, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT);
    g_clear_error(&error);
    f->job.rules.from_us = G_MININT64;
    f->job.rules.train_us = 119 * DAY;
    g_assert_null(kw_walk_run(&f->job, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT);
    g_clear_error(&error);
    f->job.rules.train_us = 90 * DAY;
    f->job.rules.embargo_us = 11 * KW_TEST_HOUR_US; /* shorter than the horizon */
    g_assert_null(kw_walk_run(&f->job, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
}

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], "train") && g_str_equal(argv[2], "--worker"))
        return kw_train_job_work(argv[3], NULL) ? 0 : 1;
    g_test_init(&argc, &argv, NULL);
    g_test_add("/model/walk/walks", Fixture, NULL, set_up, test_walks, tear_down);
    g_test_add("/model/walk/resumes", Fixture, NULL, set_up, test_resumes, tear_down);
    g_test_add("/model/walk/sees-no-future", Fixture, NULL, set_up, test_sees_no_future,
               tear_down);
    g_test_add("/model/walk/one-sided", Fixture, NULL, set_up, test_one_sided, tear_down);
    g_test_add("/model/walk/refuses-too-short", Fixture, NULL, set_up, test_refuses_too_short,
               tear_down);
    return g_test_run();
}
