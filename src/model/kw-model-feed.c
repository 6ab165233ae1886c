/* kw-model-feed.c: candles to features to predictions, in the step of a frame
 *
 * Two columns share one feed: the prediction's is computed first and leaves the chances of its
 * block for the other. The confidence is read off that one: members of an ensemble are combined
 * before the conservative part is taken off (kw-ensemble.c). The features have a stream of
 * their own and not the columns of the frame: it gives them in the order and precision in which
 * the model was trained, whatever the strategy computes beside.
 *
 * Another model on the shelf goes on with the stream when its features are the same ones, by
 * hash. Else it gets a stream of its own, which has to see the rows that are there first, once
 * for a frame. */
#include "kw-model-feed.h"

#include "kw-confidence.h"
#include "kw-feature-stream.h"
#include "kw-model-guard.h"

#include <math.h>
#include <string.h>

typedef struct {
    gatomicrefcount n_refs; /* one per column */
    KwModelShelf *shelf;
    gchar *name;
    KwModel *model; /* that of the rows so far */
    KwFeatureStream *stream;
    KwModelGuard *guard;
    const KwFrame *frame; /* borrowed; whose columns these are */
    gint64 *others_us;    /* owned; newest candle taken of each other pair */
    GArray *rows;         /* of gfloat: features of the block */
    GArray *chances;      /* of gdouble: those of the block */
} Feed;

static void
feed_unref(gpointer data)
{
    Feed *feed = data;

    if (!g_atomic_ref_count_dec(&feed->n_refs))
        return;
    kw_model_shelf_note(feed->shelf, feed->frame, NULL);
    kw_feature_stream_free(feed->stream);
    kw_model_guard_free(feed->guard);
    g_free(feed->others_us);
    kw_model_unref(feed->model);
    kw_model_shelf_unref(feed->shelf);
    g_free(feed->name);
    g_array_unref(feed->rows);
    g_array_unref(feed->chances);
    g_free(feed);
}

static Feed *
feed_new(KwModelShelf *shelf, const gchar *name, KwModel *model, KwFeatureStream *stream)
{
    Feed *feed = g_new0(Feed, 1);

    g_atomic_ref_count_init(&feed->n_refs);
    feed->shelf = kw_model_shelf_ref(shelf);
    feed->name = g_strdup(name);
    feed->model = kw_model_ref(model);
    feed->stream = stream;
    feed->guard = kw_model_guard_new(model);
    feed->rows = g_array_new(FALSE, TRUE, sizeof(gfloat));
    feed->chances = g_array_new(FALSE, TRUE, sizeof(gdouble));
    return feed;
}

static KwFeatureStream *
stream_new(KwModel *model, GError **error)
{
    return kw_feature_stream_new(kw_model_get_features(model),
                                 kw_model_get_facts(model)->timeframe_us, NULL, error);
}

/* -- other pairs -- */

/* (nullable): candles of the other pair @index of @list, beside those of @frame */
static const KwSeries *
find_other(const KwFrame *frame, const KwFeatureList *list, guint index)
{
    KwNeighbours *neighbours = kw_frame_get_neighbours(frame);

    return neighbours != NULL
               ? kw_neighbours_find(neighbours, kw_feature_list_get_pair(list, index))
               : NULL;
}

static gboolean
has_others(const KwFrame *frame, const KwFeatureList *list, GError **error)
{
    if (kw_frame_get_neighbours(frame) == NULL && kw_frame_get_n_rows(frame) == 0)
        return TRUE; /* a strategy is being tried, as in kw_frame_companion() */
    for (guint i = 0; i < kw_feature_list_get_n_pairs(list); i++) {
        if (find_other(frame, list, i) != NULL)
            continue;
        g_set_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                    "needs candles of %s: it has to be one of the pairs",
                    kw_feature_list_get_pair(list, i));
        return FALSE;
    }
    return TRUE;
}

/* What of other pairs is closed at @now_us and not yet taken. What was taken is remembered as a
 * time: rows may be dropped at the front. */
static void
push_others(Feed *feed, KwFeatureStream *stream, const KwFeatureList *list, gint64 now_us)
{
    for (guint i = 0; i < kw_feature_list_get_n_pairs(list); i++) {
        const KwSeries *series = find_other(feed->frame, list, i);
        gsize n_rows = series != NULL ? kw_series_get_length(series) : 0;
        gint64 length_us = series != NULL ? kw_series_get_timeframe_us(series) : 0;
        gsize row = n_rows > 0 ? kw_series_find(series, feed->others_us[i] + 1) : 0;

        for (; row < n_rows; row++) {
            KwCandle candle = kw_series_get(series, row);

            if (candle.open_us + length_us > now_us)
                break;
            (void) kw_feature_stream_push(stream, i + 1, &candle);
            feed->others_us[i] = candle.open_us;
        }
    }
}

