/* bench-model.c: one live prediction, a batch of a million of them
 *
 * One JSON line each; the batch has the ratio to the trees alone beside it, without scaling,
 * calibration and checks. The two take turns, and the middle of each counts. */
#include "kw-booster.h"
#include "kw-feature-stream.h"
#include "kw-forest.h"
#include "kw-model-data.h"
#include "kw-model-guard.h"
#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define N_TREES 100
#define N_BATCH 1000000
#define N_LIVE 3000
#define N_TURNS 3

static KwBoosterParams
make_params(void)
{
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;

    params.n_rounds = N_TREES;
    params.patience = 0;
    params.eta = 0.1;
    params.subsample = params.colsample = 1;
    return params;
}

static int
compare(const void *a, const void *b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

    return (x > y) - (x < y);
}

/* One candle in, features, prediction and confidence out, unless the guard is against it */
static void
bench_live(KwModel *model)
{
    KwFeatureList *list = kw_model_get_features(model);
    guint n = kw_feature_list_get_n_features(list);
    g_autoptr(KwFeatureStream) stream =
        kw_feature_stream_new(list, KW_TEST_HOUR_US, NULL, NULL);
    g_autofree gfloat *row = g_new(gfloat, n);
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(model);
    gint64 took[N_LIVE];
    gdouble prediction, confidence;

    for (gint64 i = 0; i < N_LIVE; i++) {
        gdouble price = 100 + 10 * sin((gdouble) i / 15);
        KwCandle candle = {i * KW_TEST_HOUR_US, price, price + 1, price - 1, price, 5};
        gint64 began = g_get_monotonic_time();

        (void) kw_feature_stream_push(stream, 0, &candle);
        kw_feature_stream_take(stream, row, n);
        kw_model_predict(model, row, 1, &prediction, &confidence);
        kw_model_guard_pass(guard, row, 1, &prediction, &confidence);
        took[i] = g_get_monotonic_time() - began;
    }
    qsort(took, N_LIVE, sizeof took[0], compare);
    g_print("{\"bench\":\"live\",\"features\":%u,\"p50_us\":%" G_GINT64_FORMAT
            ",\"p99_us\":%" G_GINT64_FORMAT ",\"limit_p99_us\":200}\n",
            n, took[N_LIVE / 2], took[N_LIVE * 99 / 100]);
}

/* What a backtest adds to the trees: scaling, checks, calibration, and the guard against rows
 * that are not what training has seen */
static void
bench_batch(KwModel *model, const KwForest *forest, const KwMatrix *rows)
{
    g_autofree gfloat *raw = g_new(gfloat, rows->n_rows);
    g_autofree gdouble *prediction = g_new(gdouble, rows->n_rows);
    g_autofree gdouble *confidence = g_new(gdouble, rows->n_rows);
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(model);
    gint64 bare[N_TURNS], whole[N_TURNS], guarded[N_TURNS];

    for (guint i = 0; i < N_TURNS; i++) {
        gint64 began = g_get_monotonic_time(), middle, late;

        kw_forest_predict(forest, rows->values, rows->n_rows, raw);
        middle = g_get_monotonic_time();
        kw_model_predict(model, rows->values, rows->n_rows, prediction, confidence);
        late = g_get_monotonic_time();
        kw_model_guard_pass(guard, rows->values, rows->n_rows, prediction, confidence);
        bare[i] = middle - began;
        guarded[i] = g_get_monotonic_time() - late;
        whole[i] = g_get_monotonic_time() - middle;
    }
    qsort(bare, N_TURNS, sizeof bare[0], compare);
    qsort(whole, N_TURNS, sizeof whole[0], compare);
    qsort(guarded, N_TURNS, sizeof guarded[0], compare);
    g_print("{\"bench\":\"batch\",\"rows\":%" G_GSIZE_FORMAT ",\"us_per_row\":%.3f,"
            "\"bare_us_per_row\":%.3f,\"guard_us_per_row\":%.3f,\"ratio\":%.2f,"
            "\"limit\":1.5}\n",
            rows->n_rows, (gdouble) whole[N_TURNS / 2] / (gdouble) rows->n_rows,
            (gdouble) bare[N_TURNS / 2] / (gdouble) rows->n_rows,
            (gdouble) guarded[N_TURNS / 2] / (gdouble) rows->n_rows,
            (gdouble) whole[N_TURNS / 2] / (gdouble) bare[N_TURNS / 2]);
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
    rows = kw_model_data_new(N_BATCH, 88, 3, KW_OBJECTIVE_REGRESSION);
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
