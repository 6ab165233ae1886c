/* bench-pipeline.c: the whole pipeline over the candles of the demo, beside a bare loop
 *
 * Two pairs of hourly candles, ema_cross.lua, paper broker, a real store in a scratch folder,
 * no chat: what the daemon does at full speed. The bare loop computes the same averages and the
 * same kind of trades over the same arrays, without records. The store is on disk unless
 * KW_BENCH_MEMORY is set, so that the syncs of the orders count. */
#include "kw-build-data.h"
#include "kw-engine-rig.h"
#include "kw-pacer.h"
#include "kw-state-hash.h"
#include "kw-test.h"

#include <sys/resource.h>

#define TARGET_PER_S 20000.0
#define N_BARE 200 /* rounds, for a time that can be measured */

static const gchar *const stage_names[KW_N_STAGES] = {"trade", "columns", "signal", "equity"};

typedef struct {
    gdouble fast, slow, trend, gain, loss, atr, prev;
} Averages;

static void
follow(gdouble *mean, gdouble value, gdouble period)
{
    *mean += (value - *mean) * 2 / (period + 1);
}

/* One pair, all rows: averages, crosses, entries and exits. Returns: the money made */
static gdouble
trade_bare(const GArray *candles, guint *n_trades)
{
    Averages a = {0};
    gdouble cash = 1000, amount = 0, bought_at = 0;
    gboolean was_above = FALSE;

    for (guint i = 0; i < candles->len; i++) {
        const KwCandle *candle = &g_array_index(candles, KwCandle, i);
        gdouble change = candle->close - a.prev;
        gboolean is_above;

        if (amount > 0 && (candle->low <= bought_at * 0.9 || !was_above)) {
            cash += amount * MAX(candle->open, bought_at * 0.9) * 0.999;
            amount = 0;
            (*n_trades)++;
        }
        follow(&a.fast, candle->close, 9);
        follow(&a.slow, candle->close, 21);
        follow(&a.trend, candle->close, 50);
        follow(&a.atr, candle->high - candle->low, 14);
        follow(&a.gain, MAX(change, 0), 14);
        follow(&a.loss, MAX(-change, 0), 14);
        a.prev = candle->close;
        is_above = a.fast > a.slow;
        if (amount <= 0 && is_above && !was_above && a.gain < a.loss * 2.33) {
            bought_at = candle->close;
            amount = 100 / bought_at;
            cash -= 100.1;
        }
        was_above = is_above;
    }
    return cash;
}

static gdouble
bench_bare(const KwEngineRig *rig)
{
    gint64 start_us = kw_stopwatch_us(), took_us;
    guint n_trades = 0, n_candles = 0;
    gdouble cash = 0, per_s;

    for (guint round = 0; round < N_BARE; round++) {
        for (guint i = 0; i < rig->n_pairs; i++) {
            cash += trade_bare(rig->candles[i], &n_trades);
            n_candles += rig->candles[i]->len;
        }
    }
    took_us = MAX(kw_stopwatch_us() - start_us, 1);
    per_s = n_candles * 1e6 / (gdouble) took_us;
    g_print("{\"bench\":\"pipeline\",\"what\":\"bare loop\",\"value\":%.0f,"
            "\"unit\":\"candles/s\",\"trades\":%u,\"cash\":%.2f}\n",
            per_s, n_trades / N_BARE, cash / N_BARE);
    return per_s;
}

static void
on_over(gpointer user_data)
{
    g_main_loop_quit(user_data);
}

static void
print_stages(KwEngineRig *rig, gint64 took_us)
{
    KwPipeline *pipeline = kw_engine_get_pipeline(rig->engine);
    gint64 rest_us = took_us;

    for (guint i = 0; i < KW_N_STAGES; i++) {
        gint64 stage_us = kw_pipeline_get_stage_us(pipeline, (KwPipelineStage) i);

        rest_us -= stage_us;
        g_print("{\"bench\":\"pipeline\",\"what\":\"stage %s\",\"value\":%.3f,"
                "\"unit\":\"share\",\"us\":%" G_GINT64_FORMAT "}\n",
                stage_names[i], (gdouble) stage_us / (gdouble) took_us, stage_us);
    }
    g_print("{\"bench\":\"pipeline\",\"what\":\"stage feed, loop, handing over\","
            "\"value\":%.3f,\"unit\":\"share\",\"us\":%" G_GINT64_FORMAT "}\n",
            (gdouble) rest_us / (gdouble) took_us, rest_us);
}

