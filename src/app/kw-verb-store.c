#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-store.h"

#include "kw-backup.h"
#include "kw-clock.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-options.h"
#include "kw-store.h"

#include <json-glib/json-glib.h>

#include <sysexits.h>

#define EXIT_USAGE 2

typedef struct {
    gchar *root, *folder; /* owned */
    gint keep;
    gboolean is_json;
} Options;

static void
options_clear(Options *options)
{
    g_clear_pointer(&options->root, g_free);
    g_clear_pointer(&options->folder, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gchar *
usual_root(void)
{
    const gchar *state = g_getenv("STATE_DIRECTORY"); /* set by systemd for the service */

    if (state != NULL && *state != '\0')
        return g_strdup(state);
    return g_build_filename(g_get_user_data_dir(), "kurswart", NULL);
}

static int
fail(int status, const gchar *text, const GError *error)
{
    g_printerr("kurswart: %s%s%s\n", text, error == NULL ? "" : ": ",
               error == NULL ? "" : error->message);
    return status;
}

/* @verb: "backup" or "restore" */
static gboolean
parse_options(int argc,
              char **argv,
              const gchar *verb,
              const gchar *summary,
              Options *out,
              int *out_status)
{
    const gboolean is_backup = g_str_equal(verb, "backup");
    const GOptionEntry entries[] = {
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &out->root, N_("data root"), "DIR"},
        {is_backup ? "to" : "from", 0, 0, G_OPTION_ARG_FILENAME, &out->folder,
         is_backup ? N_("folder of backups (backup in the data root)")
                   : N_("a backup, or the folder of all: then the newest"),
         "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &out->is_json, N_("machine-readable output"), NULL},
        {is_backup ? "keep" : NULL, 0, 0, G_OPTION_ARG_INT, &out->keep,
         N_("newest backups to keep (7)"), "N"},
        G_OPTION_ENTRY_NULL};
    const KwOptionsPage page = {
        .usage = verb,
        .summary = summary,
        .example = is_backup ? "kurswart backup --to /srv/backup"
                             : "kurswart restore --from /srv/backup",
        .entries = entries,
    };

    if (!kw_options_parse(&argc, &argv, &page, out_status))
        return FALSE;
    if (out->keep < 1) {
        *out_status = fail(EXIT_USAGE, _("--keep is at least 1"), NULL);
        return FALSE;
    }
    if (out->root == NULL)
        out->root = usual_root();
    if (out->folder == NULL)
        out->folder = g_build_filename(out->root, KW_BACKUP_FOLDER, NULL);
    return TRUE;
}

static int
status_of(const GError *error)
{
    if (error->domain != KW_STORE_ERROR)
        return EX_IOERR;
    switch ((KwStoreError) error->code) {
    case KW_STORE_ERROR_BUSY:
        return EX_TEMPFAIL;
    case KW_STORE_ERROR_FULL:
        return EX_CANTCREAT;
    case KW_STORE_ERROR_CORRUPT:
    case KW_STORE_ERROR_NEWER:
        return EX_DATAERR;
    case KW_STORE_ERROR_OPEN:
    case KW_STORE_ERROR_IO:
    case KW_STORE_ERROR_EXISTS:
    case KW_STORE_ERROR_QUERY:
        return EX_IOERR;
    }
    return EX_IOERR;
}

static gint64
now_us(void)
{
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();

    return kw_clock_now_us(KW_CLOCK(clock));
}

/* One line: the text with @path, or {"member": path} */
static void
print_result(const Options *options, const gchar *text, const gchar *member, const gchar *path)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *line = NULL;

    if (!options->is_json) {
        g_print("%s: %s\n", text, path);
        return;
    }
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, member);
    json_builder_add_string_value(builder, path);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    line = json_to_string(root, FALSE);
    g_print("%s\n", line);
}

int
kw_verb_backup(int argc, char **argv)
{
    g_auto(Options) options = {.keep = KW_BACKUP_KEEP};
    g_autofree gchar *path = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!parse_options(argc, argv, "backup",
                       _("Writes a verified copy of the data, also while the bot runs."),
                       &options, &status))
        return status;
    if (!kw_backup_make(options.root, options.folder, now_us(), (guint) options.keep, &path,
                        &error))
        return fail(status_of(error), _("no backup was made, older ones are untouched"), error);
    print_result(&options, _("backup written and verified"), "backup", path);
    return 0;
}

/* (transfer full) (nullable): the folder itself if it is a backup, else the newest in it */
static gchar *
find_backup(const gchar *folder)
{
    g_autofree gchar *ledger = g_build_filename(folder, KW_STORE_LEDGER_FILE, NULL);

    if (g_file_test(ledger, G_FILE_TEST_EXISTS))
        return g_strdup(folder);
    return kw_backup_find_newest(folder);
}

int
kw_verb_restore(int argc, char **argv)
{
    g_auto(Options) options = {.keep = KW_BACKUP_KEEP};
    g_autofree gchar *aside = NULL;
    g_autofree gchar *path = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    if (!parse_options(argc, argv, "restore",
                       _("Puts a copy back; what was there before is kept beside it."),
                       &options, &status))
        return status;
    path = find_backup(options.folder);
    if (path == NULL)
        return fail(EX_NOINPUT, _("there is no backup"), NULL);
    if (!kw_backup_restore(options.root, path, now_us(), &aside, &error))
        return fail(status_of(error), _("nothing was restored"), error);
    print_result(&options, _("restored; what was there before is now in"), "aside", aside);
    return 0;
}
