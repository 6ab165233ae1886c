/* kw-train-recipe.h: how a model is made, as the options of the verbs that train one */
#pragma once

#include "kw-lab-input.h"
#include "kw-walk.h"

G_BEGIN_DECLS

/**
 * KwTrainRecipe: options as they were typed, and what was read of them
 * @horizon, @embargo: candles; no embargo is one as long as the horizon
 * @text: of the feature list
 */
typedef struct {
    gchar *features, *label; /* owned */
    gint horizon, embargo, rounds, depth, threads, memory, train_days, step_days;
    gdouble eta;
    GBytes *text; /* owned */
    KwLabelKind kind;
    KwBoosterParams params;
} KwTrainRecipe;

void kw_train_recipe_init(KwTrainRecipe *self);
void kw_train_recipe_clear(KwTrainRecipe *self);

/* Appends the entries of these options to @entries (element-type GOptionEntry). */
void kw_train_recipe_add_entries(KwTrainRecipe *self, GArray *entries);

/* Checks what was typed and reads the feature list. %FALSE after saying what is wrong */
gboolean kw_train_recipe_read(KwTrainRecipe *self, gint64 seed, int *out_status);

/* Asks for the candles before --from that the first window of a walk-forward takes */
void kw_train_recipe_add_lead(const KwTrainRecipe *self, KwLabWish *wish);

/**
 * KwTrainRecipeWork:
 * @name: of the model
 * @folder: of the work under way
 * @test_us: see #KwTrainingOptions
 * @from_us: the first test of a walk begins then; %G_MININT64 for as early as the candles allow
 * @now_us: when the models are made
 */
typedef struct {
    const KwTrainRecipe *recipe;
    KwLabInput *input;
    const gchar *name, *folder;
    gint64 test_us, from_us, now_us;
} KwTrainRecipeWork;

/* (transfer full): features and labels of all pairs of the input, up to the end of its period;
 * not joined yet. %NULL as from kw_training_add_pair(), the pair named */
KwTraining *kw_train_recipe_begin(const KwTrainRecipeWork *work, GError **error);

/* What is known of a model of this work; the caller clears it. @training is joined */
void kw_train_recipe_fill_facts(const KwTrainRecipeWork *work,
                                const KwTraining *training,
                                KwModelFacts *out);

/**
 * kw_train_recipe_check_strategy:
 * @name: of the model that is going to be trained; it need not be there yet
 *
 * What judges a model are the trades of a strategy that asks for it, and that finds all other
 * models it asks for in use. Better known now than after the walk-forward.
 *
 * Returns: %FALSE with %KW_STRATEGY_ERROR, the text is translated
 */
gboolean kw_train_recipe_check_strategy(KwLabInput *input, const gchar *name, GError **error);

/**
 * kw_train_recipe_walk:
 * @training: joined
 *
 * Walks forward over the period of the input and puts the models on a shelf, where the
 * strategy of the input finds them. Shows the windows on a terminal.
 *
 * Returns: (transfer full): %NULL as from kw_walk_run()
 */
KwWalk *
kw_train_recipe_walk(const KwTrainRecipeWork *work, const KwTraining *training, GError **error);

/* (transfer full): why no model could be made, in words; the message stands behind */
gchar *kw_train_recipe_error_text(const GError *error);

G_END_DECLS
