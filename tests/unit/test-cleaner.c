/* test-cleaner.c: every kind of bad row, and that rows read = kept + rejected */
#include "kw-cleaner.h"

#include <math.h>

#define MINUTE (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0 (G_GINT64_CONSTANT(29553930) * MINUTE)

static KwCandle
good_candle(gint64 open_us)
{
    return (KwCandle){open_us, 100, 102, 99, 101, 5};
}

/* Rows at the given minutes, which may be fractions */
static GArray *
rows_at(const gdouble *minutes, guint n_rows)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(KwRawRow));

    for (guint i = 0; i < n_rows; i++) {
        KwRawRow row = {
            .line = i + 2,
            .field = KW_ROW_FIELD_NONE,
            .candle = good_candle(T0 + (gint64) (minutes[i] * MINUTE)),
        };
        g_array_append_val(rows, row);
    }
    return rows;
}

typedef struct {
    KwSeries *series;
    KwCleanReport *report;
} Result;

static Result
run(GArray *rows, gint64 now_us)
{
    Result result = {.series = kw_series_new(MINUTE)};

    result.report = kw_cleaner_run(rows, now_us, result.series);
    g_assert_cmpuint(result.report->n_read, ==,
                     result.report->n_kept + result.report->n_rejected);
    g_assert_cmpuint(result.report->n_kept, ==, kw_series_get_length(result.series));
    return result;
}

static void
result_clear(Result *result)
{
    kw_series_free(result->series);
    kw_clean_report_free(result->report);
}

static void
assert_note(const KwCleanReport *report, guint index, guint line, KwRowReason reason)
{
    const KwRowNote *note = &g_array_index(report->notes, KwRowNote, index);

    g_assert_cmpuint(index, <, report->notes->len);
    g_assert_cmpuint(note->line, ==, line);
    g_assert_cmpstr(kw_row_reason_to_string(note->reason), ==, kw_row_reason_to_string(reason));
}

/* F31: each wrong value is rejected with the name of its field. */
static void
test_cleaner_values(void)
{
    static const struct {
        KwCandle candle;
        KwRowReason reason;
        KwRowField field;
    } rows[] = {
        {{0, 100, 102, 99, 101, 5}, KW_ROW_FINE, KW_ROW_FIELD_NONE},
        {{0, 100, 102, 99, 101, 0}, KW_ROW_FINE, KW_ROW_FIELD_NONE},
        {{0, 100, 100, 100, 100, 0}, KW_ROW_FINE, KW_ROW_FIELD_NONE},
        {{0, 0, 102, 99, 101, 5}, KW_ROW_PRICE_ZERO, KW_ROW_FIELD_OPEN},
        {{0, 100, -1, 99, 101, 5}, KW_ROW_NEGATIVE, KW_ROW_FIELD_HIGH},
        {{0, 100, 102, NAN, 101, 5}, KW_ROW_NOT_FINITE, KW_ROW_FIELD_LOW},
        {{0, 100, 102, 99, INFINITY, 5}, KW_ROW_NOT_FINITE, KW_ROW_FIELD_CLOSE},
        {{0, 100, 1e308, 99, 101, 5}, KW_ROW_RANGE, KW_ROW_FIELD_HIGH},
        {{0, 100, 102, 99, 101, -5}, KW_ROW_NEGATIVE, KW_ROW_FIELD_VOLUME},
        {{0, 103, 102, 99, 101, 5}, KW_ROW_HIGH_LOW, KW_ROW_FIELD_OPEN},
        {{0, 100, 102, 99, 98, 5}, KW_ROW_HIGH_LOW, KW_ROW_FIELD_CLOSE},
        {{0, 100, 90, 110, 100, 5}, KW_ROW_HIGH_LOW, KW_ROW_FIELD_OPEN},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        KwRowField field = KW_ROW_FIELD_TIME;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpint(kw_cleaner_check_candle(&rows[i].candle, &field), ==, rows[i].reason);
        g_assert_cmpstr(kw_row_field_to_string(field), ==,
                        kw_row_field_to_string(rows[i].field));
    }
}

