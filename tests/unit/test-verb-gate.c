/* "kurswart gate" as the owner types it */
#include "kw-verb-gate.h"

#include "kw-test.h"

#include <locale.h>
#include <string.h>
#include <sysexits.h>

static GString *printed;

static void
on_print(const gchar *text)
{
    g_string_append(printed, text);
}

/* What the verb prints stands in @printed afterwards */
static int
run(const gchar *relative, const gchar *option, const gchar *value)
{
    g_autofree gchar *path = relative == NULL ? NULL : kw_test_fixture_path(relative);
    const gchar *argv[] = {"gate", path, option, value, NULL};
    GPrintFunc usual = g_set_print_handler(on_print);
    GPrintFunc usual_error = g_set_printerr_handler(on_print);
    int argc = path == NULL ? 1 : option == NULL ? 2 : value == NULL ? 3 : 4, status;

    g_string_truncate(printed, 0);
    status = kw_verb_gate(argc, (char **) argv);
    (void) g_set_print_handler(usual);
    (void) g_set_printerr_handler(usual_error);
    return status;
}

static void
expect_text(const gchar *part)
{
    g_test_message("%s", printed->str);
    g_assert_nonnull(strstr(printed->str, part));
}

static void
test_verdicts(void)
{
    g_assert_cmpint(run("freqtrade/golden/g1_fixed_roi.json", NULL, NULL), ==, 1);
    expect_text("-18,47");
    expect_text("48,6 %");
    expect_text("nicht bestanden");
    g_assert_cmpint(run("gate/g1_fixed_roi.zip", "--sortino", "-20"), ==, 0);
    expect_text("Urteil: bestanden");
    g_assert_cmpint(run("freqtrade/golden/g5_one_winner.json", NULL, NULL), ==, 1);
    expect_text("nicht bewertbar");
    g_assert_cmpint(run("freqtrade/golden/g4_no_trades.json", NULL, NULL), ==, 1);
    expect_text("kein Trade");
}

static void
test_json(void)
{
    g_assert_cmpint(run("freqtrade/golden/g1_fixed_roi.json", "--json", NULL), ==, 1);
    expect_text("\"passed\":false");
    expect_text("{\"name\":\"trades\",\"value\":70.0,\"limit\":20.0,\"verdict\":\"pass\"");
}

static void
test_refusals(void)
{
    g_assert_cmpint(run(NULL, NULL, NULL), ==, 2);
    g_assert_cmpint(run("gate/nothing.json", NULL, NULL), ==, EX_NOINPUT);
    g_assert_cmpint(run("calibration/platt.json", NULL, NULL), ==, EX_DATAERR);
    expect_text("ist keine Ergebnisdatei");
    g_assert_cmpint(run("gate/legacy-backtest-result.json", "--strategy", "Other"), ==, 2);
    expect_text("StrategyTestV3");
    g_assert_cmpint(run("gate/g1_fixed_roi.zip", "--drawdown", "120"), ==, 2);
}

int
main(int argc, char **argv)
{
    int status;

    (void) setlocale(LC_CTYPE, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    printed = g_string_new(NULL);
    g_test_add_func("/app/verb-gate/verdicts", test_verdicts);
    g_test_add_func("/app/verb-gate/json", test_json);
    g_test_add_func("/app/verb-gate/refusals", test_refusals);
    status = g_test_run();
    g_string_free(printed, TRUE);
    return status;
}
