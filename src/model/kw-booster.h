/* kw-booster.h: trains boosted trees with XGBoost; for a process of its own */
#pragma once

#include "kw-matrix.h"
#include "kw-xgb.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
    KW_OBJECTIVE_REGRESSION, /* reg:squarederror, judged by rmse */
    KW_OBJECTIVE_CLASSIFIER, /* binary:logistic, judged by logloss; labels 0 and 1 */
} KwObjective;

#define KW_BOOSTER_MAX_ROUNDS 100000
#define KW_BOOSTER_MAX_DEPTH 16
#define KW_BOOSTER_MAX_THREADS 256

/**
 * KwBoosterParams:
 * @n_rounds: trees at most
 * @patience: stop after so many rounds without gain on the validation rows; 0 never
 * @n_threads: at least 1
 */
typedef struct {
    KwObjective objective;
    guint n_rounds, patience;
    guint max_depth;
    guint max_bin;
    gdouble eta, min_child_weight, subsample, colsample, lambda, alpha, gamma;
    guint seed;
    guint n_threads;
} KwBoosterParams;

#define KW_BOOSTER_PARAMS_USUAL                                                                \
    {                                                                                          \
        .n_rounds = 300, .patience = 30, .max_depth = 6, .max_bin = 256, .eta = 0.05,          \
        .min_child_weight = 1, .subsample = 0.8, .colsample = 0.8, .lambda = 1, .seed = 1,     \
        .n_threads = 1                                                                         \
    }

/* %FALSE with %KW_MODEL_ERROR_VALUE that names the member that is out of range */
gboolean kw_booster_params_check(const KwBoosterParams *params, GError **error);

/* Members of the object that @builder is in */
void kw_booster_params_add_to(const KwBoosterParams *params, JsonBuilder *builder);

/* %FALSE with a parse error or %KW_MODEL_ERROR_VALUE */
gboolean kw_booster_params_read(JsonObject *object, KwBoosterParams *out, GError **error);

/* "regression", "classifier" */
const gchar *kw_objective_to_string(KwObjective objective);

typedef enum {
    KW_BOOSTER_GO_ON,
    KW_BOOSTER_CANCEL,
} KwBoosterDecision;

/**
 * KwBoosterRound:
 * @round: from 0
 * @best: round with the lowest @valid so far
 * @train, @valid: error on the training and the validation rows
 */
typedef struct {
    guint round, best;
    gdouble train, valid;
} KwBoosterRound;

/**
 * KwBoosterJob:
 * @valid: rows that decide when to stop; no training row may be among them
 * @checkpoint: (nullable): state to go on from, as given to @on_checkpoint before
 * @checkpoint_every: rounds between two states; 0 for none. It is part of what decides the
 *   bytes when rows or columns are drawn (subsample, colsample below 1)
 * @on_round: (nullable): called after each round; may ask to stop
 * @on_checkpoint: (nullable): gets the state; fails the training if it fails
 */
typedef struct {
    const KwMatrix *train, *valid;
    const KwBoosterParams *params;
    GBytes *checkpoint;
    guint checkpoint_every;
    KwBoosterDecision (*on_round)(const KwBoosterRound *round, gpointer user_data);
    gboolean (*on_checkpoint)(GBytes *state, gpointer user_data, GError **error);
    gpointer user_data;
} KwBoosterJob;

/**
 * kw_booster_train:
 * @out_best: (out) (optional): the round whose trees are the last in the model
 *
 * Same rows, parameters, seed and checkpoint interval give the same bytes, for any number of
 * threads, and also when the training was interrupted and went on from a checkpoint.
 *
 * Returns: (transfer full): the model as XGBoost's JSON, cut to the best round; %NULL with
 *   %KW_MODEL_ERROR_VALUE (rows, labels or parameters), _CANCELLED (@on_round said so) or
 *   _TRAINING (the library's words)
 */
GBytes *kw_booster_train(const KwXgb *xgb,
                         const KwBoosterJob *job,
                         KwBoosterRound *out_best,
                         GError **error);

G_END_DECLS
