/* kw-fake-day.c: one coherent day, so that replies can be checked against each other */
#include "kw-fake-day.h"

#include "kw-test.h"

#include <math.h>

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR
#define DAY G_TIME_SPAN_DAY
#define START_OF_DAY (KW_TEST_T0_US - 14 * HOUR - 30 * MINUTE)

typedef struct {
    gint64 id;
    const gchar *pair, *amount, *open_rate, *last_rate, *profit, *stop, *reason, *fees;
    gdouble ratio, distance, confidence;
    gint64 open_us, close_us;
} Row;

static const Row open_rows[] = {
    {41, "BTC/USDT", "0.00072912", "68575.0", "69137.3", "0.21", "61717.5", "", "0.20", 0.0042,
     0.1073, 0.78, START_OF_DAY - 3 * HOUR, 0},
    {42, "SOL/USDT", "0.36122", "138.42", "140.30", "0.48", "124.58", "", "0.20", 0.0096,
     0.1120, 0.83, START_OF_DAY + 10 * HOUR, 0},
    {43, "ETH/USDT", "0.02449", "2041.60", "2035.07", "-0.36", "1837.44", "", "0.20", -0.0072,
     0.0971, 0.81, START_OF_DAY + 13 * HOUR + 5 * MINUTE, 0},
};

static const Row closed_rows[] = {
    {40, "XRP/USDT", "21.36", "2.3410", "2.2839", "-1.62", "2.1069", "exit_signal", "0.39",
     -0.0324, 0, 0.76, START_OF_DAY + 2 * HOUR, START_OF_DAY + 9 * HOUR},
    {39, "ADA/USDT", "65.20", "0.7669", "0.8164", "2.84", "0.6902", "roi", "0.41", 0.0568, 0,
     0.79, START_OF_DAY - 9 * HOUR, START_OF_DAY + 5 * HOUR},
    {38, "BTC/USDT", "0.00074104", "67472.0", "68190.5", "0.13", "60724.8",
     "trailing_stop_loss", "0.40", 0.0026, 0, 0.80, START_OF_DAY - 40 * HOUR,
     START_OF_DAY - 20 * HOUR},
    {37, "ETH/USDT", "0.02512", "1990.20", "1930.50", "-1.90", "1791.18", "stop_loss", "0.40",
     -0.0380, 0, 0.77, START_OF_DAY - 3 * DAY, START_OF_DAY - 2 * DAY - 5 * HOUR},
    {36, "SOL/USDT", "0.37110", "134.73", "142.90", "2.62", "121.26", "roi", "0.41", 0.0524, 0,
     0.84, START_OF_DAY - 6 * DAY, START_OF_DAY - 5 * DAY},
};

static KwTradeView
trade_of(const Row *row)
{
    KwTradeView trade = {
        .id = row->id,
        .is_open = row->close_us == 0,
        .open_us = row->open_us,
        .close_us = row->close_us,
        .amount = kw_fake_decimal(row->amount),
        .stake = kw_fake_decimal("50.00"),
        .open_rate = kw_fake_decimal(row->open_rate),
        .last_rate = kw_fake_decimal(row->last_rate),
        .has_last = TRUE,
        .profit_abs = kw_fake_decimal(row->profit),
        .profit_ratio = row->ratio,
        .fees = kw_fake_decimal(row->fees),
        .stop = kw_fake_decimal(row->stop),
        .initial_stop = kw_fake_decimal(row->stop),
        .stop_distance_ratio = row->distance,
        .confidence = row->confidence,
    };

    g_strlcpy(trade.pair, row->pair, sizeof trade.pair);
    g_strlcpy(trade.exit_reason, row->reason, sizeof trade.exit_reason);
    g_strlcpy(trade.strategy, "boost", sizeof trade.strategy);
    g_strlcpy(trade.model, "v1.1.0", sizeof trade.model);
    return trade;
}

