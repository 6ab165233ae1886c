#include "kw-fake-mt5.h"

#include "kw-fake-mt5-page.h"
#include "kw-timeframe.h"

#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#define PREFIX "/users/current/accounts/acc-1"
#define COMMISSION 0.000325
#define N_SYMBOLS 2
#define HISTORY_US (100 * G_TIME_SPAN_DAY)
#define HALF_SPREAD 0.00005

typedef struct {
    const gchar *name;
    gdouble contract, price;
} Symbol;

typedef struct {
    guint id;
    gchar client_id[32];
    const gchar *type, *state; /* without their prefixes */
    Symbol *symbol;
    gdouble volume, left, price;
    gint64 time_us;
    guint position; /* to be closed */
} Order;

typedef struct {
    guint id, order;
    gboolean is_buy;
    gdouble price, volume, commission;
    gint64 time_us;
} Deal;

typedef struct {
    guint id;
    gchar client_id[32];
    Symbol *symbol;
    gdouble volume; /* below zero: short */
} Position;

/* A request without an answer so far */
typedef struct {
    SoupServerMessage *message; /* owned */
    gboolean is_gone;           /* whoever asked waits no longer */
    gboolean is_mute;           /* there will be no answer */
} Held;

struct _KwFakeMt5 {
    SoupServer *server;
    gchar *url;
    gboolean is_hedging, may_trade, is_synchronizing, hides_deals, is_real, is_revoked;
    gboolean holds_lists;
    GPtrArray *held;          /* owned: Held */
    gint64 first_us;          /* there is no older candle */
    gint64 now_us, closed_us; /* closed_us 0: the market is open */
    Symbol symbols[N_SYMBOLS];
    GArray *orders, *deals, *positions;
    gint fault, number; /* fault -1: none */
    guint list_status, last_id, n_trades, n_asked;
    gdouble balance;
};

/* -- matching -- */

static Symbol *
find_symbol(KwFakeMt5 *self, const gchar *name)
{
    for (guint i = 0; i < N_SYMBOLS; i++) {
        if (strcmp(self->symbols[i].name, name) == 0)
            return &self->symbols[i];
    }
    return NULL;
}

static gdouble
round_lots(gdouble lots)
{
    return round(lots * 1e6) / 1e6;
}

static Position *
find_position(KwFakeMt5 *self, guint id, const Symbol *symbol)
{
    for (guint i = 0; i < self->positions->len; i++) {
        Position *position = &g_array_index(self->positions, Position, i);

        if (id != 0 ? position->id == id : position->symbol == symbol)
            return position;
    }
    return NULL;
}

static void
change_position(KwFakeMt5 *self, const Order *order, gdouble change)
{
    Position fresh = {.id = ++self->last_id, .symbol = order->symbol, .volume = change};
    Position *position = NULL;

    if (order->position != 0)
        position = find_position(self, order->position, NULL);
    else if (!self->is_hedging)
        position = find_position(self, 0, order->symbol);
    if (position == NULL) {
        (void) g_strlcpy(fresh.client_id, order->client_id, sizeof fresh.client_id);
        g_array_append_val(self->positions, fresh);
        return;
    }
    position->volume = round_lots(position->volume + change);
    if (fabs(position->volume) < 1e-9)
        (void) g_array_remove_index(
            self->positions, (guint) (position - &g_array_index(self->positions, Position, 0)));
}

static gboolean
is_purchase(const Order *order)
{
    return g_str_has_prefix(order->type, "BUY");
}

static void
fill(KwFakeMt5 *self, Order *order)
{
    gdouble value = order->symbol->price * order->left * order->symbol->contract;
    Deal deal = {.id = ++self->last_id,
                 .order = order->id,
                 .is_buy = is_purchase(order),
                 .price = order->symbol->price,
                 .volume = order->left,
                 .commission = -round(value * COMMISSION * 100) / 100,
                 .time_us = self->now_us};

    self->balance += deal.commission;
    g_array_append_val(self->deals, deal);
    change_position(self, order, deal.is_buy ? order->left : -order->left);
    order->left = 0;
    order->state = "FILLED";
}

