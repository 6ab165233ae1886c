/* The walker against the library, bit by bit, and files that it must not read */
#include "kw-forest.h"

#include "kw-error.h"
#include "kw-model-data.h"

#include <math.h>
#include <string.h>

#define N_ROWS 5000
#define N_COLS 8

/* (transfer full): what the library predicts for all rows of @matrix */
static gfloat *
predict_by_library(const KwXgb *xgb, GBytes *model, const KwMatrix *matrix)
{
    static const gchar config[] =
        "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
        "\"strict_shape\":true,\"missing\":NaN,\"cache_id\":0}";
    g_autofree gchar *array =
        g_strdup_printf("{\"data\":[%" G_GUINTPTR_FORMAT ",true],\"shape\":[%" G_GSIZE_FORMAT
                        ",%" G_GSIZE_FORMAT "],\"typestr\":\"<f4\",\"version\":3}",
                        (guintptr) matrix->values, matrix->n_rows, matrix->n_cols);
    BoosterHandle booster = NULL;
    const bst_ulong *shape = NULL;
    bst_ulong dimension = 0;
    const float *out = NULL;
    gfloat *copy;

    g_assert_cmpint(xgb->booster_new(NULL, 0, &booster), ==, 0);
    g_assert_cmpint(xgb->load(booster, g_bytes_get_data(model, NULL), g_bytes_get_size(model)),
                    ==, 0);
    g_assert_cmpint(xgb->set_param(booster, "nthread", "1"), ==, 0);
    g_assert_cmpint(xgb->predict(booster, array, config, NULL, &shape, &dimension, &out), ==,
                    0);
    copy = g_memdup2(out, matrix->n_rows * sizeof(gfloat));
    g_assert_cmpint(xgb->booster_free(booster), ==, 0);
    return copy;
}

static GBytes *
make_model(const KwXgb *xgb, KwObjective objective)
{
    g_autoptr(KwMatrix) train = kw_model_data_new(2000, N_COLS, 3, objective);
    g_autoptr(KwMatrix) valid = kw_model_data_new(500, N_COLS, 4, objective);
    KwBoosterParams params = kw_model_data_params(objective);

    params.n_rounds = 60;
    params.max_depth = 6;
    return kw_model_data_train(xgb, train, valid, &params);
}