/* F30: out of order, duplicate, gap, from the future. */
static void
test_cleaner_order(void)
{
    const gdouble minutes[] = {0, 1, 2, 1.0, 3, 3, 7, 8, 9};
    g_autoptr(GArray) rows = rows_at(minutes, G_N_ELEMENTS(minutes));
    Result result;

    g_array_index(rows, KwRawRow, 5).candle.close = 100.5;
    result = run(rows, T0 + 9 * MINUTE); /* the row of minute 9 has not closed */
    g_assert_cmpuint(result.report->n_kept, ==, 6);
    g_assert_cmpuint(result.report->notes->len, ==, 3);
    assert_note(result.report, 0, 5, KW_ROW_OUT_OF_ORDER);
    assert_note(result.report, 1, 7, KW_ROW_CONFLICT);
    assert_note(result.report, 2, 10, KW_ROW_FUTURE);
    /* the first of two stays, and the gap stays a gap */
    g_assert_cmpfloat(kw_series_get_closes(result.series)[3], ==, 101);
    g_assert_cmpint(kw_series_get_times(result.series)[4], ==, T0 + 7 * MINUTE);
    result_clear(&result);
}

static void
test_cleaner_duplicate(void)
{
    const gdouble minutes[] = {0, 1, 1, 1, 2};
    g_autoptr(GArray) rows = rows_at(minutes, G_N_ELEMENTS(minutes));
    Result result = run(rows, G_MAXINT64);

    g_assert_cmpuint(result.report->n_kept, ==, 3);
    g_assert_cmpuint(result.report->counts[KW_ROW_DUPLICATE], ==, 2);
    result_clear(&result);
}

/* One time that is far too late must not push out all that follows. */
static void
test_cleaner_stray_time(void)
{
    const gdouble minutes[] = {0, 1, 900000, 3, 4, 5};
    g_autoptr(GArray) rows = rows_at(minutes, G_N_ELEMENTS(minutes));
    Result result = run(rows, G_MAXINT64);

    g_assert_cmpuint(result.report->n_kept, ==, 5);
    assert_note(result.report, 0, 4, KW_ROW_OUT_OF_ORDER);
    result_clear(&result);
}

static void
test_cleaner_descending(void)
{
    const gdouble minutes[] = {5, 4, 3, 1, 0};
    g_autoptr(GArray) rows = rows_at(minutes, G_N_ELEMENTS(minutes));
    Result result = run(rows, G_MAXINT64);

    g_assert_cmpuint(result.report->n_kept, ==, 5);
    g_assert_cmpuint(result.report->n_repaired, ==, 5);
    g_assert_cmpuint(result.report->counts[KW_ROW_REVERSED], ==, 5);
    g_assert_cmpint(kw_series_get_times(result.series)[0], ==, T0);
    g_assert_cmpint(kw_series_get_times(result.series)[2], ==, T0 + 3 * MINUTE);
    assert_note(result.report, 0, 2, KW_ROW_REVERSED); /* in the order of the lines */
    result_clear(&result);
}

/* A constant offset is moved to the grid; a lone odd row, and half a timeframe, are not. */
static void
test_cleaner_grid(void)
{
    static const struct {
        gdouble offset;
        guint n_rows;
        gsize n_kept;
    } cases[] = {{0.35, 20, 20}, {-0.2, 20, 20}, {0.35, 9, 0}, {0.5, 20, 0}};

    for (gsize c = 0; c < G_N_ELEMENTS(cases); c++) {
        gdouble minutes[20];
        g_autoptr(GArray) rows = NULL;
        Result result;

        g_test_message("case %" G_GSIZE_FORMAT, c);
        for (guint i = 0; i < cases[c].n_rows; i++)
            minutes[i] = 100 + i + cases[c].offset;
        rows = rows_at(minutes, cases[c].n_rows);
        result = run(rows, G_MAXINT64);
        g_assert_cmpuint(result.report->n_kept, ==, cases[c].n_kept);
        g_assert_cmpuint(result.report->counts[KW_ROW_SNAPPED], ==, cases[c].n_kept);
        if (cases[c].n_kept > 0)
            g_assert_cmpint(kw_series_get_times(result.series)[0], ==, T0 + 100 * MINUTE);
        else
            g_assert_cmpuint(result.report->counts[KW_ROW_OFF_GRID], ==, cases[c].n_rows);
        result_clear(&result);
    }
}

/* F32: a fall of 99 % in one candle stays in the data, with a flag. */
static void
test_cleaner_jump(void)
{
    const gdouble minutes[] = {0, 1, 2, 3};
    g_autoptr(GArray) rows = rows_at(minutes, G_N_ELEMENTS(minutes));
    Result result;

    g_array_index(rows, KwRawRow, 2).candle =
        (KwCandle){T0 + 2 * MINUTE, 1.01, 1.02, 0.99, 1.01, 5};
    result = run(rows, G_MAXINT64);
    g_assert_cmpuint(result.report->n_kept, ==, 4);
    g_assert_cmpuint(result.report->n_repaired, ==, 0);
    g_assert_cmpuint(result.report->counts[KW_ROW_JUMP], ==, 2); /* down, and up again */
    assert_note(result.report, 0, 4, KW_ROW_JUMP);
    assert_note(result.report, 1, 5, KW_ROW_JUMP);
    result_clear(&result);
}

