/* test-op.c: every operation: equal to TA-Lib, causal, and the same in any cut */
#include "kw-indicator.h"
#include "kw-recipe.h"
#include "kw-test.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define FIRST_INDICATOR 6 /* columns before it: time and candle */
#define HOUR_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* -- fixture -- */

static GStrv
read_lines(void)
{
    g_autofree gchar *path = kw_test_fixture_path("indicators/talib-btc-1h.csv.gz");
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GZlibDecompressor) unzip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
    g_autoptr(GInputStream) packed = NULL, stream = NULL;
    g_autoptr(GOutputStream) text = g_memory_output_stream_new_resizable();
    g_autoptr(GError) error = NULL;

    packed = G_INPUT_STREAM(g_file_read(file, NULL, &error));
    g_assert_no_error(error);
    stream = g_converter_input_stream_new(packed, G_CONVERTER(unzip));
    g_output_stream_splice(text, stream, G_OUTPUT_STREAM_SPLICE_NONE, NULL, &error);
    g_assert_no_error(error);
    g_output_stream_write_all(text, "", 1, NULL, NULL, &error);
    g_assert_no_error(error);
    return g_strsplit(g_memory_output_stream_get_data(G_MEMORY_OUTPUT_STREAM(text)), "\n", -1);
}

static gdouble
cell(const gchar *text)
{
    return *text == '\0' ? (gdouble) NAN : g_ascii_strtod(text, NULL);
}

static KwField
field_of_letter(gchar letter)
{
    static const gchar letters[] = "ohlcvt";

    return (KwField) (strchr(letters, letter) - letters);
}

static KwColumn *
apply(KwFrame *frame, KwOp op, const gchar *inputs, gint first, gint second)
{
    KwColumn *columns[KW_OP_MAX_INPUTS] = {NULL};
    gint params[] = {first, second};
    g_autoptr(GError) error = NULL;
    KwColumn *column;

    for (gsize i = 0; inputs[i] != '\0'; i++)
        columns[i] = kw_frame_field(frame, field_of_letter(inputs[i]));
    column = kw_frame_apply(frame, op, columns, params, &error);
    g_assert_no_error(error);
    return column;
}

static void
assert_equals_fixture(const KwColumn *column, const gchar *name, GStrv lines, gsize cell_index)
{
    for (gsize row = 0; row < kw_column_get_n_rows(column); row++) {
        g_auto(GStrv) cells = g_strsplit(lines[row + 1], ",", -1);
        gdouble expected = cell(cells[cell_index]);
        gdouble got = kw_column_get_value(column, row);

        if (isnan(got) != isnan(expected) ||
            fabs(got - expected) > 1e-9 * MAX(1.0, fabs(expected)))
            g_error("%s, row %zu: %.17g, not %.17g", name, row, got, expected);
        g_assert_true(row < kw_column_get_warmup(column) || !isnan(got));
    }
}

static void
append_lines(KwFrame *frame, GStrv lines)
{
    for (gsize i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        KwCandle candle = {
            .open_us = g_ascii_strtoll(cells[0], NULL, 10) * G_USEC_PER_SEC,
            .open = cell(cells[1]),
            .high = cell(cells[2]),
            .low = cell(cells[3]),
            .close = cell(cells[4]),
            .volume = cell(cells[5]),
        };

        g_assert_true(kw_frame_append(frame, &candle));
    }
}

/* Every column of the fixture, by its name */
static void
test_talib(void)
{
    g_auto(GStrv) lines = read_lines();
    g_auto(GStrv) names = g_strsplit(lines[0], ",", -1);
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(HOUR_US));
    KwColumn *columns[64] = {NULL};
    guint n = g_strv_length(names);

    g_assert_cmpuint(n, ==, FIRST_INDICATOR + 44);
    append_lines(frame, lines);
    g_assert_cmpuint(kw_frame_get_n_rows(frame), ==, 1499);
    for (guint c = FIRST_INDICATOR; c < n; c++) {
        g_autoptr(GError) error = NULL;

        columns[c] = kw_indicator_apply(frame, names[c], NULL, &error);
        g_assert_no_error(error);
    }
    kw_frame_update(frame);
    for (guint c = FIRST_INDICATOR; c < n; c++)
        assert_equals_fixture(columns[c], names[c], lines, c);
}

/* -- any cut gives the same bits -- */

/* A walk with flat stretches, jumps, and hours without volume (close / volume is undefined) */
static KwCandle *
make_candles(gsize n)
{
    KwCandle *candles = g_new0(KwCandle, n);
    gdouble price = 100.0;

    for (gsize i = 0; i < n; i++) {
        gdouble open = price, spread = g_test_rand_double_range(0.0, 0.5);

        if (i % 97 >= 20)
            price *= exp(g_test_rand_double_range(-0.02, 0.02));
        candles[i] = (KwCandle){
            .open_us = (gint64) i * HOUR_US,
            .open = open,
            .high = MAX(open, price) + spread,
            .low = MIN(open, price) - spread,
            .close = price,
            .volume =
                g_test_rand_int_range(0, 60) == 0 ? 0.0 : g_test_rand_double_range(1.0, 9.0),
        };
    }
    return candles;
}

