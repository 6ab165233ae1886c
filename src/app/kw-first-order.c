/* kw-first-order.c: one round trip with the objects of the daemon
 *
 * A trial that took a short cut would prove the short cut. So it is the order manager that
 * sends, with tickets of the risk layer, behind the last gate; only the journal is another
 * (kw-trial-journal.c), as these few cents belong to no strategy and must not stand in its
 * books. The orders take the way that is configured, and a trial over the private stream of
 * which one had to go over REST has proven neither. News are asked for besides, which tries the
 * look-up as well. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-first-order.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-kill-file.h"
#include "kw-kraken-directory.h"
#include "kw-kraken-market.h"
#include "kw-last-gate.h"
#include "kw-oms.h"
#include "kw-risk.h"
#include "kw-trial-journal.h"

#include <math.h>
#include <string.h>

#define MINUTE_US (60 * G_TIME_SPAN_SECOND)
#define PATIENCE_US (2 * MINUTE_US)
#define PAUSE_US (2 * G_TIME_SPAN_SECOND) /* the counters of requests are small */
#define STREAM_US (20 * G_TIME_SPAN_SECOND)
#define GLANCE_US (G_TIME_SPAN_SECOND / 5)
#define STOP_SHARE                                                                             \
    (KwDecimal)                                                                                \
    {                                                                                          \
        .mant = 8, .scale = 1                                                                  \
    } /* of the price: far below it */
#define RESERVE                                                                                \
    (KwDecimal)                                                                                \
    {                                                                                          \
        .mant = 11, .scale = 1                                                                 \
    }            /* times the minimum */
#define LIMIT 50 /* quote currency: never more */
#define BRIDGE_LIMIT                                                                           \
    3000 /* value of the smallest lot; what can be lost is its spread and fee */

struct _KwFirstOrder {
    const KwSettings *settings; /* borrowed */
    KwClock *clock;             /* owned */
    KwKrakenAccess *access;     /* borrowed; NULL with a bridge */
    KwMt5Access *bridge;        /* borrowed; NULL at Kraken */
    KwKrakenBroker *kraken;     /* owned; NULL with a bridge */
    KwKrakenPairs *pairs;       /* owned */
    KwPair pair;
    KwDecimal price, amount;
    KwPortfolio *portfolio; /* owned */
    KwRisk *risk;           /* owned */
    KwLastGate *gate;       /* owned */
    KwOms *oms;             /* owned */
    gint limit;             /* quote currency */
    gint64 begin_us;
    GMainLoop *loop; /* owned */
    GError *error;   /* of the call that is waited for */
    KwOmsOutcome outcome;
    KwVenueState *state; /* owned; of the last inspection */
};

/* -- preparation -- */

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwFirstOrder *self = user_data;

    self->pairs = kw_kraken_directory_finish(KW_KRAKEN(source), result, &self->error);
    g_main_loop_quit(self->loop);
}

static void
on_ticker(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwFirstOrder *self = user_data;
    g_auto(KwKrakenAnswer) answer = {0};
    JsonObject *object = NULL;
    KwKrakenTicker ticker;

    if (kw_kraken_finish(KW_KRAKEN(source), result, &answer, &self->error))
        object = kw_kraken_answer_get_object(&answer, &self->error);
    if (object != NULL && kw_kraken_parse_ticker(object, &ticker, &self->error))
        self->price = ticker.ask;
    g_main_loop_quit(self->loop);
}

/* Waits for the call just made. */
static gboolean
wait_for_call(KwFirstOrder *self, GError **error)
{
    g_main_loop_run(self->loop);
    if (self->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&self->error));
    return FALSE;
}

/* The larger of the two minima, with a reserve: fee and spread must not make the rest too small
 * to be sold. A bridge takes its fee in money and its lots are coarse: the minimum itself. */
