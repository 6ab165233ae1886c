/* kw-orphan.h: orders of ours that work at the venue though the books have given them up */
#pragma once

#include "kw-oms.h"

G_BEGIN_DECLS

/* TRUE for a sell with a client id of ours that @oms does not know, or knows as over */
gboolean kw_orphan_is_one(KwOms *oms, const KwVenueOrder *there);

/* Asks @broker to cancel one. */
void kw_orphan_cancel(KwBroker *broker, const gchar *client_id);

/* Asks @broker to cancel those of @pair in @state; what comes of it is seen at the next look.
 */
void kw_orphan_cancel_all(KwOms *oms,
                          KwBroker *broker,
                          const KwVenueState *state,
                          const gchar *pair);

G_END_DECLS
