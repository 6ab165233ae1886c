/* Matrices and what scales them */
#include "kw-matrix.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-model-data.h"
#include "kw-scaler.h"
#include "kw-test.h"

#include <math.h>

static void
test_file(void)
{
    g_autofree gchar *folder = kw_test_tmp_dir_new();
    g_autofree gchar *path = g_build_filename(folder, "m", NULL);
    g_autoptr(KwMatrix) matrix = kw_model_data_new(100, 3, 1, KW_OBJECTIVE_REGRESSION);
    g_autofree gchar *hash = kw_matrix_dup_hash(matrix);
    g_autofree gchar *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;

    g_assert_true(kw_matrix_write(matrix, path, NULL));
    {
        g_autoptr(KwMatrix) mapped = kw_matrix_map(path, NULL);
        g_autofree gchar *again = kw_matrix_dup_hash(mapped);

        g_assert_cmpstr(hash, ==, again);
    }
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    g_assert_true(g_file_set_contents(path, text, (gssize) length - 1, NULL));
    g_assert_null(kw_matrix_map(path, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_FORMAT);
    g_assert_true(g_file_set_contents(path, "short", -1, NULL));
    g_assert_null(kw_matrix_map(path, NULL));
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
}

static void
test_hash(void)
{
    g_autoptr(KwMatrix) matrix = kw_model_data_new(50, 3, 1, KW_OBJECTIVE_REGRESSION);
    g_autofree gchar *before = kw_matrix_dup_hash(matrix);
    g_autofree gchar *label = NULL;
    g_autofree gchar *value = NULL;

    matrix->labels[3] += 1;
    label = kw_matrix_dup_hash(matrix);
    matrix->labels[3] -= 1;
    matrix->values[7] += 1;
    value = kw_matrix_dup_hash(matrix);
    g_assert_cmpstr(before, !=, label);
    g_assert_cmpstr(before, !=, value);
}

static void
test_find(void)
{
    g_autoptr(KwMatrix) matrix = kw_model_data_new(10, 1, 1, KW_OBJECTIVE_REGRESSION);
    gint64 first = matrix->times_us[0];

    g_assert_cmpuint(kw_matrix_find(matrix, first - 1), ==, 0);
    g_assert_cmpuint(kw_matrix_find(matrix, first), ==, 0);
    g_assert_cmpuint(kw_matrix_find(matrix, first + 1), ==, 1);
    g_assert_cmpuint(kw_matrix_find(matrix, first + 100 * KW_TEST_HOUR_US), ==, 10);
}

static void
test_scaler(void)
{
    g_autoptr(KwMatrix) matrix = kw_model_data_new(500, 4, 1, KW_OBJECTIVE_REGRESSION);
    g_autoptr(KwScaler) scaler = NULL;
    g_autoptr(KwScaler) again = NULL;
    g_autoptr(JsonNode) node = NULL;
    g_autofree gchar *text = NULL;
    gfloat row[] = {0.5f, NAN, 7, 3}, same[] = {0.5f, NAN, 7, 3};
    gdouble sum = 0, squares = 0;

    for (gsize i = 0; i < matrix->n_rows; i++) {
        matrix->values[i * 4 + 2] = 7; /* constant */
        matrix->values[i * 4 + 3] *= 1000;
    }
    scaler = kw_scaler_fit(matrix);
    text = kw_scaler_to_json(scaler);
    node = kw_json_parse_text(text, -1, NULL);
    again = kw_scaler_from_json(json_node_get_object(node), NULL);
    kw_scaler_apply(scaler, row, 1);
    kw_scaler_apply(again, same, 1);
    g_assert_cmpmem(row, sizeof row, same, sizeof same);
    g_assert_true(isnan(row[1]));
    g_assert_cmpfloat(row[2], ==, 0);
    kw_scaler_apply(scaler, matrix->values, matrix->n_rows);
    for (gsize i = 0; i < matrix->n_rows; i++) {
        sum += matrix->values[i * 4 + 3];
        squares += pow(matrix->values[i * 4 + 3], 2);
    }
    g_assert_cmpfloat_with_epsilon(sum / 500, 0, 1e-6);
    g_assert_cmpfloat_with_epsilon(squares / 500, 1, 1e-6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/matrix/file", test_file);
    g_test_add_func("/model/matrix/hash", test_hash);
    g_test_add_func("/model/matrix/find", test_find);
    g_test_add_func("/model/matrix/scaler", test_scaler);
    return g_test_run();
}