static gboolean
find_amount(KwFirstOrder *self, GError **error)
{
    KwDecimal by_cost = KW_DECIMAL_ZERO, least = self->pair.min_amount, cost;

    if (kw_decimal_sign(self->pair.min_cost) > 0 &&
        !kw_decimal_div(self->pair.min_cost, self->price, 12, KW_ROUND_UP, &by_cost, error))
        return FALSE;
    if (kw_decimal_cmp(by_cost, least) > 0)
        least = by_cost;
    if ((self->bridge == NULL &&
         !kw_decimal_mul(least, RESERVE, 12, KW_ROUND_UP, &least, error)) ||
        !kw_decimal_to_tick(least, self->pair.amount_tick, KW_ROUND_UP, &self->amount, error) ||
        !kw_decimal_mul(self->amount, self->price, 8, KW_ROUND_UP, &cost, error))
        return FALSE;
    if (kw_decimal_sign(self->amount) > 0 && kw_decimal_to_double(cost) <= self->limit)
        return TRUE;
    g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                "the smallest order of %s costs more than %d", self->pair.name, self->limit);
    return FALSE;
}

static gboolean
prepare(KwFirstOrder *self, const gchar *name, GError **error)
{
    const KwKrakenPair *pair;
    g_autofree gchar *query = NULL;

    kw_kraken_directory_async(self->access->kraken, NULL, on_directory, self);
    if (!wait_for_call(self, error))
        return FALSE;
    pair = kw_kraken_pairs_find(self->pairs, name);
    if (pair == NULL) {
        g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                    "the exchange does not trade %s", name);
        return FALSE;
    }
    self->pair = pair->market;
    query = g_strdup_printf("pair=%s", pair->alt);
    kw_kraken_get_async(self->access->kraken, "Ticker", query, NULL, on_ticker, self);
    return wait_for_call(self, error) && find_amount(self, error);
}

static gboolean
prepare_at_bridge(KwFirstOrder *self, const gchar *name, GError **error)
{
    const KwMt5Market *market = kw_mt5_directory_find_pair(self->bridge->directory, name);

    return kw_mt5_access_read_ask(self->bridge, name, &self->price, error) &&
           kw_pair_init(&self->pair, name, error) &&
           kw_mt5_symbol_apply(&market->symbol, &self->pair, error) && find_amount(self, error);
}

/* -- the parts of a bot -- */

static KwRisk *
make_risk(KwFirstOrder *self)
{
    const KwLimits limits = {
        .max_open_trades = 1,
        .max_stake = kw_decimal_from_int(self->limit),
        .max_orders_per_minute = 2,
        .max_data_age_candles = 2,
        .max_price_jump_ratio = 0.5,
        .max_spread_ratio = 0.05,
    };
    g_autoptr(KwKillSwitch) kill = kw_kill_switch_new(self->clock);
    g_auto(KwKillRecord) record = {0};

    kw_kill_file_read(self->settings->root, NULL, &record);
    kw_kill_switch_restore(kill, record.state, record.reason, record.time_us);
    return kw_risk_new(&limits, kill);
}

/* (transfer full) */
static KwBroker *
make_broker(KwFirstOrder *self, GError **error)
{
    if (self->bridge != NULL)
        return KW_BROKER(kw_mt5_access_make_broker(self->bridge, self->clock));
    self->kraken = kw_kraken_access_make_broker(self->access, self->settings, self->pairs,
                                                self->clock, error);
    return self->kraken != NULL ? KW_BROKER(g_object_ref(self->kraken)) : NULL;
}

static gboolean
build(KwFirstOrder *self, GError **error)
{
    const KwLastGateLimits limits = {.max_buys_per_minute = 1,
                                     .max_buy_value = kw_decimal_from_int(self->limit + 5)};
    g_autoptr(KwTrialJournal) journal = kw_trial_journal_new(self->settings->root);
    g_autoptr(KwBroker) broker = make_broker(self, error);

    if (broker == NULL)
        return FALSE;
    self->begin_us = kw_clock_now_us(self->clock);
    self->portfolio = kw_portfolio_new(kw_decimal_from_int(self->limit * 2));
    self->risk = make_risk(self);
    self->gate = kw_last_gate_new(self->clock, KW_JOURNAL(journal), broker, &limits);
    self->oms =
        kw_oms_new(self->clock, KW_JOURNAL(self->gate), KW_BROKER(self->gate), self->portfolio);
    return TRUE;
}

