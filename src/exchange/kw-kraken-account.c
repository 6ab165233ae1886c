#include "kw-kraken-account.h"

#include "kw-error.h"
#include "kw-kraken-json.h"

#include <string.h>

static const struct {
    const gchar *name;
    KwOrderType type;
} types[] = {
    {"market", KW_ORDER_TYPE_MARKET},
    {"limit", KW_ORDER_TYPE_LIMIT},
    {"stop-loss", KW_ORDER_TYPE_STOP_LOSS},
    {"take-profit", KW_ORDER_TYPE_TAKE_PROFIT},
};

static const gchar *const needed_rights[] = {
    "query-funds",   "query-open-trades", "query-closed-trades",
    "modify-trades", "close-trades",      "create-ws-token",
};

static const gchar *const broad_rights[] = {"add-funds", "earn-funds", "export-data"};

static gboolean
fail(const gchar *name, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER, "%s: %s", name, what);
    return FALSE;
}

/* -- orders -- */

void
kw_kraken_order_clear(KwKrakenOrder *self)
{
    g_clear_pointer(&self->trades, g_strfreev);
}

static gboolean
read_state(JsonObject *row, KwKrakenOrder *out, GError **error)
{
    const gchar *status = NULL;

    if (!kw_json_get_string(row, "status", &status, error) ||
        !kw_json_get_decimal(row, "vol", &out->amount, error) ||
        !kw_json_get_decimal(row, "vol_exec", &out->filled, error))
        return FALSE;
    if (strcmp(status, "open") == 0 || strcmp(status, "pending") == 0)
        out->state =
            kw_decimal_sign(out->filled) > 0 ? KW_ORDER_STATE_PARTIAL : KW_ORDER_STATE_OPEN;
    else if (strcmp(status, "closed") == 0)
        out->state = KW_ORDER_STATE_FILLED;
    else if (strcmp(status, "canceled") == 0 || strcmp(status, "expired") == 0)
        out->state = KW_ORDER_STATE_CANCELLED;
    else
        return fail("status", "not known", error);
    return TRUE;
}

static gboolean
read_description(JsonObject *row, KwKrakenOrder *out, GError **error)
{
    JsonObject *descr = NULL;
    const gchar *text = NULL;

    if (!kw_json_get_object(row, "descr", &descr, error) ||
        !kw_json_get_string(descr, "pair", &text, error))
        return FALSE;
    if (g_strlcpy(out->alt, text, sizeof out->alt) >= sizeof out->alt)
        return fail("pair", "too long", error);
    if (!kw_side_from_string(kw_kraken_get_text(descr, "type"), &out->side, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, kw_kraken_get_text(descr, "ordertype")) != 0)
            continue;
        out->type = types[i].type;
        out->is_known_type = TRUE;
    }
    if (out->type == KW_ORDER_TYPE_LIMIT && out->is_known_type &&
        strstr(kw_kraken_get_text(row, "oflags"), "post") != NULL)
        out->type = KW_ORDER_TYPE_POST_ONLY;
    /* a relative price ("+500") is none of ours */
    if (!kw_kraken_get_decimal_or_zero(descr, "price", &out->price, NULL))
        out->price = KW_DECIMAL_ZERO;
    return TRUE;
}

static GStrv
read_trade_ids(JsonObject *row)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    JsonArray *list = NULL;

    if (!kw_json_get_array(row, "trades", &list, NULL))
        return NULL;
    for (guint i = 0; i < MIN(json_array_get_length(list), KW_KRAKEN_MAX_TRADES); i++) {
        const gchar *id = NULL;

        if (kw_json_at_string(list, i, &id, NULL))
            g_strv_builder_add(builder, id);
    }
    return g_strv_builder_end(builder);
}

gboolean
kw_kraken_read_order(const gchar *txid, JsonObject *row, KwKrakenOrder *out, GError **error)
{
    KwKrakenOrder order = {0};

    if (g_strlcpy(order.txid, txid, sizeof order.txid) >= sizeof order.txid)
        return fail("txid", "too long", error);
    if (!read_state(row, &order, error) || !read_description(row, &order, error) ||
        !kw_kraken_get_seconds(row, "opentm", &order.opened_us, error))
        return FALSE;
    (void) g_strlcpy(order.client_id, kw_kraken_get_text(row, "cl_ord_id"),
                     sizeof order.client_id);
    (void) g_strlcpy(order.reason, kw_kraken_get_text(row, "reason"), sizeof order.reason);
    order.trades = read_trade_ids(row);
    *out = order;
    return TRUE;
}

