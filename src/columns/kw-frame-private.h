/* kw-frame-private.h: the inside of a frame, for this layer alone */
#pragma once

#include "kw-column-private.h"
#include "kw-companion.h"
#include "kw-frame.h"

G_BEGIN_DECLS

struct _KwFrame {
    KwSeries *series;         /* owned */
    KwCandleExtras *extras;   /* owned; may be NULL */
    KwNeighbours *neighbours; /* a reference; may be NULL */
    GPtrArray *companions;    /* of owned KwCompanion */
    GPtrArray *columns;       /* of owned KwColumn, inputs before users */
    GHashTable *by_key;       /* owned key -> borrowed KwColumn */
    gsize capacity;           /* rows for which every column has memory */
    gsize lookback;           /* rows; the longest of all columns */
};

gboolean kw_frame_check_room(const KwFrame *self, GError **error);

/* Takes @column; the caller knows that there is room and no equal one. */
KwColumn *kw_frame_add(KwFrame *self, KwColumn *column, const gchar *key);

/* Brings the companions to the last row of @self. */
void kw_frame_update_companions(KwFrame *self);

G_END_DECLS
