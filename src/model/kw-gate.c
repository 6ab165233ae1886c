/* kw-gate.c: criteria one by one, each with its own verdict
 *
 * freqtrade writes -100 for a ratio that cannot be computed and 0 when there was no trade. Both
 * compare like numbers and mean nothing: a run of only winners has a Sortino ratio of -100.
 * Such a line is neither good nor bad but "not rated", and what is not rated does not pass,
 * because the gate stands between a strategy and money. */
#include "kw-gate.h"

#include "kw-trade-stats.h"

#include <math.h>

#define DEGENERATE -100.0

static KwGateLine
line_new(KwGateCriterion criterion, gdouble value, gdouble limit)
{
    return (KwGateLine){
        .criterion = criterion, .value = value, .limit = limit, .low = NAN, .high = NAN};
}

static void
rate(KwGateLine *line, gboolean is_good, KwGateReason reason)
{
    line->reason = reason;
    if (reason != KW_GATE_RATED)
        line->verdict = KW_GATE_NOT_RATED;
    else
        line->verdict = is_good ? KW_GATE_PASS : KW_GATE_FAIL;
}

static KwGateReason
reason_of(const KwGateInput *result, gdouble value)
{
    if (result->n_trades == 0)
        return KW_GATE_NO_TRADES;
    if (isnan(value))
        return KW_GATE_MISSING;
    return value <= DEGENERATE && value >= DEGENERATE ? KW_GATE_DEGENERATE : KW_GATE_RATED;
}

static void
judge_trades(const KwGateInput *result, const KwGateLimits *limits, KwGateLine *lines)
{
    const guint n = result->n_trades;
    gdouble win_rate = n > 0 ? (gdouble) result->wins / n : NAN;

    lines[0] = line_new(KW_GATE_SORTINO, result->sortino, limits->min_sortino);
    rate(&lines[0], result->sortino >= limits->min_sortino, reason_of(result, result->sortino));
    lines[1] = line_new(KW_GATE_DRAWDOWN, result->drawdown, limits->max_drawdown);
    rate(&lines[1], result->drawdown <= limits->max_drawdown,
         reason_of(result, result->drawdown));
    lines[2] = line_new(KW_GATE_TRADES, n, limits->min_trades);
    rate(&lines[2], n >= limits->min_trades, KW_GATE_RATED);
    lines[3] = line_new(KW_GATE_WIN_RATE, win_rate, limits->min_win_rate);
    rate(&lines[3], win_rate >= limits->min_win_rate, reason_of(result, win_rate));
    if (n > 0)
        kw_stats_wilson(result->wins, n, &lines[3].low, &lines[3].high);
}

static void
judge_classifier(const KwGateInput *result, const KwGateLimits *limits, KwGateLine *lines)
{
    const gdouble n = result->n_forecasts;
    KwGateReason accuracy = isnan(result->accuracy) ? KW_GATE_MISSING : KW_GATE_RATED;
    KwGateReason error = isnan(result->calibration_error) ? KW_GATE_MISSING : KW_GATE_RATED;

    lines[0] = line_new(KW_GATE_ACCURACY, result->accuracy, limits->min_accuracy);
    rate(&lines[0], result->accuracy >= limits->min_accuracy, accuracy);
    if (accuracy == KW_GATE_RATED)
        kw_stats_wilson((guint) CLAMP(round(result->accuracy * n), 0, n), (guint) n,
                        &lines[0].low, &lines[0].high);
    lines[1] =
        line_new(KW_GATE_CALIBRATION, result->calibration_error, limits->max_calibration_error);
    rate(&lines[1], result->calibration_error <= limits->max_calibration_error, error);
    lines[2] = line_new(KW_GATE_LEAKAGE, result->leaked, 0);
    rate(&lines[2], !result->leaked, KW_GATE_RATED);
}

gboolean
kw_gate_judge(const KwGateInput *result,
              const KwGateLimits *limits,
              KwGateLine out_lines[KW_GATE_N_CRITERIA],
              guint *out_n)
{
    gboolean passed = TRUE;

    judge_trades(result, limits, out_lines);
    *out_n = KW_GATE_ACCURACY;
    if (result->n_forecasts > 0) {
        judge_classifier(result, limits, out_lines + KW_GATE_ACCURACY);
        *out_n = KW_GATE_N_CRITERIA;
    }
    for (guint i = 0; i < *out_n; i++)
        passed = passed && out_lines[i].verdict == KW_GATE_PASS;
    return passed;
}

const gchar *
kw_gate_criterion_to_string(KwGateCriterion criterion)
{
    static const gchar *const names[KW_GATE_N_CRITERIA] = {
        [KW_GATE_SORTINO] = "sortino",   [KW_GATE_DRAWDOWN] = "drawdown",
        [KW_GATE_TRADES] = "trades",     [KW_GATE_WIN_RATE] = "win_rate",
        [KW_GATE_ACCURACY] = "accuracy", [KW_GATE_CALIBRATION] = "calibration",
        [KW_GATE_LEAKAGE] = "leakage",
    };

    return names[criterion];
}

const gchar *
kw_gate_verdict_to_string(KwGateVerdict verdict)
{
    switch (verdict) {
    case KW_GATE_PASS:
        return "pass";
    case KW_GATE_FAIL:
        return "fail";
    case KW_GATE_NOT_RATED:
        return "not_rated";
    }
    g_return_val_if_reached("not_rated");
}
