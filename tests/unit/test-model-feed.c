/* Predictions as columns, and model("name") in a strategy */
#include "kw-model-feed.h"

#include "kw-model-rig.h"
#include "kw-model-shelf.h"
#include "kw-strategy.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define N_ROWS 3000

typedef struct {
    gchar *root;
    KwModelRig rig;
    KwRegistry *registry;
    KwModelShelf *shelf;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    KwModelVersion version;

    f->root = kw_test_tmp_dir_new();
    f->registry = kw_registry_new(f->root, "boost");
    f->shelf = kw_model_shelf_new(f->root);
    kw_model_rig_init(&f->rig, -0.02, 0.03);
    version = kw_model_rig_add(&f->rig, f->registry);
    g_assert_true(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, 0, NULL));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_model_shelf_unref(f->shelf);
    kw_model_rig_clear(&f->rig);
    kw_registry_free(f->registry);
    kw_test_tmp_dir_free(f->root);
}

static KwCandle
candle_at(gsize i)
{
    gdouble price = 100 + 10 * sin((gdouble) i / 15) + (gdouble) (i % 7);

    return (KwCandle){.open_us = (gint64) i * HOUR,
                      .open = price,
                      .high = price + 1,
                      .low = price - 1,
                      .close = price,
                      .volume = 5};
}

static KwFrame *
make_frame(gsize n_rows, gint64 step_us)
{
    KwSeries *series = kw_series_new(step_us);

    for (gsize i = 0; i < n_rows; i++) {
        KwCandle candle = candle_at(i);

        g_assert_true(kw_series_append(series, &candle));
    }
    return kw_frame_new(series);
}

static gboolean
same_bits(gdouble a, gdouble b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* A whole history at once, and candle by candle with the front dropped: the same bits */
static void
test_batch_and_live(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFrame) batch = make_frame(N_ROWS, HOUR);
    g_autoptr(KwFrame) live = make_frame(0, HOUR);
    KwModelColumns all, single;
    gsize n_known = 0, dropped = 0;

    g_assert_true(kw_model_feed_add(f->shelf, "boost", batch, &all, NULL));
    g_assert_true(kw_model_feed_add(f->shelf, "boost", live, &single, NULL));
    kw_frame_update(batch);
    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = candle_at(i);
        gdouble expected = kw_column_get_value(all.prediction, i);

        g_assert_true(kw_frame_append(live, &candle));
        kw_frame_update(live);
        dropped += kw_frame_trim(live, 50);
        g_assert_true(same_bits(expected, kw_column_get_value(single.prediction, i - dropped)));
        g_assert_true(same_bits(kw_column_get_value(all.confidence, i),
                                kw_column_get_value(single.confidence, i - dropped)));
        if (isnan(expected))
            continue;
        n_known++;
        g_assert_true(expected > 0.029 || expected < -0.019);
    }
    g_assert_cmpuint(n_known, >, N_ROWS - 50);
    g_assert_true(isnan(kw_column_get_value(all.prediction, 0)));
}

/* A model over the RSI of another pair: the tree splits on the second of two features. */
static void
promote_for_two_pairs(Fixture *f)
{
    static const gchar text[] =
        "[features]\nnames = rsi\nperiods = 14\nshifts = 0\npairs = ETH/USDT\n";
    gsize length = 0;
    const gchar *known = g_bytes_get_data(f->rig.model, &length);
    g_autoptr(GString) model = g_string_new_len(known, (gssize) length);
    KwMatrix *wide = kw_matrix_new(f->rig.reference->n_rows, 2);
    KwModelParts *parts = &f->rig.parts;

    g_string_replace(model, "\"num_feature\":\"1\"", "\"num_feature\":\"2\"", 1);
    g_string_replace(model, "\"split_indices\":[0,0,0]", "\"split_indices\":[1,0,0]", 1);
    for (gsize i = 0; i < wide->n_rows; i++) {
        wide->values[2 * i] = wide->values[2 * i + 1] = (gfloat) i;
        wide->labels[i] = f->rig.reference->labels[i];
        wide->times_us[i] = f->rig.reference->times_us[i];
    }
    g_bytes_unref(f->rig.model);
    g_bytes_unref(f->rig.features);
    kw_matrix_free(f->rig.reference);
    kw_scaler_free(f->rig.scaler);
    parts->model = f->rig.model = g_bytes_new(model->str, model->len);
    parts->features = f->rig.features = g_bytes_new_static(text, sizeof text - 1);
    parts->reference = f->rig.reference = wide;
    parts->scaler = f->rig.scaler = kw_scaler_fit(wide);
    g_assert_true(kw_registry_promote(f->registry, kw_model_rig_add(&f->rig, f->registry),
                                      KW_PROMOTE_GATED, 0, NULL));
}

