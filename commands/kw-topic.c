/* kw-topic.c: questions that no rule reads
 *
 * A rule knows how people ask; a topic only which words belong to a thing. It is looked at
 * last, when no rule matched and no word of an action was there, and what it answers is a query
 * or a refusal: the worst that a wrong guess does is to show the wrong figures. Each word votes
 * for the topics that have it, and a close vote is no answer.
 *
 * Dialects write the same words in other letters, regularly so: "gschäft", "choufe", "offa".
 * Rules of rewriting lead such a word back to one that is known, breadth first, so that the
 * nearest spelling is found. The number of candidates is bounded, as words come from outside.
 */
#include "kw-topic.h"

#include "kw-error.h"
#include "kw-i18n.h"

#include <string.h>

#define TOPIC_PREFIX "topic:"
#define MIN_WEIGHT 4
#define MIN_LEAD 1
#define MIN_STEM 3
#define MIN_WORD 4         /* letters of a word that is led back, and of what comes out */
#define MAX_REWRITINGS 3   /* of one word */
#define MAX_CANDIDATES 300 /* of one word */
#define MAX_WORD_BYTES 24u

/* A word or a start of words in a topic */
typedef struct {
    KwIntentId id;
    gint weight;
} Vote;

typedef struct {
    gchar *from;  /* owned */
    gchar **into; /* owned */
    gboolean is_start, is_end;
} Rewriting;

struct _KwTopics {
    GHashTable *words; /* owned: word -> GArray of Vote */
    GHashTable *stems; /* owned: start of words -> GArray of Vote */
    GArray *rewritings;
};

static void
clear_rewriting(gpointer data)
{
    Rewriting *rewriting = data;

    g_free(rewriting->from);
    g_strfreev(rewriting->into);
}

/* -- reading the file -- */

static void
add_vote(GHashTable *table, const gchar *word, gsize len, Vote vote)
{
    g_autofree gchar *key = g_strndup(word, len);
    GArray *votes = g_hash_table_lookup(table, key);

    if (votes == NULL) {
        votes = g_array_new(FALSE, FALSE, sizeof(Vote));
        g_hash_table_insert(table, g_steal_pointer(&key), votes);
    }
    g_array_append_val(votes, vote);
}

static gboolean
refuse(const gchar *group, const gchar *key, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "[%s] %s: not a topic's line",
                group, key);
    return FALSE;
}

static gboolean
may_be_topic(KwIntentId id)
{
    KwIntentClass class = kw_intent_id_get_class(id);

    return kw_intent_id_get_direction(id) == KW_DIRECTION_NONE &&
           (class == KW_INTENT_CLASS_READ || class == KW_INTENT_CLASS_REFUSE ||
            id == KW_INTENT_HELP || id == KW_INTENT_EXPLAIN || id == KW_INTENT_SMALLTALK);
}

static gboolean
load_topic(KwTopics *self, GKeyFile *file, const gchar *group, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
    KwIntentId id;

    if (!kw_intent_id_from_string(group + strlen(TOPIC_PREFIX), &id, NULL) || !may_be_topic(id))
        return refuse(group, "", error);
    for (guint k = 0; keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, group, keys[k], NULL);
        g_auto(GStrv) words = g_strsplit(value, " ", -1);
        guint64 weight;

        if (!g_ascii_string_to_unsigned(keys[k], 10, 1, 9, &weight, NULL))
            return refuse(group, keys[k], error);
        for (guint i = 0; words[i] != NULL; i++) {
            gsize len = strlen(words[i]);
            gboolean is_stem = len > MIN_STEM && words[i][len - 1] == '*';

            if (len > 0)
                add_vote(is_stem ? self->stems : self->words, words[i], len - is_stem,
                         (Vote){id, (gint) weight});
        }
    }
    return TRUE;
}

static void
load_rewritings(KwTopics *self, GKeyFile *file)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, "dialect", NULL, NULL);

    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "dialect", keys[k], NULL);
        gsize len = strlen(keys[k]);
        gboolean is_start = keys[k][0] == '^', is_end = keys[k][len - 1] == '$';
        Rewriting rewriting = {
            .from = g_strndup(keys[k] + is_start, len - (gsize) is_start - (gsize) is_end),
            .into = g_strsplit(value, " ", -1),
            .is_start = is_start,
            .is_end = is_end,
        };

        for (guint i = 0; rewriting.into[i] != NULL; i++) {
            if (strcmp(rewriting.into[i], "-") == 0)
                *rewriting.into[i] = '\0';
        }
        g_array_append_val(self->rewritings, rewriting);
    }
}

static KwTopics *
allocate(void)
{
    KwTopics *self = g_new0(KwTopics, 1);

    self->words =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
    self->stems =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
    self->rewritings = g_array_new(FALSE, TRUE, sizeof(Rewriting));
    g_array_set_clear_func(self->rewritings, clear_rewriting);
    return self;
}

KwTopics *
kw_topics_new(const gchar *data, gsize len, GError **error)
{
    g_autoptr(KwTopics) self = allocate();
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_auto(GStrv) groups = NULL;

    if (!g_key_file_load_from_data(file, data, len, G_KEY_FILE_NONE, error))
        return NULL;
    groups = g_key_file_get_groups(file, NULL);
    for (guint g = 0; groups[g] != NULL; g++) {
        if (g_str_has_prefix(groups[g], TOPIC_PREFIX) &&
            !load_topic(self, file, groups[g], error))
            return NULL;
    }
    load_rewritings(self, file);
    return g_steal_pointer(&self);
}

void
kw_topics_free(KwTopics *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->words);
    g_hash_table_unref(self->stems);
    g_array_unref(self->rewritings);
    g_free(self);
}

