/* kw-clause.c: clauses that only the words can tell
 *
 * The text is cut at its marks and at conjunctions before a word has been looked up. That cuts
 * a list of pairs in two, so that the verb behind it reaches only the last one, and it leaves
 * what people dictate in one piece. Here the words are known. What leaves a pair out is told by
 * the same few patterns: a word of exception before a list of pairs, or a negation with nothing
 * else but pairs around it. */
#include "kw-clause.h"

#include "kw-lexicon-private.h"

#include <string.h>

static const KwToken *
token_at(const GArray *tokens, guint index)
{
    return &g_array_index(tokens, KwToken, index);
}

static gboolean
is(const KwFinding *finding, guint index, const gchar *term)
{
    return kw_finding_word_is(finding, index, kw_lexicon_find_term(finding->lexicon, term));
}

static gboolean
starts_clause(const GArray *tokens, guint index)
{
    return index > 0 &&
           token_at(tokens, index)->clause != token_at(tokens, index - 1)->clause &&
           token_at(tokens, index)->sentence == token_at(tokens, index - 1)->sentence;
}

/* The first word behind the clause of @index */
static guint
end_of_clause(const GArray *tokens, guint index)
{
    guint clause = token_at(tokens, index)->clause;

    while (index < tokens->len && token_at(tokens, index)->clause == clause)
        index++;
    return index;
}

static guint
start_of_clause(const GArray *tokens, guint index)
{
    guint clause = token_at(tokens, index)->clause;

    while (index > 0 && token_at(tokens, index - 1)->clause == clause)
        index--;
    return index;
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

/* Are words @from to @to only pairs, what joins them, negations and hollow words? */
static gboolean
is_bare_negation(const KwFinding *finding, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (!is(finding, i, "@negation") && !is(finding, i, KW_LEXICON_PAIR) &&
            !is(finding, i, "@pair_join") && !is(finding, i, "@pair_but") &&
            !is(finding, i, "@hollow"))
            return FALSE;
    }
    return has(finding, from, to, "@negation") && has(finding, from, to, KW_LEXICON_PAIR);
}

/* -- putting together -- */

static void
join_at(GArray *tokens, guint index)
{
    for (guint i = index; i < tokens->len; i++)
        g_array_index(tokens, KwToken, i).clause--;
}

/* "BTC, ETH", "BTC und ETH": a list that goes on, unless each has a verb of its own or the rest
 * is left out ("..., BTC nicht") */
static gboolean
continues_list(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint start = start_of_clause(tokens, index - 1), end = end_of_clause(tokens, index);
    guint at = index;

    if (!is(finding, index - 1, KW_LEXICON_PAIR))
        return FALSE;
    while (at < end && is(finding, at, "@pair_join"))
        at++;
    if (at == end || !is(finding, at, KW_LEXICON_PAIR) || is_bare_negation(finding, index, end))
        return FALSE;
    return !has(finding, start, index, "@pair_verb") || !has(finding, index, end, "@pair_verb");
}

/* "ich will nicht, dass du handelst", "gut, dass du stoppst": what is said of it governs it */
static gboolean
is_governed(const KwFinding *finding, guint index)
{
    return is(finding, index, "dass");
}

/* "Schwelle: 82 %", "BTC: sperren": a thing, and what is wished of it */
static gboolean
follows_heading(const KwFinding *finding, const GArray *tokens, guint index)
{
    if (!token_at(tokens, index - 1)->is_heading)
        return FALSE;
    return token_at(tokens, index)->starts_number || is(finding, index - 1, KW_LEXICON_PAIR) ||
           is(finding, index - 1, "@threshold");
}

/* "hoer auf, mir zu schreiben" */
static gboolean
is_what_ends(const KwFinding *finding, const GArray *tokens, guint index)
{
    return is(finding, index - 1, "auf") &&
           has(finding, start_of_clause(tokens, index - 1), index, "@cease") &&
           has(finding, index, end_of_clause(tokens, index), "@zu_form");
}

/* "ist ab sofort und bis auf Weiteres einzustellen": one length of time */
static gboolean
is_span_drawn_out(const KwFinding *finding, const GArray *tokens, guint index)
{
    return is(finding, index, "@pair_join") && is(finding, index + 1, "bis") &&
           has(finding, start_of_clause(tokens, index - 1), index, "@copula") &&
           has(finding, index, end_of_clause(tokens, index), "@zu_form");
}

/* "bis Freitag, den 20. März": the date says which Friday */
static gboolean
is_date_told_twice(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint number = index + !token_at(tokens, index)->starts_number;

    return kw_lexicon_find_value(finding->lexicon, "weekdays",
                                 token_at(tokens, index - 1)->word) > 0 &&
           (number == index || kw_lexicon_find_value(finding->lexicon, "before_date",
                                                     token_at(tokens, index)->word) >= 0) &&
           number < tokens->len && token_at(tokens, number)->starts_number;
}

