/* kw-lexicon.c: phrases-de.ini as tables
 *
 * A term is a word ("notaus"), a stem ("verdien*", "*quote", "*limit*"), a class ("@bot"), a
 * phrase of neighbours ("neue+@position") or a fact about the place ("#paar", "#frage"). Every
 * term has a number; the words of a message become sets of numbers, and a rule is a comparison
 * of sets. So the cost of a message depends on its length, hardly on the size of the lexicon.
 * Words that nothing knows are tried again with one typing error. */
#include "kw-lexicon.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-lexicon-private.h"
#include "kw-mood.h"

#include <string.h>

static guint
new_id(KwLexicon *self)
{
    return self->n_terms < KW_LEXICON_MAX_TERMS - 1 ? self->n_terms++ : self->n_terms;
}

/* -- atoms: words, stems, facts -- */

static void
note_word(GHashTable *table, const gchar *word, guint id)
{
    GArray *ids = g_hash_table_lookup(table, word);
    guint16 small = (guint16) id;

    if (ids == NULL) {
        ids = g_array_new(FALSE, FALSE, sizeof(guint16));
        g_hash_table_insert(table, g_strdup(word), ids);
    }
    g_array_append_val(ids, small);
}

static void
note_stem(KwLexicon *self, const gchar *atom, guint id)
{
    gsize len = strlen(atom);
    KwStem stem = {.id = (guint16) id};

    if (*atom == '*' && atom[len - 1] == '*') {
        stem.place = KW_STEM_INSIDE;
        stem.text = g_strndup(atom + 1, len - 2);
    } else if (*atom == '*') {
        stem.place = KW_STEM_END;
        stem.text = g_strdup(atom + 1);
    } else {
        stem.place = KW_STEM_START;
        stem.text = g_strndup(atom, len - 1);
    }
    g_array_append_val(self->stems, stem);
}

static guint
get_atom(KwLexicon *self, const gchar *atom)
{
    gpointer known = g_hash_table_lookup(self->terms, atom);
    guint id;

    if (known != NULL)
        return GPOINTER_TO_UINT(known);
    id = new_id(self);
    g_hash_table_insert(self->terms, g_strdup(atom), GUINT_TO_POINTER(id));
    if (strchr(atom, '*') != NULL)
        note_stem(self, atom, id);
    else if (*atom != '@' && *atom != '#')
        note_word(self->words, atom, id);
    return id;
}

/* -- classes -- */

static gboolean
add_to_class(KwLexicon *self, const gchar *name, const gchar *member, GError **error)
{
    g_autofree gchar *class_name = g_strconcat("@", name, NULL);
    guint class_id = get_atom(self, class_name);
    guint member_id = get_atom(self, member);
    KwMembership pair = {.member = (guint16) member_id, .owner = (guint16) class_id};

    if (strchr(member, '+') != NULL) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                    "class %s: a phrase cannot be a member", name);
        return FALSE;
    }
    g_array_append_val(self->members, pair);
    return TRUE;
}

static gboolean
load_classes(KwLexicon *self, GKeyFile *file, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, "classes", NULL, error);

    if (keys == NULL)
        return FALSE;
    for (guint k = 0; keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "classes", keys[k], NULL);
        g_auto(GStrv) members = g_strsplit_set(value, " ", -1);

        for (guint i = 0; members[i] != NULL; i++) {
            if (*members[i] != '\0' && !add_to_class(self, keys[k], members[i], error))
                return FALSE;
        }
    }
    return TRUE;
}

/* -- rules -- */

/* "neue+@position", "^stopp" */
static gint
get_phrase(KwLexicon *self, const gchar *text)
{
    gpointer known = g_hash_table_lookup(self->terms, text);
    KwPhrase phrase = {.is_anchored = *text == '^'};
    g_auto(GStrv) parts = g_strsplit(*text == '^' ? text + 1 : text, "+", -1);
    guint n = g_strv_length(parts);

    if (known != NULL)
        return GPOINTER_TO_INT(known);
    if (n > G_N_ELEMENTS(phrase.parts))
        return -1;
    phrase.n_parts = n;
    for (guint i = 0; i < n; i++)
        phrase.parts[i] = (guint16) get_atom(self, parts[i]);
    phrase.id = (guint16) new_id(self);
    g_hash_table_insert(self->terms, g_strdup(text), GUINT_TO_POINTER((guint) phrase.id));
    g_array_append_val(self->phrases, phrase);
    return phrase.id;
}

