/* kw-train-job.h: a training in a process of its own, and the folder that the two share */
#pragma once

#include "kw-booster.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_TRAIN_JOB_MODEL "model.json"
#define KW_TRAIN_JOB_CHECKPOINT "checkpoint.ubj"
#define KW_TRAIN_JOB_EVERY 25 /* rounds between checkpoints */

/**
 * KwTrainJob:
 * @folder: of this job alone; what is there from the same job before is gone on from
 * @program: the kurswart program, that is run as "kurswart train --worker FOLDER"
 * @max_bytes: memory of the worker; 0 for no limit
 * @on_round: (nullable): called for each round; may ask to stop
 */
typedef struct {
    const gchar *folder;
    const gchar *program;
    const KwMatrix *train, *valid;
    const KwBoosterParams *params;
    guint64 max_bytes;
    KwBoosterDecision (*on_round)(const KwBoosterRound *round, gpointer user_data);
    gpointer user_data;
} KwTrainJob;

/**
 * kw_train_job_run:
 * @out_best: (out) (optional): the best round
 *
 * Writes the rows, runs the worker with the lowest priority and waits for it; not for the main
 * loop. A worker that is killed leaves its newest checkpoint, from which the next run with the
 * same folder goes on; rows or parameters that differ begin anew. The finished model stands in
 * the folder, whole or not at all.
 *
 * Returns: (transfer full): the model as JSON; %NULL with %KW_MODEL_ERROR, as from
 *   kw_booster_train(), or _IO
 */
GBytes *kw_train_job_run(const KwTrainJob *job, KwBoosterRound *out_best, GError **error);

/**
 * kw_train_job_work:
 * @folder: as written by kw_train_job_run()
 *
 * The worker's side: trains, prints a line per round, writes checkpoints and the model. SIGTERM
 * and SIGINT end it after the round. Changes the limits of the process.
 *
 * Returns: %FALSE with %KW_MODEL_ERROR
 */
gboolean kw_train_job_work(const gchar *folder, GError **error);

G_END_DECLS
