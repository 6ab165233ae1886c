/* test-ensemble.c: weighted means over the members that are there */
#include "kw-ensemble.h"

#include "kw-confidence.h"
#include "kw-model-rig.h"
#include "kw-strategy.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define N_ROWS 400

typedef struct {
    gchar *root;
    KwModelShelf *shelf;
    KwFrame *frame;
} Fixture;

/* A promoted model that says @low or @high */
static void
promote(Fixture *f, const gchar *name, gdouble low, gdouble high, KwLabelKind label)
{
    g_auto(KwModelRig) rig = {0};
    g_autoptr(KwRegistry) registry = kw_registry_new(f->root, name);
    KwModelVersion version;

    kw_model_rig_init(&rig, low, high);
    rig.facts.label = label;
    version = kw_model_rig_add(&rig, registry);
    g_assert_true(kw_registry_promote(registry, version, KW_PROMOTE_GATED, 0, NULL));
}

static void
set_up(Fixture *f, gconstpointer data)
{
    KwSeries *series = kw_series_new(HOUR);

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble price = 100 + 10 * sin((gdouble) i / 15) + (gdouble) (i % 7);
        KwCandle candle = {(gint64) i * HOUR, price, price + 1, price - 1, price, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    f->frame = kw_frame_new(series);
    f->root = kw_test_tmp_dir_new();
    f->shelf = kw_model_shelf_new(f->root);
    promote(f, "boost", -0.02, 0.03, KW_LABEL_RETURN);
    promote(f, "slow", 0.01, -0.05, KW_LABEL_RETURN);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_frame_free(f->frame);
    kw_model_shelf_unref(f->shelf);
    kw_test_tmp_dir_free(f->root);
}

/* Members @first and @second, weighted 3 to 1, against their own columns */
static void
check_mean(Fixture *f, const KwEnsembleMember *members, guint n)
{
    KwModelColumns boost, slow, mean;
    g_autoptr(GError) error = NULL;
    guint n_known = 0;

    g_assert_true(kw_model_feed_add(f->shelf, "boost", f->frame, &boost, NULL));
    g_assert_true(kw_model_feed_add(f->shelf, "slow", f->frame, &slow, NULL));
    g_assert_true(kw_ensemble_add(f->shelf, members, n, f->frame, &mean, &error));
    g_assert_no_error(error);
    kw_frame_update(f->frame);
    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble prediction = 0.75 * kw_column_get_value(boost.prediction, i) +
                             0.25 * kw_column_get_value(slow.prediction, i);
        gdouble chance = 0.75 * kw_column_get_value(boost.chance, i) +
                         0.25 * kw_column_get_value(slow.chance, i);

        if (isnan(prediction)) {
            g_assert_true(isnan(kw_column_get_value(mean.prediction, i)));
            g_assert_true(isnan(kw_column_get_value(mean.confidence, i)));
            continue;
        }
        g_assert_cmpfloat_with_epsilon(kw_column_get_value(mean.prediction, i), prediction,
                                       1e-15);
        g_assert_cmpfloat_with_epsilon(kw_column_get_value(mean.chance, i), chance, 1e-15);
        g_assert_cmpfloat_with_epsilon(kw_column_get_value(mean.confidence, i),
                                       CLAMP(chance + KW_CONFIDENCE_BIAS, 0, 1), 1e-15);
        n_known++;
    }
    g_assert_cmpuint(n_known, >, 300);
}

static void
test_mean(Fixture *f, gconstpointer data)
{
    check_mean(f, (KwEnsembleMember[]){{"boost", 3}, {"slow", 1}}, 2);
}

/* The weights of those that are there are divided by their sum */
static void
test_absent_member(Fixture *f, gconstpointer data)
{
    check_mean(f, (KwEnsembleMember[]){{"gone", 4}, {"slow", 0.25}, {"boost", 0.75}}, 3);
}

static void
test_refusals(Fixture *f, gconstpointer data)
{
    static const KwEnsembleMember cases[][2] = {
        {{"boost", -1}, {"slow", 2}},
        {{"boost", (gdouble) NAN}, {"slow", 2}},
        {{"boost", (gdouble) INFINITY}, {"slow", 2}},
        {{"boost", 0}, {"slow", 0}},
        {{"boost", 1}, {"chance", 1}}, /* predict different things */
    };
    static const KwEnsembleMember gone[] = {{"gone", 1}, {"lost", 1}};
    g_autoptr(GError) error = NULL;
    KwModelColumns columns;

    promote(f, "chance", 0.2, 0.8, KW_LABEL_DIRECTION);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_false(kw_ensemble_add(f->shelf, cases[i], 2, f->frame, &columns, &error));
        g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES);
        g_clear_error(&error);
    }
    g_assert_false(kw_ensemble_add(f->shelf, gone, 2, f->frame, &columns, &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT);
}

static void
test_lua(Fixture *f, gconstpointer data)
{
    static const gchar text[] =
        "return { name = 't', timeframe = '1h', stoploss = -0.1,\n"
        "  indicators = function(c) local m = ensemble{ slow = 1, boost = 3 }\n"
        "    return { p = m.prediction } end,\n"
        "  entry = function(c, i) return above(i.p, 0.005) end }";
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStrategy) strategy = kw_strategy_load_bytes("t.lua", bytes, NULL, &error);
    g_autoptr(KwStrategyColumns) columns = NULL;
    const KwColumn *mean;

    g_assert_no_error(error);
    kw_strategy_set_models(strategy, f->shelf);
    columns = kw_strategy_build(strategy, f->frame, &error);
    g_assert_no_error(error);
    mean = kw_strategy_columns_get_indicator(columns, 0);
    g_assert_cmpstr(kw_column_get_name(mean), ==, "ensemble(boost=3,slow=1).prediction");
    kw_frame_update(f->frame);
    g_assert_cmpfloat_with_epsilon(fabs(kw_column_get_value(mean, N_ROWS - 1)), 0.01, 0.0026);
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/ensemble/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("mean", test_mean);
    ADD("absent-member", test_absent_member);
    ADD("refusals", test_refusals);
    ADD("lua", test_lua);
    return g_test_run();
}
