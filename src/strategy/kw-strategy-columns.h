/* kw-strategy-columns.h: the result columns of a strategy over one frame */
#pragma once

#include "kw-confidence.h"
#include "kw-frame.h"

G_BEGIN_DECLS

/**
 * KwSignalValues:
 * @confidence: 0 to 1, or NaN when the strategy gives none
 * @tier: of the confidence: what this row and the one before have both met
 * @regime: (nullable): label, lives as long as the frame
 * @tag: (nullable): label of an entry, lives as long as the frame
 * @exit_tag: (nullable): what an exit by signal is called
 * @stop: price, or NaN
 * @target: price, or NaN
 *
 * What the strategy says on one closed candle. Plain value.
 */
typedef struct {
    gboolean enter;
    gboolean exit;
    gdouble confidence;
    KwConfidenceTier tier;
    const gchar *regime;
    const gchar *tag;
    const gchar *exit_tag;
    gdouble stop;
    gdouble target;
} KwSignalValues;

/**
 * KwStrategyColumns:
 *
 * Points into the frame it was built on and must not outlive it.
 */
typedef struct _KwStrategyColumns KwStrategyColumns;

void kw_strategy_columns_free(KwStrategyColumns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwStrategyColumns, kw_strategy_columns_free)

/* The values at @row, which must be computed (kw_frame_update()); cheap, no Lua */
void
kw_strategy_columns_get_signal(const KwStrategyColumns *self, gsize row, KwSignalValues *out);

/* The same for the last row. Returns: %FALSE (@out untouched) when there is no row */
gboolean kw_strategy_columns_get_last_signal(const KwStrategyColumns *self,
                                             KwSignalValues *out);

/* Named columns of the strategy's indicators table, sorted by name */
guint kw_strategy_columns_get_n_indicators(const KwStrategyColumns *self);
const gchar *kw_strategy_columns_get_indicator_name(const KwStrategyColumns *self, guint i);
const KwColumn *kw_strategy_columns_get_indicator(const KwStrategyColumns *self, guint i);

/* The parts; %NULL for those that the strategy does not have (entry is always there) */
const KwColumn *kw_strategy_columns_get_entry(const KwStrategyColumns *self);
const KwColumn *kw_strategy_columns_get_exit(const KwStrategyColumns *self);

/* Candles until entry, exit and all indicators are defined */
gsize kw_strategy_columns_get_warmup(const KwStrategyColumns *self);

G_END_DECLS
