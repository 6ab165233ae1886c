/* kw-finding.c: looking up the words of a message
 *
 * First words that belong together become one: compounds written apart ("Not Aus") and the
 * two halves of a separable verb ("halt den Bot an"), whose first half then counts as the
 * infinitive. A particle counts only where the verb's bracket closes: at the end of the clause
 * or before an adverb, so that "an" in front of a noun stays a preposition. */
#include "kw-clause.h"
#include "kw-contrast.h"
#include "kw-courtesy.h"
#include "kw-deed-time.h"
#include "kw-dialect.h"
#include "kw-lexicon-private.h"
#include "kw-number.h"
#include "kw-slot-reader.h"

#include <string.h>

#define MAX_MENDED_WORDS 40
#define MAX_SHIFTED_WORDS                                                                      \
    6 /* tried with two sounds of a dialect: dear, and rare in a question */
#define MIN_ASKING_WORDS 4 /* "und wieso?" asks about what was said before */

static KwToken *
token_at(GArray *tokens, guint index)
{
    return &g_array_index(tokens, KwToken, index);
}

/* -- typing errors -- */

/* One letter too many, missing, wrong, or two swapped */
static gboolean
is_one_error_away(const gchar *a, gsize n_a, const gchar *b, gsize n_b)
{
    gsize head = 0, tail = 0, rest_a, rest_b;

    while (head < n_a && head < n_b && a[head] == b[head])
        head++;
    while (tail < n_a - head && tail < n_b - head && a[n_a - 1 - tail] == b[n_b - 1 - tail])
        tail++;
    rest_a = n_a - head - tail;
    rest_b = n_b - head - tail;
    if (rest_a <= 1 && rest_b <= 1)
        return rest_a + rest_b > 0;
    return rest_a == 2 && rest_b == 2 && a[head] == b[head + 1] && a[head + 1] == b[head];
}

static void
add_ids_plain(KwTermSet *set, const GArray *ids)
{
    for (guint i = 0; i < ids->len; i++) {
        guint id = g_array_index(ids, guint16, i);

        set->bits[id / 64] |= G_GUINT64_CONSTANT(1) << (id % 64);
    }
}

static void
add_id(const KwLexicon *lexicon, KwTermSet *set, guint id)
{
    set->bits[id / 64] |= G_GUINT64_CONSTANT(1) << (id % 64);
    if (id < lexicon->n_terms && lexicon->owners[id] != NULL)
        add_ids_plain(set, lexicon->owners[id]);
}

static void
add_ids(const KwLexicon *lexicon, KwTermSet *set, const GArray *ids)
{
    for (guint i = 0; i < ids->len; i++)
        add_id(lexicon, set, g_array_index(ids, guint16, i));
}

/* A word with an error: what it may be, and, when that is one word alone, which */
typedef struct {
    const KwLexicon *lexicon;
    const gchar *word;
    KwTermSet *set;
    const gchar *meant;  /* of the lexicon; the first that was found */
    const gchar *common; /* a word of everyday among those found, or NULL */
    guint n_found;
} Mending;

/* A short word that keeps things from being done ("wenn", "nicht"): mended all the same */
static gboolean
is_guard(const Mending *mending, const gchar *key)
{
    KwTermSet found = {0};

    add_ids(mending->lexicon, &found, g_hash_table_lookup(mending->lexicon->words, key));
    return kw_term_set_has(&found, kw_lexicon_find_term(mending->lexicon, "@guard"));
}

static gboolean
may_mean(const Mending *mending, const gchar *key, gsize n_key)
{
    return n_key >= 5 || (n_key == 4 && is_guard(mending, key));
}

static void
take(Mending *mending, const gchar *key, const GArray *ids)
{
    KwTermSet found = {0};

    add_ids(mending->lexicon, &found, ids);
    kw_term_set_add(mending->set, &found);
    if (kw_term_set_has(&found, kw_lexicon_find_term(mending->lexicon, "@known")))
        mending->common = key;
    mending->meant = mending->n_found++ == 0 ? key : mending->meant;
}

