#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-model.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lock-file.h"
#include "kw-model-check.h"
#include "kw-model-page.h"
#include "kw-model-runs.h"
#include "kw-options.h"
#include "kw-train-page.h"

#include <signal.h>
#include <string.h>
#include <sysexits.h>

#define DEFAULT_NAME "boost"
#define DEFAULT_KEEP 5

typedef struct {
    gchar *root, *name; /* owned */
    gboolean is_json, is_ungated;
    gint keep;
    const gchar *tag; /* of argv; NULL without */
    KwRegistry *registry;
    KwDataPage *page;
} Desk;

typedef struct {
    const gchar *name;
    int (*run)(Desk *desk);
    const gchar *usage, *summary;
    gboolean takes_tag;
    const gchar *own; /* option of this part alone; NULL without */
    const gchar *example;
} Part;

static void
desk_clear(Desk *self)
{
    g_free(self->root);
    g_free(self->name);
    kw_registry_free(self->registry);
    kw_data_page_free(self->page);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static int
refuse(const GError *error)
{
    g_autofree gchar *reason = kw_train_page_refusal_text(error);
    const gchar *mend = NULL;

    if (g_error_matches(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_GATE))
        mend = _("look with kurswart model show, or --ungated if you want it all the same");
    return kw_cli_fail(KW_EXIT_NO, reason, mend);
}

/* The version that was typed. Returns: %FALSE after complaining */
static gboolean
read_tag(const Desk *desk, KwModelVersion *out)
{
    if (desk->tag != NULL && kw_model_version_parse(desk->tag, out))
        return TRUE;
    (void) kw_cli_fail(KW_EXIT_USAGE, _("which version? It looks like this: v1.0.0"),
                       "kurswart model list");
    return FALSE;
}

/* -- list -- */

static void
list_version(Desk *desk, KwModelVersion version, gboolean is_promoted, JsonBuilder *builder)
{
    g_autofree gchar *path = kw_registry_dup_path(desk->registry, version);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwModel) model = kw_model_load(path, &error);
    g_autofree gchar *line = NULL;
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    (void) kw_model_version_to_text(version, text);
    if (builder != NULL) {
        json_builder_begin_object(builder);
        kw_json_add_string(builder, "version", text);
        kw_json_add_bool(builder, "promoted", is_promoted);
        kw_json_add_bool(builder, "usable", model != NULL);
        kw_json_add_string(builder, "hash", model != NULL ? kw_model_get_hash(model) : NULL);
        kw_json_add_string(builder, "trees_hash",
                           model != NULL ? kw_model_get_trees_hash(model) : NULL);
        json_builder_end_object(builder);
        return;
    }
    g_string_append_printf(desk->page->out, "%s %-9s ", is_promoted ? "*" : " ", text);
    if (model == NULL) {
        g_autofree gchar *reason = kw_train_page_refusal_text(error);

        g_string_append_printf(desk->page->out, "%s\n", reason);
        return;
    }
    line = kw_model_page_dup_line(model);
    g_string_append_printf(desk->page->out, "%s\n", line);
}

static int
run_list(Desk *desk)
{
    g_autoptr(GArray) versions = kw_registry_list(desk->registry);
    g_autoptr(JsonBuilder) builder = desk->is_json ? json_builder_new() : NULL;
    KwModelVersion promoted = {0};
    gboolean has_promoted = kw_registry_get_promoted(desk->registry, &promoted);

    if (builder != NULL)
        json_builder_begin_array(builder);
    for (guint i = 0; i < versions->len; i++) {
        KwModelVersion version = g_array_index(versions, KwModelVersion, i);

        list_version(desk, version,
                     has_promoted && kw_model_version_cmp(version, promoted) == 0, builder);
    }
    if (builder != NULL) {
        g_autofree gchar *text = NULL;

        json_builder_end_array(builder);
        text = kw_json_builder_to_text(builder);
        g_string_append_printf(desk->page->out, "%s\n", text);
    } else if (versions->len == 0) {
        g_string_append_printf(desk->page->out, "%s\n",
                               _("No model yet; kurswart train makes one."));
    } else {
        g_string_append_printf(desk->page->out, "%s\n",
                               has_promoted ? _("* is in use") : _("none is in use"));
    }
    return 0;
}

