#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-config.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-options.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sysexits.h>

typedef struct {
    gchar *config, *limits, *root; /* owned */
    gboolean is_json;
    GPtrArray *problems;
    KwSettings *settings; /* NULL: there are problems */
} Config;

static void
config_clear(Config *self)
{
    g_free(self->config);
    g_free(self->limits);
    g_free(self->root);
    g_clear_pointer(&self->problems, g_ptr_array_unref);
    g_clear_pointer(&self->settings, kw_settings_free);
}

/* -- JSON -- */

static void
add_text(JsonBuilder *builder, const gchar *name, const gchar *text)
{
    (void) json_builder_set_member_name(builder, name);
    if (text != NULL)
        (void) json_builder_add_string_value(builder, text);
    else
        (void) json_builder_add_null_value(builder);
}

static void
begin_array(JsonBuilder *builder, const gchar *name)
{
    (void) json_builder_set_member_name(builder, name);
    (void) json_builder_begin_array(builder);
}

static void
print_json(JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree gchar *text = json_to_string(root, TRUE);

    g_print("%s\n", text);
}

static void
add_problem(JsonBuilder *builder, const KwConfigProblem *problem)
{
    g_autofree gchar *text = kw_config_problem_to_string(problem);

    (void) json_builder_begin_object(builder);
    add_text(builder, "file", problem->origin);
    (void) json_builder_set_member_name(builder, "line");
    (void) json_builder_add_int_value(builder, problem->line);
    add_text(builder, "section", problem->section);
    add_text(builder, "key", problem->key);
    add_text(builder, "value", problem->value);
    add_text(builder, "expected", problem->expected);
    add_text(builder, "example", problem->example);
    add_text(builder, "text", text);
    (void) json_builder_end_object(builder);
}

static void
print_problems_json(const GPtrArray *problems)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    (void) json_builder_begin_object(builder);
    (void) json_builder_set_member_name(builder, "ok");
    (void) json_builder_add_boolean_value(builder, problems->len == 0);
    begin_array(builder, "problems");
    for (guint i = 0; i < problems->len; i++)
        add_problem(builder, problems->pdata[i]);
    (void) json_builder_end_array(builder);
    (void) json_builder_end_object(builder);
    print_json(builder);
}

static int
report_problems(const Config *self)
{
    if (!self->is_json)
        return kw_cli_report_problems(self->problems);
    print_problems_json(self->problems);
    return EX_CONFIG;
}

/* -- config show -- */

static const gchar *
source_text(KwConfigSource source)
{
    switch (source) {
    case KW_CONFIG_SOURCE_DEFAULT:
        return _("default");
    case KW_CONFIG_SOURCE_FILE:
        return _("file");
    case KW_CONFIG_SOURCE_ENVIRONMENT:
        return _("environment");
    case KW_CONFIG_SOURCE_OPTION:
        return _("option");
    }
    g_return_val_if_reached("");
}

static const gchar *
path_text(const gchar *path)
{
    return path != NULL ? path : _("no file; the defaults count");
}

static void
print_file(const KwConfig *config, const gchar *path)
{
    const KwConfigTable *table = kw_config_get_table(config);
    const gchar *section = "";

    g_print("# %s: %s\n", table->file_name, path_text(path));
    for (gsize i = 0; i < table->n_rows; i++) {
        const KwConfigRow *row = &table->rows[i];
        g_autofree gchar *line = g_strdup_printf(
            "%s = %s", row->key, kw_config_get_string(config, row->section, row->key));

        if (strcmp(section, row->section) != 0)
            g_print("\n[%s]\n", row->section);
        section = row->section;
        g_print("%-44s # %s\n", line,
                source_text(kw_config_get_source(config, row->section, row->key)));
    }
    g_print("\n");
}