gboolean
kw_kraken_read_trade(const gchar *id, JsonObject *row, KwFill *out, GError **error)
{
    KwFill fill = {.mode = KW_MODE_LIVE};

    if (*id == '\0' || g_strlcpy(fill.exec_id, id, sizeof fill.exec_id) >= sizeof fill.exec_id)
        return fail("trade", "empty or too long", error);
    if (!kw_json_get_decimal(row, "price", &fill.price, error) ||
        !kw_json_get_decimal(row, "vol", &fill.amount, error) ||
        !kw_json_get_decimal(row, "fee", &fill.fee, error) ||
        !kw_kraken_get_seconds(row, "time", &fill.time_us, error) ||
        !kw_side_from_string(kw_kraken_get_text(row, "type"), &fill.side, error))
        return FALSE;
    if (kw_decimal_sign(fill.price) <= 0 || kw_decimal_sign(fill.amount) <= 0)
        return fail("price", "or volume not above zero", error);
    *out = fill;
    return TRUE;
}

/* -- balances -- */

static KwVenueBalance *
find_balance(GArray *list, const gchar *asset)
{
    KwVenueBalance fresh = {.total = KW_DECIMAL_ZERO, .held = KW_DECIMAL_ZERO};

    for (guint i = 0; i < list->len; i++) {
        KwVenueBalance *balance = &g_array_index(list, KwVenueBalance, i);

        if (strcmp(balance->asset, asset) == 0)
            return balance;
    }
    (void) g_strlcpy(fresh.asset, asset, sizeof fresh.asset);
    g_array_append_val(list, fresh);
    return &g_array_index(list, KwVenueBalance, list->len - 1);
}

gboolean
kw_kraken_read_balances(const KwKrakenPairs *pairs,
                        JsonObject *result,
                        GArray *out,
                        GError **error)
{
    JsonObjectIter iter;
    const gchar *key;
    JsonNode *node;

    json_object_iter_init_ordered(&iter, result);
    while (json_object_iter_next_ordered(&iter, &key, &node)) {
        KwKrakenAsset asset = kw_kraken_pairs_get_asset(pairs, key);
        JsonObject *row = kw_json_root_object(node, error);
        KwDecimal total, held;
        KwVenueBalance *balance;

        if (row == NULL || !kw_json_get_decimal(row, "balance", &total, error) ||
            !kw_kraken_get_decimal_or_zero(row, "hold_trade", &held, error)) {
            g_prefix_error(error, "%.16s: ", key);
            return FALSE;
        }
        if (!asset.is_spendable || kw_decimal_sign(total) == 0)
            continue;
        balance = find_balance(out, asset.code);
        if (!kw_decimal_add(balance->total, total, &balance->total, error) ||
            !kw_decimal_add(balance->held, held, &balance->held, error))
            return FALSE;
    }
    return TRUE;
}

/* -- fees -- */

static gboolean
read_fee(JsonObject *fees, const gchar *id, gdouble *out, GError **error)
{
    JsonObject *row = NULL;
    KwDecimal percent;

    if (!kw_json_get_object(fees, id, &row, error) ||
        !kw_json_get_decimal(row, "fee", &percent, error))
        return FALSE;
    *out = kw_decimal_to_double(percent) / 100;
    return *out >= 0 && *out <= 0.1 ? TRUE : fail("fee", "out of range", error);
}

gboolean
kw_kraken_read_fees(JsonObject *result, const gchar *id, KwKrakenFees *out, GError **error)
{
    KwKrakenFees fees = {0};
    JsonObject *taker = NULL, *maker = NULL;
    KwDecimal volume;

    if (!kw_json_get_decimal(result, "volume", &volume, error) ||
        !kw_json_get_object(result, "fees", &taker, error) ||
        !read_fee(taker, id, &fees.taker_ratio, error))
        return FALSE;
    fees.volume = kw_decimal_to_double(volume);
    fees.maker_ratio =
        fees.taker_ratio; /* a pair that is not listed pays the same on both sides */
    if (kw_json_get_object(result, "fees_maker", &maker, NULL) && kw_json_has(maker, id) &&
        !read_fee(maker, id, &fees.maker_ratio, error))
        return FALSE;
    *out = fees;
    return TRUE;
}

/* -- the key -- */

/* Either spelling */
static JsonNode *
find_member(JsonObject *object, const gchar *snake, const gchar *camel)
{
    JsonNode *node = json_object_get_member(object, snake);

    return node != NULL ? node : json_object_get_member(object, camel);
}

