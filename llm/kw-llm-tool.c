/* kw-llm-tool.c: command table -> tools -> intents
 *
 * The command table says what a model may see; nothing is offered that is not flagged there,
 * and what it cannot say cannot be called: there is no tool for orders, for settings or for
 * codes. Arguments are few and closed: words out of a list, a pair, a small number. They are
 * checked here and not left to the vendor's "strict" mode, which does not know ranges. One
 * argument too many is refused like a wrong one, because nobody knows what it was meant to do.
 */
#include "kw-llm-tool.h"

#include "kw-command.h"
#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

typedef enum {
    ARG_PERIOD = 1 << 0,
    ARG_PAIR = 1 << 1,
    ARG_COUNT = 1 << 2,
    ARG_TRADE = 1 << 3,
    ARG_RASTER = 1 << 4,
    ARG_THRESHOLD = 1 << 5,
    ARG_ACTION = 1 << 6,
} Args;

/* Questions that take arguments; all others take none. */
static const struct {
    KwIntentId intent;
    guint args;
} taken[] = {
    {KW_INTENT_TRADE_DETAIL, ARG_TRADE | ARG_PAIR},
    {KW_INTENT_TRADE_HISTORY, ARG_PERIOD | ARG_PAIR | ARG_COUNT},
    {KW_INTENT_PROFIT, ARG_PERIOD | ARG_PAIR | ARG_RASTER},
    {KW_INTENT_PAIR_PERFORMANCE, ARG_PERIOD},
    {KW_INTENT_DRAWDOWN, ARG_PERIOD},
    {KW_INTENT_TRADE_STATS, ARG_PERIOD | ARG_PAIR},
    {KW_INTENT_ERRORS, ARG_PERIOD | ARG_COUNT},
    {KW_INTENT_SIGNALS, ARG_PERIOD | ARG_PAIR},
    {KW_INTENT_PRICE, ARG_PAIR},
    {KW_INTENT_FEES, ARG_PERIOD},
    {KW_INTENT_SUMMARY, ARG_PERIOD},
};

/* Words of the schema, and the same in the words of a message */
static const struct {
    const gchar *word, *text;
} periods[] = {
    {"heute", "heute"},
    {"gestern", "gestern"},
    {"diese_woche", "diese woche"},
    {"letzte_woche", "letzte woche"},
    {"letzte_7_tage", "letzte 7 tage"},
    {"dieser_monat", "diesen monat"},
    {"letzter_monat", "letzten monat"},
    {"dieses_jahr", "dieses jahr"},
    {"gesamt", "seit start"},
};

static const gchar *const rasters[] = {"tag", "woche", "monat"};

/* In the order of the command table */
static const struct {
    const gchar *word;
    KwIntentId intent;
    KwLlmToolKind kind;
    guint args;
} actions[] = {
    {"starten", KW_INTENT_START, KW_LLM_TOOL_PROPOSE, 0},
    {"stoppen", KW_INTENT_STOP, KW_LLM_TOOL_SAFE, 0},
    {"pausieren", KW_INTENT_PAUSE_ENTRIES, KW_LLM_TOOL_SAFE, 0},
    {"schwelle", KW_INTENT_SET_THRESHOLD, KW_LLM_TOOL_PROPOSE, ARG_THRESHOLD},
    {"paar_sperren", KW_INTENT_PAIR_LOCK, KW_LLM_TOOL_SAFE, ARG_PAIR},
    {"paar_freigeben", KW_INTENT_PAIR_LOCK, KW_LLM_TOOL_PROPOSE, ARG_PAIR},
    {"notaus", KW_INTENT_KILL_ON, KW_LLM_TOOL_SAFE, 0},
    {"notaus_aufheben", KW_INTENT_KILL_OFF, KW_LLM_TOOL_PROPOSE, 0},
};

static const gchar *const kind_names[] = {"", "request_safe", "propose"};

static guint
args_of(KwIntentId intent)
{
    for (gsize i = 0; i < G_N_ELEMENTS(taken); i++)
        if (taken[i].intent == intent)
            return taken[i].args;
    return 0;
}

