/* bench-columns.c: what columns cost beside bare loops over the same arrays
 *
 * Each round runs the bare loop, the kernel and a whole frame one after the other, so that a
 * busy machine slows down all three; medians over the rounds, one JSON line per indicator.
 * The ratio asked for is at most 2. The last line is the daemon's case: one candle, one
 * update of the graph of a strategy, one signal read. */
#include "kw-frame.h"
#include "kw-smooth.h"
#include "kw-strategy.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define N_ROWS 3080000
#define N_ROUNDS 9
#define N_STEPS 200000
#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

typedef struct {
    gdouble *high, *low, *close; /* owned */
    gdouble *out;                /* owned */
} Data;

static KwCandle
make_candle(GRand *rand, gsize i, gdouble *price)
{
    gdouble open = *price, close = open * exp(0.001 * g_rand_double_range(rand, -1.0, 1.0));

    *price = close;
    return (KwCandle){
        .open_us = (gint64) i * MINUTE_US,
        .open = open,
        .high = MAX(open, close) * 1.0002,
        .low = MIN(open, close) * 0.9998,
        .close = close,
        .volume = 1.0 + g_rand_double(rand),
    };
}

/* -- bare loops: the least that gives the values -- */

static void
bare_ema(const Data *data, gsize period)
{
    const gdouble *close = data->close;
    gdouble factor = 2.0 / ((gdouble) period + 1.0), value = close[0];

    for (gsize i = 0; i < N_ROWS; i++) {
        value += (close[i] - value) * factor;
        data->out[i] = value;
    }
}

static void
bare_rsi(const Data *data, gsize period)
{
    const gdouble *close = data->close;
    gdouble fresh = 1.0 / (gdouble) period, keep = 1.0 - fresh;
    gdouble gain = 0.0, move = 1e-9, previous = close[0];

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble delta = close[i] - previous, size = fabs(delta);

        previous = close[i];
        gain = gain * keep + 0.5 * (size + delta) * fresh;
        move = move * keep + size * fresh;
        data->out[i] = 100.0 * gain / move;
    }
}

static void
bare_atr(const Data *data, gsize period)
{
    gdouble fresh = 1.0 / (gdouble) period, keep = 1.0 - fresh;
    gdouble value = 0.0, previous = data->close[0];

    for (gsize i = 0; i < N_ROWS; i++) {
        gdouble top = data->high[i] > previous ? data->high[i] : previous;
        gdouble bottom = data->low[i] < previous ? data->low[i] : previous;

        value = value * keep + (top - bottom) * fresh;
        previous = data->close[i];
        data->out[i] = value;
    }
}

/* -- the kernels -- */

static void
kernel_ema(const Data *data, gsize period)
{
    KwEma state;

    kw_ema_init(&state, period, 0);
    kw_ema_run(&state, data->close, data->out, 0, N_ROWS);
}

static void
kernel_rsi(const Data *data, gsize period)
{
    KwRsi state;

    kw_rsi_init(&state, period);
    kw_rsi_run(&state, data->close, data->out, 0, N_ROWS);
}

static void
kernel_atr(const Data *data, gsize period)
{
    KwAtrInput in = {data->high, data->low, data->close};
    KwAtr state;

    kw_atr_init(&state, period);
    kw_atr_run(&state, &in, data->out, 0, N_ROWS);
}

/* -- measuring -- */

static int
compare_doubles(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return (x > y) - (x < y);
}

static gdouble
median(gdouble *values)
{
    qsort(values, N_ROUNDS, sizeof *values, compare_doubles);
    return values[N_ROUNDS / 2];
}

typedef struct {
    const gchar *name;
    KwOp op;
    gsize period;
    void (*bare)(const Data *data, gsize period);
    void (*kernel)(const Data *data, gsize period);
} Subject;

static const Subject subjects[] = {
    {"ema", KW_OP_EMA, 20, bare_ema, kernel_ema},
    {"rsi", KW_OP_RSI, 14, bare_rsi, kernel_rsi},
    {"atr", KW_OP_ATR, 14, bare_atr, kernel_atr},
};

/* CPU time of this thread, so that other work on the machine counts less */
static gdouble
cpu_ns(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (gdouble) now.tv_sec * 1e9 + (gdouble) now.tv_nsec;
}

static gdouble
time_loop(void (*loop)(const Data *data, gsize period), const Data *data, gsize period)
{
    gdouble start = cpu_ns();

    loop(data, period);
    return (cpu_ns() - start) / N_ROWS;
}

/* The same into fresh memory, as a new column has it: the first touch of a page may cost more
 * than the values in it. The array stays in @fresh, so that it is not used again. */
static gdouble
time_fresh_loop(const Subject *subject, const Data *data, GPtrArray *fresh)
{
    gdouble start = cpu_ns();
    Data copy = *data;

    copy.out = g_new(gdouble, N_ROWS);
    g_ptr_array_add(fresh, copy.out);
    subject->bare(&copy, subject->period);
    return (cpu_ns() - start) / N_ROWS;
}