static gint
get_term(KwLexicon *self, const gchar *text)
{
    if (*text == '^' || strchr(text, '+') != NULL)
        return get_phrase(self, text);
    return (gint) get_atom(self, text);
}

static gint
weight_of(const gchar *term)
{
    gint weight = 10;

    if (*term == '#')
        return 4;
    for (const gchar *p = term; *p != '\0'; p++)
        weight += *p == '+' ? 6 : 0;
    return strchr(term, '*') != NULL ? weight - 1 : weight;
}

static gboolean
add_word_of_rule(KwLexicon *self, KwRule *rule, const gchar *word)
{
    gboolean is_unwanted = *word == '!';
    gint id;

    if (strcmp(word, "~") == 0) {
        rule->negation_wished = TRUE;
        return TRUE;
    }
    id = get_term(self, is_unwanted ? word + 1 : word);
    if (id < 0)
        return FALSE;
    if (is_unwanted) {
        if (rule->n_unwanted == KW_LEXICON_MAX_RULE_TERMS)
            return FALSE;
        rule->unwanted[rule->n_unwanted++] = (guint16) id;
        return TRUE;
    }
    if (rule->n_wanted == KW_LEXICON_MAX_RULE_TERMS)
        return FALSE;
    rule->wanted[rule->n_wanted++] = (guint16) id;
    rule->weight += weight_of(word);
    return TRUE;
}

gboolean
kw_lexicon_add_rule(KwLexicon *self, GArray *rules, KwIntentId intent, const gchar *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " ", -1);
    KwRule rule = {.intent = intent};
    gint fixed = 0;

    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0')
            continue;
        if (*words[i] == '=')
            fixed = (gint) g_ascii_strtoll(words[i] + 1, NULL, 10);
        else if (!add_word_of_rule(self, &rule, words[i]))
            return FALSE;
    }
    if (rule.n_wanted == 0)
        return FALSE;
    if (fixed > 0)
        rule.weight = fixed;
    g_array_append_val(rules, rule);
    return TRUE;
}

static gboolean
find_mood(const gchar *name, KwIntentId *out, GError **error)
{
    for (guint mood = 0; mood < KW_N_MOODS; mood++) {
        if (strcmp(name, kw_mood_to_string(mood)) == 0) {
            *out = (KwIntentId) mood;
            return TRUE;
        }
    }
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no mood");
    return FALSE;
}

static gboolean
load_rules(KwLexicon *self, GKeyFile *file, const gchar *group, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, error);
    gboolean is_mood = g_str_has_prefix(group, KW_LEXICON_MOOD_PREFIX);
    const gchar *name = strchr(group, ':') + 1;
    KwIntentId intent;

    if (keys == NULL || !(is_mood ? find_mood(name, &intent, error)
                                  : kw_intent_id_from_string(name, &intent, error)))
        return FALSE;
    for (guint k = 0; keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, group, keys[k], NULL);
        g_auto(GStrv) rules = g_strsplit(value, "|", -1);

        for (guint i = 0; rules[i] != NULL; i++) {
            if (!kw_lexicon_add_rule(self, is_mood ? self->moods : self->rules, intent,
                                     rules[i])) {
                g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "[%s] %s: rule %u",
                            group, keys[k], i + 1);
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* -- the other groups -- */

/* joined = first second */
static void
load_joins(KwLexicon *self, GKeyFile *file)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, "join", NULL, NULL);

    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "join", keys[k], NULL);
        g_auto(GStrv) pairs = g_strsplit(value, "|", -1);

        for (guint i = 0; pairs[i] != NULL; i++)
            g_hash_table_insert(self->joins, g_strdup(g_strstrip(pairs[i])), g_strdup(keys[k]));
        (void) get_atom(self, keys[k]);
    }
}

/* In a subordinate clause the halves are one word ("dass du aufhörst", "anzuhalten"). Bare
 * imperatives are not joined: "lass" + "an" would be the noun "Anlass". */
