/* kw-text.c: from raw bytes to folded words in clauses
 *
 * The characters are judged before anything is folded: normalisation would turn mathematical
 * letters into ASCII, and lower-casing would hide nothing but the evidence. Then the text is
 * composed (phones send decomposed umlauts), foreign words (quotation marks, quoted lines,
 * forwards) are set apart, and what is left is cut into words. Marks of punctuation and the
 * conjunctions that begin a new thought start a clause, because the mood of a verb reaches no
 * further than its clause. */
#include "kw-text.h"

#include <string.h>

/* -- raw characters -- */

static gboolean
is_invisible(gunichar c)
{
    return (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF || c == 0x00AD ||
           c == 0x180E || c == 0x034F;
}

static gboolean
is_bidi(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C;
}

static guint
script_of(gunichar c)
{
    GUnicodeScript script = g_unichar_get_script(c);

    if (script == G_UNICODE_SCRIPT_LATIN)
        return 1;
    return script == G_UNICODE_SCRIPT_CYRILLIC || script == G_UNICODE_SCRIPT_GREEK ? 2 : 0;
}

/* Judges @text and returns it without invisible characters. */
static gchar *
inspect(const gchar *text, KwTextFlags *flags)
{
    GString *clean = g_string_sized_new(strlen(text));
    gunichar before = 0;
    guint scripts = 0;

    for (const gchar *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (is_bidi(c)) {
            *flags |= KW_TEXT_BIDI;
            continue;
        }
        if (is_invisible(c)) {
            if (g_unichar_isalpha(before) &&
                g_unichar_isalpha(g_utf8_get_char(g_utf8_next_char(p))))
                *flags |= KW_TEXT_INVISIBLE;
            continue;
        }
        if (c >= 0x1D400 && c <= 0x1D7FF)
            *flags |= KW_TEXT_MATH_LETTERS;
        scripts = g_unichar_isalpha(c) ? scripts | script_of(c) : 0;
        if (scripts == 3)
            *flags |= KW_TEXT_MIXED_SCRIPT;
        g_string_append_unichar(clean, c);
        before = c;
    }
    return g_string_free(clean, FALSE);
}

/* -- foreign words -- */

static gunichar
closing_of(gunichar open, gunichar c)
{
    switch (open) {
    case 0x201E: /* low double quote */
        return c == 0x201C || c == 0x201D || c == '"' ? c : 0;
    case 0x201C:
        return c == 0x201D || c == 0x201C ? c : 0;
    case 0x00BB:
        return c == 0x00AB ? c : 0;
    case 0x00AB:
        return c == 0x00BB ? c : 0;
    case 0x201A:
        return c == 0x2018 || c == 0x2019 ? c : 0;
    case '"':
        return c == '"' ? c : 0;
    default:
        return 0;
    }
}

/* The end of the quotation that begins at @p (behind the closing mark), or NULL */
static const gchar *
end_of_quote(const gchar *p)
{
    gunichar open = g_utf8_get_char(p);

    if (open != '"' && open != 0x201E && open != 0x201C && open != 0x00BB && open != 0x00AB &&
        open != 0x201A)
        return NULL;
    for (p = g_utf8_next_char(p); *p != '\0'; p = g_utf8_next_char(p)) {
        if (closing_of(open, g_utf8_get_char(p)) != 0)
            return g_utf8_next_char(p);
    }
    return NULL;
}

static gboolean
begins_forward(const gchar *line)
{
    static const gchar *const heads[] = {"weitergeleitet", "weiterleitung", "forwarded",
                                         "fwd:", "wg:"};
    g_autofree gchar *lower = g_utf8_strdown(line, MIN((gssize) strlen(line), 24));

    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        if (g_str_has_prefix(lower, heads[i]))
            return TRUE;
    }
    return FALSE;
}

/* Splits @text into what the sender says and what he only repeats. */
static void
set_apart(const gchar *text, GString *own, GString *foreign)
{
    gboolean is_line_start = TRUE;

    while (*text != '\0') {
        const gchar *end = NULL;

        if (is_line_start && begins_forward(text))
            end = text + strlen(text);
        else if (is_line_start && *text == '>')
            end = text + strcspn(text, "\n");
        else
            end = end_of_quote(text);
        if (end != NULL) {
            g_string_append_len(foreign, text, end - text);
            g_string_append_c(foreign, '\n');
            g_string_append_c(own, ' ');
            text = end;
            is_line_start = FALSE;
            continue;
        }
        is_line_start = *text == '\n' || (is_line_start && *text == ' ');
        end = g_utf8_next_char(text);
        g_string_append_len(own, text, end - text);
        text = end;
    }
}

/* -- folding -- */

