#include "kw-config-problem.h"

#include "kw-error.h"

#include <string.h>

#define MAX_NAME 64

void
kw_config_problem_free(KwConfigProblem *problem)
{
    if (problem == NULL)
        return;
    g_free(problem->origin);
    g_free(problem->section);
    g_free(problem->key);
    g_free(problem->value);
    g_free(problem->expected);
    g_free(problem->example);
    g_free(problem->suggestion);
    g_free(problem);
}

GPtrArray *
kw_config_problems_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify) kw_config_problem_free);
}

static const gchar *
fault_to_string(KwConfigFault fault)
{
    switch (fault) {
    case KW_CONFIG_OK:
        return "ok";
    case KW_CONFIG_UNREADABLE:
        return "cannot be read";
    case KW_CONFIG_SYNTAX:
        return "is neither a [section] nor key = value";
    case KW_CONFIG_UNKNOWN_SECTION:
        return "unknown section";
    case KW_CONFIG_UNKNOWN_KEY:
        return "unknown key";
    case KW_CONFIG_TWICE:
        return "is there twice";
    case KW_CONFIG_EMPTY:
        return "must not be empty";
    case KW_CONFIG_WRONG_TYPE:
        return "is not of the right form";
    case KW_CONFIG_OUT_OF_RANGE:
        return "is out of range";
    case KW_CONFIG_NO_CHOICE:
        return "is none of the choices";
    case KW_CONFIG_UNKNOWN_ZONE:
        return "is no time zone with data on this machine";
    case KW_CONFIG_CONTRADICTION:
        return "contradicts another key";
    }
    g_return_val_if_reached("");
}

gchar *
kw_config_problem_to_string(const KwConfigProblem *problem)
{
    GString *text = g_string_new(NULL);

    g_return_val_if_fail(problem != NULL, NULL);

    g_string_append(text, problem->origin != NULL ? problem->origin : "option");
    if (problem->line > 0)
        g_string_append_printf(text, ":%u", problem->line);
    g_string_append(text, ":");
    if (problem->section != NULL)
        g_string_append_printf(text, " [%s]", problem->section);
    if (problem->key != NULL)
        g_string_append_printf(text, " %s", problem->key);
    if (problem->value != NULL)
        g_string_append_printf(text, " = \"%s\"", problem->value);
    g_string_append_printf(text, " %s", fault_to_string(problem->fault));
    if (problem->suggestion != NULL)
        g_string_append_printf(text, "; did you mean \"%s\"?", problem->suggestion);
    if (problem->expected != NULL)
        g_string_append_printf(text, "; allowed: %s", problem->expected);
    if (problem->example != NULL)
        g_string_append_printf(text, "; example: %s", problem->example);
    return g_string_free(text, FALSE);
}

gboolean
kw_config_problems_to_error(GPtrArray *problems, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_return_val_if_fail(problems != NULL, FALSE);

    if (problems->len == 0)
        return TRUE;
    for (guint i = 0; i < problems->len; i++) {
        g_autofree gchar *line = kw_config_problem_to_string(g_ptr_array_index(problems, i));

        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", line);
    }
    g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID, text->str);
    return FALSE;
}

/* Letters to change, add or drop between the names (Levenshtein, one row at a time) */
static guint
distance(const gchar *a, const gchar *b)
{
    guint row[MAX_NAME + 1];
    gsize len = strlen(b);

    if (strlen(a) > MAX_NAME || len > MAX_NAME)
        return G_MAXUINT;
    for (gsize j = 0; j <= len; j++)
        row[j] = (guint) j;
    for (gsize i = 0; a[i] != '\0'; i++) {
        guint corner = row[0];

        row[0] = (guint) i + 1;
        for (gsize j = 0; j < len; j++) {
            guint change = corner + (g_ascii_tolower(a[i]) != g_ascii_tolower(b[j]));

            corner = row[j + 1];
            row[j + 1] = MIN(change, MIN(row[j], corner) + 1);
        }
    }
    return row[len];
}

gchar *
kw_config_problem_dup_nearest(const gchar *name, GPtrArray *names)
{
    const gchar *best = NULL;
    guint best_distance = G_MAXUINT;

    g_return_val_if_fail(name != NULL && names != NULL, NULL);

    for (guint i = 0; i < names->len; i++) {
        guint d = distance(name, g_ptr_array_index(names, i));

        if (d < best_distance) {
            best_distance = d;
            best = g_ptr_array_index(names, i);
        }
    }
    /* a third of the letters wrong is another word, not a slip */
    return best_distance <= MAX(2, strlen(name) / 3) ? g_strdup(best) : NULL;
}
