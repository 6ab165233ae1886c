/* kw-doctor-models.h: checks of the models in use */
#pragma once

#include "kw-doctor.h"

G_BEGIN_DECLS

/* Adds a finding for each model that is promoted: whether it can be loaded, and whether it may
 * say something about the newest stored candles. */
void kw_doctor_check_models(KwDoctor *doctor);

G_END_DECLS