static void
note_joined_forms(KwLexicon *self, const gchar *infinitive, const KwSeparable *verb)
{
    guint id = get_atom(self, infinitive);
    const gchar *base = infinitive + strlen(verb->particle);
    gchar last = verb->form[strlen(verb->form) - 1];

    if (!g_str_has_prefix(infinitive, verb->particle))
        return;
    if (strchr("etn", last) != NULL) {
        g_autofree gchar *joined = g_strconcat(verb->particle, verb->form, NULL);

        if (!g_hash_table_contains(self->words, joined))
            note_word(self->words, joined, id);
    }
    if (last != 'e' && last != 'n') {
        g_autofree gchar *second = g_strconcat(verb->particle, verb->form, "st", NULL);

        if (!g_hash_table_contains(self->words, second))
            note_word(self->words, second, id);
    }
    {
        g_autofree gchar *with_zu = g_strconcat(verb->particle, "zu", base, NULL);

        if (!g_hash_table_contains(self->words, with_zu))
            note_word(self->words, with_zu, id);
    }
}

/* standard words = how it is written elsewhere: in dialect, short, as people type. The key may
 * be several words with + between them. */
static void
load_spellings(KwLexicon *self, GKeyFile *file)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, "spelling", NULL, NULL);

    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "spelling", keys[k], NULL);
        g_auto(GStrv) forms = g_strsplit(value, " ", -1);

        for (guint i = 0; forms[i] != NULL; i++) {
            gchar **words = g_strsplit(keys[k], "+", -1);

            if (*forms[i] == '\0') {
                g_strfreev(words);
                continue;
            }
            g_hash_table_insert(self->spellings, g_strdup(forms[i]), words);
            note_word(self->words, forms[i], KW_LEXICON_PLAIN_WORD);
        }
    }
}

/* infinitive = forms of the verb ; particles */
static void
load_separables(KwLexicon *self, GKeyFile *file)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, "separable", NULL, NULL);

    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "separable", keys[k], NULL);
        g_auto(GStrv) halves = g_strsplit(value, ";", 2);
        g_auto(GStrv) forms = g_strsplit(halves[0], " ", -1);

        if (halves[1] == NULL)
            continue;
        for (guint i = 0; forms[i] != NULL; i++) {
            KwSeparable verb = {0};

            if (*forms[i] == '\0')
                continue;
            verb.form = g_strdup(forms[i]);
            verb.particle = g_strdup(g_strstrip(halves[1]));
            verb.infinitive = g_strdup(keys[k]);
            note_word(self->verb_forms, verb.form, self->separables->len);
            g_array_append_val(self->separables, verb);
            note_word(self->words, forms[i], KW_LEXICON_PLAIN_WORD);
            note_joined_forms(self, keys[k], &verb);
        }
        (void) get_atom(self, keys[k]);
    }
}

static void
load_groups(KwLexicon *self, GKeyFile *file)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

    for (guint g = 0; groups[g] != NULL; g++) {
        g_auto(GStrv) keys = NULL;

        if (!g_str_has_prefix(groups[g], KW_LEXICON_LIST_PREFIX))
            continue;
        keys = g_key_file_get_keys(file, groups[g], NULL, NULL);
        for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
            g_autofree gchar *value = g_key_file_get_value(file, groups[g], keys[k], NULL);
            g_auto(GStrv) words = g_strsplit(value, "|", -1);

            for (guint i = 0; words[i] != NULL; i++) {
                g_hash_table_insert(self->lists,
                                    g_strconcat(groups[g] + strlen(KW_LEXICON_LIST_PREFIX), "/",
                                                g_strstrip(words[i]), NULL),
                                    g_strdup(keys[k]));
                if (!g_hash_table_contains(self->words, words[i]) &&
                    strchr(words[i], ' ') == NULL)
                    note_word(self->words, words[i], KW_LEXICON_PLAIN_WORD);
            }
        }
    }
}

static void
add_owner(KwLexicon *self, guint16 member, guint16 owner)
{
    GArray **list = &self->owners[member];

    if (*list == NULL)
        *list = g_array_new(FALSE, FALSE, sizeof(guint16));
    for (guint i = 0; i < (*list)->len; i++) {
        if (g_array_index(*list, guint16, i) == owner)
            return;
    }
    g_array_append_val(*list, owner);
}

/* Adds each class to what its members stand for; classes may nest. */
static void
close_classes(KwLexicon *self)
{
    self->owners = g_new0(GArray *, self->n_terms);
    for (guint round = 0; round < 4; round++) {
        for (guint i = 0; i < self->members->len; i++) {
            KwMembership pair = g_array_index(self->members, KwMembership, i);
            const GArray *above = self->owners[pair.owner];

            add_owner(self, pair.member, pair.owner);
            for (guint k = 0; above != NULL && k < above->len; k++)
                add_owner(self, pair.member, g_array_index(above, guint16, k));
        }
    }
}

