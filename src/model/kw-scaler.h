/* kw-scaler.h: brings features to mean 0 and deviation 1, as they were in training */
#pragma once

#include "kw-matrix.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _KwScaler KwScaler;

/* (transfer full): fitted on all rows of @train and nothing else; a column that is constant or
 * not known keeps its scale */
KwScaler *kw_scaler_fit(const KwMatrix *train);
void kw_scaler_free(KwScaler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwScaler, kw_scaler_free)

gsize kw_scaler_get_n_cols(const KwScaler *self);

/* In place; NaN stays NaN */
void kw_scaler_apply(const KwScaler *self, gfloat *rows, gsize n_rows);

/* (transfer full): one JSON object; reads back as the same numbers */
gchar *kw_scaler_to_json(const KwScaler *self);

/* (transfer full): %NULL with a parse error */
KwScaler *kw_scaler_from_json(JsonObject *object, GError **error);

G_END_DECLS