static gboolean
is_reached(const Order *order)
{
    gdouble price = order->symbol->price;

    if (strcmp(order->type, "BUY_LIMIT") == 0 || strcmp(order->type, "SELL_STOP") == 0)
        return price <= order->price;
    if (strcmp(order->type, "SELL_LIMIT") == 0 || strcmp(order->type, "BUY_STOP") == 0)
        return price >= order->price;
    return TRUE;
}

static void
match(KwFakeMt5 *self)
{
    for (guint i = 0; i < self->orders->len; i++) {
        Order *order = &g_array_index(self->orders, Order, i);

        if (strcmp(order->state, "PLACED") == 0 && is_reached(order))
            fill(self, order);
    }
}

/* -- trade requests -- */

static Order *
find_order(KwFakeMt5 *self, guint id)
{
    for (guint i = 0; i < self->orders->len; i++) {
        Order *order = &g_array_index(self->orders, Order, i);

        if (order->id == id)
            return order;
    }
    return NULL;
}

static guint
id_of(JsonObject *request, const gchar *name)
{
    return (guint) g_ascii_strtoull(
        json_object_get_string_member_with_default(request, name, "0"), NULL, 10);
}

static gint
place(KwFakeMt5 *self, JsonObject *request, const gchar *type, guint *out_id)
{
    Order order = {.state = "PLACED",
                   .type = g_intern_string(type),
                   .volume = json_object_get_double_member(request, "volume"),
                   .price = json_object_get_double_member_with_default(request, "openPrice", 0),
                   .time_us = self->now_us,
                   .position = id_of(request, "positionId")};

    if (order.position != 0) {
        Position *position = find_position(self, order.position, NULL);

        if (position == NULL)
            return 4753;
        order.symbol = position->symbol;
        order.type = position->volume > 0 ? "SELL" : "BUY";
    } else
        order.symbol = find_symbol(self, json_object_get_string_member(request, "symbol"));
    if (order.symbol == NULL)
        return 10013;
    if (order.volume < 0.01 || fabs(order.volume * 100 - round(order.volume * 100)) > 1e-9)
        return 10014;
    (void) g_strlcpy(order.client_id,
                     json_object_get_string_member_with_default(request, "clientId", ""),
                     sizeof order.client_id);
    g_assert_cmpuint(strlen(order.client_id), <=, 26);
    order.left = order.volume;
    order.id = *out_id = ++self->last_id;
    g_array_append_val(self->orders, order);
    match(self);
    return strchr(order.type, '_') != NULL ? 10008 : 10009;
}

static gint
carry_out(KwFakeMt5 *self, JsonObject *request, guint *out_id)
{
    const gchar *action = json_object_get_string_member(request, "actionType");
    Order *order = find_order(self, id_of(request, "orderId"));

    if (g_str_has_prefix(action, "ORDER_TYPE_"))
        return place(self, request, action + strlen("ORDER_TYPE_"), out_id);
    if (strcmp(action, "POSITION_PARTIAL") == 0)
        return place(self, request, "", out_id);
    if (order == NULL || strcmp(order->state, "PLACED") != 0)
        return 4754;
    *out_id = order->id;
    if (strcmp(action, "ORDER_CANCEL") == 0)
        order->state = "CANCELED";
    else if (strcmp(action, "ORDER_MODIFY") == 0)
        order->price = json_object_get_double_member(request, "openPrice");
    else
        return 10013;
    match(self);
    return 10009;
}

/* -- answers -- */

static void
respond(SoupServerMessage *message, guint status, const gchar *body)
{
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, body,
                                     strlen(body));
}

static void
drop(SoupServerMessage *message)
{
    GIOStream *stream = soup_server_message_steal_connection(message);

    (void) g_io_stream_close(stream, NULL, NULL);
    g_object_unref(stream);
}

static void
held_free(gpointer data)
{
    Held *held = data;

    g_signal_handlers_disconnect_by_data(held->message, held);
    g_object_unref(held->message);
    g_free(held);
}

static void
on_finished(SoupServerMessage *message, gpointer user_data)
{
    ((Held *) user_data)->is_gone = TRUE;
}

