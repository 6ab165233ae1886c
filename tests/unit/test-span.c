/* test-span.c: the periods that questions name
 *
 * The clock is that of the corpora: Wednesday, 11 March 2026, 14:30 in Vienna. */
#include "kw-corpus.h"
#include "kw-test.h"
#include "kw-understand.h"

typedef struct {
    const gchar *text, *from, *to; /* as the corpora write them */
} Row;

static void
check_rows(const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr(JsonNode) slots = NULL;
        JsonObject *span;
        KwIntent got;

        kw_understand(rows[i].text, &got);
        g_assert_cmpstr(kw_intent_id_to_string(got.id), ==, "profit");
        slots = kw_corpus_slots_to_json(&got, kw_understand_zone());
        g_assert_true(json_object_has_member(json_node_get_object(slots), "zeitraum"));
        span = json_object_get_object_member(json_node_get_object(slots), "zeitraum");
        g_assert_cmpstr(json_object_get_string_member(span, "von"), ==, rows[i].from);
        g_assert_cmpstr(json_object_get_string_member(span, "bis"), ==, rows[i].to);
    }
}

static void
test_span_together(void)
{
    static const Row rows[] = {
        {"Gewinn im Februar und im März", "2026-02-01", "2026-03-11"},
        {"Gewinn gestern und heute", "2026-03-10", "2026-03-11"},
        {"Gewinn heute und gestern", "2026-03-10", "2026-03-11"},
        {"Gewinn im Dezember und im Februar", "2025-12-01", "2025-12-31"},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_span_parts(void)
{
    static const Row rows[] = {
        {"Gewinn Anfang Februar", "2026-02-01", "2026-02-10"},
        {"Gewinn Ende Februar", "2026-02-21", "2026-02-28"},
        {"Gewinn Mitte Jänner", "2026-01-11", "2026-01-20"},
        {"Gewinn im letzten halben Jahr", "2025-09-12", "2026-03-11"},
        {"Gewinn letztes Jahr im Dezember", "2025-12-01", "2025-12-31"},
        {"Gewinn im Jänner letzten Jahres", "2025-01-01", "2025-01-31"},
        {"Gewinn letzte Woche Freitag", "2026-03-06", "2026-03-06"},
        {"Gewinn vor zwei Tagen", "2026-03-09", "2026-03-09"},
        {"Gewinn vor einer Woche", "2026-03-04", "2026-03-04"},
        {"Gewinn am fünften März", "2026-03-05", "2026-03-05"},
        {"Gewinn im ersten Quartal", "2026-01-01", "2026-03-11"},
        {"Gewinn im vierten Quartal", "2025-10-01", "2025-12-31"},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_span_since(void)
{
    static const Row rows[] = {
        {"Gewinn seit Anfang Februar", "2026-02-01", "2026-03-11"},
        {"Gewinn seit Beginn des Jahres", "2026-01-01", "2026-03-11"},
        {"Gewinn seit 2025", "2025-01-01", "2026-03-11"},
        {"Gewinn seit dem 5.", "2026-03-05", "2026-03-11"},
        {"Gewinn seit dem 20.", "2026-02-20", "2026-03-11"},
        {"Gewinn seit einer Woche", "2026-03-05", "2026-03-11"},
        {"Gewinn seit gestern Abend", "2026-03-10T18:00+01:00", "2026-03-11T14:30+01:00"},
        {"Gewinn seit heute Morgen", "2026-03-11T06:00+01:00", "2026-03-11T14:30+01:00"},
        {"Gewinn seit Mitternacht", "2026-03-11", "2026-03-11"},
        {"Gewinn der letzten Stunde", "2026-03-11T13:30+01:00", "2026-03-11T14:30+01:00"},
        {"Gewinn der letzten 20 Minuten", "2026-03-11T14:10+01:00", "2026-03-11T14:30+01:00"},
        {"Gewinn der letzten halben Stunde", "2026-03-11T14:00+01:00",
         "2026-03-11T14:30+01:00"},
        {"Gewinn seit 10 Uhr", "2026-03-11T10:00+01:00", "2026-03-11T14:30+01:00"},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* Who does his books says the year anywhere in the sentence. */
static void
test_span_numbered(void)
{
    static const Row rows[] = {
        {"Wie viel Gewinn haben wir 2025 insgesamt gemacht?", "2025-01-01", "2025-12-31"},
        {"Gewinn und Verlust für das Jahr 2025 bitte", "2025-01-01", "2025-12-31"},
        {"Wie hoch war der Gewinn im Geschäftsjahr 2025?", "2025-01-01", "2025-12-31"},
        {"Gewinn im laufenden Geschäftsjahr", "2026-01-01", "2026-03-11"},
        {"Wie viel Gewinn gab es vergangenes Jahr?", "2025-01-01", "2025-12-31"},
        {"Wie war der Gewinn im 4. Quartal?", "2025-10-01", "2025-12-31"},
        {"Wie war der Gewinn im 1. Quartal 2025?", "2025-01-01", "2025-03-31"},
        {"Gewinn in Q1 2025", "2025-01-01", "2025-03-31"},
        {"Gewinn im dritten Quartal des Jahres 2024", "2024-07-01", "2024-09-30"},
        {"Gewinn im Vorquartal", "2025-10-01", "2025-12-31"},
        {"Gewinn im ersten Halbjahr 2025", "2025-01-01", "2025-06-30"},
        {"Gewinn im 2. Halbjahr", "2025-07-01", "2025-12-31"},
        {"Gewinn in H1 2025", "2025-01-01", "2025-06-30"},
        {"Gewinn in der KW9", "2026-02-23", "2026-03-01"},
        {"Gewinn in Woche 9", "2026-02-23", "2026-03-01"},
        {"War der Gewinn letzte Woche 3 Prozent?", "2026-03-02", "2026-03-08"},
        {"Haben wir diese Woche 20 Euro verdient?", "2026-03-09", "2026-03-11"},
        {"Gewinn in KW 9 2025", "2025-02-24", "2025-03-02"},
        {"Gewinn Oktober bis Dezember 2025", "2025-10-01", "2025-12-31"},
        {"Gewinn zwischen November und Februar", "2025-11-01", "2026-02-28"},
        {"Gewinn im Dezember 2024", "2024-12-01", "2024-12-31"},
        {"gewinn am we", "2026-03-07", "2026-03-08"},
    };

    check_rows(rows, G_N_ELEMENTS(rows));
}

/* A number that counts, names a trade or is a price is no year; last year had 52 weeks. */
static void
test_span_no_year(void)
{
    static const gchar *const texts[] = {
        "Zeig mir Trade 2024",
        "Gewinn in KW 53",
        "Gewinn der letzten 2020 Trades",
        "Wie steht Trade Nr. 2019?",
        "Zeig mir die letzten 2015 Zeilen vom Log",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        KwIntent got;

        kw_understand(texts[i], &got);
        g_test_message("%s", texts[i]);
        g_assert_cmpint(got.slots.span.kind, ==, KW_SPAN_NONE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/span/together", test_span_together);
    g_test_add_func("/commands/span/parts", test_span_parts);
    g_test_add_func("/commands/span/since", test_span_since);
    g_test_add_func("/commands/span/numbered", test_span_numbered);
    g_test_add_func("/commands/span/no-year", test_span_no_year);
    return g_test_run();
}
