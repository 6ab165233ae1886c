/* test-backtest.c: the trades of the reference engine, one by one
 *
 * 42 small candle series and five runs over 450 candles of up to three pairs. The signals are
 * extra columns of the candles, read by a strategy. */
#include "kw-lab-golden.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US G_GINT64_CONSTANT(3600000000)
#define T0_US G_GINT64_CONSTANT(1735689600000000)
#define N_VECTORS 42

static KwDecimal
dec(const gchar *text)
{
    KwDecimal value = KW_DECIMAL_ZERO;

    g_assert_true(kw_decimal_parse(text, &value, NULL));
    return value;
}

static void
assert_near(const gchar *what, gdouble value, gdouble expected)
{
    if (!(fabs(value - expected) <= 1e-9 * MAX(1.0, fabs(expected))))
        g_error("%s is %.12g, expected %.12g", what, value, expected);
}

static void
assert_dec_near(const gchar *what, KwDecimal value, gdouble expected)
{
    assert_near(what, kw_decimal_to_double(value), expected);
}

static gdouble
number_or_nan(JsonObject *object, const gchar *name)
{
    return json_object_get_null_member(object, name)
               ? NAN
               : json_object_get_double_member(object, name);
}

static KwDecimal
get_cash(const KwLabRig *rig)
{
    return kw_portfolio_get_cash(kw_backtest_get_portfolio(rig->backtest));
}

/* -- the small series -- */

static void
read_terms(KwStrategyTerms *terms, JsonObject *vector)
{
    terms->timeframe_us = HOUR_US;
    terms->startup_candles = 0;
    terms->stoploss = json_object_get_double_member(vector, "stoploss");
    terms->trailing_stop = json_object_get_boolean_member(vector, "trailing_stop");
    terms->trailing_only_offset_is_reached =
        json_object_get_boolean_member(vector, "trailing_only_offset_is_reached");
    terms->trailing_stop_positive = number_or_nan(vector, "trailing_stop_positive");
    terms->trailing_stop_positive_offset =
        json_object_get_double_member(vector, "trailing_stop_positive_offset");
    terms->use_exit_signal = json_object_get_boolean_member(vector, "use_exit_signal");
    kw_lab_golden_read_roi(terms, json_object_get_object_member(vector, "minimal_roi"));
}

static void
read_rows(KwLabPair *pair, JsonObject *vector)
{
    JsonArray *candles = json_object_get_array_member(vector, "candles");
    JsonArray *enter = json_object_get_array_member(vector, "enter_long");
    JsonArray *exit_long = json_object_get_array_member(vector, "exit_long");

    for (guint i = 0; i < json_array_get_length(candles); i++) {
        JsonArray *numbers = json_array_get_array_element(candles, i);
        KwLabRow row = {.candle = {.open = json_array_get_double_element(numbers, 1),
                                   .high = json_array_get_double_element(numbers, 2),
                                   .low = json_array_get_double_element(numbers, 3),
                                   .close = json_array_get_double_element(numbers, 4)},
                        .enter = json_array_get_int_element(enter, i) == 1,
                        .exit = json_array_get_int_element(exit_long, i) == 1};

        row.candle.open_us = T0_US + json_array_get_int_element(numbers, 0) * HOUR_US;
        kw_lab_pair_add_row(pair, &row);
    }
}

static void
set_up_vector(KwLabRig *rig, JsonObject *vector)
{
    JsonObject *timeouts = json_object_get_object_member(vector, "unfilledtimeout_minutes");
    KwLabPair *pair;

    kw_lab_rig_init(rig);
    rig->options.stake.stake_amount = dec("0.001");
    rig->options.pricing.entry_price = number_or_nan(vector, "custom_entry_price");
    rig->options.pricing.exit_price = number_or_nan(vector, "custom_exit_price");
    rig->options.pricing.reprice = number_or_nan(vector, "adjust_entry_price");
    rig->options.pricing.entry_timeout_us =
        json_object_get_int_member(timeouts, "entry") * 60 * G_USEC_PER_SEC;
    rig->options.pricing.exit_timeout_us =
        json_object_get_int_member(timeouts, "exit") * 60 * G_USEC_PER_SEC;
    read_terms(&rig->options.terms, vector);
    /* no ticks: as fine as prices of four digits and amounts of 10^-7 allow */
    pair = kw_lab_rig_add_pair(rig, "BTC/USDT", dec("0.000000000001"));
    pair->pair.amount_tick = dec("0.000000000000000001");
    read_rows(pair, vector);
}

