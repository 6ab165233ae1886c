/* kw-scan-log.h: the newest cycles, in memory: what was seen and decided */
#pragma once

#include "kw-scan.h"
#include "kw-step-view.h"
#include "kw-view.h"

G_BEGIN_DECLS

#define KW_SCAN_LOG_MIN 400 /* rows that are there once so many were; up to twice as many */

/* Main thread; opaque. */
typedef struct _KwScanLog KwScanLog;

/* @timeframe_us: of the candles, from which the numbers of the cycles follow */
KwScanLog *kw_scan_log_new(gint64 timeframe_us);
void kw_scan_log_free(KwScanLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwScanLog, kw_scan_log_free)

/**
 * kw_scan_log_add:
 * @threshold: in force at that time, NaN when that is not known
 *
 * The same pair and instant once more replaces what was there, as in the store. What is older
 * than everything kept is dropped once the log is full.
 */
void kw_scan_log_add(KwScanLog *self, const KwScanRecord *scan, gdouble threshold);

/**
 * kw_scan_log_list:
 * @period: by the close of the candle
 *
 * Returns: (transfer full) (element-type KwStepView): newest cycle first, its pairs by name
 */
GArray *kw_scan_log_list(const KwScanLog *self, KwPeriod period);

G_END_DECLS