static gboolean
is_offered(KwIntentId intent)
{
    return kw_command_find(intent)->tool == KW_TOOL_OFFERED;
}

/* -- schema -- */

static void
add_argument(JsonBuilder *builder, const gchar *name, const gchar *type, const gchar *text)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", type);
    kw_json_add_string(builder, "description", text);
}

static void
begin_words(JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "enum");
    json_builder_begin_array(builder);
}

static void
end_words(JsonBuilder *builder)
{
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
add_range(JsonBuilder *builder, gint64 min, gint64 max)
{
    kw_json_add_int(builder, "minimum", min);
    kw_json_add_int(builder, "maximum", max);
    json_builder_end_object(builder);
}

static void
add_action_words(JsonBuilder *builder, KwLlmToolKind kind)
{
    begin_words(builder);
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        if (actions[i].kind == kind && is_offered(actions[i].intent))
            json_builder_add_string_value(builder, actions[i].word);
    end_words(builder);
}

static void
add_properties(JsonBuilder *builder, guint args, KwLlmToolKind kind)
{
    if ((args & ARG_ACTION) != 0) {
        add_argument(builder, "action", "string", "was der Inhaber will");
        add_action_words(builder, kind);
    }
    if ((args & ARG_PERIOD) != 0) {
        add_argument(builder, "zeitraum", "string", "ohne Angabe: was üblich ist");
        begin_words(builder);
        for (gsize i = 0; i < G_N_ELEMENTS(periods); i++)
            json_builder_add_string_value(builder, periods[i].word);
        end_words(builder);
    }
    if ((args & ARG_PAIR) != 0) {
        add_argument(builder, "paar", "string", "wie BTC/USDT");
        json_builder_end_object(builder);
    }
    if ((args & ARG_COUNT) != 0) {
        add_argument(builder, "anzahl", "integer", "höchstens so viele");
        add_range(builder, 1, 20);
    }
    if ((args & ARG_TRADE) != 0) {
        add_argument(builder, "trade_id", "integer", "Nummer des Trades");
        add_range(builder, 1, G_MAXINT32);
    }
    if ((args & ARG_RASTER) != 0) {
        add_argument(builder, "raster", "string", "je Tag, Woche oder Monat");
        begin_words(builder);
        for (gsize i = 0; i < G_N_ELEMENTS(rasters); i++)
            json_builder_add_string_value(builder, rasters[i]);
        end_words(builder);
    }
    if ((args & ARG_THRESHOLD) != 0) {
        add_argument(builder, "schwelle", "number", "nur für schwelle: über 0 bis unter 1");
        json_builder_end_object(builder);
    }
}

static void
add_tool(JsonBuilder *builder,
         const gchar *name,
         const gchar *description,
         guint args,
         KwLlmToolKind kind)
{
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "name", name);
    kw_json_add_string(builder, "description", description);
    json_builder_set_member_name(builder, "input_schema");
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", "object");
    json_builder_set_member_name(builder, "properties");
    json_builder_begin_object(builder);
    add_properties(builder, args, kind);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "required");
    json_builder_begin_array(builder);
    if ((args & ARG_ACTION) != 0)
        json_builder_add_string_value(builder, "action");
    json_builder_end_array(builder);
    kw_json_add_bool(builder, "additionalProperties", FALSE);
    json_builder_end_object(builder);
    json_builder_end_object(builder);
}

JsonArray *
kw_llm_tools_new(void)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    guint n;
    const KwCommand *commands = kw_command_list(&n);

    json_builder_begin_array(builder);
    for (guint i = 0; i < n; i++) {
        KwIntentId intent = commands[i].intent;

        if (commands[i].tool == KW_TOOL_OFFERED &&
            kw_intent_id_get_class(intent) == KW_INTENT_CLASS_READ)
            add_tool(builder, kw_intent_id_to_string(intent), commands[i].summary,
                     args_of(intent), KW_LLM_TOOL_READ);
    }
    add_tool(builder, kind_names[KW_LLM_TOOL_SAFE],
             "Only when the owner's message of this turn asks for it: less risk, at once",
             ARG_ACTION | ARG_PAIR, KW_LLM_TOOL_SAFE);
    add_tool(builder, kind_names[KW_LLM_TOOL_PROPOSE],
             "Only when the owner's message of this turn asks for it: nothing happens before "
             "the owner confirms it",
             ARG_ACTION | ARG_PAIR | ARG_THRESHOLD, KW_LLM_TOOL_PROPOSE);
    json_builder_end_array(builder);
    root = json_builder_get_root(builder);
    return json_array_ref(json_node_get_array(root));
}

