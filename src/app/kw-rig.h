/* kw-rig.h: store, feed, broker and bot, under a clock moved by hand or the system's */
#pragma once

#include "kw-bot.h"
#include "kw-nightly.h"
#include "kw-pacer.h"
#include "kw-replay-feed.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwRigOptions:
 * @feed: candles; a reference is kept
 * @from_us: market time to begin at on a first start; 0: two weeks after the first candle, so
 *   that the columns have something to look back on
 * @seed: of codes and whatever else is drawn; 0 = from the kernel
 * @speed: of the pacer
 * @pace: of whoever answers with codes; 0: market time is his own, as in a simulation
 * @exchange, @venue: (nullable): real money, with kw_rig_new_live() alone; %NULL for paper.
 * Which one it is must be what the mode of the settings says
 */
typedef struct {
    const KwSettings *settings;
    KwReplayFeed *feed;
    gint64 from_us;
    guint64 seed;
    gdouble speed, pace;
    const KwNightlyPlan *nightly; /* borrowed; NULL = no nightly work */
    KwLog *log;                   /* borrowed; may be NULL */
    const KwClaude *claude;       /* borrowed for good; NULL = no language model */
    KwDurability durability;
    KwBroker *exchange;
    const KwVenueRules *venue;
} KwRigOptions;

/**
 * KwRig: all members but the settings are owned
 * @time, @source: clock and feed of either kind
 * @clock, @feed, @pacer: %NULL when the candles are live
 */
typedef struct {
    const KwSettings *settings; /* borrowed */
    KwClock *time;
    KwFeed *source;
    KwFakeClock *clock;
    KwReplayFeed *feed;
    KwStore *store;
    KwPaperBroker *paper; /* NULL when the exchange is real */
    GArray *config;
    KwBot *bot;
    KwPacer *pacer;
    gulong on_night_over; /* signal of the engine; 0 when the exchange is real */
    gint64 start_us;      /* market time at the start */
} KwRig;

/* Market time at which a first start with @options begins */
gint64 kw_rig_find_start(const KwRigOptions *options);

/* @clock: of the log too, so it is made first. Returns: (transfer full): %NULL with the error
 * of the part that failed. Start it with kw_bot_start() and kw_pacer_run(). */
KwRig *kw_rig_new(KwFakeClock *clock, const KwRigOptions *options, GError **error);

/* The same for live candles: @feed is open, @clock the system's; of @options feed, from_us,
 * speed and pace play no part. Start it with kw_bot_start() alone. */
KwRig *
kw_rig_new_live(KwClock *clock, KwFeed *feed, const KwRigOptions *options, GError **error);

/* Closes the store; what is queued is written. */
void kw_rig_free(KwRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRig, kw_rig_free)

G_END_DECLS
