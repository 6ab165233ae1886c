/* kw-mt5-broker.c: each call of the port is a talk of one or more requests
 *
 *   submit   (a sale: positions,) trade                  -> OPEN; a market order is looked up
 *   query    orders, history-orders, history-deals       -> the order with its deals
 *   cancel   orders, trade (ORDER_CANCEL), then as query
 *   amend    orders, trade (ORDER_MODIFY), then as query
 *   inspect  see kw-mt5-inspect.h
 *
 * A talk's state is the data of its task. What is working is looked up by a timer, since REST
 * pushes nothing; the order manager drops what it knows.
 *
 * Requests have no deadline there (see kw-mt5-request.c): one without an answer may be carried
 * out as long as somebody on the way still has it. A terminal waits for its server for up to
 * three minutes, a hosted bridge for the terminal for up to four. Until then look-ups that do
 * not find it prove nothing; what comes later than that is seen as a difference between books
 * and account. A sale that a slow look at the positions has held up leaves all the same: only
 * exits and stops are held up so, and neither gets worse by being late.
 *
 * A position's own stop was considered for accounts that hedge: it has no id and no client id,
 * so after a doubt nobody could say whose it is. */
#define G_LOG_DOMAIN "kw-exchange"

#include "kw-mt5-broker.h"

#include "kw-error.h"
#include "kw-kraken-form.h"
#include "kw-mt5-inspect.h"
#include "kw-mt5-request.h"

#include <string.h>

#define SETTLE_US (5 * G_TIME_SPAN_MINUTE)
#define POLL_US (5 * G_USEC_PER_SEC)
#define SOON_US (G_USEC_PER_SEC / 2)
#define HISTORY_US (30 * (gint64) G_TIME_SPAN_DAY)
#define AHEAD_US ((gint64) G_TIME_SPAN_DAY) /* the server's clock may be another zone's */
#define PAGE_ROWS 1000
#define MAX_PAGES 50

struct _KwMt5Broker {
    GObject parent_instance;

    KwClock *clock;            /* owned */
    KwMt5 *mt5;                /* owned */
    KwMt5Directory *directory; /* owned */
    GHashTable *working;       /* owned: client ids of orders that are not final */
    GCancellable *cancel;      /* owned; of what nobody waits for */
    guint timer, n_polls;      /* look-ups of the timer that are under way */
    gint64 timer_us;           /* monotonic: when it is due */
};

typedef struct _Talk Talk;
typedef void (*NextStep)(GTask *task, Talk *talk);

/* A talk; data of its task */
struct _Talk {
    KwOrder order; /* of submit and amend; of others the client id alone */
    KwBrokerReport report;
    const KwMt5Market *market; /* borrowed; of submit and amend */
    KwDecimal lots;
    KwMt5Order found;
    KwDecimal executed; /* lots in deals */
    guint n_pages;
    NextStep found_open; /* what follows when the order is working; NULL: its deals */
};

static void iface_init(KwBrokerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwMt5Broker,
                              kw_mt5_broker,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_BROKER, iface_init))

static void look_up(GTask *task, Talk *talk);
static void poll_in(KwMt5Broker *self, gint64 delay_us);
static void send_amend(GTask *task, Talk *talk);

static GTask *
talk_new(KwMt5Broker *self,
         const gchar *client_id,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
    GTask *task = g_task_new(self, cancellable, callback, user_data);
    Talk *talk = g_new0(Talk, 1);

    (void) g_strlcpy(talk->order.client_id, client_id, sizeof talk->order.client_id);
    (void) g_strlcpy(talk->report.client_id, client_id, sizeof talk->report.client_id);
    g_task_set_task_data(task, talk, g_free);
    return task;
}

/* -- answers -- */

/* Takes the task and @error. */
static void
return_failure(GTask *owned, KwExchangeError code, GError *error)
{
    g_autoptr(GTask) task = owned;

    g_task_return_new_error(task, KW_EXCHANGE_ERROR, (gint) code, "%s",
                            error != NULL ? error->message : "the venue does not know it");
    g_clear_error(&error);
}

