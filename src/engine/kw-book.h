/* kw-book.h: the whole state of the bot in memory, shared by the parts of the engine
 *
 * The engine owns it. The pipeline writes what trading changes, the helm what the user
 * changes, the jobs what the calendar changes; the desk reads. Main thread only. */
#pragma once

#include "kw-book-settings.h"
#include "kw-clock.h"
#include "kw-fee-table.h"
#include "kw-feed.h"
#include "kw-frame.h"
#include "kw-journal.h"
#include "kw-kill-switch.h"
#include "kw-lock.h"
#include "kw-oms.h"
#include "kw-protection.h"
#include "kw-risk.h"
#include "kw-scan-log.h"
#include "kw-schedule.h"
#include "kw-signal-log.h"
#include "kw-stake.h"
#include "kw-strategy.h"
#include "kw-tracker.h"
#include "kw-view.h"

G_BEGIN_DECLS

typedef struct _KwTrainer KwTrainer; /* kw-trainer.h */

/* What a pair has: candles, columns, the signal that waits for the next row. */
typedef struct {
    KwPair pair;
    gboolean is_exit_only;      /* no longer configured, or not to be entered */
    KwFrame *frame;             /* owned */
    KwStrategyColumns *columns; /* owned; NULL without a strategy */
    gboolean has_signal;
    KwSignalValues signal;     /* of the last row; texts belong to the columns */
    gint64 signal_us;          /* opening time of the row the signal is from */
    gchar model[KW_NAME_SIZE]; /* in use when the signal was computed; "" = none */
    gint64 data_us;            /* close time of the last row; 0 = none */
    gdouble price;             /* last close, or the quote since then; NaN = none */
    gdouble close;             /* last close; NaN = none */
    gdouble prev_close;        /* the one before; NaN = none */
    gint64 refused_us;         /* signal that the process before has refused; 0 = none */
    gint64 refused_trade_id;   /* whose exit was refused and told */
} KwSlot;

typedef struct {
    const KwBookSettings *settings; /* borrowed */
    KwClock *clock;                 /* owned */
    KwFeed *feed;                   /* owned */
    KwZone *zone, *daily_zone;      /* owned */
    KwPortfolio *portfolio;         /* owned */
    KwRisk *risk;                   /* owned */
    KwKillSwitch *kill;             /* owned */
    KwLockList *locks;              /* owned */
    KwSignalLog *signals;           /* owned */
    KwScanLog *scans;               /* owned */
    KwOms *oms;                     /* owned; set by the engine */
    KwStrategy *strategy;           /* owned; NULL = none usable */
    KwStrategyTerms terms;          /* of the strategy, or the last one's */
    KwTracker tracker;
    KwTrainer *trainer;       /* borrowed; set by the jobs; NULL = none */
    KwNeighbours *neighbours; /* a reference; candles of all slots */
    guint n_slots;
    KwSlot slots[KW_FEED_MAX_PAIRS];

    KwRunState state;
    gint64 state_us;
    gchar state_by[KW_VIEW_TEXT_SIZE];
    gchar state_reason[KW_VIEW_TEXT_SIZE];
    gint64 reminder_us;       /* 0 = none */
    KwRiskReason told_breach; /* a limit hit while entries were off anyway */
    gdouble threshold;
    gboolean is_store_full;     /* no entry without room for its record */
    gboolean is_venue_doubtful; /* no entry until books and exchange agree */
    KwFeeTier fee_tier;         /* of the account, the dearest; a checked_us of 0: not known */
    KwDecimal foreign_value;    /* what orders of other hands would still buy; quote */
    struct _KwVenue *venue;     /* borrowed; NULL on paper: there is nothing to compare with */
    gchar *venue_accepted, *venue_stops, *venue_totals; /* owned; as the run before left them */
    guint64 serial;                                     /* of what confirmations are bound to */
    guint losses_from; /* closed trades before this one do not count as losses in a row */
    guint n_archived;  /* closed trades at the front that are out of the statistics */
    gint64 row_us;     /* close time of the newest finished batch; 0 = none */
    gint64 started_us;
    guint n_crashes; /* ends without a goodbye, over all runs of this store */

    GHashTable *preferences; /* owned: how the owner wants to be told things; text -> text */

    guint n_signals_today, n_rejected_today;
    gdouble best_confidence_today; /* NaN = none */
    gchar best_pair_today[KW_PAIR_NAME_SIZE];
} KwBook;

/**
 * kw_book_new:
 * @settings: borrowed, must outlive the book
 * @kill: a reference is kept
 *
 * Returns: (transfer full): an empty book in state "running", or %NULL when a zone is not known
 */
KwBook *kw_book_new(const KwBookSettings *settings,
                    const KwLimits *limits,
                    KwClock *clock,
                    KwFeed *feed,
                    GError **error);
void kw_book_free(KwBook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwBook, kw_book_free)

/**
 * kw_book_take_strategy:
 * @strategy: (transfer full)
 *
 * Builds its columns on every slot, in place of those of the strategy before, if there is one.
 *
 * Returns: %FALSE with %KW_STRATEGY_ERROR when its timeframe is not the feed's or its columns
 *   cannot be built; the book is as before then
 */
gboolean kw_book_take_strategy(KwBook *self, KwStrategy *strategy, GError **error);

/* (nullable): the slot of a traded pair */
KwSlot *kw_book_find_slot(KwBook *self, const gchar *pair);

/* The candles up to now of all slots, as far as the feed has them; columns are not computed */
void kw_book_load_history(KwBook *self);

/* KwRateFunc over the last closes; @book is the KwBook */
gdouble kw_book_get_rate(const gchar *pair, gpointer book);

/* Computes equity and open result from the last closes and tells the tracker. */
void kw_book_update_equity(KwBook *self, gint64 time_us);

/* Loss from the present prices to the stops of all open trades, >= 0 */
KwDecimal kw_book_get_worst_open_loss(const KwBook *self);

/* The part of the risk input that does not depend on an order. */
void kw_book_fill_risk_input(KwBook *self, KwSlot *slot, KwRiskInput *out);

/**
 * kw_book_get_locked_until_us:
 * @row_us: opening time of the row that is decided
 *
 * A protection locks candles, the last one by its opening; a person locks hours of the clock.
 *
 * Returns: end of the lock of @pair that counts, moved behind now if need be; 0 = free
 */
gint64 kw_book_get_locked_until_us(const KwBook *self, const gchar *pair, gint64 row_us);

/* A price as the candle has it: at most ten digits right of the point */
gboolean kw_book_price_to_decimal(gdouble price, KwDecimal *out, GError **error);

/* The state as it acts: KW_RUN_STATE_NO_STRATEGY while there is none, else what was set */
KwRunState kw_book_get_state(const KwBook *self);

/* Changes run state; the caller journals and tells. @reason may be NULL. */
void kw_book_set_state(KwBook *self, KwRunState state, const gchar *by, const gchar *reason);

/* Adds what must survive of the run state to @batch (meta rows). */
void kw_book_add_state(const KwBook *self, KwBatch *batch);

#define KW_BOOK_META_LOSSES "losses_from"
#define KW_BOOK_META_PEAK "peak_equity"
#define KW_BOOK_META_PREFERENCE "preference_" /* and its key */
#define KW_BOOK_META_ACCEPTED "accepted_differences"
#define KW_BOOK_META_STOPS "stop_counts"
#define KW_BOOK_META_TOTALS "venue_totals"

/* (transfer full): key of a meta row that each mode has for itself */
gchar *kw_book_get_meta_key(const KwBook *self, const gchar *name);

G_END_DECLS
