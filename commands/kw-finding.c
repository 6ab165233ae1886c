/* kw-finding.c: looking up the words of a message
 *
 * First words that belong together become one: compounds written apart ("Not Aus") and the
 * two halves of a separable verb ("halt den Bot an"), whose first half then counts as the
 * infinitive. A particle counts only where the verb's bracket closes: at the end of the clause
 * or before an adverb, so that "an" in front of a noun stays a preposition. */
#include "kw-lexicon-private.h"
#include "kw-number.h"
#include "kw-slot-reader.h"

#include <string.h>

#define MAX_MENDED_WORDS 40

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
add_id(const KwLexicon *lexicon, KwTermSet *set, guint id)
{
    set->bits[id / 64] |= G_GUINT64_CONSTANT(1) << (id % 64);
    if (id < lexicon->n_terms)
        kw_term_set_add(set, &lexicon->owners[id]);
}

static void
add_ids(const KwLexicon *lexicon, KwTermSet *set, const GArray *ids)
{
    for (guint i = 0; i < ids->len; i++)
        add_id(lexicon, set, g_array_index(ids, guint16, i));
}

static gboolean
mend_with_length(const KwLexicon *lexicon, const gchar *word, gsize n_key, KwTermSet *set)
{
    const GPtrArray *keys;
    gsize n = strlen(word);
    gboolean is_found = FALSE;

    if (n_key < 5 || n_key > KW_LEXICON_MAX_MENDED)
        return FALSE;
    keys = lexicon->by_length[n_key];
    for (guint i = 0; i < keys->len; i++) {
        const gchar *key = g_ptr_array_index(keys, i);

        if (is_one_error_away(word, n, key, n_key)) {
            add_ids(lexicon, set, g_hash_table_lookup(lexicon->words, key));
            is_found = TRUE;
        }
    }
    return is_found;
}

