/* "kurswart model" as the owner types it */
#include "kw-verb-model.h"

#include "kw-model-rig.h"
#include "kw-test.h"

#include <locale.h>
#include <string.h>

static GString *printed;

static void
on_print(const gchar *text)
{
    g_string_append(printed, text);
}

typedef struct {
    gchar *root;
    KwRegistry *registry;
    KwModelRig rig;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    f->root = kw_test_tmp_dir_new();
    f->registry = kw_registry_new(f->root, "boost");
    kw_model_rig_init(&f->rig, -0.02, 0.03);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_model_rig_clear(&f->rig);
    kw_registry_free(f->registry);
    kw_test_tmp_dir_free(f->root);
}

/* What the verb prints stands in @printed afterwards */
static int
run(Fixture *f, const gchar *part, const gchar *word, const gchar *other)
{
    const gchar *argv[7] = {"model", part, "--root", f->root};
    int argc = 4, status;
    GPrintFunc usual = g_set_print_handler(on_print);
    GPrintFunc usual_error = g_set_printerr_handler(on_print);

    if (word != NULL)
        argv[argc++] = word;
    if (other != NULL)
        argv[argc++] = other;
    g_string_truncate(printed, 0);
    status = kw_verb_model(argc, (char **) argv);
    (void) g_set_print_handler(usual);
    (void) g_set_printerr_handler(usual_error);
    return status;
}

static void
expect_text(const gchar *part)
{
    g_test_message("%s", printed->str);
    g_assert_nonnull(strstr(printed->str, part));
}

static void
test_life(Fixture *f, gconstpointer data)
{
    g_assert_cmpint(run(f, "list", NULL, NULL), ==, 0);
    expect_text("kurswart train");
    (void) kw_model_rig_add(&f->rig, f->registry);
    f->rig.facts.passed_gate = FALSE;
    (void) kw_model_rig_add(&f->rig, f->registry);
    g_assert_cmpint(run(f, "promote", "v1.0.0", NULL), ==, 0);
    g_assert_cmpint(run(f, "promote", "v1.1.0", NULL), ==, 1);
    expect_text("--ungated");
    g_assert_cmpint(run(f, "rollback", NULL, NULL), ==, 1);
    g_assert_cmpint(run(f, "promote", "v1.1.0", "--ungated"), ==, 0);
    g_assert_cmpint(run(f, "list", NULL, NULL), ==, 0);
    expect_text("* v1.1.0");
    g_assert_cmpint(run(f, "rollback", NULL, NULL), ==, 0);
    expect_text("v1.0.0");
    g_assert_cmpint(run(f, "list", "--json", NULL), ==, 0);
    expect_text("{\"version\":\"v1.0.0\",\"promoted\":true,\"usable\":true");
}

static void
test_damage(Fixture *f, gconstpointer data)
{
    KwModelVersion version = kw_model_rig_add(&f->rig, f->registry);
    g_autofree gchar *folder = kw_registry_dup_path(f->registry, version);
    g_autofree gchar *path = g_build_filename(folder, "scaler.json", NULL);

    g_assert_cmpint(run(f, "verify", "v1.0.0", NULL), ==, 0);
    g_assert_cmpint(run(f, "show", "v1.0.0", NULL), ==, 0);
    expect_text("BTC/USDT");
    expect_text("Hash der Bäume");
    expect_text("Prüfung bestanden");
    g_assert_null(strchr(printed->str, '{'));
    g_assert_true(g_file_set_contents(path, "{}", -1, NULL));
    g_assert_cmpint(run(f, "verify", "v1.0.0", NULL), ==, 1);
    expect_text("scaler.json");
    g_assert_cmpint(run(f, "list", NULL, NULL), ==, 0);
    expect_text("verändert");
}

static void
test_usage(Fixture *f, gconstpointer data)
{
    g_assert_cmpint(run(f, "promote", NULL, NULL), ==, 2);
    g_assert_cmpint(run(f, "promote", "1.0.0", NULL), ==, 2);
    g_assert_cmpint(run(f, "promote", "v9.0.0", NULL), ==, 1);
    g_assert_cmpint(run(f, "destroy", NULL, NULL), ==, 2);
    g_assert_cmpint(run(f, "prune", "--keep", "-1"), ==, 2);
    g_assert_cmpint(run(f, "list", "--name", "../x"), ==, 2);
}

#define ADD(path, function)                                                                    \
    g_test_add("/app/verb-model/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    int status;

    (void) setlocale(LC_CTYPE, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    printed = g_string_new(NULL);
    ADD("life", test_life);
    ADD("damage", test_damage);
    ADD("usage", test_usage);
    status = g_test_run();
    g_string_free(printed, TRUE);
    return status;
}
