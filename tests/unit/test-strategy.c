/* test-strategy.c: the shipped strategies work, every bad one gets a clear message */
#include "kw-error.h"
#include "kw-indicator.h"
#include "kw-strategy.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static KwStrategy *
load_text(const gchar *text, GError **error)
{
    g_autoptr(GBytes) source = g_bytes_new(text, strlen(text));

    return kw_strategy_load_bytes("test.lua", source, NULL, error);
}

static KwStrategy *
load_shipped(const gchar *name)
{
    g_autofree gchar *path =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "strategies", name, NULL);
    g_autoptr(GError) error = NULL;
    KwStrategy *strategy = kw_strategy_load_file(path, NULL, &error);

    g_assert_no_error(error);
    return strategy;
}

/* A wave with a slow drift: crosses in both directions, RSI extremes, bands touched */
static KwCandle
make_candle(gsize i)
{
    gdouble x = (gdouble) i;
    gdouble close = 100.0 + 8.0 * sin(x / 17.0) + 5.0 * sin(x / 71.0) + 0.9 * sin(x * 1.7);
    gdouble open = 100.0 + 8.0 * sin((x - 1) / 17.0) + 5.0 * sin((x - 1) / 71.0);

    return (KwCandle){
        .open_us = (gint64) i * HOUR_US,
        .open = open,
        .high = MAX(open, close) + 0.3,
        .low = MIN(open, close) - 0.3,
        .close = close,
        .volume = 10.0,
    };
}

static KwFrame *
make_frame(gsize n_rows)
{
    KwFrame *frame = kw_frame_new(kw_series_new(HOUR_US));

    for (gsize i = 0; i < n_rows; i++) {
        KwCandle candle = make_candle(i);

        g_assert_true(kw_frame_append(frame, &candle));
    }
    return frame;
}

static KwStrategyColumns *
build(const KwStrategy *strategy, KwFrame *frame)
{
    g_autoptr(GError) error = NULL;
    KwStrategyColumns *columns = kw_strategy_build(strategy, frame, &error);

    g_assert_no_error(error);
    kw_frame_update(frame);
    return columns;
}

static void
test_strategy_ema_cross(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("ema_cross.lua");
    g_autoptr(KwFrame) frame = make_frame(1000);
    g_autoptr(KwStrategyColumns) columns = build(strategy, frame);
    const KwStrategyTerms *terms = kw_strategy_get_terms(strategy);
    const gdouble *fast, *slow, *rsi;
    guint n_enter = 0, n_exit = 0;

    g_assert_cmpstr(kw_strategy_get_name(strategy), ==, "ema_cross");
    g_assert_cmpstr(kw_strategy_get_timeframe(strategy), ==, "1h");
    g_assert_cmpint(terms->timeframe_us, ==, HOUR_US);
    g_assert_cmpfloat(terms->stoploss, ==, -0.10);
    g_assert_cmpuint(terms->n_roi, ==, 2);
    g_assert_cmpint(terms->roi[1].minutes, ==, 1440);
    g_assert_cmpfloat(terms->roi[0].ratio, ==, 0.08);
    g_assert_cmpuint(kw_strategy_columns_get_n_indicators(columns), ==, 5);
    g_assert_cmpstr(kw_strategy_columns_get_indicator_name(columns, 0), ==, "atr");
    g_assert_cmpstr(kw_strategy_columns_get_indicator_name(columns, 1), ==, "fast");
    g_assert_cmpstr(kw_column_get_name(kw_strategy_columns_get_indicator(columns, 1)), ==,
                    "ema(close,9)");

    fast = kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, 1));
    rsi = kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, 2));
    slow = kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, 3));
    for (gsize row = 1; row < 1000; row++) {
        gboolean up = fast[row] > slow[row] && fast[row - 1] <= slow[row - 1];
        KwSignalValues signal;

        kw_strategy_columns_get_signal(columns, row, &signal);
        g_assert_cmpint(signal.enter, ==, up && rsi[row] < 70);
        g_assert_cmpint(signal.exit, ==,
                        fast[row] < slow[row] && fast[row - 1] >= slow[row - 1]);
        g_assert_nonnull(signal.regime);
        g_assert_true(isnan(signal.confidence) && isnan(signal.stop) && signal.tag == NULL);
        n_enter += signal.enter;
        n_exit += signal.exit;
    }
    g_assert_cmpuint(n_enter, >, 3);
    g_assert_cmpuint(n_exit, >, 3);
}

