/* Features that stand still or lie where training has never been: no forecast */
#include "kw-model-guard.h"

#include "kw-model-feed.h"
#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define N_ROWS 600
#define LIMIT KW_MODEL_GUARD_ROWS

typedef struct {
    gchar *root;
    KwModelRig rig;
    KwRegistry *registry;
    KwModel *model; /* over rsi_14, trained on 0 .. 100 */
    KwModelShelf *shelf;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    KwModelVersion version;

    f->root = kw_test_tmp_dir_new();
    f->registry = kw_registry_new(f->root, "boost");
    kw_model_rig_init(&f->rig, -0.02, 0.03);
    version = kw_model_rig_add(&f->rig, f->registry);
    g_assert_true(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, 0, NULL));
    f->model = kw_registry_load_promoted(f->registry, NULL);
    f->shelf = kw_model_shelf_new(f->root);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_model_shelf_unref(f->shelf);
    kw_model_unref(f->model);
    kw_model_rig_clear(&f->rig);
    kw_registry_free(f->registry);
    kw_test_tmp_dir_free(f->root);
}

/* One row; whether it may have a forecast */
static gboolean
passes(KwModelGuard *guard, gfloat value)
{
    gdouble prediction = 1, chance = 1;

    kw_model_guard_pass(guard, &value, 1, &prediction, &chance);
    g_assert_true(isnan(prediction) == isnan(chance));
    return !isnan(prediction);
}

static void
test_stuck(Fixture *f, gconstpointer data)
{
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(f->model);

    for (guint i = 0; i < LIMIT; i++)
        g_assert_true(passes(guard, 40));
    g_assert_false(passes(guard, 40));
    g_assert_cmpuint(kw_model_guard_get_silence(guard).n_stuck, ==, 1);
    g_assert_true(passes(guard, 41)); /* it moves again */
    g_assert_cmpuint(kw_model_guard_get_silence(guard).n_stuck, ==, 0);
}

static void
test_drifted(Fixture *f, gconstpointer data)
{
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(f->model);

    for (guint i = 0; i + 1 < LIMIT; i++)
        g_assert_true(passes(guard, 500 + (gfloat) (i % 2)));
    g_assert_false(passes(guard, 500));
    g_assert_cmpuint(kw_model_guard_get_silence(guard).n_drifted, ==, 1);
    g_assert_true(passes(guard, 50));
    /* a little outside is what new prices are */
    for (guint i = 0; i < 2 * LIMIT; i++)
        g_assert_true(passes(guard, 120 + (gfloat) (i % 2)));
}

static void
test_unknown(Fixture *f, gconstpointer data)
{
    g_autoptr(KwModelGuard) guard = kw_model_guard_new(f->model);

    g_assert_false(passes(guard, (gfloat) NAN));
    g_assert_cmpuint(kw_model_guard_get_silence(guard).n_unknown, ==, 1);
    g_assert_true(passes(guard, 50));
}

/* However the rows are cut into blocks, and with a new model in between: the same verdicts */
static void
test_blocks(Fixture *f, gconstpointer data)
{
    g_autoptr(KwModelGuard) whole = kw_model_guard_new(f->model);
    g_autoptr(KwModel) again = kw_registry_load_promoted(f->registry, NULL);
    gfloat rows[N_ROWS];
    gdouble all[N_ROWS] = {0}, chances[N_ROWS] = {0};
    guint n_silent = 0;

    for (guint i = 0; i < N_ROWS; i++)
        rows[i] = i / 150 % 2 == 0 ? 30 + (gfloat) (i % 5)
                  : i < 300        ? 30
                                   : 900 + (gfloat) (i % 3);
    kw_model_guard_pass(whole, rows, N_ROWS, all, chances);
    for (guint run = 0; run < 20; run++) {
        g_autoptr(KwModelGuard) cut = kw_model_guard_new(f->model);
        gdouble parts[N_ROWS] = {0};

        for (gsize at = 0; at < N_ROWS;) {
            gsize drawn = (gsize) g_test_rand_int_range(1, 200), n = MIN(drawn, N_ROWS - at);

            kw_model_guard_pass(cut, rows + at, n, parts + at, chances + at);
            at += n;
            kw_model_guard_set_model(cut, run % 2 == 0 ? again : f->model);
            kw_model_guard_set_model(cut, f->model);
        }
        for (guint i = 0; i < N_ROWS; i++)
            g_assert_true(isnan(parts[i]) == isnan(all[i]));
    }
    for (guint i = 0; i < N_ROWS; i++)
        n_silent += isnan(all[i]);
    g_assert_cmpuint(n_silent, >, 80);
    g_assert_cmpuint(n_silent, <, 120);
}

/* Prices that only rise: rsi_14 stands at 100. The columns fall silent, and the shelf knows. */
static void
test_columns(Fixture *f, gconstpointer data)
{
    KwSeries *series = kw_series_new(HOUR);
    g_autoptr(KwFrame) frame = NULL;
    KwModelColumns columns;
    KwModelSilence silence;

    for (gint64 i = 0; i < 2 * N_ROWS; i++) {
        gdouble price = 100 + (gdouble) (i < 300 ? i % 7 : i);
        const KwCandle candle = {i * HOUR, price, price + 1, price - 1, price, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    frame = kw_frame_new(series);
    g_assert_true(kw_model_feed_add(f->shelf, "boost", frame, &columns, NULL));
    kw_frame_update(frame);
    g_assert_false(isnan(kw_column_get_value(columns.prediction, 299)));
    g_assert_true(isnan(kw_column_get_value(columns.prediction, 2 * N_ROWS - 1)));
    g_assert_true(isnan(kw_column_get_value(columns.confidence, 2 * N_ROWS - 1)));
    silence = kw_model_shelf_get_silence(f->shelf, frame);
    g_assert_cmpuint(silence.n_stuck, ==, 1);
    g_clear_pointer(&frame, kw_frame_free);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                    \
    g_test_add("/model/guard/" path, Fixture, NULL, set_up, function, tear_down)
    ADD("stuck", test_stuck);
    ADD("drifted", test_drifted);
    ADD("unknown", test_unknown);
    ADD("blocks", test_blocks);
    ADD("columns", test_columns);
    return g_test_run();
}