static void
add_file(JsonBuilder *builder, const KwConfig *config, const gchar *path)
{
    const KwConfigTable *table = kw_config_get_table(config);

    (void) json_builder_begin_object(builder);
    add_text(builder, "file", table->file_name);
    add_text(builder, "path", path);
    begin_array(builder, "values");
    for (gsize i = 0; i < table->n_rows; i++) {
        const KwConfigRow *row = &table->rows[i];

        (void) json_builder_begin_object(builder);
        add_text(builder, "section", row->section);
        add_text(builder, "key", row->key);
        add_text(builder, "value", kw_config_get_string(config, row->section, row->key));
        add_text(
            builder, "source",
            kw_config_source_to_string(kw_config_get_source(config, row->section, row->key)));
        (void) json_builder_end_object(builder);
    }
    (void) json_builder_end_array(builder);
    (void) json_builder_end_object(builder);
}

static void
print_all_json(const KwSettings *settings)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    (void) json_builder_begin_object(builder);
    add_text(builder, "root", settings->root);
    add_text(builder, "socket", settings->socket);
    add_text(builder, "strategy", settings->book.strategy_path);
    begin_array(builder, "files");
    add_file(builder, settings->bot, settings->config_path);
    add_file(builder, settings->limits, settings->limits_path);
    (void) json_builder_end_array(builder);
    (void) json_builder_end_object(builder);
    print_json(builder);
}

static int
show(Config *self)
{
    const KwSettings *settings = self->settings;

    if (settings == NULL)
        return report_problems(self);
    if (self->is_json) {
        print_all_json(settings);
        return 0;
    }
    print_file(settings->bot, settings->config_path);
    print_file(settings->limits, settings->limits_path);
    g_print("# %s %s\n# %s %s\n# %s %s\n", _("data root:"), settings->root, _("admin socket:"),
            settings->socket, _("strategy:"), settings->book.strategy_path);
    return 0;
}

/* -- config check -- */

static int
check(Config *self)
{
    if (self->settings == NULL)
        return report_problems(self);
    if (self->is_json)
        print_problems_json(self->problems);
    else
        g_print(_("The configuration is fine (kurswart.conf: %s; limits.conf: %s).\n"),
                path_text(self->settings->config_path), path_text(self->settings->limits_path));
    return 0;
}

/* -- the verb -- */

static const struct {
    const gchar *name;
    const gchar *summary;
    const gchar *example;
    int (*run)(Config *self);
} parts[] = {
    {"show", N_("the values that count, and where each comes from"),
     "kurswart config show --json", show},
    {"check", N_("all faults of both files at once; exit status 78 when there are any"),
     "kurswart config check --config ./kurswart.conf", check},
};

static void
print_help(void)
{
    g_print("%s\n\n", _("kurswart config PART [OPTIONS]: the configuration as it counts"));
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        g_print("  %-8s %s\n", parts[i].name, _(parts[i].summary));
    g_print("\n%s\n  --config, --limits, --root, --json\n",
            _("Options of both (explained by kurswart config show --help):"));
    g_print("\n%s\n  %s\n", _("Example:"), parts[1].example);
}

static void
load(Config *self)
{
    const KwSettingsPaths paths = {self->config, self->limits, self->root};
    g_auto(GStrv) environment = g_get_environ();

    self->problems = kw_config_problems_new();
    self->settings =
        kw_settings_load(&paths, (const gchar *const *) environment, NULL, self->problems);
}

static int
run_part(guint part, int argc, char **argv)
{
    Config self = {0};
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self.config, N_("kurswart.conf to read"),
         "FILE"},
        {"limits", 0, 0, G_OPTION_ARG_FILENAME, &self.limits, N_("limits.conf to read"),
         "FILE"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self.root, N_("data root"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self.is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autofree gchar *usage = g_strdup_printf("config %s", parts[part].name);
    const KwOptionsPage page = {usage, _(parts[part].summary), parts[part].example, entries, 0};
    int status = 0;

    if (kw_options_parse(&argc, &argv, &page, &status)) {
        load(&self);
        status = parts[part].run(&self);
    }
    config_clear(&self);
    return status;
}

int
kw_verb_config(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help();
        return 0;
    }
    for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(argv[1], parts[i].name) == 0)
            return run_part(i, argc - 1, argv + 1);
    }
    return kw_cli_fail(KW_EXIT_USAGE,
                       _("config needs one of show, check; see kurswart config --help"), NULL);
}