/* -- a call -- */

static gboolean
refuse(GError **error, KwParseError code, const gchar *argument, const gchar *why)
{
    g_set_error(error, KW_PARSE_ERROR, (gint) code, "%s: %s", argument, why);
    return FALSE;
}

static gboolean
read_period(const gchar *word, KwZone *zone, gint64 now_us, KwSlots *out, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
        g_autofree gchar *text = NULL;
        KwIntentInput input = {.now_us = now_us, .zone = zone, .quote = "USDT"};
        KwIntent intent;

        if (strcmp(word, periods[i].word) != 0)
            continue;
        text = g_strconcat("/balance ", periods[i].text, NULL);
        input.text = text;
        input.len = strlen(text);
        kw_intent_parse(&input, &intent);
        out->span = intent.slots.span;
        return TRUE;
    }
    return refuse(error, KW_PARSE_ERROR_RANGE, "zeitraum", "not one of the words");
}

static gboolean
read_pair(const gchar *pair, KwSlots *out, GError **error)
{
    const gchar *slash = strchr(pair, '/');
    gsize n = strspn(pair, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/");

    if (slash == NULL || strchr(slash + 1, '/') != NULL || slash - pair < 2 ||
        strlen(slash) < 4 || pair[n] != '\0' || n >= KW_SLOTS_PAIR_SIZE)
        return refuse(error, KW_PARSE_ERROR_RANGE, "paar", "not of the form BTC/USDT");
    g_strlcpy(out->pairs[0], pair, KW_SLOTS_PAIR_SIZE);
    out->n_pairs = 1;
    return TRUE;
}

static gboolean
read_raster(const gchar *word, KwSlots *out, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rasters); i++)
        if (strcmp(word, rasters[i]) == 0) {
            out->raster = (KwRaster) (KW_RASTER_DAY + i);
            return TRUE;
        }
    return refuse(error, KW_PARSE_ERROR_RANGE, "raster", "not one of the words");
}

static gboolean
read_text(const gchar *name,
          const gchar *text,
          KwZone *zone,
          gint64 now_us,
          KwSlots *out,
          GError **error)
{
    if (strcmp(name, "zeitraum") == 0)
        return read_period(text, zone, now_us, out, error);
    if (strcmp(name, "paar") == 0)
        return read_pair(text, out, error);
    return strcmp(name, "raster") != 0 || read_raster(text, out, error);
}

static gboolean
read_number(JsonObject *input, const gchar *name, KwSlots *out, GError **error)
{
    gint64 value;

    if (strcmp(name, "schwelle") == 0) {
        if (!kw_json_get_double(input, name, &out->threshold, error))
            return FALSE;
        return (out->threshold > 0 && out->threshold < 1) ||
               refuse(error, KW_PARSE_ERROR_RANGE, name, "not between 0 and 1");
    }
    if (!kw_json_get_int(input, name, &value, error))
        return FALSE;
    if (value < 1 || value > (strcmp(name, "anzahl") == 0 ? 20 : G_MAXINT32))
        return refuse(error, KW_PARSE_ERROR_RANGE, name, "out of range");
    if (strcmp(name, "anzahl") == 0)
        out->count = (guint) value;
    else
        out->trade_id = value;
    return TRUE;
}