static void
compare_vector_trade(const KwTrade *trade, JsonObject *expected)
{
    assert_near("open candle", (gdouble) ((trade->open_us - T0_US) / HOUR_US),
                json_object_get_double_member(expected, "open_candle"));
    assert_near("close candle", (gdouble) ((trade->close_us - T0_US) / HOUR_US),
                json_object_get_double_member(expected, "close_candle"));
    g_assert_cmpstr(trade->exit_reason, ==,
                    json_object_get_string_member(expected, "exit_reason"));
    assert_dec_near("open rate", trade->open_rate,
                    json_object_get_double_member(expected, "open_rate"));
    assert_dec_near("close rate", trade->close_rate,
                    json_object_get_double_member(expected, "close_rate"));
    assert_near("profit ratio", trade->profit_ratio,
                json_object_get_double_member(expected, "profit_ratio"));
    assert_dec_near("stop", trade->stop,
                    json_object_get_double_member(expected, "stop_loss_abs"));
    assert_dec_near("initial stop", trade->initial_stop,
                    json_object_get_double_member(expected, "initial_stop_loss_abs"));
    assert_near("min rate", trade->min_rate,
                json_object_get_double_member(expected, "min_rate"));
    assert_near("max rate", trade->max_rate,
                json_object_get_double_member(expected, "max_rate"));
}

static void
compare_counters(const KwBacktestCounters *counters, JsonObject *expected)
{
    const struct {
        const gchar *name;
        guint value;
    } rows[] = {
        {"rejected_signals", counters->n_rejected},
        {"timedout_entry_orders", counters->n_timed_out_entries},
        {"timedout_exit_orders", counters->n_timed_out_exits},
        {"canceled_trade_entries", counters->n_cancelled_trades},
        {"canceled_entry_orders", counters->n_cancelled_orders},
        {"replaced_entry_orders", counters->n_replaced_orders},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        assert_near(rows[i].name, rows[i].value,
                    json_object_get_double_member(expected, rows[i].name));
}

static void
test_vectors(void)
{
    g_autoptr(JsonNode) root = kw_lab_golden_load("bt-detail-vectors.json");
    JsonArray *vectors = json_node_get_array(root);

    g_assert_cmpuint(json_array_get_length(vectors), ==, N_VECTORS);
    for (guint i = 0; i < N_VECTORS; i++) {
        JsonObject *vector = json_array_get_object_element(vectors, i);
        JsonArray *expected = json_object_get_array_member(vector, "expected");
        KwLabRig rig;

        g_test_message("vector %d", (gint) json_object_get_int_member(vector, "id"));
        set_up_vector(&rig, vector);
        kw_lab_rig_run(&rig);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, json_array_get_length(expected));
        for (guint t = 0; t < json_array_get_length(expected); t++)
            compare_vector_trade(kw_lab_rig_get_trade(&rig, t),
                                 json_array_get_object_element(expected, t));
        compare_counters(kw_backtest_get_counters(rig.backtest),
                         json_object_get_object_member(vector, "counters"));
        kw_lab_rig_clear(&rig);
    }
}

/* -- the long runs -- */

typedef struct {
    const KwLabRig *rig;
    guint n_trades;
} Comparison;

static void
compare_line(gchar **fields, gpointer user_data)
{
    Comparison *comparison = user_data;
    const KwTrade *trade;

    g_assert_cmpuint(comparison->n_trades, <, kw_lab_rig_get_n_trades(comparison->rig));
    trade = kw_lab_rig_get_trade(comparison->rig, comparison->n_trades++);
    g_test_message("trade %u: %s %s", comparison->n_trades, fields[0], fields[1]);
    g_assert_cmpstr(trade->pair, ==, fields[0]);
    g_assert_cmpint(trade->open_us / 1000, ==, g_ascii_strtoll(fields[1], NULL, 10));
    g_assert_cmpint(trade->close_us / 1000, ==, g_ascii_strtoll(fields[2], NULL, 10));
    assert_dec_near("open rate", trade->open_rate, g_ascii_strtod(fields[3], NULL));
    assert_dec_near("close rate", trade->close_rate, g_ascii_strtod(fields[4], NULL));
    assert_dec_near("amount", trade->entry_amount, g_ascii_strtod(fields[5], NULL));
    assert_dec_near("stake", trade->stake, g_ascii_strtod(fields[6], NULL));
    assert_near("profit ratio", trade->profit_ratio, g_ascii_strtod(fields[7], NULL));
    assert_dec_near("profit", trade->profit_abs, g_ascii_strtod(fields[8], NULL));
    g_assert_cmpstr(trade->exit_reason, ==, fields[9]);
    g_assert_cmpstr(trade->enter_tag, ==, fields[10]);
    assert_dec_near("initial stop", trade->initial_stop, g_ascii_strtod(fields[12], NULL));
    assert_dec_near("stop", trade->stop, g_ascii_strtod(fields[13], NULL));
    assert_near("stop ratio", trade->stop_ratio, g_ascii_strtod(fields[14], NULL));
    assert_near("min rate", trade->min_rate, g_ascii_strtod(fields[15], NULL));
    assert_near("max rate", trade->max_rate, g_ascii_strtod(fields[16], NULL));
}