static void
fill_limits(KwStatusView *out)
{
    out->daily_loss = (KwLimitView){
        .is_set = TRUE,
        .limit = kw_fake_decimal("50.00"),
        .limit_ratio = 0.05,
    };
    out->drawdown = (KwLimitView){
        .is_set = TRUE,
        .used_ratio = 0.0112,
        .limit_ratio = 0.20,
    };
}

static void
fill_status(KwFakeDesk *self)
{
    KwStatusView *out = &self->status;

    self->month_us = START_OF_DAY - 10 * DAY;
    out->since_us = START_OF_DAY - 9 * DAY + 9 * HOUR + 15 * MINUTE;
    g_strlcpy(out->by, "admin:1000", sizeof out->by);
    out->now_us = KW_TEST_T0_US;
    out->data_us = START_OF_DAY + 14 * HOUR;
    out->next_us = START_OF_DAY + 15 * HOUR;
    out->timeframe_us = HOUR;
    out->has_equity = TRUE;
    out->equity = kw_fake_decimal("1000.00");
    out->max_open = 3;
    out->threshold = 0.75;
    out->stake_amount = kw_fake_decimal("50.00");
    fill_limits(out);
    g_strlcpy(out->quote, "USDT", sizeof out->quote);
    g_strlcpy(out->strategy, "boost", sizeof out->strategy);
    g_strlcpy(out->model, "v1.1.0", sizeof out->model);
}

