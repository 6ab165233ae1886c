/* kw-replay-rig.h: the engine with a real store and the paper broker under a clock set by hand
 */
#pragma once

#include "kw-engine.h"
#include "kw-replay-feed.h"

G_BEGIN_DECLS

/**
 * KwReplayRig:
 * @root, @settings, @limits, @nightly, @broker, @durability: may be changed before
 *   kw_replay_rig_open()
 * @broker: (owned) (nullable): a venue in place of the paper broker
 * @events: (element-type KwEvent): all since kw_replay_rig_new()
 * @fatal: (nullable): what "fatal" said
 * @is_ended: the feed has no more data
 */
typedef struct {
    gchar *root;
    KwBookSettings settings;
    KwLimits limits;
    const KwNightlyPlan *nightly;
    KwBroker *broker;
    KwDurability durability;
    GArray *config;
    GArray *events;
    gchar *fatal;
    gboolean is_ended;

    /* from kw_replay_rig_open() to kw_replay_rig_close() */
    KwFakeClock *clock;
    KwFeed *feed;
    KwStore *store;
    KwPaperBroker *paper; /* NULL with another venue */
    KwEngine *engine;
} KwReplayRig;

/* 1,000 of capital, 100 a trade, five trades, 0.1 % of fee, limits that nothing reaches; digest
 * at 20:00 in Vienna. @strategy: path of the Lua file */
KwReplayRig *kw_replay_rig_new(const gchar *root, const gchar *strategy);
void kw_replay_rig_free(KwReplayRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwReplayRig, kw_replay_rig_free)

/**
 * kw_replay_rig_open:
 * @clock: a reference is kept; it is moved to where the last run ended
 * @feed: a reference is kept; of the same clock
 *
 * Opens store and engine; does not start it.
 */
gboolean
kw_replay_rig_open(KwReplayRig *self, KwFakeClock *clock, KwFeed *feed, GError **error);

/* Starts the engine and runs until it waits for its first candle and its first rows are stored.
 */
void kw_replay_rig_start(KwReplayRig *self);

/* Moves the clock from timer to timer until @until_us, the end of the data, or "fatal"; the
 * engine has dealt with each timer before the next one. */
void kw_replay_rig_run(KwReplayRig *self, gint64 until_us);

/* Runs the main loop until the engine waits, without moving the clock. */
void kw_replay_rig_settle(KwReplayRig *self);

/* Waits until the ledger has dealt with what was handed to it without waiting. */
void kw_replay_rig_sync(KwReplayRig *self);

/* Ends orderly, then closes. */
void kw_replay_rig_stop(KwReplayRig *self);

/* Drops engine and store without an orderly end; what was queued is written. */
void kw_replay_rig_close(KwReplayRig *self);

KwBook *kw_replay_rig_get_book(KwReplayRig *self);

/* Events of @kind so far, and the newest one or NULL */
guint kw_replay_rig_count(const KwReplayRig *self, KwEventKind kind);
const KwEvent *kw_replay_rig_last(const KwReplayRig *self, KwEventKind kind);

G_END_DECLS