static void
test_strategy_rsi_reversion(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("rsi_reversion.lua");
    g_autoptr(KwFrame) frame = make_frame(3000);
    g_autoptr(KwStrategyColumns) columns = build(strategy, frame);
    const KwStrategyTerms *terms = kw_strategy_get_terms(strategy);
    guint n_enter = 0, n_exit = 0;

    g_assert_true(terms->trailing_stop && terms->trailing_only_offset_is_reached);
    g_assert_cmpfloat(terms->trailing_stop_positive, ==, 0.015);
    g_assert_cmpuint(terms->n_roi, ==, 3);
    g_assert_cmpuint(kw_strategy_columns_get_warmup(columns), <, 250);
    for (gsize row = 250; row < 3000; row++) {
        KwSignalValues signal;

        kw_strategy_columns_get_signal(columns, row, &signal);
        g_assert_cmpfloat(signal.confidence, >=, 0.0);
        g_assert_cmpfloat(signal.confidence, <=, 1.0);
        g_assert_cmpfloat(signal.stop, <, make_candle(row).close);
        g_assert_true(strcmp(signal.tag, "unter_band") == 0 ||
                      strcmp(signal.tag, "am_band") == 0);
        n_enter += signal.enter;
        n_exit += signal.exit;
    }
    g_assert_cmpuint(n_enter, >, 3);
    g_assert_cmpuint(n_exit, >, 3);
}

/* -- other pairs and longer timeframes -- */

/* Two pairs of which one is told as "BTC/USDT" to the other */
static KwFrame *
make_pair_frame(gsize n_rows, KwFrame **out_btc)
{
    g_autoptr(KwNeighbours) neighbours = kw_neighbours_new();
    KwFrame *frame = make_frame(n_rows);

    *out_btc = kw_frame_new(kw_series_new(HOUR_US));
    for (gsize i = 0; i < n_rows; i++) {
        KwCandle candle = make_candle(i * 3 % 977);

        candle.open_us = (gint64) i * HOUR_US;
        g_assert_true(kw_frame_append(*out_btc, &candle));
    }
    kw_neighbours_add(neighbours, "BTC/USDT", kw_frame_get_series(*out_btc));
    kw_frame_set_neighbours(frame, neighbours);
    return frame;
}

static void
test_strategy_trend_filter(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("trend_filter.lua");
    g_autoptr(KwFrame) btc = NULL;
    g_autoptr(KwFrame) frame = make_pair_frame(2000, &btc);
    g_autoptr(KwStrategyColumns) columns = build(strategy, frame);
    const gdouble *change, *trend, *closes = kw_series_get_closes(kw_frame_get_series(btc));

    g_assert_cmpstr(kw_strategy_get_pairs(strategy)[0], ==, "BTC/USDT");
    g_assert_null(kw_strategy_get_pairs(strategy)[1]);
    g_assert_cmpuint(kw_strategy_columns_get_warmup(columns), <=, 800);
    g_assert_cmpstr(kw_strategy_columns_get_indicator_name(columns, 1), ==, "btc_change");
    change = kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, 1));
    trend = kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, 2));
    for (gsize row = 600; row < 2000; row++) {
        gsize last = (row + 1) / 4 * 4 - 1; /* closes the last whole four hours */
        gsize day = (row + 1) / 24 * 24 - 1;
        gdouble sum = 0;

        g_assert_cmpfloat_with_epsilon(change[row], closes[last] / closes[last - 24] - 1,
                                       1e-12);
        for (gsize k = 0; k < 20; k++)
            sum += make_candle(day - 24 * k).close;
        g_assert_cmpfloat_with_epsilon(trend[row], sum / 20, 1e-9);
    }
}