/* Words of @n_key letters with the same first one */
static gboolean
mend_with_length(Mending *mending, gsize n_key)
{
    const GPtrArray *keys;
    gsize n = strlen(mending->word);
    guint before = mending->n_found;

    if (n_key < 4 || n_key > KW_LEXICON_MAX_MENDED)
        return FALSE;
    keys = mending->lexicon->by_length[n_key][kw_lexicon_initial_of(mending->word)];
    for (guint i = 0; i < keys->len; i++) {
        const gchar *key = g_ptr_array_index(keys, i);

        if (is_one_error_away(mending->word, n, key, n_key) && may_mean(mending, key, n_key))
            take(mending, key, g_hash_table_lookup(mending->lexicon->words, key));
    }
    return mending->n_found > before;
}

static void
try_word(Mending *mending, const gchar *word)
{
    gpointer key, ids;

    if (g_hash_table_lookup_extended(mending->lexicon->words, word, &key, &ids) &&
        may_mean(mending, key, strlen(key)))
        take(mending, key, ids);
}

/* The first letter is wrong, swapped, missing or one too many; of the same length first */
static gboolean
mend_first_letter(Mending *mending)
{
    const gchar *word = mending->word;
    gchar other[KW_LEXICON_MAX_MENDED + 2];
    gsize n = strlen(word);

    if (n < 4 || n > KW_LEXICON_MAX_MENDED)
        return FALSE;
    memcpy(other, word, n + 1);
    for (other[0] = 'a'; other[0] <= 'z'; other[0]++)
        try_word(mending, other);
    other[0] = word[1];
    other[1] = word[0];
    try_word(mending, other);
    if (mending->n_found > 0)
        return TRUE;
    try_word(mending, word + 1);
    memcpy(other + 1, word, n + 1);
    for (other[0] = 'a'; other[0] <= 'z'; other[0]++)
        try_word(mending, other);
    return mending->n_found > 0;
}

/* "nichht": a letter too often is the one error that has a single mend */
static gboolean
mend_doubled(Mending *mending)
{
    const gchar *word = mending->word;
    gsize n = strlen(word);

    for (gsize i = 0; i + 1 < n; i++) {
        g_autofree gchar *shorter = NULL;
        gpointer key, ids;

        if (word[i] != word[i + 1])
            continue;
        shorter = g_strdup_printf("%.*s%s", (gint) i, word, word + i + 1);
        if (!g_hash_table_lookup_extended(mending->lexicon->words, shorter, &key, &ids))
            continue;
        add_ids(mending->lexicon, mending->set, ids);
        mending->meant = key;
        mending->n_found = 1;
        return TRUE;
    }
    return FALSE;
}

static gboolean
mend_by_stem(Mending *mending)
{
    const GArray *stems = mending->lexicon->stems;
    gsize n = strlen(mending->word);
    gboolean is_found = FALSE;

    for (guint i = 0; i < stems->len; i++) {
        const KwStem *stem = &g_array_index(stems, KwStem, i);
        gsize n_stem = strlen(stem->text);

        for (gsize len = n_stem - 1; n_stem >= 5 && len <= n_stem + 1; len++) {
            if (stem->place == KW_STEM_START && len <= n &&
                is_one_error_away(mending->word, len, stem->text, n_stem)) {
                add_id(mending->lexicon, mending->set, stem->id);
                is_found = TRUE;
            }
        }
    }
    return is_found;
}

static gboolean
mend_by_word(Mending *mending)
{
    gsize n = strlen(mending->word);

    if (n > KW_LEXICON_MAX_MENDED)
        return FALSE;
    if (mend_with_length(mending, n))
        return TRUE;
    return mend_with_length(mending, n - 1) | mend_with_length(mending, n + 1);
}

/* Of the same length first: two letters swapped or one wrong are the likelier errors. The first
 * letter of a word is seldom wrong. A word that can be only one takes its spelling, so that
 * dates and numbers are read from it as well. */
static gboolean
mend(const KwLexicon *lexicon, KwToken *token, KwTermSet *set)
{
    Mending mending = {.lexicon = lexicon, .word = token->word, .set = set};

    if (!mend_doubled(&mending) && !mend_by_word(&mending) && !mend_by_stem(&mending) &&
        !mend_first_letter(&mending))
        return FALSE;
    if (mending.n_found > 1 && mending.common != NULL) {
        *set = (KwTermSet){0}; /* "meie" is "meine" sooner than "meide" */
        add_ids(lexicon, set, g_hash_table_lookup(lexicon->words, mending.common));
        token->word = mending.common;
    } else if (mending.n_found == 1) {
        token->word = mending.meant; /* lives as long as the lexicon */
    }
    return TRUE;
}

