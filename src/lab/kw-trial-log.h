/* kw-trial-log.h: finished trials in a file, so that a search can go on another day */
#pragma once

#include "kw-trial.h"

G_BEGIN_DECLS

/**
 * KwTrialLog:
 *
 * JSON lines: the first says what is searched, each other one is a trial. A last line that is
 * cut off (a crash, a full disk) is dropped. Opaque.
 */
typedef struct _KwTrialLog KwTrialLog;

/**
 * kw_trial_log_open:
 * @path: created when it is not there
 * @header: what must be equal for the trials to count: strategy, candles, loss, seed
 * @n_params: values of each trial
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO, or %KW_MARKET_ERROR_FORMAT when the
 *   file is of another search
 */
KwTrialLog *
kw_trial_log_open(const gchar *path, const gchar *header, guint n_params, GError **error);
/* (transfer full) (nullable): what the trials in the file @path were made with, as it was
 * handed to kw_trial_log_open(); %NULL without such a line */
gchar *kw_trial_log_read_header(const gchar *path);
void kw_trial_log_free(KwTrialLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTrialLog, kw_trial_log_free)

/* (element-type KwTrial): what the file holds, by index without a gap; borrowed */
const GArray *kw_trial_log_get_trials(const KwTrialLog *self);

/* Appends a trial and hands it to the system. */
gboolean kw_trial_log_add(KwTrialLog *self, const KwTrial *trial, GError **error);

/* (transfer full): a trial as one line of JSON, and back */
gchar *kw_trial_to_line(const KwTrial *trial, guint n_params);
gboolean kw_trial_from_line(const gchar *line, guint n_params, KwTrial *out, GError **error);

G_END_DECLS
