/* test-llm-check.c: F77, numbers and deeds that a model invents */
#include "kw-llm-check.h"
#include "kw-test.h"

static void
test_numbers(void)
{
    static const gchar *const sources[] = {
        "{\"realised\":\"-3.12\",\"profit_pct\":-0.304,\"n_trades\":7,\"wins\":3,"
        "\"capital\":\"12345.67\",\"time\":\"2026-03-11 14:30\",\"price\":\"48500.5\"}",
        "Warum 24 Stunden lang nichts?", NULL};
    static const struct {
        const gchar *answer;
        gboolean is_fine;
    } rows[] = {
        {"Kein Trade.", TRUE},
        {"Verlust von 3,12 USDT (\xE2\x88\x92"
         "0,30 %) aus 7 Trades, 3 im Plus.",
         TRUE},
        {"A loss of 3.12 USDT (-0.3 %).", TRUE},
        {"Rund 3 USDT Verlust.", TRUE},
        {"Das Kapital ist 12.345,67 USDT, also rund 12.346.", TRUE},
        {"The capital is 12,345.67 USDT.", TRUE},
        {"Bitcoin steht bei 48.500,50.", TRUE},
        {"Stand 14:30 am 11.03.2026, also am 11.03. um 14:30.", TRUE},
        {"In 24 Stunden.", TRUE},
        {"Verlust von 3,13 USDT.", FALSE},
        {"Gewinn 0,31 %.", FALSE},
        {"8 Trades.", FALSE},
        {"Das Kapital ist 12.345,76 USDT.", FALSE},
        {"Stand 14:31.", FALSE},
        {"Am 12.03. war es so.", FALSE},
        {"Ziel 100000.", FALSE},
        {"Die Quote ist 42,86 %.", FALSE}, /* computed by the model */
        {"1.2.3.4.5.6", FALSE},
        {"99999999999999999999999999999999999999999999999999999999999", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *odd = NULL;

        g_test_message("%s", rows[i].answer);
        g_assert_cmpint(kw_llm_check_numbers(rows[i].answer, sources, &odd), ==,
                        rows[i].is_fine);
        g_assert_true(rows[i].is_fine == (odd == NULL));
    }
}

/* Property: a number of a result, rounded and written the German way, always passes; another
 * one far from all never does. */
static void
test_numbers_random(void)
{
    for (guint i = 0; i < 2000; i++) {
        gdouble value = g_test_rand_double_range(1000, 900000);
        gint digits = g_test_rand_int_range(0, 5);
        g_autofree gchar *source = g_strdup_printf("{\"x\":%.8f}", value);
        g_autofree gchar *right = g_strdup_printf("x ist %.*f", digits, value);
        g_autofree gchar *wrong = g_strdup_printf("x ist %.*f", digits, value + 17);
        const gchar *sources[] = {source, NULL};

        g_strdelimit(right, ".", ',');
        g_strdelimit(wrong, ".", ',');
        g_test_message("%s: %s", source, right);
        g_assert_true(kw_llm_check_numbers(right, sources, NULL));
        g_assert_false(kw_llm_check_numbers(wrong, sources, NULL));
    }
}

static void
test_deeds(void)
{
    static const struct {
        const gchar *answer;
        gboolean claims;
    } rows[] = {
        {"Order ausgeführt.", TRUE},
        {"Die Order wurde ausgeführt.", TRUE},
        {"Ich habe BTC verkauft.", TRUE},
        {"Erledigt!", TRUE},
        {"Der Bot ist jetzt gestoppt.", TRUE},
        {"Ich habe den Handel für dich angehalten.", TRUE},
        {"Der Kill-Switch wurde aktiviert.", TRUE},
        {"I have stopped the bot.", TRUE},
        {"Die Zahlen sind gut. Ich habe die Schwelle auf 0,8 gesetzt.", TRUE},
        {"Done.", TRUE},
        {"Der Bot wurde gestartet.", FALSE}, /* it runs */
        {"Diese Woche waren die Verluste größer als die Gewinne.", FALSE},
        {"ADA wurde um 14:30 gekauft und verlor.", FALSE},
        {"Ich kann nichts ausführen; schreib: Stopp.", FALSE},
        {"Es wurde keine Order ausgeführt.", FALSE},
        {"Wenn du willst, wird der Bot gestoppt: schreib Stopp.", FALSE},
        {"", FALSE},
    };
    KwStatusView status = {.state = KW_RUN_STATE_RUNNING};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].answer);
        g_assert_cmpint(kw_llm_claims_effect(rows[i].answer, &status), ==, rows[i].claims);
    }
    status.state = KW_RUN_STATE_STOPPED;
    g_assert_false(kw_llm_claims_effect("Der Bot ist gestoppt.", &status));
    g_assert_true(kw_llm_claims_effect("Der Bot wurde gestartet.", &status));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/llm/check/numbers", test_numbers);
    g_test_add_func("/llm/check/numbers-random", test_numbers_random);
    g_test_add_func("/llm/check/deeds", test_deeds);
    return g_test_run();
}