/* -- words -- */

static gboolean
stem_fits(const KwStem *stem, const gchar *word)
{
    switch (stem->place) {
    case KW_STEM_START:
        return g_str_has_prefix(word, stem->text);
    case KW_STEM_END:
        return g_str_has_suffix(word, stem->text);
    case KW_STEM_INSIDE:
        return strstr(word, stem->text) != NULL;
    }
    return FALSE;
}

/* "Wochenergebnis": an unknown word that ends with a noun of the class "head" counts as that
 * noun. Words that act are none of them: a "Tankstopp" stops nothing. */
static gboolean
look_up_compound(const KwLexicon *lexicon, const gchar *word, KwTermSet *set)
{
    gint head = kw_lexicon_find_term(lexicon, "@head");
    gsize n = strlen(word);

    for (gsize first = 4; first + 3 <= n; first++) {
        const GArray *ids = g_hash_table_lookup(lexicon->words, word + first);
        KwTermSet found = {0};

        if (ids == NULL)
            continue;
        add_ids(lexicon, &found, ids);
        if (!kw_term_set_has(&found, head))
            continue;
        kw_term_set_add(set, &found);
        return TRUE;
    }
    return FALSE;
}

static gboolean
look_up(const KwLexicon *lexicon, const KwToken *token, KwTermSet *set)
{
    const GArray *ids = g_hash_table_lookup(lexicon->words, token->word);
    gboolean is_known = ids != NULL;
    gint number;

    if (ids != NULL)
        add_ids(lexicon, set, ids);
    for (guint i = 0; i < lexicon->stems->len; i++) {
        const KwStem *stem = &g_array_index(lexicon->stems, KwStem, i);

        if (stem_fits(stem, token->word)) {
            add_id(lexicon, set, stem->id);
            is_known = TRUE;
        }
    }
    if (kw_slots_is_pair(lexicon, token->word)) {
        add_id(lexicon, set, (guint) kw_lexicon_find_term(lexicon, KW_LEXICON_PAIR));
        is_known = TRUE;
    }
    if (token->starts_number || kw_number_from_word(token->word, &number)) {
        add_id(lexicon, set, (guint) kw_lexicon_find_term(lexicon, KW_LEXICON_NUMBER));
        is_known = TRUE;
    }
    return is_known || look_up_compound(lexicon, token->word, set);
}

/* -- dialect and shorthand -- */

/* "drah eam ob" is "ab", and "ob er laeuft" is what it says: some stand for another word at the
 * end of a clause alone. */
static gboolean
is_spelling_here(const KwLexicon *lexicon, GArray *tokens, guint index)
{
    return kw_lexicon_find_value(lexicon, "spelled_last", token_at(tokens, index)->word) < 0 ||
           index + 1 == tokens->len ||
           token_at(tokens, index + 1)->clause != token_at(tokens, index)->clause;
}

static void
spell_out(const KwLexicon *lexicon, GArray *tokens)
{
    for (guint i = 0; i < tokens->len; i++) {
        gchar **words = g_hash_table_lookup(lexicon->spellings, token_at(tokens, i)->word);
        KwToken token;

        if (words == NULL || !is_spelling_here(lexicon, tokens, i))
            continue;
        token = *token_at(tokens, i);
        token_at(tokens, i)->word = words[0]; /* lives as long as the lexicon */
        for (guint k = 1; words[k] != NULL && tokens->len < KW_TEXT_MAX_TOKENS; k++) {
            token.word = words[k];
            g_array_insert_val(tokens, i + k, token);
        }
    }
}

/* "sttaus" is "staus", which is written for "status": one word for one word */
static void
spell_mended(const KwLexicon *lexicon, KwToken *token)
{
    gchar **words = g_hash_table_lookup(lexicon->spellings, token->word);

    if (words != NULL && words[1] == NULL)
        token->word = words[0];
}

