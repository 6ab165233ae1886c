/* kw-pattern.h: what earlier trades of the same kind say about a signal */
#pragma once

#include "kw-portfolio.h"
#include "kw-strategy-columns.h"

G_BEGIN_DECLS

#define KW_PATTERN_MIN_TRADES 30 /* below it their record says nothing */

/**
 * kw_pattern_adjust:
 * @strategy: (nullable): name, as trades carry it
 * @signal: of an entry
 *
 * Moves a confidence that is contradicted by the closed trades of the same strategy, tag and
 * regime to the near end of their win rate's interval, and the tier down with it. Without a
 * confidence, without tag and regime, and with too few trades it stays.
 */
void
kw_pattern_adjust(const KwPortfolio *portfolio, const gchar *strategy, KwSignalValues *signal);

G_END_DECLS
