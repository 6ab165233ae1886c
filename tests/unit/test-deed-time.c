/* test-deed-time.c: deeds that name a time, and wishes beside them */
#include "kw-deed-time.h"
#include "kw-test.h"
#include "kw-understand.h"

typedef struct {
    const gchar *text;
    KwIntentId id;
} Row;

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        KwIntent got;

        kw_understand(rows[i].text, &got);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
        g_assert_cmpuint(got.n_further, ==, 0);
    }
}

static void
test_deed_time_asks(void)
{
    static const Row rows[] = {
        {"kannst du mir sagen wie viel wir mit dem Bot seit dem Start verdient haben",
         KW_INTENT_PROFIT},
        {"bitte den Gewinn seit der Pause vom Bot", KW_INTENT_PROFIT},
        {"bitte zeig die Trades vom Bot seit dem Abschalten", KW_INTENT_TRADE_HISTORY},
        {"bitte die Trades seit dem letzten Notaus", KW_INTENT_TRADE_HISTORY},
        {"bitte den Gewinn vom Bot ab dem Start", KW_INTENT_PROFIT},
        {"bitte die Trades seit dem Zurückrollen", KW_INTENT_TRADE_HISTORY},
        {"bitte alle Fehler vom Bot beim Start", KW_INTENT_ERRORS},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_deed_time_keeps_wishes(void)
{
    static const Row rows[] = {
        {"Nach dem Start bitte den Bot anhalten", KW_INTENT_STOP},
        {"Bot anhalten bis zum Start der Woche", KW_INTENT_STOP},
        {"Nach dem Neustart bitte gleich den Handel stoppen", KW_INTENT_STOP},
        {"Bitte zum Notaus greifen", KW_INTENT_KILL_ON},
        {"bitte Training starten nach dem Stopp", KW_INTENT_RETRAIN},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/deed-time/asks", test_deed_time_asks);
    g_test_add_func("/commands/deed-time/keeps-wishes", test_deed_time_keeps_wishes);
    return g_test_run();
}
