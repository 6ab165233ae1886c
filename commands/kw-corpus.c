/* kw-corpus.c: how well the messages of a labelled corpus are understood
 *
 * The scores are those that the corpus format defines. Two of them must be zero whatever the
 * rest is: an action that was not asked for, and a stop that was not seen. */
#include "kw-corpus.h"

#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

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

static gboolean
names_pair(const KwSlots *slots, const gchar *pair)
{
    for (guint i = 0; i < slots->n_pairs; i++) {
        if (strcmp(slots->pairs[i], pair) == 0)
            return TRUE;
    }
    return FALSE;
}

/* "Alle außer BTC" are the other pairs that the corpus trades. */
static void
add_pairs(JsonBuilder *builder, const KwSlots *slots)
{
    static const gchar *const traded[] = {"BTC/USDT", "ETH/USDT", "SOL/USDT", "XRP/USDT",
                                          "ADA/USDT"};

    if (slots->n_pairs == 0 && !slots->is_rest)
        return;
    json_builder_set_member_name(builder, "paar");
    json_builder_begin_array(builder);
    for (guint i = 0; !slots->is_rest && i < slots->n_pairs; i++)
        json_builder_add_string_value(builder, slots->pairs[i]);
    for (gsize i = 0; slots->is_rest && i < G_N_ELEMENTS(traded); i++) {
        if (!names_pair(slots, traded[i]))
            json_builder_add_string_value(builder, traded[i]);
    }
    json_builder_end_array(builder);
}

static void
add_lists(JsonBuilder *builder, const KwIntent *intent)
{
    add_pairs(builder, &intent->slots);
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

JsonNode *
kw_corpus_slots_to_json(const KwIntent *intent, KwZone *zone)
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

/* "ctx=start" of the notes: the action that waits for its code, or the question before */
static gboolean
read_context(const gchar *note, KwIntentId *out, GError **error)
{
    const gchar *mark = strstr(note, "ctx=");
    g_autofree gchar *name = NULL;

    *out = KW_INTENT_NONE;
    if (mark == NULL)
        return TRUE;
    name = g_strndup(mark + 4, strcspn(mark + 4, ",: "));
    return kw_intent_id_from_string(name, out, error);
}

static gboolean
is_false_action(KwIntentId gold, const KwIntent *got)
{
    if (acts(got->id) && !acts(gold))
        return TRUE;
    return kw_intent_id_get_direction(gold) == KW_DIRECTION_SAFE &&
           kw_intent_id_get_direction(got->id) == KW_DIRECTION_RISK;
}

static gboolean
has_tag(const gchar *note, const gchar *tag)
{
    g_autofree gchar *tags = g_strndup(note, strcspn(note, ":"));
    g_auto(GStrv) list = g_strsplit(tags, ",", -1);

    for (guint i = 0; list[i] != NULL; i++) {
        if (strcmp(g_strstrip(list[i]), tag) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
judge(KwCorpusLine *line, const gchar *note, KwCorpusScore *score)
{
    gboolean must_be_seen = is_halt(line->gold) && !line->needs_model &&
                            !has_tag(note, "typo") && !has_tag(note, "dialect");

    line->is_false_action = is_false_action(line->gold, &line->got);
    line->is_missed_safety = must_be_seen && !is_halt(line->got.id);
    line->is_right = line->got.id == line->gold;
    line->has_slots_right = line->is_right && json_node_equal(line->slots, line->gold_slots);
    score->n_false_actions += line->is_false_action;
    score->n_missed_safety += line->is_missed_safety;
    score->n_safety += must_be_seen;
    if (line->needs_model) {
        score->n_model++;
        score->n_model_right += line->is_right;
        score->n_abstained += line->got.id == KW_INTENT_UNCLEAR;
        return;
    }
    score->n_lines++;
    score->n_right += line->is_right;
    score->n_slots_right += line->has_slots_right;
}

static gboolean
read_members(JsonObject *object,
             KwCorpusLine *out,
             const gchar **out_note,
             KwIntentId *out_context,
             GError **error)
{
    const gchar *id, *text, *intent;
    JsonObject *slots;

    if (!kw_json_get_string(object, "id", &id, error) ||
        !kw_json_get_string(object, "text", &text, error) ||
        !kw_json_get_string(object, "intent", &intent, error) ||
        !kw_json_get_string(object, "note", out_note, error) ||
        !kw_json_get_object(object, "slots", &slots, error) ||
        !kw_intent_id_from_string(intent, &out->gold, error) ||
        !read_context(*out_note, out_context, error))
        return FALSE;
    out->id = g_strdup(id);
    out->text = g_strdup(text);
    out->gold_slots = json_node_copy(json_object_get_member(object, "slots"));
    return TRUE;
}

gboolean
kw_corpus_read(
    const gchar *json, KwZone *zone, KwCorpusScore *score, KwCorpusLine *out, GError **error)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(json, -1, error);
    JsonObject *object = root != NULL ? kw_json_root_object(root, error) : NULL;
    const gchar *note = NULL;
    KwIntentId context = KW_INTENT_NONE;
    KwIntentInput input;

    *out = (KwCorpusLine){0};
    if (object == NULL || !read_members(object, out, &note, &context, error))
        return FALSE;
    input = (KwIntentInput){
        .text = out->text,
        .len = strlen(out->text),
        .now_us = KW_CORPUS_NOW_US,
        .zone = zone,
        .quote = "USDT",
        .pending = acts(context) ? context : KW_INTENT_NONE,
        .last_read = acts(context) ? KW_INTENT_NONE : context,
    };
    kw_intent_parse(&input, &out->got);
    out->slots = kw_corpus_slots_to_json(&out->got, zone);
    out->needs_model = has_tag(note, "llm");
    judge(out, note, score);
    return TRUE;
}

void
kw_corpus_line_clear(KwCorpusLine *line)
{
    g_clear_pointer(&line->id, g_free);
    g_clear_pointer(&line->text, g_free);
    g_clear_pointer(&line->slots, json_node_unref);
    g_clear_pointer(&line->gold_slots, json_node_unref);
}