static void
compare_golden(const gchar *name, guint n_trades, const gchar *final_balance)
{
    g_autofree gchar *file = g_strconcat(name, ".trades.csv", NULL);
    KwProtection protections[4];
    Comparison comparison;
    KwLabRig rig;

    kw_lab_golden_set_up(&rig, name, protections);
    kw_lab_rig_run(&rig);
    comparison = (Comparison){.rig = &rig};
    kw_lab_golden_each_line(file, compare_line, &comparison);
    g_assert_cmpuint(comparison.n_trades, ==, n_trades);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, n_trades);
    g_assert_cmpint(kw_decimal_cmp(get_cash(&rig), dec(final_balance)), ==, 0);
    kw_lab_rig_clear(&rig);
}

static void
compare_json_trade(const KwTrade *trade, JsonObject *expected)
{
    g_assert_cmpstr(trade->pair, ==, json_object_get_string_member(expected, "pair"));
    g_assert_cmpint(trade->open_us / 1000, ==,
                    json_object_get_int_member(expected, "open_timestamp"));
    g_assert_cmpint(trade->close_us / 1000, ==,
                    json_object_get_int_member(expected, "close_timestamp"));
    g_assert_cmpstr(trade->exit_reason, ==,
                    json_object_get_string_member(expected, "exit_reason"));
    g_assert_cmpstr(trade->enter_tag, ==, json_object_get_string_member(expected, "enter_tag"));
    assert_dec_near("amount", trade->entry_amount,
                    json_object_get_double_member(expected, "amount"));
    assert_dec_near("stake", trade->stake,
                    json_object_get_double_member(expected, "stake_amount"));
    assert_dec_near("open rate", trade->open_rate,
                    json_object_get_double_member(expected, "open_rate"));
    assert_dec_near("close rate", trade->close_rate,
                    json_object_get_double_member(expected, "close_rate"));
    assert_dec_near("profit", trade->profit_abs,
                    json_object_get_double_member(expected, "profit_abs"));
    assert_near("profit ratio", trade->profit_ratio,
                json_object_get_double_member(expected, "profit_ratio"));
    assert_dec_near("stop", trade->stop,
                    json_object_get_double_member(expected, "stop_loss_abs"));
    assert_near("stop ratio", trade->stop_ratio,
                json_object_get_double_member(expected, "stop_loss_ratio"));
    assert_near("min rate", trade->min_rate,
                json_object_get_double_member(expected, "min_rate"));
    assert_near("max rate", trade->max_rate,
                json_object_get_double_member(expected, "max_rate"));
}

static void
test_fixed_stake_roi(void)
{
    g_autoptr(JsonNode) root = kw_lab_golden_load("golden/g1_fixed_roi.json");
    JsonObject *strategies =
        json_object_get_object_member(json_node_get_object(root), "strategy");
    JsonArray *trades = json_object_get_array_member(
        json_object_get_object_member(strategies, "Golden"), "trades");
    KwProtection protections[4];
    KwLabRig rig;

    kw_lab_golden_set_up(&rig, "g1_fixed_roi", protections);
    kw_lab_rig_run(&rig);
    g_assert_cmpuint(json_array_get_length(trades), ==, 70);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 70);
    for (guint i = 0; i < 70; i++) {
        g_test_message("trade %u", i);
        compare_json_trade(kw_lab_rig_get_trade(&rig, i),
                           json_array_get_object_element(trades, i));
    }
    g_assert_cmpuint(kw_backtest_get_counters(rig.backtest)->n_rejected, ==, 7);
    g_assert_cmpint(kw_decimal_cmp(get_cash(&rig), dec("972.99982877")), ==, 0);
    kw_lab_rig_clear(&rig);
}