static KwCandle
other_candle_at(gsize i)
{
    KwCandle candle = candle_at(i * 3 + 100);

    candle.open_us = (gint64) i * HOUR;
    return candle;
}

/* All at once and candle by candle; the other pair's rows count once they are closed. */
static void
test_other_pair(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFrame) batch = make_frame(500, HOUR);
    g_autoptr(KwFrame) live = make_frame(0, HOUR);
    g_autoptr(KwSeries) whole = kw_series_new(HOUR);
    g_autoptr(KwSeries) growing = kw_series_new(HOUR);
    g_autoptr(KwNeighbours) all = kw_neighbours_new();
    g_autoptr(KwNeighbours) so_far = kw_neighbours_new();
    g_autoptr(GError) error = NULL;
    KwModelColumns expected, found;
    guint n_high = 0, n_low = 0;

    promote_for_two_pairs(f);
    g_assert_false(kw_model_feed_add(f->shelf, "boost", batch, &expected, &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES);
    for (gsize i = 0; i < 700; i++) { /* goes on after the other's end: not to be seen */
        KwCandle candle = other_candle_at(i);

        g_assert_true(kw_series_append(whole, &candle));
    }
    kw_neighbours_add(all, "ETH/USDT", whole);
    kw_neighbours_add(so_far, "ETH/USDT", growing);
    kw_frame_set_neighbours(batch, all);
    kw_frame_set_neighbours(live, so_far);
    g_assert_true(kw_model_feed_add(f->shelf, "boost", batch, &expected, NULL));
    g_assert_true(kw_model_feed_add(f->shelf, "boost", live, &found, NULL));
    kw_frame_update(batch);
    for (gsize i = 0; i < 500; i++) {
        KwCandle own = candle_at(i), other = other_candle_at(i);
        gdouble value = kw_column_get_value(expected.prediction, i);

        g_assert_true(kw_series_append(growing, &other));
        g_assert_true(kw_frame_append(live, &own));
        kw_frame_update(live);
        g_assert_true(same_bits(value, kw_column_get_value(found.prediction, i)));
        n_high += value > 0.02;
        n_low += value < -0.01;
    }
    g_assert_cmpuint(n_high, >, 50);
    g_assert_cmpuint(n_low, >, 50);
    g_clear_pointer(&batch, kw_frame_free);
    g_clear_pointer(&live, kw_frame_free);
}

static void
test_other_timeframe(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFrame) frame = make_frame(0, HOUR / 4);
    g_autoptr(GError) error = NULL;
    KwModelColumns columns;

    g_assert_false(kw_model_feed_add(f->shelf, "boost", frame, &columns, &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES);
    g_assert_cmpuint(kw_frame_get_n_columns(frame), ==, 0);
}

