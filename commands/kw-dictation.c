/* kw-dictation.c: "unterbrich den handel wann war der letzte trade"
 *
 * A phone that takes dictation sets no marks. Read as one clause, the question word makes the
 * order a question about a deed, and nothing halts. Where a question word stands inside the
 * only clause, both halves are therefore read for themselves; only a wished halt before it and
 * a question that reads behind it make it a cut, so a deed that is asked about stays one ("bot
 * stoppen wie geht das"), and nothing that raises the risk comes of a cut. To look for the
 * shapes of an order in the words was the other way; people order in too many shapes. */
#include "kw-dictation.h"

#include "kw-mood.h"
#include "kw-part.h"
#include "kw-span-private.h"

#define MAX_CUTS_TRIED 3
#define MIN_ORDER_WORDS 2 /* "notaus wie oft" asks about the one word */
#define MIN_QUESTION_WORDS 3
#define MIN_QUESTION_WEIGHT 9

static gboolean
is_one_clause(const GArray *tokens)
{
    for (guint i = 0; i < tokens->len; i++) {
        if (g_array_index(tokens, KwToken, i).clause > 0 ||
            g_array_index(tokens, KwToken, i).sentence > 0)
            return FALSE;
    }
    return TRUE;
}

static GArray *
copy_tokens(const GArray *tokens, guint from, guint to)
{
    GArray *part = g_array_new(FALSE, FALSE, sizeof(KwToken));

    g_array_append_vals(part, &g_array_index(tokens, KwToken, from), to - from);
    return part;
}

static const KwRule *
rule_of(const KwFinding *finding, guint clause)
{
    return kw_lexicon_match(
        finding->lexicon, &g_array_index(finding->clauses, KwTermSet, clause), KW_INTENT_NONE);
}

static gboolean
is_halt(const KwText *text, const KwSpanReader *reader, guint end)
{
    g_autoptr(GArray) tokens = copy_tokens(text->tokens, 0, end);
    g_autoptr(KwFinding) finding = kw_finding_new(reader->lexicon, tokens, 0);
    KwText part = *text;
    KwSpanReader part_reader = *reader;
    const KwRule *rule;

    part.tokens = tokens;
    part.questions = 0;
    part_reader.tokens = tokens;
    if (finding->clauses->len != 1)
        return FALSE;
    rule = rule_of(finding, 0);
    return rule != NULL && kw_part_get_strength(rule->intent) > 0 &&
           kw_mood_of_clause(&part, finding, &part_reader, 0, rule) == KW_MOOD_WISH;
}

/* "wie geht das", "was passiert mit den trades": about the order before it */
static gboolean
asks_what_happens(const KwFinding *finding, guint clause)
{
    return (g_array_index(finding->moods, guint32, clause) >> KW_MOOD_HYPOTHETICAL & 1u) != 0;
}

static gboolean
is_question(const KwText *text, const KwSpanReader *reader, guint start)
{
    g_autoptr(GArray) tokens = copy_tokens(text->tokens, start, text->tokens->len);
    g_autoptr(KwFinding) finding = kw_finding_new(reader->lexicon, tokens, text->questions);
    gboolean reads = FALSE;

    for (guint c = 0; c < finding->clauses->len; c++) {
        const KwRule *rule = rule_of(finding, c);

        if ((rule != NULL && kw_part_is_action(rule->intent)) || asks_what_happens(finding, c))
            return FALSE;
        reads |= rule != NULL && rule->weight >= MIN_QUESTION_WEIGHT &&
                 kw_intent_id_get_class(rule->intent) == KW_INTENT_CLASS_READ;
    }
    return reads;
}

/* "wann", "in welchen" */
static gboolean
may_begin_question(const KwSpanReader *reader, guint index)
{
    return kw_span_value(reader, "question_words", index) >= 0 ||
           (kw_span_value(reader, "before_question", index) >= 0 &&
            kw_span_value(reader, "question_words", index + 1) >= 0);
}

void
kw_dictation_cut(KwText *text, const KwSpanReader *reader)
{
    GArray *tokens = text->tokens;
    guint n_tried = 0;

    if (tokens->len < MIN_ORDER_WORDS + MIN_QUESTION_WORDS || !is_one_clause(tokens))
        return;
    for (guint at = MIN_ORDER_WORDS;
         at + MIN_QUESTION_WORDS <= tokens->len && n_tried < MAX_CUTS_TRIED; at++) {
        if (!may_begin_question(reader, at))
            continue;
        n_tried++;
        if (!is_halt(text, reader, at) || !is_question(text, reader, at))
            continue;
        for (guint i = at; i < tokens->len; i++)
            g_array_index(tokens, KwToken, i).clause++;
        text->n_clauses++;
        return;
    }
}
