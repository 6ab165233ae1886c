/* kw-recipe.h: indicators that are put together from several columns */
#pragma once

#include "kw-frame.h"

G_BEGIN_DECLS

/**
 * KwMacd:
 *
 * All three are undefined until the signal is defined, as in TA-Lib.
 */
typedef struct {
    KwColumn *line;
    KwColumn *signal;
    KwColumn *hist; /* line - signal */
} KwMacd;

/* @fast < @slow. Returns: %FALSE with %KW_COLUMN_ERROR; @out untouched then */
gboolean kw_recipe_macd(
    KwFrame *frame, KwColumn *input, const gint periods[3], KwMacd *out, GError **error);

/* The mean and @width population standard deviations to both sides */
typedef struct {
    KwColumn *upper;
    KwColumn *middle;
    KwColumn *lower;
} KwBollinger;

gboolean kw_recipe_bollinger(KwFrame *frame,
                             KwColumn *input,
                             gint period,
                             gdouble width,
                             KwBollinger *out,
                             GError **error);

G_END_DECLS
