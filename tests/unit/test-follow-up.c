/* test-follow-up.c: what a follow-up means after each question */
#include "kw-follow-up.h"
#include "kw-test.h"

#include <string.h>

static KwFollowUp
resolve(KwIntentId before, const KwSlots *slots, const gchar *text, KwIntent *inout)
{
    inout->id = KW_INTENT_FOLLOWUP;
    return kw_follow_up_resolve(inout, before, slots, text, strlen(text));
}

static void
add_pair(KwSlots *slots, const gchar *pair)
{
    slots->n_pairs = 1;
    g_strlcpy(slots->pairs[0], pair, KW_SLOTS_PAIR_SIZE);
}

static void
add_days(KwSlots *slots)
{
    slots->span = (KwSpan){.kind = KW_SPAN_DAYS, .from = {2026, 3, 2}, .to = {2026, 3, 8}};
}

/* "und letzte Woche?", "und ETH?", "als Bild?", "warum?", "genauer bitte", "ohne Gebühren?" */
static void
test_table(void)
{
    static const struct {
        KwIntentId before;
        const gchar *news; /* "p": a period, "e": a pair, or words */
        KwFollowUp kind;
        KwIntentId id;
        const gchar *picture;
    } rows[] = {
        {KW_INTENT_PROFIT, "p", KW_FOLLOW_UP_SAME, KW_INTENT_PROFIT, ""},
        {KW_INTENT_STATUS, "p", KW_FOLLOW_UP_MOVED, KW_INTENT_SUMMARY, ""},
        {KW_INTENT_BALANCE, "p", KW_FOLLOW_UP_MOVED, KW_INTENT_PROFIT, ""},
        {KW_INTENT_PRICE, "p", KW_FOLLOW_UP_MOVED, KW_INTENT_CHART, "kerzen"},
        {KW_INTENT_CONFIG_SHOW, "p", KW_FOLLOW_UP_NOWHERE, KW_INTENT_FOLLOWUP, ""},
        {KW_INTENT_TOKENS, "p", KW_FOLLOW_UP_NOWHERE, KW_INTENT_FOLLOWUP, ""},
        {KW_INTENT_TRADE_DETAIL, "e", KW_FOLLOW_UP_SAME, KW_INTENT_TRADE_DETAIL, ""},
        {KW_INTENT_SUMMARY, "e", KW_FOLLOW_UP_MOVED, KW_INTENT_PROFIT, ""},
        {KW_INTENT_HEALTH, "e", KW_FOLLOW_UP_NOWHERE, KW_INTENT_FOLLOWUP, ""},
        {KW_INTENT_PROFIT, "Und als Bild?", KW_FOLLOW_UP_SAME, KW_INTENT_CHART, "equity"},
        {KW_INTENT_BALANCE, "als Grafik", KW_FOLLOW_UP_SAME, KW_INTENT_CHART, "equity"},
        {KW_INTENT_DRAWDOWN, "als Bild?", KW_FOLLOW_UP_SAME, KW_INTENT_CHART, "drawdown"},
        {KW_INTENT_SIGNALS, "als Bild", KW_FOLLOW_UP_SAME, KW_INTENT_CHART, "kerzen"},
        {KW_INTENT_TOKENS, "als Bild", KW_FOLLOW_UP_NOWHERE, KW_INTENT_FOLLOWUP, ""},
        {KW_INTENT_PROFIT, "warum?", KW_FOLLOW_UP_SAME, KW_INTENT_ANALYSIS, ""},
        {KW_INTENT_TRADE_DETAIL, "wieso", KW_FOLLOW_UP_SAME, KW_INTENT_SIGNALS, ""},
        {KW_INTENT_MODEL_INFO, "genauer bitte", KW_FOLLOW_UP_SAME, KW_INTENT_BACKTEST, ""},
        {KW_INTENT_PAIRS, "genauer bitte", KW_FOLLOW_UP_NOWHERE, KW_INTENT_FOLLOWUP, ""},
        {KW_INTENT_PROFIT, "ohne Gebühren?", KW_FOLLOW_UP_SAME, KW_INTENT_FEES, ""},
        {KW_INTENT_PAIRS, "das gleiche", KW_FOLLOW_UP_SAME, KW_INTENT_PAIRS, ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwIntent intent = {0};
        KwSlots before;

        kw_slots_init(&before);
        kw_slots_init(&intent.slots);
        if (strcmp(rows[i].news, "p") == 0)
            add_days(&intent.slots);
        if (strcmp(rows[i].news, "e") == 0)
            add_pair(&intent.slots, "ETH/USDT");
        g_test_message("%s, %s", kw_intent_id_to_string(rows[i].before), rows[i].news);
        g_assert_cmpint(resolve(rows[i].before, &before, rows[i].news, &intent), ==,
                        rows[i].kind);
        g_assert_cmpint(intent.id, ==, rows[i].id);
        g_assert_cmpstr(intent.slots.kind, ==, rows[i].picture);
    }
}

/* New values win, the others stay; another pair is another trade. */
static void
test_merge(void)
{
    KwIntent intent = {0};
    KwSlots before;

    kw_slots_init(&before);
    kw_slots_init(&intent.slots);
    add_pair(&before, "BTC/USDT");
    add_days(&before);
    before.count = 5;
    intent.slots.count = 3;
    g_assert_cmpint(resolve(KW_INTENT_TRADE_HISTORY, &before, "Davon die letzten 3", &intent),
                    ==, KW_FOLLOW_UP_SAME);
    g_assert_cmpuint(intent.slots.count, ==, 3);
    g_assert_cmpstr(intent.slots.pairs[0], ==, "BTC/USDT");
    g_assert_cmpint(intent.slots.span.kind, ==, KW_SPAN_DAYS);

    kw_slots_init(&intent.slots);
    add_pair(&intent.slots, "ETH/USDT");
    before.trade_id = 41;
    (void) resolve(KW_INTENT_TRADE_DETAIL, &before, "und ETH?", &intent);
    g_assert_cmpint(intent.slots.trade_id, ==, 0);
    g_assert_cmpstr(intent.slots.pairs[0], ==, "ETH/USDT");

    kw_slots_init(&intent.slots); /* its picture comes with the answer */
    (void) resolve(KW_INTENT_TRADE_DETAIL, &before, "als Bild", &intent);
    g_assert_cmpint(intent.id, ==, KW_INTENT_TRADE_DETAIL);
    g_assert_cmpint(intent.slots.trade_id, ==, 41);
}

/* Property: whatever was asked and whatever is new, a follow-up is a question, or nothing at
 * all; where it leads, the same news leads no further. */
static void
test_only_questions(void)
{
    static const gchar *const words[] = {"", "als Bild", "warum", "genauer", "ohne Gebühren"};

    for (guint id = 1; id < KW_N_INTENTS; id++) {
        for (guint bits = 0; bits < 32 * G_N_ELEMENTS(words); bits++) {
            KwIntent intent = {0}, again = {0};
            KwSlots before;
            KwFollowUp kind;

            if (kw_intent_id_get_class((KwIntentId) id) != KW_INTENT_CLASS_READ)
                continue;
            kw_slots_init(&before);
            kw_slots_init(&intent.slots);
            if (bits & 1)
                add_days(&intent.slots);
            if (bits & 2)
                add_pair(&intent.slots, "ETH/USDT");
            intent.slots.count = bits & 4 ? 3 : 0;
            intent.slots.rank = bits & 8 ? KW_RANK_WORST : KW_RANK_NONE;
            intent.slots.raster = bits & 16 ? KW_RASTER_WEEK : KW_RASTER_NONE;
            again.slots = intent.slots;
            kind = resolve((KwIntentId) id, &before, words[bits / 32], &intent);
            if (kind == KW_FOLLOW_UP_NOWHERE) {
                g_assert_cmpint(intent.id, ==, KW_INTENT_FOLLOWUP);
                continue;
            }
            g_assert_cmpint(kw_intent_id_get_class(intent.id), ==, KW_INTENT_CLASS_READ);
            if (bits < 4) {
                kind = resolve(intent.id, &intent.slots, "", &again);
                g_assert_cmpint(kind, ==, KW_FOLLOW_UP_SAME);
                g_assert_cmpint(again.id, ==, intent.id);
            }
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/follow-up/table", test_table);
    g_test_add_func("/commands/follow-up/merge", test_merge);
    g_test_add_func("/commands/follow-up/only-questions", test_only_questions);
    return g_test_run();
}
