/* kw-crew.c: trials in child processes
 *
 * A child is a fork: it sees the candles that the parent has read without reading or copying
 * them. Threads were the alternative; each would need frames of its own as well, and a crash
 * in one would take the search with it. A trial goes over as the bytes of its struct, as both
 * sides are the same program. Each child has the next trial in its pipe while it runs one, so
 * it need not wait until its parent is awake. Two fit into any pipe. */
#include "kw-crew.h"

#include "kw-error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define AHEAD 2 /* trials that a worker has: one that runs, one that waits */

typedef struct {
    pid_t pid;
    gint to, from;        /* ends of two pipes */
    guint indices[AHEAD]; /* of its trials; answers come in this order */
    guint n;
} Worker;

struct _KwCrew {
    KwStudy *study;          /* borrowed */
    KwStrategy *strategy;    /* borrowed */
    const KwTrialPlan *plan; /* borrowed */
    guint n_workers;         /* 0: trials run in this process */
    Worker workers[KW_CREW_MAX];
};

static gboolean
fail(GError **error, const gchar *what)
{
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, "%s: %s", what, g_strerror(errno));
    return FALSE;
}

/* All of @size bytes, or %FALSE at the end of the pipe */
static gboolean
read_all(gint fd, gpointer buffer, gsize size)
{
    gsize done = 0;

    while (done < size) {
        gssize n = read(fd, (gchar *) buffer + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (gsize) n;
    }
    return TRUE;
}

static gboolean
write_all(gint fd, gconstpointer buffer, gsize size)
{
    gsize done = 0;

    while (done < size) {
        gssize n = write(fd, (const gchar *) buffer + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (gsize) n;
    }
    return TRUE;
}

/* -- the child -- */

static void
serve(const KwCrew *self, gint in, gint out)
{
    KwTrial trial;

    while (read_all(in, &trial, sizeof trial)) {
        kw_trial_run(&trial, self->study, self->strategy, self->plan);
        if (!write_all(out, &trial, sizeof trial))
            return;
    }
}

/* Does not return: the child has no business in the code of its parent. */
static void
become_worker(const KwCrew *self, gint in, gint out)
{
    (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(self, in, out);
    (void) kill(getpid(), SIGKILL);
}

static gboolean
start_worker(KwCrew *self, GError **error)
{
    Worker *worker = &self->workers[self->n_workers];
    gint request[2], answer[2];

    if (pipe(request) != 0)
        return fail(error, "pipe");
    if (pipe(answer) != 0) {
        (void) close(request[0]);
        (void) close(request[1]);
        return fail(error, "pipe");
    }
    *worker = (Worker){.to = request[1], .from = answer[0]};
    worker->pid = fork();
    if (worker->pid == 0) {
        /* the ends of the others would keep these alive when the parent is gone */
        for (guint i = 0; i <= self->n_workers; i++) {
            (void) close(self->workers[i].to);
            (void) close(self->workers[i].from);
        }
        become_worker(self, request[0], answer[1]);
    }
    (void) close(request[0]);
    (void) close(answer[1]);
    self->n_workers++; /* its ends are closed with the crew */
    return worker->pid > 0 || fail(error, "fork");
}

/* -- the parent -- */

KwCrew *
kw_crew_new(guint n_workers,
            KwStudy *study,
            KwStrategy *strategy,
            const KwTrialPlan *plan,
            GError **error)
{
    g_autoptr(KwCrew) self = g_new0(KwCrew, 1);

    g_return_val_if_fail(study != NULL && strategy != NULL && plan != NULL, NULL);
    g_return_val_if_fail(n_workers >= 1 && n_workers <= KW_CREW_MAX, NULL);

    self->study = study;
    self->strategy = strategy;
    self->plan = plan;
    (void) signal(SIGPIPE, SIG_IGN); /* a child that has died is an error, not our end */
    for (guint i = 0; n_workers > 1 && i < n_workers; i++)
        if (!start_worker(self, error))
            return NULL;
    return g_steal_pointer(&self);
}

void
kw_crew_free(KwCrew *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->n_workers; i++) {
        (void) close(self->workers[i].to);
        (void) close(self->workers[i].from);
    }
    for (guint i = 0; i < self->n_workers; i++)
        if (self->workers[i].pid > 0)
            (void) waitpid(self->workers[i].pid, NULL, 0);
    g_free(self);
}

static gboolean
hand_out(Worker *worker, const KwTrial *trials, guint index, GError **error)
{
    worker->indices[worker->n++] = index;
    return write_all(worker->to, &trials[index], sizeof trials[index]) ||
           fail(error, "a worker has died");
}

static gboolean
take_back(Worker *worker, KwTrial *trials, GError **error)
{
    KwTrial *trial = &trials[worker->indices[0]];

    if (!read_all(worker->from, trial, sizeof *trial))
        return fail(error, "a worker has died");
    worker->n--;
    for (guint i = 0; i < worker->n; i++)
        worker->indices[i] = worker->indices[i + 1];
    return TRUE;
}

/* Trials that nobody has: to idle workers first */
static gboolean
hand_round(KwCrew *self, const KwTrial *trials, guint n_trials, guint *next, GError **error)
{
    for (guint depth = 0; depth < AHEAD; depth++) {
        /* the last ones go to whoever is free first */
        if (depth > 0 && n_trials - *next < self->n_workers)
            return TRUE;
        for (guint i = 0; i < self->n_workers; i++)
            if (self->workers[i].n <= depth && *next < n_trials &&
                !hand_out(&self->workers[i], trials, (*next)++, error))
                return FALSE;
    }
    return TRUE;
}

/* Hands out, then waits until one of the workers has an answer. */
static gboolean
turn(KwCrew *self, KwTrial *trials, guint n_trials, guint *next, GError **error)
{
    struct pollfd fds[KW_CREW_MAX];

    if (!hand_round(self, trials, n_trials, next, error))
        return FALSE;
    for (guint i = 0; i < self->n_workers; i++)
        fds[i] = (struct pollfd){.fd = self->workers[i].n > 0 ? self->workers[i].from : -1,
                                 .events = POLLIN};
    if (poll(fds, self->n_workers, -1) < 0 && errno != EINTR)
        return fail(error, "poll");
    for (guint i = 0; i < self->n_workers; i++)
        if (fds[i].fd >= 0 && fds[i].revents != 0 &&
            !take_back(&self->workers[i], trials, error))
            return FALSE;
    return TRUE;
}

static gboolean
is_busy(const KwCrew *self)
{
    for (guint i = 0; i < self->n_workers; i++)
        if (self->workers[i].n > 0)
            return TRUE;
    return FALSE;
}

gboolean
kw_crew_run(KwCrew *self, KwTrial *trials, guint n_trials, GError **error)
{
    guint next = 0;

    g_return_val_if_fail(self != NULL && trials != NULL, FALSE);

    for (guint i = 0; self->n_workers == 0 && i < n_trials; i++)
        kw_trial_run(&trials[i], self->study, self->strategy, self->plan);
    while (self->n_workers > 0 && (next < n_trials || is_busy(self)))
        if (!turn(self, trials, n_trials, &next, error))
            return FALSE;
    return TRUE;
}
