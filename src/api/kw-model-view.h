/* kw-model-view.h: views of models, training, signals, and what pictures show
 *
 * Each says by itself when there is nothing behind it: an empty list, or is_available = FALSE.
 * The rules of kw-view.h hold here too. */
#pragma once

#include "kw-result-view.h"

G_BEGIN_DECLS

#define KW_VIEW_MAX_BINS 10

/* Signals with a prediction around @predicted, of which @n_hits of @n came true */
typedef struct {
    gdouble predicted;
    guint n_hits, n;
} KwCalibrationView;

/**
 * KwModelView: a model of the registry
 * @deployed_us: 0 = never in service
 * @reason: why it was taken, rejected or rolled back, one line
 * @has_backtest: the figures up to @failed are there
 * @is_passed: the quality gate
 * @failed: first figure beyond its limit ("sortino", "max_drawdown", "win_rate", "trades",
 *   "accuracy", "calibration", "leakage")
 * @calibration_error: NaN = not known
 * @live_n: trades closed since it is in service
 */
typedef struct {
    gchar tag[KW_VIEW_TEXT_SIZE]; /* "v1.2.0" */
    gboolean is_active, is_rolled_back;
    gint64 trained_us, deployed_us;
    gchar reason[KW_VIEW_LONG_SIZE];
    gboolean has_backtest, is_passed;
    gint64 from_us, to_us;
    guint n_trades;
    gdouble sortino, max_drawdown_ratio, win_ratio, profit_ratio;
    gchar failed[KW_VIEW_TEXT_SIZE];
    gdouble calibration_error;
    guint n_features;
    guint live_n, live_wins;
    guint n_bins;
    KwCalibrationView bins[KW_VIEW_MAX_BINS];
} KwModelView;

/* What a backtest must reach before a model may trade */
typedef struct {
    gdouble min_sortino, max_drawdown_ratio, min_win_ratio;
    guint min_trades;
} KwGateView;

/* What came of a training */
typedef enum {
    KW_TRAINING_PROMOTED, /* the new version is in use */
    KW_TRAINING_GATE,     /* it was judged not good enough */
    KW_TRAINING_REFUSED,  /* good enough, but it cannot be used */
    KW_TRAINING_STOPPED,  /* somebody ended it */
    KW_TRAINING_FAILED,
} KwTrainingVerdict;

/* "promoted", "gate", "refused", "stopped", "failed"; static */
const gchar *kw_training_verdict_to_string(KwTrainingVerdict verdict);

/**
 * KwTrainingView:
 * @progress_ratio: NaN = not known
 * @eta_from_us, @eta_to_us: 0 = not known
 * @last_us: end of the last one; 0 = none, and what is said of it means nothing
 * @last_text: figures that the gate did not pass, or the cause; may be ""
 */
typedef struct {
    gboolean is_available, is_running;
    gint64 started_us;
    gchar step[KW_VIEW_TEXT_SIZE];
    gdouble progress_ratio;
    gint64 eta_from_us, eta_to_us;
    gint64 last_us;
    gchar last_model[KW_VIEW_TEXT_SIZE];
    KwTrainingVerdict last_verdict;
    gchar last_text[KW_VIEW_LONG_SIZE];
    gint64 next_us; /* 0 = not planned */
} KwTrainingView;

/**
 * KwSignalView: a signal and what became of it
 * @time_us: of the decision
 * @tier: "none", "low", "medium", "high" of the confidence; "" = not known
 * @threshold: in force then; NaN = not known
 * @is_exit: to sell; such a signal is always followed
 * @is_entered: FALSE for an entry that was refused
 * @reason: risk reason of a refusal, exit reason of an exit, "" of an entry
 */
typedef struct {
    gint64 time_us;
    gchar pair[KW_VIEW_PAIR_SIZE];
    gdouble confidence; /* NaN: none */
    gchar tier[8];
    gdouble threshold;
    gboolean is_exit, is_entered;
    gchar reason[KW_VIEW_TEXT_SIZE];
    gchar regime[KW_VIEW_TEXT_SIZE];
} KwSignalView;

/* One point of the account's value */
typedef struct {
    gint64 time_us;
    KwDecimal equity;
} KwEquityView;

/* A candle as the exchange gave it, for pictures */
typedef struct {
    gint64 open_us;
    gdouble open, high, low, close;
} KwCandleView;

G_END_DECLS
