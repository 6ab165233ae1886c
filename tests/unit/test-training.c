/* From candles to a judged model; this program is its own worker */
#include "kw-training.h"

#include "kw-error.h"
#include "kw-model-data.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define N_DAYS 140
#define N_ROWS (N_DAYS * 24)

static const gchar features_text[] =
    "[features]\nnames = rsi, zscore\nperiods = 7, 14\nshifts = 0, 1\n";

/* Waves of two days, which anything can learn, and a little noise; @phase: another pair */
static KwSeries *
make_series(gsize n_rows, gdouble phase)
{
    KwSeries *series = kw_series_new(KW_TEST_HOUR_US);
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);

    for (gsize i = 0; i < n_rows; i++) {
        gdouble price = 100 + 5 * sin((gdouble) i * G_PI / 24 + phase) +
                        g_rand_double_range(rand, -0.5, 0.5);
        KwCandle candle = {(gint64) i * KW_TEST_HOUR_US, price, price + 1, price - 1, price, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

static KwTrainingOptions
make_options(const gchar *folder)
{
    return (KwTrainingOptions){.label = KW_LABEL_RETURN,
                               .horizon_us = 12 * KW_TEST_HOUR_US,
                               .test_us = 20 * G_TIME_SPAN_DAY,
                               .valid_share = 0.25,
                               .params = kw_model_data_params(KW_OBJECTIVE_REGRESSION),
                               .folder = folder,
                               .program = "/proc/self/exe",
                               .n_threads = 1};
}

static KwTraining *
make_training(const gchar *folder)
{
    const KwTrainingOptions options = make_options(folder);
    g_autoptr(GBytes) text = g_bytes_new_static(features_text, strlen(features_text));
    g_autoptr(GError) error = NULL;
    KwTraining *training = kw_training_new(text, &options, &error);

    g_assert_no_error(error);
    return training;
}

static void
test_learns(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autoptr(KwTraining) training = make_training(folder);
    g_autoptr(KwSeries) first = make_series(N_ROWS, 0);
    g_autoptr(KwSeries) second = make_series(N_ROWS, 1);
    const KwTrainingFigures *figures = kw_training_get_figures(training);
    g_autoptr(GError) error = NULL;
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    g_assert_true(kw_training_add_pair(training, first, NULL));
    g_assert_true(kw_training_add_pair(training, second, NULL));
    g_assert_true(kw_training_prepare(training, NULL));
    g_assert_false(figures->leaked);
    g_assert_cmpuint(figures->n_constant, ==, 0);
    g_assert_cmpuint(figures->n_rows + figures->n_unknown, ==, 2 * N_ROWS);
    g_assert_true(kw_training_fit(training, &error));
    g_assert_no_error(error);
    g_assert_true(kw_training_judge(training, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(figures->correlation, >, 0.8);
    g_assert_cmpfloat(figures->test_error, <, 0.7 * figures->naive_error);
    g_assert_cmpfloat(figures->scores.accuracy, >, 0.8);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

/* Property: what the candles of the test do changes neither training rows nor their scale */
static void
test_blind_for_the_test(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autoptr(KwSeries) whole = make_series(N_ROWS, 0);
    g_autoptr(KwSeries) other = kw_series_new(KW_TEST_HOUR_US);
    const KwSeries *all[] = {whole, other};
    gchar *hashes[2], *scales[2];

    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = kw_series_get(whole, i);

        if (i > N_ROWS - 19 * 24) { /* a day into the test */
            candle.close *= 3;
            candle.high *= 3;
        }
        g_assert_true(kw_series_append(other, &candle));
    }
    for (guint i = 0; i < 2; i++) {
        g_autoptr(KwTraining) training = make_training(folder);
        KwModelParts parts = {0};

        g_assert_true(kw_training_add_pair(training, all[i], NULL));
        g_assert_true(kw_training_prepare(training, NULL));
        kw_training_get_parts(training, &parts);
        hashes[i] = kw_matrix_dup_hash(parts.reference);
        scales[i] = kw_scaler_to_json(parts.scaler);
    }
    g_assert_cmpstr(hashes[0], ==, hashes[1]);
    g_assert_cmpstr(scales[0], ==, scales[1]);
    for (guint i = 0; i < 2; i++) {
        g_free(hashes[i]);
        g_free(scales[i]);
    }
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

static void
test_refuses(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autoptr(KwTraining) training = make_training(folder);
    g_autoptr(KwTraining) empty = make_training(folder);
    g_autoptr(KwSeries) few = make_series(60 * 24, 0);
    g_autoptr(KwSeries) single = make_series(1, 0);
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_training_add_pair(training, single, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    g_clear_error(&error);
    g_assert_true(kw_training_add_pair(training, few, NULL));
    g_assert_false(kw_training_prepare(training, &error)); /* fewer than 90 days */
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT);
    g_clear_error(&error);
    g_assert_false(kw_training_prepare(empty, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

/* Candles of which nothing can be learned are refused; what is missing between others is left
 * out and counted. */
static void
test_strange_candles(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autoptr(KwTraining) flat = make_training(folder);
    g_autoptr(KwTraining) gapped = make_training(folder);
    g_autoptr(KwSeries) whole = make_series(N_ROWS, 0);
    g_autoptr(KwSeries) constant = kw_series_new(KW_TEST_HOUR_US);
    g_autoptr(KwSeries) holes = kw_series_new(KW_TEST_HOUR_US);
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = kw_series_get(whole, i);

        if (i / 100 % 4 != 3)
            g_assert_true(kw_series_append(holes, &candle));
        candle.open = candle.high = candle.low = candle.close = 100;
        g_assert_true(kw_series_append(constant, &candle));
    }
    g_assert_false(kw_training_add_pair(flat, constant, &error) &&
                   kw_training_prepare(flat, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    g_clear_error(&error);
    g_assert_true(kw_training_add_pair(gapped, holes, &error));
    g_assert_true(kw_training_prepare(gapped, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(kw_training_get_figures(gapped)->n_unknown, >, N_ROWS / 100 / 4 * 12);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], "train") && g_str_equal(argv[2], "--worker"))
        return kw_train_job_work(argv[3], NULL) ? 0 : 1;
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/training/learns", test_learns);
    g_test_add_func("/model/training/blind-for-the-test", test_blind_for_the_test);
    g_test_add_func("/model/training/refuses", test_refuses);
    g_test_add_func("/model/training/strange-candles", test_strange_candles);
    return g_test_run();
}
