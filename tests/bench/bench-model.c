/* bench-model.c: training beside python3-xgboost, one live prediction, a batch of them
 *
 * One JSON line each, with the ratio to the bare work beside it: the same rows and parameters
 * in the other binding, and the trees alone without scaling, calibration and checks. Training
 * comes first, as its line has the most memory that the process ever had. */
#include "kw-booster.h"
#include "kw-feature-stream.h"
#include "kw-forest.h"
#include "kw-model-data.h"
#include "kw-model-rig.h"
#include "kw-test.h"

#include <gio/gio.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define N_ROWS 300000
#define N_VALID 60000
#define N_COLS 60
#define N_ROUNDS 100
#define N_LIVE 3000

static KwBoosterParams
make_params(void)
{
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;

    params.n_rounds = N_ROUNDS;
    params.patience = 0;
    params.eta = 0.1;
    params.subsample = params.colsample = 1;
    return params;
}

/* (transfer full): what the other binding says; NULL when it is not there */
static gchar *
run_python(const gchar *folder, const KwMatrix *train, const KwMatrix *valid, GBytes *model)
{
    g_autofree gchar *rows = g_build_filename(folder, "rows", NULL);
    g_autofree gchar *ours = g_build_filename(folder, "model.json", NULL);
    g_autofree gchar *script =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "tests/bench/bench-train.py", NULL);
    g_autofree gchar *sizes[4] = {NULL};
    g_autofree gchar *base = NULL;
    g_autoptr(GSubprocess) python = NULL;
    FILE *file = fopen(rows, "w");
    gchar *out = NULL;
    gdouble sum = 0;

    for (gsize i = 0; i < train->n_rows; i++)
        sum += train->labels[i];
    base = g_strdup_printf("%.9g", sum / (gdouble) train->n_rows);
    (void) fwrite(train->values, sizeof(gfloat), train->n_rows * train->n_cols, file);
    (void) fwrite(train->labels, sizeof(gfloat), train->n_rows, file);
    (void) fwrite(valid->values, sizeof(gfloat), valid->n_rows * valid->n_cols, file);
    (void) fwrite(valid->labels, sizeof(gfloat), valid->n_rows, file);
    (void) fclose(file);
    g_file_set_contents(ours, g_bytes_get_data(model, NULL), (gssize) g_bytes_get_size(model),
                        NULL);
    sizes[0] = g_strdup_printf("%d", N_ROWS);
    sizes[1] = g_strdup_printf("%d", N_VALID);
    sizes[2] = g_strdup_printf("%d", N_COLS);
    sizes[3] = g_strdup_printf("%d", N_ROUNDS);
    python = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "/usr/bin/python3", script,
                              rows, sizes[0], sizes[1], sizes[2], sizes[3], base, ours, NULL);
    if (python == NULL || !g_subprocess_communicate_utf8(python, NULL, NULL, &out, NULL, NULL))
        return NULL;
    return out;
}

static void
bench_train(const KwXgb *xgb, const gchar *folder)
{
    g_autoptr(KwMatrix) train = kw_model_data_new(N_ROWS, N_COLS, 1, KW_OBJECTIVE_REGRESSION);
    g_autoptr(KwMatrix) valid = kw_model_data_new(N_VALID, N_COLS, 2, KW_OBJECTIVE_REGRESSION);
    KwBoosterParams params = make_params();
    clock_t began = clock(); /* processor time: a busy machine must not show */
    g_autoptr(GBytes) model = kw_model_data_train(xgb, train, valid, &params);
    gdouble took = (gdouble) (clock() - began) / CLOCKS_PER_SEC;
    struct rusage usage = {0};
    g_autofree gchar *python = NULL;

    (void) getrusage(RUSAGE_SELF, &usage); /* before the file for the other makes copies */
    python = run_python(folder, train, valid, model);
    g_print("{\"bench\":\"train\",\"rows\":%d,\"cols\":%d,\"rounds\":%d,\"cpu_seconds\":%.2f,"
            "\"peak_mb\":%.0f,\"limit_cpu_ratio\":1.05,\"limit_memory_ratio\":0.8,"
            "\"python\":%s}\n",
            N_ROWS, N_COLS, N_ROUNDS, took, (gdouble) usage.ru_maxrss / 1024,
            python != NULL ? g_strchomp(python) : "null");
}

static int
compare(const void *a, const void *b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return (x > y) - (x < y);
}

