/* kw-number.c: "1.234,56", "0,75", "fuenfundsiebzig"
 *
 * A point groups only where it must: in front of a comma, or when exactly three digits follow
 * each one and the number does not begin with 0. Everything else is read as a decimal point. */
#include "kw-number.h"

#include "kw-error.h"

#include <string.h>

static const gchar *const units[] = {
    "null",     "eins",      "zwei",     "drei",     "vier",     "fuenf",    "sechs",
    "sieben",   "acht",      "neun",     "zehn",     "elf",      "zwoelf",   "dreizehn",
    "vierzehn", "fuenfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
};
static const gchar *const tens[] = {
    "zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig",
};
static const struct {
    const gchar *word;
    gint value;
} others[] = {
    {"ein", 1},     {"eine", 1},  {"einen", 1},    {"zwo", 2},          {"hundert", 100},
    {"one", 1},     {"two", 2},   {"three", 3},    {"four", 4},         {"five", 5},
    {"six", 6},     {"seven", 7}, {"eight", 8},    {"nine", 9},         {"ten", 10},
    {"twenty", 20}, {"zero", 0},  {"fuenfzg", 50}, {"einhundert", 100},
};

/* TRUE when every '.' in @text stands before exactly three digits */
static gboolean
points_group(const gchar *text)
{
    const gchar *point = strchr(text, '.');

    if (point == NULL || point == text || point - text > 3 || *text == '0')
        return FALSE;
    for (; point != NULL; point = strchr(point + 1, '.')) {
        gsize n = strspn(point + 1, "0123456789");

        if (n != 3)
            return FALSE;
    }
    return TRUE;
}

gboolean
kw_number_parse(const gchar *text, KwDecimal *out, GError **error)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    const gchar *comma;
    gboolean drops_points;

    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    comma = strchr(text, ',');
    drops_points = comma != NULL || points_group(text);
    for (const gchar *p = text; *p != '\0'; p++) {
        if (*p == '.' && drops_points)
            continue;
        g_string_append_c(plain, *p == ',' ? '.' : *p);
    }
    if (comma != NULL && strchr(comma, '.') != NULL) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "point behind the comma");
        return FALSE;
    }
    return kw_decimal_parse(plain->str, out, error);
}

/* "siebzig", "fuenfundsiebzig", "einundzwanzig" */
static gboolean
parse_tens(const gchar *word, gint *out)
{
    for (guint ten = 0; ten < G_N_ELEMENTS(tens); ten++) {
        gsize head = strlen(word) - MIN(strlen(word), strlen(tens[ten]));

        if (strcmp(word + head, tens[ten]) != 0)
            continue;
        if (head == 0) {
            *out = (gint) ten * 10 + 20;
            return TRUE;
        }
        if (head < 4 || strncmp(word + head - 3, "und", 3) != 0)
            return FALSE;
        for (guint unit = 1; unit <= 9; unit++) {
            gsize n = unit == 1 ? 3 : strlen(units[unit]); /* "ein", not "eins" */

            if (n == head - 3 && strncmp(word, units[unit], n) == 0) {
                *out = (gint) (ten * 10 + 20 + unit);
                return TRUE;
            }
        }
        return FALSE;
    }
    return FALSE;
}

gboolean
kw_number_from_word(const gchar *word, gint *out)
{
    g_return_val_if_fail(word != NULL && out != NULL, FALSE);

    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        if (strcmp(word, units[i]) == 0) {
            *out = (gint) i;
            return TRUE;
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        if (strcmp(word, others[i].word) == 0) {
            *out = others[i].value;
            return TRUE;
        }
    }
    return parse_tens(word, out);
}
