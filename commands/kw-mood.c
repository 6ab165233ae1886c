/* kw-mood.c: the gate between a word and a deed
 *
 * German says what it wants by the form of the verb, and the lexicon's action classes hold
 * only forms that can be a wish (imperative, infinitive, noun). What is left is to see what
 * stands around: negation and tense in the same clause, conditions and reports anywhere in
 * the same sentence, a negation that comes after ("..., nein, lieber nicht"). The gate works
 * by clause so that the report of a burglary does not block the alarm. */
#include "kw-mood.h"

#include "kw-lexicon-private.h"

#include <string.h>

static const gchar *const names[KW_N_MOODS] = {
    "wish",      "negated",  "past",  "hypothetical", "unreal", "conditional", "scheduled",
    "announced", "reported", "doubt", "question",     "polite", "lasting",
};
#define MOOD_POLITE 11
#define MOOD_LASTING 12
#define MAX_NAME_WORDS 3 /* before a colon */

const gchar *
kw_mood_to_string(guint mood)
{
    g_return_val_if_fail(mood < KW_N_MOODS, "");

    return names[mood];
}

typedef struct {
    const KwText *text;
    const KwFinding *finding;
    guint clause, sentence;
    guint first, last; /* clauses of the sentence */
} Place;

static gboolean
cue_in(const Place *place, guint mood, guint from, guint to)
{
    for (guint c = from; c <= to && c < place->finding->moods->len; c++) {
        if ((g_array_index(place->finding->moods, guint32, c) >> mood & 1u) != 0)
            return TRUE;
    }
    return FALSE;
}

static Place
find_place(const KwText *text, const KwFinding *finding, guint clause)
{
    Place place = {.text = text, .finding = finding, .clause = clause};
    gboolean is_found = FALSE;

    for (guint i = 0; i < text->tokens->len; i++) {
        if (g_array_index(text->tokens, KwToken, i).clause == clause)
            place.sentence = g_array_index(text->tokens, KwToken, i).sentence;
    }
    for (guint i = 0; i < text->tokens->len; i++) {
        const KwToken *token = &g_array_index(text->tokens, KwToken, i);

        if (token->sentence != place.sentence)
            continue;
        if (!is_found)
            place.first = token->clause;
        place.last = token->clause;
        is_found = TRUE;
    }
    return place;
}

/* Words of @clause: "nein, lieber doch nicht" takes back what was said before; "den Bot nicht"
 * does so only with the negation at the end, as "kein Handel" is a wish of its own. */
static gboolean
takes_back(const Place *place, guint clause)
{
    const KwLexicon *lexicon = place->finding->lexicon;
    gint negation = kw_lexicon_find_term(lexicon, "@negation");
    gint hollow = kw_lexicon_find_term(lexicon, "@hollow");
    gint bot = kw_lexicon_find_term(lexicon, "@bot"),
         art = kw_lexicon_find_term(lexicon, "@art");
    gboolean negates = FALSE, is_hollow = TRUE, names_bot = FALSE, ends_with_it = FALSE;

    for (guint i = 0; i < place->text->tokens->len; i++) {
        gboolean is_bot = kw_finding_word_is(place->finding, i, bot) ||
                          kw_finding_word_is(place->finding, i, art);

        if (g_array_index(place->text->tokens, KwToken, i).clause != clause)
            continue;
        ends_with_it = kw_finding_word_is(place->finding, i, negation);
        negates |= ends_with_it;
        names_bot |= is_bot && !ends_with_it;
        is_hollow &= ends_with_it || is_bot || kw_finding_word_is(place->finding, i, hollow);
    }
    return negates && is_hollow && (!names_bot || ends_with_it);
}

/* A word that nobody knows, or "Chef", "Support", "mein" */
static gboolean
may_be_name(const Place *place, guint index)
{
    static const KwTermSet unknown = {0};
    gint role = kw_lexicon_find_term(place->finding->lexicon, "@role");

    return g_array_index(place->finding->fuzzy, gboolean, index) ||
           kw_finding_word_is(place->finding, index, role) ||
           memcmp(&g_array_index(place->finding->words, KwTermSet, index), &unknown,
                  sizeof unknown) == 0;
}

