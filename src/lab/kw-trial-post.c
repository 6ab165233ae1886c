/* kw-trial-post.c: trials for other machines, through a folder that all of them see
 *
 * Machines of a cluster share a file system for sure, and a port that all may use only
 * perhaps. One file, "request", holds what is wanted: a number that changes as the sign of
 * life, the header, a trial a line. It is always there and always whole, as each new one
 * replaces it by a rename; a network file system shows such a change at once, but may hide a
 * name that was missing a moment ago for half a minute. Who makes "claim-N" (O_EXCL) has trial
 * N; so a machine that Slurm has not started yet holds nothing back. The answer "result-N" is
 * renamed into place. The lines are those of the trial log, which give back each number to the
 * bit: the search cannot tell who did the sums. */
#include "kw-trial-post.h"

#include "kw-clock.h"
#include "kw-error.h"
#include "kw-trial-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define REQUEST "request"
#define PAUSE_MS 100
#define SILENCE_US (120 * G_USEC_PER_SEC) /* then the one who asked is dead */
#define N_HEAD 2                          /* lines before the trials */

struct _KwTrialPost {
    gchar *folder, *header; /* owned */
    guint n_params;
    guint n_asked; /* requests so far */
    guint next;    /* trials before it are claimed, here or elsewhere */
};

KwTrialPost *
kw_trial_post_new(const gchar *folder, const gchar *header, guint n_params)
{
    KwTrialPost *self = g_new0(KwTrialPost, 1);

    g_return_val_if_fail(folder != NULL && header != NULL, NULL);
    g_return_val_if_fail(n_params <= KW_TRIAL_MAX_PARAMS, NULL);

    self->folder = g_strdup(folder);
    self->header = g_strdup(header);
    self->n_params = n_params;
    return self;
}

void
kw_trial_post_free(KwTrialPost *self)
{
    if (self == NULL)
        return;
    g_free(self->folder);
    g_free(self->header);
    g_free(self);
}

static gchar *
make_path(const KwTrialPost *self, const gchar *what, guint index)
{
    g_autofree gchar *name = g_strdup_printf("%s-%u", what, index);

    return g_build_filename(self->folder, name, NULL);
}

static gboolean
write_file(const gchar *path, const gchar *text, GError **error)
{
    g_autoptr(GError) inner = NULL;

    if (g_file_set_contents(path, text, -1, &inner))
        return TRUE;
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
    return FALSE;
}

/* -- the side that asks -- */

gboolean
kw_trial_post_ask(KwTrialPost *self, const KwTrial *trials, guint n_trials, GError **error)
{
    g_autofree gchar *path = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    g_return_val_if_fail(self != NULL && (trials != NULL || n_trials == 0), FALSE);

    path = g_build_filename(self->folder, REQUEST, NULL);
    g_string_append_printf(text, "%u\n%s\n", self->n_asked++, self->header);
    for (guint i = 0; i < n_trials; i++) {
        g_autofree gchar *line = kw_trial_to_line(&trials[i], self->n_params);

        g_string_append_printf(text, "%s\n", line);
    }
    return write_file(path, text->str, error);
}

/* %FALSE without an error: it has not come yet */
static gboolean
take_result(const KwTrialPost *self, KwTrial *trial, GError **error)
{
    g_autofree gchar *path = make_path(self, "result", trial->index);
    g_autofree gchar *text = NULL;
    KwTrial told;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    if (!kw_trial_from_line(text, self->n_params, &told, error)) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    if (told.index != trial->index) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: of another trial", path);
        return FALSE;
    }
    *trial = told;
    (void) g_unlink(path); /* the claim stays: somebody may still walk an older request */
    return TRUE;
}

/* Those that are left stay in front, in their order. */
static void
move_back(KwTrial *trials, guint i, guint n_left)
{
    KwTrial kept = trials[i];

    memmove(&trials[i], &trials[i + 1], (n_left - i - 1) * sizeof *trials);
    trials[n_left - 1] = kept;
}