/* -- show, verify -- */

static int
run_verify(Desk *desk)
{
    KwModelVersion version;
    g_autofree gchar *path = NULL;
    g_autoptr(KwModel) model = NULL;
    g_autoptr(GError) error = NULL;

    if (!read_tag(desk, &version))
        return KW_EXIT_USAGE;
    path = kw_registry_dup_path(desk->registry, version);
    model = kw_model_load(path, &error);
    if (model == NULL)
        return refuse(error);
    g_string_append_printf(desk->page->out,
                           _("%s: all files as recorded, predictions as in training\n"),
                           desk->tag);
    return 0;
}

static int
run_show(Desk *desk)
{
    KwModelVersion version;
    g_autofree gchar *path = NULL;
    g_autofree gchar *metrics_path = NULL;
    g_autofree gchar *metrics = NULL;
    g_autoptr(KwModel) model = NULL;
    g_autoptr(GError) error = NULL;

    if (!read_tag(desk, &version))
        return KW_EXIT_USAGE;
    path = kw_registry_dup_path(desk->registry, version);
    model = kw_model_load(path, &error);
    if (model == NULL)
        return refuse(error);
    if (!desk->is_json) {
        g_autofree gchar *page = kw_model_page_to_text(model, path, desk->page->format);

        g_string_append_printf(desk->page->out, _("Model: %s %s\n\n%s"), desk->name, desk->tag,
                               page);
        return 0;
    }
    metrics_path = g_build_filename(path, "metrics.json", NULL);
    if (!g_file_get_contents(metrics_path, &metrics, NULL, &error))
        return kw_cli_fail_as(EX_IOERR, error, NULL);
    g_string_append_printf(desk->page->out, "%s\n", metrics);
    return 0;
}

/* -- changing -- */

static void
print_in_use(Desk *desk, KwModelVersion version)
{
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    g_string_append_printf(desk->page->out, _("In use: %s %s\n"), desk->name,
                           kw_model_version_to_text(version, text));
}

static int
run_promote(Desk *desk)
{
    KwModelVersion version;
    g_autoptr(GError) error = NULL;

    if (!read_tag(desk, &version))
        return KW_EXIT_USAGE;
    if (!kw_registry_promote(desk->registry, version,
                             desk->is_ungated ? KW_PROMOTE_UNGATED : KW_PROMOTE_GATED,
                             desk->page->now_us, &error))
        return refuse(error);
    print_in_use(desk, version);
    return 0;
}

static int
run_rollback(Desk *desk)
{
    KwModelVersion version;
    g_autoptr(GError) error = NULL;

    if (desk->tag == NULL) {
        if (!kw_registry_get_previous(desk->registry, &version))
            return kw_cli_fail(KW_EXIT_NO, _("no other version was in use before"),
                               "kurswart model promote VERSION");
    } else if (!read_tag(desk, &version)) {
        return KW_EXIT_USAGE;
    }
    if (!kw_registry_rollback(desk->registry, version, desk->page->now_us, &error))
        return refuse(error);
    print_in_use(desk, version);
    return 0;
}

static int
run_prune(Desk *desk)
{
    if (desk->keep < 0)
        return kw_cli_fail(KW_EXIT_USAGE, _("--keep is at least 0"), NULL);
    g_string_append_printf(desk->page->out, _("Versions removed: %u\n"),
                           kw_registry_prune(desk->registry, (guint) desk->keep));
    return 0;
}

static int
run_check(Desk *desk)
{
    const KwModelCheck check = {desk->root, desk->name, desk->registry, desk->page};

    return kw_model_check_run(&check);
}

/* Also one that the bot has begun. What it has written stays: --resume goes on from it. */
static int
run_stop(Desk *desk)
{
    g_autofree gchar *folder =
        g_build_filename(desk->root, KW_REGISTRY_FOLDER, desk->name, NULL);
    gint pid = kw_lock_file_get_holder(folder);

    if (pid <= 0 || kill(pid, SIGTERM) != 0)
        return kw_cli_fail(KW_EXIT_NO, _("no training of this model is running"), NULL);
    g_string_append_printf(desk->page->out, _("Training of %s stopped (process %d)\n"),
                           desk->name, pid);
    return 0;
}

