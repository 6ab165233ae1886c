/* kw-doctor-machine.h: checks of what the program stands on: zones, libraries, service */
#pragma once

#include "kw-doctor.h"

G_BEGIN_DECLS

/* Adds a finding for each check; reads only. */
void kw_doctor_check_machine(KwDoctor *doctor);

G_END_DECLS
