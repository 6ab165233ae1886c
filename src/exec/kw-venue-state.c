/* kw-venue-state.c: two lists with one owner */
#include "kw-venue-state.h"

KwVenueState *
kw_venue_state_new(gint64 asked_us)
{
    KwVenueState *self = g_new0(KwVenueState, 1);

    self->orders = g_array_new(FALSE, TRUE, sizeof(KwVenueOrder));
    self->balances = g_array_new(FALSE, TRUE, sizeof(KwVenueBalance));
    self->asked_us = asked_us;
    return self;
}

void
kw_venue_state_free(KwVenueState *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->orders);
    g_array_unref(self->balances);
    g_free(self);
}
