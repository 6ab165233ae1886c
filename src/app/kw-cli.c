#include "kw-cli.h"

#include "kw-build-data.h"
#include "kw-error.h"
#include "kw-fault-text.h"
#include "kw-i18n.h"
#include "kw-options.h"
#include "kw-store.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sysexits.h>

void
kw_cli_init(void)
{
    (void) setlocale(LC_CTYPE, "C.UTF-8");
    g_resources_register(kw_data_get_resource());
}

gboolean
kw_cli_parse(int *argc,
             char ***argv,
             const GOptionEntry *entries,
             const gchar *summary,
             const gchar *example,
             int *out_status)
{
    const KwOptionsPage page = {
        .usage = (*argv)[0], .summary = summary, .example = example, .entries = entries};

    return kw_options_parse(argc, argv, &page, out_status);
}

static const gchar *const fault_texts[] = {
    [KW_CONFIG_OK] = "",
    [KW_CONFIG_UNREADABLE] = N_("cannot be read"),
    [KW_CONFIG_SYNTAX] = N_("is neither [section] nor key = value"),
    [KW_CONFIG_UNKNOWN_SECTION] = N_("there is no such section"),
    [KW_CONFIG_UNKNOWN_KEY] = N_("there is no such key"),
    [KW_CONFIG_TWICE] = N_("stands there twice"),
    [KW_CONFIG_EMPTY] = N_("must not be empty"),
    [KW_CONFIG_WRONG_TYPE] = N_("is of the wrong kind"),
    [KW_CONFIG_OUT_OF_RANGE] = N_("is out of range"),
    [KW_CONFIG_NO_CHOICE] = N_("is none of the possible words"),
    [KW_CONFIG_UNKNOWN_ZONE] = N_("is no time zone that this machine knows (package tzdata)"),
    [KW_CONFIG_CONTRADICTION] = N_("does not go with another key"),
};

static void
append_part(GString *line, const gchar *label, const gchar *text)
{
    if (text != NULL && text[0] != '\0')
        g_string_append_printf(line, "\n    %s %s", label, text);
}

static gchar *
problem_text(const KwConfigProblem *problem)
{
    GString *line = g_string_new("  ");

    if (problem->origin != NULL)
        g_string_append(line, problem->origin);
    if (problem->line > 0)
        g_string_append_printf(line, ":%u", problem->line);
    if (problem->section != NULL)
        g_string_append_printf(line, " [%s]", problem->section);
    if (problem->key != NULL)
        g_string_append_printf(line, " %s", problem->key);
    if (problem->value != NULL && problem->key != NULL)
        g_string_append_printf(line, " = %s", problem->value);
    g_string_append_printf(line, ": %s", _(fault_texts[problem->fault]));
    if (problem->value != NULL && problem->key == NULL) /* what the system, or the line, says */
        g_string_append_printf(line, " (%s)", problem->value);
    append_part(line, _("allowed:"), problem->expected);
    append_part(line, _("for example:"), problem->example);
    append_part(line, _("did you mean:"), problem->suggestion);
    return g_string_free(line, FALSE);
}

int
kw_cli_report_problems(const GPtrArray *problems)
{
    g_printerr("kurswart: %s\n",
               _("The configuration has faults; nothing was started or changed."));
    for (guint i = 0; i < problems->len; i++) {
        g_autofree gchar *text = problem_text(problems->pdata[i]);

        g_printerr("%s\n", text);
    }
    return EX_CONFIG;
}

int
kw_cli_fail(int status, const gchar *text, const gchar *mend)
{
    g_printerr("kurswart: %s\n", text);
    if (mend != NULL)
        g_printerr("%s %s\n", _("What helps:"), mend);
    return status;
}

int
kw_cli_fail_as(int status, const GError *error, const gchar *mend)
{
    g_autofree gchar *text = kw_fault_text(error->message);

    return kw_cli_fail(status, text, mend);
}

int
kw_cli_fail_error(const GError *error, const gchar *mend)
{
    int status = EX_SOFTWARE;

    if (error->domain == KW_STORE_ERROR)
        status = error->code == KW_STORE_ERROR_BUSY ? EX_TEMPFAIL : EX_IOERR;
    else if (error->domain == KW_MARKET_ERROR)
        status = EX_DATAERR;
    else if (error->domain == KW_CONFIG_ERROR)
        status = EX_CONFIG;
    else if (error->domain == KW_EXCHANGE_ERROR || error->domain == KW_NET_ERROR)
        status = EX_UNAVAILABLE;
    return kw_cli_fail_as(status, error, mend);
}

gboolean
kw_cli_is_there(const gchar *path)
{
    g_autofree gchar *text = NULL;

    if (path == NULL || g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    text = g_strdup_printf(_("%s does not exist"), path);
    (void) kw_cli_fail(EX_NOINPUT, text, NULL);
    return FALSE;
}

gboolean
kw_cli_parse_date(const gchar *text, KwZone *zone, gint64 *out_us)
{
    g_autoptr(GError) error = NULL;
    KwDate date;

    if (kw_date_parse(text, &date, &error)) {
        *out_us = kw_zone_get_day_start_us(zone, date);
        return TRUE;
    }
    g_printerr("kurswart: \"%s\": %s\n", text, _("not a date; it looks like this: 2024-03-01"));
    return FALSE;
}

int
kw_cli_check_new_root(const gchar *root)
{
    g_autofree gchar *ledger = g_build_filename(root, KW_STORE_LEDGER_FILE, NULL);
    g_autofree gchar *text = NULL;

    if (!g_file_test(ledger, G_FILE_TEST_EXISTS))
        return 0;
    text = g_strdup_printf(_("%s holds the data of a bot already"), root);
    return kw_cli_fail(EX_CANTCREAT, text, _("name a new folder with --root"));
}

gchar *
kw_cli_make_scratch(GError **error)
{
    return g_dir_make_tmp("kurswart-XXXXXX", error);
}

void
kw_cli_remove_scratch(const gchar *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR) &&
            !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
            kw_cli_remove_scratch(child);
        else
            (void) g_remove(child);
    }
    (void) g_rmdir(path);
}