/* A new column on a frame that is complete: the update computes this column alone, into
 * fresh memory */
static gdouble
time_graph(KwFrame *frame, const Subject *subject, gsize round)
{
    gdouble start = cpu_ns();
    KwColumn *inputs[] = {
        kw_frame_field(frame, subject->op == KW_OP_ATR ? KW_FIELD_HIGH : KW_FIELD_CLOSE),
        kw_frame_field(frame, KW_FIELD_LOW),
        kw_frame_field(frame, KW_FIELD_CLOSE),
    };
    gint params[] = {(gint) (subject->period + round), 0};

    (void) kw_frame_apply(frame, subject->op, inputs, params, NULL);
    kw_frame_update(frame);
    return (cpu_ns() - start) / N_ROWS;
}

static void
run_subject(const Subject *subject, const Data *data, KwFrame *frame, GPtrArray *memory)
{
    gdouble bare[N_ROUNDS], kernel[N_ROUNDS], fresh[N_ROUNDS], graph[N_ROUNDS];
    gdouble bare_ns, kernel_ns, fresh_ns, graph_ns;

    for (gsize round = 0; round < N_ROUNDS; round++) {
        bare[round] = time_loop(subject->bare, data, subject->period);
        kernel[round] = time_loop(subject->kernel, data, subject->period);
        fresh[round] = time_fresh_loop(subject, data, memory);
        graph[round] = time_graph(frame, subject, round);
    }
    bare_ns = median(bare);
    kernel_ns = median(kernel);
    fresh_ns = median(fresh);
    graph_ns = median(graph);
    g_print("{\"bench\":\"columns\",\"name\":\"%s%" G_GSIZE_FORMAT "\",\"rows\":%d,"
            "\"bare_ns\":%.2f,\"kernel_ns\":%.2f,\"bare_fresh_ns\":%.2f,\"graph_ns\":%.2f,"
            "\"kernel_ratio\":%.2f,\"graph_ratio\":%.2f,\"limit\":2}\n",
            subject->name, subject->period, N_ROWS, bare_ns, kernel_ns, fresh_ns, graph_ns,
            kernel_ns / bare_ns, graph_ns / fresh_ns);
}

/* -- one candle at a time -- */

static KwStrategy *
load_strategy(void)
{
    g_autofree gchar *path = g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data", "strategies",
                                              "ema_cross.lua", NULL);
    g_autoptr(GError) error = NULL;
    KwStrategy *strategy = kw_strategy_load_file(path, NULL, &error);

    if (strategy == NULL)
        g_printerr("skipped: %s\n", error->message);
    return strategy;
}

static void
run_steps(void)
{
    g_autoptr(KwStrategy) strategy = load_strategy();
    g_autoptr(KwFrame) frame = NULL;
    g_autoptr(KwStrategyColumns) columns = NULL;
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    gdouble start;
    g_autofree KwCandle *candles = g_new(KwCandle, N_STEPS);
    gdouble price = 30000.0;
    guint n_enter = 0;

    if (strategy == NULL)
        return;
    for (gsize i = 0; i < N_STEPS; i++)
        candles[i] = make_candle(rand, i, &price);
    frame = kw_frame_new(kw_series_new(kw_strategy_get_terms(strategy)->timeframe_us));
    columns = kw_strategy_build(strategy, frame, NULL);
    start = cpu_ns();
    for (gsize i = 0; i < N_STEPS; i++) {
        KwSignalValues signal = {0};

        (void) kw_frame_append(frame, &candles[i]);
        kw_frame_update(frame);
        if (kw_frame_get_n_rows(frame) >= 1000)
            (void) kw_frame_trim(frame, 500);
        (void) kw_strategy_columns_get_last_signal(columns, &signal);
        n_enter += signal.enter;
    }
    g_print("{\"bench\":\"columns\",\"name\":\"ema_cross step\",\"columns\":%u,\"entries\":%u,"
            "\"ns_per_candle\":%.0f,\"limit_ns\":2000}\n",
            kw_frame_get_n_columns(frame), n_enter, (cpu_ns() - start) / N_STEPS);
}

int
main(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(MINUTE_US));
    Data data = {g_new(gdouble, N_ROWS), g_new(gdouble, N_ROWS), g_new(gdouble, N_ROWS),
                 g_new0(gdouble, N_ROWS)};
    g_autoptr(GPtrArray) memory = g_ptr_array_new_with_free_func(g_free);
    gdouble price = 30000.0;

    for (gsize i = 0; i < N_ROWS; i++) {
        KwCandle candle = make_candle(rand, i, &price);

        data.high[i] = candle.high;
        data.low[i] = candle.low;
        data.close[i] = candle.close;
        (void) kw_frame_append(frame, &candle);
    }
    for (gsize s = 0; s < G_N_ELEMENTS(subjects); s++)
        run_subject(&subjects[s], &data, frame, memory);
    run_steps();
    g_free(data.high);
    g_free(data.low);
    g_free(data.close);
    g_free(data.out);
    return 0;
}
