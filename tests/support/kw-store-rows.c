#include "kw-store-rows.h"

#include <math.h>

static void
set_text(gchar *buffer, gsize size, const gchar *format, gint64 id)
{
    g_autofree gchar *number = g_strdup_printf("%" G_GINT64_FORMAT, id);
    g_autofree gchar *text = g_strconcat(format, number, NULL);

    (void) g_strlcpy(buffer, text, size);
}

KwOrder
kw_test_order(gint64 id, KwSide side, KwOrderState state, gint64 time_us)
{
    KwOrder order = {
        .trade_id = id,
        .pair = "BTC/USDT",
        .side = side,
        .type = KW_ORDER_TYPE_LIMIT,
        .state = state,
        .price = kw_test_decimal(side == KW_SIDE_BUY ? "100.00" : "110.00"),
        .amount = kw_test_decimal("0.50000000"),
        .filled = kw_test_decimal(state == KW_ORDER_STATE_FILLED ? "0.50000000" : "0"),
        .candle_us = time_us,
        .updated_us = time_us,
        .reason = "exit_signal",
    };

    set_text(order.client_id, sizeof order.client_id, side == KW_SIDE_BUY ? "b-" : "s-", id);
    return order;
}

KwTrade
kw_test_trade(gint64 id, KwTradeState state, gint64 time_us)
{
    gboolean is_closed = state == KW_TRADE_STATE_CLOSED;

    return (KwTrade){
        .id = id,
        .state = state,
        .pair = "BTC/USDT",
        .open_us = time_us,
        .close_us = is_closed ? time_us : 0,
        .entry_amount = kw_test_decimal("0.50000000"),
        .amount = kw_test_decimal(is_closed ? "0" : "0.50000000"),
        .open_rate = kw_test_decimal("100.00"),
        .close_rate = kw_test_decimal(is_closed ? "110.00" : "0"),
        .stake = kw_test_decimal("50.00"),
        .cost = kw_test_decimal("50.20"),
        .proceeds = kw_test_decimal(is_closed ? "54.78" : "0"),
        .fee_open = kw_test_decimal("0.20"),
        .fee_close = kw_test_decimal(is_closed ? "0.22" : "0"),
        .fee_open_ratio = 0.004,
        .fee_close_ratio = 0.004,
        .stop = kw_test_decimal("90.00"),
        .initial_stop = kw_test_decimal("90.00"),
        .stop_ratio = -0.1,
        .max_rate = 111.5,
        .min_rate = -0.0,
        .profit_abs = kw_test_decimal(is_closed ? "4.58" : "0"),
        .profit_ratio = 0.0912,
        .confidence = (gdouble) NAN,
        .enter_tag = "cross",
        .exit_reason = "exit_signal",
        .regime = "trend",
        .strategy = "ema_cross",
        .strategy_hash = "00ff",
    };
}

static void
add_capital(KwBatch *batch, const gchar *kind, const gchar *amount, gint64 id, KwDecimal *cash)
{
    KwCapitalRecord record = {.amount = kw_test_decimal(amount), .trade_id = id};

    (void) g_strlcpy(record.kind, kind, sizeof record.kind);
    g_assert_true(kw_decimal_add(*cash, record.amount, cash, NULL));
    record.cash_after = *cash;
    kw_batch_add_capital(batch, &record);
}

static void
add_side(KwBatch *batch, gint64 id, KwSide side, gint64 time_us)
{
    KwOrder order = kw_test_order(id, side, KW_ORDER_STATE_INTENT, time_us);
    KwFill fill = {.pair = "BTC/USDT",
                   .side = side,
                   .price = order.price,
                   .amount = order.amount,
                   .fee = kw_test_decimal(side == KW_SIDE_BUY ? "0.20" : "0.22"),
                   .time_us = time_us};

    kw_batch_add_order(batch, &order);
    order = kw_test_order(id, side, KW_ORDER_STATE_FILLED, time_us);
    kw_batch_add_order(batch, &order);
    (void) g_strlcpy(fill.client_id, order.client_id, sizeof fill.client_id);
    set_text(fill.exec_id, sizeof fill.exec_id, side == KW_SIDE_BUY ? "eb-" : "es-", id);
    kw_batch_add_fill(batch, &fill);
}

KwBatch *
kw_test_trade_batch(gint64 id, gint64 time_us, KwDecimal *cash)
{
    KwTrade trade = kw_test_trade(id, KW_TRADE_STATE_CLOSED, time_us);
    KwBatch *batch = kw_batch_new();

    add_side(batch, id, KW_SIDE_BUY, time_us);
    add_capital(batch, "entry", "-50.20", id, cash);
    add_side(batch, id, KW_SIDE_SELL, time_us);
    add_capital(batch, "exit", "54.78", id, cash);
    kw_batch_add_trade(batch, &trade);
    return batch;
}

KwBatch *
kw_test_start_batch(gint64 time_us)
{
    KwDecimal cash = KW_DECIMAL_ZERO;
    KwBatch *batch = kw_batch_new();

    add_capital(batch, "start", "1000", 0, &cash);
    return batch;
}

typedef struct {
    gboolean is_done, is_ok;
    GError *error;
} Answer;

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Answer *answer = user_data;

    answer->is_ok = kw_journal_append_finish(KW_JOURNAL(source), result, &answer->error);
    answer->is_done = TRUE;
}

gboolean
kw_test_append(KwStore *store, KwBatch *batch, GError **error)
{
    Answer answer = {0};

    kw_journal_append_async(KW_JOURNAL(store), batch, NULL, on_appended, &answer);
    while (!answer.is_done)
        (void) g_main_context_iteration(NULL, TRUE);
    if (answer.error != NULL)
        g_propagate_error(error, answer.error);
    return answer.is_ok;
}