const KwTopics *
kw_topics_get(void)
{
    static gsize topics = 0;

    if (g_once_init_enter(&topics)) {
        GBytes *bytes = kw_i18n_get_topics();
        gsize len = 0;
        const gchar *data = g_bytes_get_data(bytes, &len);
        KwTopics *loaded = kw_topics_new(data, len, NULL);

        /* Compiled in and loaded by a test: it fails only when it is wrong for everybody. */
        g_once_init_leave(&topics, (gsize) (loaded != NULL ? loaded : allocate()));
    }
    return (const KwTopics *) topics; /* NOLINT: a pointer kept as g_once_init wants it */
}

/* -- votes -- */

/* The heaviest vote of one word for each topic */
static void
note_votes(const GArray *votes, gint best[KW_N_INTENTS])
{
    for (guint i = 0; votes != NULL && i < votes->len; i++) {
        const Vote *vote = &g_array_index(votes, Vote, i);

        best[vote->id] = MAX(best[vote->id], vote->weight);
    }
}

static void
vote(const KwTopics *self, const gchar *word, gint sum[KW_N_INTENTS])
{
    gint best[KW_N_INTENTS] = {0};
    gchar start[MAX_WORD_BYTES + 1];
    gsize len = MIN(strlen(word), MAX_WORD_BYTES);

    note_votes(g_hash_table_lookup(self->words, word), best);
    memcpy(start, word, len);
    for (gsize n = len; n >= MIN_STEM; n--) {
        start[n] = '\0';
        note_votes(g_hash_table_lookup(self->stems, start), best);
    }
    for (guint id = 0; id < KW_N_INTENTS; id++)
        sum[id] += best[id];
}

static gboolean
is_first_of_its_kind(const gchar *const *words, guint at)
{
    for (guint i = 0; i < at; i++) {
        if (strcmp(words[i], words[at]) == 0)
            return FALSE;
    }
    return TRUE;
}

KwTopicChoice
kw_topics_choose(const KwTopics *self, const gchar *const *words, guint n)
{
    KwTopicChoice choice = {KW_INTENT_NONE, KW_INTENT_NONE, 0, 0};
    gint sum[KW_N_INTENTS] = {0};

    g_return_val_if_fail(self != NULL && (words != NULL || n == 0), choice);

    for (guint i = 0; i < n; i++) {
        if (is_first_of_its_kind(words, i))
            vote(self, words[i], sum);
    }
    for (guint id = 0; id < KW_N_INTENTS; id++) {
        if (sum[id] > choice.weight) {
            choice.next = choice.id;
            choice.next_weight = choice.weight;
            choice.id = (KwIntentId) id;
            choice.weight = sum[id];
        } else if (sum[id] > choice.next_weight) {
            choice.next = (KwIntentId) id;
            choice.next_weight = sum[id];
        }
    }
    return choice;
}

gboolean
kw_topic_choice_is_sure(const KwTopicChoice *choice)
{
    return choice->weight >= MIN_WEIGHT && choice->weight - choice->next_weight >= MIN_LEAD;
}

const gchar *
kw_topics_intern(const KwTopics *self, const gchar *word)
{
    gpointer key;

    g_return_val_if_fail(self != NULL && word != NULL, NULL);

    return g_hash_table_lookup_extended(self->words, word, &key, NULL) ? key : NULL;
}

/* -- dialects -- */

typedef struct {
    GPtrArray *words; /* owned: all that was made so far, in the order of rewritings */
    GHashTable *seen; /* of the same, borrowed */
    KwTopicsKnows knows;
    gpointer user_data;
    gchar *found; /* owned */
} Search;

static void
try_candidate(Search *search, gchar *word)
{
    if (search->words->len >= MAX_CANDIDATES || g_hash_table_contains(search->seen, word)) {
        g_free(word);
        return;
    }
    g_ptr_array_add(search->words, word);
    g_hash_table_add(search->seen, word);
    if (strlen(word) >= MIN_WORD && search->knows(word, search->user_data))
        search->found = g_strdup(word);
}

static void
rewrite(Search *search, const gchar *word, const Rewriting *rewriting)
{
    gsize n = strlen(rewriting->from), len = strlen(word);

    for (const gchar *at = strstr(word, rewriting->from); at != NULL;
         at = strstr(at + 1, rewriting->from)) {
        gsize before = (gsize) (at - word);

        if ((rewriting->is_start && before > 0) || (rewriting->is_end && before + n < len))
            continue;
        for (guint i = 0; rewriting->into[i] != NULL && search->found == NULL; i++)
            try_candidate(search, g_strdup_printf("%.*s%s%s", (gint) before, word,
                                                  rewriting->into[i], at + n));
    }
}

gchar *
kw_topics_dup_standard(const KwTopics *self,
                       const gchar *word,
                       KwTopicsKnows knows,
                       gpointer user_data)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Search search = {words, seen, knows, user_data, NULL};
    guint first = 0;

    g_return_val_if_fail(self != NULL && word != NULL && knows != NULL, NULL);

    if (strlen(word) < MIN_WORD || strlen(word) > MAX_WORD_BYTES)
        return NULL;
    g_ptr_array_add(words, g_strdup(word));
    g_hash_table_add(seen, g_ptr_array_index(words, 0));
    for (guint round = 0; round < MAX_REWRITINGS && search.found == NULL; round++) {
        guint end = words->len;

        for (guint i = first; i < end && search.found == NULL; i++) {
            for (guint r = 0; r < self->rewritings->len && search.found == NULL; r++)
                rewrite(&search, g_ptr_array_index(words, i),
                        &g_array_index(self->rewritings, Rewriting, r));
        }
        first = end;
    }
    return search.found;
}
