/* kw-engine-rig.h: a whole engine over a scratch store, candles of the test, a fake clock */
#pragma once

#include "kw-engine.h"
#include "kw-quoted-feed.h"
#include "kw-replay-feed.h"

G_BEGIN_DECLS

#define KW_ENGINE_RIG_HOUR_US (3600 * (gint64) G_USEC_PER_SEC)

/**
 * KwEngineRig:
 * @settings, @limits: may be changed before the start
 * @root: scratch folder of the store
 * @events: (element-type KwEvent): everything the engine told, over all starts
 *
 * The members from @clock on are there between start and stop. All members are owned.
 */
typedef struct {
    KwBookSettings settings;
    KwLimits limits;
    gchar *root;
    gint64 timeframe_us;
    guint n_pairs;
    KwPair pairs[KW_FEED_MAX_PAIRS];
    GArray *candles[KW_FEED_MAX_PAIRS]; /* KwCandle */
    GPtrArray *events;
    KwDurability durability;
    gboolean is_live;  /* the feed has quotes */
    KwFeedQuote quote; /* of every pair, from now on; not known at first */
    gint64 from_us;    /* market time of the first start */
    gint64 now_us;     /* of the next start, after downtime; 0 = where the last run ended */

    KwFakeClock *clock;
    KwReplayFeed *feed;
    KwQuotedFeed *quoted; /* NULL unless is_live */
    KwStore *store;
    KwPaperBroker *paper;
    KwEngine *engine;
    gboolean is_ended, is_fatal;
} KwEngineRig;

/* 1000 of capital, stake 100, four trades at a time, fee 0.1 %, hourly candles, Vienna, wide
 * limits, the strategy ema_cross.lua. */
void kw_engine_rig_init(KwEngineRig *self);
void kw_engine_rig_clear(KwEngineRig *self);

/* (transfer none): candles of a new pair; append to them before the start */
GArray *kw_engine_rig_add_pair(KwEngineRig *self, const gchar *name);

/* Hourly rows of @open == @close from @first_us on; high and low 0.1 % away */
void
kw_engine_rig_add_rows(GArray *candles, gint64 first_us, const gdouble *closes, guint n_rows);

/* Adds the candles of the demo. */
void kw_engine_rig_add_demo_pairs(KwEngineRig *self);

/* The strategy is @text from now on; NULL removes the file. */
void kw_engine_rig_set_strategy(KwEngineRig *self, const gchar *text);

/* A strategy that buys after rows of volume 1 and sells after rows of volume 2; @extra are
 * further fields, e.g. "minimal_roi = { [0] = 0.02 }," */
void kw_engine_rig_set_volume_strategy(KwEngineRig *self, const gchar *extra);

/* Builds store, feed and engine at @from_us (at the first start; 0 later) or where the last run
 * ended by what is stored, without starting it. The error of kw_engine_new() goes to @error. */
gboolean kw_engine_rig_build(KwEngineRig *self, gint64 from_us, GError **error);

/* The same, and starts it; waits until it is idle. Errors fail the test. */
void kw_engine_rig_start(KwEngineRig *self, gint64 from_us);

/* Lets market time run to @until_us, one timer at a time. */
void kw_engine_rig_run_to(KwEngineRig *self, gint64 until_us);

/* Runs the main loop until nothing is left to do at this instant. */
void kw_engine_rig_settle(KwEngineRig *self);

/* Ends the engine orderly, or just drops it as a crash would; the store keeps what it has. */
void kw_engine_rig_stop(KwEngineRig *self);
void kw_engine_rig_crash(KwEngineRig *self);

/* Number of events of @kind; the last of them, or NULL */
guint kw_engine_rig_count_events(const KwEngineRig *self, KwEventKind kind);
const KwEvent *kw_engine_rig_last_event(const KwEngineRig *self, KwEventKind kind);

KwBook *kw_engine_rig_get_book(KwEngineRig *self);

G_END_DECLS
