#include "kw-dataset.h"

#include "kw-error.h"
#include "kw-gap.h"
#include "kw-timeframe.h"

#include <string.h>

struct _KwDataset {
    GPtrArray *entries; /* owned KwDatasetEntry, by pair */
};

static void
entry_free(KwDatasetEntry *entry)
{
    g_free(entry->path);
    g_clear_pointer(&entry->file, kw_candle_file_free);
    g_free(entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDatasetEntry, entry_free)

/* -- names -- */

static gboolean
refuse_name(const gchar *name, GError **error)
{
    g_autofree gchar *excerpt = g_strescape(name, NULL);

    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                "'%.60s' is not of the form EXCHANGE-BASE_QUOTE-TIMEFRAME.csv[.gz]", excerpt);
    return FALSE;
}

gboolean
kw_dataset_parse_name(const gchar *path, KwDatasetName *out, GError **error)
{
    g_autofree gchar *base = g_path_get_basename(path);
    g_autofree gchar *stem = g_strndup(base, strcspn(base, "."));
    g_autofree gchar *pair = NULL;
    g_autofree gchar *exchange = NULL;
    g_auto(GStrv) parts = g_strsplit(stem, "-", 4);
    guint n_parts = g_strv_length(parts);
    KwDatasetName name = {0};

    if ((!g_str_has_suffix(base, ".csv") && !g_str_has_suffix(base, ".csv.gz")) ||
        n_parts < 2 || n_parts > 3)
        return refuse_name(base, error);
    pair = g_strdelimit(g_strdup(parts[n_parts - 2]), "_", '/');
    if (!kw_pair_init(&name.pair, pair, NULL) ||
        !kw_timeframe_parse(parts[n_parts - 1], &name.timeframe_us, NULL))
        return refuse_name(base, error);
    exchange = g_ascii_strdown(n_parts == 3 ? parts[0] : "", -1);
    (void) g_strlcpy(name.exchange, exchange, sizeof name.exchange);
    name.pair.gap_meaning = kw_gap_meaning_of_exchange(name.exchange);
    *out = name;
    return TRUE;
}

/* -- choosing -- */

static gboolean
is_wanted(const KwDatasetName *name, const KwDatasetOptions *options)
{
    if (options->timeframe_us != 0 && options->timeframe_us != name->timeframe_us)
        return FALSE;
    if (options->exchange != NULL && g_ascii_strcasecmp(options->exchange, name->exchange) != 0)
        return FALSE;
    return options->pairs == NULL || g_strv_contains(options->pairs, name->pair.name);
}

static void
add_if_wanted(KwDataset *self,
              const gchar *path,
              const KwDatasetName *name,
              const KwDatasetOptions *options)
{
    KwDatasetEntry *entry;

    if (!is_wanted(name, options))
        return;
    entry = g_new0(KwDatasetEntry, 1);
    entry->path = g_strdup(path);
    entry->name = *name;
    g_ptr_array_add(self->entries, entry);
}

static gboolean
add_folder(KwDataset *self, const gchar *path, const KwDatasetOptions *options, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &inner);
    const gchar *child;

    if (dir == NULL) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
        return FALSE;
    }
    while ((child = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *full = g_build_filename(path, child, NULL);
        KwDatasetName name;

        if (kw_dataset_parse_name(child, &name, NULL))
            add_if_wanted(self, full, &name, options);
    }
    return TRUE;
}

static gboolean
add_path(KwDataset *self, const gchar *path, const KwDatasetOptions *options, GError **error)
{
    KwDatasetName name;

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return add_folder(self, path, options, error);
    if (!kw_dataset_parse_name(path, &name, error))
        return FALSE;
    add_if_wanted(self, path, &name, options);
    return TRUE;
}

static gint
compare_entries(gconstpointer a, gconstpointer b)
{
    const KwDatasetEntry *left = *(const KwDatasetEntry *const *) a;
    const KwDatasetEntry *right = *(const KwDatasetEntry *const *) b;
    gint order = strcmp(left->name.pair.name, right->name.pair.name);

    return order != 0 ? order : strcmp(left->path, right->path);
}

static gboolean
check_choice(KwDataset *self, const KwDatasetOptions *options, GError **error)
{
    guint n_wanted =
        options->pairs != NULL ? g_strv_length((gchar **) options->pairs) : self->entries->len;

    g_ptr_array_sort(self->entries, compare_entries);
    for (guint i = 1; i < self->entries->len; i++) {
        const KwDatasetEntry *one = g_ptr_array_index(self->entries, i - 1);
        const KwDatasetEntry *two = g_ptr_array_index(self->entries, i);
        gboolean same_pair = strcmp(one->name.pair.name, two->name.pair.name) == 0;

        if (one->name.timeframe_us == two->name.timeframe_us && !same_pair)
            continue;
        g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                    "%s and %s: choose one timeframe and one source for each pair", one->path,
                    two->path);
        return FALSE;
    }
    if (self->entries->len > 0 && self->entries->len >= n_wanted &&
        self->entries->len <= KW_FEED_MAX_PAIRS)
        return TRUE;
    g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY,
                "%u candle files fit, %u pairs are wanted (at most %d)", self->entries->len,
                MAX(n_wanted, 1), KW_FEED_MAX_PAIRS);
    return FALSE;
}

