/* kw-oms-rig.c: order manager, ledger and risk as they are; clock, journal and venue fake */
#include "kw-oms-rig.h"

#include "kw-cancel-notes.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define CAPITAL 100000

KwDecimal
kw_oms_rig_decimal(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

/* -- life -- */

static void
on_settled(KwOms *oms, const KwOmsOutcome *outcome, KwOmsRig *self)
{
    self->n_settled++;
}

static void
on_alert(KwOms *oms, const gchar *code, const gchar *pair, KwOmsRig *self)
{
    g_string_append_printf(self->alerts, "%s ", code);
}

static void
start_oms(KwOmsRig *self)
{
    self->portfolio = kw_portfolio_new(kw_decimal_from_int(CAPITAL));
    self->oms = kw_oms_new(KW_CLOCK(self->clock), KW_JOURNAL(self->journal), self->broker,
                           self->portfolio);
    (void) g_signal_connect(self->oms, "settled", G_CALLBACK(on_settled), self);
    (void) g_signal_connect(self->oms, "alert", G_CALLBACK(on_alert), self);
}

static void
stop_oms(KwOmsRig *self)
{
    KwOms *gone = self->oms;

    kw_fake_journal_kill(self->journal);
    if (self->venue != NULL)
        kw_fake_broker_cut(self->venue);
    kw_oms_rig_run(self);
    (void) g_signal_handlers_disconnect_by_data(self->oms, self);
    g_object_add_weak_pointer(G_OBJECT(gone), (gpointer *) &gone);
    g_clear_object(&self->oms);
    kw_oms_rig_run(self);
    g_assert_null(gone);
    g_clear_pointer(&self->portfolio, kw_portfolio_unref);
}

static void
set_broker(KwOmsRig *self, KwBroker *broker)
{
    g_clear_object(&self->broker);
    self->broker = broker;
    self->venue = KW_IS_FAKE_BROKER(broker) ? KW_FAKE_BROKER(broker) : NULL;
}

KwOmsRig *
kw_oms_rig_new(KwBroker *broker)
{
    KwLimits limits = {
        .max_open_trades = 100,
        .max_data_age_candles = 1000.0,
        .max_price_jump_ratio = 0.9,
        .max_spread_ratio = 0.9,
    };
    KwOmsRig *self = g_new0(KwOmsRig, 1);

    self->clock = kw_fake_clock_new(KW_TEST_T0_US);
    self->journal = kw_fake_journal_new();
    self->kill_switch = kw_kill_switch_new(KW_CLOCK(self->clock));
    kw_kill_switch_restore(self->kill_switch, KW_KILL_OFF, NULL, 0);
    self->risk = kw_risk_new(&limits, self->kill_switch);
    self->alerts = g_string_new(NULL);
    self->calls = g_ptr_array_new_with_free_func(g_free);
    set_broker(self, broker);
    start_oms(self);
    return self;
}

void
kw_oms_rig_free(KwOmsRig *self)
{
    if (self == NULL)
        return;
    stop_oms(self);
    g_ptr_array_unref(self->calls);
    g_string_free(self->alerts, TRUE);
    g_object_unref(self->risk);
    g_object_unref(self->kill_switch);
    g_object_unref(self->broker);
    g_object_unref(self->journal);
    g_object_unref(self->clock);
    g_free(self);
}

void
kw_oms_rig_run(KwOmsRig *self)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

void
kw_oms_rig_pass(KwOmsRig *self, gint64 delta_us)
{
    for (gint64 gone_us = 0; gone_us < delta_us; gone_us += G_USEC_PER_SEC / 2) {
        kw_fake_clock_advance(self->clock, G_USEC_PER_SEC / 2);
        kw_oms_rig_run(self);
    }
}

static void
restore(KwOmsRig *self)
{
    g_autoptr(GPtrArray) orders = kw_fake_journal_list_orders(self->journal);
    g_autoptr(GPtrArray) trades = kw_fake_journal_list_trades(self->journal);
    g_autoptr(GPtrArray) fills = kw_fake_journal_list_fills(self->journal);
    g_autoptr(GError) error = NULL;
    const gchar *withdrawn = kw_fake_journal_find_meta(self->journal, KW_CANCEL_NOTES_META);
    gint64 last_id = 0;

    for (guint i = 0; i < trades->len; i++) {
        const KwTrade *trade = trades->pdata[i];

        (void) kw_portfolio_restore_trade(self->portfolio, trade, &error);
        g_assert_no_error(error);
        last_id = MAX(last_id, trade->id);
    }
    for (guint i = 0; i < orders->len; i++)
        kw_oms_restore_order(self->oms, orders->pdata[i]);
    for (guint i = 0; i < fills->len; i++)
        kw_oms_restore_fill(self->oms, ((const KwFill *) fills->pdata[i])->exec_id);
    if (withdrawn != NULL)
        kw_oms_restore_withdrawn(self->oms, withdrawn);
    kw_oms_set_next_trade_id(self->oms, last_id + 1);
}

void
kw_oms_rig_restart(KwOmsRig *self, KwBroker *broker)
{
    stop_oms(self);
    kw_fake_journal_revive(self->journal);
    if (broker != NULL)
        set_broker(self, broker);
    if (self->venue != NULL)
        kw_fake_broker_mend(self->venue);
    start_oms(self);
    restore(self);
}

static void
on_reconciled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    gint *answer = user_data;

    *answer = kw_oms_reconcile_finish(KW_OMS(source), result, NULL) ? 1 : 0;
}

