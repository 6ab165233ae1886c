#include "kw-model-data.h"

#include <math.h>

#define START_US G_GINT64_CONSTANT(1704067200000000) /* 2024-01-01 */

KwMatrix *
kw_model_data_new(gsize n_rows, gsize n_cols, guint seed, KwObjective objective)
{
    KwMatrix *matrix = kw_matrix_new(n_rows, n_cols);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);

    for (gsize i = 0; i < n_rows; i++) {
        gfloat *row = matrix->values + i * n_cols;
        gdouble score;

        for (gsize j = 0; j < n_cols; j++)
            row[j] = (gfloat) g_rand_double_range(rand, -1, 1);
        score = row[0] - (n_cols > 2 ? 2 * row[1] * row[2] : 0) +
                g_rand_double_range(rand, -0.5, 0.5);
        matrix->labels[i] =
            objective == KW_OBJECTIVE_CLASSIFIER ? score > 0 : (gfloat) score / 10;
        if (i % 13 == 0)
            row[0] = NAN;
        matrix->times_us[i] = START_US + (gint64) i * KW_TEST_HOUR_US;
    }
    return matrix;
}

KwBoosterParams
kw_model_data_params(KwObjective objective)
{
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;

    params.objective = objective;
    params.n_rounds = 20;
    params.patience = 0;
    params.max_depth = 4;
    params.eta = 0.5;
    return params;
}

gboolean
kw_model_data_open(KwXgb *xgb)
{
    g_autoptr(GError) error = NULL;

    if (kw_xgb_open(xgb, &error))
        return TRUE;
    g_test_skip(error->message);
    return FALSE;
}

GBytes *
kw_model_data_train(const KwXgb *xgb,
                    const KwMatrix *train,
                    const KwMatrix *valid,
                    const KwBoosterParams *params)
{
    KwBoosterJob job = {.train = train, .valid = valid, .params = params};
    g_autoptr(GError) error = NULL;
    GBytes *model = kw_booster_train(xgb, &job, NULL, &error);

    g_assert_no_error(error);
    return model;
}
