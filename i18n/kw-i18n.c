/* kw-i18n.c: gettext catalogues, compiled in
 *
 * The C library picks a catalogue by the process locale, and takes none at all where the
 * locale is "C"; a small server has no German locale, and switching one on would change how
 * numbers are printed elsewhere and turn logged error texts German. So msgfmt's tables are
 * resources of the program and looked up here: sorted ids, binary search, no copy. The
 * language is chosen by the configuration alone. German with "Sie" is a catalogue of only
 * the differing texts laid over the one with "du". */
#include "kw-i18n.h"

#include "kw-error.h"
#include "kw-i18n-resources.h"

#include <string.h>

#define MO_MAGIC 0x950412deu
#define MO_HEADER_BYTES 20

/* One table of msgfmt in the byte order of this machine: msgfmt is run while building. */
typedef struct {
    GBytes *bytes; /* owned; NULL: not there */
    guint n;
    guint32 ids_at, texts_at;
} Catalogue;

static Catalogue catalogues[3];
static GPrivate chosen = G_PRIVATE_INIT(NULL); /* 0 du, 1 sie, 2 en */

enum { CATALOGUE_DE, CATALOGUE_DE_SIE, CATALOGUE_EN };

gboolean
kw_language_from_string(const gchar *text, KwLanguage *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    if (strcmp(text, "de") == 0)
        *out = KW_LANGUAGE_DE;
    else if (strcmp(text, "en") == 0)
        *out = KW_LANGUAGE_EN;
    else {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "no language (de or en)");
        return FALSE;
    }
    return TRUE;
}

gboolean
kw_address_from_string(const gchar *text, KwAddress *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    if (strcmp(text, "du") == 0)
        *out = KW_ADDRESS_DU;
    else if (strcmp(text, "sie") == 0)
        *out = KW_ADDRESS_SIE;
    else {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "no form of address (du or sie)");
        return FALSE;
    }
    return TRUE;
}

void
kw_i18n_set_language(KwLanguage language, KwAddress address)
{
    guint which = CATALOGUE_DE;

    if (language == KW_LANGUAGE_EN)
        which = CATALOGUE_EN;
    else if (address == KW_ADDRESS_SIE)
        which = CATALOGUE_DE_SIE;
    g_private_set(&chosen, GUINT_TO_POINTER(which));
}

KwAddress
kw_i18n_get_address(void)
{
    return GPOINTER_TO_UINT(g_private_get(&chosen)) == CATALOGUE_DE_SIE ? KW_ADDRESS_SIE
                                                                        : KW_ADDRESS_DU;
}

KwLanguage
kw_i18n_get_language(void)
{
    return GPOINTER_TO_UINT(g_private_get(&chosen)) == CATALOGUE_EN ? KW_LANGUAGE_EN
                                                                    : KW_LANGUAGE_DE;
}

/* -- lookup -- */

static guint32
word_at(const Catalogue *catalogue, gsize at)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(catalogue->bytes, &size);
    guint32 word = 0;

    if (at + sizeof word <= size)
        memcpy(&word, data + at, sizeof word);
    return word;
}

static void
load(Catalogue *catalogue, const gchar *name)
{
    g_autofree gchar *path = g_strdup_printf("/org/kurswart/i18n/%s.mo", name);

    catalogue->bytes = g_resource_lookup_data(kw_i18n_get_resource(), path,
                                              G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (catalogue->bytes == NULL || g_bytes_get_size(catalogue->bytes) < MO_HEADER_BYTES ||
        word_at(catalogue, 0) != MO_MAGIC)
        return;
    catalogue->n = word_at(catalogue, 8);
    catalogue->ids_at = word_at(catalogue, 12);
    catalogue->texts_at = word_at(catalogue, 16);
}

static const Catalogue *
get_catalogue(guint which)
{
    static gsize loaded = 0;

    if (g_once_init_enter(&loaded)) {
        load(&catalogues[CATALOGUE_DE], "de");
        load(&catalogues[CATALOGUE_DE_SIE], "de_sie");
        load(&catalogues[CATALOGUE_EN], "en");
        g_once_init_leave(&loaded, 1);
    }
    return &catalogues[which];
}

/* The string of entry @index; each is followed by a NUL. */
static const gchar *
string_at(const Catalogue *catalogue, guint32 table, guint index, gsize *out_len)
{
    gsize size = 0;
    const gchar *data = g_bytes_get_data(catalogue->bytes, &size);
    gsize len = word_at(catalogue, table + index * 8u);
    gsize at = word_at(catalogue, table + index * 8u + 4);

    if (at + len >= size || data[at + len] != '\0')
        return NULL;
    if (out_len != NULL)
        *out_len = len;
    return data + at;
}

/* Form @form (0 = singular) of the translation of @msgid, or NULL */
static const gchar *
find(const Catalogue *catalogue, const gchar *msgid, guint form)
{
    guint low = 0, high = catalogue->n;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const gchar *id = string_at(catalogue, catalogue->ids_at, middle, NULL);
        gint order = id == NULL ? 1 : strcmp(msgid, id);
        const gchar *text;
        gsize len = 0, first;

        if (order == 0) {
            text = string_at(catalogue, catalogue->texts_at, middle, &len);
            first = text == NULL ? 0 : strlen(text);
            if (form == 0 || first >= len)
                return text;
            return text + first + 1; /* both languages have two forms: n = 1 and others */
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const gchar *
translate(const gchar *msgid, guint form)
{
    guint which = GPOINTER_TO_UINT(g_private_get(&chosen));
    const gchar *text = find(get_catalogue(which), msgid, form);

    if (text == NULL && which == CATALOGUE_DE_SIE)
        text = find(get_catalogue(CATALOGUE_DE), msgid, form);
    return text == NULL || *text == '\0' ? NULL : text;
}

const gchar *
kw_i18n_text(const gchar *msgid)
{
    const gchar *text;

    g_return_val_if_fail(msgid != NULL, "");

    text = *msgid == '\0' ? NULL : translate(msgid, 0);
    return text == NULL ? msgid : text;
}

const gchar *
kw_i18n_plural(const gchar *one, const gchar *many, guint64 n)
{
    const gchar *text;

    g_return_val_if_fail(one != NULL && many != NULL, "");

    text = translate(one, n == 1 ? 0 : 1);
    if (text != NULL)
        return text;
    return n == 1 ? one : many;
}

GBytes *
kw_i18n_get_phrases(void)
{
    static gsize phrases = 0;

    if (g_once_init_enter(&phrases)) {
        GBytes *bytes =
            g_resource_lookup_data(kw_i18n_get_resource(), "/org/kurswart/i18n/phrases-de.ini",
                                   G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

        if (bytes == NULL)
            bytes = g_bytes_new_static("", 0);
        g_once_init_leave(&phrases, (gsize) bytes);
    }
    return (GBytes *) phrases;
}