/* Cutting off what comes later leaves every value as it is, to the bit */
static void
test_strategy_trend_filter_cut(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("trend_filter.lua");
    g_autoptr(KwFrame) btc = NULL;
    g_autoptr(KwFrame) whole = make_pair_frame(1500, &btc);
    g_autoptr(KwStrategyColumns) expected = build(strategy, whole);

    for (gsize n_rows = 700; n_rows < 1500; n_rows += 61) {
        g_autoptr(KwFrame) other = NULL;
        g_autoptr(KwFrame) part = make_pair_frame(n_rows, &other);
        g_autoptr(KwStrategyColumns) columns = build(strategy, part);

        for (guint i = 0; i < kw_strategy_columns_get_n_indicators(columns); i++)
            g_assert_true(
                memcmp(kw_column_get_numbers(kw_strategy_columns_get_indicator(columns, i)),
                       kw_column_get_numbers(kw_strategy_columns_get_indicator(expected, i)),
                       n_rows * sizeof(gdouble)) == 0);
        g_assert_true(memcmp(kw_column_get_bytes(kw_strategy_columns_get_entry(columns)),
                             kw_column_get_bytes(kw_strategy_columns_get_entry(expected)),
                             n_rows) == 0);
    }
}

/* What is made of longer candles stays among them until it meets others */
static void
test_strategy_informative_names(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStrategy) strategy = load_text(
        "return { name = 'x', timeframe = '1h', stoploss = -0.1, indicators = function(c)\n"
        "  local h = informative('4h')\n"
        "  local m = macd(h.close)\n"
        "  return { a = shift(h.close, 1), b = shift(merge(h.close), 1), c = h.high - c.low,\n"
        "           d = column('ema_9', h), e = m.line, f = atr(h, 14) * 2 } end,\n"
        "  entry = function(c, i) return above(c.close, i.a) end }",
        &error);
    static const gchar *const names[] = {
        "4h(shift(close,1))",
        "shift(4h(close),1)",
        "sub(4h(high),low)",
        "4h(ema(close,9))",
        ("4h(where(sub(ema(close,12,14),ema(close,26)),ema(sub(ema(close,12,14),"
         "ema(close,26)),9)))"),
        "4h(mul(atr(high,low,close,14),2))"};
    g_autoptr(KwFrame) frame = make_frame(400);
    g_autoptr(KwStrategyColumns) columns = NULL;

    g_assert_no_error(error);
    columns = build(strategy, frame);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(kw_column_get_name(kw_strategy_columns_get_indicator(columns, i)), ==,
                        names[i]);
}

static void
test_strategy_informative_faults(void)
{
    static const struct {
        const gchar *call, *expected;
    } cases[] = {
        {"informative('5h')", "unknown timeframe"},
        {"informative('4h', 'nonsense')", "nonsense"},
        {"informative()", "string expected"},
        {"informative('4h').middle", "middle"},
        {"merge(3)", "column expected"},
        {"above(informative('4h').close, 3) and c.close", "used nowhere"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree gchar *text = g_strdup_printf(
            "return { name = 'x', timeframe = '1h', stoploss = -0.1, indicators = function(c)\n"
            "  return { a = %s } end, entry = function(c) return above(c.close, 1) end }",
            cases[i].call);
        g_autoptr(GError) error = NULL;

        g_assert_null(load_text(text, &error));
        g_assert_nonnull(strstr(error->message, cases[i].expected));
    }
}

static void
test_strategy_absent_pair(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("trend_filter.lua");
    g_autoptr(KwFrame) frame = make_frame(100);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_strategy_build(strategy, frame, &error));
    g_assert_nonnull(strstr(error->message, "no candles of BTC/USDT"));
}

