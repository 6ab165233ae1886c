/* kw-intent.c: the order in which a message is understood
 *
 * Characters, injection marks, slash, pending confirmation, rules. Each clause is read for
 * itself: the heaviest rule says what it is about, and when that is an action, the mood gate
 * says whether it is a wish. Then the parts are put in the order of the safety rules: what
 * makes the bot do less first, questions next, what raises the risk after that, refusals
 * last. Without a wish the sentences are read as questions. */
#include "kw-intent.h"

#include "kw-dictation.h"
#include "kw-doubt.h"
#include "kw-part.h"
#include "kw-slash.h"
#include "kw-topic.h"

#include <string.h>

#define READ_MIN_WEIGHT 5
#define SURE_WEIGHT 20     /* of a question beside an action word */
#define MAX_VAGUE_WEIGHT 8 /* of a rule that knows less than a vocabulary */
#define MAX_ECHO_WORDS 2   /* of a clause that asks about the one before */
#define MIN_STATED_WORDS 4 /* of a clause that tells something */
#define MAX_BARE_WORDS 6   /* of a question without a question word ("Gewinn heute") */

typedef struct {
    const KwIntentInput *input;
    const KwText *text;
    KwFinding *finding;
    KwSpanReader reader;
    KwParts parts;
    KwIntent *out;
    KwIntentTrace trace; /* NULL: nobody asks */
    gpointer trace_data;
} Parser;

/* -- for those who ask why -- */

static void tell(const Parser *parser, const gchar *what, const gchar *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
tell(const Parser *parser, const gchar *what, const gchar *format, ...)
{
    g_autofree gchar *detail = NULL;
    va_list args;

    if (parser->trace == NULL)
        return;
    va_start(args, format);
    detail = g_strdup_vprintf(format, args);
    va_end(args);
    parser->trace(what, detail, parser->trace_data);
}

static void
tell_rule(const Parser *parser, const gchar *what, const KwRule *rule)
{
    g_autofree gchar *text = NULL;

    if (parser->trace == NULL || rule == NULL)
        return;
    text = kw_lexicon_dup_rule_text(parser->reader.lexicon, rule);
    tell(parser, what, "%s (%d): %s", kw_intent_id_to_string(rule->intent), rule->weight, text);
}

static void
tell_clause(const Parser *parser, guint clause)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (parser->trace == NULL)
        return;
    for (guint i = 0; i < parser->text->tokens->len; i++) {
        const KwToken *token = &g_array_index(parser->text->tokens, KwToken, i);

        if (token->clause == clause)
            g_string_append_printf(words, "%s%s%s", words->len > 0 ? " " : "", token->word,
                                   g_array_index(parser->finding->fuzzy, gboolean, i) ? "~"
                                                                                      : "");
    }
    tell(parser, "clause", "%s", words->str);
}

static void
tell_topic(const Parser *parser, const KwTermSet *set, const KwTopic *topic)
{
    g_autofree gchar *words = NULL;

    if (parser->trace == NULL || topic->points == 0)
        return;
    words = kw_topic_dup_words(parser->reader.lexicon, set, topic->id);
    tell(parser, "topic", "%s (%d : %d): %s", kw_intent_id_to_string(topic->id), topic->points,
         topic->others, words);
}

static gboolean
is_question_intent(KwIntentId id)
{
    return kw_intent_id_get_class(id) == KW_INTENT_CLASS_READ;
}

static gboolean
mentions(const Parser *parser, const KwTermSet *set, KwIntentId id)
{
    return kw_lexicon_match(parser->reader.lexicon, set, id) != NULL;
}

/* -- ranges of words -- */

static void
sentence_set(const Parser *parser, guint sentence, KwTermSet *out)
{
    memset(out, 0, sizeof *out);
    for (guint i = 0; i < parser->text->tokens->len; i++) {
        const KwToken *token = &g_array_index(parser->text->tokens, KwToken, i);

        if (token->sentence == sentence)
            kw_term_set_add(out,
                            &g_array_index(parser->finding->clauses, KwTermSet, token->clause));
    }
}

static void
whole_set(const KwFinding *finding, KwTermSet *out)
{
    memset(out, 0, sizeof *out);
    for (guint c = 0; c < finding->clauses->len; c++)
        kw_term_set_add(out, &g_array_index(finding->clauses, KwTermSet, c));
}

/* -- actions -- */