static Held *
hold(KwFakeMt5 *self, SoupServerMessage *message)
{
    Held *held = g_new0(Held, 1);

    held->message = g_object_ref(message);
    g_signal_connect(message, "finished", G_CALLBACK(on_finished), held);
    soup_server_message_pause(message);
    g_ptr_array_add(self->held, held);
    return held;
}

static gint
carry_out_message(KwFakeMt5 *self, SoupServerMessage *message, guint *out_id)
{
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
    gsize length = 0;
    const gchar *data = g_bytes_get_data(bytes, &length);
    g_autofree gchar *text = g_strndup(data, length);
    g_autoptr(JsonNode) root = json_from_string(text, NULL);

    g_assert_nonnull(root);
    return carry_out(self, json_node_get_object(root), out_id);
}

static gboolean
is_carried_out(gint fault)
{
    return fault != KW_FAKE_MT5_CODE_BEFORE && fault != KW_FAKE_MT5_DROP_BEFORE &&
           fault != KW_FAKE_MT5_STATUS && fault != KW_FAKE_MT5_HOLE &&
           fault != KW_FAKE_MT5_LATE;
}

static void
on_trade(KwFakeMt5 *self, SoupServerMessage *message)
{
    g_autofree gchar *answer = NULL;
    gint fault = self->fault, code = 0;
    guint id = 0;

    self->fault = -1;
    if (is_carried_out(fault))
        code = carry_out_message(self, message, &id);
    if (fault == KW_FAKE_MT5_HOLE || fault == KW_FAKE_MT5_HOLE_AFTER ||
        fault == KW_FAKE_MT5_LATE) {
        hold(self, message)->is_mute = fault != KW_FAKE_MT5_LATE;
        return;
    }
    if (fault == KW_FAKE_MT5_DROP_BEFORE || fault == KW_FAKE_MT5_DROP_AFTER) {
        drop(message);
        return;
    }
    if (fault == KW_FAKE_MT5_STATUS || fault == KW_FAKE_MT5_STATUS_AFTER) {
        respond(message, (guint) self->number, "{\"error\":\"as asked for\"}");
        return;
    }
    if (fault >= 0)
        code = self->number;
    answer = g_strdup_printf("{\"numericCode\":%d,\"stringCode\":\"FAKE_%d\",\"message\":\"as "
                             "the fake says\",\"orderId\":\"%u\"}",
                             code, code, id);
    respond(message, 200, answer);
}

static void
list_orders(KwFakeMt5 *self, GString *out, gboolean is_history)
{
    gboolean is_first = TRUE;

    for (guint i = 0; i < self->orders->len; i++) {
        const Order *order = &g_array_index(self->orders, Order, i);
        g_autofree gchar *time = kw_fake_mt5_time(order->time_us);

        if ((strcmp(order->state, "PLACED") != 0) != is_history)
            continue;
        g_string_append_printf(
            out,
            "%s{\"id\":\"%u\",\"type\":\"ORDER_TYPE_%s\",\"state\":\"ORDER_STATE_%s\","
            "\"symbol\":\"%s\",\"time\":\"%s\",\"openPrice\":%.10g,\"volume\":%.10g,"
            "\"currentVolume\":%.10g,\"clientId\":\"%s\"}",
            is_first ? "" : ",", order->id, order->type, order->state, order->symbol->name,
            time, order->price, order->volume, order->left, order->client_id);
        is_first = FALSE;
    }
}

static void
list_deals(KwFakeMt5 *self, GString *out)
{
    g_string_append(out, "{\"id\":\"1\",\"type\":\"DEAL_TYPE_BALANCE\",\"profit\":10000}");
    for (guint i = 0; i < self->deals->len && !self->hides_deals; i++) {
        const Deal *deal = &g_array_index(self->deals, Deal, i);
        g_autofree gchar *time = kw_fake_mt5_time(deal->time_us);

        g_string_append_printf(
            out,
            ",{\"id\":\"%u\",\"orderId\":\"%u\",\"type\":\"DEAL_TYPE_%s\",\"price\":%.10g,"
            "\"volume\":%.10g,\"commission\":%.10g,\"swap\":0,\"time\":\"%s\"}",
            deal->id, deal->order, deal->is_buy ? "BUY" : "SELL", deal->price, deal->volume,
            deal->commission, time);
    }
}

