/* kw-mt5-inspect.c: three questions that lie close together; one that fails makes all unknown
 *
 * A position at this kind of venue is what a balance of coins is at the other: so much of the
 * base currency, below zero when it was sold short. The margin it ties up is no coin and is
 * left out. */
#include "kw-mt5-inspect.h"

#include "kw-error.h"

#include <string.h>

typedef struct {
    const KwMt5Directory *directory; /* borrowed */
    KwVenueState *state;             /* owned */
} Look;

static void
look_free(gpointer data)
{
    kw_venue_state_free(((Look *) data)->state);
    g_free(data);
}

/* Takes the task and @error. */
static void
return_unknown(GTask *owned, GError *error)
{
    g_autoptr(GTask) task = owned;

    g_task_return_new_error(task, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN, "%s",
                            error->message);
    g_error_free(error);
}

/* (transfer full): an answer, or %NULL when the look is over by it */
static JsonNode *
take_answer(GObject *source, GAsyncResult *result, GTask *task)
{
    GError *error = NULL;
    JsonNode *root = kw_mt5_finish(KW_MT5(source), result, &error);

    if (root == NULL)
        return_unknown(task, error);
    return root;
}

static void
ask(GTask *task, const gchar *path, GAsyncReadyCallback callback)
{
    kw_mt5_get_async(g_task_get_source_object(task), path, g_task_get_cancellable(task),
                     callback, task);
}

static void
on_account(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Look *look = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    JsonObject *object;
    KwMt5Account account;
    KwVenueBalance money = {.held = KW_DECIMAL_ZERO};
    GError *error = NULL;

    if (root == NULL)
        return;
    object = kw_json_root_object(root, &error);
    if (object == NULL || !kw_mt5_read_account(object, &account, &error)) {
        return_unknown(task, error);
        return;
    }
    (void) g_strlcpy(money.asset, account.currency, sizeof money.asset);
    money.total = account.balance;
    g_array_append_val(look->state->balances, money);
    g_task_return_pointer(task, g_steal_pointer(&look->state),
                          (GDestroyNotify) kw_venue_state_free);
    g_object_unref(task);
}

static gboolean
add_position(Look *look, JsonObject *row, GError **error)
{
    KwMt5Position position;
    const KwMt5Market *market;
    KwVenueBalance fresh = {.total = KW_DECIMAL_ZERO, .held = KW_DECIMAL_ZERO}, *balance = NULL;
    gchar base[KW_PAIR_NAME_SIZE];
    KwPair pair = {0};
    KwDecimal amount;

    if (!kw_mt5_read_position(row, &position, error))
        return FALSE;
    market = kw_mt5_directory_find_symbol(look->directory, position.symbol);
    if (market == NULL) /* of a market that we do not trade */
        return TRUE;
    if (!kw_mt5_symbol_from_lots(&market->symbol, position.volume, &amount, error))
        return FALSE;
    if (position.side == KW_SIDE_SELL)
        amount = kw_decimal_neg(amount);
    memcpy(pair.name, market->pair, sizeof pair.name);
    (void) g_strlcpy(fresh.asset, kw_pair_get_base(&pair, base), sizeof fresh.asset);
    for (guint i = 0; i < look->state->balances->len; i++) {
        balance = &g_array_index(look->state->balances, KwVenueBalance, i);
        if (strcmp(balance->asset, fresh.asset) == 0)
            return kw_decimal_add(balance->total, amount, &balance->total, error);
    }
    fresh.total = amount;
    g_array_append_val(look->state->balances, fresh);
    return TRUE;
}

static void
on_positions(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Look *look = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    GError *error = NULL;
    JsonArray *rows;

    if (root == NULL)
        return;
    rows = kw_mt5_find_rows(root, "positions", &error);
    for (guint i = 0; error == NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;

        if (kw_json_at_object(rows, i, &row, &error))
            (void) add_position(look, row, &error);
    }
    if (error != NULL)
        return_unknown(task, error);
    else
        ask(task, "account-information", on_account);
}

static gboolean
add_order(Look *look, JsonObject *row, GError **error)
{
    KwVenueOrder order = {.amount = KW_DECIMAL_ZERO, .filled = KW_DECIMAL_ZERO};
    const KwMt5Market *market;
    KwMt5Order read;
    KwDecimal done;

    if (!kw_mt5_read_order(row, &read, error))
        return FALSE;
    memcpy(order.client_id, read.client_id, sizeof order.client_id);
    memcpy(order.venue_id, read.id, sizeof order.venue_id);
    order.side = read.side;
    order.type = read.type;
    order.price = read.price;
    order.opened_us = read.opened_us;
    market = kw_mt5_directory_find_symbol(look->directory, read.symbol);
    if (market != NULL) {
        memcpy(order.pair, market->pair, sizeof order.pair);
        if (!kw_decimal_sub(read.volume, read.left, &done, error) ||
            !kw_mt5_symbol_from_lots(&market->symbol, read.volume, &order.amount, error) ||
            !kw_mt5_symbol_from_lots(&market->symbol, done, &order.filled, error))
            return FALSE;
    }
    g_array_append_val(look->state->orders, order);
    return TRUE;
}

static void
on_orders(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Look *look = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    GError *error = NULL;
    JsonArray *rows;

    if (root == NULL)
        return;
    rows = kw_mt5_find_rows(root, "orders", &error);
    for (guint i = 0; error == NULL && i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;

        if (kw_json_at_object(rows, i, &row, &error))
            (void) add_order(look, row, &error);
    }
    if (error != NULL)
        return_unknown(task, error);
    else
        ask(task, "positions", on_positions);
}

void
kw_mt5_inspect_async(KwMt5 *mt5,
                     const KwMt5Directory *directory,
                     gint64 now_us,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
    GTask *task;
    Look *look;

    g_return_if_fail(KW_IS_MT5(mt5) && directory != NULL);

    task = g_task_new(mt5, cancellable, callback, user_data);
    look = g_new0(Look, 1);
    look->directory = directory;
    look->state = kw_venue_state_new(now_us);
    g_task_set_source_tag(task, kw_mt5_inspect_async);
    g_task_set_task_data(task, look, look_free);
    ask(task, "orders", on_orders);
}

KwVenueState *
kw_mt5_inspect_finish(KwMt5 *mt5, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, mt5), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
