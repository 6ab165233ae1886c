/* Versions of models: adding, promoting, rolling back, and what is refused (F55, F56, F90) */
#include "kw-registry.h"

#include "kw-model-rig.h"
#include "kw-test.h"
#include "kw-tracer.h"

#include <glib/gstdio.h>

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW 1773235800000000
#define MAX_KILLS 60 /* in a usual run */

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

static void
expect_promoted(Fixture *f, guint minor)
{
    KwModelVersion version = {0};

    g_assert_true(kw_registry_get_promoted(f->registry, &version));
    g_assert_cmpuint(version.major, ==, 1);
    g_assert_cmpuint(version.minor, ==, minor);
}

/* The old model stays, and it can still be loaded */
static void
expect_refused(Fixture *f, KwModelVersion version, KwModelRefusal code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwModel) old = NULL;

    g_assert_false(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, NOW, &error));
    g_assert_error(error, KW_MODEL_REFUSAL, (gint) code);
    expect_promoted(f, 0);
    old = kw_registry_load_promoted(f->registry, NULL);
    g_assert_nonnull(old);
}

static void
promote_first(Fixture *f)
{
    KwModelVersion first = kw_model_rig_add(&f->rig, f->registry);

    g_assert_true(kw_registry_promote(f->registry, first, KW_PROMOTE_GATED, NOW, NULL));
}

static void
test_versions(void)
{
    static const gchar *const bad[] = {"1.0.0", "v1.0",    "v1.0.0.0", "v01.0.0",  "v1.0.-1",
                                       "v1..0", "v1.0.0x", "",         "promoted", "v1.0. 0"};
    KwModelVersion version = {7, 7, 7};
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(kw_model_version_parse(bad[i], &version));
    g_assert_cmpuint(version.major, ==, 7);
    g_assert_true(kw_model_version_parse("v1.20.3", &version));
    g_assert_cmpstr(kw_model_version_to_text(version, text), ==, "v1.20.3");
    g_assert_cmpint(kw_model_version_cmp((KwModelVersion){1, 9, 0}, (KwModelVersion){1, 10, 0}),
                    <, 0);
    g_assert_false(kw_registry_is_name("../x"));
    g_assert_false(kw_registry_is_name("Boost"));
    g_assert_true(kw_registry_is_name("boost_2"));
}

static void
test_predicts(Fixture *f, gconstpointer data)
{
    g_autoptr(KwModel) model = NULL;
    gfloat rows[] = {10, 90, NAN, INFINITY};
    gdouble prediction[4], confidence[4];

    promote_first(f);
    model = kw_registry_load_promoted(f->registry, NULL);
    kw_model_predict(model, rows, 4, prediction, confidence);
    g_assert_cmpfloat_with_epsilon(prediction[0], -0.02, 1e-9);
    g_assert_cmpfloat_with_epsilon(prediction[1], 0.03, 1e-9);
    g_assert_true(isnan(prediction[2]) && isnan(confidence[2]));
    g_assert_true(isnan(prediction[3])); /* F57 */
    g_assert_cmpstr(kw_model_get_facts(model)->pairs, ==, "BTC/USDT");
    g_assert_cmpuint(strlen(kw_model_get_hash(model)), ==, 64);
}

/* The drill: a bad model is promoted, the one before comes back, bit by bit */
static void
test_rollback_drill(Fixture *f, gconstpointer data)
{
    KwModelVersion first = kw_model_rig_add(&f->rig, f->registry), second, previous;
    g_autoptr(KwModel) before = NULL;
    g_autoptr(KwModel) after = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(KwModelRig) worse = {0};

    kw_model_rig_init(&worse, 0.5, -0.5);
    second = kw_model_rig_add(&worse, f->registry);
    g_assert_true(kw_registry_promote(f->registry, first, KW_PROMOTE_GATED, NOW, NULL));
    before = kw_registry_load_promoted(f->registry, NULL);
    g_assert_false(kw_registry_rollback(f->registry, second, NOW, &error));
    g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_NEVER);
    g_assert_true(kw_registry_promote(f->registry, second, KW_PROMOTE_GATED, NOW, NULL));
    expect_promoted(f, 1);
    g_assert_true(kw_registry_get_previous(f->registry, &previous));
    g_assert_true(kw_registry_rollback(f->registry, previous, NOW, NULL));
    expect_promoted(f, 0);
    after = kw_registry_load_promoted(f->registry, NULL);
    g_assert_cmpstr(kw_model_get_hash(before), ==, kw_model_get_hash(after));
}