static void
list_positions(KwFakeMt5 *self, GString *out)
{
    for (guint i = 0; i < self->positions->len; i++) {
        const Position *position = &g_array_index(self->positions, Position, i);

        g_string_append_printf(out,
                               "%s{\"id\":\"%u\",\"type\":\"POSITION_TYPE_%s\",\"symbol\":\"%s"
                               "\",\"volume\":%.10g,\"clientId\":\"%s\"}",
                               i > 0 ? "," : "", position->id,
                               position->volume > 0 ? "BUY" : "SELL", position->symbol->name,
                               fabs(position->volume), position->client_id);
    }
}

static gchar *
tell_account(KwFakeMt5 *self)
{
    return g_strdup_printf("{\"login\":1,\"currency\":\"USD\",\"balance\":%.2f,\"equity\":%.2f,"
                           "\"freeMargin\":%.2f,\"leverage\":2,\"type\":\"ACCOUNT_TRADE_MODE_%"
                           "s\",\"tradeAllowed\":%s,"
                           "\"marginMode\":\"ACCOUNT_MARGIN_MODE_RETAIL_%s\"}",
                           self->balance, self->balance, self->balance,
                           self->is_real ? "REAL" : "DEMO", self->may_trade ? "true" : "false",
                           self->is_hedging ? "HEDGING" : "NETTING");
}

/* Of what was last quoted */
static gint64
get_quoted_us(const KwFakeMt5 *self)
{
    return self->closed_us != 0 ? self->closed_us : self->now_us;
}

static gchar *
tell_price(KwFakeMt5 *self, const Symbol *symbol)
{
    g_autofree gchar *time = kw_fake_mt5_time(get_quoted_us(self));

    return g_strdup_printf("{\"symbol\":\"%s\",\"bid\":%.10g,\"ask\":%.10g,\"time\":\"%s\"}",
                           symbol->name, symbol->price * (1 - HALF_SPREAD),
                           symbol->price * (1 + HALF_SPREAD), time);
}

/* @segment: as it stands in the path */
static Symbol *
find_symbol_of(KwFakeMt5 *self, const gchar *segment)
{
    g_autofree gchar *name = g_uri_unescape_string(segment, NULL);

    return name != NULL ? find_symbol(self, name) : NULL;
}

/* "historical-market-data/symbols/BTCUSD/timeframes/1m/candles" */
static gchar *
tell_candles(KwFakeMt5 *self, SoupServerMessage *message, const gchar *path)
{
    g_auto(GStrv) words = g_strsplit(path, "/", 6);
    const Symbol *symbol = g_strv_length(words) == 6 ? find_symbol_of(self, words[2]) : NULL;
    KwFakeMt5Page page = {.query = g_uri_get_query(soup_server_message_get_uri(message)),
                          .first_us = self->first_us,
                          .quoted_us = get_quoted_us(self)};

    if (symbol == NULL || !kw_timeframe_parse(words[4], &page.timeframe_us, NULL))
        return NULL;
    page.symbol = symbol->name;
    page.price = symbol->price;
    return kw_fake_mt5_page_tell(&page);
}

static gchar *
tell_symbol(KwFakeMt5 *self, const gchar *path)
{
    g_auto(GStrv) words = g_strsplit(path, "/", 3);
    const Symbol *symbol = words[0] != NULL ? find_symbol_of(self, words[0]) : NULL;

    if (symbol == NULL)
        return NULL;
    if (g_strcmp0(words[1], "current-price") == 0)
        return tell_price(self, symbol);
    return g_strdup_printf("{\"symbol\":\"%s\",\"tickSize\":0.01,\"minVolume\":0.01,"
                           "\"maxVolume\":5,\"volumeStep\":0.01,\"contractSize\":%.10g,"
                           "\"digits\":2,\"stopsLevel\":0}",
                           symbol->name, symbol->contract);
}

