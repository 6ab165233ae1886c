/* kw-feature-file.h: a matrix of features on disk, mapped when it is read */
#pragma once

#include "kw-feature-matrix.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_FEATURE_FILE_PAIR_SIZE 32
#define KW_FEATURE_FILE_HASH_SIZE 65 /* SHA-256 as hex, and its end */

/**
 * KwFeatureOrigin:
 * @pair: predicted pair, canonical name
 * @timeframe_us: of its candles
 * @is_synthetic: candles of a generator are among those that the features come from
 * @content_hash: SHA-256 as hex over names, times and values; given when a file is read or
 *   written: same hash, same data
 */
typedef struct {
    gchar pair[KW_FEATURE_FILE_PAIR_SIZE];
    gint64 timeframe_us;
    gboolean is_synthetic;
    gchar content_hash[KW_FEATURE_FILE_HASH_SIZE];
} KwFeatureOrigin;

/**
 * kw_feature_file_write:
 * @path: replaced as a whole, or left as it was
 * @list: the one that @matrix was computed by
 * @origin: its content hash is filled in
 *
 * Returns: %TRUE, or %FALSE with %KW_COLUMN_ERROR_FILE
 */
gboolean kw_feature_file_write(const gchar *path,
                               const KwFeatureMatrix *matrix,
                               const KwFeatureList *list,
                               KwFeatureOrigin *origin,
                               GError **error);

/**
 * kw_feature_file_load:
 * @out_names: (out) (optional) (transfer full): names of the features
 *
 * Maps the file and checks all of it, so that a cut or changed one is never used. The pages
 * belong to the file and cost no memory of the process's own.
 *
 * Returns: (transfer full): %NULL with %KW_COLUMN_ERROR_FILE
 */
KwFeatureMatrix *kw_feature_file_load(const gchar *path,
                                      KwFeatureOrigin *out_origin,
                                      GStrv *out_names,
                                      GError **error);

/* The same from memory; the matrix keeps @bytes */
KwFeatureMatrix *kw_feature_file_load_bytes(GBytes *bytes,
                                            KwFeatureOrigin *out_origin,
                                            GStrv *out_names,
                                            GError **error);

G_END_DECLS