gboolean
kw_oms_rig_reconcile(KwOmsRig *self)
{
    gint answer = -1;

    kw_oms_reconcile_async(self->oms, NULL, on_reconciled, &answer);
    kw_oms_rig_run(self);
    g_assert_cmpint(answer, >=, 0);
    return answer == 1;
}

/* -- orders -- */

static KwRigCall *
new_call(KwOmsRig *self)
{
    KwRigCall *call = g_new0(KwRigCall, 1);

    g_ptr_array_add(self->calls, call);
    return call;
}

static void
take_error(KwRigCall *call, const GError *error)
{
    call->is_done = TRUE;
    call->domain = error != NULL ? error->domain : 0;
    call->code = error != NULL ? error->code : -1;
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwRigCall *call = user_data;
    g_autoptr(GError) error = NULL;

    g_assert_false(call->is_done);
    call->is_ok = kw_oms_submit_finish(KW_OMS(source), result, &call->outcome, &error);
    take_error(call, error);
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwRigCall *call = user_data;
    g_autoptr(GError) error = NULL;

    g_assert_false(call->is_done);
    call->is_ok = kw_oms_cancel_finish(KW_OMS(source), result, &call->outcome, &error);
    take_error(call, error);
}

static KwTicket *
mint(KwOmsRig *self, const KwOrder *order, const gchar *amount)
{
    KwDecimal equity = kw_decimal_from_int(CAPITAL);
    g_autoptr(KwPortfolio) empty = kw_portfolio_new(equity); /* the tests are not of risk */
    g_autoptr(GError) error = NULL;
    KwPair pair;
    KwRiskVerdict verdict;
    KwRiskInput input = {
        .now_us = kw_clock_now_us(KW_CLOCK(self->clock)),
        .timeframe_us = KW_RIG_CANDLE_US,
        .entries_allowed = TRUE,
        .data_us = kw_clock_now_us(KW_CLOCK(self->clock)),
        .price = kw_decimal_to_double(order->price),
        .prev_close = NAN,
        .bid = NAN,
        .ask = NAN,
        .pair = &pair,
        .is_known_pair = TRUE,
        .portfolio = empty,
        .amount = amount != NULL ? kw_oms_rig_decimal(amount) : order->amount,
        .confidence = NAN,
        .has_equity = TRUE,
        .equity = equity,
        .day_start_equity = equity,
        .peak_equity = equity,
    };
    KwTicket *ticket;

    (void) kw_pair_init(&pair, order->pair, &error);
    g_assert_no_error(error);
    if (!kw_decimal_mul(input.amount, order->price, 8, KW_ROUND_UP, &input.stake, NULL))
        g_assert_not_reached();
    ticket = order->side == KW_SIDE_BUY
                 ? kw_risk_check_entry(self->risk, &input, &verdict)
                 : kw_risk_check_exit(self->risk, &input, input.amount, &verdict);
    g_assert_cmpstr(kw_risk_reason_to_string(verdict.reason), ==,
                    kw_risk_reason_to_string(KW_RISK_OK));
    return ticket;
}

static void
make_trade(KwTrade *trade, const KwOrder *order)
{
    *trade = (KwTrade){
        .state = KW_TRADE_STATE_OPENING,
        .mode = order->mode,
        .open_us = order->candle_us,
        .fee_open_ratio = 0.004,
        .fee_close_ratio = 0.004,
        .confidence = NAN,
    };
    memcpy(trade->pair, order->pair, sizeof trade->pair);
}

