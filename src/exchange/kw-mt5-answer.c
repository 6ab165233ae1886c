/* kw-mt5-answer.c: rows of a bridge, one function a kind
 *
 * The names are those of MetaApi's REST interface, which bridges of one's own are usually
 * modelled on. Numbers come as JSON numbers; the shortest text that reads back is the one the
 * server has. What is money is read strictly; an enum that is not known makes no row
 * unreadable, since a server may add some.
 *
 * Amounts are lots there and base currency here; the two are turned into each other exactly or
 * not at all. */
#include "kw-mt5-answer.h"

#include "kw-client-id.h"
#include "kw-error.h"
#include "kw-kraken-json.h"

#include <string.h>

#define FOREIGN_SYMBOL "" /* no market of ours is called so */
#define OUR_ID_LENGTH 18  /* "kw" and sixteen digits, see kw-client-id.h */

static const struct {
    gint64 code;
    KwMt5Outcome kind;
} classes[] = {
    {0, KW_MT5_DONE},        {10008, KW_MT5_DONE},    {10009, KW_MT5_DONE},
    {10010, KW_MT5_DONE},    {10025, KW_MT5_DONE},    {10006, KW_MT5_REFUSED},
    {10007, KW_MT5_REFUSED}, {10013, KW_MT5_REFUSED}, {10014, KW_MT5_REFUSED},
    {10015, KW_MT5_REFUSED}, {10016, KW_MT5_REFUSED}, {10017, KW_MT5_REFUSED},
    {10019, KW_MT5_REFUSED}, {10022, KW_MT5_REFUSED}, {10026, KW_MT5_REFUSED},
    {10027, KW_MT5_REFUSED}, {10030, KW_MT5_REFUSED}, {10032, KW_MT5_REFUSED},
    {10033, KW_MT5_REFUSED}, {10034, KW_MT5_REFUSED}, {-4, KW_MT5_REFUSED},
    {-8, KW_MT5_REFUSED},    {10004, KW_MT5_AGAIN},   {10018, KW_MT5_AGAIN},
    {10020, KW_MT5_AGAIN},   {10021, KW_MT5_AGAIN},   {10024, KW_MT5_AGAIN},
    {10028, KW_MT5_AGAIN},   {10029, KW_MT5_AGAIN},   {-6, KW_MT5_AGAIN},
    {-10, KW_MT5_AGAIN},     {10011, KW_MT5_UNKNOWN}, {10012, KW_MT5_UNKNOWN},
    {10031, KW_MT5_UNKNOWN}, {-1, KW_MT5_UNKNOWN},    {-7, KW_MT5_UNKNOWN},
    {-11, KW_MT5_UNKNOWN},   {4753, KW_MT5_GONE},     {4754, KW_MT5_GONE},
};

/* "ORDER_TYPE_" is cut off */
static const struct {
    const gchar *name;
    KwSide side;
    KwOrderType type;
} types[] = {
    {"BUY", KW_SIDE_BUY, KW_ORDER_TYPE_MARKET},
    {"SELL", KW_SIDE_SELL, KW_ORDER_TYPE_MARKET},
    {"BUY_LIMIT", KW_SIDE_BUY, KW_ORDER_TYPE_LIMIT},
    {"SELL_LIMIT", KW_SIDE_SELL, KW_ORDER_TYPE_LIMIT},
    {"BUY_STOP", KW_SIDE_BUY, KW_ORDER_TYPE_STOP_LOSS},
    {"SELL_STOP", KW_SIDE_SELL, KW_ORDER_TYPE_STOP_LOSS},
};

KwMt5Outcome
kw_mt5_classify(gint64 code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (classes[i].code == code)
            return classes[i].kind;
    }
    return KW_MT5_UNKNOWN;
}

/* -- members -- */

static gboolean
fail(const gchar *name, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: %s", name, what);
    return FALSE;
}

/* Names and ids go into JSON as they are, so nothing may be in them that ends a text there;
 * names have "#", "+", blanks and slashes at some servers */
static gboolean
is_plain(const gchar *text)
{
    for (const gchar *at = text; *at != '\0'; at++) {
        if (!g_ascii_isprint(*at) || *at == '"' || *at == '\\')
            return FALSE;
    }
    return TRUE;
}

static gboolean
copy_text(JsonObject *object, const gchar *name, gchar *out, gsize size, GError **error)
{
    const gchar *text = NULL;

    if (!kw_json_get_string(object, name, &text, error))
        return FALSE;
    return *text != '\0' && is_plain(text) && g_strlcpy(out, text, size) < size
               ? TRUE
               : fail(name, "empty, too long, or not plain", error);
}

