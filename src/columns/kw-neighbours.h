/* kw-neighbours.h: the candles of other pairs that a frame may look at */
#pragma once

#include "kw-series.h"

G_BEGIN_DECLS

/**
 * KwNeighbours:
 *
 * Series by the canonical name of their pair. They are borrowed and may grow and be cut at
 * their front; whoever adds them takes care that they live as long as frames read them. One
 * thread at a time.
 */
typedef struct _KwNeighbours KwNeighbours;

KwNeighbours *kw_neighbours_new(void);
KwNeighbours *kw_neighbours_ref(KwNeighbours *self);
void kw_neighbours_unref(KwNeighbours *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwNeighbours, kw_neighbours_unref)

/* Takes the place of a series that was added under the same name */
void kw_neighbours_add(KwNeighbours *self, const gchar *pair, const KwSeries *series);

/* (nullable): borrowed */
const KwSeries *kw_neighbours_find(const KwNeighbours *self, const gchar *pair);

G_END_DECLS
