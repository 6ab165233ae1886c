/* fuzz-feature-file.c: any bytes as a feature list, and as a feature file
 *
 * A list that is refused names a problem; one that is taken has a hash, and features that a
 * stream can compute or refuses with an error. A feature file that is taken can be read to
 * its last number. */
#include "kw-config-problem.h"
#include "kw-feature-file.h"
#include "kw-feature-stream.h"
#include "kw-fuzz.h"
#include "kw-timeframe.h"

#include <string.h>

static void
try_list(GBytes *bytes)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwFeatureList) list = kw_feature_list_load_bytes("fuzz", bytes, problems);
    g_autoptr(KwFeatureStream) stream = NULL;

    g_assert_cmpint(list == NULL, ==, problems->len > 0);
    if (list == NULL)
        return;
    g_assert_cmpuint(strlen(kw_feature_list_get_hash(list)), ==, 64);
    stream = kw_feature_stream_new(list, KW_TIMEFRAME_1M_US, NULL, NULL);
}

static void
try_file(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = NULL;
    KwFeatureOrigin origin;
    g_autoptr(KwFeatureMatrix) matrix =
        kw_feature_file_load_bytes(bytes, &origin, &names, &error);
    gfloat sum = 0.0f;

    g_assert_cmpint(matrix == NULL, ==, error != NULL);
    if (matrix == NULL)
        return;
    for (gsize i = 0;
         i < kw_feature_matrix_get_n_rows(matrix) * kw_feature_matrix_get_n_features(matrix);
         i++)
        sum += kw_feature_matrix_get_values(matrix)[i];
    g_assert_true(sum <= 0.0f || sum >= 0.0f || sum != sum);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) all = g_bytes_new(bytes, length); /* a copy, aligned as a mapping is */

    try_list(all);
    try_file(all);
}
