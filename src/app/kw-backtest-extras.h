/* kw-backtest-extras.h: what stands beside the figures of a backtest: sessions, regimes, luck
 */
#pragma once

#include "kw-format.h"
#include "kw-result.h"
#include "kw-study.h"

G_BEGIN_DECLS

/**
 * KwBacktestExtras:
 * @study: its columns are not the strategy's any more afterwards
 * @seed: of the random rounds
 */
typedef struct {
    KwStudy *study;
    const KwBacktestOptions *options;
    const KwResult *result;
    const gchar *currency;
    guint64 seed;
} KwBacktestExtras;

/* Trades by session, regime and tier of confidence, and what would have come out without the
 * strategy's signals */
void kw_backtest_extras_print(const KwBacktestExtras *self, GString *out, KwFormat *format);

G_END_DECLS
