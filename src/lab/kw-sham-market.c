/* kw-sham-market.c: two prices that walk around a level
 *
 * The path is drawn once, as whole ticks, so that every process of a simulation that is given
 * the same seed sees the same market and nothing of it has to be handed on. Recorded candles
 * were the alternative; they say nothing of what happens between two of them, which is when
 * stops are reached and orders are filled in parts. */
#include "kw-sham-market.h"

#include <math.h>
#include <string.h>

#define PULL 0.002    /* of the distance to the level, a step */
#define SPREAD 0.0002 /* half of it, of the price */
#define STEPS_A_CANDLE (KW_SHAM_MARKET_CANDLE_US / KW_SHAM_MARKET_STEP_US)

typedef struct {
    const gchar *name;
    gdouble level, sigma; /* sigma: of the logarithm, a step */
} Track;

static const Track tracks[KW_SHAM_MARKET_N_PAIRS] = {
    {"BTC/EUR", 58000, 0.0008},
    {"ETH/EUR", 3000, 0.0010},
};

struct _KwShamMarket {
    gint64 from_us;
    gsize n_steps;
    KwPair pairs[KW_SHAM_MARKET_N_PAIRS];
    gint64 *ticks[KW_SHAM_MARKET_N_PAIRS]; /* owned: price in ticks by step */
};

/* Nearly normal, with variance 1: the sum of twelve */
static gdouble
draw_normal(GRand *rand)
{
    gdouble sum = -6;

    for (guint i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return sum;
}

static void
draw_path(KwShamMarket *self, guint index, GRand *rand)
{
    const Track *track = &tracks[index];
    gdouble tick = kw_decimal_to_double(self->pairs[index].price_tick);
    gdouble x = 0;

    self->ticks[index] = g_new(gint64, self->n_steps);
    for (gsize i = 0; i < self->n_steps; i++) {
        self->ticks[index][i] = llround(track->level * exp(x) / tick);
        x += track->sigma * draw_normal(rand) - PULL * x;
    }
}

KwShamMarket *
kw_sham_market_new(guint64 seed, gint64 from_us, gint64 until_us)
{
    KwShamMarket *self;
    g_autoptr(GRand) rand = NULL;

    g_return_val_if_fail(from_us % KW_SHAM_MARKET_CANDLE_US == 0, NULL);
    g_return_val_if_fail(until_us > from_us, NULL);

    self = g_new0(KwShamMarket, 1);
    rand = g_rand_new_with_seed_array((const guint32 *) &seed, 2);
    self->from_us = from_us;
    self->n_steps = (gsize) ((until_us - from_us) / KW_SHAM_MARKET_STEP_US);
    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++) {
        (void) kw_pair_init(&self->pairs[i], tracks[i].name, NULL);
        draw_path(self, i, rand);
    }
    return self;
}

void
kw_sham_market_free(KwShamMarket *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++)
        g_free(self->ticks[i]);
    g_free(self);
}

const KwPair *
kw_sham_market_get_pair(const KwShamMarket *self, guint index)
{
    g_return_val_if_fail(index < KW_SHAM_MARKET_N_PAIRS, NULL);

    return &self->pairs[index];
}

gboolean
kw_sham_market_find_pair(const KwShamMarket *self, const gchar *name, guint *out)
{
    for (guint i = 0; i < KW_SHAM_MARKET_N_PAIRS; i++) {
        if (strcmp(self->pairs[i].name, name) == 0) {
            *out = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gsize
find_step(const KwShamMarket *self, gint64 time_us)
{
    gint64 step = (time_us - self->from_us) / KW_SHAM_MARKET_STEP_US;

    return (gsize) CLAMP(step, 0, (gint64) self->n_steps - 1);
}

/* A price of so many ticks; ticks are powers of ten */
static KwDecimal
from_ticks(const KwShamMarket *self, guint index, gint64 n_ticks)
{
    KwDecimal tick = self->pairs[index].price_tick;

    return (KwDecimal){.mant = n_ticks * tick.mant, .scale = tick.scale};
}

KwDecimal
kw_sham_market_get_price(const KwShamMarket *self, guint index, gint64 time_us)
{
    g_return_val_if_fail(index < KW_SHAM_MARKET_N_PAIRS, KW_DECIMAL_ZERO);

    return from_ticks(self, index, self->ticks[index][find_step(self, time_us)]);
}

void
kw_sham_market_get_quote(const KwShamMarket *self,
                         guint index,
                         gint64 time_us,
                         KwDecimal *out_bid,
                         KwDecimal *out_ask)
{
    gint64 last, half;

    g_return_if_fail(index < KW_SHAM_MARKET_N_PAIRS);

    last = self->ticks[index][find_step(self, time_us)];
    half = MAX(1, llround((gdouble) last * SPREAD));
    *out_bid = from_ticks(self, index, last - half);
    *out_ask = from_ticks(self, index, last + half);
}

KwSeries *
kw_sham_market_make_candles(const KwShamMarket *self, guint index)
{
    KwSeries *series = kw_series_new(KW_SHAM_MARKET_CANDLE_US);

    g_return_val_if_fail(index < KW_SHAM_MARKET_N_PAIRS, series);

    for (gsize i = 0; i + STEPS_A_CANDLE <= self->n_steps; i += STEPS_A_CANDLE) {
        const gint64 *ticks = &self->ticks[index][i];
        gdouble tick = kw_decimal_to_double(self->pairs[index].price_tick);
        gint64 low = ticks[0], high = ticks[0];
        KwCandle candle = {.open_us = self->from_us + (gint64) i * KW_SHAM_MARKET_STEP_US};

        for (guint j = 1; j < STEPS_A_CANDLE; j++) {
            low = MIN(low, ticks[j]);
            high = MAX(high, ticks[j]);
        }
        candle.open = (gdouble) ticks[0] * tick;
        candle.low = (gdouble) low * tick;
        candle.high = (gdouble) high * tick;
        candle.close = (gdouble) ticks[STEPS_A_CANDLE - 1] * tick;
        candle.volume = 1 + (gdouble) (ticks[0] % 97) / 10;
        (void) kw_series_append(series, &candle);
    }
    return series;
}
