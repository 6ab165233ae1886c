/* kw-verb-intents.c: kurswart intents explain, kurswart intents score
 *
 * Nothing here knows the bot: the parser is a pure function, so a message can be tried out
 * while the daemon runs, and a corpus be scored on any machine. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-intents.h"

#include "kw-cli.h"
#include "kw-corpus.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-options.h"

#include <string.h>
#include <sysexits.h>

/* -- explain -- */

static const struct {
    const gchar *what, *text;
} steps[] = {
    {"folded", N_("Folded")}, {"clause", N_("Clause")},        {"rule", N_("Rule")},
    {"mood", N_("Mood")},     {"question", N_("As question")}, {"doubt", N_("Not sure")},
    {"attack", N_("Attack")}, {"slash", N_("Command")},        {"too long", N_("Too long")},
    {"topic", N_("Subject")},
};

static void
print_step(const gchar *what, const gchar *detail, gpointer user_data)
{
    gboolean is_inner = strcmp(what, "rule") == 0 || strcmp(what, "mood") == 0;

    (void) user_data;
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (strcmp(steps[i].what, what) == 0)
            g_print("%s%s: %s\n", is_inner ? "  " : "", _(steps[i].text), detail);
    }
}

static void
add_step(const gchar *what, const gchar *detail, gpointer user_data)
{
    JsonBuilder *builder = user_data;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "step", what);
    kw_json_add_string(builder, "detail", detail);
    json_builder_end_object(builder);
}

static KwIntentInput
make_input(const gchar *text, KwZone *zone, KwClock *clock)
{
    return (KwIntentInput){
        .text = text,
        .len = strlen(text),
        .now_us = kw_clock_now_us(clock),
        .zone = zone,
        .quote = "USDT",
    };
}

static void
explain_json(const KwIntentInput *input)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *line = NULL;
    KwIntent intent;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "steps");
    json_builder_begin_array(builder);
    kw_intent_explain(input, &intent, add_step, builder);
    json_builder_end_array(builder);
    kw_json_add_string(builder, "intent", kw_intent_id_to_string(intent.id));
    json_builder_set_member_name(builder, "slots");
    json_builder_add_value(builder, kw_corpus_slots_to_json(&intent, input->zone));
    json_builder_end_object(builder);
    line = kw_json_builder_to_text(builder);
    g_print("%s\n", line);
}

static void
explain_text(const KwIntentInput *input)
{
    g_autoptr(JsonNode) slots = NULL;
    g_autofree gchar *text = NULL;
    KwIntent intent;

    kw_intent_explain(input, &intent, print_step, NULL);
    slots = kw_corpus_slots_to_json(&intent, input->zone);
    text = kw_json_to_text(slots);
    g_print("%s: %s\n", _("Intent"), kw_intent_id_to_string(intent.id));
    g_print("%s: %s\n", _("Values read"), text);
    if (intent.about != KW_INTENT_NONE)
        g_print("%s: %s\n", _("It speaks of"), kw_intent_id_to_string(intent.about));
    for (guint i = 0; i < intent.n_guesses; i++)
        g_print("%s: %s\n", _("Perhaps meant"), kw_intent_id_to_string(intent.guesses[i]));
    if (intent.id == KW_INTENT_UNCLEAR)
        g_print("%s\n", _("No rule is heavy enough; the bot asks back."));
}

static int
run_explain(int argc, char **argv)
{
    gboolean is_json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL};
    const KwOptionsPage page = {
        .usage = "intents explain TEXT...",
        .summary = N_("Shows how a chat message is understood, step by step."),
        .example = "kurswart intents explain \"stopp den Bot bitte nicht\"",
        .entries = entries,
        .max_args = KW_OPTIONS_ANY_ARGS,
    };
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    g_autoptr(KwClock) clock = NULL;
    g_autofree gchar *text = NULL;
    KwIntentInput input;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    if (argc < 2 || zone == NULL)
        return kw_cli_fail(KW_EXIT_USAGE, _("explain needs the message"),
                           "kurswart intents explain --help");
    clock = KW_CLOCK(kw_system_clock_new());
    text = g_strjoinv(" ", argv + 1);
    input = make_input(text, zone, clock);
    if (is_json)
        explain_json(&input);
    else
        explain_text(&input);
    return 0;
}

/* -- score -- */

static const gchar *
verdict_of(const KwCorpusLine *line)
{
    return line->is_false_action    ? "false_action"
           : line->is_missed_safety ? "missed_safety"
           : !line->is_right        ? "intent"
           : !line->has_slots_right ? "slots"
                                    : "ok";
}

static void
print_line_json(const KwCorpusLine *line)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *text = NULL;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "id", line->id);
    kw_json_add_string(builder, "intent", kw_intent_id_to_string(line->got.id));
    json_builder_set_member_name(builder, "slots");
    json_builder_add_value(builder, json_node_copy(line->slots));
    kw_json_add_string(builder, "gold", kw_intent_id_to_string(line->gold));
    kw_json_add_string(builder, "verdict", verdict_of(line));
    json_builder_end_object(builder);
    text = kw_json_builder_to_text(builder);
    g_print("%s\n", text);
}

