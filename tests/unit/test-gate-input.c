/* Files as freqtrade wrote them, and such as are none */
#include "kw-error.h"
#include "kw-gate-input.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

static GBytes *
load(const gchar *relative)
{
    g_autofree gchar *path = kw_test_fixture_path(relative);
    gchar *content = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(path, &content, &length, NULL));
    return g_bytes_new_take(content, length);
}

static void
test_golden(void)
{
    static const gchar *const files[] = {"freqtrade/golden/g1_fixed_roi.json",
                                         "gate/g1_fixed_roi.zip"};

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GBytes) bytes = load(files[i]);
        g_auto(KwGateInput) result = {0};

        g_assert_true(kw_gate_input_parse(bytes, NULL, &result, NULL));
        g_assert_cmpstr(result.strategy, ==, "Golden");
        g_assert_cmpuint(result.n_trades, ==, 70);
        g_assert_cmpuint(result.wins, ==, 34);
        g_assert_cmpfloat_with_epsilon(result.sortino, -18.471073923545326, 1e-12);
        g_assert_cmpfloat_with_epsilon(result.drawdown, 0.056009263625768614, 1e-15);
        g_assert_cmpuint(result.n_forecasts, ==, 0);
    }
}

/* Without its member the ratio follows from the trades */
static void
test_sortino_of_trades(void)
{
    g_autoptr(GBytes) bytes = load("freqtrade/golden/g1_fixed_roi.json");
    g_autofree gchar *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    gchar *member = strstr(text, "\"sortino\"");
    g_autoptr(GBytes) older = NULL;
    g_auto(KwGateInput) result = {0};

    g_assert_nonnull(member);
    memcpy(member, "\"sortina\"", 9);
    older = g_bytes_new_static(text, strlen(text));
    g_assert_true(kw_gate_input_parse(older, NULL, &result, NULL));
    g_assert_cmpfloat_with_epsilon(result.sortino, -18.471073923545326, 1e-9);
}

static void
test_legacy(void)
{
    g_autoptr(GBytes) bytes = load("gate/legacy-backtest-result.json");
    g_auto(KwGateInput) result = {0};

    g_assert_true(kw_gate_input_parse(bytes, "StrategyTestV3", &result, NULL));
    g_assert_cmpuint(result.n_trades, ==, 179);
    g_assert_cmpuint(result.draws, ==, 122);
    g_assert_true(isnan(result.sortino)); /* 8 of 179 trades do not tell it */
    g_assert_cmpfloat_with_epsilon(result.drawdown, 0.018740312808228732, 1e-15);
}

static void
test_old_drawdown(void)
{
    static const gchar text[] =
        "{\"strategy\":{\"A\":{\"total_trades\":1,\"wins\":1,\"losses\":0,"
        "\"draws\":0,\"max_drawdown\":0.25}}}";
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text - 1);
    g_auto(KwGateInput) result = {0};

    g_assert_true(kw_gate_input_parse(bytes, NULL, &result, NULL));
    g_assert_cmpfloat(result.drawdown, ==, 0.25);
}

static void
test_rejects(void)
{
    static const struct {
        const gchar *text, *strategy;
        KwModelError code;
    } rows[] = {
        {"", NULL, KW_MODEL_ERROR_FORMAT},
        {"[]", NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"latest_backtest\":\"x.json\"}", NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":[]}", NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":{}}", NULL, KW_MODEL_ERROR_ABSENT},
        {"{\"strategy\":{\"A\":{},\"B\":{}}}", NULL, KW_MODEL_ERROR_ABSENT},
        {"{\"strategy\":{\"A\":{},\"B\":{}}}", "C", KW_MODEL_ERROR_ABSENT},
        {"{\"strategy\":{\"A\":{}}}", NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":{\"A\":7}}", NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":{\"A\":{\"total_trades\":-1,\"wins\":0,\"losses\":0,\"draws\":0}}}",
         NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":{\"A\":{\"total_trades\":9,\"wins\":1,\"losses\":0,\"draws\":0}}}",
         NULL, KW_MODEL_ERROR_FORMAT},
        {"{\"strategy\":{\"A\":{\"total_trades\":\"9\",\"wins\":1,\"losses\":0,\"draws\":0}}}",
         NULL, KW_MODEL_ERROR_FORMAT},
        {"PK\003\004 and then nothing of an archive", NULL, KW_MODEL_ERROR_FORMAT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(rows[i].text, strlen(rows[i].text));
        g_autoptr(GError) error = NULL;
        KwGateInput result = {.n_trades = 7};

        g_test_message("row %" G_GSIZE_FORMAT ": %s", i, rows[i].text);
        g_assert_false(kw_gate_input_parse(bytes, rows[i].strategy, &result, &error));
        g_assert_error(error, KW_MODEL_ERROR, (gint) rows[i].code);
        g_assert_cmpuint(result.n_trades, ==, 7);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/gate-input/golden", test_golden);
    g_test_add_func("/model/gate-input/sortino-of-trades", test_sortino_of_trades);
    g_test_add_func("/model/gate-input/legacy", test_legacy);
    g_test_add_func("/model/gate-input/old-drawdown", test_old_drawdown);
    g_test_add_func("/model/gate-input/rejects", test_rejects);
    return g_test_run();
}
