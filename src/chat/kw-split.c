#include "kw-split.h"

#include <string.h>

static gsize
count_one(gunichar c, const gchar *at, KwSplitUnit unit)
{
    if (unit == KW_SPLIT_UTF16)
        return c > 0xffff ? 2 : 1;
    return (gsize) (g_utf8_next_char(at) - at);
}

gsize
kw_split_count(const gchar *text, gssize length, KwSplitUnit unit)
{
    const gchar *end;
    gsize n = 0;

    g_return_val_if_fail(text != NULL, 0);

    end = length < 0 ? text + strlen(text) : text + length;
    for (const gchar *p = text; p < end; p = g_utf8_next_char(p))
        n += count_one(g_utf8_get_char(p), p, unit);
    return n;
}

/* Where @max units end */
static const gchar *
find_limit(const gchar *text, gsize max, KwSplitUnit unit)
{
    gsize n = 0;
    const gchar *p = text;

    while (*p != '\0') {
        n += count_one(g_utf8_get_char(p), p, unit);
        if (n > max)
            return p;
        p = g_utf8_next_char(p);
    }
    return p;
}

/* The last @mark that begins behind the first third of the piece; a cut further in front would
 * leave a stump. */
static const gchar *
find_last(const gchar *text, const gchar *limit, const gchar *mark)
{
    const gchar *earliest = text + (limit - text) / 3;

    for (const gchar *p = limit; p > earliest; p--) {
        if (strncmp(p, mark, strlen(mark)) == 0)
            return p;
    }
    return NULL;
}

static const gchar *
find_cut(const gchar *text, const gchar *limit)
{
    static const gchar *const marks[] = {"\n\n", "\n", " "};

    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        const gchar *cut = find_last(text, limit, marks[i]);

        if (cut != NULL)
            return cut;
    }
    return limit;
}

gchar **
kw_split_text(const gchar *text, gsize max, KwSplitUnit unit)
{
    g_autoptr(GStrvBuilder) pieces = g_strv_builder_new();
    const gchar *at = text;

    g_return_val_if_fail(text != NULL && max >= 4, NULL);

    while (TRUE) {
        const gchar *limit = find_limit(at, max, unit);
        const gchar *cut = *limit == '\0' ? limit : find_cut(at, limit);
        g_autofree gchar *piece = g_strndup(at, (gsize) (cut - at));

        g_strv_builder_add(pieces, g_strchomp(piece));
        at = cut;
        while (g_ascii_isspace(*at))
            at++;
        if (*at == '\0')
            return g_strv_builder_end(pieces);
    }
}
