/* A training in a process of its own; this program is its own worker */
#include "kw-train-job.h"

#include "kw-error.h"
#include "kw-model-data.h"
#include "kw-test.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

typedef struct {
    gchar *folder;
    KwMatrix *train, *valid;
    KwBoosterParams params;
    KwTrainJob job;
    guint n_rounds, cancel_at;
    guint first;
    gboolean is_ready;
} Fixture;

static KwBoosterDecision
on_round(const KwBoosterRound *round, gpointer user_data)
{
    Fixture *f = user_data;

    if (f->n_rounds == 0)
        f->first = round->round;
    f->n_rounds++;
    return f->n_rounds == f->cancel_at ? KW_BOOSTER_CANCEL : KW_BOOSTER_GO_ON;
}

static void
set_up(Fixture *f, gconstpointer data)
{
    KwXgb xgb;

    f->is_ready = kw_model_data_open(&xgb);
    f->folder = kw_test_tmp_dir_new();
    f->train = kw_model_data_new(600, 6, 1, KW_OBJECTIVE_REGRESSION);
    f->valid = kw_model_data_new(200, 6, 2, KW_OBJECTIVE_REGRESSION);
    f->params = kw_model_data_params(KW_OBJECTIVE_REGRESSION);
    f->params.n_rounds = 75;
    f->job = (KwTrainJob){.folder = f->folder,
                          .program = "/proc/self/exe",
                          .train = f->train,
                          .valid = f->valid,
                          .params = &f->params,
                          .on_round = on_round,
                          .user_data = f};
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_matrix_free(f->train);
    kw_matrix_free(f->valid);
    kw_test_tmp_dir_free(f->folder);
}

static gboolean
has_file(Fixture *f, const gchar *name)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* F58: cancelled in the middle, nothing but a checkpoint is there; the next run goes on from
 * it and gives the bytes of a straight one. */
static void
test_interrupted(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) straight = NULL;
    g_autoptr(GBytes) resumed = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GError) error = NULL;
    KwBoosterRound best = {0}, same = {0};
    g_autofree gchar *model = g_build_filename(f->folder, KW_TRAIN_JOB_MODEL, NULL);
    g_autofree gchar *checkpoint = g_build_filename(f->folder, KW_TRAIN_JOB_CHECKPOINT, NULL);

    if (!f->is_ready)
        return;
    straight = kw_train_job_run(&f->job, &best, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(f->n_rounds, ==, 75);
    g_assert_cmpuint(best.best, >, 0);
    g_assert_cmpint(remove(model), ==, 0);
    g_assert_cmpint(remove(checkpoint), ==, 0);

    f->n_rounds = 0;
    f->cancel_at = 30;
    g_assert_null(kw_train_job_run(&f->job, NULL, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED);
    g_clear_error(&error);
    g_assert_true(has_file(f, KW_TRAIN_JOB_CHECKPOINT));
    g_assert_false(has_file(f, KW_TRAIN_JOB_MODEL));

    f->n_rounds = f->cancel_at = 0;
    resumed = kw_train_job_run(&f->job, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(f->first, >=, KW_TRAIN_JOB_EVERY);
    g_assert_true(g_bytes_equal(straight, resumed));

    /* killed after the last checkpoint: no round is left to do, and the best is known all the
     * same */
    f->n_rounds = 0;
    again = kw_train_job_run(&f->job, &same, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(f->n_rounds, ==, 0);
    g_assert_true(g_bytes_equal(straight, again));
    g_assert_cmpuint(same.best, ==, best.best);
    g_assert_cmpfloat(same.valid, ==, best.valid);
}

/* Other rows are another job: the checkpoint is not for them */
static void
test_other_rows(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) first = NULL;
    g_autoptr(GBytes) second = NULL;
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
    first = kw_train_job_run(&f->job, NULL, &error);
    f->train->labels[5] += 0.1f;
    f->n_rounds = 0;
    second = kw_train_job_run(&f->job, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(f->n_rounds, ==, 75);
    g_assert_false(g_bytes_equal(first, second));
}

static void
test_no_memory(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    if (!f->is_ready)
        return;
    f->job.max_bytes = 4 * 1024 * 1024;
    g_assert_null(kw_train_job_run(&f->job, NULL, &error));
    g_assert_nonnull(error);
    g_assert_false(has_file(f, KW_TRAIN_JOB_MODEL));
}

/* A disk that is full from some byte on, stood for by the limit on the size of a file: in the
 * rows, in the checkpoint, in the model. None is half there, and with room it goes on. */
static void
test_full_disk(Fixture *f, gconstpointer data)
{
    static const rlim_t sizes[] = {0, 1000, 20000, 40000};
    struct rlimit usual = {0};
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GBytes) straight = NULL;
    guint n_begun = 0;

    if (!f->is_ready)
        return;
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &usual), ==, 0);
    (void) signal(SIGXFSZ, SIG_IGN);
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct rlimit limit = {sizes[i], usual.rlim_max};
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        g_assert_null(kw_train_job_run(&f->job, NULL, &error));
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &usual), ==, 0);
        g_test_message("%u bytes: %s", (guint) sizes[i], error->message);
        g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO);
        g_assert_false(has_file(f, KW_TRAIN_JOB_MODEL));
        n_begun += has_file(f, "job.json");
    }
    g_assert_cmpuint(n_begun, >, 0); /* at least one came to the trees */
    model = kw_train_job_run(&f->job, NULL, NULL);
    f->params.seed++;
    straight = kw_train_job_run(&f->job, NULL, NULL);
    f->params.seed--;
    g_clear_pointer(&straight, g_bytes_unref);
    straight = kw_train_job_run(&f->job, NULL, NULL); /* another job was between: from new */
    g_assert_true(g_bytes_equal(model, straight));
}

static void
test_no_folder(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->job.folder = "/proc/nothing/here";
    g_assert_null(kw_train_job_run(&f->job, NULL, &error));
    g_assert_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO);
}

#define ADD(path, function)                                                                    \
    g_test_add("/model/train-job/" path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_equal(argv[1], "train") && g_str_equal(argv[2], "--worker"))
        return kw_train_job_work(argv[3], NULL) ? 0 : 1;
    g_test_init(&argc, &argv, NULL);
    ADD("interrupted", test_interrupted);
    ADD("other-rows", test_other_rows);
    ADD("no-memory", test_no_memory);
    ADD("full-disk", test_full_disk);
    ADD("no-folder", test_no_folder);
    return g_test_run();
}