/* One candle in, features, prediction and confidence out */
static void
bench_live(KwModel *model)
{
    KwFeatureList *list = kw_model_get_features(model);
    guint n = kw_feature_list_get_n_features(list);
    g_autoptr(KwFeatureStream) stream =
        kw_feature_stream_new(list, KW_TEST_HOUR_US, NULL, NULL);
    g_autofree gfloat *row = g_new(gfloat, n);
    gint64 took[N_LIVE];
    gdouble prediction, confidence;

    for (gint64 i = 0; i < N_LIVE; i++) {
        gdouble price = 100 + 10 * sin((gdouble) i / 15);
        KwCandle candle = {i * KW_TEST_HOUR_US, price, price + 1, price - 1, price, 5};
        gint64 began = g_get_monotonic_time();

        (void) kw_feature_stream_push(stream, 0, &candle);
        kw_feature_stream_take(stream, row, n);
        kw_model_predict(model, row, 1, &prediction, &confidence);
        took[i] = g_get_monotonic_time() - began;
    }
    qsort(took, N_LIVE, sizeof took[0], compare);
    g_print("{\"bench\":\"live\",\"features\":%u,\"p50_us\":%" G_GINT64_FORMAT
            ",\"p99_us\":%" G_GINT64_FORMAT ",\"limit_p99_us\":200}\n",
            n, took[N_LIVE / 2], took[N_LIVE * 99 / 100]);
}

/* What a backtest adds to the trees: scaling, checks, calibration */
static void
bench_batch(KwModel *model, const KwForest *forest, const KwMatrix *rows)
{
    g_autofree gfloat *raw = g_new(gfloat, rows->n_rows);
    g_autofree gdouble *prediction = g_new(gdouble, rows->n_rows);
    g_autofree gdouble *confidence = g_new(gdouble, rows->n_rows);
    gdouble bare = INFINITY, whole = INFINITY;

    for (guint i = 0; i < 5; i++) {
        gint64 began = g_get_monotonic_time(), middle;

        kw_forest_predict(forest, rows->values, rows->n_rows, raw);
        middle = g_get_monotonic_time();
        kw_model_predict(model, rows->values, rows->n_rows, prediction, confidence);
        bare = MIN(bare, (gdouble) (middle - began));
        whole = MIN(whole, (gdouble) (g_get_monotonic_time() - middle));
    }
    g_print("{\"bench\":\"batch\",\"rows\":%" G_GSIZE_FORMAT ",\"us_per_row\":%.3f,"
            "\"bare_us_per_row\":%.3f,\"ratio\":%.2f,\"limit\":1.5}\n",
            rows->n_rows, whole / (gdouble) rows->n_rows, bare / (gdouble) rows->n_rows,
            whole / bare);
}

/* (transfer full): the bundled features under a model of 100 trees */
static KwModel *
make_model(const KwXgb *xgb, const gchar *folder, KwMatrix *rows, KwForest **out_forest)
{
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data/features/standard.ini", NULL);
    g_autofree gchar *target = g_build_filename(folder, "model", NULL);
    g_autoptr(KwMatrix) train = kw_matrix_slice(rows, 0, 20000);
    g_autoptr(KwMatrix) valid = kw_matrix_slice(rows, 20000, 25000);
    g_auto(KwModelRig) rig = {0};
    KwBoosterParams params = make_params();
    g_autoptr(KwScaler) scaler = kw_scaler_fit(train);
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GBytes) features = NULL;
    g_autoptr(GError) error = NULL;
    gchar *text = NULL;

    params.n_rounds = 100;
    model = kw_model_data_train(xgb, train, valid, &params);
    *out_forest = kw_forest_parse(model, NULL);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    features = g_bytes_new_take(text, strlen(text));
    kw_model_rig_init(&rig, 0, 0);
    rig.parts.model = model;
    rig.parts.features = features;
    rig.parts.scaler = scaler;
    rig.parts.reference = train;
    g_assert_true(kw_model_write(&rig.parts, target, &error));
    g_assert_no_error(error);
    return kw_model_load(target, NULL);
}

int
main(int argc, char **argv)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autoptr(KwMatrix) rows = NULL;
    g_autoptr(KwModel) model = NULL;
    g_autoptr(KwForest) forest = NULL;
    KwXgb xgb;

    g_test_init(&argc, &argv, NULL);
    if (!kw_xgb_open(&xgb, NULL)) {
        g_print("{\"skipped\":\"libxgboost\"}\n");
        return 0;
    }
    bench_train(&xgb, folder);
    rows = kw_model_data_new(200000, 88, 3, KW_OBJECTIVE_REGRESSION);
    for (gsize i = 0; i < rows->n_rows * rows->n_cols; i++) {
        if (isnan(rows->values[i]))
            rows->values[i] = 0;
    }
    model = make_model(&xgb, folder, rows, &forest);
    bench_live(model);
    bench_batch(model, forest, rows);
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
    return 0;
}