/* A tier falls at once and rises to what two candles in a row have met */
static void
test_strategy_tier(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStrategy) strategy =
        load_text("return { name = 'x', timeframe = '1h', stoploss = -0.1,\n"
                  "  entry = function(c) return above(c.close, 0) end,\n"
                  "  confidence = function(c) return c.volume / 100 end }",
                  &error);
    static const gdouble volumes[] = {80, 80, 60, 70, 76, 90, 40, 90, 56, 57};
    static const KwConfidenceTier expected[] = {
        KW_CONFIDENCE_TIER_NONE, KW_CONFIDENCE_TIER_HIGH,   KW_CONFIDENCE_TIER_LOW,
        KW_CONFIDENCE_TIER_LOW,  KW_CONFIDENCE_TIER_MEDIUM, KW_CONFIDENCE_TIER_HIGH,
        KW_CONFIDENCE_TIER_NONE, KW_CONFIDENCE_TIER_NONE,   KW_CONFIDENCE_TIER_LOW,
        KW_CONFIDENCE_TIER_LOW};
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(HOUR_US));
    g_autoptr(KwStrategyColumns) columns = NULL;
    KwTierHold hold = {0}; /* the whole history, scan by scan */

    g_assert_no_error(error);
    for (gsize i = 0; i < G_N_ELEMENTS(volumes); i++) {
        KwCandle candle = make_candle(i);

        candle.volume = volumes[i];
        g_assert_true(kw_frame_append(frame, &candle));
    }
    columns = build(strategy, frame);
    for (gsize i = 0; i < G_N_ELEMENTS(volumes); i++) {
        KwSignalValues signal;

        kw_strategy_columns_get_signal(columns, i, &signal);
        g_assert_cmpint(signal.tier, ==, expected[i]);
        g_assert_cmpint(signal.tier, ==, kw_tier_hold_step(&hold, volumes[i] / 100));
    }
}

/* The daemon's way, a candle at a time with trimming, says what the one-go way says */
static void
test_strategy_stepwise(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("rsi_reversion.lua");
    g_autoptr(KwFrame) all = make_frame(3000);
    g_autoptr(KwFrame) frame = make_frame(0);
    g_autoptr(KwStrategyColumns) expected = build(strategy, all);
    g_autoptr(KwStrategyColumns) columns = build(strategy, frame);
    KwSignalValues got = {0}, want;

    g_assert_false(kw_strategy_columns_get_last_signal(columns, &got));
    for (gsize i = 0; i < 3000; i++) {
        KwCandle candle = make_candle(i);

        g_assert_true(kw_frame_append(frame, &candle));
        kw_frame_update(frame);
        if (kw_frame_get_n_rows(frame) >= 500)
            g_assert_cmpuint(kw_frame_trim(frame, 250), ==, 250);
        g_assert_true(kw_strategy_columns_get_last_signal(columns, &got));
        kw_strategy_columns_get_signal(expected, i, &want);
        g_assert_cmpint(got.enter, ==, want.enter);
        g_assert_cmpint(got.exit, ==, want.exit);
        g_assert_cmpstr(got.regime, ==, want.regime);
        g_assert_cmpstr(got.tag, ==, want.tag);
        g_assert_cmpmem(&got.stop, sizeof got.stop, &want.stop, sizeof want.stop);
        g_assert_cmpmem(&got.confidence, sizeof(gdouble), &want.confidence, sizeof(gdouble));
    }
}

