/* kw-feature-spec.h: what a feature list says, read from its file */
#pragma once

#include "kw-indicator.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_FEATURE_SPEC_MAX_BYTES 65536
#define KW_FEATURE_SPEC_MAX_SHIFT 1000

/**
 * KwFeatureSpec:
 * @names: indicators that take a period
 * @periods, @shifts: (element-type gint): each name with each period and each shift
 * @singles: whole field names, of the pair's own candles, without a shift
 * @pairs: canonical names of pairs whose features are added
 * @timeframes: (element-type gint64): longer ones, in microseconds, whose features are added
 */
typedef struct {
    GPtrArray *names;
    GArray *periods, *shifts;
    GPtrArray *singles;
    GPtrArray *pairs;
    GArray *timeframes;
    KwSession sessions[KW_SESSION_N];
} KwFeatureSpec;

void kw_feature_spec_free(KwFeatureSpec *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFeatureSpec, kw_feature_spec_free)

/**
 * kw_feature_spec_parse:
 * @origin: name of the file, for the problems
 * @text: its bytes
 * @problems: (element-type KwConfigProblem): all that is wrong is appended
 *
 * Returns: (transfer full): %NULL when anything was wrong
 */
KwFeatureSpec *kw_feature_spec_parse(const gchar *origin, GBytes *text, GPtrArray *problems);

G_END_DECLS
