/* kw-model-data.h: rows that a model can learn from, the same for the same seed */
#pragma once

#include "kw-booster.h"

G_BEGIN_DECLS

#define KW_TEST_HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* (transfer full): rows an hour apart from 2024-01-01 on; every 13th row lacks its first
 * value. The label depends on the first three columns, with noise; 0 or 1 for a classifier. */
KwMatrix *kw_model_data_new(gsize n_rows, gsize n_cols, guint seed, KwObjective objective);

/* Parameters for a training of well under a second */
KwBoosterParams kw_model_data_params(KwObjective objective);

/* The library, or %FALSE after marking the test as skipped */
gboolean kw_model_data_open(KwXgb *xgb);

/* (transfer full): a model trained on @train and @valid */
GBytes *kw_model_data_train(const KwXgb *xgb,
                            const KwMatrix *train,
                            const KwMatrix *valid,
                            const KwBoosterParams *params);

G_END_DECLS