static void
read_clause(Parser *parser, guint clause)
{
    const KwTermSet *set = &g_array_index(parser->finding->clauses, KwTermSet, clause);
    const KwRule *rule = kw_lexicon_match(parser->reader.lexicon, set, KW_INTENT_NONE);
    KwPart part;

    tell_clause(parser, clause);
    tell_rule(parser, "rule", rule);
    if (rule == NULL || !kw_part_is_action(rule->intent) || parser->parts.n == KW_PARTS_MAX)
        return;
    part = (KwPart){.id = rule->intent, .weight = rule->weight, .clause = clause};
    part.mood = kw_mood_of_clause(parser->text, parser->finding, &parser->reader, clause, rule);
    if (parser->input->is_forwarded && part.mood == KW_MOOD_WISH)
        part.mood = KW_MOOD_REPORTED;
    if (part.mood == KW_MOOD_WISH &&
        kw_doubt_is_due(parser->text, parser->finding, clause, rule)) {
        tell(parser, "doubt", "%s rests on a mended word alone",
             kw_intent_id_to_string(rule->intent));
        if (parser->out->n_guesses < G_N_ELEMENTS(parser->out->guesses))
            parser->out->guesses[parser->out->n_guesses++] = rule->intent;
        return;
    }
    tell(parser, "mood", "%s", kw_mood_to_string(part.mood));
    parser->parts.list[parser->parts.n++] = part;
}

/* -- the result -- */

static void
add_intent(KwIntentId *list, guint *n, KwIntentId id)
{
    for (guint i = 0; i < *n; i++) {
        if (list[i] == id)
            return;
    }
    if (*n < KW_INTENT_MAX_FURTHER + 1)
        list[(*n)++] = id;
}

static void
set_result(Parser *parser, const KwIntentId *list, guint n)
{
    KwIntent *out = parser->out;

    out->n_further = 0;
    for (gint r = 0; r <= KW_PARTS_MAX_RANK; r++) {
        for (guint i = 0; i < n; i++) {
            if (kw_parts_get_rank(&parser->parts, list[i]) != r)
                continue;
            if (out->id == KW_INTENT_NONE)
                out->id = list[i];
            else if (out->n_further < KW_INTENT_MAX_FURTHER)
                out->further[out->n_further++] = list[i];
        }
    }
}

static void
read_slots_of(Parser *parser, KwIntentId id)
{
    KwSlotScope scope = kw_parts_get_scope(&parser->parts, id);

    kw_slots_read(&parser->reader, parser->finding, &scope, parser->input->quote,
                  &parser->out->slots);
}

/* An end that was named and that nothing of what is done keeps must be told. */
static gboolean
has_open_end(const Parser *parser)
{
    const KwIntent *out = parser->out;

    return kw_part_is_action(out->id) && !out->slots.until.is_set &&
           kw_intent_id_get_class(out->id) != KW_INTENT_CLASS_REFUSE &&
           kw_duration_is_named(&parser->reader);
}

static void
read_slots(Parser *parser)
{
    KwIntent *out = parser->out;

    if (kw_parts_wish(&parser->parts, KW_INTENT_PAIR_LOCK))
        read_slots_of(parser, KW_INTENT_PAIR_LOCK); /* its pairs are its own */
    read_slots_of(parser, out->id);
    for (guint i = 0; i < out->n_further; i++) {
        if (kw_intent_id_get_class(out->further[i]) != KW_INTENT_CLASS_REFUSE)
            read_slots_of(parser, out->further[i]);
    }
    out->slots.is_end_open = has_open_end(parser);
    out->slots.is_release_left = kw_parts_leave_release(&parser->parts);
}

/* -- questions -- */

