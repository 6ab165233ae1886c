/* kw-contrast.c: what is put in the place of something said before
 *
 * "Nicht Bitcoin sperren, sondern Ripple" and "Gewinn gestern, äh nein, vorgestern" say one
 * thing twice, and the second time counts. By clauses they cannot be read: the second half has
 * no verb and no noun of its own. So what is replaced is silenced where it stands, and the
 * halves become one clause. Which words are replaced is told by their kind: a pair stands for a
 * pair, a time for a time, a number for a number; a half with a deed or a subject of its own
 * stands for all that was said.
 *
 * A halt is never silenced: whoever says "stopp, äh nein, starten" has halted, and the start
 * asks for its code. To try both readings and to ask when they differ was dropped: it would be
 * asked at the very moment when somebody is in a hurry. */
#include "kw-contrast.h"

#include "kw-lexicon-private.h"

#include <string.h>

static KwToken *
token_at(GArray *tokens, guint index)
{
    return &g_array_index(tokens, KwToken, index);
}

static gboolean
is(const KwFinding *finding, guint index, const gchar *term)
{
    return kw_finding_word_is(finding, index, kw_lexicon_find_term(finding->lexicon, term));
}

static gboolean
has(const KwFinding *finding, guint from, guint to, const gchar *term)
{
    for (guint i = from; i < to; i++) {
        if (is(finding, i, term))
            return TRUE;
    }
    return FALSE;
}

static guint
start_of_clause(GArray *tokens, guint index)
{
    while (index > 0 && token_at(tokens, index - 1)->clause == token_at(tokens, index)->clause)
        index--;
    return index;
}

static guint
end_of_clause(GArray *tokens, guint index)
{
    guint at = index;

    while (at < tokens->len && token_at(tokens, at)->clause == token_at(tokens, index)->clause)
        at++;
    return at;
}

static void
silence(KwFinding *finding, GArray *tokens, guint index)
{
    memset(&g_array_index(finding->words, KwTermSet, index), 0, sizeof(KwTermSet));
    token_at(tokens, index)->word = "";
    token_at(tokens, index)->starts_number = FALSE;
}

/* The words from @at on move into the clause before, those of the clause at @from as well. */
static void
join_before(GArray *tokens, guint at, guint from)
{
    guint clause = token_at(tokens, at - 1)->clause;
    guint by = token_at(tokens, from)->clause - clause;

    for (guint i = at; i < from; i++)
        token_at(tokens, i)->clause = (guint16) clause;
    for (guint i = from; i < tokens->len; i++)
        token_at(tokens, i)->clause -= (guint16) by;
}

/* -- nicht X, sondern Y -- */

/* Do words @from to @to hold a deed, or a verb that may become one? */
static gboolean
has_deed(const KwFinding *finding, GArray *tokens, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (is(finding, i, "@deed_word") ||
            g_hash_table_contains(finding->lexicon->verb_forms, token_at(tokens, i)->word))
            return TRUE;
    }
    return FALSE;
}

/* What the second half puts in the place of the words behind the negation: a verb stands for
 * all of them ("Schwelle nicht senken, sondern erhöhen"), else like for like. NULL for nothing:
 * "den Bot nicht anhalten, sondern die Heizung" */
static const gchar *
find_replacement(const KwFinding *finding, guint negation, guint but, guint end)
{
    static const gchar *const kinds[] = {KW_LEXICON_PAIR, "@time_word"};

    if (has(finding, but, end, "@contrast_verb"))
        return "@contrast_verb";
    for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
        if (has(finding, but, end, kinds[k]) && has(finding, negation, but, kinds[k]))
            return kinds[k];
    }
    return NULL;
}

static void
replace_negated(KwFinding *finding, GArray *tokens, guint negation, guint but)
{
    guint start = start_of_clause(tokens, but - 1);
    const gchar *kind = find_replacement(finding, negation, but, end_of_clause(tokens, but));
    gboolean is_whole = g_strcmp0(kind, "@contrast_verb") == 0;
    gboolean is_all = is_whole && has_deed(finding, tokens, start, negation);

    if (kind == NULL)
        return;
    for (guint i = is_all ? start : negation; i <= but; i++) {
        if (is_whole || i == negation || i == but || is(finding, i, kind))
            silence(finding, tokens, i);
    }
    join_before(tokens, but, but);
}

