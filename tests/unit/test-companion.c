/* test-companion.c: other pairs and longer timeframes count once they are closed */
#include "kw-frame.h"

#include <math.h>
#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define N_ROWS 600
#define PAIR "BTC/USDT"

/* Two frames side by side, as backtest and daemon have them */
typedef struct {
    KwNeighbours *neighbours;
    KwFrame *own, *other;
    KwColumn *columns[5];
} Desk;

static gboolean
is_same(gdouble a, gdouble b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static KwColumn *
apply(KwFrame *frame, KwOp op, KwColumn *a, KwColumn *b, gint param)
{
    KwColumn *inputs[] = {a, b};
    gint params[KW_OP_MAX_PARAMS] = {param};
    g_autoptr(GError) error = NULL;
    KwColumn *column = kw_frame_apply(frame, op, inputs, params, &error);

    g_assert_no_error(error);
    return column;
}

static KwColumn *
join(Desk *desk, KwFrame *companion, KwColumn *column)
{
    g_autoptr(GError) error = NULL;
    KwColumn *joined = kw_frame_join(desk->own, companion, column, &error);

    g_assert_no_error(error);
    return joined;
}

static void
build(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    KwFrame *longer = kw_frame_companion(desk->own, NULL, 15 * MINUTE_US, &error);
    KwFrame *pair = kw_frame_companion(desk->own, PAIR, MINUTE_US, &error);
    KwFrame *both = kw_frame_companion(desk->own, PAIR, 5 * MINUTE_US, &error);
    KwColumn *close = kw_frame_field(longer, KW_FIELD_CLOSE);
    KwColumn *mean = apply(longer, KW_OP_EMA, close, NULL, 3);

    g_assert_no_error(error);
    g_assert_true(kw_frame_companion(desk->own, PAIR, MINUTE_US, NULL) == pair);
    g_assert_cmpuint(kw_frame_get_n_companions(desk->own), ==, 3);
    desk->columns[0] = join(desk, longer, mean);
    desk->columns[1] = join(desk, longer, apply(longer, KW_OP_ABOVE, close, mean, 0));
    desk->columns[2] = join(desk, pair, kw_frame_field(pair, KW_FIELD_CLOSE));
    desk->columns[3] =
        join(desk, both, apply(both, KW_OP_SMA, kw_frame_field(both, KW_FIELD_HIGH), NULL, 4));
    desk->columns[4] = apply(desk->own, KW_OP_SUB, kw_frame_field(desk->own, KW_FIELD_CLOSE),
                             desk->columns[3], 0);
    g_assert_true(join(desk, longer, mean) == desk->columns[0]);
}

static void
desk_init(Desk *self)
{
    *self = (Desk){.neighbours = kw_neighbours_new(),
                   .own = kw_frame_new(kw_series_new(MINUTE_US)),
                   .other = kw_frame_new(kw_series_new(MINUTE_US))};
    kw_neighbours_add(self->neighbours, PAIR, kw_frame_get_series(self->other));
    kw_frame_set_neighbours(self->own, self->neighbours);
}

static void
desk_clear(Desk *self)
{
    kw_frame_free(self->own);
    kw_frame_free(self->other);
    kw_neighbours_unref(self->neighbours);
}

static KwCandle
make_candle(guint minute, guint salt)
{
    gdouble close = 100 + 10 * sin((minute + salt) / 9.0) + (minute * (7 + salt) % 13) / 5.0;

    return (KwCandle){.open_us = minute * MINUTE_US,
                      .open = close - 0.5,
                      .high = close + 1,
                      .low = close - 1,
                      .close = close,
                      .volume = 5};
}

/* Both pairs miss minutes, at different places, some at the end of longer candles */
static gboolean
is_missing(guint minute, guint salt)
{
    return (minute + salt) % 11 == 3 || minute % 75 == (salt == 0 ? 74 : 14) ||
           (salt > 0 && minute / 40 % 5 == 2);
}

static void
push(KwFrame *frame, guint minute, guint salt)
{
    KwCandle candle = make_candle(minute, salt);

    if (!is_missing(minute, salt))
        g_assert_true(kw_frame_append(frame, &candle));
}

static void
fill(Desk *desk, guint n_minutes)
{
    for (guint minute = 7; minute < n_minutes; minute++) {
        push(desk->own, minute, 0);
        push(desk->other, minute, 5);
    }
}

/* -- truth, told the slow way -- */

/* Close of the last candle of the other pair that is closed with the row of @minute */
static gdouble
expect_pair(guint minute)
{
    for (guint m = minute; m >= 7; m--)
        if (!is_missing(m, 5))
            return make_candle(m, 5).close;
    return NAN;
}

/* Close of the 15-minute candle at @start, NaN when no minute of it is there */
static gdouble
expect_longer(guint start)
{
    for (guint m = start + 15; m-- > start;)
        if (!is_missing(m, 0))
            return make_candle(m, 0).close;
    return NAN;
}

static void
test_closed(void)
{
    Desk desk;
    KwFrame *longer;
    KwColumn *close;
    const gint64 *times;

    desk_init(&desk);
    build(&desk);
    longer = kw_frame_companion(desk.own, NULL, 15 * MINUTE_US, NULL);
    close = join(&desk, longer, kw_frame_field(longer, KW_FIELD_CLOSE));
    fill(&desk, N_ROWS);
    kw_frame_update(desk.own);
    times = kw_series_get_times(kw_frame_get_series(desk.own));
    for (gsize row = 0; row < kw_frame_get_n_rows(desk.own); row++) {
        guint minute = (guint) (times[row] / MINUTE_US);
        guint start = (minute + 1) / 15 * 15; /* of the candle that is not closed */
        gdouble expected = start > 15 ? expect_longer(start - 15) : (gdouble) NAN;

        g_assert_true(is_same(kw_column_get_value(close, row), expected));
        g_assert_true(is_same(kw_column_get_value(desk.columns[2], row), expect_pair(minute)));
    }
    g_assert_cmpuint(kw_frame_get_n_rows(longer), >, N_ROWS / 15 - 3);
    desk_clear(&desk);
}

/* Whatever comes after a row, it leaves the row's values as they were, to the bit */
static void
test_truncation(void)
{
    Desk whole;

    desk_init(&whole);
    fill(&whole, N_ROWS);
    build(&whole);
    kw_frame_update(whole.own);
    for (guint cut = 8; cut < N_ROWS; cut += 13) {
        Desk part;

        desk_init(&part);
        fill(&part, cut);
        build(&part);
        kw_frame_update(part.own);
        for (gsize i = 0; i < G_N_ELEMENTS(part.columns); i++)
            for (gsize row = 0; row < kw_frame_get_n_rows(part.own); row++)
                g_assert_true(is_same(kw_column_get_value(part.columns[i], row),
                                      kw_column_get_value(whole.columns[i], row)));
        desk_clear(&part);
    }
    desk_clear(&whole);
}

/* One minute at a time, with old rows dropped, and a column that is added on the way */
static void
test_stream(void)
{
    Desk whole, live;
    gsize n_dropped = 0, n_rows;
    KwColumn *late_whole = NULL, *late = NULL;

    desk_init(&whole);
    fill(&whole, N_ROWS);
    build(&whole);
    late_whole = apply(whole.own, KW_OP_SHIFT, whole.columns[2], NULL, 5);
    kw_frame_update(whole.own);
    desk_init(&live);
    build(&live);
    for (guint minute = 7; minute < N_ROWS; minute++) {
        push(live.own, minute, 0);
        push(live.other, minute, 5);
        kw_frame_update(live.own);
        n_rows = kw_frame_get_n_rows(live.own);
        if (minute == 200)
            late = apply(live.own, KW_OP_SHIFT, live.columns[2], NULL, 5);
        for (gsize i = 0; n_rows > 0 && i < G_N_ELEMENTS(live.columns); i++)
            g_assert_true(
                is_same(kw_column_get_last(live.columns[i]),
                        kw_column_get_value(whole.columns[i], n_dropped + n_rows - 1)));
        if (late != NULL && minute > 210)
            g_assert_true(is_same(kw_column_get_last(late),
                                  kw_column_get_value(late_whole, n_dropped + n_rows - 1)));
        if (n_rows > 120) {
            n_dropped += kw_frame_trim(live.own, 60);
            (void) kw_frame_trim(live.other, 60);
        }
    }
    g_assert_cmpuint(n_dropped, >, 300);
    desk_clear(&whole);
    desk_clear(&live);
}

static void
test_refusals(void)
{
    g_autoptr(GError) error = NULL;
    Desk desk;

    desk_init(&desk);
    g_assert_null(kw_frame_companion(desk.own, "ETH/USDT", MINUTE_US, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
    g_clear_error(&error);
    g_assert_null(kw_frame_companion(desk.own, NULL, MINUTE_US / 2, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM);
    g_clear_error(&error);
    for (gint i = 1; i <= KW_FRAME_MAX_COMPANIONS; i++)
        g_assert_nonnull(kw_frame_companion(desk.own, NULL, i * MINUTE_US, NULL));
    g_assert_null(kw_frame_companion(desk.own, NULL, 90 * MINUTE_US, &error));
    g_assert_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_LIMIT);
    desk_clear(&desk);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/companion/closed", test_closed);
    g_test_add_func("/columns/companion/truncation", test_truncation);
    g_test_add_func("/columns/companion/stream", test_stream);
    g_test_add_func("/columns/companion/refusals", test_refusals);
    return g_test_run();
}