static void
print_line(const KwCorpusLine *line)
{
    g_autofree gchar *read = kw_json_to_text(line->slots);
    g_autofree gchar *gold = kw_json_to_text(line->gold_slots);

    g_print("%-13s %s %s %s", verdict_of(line), line->id, kw_intent_id_to_string(line->got.id),
            read);
    if (!line->has_slots_right)
        g_print(" | %s %s | %s", kw_intent_id_to_string(line->gold), gold, line->text);
    g_print("\n");
}

static gdouble
share(guint part, guint all)
{
    return all > 0 ? (gdouble) part / all : 0;
}

static void
print_score_json(const KwCorpusScore *score)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *text = NULL;

    json_builder_begin_object(builder);
    kw_json_add_int(builder, "lines", score->n_lines);
    kw_json_add_int(builder, "llm_lines", score->n_model);
    kw_json_add_double(builder, "intent_accuracy", share(score->n_right, score->n_lines));
    kw_json_add_double(builder, "intent_accuracy_all",
                       share(score->n_right + score->n_model_right,
                             score->n_lines + score->n_model - score->n_abstained));
    kw_json_add_int(builder, "llm_abstained", score->n_abstained);
    kw_json_add_double(builder, "slot_accuracy", share(score->n_slots_right, score->n_right));
    kw_json_add_int(builder, "false_actions", score->n_false_actions);
    kw_json_add_int(builder, "missed_safety", score->n_missed_safety);
    kw_json_add_int(builder, "safety_lines", score->n_safety);
    kw_json_add_int(builder, "order_calls", 0); /* there is no call for an order to make */
    json_builder_end_object(builder);
    text = kw_json_builder_to_text(builder);
    g_print("%s\n", text);
}

static void
print_score(const KwCorpusScore *score)
{
    g_print(_("Intents right: %u of %u (%.1f %%)\n"), score->n_right, score->n_lines,
            100 * share(score->n_right, score->n_lines));
    g_print(_("Lines that need a language model: %u right, %u asked back, of %u\n"),
            score->n_model_right, score->n_abstained, score->n_model);
    g_print(_("Slots right: %u of %u (%.1f %%)\n"), score->n_slots_right, score->n_right,
            100 * share(score->n_slots_right, score->n_right));
    g_print(_("Actions nobody asked for: %u\n"), score->n_false_actions);
    g_print(_("Stops not seen: %u of %u\n"), score->n_missed_safety, score->n_safety);
}

static int
score_lines(gchar **lines, gboolean is_json)
{
    g_autoptr(KwZone) zone = kw_zone_new(KW_CORPUS_ZONE, NULL);
    KwCorpusScore score = {0};

    for (guint i = 0; zone != NULL && lines[i] != NULL; i++) {
        g_auto(KwCorpusLine) line = {0};
        g_autoptr(GError) error = NULL;

        if (*lines[i] == '\0')
            continue;
        if (!kw_corpus_read(lines[i], zone, &score, &line, &error)) {
            g_autofree gchar *text =
                g_strdup_printf(_("line %u is no line of a corpus: %s"), i + 1, error->message);

            return kw_cli_fail(EX_DATAERR, text,
                               _("each line: {\"id\", \"text\", \"intent\", \"slots\", "
                                 "\"note\"}"));
        }
        if (is_json)
            print_line_json(&line);
        else
            print_line(&line);
    }
    if (is_json)
        print_score_json(&score);
    else
        print_score(&score);
    return score.n_false_actions > 0 || score.n_missed_safety > 0 ? KW_EXIT_NO : 0;
}

static int
run_score(int argc, char **argv)
{
    gboolean is_json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL};
    const KwOptionsPage page = {
        .usage = "intents score FILE",
        .summary = N_("Reads a labelled corpus of messages and counts what is understood."),
        .example = "kurswart intents score corpus.jsonl --json",
        .entries = entries,
        .max_args = 1,
    };
    g_autofree gchar *content = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    if (argc != 2)
        return kw_cli_fail(KW_EXIT_USAGE, _("score needs the corpus file"),
                           "kurswart intents score --help");
    if (!g_file_get_contents(argv[1], &content, NULL, &error))
        return kw_cli_fail_as(EX_NOINPUT, error, NULL);
    lines = g_strsplit(content, "\n", -1);
    return score_lines(lines, is_json);
}

/* -- the verb -- */

static void
print_help(void)
{
    g_print("%s\n\n", _("kurswart intents PART [OPTIONS]: how chat messages are understood"));
    g_print("  explain TEXT      %s\n", _("one message: clauses, rules, mood, slots"));
    g_print("  score %s       %s\n", _("FILE"),
            _("a labelled corpus: each line, then the scores"));
    g_print("\n%s\n  kurswart intents explain \"Notaus, und verkauf alles\"\n", _("Example:"));
}

int
kw_verb_intents(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "explain") == 0)
        return run_explain(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "score") == 0)
        return run_score(argc - 1, argv + 1);
    return kw_cli_fail(KW_EXIT_USAGE,
                       _("intents needs one of explain, score; see kurswart intents --help"),
                       NULL);
}