/* Takes the task. */
static void
refuse(GTask *task, const gchar *text)
{
    return_failure(task, KW_EXCHANGE_ERROR_REFUSED,
                   g_error_new_literal(KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED, text));
}

/* Takes the task. */
static void
return_report(GTask *owned)
{
    g_autoptr(GTask) task = owned;
    KwMt5Broker *self = g_task_get_source_object(task);
    const Talk *talk = g_task_get_task_data(task);

    if (kw_order_state_is_final(talk->report.state))
        (void) g_hash_table_remove(self->working, talk->report.client_id);
    else
        (void) g_hash_table_add(self->working, g_strdup(talk->report.client_id));
    poll_in(self, POLL_US);
    g_task_return_pointer(task, g_memdup2(&talk->report, sizeof talk->report), g_free);
}

/* (transfer full): the answer to a question, or %NULL when the talk is over by it */
static JsonNode *
take_answer(GObject *source, GAsyncResult *result, GTask *task)
{
    GError *error = NULL;
    JsonNode *root = kw_mt5_finish(KW_MT5(source), result, &error);

    /* a question that was refused proves nothing of an order */
    if (root == NULL)
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    return root;
}

static void
ask(GTask *task, const gchar *path, GAsyncReadyCallback callback)
{
    KwMt5Broker *self = g_task_get_source_object(task);

    kw_mt5_get_async(self->mt5, path, g_task_get_cancellable(task), callback, task);
}

static void
ask_history(GTask *task, const gchar *list, gint64 from_us, GAsyncReadyCallback callback)
{
    KwMt5Broker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    gint64 now_us = kw_clock_now_us(self->clock);
    g_autofree gchar *from = kw_kraken_form_instant(from_us);
    g_autofree gchar *to = kw_kraken_form_instant(now_us + AHEAD_US);
    g_autofree gchar *path = g_strdup_printf("%s/time/%s/%s?offset=%u&limit=%u", list, from, to,
                                             talk->n_pages * PAGE_ROWS, PAGE_ROWS);

    talk->n_pages++;
    ask(task, path, callback);
}

/* -- looking an order up: its deals -- */

static void
tell_rest(KwMt5Broker *self, Talk *talk)
{
    if (talk->report.n_fills < KW_BROKER_MAX_FILLS)
        return;
    g_signal_emit_by_name(self, "report", &talk->report);
    talk->report.n_fills = 0;
}

static gboolean
add_deal(KwMt5Broker *self, Talk *talk, const KwMt5Deal *deal, GError **error)
{
    const KwMt5Market *market =
        kw_mt5_directory_find_symbol(self->directory, talk->found.symbol);
    KwFill *fill;

    tell_rest(self, talk);
    fill = &talk->report.fills[talk->report.n_fills];
    *fill = (KwFill){.mode = KW_MODE_LIVE,
                     .side = deal->side,
                     .price = deal->price,
                     .fee = deal->cost,
                     .time_us = deal->time_us};
    if (market == NULL ||
        !kw_mt5_symbol_from_lots(&market->symbol, deal->volume, &fill->amount, error) ||
        !kw_decimal_add(talk->executed, deal->volume, &talk->executed, error))
        return FALSE;
    (void) g_strlcpy(fill->exec_id, deal->id, sizeof fill->exec_id);
    (void) g_strlcpy(fill->client_id, talk->order.client_id, sizeof fill->client_id);
    (void) g_strlcpy(fill->pair, market->pair, sizeof fill->pair);
    talk->report.n_fills++;
    return TRUE;
}

static gboolean
take_deals(KwMt5Broker *self, Talk *talk, JsonArray *rows, GError **error)
{
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;
        KwMt5Deal deal;

        if (!kw_json_at_object(rows, i, &row, error) || !kw_mt5_read_deal(row, &deal, error))
            return FALSE;
        if (deal.is_trade && strcmp(deal.order_id, talk->found.id) == 0 &&
            !add_deal(self, talk, &deal, error))
            return FALSE;
    }
    return TRUE;
}