/* Back again and again: never to a version that was just left, until there is none before; a
 * promotion of an old version is no way back. */
static void
test_line(Fixture *f, gconstpointer data)
{
    KwModelVersion versions[3], previous;
    g_autofree gchar *history = NULL;
    FILE *file;

    for (guint i = 0; i < 3; i++) {
        versions[i] = kw_model_rig_add(&f->rig, f->registry);
        g_assert_true(
            kw_registry_promote(f->registry, versions[i], KW_PROMOTE_GATED, NOW, NULL));
    }
    for (guint i = 2; i > 0; i--) {
        g_assert_true(kw_registry_get_previous(f->registry, &previous));
        g_assert_cmpint(kw_model_version_cmp(previous, versions[i - 1]), ==, 0);
        g_assert_true(kw_registry_rollback(f->registry, previous, NOW, NULL));
    }
    expect_promoted(f, 0);
    g_assert_false(kw_registry_get_previous(f->registry, &previous));

    g_assert_true(kw_registry_promote(f->registry, versions[2], KW_PROMOTE_GATED, NOW, NULL));
    g_assert_true(kw_registry_promote(f->registry, versions[0], KW_PROMOTE_GATED, NOW, NULL));
    g_assert_true(kw_registry_get_previous(f->registry, &previous));
    g_assert_cmpint(kw_model_version_cmp(previous, versions[2]), ==, 0);

    /* killed between the line and the switch */
    history = g_build_filename(f->root, KW_REGISTRY_FOLDER, "boost", "history", NULL);
    file = g_fopen(history, "ae");
    g_assert_cmpint(fprintf(file, "%d v1.1.0\n", 7), >, 0);
    g_assert_cmpint(fclose(file), ==, 0);
    expect_promoted(f, 0);
    g_assert_true(kw_registry_get_previous(f->registry, &previous));
    g_assert_cmpint(kw_model_version_cmp(previous, versions[2]), ==, 0);
}

static void
expect_previous(Fixture *f, KwModelVersion version)
{
    KwModelVersion previous = {0};

    g_assert_true(kw_registry_get_previous(f->registry, &previous));
    g_assert_cmpint(kw_model_version_cmp(previous, version), ==, 0);
}

/* A switch that fails behind its line in the history, and one that a kill prevents: the version
 * has never been in use, whatever is promoted later. */
static void
test_half_promotion(Fixture *f, gconstpointer data)
{
    g_autofree gchar *blocked = NULL;
    KwModelVersion versions[3];

    for (guint i = 0; i < 3; i++)
        versions[i] = kw_model_rig_add(&f->rig, f->registry);
    blocked = g_strdup_printf("%s/%s/boost/.link-%d", f->root, KW_REGISTRY_FOLDER, getpid());
    for (guint i = 0; i < 2; i++) { /* before there is any, and from the first one */
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(g_mkdir(blocked, 0700), ==, 0);
        g_assert_false(
            kw_registry_promote(f->registry, versions[1], KW_PROMOTE_GATED, NOW, &error));
        g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_IO);
        g_assert_cmpint(kw_registry_get_promoted_us(f->registry, versions[1]), ==, 0);
        g_assert_cmpint(g_rmdir(blocked), ==, 0);
        if (i == 0)
            g_assert_true(
                kw_registry_promote(f->registry, versions[0], KW_PROMOTE_GATED, NOW, NULL));
    }
    expect_promoted(f, 0);
    g_assert_true(kw_registry_promote(f->registry, versions[2], KW_PROMOTE_GATED, NOW, NULL));
    expect_previous(f, versions[0]);
    g_assert_false(kw_registry_rollback(f->registry, versions[1], NOW, NULL));
    g_assert_true(kw_registry_rollback(f->registry, versions[0], NOW, NULL));
    g_assert_true(kw_registry_promote(f->registry, versions[1], KW_PROMOTE_GATED, NOW, NULL));
    expect_previous(f, versions[0]);
}

static void
test_refuses_by_facts(Fixture *f, gconstpointer data)
{
    KwModelVersion version;

    promote_first(f);
    f->rig.facts.passed_gate = FALSE;
    version = kw_model_rig_add(&f->rig, f->registry);
    expect_refused(f, version, KW_MODEL_REFUSAL_GATE);
    f->rig.facts.passed_gate = TRUE;
    g_free(f->rig.facts.source);
    f->rig.facts.source = g_strdup("synthetic");
    version = kw_model_rig_add(&f->rig, f->registry);
    expect_refused(f, version, KW_MODEL_REFUSAL_SYNTHETIC); /* F56 */
    g_assert_false(kw_registry_promote(f->registry, version, KW_PROMOTE_UNGATED, NOW, NULL));
    expect_refused(f, (KwModelVersion){9, 0, 0}, KW_MODEL_REFUSAL_ABSENT);
}

