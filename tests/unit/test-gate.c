#include "kw-gate.h"

#include <math.h>

static const KwGateLimits usual = KW_GATE_LIMITS_USUAL;

/* A result that passes everything */
static KwGateInput
good(void)
{
    return (KwGateInput){.n_trades = 100,
                         .wins = 60,
                         .losses = 40,
                         .sortino = 2,
                         .drawdown = 0.1,
                         .accuracy = NAN,
                         .calibration_error = NAN};
}

static void
expect(const KwGateInput *result, guint n_lines, gint failing, KwGateVerdict verdict)
{
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n = 0;
    gboolean passed = kw_gate_judge(result, &usual, lines, &n);

    g_assert_cmpuint(n, ==, n_lines);
    g_assert_cmpint(passed, ==, failing < 0);
    for (guint i = 0; i < n; i++) {
        g_assert_cmpint(lines[i].criterion, ==, i);
        g_assert_cmpint(lines[i].verdict, ==, (gint) i == failing ? verdict : KW_GATE_PASS);
    }
}

static void
test_each_criterion(void)
{
    KwGateInput r = good();

    expect(&r, 4, -1, KW_GATE_PASS);
    r.sortino = 1.49;
    expect(&r, 4, KW_GATE_SORTINO, KW_GATE_FAIL);
    r = good();
    r.drawdown = 0.201;
    expect(&r, 4, KW_GATE_DRAWDOWN, KW_GATE_FAIL);
    r = good();
    r.n_trades = 19;
    r.wins = 10;
    expect(&r, 4, KW_GATE_TRADES, KW_GATE_FAIL);
    r = good();
    r.wins = 44;
    expect(&r, 4, KW_GATE_WIN_RATE, KW_GATE_FAIL);
    r = (KwGateInput){.n_trades = 20, .wins = 9, .sortino = 1.5, .drawdown = 0.2};
    expect(&r, 4, -1, KW_GATE_PASS); /* exactly the limits */
}

static void
test_degenerate(void)
{
    KwGateInput r = good();

    r.sortino = -100;
    expect(&r, 4, KW_GATE_SORTINO, KW_GATE_NOT_RATED);
    r.sortino = NAN;
    expect(&r, 4, KW_GATE_SORTINO, KW_GATE_NOT_RATED);
    r = good();
    r.drawdown = NAN;
    expect(&r, 4, KW_GATE_DRAWDOWN, KW_GATE_NOT_RATED);
}

static void
test_no_trades(void)
{
    KwGateInput r = {0};
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n = 0;

    g_assert_false(kw_gate_judge(&r, &usual, lines, &n));
    g_assert_cmpint(lines[KW_GATE_DRAWDOWN].verdict, ==, KW_GATE_NOT_RATED);
    g_assert_cmpint(lines[KW_GATE_DRAWDOWN].reason, ==, KW_GATE_NO_TRADES);
    g_assert_cmpint(lines[KW_GATE_TRADES].verdict, ==, KW_GATE_FAIL);
}

static void
test_classifier(void)
{
    KwGateInput r = good();

    r.n_forecasts = 1000;
    r.accuracy = 0.7;
    r.calibration_error = 0.04;
    expect(&r, 7, -1, KW_GATE_PASS);
    r.accuracy = 0.67;
    expect(&r, 7, KW_GATE_ACCURACY, KW_GATE_FAIL);
    r.accuracy = 0.7;
    r.calibration_error = NAN;
    expect(&r, 7, KW_GATE_CALIBRATION, KW_GATE_NOT_RATED);
    r.calibration_error = 0.06;
    expect(&r, 7, KW_GATE_CALIBRATION, KW_GATE_FAIL);
    r.calibration_error = 0.05;
    r.leaked = TRUE;
    expect(&r, 7, KW_GATE_LEAKAGE, KW_GATE_FAIL);
}

static void
test_interval(void)
{
    KwGateInput r = good();
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n = 0;

    (void) kw_gate_judge(&r, &usual, lines, &n);
    /* 60 of 100 */
    g_assert_cmpfloat_with_epsilon(lines[KW_GATE_WIN_RATE].low, 0.502, 0.001);
    g_assert_cmpfloat_with_epsilon(lines[KW_GATE_WIN_RATE].high, 0.691, 0.001);
    g_assert_true(isnan(lines[KW_GATE_TRADES].low));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/gate/each-criterion", test_each_criterion);
    g_test_add_func("/model/gate/degenerate", test_degenerate);
    g_test_add_func("/model/gate/no-trades", test_no_trades);
    g_test_add_func("/model/gate/classifier", test_classifier);
    g_test_add_func("/model/gate/interval", test_interval);
    return g_test_run();
}
