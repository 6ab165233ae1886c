/* kw-text.h: a chat message as folded words in clauses, with what is suspicious in it */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the raw characters show, before any folding */
typedef enum {
    KW_TEXT_CLEAN = 0,
    KW_TEXT_INVISIBLE = 1 << 0,    /* zero-width characters inside words */
    KW_TEXT_BIDI = 1 << 1,         /* marks that turn the direction of writing */
    KW_TEXT_MIXED_SCRIPT = 1 << 2, /* a word of Latin with Cyrillic or Greek letters */
    KW_TEXT_MATH_LETTERS = 1 << 3, /* letters that only look like ASCII */
    KW_TEXT_HAS_QUOTE = 1 << 4,    /* words in quotation marks, quoted or forwarded lines */
} KwTextFlags;

/* Any of these: somebody tries to write a command that does not look like one. */
#define KW_TEXT_DISGUISED (KW_TEXT_BIDI | KW_TEXT_MIXED_SCRIPT | KW_TEXT_MATH_LETTERS)

#define KW_TEXT_MAX_TOKENS 400 /* words of a message that are read */

/**
 * KwToken:
 * @word: folded: lower case ASCII, "ae" for "ä"; numbers keep points, commas, colons
 * @clause, @sentence: running numbers
 * @starts_number: the first character is a digit or a minus before one
 * @is_ordinal: a number with a point behind it
 * @is_heading: a colon follows
 */
typedef struct {
    const gchar *word;
    guint16 clause, sentence;
    gboolean starts_number;
    gboolean is_ordinal;
    gboolean is_heading;
} KwToken;

typedef struct {
    KwTextFlags flags;
    gchar *folded;  /* owned: all of the message, quotes included */
    GArray *tokens; /* owned, of KwToken: own words */
    GArray *quoted; /* owned, of KwToken: words of others */
    GStringChunk *words;
    guint32 questions; /* bit n: sentence n ends with a question mark; the last bit is for all
                          later ones */
    guint n_clauses, n_sentences;
} KwText;

/* @bytes: (array length=len): anything; read as UTF-8 where it is valid */
KwText *kw_text_new(const gchar *bytes, gsize len);
void kw_text_free(KwText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwText, kw_text_free)

gboolean kw_text_is_question(const KwText *self, guint sentence);

/* (transfer none): own word @index, "" beyond the last */
const gchar *kw_text_word(const KwText *self, guint index);

G_END_DECLS
