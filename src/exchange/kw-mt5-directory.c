#include "kw-mt5-directory.h"

#include "kw-error.h"

#include <string.h>

typedef struct {
    GStrv names; /* owned */
    guint n_read;
    KwMt5Directory *directory; /* owned */
} Reading;

static void ask_symbol(KwMt5 *mt5, GTask *task);

void
kw_mt5_directory_free(KwMt5Directory *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->markets, g_array_unref);
    g_free(self);
}

static void
reading_free(gpointer data)
{
    Reading *self = data;

    g_clear_pointer(&self->names, g_strfreev);
    g_clear_pointer(&self->directory, kw_mt5_directory_free);
    g_free(self);
}

const KwMt5Market *
kw_mt5_directory_find_pair(const KwMt5Directory *self, const gchar *pair)
{
    for (guint i = 0; i < self->markets->len; i++) {
        const KwMt5Market *market = &g_array_index(self->markets, KwMt5Market, i);

        if (strcmp(market->pair, pair) == 0)
            return market;
    }
    return NULL;
}

const KwMt5Market *
kw_mt5_directory_find_symbol(const KwMt5Directory *self, const gchar *symbol)
{
    for (guint i = 0; i < self->markets->len; i++) {
        const KwMt5Market *market = &g_array_index(self->markets, KwMt5Market, i);

        if (strcmp(market->symbol.name, symbol) == 0)
            return market;
    }
    return NULL;
}

/* -- reading -- */

/* The object of an answer; %NULL when the task has failed by it; then it is taken */
static JsonObject *
take_object(
    KwMt5 *mt5, GAsyncResult *result, GTask *task, const gchar *what, JsonNode **out_root)
{
    GError *error = NULL;
    JsonObject *object = NULL;

    *out_root = kw_mt5_finish(mt5, result, &error);
    if (*out_root != NULL)
        object = kw_json_root_object(*out_root, &error);
    if (object != NULL)
        return object;
    g_prefix_error(&error, "%.40s: ", what);
    g_task_return_error(task, error);
    g_object_unref(task);
    return NULL;
}

/* "BTC/USD" of "BTC/USD=BTCUSD" */
static gboolean
name_market(const gchar *name, KwMt5Market *market, GError **error)
{
    g_auto(GStrv) words = g_strsplit(name, "=", 2);
    KwPair pair;

    if (!kw_pair_init(&pair, words[0], error))
        return FALSE;
    memcpy(market->pair, pair.name, sizeof market->pair);
    return TRUE;
}

static void
on_symbol(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Reading *reading = g_task_get_task_data(task);
    const gchar *name = reading->names[reading->n_read];
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object = take_object(KW_MT5(source), result, task, name, &root);
    KwMt5Market market = {0};
    GError *error = NULL;

    if (object == NULL)
        return;
    if (!name_market(name, &market, &error) ||
        !kw_mt5_read_symbol(object, &market.symbol, &error)) {
        g_prefix_error(&error, "%.40s: ", name);
        g_task_return_error(task, error);
        g_object_unref(task);
        return;
    }
    g_array_append_val(reading->directory->markets, market);
    reading->n_read++;
    ask_symbol(KW_MT5(source), task);
}

/* The next one, or the end. Takes the task. */
static void
ask_symbol(KwMt5 *mt5, GTask *task)
{
    Reading *reading = g_task_get_task_data(task);
    const gchar *name = reading->names[reading->n_read];
    g_autoptr(GString) symbol = g_string_new(NULL);
    g_autofree gchar *path = NULL;
    const gchar *equal;

    if (name == NULL) {
        g_task_return_pointer(task, g_steal_pointer(&reading->directory),
                              (GDestroyNotify) kw_mt5_directory_free);
        g_object_unref(task);
        return;
    }
    equal = strchr(name, '=');
    g_string_assign(symbol, equal != NULL ? equal + 1 : name);
    if (equal == NULL)
        (void) g_string_replace(symbol, "/", "", 1);
    path = kw_mt5_make_path("symbols", symbol->str, "specification");
    kw_mt5_get_async(mt5, path, g_task_get_cancellable(task), on_symbol, task);
}

static void
on_account(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Reading *reading = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object = take_object(KW_MT5(source), result, task, "account", &root);
    KwMt5Account *account;
    GError *error = NULL;

    if (object == NULL)
        return;
    account = &reading->directory->account;
    if (!kw_mt5_read_account(object, account, &error))
        g_prefix_error(&error, "account: ");
    if (error == NULL) {
        ask_symbol(KW_MT5(source), task);
        return;
    }
    g_task_return_error(task, error);
    g_object_unref(task);
}

void
kw_mt5_directory_async(KwMt5 *mt5,
                       const gchar *const *names,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
    GTask *task;
    Reading *reading;

    g_return_if_fail(KW_IS_MT5(mt5) && names != NULL);

    task = g_task_new(mt5, cancellable, callback, user_data);
    reading = g_new0(Reading, 1);
    reading->names = g_strdupv((gchar **) names);
    reading->directory = g_new0(KwMt5Directory, 1);
    reading->directory->markets = g_array_new(FALSE, FALSE, sizeof(KwMt5Market));
    g_task_set_source_tag(task, kw_mt5_directory_async);
    g_task_set_task_data(task, reading, reading_free);
    kw_mt5_get_async(mt5, "account-information", cancellable, on_account, task);
}

KwMt5Directory *
kw_mt5_directory_finish(KwMt5 *mt5, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, mt5), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
