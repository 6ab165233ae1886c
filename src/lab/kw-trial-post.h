/* kw-trial-post.h: trials for other machines, through a folder that all of them see */
#pragma once

#include "kw-trial.h"

G_BEGIN_DECLS

/**
 * KwTrialPost:
 *
 * One side asks, any number of others serve. Opaque.
 */
typedef struct _KwTrialPost KwTrialPost;

/**
 * kw_trial_post_new:
 * @folder: on a file system that all machines share
 * @header: one line: strategy, candles, loss; must be equal on both sides
 * @n_params: values of each trial
 *
 * Returns: (transfer full)
 */
KwTrialPost *kw_trial_post_new(const gchar *folder, const gchar *header, guint n_params);
void kw_trial_post_free(KwTrialPost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTrialPost, kw_trial_post_free)

/**
 * kw_trial_post_ask:
 * @trials: the ones that are wanted now, by index; none: those who serve go home
 *
 * Also the sign of life: call it again, with those that are left, every few seconds.
 *
 * Returns: %FALSE with %KW_MARKET_ERROR_IO
 */
gboolean
kw_trial_post_ask(KwTrialPost *self, const KwTrial *trials, guint n_trials, GError **error);

/**
 * kw_trial_post_collect:
 * @trials: those that were asked for; the ones that have come are filled in and moved behind
 *   the others; all are in order again when none is left
 * @n_left: (inout): how many of them have not come yet; @n_trials before the first call
 *
 * Returns: %FALSE with %KW_MARKET_ERROR_IO or %KW_PARSE_ERROR
 */
gboolean kw_trial_post_collect(
    KwTrialPost *self, KwTrial *trials, guint n_trials, guint *n_left, GError **error);

/**
 * kw_trial_post_serve:
 * @study, @strategy, @plan: of this machine
 *
 * Runs one trial after the other until no more are wanted. Blocks.
 *
 * Returns: %FALSE with %KW_MARKET_ERROR_FORMAT when this machine has other candles or another
 *   strategy, or %KW_MARKET_ERROR_IO, also after two minutes without a sign of life
 */
gboolean kw_trial_post_serve(KwTrialPost *self,
                             KwStudy *study,
                             KwStrategy *strategy,
                             const KwTrialPlan *plan,
                             GError **error);

G_END_DECLS