KwRigCall *
kw_oms_rig_submit(KwOmsRig *self, const KwRigOrder *what)
{
    KwRigCall *call = new_call(self);
    KwTrade *held = kw_portfolio_find_open(self->portfolio, what->pair);
    KwTrade trade;
    KwOrder order = {
        .mode = KW_MODE_DRYRUN,
        .side = what->side,
        .type = what->is_stop ? KW_ORDER_TYPE_STOP_LOSS : KW_ORDER_TYPE_LIMIT,
        .price = kw_oms_rig_decimal(what->price),
        .amount = kw_oms_rig_decimal(what->amount),
        .candle_us = KW_TEST_T0_US + what->candle * KW_RIG_CANDLE_US,
    };

    (void) g_strlcpy(order.pair, what->pair, sizeof order.pair);
    (void) g_strlcpy(order.reason, what->side == KW_SIDE_BUY ? "tag" : "exit_signal",
                     sizeof order.reason);
    if (what->is_stop)
        (void) g_strlcpy(order.reason, "stoploss_on_exchange", sizeof order.reason);
    if (what->side == KW_SIDE_SELL && held != NULL)
        order.trade_id = held->id;
    kw_oms_make_client_id(self->oms, order.pair, order.candle_us, order.side, order.client_id);
    make_trade(&trade, &order);
    kw_oms_submit_async(self->oms, mint(self, &order, what->ticket_amount), &order,
                        what->side == KW_SIDE_BUY ? &trade : NULL, what->extra,
                        what->cancellable, on_submitted, call);
    return call;
}

KwRigCall *
kw_oms_rig_cancel(KwOmsRig *self, const gchar *client_id)
{
    KwRigCall *call = new_call(self);

    kw_oms_cancel_async(self->oms, client_id, NULL, on_cancelled, call);
    return call;
}

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwRigCall *call = user_data;
    g_autoptr(GError) error = NULL;

    g_assert_false(call->is_done);
    call->is_ok = kw_oms_amend_finish(KW_OMS(source), result, &call->outcome, &error);
    take_error(call, error);
}

KwRigCall *
kw_oms_rig_amend(KwOmsRig *self,
                 const gchar *client_id,
                 const gchar *price,
                 const gchar *amount)
{
    KwRigCall *call = new_call(self);
    KwOrder wanted = {.price = kw_oms_rig_decimal(price), .amount = kw_oms_rig_decimal(amount)};

    (void) g_strlcpy(wanted.client_id, client_id, sizeof wanted.client_id);
    kw_oms_amend_async(self->oms, &wanted, NULL, on_amended, call);
    return call;
}

KwRigCall *
kw_oms_rig_buy(KwOmsRig *self, const gchar *pair, gint64 candle)
{
    KwRigOrder what = {
        .pair = pair,
        .side = KW_SIDE_BUY,
        .candle = candle,
        .price = "100",
        .amount = "1",
    };
    KwRigCall *call = kw_oms_rig_submit(self, &what);

    kw_oms_rig_run(self);
    return call;
}

KwRigCall *
kw_oms_rig_sell(KwOmsRig *self, const gchar *pair, gint64 candle)
{
    g_autofree gchar *amount = kw_decimal_to_string(kw_oms_rig_get_held(self, pair));
    KwRigOrder what = {
        .pair = pair,
        .side = KW_SIDE_SELL,
        .candle = candle,
        .price = "110",
        .amount = amount,
    };
    KwRigCall *call = kw_oms_rig_submit(self, &what);

    kw_oms_rig_run(self);
    return call;
}

/* -- checks -- */

KwDecimal
kw_oms_rig_get_held(KwOmsRig *self, const gchar *pair)
{
    const KwTrade *trade = kw_portfolio_find_open(self->portfolio, pair);

    return trade != NULL ? trade->amount : KW_DECIMAL_ZERO;
}

void
kw_oms_rig_assert_sound(KwOmsRig *self)
{
    g_autoptr(KwPortfolio) stored = kw_portfolio_new(kw_decimal_from_int(CAPITAL));
    g_autoptr(GPtrArray) trades = kw_fake_journal_list_trades(self->journal);
    g_autoptr(GError) error = NULL;

    (void) kw_portfolio_check(self->portfolio, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < trades->len; i++) {
        (void) kw_portfolio_restore_trade(stored, trades->pdata[i], &error);
        g_assert_no_error(error);
    }
    (void) kw_portfolio_check(stored, &error);
    g_assert_no_error(error);
    g_assert_cmpint(
        kw_decimal_cmp(kw_portfolio_get_cash(self->portfolio), kw_portfolio_get_cash(stored)),
        ==, 0);
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_realised(self->portfolio),
                                   kw_portfolio_get_realised(stored)),
                    ==, 0);
    g_assert_cmpuint(kw_portfolio_get_n_open(self->portfolio), ==,
                     kw_portfolio_get_n_open(stored));
}