/* "bitcoinkurs" is about bitcoin: a coin before a noun of the class "head" */
static void
split_coins(const KwLexicon *lexicon, GArray *tokens)
{
    for (guint i = 0; i < tokens->len && tokens->len < KW_TEXT_MAX_TOKENS; i++) {
        const gchar *word = token_at(tokens, i)->word;
        KwToken rest = *token_at(tokens, i);
        const gchar *coin = NULL;
        gsize length = strlen(word);

        if (g_hash_table_contains(lexicon->words, word))
            continue;
        for (gsize n = 3; n + 1 < length && coin == NULL; n++) {
            g_autofree gchar *first = g_strndup(word, n);
            KwTermSet found = {0};

            rest.word = word + n;
            if (g_hash_table_contains(lexicon->words, rest.word))
                add_ids(lexicon, &found, g_hash_table_lookup(lexicon->words, rest.word));
            if (kw_term_set_has(&found, kw_lexicon_find_term(lexicon, "@head")))
                coin = kw_lexicon_intern_coin(lexicon, first);
        }
        if (coin == NULL)
            continue;
        token_at(tokens, i)->word = coin;
        g_array_insert_val(tokens, i + 1, rest);
        i++;
    }
}

/* "trainierstt", "systemm": a stem fits, and yet a letter stands there too often */
static gboolean
mend_beside_stem(const KwLexicon *lexicon, KwToken *token, KwTermSet *set)
{
    Mending mending = {.lexicon = lexicon, .word = token->word, .set = set};

    if (g_hash_table_contains(lexicon->words, token->word) || !mend_doubled(&mending))
        return FALSE;
    token->word = mending.meant; /* lives as long as the lexicon */
    return TRUE;
}

/* What an unknown word stands for, by its sounds or with a typing error mended */
static gboolean
guess_word(const KwLexicon *lexicon, KwToken *token, guint n_shifts, KwTermSet *set)
{
    const gchar *word = token->word, *spoken = kw_dialect_find(lexicon, word, 1);

    if (spoken == NULL && mend(lexicon, token, set)) {
        if (token->word == word)
            return TRUE;
    } else {
        spoken = spoken != NULL ? spoken : kw_dialect_find(lexicon, word, n_shifts);
        if (spoken == NULL)
            return FALSE;
        token->word = spoken; /* lives as long as the lexicon */
    }
    spell_mended(lexicon, token);
    (void) look_up(lexicon, token, set); /* its stems */
    return TRUE;
}

/* -- joining -- */

/* "not" + "aus"; also with one error when the whole is long enough ("kil" + "switch") */
static const gchar *
find_join(const KwLexicon *lexicon, const gchar *first, const gchar *second)
{
    g_autofree gchar *pair = g_strconcat(first, " ", second, NULL);
    const gchar *joined = g_hash_table_lookup(lexicon->joins, pair);
    GHashTableIter iter;
    gpointer key, value;
    gsize n = strlen(pair);

    if (joined != NULL || n < 9 ||
        (g_hash_table_contains(lexicon->words, first) &&
         g_hash_table_contains(lexicon->words, second)))
        return joined;
    g_hash_table_iter_init(&iter, lexicon->joins);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        gsize n_key = strlen(key);

        if (n_key >= 9 && n_key + 1 >= n && n_key <= n + 1 &&
            is_one_error_away(pair, n, key, n_key))
            return value;
    }
    return NULL;
}

static void
join_words(const KwLexicon *lexicon, GArray *tokens)
{
    for (guint i = 0; i + 1 < tokens->len; i++) {
        KwToken *token = token_at(tokens, i);
        const gchar *joined;

        if (token->sentence != token_at(tokens, i + 1)->sentence)
            continue;
        joined = find_join(lexicon, token->word, token_at(tokens, i + 1)->word);
        if (joined == NULL)
            continue;
        token->word = joined; /* lives as long as the lexicon */
        token->starts_number = FALSE;
        g_array_remove_index(tokens, i + 1);
    }
}

static gboolean
closes_bracket(const KwFinding *self, GArray *tokens, guint verb, guint index, gint after)
{
    gint sure = kw_lexicon_find_term(self->lexicon, "@sure_particle");

    if (index == verb + 1 && kw_finding_word_is(self, index, sure))
        return TRUE; /* "dreh ab das Ding": no preposition */
    if (index + 1 >= tokens->len ||
        token_at(tokens, index + 1)->clause != token_at(tokens, index)->clause)
        return TRUE;
    return kw_finding_word_is(self, index + 1, after);
}

