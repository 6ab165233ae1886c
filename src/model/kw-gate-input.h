/* kw-gate-input.h: what a backtest result file says about one strategy */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_GATE_INPUT_MAX_BYTES (256u * 1024 * 1024)

/**
 * KwGateInput:
 * @strategy: (owned): name of the strategy
 * @sortino: NaN when the file has none and its trades do not give one
 * @drawdown: share of the account, 0..1; NaN when the file has none
 * @start_us, @end_us: of the candles; 0 when not told
 * @n_forecasts: of the classifier behind the strategy; 0 when there is none
 * @accuracy, @calibration_error: of the classifier, 0..1; NaN when not told
 * @identity: (owned) (nullable): hash of the strategy; %NULL in files of other programs
 * @model: (owned) (nullable): its models
 * @pairs: (owned) (nullable): that were traded
 * @leaked: the classifier was judged on rows it had seen
 */
typedef struct {
    gchar *strategy;
    guint n_trades, wins, losses, draws;
    gdouble sortino, drawdown, profit;
    gint64 start_us, end_us;
    guint n_forecasts;
    gdouble accuracy, calibration_error;
    gboolean leaked;
    gchar *identity, *model;
    GStrv pairs;
} KwGateInput;

void kw_gate_input_clear(KwGateInput *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwGateInput, kw_gate_input_clear)

/**
 * kw_gate_input_parse:
 * @bytes: a result file as freqtrade writes it since 2020 or as kurswart does, plain or zip
 * @strategy: (nullable): which of its strategies; %NULL when it has one only
 *
 * Old files without win rate or Sortino ratio: the first follows from the counts, the second
 * from the trades when all of them are in the file.
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_FORMAT (no result file, or a damaged one) or
 *   %KW_MODEL_ERROR_ABSENT (no such strategy, or several and none named). Any thread.
 */
gboolean
kw_gate_input_parse(GBytes *bytes, const gchar *strategy, KwGateInput *out, GError **error);

G_END_DECLS
