/* kw-config.c: reading a configuration
 *
 * A load works on a copy and changes places with it only when nothing was wrong, so a faulty
 * file never leaves a mixture. The files are key files as GLib writes them, but read here line
 * by line: GKeyFile ends at the first bad line, forgets line numbers and lets a key that is
 * there twice pass, and the owner wants all faults in one go. */
#define G_LOG_DOMAIN "kw-base"

#include "kw-config.h"

#include "kw-escape.h"
#include "kw-log.h"

#include <string.h>

#define MAX_FILE_BYTES (256 * 1024)
#define MAX_NAME_BYTES 80 /* of an environment variable */

typedef struct {
    KwConfigValue value;
    KwConfigSource source;
} Entry;

struct _KwConfig {
    const KwConfigTable *table; /* static */
    Entry *entries;             /* owned; one per row of the table */
};

/* What a load carries along */
typedef struct {
    KwConfig *config;    /* borrowed: the copy */
    GPtrArray *problems; /* borrowed */
    const gchar *origin; /* path or name of variable; NULL for options */
    guint line;
    gchar *section; /* owned; NULL before the first and in unknown ones */
    gboolean *seen; /* owned; per row: is in this file already */
    gboolean skip;  /* in an unknown section */
} Loader;

const gchar *
kw_config_source_to_string(KwConfigSource source)
{
    switch (source) {
    case KW_CONFIG_SOURCE_DEFAULT:
        return "default";
    case KW_CONFIG_SOURCE_FILE:
        return "file";
    case KW_CONFIG_SOURCE_ENVIRONMENT:
        return "environment";
    case KW_CONFIG_SOURCE_OPTION:
        return "option";
    }
    g_return_val_if_reached("");
}

/* -- life -- */

static void
set_preset(KwConfig *self, gsize index)
{
    const KwConfigRow *row = &self->table->rows[index];
    KwConfigFault fault = kw_config_row_parse(row, row->preset, &self->entries[index].value);

    if (fault != KW_CONFIG_OK && row->type == KW_CONFIG_ZONE) {
        /* no zone data here: the text stands, and a load says so */
        self->entries[index].value.text = g_strdup(row->preset);
        return;
    }
    g_return_if_fail(fault == KW_CONFIG_OK);
}

KwConfig *
kw_config_new(const KwConfigTable *table)
{
    KwConfig *self = NULL;

    g_return_val_if_fail(table != NULL, NULL);

    self = g_new0(KwConfig, 1);
    self->table = table;
    self->entries = g_new0(Entry, table->n_rows);
    for (gsize i = 0; i < table->n_rows; i++)
        set_preset(self, i);
    return self;
}

void
kw_config_free(KwConfig *self)
{
    if (self == NULL)
        return;
    for (gsize i = 0; i < self->table->n_rows; i++)
        kw_config_value_clear(&self->entries[i].value);
    g_free(self->entries);
    g_free(self);
}

static KwConfig *
config_copy(const KwConfig *self)
{
    KwConfig *copy = g_new0(KwConfig, 1);

    copy->table = self->table;
    copy->entries = g_memdup2(self->entries, self->table->n_rows * sizeof(Entry));
    for (gsize i = 0; i < self->table->n_rows; i++) {
        KwConfigValue *value = &copy->entries[i].value;

        value->text = g_strdup(value->text);
        value->list = g_strdupv(value->list);
    }
    return copy;
}

static void
swap_entries(KwConfig *a, KwConfig *b)
{
    Entry *entries = a->entries;

    a->entries = b->entries;
    b->entries = entries;
}

/* -- problems -- */

static KwConfigProblem *
add_problem(const Loader *loader, KwConfigFault fault, const gchar *section, const gchar *key)
{
    KwConfigProblem *problem = g_new0(KwConfigProblem, 1);

    problem->fault = fault;
    problem->origin = g_strdup(loader->origin);
    problem->line = loader->line;
    problem->section = g_strdup(section);
    problem->key = g_strdup(key);
    g_ptr_array_add(loader->problems, problem);
    return problem;
}