/* "Dann setze ich den Handel aus", "ich fahre ihn runter": elsewhere the form is an order */
static gboolean
stands_by_ich(const GArray *tokens, guint at)
{
    guint clause = g_array_index(tokens, KwToken, at).clause;
    guint beside[] = {at - 1, at + 1}; /* below zero it is beyond the end */

    for (guint i = 0; i < G_N_ELEMENTS(beside); i++) {
        const KwToken *token;

        if (beside[i] >= tokens->len)
            continue;
        token = &g_array_index(tokens, KwToken, beside[i]);
        if (token->clause == clause &&
            (strcmp(token->word, "ich") == 0 || strcmp(token->word, "i") == 0))
            return TRUE;
    }
    return FALSE;
}

static void
close_verb(KwFinding *self, GArray *tokens, guint at, const KwSeparable *verb)
{
    gint after = kw_lexicon_find_term(self->lexicon, "@after_particle");
    const GArray *ids = g_hash_table_lookup(self->lexicon->words, verb->infinitive);
    guint clause = token_at(tokens, at)->clause;
    gint mine = kw_lexicon_find_term(self->lexicon, "@me_verb");
    gboolean is_mine = stands_by_ich(tokens, at);

    for (guint i = at + 1; i < tokens->len && token_at(tokens, i)->clause == clause; i++) {
        if (strcmp(token_at(tokens, i)->word, verb->particle) == 0 && ids != NULL &&
            closes_bracket(self, tokens, at, i, after)) {
            /* the halves are one verb now, and mean nothing by themselves */
            memset(&g_array_index(self->words, KwTermSet, at), 0, sizeof(KwTermSet));
            memset(&g_array_index(self->words, KwTermSet, i), 0, sizeof(KwTermSet));
            add_ids(self->lexicon, &g_array_index(self->words, KwTermSet, at), ids);
            if (is_mine)
                add_id(self->lexicon, &g_array_index(self->words, KwTermSet, at), (guint) mine);
            add_id(self->lexicon, &g_array_index(self->words, KwTermSet, i),
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_SILENT));
            return;
        }
    }
}

/* "Halt!" says something, "das ist halt so" says the same without it. */
static gboolean
is_filler(const KwFinding *self, GArray *tokens, guint i)
{
    gint filler = kw_lexicon_find_term(self->lexicon, "@filler");
    guint clause = token_at(tokens, i)->clause;
    gboolean has_before = i > 0 && token_at(tokens, i - 1)->clause == clause;
    gboolean has_after = i + 1 < tokens->len && token_at(tokens, i + 1)->clause == clause;

    return (has_before || has_after) && kw_finding_word_is(self, i, filler);
}

/* Is there a word before @index in its clause, and none that asks? */
static gboolean
follows_subject(const KwFinding *self, GArray *tokens, guint index)
{
    gint asks = kw_lexicon_find_term(self->lexicon, "@question_word"),
         urge = kw_lexicon_find_term(self->lexicon, "@urge");
    gboolean has_word = FALSE;

    for (guint i = index;
         i > 0 && token_at(tokens, i - 1)->clause == token_at(tokens, i)->clause; i--) {
        if (kw_finding_word_is(self, i - 1, asks))
            return FALSE;
        has_word |= !is_filler(self, tokens, i - 1) && !kw_finding_word_is(self, i - 1, urge);
    }
    return has_word;
}

/* "Kraken stellt den Handel ein", "die Börse stoppt": behind a subject the form tells, and only
 * at the front of its clause may it be an order to several */
static void
find_told(KwFinding *self, GArray *tokens)
{
    gint deed = kw_lexicon_find_term(self->lexicon, "@deed_word");

    for (guint i = 1; i < tokens->len; i++) {
        if (kw_finding_word_is(self, i, deed) &&
            kw_lexicon_find_value(self->lexicon, "told_forms", token_at(tokens, i)->word) >=
                0 &&
            follows_subject(self, tokens, i))
            add_id(self->lexicon, &g_array_index(self->words, KwTermSet, i),
                   (guint) kw_lexicon_find_term(self->lexicon, "@told"));
    }
}

static void
close_verbs(KwFinding *self, GArray *tokens)
{
    for (guint i = 0; i < tokens->len; i++) {
        const GArray *verbs =
            g_hash_table_lookup(self->lexicon->verb_forms, token_at(tokens, i)->word);

        for (guint v = 0; verbs != NULL && v < verbs->len; v++)
            close_verb(self, tokens, i,
                       &g_array_index(self->lexicon->separables, KwSeparable,
                                      g_array_index(verbs, guint16, v)));
    }
}

