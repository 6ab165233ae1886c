/* kw-kraken-rate.c: counters that decay, as Kraken describes them
 *
 * One counter for private REST calls, one a pair at the matching engine. What an act costs at
 * the engine depends on the age of the order: young ones are dear to change. Costs that Kraken
 * does not spell out are taken as the dearer guess. Time is monotonic, so a step of the wall
 * clock opens and closes nothing. */
#include "kw-kraken-rate.h"

#include <math.h>
#include <string.h>

#define ROUTINE_SHARE 0.7
#define MIN_REFUSED_US (5 * G_USEC_PER_SEC)
#define MAX_REFUSED_US (G_GINT64_CONSTANT(300) * G_USEC_PER_SEC)
#define SEC(n) (G_GINT64_CONSTANT(n) * G_USEC_PER_SEC)

static const struct {
    gdouble rest_max, rest_decay;     /* points, points a second */
    gdouble engine_max, engine_decay; /* the same, a pair */
} tiers[] = {
    [KW_KRAKEN_TIER_STARTER] = {15, 0.33, 60, 1},
    [KW_KRAKEN_TIER_INTERMEDIATE] = {20, 0.5, 125, 2.34},
    [KW_KRAKEN_TIER_PRO] = {20, 1, 180, 3.75},
};

static const struct {
    const gchar *name;
    guint cost;
} costs[] = {
    {"AddOrder", 0},     {"CancelOrder", 0}, {"ClosedOrders", 2},  {"Ledgers", 2},
    {"QueryLedgers", 2}, {"QueryTrades", 2}, {"TradesHistory", 2},
};

/* Extra points by the age of the order: below which age, amend, cancel */
static const struct {
    gint64 below_us;
    guint amend, cancel;
} ages[] = {
    {SEC(5), 3, 8},  {SEC(10), 2, 6}, {SEC(15), 1, 5},
    {SEC(45), 0, 4}, {SEC(90), 0, 2}, {SEC(300), 0, 1},
};

typedef struct {
    gdouble count;
    gint64 seen_us; /* monotonic */
} Counter;

struct _KwKrakenRate {
    KwClock *clock; /* owned */
    KwKrakenTier tier;
    Counter rest;
    GHashTable *engine;     /* owned: pair to Counter */
    gint64 refused_us;      /* monotonic: nothing before */
    gint64 refused_span_us; /* of the last refusal; 0 after a success */
    gint64 hold_us;         /* monotonic: nothing before, as the exchange has told */
};

KwKrakenRate *
kw_kraken_rate_new(KwClock *clock, KwKrakenTier tier)
{
    KwKrakenRate *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    self = g_new0(KwKrakenRate, 1);
    self->clock = g_object_ref(clock);
    self->tier = tier;
    self->engine = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
kw_kraken_rate_free(KwKrakenRate *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->engine);
    g_clear_object(&self->clock);
    g_free(self);
}

void
kw_kraken_rate_learn(KwKrakenRate *self, gint64 max_rate_count)
{
    g_return_if_fail(self != NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(tiers); i++) {
        if ((gint64) tiers[i].engine_max <= max_rate_count)
            self->tier = (KwKrakenTier) i;
    }
}

KwKrakenTier
kw_kraken_rate_get_tier(const KwKrakenRate *self)
{
    g_return_val_if_fail(self != NULL, KW_KRAKEN_TIER_STARTER);

    return self->tier;
}

guint
kw_kraken_rate_get_cost(const gchar *name)
{
    g_return_val_if_fail(name != NULL, 1);

    for (gsize i = 0; i < G_N_ELEMENTS(costs); i++) {
        if (strcmp(costs[i].name, name) == 0)
            return costs[i].cost;
    }
    return 1;
}

static void
decay(const KwKrakenRate *self, Counter *counter, gdouble per_second)
{
    gint64 now_us = kw_clock_monotonic_us(self->clock);

    counter->count -= (gdouble) (now_us - counter->seen_us) * per_second / G_USEC_PER_SEC;
    counter->count = MAX(counter->count, 0.0);
    counter->seen_us = now_us;
}

static gint64
wait_for(gdouble excess, gdouble per_second)
{
    /* less than a microsecond is rounding, not waiting */
    return excess < 1e-9 ? 0 : (gint64) ceil(excess / per_second * G_USEC_PER_SEC - 1e-3);
}

