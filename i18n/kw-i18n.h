/* kw-i18n.h: texts for the owner: English message ids, German first, English second */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* German without any setting: no locale and no environment variable plays a part. */
typedef enum {
    KW_LANGUAGE_DE,
    KW_LANGUAGE_EN,
} KwLanguage;

/* How German texts address the owner */
typedef enum {
    KW_ADDRESS_DU,
    KW_ADDRESS_SIE,
} KwAddress;

/* "de", "en"; %FALSE with %KW_PARSE_ERROR_SYNTAX for others */
gboolean kw_language_from_string(const gchar *text, KwLanguage *out, GError **error);

/* "du", "sie"; %FALSE with %KW_PARSE_ERROR_SYNTAX for others */
gboolean kw_address_from_string(const gchar *text, KwAddress *out, GError **error);

/* What the texts and number formats of this thread are in from now on */
void kw_i18n_set_language(KwLanguage language, KwAddress address);
KwLanguage kw_i18n_get_language(void);
KwAddress kw_i18n_get_address(void);

/**
 * kw_i18n_text:
 * @msgid: the English text, as it stands in the catalogues
 *
 * Returns: (transfer none): the translation, static; @msgid when there is none
 */
const gchar *kw_i18n_text(const gchar *msgid) G_GNUC_FORMAT(1);

/* The same with a singular (n = 1) and a plural form */
const gchar *kw_i18n_plural(const gchar *one, const gchar *many, guint64 n) G_GNUC_FORMAT(1)
    G_GNUC_FORMAT(2);

/* (transfer none): the phrase lexicon of the parser, as compiled in */
GBytes *kw_i18n_get_phrases(void);

#define _(text) kw_i18n_text(text)
#define N_(text) text /* marks a text of a table; the reader of the table translates it */

G_END_DECLS