static void
test_unlimited_trailing_protections(void)
{
    compare_golden("g2_unlimited_trailing_protections", 37, "880.54235622");
}

static void
test_limit_timeout_amend(void)
{
    compare_golden("g3_limit_timeout_amend", 31, "190.02528422");
}

/* -- rows that are passed over -- */

#define N_RANDOM_ROWS 400

static void
add_random_rows(KwLabPair *pair)
{
    gdouble price = 100.0;

    for (guint i = 0; i < N_RANDOM_ROWS; i++) {
        gdouble open = price, close = open * (1.0 + g_test_rand_double_range(-0.02, 0.02));
        KwLabRow row = {.candle = {.open_us = T0_US + i * HOUR_US,
                                   .open = open,
                                   .high = MAX(open, close) * (1.0 + g_test_rand_double() / 50),
                                   .low = MIN(open, close) * (1.0 - g_test_rand_double() / 50),
                                   .close = close},
                        .enter = g_test_rand_int_range(0, 8) == 0};

        price = close;
        kw_lab_pair_add_row(pair, &row);
    }
}

static void
set_random_terms(KwStrategyTerms *terms)
{
    terms->timeframe_us = HOUR_US;
    terms->startup_candles = 0;
    terms->stoploss = -g_test_rand_double_range(0.01, 0.1);
    terms->trailing_stop = g_test_rand_bit();
    terms->trailing_stop_positive =
        g_test_rand_bit() ? g_test_rand_double_range(0.005, 0.05) : (gdouble) NAN;
    terms->trailing_stop_positive_offset =
        g_test_rand_bit() ? g_test_rand_double_range(0.0, 0.06) : 0.0;
    terms->trailing_only_offset_is_reached = g_test_rand_bit();
    terms->exit_profit_only = TRUE;
    terms->exit_profit_offset = 1e6; /* an exit signal is looked at and never followed */
    terms->n_roi = (guint) g_test_rand_int_range(0, 4);
    for (guint i = 0; i < terms->n_roi; i++)
        terms->roi[i] =
            (KwRoiStep){.minutes = (gint) (i * 60 * g_test_rand_int_range(1, 9)) + (gint) i,
                        .ratio = g_test_rand_double_range(-0.05, 0.08)};
}

static void
assert_same(const KwTrade *have, const KwTrade *want)
{
    g_assert_cmpint(have->open_us, ==, want->open_us);
    g_assert_cmpint(have->close_us, ==, want->close_us);
    g_assert_cmpstr(have->exit_reason, ==, want->exit_reason);
    g_assert_cmpint(kw_decimal_cmp(have->close_rate, want->close_rate), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(have->profit_abs, want->profit_abs), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(have->stop, want->stop), ==, 0);
    g_assert_cmpfloat(have->max_rate, ==, want->max_rate);
    g_assert_cmpfloat(have->min_rate, ==, want->min_rate);
}

/* Property: a signal on every row makes every row of a trade be looked at; that must not
 * change a trade. */
static void
test_rows_passed_over(void)
{
    guint n_trades = 0;

    for (guint round = 0; round < 60; round++) {
        KwLabRig quiet, busy;
        KwLabPair *one, *two;

        kw_lab_rig_init(&quiet);
        kw_lab_rig_init(&busy);
        quiet.options.stake.stake_amount = dec("100");
        quiet.options.fee_ratio = 0.002;
        set_random_terms(&quiet.options.terms);
        busy.options = quiet.options;
        one = kw_lab_rig_add_pair(&quiet, "BTC/USDT", dec("0.01"));
        two = kw_lab_rig_add_pair(&busy, "BTC/USDT", dec("0.01"));
        add_random_rows(one);
        for (guint i = 0; i < N_RANDOM_ROWS; i++) {
            KwLabRow row = g_array_index(one->rows, KwLabRow, i);

            row.exit = !row.enter;
            kw_lab_pair_add_row(two, &row);
        }
        kw_lab_rig_run(&quiet);
        kw_lab_rig_run(&busy);
        n_trades += kw_lab_rig_get_n_trades(&quiet);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&quiet), ==, kw_lab_rig_get_n_trades(&busy));
        for (guint i = 0; i < kw_lab_rig_get_n_trades(&quiet); i++)
            assert_same(kw_lab_rig_get_trade(&quiet, i), kw_lab_rig_get_trade(&busy, i));
        kw_lab_rig_clear(&quiet);
        kw_lab_rig_clear(&busy);
    }
    g_assert_cmpuint(n_trades, >, 100);
}