/* -- clauses -- */

static gboolean
phrase_stands_at(const KwFinding *self, GArray *tokens, guint at, const KwPhrase *phrase)
{
    guint clause = token_at(tokens, at)->clause;

    for (guint i = 0; i < phrase->n_parts; i++) {
        if (at + i >= tokens->len || token_at(tokens, at + i)->clause != clause ||
            !kw_finding_word_is(self, at + i, phrase->parts[i]))
            return FALSE;
    }
    return TRUE;
}

/* Where phrases are looked for, and the set that gets those found */
typedef struct {
    const KwFinding *finding;
    GArray *tokens;
    guint at;
    gboolean is_first; /* word of its clause that is no filler */
    KwTermSet *set;
} PhraseSearch;

static void
try_phrase(guint item, gpointer user_data)
{
    PhraseSearch *search = user_data;
    const KwLexicon *lexicon = search->finding->lexicon;
    const KwPhrase *phrase = &g_array_index(lexicon->phrases, KwPhrase, item);

    if ((search->is_first || !phrase->is_anchored) &&
        phrase_stands_at(search->finding, search->tokens, search->at, phrase))
        add_id(lexicon, search->set, phrase->id);
}

static void
add_phrases(const PhraseSearch *search)
{
    const KwFinding *finding = search->finding;
    PhraseSearch copy = *search;

    if (finding->lexicon->phrase_index != NULL)
        kw_rule_index_visit(finding->lexicon->phrase_index,
                            &g_array_index(finding->words, KwTermSet, search->at), try_phrase,
                            &copy);
}

static guint
count_clauses(GArray *tokens)
{
    return tokens->len == 0 ? 0 : token_at(tokens, tokens->len - 1)->clause + 1u;
}

/* "Kill-Switch an, und wie viel ist noch am Konto?": the mark belongs to the end alone.
 * Returns: the clause that asks for itself, G_MAXUINT for none */
static guint
find_asking_end(const KwFinding *self, GArray *tokens, guint sentence)
{
    gint asks = kw_lexicon_find_term(self->lexicon, "@question_word");
    guint last = G_MAXUINT, first = 0, n = 0;

    for (guint i = 0; i < tokens->len; i++) {
        const KwToken *token = token_at(tokens, i);

        if (token->sentence != sentence)
            continue;
        if (token->clause != last)
            first = i;
        n = token->clause != last ? 1 : n + 1;
        last = token->clause;
    }
    return n >= MIN_ASKING_WORDS && strcmp(token_at(tokens, first)->word, "und") == 0 &&
                   kw_finding_word_is(self, first + 1, asks)
               ? last
               : G_MAXUINT;
}

/* "stop von eth liegt wo": a clause that ends with the word that asks */
static void
find_tail_questions(KwFinding *self, GArray *tokens)
{
    gint asks = kw_lexicon_find_term(self->lexicon, "@tail_question");

    for (guint i = 1; i < tokens->len; i++) {
        guint clause = token_at(tokens, i)->clause;

        if (kw_finding_word_is(self, i, asks) && token_at(tokens, i - 1)->clause == clause &&
            (i + 1 == tokens->len || token_at(tokens, i + 1)->clause != clause))
            g_array_index(self->asked, gboolean, clause) = TRUE;
    }
}

static void
find_asked(KwFinding *self, GArray *tokens, guint32 questions)
{
    guint sentence = G_MAXUINT, end = G_MAXUINT;

    g_array_set_size(self->asked, count_clauses(tokens));
    for (guint i = 0; i < tokens->len; i++) {
        const KwToken *token = token_at(tokens, i);

        if (token->sentence != sentence)
            end = find_asking_end(self, tokens, token->sentence);
        sentence = token->sentence;
        if ((questions >> MIN(sentence, 31) & 1u) != 0 &&
            (end == G_MAXUINT || end == token->clause))
            g_array_index(self->asked, gboolean, token->clause) = TRUE;
    }
}

gboolean
kw_finding_is_asked(const KwFinding *self, guint clause)
{
    return clause < self->asked->len && g_array_index(self->asked, gboolean, clause);
}

