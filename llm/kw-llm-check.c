/* kw-llm-check.c: numbers and deeds in the words of a model
 *
 * A model may word what it was told, and nothing else. Numbers are compared as values: the
 * answer's "3,1 %" is borne out by a result's 3.12, because that is what it rounds to. Which
 * comma groups and which one divides is not always to be told ("1.234"), so both readings are
 * tried; that lets a wrong number through only where both readings of it are false and one of
 * them happens to be in a result.
 *
 * Deeds are told by the words of a doer beside those of a deed, sentence by sentence. The check
 * would rather take a harmless sentence for a claim than miss one: what follows is the true
 * state, which is never wrong. */
#include "kw-llm-check.h"

#include "kw-text.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBERS 4000

/* -- numbers -- */

/* Digits with separators between digits: "1.234,56", "14:30", "11.03.2026" */
static const gchar *
find_number(const gchar *text, gsize *out_length)
{
    gsize n = 0;

    while (*text != '\0' && !g_ascii_isdigit(*text))
        text++;
    while (g_ascii_isdigit(text[n]) ||
           (n > 0 && text[n] != '\0' && strchr(".,:'", text[n]) != NULL &&
            g_ascii_isdigit(text[n + 1])))
        n++;
    *out_length = n;
    return n > 0 ? text : NULL;
}

/* @token without @group, and with @point as the point; NAN when it is no such number */
static gdouble
read_as(const gchar *token, gsize length, gchar group, gchar point, guint *out_digits)
{
    gchar plain[48];
    gsize n = 0;
    gboolean has_point = FALSE;

    *out_digits = 0;
    for (gsize i = 0; i < length; i++) {
        if (token[i] == group || token[i] == '\'') {
            if (has_point || i + 3 >= length ||
                (i + 4 < length && g_ascii_isdigit(token[i + 4])))
                return NAN;
            continue;
        }
        if (!g_ascii_isdigit(token[i])) {
            if (token[i] != point || has_point)
                return NAN;
            has_point = TRUE;
        } else if (has_point) {
            *out_digits += 1;
        }
        if (n + 1 >= sizeof plain)
            return NAN;
        plain[n++] = token[i] == point ? '.' : token[i];
    }
    plain[n] = '\0';
    return g_ascii_strtod(plain, NULL);
}

/* "14:30", "11.03.", "11.03.2026": two digits, then two digits, and perhaps a year */
static gboolean
is_date_or_time(const gchar *token, gsize length)
{
    gboolean is_short = length == 5 && g_ascii_isdigit(token[1]) && g_ascii_isdigit(token[3]);

    if (length == 10)
        return token[2] == '.' && token[5] == '.';
    return is_short && (token[2] == ':' || (token[2] == '.' && token[5] == '.'));
}

static void
collect(const gchar *source, GArray *numbers)
{
    gsize length;
    const gchar *token;

    while ((token = find_number(source, &length)) != NULL && numbers->len < MAX_NUMBERS) {
        guint digits;
        gdouble value = read_as(token, length, ',', '.', &digits);
        gdouble german = read_as(token, length, '.', ',', &digits);

        if (!isnan(value))
            g_array_append_val(numbers, value);
        if (!isnan(german))
            g_array_append_val(numbers, german);
        for (gsize i = 0; is_date_or_time(token, length) && i < length; i++)
            if (i == 0 || !g_ascii_isdigit(token[i - 1])) {
                value = (gdouble) g_ascii_strtoull(token + i, NULL, 10);
                g_array_append_val(numbers, value);
            }
        source = token + length;
    }
}

static gboolean
is_borne_out(gdouble value, guint digits, const GArray *numbers)
{
    gdouble half = 0.5 * pow(10, -(gdouble) digits) * (1 + 1e-9);

    if (isnan(value))
        return FALSE;
    for (guint i = 0; i < numbers->len; i++)
        if (fabs(g_array_index(numbers, gdouble, i) - value) <= half)
            return TRUE;
    return FALSE;
}

static gboolean
is_whole(gdouble value, const GArray *numbers)
{
    for (guint i = 0; i < numbers->len; i++)
        if (fabs(g_array_index(numbers, gdouble, i) - value) < 1e-9)
            return TRUE;
    return FALSE;
}

static gboolean
are_parts_known(const gchar *token, gsize length, const GArray *numbers)
{
    if (!is_date_or_time(token, length))
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if ((i == 0 || !g_ascii_isdigit(token[i - 1])) && g_ascii_isdigit(token[i]) &&
            !is_whole((gdouble) g_ascii_strtoull(token + i, NULL, 10), numbers))
            return FALSE;
    return TRUE;
}

gboolean
kw_llm_check_numbers(const gchar *answer, const gchar *const *sources, gchar **out_odd)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gdouble));
    gsize length;
    const gchar *token;

    g_return_val_if_fail(answer != NULL && sources != NULL, FALSE);

    for (guint i = 0; sources[i] != NULL; i++)
        collect(sources[i], numbers);
    while ((token = find_number(answer, &length)) != NULL) {
        guint german_digits, digits;
        gdouble german = read_as(token, length, '.', ',', &german_digits);
        gdouble english = read_as(token, length, ',', '.', &digits);

        if (!is_borne_out(german, german_digits, numbers) &&
            !is_borne_out(english, digits, numbers) &&
            !are_parts_known(token, length, numbers)) {
            if (out_odd != NULL)
                *out_odd = g_strndup(token, length);
            return FALSE;
        }
        answer = token + length;
    }
    return TRUE;
}

/* -- deeds -- */

