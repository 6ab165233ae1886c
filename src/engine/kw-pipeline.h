/* kw-pipeline.h: one batch of closed candles through strategy, risk, order manager, ledger */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-paper-broker.h"

G_BEGIN_DECLS

#define KW_TYPE_PIPELINE (kw_pipeline_get_type())
G_DECLARE_FINAL_TYPE(KwPipeline, kw_pipeline, KW, PIPELINE, GObject)

/**
 * KwPipelineStage: where the time of a step goes, for the benchmark
 */
typedef enum {
    KW_STAGE_TRADE,   /* entries and exits, waiting for journal and venue included */
    KW_STAGE_COLUMNS, /* candles into the columns */
    KW_STAGE_SIGNAL,  /* signals and scan rows */
    KW_STAGE_EQUITY,  /* equity and limits */
    KW_N_STAGES,
} KwPipelineStage;

/* Signal "event" (KwEvent *): what the owner should hear.
 * Signal "scanned" (KwSlot *, const gchar *action, const gchar *reason): a pair was looked at.
 */

/**
 * kw_pipeline_new:
 * @book: borrowed; outlives the pipeline
 * @paper: (nullable): told of every candle before orders fill in it; NULL at a real venue
 */
KwPipeline *kw_pipeline_new(KwBook *book, KwJournal *journal, KwPaperBroker *paper);

/**
 * kw_pipeline_step_async:
 * @batch: borrowed until the step has finished
 * @trade: %FALSE: candles and signals only, for rows whose decisions are in the ledger already
 *
 * For each pair (pairs of open trades first, in order of opening, then as listed): an entry by
 * the signal of the row before, then the exits of the row. Then the row goes into the columns
 * and gives the signal for the next one. All that was decided is durable when it completes.
 *
 * With a live feed the row goes into the columns first; then each pair's exits and its entry
 * follow at the quote of now, exits at the bid, entries at the ask. Rows that are older than a
 * timeframe are scanned only.
 */
typedef enum { KW_STEP_TRADE, KW_STEP_SCAN_ONLY } KwStepMode;
void kw_pipeline_step_async(KwPipeline *self,
                            const KwFeedBatch *batch,
                            KwStepMode mode,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Returns: %FALSE with a #KwStoreError when a decision could not be made durable */
gboolean kw_pipeline_step_finish(KwPipeline *self, GAsyncResult *result, GError **error);

/**
 * kw_pipeline_tick_async:
 *
 * For a live feed, between candles: exits of open trades and the limits, at the quotes of now.
 * A trade without a fresh quote is left alone. Does nothing while a step
 * runs; a step that comes during a tick waits for it.
 */
void kw_pipeline_tick_async(KwPipeline *self, GAsyncReadyCallback callback, gpointer user_data);

/* Returns: as kw_pipeline_step_finish(); the next tick decides again */
gboolean kw_pipeline_tick_finish(KwPipeline *self, GAsyncResult *result, GError **error);

/* TRUE while a step or a tick is under way */
gboolean kw_pipeline_is_busy(KwPipeline *self);

/* Puts what the feed has of before now into the columns, without decisions (start). */
void kw_pipeline_load_history(KwPipeline *self);

/* Reads the signal of the last row again, after the strategy was built. */
void kw_pipeline_refresh_signal(KwPipeline *self, KwSlot *slot);

/* Looks at the limits that halt a running bot; changes the state and tells when one is hit. */
void kw_pipeline_judge(KwPipeline *self);

/* Time spent so far, us, by stage */
gint64 kw_pipeline_get_stage_us(KwPipeline *self, KwPipelineStage stage);

G_END_DECLS
