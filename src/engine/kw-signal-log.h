/* kw-signal-log.h: the newest signals and what became of them, in memory */
#pragma once

#include "kw-journal.h"
#include "kw-model-view.h"

G_BEGIN_DECLS

#define KW_SIGNAL_LOG_MAX 500

/* Main thread; opaque. */
typedef struct _KwSignalLog KwSignalLog;

/* @timeframe_us: of the candles; an entry is decided when the candle of its signal closes */
KwSignalLog *kw_signal_log_new(gint64 timeframe_us);
void kw_signal_log_free(KwSignalLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalLog, kw_signal_log_free)

/**
 * kw_signal_log_add:
 * @threshold: in force at that time, NaN when that is not known
 *
 * The same pair, candle and side once more replaces what became of it, as in the ledger. The
 * oldest one goes when there are %KW_SIGNAL_LOG_MAX.
 */
void kw_signal_log_add(KwSignalLog *self, const KwSignalRecord *record, gdouble threshold);

/**
 * kw_signal_log_list:
 * @period: by time of the decision
 * @pair: (nullable): all pairs
 * @max: 0 = all
 *
 * Returns: (transfer full) (element-type KwSignalView): newest first
 */
GArray *
kw_signal_log_list(const KwSignalLog *self, KwPeriod period, const gchar *pair, guint max);

G_END_DECLS
