/* kw-arrival.h: what a start finds of the run before, writes down and tells */
#pragma once

#include "kw-herald.h"
#include "kw-store.h"

G_BEGIN_DECLS

#define KW_ARRIVAL_META_CLEAN_END "clean_end" /* "yes" after an orderly end */

/**
 * KwArrival: all borrowed
 * @state: as it was loaded
 * @resume_us: newest row of the run before; 0 = none
 */
typedef struct {
    KwBook *book;
    KwStore *store;
    KwHerald *herald;
    const KwStoreState *state;
    gint64 resume_us;
} KwArrival;

/**
 * kw_arrival_tell:
 *
 * Tells that the bot is up, and what the owner should know of the run before: a crash, another
 * version of the program, another capital, rows that are gone, trades without prices.
 *
 * Returns: (transfer full): rows to be written: that this run has begun, by which version
 */
KwBatch *kw_arrival_tell(const KwArrival *self);

G_END_DECLS
