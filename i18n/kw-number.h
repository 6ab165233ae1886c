/* kw-number.h: numbers as people write them in a chat, German first */
#pragma once

#include "kw-decimal.h"

G_BEGIN_DECLS

/**
 * kw_number_parse:
 * @text: "1.234,56", "0,75", "48.500" (a point and exactly three digits group), "0.1"
 * @out: (out caller-allocates): untouched on failure
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX or %KW_PARSE_ERROR_RANGE
 */
gboolean kw_number_parse(const gchar *text, KwDecimal *out, GError **error);

/**
 * kw_number_from_word:
 * @word: folded: lower case ASCII, "ae" for "ä"
 * @out: (out caller-allocates): untouched on failure
 *
 * "null" .. "hundert", also "fuenfundsiebzig" and forms like "zwo"; English up to "twenty".
 */
gboolean kw_number_from_word(const gchar *word, gint *out);

G_END_DECLS
