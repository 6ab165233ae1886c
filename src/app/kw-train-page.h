/* kw-train-page.h: what a training says while it runs and when it is done */
#pragma once

#include "kw-format.h"
#include "kw-gate.h"
#include "kw-registry.h"
#include "kw-train-recipe.h"

G_BEGIN_DECLS

typedef enum {
    KW_TRAIN_STEP_DATA,
    KW_TRAIN_STEP_FEATURES,
    KW_TRAIN_STEP_TRAIN,
    KW_TRAIN_STEP_CALIBRATE,
    KW_TRAIN_STEP_WALK,
    KW_TRAIN_STEP_BACKTEST,
    KW_TRAIN_STEP_REGISTRY,
} KwTrainStep;

#define KW_TRAIN_N_STEPS (KW_TRAIN_STEP_REGISTRY + 1)

/**
 * KwTrainOutcome:
 * @walk: (nullable): before it was walked; owned
 * @recipe: (nullable): borrowed
 * @test_us: at the end; the model is not trained on it
 * @lines: of the gate, @n_lines of them
 * @refusal: (nullable) (owned): why it was not promoted
 *
 * All that is known at the end.
 */
typedef struct {
    const KwTrainingFigures *figures;
    const KwTrainRecipe *recipe;
    gint64 test_us;
    KwFold fold;
    KwWalk *walk;
    KwObjective objective;
    gint64 step_us[KW_TRAIN_N_STEPS]; /* how long each took */
    gint64 created_us;
    KwGateInput result;
    KwGateLimits limits;
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n_lines;
    gboolean passed, promoted;
    KwModelVersion version;
    gchar *refusal;
} KwTrainOutcome;

void kw_train_outcome_clear(KwTrainOutcome *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwTrainOutcome, kw_train_outcome_clear)

/* "data", "features", "train", "calibrate", "walk", "backtest", "registry" */
const gchar *kw_train_step_to_string(KwTrainStep step);

/* One line for a step that is done, translated */
void kw_train_page_print_step(KwTrainStep step, gint64 took_us, KwFormat *format);

/* Appends a line for a step that ended at @now_us: when, how long, with what; English, as it
 * stays in the model's training.log */
void kw_train_page_log_step(const KwTrainOutcome *outcome,
                            KwTrainStep step,
                            gint64 now_us,
                            GString *log);

/* (transfer full): what a step has come to: "rows=17000 unknown=1", "" when nothing is to say
 */
gchar *kw_train_page_dup_result(const KwTrainOutcome *outcome, KwTrainStep step);

/* (transfer full): figures and verdict, for people */
gchar *kw_train_page_to_text(const KwTrainOutcome *outcome, KwFormat *format);

/* (transfer full): the same as one line of JSON; also what is kept beside the model, then
 * without version and promotion, which come after it */
gchar *kw_train_page_to_json(const KwTrainOutcome *outcome);

/* Appends a line to the index of runs, with a head if it is new. %FALSE with a file error */
gboolean
kw_train_page_add_to_index(const KwTrainOutcome *outcome, const gchar *path, GError **error);

/* Why a model is not used, in words; the message of @error stands behind it. (transfer full) */
gchar *kw_train_page_refusal_text(const GError *error);

G_END_DECLS
