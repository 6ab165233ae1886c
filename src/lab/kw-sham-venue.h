/* kw-sham-venue.h: an exchange that is made up, in a file, so that it outlives its client */
#pragma once

#include "kw-broker.h"
#include "kw-sham-market.h"

G_BEGIN_DECLS

#define KW_SHAM_VENUE_MAX_FAULTS 512 /* see KwShamMemory */
#define KW_SHAM_VENUE_N_KINDS 32

/**
 * KwShamMatching: how a market order is executed
 * @KW_SHAM_MATCHING_WHOLE: at once
 * @KW_SHAM_MATCHING_PARTS: a third at once, the rest in the next seconds
 * @KW_SHAM_MATCHING_PART_ONLY: a third at once, then the venue cancels the rest
 */
typedef enum {
    KW_SHAM_MATCHING_WHOLE,
    KW_SHAM_MATCHING_PARTS,
    KW_SHAM_MATCHING_PART_ONLY,
} KwShamMatching;

/**
 * KwShamOrder: an order that reached the venue; never deleted
 * @order: as the venue has it
 * @n_reached: how often an order of this client id was executed; more than once is a fault
 *   of who sends
 * @next_part_us: when the next part is executed; 0: never
 * @seen_us: look-ups miss it before
 * @is_foreign: placed by hand
 */
typedef struct {
    KwOrder order;
    KwShamMatching matching;
    guint n_reached, n_fills;
    gint64 opened_us, next_part_us, seen_us;
    guint fills[KW_BROKER_MAX_FILLS];
    gboolean is_foreign;
} KwShamOrder;

/* What happened, in order: a change of an order, or one execution of it (@fill >= 0) */
typedef struct {
    guint order;
    gint fill;
} KwShamNews;

/**
 * KwShamMemory: kept beside the exchange for whoever simulates: it outlives processes as well
 * @n_drawn: random numbers so far
 * @fault_states: by number of the fault
 * @n_happened: by kind of fault
 * @taken: quote currency that a hand has taken away and will bring back
 * @note: the first thing that was not as it must be; "" = none
 */
typedef struct {
    guint64 n_drawn;
    gint64 now_us;
    guint8 fault_states[KW_SHAM_VENUE_MAX_FAULTS];
    gint64 fault_us[KW_SHAM_VENUE_MAX_FAULTS]; /* when it happened */
    guint n_happened[KW_SHAM_VENUE_N_KINDS];
    KwDecimal taken;
    guint n_lives, n_candles, n_messages, n_replies;
    gboolean is_over;
    gchar note[256];
} KwShamMemory;

/* Main thread; opaque. */
typedef struct _KwShamVenue KwShamVenue;

/**
 * kw_sham_venue_open:
 * @path: made when missing
 * @market: borrowed
 * @cash: of the account when it is made
 *
 * What is done to it is there for the next process at once, however this one ends.
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO
 */
KwShamVenue *kw_sham_venue_open(const gchar *path,
                                const KwShamMarket *market,
                                gint64 now_us,
                                KwDecimal cash,
                                GError **error);
void kw_sham_venue_free(KwShamVenue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwShamVenue, kw_sham_venue_free)

KwShamMemory *kw_sham_venue_get_memory(KwShamVenue *self);

/* Whether a position without a stop is somebody's fault at present */
typedef enum { KW_SHAM_WATCH_STOPS, KW_SHAM_WATCH_NOTHING } KwShamWatch;

/* Executes what is due until @now_us: triggers that the market reached, parts of orders. */
void kw_sham_venue_advance(KwShamVenue *self, gint64 now_us, KwShamWatch watch);

/* The next instant at which something may happen by itself, after the last advance */
gint64 kw_sham_venue_get_next_us(const KwShamVenue *self);

/* -- what a client may do; kw_sham_venue_advance() comes before -- */

/* Returns: (nullable): the order, perhaps executed by now; %NULL with
 * %KW_EXCHANGE_ERROR_REFUSED when funds do not suffice */
KwShamOrder *kw_sham_venue_place(KwShamVenue *self,
                                 const KwOrder *order,
                                 KwShamMatching matching,
                                 GError **error);

/* (nullable): the newest order of this client id */
KwShamOrder *kw_sham_venue_find(KwShamVenue *self, const gchar *client_id);
void kw_sham_venue_cancel(KwShamVenue *self, KwShamOrder *order);

/* Returns: %FALSE when it does not work any more */
gboolean kw_sham_venue_amend(KwShamVenue *self, KwShamOrder *order, const KwOrder *wanted);

/* @fill: number of the one execution to tell of; -1: all */
void kw_sham_venue_report(const KwShamVenue *self,
                          const KwShamOrder *order,
                          gint fill,
                          KwBrokerReport *out);

/* (transfer full) */
KwVenueState *kw_sham_venue_inspect(const KwShamVenue *self);

/* -- what a hand may do -- */

/* @amount: negative to take away, at most what no order ties up. Returns: what was changed */
KwDecimal kw_sham_venue_shift(KwShamVenue *self, const gchar *asset, KwDecimal amount);

/* Cancels a stop or target of the client that waits; once for a position, as a bot that is told
 * twice has reason to leave it. Returns: whether there was one */
gboolean kw_sham_venue_cancel_by_hand(KwShamVenue *self);

/* -- truth -- */

/* (nullable): a stop that was ever placed by the client */
const KwShamOrder *kw_sham_venue_find_any_stop(const KwShamVenue *self);

guint kw_sham_venue_get_n_orders(const KwShamVenue *self);
KwShamOrder *kw_sham_venue_get_order(KwShamVenue *self, guint index);
guint kw_sham_venue_get_n_news(const KwShamVenue *self);
KwShamNews kw_sham_venue_get_news(const KwShamVenue *self, guint index);
const KwFill *kw_sham_venue_get_fill(const KwShamVenue *self, guint index);

/* Bought less sold of our orders, in base currency */
KwDecimal kw_sham_venue_get_position(const KwShamVenue *self, guint pair);

/* Owned, tied up or not */
KwDecimal kw_sham_venue_get_total(const KwShamVenue *self, const gchar *asset);

/* The longest time a position was without a stop for all of it, excused times left out */
gint64 kw_sham_venue_get_worst_bare_us(const KwShamVenue *self);

G_END_DECLS
