/* test-feature-file.c: the same bytes come back, and no others */
#include "kw-config-problem.h"
#include "kw-feature-file.h"
#include "kw-test.h"
#include "kw-timeframe.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define N_ROWS 300

typedef struct {
    gchar *folder, *path; /* owned */
    KwFeatureList *list;
    KwFeatureMatrix *matrix;
    KwFeatureOrigin origin;
} Fixture;

static KwFeatureList *
make_list(void)
{
    static const gchar text[] = "[features]\nnames = rsi, sma\nperiods = 5\nshifts = 0, 1\n"
                                "singles = session_tokyo\n";
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    g_autoptr(GPtrArray) problems = kw_config_problems_new();

    return kw_feature_list_load_bytes("test.ini", bytes, problems);
}

static void
set_up(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwSeries) series = kw_series_new(KW_TIMEFRAME_1H_US);
    KwFeatureInput input = {.series = series, .n_threads = 1};

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble price = g_test_rand_double_range(90.0, 110.0);
        KwCandle candle = {
            (gint64) i * KW_TIMEFRAME_1H_US, price, price + 1, price - 1, price, 2};

        g_assert_true(kw_series_append(series, &candle));
    }
    fixture->folder = kw_test_tmp_dir_new();
    fixture->path = g_build_filename(fixture->folder, "a.features", NULL);
    fixture->list = make_list();
    fixture->matrix = kw_feature_matrix_compute(fixture->list, &input, NULL);
    fixture->origin = (KwFeatureOrigin){
        .pair = "BTC/USDT", .timeframe_us = KW_TIMEFRAME_1H_US, .is_synthetic = TRUE};
    g_assert_true(kw_feature_file_write(fixture->path, fixture->matrix, fixture->list,
                                        &fixture->origin, NULL));
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
    kw_feature_matrix_free(fixture->matrix);
    kw_feature_list_unref(fixture->list);
    g_free(fixture->path);
    kw_test_tmp_dir_free(fixture->folder);
}

static void
test_round_trip(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = NULL;
    KwFeatureOrigin origin = {0};
    g_autoptr(KwFeatureMatrix) read =
        kw_feature_file_load(fixture->path, &origin, &names, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(kw_feature_matrix_get_n_rows(read), ==, N_ROWS);
    g_assert_cmpuint(kw_feature_matrix_get_n_features(read), ==, 5);
    g_assert_cmpint(memcmp(kw_feature_matrix_get_values(read),
                           kw_feature_matrix_get_values(fixture->matrix),
                           N_ROWS * 5 * sizeof(gfloat)),
                    ==, 0);
    g_assert_cmpint(memcmp(kw_feature_matrix_get_times(read),
                           kw_feature_matrix_get_times(fixture->matrix),
                           N_ROWS * sizeof(gint64)),
                    ==, 0);
    g_assert_cmpstr(kw_feature_matrix_get_hash(read), ==,
                    kw_feature_list_get_hash(fixture->list));
    g_assert_cmpstr(origin.pair, ==, "BTC/USDT");
    g_assert_cmpint(origin.timeframe_us, ==, KW_TIMEFRAME_1H_US);
    g_assert_true(origin.is_synthetic);
    g_assert_cmpstr(origin.content_hash, ==, fixture->origin.content_hash);
    g_assert_cmpuint(strlen(origin.content_hash), ==, 64);
    g_assert_cmpuint(g_strv_length(names), ==, 5);
    g_assert_cmpstr(names[1], ==, "rsi_5_shift1");
    g_assert_cmpuint((gsize) kw_feature_matrix_get_values(read) % 4096, ==, 0);
}

static void
test_same_bytes(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *again = g_build_filename(fixture->folder, "b.features", NULL);
    g_autofree gchar *first_text = NULL, *second_text = NULL;
    gsize first_size, second_size;

    g_assert_true(
        kw_feature_file_write(again, fixture->matrix, fixture->list, &fixture->origin, NULL));
    g_assert_true(g_file_get_contents(fixture->path, &first_text, &first_size, NULL));
    g_assert_true(g_file_get_contents(again, &second_text, &second_size, NULL));
    g_assert_cmpuint(first_size, ==, second_size);
    g_assert_cmpint(memcmp(first_text, second_text, first_size), ==, 0);
}

static void
assert_refused(const gchar *data, gsize size, const gchar *message)
{
    g_autofree gchar *copy = g_memdup2(data, size); /* of exactly that size, for ASan */
    g_autoptr(GBytes) bytes = g_bytes_new_static(copy, size);
    g_autoptr(GError) error = NULL;
    KwFeatureOrigin origin;

    g_assert_null(kw_feature_file_load_bytes(bytes, &origin, NULL, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE);
    if (message != NULL)
        g_assert_cmpstr(error->message, ==, message);
}

/* Any one byte of the file */
static void
test_changed(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *data = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(fixture->path, &data, &size, NULL));
    for (gsize i = 0; i < size; i += i < 700 ? 1 : 37) {
        data[i] ^= 0x20;
        assert_refused(data, size, i < 8 ? "no feature file" : NULL);
        data[i] ^= 0x20;
    }
    data[size - 1] ^= 1;
    assert_refused(data, size, "its content was changed: the checksum differs");
}

static void
test_cut(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *data = NULL;
    g_autofree gchar *longer = NULL;
    gsize size;

    g_assert_true(g_file_get_contents(fixture->path, &data, &size, NULL));
    for (gsize n = 0; n < size; n += n < 300 ? 1 : 61)
        assert_refused(data, n, n < 256 ? "no feature file" : NULL);
    assert_refused(data, size - 1, "cut off: it has 10095 bytes and should have 10096");
    longer = g_malloc0(size + 1);
    memcpy(longer, data, size);
    assert_refused(longer, size + 1, "too long: it has 10097 bytes and should have 10096");
}

/* What cannot be written leaves what was there, and nothing half done */
static void
test_unwritable(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *inside = g_build_filename(fixture->folder, "none", "a", NULL);
    g_autofree gchar *folder = g_build_filename(fixture->folder, "folder", NULL);
    g_autofree gchar *part = g_build_filename(fixture->folder, "folder.part", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_feature_file_write(inside, fixture->matrix, fixture->list,
                                         &fixture->origin, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_FILE);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_false(
        kw_feature_file_write(folder, fixture->matrix, fixture->list, &fixture->origin, NULL));
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/columns/feature-file/round-trip", Fixture, NULL, set_up, test_round_trip,
               tear_down);
    g_test_add("/columns/feature-file/same-bytes", Fixture, NULL, set_up, test_same_bytes,
               tear_down);
    g_test_add("/columns/feature-file/changed", Fixture, NULL, set_up, test_changed, tear_down);
    g_test_add("/columns/feature-file/cut", Fixture, NULL, set_up, test_cut, tear_down);
    g_test_add("/columns/feature-file/unwritable", Fixture, NULL, set_up, test_unwritable,
               tear_down);
    return g_test_run();
}
