/* kw-ticker.h: looks at open trades every few seconds while the market goes on */
#pragma once

#include "kw-clock.h"
#include "kw-pipeline.h"

G_BEGIN_DECLS

#define KW_TICKER_INTERVAL_US (5 * G_USEC_PER_SEC)

/* Main thread; opaque. */
typedef struct _KwTicker KwTicker;

/**
 * kw_ticker_new:
 * @pipeline: borrowed
 * @on_done: after each tick; not once it is stopped
 *
 * Does nothing until it is started.
 */
KwTicker *kw_ticker_new(KwClock *clock,
                        KwPipeline *pipeline,
                        void (*on_done)(gpointer user_data),
                        gpointer user_data);
void kw_ticker_free(KwTicker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTicker, kw_ticker_free)

/* Starting what runs and stopping what does not are allowed. */
void kw_ticker_start(KwTicker *self);
void kw_ticker_stop(KwTicker *self);

G_END_DECLS