/* "offene Trades auslaufen lassen", "ich schau mir das an": told, not asked */
static gboolean
tells(const Parser *parser, guint clause)
{
    const KwLexicon *lexicon = parser->reader.lexicon;
    const KwTermSet *set = &g_array_index(parser->finding->clauses, KwTermSet, clause);

    if (kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@let")))
        return TRUE;
    for (guint i = 0; i < parser->text->tokens->len; i++) {
        const KwToken *token = &g_array_index(parser->text->tokens, KwToken, i);

        if (token->clause == clause)
            return strcmp(token->word, "ich") == 0 &&
                   !kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@own_wish")) &&
                   !kw_text_is_question(parser->text, token->sentence);
    }
    return FALSE;
}

static gboolean
is_about_model(KwIntentId id)
{
    return id == KW_INTENT_MODEL_INFO || id == KW_INTENT_MODEL_HISTORY ||
           kw_intent_id_get_class(id) == KW_INTENT_CLASS_MODEL;
}

/* "Position 318: Einstandskurs und Haltedauer?": of the one that was named */
static gboolean
is_about_trades(KwIntentId id)
{
    return id == KW_INTENT_TRADE_STATS || id == KW_INTENT_OPEN_TRADES;
}

/* "Solange er so fällt", "nach dem Neustart" */
static gboolean
is_time_clause(const Parser *parser, const KwTermSet *set)
{
    const KwLexicon *lexicon = parser->reader.lexicon;

    return kw_term_set_has(set, kw_lexicon_find_term(lexicon, "solange")) ||
           (kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@time_before")) &&
            kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@deed_noun")));
}

/* "Der Kurs bricht komplett weg", "da läuft was schief": a subject, and words about it */
static gboolean
states_something(const Parser *parser, guint clause)
{
    guint i = 0;

    while (g_array_index(parser->text->tokens, KwToken, i).clause != clause)
        i++;
    return (kw_parts_count_words(&parser->parts, clause) >= MIN_STATED_WORDS ||
            kw_term_set_has(&g_array_index(parser->finding->clauses, KwTermSet, clause),
                            kw_lexicon_find_term(parser->reader.lexicon, "@goes_future"))) &&
           kw_finding_word_is(parser->finding, i,
                              kw_lexicon_find_term(parser->reader.lexicon, "@stated"));
}

/* "Ich hab kein Internet", beside a wish: a reason for it, and no question */
static gboolean
is_reason(const Parser *parser, guint clause)
{
    const KwLexicon *lexicon = parser->reader.lexicon;
    const KwTermSet *set = &g_array_index(parser->finding->clauses, KwTermSet, clause);

    if (kw_finding_is_asked(parser->finding, clause) ||
        kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@w_word")) ||
        kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@request")))
        return FALSE;
    return kw_parts_count_words(&parser->parts, clause) > MAX_BARE_WORDS ||
           is_time_clause(parser, set) || states_something(parser, clause) ||
           kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@copula")) ||
           kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@past_word")) ||
           kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@negation"));
}

/* "Ist er aus, oder warum ist es so ruhig?", "..., also der Verlust?", "... und weshalb?": the
 * same question once more */
static gboolean
is_alternative(const Parser *parser, guint clause)
{
    const GArray *tokens = parser->text->tokens;
    const KwTermSet *set = &g_array_index(parser->finding->clauses, KwTermSet, clause);
    gint why = kw_lexicon_find_term(parser->reader.lexicon, "@why");
    guint i = 0;

    while (i < tokens->len && g_array_index(tokens, KwToken, i).clause != clause)
        i++;
    if (i == 0 || i == tokens->len)
        return FALSE;
    if (kw_term_set_has(set, why) &&
        kw_parts_count_words(&parser->parts, clause) <= MAX_ECHO_WORDS)
        return TRUE;
    return kw_finding_word_is(parser->finding, i,
                              kw_lexicon_find_term(parser->reader.lexicon, "@restates")) &&
           g_array_index(tokens, KwToken, i - 1).sentence ==
               g_array_index(tokens, KwToken, i).sentence;
}

/* Does @clause, read by @rule, ask for something that is not in the list yet? */
static gboolean
asks_further(
    const Parser *parser, guint clause, const KwRule *rule, const KwIntentId *list, guint n)
{
    if (!is_question_intent(rule->intent) || kw_parts_have_clause(&parser->parts, clause) ||
        tells(parser, clause))
        return FALSE;
    return n == 0 || (!is_alternative(parser, clause) &&
                      !(list[0] == KW_INTENT_TRADE_DETAIL && is_about_trades(rule->intent)) &&
                      !(is_about_model(rule->intent) && is_about_model(list[0])));
}

/* The questions of the clauses that hold no action */
static void
add_clause_questions(const Parser *parser, KwIntentId *list, guint *n, gint min_weight)
{
    gboolean has_wish = *n > 0; /* the list begins with wishes then */

    for (guint c = 0; c < parser->finding->clauses->len; c++) {
        const KwTermSet *set = &g_array_index(parser->finding->clauses, KwTermSet, c);
        const KwRule *rule = kw_lexicon_match(parser->reader.lexicon, set, KW_INTENT_NONE);

        while (rule != NULL && rule->intent == KW_INTENT_FOLLOWUP)
            rule = kw_lexicon_match_below(parser->reader.lexicon, set, rule);
        if (rule != NULL && rule->weight >= min_weight &&
            asks_further(parser, c, rule, list, *n) && !(has_wish && is_reason(parser, c)))
            add_intent(list, n, rule->intent);
    }
}

/* What explains or judges a thing names it; the thing is then no question of its own. */
static gboolean
swallows(KwIntentId id)
{
    return id == KW_INTENT_BACKTEST || id == KW_INTENT_CHART || id == KW_INTENT_ANALYSIS ||
           id == KW_INTENT_EXPLAIN || id == KW_INTENT_SMALLTALK || id == KW_INTENT_HELP ||
           id == KW_INTENT_SECRETS || id == KW_INTENT_ADVICE || id == KW_INTENT_SIGNALS ||
           id == KW_INTENT_MODEL_INFO || id == KW_INTENT_MODEL_HISTORY ||
           id == KW_INTENT_FOLLOWUP || id == KW_INTENT_THOUGHTS;
}

/* Actions have been looked at by clause; a follow-up needs something to follow. */
static gboolean
may_answer(const Parser *parser, KwIntentId id)
{
    if (id == KW_INTENT_FOLLOWUP)
        return parser->input->last_read != KW_INTENT_NONE;
    return !kw_part_is_action(id) && id != KW_INTENT_CONFIRM && id != KW_INTENT_DENY;
}

static const KwRule *
best_sentence_rule(const Parser *parser)
{
    const KwRule *best = NULL;

    for (guint s = 0; s < parser->text->n_sentences; s++) {
        KwTermSet set;
        const KwRule *rule;

        sentence_set(parser, s, &set);
        rule = kw_lexicon_match(parser->reader.lexicon, &set, KW_INTENT_NONE);
        while (rule != NULL && !may_answer(parser, rule->intent))
            rule = kw_lexicon_match_below(parser->reader.lexicon, &set, rule);
        if (rule != NULL && (best == NULL || rule->weight > best->weight))
            best = rule;
    }
    return best;
}

/* "mehr", "weiter": pages; "mehr vom Februar" is a question */
static gboolean
asks_for_more(const Parser *parser)
{
    gint more = kw_lexicon_find_term(parser->reader.lexicon, "@page_word");
    gboolean is_more = FALSE;

    for (guint i = 0; i < parser->text->tokens->len; i++)
        is_more |= kw_finding_word_is(parser->finding, i, more);
    return is_more && parser->text->tokens->len <= 3;
}

/* "Wir halten nur noch": somebody is said to do something, and nothing asks about it */
static gboolean
is_statement(const Parser *parser, const KwTermSet *all)
{
    const KwLexicon *lexicon = parser->reader.lexicon;

    return parser->text->questions == 0 &&
           kw_finding_word_is(parser->finding, 0, kw_lexicon_find_term(lexicon, "@teller")) &&
           !kw_term_set_has(all, kw_lexicon_find_term(lexicon, "@w_word")) &&
           !kw_term_set_has(all, kw_lexicon_find_term(lexicon, "@own_wish")) &&
           !kw_term_set_has(all, kw_lexicon_find_term(lexicon, "@request"));
}

/* No rule knows the wording; its words may all the same point to one subject. */
static gboolean
read_topic(Parser *parser)
{
    KwTermSet all;
    KwTopic topic;

    whole_set(parser->finding, &all);
    topic = kw_topic_guess(parser->reader.lexicon, &all);
    tell_topic(parser, &all, &topic);
    if (topic.id == KW_INTENT_NONE || is_statement(parser, &all))
        return FALSE;
    parser->out->id = topic.id;
    return TRUE;
}

static gboolean
read_questions(Parser *parser)
{
    const KwRule *best = best_sentence_rule(parser);
    KwIntentId list[KW_INTENT_MAX_FURTHER + 1];
    guint n = 0;

    tell_rule(parser, "question", best);
    if ((best == NULL || best->weight <= MAX_VAGUE_WEIGHT) && read_topic(parser))
        return TRUE;
    if (best == NULL || best->weight < READ_MIN_WEIGHT)
        return FALSE;
    if (swallows(best->intent) || !is_question_intent(best->intent)) {
        parser->out->id = best->intent;
        parser->out->is_more = best->intent == KW_INTENT_FOLLOWUP && asks_for_more(parser);
        return TRUE;
    }
    add_clause_questions(parser, list, &n, KW_PARTS_QUESTION_WEIGHT);
    if (n == 0 || n > 4) {
        n = 0;
        add_intent(list, &n, best->intent);
    }
    /* Clauses that are about the same thing as the sentence add nothing. */
    if (n == 1)
        list[0] = best->intent;
    set_result(parser, list, n);
    return TRUE;
}

/* -- actions that are not wished -- */

/* "Nicht stoppen, nur Status": what is asked for beside a thing that is not wished */
static gboolean
asks_instead(Parser *parser)
{
    const KwLexicon *lexicon = parser->reader.lexicon;
    KwIntentId list[KW_INTENT_MAX_FURTHER + 1] = {KW_INTENT_NO_ACTION};
    KwTermSet all;
    guint n = 1;

    whole_set(parser->finding, &all);
    if (parser->text->questions == 0 &&
        !kw_term_set_has(&all, kw_lexicon_find_term(lexicon, "@w_word")) &&
        !kw_term_set_has(&all, kw_lexicon_find_term(lexicon, "@request")) &&
        !kw_term_set_has(&all, kw_lexicon_find_term(lexicon, "nur")))
        return FALSE;
    add_clause_questions(parser, list, &n, KW_PARTS_QUESTION_WEIGHT);
    if (n == 1)
        return FALSE;
    set_result(parser, list + 1, n - 1);
    return TRUE;
}

/* "Wie lang haltet er im Schnitt": an action word, and a question about something else */
static KwIntentId
question_beside(const Parser *parser, KwIntentId about)
{
    gboolean is_vague = about == KW_INTENT_STATUS || about == KW_INTENT_CONFIG_SHOW;
    const KwRule *rule = is_vague ? best_sentence_rule(parser) : NULL;

    return rule != NULL && rule->weight >= SURE_WEIGHT && is_question_intent(rule->intent)
               ? rule->intent
               : about;
}

/* "Welche Modelle wurden im Februar in Betrieb genommen?": done already, and asked about */
static gboolean
is_asked_about_past(const Parser *parser, const KwPart *part)
{
    guint32 moods = g_array_index(parser->finding->moods, guint32, part->clause);

    return part->mood == KW_MOOD_PAST && (kw_finding_is_asked(parser->finding, part->clause) ||
                                          (moods >> KW_MOOD_QUESTION & 1u) != 0);
}

static void
read_unwished(Parser *parser)
{
    const KwPart *part = &parser->parts.list[0];
    KwIntent *out = parser->out;

    for (guint i = 1; i < parser->parts.n; i++) {
        if (parser->parts.list[i].weight > part->weight)
            part = &parser->parts.list[i];
    }
    out->about = part->id;
    out->is_for_later = part->mood == KW_MOOD_CONDITIONAL || part->mood == KW_MOOD_SCHEDULED ||
                        part->mood == KW_MOOD_ANNOUNCED;
    if (part->mood == KW_MOOD_HYPOTHETICAL)
        out->id = KW_INTENT_EXPLAIN;
    else if (part->mood == KW_MOOD_DOUBT)
        out->id = part->id == KW_INTENT_DEPLOY  ? KW_INTENT_BACKTEST
                  : part->id == KW_INTENT_ORDER ? KW_INTENT_ADVICE
                                                : KW_INTENT_ANALYSIS;
    else if (part->mood == KW_MOOD_QUESTION || is_asked_about_past(parser, part))
        out->id = question_beside(parser, kw_part_get_question(part->id));
    else if (part->mood != KW_MOOD_NEGATED || !asks_instead(parser))
        out->id = KW_INTENT_NO_ACTION;
}

/* "Ruhe über Ostern: keine Einstiege": the rest says what is meant */
static gboolean
is_mere_heading(const Parser *parser, const KwPart *heading)
{
    for (guint i = 0; i + 1 < parser->text->tokens->len; i++) {
        const KwToken *token = &g_array_index(parser->text->tokens, KwToken, i);

        if (token->clause == heading->clause && token->is_heading)
            return kw_parts_have_clause(&parser->parts, heading->clause + 1);
    }
    return FALSE;
}

/* Nothing starts while the kill switch is on: its release is the first step. And "handel
 * weiter, stopp nicht" wants what is already so. */
static gboolean
may_start(const Parser *parser)
{
    if (kw_parts_wish(&parser->parts, KW_INTENT_KILL_OFF))
        return FALSE;
    for (guint i = 0; i < parser->parts.n; i++) {
        const KwPart *part = &parser->parts.list[i];

        if (part->mood == KW_MOOD_NEGATED && kw_part_get_strength(part->id) > 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_wishes(Parser *parser)
{
    KwIntentId halt = kw_parts_get_halt(&parser->parts);
    KwIntentId list[KW_INTENT_MAX_FURTHER + 1];
    guint n = 0;

    for (guint i = 0; i < parser->parts.n; i++) {
        const KwPart *part = &parser->parts.list[i];

        if ((part->id == KW_INTENT_START && !may_start(parser)) ||
            (part->id == KW_INTENT_NOTIFICATIONS && is_mere_heading(parser, part)))
            continue;
        if (kw_part_is_wished(part) &&
            (kw_part_get_strength(part->id) == 0 || part->id == halt))
            add_intent(list, &n, part->id);
    }
    if (n == 0)
        return FALSE;
    add_clause_questions(parser, list, &n, KW_PARTS_QUESTION_WEIGHT);
    set_result(parser, list, n);
    return TRUE;
}

/* -- confirmations -- */

/* "Notaus? Nein danke", "nein, nicht sperren": nothing waits, and something is not wished */
static void
deny_nothing(Parser *parser, const KwTermSet *set)
{
    const KwLexicon *lexicon = parser->reader.lexicon;

    if (kw_term_set_has(set, kw_lexicon_find_term(lexicon, "@deed_word")))
        parser->out->id = KW_INTENT_NO_ACTION;
    for (guint id = 0; id < KW_N_INTENTS; id++) {
        if (!kw_part_is_action((KwIntentId) id) || !mentions(parser, set, (KwIntentId) id))
            continue;
        parser->out->id = KW_INTENT_NO_ACTION;
        parser->out->about = (KwIntentId) id;
        return;
    }
}

static gboolean
read_confirmation(Parser *parser)
{
    KwIntent *out = parser->out;
    KwTermSet set;
    gboolean denies, agrees;
    gchar code[8] = "";
    gboolean has_code = kw_slots_read_code(&parser->reader, code);
    gboolean is_pending = parser->input->pending != KW_INTENT_NONE;

    whole_set(parser->finding, &set);
    denies = mentions(parser, &set, KW_INTENT_DENY);
    agrees = mentions(parser, &set, KW_INTENT_CONFIRM);
    if (denies && (is_pending || parser->parts.n == 0)) {
        out->id = KW_INTENT_DENY;
        if (!is_pending)
            deny_nothing(parser, &set);
        return TRUE;
    }
    if (kw_parts_get_halt(&parser->parts) != KW_INTENT_NONE)
        return FALSE;
    if (has_code && (is_pending || agrees) && parser->parts.n == 0) {
        out->id = KW_INTENT_CONFIRM;
        g_strlcpy(out->slots.code, code, sizeof out->slots.code);
        return TRUE;
    }
    if (agrees && parser->parts.n == 0 && (is_pending || parser->text->tokens->len == 1)) {
        out->id = KW_INTENT_CONFIRM;
        return TRUE;
    }
    return FALSE;
}

/* -- the message -- */

static gboolean
read_quote(Parser *parser)
{
    g_autoptr(KwFinding) quoted = NULL;
    KwTermSet set;
    const KwRule *rule;

    if (parser->text->quoted->len == 0)
        return FALSE;
    quoted = kw_finding_new(parser->reader.lexicon, parser->text->quoted, 0);
    whole_set(quoted, &set);
    if (mentions(parser, &set, KW_INTENT_SECRETS)) {
        parser->out->id = KW_INTENT_INJECTION; /* somebody wants keys through the owner */
        return TRUE;
    }
    rule = kw_lexicon_match(parser->reader.lexicon, &set, KW_INTENT_NONE);
    if (rule == NULL || !kw_part_is_action(rule->intent))
        return FALSE;
    parser->out->id = KW_INTENT_NO_ACTION;
    parser->out->about = rule->intent;
    return TRUE;
}

static gboolean
is_injection(const Parser *parser)
{
    KwTextFlags flags = parser->text->flags;

    return (flags & KW_TEXT_DISGUISED) != 0 ||
           kw_lexicon_has_mark(parser->reader.lexicon, parser->text->folded);
}

/* Invisible characters may be a paste artefact in a stop, never in anything else that acts. */
static gboolean
hides_risk(const Parser *parser)
{
    if ((parser->text->flags & KW_TEXT_INVISIBLE) == 0)
        return FALSE;
    for (guint i = 0; i < parser->parts.n; i++) {
        if (kw_intent_id_get_direction(parser->parts.list[i].id) != KW_DIRECTION_SAFE)
            return TRUE;
    }
    return FALSE;
}

static void
name_term(Parser *parser)
{
    for (guint i = 0; i < parser->text->tokens->len; i++) {
        const gchar *word = g_array_index(parser->text->tokens, KwToken, i).word;
        gint id = kw_lexicon_find_value(parser->reader.lexicon, "terms", word);

        if (id >= 0)
            g_strlcpy(parser->out->term, word, sizeof parser->out->term);
    }
}

static void
read_message(Parser *parser)
{
    KwIntent *out = parser->out;
    KwTermSet all;

    parser->finding =
        kw_finding_new(parser->reader.lexicon, parser->text->tokens, parser->text->questions);
    whole_set(parser->finding, &all);
    parser->parts.finding = parser->finding;
    parser->parts.tokens = parser->text->tokens;
    for (guint c = 0; c < parser->finding->clauses->len; c++)
        read_clause(parser, c);
    out->id = KW_INTENT_NONE;
    if (mentions(parser, &all, KW_INTENT_INJECTION) || hides_risk(parser)) {
        out->id = KW_INTENT_INJECTION;
        return;
    }
    if (read_confirmation(parser) && out->id != KW_INTENT_NONE)
        return;
    if (read_wishes(parser)) {
        read_slots(parser);
        return;
    }
    if (parser->parts.n > 0)
        read_unwished(parser);
    else if (!read_quote(parser) && !read_questions(parser))
        out->id = KW_INTENT_UNCLEAR;
    read_slots(parser);
    if (out->id == KW_INTENT_EXPLAIN)
        name_term(parser);
}

static gboolean
is_too_long(const KwIntentInput *input)
{
    return input->len > KW_INTENT_MAX_BYTES ||
           g_utf8_strlen(input->text, (gssize) input->len) > KW_INTENT_MAX_CHARS;
}

void
kw_intent_parse(const KwIntentInput *input, KwIntent *out)
{
    kw_intent_explain(input, out, NULL, NULL);
}

void
kw_intent_explain(const KwIntentInput *input,
                  KwIntent *out,
                  KwIntentTrace trace,
                  gpointer user_data)
{
    g_autoptr(KwText) text = NULL;
    Parser parser = {.input = input, .out = out, .trace = trace, .trace_data = user_data};
    gchar *folded;

    g_return_if_fail(input != NULL && input->zone != NULL && out != NULL);

    *out = (KwIntent){.id = KW_INTENT_UNCLEAR};
    kw_slots_init(&out->slots);
    if (is_too_long(input)) {
        tell(&parser, "too long", "nothing was read");
        out->is_too_long = TRUE;
        return;
    }
    text = kw_text_new(input->text, input->len);
    parser.text = text;
    parser.reader = (KwSpanReader){
        .lexicon = kw_lexicon_get(),
        .tokens = text->tokens,
        .zone = input->zone,
        .now_us = input->now_us,
        .today = kw_zone_get_date(input->zone, input->now_us),
    };
    folded = g_strchug(text->folded);
    tell(&parser, "folded", "%s", folded);
    if (is_injection(&parser)) {
        tell(&parser, "attack", "disguised characters or a mark of injection");
        out->id = KW_INTENT_INJECTION;
        return;
    }
    if (*folded == '/' && g_ascii_isalpha(folded[1]) && !input->is_forwarded &&
        (text->flags & KW_TEXT_INVISIBLE) == 0) {
        tell(&parser, "slash", "the first word is a command");
        kw_slash_parse(&parser.reader, folded, input->quote, out);
        return;
    }
    kw_dictation_cut(text, &parser.reader);
    read_message(&parser);
    kw_finding_free(parser.finding);
}
