/* kw-train-job.c: parent and worker of a training
 *
 * The worker is the same program under another verb, not a fork: the parent may have threads
 * and open databases. They share a folder, not a socket: what is needed to go on after a kill
 * must be in files anyway. The worker reports on its standard output, a line per round, and a
 * line "error CODE TEXT" before it fails.
 *
 * Memory is limited by RLIMIT_DATA: RLIMIT_AS would count address space that OpenMP and the
 * allocator reserve and never touch. Spinning at OpenMP's barriers is switched off, because on
 * a small machine it triples the time of everybody else. */
#include "kw-train-job.h"

#include "kw-background.h"
#include "kw-error.h"
#include "kw-json.h"

#include <glib/gstdio.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define FILE_JOB "job.json"
#define FILE_TRAIN "train.rows"
#define FILE_VALID "valid.rows"
#define ERROR_WORD "error "
#define ROUND_WORD "round"
#define END_WORD "end" /* the best round, also when there was none left to do */

/* -- the folder -- */

static gchar *
path_of(const gchar *folder, const gchar *name)
{
    return g_build_filename(folder, name, NULL);
}

/* (transfer full): parameters, limits and hashes of the rows: same text, same job */
static gchar *
describe(const KwTrainJob *job)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *train = kw_matrix_dup_hash(job->train);
    g_autofree gchar *valid = kw_matrix_dup_hash(job->valid);

    json_builder_begin_object(builder);
    kw_booster_params_add_to(job->params, builder);
    kw_json_add_string(builder, "train_hash", train);
    kw_json_add_string(builder, "valid_hash", valid);
    kw_json_add_int(builder, "checkpoint_every", KW_TRAIN_JOB_EVERY);
    kw_json_add_int(builder, "max_bytes", (gint64) job->max_bytes);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static gboolean
io_failed(GError **error, GError *cause)
{
    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO, "%s", cause->message);
    g_error_free(cause);
    return FALSE;
}

static gboolean
write_whole(const gchar *path, GBytes *bytes, GError **error)
{
    gsize length = 0;
    const gchar *data = g_bytes_get_data(bytes, &length);
    GError *cause = NULL;

    if (g_file_set_contents_full(path, data, (gssize) length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &cause))
        return TRUE;
    return io_failed(error, cause);
}

/* Rows and description; what another job left is removed first, the description last */
static gboolean
prepare(const KwTrainJob *job, GError **error)
{
    g_autofree gchar *text = describe(job);
    g_autofree gchar *job_path = path_of(job->folder, FILE_JOB);
    g_autofree gchar *train_path = path_of(job->folder, FILE_TRAIN);
    g_autofree gchar *valid_path = path_of(job->folder, FILE_VALID);
    g_autofree gchar *checkpoint = path_of(job->folder, KW_TRAIN_JOB_CHECKPOINT);
    g_autofree gchar *model = path_of(job->folder, KW_TRAIN_JOB_MODEL);
    g_autofree gchar *before = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    GError *cause = NULL;

    if (g_mkdir_with_parents(job->folder, 0700) != 0) {
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_IO, "%s cannot be made", job->folder);
        return FALSE;
    }
    (void) g_unlink(model);
    if (g_file_get_contents(job_path, &before, NULL, NULL) && g_str_equal(before, text))
        return TRUE;
    (void) g_unlink(job_path);
    (void) g_unlink(checkpoint);
    if (!kw_matrix_write(job->train, train_path, &cause) ||
        !kw_matrix_write(job->valid, valid_path, &cause))
        return io_failed(error, cause);
    return write_whole(job_path, bytes, error);
}

/* -- the parent -- */

/* "error 5 text" of the worker */
static void
take_error(const gchar *line, GError **error)
{
    gchar *end = NULL;
    guint64 code = g_ascii_strtoull(line + strlen(ERROR_WORD), &end, 10);

    g_clear_error(error);
    g_set_error(error, KW_MODEL_ERROR, (gint) MIN(code, KW_MODEL_ERROR_IO), "%s",
                g_strstrip(end));
}