static void
forget_others(Feed *feed, const KwFeatureList *list)
{
    guint n = kw_feature_list_get_n_pairs(list);

    g_free(feed->others_us);
    feed->others_us = g_new(gint64, MAX(n, 1));
    for (guint i = 0; i < n; i++)
        feed->others_us[i] = G_MININT64 + 1;
}

/* @stream sees the rows before @to, and @guard what came of them. */
static void
warm_up(Feed *feed,
        KwFeatureStream *stream,
        const KwFeatureList *list,
        const KwSeries *series,
        gsize to)
{
    guint n_features = kw_feature_list_get_n_features(list);
    g_autofree gfloat *rows = NULL;
    gsize n_rows;

    for (gsize row = 0; row < to; row++) {
        KwCandle candle = kw_series_get(series, row);

        (void) kw_feature_stream_push(stream, 0, &candle);
    }
    if (to > 0)
        push_others(feed, stream, list,
                    kw_series_get_times(series)[to - 1] + kw_series_get_timeframe_us(series));
    n_rows = kw_feature_stream_get_n_waiting(stream);
    rows = g_new(gfloat, MAX(n_rows * n_features, 1));
    kw_feature_stream_take(stream, rows, n_features);
    kw_model_guard_pass(feed->guard, rows, n_rows, NULL, NULL);
}

/* Goes on with the model that the shelf has now, unless that one does not fit. */
static void
follow_shelf(Feed *feed, const KwSeries *series, gsize from)
{
    KwModel *model = kw_model_shelf_peek(feed->shelf, feed->name);
    KwFeatureList *features, *known = kw_model_get_features(feed->model);
    KwFeatureStream *stream;

    if (model == feed->model || model == NULL ||
        !kw_model_feed_check(model, kw_series_get_timeframe_us(series), NULL))
        return;
    features = kw_model_get_features(model);
    if (!has_others(feed->frame, features, NULL))
        return;
    if (strcmp(kw_feature_list_get_hash(features), kw_feature_list_get_hash(known)) != 0) {
        stream = stream_new(model, NULL);
        kw_model_guard_free(feed->guard);
        feed->guard = kw_model_guard_new(model);
        forget_others(feed, features);
        warm_up(feed, stream, features, series, from);
        kw_feature_stream_free(feed->stream);
        feed->stream = stream;
    }
    kw_model_guard_set_model(feed->guard, model);
    kw_model_ref(model);
    kw_model_unref(feed->model);
    feed->model = model;
}

/* Rows of a walk-forward: each block by the model that could have been known then */
static void
predict_in_turn(const Feed *feed, const KwModelRelay *relay, const gint64 *times, gdouble *out)
{
    const gfloat *rows = (const gfloat *) (gconstpointer) feed->rows->data;
    gdouble *chances = (gdouble *) (gpointer) feed->chances->data;
    gsize n_rows = feed->chances->len, end;
    gsize n = kw_feature_list_get_n_features(kw_model_get_features(feed->model));

    for (gsize at = 0; at < n_rows; at = end) {
        gint64 until_us = 0;
        KwModel *model = kw_model_relay_find(relay, times[at], &until_us);

        for (end = at; end < n_rows && times[end] < until_us; end++)
            out[end] = chances[end] = NAN;
        if (model != NULL) {
            kw_model_predict(model, rows + at * n, end - at, out + at, chances + at);
            kw_model_guard_set_model(feed->guard, model);
        }
        kw_model_guard_pass(feed->guard, rows + at * n, end - at, out + at, chances + at);
    }
}