static void
fill_input(const KwFirstOrder *self, KwRiskInput *out)
{
    KwDecimal capital = kw_portfolio_get_capital(self->portfolio);
    gint64 now_us = kw_clock_now_us(self->clock);

    *out = (KwRiskInput){
        .now_us = now_us,
        .timeframe_us = MINUTE_US,
        .entries_allowed = TRUE,
        .data_us = now_us,
        .price = kw_decimal_to_double(self->price),
        .prev_close = kw_decimal_to_double(self->price),
        .bid = NAN,
        .ask = NAN,
        .pair = &self->pair,
        .is_known_pair = TRUE,
        .portfolio = self->portfolio,
        .amount = self->amount,
        .confidence = NAN,
        .has_equity = TRUE,
        .equity = capital,
        .day_start_equity = capital,
        .peak_equity = capital,
    };
    (void) kw_decimal_mul(self->amount, self->price, 8, KW_ROUND_UP, &out->stake, NULL);
}

static KwOrder
make_order(const KwFirstOrder *self, KwSide side, KwOrderType type)
{
    KwOrder order = {
        .mode = KW_MODE_LIVE,
        .side = side,
        .type = type,
        .price = self->price,
        .amount = self->amount,
        .candle_us = self->begin_us,
    };

    g_strlcpy(order.pair, self->pair.name, sizeof order.pair);
    g_strlcpy(order.reason, "first_order", sizeof order.reason);
    return order;
}

/* -- steps -- */

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwFirstOrder *self = user_data;

    (void) kw_oms_submit_finish(KW_OMS(source), result, &self->outcome, &self->error);
    g_main_loop_quit(self->loop);
}

static void
on_pause_over(gpointer user_data)
{
    g_main_loop_quit(((KwFirstOrder *) user_data)->loop);
}

static void
rest_a_little(KwFirstOrder *self, gint64 pause_us)
{
    (void) kw_clock_call_in(self->clock, pause_us, on_pause_over, self);
    g_main_loop_run(self->loop);
}

/* -- the way -- */

static gboolean
is_over_stream(const KwFirstOrder *self)
{
    return self->bridge == NULL &&
           kw_kraken_access_get_path(self->settings) == KW_KRAKEN_ORDER_PATH_SOCKET;
}

/* Before anything is bought */
static gboolean
wait_for_way(KwFirstOrder *self, GError **error)
{
    gint64 until_us = kw_clock_monotonic_us(self->clock) + STREAM_US;

    if (!is_over_stream(self))
        return TRUE;
    while (kw_kraken_order_channel_find_path(kw_kraken_broker_get_channel(self->kraken)) !=
           KW_KRAKEN_ORDER_PATH_SOCKET) {
        if (kw_clock_monotonic_us(self->clock) >= until_us) {
            g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                                "the private stream, over which orders shall go, is not fit; "
                                "nothing was sent");
            return FALSE;
        }
        rest_a_little(self, GLANCE_US);
    }
    return TRUE;
}

/* After all is sold again */
static gboolean
check_way(KwFirstOrder *self, GError **error)
{
    guint n_rest;

    if (!is_over_stream(self))
        return TRUE;
    n_rest = kw_kraken_order_channel_get_n_left(kw_kraken_broker_get_channel(self->kraken),
                                                KW_KRAKEN_ORDER_PATH_REST);
    if (n_rest == 0)
        return TRUE;
    g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                "all is sold again, but %u changes went over REST instead of the stream, which "
                "proves neither way",
                n_rest);
    return FALSE;
}

/* Longer than an order that nobody finds may still be carried out */
static gint64
get_patience_us(KwFirstOrder *self)
{
    return MAX(PATIENCE_US, kw_broker_get_settle_us(KW_BROKER(self->gate)) + MINUTE_US);
}

/* Asks now and then until the order is in @wanted. */
static gboolean
wait_for_state(KwFirstOrder *self, KwOrderState wanted, GError **error)
{
    gint64 until_us = kw_clock_monotonic_us(self->clock) + get_patience_us(self);
    g_autofree gchar *id = g_strdup(self->outcome.order.client_id);
    const KwOrder *order = kw_oms_find_order(self->oms, id);

    while (order != NULL && order->state != wanted && !kw_order_state_is_final(order->state) &&
           kw_clock_monotonic_us(self->clock) < until_us) {
        (void) kw_oms_look_up(self->oms, id);
        rest_a_little(self, PAUSE_US);
        order = kw_oms_find_order(self->oms, id);
    }
    if (order != NULL && order->state == wanted)
        return TRUE;
    g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN, "the order is \"%s\"",
                order != NULL ? kw_order_state_to_string(order->state) : "");
    return FALSE;
}

