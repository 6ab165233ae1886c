/* kw-companion.h: candles of another pair or a longer timeframe beside a frame */
#pragma once

#include "kw-frame.h"

G_BEGIN_DECLS

/**
 * KwCompanion:
 *
 * A frame of its own that follows a series: it takes rows once they are closed, and puts longer
 * candles together where it is asked to. Columns are computed in it and joined to the frame
 * beside it (kw_frame_join()).
 */
typedef struct _KwCompanion KwCompanion;

/**
 * kw_companion_new:
 * @pair: (nullable): %NULL for the frame's own pair
 * @source: (nullable): followed; borrowed. %NULL when there are no candles, to try a strategy
 * @short_us, @long_us: length of the candles of @source and of those wanted, a multiple
 */
KwCompanion *
kw_companion_new(const gchar *pair, const KwSeries *source, gint64 short_us, gint64 long_us);
void kw_companion_free(KwCompanion *self);

/* (nullable) */
const gchar *kw_companion_get_pair(const KwCompanion *self);

gboolean kw_companion_is(const KwCompanion *self, const gchar *pair, gint64 long_us);
KwFrame *kw_companion_get_frame(const KwCompanion *self);

/* (transfer full): how columns joined from it are called: "4h", "BTC/USDT 1h" */
gchar *kw_companion_dup_label(const KwCompanion *self);

/* Takes what of the source is closed at @now_us and computes its columns. */
void kw_companion_update(KwCompanion *self, gint64 now_us);

G_END_DECLS