static gint64
read_number(JsonObject *object, const gchar *snake, const gchar *camel)
{
    gint64 value = 0;

    if (find_member(object, snake, camel) == NULL)
        return 0;
    (void) kw_kraken_get_int(object, json_object_has_member(object, snake) ? snake : camel,
                             &value, NULL);
    return value;
}

static gboolean
has_right(JsonArray *rights, const gchar *name)
{
    for (guint i = 0; i < json_array_get_length(rights); i++) {
        const gchar *right = NULL;

        if (kw_json_at_string(rights, i, &right, NULL) && strcmp(right, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What is not known and speaks of withdrawing counts as that right. */
static gboolean
may_withdraw(JsonArray *rights)
{
    for (guint i = 0; i < json_array_get_length(rights); i++) {
        const gchar *right = "";

        if (!kw_json_at_string(rights, i, &right, NULL) || strstr(right, "withdraw") != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_addresses(JsonObject *result)
{
    JsonNode *node = find_member(result, "ip_allowlist", "ipAllowlist");
    JsonArray *list;
    const gchar *first = NULL;

    if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
        return FALSE;
    list = json_node_get_array(node);
    return kw_json_at_string(list, 0, &first, NULL) && *first != '\0';
}

static void
judge_rights(JsonArray *rights, KwKrakenKeyInfo *info)
{
    if (may_withdraw(rights))
        info->flags |= KW_KRAKEN_KEY_WITHDRAWS;
    for (gsize i = 0; i < G_N_ELEMENTS(needed_rights); i++) {
        if (has_right(rights, needed_rights[i]))
            continue;
        info->flags |= KW_KRAKEN_KEY_LACKS;
        (void) g_strlcat(info->missing, *info->missing != '\0' ? ", " : "",
                         sizeof info->missing);
        (void) g_strlcat(info->missing, needed_rights[i], sizeof info->missing);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(broad_rights); i++) {
        if (has_right(rights, broad_rights[i]))
            info->flags |= KW_KRAKEN_KEY_BROAD;
    }
}

gboolean
kw_kraken_read_key_info(JsonObject *result, KwKrakenKeyInfo *out, GError **error)
{
    KwKrakenKeyInfo info = {0};
    JsonArray *rights = NULL;
    gint64 until_s, nonce;

    if (!kw_json_get_array(result, "permissions", &rights, error))
        return FALSE;
    judge_rights(rights, &info);
    nonce = read_number(result, "nonce", "nonce");
    info.nonce = (guint64) MAX(nonce, 0);
    until_s = read_number(result, "valid_until", "validUntil");
    if (until_s > 0)
        info.flags |= KW_KRAKEN_KEY_EXPIRES;
    info.valid_until_us = CLAMP(until_s, 0, G_MAXINT32) * G_USEC_PER_SEC;
    if (read_number(result, "query_from", "queryFrom") != 0 ||
        read_number(result, "query_to", "queryTo") != 0)
        info.flags |= KW_KRAKEN_KEY_BLIND;
    if (!has_addresses(result))
        info.flags |= KW_KRAKEN_KEY_ANYWHERE;
    *out = info;
    return TRUE;
}

gboolean
kw_kraken_read_working(const KwKrakenPairs *pairs,
                       JsonObject *open,
                       GArray *out,
                       GError **error)
{
    JsonObjectIter iter;
    const gchar *txid;
    JsonNode *node;

    g_return_val_if_fail(pairs != NULL && open != NULL && out != NULL, FALSE);

    json_object_iter_init_ordered(&iter, open);
    while (json_object_iter_next_ordered(&iter, &txid, &node)) {
        g_auto(KwKrakenOrder) order = {0};
        JsonObject *row = kw_json_root_object(node, error);
        const KwKrakenPair *pair;
        KwVenueOrder working = {0};

        if (row == NULL || !kw_kraken_read_order(txid, row, &order, error))
            return FALSE;
        pair = kw_kraken_pairs_find(pairs, order.alt);
        memcpy(working.client_id, order.client_id, sizeof working.client_id);
        memcpy(working.venue_id, order.txid, sizeof working.venue_id);
        (void) g_strlcpy(working.pair, pair != NULL ? pair->market.name : "",
                         sizeof working.pair);
        working.side = order.side;
        working.type = order.type;
        working.price = order.price;
        working.amount = order.amount;
        working.filled = order.filled;
        working.opened_us = order.opened_us;
        g_array_append_val(out, working);
    }
    return TRUE;
}
