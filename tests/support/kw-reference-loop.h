/* kw-reference-loop.h: the row order of the reference backtest over the product's objects */
#pragma once

#include "kw-candle.h"
#include "kw-exit.h"
#include "kw-protection.h"
#include "kw-stake.h"

G_BEGIN_DECLS

#define KW_LOOP_MAX_PAIRS 4

/* A candle with the signals that were computed on it (not shifted) */
typedef struct {
    KwCandle candle;
    gboolean enter, exit;
    gchar enter_tag[KW_REASON_SIZE], exit_tag[KW_REASON_SIZE];
} KwLoopRow;

typedef struct {
    gboolean is_open;
    KwOrder order;
} KwLoopOrder;

typedef struct {
    KwPair pair;
    GArray *rows; /* of KwLoopRow, owned */
    guint next;
    KwLoopOrder working;
} KwLoopPair;

/**
 * KwLoop:
 * @custom_entry, @custom_exit: price of limit orders, or NaN; @entry_factor and @exit_factor
 *   times the proposed price otherwise
 * @reprice: new price of entry orders that are older than the row; NaN removes them, 0 keeps
 */
typedef struct {
    KwStrategyTerms terms;
    KwStakeRules stake;
    gdouble fee_ratio;
    gdouble custom_entry, custom_exit, entry_factor, exit_factor, reprice;
    gint64 entry_timeout_us, exit_timeout_us;
    const KwProtection *protections; /* borrowed */
    guint n_protections;
    guint n_pairs;
    KwLoopPair pairs[KW_LOOP_MAX_PAIRS];

    KwPortfolio *portfolio; /* owned */
    KwLockList *locks;      /* owned */
    gint64 next_id, now_us, last_us;
    guint n_rejected, n_timed_out_entries, n_timed_out_exits;
    guint n_cancelled_trades, n_cancelled_orders, n_replaced_orders;
} KwLoop;

void kw_loop_init(KwLoop *self, KwDecimal wallet);
void kw_loop_clear(KwLoop *self);

/* Adds a pair without rows. Returns: (transfer none): valid as long as @self */
KwLoopPair *kw_loop_add_pair(KwLoop *self, const gchar *name, KwDecimal price_tick);

/* Runs to the end; the closed trades are in the portfolio. */
void kw_loop_run(KwLoop *self);

G_END_DECLS