/* @word: what the line begins with */
static gboolean
read_round(const gchar *line, const gchar *word, KwBoosterRound *out)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint64 round = 0, best = 0;

    if (g_strv_length(words) != 5 || !g_str_equal(words[0], word) ||
        !g_ascii_string_to_unsigned(words[1], 10, 0, G_MAXINT32, &round, NULL) ||
        !g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXINT32, &best, NULL))
        return FALSE;
    *out = (KwBoosterRound){.round = (guint) round,
                            .best = (guint) best,
                            .train = g_ascii_strtod(words[3], NULL),
                            .valid = g_ascii_strtod(words[4], NULL)};
    return TRUE;
}

/* Reads the worker's lines to their end. @out_best: the round that was best */
static void
follow(const KwTrainJob *job, GSubprocess *worker, KwBoosterRound *out_best, GError **error)
{
    g_autoptr(GDataInputStream) lines =
        g_data_input_stream_new(g_subprocess_get_stdout_pipe(worker));

    for (;;) {
        g_autofree gchar *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
        KwBoosterRound round;

        if (line == NULL)
            return;
        if (g_str_has_prefix(line, ERROR_WORD)) {
            take_error(line, error);
            continue;
        }
        if (read_round(line, END_WORD, &round))
            *out_best = round;
        if (!read_round(line, ROUND_WORD, &round))
            continue;
        if (job->on_round != NULL && job->on_round(&round, job->user_data) == KW_BOOSTER_CANCEL)
            g_subprocess_send_signal(worker, SIGTERM);
    }
}

static gboolean
run_worker(const KwTrainJob *job, KwBoosterRound *out_best, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr(GSubprocess) worker = NULL;
    g_autoptr(GError) told = NULL;
    GError *cause = NULL;

    g_subprocess_launcher_setenv(launcher, "OMP_WAIT_POLICY", "passive", TRUE);
    worker = g_subprocess_launcher_spawn(launcher, &cause, job->program, "train", "--worker",
                                         job->folder, NULL);
    if (worker == NULL)
        return io_failed(error, cause);
    follow(job, worker, out_best, &told);
    (void) g_subprocess_wait(worker, NULL, NULL);
    if (g_subprocess_get_successful(worker))
        return TRUE;
    if (told != NULL)
        g_propagate_error(error, g_steal_pointer(&told));
    else if (g_subprocess_get_if_signaled(worker))
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING,
                    "the worker was ended by signal %d", g_subprocess_get_term_sig(worker));
    else
        g_set_error_literal(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING,
                            "the worker failed and did not say why");
    return FALSE;
}

GBytes *
kw_train_job_run(const KwTrainJob *job, KwBoosterRound *out_best, GError **error)
{
    g_autofree gchar *path = path_of(job->folder, KW_TRAIN_JOB_MODEL);
    KwBoosterRound best = {0};
    gchar *content = NULL;
    gsize length = 0;
    GError *cause = NULL;

    if (!kw_booster_params_check(job->params, error) || !kw_matrix_check(job->train, error) ||
        !kw_matrix_check(job->valid, error) || !prepare(job, error) ||
        !run_worker(job, &best, error))
        return NULL;
    if (!g_file_get_contents(path, &content, &length, &cause)) {
        (void) io_failed(error, cause);
        return NULL;
    }
    if (out_best != NULL)
        *out_best = best;
    return g_bytes_new_take(content, length);
}

/* -- the worker -- */

typedef struct {
    const gchar *checkpoint; /* path, borrowed */
    sigset_t signals;        /* that ask to stop */
} Worker;

static void
say_round(const gchar *word, const KwBoosterRound *round)
{
    (void) fprintf(stdout, "%s %u %u %.9g %.9g\n", word, round->round, round->best,
                   round->train, round->valid);
    (void) fflush(stdout); /* a pipe is not line by line by itself */
}