/* (transfer full) (nullable) */
static gchar *
tell(KwFakeMt5 *self, SoupServerMessage *message, const gchar *path)
{
    g_autoptr(GString) out = g_string_new(NULL);
    gboolean is_history = g_str_has_prefix(path, "history-");

    if (strcmp(path, "account-information") == 0)
        return tell_account(self);
    if (g_str_has_prefix(path, "historical-market-data/"))
        return tell_candles(self, message, path);
    if (g_str_has_prefix(path, "symbols/"))
        return tell_symbol(self, path + strlen("symbols/"));
    if (is_history)
        g_string_append_printf(
            out, "{\"synchronizing\":%s,\"%s\":", self->is_synchronizing ? "true" : "false",
            g_str_has_prefix(path, "history-deals/") ? "deals" : "historyOrders");
    g_string_append_c(out, '[');
    if (strcmp(path, "orders") == 0 || g_str_has_prefix(path, "history-orders/"))
        list_orders(self, out, is_history);
    else if (g_str_has_prefix(path, "history-deals/"))
        list_deals(self, out);
    else if (strcmp(path, "positions") == 0)
        list_positions(self, out);
    else
        return NULL;
    g_string_append(out, is_history ? "]}" : "]");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
serve(KwFakeMt5 *self, SoupServerMessage *message)
{
    const gchar *path = g_uri_get_path(soup_server_message_get_uri(message));
    g_autofree gchar *answer = NULL;

    if (strcmp(path, PREFIX "/trade") == 0) {
        on_trade(self, message);
        return;
    }
    if (self->list_status != 0) {
        respond(message, self->list_status, "<html>bad gateway</html>");
        return;
    }
    if (g_str_has_prefix(path, PREFIX "/"))
        answer = tell(self, message, path + strlen(PREFIX "/"));
    respond(message, answer != NULL ? 200 : 404, answer != NULL ? answer : "{}");
}

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
    KwFakeMt5 *self = user_data;
    gboolean is_trade = strcmp(path, PREFIX "/trade") == 0;
    const gchar *token = soup_message_headers_get_one(
        soup_server_message_get_request_headers(message), "auth-token");

    if (self->is_revoked || g_strcmp0(token, KW_FAKE_MT5_TOKEN) != 0) {
        respond(message, 401, "{\"error\":\"UnauthorizedError\"}");
        return;
    }
    self->n_trades += is_trade;
    self->n_asked += !is_trade;
    if (self->holds_lists && !is_trade)
        (void) hold(self, message);
    else
        serve(self, message);
}

/* -- steering -- */