/* A name and a colon: "Thomas:", "Mein Chef:"; "Befehl:" is none. */
static gboolean
is_name(const Place *place, guint clause)
{
    guint n = 0;
    gboolean is_heading = FALSE;

    for (guint i = 0; i < place->text->tokens->len; i++) {
        const KwToken *token = &g_array_index(place->text->tokens, KwToken, i);

        if (token->clause != clause)
            continue;
        if (!may_be_name(place, i))
            return FALSE;
        is_heading = token->is_heading;
        n++;
    }
    return is_heading && n <= MAX_NAME_WORDS;
}

/* "Hallo, Thomas: stopp den Bot" */
static gboolean
is_of_another(const Place *place)
{
    for (guint c = place->first; c < place->clause; c++) {
        if (is_name(place, c))
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_word(const Place *place, const gchar *term)
{
    gint id = kw_lexicon_find_term(place->finding->lexicon, term);

    return kw_term_set_has(&g_array_index(place->finding->clauses, KwTermSet, place->clause),
                           id);
}

/* "ich will nicht, dass du stoppst", "kein Grund, den Bot zu stoppen": the negation stands in
 * the clause before */
static gboolean
is_unwanted(const Place *place)
{
    gint that = kw_lexicon_find_term(place->finding->lexicon, "dass");
    guint i = 0;

    if (place->clause == place->first ||
        !cue_in(place, KW_MOOD_NEGATED, place->clause - 1, place->clause - 1))
        return FALSE;
    while (g_array_index(place->text->tokens, KwToken, i).clause != place->clause)
        i++;
    return kw_finding_word_is(place->finding, i, that) ||
           (has_word(place, "@zu_form") &&
            !cue_in(place, MOOD_POLITE, place->clause, place->clause));
}

/* "Waere es klueger, jetzt zu pausieren?", "Meinst du, ich sollte ihn anhalten?" */
static gboolean
is_doubted(const Place *place)
{
    if (cue_in(place, KW_MOOD_DOUBT, place->clause, place->clause))
        return TRUE;
    return place->clause > place->first &&
           (has_word(place, "@zu_form") ||
            kw_finding_is_asked(place->finding, place->clause)) &&
           cue_in(place, KW_MOOD_DOUBT, place->clause - 1, place->clause - 1);
}

/* "den Handel einzustellen", "den Bot zu stoppen" */
static gboolean
has_deed_with_zu(const Place *place)
{
    const KwLexicon *lexicon = place->finding->lexicon;
    gint joined = kw_lexicon_find_term(lexicon, "@zu_joined"),
         deed = kw_lexicon_find_term(lexicon, "@deed_word"),
         zu = kw_lexicon_find_term(lexicon, "zu");

    for (guint i = 0; i < place->text->tokens->len; i++) {
        if (g_array_index(place->text->tokens, KwToken, i).clause == place->clause &&
            (kw_finding_word_is(place->finding, i, joined) ||
             (kw_finding_word_is(place->finding, i, zu) &&
              kw_finding_word_is(place->finding, i + 1, deed))))
            return TRUE;
    }
    return FALSE;
}

/* "Es war die Rede davon, den Handel einzustellen": what governs the deed does not wish it.
 * "Der Handel ist einzustellen" and "bitte den Bot abzuschalten" govern themselves. */
static gboolean
is_only_spoken_of(const Place *place)
{
    gint grants = kw_lexicon_find_term(place->finding->lexicon, "@grants");

    return place->clause > place->first && has_deed_with_zu(place) &&
           !has_word(place, "@grants") && !has_word(place, "@copula") &&
           !kw_term_set_has(
               &g_array_index(place->finding->clauses, KwTermSet, place->clause - 1), grants);
}

/* By what comes after, or by the clause that governs it */
static gboolean
is_taken_back(const Place *place)
{
    for (guint c = place->clause + 1; c < place->finding->clauses->len; c++) {
        if (takes_back(place, c))
            return TRUE;
    }
    return is_unwanted(place);
}

static gboolean
is_clause_scheduled(const Place *place, const KwSpanReader *reader, guint clause)
{
    guint from = 0, to = 0;

    for (guint i = 0; i < place->text->tokens->len; i++) {
        if (g_array_index(place->text->tokens, KwToken, i).clause != clause)
            continue;
        if (to == 0)
            from = i;
        to = i + 1;
    }
    return kw_span_is_scheduled(reader, from, to);
}

/* In the clause itself, or in one that restricts it: "..., aber erst morgen" */
static gboolean
is_scheduled(const Place *place, const KwSpanReader *reader)
{
    gint restricts = kw_lexicon_find_term(place->finding->lexicon, "@restricts");

    if (is_clause_scheduled(place, reader, place->clause))
        return TRUE;
    for (guint c = place->clause + 1; c <= place->last; c++) {
        if (kw_term_set_has(&g_array_index(place->finding->clauses, KwTermSet, c), restricts) &&
            is_clause_scheduled(place, reader, c))
            return TRUE;
    }
    return FALSE;
}

/* "Kannst du stoppen", but not "wann würdest du stoppen" */
static gboolean
is_asked_politely(const Place *place)
{
    return cue_in(place, MOOD_POLITE, place->clause, place->clause) &&
           !has_word(place, "@when_word");
}

static gboolean
is_reported(const Place *place)
{
    return cue_in(place, KW_MOOD_REPORTED, place->first, place->last) || is_of_another(place) ||
           is_only_spoken_of(place);
}

/* "Was passiert, wenn ich stoppe?", "Wenn ich stoppe, was passiert dann?" */
static gboolean
is_supposed(const Place *place)
{
    return cue_in(place, KW_MOOD_HYPOTHETICAL, place->first, place->clause) ||
           (cue_in(place, KW_MOOD_CONDITIONAL, place->clause, place->clause) &&
            cue_in(place, KW_MOOD_HYPOTHETICAL, place->clause, place->last));
}

/* "Wann da Bitcoin fällt, dann stopp": dialect's "wann" with a subject behind it is "wenn" */
static gboolean
hangs_on_when(const Place *place)
{
    const KwLexicon *lexicon = place->finding->lexicon;
    guint i = 0;

    if (place->clause == place->first)
        return FALSE;
    while (g_array_index(place->text->tokens, KwToken, i).clause != place->first)
        i++;
    return kw_finding_word_is(place->finding, i, kw_lexicon_find_term(lexicon, "wann")) &&
           (kw_finding_word_is(place->finding, i + 1,
                               kw_lexicon_find_term(lexicon, "@subject")) ||
            kw_finding_word_is(place->finding, i + 1, kw_lexicon_find_term(lexicon, "@art")));
}

/* "Stopp, solange ich weg bin" says how long, and a halt that outlasts the reason does no harm.
 * What raises the risk stays bound to the reason, and nobody watches it here; so does "solange
 * er fällt, stopp", which waits for the reason. */
static gboolean
is_conditional(const Place *place, const KwRule *rule)
{
    gboolean is_safe = kw_intent_id_get_direction(rule->intent) == KW_DIRECTION_SAFE ||
                       (rule->intent == KW_INTENT_PAIR_LOCK && has_word(place, "@lock_verb") &&
                        !has_word(place, "@release"));

    if (hangs_on_when(place))
        return TRUE;
    for (guint c = place->first; c <= place->last; c++) {
        gboolean lasts = cue_in(place, MOOD_LASTING, c, c);

        if ((lasts && !is_safe) || (cue_in(place, KW_MOOD_CONDITIONAL, c, c) &&
                                    !(lasts && is_safe && c > place->clause)))
            return TRUE;
    }
    return FALSE;
}

KwMood
kw_mood_of_clause(const KwText *text,
                  const KwFinding *finding,
                  const KwSpanReader *reader,
                  guint clause,
                  const KwRule *rule)
{
    Place place = find_place(text, finding, clause);
    gboolean is_polite = is_asked_politely(&place);

    if (is_supposed(&place))
        return KW_MOOD_HYPOTHETICAL;
    if (is_doubted(&place))
        return KW_MOOD_DOUBT;
    if (is_reported(&place))
        return KW_MOOD_REPORTED;
    if (!rule->negation_wished && cue_in(&place, KW_MOOD_NEGATED, clause, clause))
        return KW_MOOD_NEGATED;
    if (is_taken_back(&place))
        return KW_MOOD_NEGATED;
    if (is_conditional(&place, rule))
        return KW_MOOD_CONDITIONAL;
    if (cue_in(&place, KW_MOOD_UNREAL, clause, clause))
        return KW_MOOD_UNREAL;
    if (cue_in(&place, KW_MOOD_PAST, clause, clause))
        return KW_MOOD_PAST;
    if (is_scheduled(&place, reader))
        return KW_MOOD_SCHEDULED;
    if (cue_in(&place, KW_MOOD_ANNOUNCED, clause, clause))
        return KW_MOOD_ANNOUNCED;
    if (!is_polite && (kw_finding_is_asked(finding, clause) ||
                       cue_in(&place, KW_MOOD_QUESTION, clause, clause)))
        return KW_MOOD_QUESTION;
    return KW_MOOD_WISH;
}
