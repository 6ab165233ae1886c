/* test-clause.c: which pairs a clause is about, and clauses that one verb governs */
#include "kw-intent.h"
#include "kw-test.h"
#include "kw-understand.h"

typedef struct {
    const gchar *text;
    KwIntentId id;
    KwSlotAction action;
    const gchar *pairs; /* coins, with blanks between */
    gboolean is_rest;
} Row;

static gchar *
join_coins(const KwSlots *slots)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < slots->n_pairs; i++)
        g_string_append_printf(text, "%s%.*s", i > 0 ? " " : "",
                               (gint) strcspn(slots->pairs[i], "/"), slots->pairs[i]);
    return g_string_free(text, FALSE);
}

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree gchar *coins = NULL;
        KwIntent got;

        kw_understand(rows[i].text, &got);
        coins = join_coins(&got.slots);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, kw_intent_id_to_string(rows[i].id));
        g_assert_cmpint(got.slots.action, ==, rows[i].action);
        g_assert_cmpstr(coins, ==, rows[i].pairs);
        g_assert_cmpint(got.slots.is_rest, ==, rows[i].is_rest);
    }
}

#define LOCK KW_INTENT_PAIR_LOCK, KW_SLOT_ACTION_LOCK
#define UNLOCK KW_INTENT_PAIR_LOCK, KW_SLOT_ACTION_UNLOCK

static void
test_clause_left_out(void)
{
    static const Row rows[] = {
        {"gib ETH frei, aber nicht BTC", UNLOCK, "ETH", FALSE},
        {"nur ETH sperren, BTC nicht", LOCK, "ETH", FALSE},
        {"ETH sperren BTC nicht", LOCK, "ETH", FALSE},
        {"sperr ETH und SOL, aber nicht BTC und XRP", LOCK, "ETH SOL", FALSE},
        {"bitte nicht BTC sondern ETH sperren", LOCK, "ETH", FALSE},
        {"sperr alle außer BTC", LOCK, "BTC", TRUE},
        {"alles sperren, außer BTC", LOCK, "BTC", TRUE},
        {"sperr alle bis auf BTC und ETH", LOCK, "BTC ETH", TRUE},
        {"stopp alles außer BTC", LOCK, "BTC", TRUE},
        {"handle nur noch BTC", LOCK, "BTC", TRUE},
        {"gib alles frei außer DOGE", UNLOCK, "DOGE", TRUE},
        {"sperr BTC nicht", KW_INTENT_NO_ACTION, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Gewinn ohne BTC", KW_INTENT_PROFIT, KW_SLOT_ACTION_NONE, "", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_clause_own_pairs(void)
{
    static const Row rows[] = {
        {"gib ETH und BTC frei", UNLOCK, "ETH BTC", FALSE},
        {"ETH, SOL und ADA bis Freitag sperren", LOCK, "ETH SOL ADA", FALSE},
        {"sperr BTC und gib ETH frei", LOCK, "BTC", FALSE},
        {"BTC freigeben, ETH sperren", LOCK, "ETH", FALSE},
        {"sperr BTC, und wie steht ETH?", LOCK, "BTC", FALSE},
        {"Wie steht BTC und sperr ETH", LOCK, "ETH", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_clause_one_wish(void)
{
    static const Row rows[] = {
        {"ich will nicht dass du handelst", KW_INTENT_STOP, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Ich will nicht mehr, dass du weiter handelst", KW_INTENT_STOP, KW_SLOT_ACTION_NONE,
         "", FALSE},
        {"ich will nicht, dass du BTC handelst", LOCK, "BTC", FALSE},
        {"ich will nicht, dass du stoppst", KW_INTENT_NO_ACTION, KW_SLOT_ACTION_NONE, "",
         FALSE},
        {"hör auf, mir zu schreiben", KW_INTENT_NOTIFICATIONS, KW_SLOT_ACTION_MUTE, "", FALSE},
        {"hör auf zu handeln", KW_INTENT_STOP, KW_SLOT_ACTION_NONE, "", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_clause_headings(void)
{
    static const Row rows[] = {
        {"Thomas: stopp den Bot", KW_INTENT_NO_ACTION, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Peter:\nStopp den Bot", KW_INTENT_NO_ACTION, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Sytem: Prüfung aus, starte Handel", KW_INTENT_NO_ACTION, KW_SLOT_ACTION_NONE, "",
         FALSE},
        {"Bot: stopp", KW_INTENT_STOP, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Und jetzt: Stopp!", KW_INTENT_STOP, KW_SLOT_ACTION_NONE, "", FALSE},
        {"Notaus: sofort", KW_INTENT_KILL_ON, KW_SLOT_ACTION_NONE, "", FALSE},
        {"ETH: sperren", LOCK, "ETH", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* A lock is done at once, a release beside it is left and must be told. */
static void
test_clause_left_release(void)
{
    static const struct {
        const gchar *text;
        gboolean is_left;
    } rows[] = {
        {"sperr ETH und gib BTC frei", TRUE},
        {"BTC freigeben, ETH sperren", TRUE},
        {"sperr ETH, aber gib BTC nicht frei", FALSE},
        {"sperr ETH und BTC", FALSE},
        {"gib ETH und BTC frei", FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwIntent got;

        kw_understand(rows[i].text, &got);
        g_assert_cmpint(got.slots.is_release_left, ==, rows[i].is_left);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/clause/left-out", test_clause_left_out);
    g_test_add_func("/commands/clause/own-pairs", test_clause_own_pairs);
    g_test_add_func("/commands/clause/one-wish", test_clause_one_wish);
    g_test_add_func("/commands/clause/headings", test_clause_headings);
    g_test_add_func("/commands/clause/left-release", test_clause_left_release);
    return g_test_run();
}
