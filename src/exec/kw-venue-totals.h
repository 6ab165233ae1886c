/* kw-venue-totals.h: what a venue held of each asset while nothing was missing there */
#pragma once

#include "kw-venue-state.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwVenueTotals KwVenueTotals;

KwVenueTotals *kw_venue_totals_new(void);
void kw_venue_totals_free(KwVenueTotals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVenueTotals, kw_venue_totals_free)

void kw_venue_totals_set(KwVenueTotals *self, const gchar *asset, KwDecimal total);

/* (nullable) (transfer none) */
const KwDecimal *kw_venue_totals_find(const KwVenueTotals *self, const gchar *asset);

/* (transfer full): a line for each asset, by name; "" = none */
gchar *kw_venue_totals_to_text(const KwVenueTotals *self);

/* Puts back what kw_venue_totals_to_text() has told; a line that cannot be read is left out. */
void kw_venue_totals_restore(KwVenueTotals *self, const gchar *text);

G_END_DECLS
