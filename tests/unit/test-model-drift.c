#include "kw-model-drift.h"

#include "kw-error.h"
#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>

#define N 400

typedef struct {
    gchar *root;
    KwModelRig rig;
    KwModel *model;
    gfloat rows[N];
    gint64 times_us[N];
} Fixture;

/* The rig's reference is 0 to 100, evenly */
static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree gchar *folder = NULL;

    f->root = kw_test_tmp_dir_new();
    folder = g_build_filename(f->root, "model", NULL);
    kw_model_rig_init(&f->rig, -0.02, 0.03);
    g_assert_true(kw_model_write(&f->rig.parts, folder, NULL));
    f->model = kw_model_load(folder, NULL);
    for (guint i = 0; i < N; i++) {
        f->rows[i] = (gfloat) ((i * 37) % 101);
        f->times_us[i] = (gint64) i * G_TIME_SPAN_HOUR;
    }
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_model_unref(f->model);
    kw_model_rig_clear(&f->rig);
    kw_test_tmp_dir_free(f->root);
}

static GArray *
compute(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    GArray *drifts = kw_model_drift_compute(f->model, f->rows, f->times_us, N, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(drifts->len, ==, 1);
    return drifts;
}

static void
test_same(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) drifts = compute(f);

    g_assert_cmpuint(kw_model_drift_count(drifts), ==, 0);
    g_assert_cmpint(g_array_index(drifts, KwModelDrift, 0).level, ==, KW_DRIFT_STABLE);
}

static void
test_shifted(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) drifts = NULL;

    for (guint i = 0; i < N; i++)
        f->rows[i] = 40 + f->rows[i] * 0.6f;
    drifts = compute(f);
    g_assert_cmpuint(kw_model_drift_count(drifts), ==, 1);
    g_assert_cmpint(g_array_index(drifts, KwModelDrift, 0).level, ==, KW_DRIFT_SHIFTED);
    g_assert_cmpfloat(g_array_index(drifts, KwModelDrift, 0).ks.d, >, 0.35);
}

/* Seconds apart, all rows are one; and a row that is not known is none */
static void
test_too_few(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < N; i++)
        f->times_us[i] = (gint64) i * G_USEC_PER_SEC;
    g_assert_null(kw_model_drift_compute(f->model, f->rows, f->times_us, N, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_VALUE);
    for (guint i = 0; i < N; i++) {
        f->times_us[i] = (gint64) i * G_TIME_SPAN_HOUR;
        f->rows[i] = NAN;
    }
    g_assert_null(kw_model_drift_compute(f->model, f->rows, f->times_us, N, NULL));
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/model-drift/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("same", test_same);
    ADD("shifted", test_shifted);
    ADD("too-few", test_too_few);
    return g_test_run();
}
