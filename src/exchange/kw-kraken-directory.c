#include "kw-kraken-directory.h"

/* The result of an answer, or %NULL when the task has failed by it; then it is taken */
static JsonNode *
take_result(GObject *source, GAsyncResult *result, GTask *task, KwKrakenAnswer *answer)
{
    GError *error = NULL;

    if (kw_kraken_finish(KW_KRAKEN(source), result, answer, &error) &&
        kw_kraken_answer_get_object(answer, &error) != NULL)
        return answer->result;
    g_task_return_error(task, error);
    g_object_unref(task);
    return NULL;
}

static void
on_pairs(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    JsonNode *assets = g_task_get_task_data(task), *rows;
    g_auto(KwKrakenAnswer) answer = {0};
    KwKrakenPairs *pairs;
    GError *error = NULL;

    rows = take_result(source, result, task, &answer);
    if (rows == NULL)
        return;
    pairs =
        kw_kraken_pairs_new(json_node_get_object(assets), json_node_get_object(rows), &error);
    if (pairs == NULL)
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, pairs, (GDestroyNotify) kw_kraken_pairs_unref);
    g_object_unref(task);
}

static void
on_assets(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    g_auto(KwKrakenAnswer) answer = {0};
    JsonNode *assets = take_result(source, result, task, &answer);

    if (assets == NULL)
        return;
    g_task_set_task_data(task, json_node_ref(assets), (GDestroyNotify) json_node_unref);
    kw_kraken_get_async(KW_KRAKEN(source), "AssetPairs", "", g_task_get_cancellable(task),
                        on_pairs, task);
}

static void
on_time(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    g_auto(KwKrakenAnswer) answer = {0};

    if (take_result(source, result, task, &answer) != NULL)
        kw_kraken_get_async(KW_KRAKEN(source), "Assets", "", g_task_get_cancellable(task),
                            on_assets, task);
}

void
kw_kraken_directory_async(KwKraken *kraken,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
    GTask *task;

    g_return_if_fail(KW_IS_KRAKEN(kraken));

    task = g_task_new(kraken, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_kraken_directory_async);
    kw_kraken_sync_async(kraken, cancellable, on_time, task);
}

KwKrakenPairs *
kw_kraken_directory_finish(KwKraken *kraken, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, kraken), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