guint
kw_lexicon_initial_of(const gchar *word)
{
    return *word >= 'a' && *word <= 'z' ? (guint) (*word - 'a') : KW_LEXICON_N_INITIALS - 1;
}

/* What could be meant by a word with a typing error */
static void
sort_by_length(KwLexicon *self)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, self->words);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        gsize n = strlen(key);

        if (n <= KW_LEXICON_MAX_MENDED)
            g_ptr_array_add(self->by_length[n][kw_lexicon_initial_of(key)], key);
    }
    g_hash_table_iter_init(&iter, self->lists);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        if (g_str_has_prefix(key, KW_LEXICON_MARKS))
            g_ptr_array_add(self->marks, (gchar *) key + strlen(KW_LEXICON_MARKS));
    }
}

static void
index_rules(KwLexicon *self)
{
    g_autofree guint16 *rule_keys = kw_rule_index_choose_keys(self->rules);
    g_autofree guint16 *mood_keys = kw_rule_index_choose_keys(self->moods);
    g_autofree guint16 *topic_keys = kw_rule_index_choose_keys(self->topics);
    g_autofree guint16 *phrase_keys = g_new0(guint16, self->phrases->len + 1);

    for (guint i = 0; i < self->phrases->len; i++)
        phrase_keys[i] = g_array_index(self->phrases, KwPhrase, i).parts[0];
    self->rule_index = kw_rule_index_new(rule_keys, self->rules->len);
    self->mood_index = kw_rule_index_new(mood_keys, self->moods->len);
    self->topic_index = kw_rule_index_new(topic_keys, self->topics->len);
    self->phrase_index = kw_rule_index_new(phrase_keys, self->phrases->len);
}

static void
free_list(gpointer data)
{
    g_array_unref(data);
}

static void
clear_stem(gpointer data)
{
    g_free(((KwStem *) data)->text);
}

static void
clear_separable(gpointer data)
{
    KwSeparable *verb = data;

    g_free(verb->form);
    g_free(verb->particle);
    g_free(verb->infinitive);
}

static KwLexicon *
allocate(void)
{
    KwLexicon *self = g_new0(KwLexicon, 1);

    self->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    self->joins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->spellings =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
    self->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->stems = g_array_new(FALSE, TRUE, sizeof(KwStem));
    g_array_set_clear_func(self->stems, clear_stem);
    self->members = g_array_new(FALSE, TRUE, sizeof(KwMembership));
    self->phrases = g_array_new(FALSE, TRUE, sizeof(KwPhrase));
    self->verb_forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
    self->separables = g_array_new(FALSE, TRUE, sizeof(KwSeparable));
    g_array_set_clear_func(self->separables, clear_separable);
    self->rules = g_array_new(FALSE, TRUE, sizeof(KwRule));
    self->moods = g_array_new(FALSE, TRUE, sizeof(KwRule));
    self->topics = g_array_new(FALSE, TRUE, sizeof(KwRule));
    for (guint i = 0; i < (KW_LEXICON_MAX_MENDED + 1) * KW_LEXICON_N_INITIALS; i++)
        self->by_length[i / KW_LEXICON_N_INITIALS][i % KW_LEXICON_N_INITIALS] =
            g_ptr_array_new();
    self->marks = g_ptr_array_new();
    self->n_terms = KW_LEXICON_PLAIN_WORD + 1;
    return self;
}