static int
compare_index(gconstpointer a, gconstpointer b)
{
    const KwTrial *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

gboolean
kw_trial_post_collect(
    KwTrialPost *self, KwTrial *trials, guint n_trials, guint *n_left, GError **error)
{
    guint i = 0;

    g_return_val_if_fail(self != NULL && trials != NULL && n_left != NULL, FALSE);
    g_return_val_if_fail(*n_left <= n_trials, FALSE);

    while (i < *n_left) {
        g_autoptr(GError) inner = NULL;

        if (take_result(self, &trials[i], &inner))
            move_back(trials, i, (*n_left)--);
        else if (inner == NULL)
            i++;
        if (inner != NULL) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return FALSE;
        }
    }
    if (*n_left == 0)
        qsort(trials, n_trials, sizeof *trials, compare_index);
    return TRUE;
}

/* -- the side that serves -- */

/* %FALSE without an error: somebody else has it */
static gboolean
claim(const KwTrialPost *self, guint index, GError **error)
{
    g_autofree gchar *path = make_path(self, "claim", index);
    gint fd = g_open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

    if (fd >= 0) {
        (void) close(fd);
        return TRUE;
    }
    if (errno != EEXIST && errno != ENOENT) /* ENOENT: the search has gone with its folder */
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "%s: %s", path,
                    g_strerror(errno));
    return FALSE;
}

static gboolean
answer(const KwTrialPost *self, const KwTrial *trial, GError **error)
{
    g_autofree gchar *path = make_path(self, "result", trial->index);
    g_autofree gchar *line = kw_trial_to_line(trial, self->n_params);

    return write_file(path, line, error);
}

typedef struct {
    KwStudy *study;
    KwStrategy *strategy;
    const KwTrialPlan *plan;
} Bench;

/* Those of the request that nobody else has */
static gboolean
run_request(KwTrialPost *self, const GStrv lines, const Bench *bench, GError **error)
{
    for (guint i = N_HEAD; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_autoptr(GError) inner = NULL;
        KwTrial trial;

        if (!kw_trial_from_line(lines[i], self->n_params, &trial, error))
            return FALSE;
        if (trial.index < self->next)
            continue;
        self->next = trial.index + 1;
        if (claim(self, trial.index, &inner)) {
            kw_trial_run(&trial, bench->study, bench->strategy, bench->plan);
            (void) answer(self, &trial, &inner);
        }
        if (inner != NULL) {
            g_propagate_error(error, g_steal_pointer(&inner));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
check_header(const KwTrialPost *self, const GStrv lines, GError **error)
{
    if (g_strv_length(lines) >= N_HEAD && strcmp(lines[1], self->header) == 0)
        return TRUE;
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        "strategy, candles or settings are not those of the search");
    return FALSE;
}

gboolean
kw_trial_post_serve(KwTrialPost *self,
                    KwStudy *study,
                    KwStrategy *strategy,
                    const KwTrialPlan *plan,
                    GError **error)
{
    const Bench bench = {.study = study, .strategy = strategy, .plan = plan};
    g_autofree gchar *path = NULL;
    g_autofree gchar *last = g_strdup("");
    gint64 seen_us = kw_stopwatch_us();

    g_return_val_if_fail(self != NULL && study != NULL && strategy != NULL, FALSE);

    path = g_build_filename(self->folder, REQUEST, NULL);
    while (kw_stopwatch_us() - seen_us < SILENCE_US) {
        g_autofree gchar *text = NULL;
        g_auto(GStrv) lines = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
            return TRUE; /* the search has cleared up */
        if (strcmp(text, last) == 0) {
            (void) poll(NULL, 0, PAUSE_MS);
            continue;
        }
        lines = g_strsplit(text, "\n", -1);
        if (!check_header(self, lines, error))
            return FALSE;
        if (g_strv_length(lines) <= N_HEAD || *lines[N_HEAD] == '\0')
            return TRUE;
        if (!run_request(self, lines, &bench, error))
            return FALSE;
        g_free(last);
        last = g_steal_pointer(&text);
        seen_us = kw_stopwatch_us();
    }
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO,
                        "no sign of life from the search for two minutes");
    return FALSE;
}
