/* kw-walk.h: walk-forward: trained window by window, each judged on what follows it */
#pragma once

#include "kw-model-relay.h"
#include "kw-training.h"

G_BEGIN_DECLS

/**
 * KwWalkRules:
 * @train_us: of each window, at least 90 days
 * @step_us: length of a test, and from one window to the next
 * @embargo_us: between training and test, at least the horizon
 * @from_us: the first test begins then; %G_MININT64 for as early as the candles allow
 */
typedef struct {
    gint64 train_us, step_us, embargo_us, from_us;
} KwWalkRules;

/**
 * KwWalkJob:
 * @training: joined rows of all pairs, see kw_training_join(); borrowed
 * @facts: what the models are labelled with
 * @folder: of the work under way; models of windows that are done stay there, so that a walk
 *   that was killed goes on; what another walk left is removed
 * @on_window: (nullable): called before a window is trained, @index from 0
 */
typedef struct {
    const KwTraining *training;
    const KwModelFacts *facts;
    const gchar *folder;
    KwWalkRules rules;
    void (*on_window)(guint index, guint n, const KwFold *fold, gpointer user_data);
    gpointer user_data;
} KwWalkJob;

/**
 * KwWalk:
 * @windows: (element-type KwFold): in order
 * @relay: their models, each from the begin of its test on
 * @n_failed: further windows whose rows tell too little to calibrate or judge a model (holes in
 *   the candles); the model before stays in use there, and they count in no figure
 * @n_resumed: windows whose trees an earlier run had grown
 * @n_right: tests whose direction was right
 * @scores, @tiers, @calibration_error: of the joined chances of all tests
 * @leaked: in one of the windows a row is nearer to the next span than the horizon
 */
typedef struct {
    GArray *windows;
    KwModelRelay *relay;
    guint n_failed, n_resumed;
    guint n_right;
    KwForecastScores scores;
    KwTierReport tiers;
    gdouble calibration_error;
    gboolean leaked;
} KwWalk;

/**
 * kw_walk_run:
 *
 * Trains, calibrates, writes, verifies and loads a model for each window and tests it on the
 * rows behind. Blocking. Same rows, rules and seed, same models.
 *
 * Returns: (transfer full): %NULL with %KW_MODEL_ERROR_SHORT when there are fewer days before
 *   the first test than the rules want, or as kw_training_fit() and kw_training_judge()
 */
KwWalk *kw_walk_run(const KwWalkJob *job, GError **error);
void kw_walk_free(KwWalk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwWalk, kw_walk_free)

/* From the first test to the end of the last one */
KwFoldSpan kw_walk_get_span(const KwWalk *self);

G_END_DECLS