/* "stellen Sie den Handel bis Freitag, ein": what closes the verb, behind the last comma */
static gboolean
is_particle_alone(const KwFinding *finding, const GArray *tokens, guint index)
{
    const GArray *verbs = finding->lexicon->separables;
    gboolean is_particle = FALSE;

    if (end_of_clause(tokens, index) != index + 1)
        return FALSE;
    for (guint i = 0; i < verbs->len; i++)
        is_particle |= strcmp(g_array_index(verbs, KwSeparable, i).particle,
                              token_at(tokens, index)->word) == 0;
    return is_particle;
}

/* "alles sperren, ausser BTC" */
static gboolean
is_exception(const KwFinding *finding, const GArray *tokens, guint index)
{
    return (is(finding, index, "@except") || is(finding, index, "bis")) &&
           has(finding, index, end_of_clause(tokens, index), KW_LEXICON_PAIR) &&
           has(finding, start_of_clause(tokens, index - 1), index, "@all_word");
}

/* -- cutting -- */

static void
cut_at(GArray *tokens, guint index)
{
    for (guint i = index; i < tokens->len; i++)
        g_array_index(tokens, KwToken, i).clause++;
}

/* "... ETH sperren | BTC nicht", "... ETH sperren | nicht BTC": where the tail of the clause
 * that begins at @start begins itself; its end when it has none */
static guint
find_tail(const KwFinding *finding, guint start, guint end)
{
    guint at = end, tail = end;

    while (at > start + 1) {
        at--;
        if (is_bare_negation(finding, at, end))
            tail = at;
        else if (!is(finding, at, KW_LEXICON_PAIR) && !is(finding, at, "@negation") &&
                 !is(finding, at, "@pair_join") && !is(finding, at, "@hollow"))
            break;
    }
    return has(finding, start, tail, "@pair_verb") && has(finding, start, tail, KW_LEXICON_PAIR)
               ? tail
               : end;
}

/* Words @from to @to are a command and nothing else: "stopp das jetzt", "bitte anhalten" */
static gboolean
is_bare_command(const KwFinding *finding, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (!is(finding, i, "@command_start") && !is(finding, i, "@command_word") &&
            !is(finding, i, "@stop_verb") && !is(finding, i, "@bot") &&
            !is(finding, i, "@filler") && !is(finding, i, "@urge") &&
            !is(finding, i, "@kill_noun") && !is(finding, i, "@pause_word") &&
            !is(finding, i, "@entry_thing") && !is(finding, i, "@time_word"))
            return FALSE;
    }
    return has(finding, from, to, "@stop_verb") || has(finding, from, to, "@command_verb") ||
           has(finding, from, to, "@kill_noun") || has(finding, from, to, "@pause_word");
}

/* "was ist da los | notaus", "was soll das | stopp sofort": a question that has its end */
static gboolean
is_outcry(const KwFinding *finding, guint start, guint at)
{
    if (at >= start + 3 && is(finding, at - 3, "was") && is(finding, at - 2, "soll") &&
        is(finding, at - 1, "das"))
        return TRUE;
    return has(finding, start, at, "was") && is(finding, at - 1, "@outcry_end") &&
           !has(finding, start, at, "@modal");
}

/* Do the words before the emergency stop at @at leave it a cry? "wie notaus loesen" and "weg
 * mit notaus" do not, "die verkaufen alles weg | notaus" does. */
static gboolean
is_cry(const KwFinding *finding, guint start, guint at)
{
    return !has(finding, start, at, "@w_word") &&
           (!has(finding, start, at, "@off_word") || has(finding, start, at, "@throw_verb"));
}

/* "Würdest du den Handel bitte bis Montag einstellen", "morgen bitte stoppen", "er rief stopp"
 */
static gboolean
is_bound(const KwFinding *finding, guint start, guint at)
{
    return (is(finding, start, "@polite_verb") && is(finding, at, "bitte")) ||
           has(finding, start, at, "@time_ahead") || has(finding, start, at, "@hearsay") ||
           has(finding, start, at, "@report_verb");
}

/* "die Käufe | bitte aussetzen": what the verb behind "bitte" is about, no clause by itself */
static gboolean
is_mere_object(const KwFinding *finding, guint from, guint to)
{
    for (guint i = from; i < to; i++) {
        if (!is(finding, i, "@art") && !is(finding, i, "die") && !is(finding, i, "@bot") &&
            !is(finding, i, "@entry_thing") && !is(finding, i, "@new_word"))
            return FALSE;
    }
    return has(finding, from, to, "@bot") || has(finding, from, to, "@entry_thing");
}

