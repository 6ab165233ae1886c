/* kw-config.h: a key file and environment read against a table, all faults at once */
#pragma once

#include "kw-config-problem.h"

G_BEGIN_DECLS

typedef struct _KwConfig KwConfig;

/* A file's keys; static. The rows of a section stand together. */
typedef struct {
    const gchar *file_name; /* "kurswart.conf" */
    const KwConfigRow *rows;
    gsize n_rows;
    const gchar *env_prefix; /* (nullable): "KURSWART_"; NULL: no overrides */
    const gchar *const
        *env_reserved; /* (nullable): variables with the prefix that are no keys */
    void (*check)(const KwConfig *config, GPtrArray *problems); /* (nullable): across keys */
} KwConfigTable;

typedef enum {
    KW_CONFIG_SOURCE_DEFAULT,
    KW_CONFIG_SOURCE_FILE,
    KW_CONFIG_SOURCE_ENVIRONMENT,
    KW_CONFIG_SOURCE_OPTION, /* set by the program, from its command line */
} KwConfigSource;

/* "default", "file", "environment", "option"; static */
const gchar *kw_config_source_to_string(KwConfigSource source);

/* (transfer full): everything at its default */
KwConfig *kw_config_new(const KwConfigTable *table);
void kw_config_free(KwConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwConfig, kw_config_free)

/**
 * kw_config_load:
 * @path: (nullable): the file; %NULL for none. A file that is not there is a problem.
 * @environment: (nullable) (array zero-terminated=1): "NAME=value"
 * @problems: (element-type KwConfigProblem): what is wrong is added
 *
 * Reads the file, then the overrides, then checks across keys.
 *
 * Returns: %TRUE; or %FALSE with problems added and nothing changed
 */
gboolean kw_config_load(KwConfig *self,
                        const gchar *path,
                        const gchar *const *environment,
                        GPtrArray *problems);

/* Sets one key from an option; the same rules. %FALSE: a problem was added, nothing changed */
gboolean kw_config_set(KwConfig *self,
                       const gchar *section,
                       const gchar *key,
                       const gchar *text,
                       GPtrArray *problems);

/* @key at its default has the value of @leader, a key of the same type, if that one is set; so
 * it is told as set by the same source. Both of @section. */
void
kw_config_follow(KwConfig *self, const gchar *section, const gchar *key, const gchar *leader);

/* Adds a fault across keys; for KwConfigTable.check. @expected may be %NULL. */
void kw_config_add_contradiction(const KwConfig *self,
                                 const gchar *section,
                                 const gchar *key,
                                 const gchar *expected,
                                 GPtrArray *problems);

/* -- values; asking for a key that is not in the table or of another type is a programming
 * error. Strings and lists are (transfer none) and live until the configuration changes. -- */
gboolean kw_config_get_bool(const KwConfig *self, const gchar *section, const gchar *key);
gint64 kw_config_get_int(const KwConfig *self, const gchar *section, const gchar *key);
gdouble kw_config_get_double(const KwConfig *self, const gchar *section, const gchar *key);
KwDecimal kw_config_get_decimal(const KwConfig *self, const gchar *section, const gchar *key);
gint64 kw_config_get_duration_us(const KwConfig *self, const gchar *section, const gchar *key);

/* Minutes since midnight */
gint kw_config_get_minute(const KwConfig *self, const gchar *section, const gchar *key);

/* Index of the word, in the order of the table */
guint kw_config_get_choice(const KwConfig *self, const gchar *section, const gchar *key);

/* %FALSE when the optional date is not set */
gboolean
kw_config_get_date(const KwConfig *self, const gchar *section, const gchar *key, KwDate *out);

/* The text of any key as in a file; "" when optional and not set */
const gchar *kw_config_get_string(const KwConfig *self, const gchar *section, const gchar *key);

/* Pairs, paths or names; may be empty when optional */
const gchar *const *
kw_config_get_list(const KwConfig *self, const gchar *section, const gchar *key);

/* %TRUE when a word such as "unlimited" stands in place of a value */
gboolean kw_config_is_word(const KwConfig *self, const gchar *section, const gchar *key);

KwConfigSource
kw_config_get_source(const KwConfig *self, const gchar *section, const gchar *key);

/* -- all of it -- */

const KwConfigTable *kw_config_get_table(const KwConfig *self);

/* (transfer full): a key file with all keys, the source of each as a comment above it */
gchar *kw_config_to_text(const KwConfig *self);

/* (transfer full): SHA-256 of all keys and values in hex: the identity of a configuration */
gchar *kw_config_dup_hash(const KwConfig *self);

typedef enum {
    KW_CONFIG_GERMAN,
    KW_CONFIG_ENGLISH,
} KwConfigLanguage;

/* (transfer full): a commented sample with each key at its default */
gchar *kw_config_table_to_sample(const KwConfigTable *table, KwConfigLanguage language);

G_END_DECLS
