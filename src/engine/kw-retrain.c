/* kw-retrain.c: holds the models in use against the candles and trades that came after them
 *
 * The same figures as "kurswart model check", from the same functions. Thousands of forecasts
 * are too much for the main loop, so a thread loads the promoted version anew, beside the one
 * that predicts, and reads on connections of its own. A model whose files cannot be read is
 * passed over: the model watch and "kurswart doctor" tell of it. */
#include "kw-retrain.h"

#include "kw-model-candles.h"
#include "kw-store.h"
#include "kw-strategy.h"
#include "kw-train-order.h"

#include <string.h>

#define PAUSE_DAYS 7 /* after a training whose model was not taken */

typedef struct {
    gchar *root, *strategy, *config;
    guint max_mb;
    GStrv names;
    KwMode mode;
    KwRetrainWish wish;
    gint64 now_us;
    GArray *advices; /* KwRetrainAdvice */
} Look;

static void
advice_clear(gpointer data)
{
    g_strfreev(((KwRetrainAdvice *) data)->words);
}

static void
look_free(gpointer data)
{
    Look *look = data;

    g_free(look->root);
    g_free(look->strategy);
    g_free(look->config);
    g_strfreev(look->names);
    g_clear_pointer(&look->advices, g_array_unref);
    g_free(look);
}

static gboolean
add_pairs(const Look *look,
          KwMarketStore *market,
          KwModel *model,
          KwModelHealth *health,
          GCancellable *cancellable,
          GError **error)
{
    const KwModelCandles candles = {market, model, look->now_us};
    g_auto(GStrv) pairs = g_strsplit(kw_model_get_facts(model)->pairs, ",", -1);

    if (!kw_model_candles_give_others(&candles, health, error))
        return FALSE;
    for (guint i = 0; pairs[i] != NULL; i++) {
        g_autoptr(KwSeries) series = NULL;
        KwModelPairHealth out;

        if (g_cancellable_set_error_if_cancelled(cancellable, error))
            return FALSE;
        series = kw_model_candles_load(&candles, pairs[i], error);
        if (series == NULL)
            return FALSE;
        (void) kw_model_health_add(health, series, &out, NULL); /* else nothing to tell yet */
    }
    return TRUE;
}

static GStrv
order_words(const Look *look,
            const KwRegistry *registry,
            KwModelVersion version,
            const KwModelFacts *facts)
{
    g_autofree gchar *folder = kw_registry_dup_path(registry, version);
    const KwTrainOrder order = {.root = look->root,
                                .folder = folder,
                                .strategy = look->strategy,
                                .config = look->config,
                                .max_mb = look->max_mb,
                                .now_us = look->now_us};

    return kw_train_order_to_words(&order, facts);
}

/* What drifts goes on drifting, and a training over a few more candles comes out as the one
 * before: when the newest version is not the one in use and has learnt from candles up to a
 * few days ago, the same advice would only cost a night and a message. */
static gboolean
was_tried_lately(const Look *look, const KwRegistry *registry, KwModelVersion in_use)
{
    g_autoptr(GArray) versions = kw_registry_list(registry);
    KwModelVersion newest;
    g_autofree gchar *folder = NULL;
    g_autoptr(KwModel) model = NULL;
    const KwModelFacts *facts;

    if (versions->len == 0)
        return FALSE;
    newest = g_array_index(versions, KwModelVersion, versions->len - 1);
    if (kw_model_version_cmp(newest, in_use) <= 0)
        return FALSE;
    folder = kw_registry_dup_path(registry, newest);
    model = kw_model_load(folder, NULL);
    if (model == NULL)
        return FALSE;
    /* its rows end where labels could not look ahead any more */
    facts = kw_model_get_facts(model);
    return facts->data_end_us + facts->horizon_us > look->now_us - PAUSE_DAYS * G_TIME_SPAN_DAY;
}

static void
judge(Look *look, const KwRegistry *registry, const KwModelFacts *model, KwModelHealth *health)
{
    KwTriggerFacts facts = {.today = look->now_us / G_TIME_SPAN_DAY,
                            .is_requested = look->wish == KW_RETRAIN_WANTED};
    KwRetrainAdvice advice = {0};
    KwModelVersion version;
    gchar text[KW_MODEL_VERSION_TEXT_SIZE];

    if (!kw_registry_get_promoted(registry, &version) ||
        (look->wish == KW_RETRAIN_IF_DUE && was_tried_lately(look, registry, version)))
        return;
    kw_model_health_fill(health, &facts);
    facts.n_trades = kw_store_count_trades(
        look->root, look->mode, kw_registry_get_promoted_us(registry, version), &facts.n_wins);
    advice.trigger = kw_trigger_find(&facts);
    if (advice.trigger == KW_TRIGGER_NONE)
        return;
    kw_trigger_measure(&facts, advice.trigger, &advice.value, &advice.limit);
    (void) g_snprintf(advice.model, sizeof advice.model, "%s %s", model->name,
                      kw_model_version_to_text(version, text));
    advice.words = order_words(look, registry, version, model);
    g_array_append_val(look->advices, advice);
}

