/* Models by time, and as columns of a frame */
#include "kw-model-feed.h"
#include "kw-model-relay.h"

#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>

#define HOUR G_TIME_SPAN_HOUR
#define N_ROWS 3000

/* (transfer full): a model that says @low or @high, and nothing else */
static KwModel *
make_model(gdouble low, gdouble high)
{
    g_autofree gchar *root = kw_test_tmp_dir_new();
    g_autoptr(KwRegistry) registry = kw_registry_new(root, "boost");
    g_autofree gchar *path = NULL;
    g_autoptr(GError) error = NULL;
    KwModelRig rig;
    KwModel *model;

    kw_model_rig_init(&rig, low, high);
    path = kw_registry_dup_path(registry, kw_model_rig_add(&rig, registry));
    model = kw_model_load(path, &error);
    g_assert_no_error(error);
    kw_model_rig_clear(&rig);
    kw_test_tmp_dir_free(g_steal_pointer(&root));
    return model;
}

static KwFrame *
make_frame(void)
{
    KwSeries *series = kw_series_new(HOUR);

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble price = 100 + 10 * sin((gdouble) i / 15) + (gdouble) (i % 7);
        KwCandle candle = {(gint64) i * HOUR, price, price + 1, price - 1, price, 5};

        g_assert_true(kw_series_append(series, &candle));
    }
    return kw_frame_new(series);
}

static void
test_finds(void)
{
    g_autoptr(KwModelRelay) relay = kw_model_relay_new();
    g_autoptr(KwModel) one = make_model(-0.02, 0.03);
    g_autoptr(KwModel) two = make_model(-0.05, 0.06);
    gint64 until_us = 0;

    g_assert_null(kw_model_relay_get_first(relay));
    g_assert_null(kw_model_relay_find(relay, 0, &until_us));
    g_assert_cmpint(until_us, ==, G_MAXINT64);
    g_assert_true(kw_model_relay_add(relay, 100, one, NULL));
    g_assert_true(kw_model_relay_add(relay, 200, two, NULL));
    g_assert_true(kw_model_relay_get_first(relay) == one);
    g_assert_null(kw_model_relay_find(relay, 99, &until_us));
    g_assert_cmpint(until_us, ==, 100);
    g_assert_true(kw_model_relay_find(relay, 100, &until_us) == one);
    g_assert_cmpint(until_us, ==, 200);
    g_assert_true(kw_model_relay_find(relay, 199, &until_us) == one);
    g_assert_true(kw_model_relay_find(relay, 200, &until_us) == two);
    g_assert_cmpint(until_us, ==, G_MAXINT64);
}

/* Each row has what its own model says, and rows before the first have nothing */
static void
test_columns(void)
{
    g_autofree gchar *root = kw_test_tmp_dir_new();
    g_autoptr(KwModelShelf) shelf = kw_model_shelf_new(root);
    g_autoptr(KwModelRelay) relay = kw_model_relay_new();
    g_autoptr(KwModel) one = make_model(-0.02, 0.03);
    g_autoptr(KwModel) two = make_model(-0.05, 0.06);
    g_autoptr(KwFrame) frame = make_frame();
    KwModelColumns columns;

    g_assert_true(kw_model_relay_add(relay, 1000 * HOUR, one, NULL));
    g_assert_true(kw_model_relay_add(relay, 2001 * HOUR, two, NULL));
    kw_model_shelf_put_relay(shelf, "boost", relay);
    g_assert_true(kw_model_feed_add(shelf, "boost", frame, &columns, NULL));
    kw_frame_update(frame);
    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble said = kw_column_get_value(columns.prediction, i);

        if (i < 1000) {
            g_assert_true(isnan(said));
            g_assert_true(isnan(kw_column_get_value(columns.confidence, i)));
            continue;
        }
        g_assert_false(isnan(kw_column_get_value(columns.confidence, i)));
        if (i < 2001)
            g_assert_true(said < -0.019 ? said > -0.021 : said > 0.029 && said < 0.031);
        else
            g_assert_true(said < -0.049 ? said > -0.051 : said > 0.059 && said < 0.061);
    }
    kw_test_tmp_dir_free(g_steal_pointer(&root));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/relay/finds", test_finds);
    g_test_add_func("/model/relay/columns", test_columns);
    return g_test_run();
}
