/* kw-lexicon-private.h: the tables of the lexicon, for the look-up of words */
#pragma once

#include "kw-lexicon.h"
#include "kw-rule-index.h"

G_BEGIN_DECLS

#define KW_LEXICON_RULES_PREFIX "rules:"
#define KW_LEXICON_LIST_PREFIX "list:"
#define KW_LEXICON_MOOD_PREFIX "mood:"
#define KW_LEXICON_TOPIC_PREFIX "topic:"
#define KW_LEXICON_MARKS "injection/"
#define KW_LEXICON_PAIR "#paar"
#define KW_LEXICON_NUMBER "#zahl"
#define KW_LEXICON_QUESTION "#frage"
#define KW_LEXICON_BRIEF "#kurz"      /* a clause of at most four words */
#define KW_LEXICON_ALONE "#allein"    /* a clause of one word and fillers */
#define KW_LEXICON_EMPTY "#leer"      /* a clause of nothing but fillers */
#define KW_LEXICON_SILENT "#partikel" /* the second half of a verb */
#define KW_LEXICON_PLAIN_WORD 1       /* known, but no term by itself; 0 stays free */

#define KW_LEXICON_MAX_MENDED 24 /* letters of a word whose typing errors are mended */
#define KW_LEXICON_N_INITIALS 27 /* letters, and one for all else */

/* Place of a word in its row of by_length */
guint kw_lexicon_initial_of(const gchar *word);

typedef enum { KW_STEM_START, KW_STEM_END, KW_STEM_INSIDE } KwStemPlace;

typedef struct {
    gchar *text; /* owned */
    KwStemPlace place;
    guint16 id;
} KwStem;

/* A sound of a dialect, and what the standard language writes for it */
typedef struct {
    gchar *old, *text;         /* owned */
    gboolean is_start, is_end; /* of a word alone */
} KwShift;

/* Words around a question, each with its alternatives: "kannst/koenntest" */
typedef struct {
    gchar **words; /* owned */
    gboolean is_please;
} KwCourtesy;

typedef struct {
    guint16 member, owner;
} KwMembership;

typedef struct {
    guint n_parts;
    guint16 parts[6];
    guint16 id;
    gboolean is_anchored; /* at the first word of a clause that is no filler */
} KwPhrase;

typedef struct {
    gchar *form, *particle, *infinitive; /* owned */
} KwSeparable;

struct _KwLexicon {
    GHashTable *terms; /* owned: text of a term -> id */
    GHashTable *words; /* owned: word -> GArray of ids */
    GPtrArray *by_length[KW_LEXICON_MAX_MENDED + 1][KW_LEXICON_N_INITIALS]; /* the same; of
                                                                              borrowed words */
    GPtrArray *marks;      /* owned, of borrowed text: the list "injection" */
    GHashTable *joins;     /* owned: "not aus" -> "notaus" */
    GHashTable *spellings; /* owned: "wos" -> {"was"}, "homma" -> {"haben", "wir"} */
    GHashTable *lists;     /* owned: "group/word" -> value */
    GArray *stems;         /* owned, of KwStem */
    GArray *shifts;        /* owned, of KwShift; NULL in an empty lexicon */
    GArray *frames;        /* owned, of KwCourtesy; NULL in an empty lexicon */
    GArray *members;       /* owned, of KwMembership */
    GArray *phrases;       /* owned, of KwPhrase */
    GArray *separables;
    GHashTable *verb_forms; /* owned: form -> GArray of indices into separables */
    GArray *rules;
    GArray *moods;  /* owned, of KwRule; intent holds the mood */
    GArray *topics; /* owned, of KwRule; weight holds the points */
    KwRuleIndex *rule_index, *mood_index, *phrase_index; /* owned; NULL in an empty lexicon */
    KwRuleIndex *topic_index;                            /* owned, the same */
    GArray **owners; /* owned, of guint16: the classes of each term; NULL for none */
    guint n_terms;
};

/* Appends "@bot @stop_imp !@negation" to @rules; %FALSE when it is no rule */
gboolean
kw_lexicon_add_rule(KwLexicon *self, GArray *rules, KwIntentId intent, const gchar *text);

gboolean kw_lexicon_rule_matches(const KwRule *rule, const KwTermSet *set);

/* One group [topic:...], into KwLexicon.topics */
gboolean kw_topics_load(KwLexicon *lexicon, GKeyFile *file, const gchar *group, GError **error);

/* (transfer full): of KwCourtesy, the group [frame] */
GArray *kw_courtesy_load(GKeyFile *file);

/* (transfer full): of KwShift, the group [dialect] */
GArray *kw_dialect_load(GKeyFile *file);

G_END_DECLS