static void
explain(KwConfigProblem *problem, const KwConfigRow *row, const gchar *text)
{
    if (text != NULL)
        problem->value = kw_escape_bytes(text, -1, KW_ESCAPE_EXCERPT);
    if (problem->expected == NULL)
        problem->expected = kw_config_row_dup_expected(row);
    problem->example = g_strdup_printf("%s = %s", row->key, row->example);
}

static gboolean
has_section(const KwConfigTable *table, const gchar *section)
{
    for (gsize i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].section, section) == 0)
            return TRUE;
    return FALSE;
}

/* (transfer full): the keys of @section, or with NULL the names of the sections */
static GPtrArray *
list_names(const KwConfigTable *table, const gchar *section)
{
    GPtrArray *names = g_ptr_array_new();

    for (gsize i = 0; i < table->n_rows; i++)
        if (section == NULL)
            g_ptr_array_add(names, (gpointer) table->rows[i].section);
        else if (strcmp(table->rows[i].section, section) == 0)
            g_ptr_array_add(names, (gpointer) table->rows[i].key);
    return names;
}

static gchar *
nearest(const KwConfigTable *table, const gchar *section, const gchar *name)
{
    g_autoptr(GPtrArray) names = list_names(table, section);

    return kw_config_problem_dup_nearest(name, names);
}

void
kw_config_add_contradiction(const KwConfig *self,
                            const gchar *section,
                            const gchar *key,
                            const gchar *expected,
                            GPtrArray *problems)
{
    const KwConfigTable *table = self->table;
    Loader loader = {.problems = problems, .origin = table->file_name};

    for (gsize i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].section, section) == 0 &&
            strcmp(table->rows[i].key, key) == 0) {
            KwConfigProblem *problem =
                add_problem(&loader, KW_CONFIG_CONTRADICTION, section, key);

            problem->expected = g_strdup(expected);
            explain(problem, &table->rows[i], self->entries[i].value.text);
        }
}

/* -- one key -- */

static gssize
find_row(const KwConfigTable *table, const gchar *section, const gchar *key)
{
    for (gsize i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].section, section) == 0 &&
            strcmp(table->rows[i].key, key) == 0)
            return (gssize) i;
    return -1;
}

static void
take_value(Loader *loader, gsize index, const gchar *text, KwConfigSource source)
{
    const KwConfigRow *row = &loader->config->table->rows[index];
    Entry *entry = &loader->config->entries[index];
    KwConfigValue value = {0};
    KwConfigFault fault = kw_config_row_parse(row, text, &value);

    if (fault != KW_CONFIG_OK) {
        explain(add_problem(loader, fault, row->section, row->key), row, text);
        return;
    }
    kw_config_value_clear(&entry->value);
    entry->value = value;
    entry->source = source;
}

/* Sections that are there get their near keys proposed; a key of another section its place. */
static void
refuse_key(Loader *loader, const gchar *key)
{
    g_autofree gchar *shown = kw_escape_bytes(key, -1, KW_ESCAPE_EXCERPT);
    KwConfigProblem *problem =
        add_problem(loader, KW_CONFIG_UNKNOWN_KEY, loader->section, shown);
    const KwConfigTable *table = loader->config->table;

    problem->suggestion = nearest(table, loader->section, key);
    for (gsize i = 0; i < table->n_rows && problem->suggestion == NULL; i++)
        if (strcmp(table->rows[i].key, key) == 0)
            problem->suggestion = g_strdup_printf("[%s] %s", table->rows[i].section, key);
}

/* -- file -- */

static void
take_section(Loader *loader, gchar *line)
{
    gsize len = strlen(line);

    g_clear_pointer(&loader->section, g_free);
    loader->skip = TRUE;
    if (line[len - 1] != ']') {
        add_problem(loader, KW_CONFIG_SYNTAX, NULL, NULL)->value =
            kw_escape_bytes(line, -1, KW_ESCAPE_EXCERPT);
        return;
    }
    line[len - 1] = '\0';
    if (!has_section(loader->config->table, line + 1)) {
        g_autofree gchar *shown = kw_escape_bytes(line + 1, -1, KW_ESCAPE_EXCERPT);

        add_problem(loader, KW_CONFIG_UNKNOWN_SECTION, shown, NULL)->suggestion =
            nearest(loader->config->table, NULL, line + 1);
        return;
    }
    loader->section = g_strdup(line + 1);
    loader->skip = FALSE;
}

