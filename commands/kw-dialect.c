/* kw-dialect.c: words in the letters of a dialect
 *
 * Dialects write the same words in other letters, regularly so: "gschäft", "choufe", "offa".
 * Rules of rewriting lead such a word back to one that is known, breadth first, so that the
 * nearest spelling is found. The number of candidates is bounded, as words come from outside.
 */
#include "kw-dialect.h"

#include "kw-i18n.h"

#include <string.h>

#define GROUP "dialect"
#define MIN_WORD 4         /* letters of a word that is led back, and of what comes out */
#define MAX_REWRITINGS 3   /* of one word */
#define MAX_CANDIDATES 300 /* of one word */
#define MAX_WORD_BYTES 24u

typedef struct {
    gchar *from;  /* owned */
    gchar **into; /* owned */
    gboolean is_start, is_end;
} Rewriting;

struct _KwDialect {
    GArray *rewritings; /* owned */
};

static void
clear_rewriting(gpointer data)
{
    Rewriting *rewriting = data;

    g_free(rewriting->from);
    g_strfreev(rewriting->into);
}

static void
load_rewritings(KwDialect *self, GKeyFile *file)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP, NULL, NULL);

    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, GROUP, keys[k], NULL);
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

static KwDialect *
allocate(void)
{
    KwDialect *self = g_new0(KwDialect, 1);

    self->rewritings = g_array_new(FALSE, TRUE, sizeof(Rewriting));
    g_array_set_clear_func(self->rewritings, clear_rewriting);
    return self;
}

KwDialect *
kw_dialect_new(const gchar *data, gsize len, GError **error)
{
    g_autoptr(KwDialect) self = allocate();
    g_autoptr(GKeyFile) file = g_key_file_new();

    if (!g_key_file_load_from_data(file, data, len, G_KEY_FILE_NONE, error))
        return NULL;
    load_rewritings(self, file);
    return g_steal_pointer(&self);
}

void
kw_dialect_free(KwDialect *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->rewritings);
    g_free(self);
}

const KwDialect *
kw_dialect_get(void)
{
    static gsize dialect = 0;

    if (g_once_init_enter(&dialect)) {
        GBytes *bytes = kw_i18n_get_dialects();
        gsize len = 0;
        const gchar *data = g_bytes_get_data(bytes, &len);
        KwDialect *loaded = kw_dialect_new(data, len, NULL);

        /* Compiled in and loaded by a test: it fails only when it is wrong for everybody. */
        g_once_init_leave(&dialect, (gsize) (loaded != NULL ? loaded : allocate()));
    }
    return (const KwDialect *) dialect; /* NOLINT: a pointer kept as g_once_init wants it */
}

typedef struct {
    GPtrArray *words; /* owned: all that was made so far, in the order of rewritings */
    GHashTable *seen; /* of the same, borrowed */
    KwDialectKnows knows;
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
kw_dialect_dup_standard(const KwDialect *self,
                        const gchar *word,
                        KwDialectKnows knows,
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