static gboolean
look_at_model(Look *look,
              KwMarketStore *market,
              const gchar *name,
              GCancellable *cancellable,
              GError **error)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(look->root, name);
    g_autoptr(KwModel) model = kw_registry_load_promoted(registry, NULL);
    g_autoptr(KwModelHealth) health = NULL;
    const KwModelFacts *facts;

    if (model == NULL)
        return TRUE;
    facts = kw_model_get_facts(model);
    health = kw_model_health_new(model, facts->data_end_us);
    if (!add_pairs(look, market, model, health, cancellable, error))
        return FALSE;
    judge(look, registry, facts, health);
    return TRUE;
}

/* %FALSE when @self cannot be built without a model that is not there, of which no training
 * would come about. @shelf gets what it asks for. */
static gboolean
ask_for_models(KwStrategy *self, KwModelShelf *shelf)
{
    g_autoptr(KwFrame) frame =
        kw_frame_new(kw_series_new(kw_strategy_get_terms(self)->timeframe_us));
    g_autoptr(KwStrategyColumns) columns = NULL;
    g_autoptr(GError) error = NULL;

    kw_strategy_set_models(self, shelf);
    columns = kw_strategy_build(self, frame, &error);
    return columns != NULL || strstr(error->message, "model '") == NULL;
}

/* A training is over the strategy of the file, and refused when that does not ask for the
 * model. The shelf of the engine has others as well: those of the last good version of the
 * file, and of files before. */
static void
leave_out_strangers(Look *look)
{
    g_autoptr(KwStrategy) strategy =
        look->strategy != NULL ? kw_strategy_load_file(look->strategy, NULL, NULL) : NULL;
    g_autoptr(KwModelShelf) shelf = kw_model_shelf_new(look->root);
    g_autoptr(GStrvBuilder) left = g_strv_builder_new();

    if (look->strategy == NULL)
        return;
    if (strategy != NULL && ask_for_models(strategy, shelf))
        for (guint i = 0; look->names[i] != NULL; i++)
            if (kw_model_shelf_peek(shelf, look->names[i]) != NULL)
                g_strv_builder_add(left, look->names[i]);
    g_strfreev(look->names);
    look->names = g_strv_builder_end(left);
}

/* The command may be called again from another folder. */
static gchar *
whole_path(const gchar *path)
{
    return path != NULL ? g_canonicalize_filename(path, NULL) : NULL;
}

static void
run_look(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
    Look *look = task_data;
    GError *error = NULL;
    g_autoptr(KwMarketStore) market = NULL;
    gboolean is_ok = TRUE;

    (void) source;
    leave_out_strangers(look);
    /* without models there may be no store either, and none is to be made */
    if (look->names[0] != NULL) {
        market = kw_market_store_open(look->root, &error);
        is_ok = market != NULL;
    }
    for (guint i = 0; is_ok && look->names[i] != NULL; i++)
        is_ok = look_at_model(look, market, look->names[i], cancellable, &error);
    if (market != NULL)
        kw_market_store_close(market);
    if (is_ok)
        g_task_return_pointer(task, g_steal_pointer(&look->advices),
                              (GDestroyNotify) g_array_unref);
    else
        g_task_return_error(task, error);
}

void
kw_retrain_look_async(const KwBookSettings *settings,
                      KwRetrainWish wish,
                      gint64 now_us,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
    Look *look = g_new0(Look, 1);

    look->root = whole_path(kw_model_shelf_get_root(settings->models));
    look->strategy = whole_path(settings->strategy_path);
    look->config = whole_path(settings->config_path);
    look->max_mb = settings->retrain_mb;
    look->names = kw_model_shelf_list_promoted(settings->models);
    look->mode = settings->mode;
    look->wish = wish;
    look->now_us = now_us;
    look->advices = g_array_new(FALSE, FALSE, sizeof(KwRetrainAdvice));
    g_array_set_clear_func(look->advices, advice_clear);
    g_task_set_source_tag(task, kw_retrain_look_async);
    g_task_set_task_data(task, look, look_free);
    g_task_run_in_thread(task, run_look);
}

GArray *
kw_retrain_look_finish(GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, NULL), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
