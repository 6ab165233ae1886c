/* kw-model-feed.c: candles to features to predictions, in the step of a frame
 *
 * Two columns share one feed: the prediction's is computed first and leaves the confidences of
 * its block for the other. The features have a stream of their own and not the columns of the
 * frame: it gives them in the order and precision in which the model was trained, whatever the
 * strategy computes beside. */
#include "kw-model-feed.h"

#include "kw-feature-stream.h"

#include <math.h>

typedef struct {
    gatomicrefcount n_refs; /* one per column */
    KwModel *model;
    KwFeatureStream *stream;
    GArray *rows;        /* of gfloat: features of the block */
    GArray *confidences; /* of gdouble: those of the block */
} Feed;

static void
feed_unref(gpointer data)
{
    Feed *feed = data;

    if (!g_atomic_ref_count_dec(&feed->n_refs))
        return;
    kw_feature_stream_free(feed->stream);
    kw_model_unref(feed->model);
    g_array_unref(feed->rows);
    g_array_unref(feed->confidences);
    g_free(feed);
}

static Feed *
feed_new(KwModel *model, KwFeatureStream *stream)
{
    Feed *feed = g_new0(Feed, 1);

    g_atomic_ref_count_init(&feed->n_refs);
    feed->model = kw_model_ref(model);
    feed->stream = stream;
    feed->rows = g_array_new(FALSE, TRUE, sizeof(gfloat));
    feed->confidences = g_array_new(FALSE, TRUE, sizeof(gdouble));
    return feed;
}

static void
compute_prediction(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    Feed *feed = data;
    guint n = kw_feature_list_get_n_features(kw_model_get_features(feed->model));
    gsize n_rows = to - from;

    g_array_set_size(feed->rows, (guint) (n_rows * n));
    g_array_set_size(feed->confidences, (guint) n_rows);
    for (gsize row = from; row < to; row++) {
        KwCandle candle = kw_series_get(series, row);

        (void) kw_feature_stream_push(feed->stream, 0, &candle);
    }
    if (kw_feature_stream_get_n_waiting(feed->stream) !=
        n_rows) { /* never: rows are in order */
        for (gsize i = 0; i < n_rows; i++)
            out[i] = NAN;
        return;
    }
    kw_feature_stream_take(feed->stream, (gfloat *) (gpointer) feed->rows->data, n);
    kw_model_predict(feed->model, (const gfloat *) (gpointer) feed->rows->data, n_rows, out,
                     (gdouble *) (gpointer) feed->confidences->data);
}

static void
compute_confidence(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    const Feed *feed = data;

    for (gsize i = 0; i < to - from; i++)
        out[i] =
            i < feed->confidences->len ? g_array_index(feed->confidences, gdouble, i) : NAN;
}

static void
compute_nothing(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    for (gsize i = 0; i < to - from; i++)
        out[i] = NAN;
}

static gboolean
check_fit(KwModel *model, KwFrame *frame, GError **error)
{
    gint64 step_us = kw_series_get_timeframe_us(kw_frame_get_series(frame));

    if (kw_model_get_facts(model)->timeframe_us != step_us) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                            "was trained on another timeframe than the strategy's");
        return FALSE;
    }
    if (kw_feature_list_get_n_pairs(kw_model_get_features(model)) > 0) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                            "needs candles of other pairs, which a strategy does not have");
        return FALSE;
    }
    return TRUE;
}

/* Both columns over @outside, whose data is taken over once for each */
static gboolean
add_columns(KwFrame *frame,
            const gchar *label,
            const KwOutside outside[2],
            KwModelColumns *out,
            GError **error)
{
    g_autofree gchar *prediction = g_strdup_printf("model(%s).prediction", label);
    g_autofree gchar *confidence = g_strdup_printf("model(%s).confidence", label);
    KwModelColumns columns;

    columns.prediction = kw_frame_outside(frame, prediction, &outside[0], NULL, error);
    if (columns.prediction == NULL) {
        if (outside[1].destroy != NULL)
            outside[1].destroy(outside[1].data);
        return FALSE;
    }
    columns.confidence =
        kw_frame_outside(frame, confidence, &outside[1], columns.prediction, error);
    if (columns.confidence == NULL)
        return FALSE;
    *out = columns;
    return TRUE;
}

gboolean
kw_model_feed_add(
    KwModel *model, const gchar *name, KwFrame *frame, KwModelColumns *out, GError **error)
{
    static const KwOutside nothing[] = {{compute_nothing, NULL, NULL},
                                        {compute_nothing, NULL, NULL}};
    KwOutside outside[] = {{compute_prediction, feed_unref, NULL},
                           {compute_confidence, feed_unref, NULL}};
    g_autofree gchar *label = NULL;
    KwFeatureStream *stream;
    Feed *feed;

    if (model == NULL)
        return add_columns(frame, name, nothing, out, error);
    if (!check_fit(model, frame, error))
        return FALSE;
    stream = kw_feature_stream_new(kw_model_get_features(model),
                                   kw_model_get_facts(model)->timeframe_us, NULL, error);
    if (stream == NULL)
        return FALSE;
    feed = feed_new(model, stream);
    g_atomic_ref_count_inc(&feed->n_refs);
    outside[0].data = outside[1].data = feed;
    label = g_strdup_printf("%s@%.12s", name, kw_model_get_hash(model));
    return add_columns(frame, label, outside, out, error);
}