static void
fill_results_of_day(KwFakeDesk *self)
{
    KwStatusView *out = &self->status;

    out->equity = kw_fake_decimal("1042.65");
    out->today = kw_fake_decimal("1.55");
    out->today_realised = kw_fake_decimal("1.22");
    out->today_unrealised = kw_fake_decimal("0.33");
    out->today_ratio = 1.55 / 1041.10;
    out->today_closed = 2;
    out->today_wins = out->today_losses = 1;
    out->today_opened = 4;
    out->n_open = out->n_listed = G_N_ELEMENTS(open_rows);
    out->open_profit = kw_fake_decimal("0.33");
    for (guint i = 0; i < G_N_ELEMENTS(open_rows); i++) {
        out->open[i] = trade_of(&open_rows[i]);
        g_array_append_val(self->open, out->open[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(closed_rows); i++) {
        KwTradeView trade = trade_of(&closed_rows[i]);

        g_array_append_val(self->closed, trade);
    }
}

static void
fill_risk(KwFakeDesk *self)
{
    KwRiskView *out = &self->risk;

    out->daily_abs = self->status.daily_loss;
    out->daily_ratio = self->status.daily_loss;
    out->drawdown = self->status.drawdown;
    out->exposure =
        (KwLimitView){TRUE, kw_fake_decimal("149.97"), kw_fake_decimal("300"), 0, 0};
    out->exposure_pair =
        (KwLimitView){TRUE, kw_fake_decimal("50"), kw_fake_decimal("100"), 0, 0};
    out->n_open = self->status.n_open;
    out->max_open = 3;
    out->orders_hour = 1;
    out->max_orders_hour = 20;
    out->losses_row = 1;
    out->max_losses_row = 5;
    out->n_locks = 1;
    out->day_start_us = START_OF_DAY;
    out->day_end_us = START_OF_DAY + DAY;
}

static void
fill_money(KwFakeDesk *self)
{
    static const struct {
        const gchar *currency, *amount, *value;
    } rows[] = {
        {"BTC", "0.00072912", "50.41"},
        {"SOL", "0.36122", "50.68"},
        {"ETH", "0.02449", "49.84"},
    };
    KwBalanceView *out = &self->balance;

    *out = (KwBalanceView){
        .data_us = self->status.data_us,
        .has_equity = TRUE,
        .equity = kw_fake_decimal("1042.65"),
        .free = kw_fake_decimal("891.72"),
        .tied = kw_fake_decimal("150.93"),
        .starting_capital = kw_fake_decimal("1000.00"),
        .realised = kw_fake_decimal("42.32"),
        .n_holdings = G_N_ELEMENTS(rows),
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwHoldingView *holding = &out->holdings[i];

        g_strlcpy(holding->currency, rows[i].currency, sizeof holding->currency);
        holding->amount = kw_fake_decimal(rows[i].amount);
        holding->value = kw_fake_decimal(rows[i].value);
        holding->has_value = TRUE;
    }
    self->drawdown = (KwDrawdownView){
        .current_ratio = 0.0112,
        .current_abs = kw_fake_decimal("11.81"),
        .max_ratio = 0.0431,
        .max_abs = kw_fake_decimal("43.85"),
        .peak_us = START_OF_DAY - 30 * DAY,
        .trough_us = START_OF_DAY - 22 * DAY,
        .limit_ratio = 0.20,
    };
    self->fees = (KwFeesView){
        .sum = kw_fake_decimal("1.21"),
        .gross = kw_fake_decimal("2.43"),
        .n_orders = 6,
        .n_trades = 2,
        .rate_ratio = 0.004,
    };
}

static void
fill_stats(KwFakeDesk *self)
{
    KwStatsView *out = &self->stats;

    *out = (KwStatsView){
        .n = 84,
        .wins = 49,
        .losses = 35,
        .win_ratio = 49.0 / 84,
        .win_low = 0.477,
        .win_high = 0.683,
        .mean_win = 0.0214,
        .mean_loss = -0.0187,
        .mean_win_abs = kw_fake_decimal("1.07"),
        .mean_loss_abs = kw_fake_decimal("-0.94"),
        .profit_factor = 1.59,
        .expectancy = 0.0047,
        .mean_duration_us = 9 * HOUR + 40 * MINUTE,
        .sortino = 1.82,
        .sharpe = 1.14,
        .days = 38,
        .n_exits = 2,
    };
    g_strlcpy(out->exits[0].reason, "roi", sizeof out->exits[0].reason);
    out->exits[0].n = 40;
    out->exits[0].profit = kw_fake_decimal("48.20");
    g_strlcpy(out->exits[1].reason, "stop_loss", sizeof out->exits[1].reason);
    out->exits[1].n = 12;
    out->exits[1].profit = kw_fake_decimal("-24.10");
}

static void
fill_pairs(KwFakeDesk *self)
{
    static const struct {
        const gchar *pair, *profit, *price;
        guint n, wins;
        gdouble change;
    } rows[] = {
        {"SOL/USDT", "12.40", "140.30", 21, 14, 0.0312},
        {"BTC/USDT", "9.85", "69137.3", 30, 18, 0.0081},
        {"ADA/USDT", "2.84", "0.8164", 3, 2, -0.0125},
        {"ETH/USDT", "-1.10", "2035.07", 22, 11, -0.0204},
        {"XRP/USDT", "-3.67", "2.2839", 8, 4, -0.0331},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwPairResultView result = {.n_trades = rows[i].n, .wins = rows[i].wins};
        KwPairView pair = {.has_open = i < 2};
        KwPriceView price = {.is_traded = TRUE, .has_price = TRUE};

        g_strlcpy(result.pair, rows[i].pair, sizeof result.pair);
        g_strlcpy(pair.pair, rows[i].pair, sizeof pair.pair);
        g_strlcpy(price.pair, rows[i].pair, sizeof price.pair);
        result.profit = kw_fake_decimal(rows[i].profit);
        result.ratio = kw_decimal_to_double(result.profit) / (50 * rows[i].n);
        price.price = kw_fake_decimal(rows[i].price);
        price.time_us = self->status.data_us;
        price.change_24h_ratio = rows[i].change;
        if (i == 4) {
            pair.is_locked = TRUE;
            pair.until_us = START_OF_DAY + 3 * DAY - 1;
            g_strlcpy(pair.reason, "user", sizeof pair.reason);
            g_strlcpy(pair.by, "user", sizeof pair.by);
        }
        g_array_append_val(self->pair_results, result);
        g_array_append_val(self->pairs, pair);
        g_array_append_val(self->prices, price);
    }
}

static void
add_health(KwFakeDesk *self, const gchar *component, gint64 since_us, const gchar *detail)
{
    KwHealthView view = {.is_ok = TRUE, .since_us = since_us};

    g_strlcpy(view.component, component, sizeof view.component);
    g_strlcpy(view.detail, detail, sizeof view.detail);
    g_array_append_val(self->health, view);
}

static void
add_config(KwFakeDesk *self, const gchar *key, const gchar *value)
{
    KwConfigView view = {0};

    g_strlcpy(view.key, key, sizeof view.key);
    g_strlcpy(view.value, value, sizeof view.value);
    g_strlcpy(view.source, "file", sizeof view.source);
    g_array_append_val(self->config, view);
}

static void
fill_system(KwFakeDesk *self)
{
    add_health(self, "version", START_OF_DAY - 9 * DAY + 9 * HOUR, "0.1.0");
    add_health(self, "feed", self->status.data_us, "");
    add_health(self, "strategy", 0, "");
    add_health(self, "store", 0, "");
    add_health(self, "disk", 0, "48213 MB");
    add_health(self, "crashes", 0, "3");
    add_config(self, "bot.mode", "dryrun");
    add_config(self, "trading.pairs", "SOL/USDT, BTC/USDT, ADA/USDT, ETH/USDT, XRP/USDT");
    add_config(self, "trading.timeframe", "1h");
    add_config(self, "trading.strategy", "boost.lua");
    add_config(self, "trading.stake_amount", "50");
    add_config(self, "trading.max_open_trades", "3");
    add_config(self, "trading.fee", "0.004");
    add_config(self, "trading.threshold", "0.75");
    add_config(self, "limits.max_daily_loss_abs", "50");
    add_config(self, "limits.max_daily_loss_ratio", "0.05");
    add_config(self, "limits.max_drawdown_ratio", "0.2");
    add_config(self, "chat.digest_time", "20:00");
    add_config(self, "log.level", "info");
}

/* A value for each of 40 days, and four days of hourly candles */
static void
fill_curves(KwFakeDesk *self)
{
    for (gint i = 0; i <= 40; i++) {
        KwEquityView point = {START_OF_DAY + (i - 40) * DAY, KW_DECIMAL_ZERO};
        g_autofree gchar *text =
            g_strdup_printf("%d.%02d", 1000 + i - (i % 11 > 7 ? 14 : 0), (i * 37) % 100);

        point.equity = kw_fake_decimal(text);
        g_array_append_val(self->equity, point);
    }
    for (gint i = 0; i < 96; i++) {
        gdouble open = 2060 - i * 0.4 + (i * 29 % 17) * 1.5;
        gdouble close = 2060 - (i + 1) * 0.4 + ((i + 1) * 29 % 17) * 1.5;
        KwCandleView candle = {START_OF_DAY + (14 - 96 + i) * HOUR, open, MAX(open, close) + 3,
                               MIN(open, close) - 3, close};

        g_array_append_val(self->candles, candle);
    }
}

static void
add_signal(
    KwFakeDesk *self, gint64 hour, const gchar *pair, gdouble confidence, const gchar *why)
{
    KwSignalView signal = {
        .time_us = START_OF_DAY + hour * HOUR, .confidence = confidence, .threshold = 0.75};

    signal.is_exit = isnan(confidence);
    signal.is_entered = !signal.is_exit && *why == '\0';
    g_strlcpy(signal.pair, pair, sizeof signal.pair);
    g_strlcpy(signal.reason, why, sizeof signal.reason);
    if (hour > 0 && !signal.is_exit) /* those of the days before are of an older version */
        g_strlcpy(signal.tier, confidence >= 0.75 ? "high" : "low", sizeof signal.tier);
    if (signal.is_exit) { /* as the engine records it */
        signal.confidence = 0;
        g_strlcpy(signal.tier, "none", sizeof signal.tier);
    }
    g_array_append_val(self->signals, signal);
}

/* Of today newest first, and two of the days before */
static void
fill_signals(KwFakeDesk *self)
{
    add_signal(self, 13, "ADA/USDT", 0.61, "confidence");
    add_signal(self, 12, "BTC/USDT", 0.78, "max_open_trades");
    add_signal(self, 11, "ETH/USDT", 0.76, "");
    add_signal(self, 9, "XRP/USDT", NAN, "trailing_stop_loss");
    add_signal(self, 7, "SOL/USDT", 0.83, "");
    add_signal(self, -14, "BTC/USDT", 0.77, "locked");
    add_signal(self, -40, "BTC/USDT", 0.79, "");
}

KwFakeDesk *
kw_fake_desk_new_empty(void)
{
    KwFakeDesk *self = g_object_new(KW_TYPE_FAKE_DESK, NULL);

    fill_status(self);
    fill_risk(self);
    self->risk.n_locks = self->risk.losses_row = self->risk.orders_hour = 0;
    self->risk.exposure.used = self->risk.exposure_pair.used = KW_DECIMAL_ZERO;
    self->status.drawdown.used_ratio = 0;
    self->risk.drawdown.used_ratio = 0;
    self->balance = (KwBalanceView){
        .data_us = self->status.data_us,
        .has_equity = TRUE,
        .equity = kw_fake_decimal("1000.00"),
        .free = kw_fake_decimal("1000.00"),
        .starting_capital = kw_fake_decimal("1000.00"),
    };
    self->drawdown = (KwDrawdownView){.limit_ratio = 0.20, .is_at_high = TRUE};
    self->stats = (KwStatsView){
        .win_ratio = NAN,
        .win_low = NAN,
        .win_high = NAN,
        .profit_factor = NAN,
        .sortino = NAN,
        .sharpe = NAN,
    };
    self->fees.rate_ratio = 0.004;
    self->digest.best_signal_confidence = NAN;
    return self;
}

KwFakeDesk *
kw_fake_desk_new(void)
{
    KwFakeDesk *self = g_object_new(KW_TYPE_FAKE_DESK, NULL);

    fill_status(self);
    fill_results_of_day(self);
    fill_risk(self);
    fill_money(self);
    fill_stats(self);
    fill_pairs(self);
    fill_system(self);
    fill_curves(self);
    fill_signals(self);
    self->digest.best_signal_confidence = 0.83;
    g_strlcpy(self->digest.best_signal_pair, "SOL/USDT", sizeof self->digest.best_signal_pair);
    self->digest.n_signals = 6;
    self->digest.n_rejected = 2;
    self->digest.n_warnings = 1;
    return self;
}

void
kw_fake_desk_add_closed(KwFakeDesk *self, gint64 id, const gchar *profit)
{
    KwTradeView trade = trade_of(&closed_rows[4]);

    trade.id = id;
    trade.profit_abs = kw_fake_decimal(profit);
    trade.profit_ratio = kw_decimal_to_double(trade.profit_abs) / 50;
    trade.close_us =
        g_array_index(self->closed, KwTradeView, self->closed->len - 1).close_us - 7 * HOUR;
    trade.open_us = trade.close_us - 5 * HOUR;
    g_array_append_val(self->closed, trade);
}

void
kw_fake_desk_fill_evening(KwDigestView *out)
{
    g_autoptr(KwFakeDesk) desk = kw_fake_desk_new();
    KwStatusView *status = &desk->status;

    status->now_us = START_OF_DAY + 20 * HOUR;
    status->data_us = status->now_us;
    status->equity = kw_fake_decimal("1043.27");
    status->n_open = status->n_listed = 2;
    status->open[0].profit_abs = kw_fake_decimal("0.39");
    status->open[0].profit_ratio = 0.0077;
    status->open[0].stop_distance_ratio = 0.1104;
    status->open[1] = status->open[2];
    status->open[1].profit_abs = kw_fake_decimal("-0.75");
    status->open[1].profit_ratio = -0.0150;
    status->open[1].stop_distance_ratio = 0.0897;
    *out = (KwDigestView){
        .status = *status,
        .period = {.period = {START_OF_DAY, START_OF_DAY + DAY},
                   .realised = kw_fake_decimal("2.53"),
                   .unrealised = kw_fake_decimal("-0.36"),
                   .ratio = 2.17 / 1041.10,
                   .n_trades = 3,
                   .wins = 2,
                   .losses = 1,
                   .n_opened = 5,
                   .fees = kw_fake_decimal("1.62"),
                   .has_trade = TRUE},
        .month = {.realised = kw_fake_decimal("19.26"),
                  .unrealised = kw_fake_decimal("-0.36"),
                  .ratio = 0.0185},
        .best_signal_confidence = 0.83,
    };
    out->period.best = trade_of(&closed_rows[1]);
    out->period.worst = trade_of(&closed_rows[0]);
}

void
kw_fake_desk_add_models(KwFakeDesk *self)
{
    static const struct {
        const gchar *tag, *reason, *failed;
        gint trained, deployed; /* days ago; 0 = never */
        gdouble sortino, drawdown, wins;
        guint n;
        gboolean is_active, is_passed;
    } rows[] = {
        {"v1.2.1", "Sortino 1,2", "sortino", 1, 0, 1.2, 0.14, 0.55, 61, FALSE, FALSE},
        {"v1.2.0", "", "", 3, 0, 1.8, 0.12, 0.61, 84, FALSE, TRUE},
        {"v1.1.0", "", "", 11, 10, 1.6, 0.11, 0.58, 79, TRUE, TRUE},
        {"v1.0.0", "", "", 40, 38, 1.5, 0.15, 0.54, 66, FALSE, TRUE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwModelView model = {
            .is_active = rows[i].is_active,
            .trained_us = START_OF_DAY - rows[i].trained * DAY + 3 * HOUR,
            .has_backtest = TRUE,
            .is_passed = rows[i].is_passed,
            .from_us = START_OF_DAY - (rows[i].trained + 30) * DAY,
            .to_us = START_OF_DAY - rows[i].trained * DAY,
            .n_trades = rows[i].n,
            .sortino = rows[i].sortino,
            .max_drawdown_ratio = rows[i].drawdown,
            .win_ratio = rows[i].wins,
            .calibration_error = 0.041,
            .live_n = rows[i].is_active ? 14 : 0,
            .live_wins = rows[i].is_active ? 8 : 0,
            .n_bins = 3,
            .bins = {{0.35, 9, 31}, {0.55, 31, 52}, {0.75, 22, 30}},
        };

        if (rows[i].deployed > 0)
            model.deployed_us = START_OF_DAY - rows[i].deployed * DAY + 4 * HOUR;
        g_strlcpy(model.tag, rows[i].tag, sizeof model.tag);
        g_strlcpy(model.reason, rows[i].reason, sizeof model.reason);
        g_strlcpy(model.failed, rows[i].failed, sizeof model.failed);
        g_array_append_val(self->models, model);
    }
    self->has_gate = TRUE;
    self->gate = (KwGateView){1.5, 0.2, 0.45, 20};
    self->training = (KwTrainingView){.is_available = TRUE,
                                      .progress_ratio = NAN,
                                      .last_us = START_OF_DAY - DAY + 3 * HOUR,
                                      .next_us = START_OF_DAY + 4 * DAY + 3 * HOUR};
    g_strlcpy(self->training.last_model, "v1.2.1", sizeof self->training.last_model);
    self->training.last_verdict = KW_TRAINING_GATE;
    g_strlcpy(self->training.last_text, "sortino", sizeof self->training.last_text);
}
