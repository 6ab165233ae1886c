/* kw-feature-list.h: the ordered, hashed list of a model's inputs */
#pragma once

#include "kw-feature-spec.h"

G_BEGIN_DECLS

#define KW_FEATURE_LIST_MAX 2048

/**
 * KwFeatureSource:
 * @pair: 0 for the pair that is predicted, else 1 + index into the list's pairs
 * @timeframe_us: 0 for that of the pair's own candles
 */
typedef struct {
    guint pair;
    gint64 timeframe_us;
} KwFeatureSource;

/**
 * KwFeature:
 * @name: such as "rsi_14_shift1@ETH/USDT@4h"
 * @column: field name of the indicator
 * @source: index into the list's sources
 * @shift: rows back, in rows of the source
 */
typedef struct {
    gchar *name;
    gchar *column;
    guint source;
    guint shift;
} KwFeature;

/**
 * KwFeatureList:
 *
 * Never changes once it is made; any thread may read it.
 */
typedef struct _KwFeatureList KwFeatureList;

/**
 * kw_feature_list_load:
 * @path: data/features/NAME.ini
 *
 * Returns: (transfer full): %NULL with %KW_CONFIG_ERROR_INVALID, whose message has all that is
 *   wrong, one a line
 */
KwFeatureList *kw_feature_list_load(const gchar *path, GError **error);

/* The same from memory; problems as facts. @problems: (element-type KwConfigProblem) */
KwFeatureList *
kw_feature_list_load_bytes(const gchar *origin, GBytes *text, GPtrArray *problems);

KwFeatureList *kw_feature_list_ref(KwFeatureList *self);
void kw_feature_list_unref(KwFeatureList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFeatureList, kw_feature_list_unref)

/* SHA-256 as hex over names, order and formulas of all features: same hash, same values. The
 * file's comments and spaces play no part. */
const gchar *kw_feature_list_get_hash(const KwFeatureList *self);

guint kw_feature_list_get_n_features(const KwFeatureList *self);
const KwFeature *kw_feature_list_get_feature(const KwFeatureList *self, guint index);

/* Pairs whose candles are needed besides those of the predicted one */
guint kw_feature_list_get_n_pairs(const KwFeatureList *self);
const gchar *kw_feature_list_get_pair(const KwFeatureList *self, guint index);

guint kw_feature_list_get_n_sources(const KwFeatureList *self);
const KwFeatureSource *kw_feature_list_get_source(const KwFeatureList *self, guint index);

/* KW_SESSION_N borders */
const KwSession *kw_feature_list_get_sessions(const KwFeatureList *self);

G_END_DECLS
