/* kw-options.c: GOption reads the options; the words are ours
 *
 * GLib's own help and complaints come from its catalogue by the process locale, which is "C"
 * here and has no German on small machines. So help is printed from the entries, unknown
 * options are left over by the parser and named by us, and of GLib's complaint about a value
 * only the name of the option is used. */
#include "kw-options.h"

#include "kw-config-problem.h"
#include "kw-i18n.h"

#include <string.h>

#define EXIT_USAGE 2
#define MAX_LEFT_WIDTH 26

/* What stands for a value; entries name them in English. */
static const gchar *const placeholders[] = {N_("FILE"), N_("DIR"),      N_("DATE"),
                                            N_("PATH"), N_("STRATEGY"), N_("VERSION")};

/* -- help -- */

static const gchar *
translate_placeholder(const gchar *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(placeholders); i++) {
        if (strcmp(word, placeholders[i]) == 0)
            return _(placeholders[i]);
    }
    return word;
}

/* (transfer full): the words in capitals in the owner's language, brackets and dots as they are
 */
static gchar *
translate_usage(const gchar *usage)
{
    GString *out = g_string_new(NULL);

    for (const gchar *at = usage; *at != '\0';) {
        gsize n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        g_autofree gchar *word = g_strndup(at, MAX(n, 1));

        g_string_append(out, n > 1 ? translate_placeholder(word) : word);
        at += MAX(n, 1);
    }
    return g_string_free(out, FALSE);
}

static void
append_entry(GString *out, const GOptionEntry *entry)
{
    g_autoptr(GString) left = g_string_new(NULL);
    glong width;

    if (entry->flags & G_OPTION_FLAG_HIDDEN)
        return;
    if (entry->short_name != 0)
        g_string_append_printf(left, "-%c, ", entry->short_name);
    g_string_append_printf(left, "--%s", entry->long_name);
    if (entry->arg_description != NULL)
        g_string_append_printf(left, " %s", translate_placeholder(entry->arg_description));
    width = g_utf8_strlen(left->str, -1);
    for (; width < MAX_LEFT_WIDTH; width++)
        g_string_append_c(left, ' ');
    g_string_append_printf(out, "  %s  %s\n", left->str,
                           entry->description != NULL ? _(entry->description) : "");
}

gchar *
kw_options_to_text(const KwOptionsPage *page)
{
    GString *out = g_string_new(NULL);
    const GOptionEntry help = {"help", 'h', 0, 0, NULL, N_("this help"), NULL};
    g_autofree gchar *usage = NULL;

    g_return_val_if_fail(page != NULL && page->entries != NULL, NULL);

    usage = translate_usage(page->usage);
    g_string_append_printf(out, _("Usage: kurswart %s [OPTIONS]"), usage);
    if (page->summary != NULL)
        g_string_append_printf(out, "\n\n%s", _(page->summary));
    g_string_append_printf(out, "\n\n%s\n", _("Options:"));
    for (const GOptionEntry *entry = page->entries; entry->long_name != NULL; entry++)
        append_entry(out, entry);
    append_entry(out, &help);
    if (page->example != NULL)
        g_string_append_printf(out, "\n%s\n  %s\n", _("Example:"), page->example);
    return g_string_free(out, FALSE);
}

/* -- complaints -- */

static gboolean
complain(const KwOptionsPage *page, const gchar *text, int *out_status)
{
    g_auto(GStrv) words = g_strsplit(page->usage, " ", -1);
    GString *verb = g_string_new(NULL);

    for (guint i = 0; words[i] != NULL && g_ascii_islower(words[i][0]); i++)
        g_string_append_printf(verb, " %s", words[i]);
    g_printerr("kurswart: %s\n%s kurswart%s --help\n", text, _("All options:"), verb->str);
    g_string_free(verb, TRUE);
    *out_status = EXIT_USAGE;
    return FALSE;
}

/* The entry that a complaint of GLib names, or NULL */
static const GOptionEntry *
find_named(const GOptionEntry *entries, const gchar *message)
{
    const GOptionEntry *found = NULL;

    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        g_autofree gchar *name = g_strdup_printf("--%s", entry->long_name);

        if (strstr(message, name) != NULL &&
            (found == NULL || strlen(entry->long_name) > strlen(found->long_name)))
            found = entry;
    }
    return found;
}

static gboolean
complain_value(const KwOptionsPage *page, const GError *error, int *out_status)
{
    const GOptionEntry *entry = find_named(page->entries, error->message);
    g_autofree gchar *text = NULL;

    if (entry == NULL)
        return complain(page, error->message, out_status);
    if (entry->arg == G_OPTION_ARG_INT || entry->arg == G_OPTION_ARG_INT64)
        text = g_strdup_printf(_("--%s needs a whole number"), entry->long_name);
    else if (entry->arg == G_OPTION_ARG_DOUBLE)
        text = g_strdup_printf(_("--%s needs a number, for example 0.5"), entry->long_name);
    else if (entry->arg == G_OPTION_ARG_NONE)
        text = g_strdup_printf(_("--%s takes no value"), entry->long_name);
    else
        text = g_strdup_printf(_("--%s needs a value"), entry->long_name);
    return complain(page, text, out_status);
}

static gboolean
complain_unknown(const KwOptionsPage *page, const gchar *option, int *out_status)
{
    g_autofree gchar *name = g_strndup(option, strcspn(option, "="));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree gchar *nearest = NULL;
    g_autofree gchar *text = NULL;

    for (const GOptionEntry *entry = page->entries; entry->long_name != NULL; entry++)
        g_ptr_array_add(names, g_strdup_printf("--%s", entry->long_name));
    nearest = kw_config_problem_dup_nearest(name, names);
    if (nearest != NULL)
        text = g_strdup_printf(_("there is no option %s; did you mean %s?"), name, nearest);
    else
        text = g_strdup_printf(_("there is no option %s"), name);
    return complain(page, text, out_status);
}

/* What the parser left: unknown options, then arguments. */
static gboolean
check_rest(int *argc, char **argv, const KwOptionsPage *page, int *out_status)
{
    g_autofree gchar *text = NULL;

    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            memmove(&argv[i], &argv[i + 1], (gsize) (*argc - i) * sizeof argv[0]);
            (*argc)--;
            break;
        }
        if (argv[i][0] == '-' && argv[i][1] != '\0')
            return complain_unknown(page, argv[i], out_status);
    }
    if (*argc - 1 <= page->max_args)
        return TRUE;
    text = g_strdup_printf(_("\"%s\" is too much here"), argv[page->max_args + 1]);
    return complain(page, text, out_status);
}

gboolean
kw_options_parse(int *argc, char ***argv, const KwOptionsPage *page, int *out_status)
{
    gboolean is_help = FALSE;
    const GOptionEntry help[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &is_help, NULL, NULL},
                                 G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_return_val_if_fail(page != NULL && page->entries != NULL, FALSE);

    g_option_context_add_main_entries(context, page->entries, NULL);
    g_option_context_add_main_entries(context, help, NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_ignore_unknown_options(context, TRUE);
    if (!g_option_context_parse(context, argc, argv, &error))
        return complain_value(page, error, out_status);
    if (is_help) {
        g_autofree gchar *text = kw_options_to_text(page);

        g_print("%s", text);
        *out_status = 0;
        return FALSE;
    }
    return check_rest(argc, *argv, page, out_status);
}
