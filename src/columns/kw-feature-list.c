/* kw-feature-list.c: a specification spread out into single features
 *
 * The order is fixed by the file: sources (the pair, its longer timeframes, then each other
 * pair in the same way), in them names, periods, shifts, and the singles last. The hash is
 * taken over the canonical text of each column, not over the file: it changes when a
 * formula or a border changes, and does not when a comment does. */
#include "kw-feature-list.h"

#include "kw-config-problem.h"
#include "kw-error.h"
#include "kw-timeframe.h"

#define HASH_VERSION "kurswart features 1\n"

struct _KwFeatureList {
    gatomicrefcount n_refs;
    GArray *features; /* of KwFeature */
    GArray *sources;  /* of KwFeatureSource */
    GPtrArray *pairs; /* of owned names */
    KwSession sessions[KW_SESSION_N];
    gchar *hash; /* owned */
};

static void
feature_clear(gpointer data)
{
    KwFeature *feature = data;

    g_free(feature->name);
    g_free(feature->column);
}

KwFeatureList *
kw_feature_list_ref(KwFeatureList *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

void
kw_feature_list_unref(KwFeatureList *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_array_unref(self->features);
    g_array_unref(self->sources);
    g_ptr_array_unref(self->pairs);
    g_free(self->hash);
    g_free(self);
}

/* -- spreading out -- */

/* (transfer full): "@ETH/USDT@4h"; "" for the pair's own candles */
static gchar *
source_suffix(const KwFeatureList *self, const KwFeatureSource *source)
{
    const gchar *pair = source->pair > 0 ? self->pairs->pdata[source->pair - 1] : "";
    const gchar *timeframe = "";

    if (source->timeframe_us > 0)
        timeframe = kw_timeframe_to_string(source->timeframe_us);
    return g_strconcat(*pair != '\0' ? "@" : "", pair, *timeframe != '\0' ? "@" : "", timeframe,
                       NULL);
}

static void
add_feature(KwFeatureList *self, const gchar *column, guint source, guint shift)
{
    g_autofree gchar *suffix =
        source_suffix(self, &g_array_index(self->sources, KwFeatureSource, source));
    g_autofree gchar *lag = shift > 0 ? g_strdup_printf("_shift%u", shift) : NULL;
    KwFeature feature = {
        .name = g_strconcat(column, lag != NULL ? lag : "", suffix, NULL),
        .column = g_strdup(column),
        .source = source,
        .shift = shift,
    };

    g_array_append_val(self->features, feature);
}

static void
add_sources(KwFeatureList *self, const KwFeatureSpec *spec)
{
    for (guint pair = 0; pair <= spec->pairs->len; pair++) {
        KwFeatureSource own = {.pair = pair, .timeframe_us = 0};

        g_array_append_val(self->sources, own);
        for (guint t = 0; t < spec->timeframes->len; t++) {
            KwFeatureSource longer = {
                .pair = pair,
                .timeframe_us = g_array_index(spec->timeframes, gint64, t),
            };

            g_array_append_val(self->sources, longer);
        }
    }
}

static void
add_source_features(KwFeatureList *self, const KwFeatureSpec *spec, guint source)
{
    for (guint n = 0; n < spec->names->len; n++) {
        for (guint p = 0; p < spec->periods->len; p++) {
            g_autofree gchar *column = g_strdup_printf("%s_%d", (gchar *) spec->names->pdata[n],
                                                       g_array_index(spec->periods, gint, p));

            for (guint s = 0; s < spec->shifts->len; s++)
                add_feature(self, column, source, (guint) g_array_index(spec->shifts, gint, s));
        }
    }
}

/* -- the hash -- */

/* Builds each column once, over no candles, for its canonical text */
static gchar *
compute_hash(const KwFeatureList *self, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, (const guchar *) HASH_VERSION, -1);
    for (guint i = 0; i < self->features->len; i++) {
        const KwFeature *feature = &g_array_index(self->features, KwFeature, i);
        g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(KW_TIMEFRAME_1M_US));
        const KwColumn *column =
            kw_indicator_apply(frame, feature->column, self->sessions, error);
        g_autofree gchar *graph = NULL;

        if (column == NULL)
            return NULL;
        graph = kw_frame_dup_hash(frame);
        g_checksum_update(sum, (const guchar *) feature->name, -1);
        g_checksum_update(sum, (const guchar *) "=", 1);
        g_checksum_update(sum, (const guchar *) graph, -1);
        g_checksum_update(sum, (const guchar *) "\n", 1);
    }
    return g_strdup(g_checksum_get_string(sum));
}

