/* kw-training.h: from candles to a trained, calibrated and judged model, step by step */
#pragma once

#include "kw-confidence.h"
#include "kw-fold.h"
#include "kw-forecast.h"
#include "kw-model.h"
#include "kw-train-job.h"

G_BEGIN_DECLS

/**
 * KwTrainingOptions:
 * @peers: (array length=n_peers): all pairs, for %KW_LABEL_TREND and for features of other
 *   pairs; used while pairs are added
 * @peer_names: (array length=n_peers) (nullable): likewise
 * @test_us: at the end of the data; nothing of it is trained on
 * @folder: of the work under way, to go on from after a kill
 * @program: the kurswart program
 * @n_threads: for features; those of the booster are in @params
 * @on_round: (nullable): called for each round; may ask to stop
 *
 * Texts are borrowed.
 */
typedef struct {
    KwLabelKind label;
    const KwSeries *const *peers;
    const gchar *const *peer_names;
    guint n_peers;
    gint64 horizon_us, test_us;
    gdouble valid_share;
    KwBoosterParams params;
    const gchar *folder, *program;
    guint64 max_bytes;
    guint n_threads;
    KwBoosterDecision (*on_round)(const KwBoosterRound *round, gpointer user_data);
    gpointer user_data;
} KwTrainingOptions;

#define KW_TRAINING_MAX_BINS 10

/**
 * KwTrainingFigures:
 * @n_rows: that can be used; @n_unknown: in which a feature or the label is not known
 * @n_constant: features that are the same in all training rows
 * @n_train, @n_valid, @n_test: rows of the spans
 * @rounds: trees of the model; @valid: error there on the validation rows
 * @test_error: root mean square on the test; @naive_error: of the mean of the training labels
 * @correlation: of prediction and label on the test; NaN when one of them is constant
 * @n_right: tests whose direction was right
 * @scores, @tiers: of the calibrated chance of a rise, on the test
 * @calibration_error: expected, over @bins
 * @bins: of the calibrated chances, those that hold anything
 * @leaked: a row is nearer to the next span than the horizon
 */
typedef struct {
    gsize n_rows, n_unknown, n_train, n_valid, n_test;
    guint n_constant, rounds;
    gdouble valid, test_error, naive_error, correlation;
    guint n_right;
    KwForecastScores scores;
    KwTierReport tiers;
    gdouble calibration_error;
    guint n_bins;
    KwReliabilityBin bins[KW_TRAINING_MAX_BINS];
    gboolean leaked;
} KwTrainingFigures;

/**
 * KwTraining:
 *
 * The steps are called in the order in which they stand here. Blocking; any one thread.
 */
typedef struct _KwTraining KwTraining;

/* @features: text of the feature list. %NULL with %KW_CONFIG_ERROR_INVALID or
 * %KW_MODEL_ERROR_VALUE (a list that needs candles of other pairs) */
KwTraining *kw_training_new(GBytes *features, const KwTrainingOptions *options, GError **error);
void kw_training_free(KwTraining *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTraining, kw_training_free)

/* Features and labels of one pair. %FALSE with %KW_MODEL_ERROR_VALUE or %KW_COLUMN_ERROR */
gboolean kw_training_add_pair(KwTraining *self, const KwSeries *series, GError **error);

/* Puts the rows of all pairs in the order of time. %FALSE with %KW_MODEL_ERROR_VALUE */
gboolean kw_training_join(KwTraining *self, GError **error);

/* The same, and splits and scales them: the last days are the test. %FALSE also with
 * %KW_MODEL_ERROR_SHORT */
gboolean kw_training_prepare(KwTraining *self, GError **error);

/**
 * kw_training_new_window:
 * @whole: its rows are joined; outlives the window
 * @fold: which of its rows are trained on
 * @folder: as in the options
 *
 * Returns: (transfer full): a training over the same rows, prepared; %NULL as from
 *   kw_training_prepare()
 */
KwTraining *kw_training_new_window(const KwTraining *whole,
                                   const KwFold *fold,
                                   const gchar *folder,
                                   GError **error);

/* Trains in a process of its own; %FALSE as from kw_train_job_run() */
gboolean kw_training_fit(KwTraining *self, GError **error);

/* In place of kw_training_fit(): trees that were grown before, of the same rows and options */
void kw_training_take_model(KwTraining *self, GBytes *model);

/* Maps predictions to chances on rows of their own, and judges both on the test */
gboolean kw_training_judge(KwTraining *self, GError **error);

/* What it said on the test, calibrated, and whether the price rose; borrowed of @self */
KwForecasts kw_training_get_forecasts(const KwTraining *self);

const KwTrainingOptions *kw_training_get_options(const KwTraining *self);
const KwTrainingFigures *kw_training_get_figures(const KwTraining *self);
const KwFold *kw_training_get_fold(const KwTraining *self);

/* Rows of all pairs that open in @span; they are joined */
gsize kw_training_count(const KwTraining *self, KwFoldSpan span);

/* First row and the end of the last one */
KwFoldSpan kw_training_get_span(const KwTraining *self);

/* (transfer full): SHA-256 over all rows */
gchar *kw_training_dup_data_hash(const KwTraining *self);

/* Fills in what the training has made; borrowed of @self. Facts and texts are the caller's. */
void kw_training_get_parts(const KwTraining *self, KwModelParts *out);

G_END_DECLS
