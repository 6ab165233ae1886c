/* kw-lab-rig.h: a backtest over rows that a test writes down, signals included */
#pragma once

#include "kw-backtest.h"
#include "kw-strategy.h"

G_BEGIN_DECLS

#define KW_LAB_RIG_MAX_PAIRS 4

/* A candle with the signals that were computed on it (not shifted) */
typedef struct {
    KwCandle candle;
    gboolean enter, exit;
    gchar enter_tag[KW_REASON_SIZE], exit_tag[KW_REASON_SIZE];
} KwLabRow;

typedef struct {
    KwPair pair;
    GArray *rows;               /* of KwLabRow, owned */
    KwSeries *detail;           /* owned; shorter candles, or NULL */
    KwFrame *frame;             /* owned; made by the run */
    KwStrategyColumns *columns; /* owned; made by the run */
} KwLabPair;

/**
 * KwLabRig:
 * @options: may be changed before the run
 * @strategy: (owned): reads the signals of the rows; may be replaced before the run
 * @backtest: (owned): made by the run
 */
typedef struct {
    KwBacktestOptions options;
    KwStrategy *strategy;
    guint n_pairs;
    KwLabPair pairs[KW_LAB_RIG_MAX_PAIRS];
    KwBacktest *backtest;
} KwLabRig;

void kw_lab_rig_init(KwLabRig *self);
void kw_lab_rig_clear(KwLabRig *self);

/* Adds a pair without rows. Returns: (transfer none): valid as long as @self */
KwLabPair *kw_lab_rig_add_pair(KwLabRig *self, const gchar *name, KwDecimal price_tick);
void kw_lab_pair_add_row(KwLabPair *self, const KwLabRow *row);

/* Builds the strategy over the rows and runs to the end. */
void kw_lab_rig_run(KwLabRig *self);

/* Of the trades that the run has closed */
guint kw_lab_rig_get_n_trades(const KwLabRig *self);
const KwTrade *kw_lab_rig_get_trade(const KwLabRig *self, guint index);

G_END_DECLS
