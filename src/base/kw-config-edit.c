/* kw-config-edit.c: a configuration changed without losing what the owner wrote into it
 *
 * Writing the file from the loaded values would drop comments, order and every commented line
 * of the sample; GKeyFile keeps comments, but not those behind the last key of a section, and
 * it moves blanks. So lines are looked at one by one and only one of them is changed. */
#include "kw-config-edit.h"

#include <string.h>

typedef struct {
    gchar **lines;   /* borrowed */
    gint set;        /* line that sets the key; -1: none */
    gint sample;     /* commented line of the key; -1: none */
    gint last;       /* last line of the section that is not blank; -1: no such section */
    gboolean inside; /* while walking: in the section */
} Place;

static gboolean
is_header(const gchar *line, const gchar *section)
{
    gsize length = strlen(section);

    return line[0] == '[' && strncmp(line + 1, section, length) == 0 && line[length + 1] == ']';
}

/* "key = ..." */
static gboolean
sets_key(const gchar *line, const gchar *key)
{
    gsize length = strlen(key);

    if (strncmp(line, key, length) != 0)
        return FALSE;
    line += length;
    while (g_ascii_isspace(*line))
        line++;
    return *line == '=';
}

static void
look_at(Place *place, gint index, const gchar *section, const gchar *key)
{
    const gchar *line = place->lines[index];

    while (g_ascii_isspace(*line))
        line++;
    if (*line == '[')
        place->inside = is_header(line, section);
    if (!place->inside || *line == '\0')
        return;
    place->last = index;
    if (sets_key(line, key))
        place->set = index;
    else if (*line == '#' && sets_key(line + 1, key) && place->sample < 0)
        place->sample = index;
}

gchar *
kw_config_edit_set(const gchar *text,
                   const gchar *section,
                   const gchar *key,
                   const gchar *value)
{
    g_auto(GStrv) lines = NULL;
    g_autofree gchar *wanted = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    Place place = {.set = -1, .sample = -1, .last = -1};
    gint n, changed;

    g_return_val_if_fail(text != NULL && section != NULL && key != NULL, NULL);
    g_return_val_if_fail(value != NULL && strpbrk(value, "\r\n") == NULL, NULL);

    place.lines = lines = g_strsplit(text, "\n", -1);
    n = (gint) g_strv_length(lines);
    n -= n > 0 && lines[n - 1][0] == '\0'; /* behind the last line feed */
    wanted = g_strdup_printf("%s = %s", key, value);
    for (gint i = 0; i < n; i++)
        look_at(&place, i, section, key);
    changed = place.set >= 0 ? place.set : place.sample;
    for (gint i = 0; i < n; i++) {
        g_string_append_printf(out, "%s\n", i == changed ? wanted : lines[i]);
        if (changed < 0 && i == place.last)
            g_string_append_printf(out, "%s\n", wanted);
    }
    if (place.last < 0)
        g_string_append_printf(out, "%s[%s]\n%s\n", n > 0 ? "\n" : "", section, wanted);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
