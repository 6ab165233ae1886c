/* kw-model-rig.h: a small model whose parts are made by hand, without the training library */
#pragma once

#include "kw-registry.h"

G_BEGIN_DECLS

/**
 * KwModelRig:
 *
 * A tree over one feature (rsi_14): above 50 it says @high, else @low. All members are owned
 * by it but for those of @parts.
 */
typedef struct {
    KwModelFacts facts;
    GBytes *model, *features;
    KwScaler *scaler;
    KwCalibration *calibration;
    KwMatrix *reference;
    KwModelParts parts;
} KwModelRig;

void kw_model_rig_init(KwModelRig *self, gdouble low, gdouble high);
void kw_model_rig_clear(KwModelRig *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwModelRig, kw_model_rig_clear)

/* Adds it to the registry. Returns the version */
KwModelVersion kw_model_rig_add(KwModelRig *self, KwRegistry *registry);

G_END_DECLS
