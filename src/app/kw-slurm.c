/* kw-slurm.c: a job array of Slurm that runs trials
 *
 * One array serves the whole search: an array for each batch would wait in the queue of the
 * cluster each time. Its tasks are this program with the same options; the candles are read
 * once by each, and what they do comes through the shared folder (kw-trial-post.h). sbatch is
 * given words, and the script repeats them as they are: no shell ever reads what the user has
 * typed. A task that ends before the search does is an error with its log and not silently
 * replaced: what has killed one kills the next. Results so far are in --file.
 *
 * A search that is killed cannot cancel its array. The folder therefore names the job, and a
 * lock in it lives as long as the search: the next search with the same shared folder clears
 * what has no holder any more. */
#include "kw-slurm.h"

#include "kw-clock.h"
#include "kw-error.h"
#include "kw-escape.h"
#include "kw-i18n.h"
#include "kw-lock-file.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PAUSE_MS 100
#define LOOK_US (2 * G_USEC_PER_SEC) /* between looks at the queue */
#define MAX_DEAF 5                   /* looks in a row that gave nothing */
#define MAX_TOLD 600                 /* bytes of a log or of what a tool says */
#define N_CLEAR 30                   /* tries, while tasks end */
#define PREFIX "kurswart-slurm-"
#define FILE_JOB "job"
#define MAX_LEFT 64 /* folders that are looked at */

static const gchar script[] = "#!/bin/sh\n"
                              "# kurswart: one task; what it says goes to a log of its own\n"
                              "folder=$1\n"
                              "shift\n"
                              "exec \"$@\" >\"$folder/task-$SLURM_ARRAY_TASK_ID.log\" 2>&1\n";

struct _KwSlurm {
    gchar *shared;     /* owned */
    gchar **words;     /* owned */
    gchar *header;     /* owned */
    gchar *folder;     /* owned; NULL before the start */
    KwLockFile *lock;  /* owned; in the folder */
    gchar *job;        /* owned; number of the array; NULL before the start */
    KwTrialPost *post; /* owned; NULL before the start */
    guint n_tasks, n_params, n_deaf;
    gint signals; /* of signalfd(); -1 before the start */
    sigset_t before;
    gboolean keeps_folder, has_said_wait;
    gint64 looked_us;
};

KwSlurm *
kw_slurm_new(const gchar *shared,
             const gchar *const *words,
             guint n_tasks,
             const gchar *header,
             guint n_params)
{
    KwSlurm *self = g_new0(KwSlurm, 1);

    self->shared = g_canonicalize_filename(shared, NULL);
    self->words = g_strdupv((gchar **) words);
    self->header = g_strdup(header);
    self->n_tasks = n_tasks;
    self->n_params = n_params;
    self->signals = -1;
    return self;
}

/* -- the tools of Slurm -- */

static gboolean
fail(GError **error, const gchar *what, const gchar *told)
{
    g_autofree gchar *text = g_strstrip(g_strdup(told));
    g_autofree gchar *safe = kw_escape_bytes(text, -1, MAX_TOLD);

    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "%s: %s", what, safe);
    return FALSE;
}

/* (transfer full): what the tool prints; %NULL when it cannot be run or is not content */
static gchar *
run_tool(const gchar *const *words, GError **error)
{
    g_autofree gchar *out = NULL;
    g_autofree gchar *told = NULL;
    g_autoptr(GError) inner = NULL;
    g_autoptr(GSubprocess) tool = g_subprocess_newv(
        words, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &inner);

    if (tool == NULL || !g_subprocess_communicate_utf8(tool, NULL, NULL, &out, &told, &inner)) {
        (void) fail(error, words[0], inner->message);
        return NULL;
    }
    if (!g_subprocess_get_successful(tool)) {
        (void) fail(error, words[0], told);
        return NULL;
    }
    return g_steal_pointer(&out);
}

/* -- folders -- */

static void
remove_files(const gchar *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *path = g_build_filename(folder, name, NULL);

        (void) g_unlink(path);
    }
}

/* Tasks that are about to end may still write. */
static void
clear_folder(const gchar *folder)
{
    for (guint i = 0; i < N_CLEAR; i++) {
        remove_files(folder);
        if (g_rmdir(folder) == 0)
            return;
        (void) poll(NULL, 0, PAUSE_MS);
    }
    g_printerr(_("kurswart: the folder %s could not be removed\n"), folder);
}

static void
cancel(const gchar *job)
{
    const gchar *const words[] = {"scancel", "--quiet", job, NULL};
    g_autoptr(GError) error = NULL;
    g_autofree gchar *out = run_tool(words, &error);

    if (out == NULL)
        g_printerr("kurswart: %s\n", error->message);
}