static void
complain(GPtrArray *problems, const gchar *origin, KwConfigFault fault, const gchar *text)
{
    KwConfigProblem *problem = g_new0(KwConfigProblem, 1);

    problem->fault = fault;
    problem->origin = g_strdup(origin);
    problem->section = g_strdup("features");
    problem->expected = g_strdup(text);
    g_ptr_array_add(problems, problem);
}

static guint64
count_features(const KwFeatureSpec *spec)
{
    guint64 n_sources = (guint64) (spec->pairs->len + 1) * (spec->timeframes->len + 1);

    return n_sources * spec->names->len * spec->periods->len * spec->shifts->len +
           spec->singles->len;
}

static KwFeatureList *
list_new(const KwFeatureSpec *spec, GError **error)
{
    g_autoptr(KwFeatureList) self = g_new0(KwFeatureList, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->features = g_array_new(FALSE, FALSE, sizeof(KwFeature));
    g_array_set_clear_func(self->features, feature_clear);
    self->sources = g_array_new(FALSE, FALSE, sizeof(KwFeatureSource));
    self->pairs = g_ptr_array_ref(spec->pairs);
    for (guint s = 0; s < KW_SESSION_N; s++)
        self->sessions[s] = spec->sessions[s];
    add_sources(self, spec);
    for (guint s = 0; s < self->sources->len; s++)
        add_source_features(self, spec, s);
    for (guint i = 0; i < spec->singles->len; i++)
        add_feature(self, spec->singles->pdata[i], 0, 0);
    self->hash = compute_hash(self, error);
    return self->hash != NULL ? g_steal_pointer(&self) : NULL;
}

KwFeatureList *
kw_feature_list_load_bytes(const gchar *origin, GBytes *text, GPtrArray *problems)
{
    g_autoptr(KwFeatureSpec) spec = kw_feature_spec_parse(origin, text, problems);
    g_autoptr(GError) error = NULL;
    KwFeatureList *self;

    if (spec == NULL)
        return NULL;
    if (count_features(spec) > KW_FEATURE_LIST_MAX) {
        g_autofree gchar *most = g_strdup_printf("<= %d", KW_FEATURE_LIST_MAX);

        complain(problems, origin, KW_CONFIG_OUT_OF_RANGE, most);
        return NULL;
    }
    self = list_new(spec, &error);
    if (self == NULL)
        complain(problems, origin, KW_CONFIG_CONTRADICTION, error->message);
    return self;
}

KwFeatureList *
kw_feature_list_load(const gchar *path, GError **error)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(GFile) file = NULL;
    g_autoptr(GBytes) text = NULL;
    g_autoptr(GError) inner = NULL;
    KwFeatureList *self;

    g_return_val_if_fail(path != NULL, NULL);

    file = g_file_new_for_path(path);
    text = g_file_load_bytes(file, NULL, NULL, &inner);
    if (text == NULL) {
        g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID, "%s: %s", path,
                    inner->message);
        return NULL;
    }
    self = kw_feature_list_load_bytes(path, text, problems);
    if (self == NULL)
        (void) kw_config_problems_to_error(problems, error);
    return self;
}

/* -- looking -- */

const gchar *
kw_feature_list_get_hash(const KwFeatureList *self)
{
    return self->hash;
}

guint
kw_feature_list_get_n_features(const KwFeatureList *self)
{
    return self->features->len;
}

const KwFeature *
kw_feature_list_get_feature(const KwFeatureList *self, guint index)
{
    g_return_val_if_fail(index < self->features->len, NULL);

    return &g_array_index(self->features, KwFeature, index);
}

guint
kw_feature_list_get_n_pairs(const KwFeatureList *self)
{
    return self->pairs->len;
}

const gchar *
kw_feature_list_get_pair(const KwFeatureList *self, guint index)
{
    g_return_val_if_fail(index < self->pairs->len, NULL);

    return self->pairs->pdata[index];
}

guint
kw_feature_list_get_n_sources(const KwFeatureList *self)
{
    return self->sources->len;
}

const KwFeatureSource *
kw_feature_list_get_source(const KwFeatureList *self, guint index)
{
    g_return_val_if_fail(index < self->sources->len, NULL);

    return &g_array_index(self->sources, KwFeatureSource, index);
}

const KwSession *
kw_feature_list_get_sessions(const KwFeatureList *self)
{
    return self->sessions;
}
