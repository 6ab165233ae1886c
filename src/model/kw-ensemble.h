/* kw-ensemble.h: several models of the shelf as one, by weights */
#pragma once

#include "kw-model-feed.h"

G_BEGIN_DECLS

#define KW_ENSEMBLE_MAX 8

/**
 * KwEnsembleMember:
 * @name: of a model on the shelf; borrowed
 * @weight: finite, not negative
 */
typedef struct {
    const gchar *name;
    gdouble weight;
} KwEnsembleMember;

/**
 * kw_ensemble_add:
 * @shelf: (nullable): a reference is kept; %NULL for columns without a value, to try a strategy
 *   on
 * @members: at most %KW_ENSEMBLE_MAX; the order plays no part
 *
 * Columns of the weighted mean over the members that are loaded, their weights divided by their
 * sum. A member of which no version is promoted is left out, and so is, in a row, one that has
 * no value there. Chances are combined first, and the conservative part is taken off after
 * that.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL_FEATURES when a weight is negative or not finite, all
 *   are 0, or the members predict different things; %KW_MODEL_REFUSAL_ABSENT when no member is
 *   there; or as kw_model_feed_add()
 */
gboolean kw_ensemble_add(KwModelShelf *shelf,
                         const KwEnsembleMember *members,
                         guint n,
                         KwFrame *frame,
                         KwModelColumns *out,
                         GError **error);

G_END_DECLS
