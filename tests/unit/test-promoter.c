/* test-promoter.c: a version is put into service when it has passed, or nothing changes */
#include "kw-promoter.h"

#include "kw-model-rig.h"
#include "kw-test.h"

#define NOW 1773235800000000

typedef struct {
    gchar *root;
    KwRegistry *registry;
    KwModelRig rig;
    KwModelVersion old, passed, failed; /* v1.0.0 is in service */
    KwPromoter *promoter;
    GString *told; /* "v1.1.0 ok|" */
} Fixture;

static void
on_told(const gchar *tag, const GError *error, gpointer user_data)
{
    Fixture *f = user_data;

    g_string_append_printf(f->told, "%s %s|", tag, error == NULL ? "ok" : "refused");
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->root = kw_test_tmp_dir_new();
    f->registry = kw_registry_new(f->root, "boost");
    kw_model_rig_init(&f->rig, -0.02, 0.03);
    f->old = kw_model_rig_add(&f->rig, f->registry);
    g_assert_true(kw_registry_promote(f->registry, f->old, KW_PROMOTE_GATED, NOW, NULL));
    f->passed = kw_model_rig_add(&f->rig, f->registry);
    f->rig.facts.passed_gate = FALSE;
    f->failed = kw_model_rig_add(&f->rig, f->registry);
    f->told = g_string_new(NULL);
    f->promoter = kw_promoter_new(f->root, on_told, f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_promoter_free(f->promoter);
    kw_registry_free(f->registry);
    kw_model_rig_clear(&f->rig);
    g_string_free(f->told, TRUE);
    kw_test_tmp_dir_free(f->root);
}

static void
change(Fixture *f, KwPromoterWay way, const gchar *tag)
{
    gsize before = f->told->len;

    g_assert_cmpstr(kw_promoter_begin(f->promoter, way, tag, NOW + 1), ==, "");
    g_assert_cmpstr(kw_promoter_begin(f->promoter, way, tag, NOW + 1), ==, "busy");
    while (f->told->len == before)
        (void) g_main_context_iteration(NULL, TRUE);
}

static void
assert_promoted(Fixture *f, const gchar *tag)
{
    KwModelVersion promoted = {0};
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    g_assert_true(kw_registry_get_promoted(f->registry, &promoted));
    g_assert_cmpstr(kw_model_version_to_text(promoted, text), ==, tag);
}

static void
test_there_and_back(Fixture *f, gconstpointer data)
{
    change(f, KW_PROMOTER_DEPLOY, "v1.1.0");
    assert_promoted(f, "v1.1.0");
    change(f, KW_PROMOTER_ROLLBACK, "v1.0.0");
    assert_promoted(f, "v1.0.0");
    g_assert_cmpstr(f->told->str, ==, "v1.1.0 ok|v1.0.0 ok|");
}

/* The gate was not passed; it was never in service: both stay where they are. */
static void
test_refused(Fixture *f, gconstpointer data)
{
    change(f, KW_PROMOTER_DEPLOY, "v1.2.0");
    assert_promoted(f, "v1.0.0");
    change(f, KW_PROMOTER_ROLLBACK, "v1.1.0");
    assert_promoted(f, "v1.0.0");
    g_assert_cmpstr(f->told->str, ==, "v1.2.0 refused|v1.1.0 refused|");
}

static void
test_not_begun(Fixture *f, gconstpointer data)
{
    static const gchar *const unknown[] = {"v9.0.0", "", "neu", "../v1.1.0"};

    for (guint i = 0; i < G_N_ELEMENTS(unknown); i++)
        g_assert_cmpstr(kw_promoter_begin(f->promoter, KW_PROMOTER_DEPLOY, unknown[i], NOW), ==,
                        "unknown_model");
    g_assert_cmpstr(kw_promoter_begin(f->promoter, KW_PROMOTER_DEPLOY, "v1.0.0", NOW), ==,
                    "same");
    assert_promoted(f, "v1.0.0");
}

/* The promoter goes while its thread works: nobody is told, nothing is touched. */
static void
test_gone_early(Fixture *f, gconstpointer data)
{
    g_assert_cmpstr(kw_promoter_begin(f->promoter, KW_PROMOTER_DEPLOY, "v1.1.0", NOW), ==, "");
    g_clear_pointer(&f->promoter, kw_promoter_free);
    for (guint i = 0; i < 50; i++) {
        (void) g_main_context_iteration(NULL, FALSE);
        g_thread_yield();
    }
    g_assert_cmpstr(f->told->str, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/engine/promoter/there-and-back", test_there_and_back);
    ADD("/engine/promoter/refused", test_refused);
    ADD("/engine/promoter/not-begun", test_not_begun);
    ADD("/engine/promoter/gone-early", test_gone_early);
    return g_test_run();
}