/* May the word at @at begin a command of its own, or do those before it govern it ("soll ich |
 * stoppen", "am Freitag | bitte pausieren", "was macht | stopp")? */
static gboolean
may_begin_command(const KwFinding *finding, guint start, guint at, guint end)
{
    gboolean is_noun = is(finding, at, "@kill_noun");

    if (is_bound(finding, start, at) ||
        (is(finding, start, "@polite_verb") && at + 1 == end)) /* "chönnted Sie ... pausiere" */
        return FALSE;
    if (is(finding, at, "@imperative"))
        return !is(finding, at - 1, "@no_subject");
    if (is_outcry(finding, start, at))
        return is_noun || (is(finding, at, "@command_start") && at + 1 < end);
    if (has(finding, start, at, "@modal") || is(finding, at - 1, "@no_head") ||
        (is_noun && !is_cry(finding, start, at)))
        return FALSE;
    return is_noun || (is(finding, at, "@command_start") &&
                       (at + 1 < end || !has(finding, start, at, "@question_word")));
}

/* People dictate without marks: "warum läuft das noch | stopp das jetzt". Where the command at
 * the end of the clause begins; its end when there is none */
static guint
find_command(const KwFinding *finding, guint start, guint end)
{
    for (guint at = start + 2; at < end; at++) {
        if (may_begin_command(finding, start, at, end) && is_bare_command(finding, at, end) &&
            !is_mere_object(finding, start, at))
            return at;
    }
    return end;
}

/* "mach den bot aus bitte | ich pack das nicht", "bitte den bot abdrehen | wir fahren weg": an
 * order that is complete, and why. "Den Bot stoppen wir bestimmt nicht" is none, so behind an
 * infinitive only a verb that is known to be one begins the reason. */
static guint
find_reason(const KwFinding *finding, guint start, guint end)
{
    gboolean is_ordered = is(finding, start, "@imperative") || is(finding, start, "@stop_imp");

    for (guint at = start + 2; at + 2 < end; at++) {
        if (is(finding, at, "@speaker") && !is(finding, at + 1, "@negation") &&
            (is_ordered || is(finding, at + 1, "@self_verb")) &&
            is_bare_command(finding, start, at))
            return at;
    }
    return end;
}

void
kw_clauses_mend(const KwFinding *finding, GArray *tokens)
{
    if (tokens->len == 0)
        return;
    for (guint i = 1; i < tokens->len; i++) {
        if (starts_clause(tokens, i) &&
            (continues_list(finding, tokens, i) || is_governed(finding, i) ||
             is_what_ends(finding, tokens, i) || follows_heading(finding, tokens, i) ||
             is_exception(finding, tokens, i) || is_date_told_twice(finding, tokens, i) ||
             is_span_drawn_out(finding, tokens, i) || is_particle_alone(finding, tokens, i)))
            join_at(tokens, i);
    }
    for (guint start = 0, end = 0; start < tokens->len; start = end) {
        guint tail;

        end = end_of_clause(tokens, start);
        tail = MIN(find_tail(finding, start, end), find_command(finding, start, end));
        tail = MIN(tail, find_reason(finding, start, end));
        if (tail < end)
            cut_at(tokens, tail);
    }
}

/* -- what is left out -- */

/* The word before the list of pairs that @index is in; G_MAXUINT, which is no word, for none */
static guint
lead_of_list(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint sentence = token_at(tokens, index)->sentence;

    while (index > 0 && token_at(tokens, index - 1)->sentence == sentence &&
           (is(finding, index - 1, KW_LEXICON_PAIR) || is(finding, index - 1, "@pair_join")))
        index--;
    return index > 0 && token_at(tokens, index - 1)->sentence == sentence ? index - 1
                                                                          : G_MAXUINT;
}

gboolean
kw_clause_excepts(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint lead = lead_of_list(finding, tokens, index);

    return is(finding, lead, "@except") ||
           (lead > 0 && lead != G_MAXUINT && is(finding, lead, "auf") &&
            is(finding, lead - 1, "bis"));
}

gboolean
kw_clause_leaves_out(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint start = start_of_clause(tokens, index), end = end_of_clause(tokens, index);

    return kw_clause_excepts(finding, tokens, index) ||
           (has(finding, start, end, "@negation") && !has(finding, start, end, "@pair_verb") &&
            !has(finding, start, end, "mehr"));
}

gboolean
kw_clause_has_only(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint lead = lead_of_list(finding, tokens, index);

    if (is(finding, lead, "noch") && lead > 0)
        lead--;
    return is(finding, lead, "@only");
}
