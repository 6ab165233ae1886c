/* kw-train-run.h: one training from candles to the registry */
#pragma once

#include "kw-lab-input.h"
#include "kw-train-page.h"

G_BEGIN_DECLS

typedef enum {
    KW_TRAIN_KEEP,    /* never promotes */
    KW_TRAIN_PROMOTE, /* promotes what has passed the gate */
} KwTrainWish;

/**
 * KwTrainRun:
 * @name: of the model
 * @features: text of the feature list
 * @horizon_us: how far it looks ahead
 * @until_us: candles that open later play no part
 */
typedef struct {
    const gchar *name;
    GBytes *features;
    KwLabelKind label;
    gint64 horizon_us, test_us, until_us;
    KwBoosterParams params;
    guint64 max_bytes;
    gboolean resumes;
    KwTrainWish wish;
    gint64 now_us;
} KwTrainRun;

/**
 * kw_train_run:
 * @training: (out): what @out->figures points into; free it
 *
 * Prints a line per step on standard error.
 *
 * Returns: %FALSE with an error; nothing was added or promoted then. A gate that is not passed
 *   is no error.
 */
gboolean kw_train_run(const KwTrainRun *run,
                      KwLabInput *input,
                      KwTraining **out_training,
                      KwTrainOutcome *out,
                      GError **error);

G_END_DECLS
