/* test-dictation.c: a halt and a question behind it, dictated without a mark */
#include "kw-test.h"
#include "kw-understand.h"

typedef struct {
    const gchar *text;
    KwIntentId id, further;
} Row;

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        KwIntent got;

        g_test_message("%s", rows[i].text);
        kw_understand(rows[i].text, &got);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
        g_assert_cmpint(got.n_further, ==, rows[i].further != KW_INTENT_NONE);
        if (got.n_further > 0)
            g_assert_cmpstr(kw_intent_id_to_string(got.further[0]), ==,
                            kw_intent_id_to_string(rows[i].further));
    }
}

static void
test_dictation_cut(void)
{
    static const Row rows[] = {
        {"bot bitte stoppen wieviele verlusttrades hatten wir diese woche", KW_INTENT_STOP,
         KW_INTENT_TRADE_STATS},
        {"halt das ding an in welchen coins stecken wir momentan drin", KW_INTENT_STOP,
         KW_INTENT_OPEN_TRADES},
        {"unterbrich den handel wann war der letzte trade", KW_INTENT_STOP,
         KW_INTENT_TRADE_HISTORY},
        {"kauf vorerst nichts mehr dazu wie hoch sind die gebühren", KW_INTENT_PAUSE_ENTRIES,
         KW_INTENT_FEES},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* A deed that is asked about, denied or told is no halt for the question behind it. */
static void
test_dictation_whole(void)
{
    static const gchar *const texts[] = {
        "bot stoppen wie geht das",
        "den handel anhalten was passiert mit den offenen trades",
        "was passiert beim stoppen wie viele trades bleiben",
        "den bot nicht stoppen wie viel gewinn haben wir",
        "soll ich den bot stoppen was sagt der drawdown",
        "du hast den bot gestoppt wie hoch ist der verlust",
        "wer hat den bot gestoppt und warum",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        KwIntent got;

        g_test_message("%s", texts[i]);
        kw_understand(texts[i], &got);
        g_assert_cmpint(kw_intent_id_get_direction(got.id), ==, KW_DIRECTION_NONE);
        for (guint f = 0; f < got.n_further; f++)
            g_assert_cmpint(kw_intent_id_get_direction(got.further[f]), ==, KW_DIRECTION_NONE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/dictation/cut", test_dictation_cut);
    g_test_add_func("/commands/dictation/whole", test_dictation_whole);
    return g_test_run();
}
