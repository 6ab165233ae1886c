/* kw-courtesy.c: the polite words around a question, taken away
 *
 * "Könntest du mir verraten, wie ...", "mich würde mal interessieren, ob ...": the same
 * question can stand in dozens of frames, and a frame holds words that mean something elsewhere
 * ("würde", "möglich", "sicher"). With the frame gone, the rules see the question itself. A
 * frame that asks for a deed leaves a "bitte", so that the mood gate still knows it as a wish.
 */
#include "kw-courtesy.h"

#include "kw-lexicon-private.h"

#include <string.h>

static const KwToken *
token_at(const GArray *tokens, guint index)
{
    return &g_array_index(tokens, KwToken, index);
}

static gboolean
is_filler(const KwLexicon *lexicon, const KwToken *token)
{
    return kw_lexicon_find_value(lexicon, "frame_fillers", token->word) >= 0;
}

/* Is @word one of the alternatives "kannst/koenntest"? */
static gboolean
is_one_of(const gchar *word, const gchar *alternatives)
{
    gsize n = strlen(word);

    for (const gchar *p = alternatives; p != NULL; p = strchr(p, '/')) {
        p += *p == '/';
        if (strncmp(p, word, n) == 0 && (p[n] == '/' || p[n] == '\0'))
            return TRUE;
    }
    return FALSE;
}

/* The words from @at on that make up @frame, fillers between them included; 0 for none */
static guint
frame_length(const KwLexicon *lexicon, const GArray *tokens, guint at, gchar **frame)
{
    guint i = at;

    for (guint k = 0; frame[k] != NULL; k++) {
        while (k > 0 && i < tokens->len && is_filler(lexicon, token_at(tokens, i)) &&
               !is_one_of(token_at(tokens, i)->word, frame[k]))
            i++;
        if (i >= tokens->len || token_at(tokens, i)->clause != token_at(tokens, at)->clause ||
            !is_one_of(token_at(tokens, i)->word, frame[k]))
            return 0;
        i++;
    }
    return i - at;
}

static gboolean
begins_clause(const KwLexicon *lexicon, const GArray *tokens, guint index)
{
    while (index > 0 &&
           token_at(tokens, index - 1)->clause == token_at(tokens, index)->clause) {
        if (!is_filler(lexicon, token_at(tokens, index - 1)))
            return FALSE;
        index--;
    }
    return TRUE;
}

/* Takes @n words away; the clauses behind move up when theirs is empty now. */
static void
drop_words(GArray *tokens, guint at, guint n)
{
    guint clause = token_at(tokens, at)->clause;
    gboolean is_left = FALSE;

    g_array_remove_range(tokens, at, n);
    for (guint i = 0; i < tokens->len; i++)
        is_left |= token_at(tokens, i)->clause == clause;
    for (guint i = at; i < tokens->len && !is_left; i++)
        g_array_index(tokens, KwToken, i).clause--;
}

/* The "bitte" at @at belongs to the wish behind the comma. */
static void
join_next(GArray *tokens, guint at)
{
    gboolean is_alone =
        at == 0 || token_at(tokens, at - 1)->clause != token_at(tokens, at)->clause;

    if (!is_alone || at + 1 >= tokens->len ||
        token_at(tokens, at + 1)->clause == token_at(tokens, at)->clause ||
        token_at(tokens, at + 1)->sentence != token_at(tokens, at)->sentence)
        return;
    for (guint i = at + 1; i < tokens->len; i++)
        g_array_index(tokens, KwToken, i).clause--;
}

void
kw_courtesy_drop(const KwLexicon *lexicon, GArray *tokens)
{
    for (guint at = 0; lexicon->frames != NULL && at < tokens->len; at++) {
        if (!begins_clause(lexicon, tokens, at))
            continue;
        for (guint f = 0; f < lexicon->frames->len; f++) {
            const KwCourtesy *frame = &g_array_index(lexicon->frames, KwCourtesy, f);
            guint n = frame_length(lexicon, tokens, at, frame->words);

            if (n == 0 || n == tokens->len)
                continue;
            if (frame->is_please)
                g_array_index(tokens, KwToken, at).word = "bitte";
            drop_words(tokens, at + frame->is_please, n - frame->is_please);
            if (frame->is_please)
                join_next(tokens, at);
            break;
        }
    }
}

/* -- loading -- */

static void
clear_frame(gpointer data)
{
    g_strfreev(((KwCourtesy *) data)->words);
}

GArray *
kw_courtesy_load(GKeyFile *file)
{
    static const gchar *const keys[] = {"ask", "please"};
    GArray *frames = g_array_new(FALSE, TRUE, sizeof(KwCourtesy));

    g_array_set_clear_func(frames, clear_frame);
    for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
        g_autofree gchar *value = g_key_file_get_value(file, "frame", keys[k], NULL);
        g_auto(GStrv) texts = g_strsplit(value != NULL ? value : "", "|", -1);

        for (guint i = 0; texts[i] != NULL; i++) {
            KwCourtesy frame = {.is_please = k == 1};

            frame.words = g_strsplit(g_strstrip(texts[i]), " ", -1);
            g_array_append_val(frames, frame);
        }
    }
    return frames;
}