/* -- shorter candles -- */

#define QUARTER_US (HOUR_US / 4)

/* An entry in row 1; row 2 reaches stop and profit step, in the order of its quarters. */
static void
set_up_detail(KwLabRig *rig, gdouble first_low, gdouble first_high)
{
    static const KwCandle rows[] = {{T0_US, 100, 101, 99, 100, 1},
                                    {T0_US + HOUR_US, 100, 101, 99, 100, 1},
                                    {T0_US + 2 * HOUR_US, 100, 106, 94, 100, 1},
                                    {T0_US + 3 * HOUR_US, 100, 101, 99, 100, 1}};
    KwLabPair *pair;

    kw_lab_rig_init(rig);
    rig->options.stake.stake_amount = dec("100");
    rig->options.terms.timeframe_us = HOUR_US;
    rig->options.terms.startup_candles = 0;
    rig->options.terms.stoploss = -0.05;
    rig->options.terms.n_roi = 1;
    rig->options.terms.roi[0] = (KwRoiStep){.minutes = 0, .ratio = 0.04};
    pair = kw_lab_rig_add_pair(rig, "BTC/USDT", dec("0.01"));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwLabRow row = {.candle = rows[i], .enter = i == 0};

        kw_lab_pair_add_row(pair, &row);
    }
    pair->detail = kw_series_new(QUARTER_US);
    for (gint64 time_us = T0_US; time_us < T0_US + 4 * HOUR_US; time_us += QUARTER_US) {
        gint64 offset_us = time_us - T0_US - 2 * HOUR_US;
        KwCandle part = {time_us, 100, 100.5, 99.5, 100, 1};

        if (offset_us == QUARTER_US) {
            part.low = first_low;
            part.high = first_high;
        } else if (offset_us == 2 * QUARTER_US) {
            part.low = 94;
            part.high = 106;
        }
        g_assert_true(kw_series_append(pair->detail, &part));
    }
}

/* Without them the stop comes first whatever the candle hides. */
static void
test_detail(void)
{
    static const struct {
        gdouble low, high;
        const gchar *reason;
    } cases[] = {{99.5, 106, "roi"}, {94, 100.5, "stop_loss"}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const KwTrade *trade;
        KwLabRig rig;

        set_up_detail(&rig, cases[i].low, cases[i].high);
        kw_lab_rig_run(&rig);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
        trade = kw_lab_rig_get_trade(&rig, 0);
        g_assert_cmpstr(trade->exit_reason, ==, cases[i].reason);
        g_assert_cmpint(trade->open_us, ==, T0_US + HOUR_US);
        g_assert_cmpint(trade->close_us, ==, T0_US + 2 * HOUR_US + QUARTER_US);
        kw_lab_rig_clear(&rig);
    }
}

static void
test_without_detail(void)
{
    KwLabRig rig;

    set_up_detail(&rig, 99.5, 106);
    g_clear_pointer(&rig.pairs[0].detail, kw_series_free);
    kw_lab_rig_run(&rig);
    g_assert_cmpstr(kw_lab_rig_get_trade(&rig, 0)->exit_reason, ==, "stop_loss");
    g_assert_cmpint(kw_lab_rig_get_trade(&rig, 0)->close_us, ==, T0_US + 2 * HOUR_US);
    kw_lab_rig_clear(&rig);
}

/* A guard looks back from the exit and not from the begin of its row: 90 minutes before the
 * second stop lies the first one, which does not count any more. */