static gboolean
read_argument(JsonObject *input,
              const gchar *name,
              guint args,
              const KwIntentInput *when,
              KwSlots *out,
              GError **error)
{
    static const struct {
        const gchar *name;
        guint arg;
        gboolean is_text;
    } known[] = {
        {"action", ARG_ACTION, TRUE},       {"zeitraum", ARG_PERIOD, TRUE},
        {"paar", ARG_PAIR, TRUE},           {"anzahl", ARG_COUNT, FALSE},
        {"trade_id", ARG_TRADE, FALSE},     {"raster", ARG_RASTER, TRUE},
        {"schwelle", ARG_THRESHOLD, FALSE},
    };
    const gchar *text;

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(name, known[i].name) != 0 || (args & known[i].arg) == 0)
            continue;
        if (!known[i].is_text)
            return read_number(input, name, out, error);
        return kw_json_get_string(input, name, &text, error) &&
               read_text(name, text, when->zone, when->now_us, out, error);
    }
    return refuse(error, KW_PARSE_ERROR_MEMBER, "an argument", "is not known here");
}

static gboolean
read_arguments(
    JsonObject *input, guint args, const KwIntentInput *when, KwSlots *out, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(input);

    kw_slots_init(out);
    for (GList *l = names; l != NULL; l = l->next)
        if (!read_argument(input, l->data, args, when, out, error))
            return FALSE;
    return TRUE;
}

/* What the action needs has to be there, what it does not take must not. */
static gboolean
check_action(guint args, const KwSlots *slots, GError **error)
{
    if (((args & ARG_PAIR) != 0) != (slots->n_pairs > 0))
        return refuse(error, KW_PARSE_ERROR_MEMBER, "paar", "missing, or not for this action");
    if (((args & ARG_THRESHOLD) != 0) != !isnan(slots->threshold))
        return refuse(error, KW_PARSE_ERROR_MEMBER, "schwelle",
                      "missing, or not for this action");
    return TRUE;
}

static gboolean
read_action(KwLlmToolKind kind,
            JsonObject *input,
            const KwIntentInput *when,
            KwLlmWish *out,
            GError **error)
{
    guint args = ARG_ACTION | ARG_PAIR | (kind == KW_LLM_TOOL_PROPOSE ? ARG_THRESHOLD : 0);
    const gchar *word;

    if (!kw_json_get_string(input, "action", &word, error) ||
        !read_arguments(input, args, when, &out->slots, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (strcmp(word, actions[i].word) != 0 || actions[i].kind != kind ||
            !is_offered(actions[i].intent))
            continue;
        out->kind = kind;
        out->intent = actions[i].intent;
        if (out->intent == KW_INTENT_PAIR_LOCK)
            out->slots.action =
                kind == KW_LLM_TOOL_SAFE ? KW_SLOT_ACTION_LOCK : KW_SLOT_ACTION_UNLOCK;
        return check_action(actions[i].args, &out->slots, error);
    }
    return refuse(error, KW_PARSE_ERROR_RANGE, "action", "not one of the words");
}

gboolean
kw_llm_tool_read(const gchar *name,
                 JsonObject *input,
                 KwZone *zone,
                 gint64 now_us,
                 KwLlmWish *out,
                 GError **error)
{
    KwIntentInput when = {.zone = zone, .now_us = now_us};
    KwLlmWish wish = {.kind = KW_LLM_TOOL_READ};
    gboolean is_fine;

    if (input == NULL)
        return refuse(error, KW_PARSE_ERROR_MEMBER, "input", "is no object");
    if (strcmp(name, kind_names[KW_LLM_TOOL_SAFE]) == 0)
        is_fine = read_action(KW_LLM_TOOL_SAFE, input, &when, &wish, error);
    else if (strcmp(name, kind_names[KW_LLM_TOOL_PROPOSE]) == 0)
        is_fine = read_action(KW_LLM_TOOL_PROPOSE, input, &when, &wish, error);
    else if (!kw_intent_id_from_string(name, &wish.intent, NULL) ||
             kw_command_find(wish.intent) == NULL || !is_offered(wish.intent) ||
             kw_intent_id_get_class(wish.intent) != KW_INTENT_CLASS_READ)
        return refuse(error, KW_PARSE_ERROR_MEMBER, "name", "there is no such tool");
    else
        is_fine = read_arguments(input, args_of(wish.intent), &when, &wish.slots, error);
    if (is_fine)
        *out = wish;
    return is_fine;
}
