/* kw-strategy.h: a strategy file, checked, with its terms and parameters */
#pragma once

#include "kw-strategy-columns.h"
#include "kw-strategy-limits.h"
#include "kw-strategy-terms.h"

G_BEGIN_DECLS

typedef struct _KwModelShelf KwModelShelf; /* kw-model-shelf.h */

#define KW_STRATEGY_MAX_BYTES (256 * 1024) /* of a source file */

/**
 * KwStrategyParam:
 * @name: borrowed from the strategy
 * @is_integer: only whole numbers are allowed
 */
typedef struct {
    const gchar *name;
    gdouble fallback, min, max;
    gdouble current;
    gboolean is_integer;
} KwStrategyParam;

/**
 * KwStrategy:
 *
 * Source text, terms and parameters. Holds no Lua state: each build runs the file anew in
 * a fresh sandbox, so that nothing is carried from one pair to the next.
 */
typedef struct _KwStrategy KwStrategy;

/**
 * kw_strategy_load_bytes:
 * @file_name: for messages, without folder
 * @limits: (nullable): %NULL for the default ones
 *
 * Runs the file, checks every field and builds it once on an empty frame.
 *
 * Returns: (transfer full): the strategy, or %NULL with %KW_STRATEGY_ERROR; the message
 *   begins with @file_name and names line or field
 */
KwStrategy *kw_strategy_load_bytes(const gchar *file_name,
                                   GBytes *source,
                                   const KwStrategyLimits *limits,
                                   GError **error);
KwStrategy *
kw_strategy_load_file(const gchar *path, const KwStrategyLimits *limits, GError **error);
void kw_strategy_free(KwStrategy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwStrategy, kw_strategy_free)

const gchar *kw_strategy_get_name(const KwStrategy *self);
const gchar *kw_strategy_get_timeframe(const KwStrategy *self);
const KwStrategyTerms *kw_strategy_get_terms(const KwStrategy *self);

/* The text as it was loaded; borrowed */
GBytes *kw_strategy_get_source(const KwStrategy *self);

/* SHA-256 of source text and parameter values, as hex */
const gchar *kw_strategy_get_identity(const KwStrategy *self);

/* Declared parameters, sorted by name; borrowed */
const KwStrategyParam *kw_strategy_get_params(const KwStrategy *self, guint *out_n);

/**
 * kw_strategy_set_param:
 *
 * Changes the identity; columns built before keep their values.
 *
 * Returns: %FALSE with %KW_STRATEGY_ERROR_VALUE for an unknown name or a value out of range
 */
gboolean
kw_strategy_set_param(KwStrategy *self, const gchar *name, gdouble value, GError **error);

/* TRUE when it reads further columns of the candles (c.extra, c.extra_label) */
gboolean kw_strategy_uses_extras(const KwStrategy *self);

/* (array zero-terminated=1): canonical names of the pairs that informative() was asked for;
 * borrowed */
const gchar *const *kw_strategy_get_pairs(const KwStrategy *self);

/* Runs it on candles of another length than it says; changes the identity. */
void kw_strategy_set_timeframe(KwStrategy *self, gint64 timeframe_us);

/* Where model("name") looks in the builds that follow; a reference is kept */
void kw_strategy_set_models(KwStrategy *self, KwModelShelf *models);

/**
 * kw_strategy_build:
 * @frame: gets the columns; call kw_frame_update() afterwards
 *
 * Runs the strategy's functions once. @frame must outlive the result.
 *
 * Returns: (transfer full): the result columns, or %NULL with %KW_STRATEGY_ERROR
 */
KwStrategyColumns *kw_strategy_build(const KwStrategy *self, KwFrame *frame, GError **error);

G_END_DECLS