static void
test_detail_guard(void)
{
    static const struct {
        gint64 second_us; /* of the second stop, behind the first */
        guint n_locks;
    } cases[] = {{5 * QUARTER_US, 1}, {6 * QUARTER_US, 0}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        KwProtection guard = kw_protection_default(KW_PROTECTION_STOPLOSS_GUARD);
        gint64 first_us = T0_US + HOUR_US + QUARTER_US;
        KwLabRig rig;

        set_up_detail(&rig, 99.5, 100.5);
        guard.lookback_us = 6 * QUARTER_US;
        guard.trade_limit = 2;
        guard.only_per_pair = TRUE;
        rig.options.protections = &guard;
        rig.options.n_protections = 1;
        g_array_index(rig.pairs[0].rows, KwLabRow, 1).enter = TRUE;
        g_clear_pointer(&rig.pairs[0].detail, kw_series_free);
        rig.pairs[0].detail = kw_series_new(QUARTER_US);
        for (gint64 time_us = T0_US; time_us < T0_US + 4 * HOUR_US; time_us += QUARTER_US) {
            KwCandle part = {time_us, 100, 100.5, 99.5, 100, 1};

            if (time_us == first_us || time_us == first_us + cases[i].second_us)
                part.low = 94;
            g_assert_true(kw_series_append(rig.pairs[0].detail, &part));
        }
        kw_lab_rig_run(&rig);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 2);
        g_assert_cmpint(kw_lab_rig_get_trade(&rig, 1)->close_us, ==,
                        first_us + cases[i].second_us);
        g_assert_cmpuint(kw_backtest_get_locks(rig.backtest)->len, ==, cases[i].n_locks);
        kw_lab_rig_clear(&rig);
    }
}

/* A second pair that wants in at row @row; what it buys it keeps. */
static void
add_rival(KwLabRig *rig, guint row)
{
    KwLabPair *pair = kw_lab_rig_add_pair(rig, "ETH/USDT", dec("0.01"));

    for (guint i = 0; i < rig->pairs[0].rows->len; i++) {
        KwLabRow rival = {.candle = {T0_US + i * HOUR_US, 100, 101, 99, 100, 1},
                          .enter = i + 1 == row};

        kw_lab_pair_add_row(pair, &rival);
    }
}

/* A stop in the second quarter frees no place for an entry at the begin of the row. */
static void
test_detail_order(void)
{
    KwLabRig rig;

    set_up_detail(&rig, 94, 100.5);
    rig.options.stake.max_open_trades = 1;
    add_rival(&rig, 2);
    kw_lab_rig_run(&rig);
    g_assert_cmpuint(kw_backtest_get_counters(rig.backtest)->n_rejected, ==, 1);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
    g_assert_cmpstr(kw_lab_rig_get_trade(&rig, 0)->pair, ==, "BTC/USDT");
    kw_lab_rig_clear(&rig);
}

/* -- entries that wait -- */

/* A bid of 100 (the open of row 1); @lows: of the rows from there on */
static void
set_up_maker(KwLabRig *rig, const gdouble *lows, guint n_lows, guint patience_rows)
{
    KwLabPair *pair;

    kw_lab_rig_init(rig);
    rig->options.stake.stake_amount = dec("100");
    rig->options.terms.timeframe_us = HOUR_US;
    rig->options.terms.startup_candles = 0;
    rig->options.terms.stoploss = -0.5;
    rig->options.fee_ratio = 0.004;
    rig->options.maker =
        (KwBacktestMaker){.patience_us = patience_rows * HOUR_US, .fee_ratio = 0.0025};
    pair = kw_lab_rig_add_pair(rig, "BTC/USDT", dec("0.01"));
    for (guint i = 0; i < n_lows + 1; i++) {
        gdouble low = i > 0 ? lows[i - 1] : 99;
        KwLabRow row = {.candle = {T0_US + i * HOUR_US, 100, 101, low, 100, 1},
                        .enter = i == 0};

        if (low < 99) /* all of it is below the bid */
            row.candle.open = row.candle.high = row.candle.close = low;
        kw_lab_pair_add_row(pair, &row);
    }
}