/* What this thread has worked, us: says more than the wall on a machine with other guests */
static gint64
own_cpu_us(void)
{
    struct rusage use;

    g_assert_cmpint(getrusage(RUSAGE_THREAD, &use), ==, 0);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * (gint64) G_USEC_PER_SEC +
           use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

/* Returns: (transfer full): the state hash */
static gchar *
bench_engine(KwDurability durability, gdouble bare_per_s)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(KwPacer) pacer = NULL;
    gint64 start_us, took_us, cpu_us;
    guint64 n_candles;
    gdouble per_s;
    gchar *hash;
    KwEngineRig rig;

    kw_engine_rig_init(&rig);
    kw_engine_rig_add_demo_pairs(&rig);
    rig.durability = durability;
    kw_engine_rig_start(&rig, g_array_index(rig.candles[0], KwCandle, 14 * 24).open_us);
    pacer = kw_pacer_new(rig.clock, rig.engine, KW_PACER_FULL_SPEED);
    start_us = kw_stopwatch_us();
    cpu_us = own_cpu_us();
    kw_pacer_run(pacer, kw_replay_feed_get_last_us(rig.feed) + rig.timeframe_us, on_over, loop);
    g_main_loop_run(loop);
    took_us = MAX(kw_stopwatch_us() - start_us, 1);
    cpu_us = MAX(own_cpu_us() - cpu_us, 1);
    n_candles = kw_engine_get_n_candles(rig.engine);
    per_s = (gdouble) n_candles * 1e6 / (gdouble) took_us;
    g_print("{\"bench\":\"pipeline\",\"what\":\"replay with store, %s\",\"value\":%.0f,"
            "\"unit\":\"candles/s\",\"target\":%.0f,\"ratio\":%.5f,"
            "\"per_cpu_s\":%.0f,\"candles\":%" G_GUINT64_FORMAT ",\"trades\":%u}\n",
            durability == KW_DURABILITY_GROUP ? "syncs shared" : "a sync for each decision",
            per_s, TARGET_PER_S, per_s / bare_per_s,
            (gdouble) n_candles * 1e6 / (gdouble) cpu_us, n_candles,
            kw_portfolio_get_n_closed(kw_engine_rig_get_book(&rig)->portfolio));
    print_stages(&rig, took_us);
    g_clear_pointer(&pacer, kw_pacer_free);
    kw_engine_rig_stop(&rig);
    hash = kw_state_hash_compute(rig.root, NULL);
    kw_engine_rig_clear(&rig);
    return hash;
}

int
main(void)
{
    KwEngineRig rig;
    g_autofree gchar *grouped = NULL;
    g_autofree gchar *single = NULL;
    gdouble bare_per_s;

    g_assert_nonnull(kw_data_get_resource());
    if (g_getenv("KW_BENCH_MEMORY") != NULL)
        kw_test_prefer_memory();
    kw_engine_rig_init(&rig);
    kw_engine_rig_add_demo_pairs(&rig);
    bare_per_s = bench_bare(&rig);
    kw_engine_rig_clear(&rig);
    grouped = bench_engine(KW_DURABILITY_GROUP, bare_per_s);
    single = bench_engine(KW_DURABILITY_STEP, bare_per_s);
    g_print("{\"bench\":\"pipeline\",\"what\":\"same state hash\",\"value\":%s,"
            "\"unit\":\"\",\"hash\":\"%s\"}\n",
            g_strcmp0(grouped, single) == 0 ? "true" : "false", grouped);
    return 0;
}
