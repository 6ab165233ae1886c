/* kw-writer.h: a thread that takes jobs in order and does many of them in one go */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwJob:
 * @payload: owned by the job
 * @weight: rows
 * @error: (out): set by the function when this job failed; owned by the job
 */
typedef struct {
    gpointer payload;
    guint weight;
    GError *error;
    GTask *task; /* owned; (nullable) */
    gboolean is_flush;
    gboolean is_joined; /* in one group with the job behind it */
    guint *n_owed;      /* owned; the writer's count; NULL when nobody waits */
} KwJob;

/* On the writer thread: does all @jobs, commits, and sets the error of those that failed. */
typedef void (*KwWriterFunc)(KwJob *const *jobs, guint n_jobs, gpointer user_data);

/**
 * KwWriterSetup:
 * @max_weight: a group is closed when it has at least so many rows
 * @linger_us: how long a group waits for more jobs after its first; 0 to never wait
 */
typedef struct {
    const gchar *name;
    KwWriterFunc run;
    GDestroyNotify free_payload;
    gpointer user_data;
    guint max_weight;
    guint64 linger_us;
} KwWriterSetup;

typedef struct _KwWriter KwWriter;

/* Tasks complete on the thread-default main context of this call. */
KwWriter *kw_writer_new(const KwWriterSetup *setup);

/* Does what is queued, ends the thread, frees. */
void kw_writer_free(KwWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwWriter, kw_writer_free)

/* @task: (transfer full) (nullable): returns %TRUE, or the job's error */
void kw_writer_push(KwWriter *self, gpointer payload, guint weight, GTask *task);

/**
 * kw_writer_hold:
 *
 * What is pushed until kw_writer_release() is done in one group, however much it is. Pairs may
 * be nested. The thread waits meanwhile: for what takes no time.
 */
void kw_writer_hold(KwWriter *self);
void kw_writer_release(KwWriter *self);

/* @task: (transfer full): returns when everything pushed before is done; nobody lingers */
void kw_writer_flush(KwWriter *self, GTask *task);

/* Weight of all jobs that are not done */
guint kw_writer_get_backlog(KwWriter *self);

/* TRUE while a task waits for a flush, or for a job of a writer that does not linger. On the
 * main context, as pushing */
gboolean kw_writer_owes_answer(KwWriter *self);

G_END_DECLS