/* Of the same length first: two letters swapped or one wrong are the likelier errors. */
static gboolean
mend(const KwLexicon *lexicon, const gchar *word, KwTermSet *set)
{
    gsize n = strlen(word);
    gboolean is_found = mend_with_length(lexicon, word, n, set);

    if (is_found || n > KW_LEXICON_MAX_MENDED)
        return is_found;
    is_found = mend_with_length(lexicon, word, n - 1, set);
    is_found = mend_with_length(lexicon, word, n + 1, set) || is_found;
    for (guint i = 0; i < lexicon->stems->len; i++) {
        const KwStem *stem = &g_array_index(lexicon->stems, KwStem, i);
        gsize n_stem = strlen(stem->text);

        for (gsize len = n_stem - 1; n_stem >= 5 && len <= n_stem + 1; len++) {
            if (stem->place == KW_STEM_START && len <= n &&
                is_one_error_away(word, len, stem->text, n_stem)) {
                add_id(lexicon, set, stem->id);
                is_found = TRUE;
            }
        }
    }
    return is_found;
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
    return is_known;
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

    if (joined != NULL || n < 9 || g_hash_table_contains(lexicon->words, first))
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
closes_bracket(const KwFinding *self, GArray *tokens, guint index, gint after)
{
    if (index + 1 >= tokens->len ||
        token_at(tokens, index + 1)->clause != token_at(tokens, index)->clause)
        return TRUE;
    return kw_finding_word_is(self, index + 1, after);
}

static void
close_verb(KwFinding *self, GArray *tokens, guint at, const KwSeparable *verb)
{
    gint after = kw_lexicon_find_term(self->lexicon, "@after_particle");
    const GArray *ids = g_hash_table_lookup(self->lexicon->words, verb->infinitive);
    guint clause = token_at(tokens, at)->clause;

    for (guint i = at + 1; i < tokens->len && token_at(tokens, i)->clause == clause; i++) {
        if (strcmp(token_at(tokens, i)->word, verb->particle) == 0 && ids != NULL &&
            closes_bracket(self, tokens, i, after)) {
            add_ids(self->lexicon, &g_array_index(self->words, KwTermSet, at), ids);
            return;
        }
    }
}

static void
close_verbs(KwFinding *self, GArray *tokens)
{
    const GArray *verbs = self->lexicon->separables;

    for (guint i = 0; i < tokens->len; i++) {
        for (guint v = 0; v < verbs->len; v++) {
            const KwSeparable *verb = &g_array_index(verbs, KwSeparable, v);

            if (strcmp(token_at(tokens, i)->word, verb->form) == 0)
                close_verb(self, tokens, i, verb);
        }
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

static void
add_phrases(KwFinding *self, GArray *tokens, guint at, gboolean is_first, KwTermSet *set)
{
    const GArray *phrases = self->lexicon->phrases;

    for (guint i = 0; i < phrases->len; i++) {
        const KwPhrase *phrase = &g_array_index(phrases, KwPhrase, i);

        if ((is_first || !phrase->is_anchored) && phrase_stands_at(self, tokens, at, phrase))
            add_id(self->lexicon, set, phrase->id);
    }
}

static guint
count_clauses(GArray *tokens)
{
    return tokens->len == 0 ? 0 : token_at(tokens, tokens->len - 1)->clause + 1u;
}

static void
find_clauses(KwFinding *self, GArray *tokens, guint32 questions)
{
    gint filler = kw_lexicon_find_term(self->lexicon, "@filler");
    gint asks = kw_lexicon_find_term(self->lexicon, "@question_word");
    g_autofree guint *n_words = g_new0(guint, count_clauses(tokens) + 1);
    g_autofree gboolean *has_first = g_new0(gboolean, count_clauses(tokens) + 1);

    g_array_set_size(self->clauses, count_clauses(tokens));
    for (guint i = 0; i < tokens->len; i++) {
        const KwToken *token = token_at(tokens, i);
        KwTermSet *set = &g_array_index(self->clauses, KwTermSet, token->clause);
        gboolean is_filler = kw_finding_word_is(self, i, filler);
        gboolean is_first = !is_filler && !has_first[token->clause];

        kw_term_set_add(set, &g_array_index(self->words, KwTermSet, i));
        add_phrases(self, tokens, i, is_first, set);
        if ((questions >> MIN(token->sentence, 31) & 1u) != 0 ||
            (is_first && kw_finding_word_is(self, i, asks)))
            add_id(self->lexicon, set,
                   (guint) kw_lexicon_find_term(self->lexicon, KW_LEXICON_QUESTION));
        has_first[token->clause] |= is_first;
        n_words[token->clause] += is_filler ? 0 : 1;
    }
    for (guint i = 0; i < self->clauses->len; i++) {
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
    self->fuzzy = g_array_new(FALSE, TRUE, sizeof(gboolean));
    join_words(lexicon, tokens);
    g_array_set_size(self->words, tokens->len);
    g_array_set_size(self->fuzzy, tokens->len);
    for (guint i = 0; i < tokens->len; i++) {
        KwTermSet *set = &g_array_index(self->words, KwTermSet, i);
        const gchar *word = token_at(tokens, i)->word;

        if (!look_up(lexicon, token_at(tokens, i), set) && strlen(word) >= 5 &&
            n_mended++ < MAX_MENDED_WORDS)
            g_array_index(self->fuzzy, gboolean, i) = mend(lexicon, word, set);
    }
    close_verbs(self, tokens);
    find_clauses(self, tokens, questions);
    return self;
}

void
kw_finding_free(KwFinding *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->words);
    g_array_unref(self->clauses);
    g_array_unref(self->fuzzy);
    g_free(self);
}

gboolean
kw_finding_word_is(const KwFinding *self, guint index, gint term)
{
    return index < self->words->len &&
           kw_term_set_has(&g_array_index(self->words, KwTermSet, index), term);
}