/* The symbol of an order or position. One that cannot be ours makes no list unreadable. */
static gboolean
copy_symbol(JsonObject *object, gchar *out, GError **error)
{
    const gchar *text = NULL;

    if (!kw_json_get_string(object, "symbol", &text, error))
        return FALSE;
    if (!is_plain(text) || g_strlcpy(out, text, KW_MT5_NAME_SIZE) >= KW_MT5_NAME_SIZE)
        (void) g_strlcpy(out, FOREIGN_SYMBOL, KW_MT5_NAME_SIZE);
    return TRUE;
}

/* Ids go into addresses as well: letters and digits, and what joins them; "" is none */
static gboolean
is_id(const gchar *text)
{
    if (*text != '\0' && !g_ascii_isalnum(*text)) /* "..": the folder above */
        return FALSE;
    return strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == strlen(text);
}

/* An id that may be missing ("" then); MetaTrader's tickets are texts or numbers */
static void
copy_id(JsonObject *object, const gchar *name, gchar *out)
{
    gint64 number = 0;

    (void) g_strlcpy(out, kw_kraken_get_text(object, name), KW_ID_SIZE);
    if (*out == '\0' && kw_json_get_int(object, name, &number, NULL))
        (void) g_snprintf(out, KW_ID_SIZE, "%" G_GINT64_FORMAT, number);
    if (!is_id(out))
        *out = '\0';
}

static gboolean
get_positive(JsonObject *object, const gchar *name, KwDecimal *out, GError **error)
{
    KwDecimal value;

    if (!kw_json_get_decimal(object, name, &value, error))
        return FALSE;
    if (kw_decimal_sign(value) <= 0)
        return fail(name, "not above zero", error);
    *out = kw_decimal_trim(value);
    return TRUE;
}

/* -- lists -- */

JsonArray *
kw_mt5_find_rows(JsonNode *root, const gchar *name, GError **error)
{
    JsonObject *object;
    JsonArray *rows = NULL;
    gboolean is_partial = FALSE;

    if (JSON_NODE_HOLDS_ARRAY(root))
        return json_node_get_array(root);
    object = kw_json_root_object(root, error);
    if (object == NULL || !kw_json_get_array(object, name, &rows, error))
        return NULL;
    if (kw_json_get_bool(object, "synchronizing", &is_partial, NULL) && is_partial) {
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                            "the bridge still reads the history");
        return NULL;
    }
    return rows;
}

/* -- client ids -- */

gboolean
kw_mt5_client_id_format(const gchar *client_id, gchar *out)
{
    if (!kw_client_id_is_ours(client_id) || strlen(client_id) != OUR_ID_LENGTH)
        return FALSE;
    (void) g_snprintf(out, KW_ID_SIZE, "kw_%.8s_%.8s", client_id + 2, client_id + 10);
    return TRUE;
}

void
kw_mt5_client_id_parse(const gchar *text, gchar *out)
{
    g_auto(GStrv) words = g_strsplit(text, "_", 4);

    *out = '\0';
    if (g_strv_length(words) != 3)
        return;
    (void) g_snprintf(out, KW_ID_SIZE, "%.3s%.9s%.9s", words[0], words[1], words[2]);
    if (strlen(out) != OUR_ID_LENGTH || !kw_client_id_is_ours(out))
        *out = '\0';
}

/* -- rows -- */

gboolean
kw_mt5_read_result(JsonObject *object, KwMt5Result *out, GError **error)
{
    KwMt5Result result = {0};
    const gchar *text = kw_kraken_get_text(object, "message");

    if (!kw_json_get_int(object, "numericCode", &result.code, error))
        return FALSE;
    result.kind = kw_mt5_classify(result.code);
    if (*text == '\0')
        text = kw_kraken_get_text(object, "stringCode");
    (void) g_snprintf(result.message, sizeof result.message, "%" G_GINT64_FORMAT ": %.80s",
                      result.code, text);
    copy_id(object, "orderId", result.order_id);
    *out = result;
    return TRUE;
}

gboolean
kw_mt5_read_account(JsonObject *object, KwMt5Account *out, GError **error)
{
    KwMt5Account account = {0};
    const gchar *mode = NULL;

    if (!copy_text(object, "currency", account.currency, sizeof account.currency, error) ||
        !kw_json_get_decimal(object, "balance", &account.balance, error) ||
        !kw_json_get_decimal(object, "equity", &account.equity, error) ||
        !kw_json_get_decimal(object, "freeMargin", &account.margin_free, error) ||
        !kw_json_get_bool(object, "tradeAllowed", &account.may_trade, error) ||
        !kw_json_get_string(object, "marginMode", &mode, error))
        return FALSE;
    copy_id(object, "login", account.login);
    account.is_demo =
        strcmp(kw_kraken_get_text(object, "type"), "ACCOUNT_TRADE_MODE_DEMO") == 0;
    account.is_hedging = strcmp(mode, "ACCOUNT_MARGIN_MODE_RETAIL_HEDGING") == 0;
    /* how a sale counts decides whether it closes or opens: a guess would cost money */
    if (!account.is_hedging && strcmp(mode, "ACCOUNT_MARGIN_MODE_RETAIL_NETTING") != 0 &&
        strcmp(mode, "ACCOUNT_MARGIN_MODE_EXCHANGE") != 0)
        return fail("marginMode", "not known", error);
    *out = account;
    return TRUE;
}

