/* kw-fold.h: which rows a model is trained, calibrated and tested on */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_FOLD_MIN_TRAIN_US (G_GINT64_CONSTANT(90) * G_TIME_SPAN_DAY)
#define KW_FOLD_STEP_US (G_GINT64_CONSTANT(7) * G_TIME_SPAN_DAY)

/* From @begin_us to before @end_us */
typedef struct {
    gint64 begin_us, end_us;
} KwFoldSpan;

/**
 * KwFold:
 * @train: trees are grown on these
 * @valid: decides when to stop growing, and calibrates
 * @test: judges
 *
 * In this order, with at least the embargo between one and the next: a label of the one looks
 * no further than where the next begins.
 */
typedef struct {
    KwFoldSpan train, valid, test;
} KwFold;

/**
 * KwFoldRules:
 * @data: from the first row to behind the last one
 * @horizon_us: how far labels look ahead
 * @embargo_us: at least @horizon_us
 * @train_us: at least 90 days
 * @step_us: length of a test, and from one window to the next
 * @valid_share: of the training span, cut off at its end; above 0, at most one half
 */
typedef struct {
    KwFoldSpan data;
    gint64 horizon_us, embargo_us, train_us, step_us;
    gdouble valid_share;
} KwFoldRules;

/**
 * kw_fold_rolling:
 *
 * Walk-forward windows: each trains on @train_us, tests on the @step_us behind, and the next
 * is @step_us later. The last test may be cut short by the end of the data.
 *
 * Returns: (transfer full) (element-type KwFold): at least one; %NULL with
 *   %KW_MODEL_ERROR_VALUE when the rules do not fit each other, or _SHORT when the data is
 */
GArray *kw_fold_rolling(const KwFoldRules *rules, GError **error);

/**
 * kw_fold_to_date:
 * @test_us: length of the test at the end of the data; all before it trains
 *
 * Returns: %FALSE with %KW_MODEL_ERROR_VALUE, or _SHORT without 90 days before the test
 */
gboolean kw_fold_to_date(const KwFoldRules *rules, gint64 test_us, KwFold *out, GError **error);

/* Fixed borders: trains up to @train_end_us, tests from there on. %FALSE as above */
gboolean
kw_fold_fixed(const KwFoldRules *rules, gint64 train_end_us, KwFold *out, GError **error);

G_END_DECLS