typedef enum {
    DEED_NONE,
    DEED_ORDER, /* nothing here can have done it */
    DEED_START,
    DEED_STOP,
    DEED_PAUSE,
    DEED_KILL,
    DEED_OTHER,
} Deed;

/* Beginnings of words, folded */
static const struct {
    const gchar *stem;
    Deed deed;
} deeds[] = {
    {"ausgefuehr", DEED_ORDER},  {"gekauft", DEED_ORDER},     {"verkauft", DEED_ORDER},
    {"storniert", DEED_ORDER},   {"platziert", DEED_ORDER},   {"geschlossen", DEED_ORDER},
    {"aufgegeben", DEED_ORDER},  {"executed", DEED_ORDER},    {"sold", DEED_ORDER},
    {"bought", DEED_ORDER},      {"placed", DEED_ORDER},      {"closed", DEED_ORDER},
    {"cancelled", DEED_ORDER},   {"liquidiert", DEED_ORDER},  {"ueberwiesen", DEED_ORDER},
    {"gestartet", DEED_START},   {"started", DEED_START},     {"resumed", DEED_START},
    {"fortgesetzt", DEED_START}, {"gestoppt", DEED_STOP},     {"stopped", DEED_STOP},
    {"angehalten", DEED_STOP},   {"abgeschaltet", DEED_STOP}, {"eingestellt", DEED_STOP},
    {"beendet", DEED_STOP},      {"pausiert", DEED_PAUSE},    {"paused", DEED_PAUSE},
    {"ausgeloest", DEED_KILL},   {"aktiviert", DEED_KILL},    {"eingeschaltet", DEED_KILL},
    {"activated", DEED_KILL},    {"triggered", DEED_KILL},    {"deaktiviert", DEED_OTHER},
    {"geaendert", DEED_OTHER},   {"gesperrt", DEED_OTHER},    {"freigegeben", DEED_OTHER},
    {"gesetzt", DEED_OTHER},     {"erhoeht", DEED_OTHER},     {"gesenkt", DEED_OTHER},
    {"aufgehoben", DEED_OTHER},  {"bestaetigt", DEED_OTHER},  {"changed", DEED_OTHER},
    {"locked", DEED_OTHER},      {"unlocked", DEED_OTHER},    {"erledigt", DEED_OTHER},
    {"done", DEED_OTHER},        {"veranlasst", DEED_OTHER},
};

/* Who speaks of himself: "ich habe gestoppt" */
static const gchar *const doers[] = {"ich", "i", "ive", "wir", "hiermit", "erledigt", "done"};

/* What a deed is done to: "die Order wurde ausgeführt" */
static const gchar *const things[] = {"order", "auftrag", "verkauf",   "kauf",    "position",
                                      "bot",   "handel",  "trading",   "not",     "killswitch",
                                      "kill",  "notaus",  "einstiege", "schwelle"};

/* What makes a sentence speak of no deed: "du kannst ...", "wurde nicht ...", a condition */
static const gchar *const softeners[] = {
    "nicht", "kein",  "keine", "keinen", "kannst", "koennte", "wenn", "falls", "wuerde",
    "would", "could", "can",   "not",    "no",     "if",      "nie",  "never", "kann"};

static gboolean
is_one_of(const gchar *word, const gchar *const *words, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return TRUE;
    return FALSE;
}

static Deed
deed_of(const gchar *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++)
        if (g_str_has_prefix(word, deeds[i].stem))
            return deeds[i].deed;
    return DEED_NONE;
}

static gboolean
is_true(Deed deed, const KwStatusView *status)
{
    switch (deed) {
    case DEED_START:
        return status->state == KW_RUN_STATE_RUNNING && !status->is_killed;
    case DEED_STOP:
        return status->state == KW_RUN_STATE_STOPPED || status->is_killed;
    case DEED_PAUSE:
        return status->state == KW_RUN_STATE_PAUSED;
    case DEED_KILL:
        return status->is_killed;
    case DEED_NONE:
    case DEED_ORDER:
    case DEED_OTHER:
        break;
    }
    return FALSE;
}

typedef struct {
    Deed deed;
    gboolean has_doer, has_thing, is_soft;
} Sentence;

static gboolean
is_claim(const Sentence *sentence, const KwStatusView *status)
{
    if (sentence->deed == DEED_NONE || sentence->is_soft ||
        (!sentence->has_doer && !sentence->has_thing))
        return FALSE;
    return sentence->has_doer || !is_true(sentence->deed, status);
}

gboolean
kw_llm_claims_effect(const gchar *answer, const KwStatusView *status)
{
    g_autoptr(KwText) text = NULL;
    Sentence sentence = {0};
    guint at = 0;

    g_return_val_if_fail(answer != NULL && status != NULL, TRUE);

    text = kw_text_new(answer, strlen(answer));
    for (guint i = 0; i < text->tokens->len; i++) {
        const KwToken *token = &g_array_index(text->tokens, KwToken, i);
        Deed deed = deed_of(token->word);

        if (token->sentence != at) {
            if (is_claim(&sentence, status))
                return TRUE;
            sentence = (Sentence){0};
            at = token->sentence;
        }
        if (deed != DEED_NONE)
            sentence.deed = deed;
        sentence.has_doer |= is_one_of(token->word, doers, G_N_ELEMENTS(doers));
        sentence.has_thing |= is_one_of(token->word, things, G_N_ELEMENTS(things));
        sentence.is_soft |= is_one_of(token->word, softeners, G_N_ELEMENTS(softeners));
    }
    return is_claim(&sentence, status);
}