/* A folder of our own, no link, with a lock that nobody holds: one that keeps a log has none */
static gboolean
is_left(const gchar *folder)
{
    g_autofree gchar *path = g_build_filename(folder, KW_LOCK_FILE, NULL);
    GStatBuf info;

    return g_lstat(folder, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == getuid() &&
           g_file_test(path, G_FILE_TEST_EXISTS) && kw_lock_file_get_holder(folder) == 0;
}

static void
clear_left(const gchar *folder)
{
    g_autoptr(KwLockFile) lock = kw_lock_file_take(folder, NULL); /* two may clear */
    g_autofree gchar *path = g_build_filename(folder, FILE_JOB, NULL);
    g_autofree gchar *job = NULL;

    if (lock == NULL)
        return;
    if (g_file_get_contents(path, &job, NULL, NULL) && *job != '\0' &&
        strspn(job, "0123456789") == strlen(job))
        cancel(job);
    g_printerr(
        _("kurswart: a killed search has left %s; it is removed, and its job cancelled\n"),
        folder);
    clear_folder(folder);
}

static void
clear_all_left(const gchar *shared)
{
    g_autoptr(GDir) dir = g_dir_open(shared, 0, NULL);
    const gchar *name;
    guint n = 0;

    while (dir != NULL && n < MAX_LEFT && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *folder = g_build_filename(shared, name, NULL);

        if (!g_str_has_prefix(name, PREFIX))
            continue;
        n++;
        if (is_left(folder))
            clear_left(folder);
    }
}

/* -- the start -- */

static gboolean
make_folder(KwSlurm *self, GError **error)
{
    g_autofree gchar *folder = g_build_filename(self->shared, PREFIX "XXXXXX", NULL);

    if (g_mkdtemp(folder) == NULL)
        return fail(error, self->shared, _("no folder can be made here (--shared)"));
    self->folder = g_steal_pointer(&folder);
    self->lock = kw_lock_file_take(self->folder, error);
    if (self->lock == NULL)
        return FALSE;
    self->post = kw_trial_post_new(self->folder, self->header, self->n_params);
    return TRUE;
}

/* For the search after this one, should it be killed */
static gboolean
note_job(const KwSlurm *self, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->folder, FILE_JOB, NULL);

    return g_file_set_contents(path, self->job, -1, NULL) ||
           fail(error, path, _("cannot be written"));
}

static gboolean
submit(KwSlurm *self, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->folder, "task.sh", NULL);
    g_autofree gchar *array = g_strdup_printf("--array=0-%u", self->n_tasks - 1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    const gchar *const first[] = {"sbatch",
                                  "--parsable",
                                  array,
                                  "--job-name=kurswart-optimize",
                                  "--output=/dev/null",
                                  "--ntasks=1",
                                  "--no-requeue",
                                  path,
                                  self->folder,
                                  NULL};
    const gchar *const last[] = {"--slurm-task", self->folder, NULL};
    g_auto(GStrv) words = NULL;
    g_autofree gchar *out = NULL;

    if (!g_file_set_contents(path, script, -1, NULL))
        return fail(error, path, _("cannot be written"));
    g_strv_builder_addv(builder, (const gchar **) first);
    g_strv_builder_addv(builder, (const gchar **) self->words);
    g_strv_builder_addv(builder, (const gchar **) last);
    words = g_strv_builder_end(builder);
    out = run_tool((const gchar *const *) words, error);
    if (out == NULL)
        return FALSE;
    self->job = g_strndup(out, strspn(out, "0123456789")); /* "12;cluster" */
    if (*self->job == '\0')
        return fail(error, "sbatch", out);
    g_printerr(_("Slurm job %s with %u tasks\n"), self->job, self->n_tasks);
    return note_job(self, error);
}

static void
watch_signals(KwSlurm *self)
{
    sigset_t set;

    (void) sigemptyset(&set);
    (void) sigaddset(&set, SIGINT);
    (void) sigaddset(&set, SIGTERM);
    (void) sigprocmask(SIG_BLOCK, &set, &self->before);
    self->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static gboolean
start(KwSlurm *self, const KwTrial *trials, guint n_trials, GError **error)
{
    g_autofree gchar *sbatch = g_find_program_in_path("sbatch");

    if (sbatch == NULL) {
        g_set_error_literal(
            error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
            _("--engine slurm: there is no sbatch here. It takes a machine of a Slurm cluster "
              "(Debian: slurm-client); --engine local finds the same on this machine alone"));
        return FALSE;
    }
    clear_all_left(self->shared);
    if (!make_folder(self, error))
        return FALSE;
    watch_signals(self);
    self->looked_us = kw_stopwatch_us();
    return kw_trial_post_ask(self->post, trials, n_trials, error) && submit(self, error);
}

/* -- while it runs -- */

static gboolean
fail_task(KwSlurm *self, const gchar *task, const gchar *state, GError **error)
{
    const gchar *number = strrchr(task, '_');
    g_autofree gchar *name = g_strdup_printf("task-%s.log", number != NULL ? number + 1 : "0");
    g_autofree gchar *path = g_build_filename(self->folder, name, NULL);
    g_autofree gchar *text = NULL;
    g_autofree gchar *safe = NULL;
    gsize length = 0;

    self->keeps_folder = g_file_get_contents(path, &text, &length, NULL) && length > 0;
    if (!self->keeps_folder) {
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                    _("task %s of Slurm has ended (%s) and left no log; all machines must see "
                      "the folder %s (--shared) and have kurswart at the same place"),
                    task, state, self->shared);
        return FALSE;
    }
    (void) g_strchomp(text);
    length = strlen(text);
    safe = kw_escape_bytes(text + (length > MAX_TOLD ? length - MAX_TOLD : 0), -1, MAX_TOLD);
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                _("task %s of Slurm has ended (%s); its log %s says: %s"), task, state, path,
                safe);
    return FALSE;
}