static void
find_clauses(KwFinding *self, GArray *tokens)
{
    gint asks = kw_lexicon_find_term(self->lexicon, "@question_word");
    gint silent = kw_lexicon_find_term(self->lexicon, KW_LEXICON_SILENT);
    g_autofree guint *n_words = g_new0(guint, count_clauses(tokens) + 1);
    g_autofree gboolean *has_first = g_new0(gboolean, count_clauses(tokens) + 1);

    g_array_set_size(self->clauses, count_clauses(tokens));
    for (guint i = 0; i < tokens->len; i++) {
        const KwToken *token = token_at(tokens, i);
        KwTermSet *set = &g_array_index(self->clauses, KwTermSet, token->clause);
        gboolean is_word = !is_filler(self, tokens, i) && !kw_finding_word_is(self, i, silent);
        gboolean is_first = is_word && !has_first[token->clause];

        kw_term_set_add(set, &g_array_index(self->words, KwTermSet, i));
        add_phrases(&(PhraseSearch){self, tokens, i, is_first, set});
        if (kw_finding_is_asked(self, token->clause) ||
            (is_first && kw_finding_word_is(self, i, asks)))
            add_id(self->lexicon, set,
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_QUESTION));
        has_first[token->clause] |= is_first;
        n_words[token->clause] += is_word;
    }
    for (guint i = 0; i < self->clauses->len; i++) {
        if (n_words[i] == 0)
            add_id(self->lexicon, &g_array_index(self->clauses, KwTermSet, i),
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_EMPTY));
        if (n_words[i] == 1)
            add_id(self->lexicon, &g_array_index(self->clauses, KwTermSet, i),
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_ALONE));
        if (n_words[i] <= 4)
            add_id(self->lexicon, &g_array_index(self->clauses, KwTermSet, i),
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_BRIEF));
    }
}

KwFinding *
kw_finding_new(const KwLexicon *lexicon, GArray *tokens, guint32 questions)
{
    KwFinding *self = g_new0(KwFinding, 1);
    guint n_mended = 0;

    self->lexicon = lexicon;
    self->words = g_array_new(FALSE, TRUE, sizeof(KwTermSet));
    self->clauses = g_array_new(FALSE, TRUE, sizeof(KwTermSet));
    self->asked = g_array_new(FALSE, TRUE, sizeof(gboolean));
    self->fuzzy = g_array_new(FALSE, TRUE, sizeof(gboolean));
    self->moods = g_array_new(FALSE, TRUE, sizeof(guint32));
    spell_out(lexicon, tokens);
    kw_courtesy_drop(lexicon, tokens);
    split_coins(lexicon, tokens);
    join_words(lexicon, tokens);
    g_array_set_size(self->words, tokens->len);
    g_array_set_size(self->fuzzy, tokens->len);
    for (guint i = 0; i < tokens->len; i++) {
        KwTermSet *set = &g_array_index(self->words, KwTermSet, i);
        const gchar *word = token_at(tokens, i)->word;

        if (look_up(lexicon, token_at(tokens, i), set)) {
            g_array_index(self->fuzzy, gboolean, i) =
                mend_beside_stem(lexicon, token_at(tokens, i), set);
            continue;
        }
        if (strlen(word) < 3 || n_mended++ >= MAX_MENDED_WORDS)
            continue;
        g_array_index(self->fuzzy, gboolean, i) = guess_word(
            lexicon, token_at(tokens, i), n_mended <= MAX_SHIFTED_WORDS ? 2 : 1, set);
    }
    kw_deed_times_settle(self, tokens);
    kw_contrasts_mend(self, tokens);
    kw_clauses_mend(self, tokens);
    close_verbs(self, tokens);
    find_told(self, tokens);
    find_asked(self, tokens, questions);
    find_tail_questions(self, tokens);
    find_clauses(self, tokens);
    for (guint c = 0; c < self->clauses->len; c++) {
        guint32 moods =
            kw_lexicon_find_moods(lexicon, &g_array_index(self->clauses, KwTermSet, c));

        g_array_append_val(self->moods, moods);
    }
    return self;
}

void
kw_finding_free(KwFinding *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->words);
    g_array_unref(self->clauses);
    g_array_unref(self->asked);
    g_array_unref(self->fuzzy);
    g_array_unref(self->moods);
    g_free(self);
}

gboolean
kw_finding_word_is(const KwFinding *self, guint index, gint term)
{
    return index < self->words->len &&
           kw_term_set_has(&g_array_index(self->words, KwTermSet, index), term);
}