static void
mend_negated(KwFinding *finding, GArray *tokens)
{
    for (guint but = 2; but < tokens->len; but++) {
        guint start;

        if (strcmp(token_at(tokens, but)->word, "sondern") != 0 ||
            token_at(tokens, but)->sentence != token_at(tokens, but - 1)->sentence)
            continue;
        start = start_of_clause(tokens, but - 1);
        for (guint i = start; i < but; i++) {
            if (is(finding, i, "@negation")) {
                replace_negated(finding, tokens, i, but);
                break;
            }
        }
    }
}

/* -- X, äh nein, ich meinte Y -- */

/* Nothing but the taking back: "äh nein", "quatsch", "nein warte" */
static gboolean
is_taking_back(const KwFinding *finding, guint start, guint end)
{
    for (guint i = start; i < end; i++) {
        if (!is(finding, i, "@hollow") && !is(finding, i, "@correction") &&
            !is(finding, i, "@negation"))
            return FALSE;
    }
    return has(finding, start, end, "@correction");
}

/* "ich meinte stoppen", "besser gesagt vorgestern": how many words lead in; 0 for none */
static guint
lead_in(const KwFinding *finding, GArray *tokens, guint start)
{
    guint end = end_of_clause(tokens, start), at = start;

    while (at < end && is(finding, at, "@hollow"))
        at++;
    if (at + 1 >= end)
        return 0;
    if ((strcmp(token_at(tokens, at)->word, "ich") == 0 && is(finding, at + 1, "@meant")) ||
        (strcmp(token_at(tokens, at)->word, "besser") == 0 && is(finding, at + 1, "gesagt")))
        return at + 2 - start;
    return 0;
}

/* Silences in the words @first to @marker what those from @from on replace: all of them when
 * there is a new deed or subject, like for like else. What binds a deed ("wenn", "sagt") stays,
 * and a mere "sorry" takes no deed back. */
static void
replace_before(KwFinding *finding, GArray *tokens, guint first, guint marker, guint from)
{
    static const gchar *const kinds[] = {KW_LEXICON_PAIR, KW_LEXICON_NUMBER, "@time_word",
                                         "@version"};
    guint end = end_of_clause(tokens, from);
    gboolean is_whole = has(finding, from, end, "@contrast_verb") &&
                        has(finding, marker, from, "@correction_sure") &&
                        !has(finding, first, marker, "@bound_word");

    for (guint i = first; i < marker; i++) {
        gboolean goes = is_whole;

        for (guint k = 0; k < G_N_ELEMENTS(kinds); k++)
            goes |= is(finding, i, kinds[k]) && has(finding, from, end, kinds[k]);
        if (goes && !is(finding, i, "@stop_verb") && !is(finding, i, "@kill_noun") &&
            !is(finding, i, "@pause_word"))
            silence(finding, tokens, i);
    }
}

static guint
first_of_sentence(GArray *tokens, guint index)
{
    guint at = index;

    while (at > 0 && token_at(tokens, at - 1)->sentence == token_at(tokens, index)->sentence)
        at--;
    return at;
}

static void
mend_corrected(KwFinding *finding, GArray *tokens)
{
    for (guint start = 0, end = 0; start < tokens->len; start = end) {
        guint first = first_of_sentence(tokens, start);
        guint from = start + lead_in(finding, tokens, start);

        end = end_of_clause(tokens, start);
        if (from == start && end < tokens->len && is_taking_back(finding, start, end))
            from = end;
        if (start == first || from == start)
            continue;
        replace_before(finding, tokens, first, start, from);
        for (guint i = start; i < from; i++)
            silence(finding, tokens, i);
        if (!has(finding, from, end_of_clause(tokens, from), "@contrast_verb"))
            join_before(tokens, start, from);
    }
}

void
kw_contrasts_mend(KwFinding *finding, GArray *tokens)
{
    mend_negated(finding, tokens);
    mend_corrected(finding, tokens);
}