static void
test_strategy_params(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("ema_cross.lua");
    g_autoptr(KwStrategy) again = load_shipped("ema_cross.lua");
    g_autoptr(KwFrame) frame = make_frame(50);
    g_autoptr(KwStrategyColumns) columns = NULL;
    g_autofree gchar *before = g_strdup(kw_strategy_get_identity(strategy));
    g_autoptr(GError) error = NULL;
    const KwStrategyParam *params;
    guint n = 0;

    params = kw_strategy_get_params(strategy, &n);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(params[0].name, ==, "fast");
    g_assert_cmpfloat(params[0].max, ==, 30);
    g_assert_true(params[0].is_integer);
    g_assert_cmpstr(before, ==, kw_strategy_get_identity(again));
    g_assert_cmpuint(strlen(before), ==, 64);

    g_assert_true(kw_strategy_set_param(strategy, "fast", 12, &error));
    g_assert_cmpstr(kw_strategy_get_identity(strategy), !=, before);
    columns = build(strategy, frame);
    g_assert_cmpstr(kw_column_get_name(kw_strategy_columns_get_indicator(columns, 1)), ==,
                    "ema(close,12)");

    g_assert_false(kw_strategy_set_param(strategy, "fast", 31, &error));
    g_assert_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE);
    g_assert_cmpstr(
        error->message, ==,
        "ema_cross.lua: params.fast: must be a whole number from 3 to 30, but is 31");
    g_clear_error(&error);
    g_assert_false(kw_strategy_set_param(strategy, "fast", 9.5, NULL));
    g_assert_false(kw_strategy_set_param(strategy, "fast", NAN, NULL));
    g_assert_false(kw_strategy_set_param(strategy, "fats", 9, &error));
    g_assert_true(kw_strategy_set_param(strategy, "fast", 9, NULL));
    g_assert_cmpstr(kw_strategy_get_identity(strategy), ==, before);
}