/* One operation with every sort of input and a small and a large parameter */
static void
add_op(KwFrame *frame, KwOp op, KwColumn *const *numbers, KwColumn *const *bools)
{
    const KwOpInfo *info = kw_op_get_info(op);

    for (gsize round = 0; round < 4; round++) {
        KwColumn *inputs[KW_OP_MAX_INPUTS];
        gint params[KW_OP_MAX_PARAMS] = {0};
        g_autoptr(GError) error = NULL;

        for (gsize i = 0; i < info->n_inputs; i++)
            inputs[i] = info->input_kind == KW_COLUMN_BOOL ? bools[(round + i) % 2]
                                                           : numbers[(round + i) % 3];
        for (gsize i = 0; i < info->n_params; i++)
            params[i] = round < 2 ? info->params[i].min : info->params[i].min + 19;
        g_assert_nonnull(kw_frame_apply(frame, op, inputs, params, &error));
        g_assert_no_error(error);
    }
}

static void
add_recipes(KwFrame *frame, KwColumn *const *numbers, KwColumn *const *bools)
{
    static const gint periods[] = {3, 10, 4};
    const KwPickCase cases[] = {{bools[0], "a"}, {bools[1], "b"}};
    KwMacd macd;
    KwBollinger bb;

    for (gsize i = 0; i < 3; i++) {
        g_assert_true(kw_recipe_macd(frame, numbers[i], periods, &macd, NULL));
        g_assert_true(kw_recipe_bollinger(frame, numbers[i], 20, 2.5, &bb, NULL));
    }
    g_assert_nonnull(kw_frame_pick(frame, cases, 2, "c", NULL));
}

static KwFrame *
make_frame(void)
{
    KwFrame *frame = kw_frame_new(kw_series_new(HOUR_US));
    KwColumn *ten = kw_frame_constant(frame, 10.0, NULL);
    KwColumn *close = kw_frame_field(frame, KW_FIELD_CLOSE);
    KwColumn *per_volume = apply(frame, KW_OP_DIV, "cv", 0, 0);
    KwColumn *numbers[] = {close, per_volume, kw_frame_field(frame, KW_FIELD_LOW)};
    KwColumn *crossing[] = {per_volume, ten};
    KwColumn *bools[] = {apply(frame, KW_OP_ABOVE, "co", 0, 0),
                         kw_frame_apply(frame, KW_OP_CROSSED_ABOVE, crossing, NULL, NULL)};

    g_assert_nonnull(kw_frame_apply(frame, KW_OP_MUL, crossing, NULL, NULL));
    for (guint op = 0; op < KW_OP_N; op++)
        add_op(frame, (KwOp) op, numbers, bools);
    add_recipes(frame, numbers, bools);
    return frame;
}

/* Every indicator of the table, with the least parameters and with usual ones */
static KwFrame *
make_indicator_frame(void)
{
    KwFrame *frame = kw_frame_new(kw_series_new(HOUR_US));
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (guint i = 0; i < n; i++) {
        KwColumn *inputs[KW_INDICATOR_MAX_INPUTS];
        gdouble few[KW_INDICATOR_MAX_PARAMS], many[KW_INDICATOR_MAX_PARAMS];
        g_autoptr(GError) error = NULL;

        for (gsize k = 0; table[i].inputs[k] != '\0'; k++)
            inputs[k] = kw_frame_field(frame, field_of_letter(table[i].inputs[k]));
        for (guint k = 0; k < table[i].n_params; k++) {
            few[k] = table[i].params[k].min;
            many[k] = MIN(table[i].params[k].min + 11 + 9 * k, table[i].params[k].max);
        }
        g_assert_nonnull(kw_indicator_build(&table[i], frame, inputs, few, NULL, &error));
        g_assert_nonnull(kw_indicator_build(&table[i], frame, inputs, many, NULL, &error));
        g_assert_no_error(error);
    }
    return frame;
}

typedef KwFrame *(*MakeFrame)(void);

static void
append(KwFrame *frame, const KwCandle *candles, gsize from, gsize to)
{
    for (gsize i = from; i < to; i++)
        g_assert_true(kw_frame_append(frame, &candles[i]));
    kw_frame_update(frame);
}

static KwFrame *
make_full(MakeFrame make, const KwCandle *candles, gsize n)
{
    KwFrame *frame = make();

    append(frame, candles, 0, n);
    return frame;
}