static KwBoosterDecision
on_round(const KwBoosterRound *round, gpointer user_data)
{
    Worker *worker = user_data;
    const struct timespec at_once = {0};

    say_round(ROUND_WORD, round);
    return sigtimedwait(&worker->signals, NULL, &at_once) > 0 ? KW_BOOSTER_CANCEL
                                                              : KW_BOOSTER_GO_ON;
}

static gboolean
on_checkpoint(GBytes *state, gpointer user_data, GError **error)
{
    return write_whole(((Worker *) user_data)->checkpoint, state, error);
}

/* (transfer full): the job's description */
static JsonNode *
read_job(const gchar *folder, GError **error)
{
    g_autofree gchar *path = path_of(folder, FILE_JOB);
    g_autofree gchar *text = NULL;
    GError *cause = NULL;

    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        (void) io_failed(error, cause);
        return NULL;
    }
    return kw_json_parse_text(text, -1, error);
}

static void
limit_process(Worker *worker, gint64 max_bytes)
{
    struct rlimit limit = {(rlim_t) max_bytes, (rlim_t) max_bytes};

    kw_background_enter();
    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (max_bytes > 0)
        (void) setrlimit(RLIMIT_DATA, &limit);
    (void) sigemptyset(&worker->signals);
    (void) sigaddset(&worker->signals, SIGTERM);
    (void) sigaddset(&worker->signals, SIGINT);
    (void) sigprocmask(SIG_BLOCK, &worker->signals, NULL); /* before OpenMP makes threads */
}

static KwMatrix *
map_rows(const gchar *folder, const gchar *name, GError **error)
{
    g_autofree gchar *path = path_of(folder, name);

    return kw_matrix_map(path, error);
}

static gboolean
train(const gchar *folder, Worker *worker, const KwBoosterParams *params, GError **error)
{
    g_autoptr(KwMatrix) rows = map_rows(folder, FILE_TRAIN, error);
    g_autoptr(KwMatrix) valid = rows == NULL ? NULL : map_rows(folder, FILE_VALID, error);
    g_autofree gchar *path = path_of(folder, KW_TRAIN_JOB_MODEL);
    g_autoptr(GBytes) checkpoint = NULL;
    g_autoptr(GBytes) model = NULL;
    KwBoosterJob job = {.train = rows,
                        .valid = valid,
                        .params = params,
                        .checkpoint_every = KW_TRAIN_JOB_EVERY,
                        .on_round = on_round,
                        .on_checkpoint = on_checkpoint,
                        .user_data = worker};
    KwBoosterRound best = {0};
    gchar *state = NULL;
    gsize length = 0;
    KwXgb xgb;

    if (valid == NULL || !kw_xgb_open(&xgb, error))
        return FALSE;
    if (g_file_get_contents(worker->checkpoint, &state, &length, NULL))
        job.checkpoint = checkpoint = g_bytes_new_take(state, length);
    model = kw_booster_train(&xgb, &job, &best, error);
    if (model == NULL || !write_whole(path, model, error))
        return FALSE;
    say_round(END_WORD, &best);
    return TRUE;
}

gboolean
kw_train_job_work(const gchar *folder, GError **error)
{
    g_autofree gchar *checkpoint = path_of(folder, KW_TRAIN_JOB_CHECKPOINT);
    Worker worker = {.checkpoint = checkpoint};
    g_autoptr(JsonNode) root = NULL;
    g_autoptr(GError) cause = NULL;
    KwBoosterParams params;
    gint64 max_bytes = 0;
    JsonObject *object;

    root = read_job(folder, &cause);
    object = root == NULL ? NULL : kw_json_root_object(root, &cause);
    if (object != NULL && kw_booster_params_read(object, &params, &cause) &&
        kw_json_get_int(object, "max_bytes", &max_bytes, &cause)) {
        limit_process(&worker, max_bytes);
        if (train(folder, &worker, &params, &cause))
            return TRUE;
    }
    (void) fprintf(stdout, ERROR_WORD "%d %s\n",
                   cause->domain == KW_MODEL_ERROR ? cause->code : KW_MODEL_ERROR_FORMAT,
                   cause->message);
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
}