/* What letters and marks beyond ASCII stand for; others keep their base letter or vanish */
static const struct {
    gunichar from;
    const gchar *to;
} folds[] = {
    {0xE4, "ae"},
    {0xF6, "oe"},
    {0xFC, "ue"},
    {0xDF, "ss"},
    {0x2013, " ; "},
    {0x2014, " ; "},
    {0x2026, " ; "},
    {0x2019, "'"},
    {0x2018, "'"},
    {0xB4, "'"},
    {0x2212, "-"},
    {0x1F6D1, " stopzeichen "},
    {0x270B, " stopzeichen "},
    {0x1F6A8, " alarmzeichen "},
    {0x1F44D, " daumenhoch "},
};

static void
fold_foreign(GString *out, gunichar c)
{
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

    for (gsize i = 0; i < G_N_ELEMENTS(folds); i++) {
        if (c == folds[i].from) {
            g_string_append(out, folds[i].to);
            return;
        }
    }
    if (g_unichar_fully_decompose(c, FALSE, parts, G_N_ELEMENTS(parts)) > 1 && parts[0] < 0x80)
        g_string_append_c(out, g_ascii_tolower((gchar) parts[0]));
    else
        g_string_append_c(out, ' ');
}

static void
fold_char(GString *out, gunichar c)
{
    c = g_unichar_tolower(c);
    if (c >= 0x80)
        fold_foreign(out, c);
    else
        g_string_append_c(out, c == '\n' || (c >= 0x20 && c < 0x7F) ? (gchar) c : ' ');
}

/* "STOOOPP", "haaalt": no German word has the same letter three times, a cry has. Two are left,
 * as in "solll"; one too many is a typing error like others. Numbers stay. */
static void
shorten_cries(GString *text)
{
    gsize n = 0;

    for (gsize i = 0; i < text->len;) {
        gsize run = 1;

        while (i + run < text->len && text->str[i + run] == text->str[i])
            run++;
        if (run > 2 && g_ascii_isalpha(text->str[i])) {
            text->str[n++] = text->str[i];
            text->str[n++] = text->str[i];
        } else {
            memmove(text->str + n, text->str + i, run);
            n += run;
        }
        i += run;
    }
    g_string_truncate(text, n);
}

static gchar *
fold(const gchar *text)
{
    GString *out = g_string_sized_new(strlen(text) + 16);

    for (; *text != '\0'; text = g_utf8_next_char(text))
        fold_char(out, g_utf8_get_char(text));
    shorten_cries(out);
    return g_string_free(out, FALSE);
}

/* -- words -- */

typedef struct {
    KwText *text;
    GArray *tokens;
    guint clause, sentence;
    gboolean clause_has_word, sentence_has_word;
    gboolean is_after_colon; /* nothing but blanks since */
} Cutter;

static void
end_clause(Cutter *cutter)
{
    if (cutter->clause_has_word)
        cutter->clause++;
    cutter->clause_has_word = FALSE;
}

static void
end_sentence(Cutter *cutter)
{
    end_clause(cutter);
    if (cutter->sentence_has_word)
        cutter->sentence++;
    cutter->sentence_has_word = FALSE;
}

