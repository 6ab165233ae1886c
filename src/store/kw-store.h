/* kw-store.h: the durable memory: ledger.db behind the journal port, and market.db */
#pragma once

#include "kw-clock.h"
#include "kw-journal.h"
#include "kw-market-store.h"

G_BEGIN_DECLS

#define KW_STORE_LEDGER_FILE "ledger.db"
#define KW_STORE_MARKET_FILE "market.db"

/**
 * KwStore:
 *
 * Implements #KwJournal: every batch is one transaction in ledger.db, on disk (synced) before
 * the callback, in the order of the calls, on the main context that opened the store.
 *
 * After %KW_STORE_ERROR_IO nothing is written any more: the process must end and start anew.
 * %KW_STORE_ERROR_FULL and %KW_STORE_ERROR_BUSY pass by themselves: try again.
 */
#define KW_TYPE_STORE (kw_store_get_type())
G_DECLARE_FINAL_TYPE(KwStore, kw_store, KW, STORE, GObject)

/**
 * kw_store_open:
 * @root: data root, created when missing (0700)
 * @clock: time of chain marks and of the last hour
 *
 * Opens both files, migrates, verifies the row hashes. Blocks; only before the loop runs.
 * Takes no lock: see kw-lock-file.h.
 *
 * Returns: (transfer full): %NULL with %KW_STORE_ERROR_OPEN, _BUSY, _CORRUPT (the message names
 *   file or row and how to restore; the file is left as it is), _NEWER, _FULL or _IO
 */
KwStore *kw_store_open(const gchar *root, KwClock *clock, GError **error);

/* Commits what is queued, stops the threads, closes the files. Appends fail afterwards. */
void kw_store_close(KwStore *self);

/* (transfer none) */
KwMarketStore *kw_store_get_market(KwStore *self);
const gchar *kw_store_get_root(KwStore *self);

/* Chained rows that were once committed and are gone (a lost WAL file); 0 when all is well */
guint64 kw_store_get_n_lost_rows(KwStore *self);

/* TRUE from the first write that found the disk full until there is room again; the reserve
 * file is given up at the first, so that small batches (alerts) still succeed. */
gboolean kw_store_is_full(KwStore *self);

/* TRUE after an I/O error: only a new process may write again */
gboolean kw_store_is_broken(KwStore *self);

/* TRUE while somebody waits for the ledger, or for the market's rows to be flushed. For a clock
 * moved by hand, which must not run ahead of the disk. */
gboolean kw_store_owes_answer(KwStore *self);

/* -- what a start needs -- */

typedef struct {
    gchar *key, *kind, *text; /* owned */
    gint64 created_us;
} KwOutboxItem;

/* A sell that left its trade open; without names and mode */
typedef struct {
    gint64 trade_id;
    KwFill fill;
} KwPartRecord;

/**
 * KwStoreState:
 * @trades: (element-type KwTrade): OPENING, OPEN and CLOSED ones, closed first by closing time
 * @archived: (element-type KwTrade): closed paper trades out of the statistics; their money
 * counts
 * @parts: (element-type KwPartRecord): of @trades and @archived, oldest first
 * @orders: (element-type KwOrder): those that are not final, and the newest ones, which a
 *   decision after a crash could repeat; by id
 * @exec_ids: (element-type utf8): executions of @orders: a venue may tell them again
 * @order_times: (element-type gint64): first journalled within the last hour, ascending
 * @locks: (element-type KwLock): not yet over, or not long ago
 * @refusals: (element-type utf8 gint64): pair -> opening of the candle whose signal to enter
 * was the newest one to be refused
 * @signals: (element-type KwSignalRecord): the newest 500 of the last 400 days, newest first;
 *   without price, tag, strategy and model
 * @equity: (element-type KwEquityRecord): of the last 400 days, ascending
 * @marks: (element-type utf8 utf8): "name date" of the last 40 days -> "late" or ""
 * @meta: (element-type utf8 utf8): all keys
 * @outbox: (element-type KwOutboxItem): undelivered, oldest first
 * @told: (element-type utf8): keys of all messages of the last days, delivered or not
 * @next_trade_id: never used before, in either mode
 * @has_start: a starting capital is recorded; then it wins over the configuration
 * @capital: start + deposits - withdrawals
 * @cash: sum of all capital rows
 *
 * All of one mode, except meta and marks. Initialise with {0}.
 */
typedef struct {
    GArray *trades, *archived, *parts, *orders, *order_times, *locks, *signals, *equity;
    GHashTable *marks, *meta, *refusals;
    GPtrArray *outbox, *exec_ids;
    GHashTable *told;
    gint64 next_trade_id;
    gboolean has_start;
    KwDecimal starting_capital, capital, cash;
} KwStoreState;

/* Blocks; before the loop runs. Returns: %FALSE with a #KwStoreError; @out is empty then */
gboolean kw_store_load(KwStore *self, KwMode mode, KwStoreState *out, GError **error);
void kw_store_state_clear(KwStoreState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwStoreState, kw_store_state_clear)

/**
 * kw_store_read:
 * @root: data root
 *
 * As kw_store_load(), without opening anything for writing; also while a daemon has the ledger
 * open. Blocks.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_OPEN when there is no ledger
 */
gboolean
kw_store_read(const gchar *root, KwMode mode, gint64 now_us, KwStoreState *out, GError **error);

/**
 * kw_store_find_open_pairs:
 *
 * Pairs that have an open trade, before anything else is opened: their candles are needed, also
 * when they are no longer configured.
 *
 * Returns: (transfer full): empty when there is no ledger or it cannot be read
 */
GStrv kw_store_find_open_pairs(const gchar *root, KwMode mode);

/* Closed trades of @mode that were opened at @since_us or later; 0 when there is no ledger or
 * it cannot be read. @out_wins: (out): those with a profit */
guint kw_store_count_trades(const gchar *root, KwMode mode, gint64 since_us, guint *out_wins);

G_END_DECLS
