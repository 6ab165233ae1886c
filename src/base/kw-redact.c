/* kw-redact.c: masking of secrets by value and by shape
 *
 * Values that we were given are masked first and in every spelling we can foresee. Shapes come
 * second, for what never passed through a KwSecret: an error page that echoes a header, a chat
 * line with a telephone number. Shapes err on the side of masking. The order of the rules
 * matters: a rule that keeps the name and drops the value must not eat only "Bearer" of
 * "Authorization: Bearer abc", so whole headers come before name=value.
 *
 * The expressions work on bytes and have no nested repetition, so that no input is slow. */
#include "kw-redact.h"

#include <string.h>

#define LONG_TOKEN 32      /* characters from which a mixed run counts as a key */
#define MIN_CHANGES_PCT 30 /* of its characters that differ in class from the one before */

/* An expression is tried only on texts that have one of the bytes it cannot do without: most
 * fields of a line have none of them. */
typedef struct {
    const gchar *needs;
    const gchar *pattern;
    const gchar *replacement;
} Rule;

static const Rule rules[] = {
    {"-", "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
     "***"},
    {"@", "(://)[^/\\s:@]*:[^/\\s@]+@", "\\1***@"},
    {":=", "(\\b(?:authorization|(?:set-)?cookie)\\b[\"']?\\s*[:=]\\s*)[^\\r\\n\"']+",
     "\\1***"},
    {"bB", "(\\b(?:bearer|basic)\\s+)[A-Za-z0-9._~+/=-]{8,}", "\\1***"},
    {":=",
     "((?:api[-_ ]?(?:key|sign|secret)|secret|token|passw(?:or)?d|passphrase|passwort|kennwort|"
     "private[-_ ]?key|credential|listen[-_]?key|signature)[A-Za-z0-9_-]*"
     "[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&}]+",
     "\\1***"},
    {":", "\\b(?:bot)?[0-9]{6,12}:[A-Za-z0-9_-]{30,}", "***"},
    {"jJ", "\\beyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*)*", "***"},
    {"-_", "\\b(?:sk|pk|rk|ghp|gho|ghs|glpat|github_pat|xox[abp])[-_][A-Za-z0-9_-]{10,}",
     "***"},
    {"+%", "(?:\\+|%2B)[1-9](?:[ ()/-]{0,2}[0-9]){6,14}+(?![,.]?[0-9])", "***"},
    {"0", "(?<![0-9.,:+-])00[1-9](?:[ ()/-]{0,2}[0-9]){7,13}+(?![,.]?[0-9])", "***"},
    {"0", "(?<![0-9.,:+-])0[1-9][0-9]{2,3}[ /-][0-9](?:[ ]?[0-9]){4,9}+(?![,.]?[0-9])", "***"},
};

/* Spellings that are kept: tokens that last an hour would fill the memory of a year. The first
 * ones are the keys that stay. */
#define MAX_VALUES 256
#define N_LASTING 64

#define SHORTEST 7 /* bytes; no expression matches less */

struct _KwRedactor {
    GPtrArray *rules;  /* owned GRegex, as the table above */
    GRegex *run;       /* owned: long runs that are judged by looks_like_key() */
    GRWLock lock;      /* guards values */
    GPtrArray *values; /* owned gchar*, each spelling of each secret */
};

static GRegex *
compile(const gchar *pattern)
{
    g_autoptr(GError) error = NULL;
    GRegex *regex =
        g_regex_new(pattern, G_REGEX_RAW | G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &error);

    g_return_val_if_fail(regex != NULL, NULL);
    return regex;
}

static void
wipe_and_free(gpointer value)
{
    explicit_bzero(value, strlen(value));
    g_free(value);
}

KwRedactor *
kw_redactor_new(void)
{
    KwRedactor *self = g_new0(KwRedactor, 1);

    self->rules = g_ptr_array_new_with_free_func((GDestroyNotify) g_regex_unref);
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        g_ptr_array_add(self->rules, compile(rules[i].pattern));
    self->run = compile("[A-Za-z0-9+/_-]{32,}={0,2}");
    self->values = g_ptr_array_new_with_free_func(wipe_and_free);
    g_rw_lock_init(&self->lock);
    return self;
}

void
kw_redactor_free(KwRedactor *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->rules, g_ptr_array_unref);
    g_clear_pointer(&self->run, g_regex_unref);
    g_clear_pointer(&self->values, g_ptr_array_unref);
    g_rw_lock_clear(&self->lock);
    g_free(self);
}

static gchar *
to_hex(const gchar *bytes, gsize len)
{
    GString *hex = g_string_sized_new(len * 2 + 1);

    for (gsize i = 0; i < len; i++)
        g_string_append_printf(hex, "%02x", (guchar) bytes[i]);
    return g_string_free(hex, FALSE);
}