/* The order's own state may be ahead of its deals: then it is not done yet. */
static gboolean
complete_report(KwMt5Broker *self, Talk *talk, GError **error)
{
    const KwMt5Market *market =
        kw_mt5_directory_find_symbol(self->directory, talk->found.symbol);
    KwDecimal wanted;

    if (market == NULL || !kw_decimal_sub(talk->found.volume, talk->found.left, &wanted, error))
        return FALSE;
    talk->report.state = talk->found.state;
    talk->report.price = talk->found.price;
    if (!kw_mt5_symbol_from_lots(
            &market->symbol,
            talk->found.state == KW_ORDER_STATE_FILLED ? wanted : talk->found.volume,
            &talk->report.amount, error))
        return FALSE;
    if (kw_decimal_cmp(talk->executed, wanted) < 0) {
        talk->report.state =
            kw_decimal_sign(talk->executed) > 0 ? KW_ORDER_STATE_PARTIAL : KW_ORDER_STATE_OPEN;
        talk->report.amount = KW_DECIMAL_ZERO;
    }
    return TRUE;
}

static void
on_deals(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwMt5Broker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    GError *error = NULL;
    JsonArray *rows;

    if (root == NULL)
        return;
    rows = kw_mt5_find_rows(root, "deals", &error);
    if (rows == NULL || !take_deals(self, talk, rows, &error))
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    else if (json_array_get_length(rows) >= PAGE_ROWS && talk->n_pages < MAX_PAGES)
        ask_history(task, "history-deals", talk->found.opened_us - AHEAD_US, on_deals);
    else if (!complete_report(self, talk, &error))
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    else
        return_report(task);
}

static void
take_found(GTask *task, Talk *talk)
{
    memcpy(talk->report.venue_id, talk->found.id, sizeof talk->report.venue_id);
    talk->report.n_fills = talk->n_pages = 0;
    talk->executed = KW_DECIMAL_ZERO;
    ask_history(task, "history-deals", talk->found.opened_us - AHEAD_US, on_deals);
}

/* -- looking an order up: where it is -- */

/* The newest of our client id among @rows; %FALSE with an error when a row is not readable */
static gboolean
find_order(Talk *talk, JsonArray *rows, GError **error)
{
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;
        KwMt5Order order;

        if (!kw_json_at_object(rows, i, &row, error) || !kw_mt5_read_order(row, &order, error))
            return FALSE;
        if (strcmp(order.client_id, talk->order.client_id) == 0 &&
            order.opened_us >= talk->found.opened_us)
            talk->found = order;
    }
    return TRUE;
}

static void
on_history(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwMt5Broker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    GError *error = NULL;
    JsonArray *rows;

    if (root == NULL)
        return;
    rows = kw_mt5_find_rows(root, "historyOrders", &error);
    if (rows == NULL || !find_order(talk, rows, &error))
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    else if (*talk->found.id != '\0')
        take_found(task, talk);
    else if (json_array_get_length(rows) < PAGE_ROWS)
        return_failure(task, KW_EXCHANGE_ERROR_ABSENT, NULL);
    else if (talk->n_pages < MAX_PAGES)
        ask_history(task, "history-orders", kw_clock_now_us(self->clock) - HISTORY_US,
                    on_history);
    else
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN,
                       g_error_new_literal(KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                                           "the history is too long"));
}

static void
on_orders(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwMt5Broker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    g_autoptr(JsonNode) root = take_answer(source, result, task);
    GError *error = NULL;
    JsonArray *rows;

    if (root == NULL)
        return;
    rows = kw_mt5_find_rows(root, "orders", &error);
    if (rows == NULL || !find_order(talk, rows, &error))
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
    else if (*talk->found.id == '\0' && talk->found_open == send_amend)
        return_failure(task, KW_EXCHANGE_ERROR_ABSENT, NULL);
    else if (*talk->found.id == '\0') {
        talk->n_pages = 0;
        ask_history(task, "history-orders", kw_clock_now_us(self->clock) - HISTORY_US,
                    on_history);
    } else
        (talk->found_open != NULL ? talk->found_open : take_found)(task, talk);
}

/* Takes the task. */
static void
look_up(GTask *task, Talk *talk)
{
    talk->found = (KwMt5Order){0};
    ask(task, "orders", on_orders);
}

