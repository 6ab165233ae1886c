/* kw-sketch.h: what a picture will show: figures copied, texts made; drawn on any thread */
#pragma once

#include "kw-axis.h"
#include "kw-chart-request.h"
#include "kw-query.h"

G_BEGIN_DECLS

typedef struct _KwSketch KwSketch;

/**
 * kw_sketch_new:
 * @zone: of the days in it; nothing of it is kept
 * @paper: what it is drawn on
 *
 * In the language that is set now.
 *
 * Returns: (transfer full) (nullable): %NULL when there is too little to show
 */
KwSketch *
kw_sketch_new(KwQuery *query, const KwZone *zone, KwPaper paper, const KwChartRequest *request);
void kw_sketch_free(KwSketch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSketch, kw_sketch_free)

/**
 * kw_sketch_draw:
 * @out: (out): how much of what was drawn
 *
 * Returns: (transfer full): PNG, or %NULL with an error
 */
GBytes *kw_sketch_draw(const KwSketch *self, KwChartMarks *out, GError **error);

/**
 * kw_sketch_draw_async:
 * @sketch: (transfer full)
 *
 * The same on a thread, so that the main loop does not wait.
 */
void kw_sketch_draw_async(KwSketch *sketch, GAsyncReadyCallback callback, gpointer user_data);
GBytes *kw_sketch_draw_finish(GAsyncResult *result, GError **error);

G_END_DECLS
