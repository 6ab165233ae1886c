/* kw-kraken-rate.h: our own model of Kraken's rate counters */
#pragma once

#include "kw-clock.h"

G_BEGIN_DECLS

/* The account's verification level decides the limits. */
typedef enum {
    KW_KRAKEN_TIER_STARTER,
    KW_KRAKEN_TIER_INTERMEDIATE,
    KW_KRAKEN_TIER_PRO,
} KwKrakenTier;

/**
 * KwKrakenUse: who wants to call
 * @KW_KRAKEN_USE_ROUTINE: polling; leaves 30 % of the counter to the others
 * @KW_KRAKEN_USE_VITAL: recovery, cancels, orders
 */
typedef enum { KW_KRAKEN_USE_ROUTINE, KW_KRAKEN_USE_VITAL } KwKrakenUse;

/* What counts at the matching engine, by pair */
typedef enum { KW_KRAKEN_ACT_ADD, KW_KRAKEN_ACT_AMEND, KW_KRAKEN_ACT_CANCEL } KwKrakenAct;

typedef struct _KwKrakenRate KwKrakenRate;

KwKrakenRate *kw_kraken_rate_new(KwClock *clock, KwKrakenTier tier);
void kw_kraken_rate_free(KwKrakenRate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenRate, kw_kraken_rate_free)

/* The tier as the ack of "executions" tells it by its maxratecount (60, 125, 180) */
void kw_kraken_rate_learn(KwKrakenRate *self, gint64 max_rate_count);
KwKrakenTier kw_kraken_rate_get_tier(const KwKrakenRate *self);

/* Points of the REST counter that the private call @name ("TradesHistory") costs */
guint kw_kraken_rate_get_cost(const gchar *name);

/* Microseconds until a call of @cost points fits in; 0 now */
gint64 kw_kraken_rate_get_wait_us(KwKrakenRate *self, guint cost, KwKrakenUse use);

/* Counts a call that is sent now. */
void kw_kraken_rate_count(KwKrakenRate *self, guint cost);

/* The exchange has refused: the counter is full, and for a time of its own nothing is sent,
 * which doubles with each refusal until a call goes well again. */
void kw_kraken_rate_refused(KwKrakenRate *self);
void kw_kraken_rate_accepted(KwKrakenRate *self);

/* No call for @span_us from now, whatever the wall clock does: a throttle, a lockout */
void kw_kraken_rate_hold(KwKrakenRate *self, gint64 span_us);

/* Microseconds until @act on an order of @age_us (since it was placed or last amended) keeps
 * the pair's counter at the engine below its threshold; 0 now */
gint64 kw_kraken_rate_get_engine_wait_us(KwKrakenRate *self,
                                         const gchar *pair,
                                         KwKrakenAct act,
                                         gint64 age_us);
void kw_kraken_rate_count_engine(KwKrakenRate *self,
                                 const gchar *pair,
                                 KwKrakenAct act,
                                 gint64 age_us);

/* The pair's counter as the exchange tells it ("ratecounter") */
void kw_kraken_rate_set_engine(KwKrakenRate *self, const gchar *pair, gdouble count);

G_END_DECLS