static int
run_runs(Desk *desk)
{
    return kw_model_runs_print(desk->root, desk->page,
                               desk->is_json ? kw_model_runs_write_json
                                             : kw_model_runs_write_text);
}

/* -- the verb -- */

static const Part parts[] = {
    {"list", run_list, "model list", N_("versions, and which one is in use"), FALSE, NULL,
     "list"},
    {"show", run_show, "model show VERSION", N_("what a version was made of, and its figures"),
     TRUE, NULL, "show v1.0.0"},
    {"verify", run_verify, "model verify VERSION", N_("files and predictions of a version"),
     TRUE, NULL, "verify v1.0.0"},
    {"promote", run_promote, "model promote VERSION", N_("put a version to use"), TRUE,
     "ungated", "promote v1.0.0 --ungated"},
    {"rollback", run_rollback, "model rollback [VERSION]",
     N_("back to a version that was in use before"), TRUE, NULL, "rollback"},
    {"check", run_check, "model check", N_("whether it is time to train anew"), FALSE, NULL,
     "check"},
    {"runs", run_runs, "model runs",
     N_("steps of trainings, backtests and searches, with time and result"), FALSE, NULL,
     "runs"},
    {"stop", run_stop, "model stop", N_("end a training that is running"), FALSE, NULL, "stop"},
    {"prune", run_prune, "model prune", N_("remove old versions"), FALSE, "keep",
     "prune --keep 3"},
};

static void
print_help(void)
{
    g_print("%s\n\n", _("kurswart model PART [OPTIONS]: the registry of models"));
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_print("  %-9s %s\n", parts[i].name, _(parts[i].summary));
    g_print("\n%s\n  kurswart model promote v1.2.0\n", _("Example:"));
}

static int
run_part(const Part *part, int argc, char **argv)
{
    g_auto(Desk) desk = {.keep = DEFAULT_KEEP};
    const GOptionEntry own[] = {
        {"ungated", 0, 0, G_OPTION_ARG_NONE, &desk.is_ungated,
         N_("also what has not passed the gate"), NULL},
        {"keep", 0, 0, G_OPTION_ARG_INT, &desk.keep, N_("newest versions that stay (5)"), "N"},
    };
    GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &desk.name, N_("name of the model (boost)"),
         "NAME"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &desk.root, N_("data folder"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &desk.is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL, /* place for an option of this part */
        G_OPTION_ENTRY_NULL};
    g_autofree gchar *example = g_strdup_printf("kurswart model %s", part->example);
    const KwOptionsPage page = {.usage = part->usage,
                                .summary = part->summary,
                                .example = example,
                                .entries = entries,
                                .max_args = part->takes_tag ? 1 : 0};
    g_autoptr(GError) error = NULL;
    int status = KW_EXIT_USAGE;

    for (gsize i = 0; part->own != NULL && i < G_N_ELEMENTS(own); i++) {
        if (g_str_equal(own[i].long_name, part->own))
            entries[G_N_ELEMENTS(entries) - 2] = own[i];
    }
    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    desk.tag = argc > 1 ? argv[1] : NULL;
    if (desk.name == NULL)
        desk.name = g_strdup(DEFAULT_NAME);
    if (!kw_registry_is_name(desk.name))
        return kw_cli_fail(KW_EXIT_USAGE, _("--name: small letters, digits and _ only"), NULL);
    desk.page = kw_data_page_new(&error);
    if (desk.page == NULL)
        return kw_cli_fail_as(EX_SOFTWARE, error, NULL);
    if (desk.root == NULL)
        desk.root = kw_settings_dup_usual_root();
    desk.registry = kw_registry_new(desk.root, desk.name);
    return kw_data_page_end(desk.page, part->run(&desk));
}

int
kw_verb_model(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    for (gsize i = 0; argc >= 2 && i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(argv[1], parts[i].name) == 0)
            return run_part(&parts[i], argc - 1, argv + 1);
    }
    return kw_cli_fail(
        KW_EXIT_USAGE,
        _("model needs one of list, show, verify, promote, rollback, check, runs, stop, prune"),
        "kurswart model --help");
}
