/* kw-doctor-channels.h: are the messengers there that the configuration asks for? */
#pragma once

#include "kw-doctor.h"

G_BEGIN_DECLS

/* Asks each configured messenger once; waits for seconds at most, on a main loop of its own. */
void kw_doctor_check_channels(KwDoctor *doctor);

G_END_DECLS
