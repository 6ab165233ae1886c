/* kw-synth.c: a random walk from first principles, so that its bytes are the same everywhere
 *
 * Mathematical libraries differ in the last bits of exp, log and sin, and GLib's generator may
 * change; so only what IEEE 754 fixes is used here: + - * /, sqrt and floor. The generator is
 * xoshiro256** seeded by splitmix64, normal deviates are sums of twelve uniform ones (their
 * tails end at six sigma, which a test market does not miss), the exponential is its series
 * (arguments are far below 1), and cycles are triangles instead of sines. */
#include "kw-synth.h"

#include <math.h>
#include <string.h>

#define SUB_STEPS 12 /* moves inside a candle */
#define YEAR_S (365.25 * 86400)
#define DEFAULT_VOLATILITY 0.6
#define HOURLY_TURNOVER 2e6 /* quote currency */
#define VOLUME_STEPS 1e5    /* volumes have five digits right of the point */
#define MAX_PRICE 1e9

typedef struct {
    guint64 state[4];
} Random;

typedef struct {
    Random random;
    gdouble price;
    gdouble tick_mant, tick_unit; /* the tick is tick_mant / tick_unit, both whole */
    gdouble level;                /* slow part of the volatility, around 1 */
} Walk;

/* Activity by the hour of day, UTC: Tokyo 0-8, London 8-16, New York 13-21; mean about 1 */
static const gdouble hour_weight[24] = {
    0.95, 1.00, 0.95, 0.85, 0.80, 0.75, 0.80, 0.95, 1.15, 1.20, 1.10, 1.00,
    1.05, 1.35, 1.60, 1.55, 1.40, 1.20, 1.05, 0.95, 0.90, 0.80, 0.75, 0.80,
};

static const struct {
    const gchar *base;
    gdouble price;
} usual_prices[] = {
    {"BTC", 42000}, {"ETH", 2300}, {"BNB", 300}, {"SOL", 100}, {"XRP", 0.6}, {"ADA", 0.5},
};

/* -- random numbers -- */

static guint64
rotate_left(guint64 value, guint n_bits)
{
    return value << n_bits | value >> (64 - n_bits);
}

static guint64
random_next(Random *random)
{
    guint64 *s = random->state;
    guint64 result = rotate_left(s[1] * 5, 7) * 9;
    guint64 shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

static void
random_init(Random *random, guint64 seed)
{
    for (gsize i = 0; i < G_N_ELEMENTS(random->state); i++) {
        guint64 mixed = seed += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

        mixed = (mixed ^ mixed >> 30) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
        random->state[i] = mixed ^ mixed >> 31;
    }
}

/* 0 <= x < 1 in steps of 2^-53 */
static gdouble
random_uniform(Random *random)
{
    return (gdouble) (random_next(random) >> 11) / 9007199254740992.0;
}

/* Mean 0, variance 1 */
static gdouble
random_normal(Random *random)
{
    gdouble sum = 0;

    for (guint i = 0; i < 12; i++)
        sum += random_uniform(random);
    return sum - 6;
}

/* FNV-1a, so that pairs of one seed go their own ways */
static guint64
seed_of_pair(guint64 seed, const gchar *name)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325) ^ seed;

    for (; *name != '\0'; name++)
        hash = (hash ^ (guchar) *name) * G_GUINT64_CONSTANT(0x100000001b3);
    return hash;
}

/* -- the market -- */

/* e^x for |x| < 1, by its series */
static gdouble
exponential(gdouble x)
{
    gdouble term = 1, sum = 1;

    for (guint i = 1; i <= 18; i++) {
        term = term * x / i;
        sum += term;
    }
    return sum;
}

/* Between -1 and 1, up and down once in @period_us */
static gdouble
triangle(gint64 time_us, gint64 period_us)
{
    gdouble phase = (gdouble) (time_us % period_us) / (gdouble) period_us;

    return phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase;
}

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)
#define HOUR_US (DAY_US / 24)