static gboolean
is_alive(const gchar *state)
{
    static const gchar *const names[] = {"PENDING",    "RUNNING",      "CONFIGURING",
                                         "COMPLETING", "SUSPENDED",    "REQUEUED",
                                         "RESIZING",   "REQUEUE_HOLD", NULL};

    return g_strv_contains(names, state);
}

/* Lines "12_0 RUNNING" */
static gboolean
check_tasks(KwSlurm *self, GStrv lines, GError **error)
{
    guint n_begun = 0;

    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 2);

        if (g_strv_length(words) < 2)
            continue;
        if (!is_alive(words[1]))
            return fail_task(self, words[0], words[1], error);
        n_begun += strcmp(words[1], "PENDING") != 0;
    }
    if (n_begun == 0 && !self->has_said_wait) {
        self->has_said_wait = TRUE;
        g_printerr("%s\n", _("All tasks are waiting in the queue of the cluster."));
    }
    return TRUE;
}

/* The sign of life, and a look whether the tasks have one */
static gboolean
look(KwSlurm *self, const KwTrial *trials, guint n_trials, GError **error)
{
    const gchar *const words[] = {"squeue",  "--noheader",   "--array",        "--jobs",
                                  self->job, "--states=all", "--format=%i %T", NULL};
    g_autoptr(GError) inner = NULL;
    g_autofree gchar *out = NULL;
    g_auto(GStrv) lines = NULL;

    self->looked_us = kw_stopwatch_us();
    if (!kw_trial_post_ask(self->post, trials, n_trials, error))
        return FALSE;
    out = run_tool(words, &inner);
    if (out == NULL && ++self->n_deaf < MAX_DEAF)
        return TRUE; /* the controller may be starting anew */
    if (out == NULL) {
        g_propagate_error(error, g_steal_pointer(&inner));
        return FALSE;
    }
    self->n_deaf = 0;
    lines = g_strsplit(out, "\n", -1);
    return check_tasks(self, lines, error);
}

/* Waits a moment; %FALSE when the user has had enough */
static gboolean
pause_unless_signal(const KwSlurm *self, GError **error)
{
    struct pollfd fd = {.fd = self->signals, .events = POLLIN};

    if (poll(&fd, 1, PAUSE_MS) <= 0)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                _("stopped; job %s of Slurm is cancelled too"), self->job);
    return FALSE;
}

gboolean
kw_slurm_run(KwTrial *trials, guint n_trials, gpointer slurm, GError **error)
{
    KwSlurm *self = slurm;
    guint n_left = n_trials;

    g_return_val_if_fail(self != NULL && trials != NULL, FALSE);

    if (self->job == NULL ? !start(self, trials, n_trials, error)
                          : !kw_trial_post_ask(self->post, trials, n_trials, error))
        return FALSE;
    while (TRUE) {
        if (!kw_trial_post_collect(self->post, trials, n_trials, &n_left, error))
            return FALSE;
        if (n_left == 0)
            return TRUE;
        if (!pause_unless_signal(self, error))
            return FALSE;
        if (kw_stopwatch_us() - self->looked_us >= LOOK_US &&
            !look(self, trials, n_left, error))
            return FALSE;
    }
}

/* -- the end -- */

static void
end_job(KwSlurm *self)
{
    (void) kw_trial_post_ask(self->post, NULL, 0, NULL);
    cancel(self->job);
}

/* Its logs are for the owner, and the next search leaves it alone. */
static void
keep_folder(const gchar *folder)
{
    g_autofree gchar *path = g_build_filename(folder, KW_LOCK_FILE, NULL);

    (void) g_unlink(path);
}

void
kw_slurm_free(KwSlurm *self)
{
    if (self == NULL)
        return;
    if (self->job != NULL && *self->job != '\0')
        end_job(self);
    if (self->folder != NULL && !self->keeps_folder)
        clear_folder(self->folder);
    else if (self->folder != NULL)
        keep_folder(self->folder);
    kw_lock_file_free(self->lock);
    if (self->signals >= 0) {
        struct signalfd_siginfo taken;

        (void) !read(self->signals, &taken, sizeof taken); /* it has been obeyed */
        (void) close(self->signals);
        (void) sigprocmask(SIG_SETMASK, &self->before, NULL);
    }
    g_clear_pointer(&self->post, kw_trial_post_free);
    g_strfreev(self->words);
    g_free(self->shared);
    g_free(self->header);
    g_free(self->folder);
    g_free(self->job);
    g_free(self);
}