/* (transfer full) @value */
static void
add_spelling(KwRedactor *self, gchar *value)
{
    if (strlen(value) < KW_REDACT_MIN_SECRET ||
        g_ptr_array_find_with_equal_func(self->values, value, g_str_equal, NULL))
        wipe_and_free(value);
    else
        g_ptr_array_add(self->values, value);
    if (self->values->len > MAX_VALUES)
        g_ptr_array_remove_index(self->values, N_LASTING);
}

void
kw_redactor_add(KwRedactor *self, const KwSecret *secret)
{
    const gchar *bytes;
    gsize len = 0;

    g_return_if_fail(self != NULL && secret != NULL);

    bytes = kw_secret_get_bytes(secret, &len);
    if (len < KW_REDACT_MIN_SECRET)
        return;
    g_rw_lock_writer_lock(&self->lock);
    add_spelling(self, g_strdup(bytes));
    add_spelling(self, g_uri_escape_bytes((const guint8 *) bytes, len, NULL));
    add_spelling(self, g_base64_encode((const guchar *) bytes, len));
    add_spelling(self, to_hex(bytes, len));
    g_rw_lock_writer_unlock(&self->lock);
}

static gchar *
mask_values(KwRedactor *self, const gchar *text)
{
    GString *out = g_string_new(text);

    g_rw_lock_reader_lock(&self->lock);
    for (guint i = 0; i < self->values->len; i++)
        (void) g_string_replace(out, g_ptr_array_index(self->values, i), KW_REDACT_MARK, 0);
    g_rw_lock_reader_unlock(&self->lock);
    return g_string_free(out, FALSE);
}

typedef enum {
    CLASS_OTHER,
    CLASS_UPPER,
    CLASS_LOWER,
    CLASS_DIGIT,
    N_CLASSES,
} CharClass;

static CharClass
classify(gchar c)
{
    if (g_ascii_isupper(c))
        return CLASS_UPPER;
    if (g_ascii_islower(c))
        return CLASS_LOWER;
    return g_ascii_isdigit(c) ? CLASS_DIGIT : CLASS_OTHER;
}

/* Keys are random: both cases and digits, changing at every second character. Paths, names and
 * hashes stay with one class for longer, or lack one. */
static gboolean
looks_like_key(const gchar *run)
{
    gboolean seen[N_CLASSES] = {FALSE};
    CharClass last = CLASS_OTHER;
    gsize n_changes = 0;

    for (const gchar *p = run; *p != '\0'; p++) {
        CharClass class = classify(*p);

        if (class == CLASS_OTHER)
            continue;
        n_changes += class != last;
        seen[class] = TRUE;
        last = class;
    }
    return seen[CLASS_UPPER] && seen[CLASS_LOWER] && seen[CLASS_DIGIT] &&
           n_changes * 100 >= strlen(run) * MIN_CHANGES_PCT;
}

static gboolean
on_run(const GMatchInfo *match, GString *out, gpointer unused)
{
    g_autofree gchar *run = g_match_info_fetch(match, 0);

    g_string_append(out, looks_like_key(run) ? KW_REDACT_MARK : run);
    return FALSE;
}

/* If an expression gives up, its text is masked as a whole: the safe direction. */
static gchar *
keep_or_mask(gchar *text)
{
    return text != NULL ? text : g_strdup(KW_REDACT_MARK);
}

gchar *
kw_redactor_apply(KwRedactor *self, const gchar *text)
{
    gchar *out;

    g_return_val_if_fail(self != NULL && text != NULL, NULL);

    out = mask_values(self, text);
    if (strlen(out) < SHORTEST)
        return out;
    for (guint i = 0; i < self->rules->len; i++) {
        g_autofree gchar *before = NULL;

        if (strpbrk(out, rules[i].needs) == NULL)
            continue;
        before = out;
        out = keep_or_mask(g_regex_replace(g_ptr_array_index(self->rules, i), before, -1, 0,
                                           rules[i].replacement, 0, NULL));
    }
    if (strlen(out) >= LONG_TOKEN) {
        g_autofree gchar *before = out;

        out =
            keep_or_mask(g_regex_replace_eval(self->run, before, -1, 0, 0, on_run, NULL, NULL));
    }
    return out;
}

gboolean
kw_redactor_knows(KwRedactor *self, const gchar *text)
{
    gboolean found = FALSE;

    g_return_val_if_fail(self != NULL && text != NULL, TRUE);

    g_rw_lock_reader_lock(&self->lock);
    for (guint i = 0; !found && i < self->values->len; i++)
        found = strstr(text, g_ptr_array_index(self->values, i)) != NULL;
    g_rw_lock_reader_unlock(&self->lock);
    return found;
}