static void
query_async(KwBroker *broker,
            const gchar *client_id,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    GTask *task = talk_new(KW_MT5_BROKER(broker), client_id, cancellable, callback, user_data);

    g_task_set_source_tag(task, query_async);
    look_up(task, g_task_get_task_data(task));
}

/* -- submit -- */

/* %TRUE when the request was carried out; else the talk is over, as the answer deserves it */
static gboolean
take_result(GObject *source, GAsyncResult *result, GTask *task, KwMt5Result *out)
{
    GError *error = NULL;
    g_autoptr(JsonNode) root = kw_mt5_finish(KW_MT5(source), result, &error);
    JsonObject *object = root != NULL ? kw_json_root_object(root, &error) : NULL;

    if (root == NULL) {
        return_failure(task, (KwExchangeError) error->code, error);
        return FALSE;
    }
    if (object == NULL || !kw_mt5_read_result(object, out, &error)) {
        return_failure(task, KW_EXCHANGE_ERROR_UNKNOWN, error);
        return FALSE;
    }
    if (out->kind == KW_MT5_DONE || out->kind == KW_MT5_GONE)
        return TRUE;
    error = g_error_new_literal(KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED, out->message);
    return_failure(task,
                   out->kind == KW_MT5_UNKNOWN ? KW_EXCHANGE_ERROR_UNKNOWN
                                               : KW_EXCHANGE_ERROR_REFUSED,
                   error);
    return FALSE;
}

static void
on_placed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Talk *talk = g_task_get_task_data(task);
    KwMt5Result done;

    if (!take_result(source, result, task, &done))
        return;
    if (done.kind == KW_MT5_GONE) { /* the position to be closed */
        refuse(task, done.message);
        return;
    }
    memcpy(talk->report.venue_id, done.order_id, sizeof talk->report.venue_id);
    talk->report.state = KW_ORDER_STATE_OPEN;
    poll_in(g_task_get_source_object(task), SOON_US);
    return_report(task);
}

/* @position: (nullable): to be closed, or to be made smaller. Takes the task. */
static void
send_order(GTask *task, const KwMt5Position *position)
{
    KwMt5Broker *self = g_task_get_source_object(task);
    const Talk *talk = g_task_get_task_data(task);
    g_autofree gchar *body = NULL;

    body = position != NULL ? kw_mt5_request_close(&talk->order, position, talk->lots)
                            : kw_mt5_request_place(&talk->order, talk->market, talk->lots);
    kw_mt5_trade_async(self->mt5, body, on_placed, task);
}

/* What a sale would close; %FALSE when it would open something. On an account that nets there
 * is one position a symbol, and @out is not set. */
static gboolean
find_position(const KwMt5Broker *self,
              const Talk *talk,
              JsonArray *rows,
              KwMt5Position *out,
              GError **error)
{
    gboolean has_one = FALSE;

    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = NULL;
        KwMt5Position position;
        gint by_volume;

        if (!kw_json_at_object(rows, i, &row, error) ||
            !kw_mt5_read_position(row, &position, error))
            return FALSE;
        by_volume = kw_decimal_cmp(position.volume, talk->lots);
        if (strcmp(position.symbol, talk->market->symbol.name) != 0 ||
            position.side != KW_SIDE_BUY || by_volume < 0 ||
            (self->directory->account.is_hedging && *position.client_id == '\0'))
            continue;
        if (!has_one || by_volume == 0)
            *out = position;
        has_one = TRUE;
        if (by_volume == 0)
            break;
    }
    if (!has_one)
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                            "no position of ours is large enough for this sale");
    return has_one;
}

static void
on_positions(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    KwMt5Broker *self = g_task_get_source_object(task);
    Talk *talk = g_task_get_task_data(task);
    KwMt5Position position;
    GError *error = NULL;
    g_autoptr(JsonNode) root = kw_mt5_finish(KW_MT5(source), result, &error);
    JsonArray *rows = root != NULL ? kw_mt5_find_rows(root, "positions", &error) : NULL;

    /* nothing was sent yet, so every failure proves that there is no order */
    if (rows == NULL || !find_position(self, talk, rows, &position, &error))
        return_failure(task, KW_EXCHANGE_ERROR_REFUSED, error);
    else
        send_order(task, self->directory->account.is_hedging ? &position : NULL);
}

