/* kw-deed-time.c: deeds that only name a time
 *
 * "Was haben wir mit dem Bot seit dem Start verdient" holds a subject and a noun that elsewhere
 * make a wish. What stands behind "seit", "nach", "vor", "beim" or "bis zum" says when,
 * whatever deed the noun means, so it loses its deed where it stands and the rest of the clause
 * is read as it is: "nach dem Start bitte anhalten" still halts. A ban in each rule was
 * dropped: it would be forgotten in the next one, and would silence the rest of the clause as
 * well.
 *
 * A preposition that was only guessed from a typing error takes no halt away, but it does take
 * a start. */
#include "kw-deed-time.h"

#include "kw-lexicon-private.h"

#include <string.h>

#define MAX_LEAD_LETTERS 3

static gboolean
is(const KwFinding *finding, guint index, const gchar *term)
{
    return kw_finding_word_is(finding, index, kw_lexicon_find_term(finding->lexicon, term));
}

static gboolean
is_same_clause(const GArray *tokens, guint a, guint b)
{
    return g_array_index(tokens, KwToken, a).clause == g_array_index(tokens, KwToken, b).clause;
}

/* What may be an article with a letter lost: "seit dm Start" */
static gboolean
may_be_lead(const KwFinding *finding, const GArray *tokens, guint index)
{
    static const KwTermSet unknown = {0};

    return strlen(g_array_index(tokens, KwToken, index).word) <= MAX_LEAD_LETTERS &&
           (g_array_index(finding->fuzzy, gboolean, index) ||
            memcmp(&g_array_index(finding->words, KwTermSet, index), &unknown,
                   sizeof unknown) == 0);
}

/* "bis" of "bis zum Stopp" */
static gboolean
is_before_time(const KwFinding *finding, const GArray *tokens, guint index)
{
    return index > 0 && is_same_clause(tokens, index - 1, index) &&
           is(finding, index - 1, "@time_before");
}

/* The word that a time at @index hangs on: "seit" of "seit dem letzten Start"; @index itself
 * when there is none. @out_is_sure: nothing on the way there was guessed */
static guint
find_preposition(const KwFinding *finding,
                 const GArray *tokens,
                 guint index,
                 gboolean *out_is_sure)
{
    guint at = index;

    *out_is_sure = TRUE;
    for (; at > 0 && is_same_clause(tokens, at - 1, index); at--) {
        gboolean is_lead =
            is(finding, at - 1, "@time_lead") || is(finding, at - 1, "@last_word");

        *out_is_sure = *out_is_sure && !g_array_index(finding->fuzzy, gboolean, at - 1);
        if (is(finding, at - 1, "@time_before"))
            return at - 1;
        if (is(finding, at - 1, "@time_perhaps") && !is_before_time(finding, tokens, at - 1)) {
            *out_is_sure = FALSE;
            return at - 1;
        }
        if (!is_lead && !may_be_lead(finding, tokens, at - 1))
            break;
        *out_is_sure = *out_is_sure && is_lead;
    }
    return index;
}

/* "Start" alone does, "Einspielen" and "Abschalten" only with an article: "dem Einspielen" */
static gboolean
names_time(const KwFinding *finding, guint index, gboolean has_lead)
{
    return is(finding, index, "@deed_noun") ||
           (has_lead &&
            (is(finding, index, "@inf_verb") || is(finding, index, "@deploy_verb") ||
             is(finding, index, "@back_verb")));
}

static void
drop_terms(KwFinding *finding, guint index, const gchar *const *terms)
{
    KwTermSet *set = &g_array_index(finding->words, KwTermSet, index);

    for (guint i = 0; terms[i] != NULL; i++) {
        gint id = kw_lexicon_find_term(finding->lexicon, terms[i]);

        if (id >= 0)
            set->bits[id / 64] &= ~(G_GUINT64_CONSTANT(1) << (id % 64));
    }
}

static void
take_deed(KwFinding *finding, guint index, gboolean is_sure)
{
    static const gchar *const risks[] = {
        "@start_verb", "@release",  "@deploy_verb", "@back_verb", "@train_verb",
        "@off_word",   "rollback",  "deploy",       "retrain",    "zurueckrollen",
        "einspielen",  "ausrollen", "deployen",     "pause",      NULL};
    static const gchar *const halts[] = {
        "@stop_verb", "@stop_imp",  "@stop_word", "@halt_verb", "@pause_word",
        "@kill_noun", "@lock_verb", "@deed_word", "abschalten", "ausschalten",
        "anhalten",   "aufhoeren",  "abdrehen",   NULL};

    drop_terms(finding, index, risks);
    if (is_sure)
        drop_terms(finding, index, halts);
}

/* "zwischen Stopp und Neustart": the other end of the time whose first is at @index; @index
 * itself when there is none */
static guint
find_other_end(const KwFinding *finding, const GArray *tokens, guint index)
{
    guint at = index + 2;

    if (at >= tokens->len || !is(finding, index + 1, "und"))
        return index;
    while (at + 1 < tokens->len && is(finding, at, "@time_lead"))
        at++;
    return names_time(finding, at, at > index + 2) ? at : index;
}

void
kw_deed_times_settle(KwFinding *finding, const GArray *tokens)
{
    for (guint i = 1; i < tokens->len; i++) {
        gboolean is_sure;
        guint before = find_preposition(finding, tokens, i, &is_sure);
        gboolean has_lead = before + 1 < i;

        if (before == i || !names_time(finding, i, has_lead))
            continue;
        take_deed(finding, i, is_sure);
        if (is(finding, before, "zwischen"))
            take_deed(finding, find_other_end(finding, tokens, i), is_sure);
    }
}
