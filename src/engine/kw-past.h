/* kw-past.h: what a ledger tells, without a bot that runs on it */
#pragma once

#include "kw-book.h"
#include "kw-query.h"
#include "kw-store.h"

G_BEGIN_DECLS

/**
 * KwPastParts: all borrowed
 * @root: data root
 * @state: what kw_store_read() gave
 * @clock: the present of all answers; usually kw_past_get_row_us()
 * @feed: prices of what is open; its pairs need no candles
 * @config: (element-type KwConfigView)
 */
typedef struct {
    const gchar *root;
    const KwBookSettings *settings;
    const KwLimits *limits;
    const KwStoreState *state;
    KwClock *clock;
    KwFeed *feed;
    GArray *config;
} KwPastParts;

typedef struct _KwPast KwPast;

/* Close time of the newest row that the ledger knows of; 0 = none */
gint64 kw_past_get_row_us(const KwStoreState *state);

/**
 * kw_past_new:
 * @parts: the settings must outlive the result
 *
 * Returns: (transfer full): %NULL with %KW_STORE_ERROR_CORRUPT when the rows do not add up
 */
KwPast *kw_past_new(const KwPastParts *parts, GError **error);
void kw_past_free(KwPast *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPast, kw_past_free)

/* (transfer none): answers as the bot's desk would give them; nothing on health and log */
KwQuery *kw_past_get_query(KwPast *self);

G_END_DECLS