static void
take_line(Loader *loader, gchar *line)
{
    gchar *equals;
    gssize index;

    line = g_strstrip(line);
    if (*line == '\0' || *line == '#')
        return;
    if (*line == '[') {
        take_section(loader, line);
        return;
    }
    if (loader->skip)
        return;
    equals = strchr(line, '=');
    if (equals == NULL || equals == line || loader->section == NULL) {
        add_problem(loader, KW_CONFIG_SYNTAX, loader->section, NULL)->value =
            kw_escape_bytes(line, -1, KW_ESCAPE_EXCERPT);
        return;
    }
    *equals = '\0';
    index = find_row(loader->config->table, loader->section, g_strchomp(line));
    if (index < 0) {
        refuse_key(loader, line);
    } else if (loader->seen[index]) {
        (void) add_problem(loader, KW_CONFIG_TWICE, loader->section, line);
    } else {
        loader->seen[index] = TRUE;
        take_value(loader, (gsize) index, g_strchug(equals + 1), KW_CONFIG_SOURCE_FILE);
    }
}

static void
load_file(Loader *loader, const gchar *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *content = NULL;
    g_autofree gboolean *seen = g_new0(gboolean, loader->config->table->n_rows);
    g_auto(GStrv) lines = NULL;
    gsize len = 0;

    loader->origin = path;
    if (!g_file_get_contents(path, &content, &len, &error)) {
        add_problem(loader, KW_CONFIG_UNREADABLE, NULL, NULL)->value =
            kw_escape_bytes(error->message, -1, 200);
        return;
    }
    if (len > MAX_FILE_BYTES || strlen(content) != len) {
        (void) add_problem(loader, KW_CONFIG_UNREADABLE, NULL, NULL);
        return;
    }
    loader->seen = seen;
    lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        loader->line = i + 1;
        take_line(loader, lines[i]);
    }
    loader->seen = NULL;
    loader->line = 0;
    g_clear_pointer(&loader->section, g_free);
}

/* -- environment -- */

/* (transfer full): "KURSWART_TRADING_FEE" */
static gchar *
variable_name(const KwConfigTable *table, const KwConfigRow *row)
{
    g_autofree gchar *name = g_strdup_printf("%s_%s", row->section, row->key);
    g_autofree gchar *upper = g_ascii_strup(name, -1);

    return g_strconcat(table->env_prefix, upper, NULL);
}

static void
take_variable(Loader *loader, const gchar *name, const gchar *text)
{
    const KwConfigTable *table = loader->config->table;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (gsize i = 0; i < table->n_rows; i++) {
        g_ptr_array_add(names, variable_name(table, &table->rows[i]));
        if (strcmp(g_ptr_array_index(names, i), name) == 0) {
            take_value(loader, i, text, KW_CONFIG_SOURCE_ENVIRONMENT);
            return;
        }
    }
    if (table->env_reserved == NULL || !g_strv_contains(table->env_reserved, name))
        add_problem(loader, KW_CONFIG_UNKNOWN_KEY, NULL, name)->suggestion =
            kw_config_problem_dup_nearest(name, names);
}

static void
load_environment(Loader *loader, const gchar *const *environment)
{
    const gchar *prefix = loader->config->table->env_prefix;

    for (gsize i = 0; environment[i] != NULL; i++) {
        const gchar *equals = strchr(environment[i], '=');
        g_autofree gchar *name = NULL;

        if (equals == NULL || !g_str_has_prefix(environment[i], prefix))
            continue;
        name = kw_escape_bytes(environment[i], equals - environment[i], MAX_NAME_BYTES);
        loader->origin = name;
        take_variable(loader, name, equals + 1);
    }
}