static gboolean
load(KwLexicon *self, GKeyFile *file, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

    (void) get_atom(self, KW_LEXICON_PAIR);
    (void) get_atom(self, KW_LEXICON_NUMBER);
    (void) get_atom(self, KW_LEXICON_QUESTION);
    (void) get_atom(self, KW_LEXICON_BRIEF);
    (void) get_atom(self, KW_LEXICON_ALONE);
    (void) get_atom(self, KW_LEXICON_EMPTY);
    (void) get_atom(self, KW_LEXICON_SILENT);
    if (!load_classes(self, file, error))
        return FALSE;
    load_joins(self, file);
    load_spellings(self, file);
    self->shifts = kw_dialect_load(file);
    self->frames = kw_courtesy_load(file);
    load_separables(self, file);
    load_groups(self, file);
    for (guint g = 0; groups[g] != NULL; g++) {
        if ((g_str_has_prefix(groups[g], KW_LEXICON_RULES_PREFIX) ||
             g_str_has_prefix(groups[g], KW_LEXICON_MOOD_PREFIX)) &&
            !load_rules(self, file, groups[g], error))
            return FALSE;
        if (g_str_has_prefix(groups[g], KW_LEXICON_TOPIC_PREFIX) &&
            !kw_topics_load(self, file, groups[g], error))
            return FALSE;
    }
    if (self->n_terms >= KW_LEXICON_MAX_TERMS - 1) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT, "too many terms");
        return FALSE;
    }
    close_classes(self);
    sort_by_length(self);
    index_rules(self);
    return TRUE;
}