/* -- loading -- */

static KwDataset *
dataset_new(void)
{
    KwDataset *self = g_new0(KwDataset, 1);

    self->entries = g_ptr_array_new_with_free_func((GDestroyNotify) entry_free);
    return self;
}

void
kw_dataset_free(KwDataset *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->entries, g_ptr_array_unref);
    g_free(self);
}

static KwCandleFile *
load_entry_from_resource(const gchar *path, const KwCandleFileOptions *options, GError **error)
{
    g_autoptr(GBytes) bytes =
        g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    KwCandleFile *file =
        bytes != NULL ? kw_candle_file_load_bytes(bytes, options, error) : NULL;

    if (file == NULL)
        g_prefix_error(error, "%s: ", path);
    return file;
}

typedef KwCandleFile *(*LoadFunc)(const gchar *path,
                                  const KwCandleFileOptions *options,
                                  GError **error);

static gboolean
load_all(KwDataset *self, const KwDatasetOptions *options, LoadFunc load, GError **error)
{
    if (!check_choice(self, options, error))
        return FALSE;
    for (guint i = 0; i < self->entries->len; i++) {
        KwDatasetEntry *entry = g_ptr_array_index(self->entries, i);
        KwCandleFileOptions file_options = {
            .timeframe_us = entry->name.timeframe_us,
            .now_us = options->now_us,
        };

        entry->file = load(entry->path, &file_options, error);
        if (entry->file == NULL)
            return FALSE;
    }
    return TRUE;
}

static const KwDatasetOptions no_options = {.timeframe_us = 0};

KwDataset *
kw_dataset_load(const gchar *const *paths, const KwDatasetOptions *options, GError **error)
{
    g_autoptr(KwDataset) self = dataset_new();

    g_return_val_if_fail(paths != NULL, NULL);

    if (options == NULL)
        options = &no_options;
    for (guint i = 0; paths[i] != NULL; i++) {
        if (!add_path(self, paths[i], options, error))
            return NULL;
    }
    if (!load_all(self, options, kw_candle_file_load, error))
        return NULL;
    return g_steal_pointer(&self);
}

KwDataset *
kw_dataset_load_resource(const gchar *folder, const KwDatasetOptions *options, GError **error)
{
    g_autoptr(KwDataset) self = dataset_new();
    g_auto(GStrv) children = NULL;

    g_return_val_if_fail(folder != NULL, NULL);

    if (options == NULL)
        options = &no_options;
    children = g_resources_enumerate_children(folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    for (guint i = 0; children != NULL && children[i] != NULL; i++) {
        g_autofree gchar *path = g_build_path("/", folder, children[i], NULL);
        KwDatasetName name;

        if (kw_dataset_parse_name(children[i], &name, NULL))
            add_if_wanted(self, path, &name, options);
    }
    if (!load_all(self, options, load_entry_from_resource, error))
        return NULL;
    return g_steal_pointer(&self);
}

guint
kw_dataset_get_n_entries(const KwDataset *self)
{
    return self->entries->len;
}

const KwDatasetEntry *
kw_dataset_get_entry(const KwDataset *self, guint index)
{
    g_return_val_if_fail(index < self->entries->len, NULL);

    return g_ptr_array_index(self->entries, index);
}

KwSeries *
kw_dataset_take_series(KwDataset *self, guint index)
{
    KwDatasetEntry *entry;

    g_return_val_if_fail(self != NULL && index < self->entries->len, NULL);

    entry = g_ptr_array_index(self->entries, index);
    return g_steal_pointer(&entry->file->series);
}

KwReplayFeed *
kw_dataset_take_feed(
    KwDataset *self, KwClock *clock, gint64 from_us, gint64 to_us, GError **error)
{
    KwReplayPair pairs[KW_FEED_MAX_PAIRS] = {0};
    guint n_pairs = self->entries->len;
    KwReplayFeed *feed;

    for (guint i = 0; i < n_pairs; i++) {
        KwDatasetEntry *entry = g_ptr_array_index(self->entries, i);

        g_return_val_if_fail(entry->file->series != NULL, NULL);
        pairs[i].pair = entry->name.pair;
        pairs[i].series = g_steal_pointer(&entry->file->series);
        pairs[i].synthetic = entry->file->synthetic;
    }
    feed = kw_replay_feed_new(clock, pairs, n_pairs, error);
    for (guint i = 0; i < n_pairs; i++)
        kw_series_free(pairs[i].series);
    if (feed != NULL)
        kw_replay_feed_set_range(feed, from_us, to_us);
    return feed;
}