/* Filled at its price once a row goes through it, and only while it waits. */
static void
test_maker(void)
{
    static const struct {
        gdouble lows[5];
        guint patience_rows;
        gint filled_row; /* -1: never */
    } cases[] = {
        {{99.5, 100, 100, 100, 100}, 1, 1},  {{100, 99.99, 100, 100, 100}, 2, 2},
        {{100, 100, 99.5, 100, 100}, 2, -1}, {{100, 100, 100, 100, 100}, 9, -1},
        {{100, 98, 98, 98, 98}, 2, 2},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        KwBacktestCounters counters;
        KwLabRig rig;

        g_test_message("case %" G_GSIZE_FORMAT, i);
        set_up_maker(&rig, cases[i].lows, G_N_ELEMENTS(cases[i].lows), cases[i].patience_rows);
        kw_lab_rig_run(&rig);
        counters = *kw_backtest_get_counters(rig.backtest);
        if (cases[i].filled_row < 0) {
            g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 0);
            g_assert_cmpuint(counters.n_timed_out_entries, ==, cases[i].patience_rows < 5);
        } else {
            const KwTrade *trade = kw_lab_rig_get_trade(&rig, 0);
            gdouble amount = kw_decimal_to_double(trade->entry_amount);
            gdouble sold = kw_decimal_to_double(trade->close_rate);

            g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
            g_assert_cmpint(kw_decimal_cmp(trade->open_rate, dec("100")), ==, 0);
            g_assert_cmpint(trade->open_us, ==, T0_US + HOUR_US);
            /* the exit takes, and pays for it */
            g_assert_cmpfloat_with_epsilon(kw_decimal_to_double(trade->profit_abs),
                                           amount * (sold * 0.996 - 100 * 1.0025), 1e-6);
        }
        kw_lab_rig_clear(&rig);
    }
}

/* The high of the row that fills it, and a signal at its open, may lie before the fill: neither
 * sells it in that row. Its low and its close lie behind. */
static void
test_maker_filling_row(void)
{
    static const gdouble lows[] = {100, 99, 99.9, 100};
    static const struct {
        gdouble close, roi, stoploss;
        gboolean has_signal; /* to sell at the open of the filling row */
        gboolean is_sold;    /* in the filling row */
    } cases[] = {
        {100, 0.02, -0.5, FALSE, FALSE}, {103, 0.02, -0.5, FALSE, TRUE},
        {100, 9, -0.5, TRUE, FALSE},     {100, 9, -0.005, FALSE, TRUE},
        {100, 9, -0.5, FALSE, FALSE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        KwLabRow *filling;
        KwLabRig rig;

        g_test_message("case %" G_GSIZE_FORMAT, i);
        set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 2);
        rig.options.terms.roi[0] = (KwRoiStep){.minutes = 0, .ratio = cases[i].roi};
        rig.options.terms.n_roi = 1;
        rig.options.terms.stoploss = cases[i].stoploss;
        filling = &g_array_index(rig.pairs[0].rows, KwLabRow, 2);
        filling->candle.high = 103;
        filling->candle.close = cases[i].close;
        g_array_index(rig.pairs[0].rows, KwLabRow, 1).exit = cases[i].has_signal;
        kw_lab_rig_run(&rig);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
        g_assert_cmpint(kw_lab_rig_get_trade(&rig, 0)->close_us == T0_US + 2 * HOUR_US, ==,
                        cases[i].is_sold);
        kw_lab_rig_clear(&rig);
    }
}

/* The row that fills the bid of 100 opens below it, and below the stop: sold at its open. */
static void
test_maker_below(void)
{
    static const gdouble lows[] = {100, 98, 100, 100};
    KwLabRig rig;

    set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 2);
    rig.options.terms.stoploss = -0.01;
    g_array_index(rig.pairs[0].rows, KwLabRow, 2).candle =
        (KwCandle){T0_US + 2 * HOUR_US, 98.5, 98.9, 98, 98.5, 1};
    kw_lab_rig_run(&rig);
    g_assert_cmpint(kw_lab_rig_get_trade(&rig, 0)->close_us, ==, T0_US + 2 * HOUR_US);
    g_assert_cmpint(kw_decimal_cmp(kw_lab_rig_get_trade(&rig, 0)->close_rate, dec("98.5")), ==,
                    0);
    kw_lab_rig_clear(&rig);
}

/* Quarters of the rows; in the second one of row 1 the price goes through the bid. */
static KwSeries *
make_quarters(guint n_rows)
{
    KwSeries *quarters = kw_series_new(QUARTER_US);

    for (guint i = 0; i < n_rows * 4; i++) {
        KwCandle part = {T0_US + i * QUARTER_US, 100, 101, i == 5 ? 99.5 : 100, 100, 1};

        g_assert_true(kw_series_append(quarters, &part));
    }
    return quarters;
}

/* Within a row it waits as long as its patience says, in shorter candles. */
static void
test_maker_detail(void)
{
    for (guint quarters = 1; quarters <= 2; quarters++) {
        static const gdouble lows[] = {99.5, 100, 100};
        KwLabRig rig;

        set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 0);
        rig.options.maker.patience_us = quarters * QUARTER_US;
        rig.pairs[0].detail = make_quarters(4);
        kw_lab_rig_run(&rig);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, quarters == 2);
        kw_lab_rig_clear(&rig);
    }
}