gboolean
kw_mt5_read_symbol(JsonObject *object, KwMt5Symbol *out, GError **error)
{
    KwMt5Symbol symbol = {0};

    if (!copy_text(object, "symbol", symbol.name, sizeof symbol.name, error) ||
        !get_positive(object, "contractSize", &symbol.contract, error) ||
        !get_positive(object, "tickSize", &symbol.tick, error) ||
        !get_positive(object, "minVolume", &symbol.volume_min, error) ||
        !get_positive(object, "maxVolume", &symbol.volume_max, error) ||
        !get_positive(object, "volumeStep", &symbol.volume_step, error))
        return FALSE;
    *out = symbol;
    return TRUE;
}

/* "ORDER_STATE_" is cut off. What is not known is still on its way: it is looked at again. */
static KwOrderState
state_of(const gchar *text, const KwMt5Order *order)
{
    static const struct {
        const gchar *name;
        KwOrderState state;
    } states[] = {
        {"FILLED", KW_ORDER_STATE_FILLED},     {"CANCELED", KW_ORDER_STATE_CANCELLED},
        {"EXPIRED", KW_ORDER_STATE_CANCELLED}, {"REJECTED", KW_ORDER_STATE_REJECTED},
        {"PARTIAL", KW_ORDER_STATE_PARTIAL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        if (strcmp(states[i].name, text) == 0)
            return states[i].state;
    }
    return kw_decimal_cmp(order->left, order->volume) < 0 ? KW_ORDER_STATE_PARTIAL
                                                          : KW_ORDER_STATE_OPEN;
}

static const gchar *
cut_prefix(const gchar *text, const gchar *prefix)
{
    return g_str_has_prefix(text, prefix) ? text + strlen(prefix) : text;
}

gboolean
kw_mt5_read_order(JsonObject *object, KwMt5Order *out, GError **error)
{
    KwMt5Order order = {0};
    const gchar *type = cut_prefix(kw_kraken_get_text(object, "type"), "ORDER_TYPE_");
    const gchar *state = cut_prefix(kw_kraken_get_text(object, "state"), "ORDER_STATE_");

    copy_id(object, "id", order.id);
    if (*order.id == '\0')
        return fail("id", "missing", error);
    if (!copy_symbol(object, order.symbol, error) ||
        !get_positive(object, "volume", &order.volume, error) ||
        !kw_kraken_get_decimal_or_zero(object, "currentVolume", &order.left, error) ||
        !kw_kraken_get_decimal_or_zero(object, "openPrice", &order.price, error) ||
        !kw_kraken_get_instant(object, "time", &order.opened_us, error))
        return FALSE;
    kw_mt5_client_id_parse(kw_kraken_get_text(object, "clientId"), order.client_id);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, type) != 0)
            continue;
        order.side = types[i].side;
        order.type = types[i].type;
        order.is_known_type = TRUE;
    }
    order.state = state_of(state, &order);
    *out = order;
    return TRUE;
}

gboolean
kw_mt5_read_deal(JsonObject *object, KwMt5Deal *out, GError **error)
{
    KwMt5Deal deal = {.is_trade = TRUE};
    const gchar *type = cut_prefix(kw_kraken_get_text(object, "type"), "DEAL_TYPE_");
    KwDecimal commission, swap, sum;

    if (strcmp(type, "BUY") != 0 && strcmp(type, "SELL") != 0) {
        *out = (KwMt5Deal){.is_trade = FALSE};
        return TRUE;
    }
    deal.side = *type == 'B' ? KW_SIDE_BUY : KW_SIDE_SELL;
    copy_id(object, "id", deal.id);
    copy_id(object, "orderId", deal.order_id);
    if (*deal.id == '\0')
        return fail("id", "missing", error);
    if (!get_positive(object, "price", &deal.price, error) ||
        !get_positive(object, "volume", &deal.volume, error) ||
        !kw_kraken_get_decimal_or_zero(object, "commission", &commission, error) ||
        !kw_kraken_get_decimal_or_zero(object, "swap", &swap, error) ||
        !kw_decimal_add(commission, swap, &sum, error) ||
        !kw_kraken_get_instant(object, "time", &deal.time_us, error))
        return FALSE;
    /* booked as what the balance changes by: costs are below zero */
    deal.cost = kw_decimal_sign(sum) < 0 ? kw_decimal_neg(sum) : KW_DECIMAL_ZERO;
    *out = deal;
    return TRUE;
}