static gboolean
starts_clause(const gchar *word)
{
    static const gchar *const words[] = {"und", "aber", "weil", "sondern", "bevor",
                                         "and", "but",  "ond",  "un",      "unn"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_abbreviation(const gchar *word)
{
    static const gchar *const words[] = {
        "max", "min", "ca", "bzw",   "inkl",      "nr",     "mind",     "evtl",
        "ggf", "z",   "v",  "d",     "mo",        "di",     "mi",       "do",
        "fr",  "sa",  "so", "taegl", "woechentl", "monatl", "durchschn"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(word, words[i]) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
add_word(Cutter *cutter, const gchar *start, gsize len, gboolean is_ordinal)
{
    g_autoptr(GString) word = g_string_sized_new(len);
    KwToken token = {0};

    if (cutter->tokens->len >= KW_TEXT_MAX_TOKENS)
        return;
    for (gsize i = 0; i < len; i++) {
        if (start[i] != '\'')
            g_string_append_c(word, start[i]);
    }
    if (word->len == 0)
        return;
    cutter->is_after_colon = FALSE;
    if (starts_clause(word->str))
        end_clause(cutter);
    token.word = g_string_chunk_insert_const(cutter->text->words, word->str);
    token.clause = (guint16) cutter->clause;
    token.sentence = (guint16) cutter->sentence;
    token.starts_number =
        g_ascii_isdigit(*word->str) || (*word->str == '-' && g_ascii_isdigit(word->str[1]));
    token.is_ordinal = is_ordinal;
    g_array_append_val(cutter->tokens, token);
    cutter->clause_has_word = TRUE;
    cutter->sentence_has_word = TRUE;
}

/* Does the mark at @p join what stands left and right of it into one word? */
static gboolean
joins(const gchar *start, const gchar *p)
{
    gboolean digits;

    if (p == start || !g_ascii_isalnum(p[1]))
        return FALSE;
    digits = g_ascii_isdigit(p[-1]) && g_ascii_isdigit(p[1]);
    if (*p == '.' || *p == ',' || *p == ':')
        return digits;
    return *p == '/' || *p == '&' || *p == '\'' || *p == '_';
}

static gsize
word_length(const gchar *start)
{
    const gchar *p = start;

    if (*p == '-')
        p++;
    while (g_ascii_isalnum(*p) || joins(start, p) || (*p == '\'' && p > start))
        p++;
    return (gsize) (p - start);
}

/* A point right behind a number of a date, or behind an abbreviation, ends no sentence. */
static gboolean
is_inner_point(const gchar *start, gsize len)
{
    g_autofree gchar *word = g_strndup(start, len);
    const gchar *after = start + len + 1;

    if (is_abbreviation(word))
        return TRUE;
    if (strspn(word, "0123456789.") != len || (len > 2 && strchr(word, '.') == NULL))
        return FALSE;
    if (strchr(word, '.') != NULL)
        return TRUE; /* "24.12." */
    return *after == ' ' && g_ascii_isalpha(after[1]);
}

static void
note_mark(Cutter *cutter, gchar mark)
{
    if (mark == '?' && cutter->sentence_has_word)
        cutter->text->questions |= 1u << MIN(cutter->sentence, 31);
    if (mark == ':' && cutter->clause_has_word)
        g_array_index(cutter->tokens, KwToken, cutter->tokens->len - 1).is_heading = TRUE;
    if (mark != ' ')
        cutter->is_after_colon = mark == ':' || (mark == '\n' && cutter->is_after_colon);
    if (mark == '\n' && cutter->is_after_colon)
        end_clause(cutter); /* what is announced stands in the next line */
    else if (strchr(".!?;\n", mark) != NULL)
        end_sentence(cutter);
    else if (strchr(",:()[]{}", mark) != NULL)
        end_clause(cutter);
    else if (mark == '%')
        add_word(cutter, "prozent", 7, FALSE);
}

/* "status + gewinn" */
static gboolean
adds(const gchar *p)
{
    return (*p == '+' || *p == '&') && p[1] == ' ';
}

static void
cut(KwText *self, const gchar *folded, GArray *tokens)
{
    Cutter cutter = {.text = self, .tokens = tokens};
    const gchar *p = folded;

    while (*p != '\0') {
        gboolean starts = g_ascii_isalnum(*p) ||
                          (*p == '-' && g_ascii_isdigit(p[1]) && (p == folded || p[-1] == ' '));
        gboolean is_inner;
        gsize len;

        if (*p == '#' && g_ascii_isdigit(p[1]))
            add_word(&cutter, "nummer", 6, FALSE);
        if (!starts) {
            note_mark(&cutter, adds(p) ? ',' : *p);
            p++;
            continue;
        }
        len = word_length(p);
        is_inner = p[len] == '.' && is_inner_point(p, len);
        add_word(&cutter, p, len, is_inner);
        p += len + (is_inner ? 1 : 0);
    }
    self->n_clauses = cutter.clause + (cutter.clause_has_word ? 1 : 0);
    self->n_sentences = cutter.sentence + (cutter.sentence_has_word ? 1 : 0);
}

KwText *
kw_text_new(const gchar *bytes, gsize len)
{
    KwText *self = g_new0(KwText, 1);
    g_autofree gchar *plain = g_malloc(len + 1);
    g_autofree gchar *valid = NULL;
    g_autofree gchar *clean = NULL;
    g_autofree gchar *composed = NULL;
    g_autofree gchar *folded_own = NULL;
    g_autofree gchar *folded_foreign = NULL;
    g_autoptr(GString) own = g_string_new(NULL);
    g_autoptr(GString) foreign = g_string_new(NULL);

    for (gsize i = 0; i < len; i++)
        plain[i] = bytes[i] == '\0' ? ' ' : bytes[i];
    valid = g_utf8_make_valid(plain, (gssize) len);
    clean = inspect(valid, &self->flags);
    composed = g_utf8_normalize(clean, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    set_apart(composed, own, foreign);
    if (foreign->len > 0)
        self->flags |= KW_TEXT_HAS_QUOTE;

    self->folded = fold(composed);
    folded_own = fold(own->str);
    folded_foreign = fold(foreign->str);
    self->words = g_string_chunk_new(1024);
    self->tokens = g_array_new(FALSE, TRUE, sizeof(KwToken));
    self->quoted = g_array_new(FALSE, TRUE, sizeof(KwToken));
    cut(self, folded_foreign, self->quoted);
    self->questions = 0;
    cut(self, folded_own, self->tokens);
    return self;
}

void
kw_text_free(KwText *self)
{
    if (self == NULL)
        return;
    g_free(self->folded);
    g_array_unref(self->tokens);
    g_array_unref(self->quoted);
    g_string_chunk_free(self->words);
    g_free(self);
}

gboolean
kw_text_is_question(const KwText *self, guint sentence)
{
    return (self->questions >> MIN(sentence, 31) & 1u) != 0;
}

const gchar *
kw_text_word(const KwText *self, guint index)
{
    if (index >= self->tokens->len)
        return "";
    return g_array_index(self->tokens, KwToken, index).word;
}
