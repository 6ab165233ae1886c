/* test-frame.c: the graph: sharing, names, kinds, limits, labels */
#include "kw-frame.h"
#include "kw-recipe.h"

#include <math.h>
#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

static KwFrame *
make_frame(gsize n_rows)
{
    KwFrame *frame = kw_frame_new(kw_series_new(MINUTE_US));

    for (gsize i = 0; i < n_rows; i++) {
        gdouble price = 100.0 + (gdouble) ((i * 7) % 13);
        KwCandle candle = {(gint64) i * MINUTE_US, price, price + 1, price - 1, price, 5.0};

        g_assert_true(kw_frame_append(frame, &candle));
    }
    return frame;
}

static KwColumn *
apply1(KwFrame *frame, KwOp op, KwColumn *input, gint param)
{
    gint params[] = {param, 0};
    g_autoptr(GError) error = NULL;
    KwColumn *column = kw_frame_apply(frame, op, &input, params, &error);

    g_assert_no_error(error);
    return column;
}

static KwColumn *
apply2(KwFrame *frame, KwOp op, KwColumn *a, KwColumn *b)
{
    KwColumn *inputs[] = {a, b};
    g_autoptr(GError) error = NULL;
    KwColumn *column = kw_frame_apply(frame, op, inputs, NULL, &error);

    g_assert_no_error(error);
    return column;
}

static void
test_frame_refuses_candles(void)
{
    g_autoptr(KwFrame) frame = make_frame(2);
    KwCandle candle = {MINUTE_US, 1, 1, 1, 1, 1};

    g_assert_false(kw_frame_append(frame, &candle));
    candle.open_us = 5 * MINUTE_US;
    candle.high = NAN;
    g_assert_false(kw_frame_append(frame, &candle));
    candle.high = INFINITY;
    g_assert_false(kw_frame_append(frame, &candle));
    g_assert_cmpuint(kw_frame_get_n_rows(frame), ==, 2);
}

static void
test_frame_shares(void)
{
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *fast = apply1(frame, KW_OP_EMA, close, 9);
    guint n = kw_frame_get_n_columns(frame);

    g_assert_true(kw_frame_field(frame, KW_FIELD_CLOSE) == close);
    g_assert_true(apply1(frame, KW_OP_EMA, close, 9) == fast);
    g_assert_cmpuint(kw_frame_get_n_columns(frame), ==, n);
    g_assert_true(apply1(frame, KW_OP_EMA, close, 10) != fast);
    g_assert_true(apply1(frame, KW_OP_SMA, close, 9) != fast);
    g_assert_true(apply2(frame, KW_OP_SUB, fast, close) !=
                  apply2(frame, KW_OP_SUB, close, fast));
}

static void
test_frame_names(void)
{
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *fast = apply1(frame, KW_OP_EMA, close, 9);
    KwColumn *level = kw_frame_constant(frame, 0.1, NULL);
    KwColumn *sum = close;

    g_assert_cmpstr(kw_column_get_name(close), ==, "close");
    g_assert_cmpstr(kw_column_get_name(fast), ==, "ema(close,9)");
    g_assert_cmpstr(kw_column_get_name(apply2(frame, KW_OP_ABOVE, fast, level)), ==,
                    "above(ema(close,9),0.1)");
    for (gsize i = 0; i < 40; i++) {
        KwColumn *next = apply2(frame, KW_OP_ADD, sum, sum);

        g_assert_cmpstr(kw_column_get_name(next), !=, kw_column_get_name(sum));
        g_assert_cmpuint(strlen(kw_column_get_name(next)), <=, 96);
        sum = next;
    }
}

static void
test_frame_hash(void)
{
    g_autoptr(KwFrame) a = make_frame(0), b = make_frame(10), c = make_frame(0);
    g_autofree gchar *hash_a = NULL, *hash_b = NULL, *hash_c = NULL;

    (void) apply1(a, KW_OP_EMA, kw_frame_field(a, KW_FIELD_CLOSE), 9);
    (void) apply1(b, KW_OP_EMA, kw_frame_field(b, KW_FIELD_CLOSE), 9);
    (void) apply1(c, KW_OP_EMA, kw_frame_field(c, KW_FIELD_CLOSE), 10);
    hash_a = kw_frame_dup_hash(a);
    hash_b = kw_frame_dup_hash(b);
    hash_c = kw_frame_dup_hash(c);
    g_assert_cmpuint(strlen(hash_a), ==, 64);
    g_assert_cmpstr(hash_a, ==, hash_b);
    g_assert_cmpstr(hash_a, !=, hash_c);
}

