/* kw-slurm.h: a job array of Slurm that runs trials */
#pragma once

#include "kw-trial-post.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwSlurm: not started before the first trials are wanted. Opaque.
 */
typedef struct _KwSlurm KwSlurm;

/**
 * kw_slurm_new:
 * @shared: folder that all machines see; one of our own is made in it, and removed
 * @words: what the tasks run; they get "--slurm-task" and the own folder after it
 * @n_tasks: size of the array
 * @header, @n_params: as in kw_trial_post_new()
 *
 * Returns: (transfer full)
 */
KwSlurm *kw_slurm_new(const gchar *shared,
                      const gchar *const *words,
                      guint n_tasks,
                      const gchar *header,
                      guint n_params);

/* Cancels the array and clears up; a folder with the log of a failed task stays. */
void kw_slurm_free(KwSlurm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSlurm, kw_slurm_free)

/**
 * kw_slurm_run: a #KwSearchRunFunc
 * @slurm: a #KwSlurm
 *
 * Submits the array when it is not there yet, and waits for all @trials. SIGINT and SIGTERM
 * end the waiting from the first call until the free.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED after a signal, %G_IO_ERROR_NOT_FOUND without
 *   Slurm, or %KW_MARKET_ERROR_IO; the message is translated
 */
gboolean kw_slurm_run(KwTrial *trials, guint n_trials, gpointer slurm, GError **error);

G_END_DECLS
