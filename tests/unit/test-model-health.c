/* A model asked again about candles that came after it */
#include "kw-model-health.h"

#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>

#define HOUR G_TIME_SPAN_HOUR
#define N_ROWS 2000
#define SINCE 400

/* (transfer full): one that says high chances above an RSI of 50, else low ones */
static KwModel *
make_model(void)
{
    g_autofree gchar *root = kw_test_tmp_dir_new();
    g_autoptr(KwRegistry) registry = kw_registry_new(root, "boost");
    g_autofree gchar *path = NULL;
    g_autoptr(GError) error = NULL;
    KwModelRig rig;
    KwModel *model;

    kw_model_rig_init(&rig, 0.2, 0.8);
    path = kw_registry_dup_path(registry, kw_model_rig_add(&rig, registry));
    model = kw_model_load(path, &error);
    g_assert_no_error(error);
    kw_model_rig_clear(&rig);
    kw_test_tmp_dir_free(g_steal_pointer(&root));
    return model;
}

/* Waves of @period rows about 100; rows from @still_from on stand still */
static KwSeries *
make_series(gdouble period, gsize still_from)
{
    KwSeries *series = kw_series_new(HOUR);

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble price = 100 + 10 * sin(2 * G_PI * (gdouble) MIN(i, still_from) / period);
        KwCandle candle = {(gint64) i * HOUR, price, price + 1, price - 1, price, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    return series;
}

/* Slow waves go on rising for half a day; in fast ones the half day leads to the other side */
static void
test_counts(void)
{
    g_autoptr(KwModel) model = make_model();
    g_autoptr(KwModelHealth) health = kw_model_health_new(model, SINCE * HOUR);
    g_autoptr(KwSeries) slow = make_series(400, N_ROWS);
    g_autoptr(KwSeries) fast = make_series(24, N_ROWS);
    KwTriggerFacts facts = {.today = 3000};
    KwModelPairHealth out;

    g_assert_true(kw_model_health_add(health, slow, &out, NULL));
    g_assert_cmpuint(out.n_rows, ==, N_ROWS - SINCE);
    g_assert_cmpuint(out.n_unknown, ==, 0);
    g_assert_cmpuint(out.n_silent, ==, 0);
    g_assert_cmpuint(out.n_forecasts, ==, N_ROWS - SINCE - 12);
    g_assert_cmpfloat(out.n_right, >, 0.8 * out.n_forecasts);
    kw_model_health_fill(health, &facts);
    g_assert_cmpuint(facts.n_days, ==, (N_ROWS - SINCE) / 24 + 1);
    g_assert_cmpint(facts.days[0].day, ==, SINCE / 24);
    g_assert_false(isnan(facts.calibration_error));

    g_assert_true(kw_model_health_add(health, fast, &out, NULL));
    g_assert_cmpfloat(out.n_right, <, 0.3 * out.n_forecasts);
    kw_model_health_fill(health, &facts); /* days of both pairs are one */
    g_assert_cmpuint(facts.n_days, ==, (N_ROWS - SINCE) / 24 + 1);
    g_assert_true(kw_trigger_is_due(&facts, KW_TRIGGER_ACCURACY));
}

static void
test_stands_still(void)
{
    g_autoptr(KwModel) model = make_model();
    g_autoptr(KwModelHealth) health = kw_model_health_new(model, SINCE * HOUR);
    g_autoptr(KwSeries) series = make_series(24, N_ROWS - 700);
    KwTriggerFacts facts = {.today = 3000};
    KwModelPairHealth out;

    g_assert_true(kw_model_health_add(health, series, &out, NULL));
    g_assert_cmpuint(out.n_constant + out.n_unknown, >, 0);
    g_assert_cmpuint(out.n_drifted, ==, 1);
    /* what stands still says nothing: neither right nor wrong */
    g_assert_cmpuint(out.n_silent, >, 400);
    g_assert_cmpuint(out.silence.n_stuck, ==, 1);
    g_assert_cmpuint(out.n_forecasts, <=, N_ROWS - SINCE - out.n_silent);
    kw_model_health_fill(health, &facts);
    g_assert_cmpint(kw_trigger_find(&facts), ==, KW_TRIGGER_DRIFT);
}

static void
test_too_short(void)
{
    g_autoptr(KwModel) model = make_model();
    g_autoptr(KwModelHealth) health = kw_model_health_new(model, 0);
    g_autoptr(KwSeries) series = kw_series_new(HOUR);
    KwCandle candle = {0, 1, 1, 1, 1, 1};
    KwTriggerFacts facts = {.n_days = 7};
    KwModelPairHealth out;

    g_assert_true(kw_series_append(series, &candle));
    g_assert_false(kw_model_health_add(health, series, &out, NULL));
    kw_model_health_fill(health, &facts);
    g_assert_cmpuint(facts.n_days, ==, 0);
    g_assert_true(isnan(facts.calibration_error));
    g_assert_false(kw_trigger_is_due(&facts, KW_TRIGGER_ACCURACY));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/health/counts", test_counts);
    g_test_add_func("/model/health/stands-still", test_stands_still);
    g_test_add_func("/model/health/too-short", test_too_short);
    return g_test_run();
}
