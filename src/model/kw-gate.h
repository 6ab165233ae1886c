/* kw-gate.h: whether a backtest result is good enough to be deployed */
#pragma once

#include "kw-gate-input.h"

G_BEGIN_DECLS

/**
 * KwGateLimits:
 * @min_sortino, @min_accuracy: at least
 * @max_drawdown, @max_calibration_error: ratios, at most
 * @min_win_rate: ratio, at least
 */
typedef struct {
    gdouble min_sortino;
    gdouble max_drawdown;
    guint min_trades;
    gdouble min_win_rate;
    gdouble min_accuracy;
    gdouble max_calibration_error;
} KwGateLimits;

#define KW_GATE_LIMITS_USUAL                                                                   \
    {                                                                                          \
        .min_sortino = 1.5, .max_drawdown = 0.20, .min_trades = 20, .min_win_rate = 0.45,      \
        .min_accuracy = 0.68, .max_calibration_error = 0.05                                    \
    }

typedef enum {
    KW_GATE_SORTINO,
    KW_GATE_DRAWDOWN,
    KW_GATE_TRADES,
    KW_GATE_WIN_RATE,
    KW_GATE_ACCURACY, /* the last three: classifiers only */
    KW_GATE_CALIBRATION,
    KW_GATE_LEAKAGE,
} KwGateCriterion;

#define KW_GATE_N_CRITERIA (KW_GATE_LEAKAGE + 1)

typedef enum {
    KW_GATE_PASS,
    KW_GATE_FAIL,
    KW_GATE_NOT_RATED, /* the value says nothing; does not pass */
} KwGateVerdict;

/* Why a value says nothing */
typedef enum {
    KW_GATE_RATED,
    KW_GATE_MISSING, /* the file does not have it */
    KW_GATE_NO_TRADES,
    KW_GATE_DEGENERATE, /* -100: stands for "cannot be computed" */
} KwGateReason;

/**
 * KwGateLine:
 * @low, @high: Wilson interval of a rate, 95 %; NaN where there is none
 */
typedef struct {
    KwGateCriterion criterion;
    KwGateVerdict verdict;
    KwGateReason reason;
    gdouble value, limit;
    gdouble low, high;
} KwGateLine;

/**
 * kw_gate_judge:
 * @out_lines: (array fixed-size=7): filled in order
 * @out_n: lines filled: 4, or 7 for a classifier
 *
 * Returns: %TRUE when every line passes
 */
gboolean kw_gate_judge(const KwGateInput *result,
                       const KwGateLimits *limits,
                       KwGateLine out_lines[KW_GATE_N_CRITERIA],
                       guint *out_n);

/* "sortino", "drawdown", "trades", "win_rate", "accuracy", "calibration", "leakage" */
const gchar *kw_gate_criterion_to_string(KwGateCriterion criterion);

/* "pass", "fail", "not_rated" */
const gchar *kw_gate_verdict_to_string(KwGateVerdict verdict);

G_END_DECLS