/* A preset that this machine cannot serve is a problem like any other. */
static void
check_zones(Loader *loader)
{
    const KwConfigTable *table = loader->config->table;

    for (gsize i = 0; i < table->n_rows; i++) {
        const Entry *entry = &loader->config->entries[i];
        KwConfigValue value = {0};

        if (table->rows[i].type != KW_CONFIG_ZONE || entry->source != KW_CONFIG_SOURCE_DEFAULT)
            continue;
        if (kw_config_row_parse(&table->rows[i], entry->value.text, &value) != KW_CONFIG_OK)
            explain(add_problem(loader, KW_CONFIG_UNKNOWN_ZONE, table->rows[i].section,
                                table->rows[i].key),
                    &table->rows[i], entry->value.text);
        kw_config_value_clear(&value);
    }
}

gboolean
kw_config_load(KwConfig *self,
               const gchar *path,
               const gchar *const *environment,
               GPtrArray *problems)
{
    g_autoptr(KwConfig) next = NULL;
    Loader loader = {.problems = problems};
    guint n_before;

    g_return_val_if_fail(self != NULL && problems != NULL, FALSE);

    n_before = problems->len;
    next = config_copy(self);
    loader.config = next;
    if (path != NULL)
        load_file(&loader, path);
    if (environment != NULL && self->table->env_prefix != NULL)
        load_environment(&loader, environment);
    loader.origin = self->table->file_name;
    check_zones(&loader);
    if (problems->len == n_before && self->table->check != NULL)
        self->table->check(next, problems);
    if (problems->len != n_before)
        return FALSE;
    swap_entries(self, next);
    return TRUE;
}

gboolean
kw_config_set(KwConfig *self,
              const gchar *section,
              const gchar *key,
              const gchar *text,
              GPtrArray *problems)
{
    g_autoptr(KwConfig) next = NULL;
    Loader loader = {.problems = problems};
    guint n_before;
    gssize index;

    g_return_val_if_fail(self != NULL && text != NULL && problems != NULL, FALSE);

    index = find_row(self->table, section, key);
    g_return_val_if_fail(index >= 0, FALSE);

    n_before = problems->len;
    next = config_copy(self);
    loader.config = next;
    take_value(&loader, (gsize) index, text, KW_CONFIG_SOURCE_OPTION);
    if (problems->len == n_before && self->table->check != NULL)
        self->table->check(next, problems);
    if (problems->len != n_before)
        return FALSE;
    swap_entries(self, next);
    return TRUE;
}

void
kw_config_follow(KwConfig *self, const gchar *section, const gchar *key, const gchar *leader)
{
    gssize index = find_row(self->table, section, key);
    gssize from = find_row(self->table, section, leader);
    GPtrArray *no_problems = NULL; /* the value has passed the same rules */
    Loader loader = {.config = self, .problems = no_problems};

    g_return_if_fail(index >= 0 && from >= 0);

    if (self->entries[index].source == KW_CONFIG_SOURCE_DEFAULT &&
        self->entries[from].source != KW_CONFIG_SOURCE_DEFAULT)
        take_value(&loader, (gsize) index, self->entries[from].value.text,
                   self->entries[from].source);
}

/* -- values -- */

static const Entry *
get(const KwConfig *self, const gchar *section, const gchar *key, KwConfigType type)
{
    gssize index = find_row(self->table, section, key);

    if (index < 0 || self->table->rows[index].type != type) {
        kw_log_critical("configuration key is not in the table or has another type",
                        "KW_SECTION", section, "KW_KEY", key);
        return &self->entries[0];
    }
    return &self->entries[index];
}

gboolean
kw_config_get_bool(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get(self, section, key, KW_CONFIG_BOOL)->value.number != 0;
}

gint64
kw_config_get_int(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get(self, section, key, KW_CONFIG_INT)->value.number;
}

gdouble
kw_config_get_double(const KwConfig *self, const gchar *section, const gchar *key)
{
    return kw_decimal_to_double(get(self, section, key, KW_CONFIG_DOUBLE)->value.decimal);
}

KwDecimal
kw_config_get_decimal(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get(self, section, key, KW_CONFIG_DECIMAL)->value.decimal;
}

