/* kw-feature-matrix-private.h: the inside of a matrix, for its file */
#pragma once

#include "kw-feature-matrix.h"

G_BEGIN_DECLS

struct _KwFeatureMatrix {
    gsize n_rows;
    guint n_features;
    gchar *hash;         /* owned */
    const gint64 *times; /* n_rows */
    const gfloat *values;

    GBytes *backing;     /* owned; what times and values point into, or NULL */
    gint64 *owned_times; /* owned; when there is no backing */
    gfloat *owned_values;
    gsize capacity; /* numbers that fit into owned_values */
};

G_END_DECLS
