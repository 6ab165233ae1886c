/* kw-depth-cap.h: how much an entry may buy without moving the price too far */
#pragma once

#include "kw-feed.h"

G_BEGIN_DECLS

/**
 * kw_depth_cap_amount:
 * @asks: (array length=n_asks): best first
 * @max_bps: how far above the best ask is still taken, hundredths of a percent, >= 0
 * @wanted: base currency
 *
 * Returns: @wanted, or what is offered up to that price if that is less, on the pair's amount
 *   tick; zero when it is below the pair's minima, and for a book that is empty or not in order
 */
KwDecimal kw_depth_cap_amount(const KwPair *pair,
                              const KwFeedLevel *asks,
                              guint n_asks,
                              gdouble max_bps,
                              KwDecimal wanted);

G_END_DECLS