/* A version that is promoted meanwhile is taken; one that is refused leaves the old one. */
static void
test_shelf_follows(Fixture *f, gconstpointer data)
{
    g_auto(KwModelRig) next = {0};
    KwModel *first = kw_model_shelf_get(f->shelf, "boost", NULL);
    g_autofree gchar *hash = g_strdup(kw_model_get_hash(first));
    g_autofree gchar *folder = NULL;
    g_autofree gchar *path = NULL;
    g_autoptr(GError) error = NULL;
    KwModelVersion version;

    g_assert_true(first == kw_model_shelf_get(f->shelf, "boost", NULL));
    kw_model_rig_init(&next, -0.1, 0.1);
    version = kw_model_rig_add(&next, f->registry);
    g_assert_true(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, 0, NULL));
    g_assert_cmpstr(kw_model_get_hash(kw_model_shelf_get(f->shelf, "boost", NULL)), !=, hash);
    g_assert_true(kw_registry_rollback(f->registry, (KwModelVersion){1, 0, 0}, 0, NULL));
    folder = kw_registry_dup_path(f->registry, (KwModelVersion){1, 0, 0});
    path = g_build_filename(folder, "model.json", NULL);
    g_assert_true(g_file_set_contents(path, "{}", -1, NULL));
    g_assert_nonnull(kw_model_shelf_get(f->shelf, "boost", &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_HASH);
    g_clear_error(&error);
    g_assert_null(kw_model_shelf_get(f->shelf, "other", &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT);
    g_assert_null(kw_model_shelf_get(f->shelf, "../boost", NULL));
}

/* Rows before a promotion keep their numbers; those after it are the new model's, to the bit.
 */
static void
check_swap(Fixture *f, const gchar *features)
{
    g_autoptr(KwFrame) running = make_frame(N_ROWS / 2, HOUR);
    g_autoptr(KwFrame) fresh = make_frame(N_ROWS, HOUR);
    g_autoptr(GBytes) text = g_bytes_new_static(features, strlen(features));
    g_autoptr(KwModel) model = NULL;
    g_auto(KwModelRig) next = {0};
    g_auto(KwModelNews) news = {0};
    KwModelColumns old, new;
    gdouble before;

    g_assert_true(kw_model_feed_add(f->shelf, "boost", running, &old, NULL));
    kw_frame_update(running);
    before = kw_column_get_value(old.prediction, N_ROWS / 2 - 1);
    g_assert_false(kw_model_shelf_find_news(f->shelf, &news));

    kw_model_rig_init(&next, -0.1, 0.2);
    next.parts.features = text;
    g_assert_true(kw_registry_promote(f->registry, kw_model_rig_add(&next, f->registry),
                                      KW_PROMOTE_GATED, 0, NULL));
    g_assert_true(kw_model_shelf_find_news(f->shelf, &news));
    model = kw_model_load(news.path, NULL);
    g_assert_true(kw_model_feed_check(model, HOUR, NULL));
    g_assert_false(kw_model_feed_check(model, HOUR / 4, NULL));
    kw_model_shelf_swap(f->shelf, &news, model);
    g_assert_cmpstr(kw_model_shelf_get_identity(f->shelf), ==, "boost v1.1.0");

    g_assert_true(kw_model_feed_add(f->shelf, "boost", fresh, &new, NULL));
    kw_frame_update(fresh);
    for (gsize i = N_ROWS / 2; i < N_ROWS; i++) {
        KwCandle candle = candle_at(i);

        g_assert_true(kw_frame_append(running, &candle));
        kw_frame_update(running);
        g_assert_true(same_bits(kw_column_get_value(new.prediction, i),
                                kw_column_get_value(old.prediction, i)));
        g_assert_true(same_bits(kw_column_get_value(new.confidence, i),
                                kw_column_get_value(old.confidence, i)));
    }
    g_assert_true(same_bits(before, kw_column_get_value(old.prediction, N_ROWS / 2 - 1)));
    g_assert_cmpfloat(fabs(before), <, 0.05);
    g_assert_cmpfloat(fabs(kw_column_get_value(old.prediction, N_ROWS - 1)), >, 0.05);
}

static void
test_swap(Fixture *f, gconstpointer data)
{
    check_swap(f, "[features]\nsingles = rsi_14\n");
}

static void
test_swap_features(Fixture *f, gconstpointer data)
{
    check_swap(f, "[features]\nsingles = rsi_7\n");
}

static KwStrategy *
load_strategy(const gchar *name)
{
    static const gchar format[] =
        "return {name='t', timeframe='1h', startup_candles=20, stoploss=-0.1,"
        "entry=function(c) return above(model('%s').prediction, 0.02) end,"
        "confidence=function(c) return model('%s').confidence end}";
    g_autofree gchar *text = g_strdup_printf(format, name, name);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;
    KwStrategy *strategy = kw_strategy_load_bytes("t.lua", bytes, NULL, &error);

    g_assert_no_error(error); /* also without a model: it is tried */
    return strategy;
}

static void
test_lua(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFrame) frame = make_frame(500, HOUR);
    g_autoptr(KwStrategy) strategy = load_strategy("boost");
    g_autoptr(KwStrategyColumns) columns = NULL;
    g_autoptr(GError) error = NULL;
    guint n_entries = 0;

    kw_strategy_set_models(strategy, f->shelf);
    columns = kw_strategy_build(strategy, frame, &error);
    g_assert_no_error(error);
    kw_frame_update(frame);
    for (gsize i = 0; i < 500; i++) {
        KwSignalValues signal;

        kw_strategy_columns_get_signal(columns, i, &signal);
        n_entries += signal.enter;
        g_assert_true(!signal.enter || signal.confidence <= 1);
    }
    g_assert_cmpuint(n_entries, >, 100);
    g_assert_cmpuint(n_entries, <, 400);
}

static void
test_lua_without_model(Fixture *f, gconstpointer data)
{
    g_autoptr(KwFrame) frame = make_frame(10, HOUR);
    g_autoptr(KwStrategy) strategy = load_strategy("absent");
    g_autoptr(GError) error = NULL;

    kw_strategy_set_models(strategy, f->shelf);
    g_assert_null(kw_strategy_build(strategy, frame, &error));
    g_assert_nonnull(strstr(error->message, "kurswart train --name absent"));
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/model-feed/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    ADD("batch-and-live", test_batch_and_live);
    ADD("other-timeframe", test_other_timeframe);
    ADD("other-pair", test_other_pair);
    ADD("shelf-follows", test_shelf_follows);
    ADD("swap", test_swap);
    ADD("swap-features", test_swap_features);
    ADD("lua", test_lua);
    ADD("lua-without-model", test_lua_without_model);
    return g_test_run();
}