static void
test_frame_rejects_params(void)
{
    static const struct {
        KwOp op;
        gint param;
        const gchar *message;
    } rows[] = {
        {KW_OP_SMA, 0, "sma: period must be between 1 and 5000, but is 0"},
        {KW_OP_EMA, -3, "ema: period must be between 1 and 5000, but is -3"},
        {KW_OP_RSI, 1, "rsi: period must be between 2 and 5000, but is 1"},
        {KW_OP_SHIFT, -1, "shift: n must be between 0 and 5000, but is -1"},
        {KW_OP_PCT_CHANGE, 0, "pct_change: n must be between 1 and 5000, but is 0"},
        {KW_OP_ROLLING_MAX, 5001,
         "rolling_max: period must be between 1 and 5000, but is 5001"},
    };
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint params[] = {rows[i].param, 0};
        g_autoptr(GError) error = NULL;

        g_assert_null(kw_frame_apply(frame, rows[i].op, &close, params, &error));
        g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
        g_assert_cmpstr(error->message, ==, rows[i].message);
    }
    g_assert_cmpuint(kw_frame_get_n_columns(frame), ==, 1);
}

static void
test_frame_rejects_inputs(void)
{
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *seven = kw_frame_constant(frame, 7.0, NULL);
    KwColumn *mixed[] = {apply2(frame, KW_OP_ABOVE, close, seven), close};
    gint period = 5;
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_frame_apply(frame, KW_OP_AND, mixed, NULL, &error));
    g_assert_cmpstr(error->message, ==,
                    "and: input 2 must be a boolean column, but close is a number column");
    g_clear_error(&error);
    g_assert_null(kw_frame_apply(frame, KW_OP_ADD, mixed, NULL, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
    g_clear_error(&error);
    g_assert_null(kw_frame_apply(frame, KW_OP_SMA, &seven, &period, &error));
    g_assert_cmpstr(error->message, ==, "sma: input 1 must be a column, not the number 7");
    g_clear_error(&error);
    g_assert_null(kw_frame_constant(frame, NAN, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
}

static void
test_frame_rejects_recipes(void)
{
    static const gint periods[][3] = {{26, 12, 9}, {12, 12, 9}, {0, 26, 9}, {12, 26, 0}};
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwBollinger bb = {0};

    for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
        KwMacd macd = {0};
        g_autoptr(GError) error = NULL;

        g_assert_false(kw_recipe_macd(frame, close, periods[i], &macd, &error));
        g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
        g_assert_null(macd.line);
    }
    g_assert_false(kw_recipe_bollinger(frame, close, 20, NAN, &bb, NULL));
    g_assert_false(kw_recipe_bollinger(frame, close, 20, -2.0, &bb, NULL));
    g_assert_false(kw_recipe_bollinger(frame, close, 1, 2.0, &bb, NULL));
}

static void
test_frame_limits_columns(void)
{
    g_autoptr(KwFrame) frame = make_frame(0);
    g_autoptr(GError) error = NULL;
    guint n = 0;

    while (kw_frame_constant(frame, (gdouble) n, &error) != NULL)
        n++;
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT);
    g_assert_cmpuint(n, ==, KW_FRAME_MAX_COLUMNS);
}

static void
test_frame_undefined(void)
{
    g_autoptr(KwFrame) frame = make_frame(3);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *zero = kw_frame_constant(frame, 0.0, NULL);
    KwColumn *nothing = apply2(frame, KW_OP_DIV, close, zero);
    KwColumn *above = apply2(frame, KW_OP_ABOVE, nothing, zero);
    KwColumn *at_most = apply2(frame, KW_OP_LE, nothing, zero);
    KwColumn *equal = apply2(frame, KW_OP_EQ, nothing, nothing);
    KwColumn *least = apply2(frame, KW_OP_MIN, zero, nothing);
    KwColumn *most = apply2(frame, KW_OP_MAX, nothing, zero);

    g_assert_true(isnan(kw_column_get_last(nothing)));
    kw_frame_update(frame);
    g_assert_true(isnan(kw_column_get_last(nothing)));
    g_assert_cmpfloat(kw_column_get_last(above), ==, 0.0);
    g_assert_cmpfloat(kw_column_get_last(at_most), ==, 0.0);
    g_assert_cmpfloat(kw_column_get_last(equal), ==, 0.0);
    g_assert_true(isnan(kw_column_get_last(least)));
    g_assert_true(isnan(kw_column_get_last(most)));
}

/* A cross is one row: where a <= b turned into a > b, a touch before it included */
static void
test_frame_cross(void)
{
    static const gdouble closes[] = {1, 5, 6, 5, 4, 5, 7, 3, 8};
    static const guint8 up[] = {0, 0, 1, 0, 0, 0, 1, 0, 1};
    static const guint8 down[] = {0, 0, 0, 0, 1, 0, 0, 1, 0};
    g_autoptr(KwFrame) frame = make_frame(0);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *five = kw_frame_constant(frame, 5.0, NULL);
    KwColumn *above = apply2(frame, KW_OP_CROSSED_ABOVE, close, five);
    KwColumn *below = apply2(frame, KW_OP_CROSSED_BELOW, close, five);

    for (gsize i = 0; i < G_N_ELEMENTS(closes); i++) {
        KwCandle candle = {(gint64) i, 1, 1, 1, closes[i], 1};

        g_assert_true(kw_frame_append(frame, &candle));
    }
    kw_frame_update(frame);
    g_assert_cmpmem(kw_column_get_bytes(above), G_N_ELEMENTS(up), up, G_N_ELEMENTS(up));
    g_assert_cmpmem(kw_column_get_bytes(below), G_N_ELEMENTS(down), down, G_N_ELEMENTS(down));
}

static void
test_frame_pick(void)
{
    g_autoptr(KwFrame) frame = make_frame(13);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *high = apply2(frame, KW_OP_ABOVE, close, kw_frame_constant(frame, 110, NULL));
    KwColumn *mid = apply2(frame, KW_OP_ABOVE, close, kw_frame_constant(frame, 105, NULL));
    const KwPickCase cases[] = {{high, "hoch"}, {mid, "mittel"}};
    const KwPickCase wrong[] = {{close, "x"}};
    const KwPickCase nameless[] = {{high, ""}};
    KwColumn *label = kw_frame_pick(frame, cases, 2, "tief", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(label);
    g_assert_true(kw_frame_pick(frame, cases, 2, "tief", NULL) == label);
    kw_frame_update(frame);
    for (gsize row = 0; row < 13; row++) {
        gdouble price = kw_column_get_value(close, row);
        const gchar *expected = price > 110 ? "hoch" : price > 105 ? "mittel" : "tief";

        g_assert_cmpstr(kw_column_get_label(label, row), ==, expected);
    }
    g_assert_true(g_str_has_suffix(kw_column_get_name(label), "'hoch','mittel','tief')"));
    g_assert_null(kw_frame_pick(frame, wrong, 1, "y", &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
    g_assert_null(kw_frame_pick(frame, nameless, 1, "y", NULL));
    g_assert_null(kw_frame_pick(frame, cases, 2, NULL, NULL));
    g_assert_null(kw_frame_pick(frame, cases, 0, "y", NULL));
}

/* The first defined row is the one that the warm-up says, for every look-back operation */
static void
test_frame_warmup(void)
{
    static const gint periods[] = {5, 12, 4};
    g_autoptr(KwFrame) frame = make_frame(100);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwMacd macd;

    for (guint op = KW_OP_SHIFT; op < KW_OP_N; op++) {
        KwColumn *inputs[] = {close, close, close};
        gint params[] = {7, 3};

        g_assert_nonnull(kw_frame_apply(frame, (KwOp) op, inputs, params, NULL));
    }
    g_assert_true(kw_recipe_macd(frame, close, periods, &macd, NULL));
    kw_frame_update(frame);
    for (guint c = 0; c < kw_frame_get_n_columns(frame); c++) {
        const KwColumn *column = kw_frame_get_column(frame, c);
        gsize row = 0;

        while (isnan(kw_column_get_value(column, row)))
            row++;
        g_assert_cmpuint(row, ==, kw_column_get_warmup(column));
    }
    g_assert_cmpuint(kw_column_get_warmup(macd.hist), ==, 14);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/frame/refuses-candles", test_frame_refuses_candles);
    g_test_add_func("/columns/frame/shares", test_frame_shares);
    g_test_add_func("/columns/frame/names", test_frame_names);
    g_test_add_func("/columns/frame/hash", test_frame_hash);
    g_test_add_func("/columns/frame/rejects-params", test_frame_rejects_params);
    g_test_add_func("/columns/frame/rejects-inputs", test_frame_rejects_inputs);
    g_test_add_func("/columns/frame/rejects-recipes", test_frame_rejects_recipes);
    g_test_add_func("/columns/frame/limits-columns", test_frame_limits_columns);
    g_test_add_func("/columns/frame/undefined", test_frame_undefined);
    g_test_add_func("/columns/frame/cross", test_frame_cross);
    g_test_add_func("/columns/frame/pick", test_frame_pick);
    g_test_add_func("/columns/frame/warmup", test_frame_warmup);
    return g_test_run();
}
