/* kw-dialect.c: the word of the standard language behind one written as it is spoken
 *
 * Whole words of dialects stand in the list [spelling]. But dialects shift sounds, and no list
 * holds every word with every shift: "geschdern", "abgstellt", "kaufa", "darfsch", "chaufe". So
 * an unknown word is tried with each shift of the list [dialect] that fits, and then with two.
 * What comes out counts only when the lexicon knows it, and as a mended word, which raises no
 * risk by itself. */
#include "kw-dialect.h"

#include "kw-lexicon-private.h"

#include <string.h>

#define MIN_LETTERS 3
#define MIN_LETTERS_OF_TWO 5 /* shifts in one word */
#define MAX_LETTERS 24

/* A known word; NULL when @word is none */
static const gchar *
find_known(const KwLexicon *lexicon, const gchar *word)
{
    gchar **spelled = g_hash_table_lookup(lexicon->spellings, word);
    gpointer key = NULL;

    if (spelled != NULL)
        return spelled[1] == NULL ? spelled[0] : NULL;
    return g_hash_table_lookup_extended(lexicon->words, word, &key, NULL) ? key : NULL;
}

/* Where @shift fits in @word first, or NULL */
static const gchar *
find_place(const KwShift *shift, const gchar *word)
{
    gsize n = strlen(word), n_old = strlen(shift->old);

    if (shift->is_start)
        return g_str_has_prefix(word, shift->old) ? word : NULL;
    if (shift->is_end)
        return n > n_old && g_str_has_suffix(word, shift->old) ? word + n - n_old : NULL;
    return strstr(word, shift->old);
}

/* The shifts from number @first on: with two, their order in the list is that of trying */
static const gchar *
try_shifts(const KwLexicon *lexicon, const gchar *word, guint first, guint depth)
{
    for (guint i = first; i < lexicon->shifts->len; i++) {
        const KwShift *shift = &g_array_index(lexicon->shifts, KwShift, i);
        const gchar *place = find_place(shift, word);
        gchar shifted[2 * MAX_LETTERS] = "";
        const gchar *known;

        if (place == NULL)
            continue;
        g_strlcpy(shifted, word, (gsize) (place - word) + 1);
        g_strlcat(shifted, shift->text, sizeof shifted);
        g_strlcat(shifted, place + strlen(shift->old), sizeof shifted);
        known = strlen(shifted) < MIN_LETTERS ? NULL : find_known(lexicon, shifted);
        if (known == NULL && depth > 1)
            known = try_shifts(lexicon, shifted, i + 1, depth - 1);
        if (known != NULL)
            return known;
    }
    return NULL;
}

const gchar *
kw_dialect_find(const KwLexicon *lexicon, const gchar *word, guint n_shifts)
{
    gsize n = strlen(word);

    if (n < MIN_LETTERS || n > MAX_LETTERS || lexicon->shifts == NULL)
        return NULL;
    if (n_shifts > 1 && n < MIN_LETTERS_OF_TWO)
        return NULL;
    return try_shifts(lexicon, word, 0, n_shifts);
}

static void
clear_shift(gpointer data)
{
    g_free(((KwShift *) data)->old);
    g_free(((KwShift *) data)->text);
}

GArray *
kw_dialect_load(GKeyFile *file)
{
    GArray *shifts = g_array_new(FALSE, TRUE, sizeof(KwShift));
    g_auto(GStrv) keys = g_key_file_get_keys(file, "dialect", NULL, NULL);

    g_array_set_clear_func(shifts, clear_shift);
    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "dialect", keys[k], NULL);
        g_auto(GStrv) forms = g_strsplit(value, " ", -1);

        for (guint i = 0; forms[i] != NULL; i++) {
            const gchar *key = keys[k];
            gsize n = strlen(key);
            KwShift shift = {.is_start = *key == '^', .is_end = key[n - 1] == '$'};

            shift.old = g_strndup(key + shift.is_start, n - shift.is_start - shift.is_end);
            shift.text = strcmp(forms[i], "-") == 0 ? g_strdup("") : g_strdup(forms[i]);
            g_array_append_val(shifts, shift);
        }
    }
    return shifts;
}
