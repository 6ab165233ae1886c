/* kw-restore.h: the book as the store remembers it */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-store.h"

G_BEGIN_DECLS

/**
 * kw_restore_book:
 * @state: what kw_store_load() gave
 *
 * Puts trades, orders, locks, limits' counters, equity, run state, threshold and kill switch
 * back, in the order of their time. The configured starting capital is used on the first
 * start only; later the recorded one counts.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_CORRUPT when the rows do not add up
 */
gboolean kw_restore_book(KwBook *book, const KwStoreState *state, GError **error);

/* Kill switch from file and meta row; what cannot be read counts as on. */
void kw_restore_kill(KwBook *book, const gchar *root, const KwStoreState *state);

/* The rows of a very first start: starting capital, run state, audit. */
void kw_restore_add_first_rows(const KwBook *book, KwBatch *batch);

/**
 * kw_restore_equity:
 * @since_us: time of the last stored point
 *
 * Follows the equity of the open trades through the candles that the slots hold, so that peak
 * and drawdown are what they would be without the restart.
 */
void kw_restore_equity(KwBook *book, gint64 since_us);

/* Highest and lowest rates of open trades, from the candles since their opening. */
void kw_restore_extremes(KwBook *book);

/* Value of a meta row as a number; @fallback when it is missing or no number */
gint64 kw_restore_get_int(const KwStoreState *state, const gchar *key, gint64 fallback);

G_END_DECLS