/* A quarter without trades behind the one that fills it changes nothing. */
static void
test_maker_gap(void)
{
    static const gdouble lows[] = {99.5, 100, 100};
    g_autoptr(KwSeries) quarters = make_quarters(4);
    KwLabRig rig;

    set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 0);
    rig.options.maker.patience_us = 2 * QUARTER_US;
    rig.pairs[0].detail = kw_series_new(QUARTER_US);
    for (gsize i = 0; i < kw_series_get_length(quarters); i++) {
        KwCandle part = kw_series_get(quarters, i);

        if (i != 6)
            g_assert_true(kw_series_append(rig.pairs[0].detail, &part));
    }
    kw_lab_rig_run(&rig);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 1);
    kw_lab_rig_clear(&rig);
}

/* While it waits it has its place and its money; that it is taken back later in the row gives
 * neither to an entry at the begin of the row. */
static void
test_maker_rival(void)
{
    static const struct {
        guint max_open_trades;
        const gchar *wallet;
        guint n_rejected, n_trades;
    } cases[] = {{1, "1000", 1, 0}, {3, "150", 0, 0}, {3, "1000", 0, 1}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const gdouble lows[] = {99.5, 100, 100};
        const KwBacktestCounters *counters;
        KwLabRig rig;

        g_test_message("case %" G_GSIZE_FORMAT, i);
        set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 0);
        rig.options.maker.patience_us = QUARTER_US;
        rig.options.stake.max_open_trades = cases[i].max_open_trades;
        rig.options.wallet = dec(cases[i].wallet);
        rig.pairs[0].detail = make_quarters(4);
        add_rival(&rig, 1);
        rig.pairs[1].detail = kw_series_new(QUARTER_US);
        for (gint64 part_us = T0_US; part_us < T0_US + 4 * HOUR_US; part_us += QUARTER_US) {
            KwCandle part = {part_us, 100, 101, 99, 100, 1};

            g_assert_true(kw_series_append(rig.pairs[1].detail, &part));
        }
        kw_lab_rig_run(&rig);
        counters = kw_backtest_get_counters(rig.backtest);
        g_assert_cmpuint(counters->n_timed_out_entries, ==, 1);
        g_assert_cmpuint(counters->n_rejected, ==, cases[i].n_rejected);
        g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, cases[i].n_trades);
        kw_lab_rig_clear(&rig);
    }
}

/* Longer candles than the wait say nothing about it. */
static void
test_maker_impatient(void)
{
    static const gdouble lows[] = {99.5, 99.5};
    KwLabRig rig;

    set_up_maker(&rig, lows, G_N_ELEMENTS(lows), 0);
    rig.options.maker.patience_us = 60 * G_USEC_PER_SEC;
    kw_lab_rig_run(&rig);
    g_assert_cmpuint(kw_lab_rig_get_n_trades(&rig), ==, 0);
    kw_lab_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/backtest/vectors", test_vectors);
    g_test_add_func("/lab/backtest/fixed-stake-roi", test_fixed_stake_roi);
    g_test_add_func("/lab/backtest/unlimited-trailing-protections",
                    test_unlimited_trailing_protections);
    g_test_add_func("/lab/backtest/limit-timeout-amend", test_limit_timeout_amend);
    g_test_add_func("/lab/backtest/rows-passed-over", test_rows_passed_over);
    g_test_add_func("/lab/backtest/detail", test_detail);
    g_test_add_func("/lab/backtest/no-detail", test_without_detail);
    g_test_add_func("/lab/backtest/detail-guard", test_detail_guard);
    g_test_add_func("/lab/backtest/detail-order", test_detail_order);
    g_test_add_func("/lab/backtest/maker", test_maker);
    g_test_add_func("/lab/backtest/maker-filling-row", test_maker_filling_row);
    g_test_add_func("/lab/backtest/maker-below", test_maker_below);
    g_test_add_func("/lab/backtest/maker-detail", test_maker_detail);
    g_test_add_func("/lab/backtest/maker-gap", test_maker_gap);
    g_test_add_func("/lab/backtest/maker-rival", test_maker_rival);
    g_test_add_func("/lab/backtest/maker-impatient", test_maker_impatient);
    return g_test_run();
}