/* F55: every file of a version, missing, cut off and with one bit turned */
static void
test_damaged_files(Fixture *f, gconstpointer data)
{
    KwModelVersion version;
    g_autofree gchar *folder = NULL;
    g_autoptr(GDir) dir = NULL;
    const gchar *name;
    guint n_files = 0;

    promote_first(f);
    version = kw_model_rig_add(&f->rig, f->registry);
    folder = kw_registry_dup_path(f->registry, version);
    dir = g_dir_open(folder, 0, NULL);
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *path = g_build_filename(folder, name, NULL);
        g_autofree gchar *text = NULL;
        gsize length = 0;
        KwModelRefusal code = g_str_equal(name, KW_MODEL_FOLDER_MANIFEST)
                                  ? KW_MODEL_REFUSAL_MANIFEST
                                  : KW_MODEL_REFUSAL_HASH;

        g_test_message("%s", name);
        n_files++;
        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
        g_assert_cmpint(g_unlink(path), ==, 0);
        expect_refused(f, version, code);
        if (length == 0)
            g_assert_true(g_file_set_contents(path, "x", 1, NULL));
        else
            g_assert_true(g_file_set_contents(path, text, (gssize) length - 1, NULL));
        expect_refused(f, version, code);
        g_assert_true(g_file_set_contents(path, text, (gssize) length, NULL));
    }
    g_assert_cmpuint(n_files, ==, 11);
    g_assert_true(kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, NOW, NULL));
}

/* Changes @part of @file and lists the new hash: damage that only a look inside finds */
static KwModelVersion
add_changed(Fixture *f, const gchar *file, const gchar *part, const gchar *replacement)
{
    KwModelVersion version = kw_model_rig_add(&f->rig, f->registry);
    g_autofree gchar *folder = kw_registry_dup_path(f->registry, version);
    g_autofree gchar *path = g_build_filename(folder, file, NULL);
    g_autofree gchar *list = g_build_filename(folder, KW_MODEL_FOLDER_MANIFEST, NULL);
    g_autofree gchar *text = NULL;
    g_autofree gchar *manifest = NULL;
    g_autofree gchar *before = NULL;
    g_autofree gchar *after = NULL;
    g_autoptr(GString) changed = NULL;
    g_autoptr(GString) listed = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_true(g_file_get_contents(list, &manifest, NULL, NULL));
    changed = g_string_new(text);
    g_assert_cmpuint(g_string_replace(changed, part, replacement, 1), ==, 1);
    before = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    after = g_compute_checksum_for_string(G_CHECKSUM_SHA256, changed->str, -1);
    listed = g_string_new(manifest);
    g_assert_cmpuint(g_string_replace(listed, before, after, 1), ==, 1);
    g_assert_true(g_file_set_contents(path, changed->str, -1, NULL));
    g_assert_true(g_file_set_contents(list, listed->str, -1, NULL));
    return version;
}

static void
test_wrong_contents(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *file, *part, *replacement;
        KwModelRefusal code;
    } rows[] = {
        {"model.json", "\"num_feature\":\"1\"", "\"num_feature\":\"2\"",
         KW_MODEL_REFUSAL_FEATURES},
        {"features.ini", "rsi_14", "rsi_14, rsi_7", KW_MODEL_REFUSAL_FEATURES},
        {"model.json", "\"base_score\":\"0\"", "\"base_score\":\"[0]\"",
         KW_MODEL_REFUSAL_FORMAT},
        {"model.json", "\"base_score\":\"0\"", "\"base_score\":\"0.5\"",
         KW_MODEL_REFUSAL_PROBE}, /* what an older library makes of a newer file */
        {"model.json", "conditions\":[0,", "conditions\":[0.5,",
         KW_MODEL_REFUSAL_PROBE}, /* F90 */
        {"scaler.json", "50.0", "51.0", KW_MODEL_REFUSAL_PROBE},
        {"scaler.json", "50.0", "1e999", KW_MODEL_REFUSAL_FORMAT},
        {"calibration.json", "none", "magic", KW_MODEL_REFUSAL_FORMAT},
        {"facts.json", "\"n_rows\"", "\"rows\"", KW_MODEL_REFUSAL_FORMAT},
        {"probes.json", "\"out\"", "\"aut\"", KW_MODEL_REFUSAL_FORMAT},
    };

    promote_first(f);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s: %s", rows[i].file, rows[i].replacement);
        expect_refused(f, add_changed(f, rows[i].file, rows[i].part, rows[i].replacement),
                       rows[i].code);
    }
}