static void
test_same_bits(gconstpointer data)
{
    KwObjective objective = (KwObjective) GPOINTER_TO_INT(data);
    g_autoptr(KwMatrix) rows = kw_model_data_new(N_ROWS, N_COLS, 5, objective);
    g_autoptr(GBytes) model = NULL;
    g_autoptr(KwForest) forest = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree gfloat *expected = NULL;
    g_autofree gfloat *batch = g_new(gfloat, N_ROWS);
    KwXgb xgb;

    if (!kw_model_data_open(&xgb))
        return;
    model = make_model(&xgb, objective);
    forest = kw_forest_parse(model, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(kw_forest_get_n_trees(forest), >=, 10); /* up to the best round */
    g_assert_cmpuint(kw_forest_get_n_features(forest), ==, N_COLS);
    g_assert_cmpint(kw_forest_is_classifier(forest), ==, objective == KW_OBJECTIVE_CLASSIFIER);

    expected = predict_by_library(&xgb, model, rows);
    kw_forest_predict(forest, rows->values, N_ROWS, batch);
    g_assert_cmpmem(batch, N_ROWS * sizeof(gfloat), expected, N_ROWS * sizeof(gfloat));
    for (gsize i = 0; i < 200; i++) { /* one by one, as the daemon does */
        gfloat single;

        kw_forest_predict(forest, rows->values + i * N_COLS, 1, &single);
        g_assert_cmpmem(&single, sizeof single, &expected[i], sizeof single);
    }
}

/* Two trees by hand: 0.5 + (x0 < 1 ? 0.25 : -0.25) + 1 */
#define HAND_MODEL                                                                             \
    "{\"learner\":{\"objective\":{\"name\":\"reg:squarederror\"},"                             \
    "\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_class\":\"0\","                    \
    "\"num_feature\":\"2\"},\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{"             \
    "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"2\"},\"trees\":["     \
    "{\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],\"split_indices\":[0,0,0],"     \
    "\"split_conditions\":[1.0,0.25,-0.25],\"default_left\":[1,0,0],\"split_type\":[0,0,0]},"  \
    "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],"                   \
    "\"split_conditions\":[1],\"default_left\":[0],\"split_type\":[0]}]}}}}"

static void
test_by_hand(void)
{
    g_autoptr(GBytes) model = g_bytes_new_static(HAND_MODEL, sizeof HAND_MODEL - 1);
    g_autoptr(KwForest) forest = kw_forest_parse(model, NULL);
    gfloat rows[][2] = {{0, 9}, {1, 9}, {NAN, 9}};
    gfloat out[3];

    kw_forest_predict(forest, rows[0], 3, out);
    g_assert_cmpfloat(out[0], ==, 1.75f);
    g_assert_cmpfloat(out[1], ==, 1.25f);
    g_assert_cmpfloat(out[2], ==, 1.75f);
}

static void
test_refuses(void)
{
    static const struct {
        const gchar *part, *replacement;
        KwModelError code;
    } rows[] = {
        {"\"5E-1\"", "\"[5E-1]\"", KW_MODEL_ERROR_REFUSED}, /* XGBoost 3.1 */
        {"\"5E-1\"", "\"abc\"", KW_MODEL_ERROR_FORMAT},
        {"\"5E-1\"", "\"\"", KW_MODEL_ERROR_FORMAT},
        {"\"5E-1\"", "\"inf\"", KW_MODEL_ERROR_FORMAT},
        {"gbtree\",", "dart\",", KW_MODEL_ERROR_REFUSED},
        {"num_parallel_tree\":\"1", "num_parallel_tree\":\"4", KW_MODEL_ERROR_REFUSED},
        {"num_class\":\"0", "num_class\":\"3", KW_MODEL_ERROR_REFUSED},
        {"reg:squarederror", "rank:pairwise", KW_MODEL_ERROR_REFUSED},
        {"\"split_type\":[0,0,0]", "\"split_type\":[1,0,0]", KW_MODEL_ERROR_REFUSED},
        {"\"left_children\":[1,", "\"left_children\":[0,", KW_MODEL_ERROR_FORMAT}, /* circle */
        {"\"right_children\":[2,", "\"right_children\":[3,", KW_MODEL_ERROR_FORMAT},
        {"\"split_indices\":[0,0,0]", "\"split_indices\":[2,0,0]", KW_MODEL_ERROR_FORMAT},
        {"\"split_indices\":[0,0,0]", "\"split_indices\":[0,0]", KW_MODEL_ERROR_FORMAT},
        {"[1.0,0.25", "[1.0,\"a\"", KW_MODEL_ERROR_FORMAT},
        {"num_feature\":\"2", "num_feature\":\"0", KW_MODEL_ERROR_REFUSED},
        {"{\"learner\":", "{\"lerner\":", KW_MODEL_ERROR_FORMAT},
        {"]}}}}", "]}}}", KW_MODEL_ERROR_FORMAT}, /* cut off */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) text = g_string_new(HAND_MODEL);
        g_autoptr(GBytes) model = NULL;
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT ": %s", i, rows[i].replacement);
        g_assert_cmpuint(g_string_replace(text, rows[i].part, rows[i].replacement, 1), ==, 1);
        model = g_bytes_new(text->str, text->len);
        g_assert_null(kw_forest_parse(model, &error));
        g_assert_error(error, KW_MODEL_ERROR, (gint) rows[i].code);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/model/forest/same-bits-regression",
                         GINT_TO_POINTER(KW_OBJECTIVE_REGRESSION), test_same_bits);
    g_test_add_data_func("/model/forest/same-bits-classifier",
                         GINT_TO_POINTER(KW_OBJECTIVE_CLASSIFIER), test_same_bits);
    g_test_add_func("/model/forest/by-hand", test_by_hand);
    g_test_add_func("/model/forest/refuses", test_refuses);
    return g_test_run();
}