/* -- REST -- */

gint64
kw_kraken_rate_get_wait_us(KwKrakenRate *self, guint cost, KwKrakenUse use)
{
    gdouble max;
    gint64 wait_us;

    g_return_val_if_fail(self != NULL, G_MAXINT64);

    max = tiers[self->tier].rest_max * (use == KW_KRAKEN_USE_ROUTINE ? ROUTINE_SHARE : 1.0);
    decay(self, &self->rest, tiers[self->tier].rest_decay);
    wait_us =
        wait_for(cost > 0 ? self->rest.count + cost - max : 0.0, tiers[self->tier].rest_decay);
    return MAX(wait_us,
               MAX(self->refused_us, self->hold_us) - kw_clock_monotonic_us(self->clock));
}

void
kw_kraken_rate_count(KwKrakenRate *self, guint cost)
{
    g_return_if_fail(self != NULL);

    decay(self, &self->rest, tiers[self->tier].rest_decay);
    self->rest.count += cost;
}

void
kw_kraken_rate_refused(KwKrakenRate *self)
{
    gdouble max, per_second;
    gint64 half_us;

    g_return_if_fail(self != NULL);

    max = tiers[self->tier].rest_max;
    per_second = tiers[self->tier].rest_decay;
    half_us = (gint64) (max / 2 / per_second * G_USEC_PER_SEC);
    self->rest = (Counter){max, kw_clock_monotonic_us(self->clock)};
    self->refused_span_us =
        self->refused_span_us == 0 ? MAX(half_us, MIN_REFUSED_US) : 2 * self->refused_span_us;
    self->refused_span_us = MIN(self->refused_span_us, MAX_REFUSED_US);
    self->refused_us = self->rest.seen_us + self->refused_span_us;
}

void
kw_kraken_rate_accepted(KwKrakenRate *self)
{
    g_return_if_fail(self != NULL);

    self->refused_span_us = 0;
}

void
kw_kraken_rate_hold(KwKrakenRate *self, gint64 span_us)
{
    g_return_if_fail(self != NULL);

    self->hold_us = MAX(self->hold_us, kw_clock_monotonic_us(self->clock) + span_us);
}

/* -- matching engine -- */

static guint
engine_cost(KwKrakenAct act, gint64 age_us)
{
    if (act == KW_KRAKEN_ACT_ADD)
        return 1;
    for (gsize i = 0; i < G_N_ELEMENTS(ages); i++) {
        if (age_us < ages[i].below_us)
            return act == KW_KRAKEN_ACT_AMEND ? 1 + ages[i].amend : ages[i].cancel;
    }
    return act == KW_KRAKEN_ACT_AMEND ? 1 : 0;
}

static Counter *
counter_of(KwKrakenRate *self, const gchar *pair)
{
    Counter *counter = g_hash_table_lookup(self->engine, pair);

    if (counter == NULL) {
        counter = g_new0(Counter, 1);
        counter->seen_us = kw_clock_monotonic_us(self->clock);
        (void) g_hash_table_insert(self->engine, g_strdup(pair), counter);
    }
    decay(self, counter, tiers[self->tier].engine_decay);
    return counter;
}

gint64
kw_kraken_rate_get_engine_wait_us(KwKrakenRate *self,
                                  const gchar *pair,
                                  KwKrakenAct act,
                                  gint64 age_us)
{
    guint cost;

    g_return_val_if_fail(self != NULL && pair != NULL, G_MAXINT64);

    cost = engine_cost(act, age_us);
    if (cost == 0)
        return 0;
    return wait_for(counter_of(self, pair)->count + cost - tiers[self->tier].engine_max,
                    tiers[self->tier].engine_decay);
}

void
kw_kraken_rate_count_engine(KwKrakenRate *self,
                            const gchar *pair,
                            KwKrakenAct act,
                            gint64 age_us)
{
    g_return_if_fail(self != NULL && pair != NULL);

    counter_of(self, pair)->count += engine_cost(act, age_us);
}

void
kw_kraken_rate_set_engine(KwKrakenRate *self, const gchar *pair, gdouble count)
{
    g_return_if_fail(self != NULL && pair != NULL);

    if (isfinite(count) && count >= 0)
        counter_of(self, pair)->count = count;
}
