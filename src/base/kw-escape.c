#include "kw-escape.h"

#include <string.h>

/* Characters that move the cursor or the reader's eye instead of showing something: controls,
 * invisible spaces and joiners, line separators, marks of direction, tags */
static const struct {
    gunichar first, last;
} deceiving[] = {
    {0x0, 0x1f},      {0x7f, 0x9f},     {0x61c, 0x61c},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

static gboolean
is_deceiving(gunichar c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(deceiving); i++)
        if (c >= deceiving[i].first && c <= deceiving[i].last)
            return TRUE;
    return FALSE;
}

static void
append_escaped(GString *out, gunichar c)
{
    if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else if (c == '\r')
        g_string_append(out, "\\r");
    else if (c < 0x80)
        g_string_append_printf(out, "\\x%02x", c);
    else
        g_string_append_printf(out, "\\u%04x", c);
}

gchar *
kw_escape_bytes(const gchar *bytes, gssize len, gsize max_bytes)
{
    GString *out;
    gsize n_bytes, i = 0;

    g_return_val_if_fail(bytes != NULL || len == 0, NULL);

    n_bytes = len < 0 ? strlen(bytes) : (gsize) len;
    out = g_string_sized_new(MIN(n_bytes, max_bytes) + 8);
    while (i < n_bytes && i < max_bytes) {
        gunichar c = g_utf8_get_char_validated(bytes + i, (gssize) (n_bytes - i));

        if (c == (gunichar) -1 || c == (gunichar) -2) {
            g_string_append_printf(out, "\\x%02x", (guchar) bytes[i++]);
            continue;
        }
        if (is_deceiving(c))
            append_escaped(out, c);
        else
            g_string_append_unichar(out, c);
        i += c == 0 ? 1 : (gsize) (g_utf8_next_char(bytes + i) - (bytes + i));
    }
    if (i < n_bytes)
        g_string_append(out, "...");
    return g_string_free(out, FALSE);
}
