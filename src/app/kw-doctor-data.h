/* kw-doctor-data.h: checks of the data root, the strategy, the candles and the daemon */
#pragma once

#include "kw-doctor.h"

G_BEGIN_DECLS

/* Adds a finding for each check; creates nothing. Verifying large files takes seconds. */
void kw_doctor_check_data(KwDoctor *doctor);

G_END_DECLS