static void
compute_prediction(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    Feed *feed = data;
    const KwModelRelay *relay = kw_model_shelf_peek_relay(feed->shelf, feed->name);
    gsize n_rows = to - from;
    KwModelSilence silence;
    guint n;

    follow_shelf(feed, series, from);
    n = kw_feature_list_get_n_features(kw_model_get_features(feed->model));
    g_array_set_size(feed->rows, (guint) (n_rows * n));
    g_array_set_size(feed->chances, (guint) n_rows);
    for (gsize row = from; row < to; row++) {
        KwCandle candle = kw_series_get(series, row);

        (void) kw_feature_stream_push(feed->stream, 0, &candle);
    }
    push_others(feed, feed->stream, kw_model_get_features(feed->model),
                kw_series_get_times(series)[to - 1] + kw_series_get_timeframe_us(series));
    if (kw_feature_stream_get_n_waiting(feed->stream) !=
        n_rows) { /* never: rows are in order */
        for (gsize i = 0; i < n_rows; i++)
            out[i] = NAN;
        return;
    }
    kw_feature_stream_take(feed->stream, (gfloat *) (gpointer) feed->rows->data, n);
    if (relay != NULL) {
        predict_in_turn(feed, relay, kw_series_get_times(series) + from, out);
        return;
    }
    kw_model_predict(feed->model, (const gfloat *) (gpointer) feed->rows->data, n_rows, out,
                     (gdouble *) (gpointer) feed->chances->data);
    kw_model_guard_pass(feed->guard, (const gfloat *) (gpointer) feed->rows->data, n_rows, out,
                        (gdouble *) (gpointer) feed->chances->data);
    silence = kw_model_guard_get_silence(feed->guard);
    kw_model_shelf_note(feed->shelf, feed->frame, &silence);
}

static void
compute_chance(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    const Feed *feed = data;

    for (gsize i = 0; i < to - from; i++)
        out[i] = i < feed->chances->len ? g_array_index(feed->chances, gdouble, i) : NAN;
}

static void
compute_confidence(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    const gdouble *chances = kw_column_get_numbers(data);

    for (gsize row = from; row < to; row++)
        out[row - from] = kw_confidence_shift(chances[row], KW_CONFIDENCE_BIAS);
}

static void
compute_nothing(gpointer data, const KwSeries *series, gsize from, gsize to, gdouble *out)
{
    for (gsize i = 0; i < to - from; i++)
        out[i] = NAN;
}

gboolean
kw_model_feed_check(KwModel *model, gint64 timeframe_us, GError **error)
{
    g_autoptr(KwFeatureStream) stream = NULL;

    if (kw_model_get_facts(model)->timeframe_us != timeframe_us) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                            "was trained on another timeframe than the strategy's");
        return FALSE;
    }
    stream = stream_new(model, error);
    return stream != NULL;
}

static KwColumn *
add_confidence(KwFrame *frame, const gchar *name, KwColumn *chance, GError **error)
{
    const KwOutside outside = {compute_confidence, NULL, chance};

    return kw_frame_outside(frame, name, &outside, chance, error);
}

/* Prediction and chance over @outside, whose data is taken over once for each */
static gboolean
add_columns(KwFrame *frame,
            const gchar *label,
            const KwOutside outside[2],
            KwModelColumns *out,
            GError **error)
{
    g_autofree gchar *prediction = g_strdup_printf("model(%s).prediction", label);
    g_autofree gchar *chance = g_strdup_printf("model(%s).chance", label);
    g_autofree gchar *confidence = g_strdup_printf("model(%s).confidence", label);
    KwModelColumns columns;

    columns.prediction = kw_frame_outside(frame, prediction, &outside[0], NULL, error);
    if (columns.prediction == NULL) {
        if (outside[1].destroy != NULL)
            outside[1].destroy(outside[1].data);
        return FALSE;
    }
    columns.chance = kw_frame_outside(frame, chance, &outside[1], columns.prediction, error);
    if (columns.chance == NULL)
        return FALSE;
    columns.confidence = add_confidence(frame, confidence, columns.chance, error);
    if (columns.confidence == NULL)
        return FALSE;
    *out = columns;
    return TRUE;
}

gboolean
kw_model_feed_add(
    KwModelShelf *shelf, const gchar *name, KwFrame *frame, KwModelColumns *out, GError **error)
{
    static const KwOutside nothing[] = {{compute_nothing, NULL, NULL},
                                        {compute_nothing, NULL, NULL}};
    KwOutside outside[] = {{compute_prediction, feed_unref, NULL},
                           {compute_chance, feed_unref, NULL}};
    g_autoptr(GError) refusal = NULL;
    KwModel *model;
    Feed *feed;

    if (shelf == NULL)
        return add_columns(frame, name, nothing, out, error);
    model = kw_model_shelf_get(shelf, name, &refusal);
    if (model == NULL) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    if (!kw_model_feed_check(model, kw_series_get_timeframe_us(kw_frame_get_series(frame)),
                             error) ||
        !has_others(frame, kw_model_get_features(model), error))
        return FALSE;
    feed = feed_new(shelf, name, model, stream_new(model, NULL));
    feed->frame = frame;
    forget_others(feed, kw_model_get_features(model));
    g_atomic_ref_count_inc(&feed->n_refs);
    outside[0].data = outside[1].data = feed;
    return add_columns(frame, name, outside, out, error);
}