KwLexicon *
kw_lexicon_new(const gchar *data, gsize len, GError **error)
{
    g_autoptr(KwLexicon) self = allocate();
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (!g_key_file_load_from_data(file, data, len, G_KEY_FILE_NONE, error) ||
        !load(self, file, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
kw_lexicon_free(KwLexicon *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < (KW_LEXICON_MAX_MENDED + 1) * KW_LEXICON_N_INITIALS; i++)
        g_ptr_array_unref(
            self->by_length[i / KW_LEXICON_N_INITIALS][i % KW_LEXICON_N_INITIALS]);
    g_ptr_array_unref(self->marks);
    g_hash_table_unref(self->terms);
    g_hash_table_unref(self->words);
    g_hash_table_unref(self->joins);
    g_hash_table_unref(self->spellings);
    g_hash_table_unref(self->lists);
    g_array_unref(self->stems);
    g_clear_pointer(&self->shifts, g_array_unref);
    g_clear_pointer(&self->frames, g_array_unref);
    g_array_unref(self->members);
    g_array_unref(self->phrases);
    g_hash_table_unref(self->verb_forms);
    g_array_unref(self->separables);
    kw_rule_index_free(self->rule_index);
    kw_rule_index_free(self->mood_index);
    kw_rule_index_free(self->topic_index);
    kw_rule_index_free(self->phrase_index);
    g_array_unref(self->rules);
    g_array_unref(self->moods);
    g_array_unref(self->topics);
    for (guint i = 0; self->owners != NULL && i < self->n_terms; i++)
        g_clear_pointer(&self->owners[i], g_array_unref);
    g_free(self->owners);
    g_free(self);
}

const KwLexicon *
kw_lexicon_get(void)
{
    static gsize lexicon = 0;

    if (g_once_init_enter(&lexicon)) {
        GBytes *bytes = kw_i18n_get_phrases();
        gsize len = 0;
        const gchar *data = g_bytes_get_data(bytes, &len);
        KwLexicon *loaded = kw_lexicon_new(data, len, NULL);

        /* Compiled in and loaded by a test: it fails only when it is wrong for everybody. */
        g_once_init_leave(&lexicon, (gsize) (loaded != NULL ? loaded : allocate()));
    }
    return (const KwLexicon *) lexicon; /* NOLINT: a pointer kept as g_once_init wants it */
}

/* -- look-ups -- */

gint
kw_lexicon_find_term(const KwLexicon *self, const gchar *term)
{
    gpointer id = g_hash_table_lookup(self->terms, term);

    return id == NULL ? -1 : GPOINTER_TO_INT(id);
}

static const gchar *
find_in_list(const KwLexicon *self, const gchar *group, const gchar *word)
{
    gchar key[64];

    if (g_snprintf(key, sizeof key, "%s/%s", group, word) >= (gint) sizeof key)
        return NULL;
    return g_hash_table_lookup(self->lists, key);
}

const gchar *
kw_lexicon_find_coin(const KwLexicon *self, const gchar *word)
{
    return find_in_list(self, "coins", word);
}

const gchar *
kw_lexicon_intern_coin(const KwLexicon *self, const gchar *word)
{
    gchar key[64];
    gpointer stored = NULL;

    if (g_snprintf(key, sizeof key, "coins/%s", word) >= (gint) sizeof key ||
        !g_hash_table_lookup_extended(self->lists, key, &stored, NULL))
        return NULL;
    return (const gchar *) stored + strlen("coins/");
}

gint
kw_lexicon_find_value(const KwLexicon *self, const gchar *group, const gchar *word)
{
    const gchar *value = find_in_list(self, group, word);

    return value == NULL ? -1 : (gint) g_ascii_strtoll(value, NULL, 10);
}

gboolean
kw_lexicon_has_mark(const KwLexicon *self, const gchar *folded)
{
    for (guint i = 0; i < self->marks->len; i++) {
        if (strstr(folded, g_ptr_array_index(self->marks, i)) != NULL)
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_term_set_has(const KwTermSet *set, gint term)
{
    return term >= 0 && (set->bits[term / 64] >> (term % 64) & 1u) != 0;
}

void
kw_term_set_add(KwTermSet *set, const KwTermSet *other)
{
    for (guint i = 0; i < G_N_ELEMENTS(set->bits); i++)
        set->bits[i] |= other->bits[i];
}

const KwRule *
kw_lexicon_list_rules(const KwLexicon *self, guint *out_n)
{
    *out_n = self->rules->len;
    return (const KwRule *) self->rules->data;
}

gboolean
kw_lexicon_rule_matches(const KwRule *rule, const KwTermSet *set)
{
    for (guint i = 0; i < rule->n_wanted; i++) {
        if (!kw_term_set_has(set, rule->wanted[i]))
            return FALSE;
    }
    for (guint i = 0; i < rule->n_unwanted; i++) {
        if (kw_term_set_has(set, rule->unwanted[i]))
            return FALSE;
    }
    return TRUE;
}

/* A look for the best rule */
typedef struct {
    const GArray *rules;
    const KwTermSet *set;
    KwIntentId intent;   /* of these alone; %KW_INTENT_NONE for all */
    const KwRule *above; /* behind this one in order, or NULL */
    const KwRule *best;
} Search;

/* Is @rule behind @other: lighter, or as heavy and later? */
static gboolean
comes_after(const KwRule *rule, const KwRule *other)
{
    return rule->weight < other->weight || (rule->weight == other->weight && rule > other);
}

static void
consider(guint item, gpointer user_data)
{
    Search *search = user_data;
    const KwRule *rule = &g_array_index(search->rules, KwRule, item);

    if ((search->intent != KW_INTENT_NONE && rule->intent != search->intent) ||
        (search->above != NULL && !comes_after(rule, search->above)) ||
        (search->best != NULL && !comes_after(search->best, rule)))
        return;
    if (kw_lexicon_rule_matches(rule, search->set))
        search->best = rule;
}

static const KwRule *
search_rules(const KwLexicon *self, Search *search)
{
    search->rules = self->rules;
    if (self->rule_index != NULL)
        kw_rule_index_visit(self->rule_index, search->set, consider, search);
    return search->best;
}

const KwRule *
kw_lexicon_match(const KwLexicon *self, const KwTermSet *set, KwIntentId intent)
{
    Search search = {.set = set, .intent = intent};

    return search_rules(self, &search);
}

const KwRule *
kw_lexicon_match_below(const KwLexicon *self, const KwTermSet *set, const KwRule *above)
{
    Search search = {.set = set, .above = above};

    return search_rules(self, &search);
}

typedef struct {
    const GArray *moods;
    const KwTermSet *set;
    guint32 found;
} MoodSearch;

static void
note_mood(guint item, gpointer user_data)
{
    MoodSearch *search = user_data;
    const KwRule *rule = &g_array_index(search->moods, KwRule, item);

    if ((search->found >> rule->intent & 1u) == 0 && kw_lexicon_rule_matches(rule, search->set))
        search->found |= 1u << rule->intent;
}

guint32
kw_lexicon_find_moods(const KwLexicon *self, const KwTermSet *set)
{
    MoodSearch search = {.moods = self->moods, .set = set};

    if (self->mood_index != NULL)
        kw_rule_index_visit(self->mood_index, set, note_mood, &search);
    return search.found;
}

static const gchar *
name_term(const KwLexicon *self, guint id)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, self->terms);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (GPOINTER_TO_UINT(value) == id)
            return key;
    }
    return "?";
}

gchar *
kw_lexicon_dup_rule_text(const KwLexicon *self, const KwRule *rule)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < rule->n_wanted; i++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "",
                               name_term(self, rule->wanted[i]));
    for (guint i = 0; i < rule->n_unwanted; i++)
        g_string_append_printf(text, " !%s", name_term(self, rule->unwanted[i]));
    return g_string_free(text, FALSE);
}