static void
submit_async(KwBroker *broker,
             const KwOrder *order,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    KwMt5Broker *self = KW_MT5_BROKER(broker);
    GTask *task = talk_new(self, order->client_id, cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);
    const gchar *obstacle;
    GError *error = NULL;

    g_task_set_source_tag(task, submit_async);
    talk->order = *order;
    talk->market = kw_mt5_directory_find_pair(self->directory, order->pair);
    obstacle = kw_mt5_request_find_obstacle(order, talk->market, &self->directory->account);
    if (obstacle != NULL)
        refuse(task, obstacle);
    else if (!kw_mt5_symbol_to_lots(&talk->market->symbol, order->amount, &talk->lots, &error))
        return_failure(task, KW_EXCHANGE_ERROR_REFUSED, error);
    else if (order->side == KW_SIDE_SELL)
        ask(task, "positions", on_positions);
    else
        send_order(task, NULL);
}

/* -- cancel, amend -- */

static void
on_changed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GTask *task = user_data;
    Talk *talk = g_task_get_task_data(task);
    KwMt5Result done;

    if (!take_result(source, result, task, &done))
        return;
    talk->found_open = NULL;
    look_up(task, talk);
}

static void
send_cancel(GTask *task, Talk *talk)
{
    KwMt5Broker *self = g_task_get_source_object(task);
    g_autofree gchar *body = kw_mt5_request_cancel(talk->found.id);

    kw_mt5_trade_async(self->mt5, body, on_changed, task);
}

static void
cancel_async(KwBroker *broker,
             const gchar *client_id,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
    GTask *task = talk_new(KW_MT5_BROKER(broker), client_id, cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);

    g_task_set_source_tag(task, cancel_async);
    talk->found_open = send_cancel;
    look_up(task, talk);
}

static void
send_amend(GTask *task, Talk *talk)
{
    KwMt5Broker *self = g_task_get_source_object(task);
    g_autofree gchar *body = NULL;

    if (kw_decimal_cmp(talk->lots, talk->found.volume) != 0) {
        refuse(task, "the server changes no volume of a working order");
        return;
    }
    body = kw_mt5_request_move(talk->found.id, talk->order.price);
    kw_mt5_trade_async(self->mt5, body, on_changed, task);
}

static void
amend_async(KwBroker *broker,
            const KwOrder *order,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
    KwMt5Broker *self = KW_MT5_BROKER(broker);
    GTask *task = talk_new(self, order->client_id, cancellable, callback, user_data);
    Talk *talk = g_task_get_task_data(task);
    GError *error = NULL;

    g_task_set_source_tag(task, amend_async);
    talk->order = *order;
    talk->market = kw_mt5_directory_find_pair(self->directory, order->pair);
    if (talk->market == NULL)
        refuse(task, "the pair is not traded at this account");
    else if (!kw_mt5_symbol_to_lots(&talk->market->symbol, order->amount, &talk->lots, &error))
        return_failure(task, KW_EXCHANGE_ERROR_REFUSED, error);
    else {
        talk->found_open = send_amend;
        look_up(task, talk);
    }
}

static gboolean
report_finish(KwBroker *broker, GAsyncResult *result, KwBrokerReport *out, GError **error)
{
    g_autofree KwBrokerReport *report = NULL;

    g_return_val_if_fail(g_task_is_valid(result, broker), FALSE);

    report = g_task_propagate_pointer(G_TASK(result), error);
    if (report == NULL)
        return FALSE;
    *out = *report;
    return TRUE;
}

/* -- inspect -- */

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    KwVenueState *state = kw_mt5_inspect_finish(KW_MT5(source), result, &error);

    if (state != NULL)
        g_task_return_pointer(task, state, (GDestroyNotify) kw_venue_state_free);
    else
        g_task_return_error(task, error);
}

static void
inspect_async(KwBroker *broker,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
    KwMt5Broker *self = KW_MT5_BROKER(broker);
    GTask *task = g_task_new(self, cancellable, callback, user_data);

    g_task_set_source_tag(task, inspect_async);
    kw_mt5_inspect_async(self->mt5, self->directory, kw_clock_now_us(self->clock), cancellable,
                         on_inspected, task);
}