static const struct {
    const gchar *file;
    KwStrategyError code;
    const gchar *message; /* its beginning, after the file name */
} bad_rows[] = {
    {"endless-loop", KW_STRATEGY_ERROR_BUDGET, ":3: more than 10000000 steps"},
    {"endless-chunk", KW_STRATEGY_ERROR_BUDGET, ":3: more than 10000000 steps"},
    {"huge-string", KW_STRATEGY_ERROR_RUN, ":3: resulting string too large"},
    {"large-string", KW_STRATEGY_ERROR_BUDGET, ":3: more than 16384 kB of memory"},
    {"huge-table", KW_STRATEGY_ERROR_BUDGET, ":5: more than 16384 kB of memory"},
    {"slow-insert", KW_STRATEGY_ERROR_BUDGET, ":5: more than 10000000 steps"},
    {"recursion", KW_STRATEGY_ERROR_BUDGET, ":2: calls nested deeper than 200"},
    {"error-in-middle", KW_STRATEGY_ERROR_RUN, ":5: attempt to index a nil value"},
    {"error-call", KW_STRATEGY_ERROR_RUN, ":3: das geht nicht"},
    {"syntax", KW_STRATEGY_ERROR_SYNTAX, ":3: "},
    {"returns-number", KW_STRATEGY_ERROR_VALUE, ": must end with return { ... }, but returned"},
    {"returns-nothing", KW_STRATEGY_ERROR_VALUE,
     ": must end with return { ... }, but returned"},
    {"nan-stoploss", KW_STRATEGY_ERROR_VALUE, ": stoploss: must be a finite number"},
    {"stoploss-positive", KW_STRATEGY_ERROR_VALUE,
     ": stoploss: must be at least -1 and below 0"},
    {"stoploss-below", KW_STRATEGY_ERROR_VALUE, ": stoploss: must be at least -1 and below 0"},
    {"stoploss-text", KW_STRATEGY_ERROR_VALUE, ": stoploss: must be a number, but is a string"},
    {"stoploss-missing", KW_STRATEGY_ERROR_VALUE, ": stoploss: is missing"},
    {"timeframe", KW_STRATEGY_ERROR_VALUE,
     ": timeframe: '7m' is an unknown timeframe; known are 1m"},
    {"roi-text", KW_STRATEGY_ERROR_VALUE, ": minimal_roi: [0] must be a finite number"},
    {"roi-key", KW_STRATEGY_ERROR_VALUE, ": minimal_roi: keys must be whole minutes"},
    {"entry-number", KW_STRATEGY_ERROR_VALUE, ":2: entry: must return a boolean column"},
    {"entry-true", KW_STRATEGY_ERROR_VALUE, ":2: entry: must return a boolean column"},
    {"entry-missing", KW_STRATEGY_ERROR_VALUE, ": entry: is missing"},
    {"entry-no-function", KW_STRATEGY_ERROR_VALUE, ": entry: must be a function"},
    {"unknown-field", KW_STRATEGY_ERROR_VALUE,
     ": unknown field 'trailing_stpo' (did you mean 'trailing_stop'?)"},
    {"param-range", KW_STRATEGY_ERROR_VALUE,
     ": params.fast: default 50.0 is not between min 3.0 and max 30.0"},
    {"param-key", KW_STRATEGY_ERROR_VALUE,
     ": params.fast: unknown field 'defualt' (did you mean 'default'?)"},
    {"bad-period", KW_STRATEGY_ERROR_RUN, ":3: ema: period must be between 1 and 5000"},
    {"look-ahead", KW_STRATEGY_ERROR_RUN, ":3: shift: n must be between 0 and 5000"},
    {"wrong-indicator", KW_STRATEGY_ERROR_RUN,
     ":4: no 'fsat' among the indicators (did you mean 'fast'?)"},
    {"wrong-candle", KW_STRATEGY_ERROR_RUN,
     ":3: no 'clsoe' among the candle fields (did you mean 'close'?)"},
    {"compare", KW_STRATEGY_ERROR_RUN, ":3: columns cannot be compared with <"},
    {"lost-condition", KW_STRATEGY_ERROR_VALUE, ": the condition above(close,5) is computed"},
    {"reads-file", KW_STRATEGY_ERROR_RUN, ":3: attempt to index a nil value (global 'io')"},
    {"catches-budget", KW_STRATEGY_ERROR_RUN,
     ":3: attempt to call a nil value (global 'pcall')"},
    {"infinite-constant", KW_STRATEGY_ERROR_RUN, ":3: a constant must be a finite number"},
    {"too-many-columns", KW_STRATEGY_ERROR_RUN, ":5: more than 512 columns"},
    {"indicator-number", KW_STRATEGY_ERROR_VALUE, ":2: indicators: 'level' must be a column"},
    {"regime-text", KW_STRATEGY_ERROR_VALUE, ":3: regime: must return a label column"},
    {"offset-missing", KW_STRATEGY_ERROR_VALUE,
     ": trailing_stop_positive_offset: must be above"},
    {"empty", KW_STRATEGY_ERROR_LOAD, ": is empty"},
    {"bytecode", KW_STRATEGY_ERROR_LOAD, ": is compiled Lua"},
    {"no-such-file", KW_STRATEGY_ERROR_LOAD, ": cannot be read"},
};

static void
test_strategy_bad(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree gchar *relative = g_strdup_printf("strategies/bad/%s.lua", bad_rows[i].file);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *prefix =
        g_strdup_printf("%s.lua%s", bad_rows[i].file, bad_rows[i].message);
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_strategy_load_file(path, NULL, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, KW_STRATEGY_ERROR, (gint) bad_rows[i].code);
    if (!g_str_has_prefix(error->message, prefix))
        g_error("'%s' does not begin with '%s'", error->message, prefix);
}

/* Every file of the folder is in the table */
static void
test_strategy_bad_complete(void)
{
    g_autofree gchar *path = kw_test_fixture_path("strategies/bad");
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;
    guint n = 0;

    g_assert_nonnull(dir);
    while ((name = g_dir_read_name(dir)) != NULL)
        n++;
    g_assert_cmpuint(n + 1, ==, G_N_ELEMENTS(bad_rows)); /* one row has no file */
}