gboolean
kw_mt5_read_position(JsonObject *object, KwMt5Position *out, GError **error)
{
    KwMt5Position position = {0};
    const gchar *type = cut_prefix(kw_kraken_get_text(object, "type"), "POSITION_TYPE_");

    copy_id(object, "id", position.id);
    if (*position.id == '\0')
        return fail("id", "missing", error);
    if (strcmp(type, "BUY") != 0 && strcmp(type, "SELL") != 0)
        return fail("type", "not known", error);
    position.side = *type == 'B' ? KW_SIDE_BUY : KW_SIDE_SELL;
    kw_mt5_client_id_parse(kw_kraken_get_text(object, "clientId"), position.client_id);
    if (!copy_symbol(object, position.symbol, error) ||
        !get_positive(object, "volume", &position.volume, error))
        return FALSE;
    *out = position;
    return TRUE;
}

/* -- prices -- */

gboolean
kw_mt5_read_candle(JsonObject *object, KwCandle *out, GError **error)
{
    KwCandle candle = {0};

    if (!kw_kraken_get_instant(object, "time", &candle.open_us, error) ||
        !kw_json_get_double(object, "open", &candle.open, error) ||
        !kw_json_get_double(object, "high", &candle.high, error) ||
        !kw_json_get_double(object, "low", &candle.low, error) ||
        !kw_json_get_double(object, "close", &candle.close, error))
        return FALSE;
    if (candle.low <= 0 || candle.high < MAX(candle.open, candle.close) ||
        candle.low > MIN(candle.open, candle.close))
        return fail("candle", "prices that cannot be", error);
    if (!kw_json_get_double(object, "volume", &candle.volume, NULL) || candle.volume <= 0)
        (void) kw_json_get_double(object, "tickVolume", &candle.volume, NULL);
    candle.volume = MAX(candle.volume, 0.0);
    *out = candle;
    return TRUE;
}

gboolean
kw_mt5_read_price(JsonObject *object, KwMt5Price *out, GError **error)
{
    KwMt5Price price = {0};

    if (!kw_json_get_double(object, "bid", &price.bid, error) ||
        !kw_json_get_double(object, "ask", &price.ask, error) ||
        !kw_kraken_get_instant(object, "time", &price.time_us, error))
        return FALSE;
    if (price.bid <= 0 || price.ask < price.bid)
        return fail("price", "bid and ask that cannot be", error);
    *out = price;
    return TRUE;
}

/* -- lots -- */

gboolean
kw_mt5_symbol_from_lots(const KwMt5Symbol *self, KwDecimal lots, KwDecimal *out, GError **error)
{
    KwDecimal amount;

    if (!kw_decimal_mul(lots, self->contract,
                        (guint8) MIN(lots.scale + self->contract.scale, KW_DECIMAL_MAX_DIGITS),
                        KW_ROUND_DOWN, &amount, error))
        return FALSE;
    *out = kw_decimal_trim(amount);
    return TRUE;
}

/* TRUE when @lots is a whole number of steps */
static gboolean
is_on_step(const KwMt5Symbol *self, KwDecimal lots)
{
    KwDecimal fitted;

    return kw_decimal_to_tick(lots, self->volume_step, KW_ROUND_DOWN, &fitted, NULL) &&
           kw_decimal_cmp(fitted, lots) == 0;
}

gboolean
kw_mt5_symbol_to_lots(const KwMt5Symbol *self, KwDecimal amount, KwDecimal *out, GError **error)
{
    KwDecimal lots, back;

    if (!kw_decimal_div(amount, self->contract, 10, KW_ROUND_DOWN, &lots, error))
        return FALSE;
    lots = kw_decimal_trim(lots);
    if (!kw_mt5_symbol_from_lots(self, lots, &back, error))
        return FALSE;
    if (kw_decimal_cmp(back, amount) != 0 || !is_on_step(self, lots))
        return fail("volume", "not a whole number of steps", error);
    if (kw_decimal_cmp(lots, self->volume_min) < 0)
        return fail("volume", "below the smallest order", error);
    if (kw_decimal_cmp(lots, self->volume_max) > 0)
        return fail("volume", "above the largest order", error);
    *out = lots;
    return TRUE;
}

gboolean
kw_mt5_symbol_apply(const KwMt5Symbol *self, KwPair *pair, GError **error)
{
    KwDecimal step, least;

    if (!kw_mt5_symbol_from_lots(self, self->volume_step, &step, error) ||
        !kw_mt5_symbol_from_lots(self, self->volume_min, &least, error))
        return FALSE;
    pair->price_tick = self->tick;
    pair->amount_tick = step;
    pair->min_amount = least;
    pair->min_cost = KW_DECIMAL_ZERO;
    return TRUE;
}
