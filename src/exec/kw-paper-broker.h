/* kw-paper-broker.h: fills orders against the candle of the pair, without a venue */
#pragma once

#include "kw-broker.h"

G_BEGIN_DECLS

#define KW_TYPE_PAPER_BROKER (kw_paper_broker_get_type())
G_DECLARE_FINAL_TYPE(KwPaperBroker, kw_paper_broker, KW, PAPER_BROKER, GObject)

/* @fee_ratio: of the fill's value, both sides, e.g. 0.004 */
KwPaperBroker *kw_paper_broker_new(gdouble fee_ratio);

/* The row in which orders of @pair fill from now on: complete, at exactly the order's price, if
 * low <= price <= high; the time of a fill is the row's open_us. */
void kw_paper_broker_set_candle(KwPaperBroker *self, const gchar *pair, const KwCandle *candle);

G_END_DECLS