/* A global written while one pair is built must not be seen when the next one is */
static void
test_strategy_forgets_globals(void)
{
    static const gchar text[] =
        "return { name = 'x', timeframe = '1h', stoploss = -0.1,\n"
        "  entry = function(c) seen = (seen or 0) + 1; return above(c.close, seen) end }";
    g_autoptr(GError) error = NULL;
    g_autoptr(KwStrategy) strategy = load_text(text, &error);
    g_autoptr(KwFrame) a = make_frame(3), b = make_frame(3);
    g_autoptr(KwStrategyColumns) first = NULL, second = NULL;

    g_assert_no_error(error);
    first = build(strategy, a);
    second = build(strategy, b);
    g_assert_cmpstr(kw_column_get_name(kw_strategy_columns_get_entry(first)), ==,
                    "above(close,1)");
    g_assert_cmpstr(kw_column_get_name(kw_strategy_columns_get_entry(second)), ==,
                    "above(close,1)");
}

/* Every indicator is a function, and the same column as by its field name */
static void
test_strategy_indicators(void)
{
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (guint i = KW_FIELD_VOLUME + 1; i < n; i++) {
        gboolean needs_period = table[i].n_params > 0 && isnan(table[i].params[0].fallback);
        gboolean is_other = g_str_equal(table[i].name, "macd") ||
                            g_str_equal(table[i].name, "max") ||
                            g_str_equal(table[i].name, "min");
        const gchar *input =
            strlen(table[i].inputs) == 1 && g_str_equal(table[i].inputs, "c") ? "c.close" : "c";
        g_autofree gchar *text = g_strdup_printf(
            "return { name = 'x', timeframe = '1h', stoploss = -0.1,\n"
            "  indicators = function(c) return { a = %s(%s%s), b = column('%s%s') } end,\n"
            "  entry = function(c, i)\n"
            "    if tostring(i.a) ~= tostring(i.b) then error(tostring(i.a)) end\n"
            "    return above(c.close, 1) end }",
            table[i].name, input, needs_period ? ", 14" : "", table[i].name,
            needs_period ? "_14" : "");
        g_autoptr(GError) error = NULL;
        g_autoptr(KwStrategy) strategy = NULL;

        if (is_other || table[i].inputs[0] == 't')
            continue;
        strategy = load_text(text, &error);
        g_assert_no_error(error);
    }
}

/* The order of a Lua hash changes from run to run; that of pairs must not */
static void
test_strategy_sorted_pairs(void)
{
    static const gchar text[] =
        "return { name = 'x', timeframe = '1h', stoploss = -0.1,\n"
        "  entry = function(c)\n"
        "    local order = ''\n"
        "    for k in pairs{ q = 1, z = 1, a = 1, m = 1, [3] = 1, [1] = 1 } do\n"
        "      order = order .. k\n"
        "    end\n"
        "    error(order)\n"
        "  end }";
    g_autoptr(GError) error = NULL;

    g_assert_null(load_text(text, &error));
    g_assert_cmpstr(error->message, ==, "test.lua:7: 13amqz");
}

static void
test_strategy_wrong_timeframe(void)
{
    g_autoptr(KwStrategy) strategy = load_shipped("ema_cross.lua");
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(HOUR_US / 4));
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_strategy_build(strategy, frame, &error));
    g_assert_cmpstr(error->message, ==, "ema_cross.lua: needs candles of 1h");
}

/* Whatever the memory limit cuts off, there is an error and no crash */
static void
test_strategy_small_memory(void)
{
    g_autofree gchar *path = g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "strategies",
                                              "rsi_reversion.lua", NULL);
    gsize n_failed = 0;

    for (gsize bytes = 0; bytes < 96 * 1024; bytes += 512) {
        KwStrategyLimits limits = {.max_memory_bytes = bytes, .max_steps = 1000000};
        g_autoptr(GError) error = NULL;
        g_autoptr(KwStrategy) strategy = kw_strategy_load_file(path, &limits, &error);

        g_assert_cmpint(strategy == NULL, ==, error != NULL);
        if (strategy != NULL)
            continue;
        n_failed++;
        g_assert_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_BUDGET);
    }
    g_assert_cmpuint(n_failed, >, 10);
}

