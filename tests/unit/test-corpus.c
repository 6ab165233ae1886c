/* test-corpus.c: the labelled corpus of chat messages, scored
 *
 * KW_CORPUS_VERBOSE=1 prints every line that is read otherwise. */
#include "kw-i18n.h"
#include "kw-intent.h"
#include "kw-json.h"
#include "kw-lexicon.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

typedef struct {
    KwZone *zone;
    GString *misses;
    guint n_lines, n_right, n_slots_right, n_abstained;
    guint n_now, n_now_right;
    guint n_false_actions, n_missed_safety;
} Score;

static gboolean
acts(KwIntentId id)
{
    KwDirection direction = kw_intent_id_get_direction(id);

    return direction != KW_DIRECTION_NONE && id != KW_INTENT_DENY;
}

static gboolean
is_halt(KwIntentId id)
{
    return id == KW_INTENT_STOP || id == KW_INTENT_PAUSE_ENTRIES || id == KW_INTENT_KILL_ON;
}

/* The intents that a command answers today; the others say that they are not set up. */
static gboolean
is_answered_now(KwIntentId id)
{
    switch (id) {
    case KW_INTENT_MODEL_INFO:
    case KW_INTENT_MODEL_HISTORY:
    case KW_INTENT_BACKTEST:
    case KW_INTENT_TRAINING_STATUS:
    case KW_INTENT_SIGNALS:
    case KW_INTENT_CHART:
    case KW_INTENT_OUTLOOK:
    case KW_INTENT_TOKENS:
    case KW_INTENT_THOUGHTS:
    case KW_INTENT_ANALYSIS:
    case KW_INTENT_RETRAIN:
    case KW_INTENT_DEPLOY:
    case KW_INTENT_ROLLBACK:
    case KW_INTENT_NOTIFICATIONS:
    case KW_INTENT_SET_LANGUAGE:
        return FALSE;
    default:
        return TRUE;
    }
}

/* "ctx=start" of the notes */
static KwIntentId
context_of(const gchar *note)
{
    const gchar *mark = strstr(note, "ctx=");
    g_autofree gchar *name = NULL;
    KwIntentId id = KW_INTENT_NONE;

    if (mark == NULL)
        return KW_INTENT_NONE;
    name = g_strndup(mark + 4, strcspn(mark + 4, ",: "));
    g_assert_true(kw_intent_id_from_string(name, &id, NULL));
    return id;
}

/* -- slots as the corpus writes them -- */

static void
add_instant(JsonBuilder *builder, const gchar *name, KwZone *zone, gint64 time_us)
{
    KwLocalTime local = kw_zone_split(zone, time_us);
    g_autofree gchar *text = g_strdup_printf(
        "%04d-%02d-%02dT%02d:%02d%+03d:%02d", local.date.year, local.date.month, local.date.day,
        local.hour, local.minute, local.offset_s / 3600, local.offset_s % 3600 / 60);

    kw_json_add_string(builder, name, text);
}

static void
add_span(JsonBuilder *builder, KwZone *zone, const KwSpan *span)
{
    gchar buffer[KW_DATE_TEXT_SIZE];

    if (span->kind == KW_SPAN_NONE)
        return;
    if (span->kind == KW_SPAN_ALL) {
        kw_json_add_string(builder, "zeitraum", "gesamt");
        return;
    }
    json_builder_set_member_name(builder, "zeitraum");
    json_builder_begin_object(builder);
    if (span->kind == KW_SPAN_TIMES) {
        add_instant(builder, "von", zone, span->from_us);
        add_instant(builder, "bis", zone, span->to_us);
    } else {
        kw_json_add_string(builder, "von", kw_date_to_text(span->from, buffer));
        kw_json_add_string(builder, "bis", kw_date_to_text(span->to, buffer));
    }
    json_builder_end_object(builder);
}

