/* test-contrast.c: what is said in the place of something else, and what only looks like it */
#include "kw-contrast.h"
#include "kw-test.h"
#include "kw-understand.h"

typedef struct {
    const gchar *text;
    KwIntentId id;
    const gchar *pair; /* the first one; NULL: not looked at */
    gdouble threshold; /* 0: not looked at */
} Row;

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        KwIntent got;

        kw_understand(rows[i].text, &got);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
        g_assert_cmpuint(got.n_further, ==, 0);
        if (rows[i].pair != NULL) {
            g_assert_cmpuint(got.slots.n_pairs, ==, 1);
            g_assert_cmpstr(got.slots.pairs[0], ==, rows[i].pair);
        }
        if (rows[i].threshold > 0)
            g_assert_cmpfloat_with_epsilon(got.slots.threshold, rows[i].threshold, 1e-9);
    }
}

static void
test_contrast_instead(void)
{
    static const Row rows[] = {
        {"Nicht Bitcoin sperren, sondern Ripple", KW_INTENT_PAIR_LOCK, "XRP/USDT", 0},
        {"nicht ETH freigeben, sondern SOL", KW_INTENT_PAIR_LOCK, "SOL/USDT", 0},
        {"Schwelle nicht senken, sondern auf 83 Prozent erhöhen", KW_INTENT_SET_THRESHOLD, NULL,
         0.83},
        {"Nicht pausieren, sondern stoppen", KW_INTENT_STOP, NULL, 0},
        {"Pausieren sollst du nicht, sondern stoppen", KW_INTENT_STOP, NULL, 0},
        {"Nicht stoppen, sondern nur pausieren", KW_INTENT_PAUSE_ENTRIES, NULL, 0},
        {"Halte den Bot nicht an, sondern sperr BTC", KW_INTENT_PAIR_LOCK, "BTC/USDT", 0},
        {"Nicht den Gewinn, sondern den Drawdown bitte", KW_INTENT_DRAWDOWN, NULL, 0},
        {"Ich will nicht den Gewinn, sondern die Gebühren", KW_INTENT_FEES, NULL, 0},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_contrast_corrected(void)
{
    static const Row rows[] = {
        {"starten, äh nein, ich meinte stoppen!", KW_INTENT_STOP, NULL, 0},
        {"Sperr ETH, nein falsch, ADA", KW_INTENT_PAIR_LOCK, "ADA/USDT", 0},
        {"Zeig mir den Kurs von Bitcoin, Quatsch, von Solana", KW_INTENT_PRICE, "SOL/USDT", 0},
        {"Schwelle auf 90, nein warte, 85", KW_INTENT_SET_THRESHOLD, NULL, 0.85},
        {"Schwelle auf 80, ich meine 85", KW_INTENT_SET_THRESHOLD, NULL, 0.85},
        {"Wie ist der Status, nein warte, der Kontostand", KW_INTENT_BALANCE, NULL, 0},
        {"Bot starten, nein warte, Status bitte", KW_INTENT_STATUS, NULL, 0},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* What was called a halt stays one, and what binds a deed is not lost with what it says. */
static void
test_contrast_moves_nothing(void)
{
    static const Row rows[] = {
        {"Notaus, nein quatsch, Pause", KW_INTENT_KILL_ON, NULL, 0},
        {"Stopp, nein, warte", KW_INTENT_STOP, NULL, 0},
        {"Den Bot nicht anhalten, sondern die Kaffeemaschine", KW_INTENT_NO_ACTION, NULL, 0},
        {"Den Bot nicht anhalten, sondern Bitcoin", KW_INTENT_NO_ACTION, NULL, 0},
        {"Ich hab nicht gestoppt, sondern pausiert", KW_INTENT_NO_ACTION, NULL, 0},
        {"Ich würde nicht stoppen, sondern pausieren", KW_INTENT_NO_ACTION, NULL, 0},
        {"Er soll nicht stoppen, sondern weiterlaufen", KW_INTENT_NO_ACTION, NULL, 0},
        {"Wenn es fällt, nicht stoppen, sondern pausieren", KW_INTENT_NO_ACTION, NULL, 0},
        {"Mein Chef meint, nicht pausieren, sondern stoppen", KW_INTENT_NO_ACTION, NULL, 0},
        {"Morgen nicht stoppen, sondern pausieren", KW_INTENT_NO_ACTION, NULL, 0},
        {"Nicht heute, sondern morgen pausieren", KW_INTENT_NO_ACTION, NULL, 0},
        {"Wenn er Verlust macht, sorry, dann stopp ihn", KW_INTENT_NO_ACTION, NULL, 0},
        {"Wenn Bitcoin fällt, äh nein, ich meinte steigt, stopp den Bot", KW_INTENT_NO_ACTION,
         NULL, 0},
        {"Starte den Bot, nein, lieber nicht", KW_INTENT_NO_ACTION, NULL, 0},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/contrast/instead", test_contrast_instead);
    g_test_add_func("/commands/contrast/corrected", test_contrast_corrected);
    g_test_add_func("/commands/contrast/moves-nothing", test_contrast_moves_nothing);
    return g_test_run();
}
