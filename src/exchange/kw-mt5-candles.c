/* kw-mt5-candles.c: a bridge tells candles from a time backwards, so many of them; its order
 * within a page is not relied on */
#include "kw-mt5-candles.h"

#include "kw-kraken-form.h"
#include "kw-mt5-answer.h"
#include "kw-timeframe.h"

static gint
compare_openings(gconstpointer a, gconstpointer b)
{
    gint64 left = ((const KwCandle *) a)->open_us, right = ((const KwCandle *) b)->open_us;

    return (left > right) - (left < right);
}

/* (transfer full): ascending */
static GArray *
read_candles(JsonNode *root, GError **error)
{
    g_autoptr(GArray) candles = g_array_new(FALSE, FALSE, sizeof(KwCandle));
    JsonArray *rows = kw_mt5_find_rows(root, "candles", error);

    if (rows == NULL)
        return NULL;
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;
        KwCandle candle;

        if (!kw_json_at_object(rows, i, &row, error) ||
            !kw_mt5_read_candle(row, &candle, error))
            return NULL;
        g_array_append_val(candles, candle);
    }
    g_array_sort(candles, compare_openings);
    return g_steal_pointer(&candles);
}

static void
on_rows(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(JsonNode) root = kw_mt5_finish(KW_MT5(source), result, &error);
    GArray *candles = root != NULL ? read_candles(root, &error) : NULL;

    if (candles != NULL)
        g_task_return_pointer(task, candles, (GDestroyNotify) g_array_unref);
    else
        g_task_return_error(task, error);
}

void
kw_mt5_candles_async(KwMt5 *mt5,
                     const KwMt5Page *page,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
    g_autoptr(GString) tail = g_string_new(NULL);
    g_autofree gchar *path = NULL;
    GTask *task;

    g_return_if_fail(KW_IS_MT5(mt5) && page != NULL && page->symbol != NULL);
    g_return_if_fail(page->n_rows >= 1 && page->n_rows <= KW_MT5_CANDLES_MAX);

    g_string_append_printf(tail, "timeframes/%s/candles?limit=%u",
                           kw_timeframe_to_string(page->timeframe_us), page->n_rows);
    if (page->until_us != 0) {
        g_autofree gchar *until = kw_kraken_form_instant(page->until_us);

        g_string_append_printf(tail, "&startTime=%s", until);
    }
    path = kw_mt5_make_path("historical-market-data/symbols", page->symbol, tail->str);
    task = g_task_new(mt5, cancellable, callback, user_data);
    g_task_set_source_tag(task, kw_mt5_candles_async);
    kw_mt5_get_async(mt5, path, cancellable, on_rows, task);
}

GArray *
kw_mt5_candles_finish(KwMt5 *mt5, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, mt5), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