KwFakeMt5 *
kw_fake_mt5_new(gboolean is_hedging, gint64 now_us)
{
    KwFakeMt5 *self = g_new0(KwFakeMt5, 1);
    GSList *uris;
    g_autofree gchar *base = NULL;

    self->is_hedging = is_hedging;
    self->may_trade = TRUE;
    self->now_us = now_us;
    self->first_us = now_us - HISTORY_US;
    self->fault = -1;
    self->last_id = 100;
    self->balance = 10000;
    self->symbols[0] = (Symbol){"BTCUSD", 1, 60000};
    self->symbols[1] = (Symbol){"ETHUSD", 10, 3000};
    self->orders = g_array_new(FALSE, FALSE, sizeof(Order));
    self->deals = g_array_new(FALSE, FALSE, sizeof(Deal));
    self->positions = g_array_new(FALSE, FALSE, sizeof(Position));
    self->held = g_ptr_array_new_with_free_func(held_free);
    self->server = soup_server_new("raw-paths", TRUE, NULL);
    soup_server_add_handler(self->server, NULL, on_request, self, NULL);
    g_assert_true(
        soup_server_listen_local(self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
    uris = soup_server_get_uris(self->server);
    base = g_strdup_printf("http://127.0.0.1:%d", g_uri_get_port(uris->data));
    self->url = g_strconcat(base, PREFIX, NULL);
    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
    return self;
}

void
kw_fake_mt5_free(KwFakeMt5 *self)
{
    if (self == NULL)
        return;
    soup_server_disconnect(self->server);
    g_clear_object(&self->server);
    g_ptr_array_unref(self->held);
    g_array_unref(self->orders);
    g_array_unref(self->deals);
    g_array_unref(self->positions);
    g_free(self->url);
    g_free(self);
}

const gchar *
kw_fake_mt5_get_url(KwFakeMt5 *self)
{
    return self->url;
}

void
kw_fake_mt5_set_price(KwFakeMt5 *self, const gchar *symbol, gdouble price)
{
    Symbol *found = find_symbol(self, symbol);

    g_return_if_fail(found != NULL);
    found->price = price;
    match(self);
}

void
kw_fake_mt5_set_time(KwFakeMt5 *self, gint64 now_us)
{
    self->now_us = now_us;
}

void
kw_fake_mt5_fail(KwFakeMt5 *self, KwFakeMt5Fault fault, gint number)
{
    self->fault = (gint) fault;
    self->number = number;
}

void
kw_fake_mt5_set_list_status(KwFakeMt5 *self, guint status)
{
    self->list_status = status;
}

void
kw_fake_mt5_hold_lists(KwFakeMt5 *self)
{
    self->holds_lists = TRUE;
}

void
kw_fake_mt5_release(KwFakeMt5 *self)
{
    g_autoptr(GPtrArray) held = g_steal_pointer(&self->held);

    self->held = g_ptr_array_new_with_free_func(held_free);
    self->holds_lists = FALSE;
    for (guint i = 0; i < held->len; i++) {
        Held *row = held->pdata[i];

        if (!row->is_mute)
            serve(self, row->message);
        if (!row->is_mute && !row->is_gone)
            soup_server_message_unpause(row->message);
    }
}

void
kw_fake_mt5_set_synchronizing(KwFakeMt5 *self, gboolean is_so)
{
    self->is_synchronizing = is_so;
}

void
kw_fake_mt5_hide_deals(KwFakeMt5 *self, gboolean hide)
{
    self->hides_deals = hide;
}

void
kw_fake_mt5_set_may_trade(KwFakeMt5 *self, gboolean may_trade)
{
    self->may_trade = may_trade;
}

void
kw_fake_mt5_set_real(KwFakeMt5 *self)
{
    self->is_real = TRUE;
}

void
kw_fake_mt5_close_market(KwFakeMt5 *self)
{
    self->closed_us = self->now_us;
}

void
kw_fake_mt5_open_market(KwFakeMt5 *self)
{
    self->closed_us = 0;
}

void
kw_fake_mt5_revoke(KwFakeMt5 *self)
{
    self->is_revoked = TRUE;
}

void
kw_fake_mt5_set_contract(KwFakeMt5 *self, const gchar *symbol, gdouble contract)
{
    Symbol *found = find_symbol(self, symbol);

    g_return_if_fail(found != NULL);
    found->contract = contract;
}

void
kw_fake_mt5_rename(KwFakeMt5 *self, const gchar *symbol, const gchar *name)
{
    Symbol *found = find_symbol(self, symbol);

    g_return_if_fail(found != NULL);
    found->name = g_intern_string(name);
}

gdouble
kw_fake_mt5_get_volume(KwFakeMt5 *self, const gchar *symbol)
{
    gdouble sum = 0;

    for (guint i = 0; i < self->positions->len; i++) {
        const Position *position = &g_array_index(self->positions, Position, i);

        if (position->symbol == find_symbol(self, symbol))
            sum += position->volume;
    }
    return round_lots(sum);
}

void
kw_fake_mt5_drop_positions(KwFakeMt5 *self)
{
    (void) g_array_set_size(self->positions, 0);
}

guint
kw_fake_mt5_count_positions(KwFakeMt5 *self)
{
    return self->positions->len;
}

guint
kw_fake_mt5_count_orders(KwFakeMt5 *self)
{
    return self->orders->len;
}

guint
kw_fake_mt5_count_trades(KwFakeMt5 *self)
{
    return self->n_trades;
}

guint
kw_fake_mt5_count_asked(KwFakeMt5 *self)
{
    return self->n_asked;
}

void
kw_fake_mt5_add_foreign(KwFakeMt5 *self)
{
    Order order = {.id = ++self->last_id,
                   .client_id = "someone_else_1",
                   .type = "BUY_LIMIT",
                   .state = "PLACED",
                   .symbol = &self->symbols[1],
                   .volume = 0.5,
                   .left = 0.5,
                   .price = 1000,
                   .time_us = self->now_us};
    Position position = {.id = ++self->last_id, .symbol = &self->symbols[0], .volume = 0.3};

    g_array_append_val(self->orders, order);
    g_array_append_val(self->positions, position);
}