/* Row @row of @frame has the bits of row @row + @dropped of @full, in every column */
static void
assert_row_equal(const KwFrame *frame, const KwFrame *full, gsize row, gsize dropped)
{
    g_assert_cmpuint(kw_frame_get_n_columns(frame), ==, kw_frame_get_n_columns(full));
    for (guint c = 0; c < kw_frame_get_n_columns(frame); c++) {
        gdouble got = kw_column_get_value(kw_frame_get_column(frame, c), row);
        gdouble expected = kw_column_get_value(kw_frame_get_column(full, c), row + dropped);

        if (memcmp(&got, &expected, sizeof got) != 0 && !(isnan(got) && isnan(expected)))
            g_error("%s: row %zu is %.17g, not %.17g",
                    kw_column_get_name(kw_frame_get_column(frame, c)), row + dropped, got,
                    expected);
    }
}

static void
test_truncation(gconstpointer data)
{
    MakeFrame make = *(const MakeFrame *) data;
    const gsize n = 1500;
    g_autofree KwCandle *candles = make_candles(n);
    g_autoptr(KwFrame) full = make_full(make, candles, n);

    for (gsize round = 0; round < 12; round++) {
        gsize cut = (gsize) g_test_rand_int_range(1, (gint) n);
        g_autoptr(KwFrame) part = make_full(make, candles, cut);

        for (gsize row = 0; row < cut; row++)
            assert_row_equal(part, full, row, 0);
    }
}

static void
test_row_by_row(gconstpointer data)
{
    MakeFrame make = *(const MakeFrame *) data;
    const gsize n = 2600;
    g_autofree KwCandle *candles = make_candles(n);
    g_autoptr(KwFrame) full = make_full(make, candles, n);
    g_autoptr(KwFrame) single = make();
    g_autoptr(KwFrame) ragged = make();
    gsize done = 0;

    for (gsize i = 0; i < n; i++)
        append(single, candles, i, i + 1);
    while (done < n) {
        gsize step = (gsize) g_test_rand_int_range(1, 1400);
        gsize end = MIN(n, done + step);

        append(ragged, candles, done, end);
        done = end;
    }
    for (gsize row = 0; row < n; row++) {
        assert_row_equal(single, full, row, 0);
        assert_row_equal(ragged, full, row, 0);
    }
}

static void
test_trim(gconstpointer data)
{
    MakeFrame make = *(const MakeFrame *) data;
    const gsize n = 2600;
    g_autofree KwCandle *candles = make_candles(n);
    g_autoptr(KwFrame) full = make_full(make, candles, n);
    g_autoptr(KwFrame) frame = make();
    gsize dropped = 0, n_trims = 0;

    for (gsize i = 0; i < n; i++) {
        append(frame, candles, i, i + 1);
        if (g_test_rand_int_range(0, 40) == 0) {
            gsize cut = kw_frame_trim(frame, (gsize) g_test_rand_int_range(0, 80));

            dropped += cut;
            n_trims += cut > 0;
        }
        g_assert_cmpuint(kw_frame_get_n_rows(frame) + dropped, ==, i + 1);
        assert_row_equal(frame, full, kw_frame_get_n_rows(frame) - 1, dropped);
    }
    g_assert_cmpuint(n_trims, >, 10);
    for (gsize row = 0; row < kw_frame_get_n_rows(frame); row++)
        assert_row_equal(frame, full, row, dropped);
}

/* A column added late gets the values of one that was there from the start */
static void
test_late_column(void)
{
    g_autofree KwCandle *candles = make_candles(1300);
    g_autoptr(KwFrame) full = make_full(make_frame, candles, 1300);
    g_autoptr(KwFrame) late = kw_frame_new(kw_series_new(HOUR_US));
    KwColumn *column;
    gboolean found = FALSE;

    append(late, candles, 0, 1200);
    column = apply(late, KW_OP_SMA, "c", 20, 0);
    append(late, candles, 1200, 1300);
    for (guint c = 0; c < kw_frame_get_n_columns(full); c++) {
        const KwColumn *other = kw_frame_get_column(full, c);

        if (g_strcmp0(kw_column_get_name(other), "sma(close,20)") != 0)
            continue;
        found = TRUE;
        g_assert_cmpmem(kw_column_get_numbers(column) + 19, 1281 * sizeof(gdouble),
                        kw_column_get_numbers(other) + 19, 1281 * sizeof(gdouble));
    }
    g_assert_true(found);
}

int
main(int argc, char **argv)
{
    static const MakeFrame ops = make_frame, indicators = make_indicator_frame;

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/op/talib", test_talib);
    g_test_add_data_func("/columns/op/truncation", &ops, test_truncation);
    g_test_add_data_func("/columns/indicator/truncation", &indicators, test_truncation);
    g_test_add_data_func("/columns/op/row-by-row", &ops, test_row_by_row);
    g_test_add_data_func("/columns/indicator/row-by-row", &indicators, test_row_by_row);
    g_test_add_data_func("/columns/op/trim", &ops, test_trim);
    g_test_add_data_func("/columns/indicator/trim", &indicators, test_trim);
    g_test_add_func("/columns/op/late-column", test_late_column);
    return g_test_run();
}