gint64
kw_config_get_duration_us(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get(self, section, key, KW_CONFIG_DURATION)->value.number;
}

gint
kw_config_get_minute(const KwConfig *self, const gchar *section, const gchar *key)
{
    return (gint) get(self, section, key, KW_CONFIG_TIME)->value.number;
}

guint
kw_config_get_choice(const KwConfig *self, const gchar *section, const gchar *key)
{
    return (guint) get(self, section, key, KW_CONFIG_ENUM)->value.number;
}

gboolean
kw_config_get_date(const KwConfig *self, const gchar *section, const gchar *key, KwDate *out)
{
    const Entry *entry = get(self, section, key, KW_CONFIG_DATE);

    if (entry->value.date.year == 0)
        return FALSE;
    *out = entry->value.date;
    return TRUE;
}

static const Entry *
get_any(const KwConfig *self, const gchar *section, const gchar *key)
{
    gssize index = find_row(self->table, section, key);

    g_return_val_if_fail(index >= 0, &self->entries[0]);

    return &self->entries[index];
}

const gchar *
kw_config_get_string(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get_any(self, section, key)->value.text;
}

const gchar *const *
kw_config_get_list(const KwConfig *self, const gchar *section, const gchar *key)
{
    static const gchar *const empty[] = {NULL};
    const Entry *entry = get_any(self, section, key);

    g_return_val_if_fail(entry->value.list != NULL, empty);

    return (const gchar *const *) entry->value.list;
}

gboolean
kw_config_is_word(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get_any(self, section, key)->value.is_word;
}

KwConfigSource
kw_config_get_source(const KwConfig *self, const gchar *section, const gchar *key)
{
    return get_any(self, section, key)->source;
}

/* -- all of it -- */

const KwConfigTable *
kw_config_get_table(const KwConfig *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return self->table;
}

static void
append_section(GString *out, const KwConfigTable *table, gsize index)
{
    if (index == 0 || strcmp(table->rows[index - 1].section, table->rows[index].section) != 0)
        g_string_append_printf(out, "%s[%s]\n", index > 0 ? "\n" : "",
                               table->rows[index].section);
}

gchar *
kw_config_to_text(const KwConfig *self)
{
    GString *out = g_string_new(NULL);

    g_return_val_if_fail(self != NULL, NULL);

    for (gsize i = 0; i < self->table->n_rows; i++) {
        append_section(out, self->table, i);
        g_string_append_printf(out, "# %s\n%s = %s\n",
                               kw_config_source_to_string(self->entries[i].source),
                               self->table->rows[i].key, self->entries[i].value.text);
    }
    return g_string_free(out, FALSE);
}

gchar *
kw_config_dup_hash(const KwConfig *self)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

    g_return_val_if_fail(self != NULL, NULL);

    for (gsize i = 0; i < self->table->n_rows; i++) {
        g_autofree gchar *line =
            g_strdup_printf("%s.%s=%s\n", self->table->rows[i].section,
                            self->table->rows[i].key, self->entries[i].value.text);

        g_checksum_update(checksum, (const guchar *) line, (gssize) strlen(line));
    }
    return g_strdup(g_checksum_get_string(checksum));
}

gchar *
kw_config_table_to_sample(const KwConfigTable *table, KwConfigLanguage language)
{
    GString *out = g_string_new(NULL);
    gboolean german = language == KW_CONFIG_GERMAN;

    g_return_val_if_fail(table != NULL, NULL);

    g_string_append_printf(out, "# %s\n\n", table->file_name);
    for (gsize i = 0; i < table->n_rows; i++) {
        const KwConfigRow *row = &table->rows[i];
        g_autofree gchar *expected = kw_config_row_dup_expected(row);

        append_section(out, table, i);
        g_string_append_printf(
            out, "# %s\n# %s: %s; %s: %s = %s\n#%s = %s\n", german ? row->german : row->english,
            german ? "erlaubt" : "allowed", expected, german ? "Beispiel" : "example", row->key,
            row->example, row->key, row->preset);
    }
    return g_string_free(out, FALSE);
}
