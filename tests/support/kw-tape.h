/* kw-tape.h: hourly candles made by hand, for the strategy flags.lua, and the engine over them
 */
#pragma once

#include "kw-replay-rig.h"

G_BEGIN_DECLS

#define KW_TAPE_MAX_PAIRS 60
#define KW_TAPE_T0_US G_GINT64_CONSTANT(1773187200000000) /* 2026-03-11 00:00 UTC */

typedef enum { KW_TAPE_ENTER = 2000, KW_TAPE_EXIT = 3000 } KwTapeFlag;

/**
 * KwTape:
 * @rig: opened by kw_tape_begin(), which moves the clock to row 10; earlier rows are history
 * @n_pairs: "P00/USDT", "P01/USDT", ...; may be lowered before kw_tape_begin()
 */
typedef struct {
    gchar *root;
    KwReplayRig *rig;
    gint64 start_us;
    guint n_rows, n_pairs;
    KwCandle *rows[KW_TAPE_MAX_PAIRS]; /* owned */
} KwTape;

/* All prices 100, no flags. */
KwTape *kw_tape_new(gint64 start_us, guint n_rows, guint n_pairs);
void kw_tape_free(KwTape *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTape, kw_tape_free)

/* The row that follows acts on it, at its open. */
void kw_tape_flag(KwTape *self, guint pair, guint row, KwTapeFlag flag);

/* From @row on, the price is @price. */
void kw_tape_price(KwTape *self, guint pair, guint row, gdouble price);

/* Opens and starts the engine, as a new process would. */
gboolean kw_tape_open(KwTape *self, GError **error);
void kw_tape_begin(KwTape *self);

/* Until @row is decided */
void kw_tape_run(KwTape *self, guint row);

/* Ends orderly; kw_tape_begin() starts again where it was. */
void kw_tape_end(KwTape *self);

guint kw_tape_get_n_open(KwTape *self);

/* The number that @sql, a constant, gives in the ledger */
gint64 kw_tape_count(KwTape *self, const gchar *sql);

G_END_DECLS
