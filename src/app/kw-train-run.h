/* kw-train-run.h: one training from candles to the registry */
#pragma once

#include "kw-run-log.h"
#include "kw-train-page.h"
#include "kw-train-recipe.h"

G_BEGIN_DECLS

typedef enum {
    KW_TRAIN_KEEP,    /* never promotes */
    KW_TRAIN_PROMOTE, /* promotes what has passed the gate */
} KwTrainWish;

/**
 * KwTrainRun:
 * @name: of the model
 * @test_us: at the end; the model is not trained on it
 */
typedef struct {
    const gchar *name;
    const KwTrainRecipe *recipe;
    gint64 test_us;
    gboolean resumes;
    KwTrainWish wish;
    gint64 now_us;
    KwRunLog *steps;  /* borrowed */
    KwFormat *format; /* borrowed */
} KwTrainRun;

/**
 * kw_train_run:
 * @training: (out): what @out->figures points into; free it
 *
 * Prints a line per step on standard error.
 *
 * Returns: %FALSE with an error, %KW_STORE_ERROR_BUSY while another process trains a model of
 *   this name; nothing was added or promoted then. A gate that is not passed
 *   is no error.
 */
gboolean kw_train_run(const KwTrainRun *run,
                      KwLabInput *input,
                      KwTraining **out_training,
                      KwTrainOutcome *out,
                      GError **error);

G_END_DECLS