static gboolean
submit(KwFirstOrder *self,
       KwTicket *ticket,
       KwOrder *order,
       const KwTrade *trade,
       KwOrderState wanted,
       GError **error)
{
    kw_oms_submit_async(self->oms, ticket, order, trade, NULL, NULL, on_submitted, self);
    return wait_for_call(self, error) && wait_for_state(self, wanted, error);
}

static gboolean
refuse(const KwRiskVerdict *verdict, GError **error)
{
    g_set_error(error, KW_RISK_ERROR, KW_RISK_ERROR_TICKET, "refused by risk: %s",
                kw_risk_reason_to_string(verdict->reason));
    return FALSE;
}

static gboolean
buy(KwFirstOrder *self, GError **error)
{
    KwOrder order = make_order(self, KW_SIDE_BUY, KW_ORDER_TYPE_MARKET);
    KwTrade trade = {
        .mode = KW_MODE_LIVE,
        .state = KW_TRADE_STATE_OPENING,
        .open_us = self->begin_us,
        .entry_amount = self->amount,
    };
    KwRiskVerdict verdict;
    KwRiskInput input;
    KwTicket *ticket;

    fill_input(self, &input);
    trade.stake = input.stake;
    memcpy(trade.pair, self->pair.name, sizeof trade.pair);
    ticket = kw_risk_check_entry(self->risk, &input, &verdict);
    if (ticket == NULL)
        return refuse(&verdict, error);
    kw_oms_make_client_id(self->oms, self->pair.name, self->begin_us, KW_SIDE_BUY,
                          order.client_id);
    return submit(self, ticket, &order, &trade, KW_ORDER_STATE_FILLED, error);
}

/* A sell of all that was bought; @step makes the client ids differ. */
static gboolean
offer(KwFirstOrder *self, KwOrderType type, gint64 step, KwOrderState wanted, GError **error)
{
    const KwTrade *trade = kw_portfolio_find_open(self->portfolio, self->pair.name);
    KwOrder order = make_order(self, KW_SIDE_SELL, type);
    KwRiskVerdict verdict;
    KwRiskInput input;
    KwTicket *ticket;

    if (trade == NULL) {
        g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                            "nothing is held");
        return FALSE;
    }
    order.trade_id = trade->id;
    order.amount = trade->amount;
    if (type == KW_ORDER_TYPE_STOP_LOSS &&
        (!kw_decimal_mul(self->price, STOP_SHARE, 8, KW_ROUND_UP, &order.price, error) ||
         !kw_decimal_to_tick(order.price, self->pair.price_tick, KW_ROUND_UP, &order.price,
                             error)))
        return FALSE;
    fill_input(self, &input);
    input.amount = trade->amount;
    ticket = kw_risk_check_exit(self->risk, &input, trade->amount, &verdict);
    if (ticket == NULL)
        return refuse(&verdict, error);
    kw_oms_make_client_id(self->oms, self->pair.name, self->begin_us + step, KW_SIDE_SELL,
                          order.client_id);
    return submit(self, ticket, &order, NULL, wanted, error);
}

static void
on_inspected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwFirstOrder *self = user_data;

    g_clear_pointer(&self->state, kw_venue_state_free);
    self->state = kw_broker_inspect_finish(KW_BROKER(source), result, &self->error);
    g_main_loop_quit(self->loop);
}

/* How many orders work there that this trial has sent */
static gboolean
see_orders(KwFirstOrder *self, guint wanted, GError **error)
{
    guint n = 0;

    kw_broker_inspect_async(KW_BROKER(self->gate), NULL, on_inspected, self);
    if (!wait_for_call(self, error))
        return FALSE;
    for (guint i = 0; i < self->state->orders->len; i++) {
        const KwVenueOrder *order = &g_array_index(self->state->orders, KwVenueOrder, i);

        n += kw_oms_find_order(self->oms, order->client_id) != NULL;
    }
    if (n == wanted)
        return TRUE;
    g_set_error(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                "%u of our orders work at the exchange, expected %u", n, wanted);
    return FALSE;
}