/* A model that gives no number for its own rows is not even added */
static void
test_nan_is_not_added(Fixture *f, gconstpointer data)
{
    g_auto(KwModelRig) broken = {0};
    g_autoptr(GArray) versions = NULL;
    KwModelVersion version;

    promote_first(f);
    kw_model_rig_init(&broken, 3e38, 3e38);
    g_bytes_unref(broken.model);
    {
        static const gchar model[] =
            "{\"learner\":{\"objective\":{\"name\":\"reg:squarederror\"},"
            "\"learner_model_param\":{\"base_score\":\"3e38\",\"num_class\":\"0\","
            "\"num_feature\":\"1\"},\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{"
            "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\"},\"trees\":["
            "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],"
            "\"split_conditions\":[3e38],\"default_left\":[0],\"split_type\":[0]}]}}}}";

        broken.model = g_bytes_new_static(model, sizeof model - 1);
        broken.parts.model = broken.model;
    }
    {
        g_autoptr(GError) error = NULL;

        g_assert_false(kw_registry_add(f->registry, &broken.parts, &version, &error));
        g_assert_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_NAN);
    }
    versions = kw_registry_list(f->registry);
    g_assert_cmpuint(versions->len, ==, 1);
}

static void
test_prune(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) versions = NULL;
    g_autofree gchar *stray = g_build_filename(f->root, "models", "boost", ".new-1", NULL);

    promote_first(f);
    for (guint i = 0; i < 4; i++)
        (void) kw_model_rig_add(&f->rig, f->registry);
    g_assert_true(kw_registry_promote(f->registry, (KwModelVersion){1, 1, 0}, KW_PROMOTE_GATED,
                                      NOW, NULL));
    g_assert_cmpint(g_mkdir(stray, 0700), ==, 0);
    g_assert_cmpuint(kw_registry_prune(f->registry, 1), ==, 2);
    versions = kw_registry_list(f->registry);
    g_assert_cmpuint(versions->len, ==, 3); /* promoted, previous, newest */
    g_assert_false(g_file_test(stray, G_FILE_TEST_EXISTS));
}

/* Both versions that two rollbacks in a row would name stay, and what is gone is not named. */
static void
test_prune_leaves_line(Fixture *f, gconstpointer data)
{
    KwModelVersion versions[5], previous;

    for (guint i = 0; i < G_N_ELEMENTS(versions); i++) {
        versions[i] = kw_model_rig_add(&f->rig, f->registry);
        if (i < 4)
            g_assert_true(
                kw_registry_promote(f->registry, versions[i], KW_PROMOTE_GATED, NOW, NULL));
    }
    g_assert_cmpuint(kw_registry_prune(f->registry, 1), ==, 1); /* the first */
    for (guint i = 3; i > 1; i--) {
        expect_previous(f, versions[i - 1]);
        g_assert_true(kw_registry_rollback(f->registry, versions[i - 1], NOW, NULL));
    }
    expect_promoted(f, 1);
    g_assert_false(kw_registry_get_previous(f->registry, &previous));
}

/* In a child: adds a second model and promotes it, and is killed somewhere in it. */
static void
work_until_killed(Fixture *f)
{
    KwModelVersion version;

    if (kw_registry_add(f->registry, &f->rig.parts, &version, NULL))
        (void) kw_registry_promote(f->registry, version, KW_PROMOTE_GATED, NOW, NULL);
    _exit(0);
}

/* The promoted model can be loaded, and so can every version in sight. */
static void
expect_all_usable(Fixture *f)
{
    g_autoptr(KwModel) promoted = kw_registry_load_promoted(f->registry, NULL);
    g_autoptr(GArray) versions = kw_registry_list(f->registry);

    g_assert_nonnull(promoted);
    for (guint j = 0; j < versions->len; j++) {
        g_autofree gchar *path =
            kw_registry_dup_path(f->registry, g_array_index(versions, KwModelVersion, j));
        g_autoptr(KwModel) model = kw_model_load(path, NULL);

        g_assert_nonnull(model);
    }
}

