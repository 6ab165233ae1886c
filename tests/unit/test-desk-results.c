#include "kw-clock.h"
#include "kw-engine-rig.h"

#include <math.h>

/* 2024-01-10 00:00 in Vienna */
#define DAY_US (G_GINT64_CONSTANT(1704841200) * G_USEC_PER_SEC)
#define HOUR_US KW_ENGINE_RIG_HOUR_US

static gdouble
to_double(KwDecimal value)
{
    return kw_decimal_to_double(value);
}

static KwProfitView
ask_day(KwEngineRig *rig, gint64 day_us)
{
    KwPeriod period = {.from_us = day_us, .to_us = day_us + 24 * HOUR_US};
    KwProfitView view;

    kw_query_get_profit(kw_engine_get_query(rig->engine), period, NULL, &view);
    return view;
}

/* The exit is filled at 23:00, in the last candle of the day, and so belongs to that day; the
 * candle is only known at midnight, when the mark of the new day is already taken. */
static void
test_results_exit_in_the_last_hour_of_a_day(void)
{
    KwEngineRig rig;
    KwStatusView status;
    KwProfitView old_day, new_day;
    GArray *candles;

    kw_engine_rig_init(&rig);
    kw_engine_rig_set_volume_strategy(&rig, "");
    candles = kw_engine_rig_add_pair(&rig, "BTC/USDT");
    for (guint i = 0; i < 72; i++) {
        gdouble close = i < 24 + 20 ? 100 : 95;

        kw_engine_rig_add_rows(candles, DAY_US + ((gint64) i - 24) * HOUR_US, &close, 1);
    }
    g_array_index(candles, KwCandle, 24 + 9).volume = 1;  /* bought at 10:00 */
    g_array_index(candles, KwCandle, 24 + 22).volume = 2; /* sold at 23:00 */
    kw_engine_rig_start(&rig, DAY_US);
    kw_engine_rig_run_to(&rig, DAY_US + 30 * HOUR_US);

    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_EXIT), ==, 1);
    old_day = ask_day(&rig, DAY_US);
    g_assert_cmpint(old_day.n_trades, ==, 1);
    g_assert_cmpfloat(to_double(old_day.realised), <, -4);
    g_assert_cmpfloat(fabs(to_double(old_day.unrealised)), <, 1e-9);
    new_day = ask_day(&rig, DAY_US + 24 * HOUR_US);
    g_assert_cmpint(new_day.n_trades, ==, 0);
    g_assert_cmpfloat(fabs(to_double(new_day.unrealised)), <, 0.2);

    kw_query_get_status(kw_engine_get_query(rig.engine), &status);
    g_assert_cmpfloat(fabs(to_double(status.equity) - 1000 - to_double(old_day.realised) -
                           to_double(new_day.unrealised)),
                      <, 1e-9);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/results/exit-in-the-last-hour-of-a-day",
                    test_results_exit_in_the_last_hour_of_a_day);
    return g_test_run();
}