static gboolean
run_steps(KwFirstOrder *self, KwFirstOrderFunc func, gpointer user_data, GError **error)
{
    gboolean has_stops = kw_broker_keeps_stops(KW_BROKER(self->gate));

    if (!buy(self, error))
        return FALSE;
    func(_("bought and looked up"), user_data);
    if (has_stops && (!offer(self, KW_ORDER_TYPE_STOP_LOSS, 1, KW_ORDER_STATE_OPEN, error) ||
                      !see_orders(self, 1, error)))
        return FALSE;
    func(has_stops ? _("a stop waits at the exchange") : _("no stop can wait at this account"),
         user_data);
    if (!offer(self, KW_ORDER_TYPE_MARKET, 2, KW_ORDER_STATE_FILLED, error))
        return FALSE;
    func(has_stops ? _("stop taken back, sold again") : _("sold again"), user_data);
    if (!see_orders(self, 0, error))
        return FALSE;
    func(_("nothing works at the exchange any more"), user_data);
    return TRUE;
}

gboolean
kw_first_order_run(KwFirstOrder *self,
                   KwFirstOrderFunc func,
                   gpointer user_data,
                   GError **error)
{
    g_return_val_if_fail(self != NULL && self->oms == NULL, FALSE);

    return build(self, error) && wait_for_way(self, error) &&
           run_steps(self, func, user_data, error) &&
           kw_portfolio_check(self->portfolio, error) && check_way(self, error);
}

/* -- object -- */

static KwFirstOrder *
new_trial(const KwSettings *settings, KwClock *clock, gint limit)
{
    KwFirstOrder *self = g_new0(KwFirstOrder, 1);

    self->settings = settings;
    self->clock = g_object_ref(clock);
    self->loop = g_main_loop_new(NULL, FALSE);
    self->limit = limit;
    return self;
}

KwFirstOrder *
kw_first_order_new_at_bridge(const KwSettings *settings,
                             KwMt5Access *access,
                             const gchar *name,
                             KwClock *clock,
                             GError **error)
{
    g_autoptr(KwFirstOrder) self = new_trial(settings, clock, BRIDGE_LIMIT);

    self->bridge = access;
    return prepare_at_bridge(self, name, error) ? g_steal_pointer(&self) : NULL;
}

KwFirstOrder *
kw_first_order_new(const KwSettings *settings,
                   KwKrakenAccess *access,
                   const gchar *name,
                   KwClock *clock,
                   GError **error)
{
    g_autoptr(KwFirstOrder) self = new_trial(settings, clock, LIMIT);

    self->access = access;
    return prepare(self, name, error) ? g_steal_pointer(&self) : NULL;
}

void
kw_first_order_free(KwFirstOrder *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->oms);
    g_clear_object(&self->gate);
    g_clear_object(&self->kraken);
    g_clear_object(&self->risk);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
    g_clear_pointer(&self->state, kw_venue_state_free);
    g_clear_pointer(&self->pairs, kw_kraken_pairs_unref);
    g_clear_pointer(&self->loop, g_main_loop_unref);
    g_clear_error(&self->error);
    g_clear_object(&self->clock);
    g_free(self);
}

KwDecimal
kw_first_order_get_price(const KwFirstOrder *self)
{
    return self->price;
}

KwDecimal
kw_first_order_get_amount(const KwFirstOrder *self)
{
    return self->amount;
}

KwDecimal
kw_first_order_get_result(const KwFirstOrder *self)
{
    return self->portfolio != NULL ? kw_portfolio_get_realised(self->portfolio)
                                   : KW_DECIMAL_ZERO;
}

const gchar *
kw_first_order_get_way(const KwFirstOrder *self)
{
    if (self->bridge != NULL)
        return _("the bridge");
    return is_over_stream(self) ? "WebSocket" : "REST";
}
