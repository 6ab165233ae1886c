/* test-desk-models.c: what the desk tells of the registry */
#include "kw-desk-models.h"

#include "kw-model-rig.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define NOW 1773235800000000

static const KwModelView *
at(const GArray *list, guint index)
{
    g_assert_cmpuint(index, <, list->len);
    return &g_array_index(list, KwModelView, index);
}

static void
test_none(void)
{
    g_autofree gchar *root = kw_test_tmp_dir_new();
    g_autoptr(GArray) views = kw_desk_models_scan(root);

    g_assert_cmpuint(views->len, ==, 0);
    kw_test_tmp_dir_free(g_steal_pointer(&root));
}

static void
test_versions(void)
{
    gchar *root = kw_test_tmp_dir_new();
    g_autoptr(KwRegistry) registry = kw_registry_new(root, "boost");
    g_auto(KwModelRig) rig = {0};
    KwModelVersion first, third;
    g_autofree gchar *folder = NULL;
    g_autofree gchar *file = NULL;
    g_autoptr(GArray) views = NULL;

    kw_model_rig_init(&rig, -0.02, 0.03);
    first = kw_model_rig_add(&rig, registry);
    g_assert_true(kw_registry_promote(registry, first, KW_PROMOTE_GATED, NOW, NULL));
    rig.facts.passed_gate = FALSE;
    rig.parts.metrics = "{\"calibration_error\":0.04,\"calibration\":["
                        "{\"predicted\":0.45,\"came_true\":9,\"n\":20},"
                        "{\"predicted\":0.55,\"came_true\":7,\"n\":5},"
                        "{\"predicted\":\"x\",\"came_true\":1,\"n\":5},"
                        "{\"predicted\":0.65,\"came_true\":30,\"n\":44}]}";
    (void) kw_model_rig_add(&rig, registry);
    third = kw_model_rig_add(&rig, registry);
    folder = kw_registry_dup_path(registry, third);
    file = g_build_filename(folder, "model.json", NULL);
    g_assert_true(g_file_set_contents(file, "{}", -1, NULL));

    views = kw_desk_models_scan(root);
    g_assert_cmpuint(views->len, ==, 3);
    g_assert_cmpstr(at(views, 0)->tag, ==, "v1.2.0");
    g_assert_cmpstr(at(views, 0)->reason, !=, ""); /* refused, and says why */
    g_assert_false(at(views, 0)->is_passed);
    g_assert_cmpstr(at(views, 1)->tag, ==, "v1.1.0");
    g_assert_cmpstr(at(views, 1)->reason, ==, "");
    g_assert_false(at(views, 1)->is_passed || at(views, 1)->is_active);
    g_assert_cmpint(at(views, 1)->deployed_us, ==, 0);
    /* what cannot be is left out */
    g_assert_cmpfloat(at(views, 1)->calibration_error, ==, 0.04);
    g_assert_cmpuint(at(views, 1)->n_bins, ==, 2);
    g_assert_cmpuint(at(views, 1)->bins[1].n_hits, ==, 30);
    g_assert_cmpuint(at(views, 1)->bins[1].n, ==, 44);
    g_assert_true(at(views, 2)->is_active && at(views, 2)->is_passed);
    g_assert_cmpuint(at(views, 2)->n_bins, ==, 0);
    g_assert_true(isnan(at(views, 2)->calibration_error));
    g_assert_cmpint(at(views, 2)->deployed_us, ==, NOW);
    g_assert_cmpuint(at(views, 2)->n_features, ==, 1);
    g_assert_false(at(views, 2)->has_backtest);
    kw_test_tmp_dir_free(root);
}

/* What a rollback has left is not offered as the way back. */
static void
test_rolled_back(void)
{
    gchar *root = kw_test_tmp_dir_new();
    g_autoptr(KwRegistry) registry = kw_registry_new(root, "boost");
    g_auto(KwModelRig) rig = {0};
    g_autoptr(GArray) views = NULL;

    kw_model_rig_init(&rig, -0.02, 0.03);
    for (guint i = 0; i < 3; i++)
        g_assert_true(kw_registry_promote(registry, kw_model_rig_add(&rig, registry),
                                          KW_PROMOTE_GATED, NOW, NULL));
    g_assert_true(kw_registry_rollback(registry, (KwModelVersion){1, 1, 0}, NOW, NULL));
    views = kw_desk_models_scan(root);
    g_assert_true(at(views, 0)->is_rolled_back && !at(views, 0)->is_active);
    g_assert_true(at(views, 1)->is_active && !at(views, 1)->is_rolled_back);
    g_assert_false(at(views, 2)->is_active || at(views, 2)->is_rolled_back);
    g_assert_cmpint(at(views, 2)->deployed_us, ==, NOW);
    kw_test_tmp_dir_free(root);
}

/* The desk goes while its thread still looks: nothing is written to what is freed. */
static void
test_gone_early(void)
{
    gchar *root = kw_test_tmp_dir_new();

    kw_desk_models_free(kw_desk_models_new(root));
    for (guint i = 0; i < 50; i++)
        (void) g_main_context_iteration(NULL, FALSE);
    kw_test_tmp_dir_free(root);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/desk-models/none", test_none);
    g_test_add_func("/engine/desk-models/versions", test_versions);
    g_test_add_func("/engine/desk-models/rolled-back", test_rolled_back);
    g_test_add_func("/engine/desk-models/gone-early", test_gone_early);
    return g_test_run();
}
