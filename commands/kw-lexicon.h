/* kw-lexicon.h: the words that a message is understood by, and rules over them */
#pragma once

#include "kw-intent.h"
#include "kw-text.h"

G_BEGIN_DECLS

#define KW_LEXICON_MAX_TERMS 12288
#define KW_LEXICON_MAX_RULE_TERMS 10

/* A set of terms: words, stems, classes and phrases that were found */
typedef struct {
    guint64 bits[KW_LEXICON_MAX_TERMS / 64];
} KwTermSet;

/**
 * KwRule: matches a range of words that has all of @wanted and none of @unwanted
 * @negation_wished: "keine neuen Trades": the negation is what is asked for
 */
typedef struct {
    KwIntentId intent;
    guint n_wanted, n_unwanted;
    guint16 wanted[KW_LEXICON_MAX_RULE_TERMS];
    guint16 unwanted[KW_LEXICON_MAX_RULE_TERMS];
    gint weight;
    gboolean negation_wished;
} KwRule;

typedef struct _KwLexicon KwLexicon;

/* The built-in lexicon: loaded at the first call, never changed, any thread */
const KwLexicon *kw_lexicon_get(void);

/* For tests: a lexicon from text. %NULL with %KW_PARSE_ERROR_SYNTAX names group and key. */
KwLexicon *kw_lexicon_new(const gchar *data, gsize len, GError **error);
void kw_lexicon_free(KwLexicon *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLexicon, kw_lexicon_free)

/* Id of a term as rules write it ("@bot", "notaus", "#paar"); -1 when no rule uses it */
gint kw_lexicon_find_term(const KwLexicon *self, const gchar *term);

/* "BTC" for "bitcoin" or "xbt"; NULL when @word is no coin */
const gchar *kw_lexicon_find_coin(const KwLexicon *self, const gchar *word);

/* @word itself, as long as the lexicon lives; NULL when it is no coin */
const gchar *kw_lexicon_intern_coin(const KwLexicon *self, const gchar *word);

/* Value of a key of one of the lists, such as a month's number; -1 when not there */
gint kw_lexicon_find_value(const KwLexicon *self, const gchar *group, const gchar *word);

/* Is one of the marks of the list "injection" part of @folded? */
gboolean kw_lexicon_has_mark(const KwLexicon *self, const gchar *folded);

gboolean kw_term_set_has(const KwTermSet *set, gint term);
void kw_term_set_add(KwTermSet *set, const KwTermSet *other);

/* What was found in a text */
typedef struct {
    const KwLexicon *lexicon;
    GArray *words;   /* owned, of KwTermSet: of each own word */
    GArray *clauses; /* owned, of KwTermSet: of each clause, phrases included */
    GArray *fuzzy;   /* owned, of gboolean: the word was read with a typing error mended */
    GArray *asked;   /* owned, of gboolean: a question mark reaches the clause */
    GArray *moods;   /* owned, of guint32: those that each clause has a cue of */
} KwFinding;

/* Joins split words ("Not Aus") and separable verbs ("halt ... an") in @tokens, which may get
 * shorter, and looks all up. @questions: KwText.questions or 0 */
KwFinding *kw_finding_new(const KwLexicon *lexicon, GArray *tokens, guint32 questions);
void kw_finding_free(KwFinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFinding, kw_finding_free)

/* Whether the question mark of the sentence is meant for @clause as well */
gboolean kw_finding_is_asked(const KwFinding *self, guint clause);

/* Does the word at @index belong to @term ("@class", a word)? */
gboolean kw_finding_word_is(const KwFinding *self, guint index, gint term);

/**
 * kw_lexicon_match:
 * @set: what a clause or a sentence has
 * @intent: rules of this intent alone, or %KW_INTENT_NONE for all
 *
 * Returns: the heaviest rule that matches, the first of equals; %NULL when none does
 */
const KwRule *kw_lexicon_match(const KwLexicon *self, const KwTermSet *set, KwIntentId intent);

/* The heaviest rule behind @above in weight, or of its weight and after it */
const KwRule *
kw_lexicon_match_below(const KwLexicon *self, const KwTermSet *set, const KwRule *above);

/* The groups "mood:..." that @set has a cue of: bit n stands for mood n */
guint32 kw_lexicon_find_moods(const KwLexicon *self, const KwTermSet *set);

/* (transfer full): the terms of @rule as the file has them, "@bot @stop_imp !@negation" */
gchar *kw_lexicon_dup_rule_text(const KwLexicon *self, const KwRule *rule);

/* (array length=out_n): all rules in the order of the file */
const KwRule *kw_lexicon_list_rules(const KwLexicon *self, guint *out_n);

G_END_DECLS
