/* kw-engine.h: the bot: feed, pipeline, jobs, store, and the two ports that chat sees */
#pragma once

#include "kw-book.h"
#include "kw-broker.h"
#include "kw-control.h"
#include "kw-event.h"
#include "kw-log.h"
#include "kw-nightly.h"
#include "kw-paper-broker.h"
#include "kw-pipeline.h"
#include "kw-query.h"
#include "kw-store.h"
#include "kw-venue.h"

G_BEGIN_DECLS

#define KW_TYPE_ENGINE (kw_engine_get_type())
G_DECLARE_FINAL_TYPE(KwEngine, kw_engine, KW, ENGINE, GObject)

/**
 * KwDurability: when a step is over
 * @KW_DURABILITY_STEP: when all its decisions are on disk
 * @KW_DURABILITY_GROUP: when they are on their way there; many steps share a sync. For the
 *   paper broker only (else it is as %KW_DURABILITY_STEP): its orders die with the process.
 * What is told, and what a message has changed, is durable all the same.
 */
typedef enum { KW_DURABILITY_STEP, KW_DURABILITY_GROUP } KwDurability;

/**
 * KwEngineParts: what the engine is put together from; references are taken of objects
 * @settings, @limits: borrowed; outlive the engine
 * @paper: (nullable): the broker again, when it fills against candles
 * @venue: (nullable): rules of a real exchange, copied; %NULL for paper
 * @log: (nullable): borrowed
 * @config: (element-type KwConfigView): what "config_show" shows
 * @nightly: (nullable): borrowed; backup and tiering every night
 */
typedef struct {
    const KwBookSettings *settings;
    const KwLimits *limits;
    KwClock *clock;
    KwFeed *feed;
    KwStore *store;
    KwBroker *broker;
    KwPaperBroker *paper;
    const KwVenueRules *venue;
    KwLog *log;
    GArray *config;
    const KwNightlyPlan *nightly;
    KwDurability durability;
} KwEngineParts;

/**
 * kw_engine_new:
 *
 * Loads the store and puts everything back as it was. Blocks; before the main loop runs.
 *
 * Signals:
 * "event" (KwEvent *): what the owner should hear.
 * "idle": waiting for the next candle, everything before is decided, and durable as far as
 *   #KwDurability says; or waiting for the time to try again what the store could not take.
 * "night-over": the nightly work is done, as far as it could be; what it measures is on disk.
 * "ended": the feed has no more data.
 * "fatal" (const gchar *): the store is broken, the process has to end and start anew.
 *
 * Returns: %NULL with a #KwStoreError or %KW_PARSE_ERROR (zone)
 */
KwEngine *kw_engine_new(const KwEngineParts *parts, GError **error);

/* Market time of the newest finished row; 0 on a very first start. A clock that is moved by
 * hand has to be brought here before kw_engine_start(). */
gint64 kw_engine_get_resume_us(KwEngine *self);

/* Warms the columns up, reconciles open orders, judges the limits, then pulls the feed. */
void kw_engine_start(KwEngine *self);

/**
 * kw_engine_stop_async:
 *
 * Finishes the row under way, writes what is queued, notes the orderly end.
 */
void kw_engine_stop_async(KwEngine *self, GAsyncReadyCallback callback, gpointer user_data);
void kw_engine_stop_finish(KwEngine *self, GAsyncResult *result);

/* Writes a row that says nothing: a store that broke in a quiet hour is noticed ("fatal", or an
 * event), instead of with the next decision. */
void kw_engine_probe(KwEngine *self);

KwQuery *kw_engine_get_query(KwEngine *self);     /* (transfer none) */
KwControl *kw_engine_get_control(KwEngine *self); /* (transfer none) */

/* (transfer none): the one way into the ledger while the engine lives */
KwJournal *kw_engine_get_journal(KwEngine *self);

/* (transfer none): for tests and benchmarks */
KwBook *kw_engine_get_book(KwEngine *self);
KwPipeline *kw_engine_get_pipeline(KwEngine *self);

KwVenue *kw_engine_get_venue(KwEngine *self); /* (transfer none) (nullable): NULL on paper */

/* TRUE while it waits for the clock and no nightly work is under way */
gboolean kw_engine_is_idle(KwEngine *self);

/* A person waits for an answer: no further step before what is decided is on disk. */
void kw_engine_hurry(KwEngine *self);

/* TRUE while decisions are in memory that are not on disk yet */
gboolean kw_engine_is_ahead(KwEngine *self);

/* Candles that went through the pipeline since the start */
guint64 kw_engine_get_n_candles(KwEngine *self);

/* (transfer none): what an earlier run has left: messages, their keys, notes; as it was loaded
 * at the start */
const KwStoreState *kw_engine_get_loaded(KwEngine *self);

G_END_DECLS