/* SIGKILL at any time */
static void
test_killed(Fixture *f, gconstpointer data)
{
    promote_first(f);
    for (guint i = 0; i < 40; i++) {
        pid_t child = fork();

        if (child == 0)
            work_until_killed(f);
        g_usleep((gulong) g_test_rand_int_range(0, 20000));
        (void) kill(child, SIGKILL);
        g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
        expect_all_usable(f);
        (void) kw_registry_prune(f->registry, 2);
    }
}

/* Adds and promotes in a child that is killed on the way into call @kill_at; 0: never.
 * Returns: calls that it made; 0 when tracing is not permitted here */
static guint
run_traced(Fixture *f, guint kill_at)
{
    guint n_calls = 0;
    gchar byte = 0;
    int go[2], status = 0;
    pid_t child;

    g_assert_cmpint(pipe(go), ==, 0);
    child = fork();
    if (child == 0) {
        if (read(go[0], &byte, 1) == 1)
            work_until_killed(f);
        _exit(1);
    }
    if (kw_tracer_seize(child)) {
        g_assert_cmpint(write(go[1], &byte, 1), ==, 1);
        n_calls = kw_tracer_run(child, kill_at, &status);
    } else {
        (void) kill(child, SIGKILL);
        (void) waitpid(child, NULL, 0);
    }
    (void) close(go[0]);
    (void) close(go[1]);
    return n_calls;
}

/* SIGKILL before each system call of adding and promoting, or before some of them: what is in
 * use is the old model, or the new one as a whole; and the next training gets through. */
static void
test_killed_at_calls(Fixture *f, gconstpointer data)
{
    guint n_calls, step, n_old = 0, n_new = 0;
    KwModelVersion before, after;

    promote_first(f);
    n_calls = run_traced(f, 0);
    if (n_calls == 0) {
        g_test_skip("tracing is not permitted here");
        return;
    }
    step = g_test_thorough() ? 1 : MAX(n_calls / MAX_KILLS, 1);
    for (guint i = 1 + (guint) g_test_rand_int_range(0, (gint32) step); i <= n_calls;
         i += step) {
        g_test_message("call %u of %u", i, n_calls);
        g_assert_true(kw_registry_get_promoted(f->registry, &before));
        (void) run_traced(f, i);
        expect_all_usable(f);
        g_assert_true(kw_registry_get_promoted(f->registry, &after));
        if (kw_model_version_cmp(before, after) == 0)
            n_old++;
        else
            n_new++;
        (void) kw_registry_prune(f->registry, 2);
    }
    g_assert_cmpuint(n_old, >, n_new); /* most calls come before the switch */
    g_assert_true(kw_registry_get_promoted(f->registry, &before));
    (void) run_traced(f, 0);
    g_assert_true(kw_registry_get_promoted(f->registry, &after));
    g_assert_cmpint(kw_model_version_cmp(after, before), >, 0);
}

/* A disk that is full from some byte on, stood for by the limit on the size of a file */
static void
test_full_disk(Fixture *f, gconstpointer data)
{
    static const rlim_t sizes[] = {0, 100, 400, 1000, 1300};

    promote_first(f);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GArray) versions = NULL;
        pid_t child = fork();
        int status = 0;

        if (child == 0) {
            struct rlimit limit = {sizes[i], sizes[i]};
            KwModelVersion version;
            g_autoptr(GError) error = NULL;

            (void) signal(SIGXFSZ, SIG_IGN);
            (void) setrlimit(RLIMIT_FSIZE, &limit);
            _exit(kw_registry_add(f->registry, &f->rig.parts, &version, &error) ||
                  !g_error_matches(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_IO));
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_cmpint(status, ==, 0);
        versions = kw_registry_list(f->registry);
        g_assert_cmpuint(versions->len, ==, 1);
        expect_promoted(f, 0);
    }
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/registry/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    g_test_add_func("/model/registry/versions", test_versions);
    ADD("predicts", test_predicts);
    ADD("rollback-drill", test_rollback_drill);
    ADD("line", test_line);
    ADD("half-promotion", test_half_promotion);
    ADD("refuses-by-facts", test_refuses_by_facts);
    ADD("damaged-files", test_damaged_files);
    ADD("wrong-contents", test_wrong_contents);
    ADD("nan-is-not-added", test_nan_is_not_added);
    ADD("prune", test_prune);
    ADD("prune-leaves-line", test_prune_leaves_line);
    ADD("killed", test_killed);
    ADD("killed-at-calls", test_killed_at_calls);
    ADD("full-disk", test_full_disk);
    return g_test_run();
}