static void
add_lists(JsonBuilder *builder, const KwIntent *intent)
{
    if (intent->slots.n_pairs > 0) {
        json_builder_set_member_name(builder, "paar");
        json_builder_begin_array(builder);
        for (guint i = 0; i < intent->slots.n_pairs; i++)
            json_builder_add_string_value(builder, intent->slots.pairs[i]);
        json_builder_end_array(builder);
    }
    if (intent->n_further > 0) {
        json_builder_set_member_name(builder, "weitere");
        json_builder_begin_array(builder);
        for (guint i = 0; i < intent->n_further; i++)
            json_builder_add_string_value(builder, kw_intent_id_to_string(intent->further[i]));
        json_builder_end_array(builder);
    }
}

static void
add_text(JsonBuilder *builder, const gchar *name, const gchar *value)
{
    if (*value != '\0')
        kw_json_add_string(builder, name, value);
}

static void
add_numbers(JsonBuilder *builder, const KwSlots *slots)
{
    if (slots->count > 0)
        kw_json_add_int(builder, "anzahl", slots->count);
    if (!isnan(slots->threshold))
        kw_json_add_double(builder, "schwelle", slots->threshold);
    if (!isnan(slots->threshold_delta))
        kw_json_add_double(builder, "schwelle_delta", slots->threshold_delta);
    if (slots->trade_id > 0)
        kw_json_add_int(builder, "trade_id", slots->trade_id);
    if (slots->step > 0)
        kw_json_add_int(builder, "schritt", slots->step);
}

static JsonNode *
slots_to_json(const KwIntent *intent, KwZone *zone)
{
    static const gchar *const actions[] = {"", "sperren", "freigeben", "stumm", "an", "zeit"};
    static const gchar *const rasters[] = {"", "tag", "woche", "monat"};
    static const gchar *const ranks[] = {"", "beste", "schlechteste"};
    const KwSlots *slots = &intent->slots;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    gchar buffer[KW_DATE_TEXT_SIZE];

    json_builder_begin_object(builder);
    add_span(builder, zone, &slots->span);
    add_lists(builder, intent);
    add_numbers(builder, slots);
    if (slots->until.is_set && slots->until.has_time)
        add_instant(builder, "bis", zone, slots->until.time_us);
    else if (slots->until.is_set)
        kw_json_add_string(builder, "bis", kw_date_to_text(slots->until.date, buffer));
    add_text(builder, "code", slots->code);
    add_text(builder, "aktion", actions[slots->action]);
    add_text(builder, "raster", rasters[slots->raster]);
    add_text(builder, "sortierung", ranks[slots->rank]);
    add_text(builder, "art", slots->kind);
    add_text(builder, "modell_tag", slots->model_tag);
    add_text(builder, "sprache", slots->language);
    add_text(builder, "uhrzeit", slots->clock);
    add_text(builder, "zyklus", slots->cycle);
    json_builder_end_object(builder);
    return json_builder_get_root(builder);
}

/* -- scoring -- */

static gboolean
is_false_action(KwIntentId gold, const KwIntent *got)
{
    if (acts(got->id) && !acts(gold))
        return TRUE;
    return kw_intent_id_get_direction(gold) == KW_DIRECTION_SAFE &&
           kw_intent_id_get_direction(got->id) == KW_DIRECTION_RISK;
}

static void
note_miss(
    Score *score, const gchar *what, JsonObject *line, const KwIntent *got, JsonNode *slots)
{
    g_autofree gchar *read = kw_json_to_text(slots);
    g_autofree gchar *gold = kw_json_to_text(json_object_get_member(line, "slots"));

    g_string_append_printf(score->misses, "%-14s %s %s | gold %s %s | read %s %s\n", what,
                           json_object_get_string_member(line, "id"),
                           json_object_get_string_member(line, "text"),
                           json_object_get_string_member(line, "intent"), gold,
                           kw_intent_id_to_string(got->id), read);
}