/* What is not listed is not there */
static void
test_strategy_white_list(void)
{
    static const gchar *const names[] = {"io",          "os",           "package",
                                         "debug",       "load",         "loadstring",
                                         "dofile",      "loadfile",     "require",
                                         "coroutine",   "pcall",        "xpcall",
                                         "_G",          "setmetatable", "getmetatable",
                                         "next",        "rawset",       "collectgarbage",
                                         "math.random", "string.dump",  "string.gsub",
                                         "('').format", "table.move"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree gchar *text =
            g_strdup_printf("if %s ~= nil then error('reachable') end return 1", names[i]);
        g_autoptr(GError) error = NULL;

        g_assert_null(load_text(text, &error));
        g_test_message("%s: %s", names[i], error->message);
        g_assert_nonnull(strstr(error->message, "must end with return"));
    }
}

/* A shipped file with a few bytes changed: it loads or there is a message, nothing else */
static void
test_strategy_mutations(void)
{
    static const KwStrategyLimits limits = {1024 * 1024, 200000};
    static const gchar letters[] = "(){}[]=,.&|~-+*/<>#'\"0123456789aeinprx \n\\\xff";
    g_autofree gchar *path = g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "strategies",
                                              "rsi_reversion.lua", NULL);
    g_autofree gchar *text = NULL;
    gsize length = 0, n_loaded = 0;

    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    for (gsize round = 0; round < 250; round++) {
        g_autofree gchar *changed = g_memdup2(text, length);
        g_autoptr(GBytes) source = NULL;
        g_autoptr(KwStrategy) strategy = NULL;
        g_autoptr(GError) error = NULL;

        for (gint n = g_test_rand_int_range(1, 5); n > 0; n--)
            changed[g_test_rand_int_range(0, (gint) length)] =
                letters[g_test_rand_int_range(0, sizeof letters - 1)];
        source = g_bytes_new(changed, length);
        strategy = kw_strategy_load_bytes("test.lua", source, &limits, &error);
        g_assert_cmpint(strategy == NULL, ==, error != NULL);
        if (error != NULL)
            g_assert_true(g_str_has_prefix(error->message, "test.lua:"));
        n_loaded += strategy != NULL;
    }
    g_assert_cmpuint(n_loaded, >, 0);
    g_assert_cmpuint(n_loaded, <, 250);
}

static void
add_bad_tests(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
        g_autofree gchar *path = g_strdup_printf("/strategy/bad/%s", bad_rows[i].file);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_strategy_bad);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strategy/ema-cross", test_strategy_ema_cross);
    g_test_add_func("/strategy/rsi-reversion", test_strategy_rsi_reversion);
    g_test_add_func("/strategy/trend-filter", test_strategy_trend_filter);
    g_test_add_func("/strategy/trend-filter-cut", test_strategy_trend_filter_cut);
    g_test_add_func("/strategy/informative-names", test_strategy_informative_names);
    g_test_add_func("/strategy/informative-faults", test_strategy_informative_faults);
    g_test_add_func("/strategy/tier", test_strategy_tier);
    g_test_add_func("/strategy/absent-pair", test_strategy_absent_pair);
    g_test_add_func("/strategy/stepwise", test_strategy_stepwise);
    g_test_add_func("/strategy/params", test_strategy_params);
    g_test_add_func("/strategy/forgets-globals", test_strategy_forgets_globals);
    g_test_add_func("/strategy/indicators", test_strategy_indicators);
    g_test_add_func("/strategy/sorted-pairs", test_strategy_sorted_pairs);
    g_test_add_func("/strategy/wrong-timeframe", test_strategy_wrong_timeframe);
    g_test_add_func("/strategy/small-memory", test_strategy_small_memory);
    g_test_add_func("/strategy/white-list", test_strategy_white_list);
    g_test_add_func("/strategy/mutations", test_strategy_mutations);
    g_test_add_func("/strategy/bad-complete", test_strategy_bad_complete);
    add_bad_tests();
    return g_test_run();
}