/* How busy the market is, about 1 */
static gdouble
activity(gint64 time_us)
{
    gint64 day = time_us / DAY_US;
    gint64 weekday = (day + 3) % 7; /* 0 = Monday; 1970 began on a Thursday */
    gdouble weekend = weekday >= 5 ? 0.7 : 1.0;

    return hour_weight[time_us % DAY_US / HOUR_US] * weekend *
           (1 + 0.25 * triangle(time_us, 30 * DAY_US) + 0.15 * triangle(time_us, 7 * DAY_US));
}

static gdouble
to_tick(const Walk *walk, gdouble price)
{
    gdouble n_ticks = floor(price * walk->tick_unit / walk->tick_mant + 0.5);

    return MAX(n_ticks, 1) * walk->tick_mant / walk->tick_unit;
}

/* One candle of the walk; price and level move on. */
static KwCandle
next_candle(Walk *walk, const KwSynthOptions *options, gint64 open_us)
{
    gdouble step_s = (gdouble) options->timeframe_us / 1e6 / SUB_STEPS;
    gdouble volatility = options->volatility > 0 ? options->volatility : DEFAULT_VOLATILITY;
    gdouble busy = activity(open_us);
    gdouble sigma = volatility * walk->level * sqrt(busy * step_s / YEAR_S);
    gdouble mean = options->drift * step_s / YEAR_S - sigma * sigma / 2;
    gdouble open = to_tick(walk, walk->price);
    KwCandle candle = {.open_us = open_us, .open = open, .high = open, .low = open};
    gdouble turnover;

    for (guint i = 0; i < SUB_STEPS; i++) {
        gdouble move = mean + sigma * random_normal(&walk->random);

        walk->price *= exponential(CLAMP(move, -0.5, 0.5));
        walk->price = CLAMP(walk->price, 10 * walk->tick_mant / walk->tick_unit, MAX_PRICE);
        candle.close = to_tick(walk, walk->price);
        candle.high = MAX(candle.high, candle.close);
        candle.low = MIN(candle.low, candle.close);
    }
    walk->level += 0.02 * (1 - walk->level) + 0.03 * random_normal(&walk->random);
    walk->level = CLAMP(walk->level, 0.4, 2.5);
    turnover = HOURLY_TURNOVER * (gdouble) options->timeframe_us / (gdouble) HOUR_US * busy *
               walk->level * (0.4 + 1.2 * random_uniform(&walk->random));
    candle.volume = (floor(turnover / walk->price * VOLUME_STEPS) + 1) / VOLUME_STEPS;
    return candle;
}

static gdouble
usual_price(const KwPair *pair)
{
    gchar base[KW_PAIR_NAME_SIZE];

    (void) kw_pair_get_base(pair, base);
    for (gsize i = 0; i < G_N_ELEMENTS(usual_prices); i++) {
        if (strcmp(usual_prices[i].base, base) == 0)
            return usual_prices[i].price;
    }
    return 100;
}

KwSeries *
kw_synth_generate(const KwPair *pair, const KwSynthOptions *options)
{
    g_autoptr(KwSeries) series = NULL;
    gint64 open_us;
    Walk walk;

    g_return_val_if_fail(pair != NULL && options != NULL, NULL);
    g_return_val_if_fail(options->timeframe_us > 0 && options->from_us >= 0, NULL);

    walk = (Walk){
        .price = options->start_price > 0 ? options->start_price : usual_price(pair),
        .tick_mant = (gdouble) pair->price_tick.mant,
        .tick_unit = 1,
        .level = 1,
    };
    for (guint i = 0; i < pair->price_tick.scale; i++)
        walk.tick_unit *= 10;
    random_init(&walk.random, seed_of_pair(options->seed, pair->name));
    series = kw_series_new(options->timeframe_us);
    open_us = options->from_us - options->from_us % options->timeframe_us;
    for (gsize row = 0; row < options->n_rows; row++) {
        KwCandle candle = next_candle(&walk, options, open_us);

        (void) kw_series_append(series, &candle);
        open_us += options->timeframe_us;
    }
    return g_steal_pointer(&series);
}

gchar *
kw_synth_remark(const KwPair *pair, const KwSynthOptions *options)
{
    return g_strdup_printf("synthetic seed=%" G_GUINT64_FORMAT
                           " pair=%s: made by a generator, no market",
                           options->seed, pair->name);
}