static void
judge(Score *score, JsonObject *line, const KwIntent *got)
{
    const gchar *note = json_object_get_string_member(line, "note");
    gboolean needs_model = strstr(note, "llm") != NULL;
    gboolean is_hard = strstr(note, "typo") != NULL || strstr(note, "dialect") != NULL;
    g_autoptr(JsonNode) slots = slots_to_json(got, score->zone);
    KwIntentId gold;

    g_assert_true(
        kw_intent_id_from_string(json_object_get_string_member(line, "intent"), &gold, NULL));
    if (is_false_action(gold, got)) {
        score->n_false_actions++;
        note_miss(score, "FALSE ACTION", line, got, slots);
    }
    if (is_halt(gold) && !is_halt(got->id) && !needs_model && !is_hard) {
        score->n_missed_safety++;
        note_miss(score, "MISSED SAFETY", line, got, slots);
    }
    if (needs_model) {
        score->n_abstained += got->id == KW_INTENT_UNCLEAR;
        return;
    }
    score->n_lines++;
    score->n_now += is_answered_now(gold);
    if (got->id != gold) {
        note_miss(score, "intent", line, got, slots);
        return;
    }
    score->n_right++;
    score->n_now_right += is_answered_now(gold);
    if (json_node_equal(slots, json_object_get_member(line, "slots")))
        score->n_slots_right++;
    else
        note_miss(score, "slots", line, got, slots);
}

static void
read_line(Score *score, const gchar *text)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, NULL);
    JsonObject *line;
    KwIntentId context;
    KwIntentInput input;
    KwIntent got;

    g_assert_nonnull(root);
    line = json_node_get_object(root);
    context = context_of(json_object_get_string_member(line, "note"));
    input = (KwIntentInput){
        .text = json_object_get_string_member(line, "text"),
        .now_us = KW_TEST_T0_US,
        .zone = score->zone,
        .quote = "USDT",
        .pending = acts(context) ? context : KW_INTENT_NONE,
        .last_read = acts(context) ? KW_INTENT_NONE : context,
    };
    input.len = strlen(input.text);
    kw_intent_parse(&input, &got);
    judge(score, line, &got);
}

static void
test_corpus_scores(void)
{
    g_autofree gchar *path = kw_test_fixture_path("chat/de_corpus.jsonl");
    g_autofree gchar *content = NULL;
    g_auto(GStrv) lines = NULL;
    Score score = {.misses = g_string_new(NULL)};

    score.zone = kw_zone_new("Europe/Vienna", NULL);
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (*lines[i] != '\0')
            read_line(&score, lines[i]);
    }
    if (g_getenv("KW_CORPUS_VERBOSE") != NULL)
        g_printerr("%s", score.misses->str);
    g_test_message("intents %u of %u (%.1f %%), those with a command %u of %u (%.1f %%), slots "
                   "%u of %u (%.1f %%), false actions %u, missed safety %u",
                   score.n_right, score.n_lines, 100.0 * score.n_right / score.n_lines,
                   score.n_now_right, score.n_now, 100.0 * score.n_now_right / score.n_now,
                   score.n_slots_right, score.n_right,
                   100.0 * score.n_slots_right / score.n_right, score.n_false_actions,
                   score.n_missed_safety);
    g_assert_cmpuint(score.n_false_actions, ==, 0);
    g_assert_cmpuint(score.n_missed_safety, ==, 0);
    g_assert_cmpuint(score.n_now_right * 100, >=, score.n_now * 90);
    g_string_free(score.misses, TRUE);
    kw_zone_unref(score.zone);
}

static void
test_corpus_lexicon_loads(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLexicon) lexicon = NULL;
    GBytes *phrases = kw_i18n_get_phrases();

    lexicon =
        kw_lexicon_new(g_bytes_get_data(phrases, NULL), g_bytes_get_size(phrases), &error);
    g_assert_no_error(error);
    g_assert_nonnull(lexicon);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commands/corpus/lexicon-loads", test_corpus_lexicon_loads);
    g_test_add_func("/commands/corpus/scores", test_corpus_scores);
    return g_test_run();
}
