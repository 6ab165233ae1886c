/* test-duration.c: "für 2 Stunden", "übers Wochenende", and the words behind "bis"
 *
 * The clock is that of the corpora: Wednesday, 11 March 2026, 14:30 in Vienna. */
#include "kw-corpus.h"
#include "kw-intent.h"
#include "kw-test.h"
#include "kw-understand.h"

/* The slot "bis" as the corpora write it; "" when there is none */
static gchar *
read_until(const gchar *text, KwIntent *out)
{
    g_autoptr(JsonNode) slots = NULL;
    JsonObject *object;

    kw_understand(text, out);
    slots = kw_corpus_slots_to_json(out, kw_understand_zone());
    object = json_node_get_object(slots);
    if (!json_object_has_member(object, "bis"))
        return g_strdup("");
    return g_strdup(json_object_get_string_member(object, "bis"));
}

typedef struct {
    const gchar *text, *until;
    gboolean is_open;
} Row;

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree gchar *got = NULL;
        KwIntent intent;

        g_test_message("'%s'", rows[i].text);
        got = read_until(rows[i].text, &intent);
        g_assert_cmpint(kw_intent_id_get_direction(intent.id) != KW_DIRECTION_NONE ||
                            intent.id == KW_INTENT_NOTIFICATIONS,
                        ==, TRUE);
        g_assert_cmpstr(got, ==, rows[i].until);
        g_assert_cmpint(intent.slots.is_end_open, ==, rows[i].is_open);
    }
}

static void
test_duration_distances(void)
{
    static const Row rows[] = {
        {"pause für 2 stunden", "2026-03-11T16:30+01:00", FALSE},
        {"Stopp für eine halbe Stunde", "2026-03-11T15:00+01:00", FALSE},
        {"pause die nächsten anderthalb stunden", "2026-03-11T16:00+01:00", FALSE},
        {"mach 1,5 Stunden Pause", "2026-03-11T16:00+01:00", FALSE},
        {"2h pause", "2026-03-11T16:30+01:00", FALSE},
        {"30 min ruhe bitte", "2026-03-11T15:00+01:00", FALSE},
        {"leise für 2 Stunden", "2026-03-11T16:30+01:00", FALSE},
        {"sperr ETH für 3 Tage", "2026-03-14", FALSE},
        {"eine Woche kein SOL mehr", "2026-03-18", FALSE},
        {"Stopp für einen Monat", "2026-04-11", FALSE},
        {"Stopp, ich bin 2 Stunden weg", "2026-03-11T16:30+01:00", FALSE},
        {"seit 2 Stunden nur Verlust, stopp", "", FALSE},
        {"in den letzten 3 Tagen war nichts, mach Pause", "", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_duration_stretches(void)
{
    static const Row rows[] = {
        {"pause übers Wochenende", "2026-03-15", FALSE},
        {"das Wochenende über keine neuen Trades", "2026-03-15", FALSE},
        {"Keine Meldungen über Nacht", "2026-03-12T06:00+01:00", FALSE},
        {"sperr ADA den Rest der Woche", "2026-03-15", FALSE},
        {"Pause über Ostern", "2026-04-05", FALSE},
        {"Sperr heute ETH", "2026-03-11", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_duration_until(void)
{
    static const Row rows[] = {
        {"pause bis morgen früh", "2026-03-12T08:00+01:00", FALSE},
        {"pause bis 18 uhr", "2026-03-11T18:00+01:00", FALSE},
        {"pause bis 8 uhr", "2026-03-12T08:00+01:00", FALSE},
        {"pause bis heute abend um 8", "2026-03-11T20:00+01:00", FALSE},
        {"ruhe bis morgen früh um 7", "2026-03-12T07:00+01:00", FALSE},
        {"pause bis zum 20.", "2026-03-20", FALSE},
        {"pause bis zum 5.", "2026-04-05", FALSE},
        {"Stopp bis Ende der Woche", "2026-03-15", FALSE},
        {"Stopp bis Ende nächster Woche", "2026-03-22", FALSE},
        {"Stopp bis Ende April", "2026-04-30", FALSE},
        {"Stopp bis nächsten Monat", "2026-04-01", FALSE},
        {"pause bis in einer Stunde", "2026-03-11T15:30+01:00", FALSE},
        {"ruhe bis mitternacht", "2026-03-12T00:00+01:00", FALSE},
        {"Pause bis auf Weiteres", "", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* An end that nobody can reckon with, or that the action cannot keep, is told. */
static void
test_duration_open(void)
{
    static const Row rows[] = {
        {"pause bis ein Signal kommt", "", TRUE},
        {"Stopp bis ich wieder da bin", "", TRUE},
        {"Pause für ein Weilchen", "", TRUE},
        {"Notaus für 2 Stunden", "", TRUE},
        {"Schwelle 80 für 2 Stunden", "", TRUE},
        {"Starte bis Freitag", "", TRUE},
        {"Stopp", "", FALSE},
        {"Schwelle auf 80 %", "", FALSE},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* Property: an end that is read lies ahead, however the words are put together. */
static void
test_duration_is_ahead(void)
{
    static const gchar *const words[] = {
        "bis",   "für",   "2",       "stunden", "eine",       "halbe", "stunde", "morgen",
        "früh",  "uhr",   "18",      "freitag", "wochenende", "übers", "nacht",  "heute",
        "abend", "um",    "ende",    "der",     "woche",      "april", "in",     "tagen",
        "3",     "monat", "nächste", "den",     "20.",        "zum",   "mitte",  "halb",
    };

    for (guint round = 0; round < 4000; round++) {
        g_autoptr(GString) text = g_string_new("pause");
        KwIntent got;

        for (gint i = g_test_rand_int_range(1, 8); i > 0; i--)
            g_string_append_printf(text, " %s",
                                   words[g_test_rand_int_range(0, (gint) G_N_ELEMENTS(words))]);
        kw_understand(text->str, &got);
        if (!got.slots.until.is_set)
            continue;
        if (!kw_date_is_valid(got.slots.until.date) || got.slots.until.date.year < 2026 ||
            got.slots.until.date.year > 2028)
            g_test_message("'%s'", text->str);
        g_assert_true(kw_date_is_valid(got.slots.until.date));
        g_assert_cmpint(got.slots.until.date.year, >=, 2026);
        g_assert_cmpint(got.slots.until.date.year, <=, 2028);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/duration/distances", test_duration_distances);
    g_test_add_func("/commands/duration/stretches", test_duration_stretches);
    g_test_add_func("/commands/duration/until", test_duration_until);
    g_test_add_func("/commands/duration/open", test_duration_open);
    g_test_add_func("/commands/duration/is-ahead", test_duration_is_ahead);
    return g_test_run();
}