static KwVenueState *
inspect_finish(KwBroker *broker, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, broker), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

/* -- news -- */

static void
on_polled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwBrokerReport report;

    KW_MT5_BROKER(source)->n_polls--;

    if (report_finish(KW_BROKER(source), result, &report, NULL))
        g_signal_emit_by_name(source, "report", &report);
}

/* A bridge that is slower than the pace gets no second round of questions on top. */
static void
poll(KwMt5Broker *self)
{
    GHashTableIter iter;
    gpointer id;

    if (self->n_polls > 0)
        return;
    g_hash_table_iter_init(&iter, self->working); /* answers come later: it stays as it is */
    while (g_hash_table_iter_next(&iter, &id, NULL)) {
        self->n_polls++;
        query_async(KW_BROKER(self), id, self->cancel, on_polled, NULL);
    }
}

static void
on_timer(gpointer user_data)
{
    KwMt5Broker *self = user_data;

    self->timer = 0;
    poll(self);
    poll_in(self, POLL_US);
}

/* An earlier poll that is set stays. */
static void
poll_in(KwMt5Broker *self, gint64 delay_us)
{
    gint64 due_us = kw_clock_monotonic_us(self->clock) + delay_us;

    if ((g_hash_table_size(self->working) == 0 && delay_us == POLL_US) ||
        (self->timer != 0 && self->timer_us <= due_us))
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = kw_clock_call_in(self->clock, delay_us, on_timer, self);
    self->timer_us = due_us;
}

/* -- class -- */

static gint64
get_settle_us(KwBroker *broker)
{
    return SETTLE_US;
}

static gboolean
keeps_stops(KwBroker *broker)
{
    return !KW_MT5_BROKER(broker)->directory->account.is_hedging;
}

/* ORDER_MODIFY knows no volume. */
static gboolean
resizes(KwBroker *broker)
{
    return FALSE;
}

KwMt5Broker *
kw_mt5_broker_new(KwClock *clock, KwMt5 *mt5, KwMt5Directory *directory)
{
    KwMt5Broker *self;

    g_return_val_if_fail(KW_IS_MT5(mt5) && directory != NULL, NULL);

    self = g_object_new(KW_TYPE_MT5_BROKER, NULL);
    self->clock = g_object_ref(clock);
    self->mt5 = g_object_ref(mt5);
    self->directory = directory;
    return self;
}

static void
kw_mt5_broker_dispose(GObject *object)
{
    KwMt5Broker *self = KW_MT5_BROKER(object);

    g_cancellable_cancel(self->cancel);
    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    g_clear_object(&self->mt5);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_mt5_broker_parent_class)->dispose(object);
}

static void
kw_mt5_broker_finalize(GObject *object)
{
    KwMt5Broker *self = KW_MT5_BROKER(object);

    g_clear_object(&self->cancel);
    g_clear_pointer(&self->working, g_hash_table_unref);
    g_clear_pointer(&self->directory, kw_mt5_directory_free);

    G_OBJECT_CLASS(kw_mt5_broker_parent_class)->finalize(object);
}

static void
kw_mt5_broker_class_init(KwMt5BrokerClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = kw_mt5_broker_dispose;
    G_OBJECT_CLASS(klass)->finalize = kw_mt5_broker_finalize;
}

static void
kw_mt5_broker_init(KwMt5Broker *self)
{
    self->working = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->cancel = g_cancellable_new();
}

static void
iface_init(KwBrokerInterface *iface)
{
    iface->submit_async = submit_async;
    iface->submit_finish = report_finish;
    iface->query_async = query_async;
    iface->query_finish = report_finish;
    iface->cancel_async = cancel_async;
    iface->cancel_finish = report_finish;
    iface->amend_async = amend_async;
    iface->amend_finish = report_finish;
    iface->inspect_async = inspect_async;
    iface->inspect_finish = inspect_finish;
    iface->get_settle_us = get_settle_us;
    iface->keeps_stops = keeps_stops;
    iface->resizes = resizes;
}
