#include "kw-slots.h"

#include <math.h>

void
kw_slots_init(KwSlots *self)
{
    *self = (KwSlots){.threshold = NAN, .threshold_delta = NAN};
}