static gdouble
random_value(void)
{
    static const gdouble odd[] = {0, -1, 1e308, NAN, INFINITY, 1e-300};

    if (g_test_rand_int_range(0, 8) == 0)
        return odd[g_test_rand_int_range(0, G_N_ELEMENTS(odd))];
    return g_test_rand_double_range(95, 105);
}

/* Property: whatever comes in, the counts add up and what goes out is valid and ascending. */
static void
test_cleaner_any_input(void)
{
    for (guint round = 0; round < 300; round++) {
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(KwRawRow));
        gint n_rows = g_test_rand_int_range(0, 60);
        gint64 minute = 0;
        Result result;

        for (gint i = 0; i < n_rows; i++) {
            KwRawRow row = {.line = (guint) i + 1};
            gdouble close = random_value();

            minute += g_test_rand_int_range(-2, 4);
            row.candle = (KwCandle){T0 + minute * MINUTE,   random_value(), close * 1.1,
                                    MIN(close * 0.9, 94.0), close,          random_value()};
            if (g_test_rand_int_range(0, 10) == 0)
                row.candle.open_us += g_test_rand_int_range(-1000000, 1000000);
            if (g_test_rand_int_range(0, 10) == 0)
                row.reason = KW_ROW_SYNTAX;
            g_array_append_val(rows, row);
        }
        result = run(rows, T0 + 40 * MINUTE);
        for (gsize i = 0; i < kw_series_get_length(result.series); i++) {
            KwCandle candle = kw_series_get(result.series, i);

            g_assert_cmpint(kw_cleaner_check_candle(&candle, NULL), ==, KW_ROW_FINE);
            g_assert_cmpint(candle.open_us % MINUTE, ==, 0);
            g_assert_cmpint(candle.open_us, <=, T0 + 39 * MINUTE);
        }
        result_clear(&result);
    }
}

/* So many rows that those which are done with are given back while the rest is looked at: every
 * candle arrives, and faults behind are told with their lines. */
static void
test_cleaner_many(void)
{
    const guint n_rows = 300000, n_step = 70001; /* a duplicate now and then */
    g_autofree gdouble *minutes = g_new(gdouble, n_rows);
    g_autoptr(GArray) rows = NULL;
    Result result;
    guint n_twice = 0;

    for (guint i = 0; i < n_rows; i++) {
        n_twice += i > 0 && i % n_step == 0;
        minutes[i] = i - n_twice;
    }
    rows = rows_at(minutes, n_rows);
    for (guint i = 0; i < n_rows; i++)
        g_array_index(rows, KwRawRow, i).candle.volume = minutes[i];
    result = run(rows, G_MAXINT64);
    g_assert_cmpuint(result.report->n_rejected, ==, n_twice);
    g_assert_cmpuint(n_twice, ==, 4);
    for (guint i = 0; i < n_twice; i++)
        assert_note(result.report, i, (i + 1) * n_step + 2, KW_ROW_DUPLICATE);
    for (gsize i = 0; i < kw_series_get_length(result.series); i++) {
        KwCandle candle = kw_series_get(result.series, i);

        g_assert_cmpint(candle.open_us, ==, T0 + (gint64) i * MINUTE);
        g_assert_cmpfloat(candle.volume, ==, (gdouble) i);
    }
    /* given back: nothing is left of the first row, and all of those not done with */
    g_assert_cmpint(g_array_index(rows, KwRawRow, 1000).candle.open_us, ==, 0);
    g_assert_cmpint(g_array_index(rows, KwRawRow, n_rows - 1).candle.open_us, >, T0);
    result_clear(&result);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/cleaner/values", test_cleaner_values);
    g_test_add_func("/market/cleaner/order", test_cleaner_order);
    g_test_add_func("/market/cleaner/duplicate", test_cleaner_duplicate);
    g_test_add_func("/market/cleaner/stray-time", test_cleaner_stray_time);
    g_test_add_func("/market/cleaner/descending", test_cleaner_descending);
    g_test_add_func("/market/cleaner/grid", test_cleaner_grid);
    g_test_add_func("/market/cleaner/jump", test_cleaner_jump);
    g_test_add_func("/market/cleaner/many", test_cleaner_many);
    g_test_add_func("/market/cleaner/any-input", test_cleaner_any_input);
    return g_test_run();
}
