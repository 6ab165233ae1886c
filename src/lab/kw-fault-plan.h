/* kw-fault-plan.h: what goes wrong in a simulation, and when: same seed, same faults */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwFaultKind: of calls to the venue (the next one that fits meets it), of stretches of time,
 * by hand at the venue, and of our own process
 *
 * @KW_FAULT_LOST: executed; the answer never comes
 * @KW_FAULT_RESET: executed; the connection breaks before the answer
 * @KW_FAULT_NOT_REACHED: not executed; no answer
 * @KW_FAULT_LATE: no answer; executed seconds after that was given up
 * @KW_FAULT_REFUSED: an error, and there is no order
 * @KW_FAULT_REFUSED_WRONGLY: an error, and there is one
 * @KW_FAULT_PARTS: a market order is executed in parts
 * @KW_FAULT_PART_ONLY: the venue cancels the rest of a market order
 * @KW_FAULT_STOP_REFUSED: a stop or target is refused
 * @KW_FAULT_CANCEL_LOST: cancelled; the answer never comes
 * @KW_FAULT_AMEND_LOST: amended; the answer never comes
 * @KW_FAULT_QUERY_FAILS: a look-up brings an error
 * @KW_FAULT_HIDDEN: look-ups do not see a new order for some seconds
 * @KW_FAULT_BLACK_HOLE: nothing comes through, in no direction; then as after a lost session
 * @KW_FAULT_RESTART_KEPT: the venue restarts; news come when it is back
 * @KW_FAULT_RESTART_LOST: the same with the session lost: news of that time never come, and the
 *   broker looks its orders up when it is back, as that of a real exchange does
 * @KW_FAULT_MAINTENANCE: no new orders; told in the quotes
 * @KW_FAULT_SLOW: every answer takes seconds
 * @KW_FAULT_REPEATED: all news come twice
 * @KW_FAULT_REORDERED: news overtake each other
 * @KW_FAULT_HAND_CANCEL: somebody cancels a stop
 * @KW_FAULT_HAND_BALANCE: somebody takes money away, and brings it back later
 * @KW_FAULT_HAND_ORDER: somebody places an order of his own
 * @KW_FAULT_KILL: SIGKILL at some time
 * @KW_FAULT_KILL_BEFORE: SIGKILL when an order is about to leave
 * @KW_FAULT_KILL_AFTER: SIGKILL when an order has arrived, before the answer
 */
typedef enum {
    KW_FAULT_LOST,
    KW_FAULT_RESET,
    KW_FAULT_NOT_REACHED,
    KW_FAULT_LATE,
    KW_FAULT_REFUSED,
    KW_FAULT_REFUSED_WRONGLY,
    KW_FAULT_PARTS,
    KW_FAULT_PART_ONLY,
    KW_FAULT_STOP_REFUSED,
    KW_FAULT_CANCEL_LOST,
    KW_FAULT_AMEND_LOST,
    KW_FAULT_QUERY_FAILS,
    KW_FAULT_HIDDEN,
    KW_FAULT_BLACK_HOLE,
    KW_FAULT_RESTART_KEPT,
    KW_FAULT_RESTART_LOST,
    KW_FAULT_MAINTENANCE,
    KW_FAULT_SLOW,
    KW_FAULT_REPEATED,
    KW_FAULT_REORDERED,
    KW_FAULT_HAND_CANCEL,
    KW_FAULT_HAND_BALANCE,
    KW_FAULT_HAND_ORDER,
    KW_FAULT_KILL,
    KW_FAULT_KILL_BEFORE,
    KW_FAULT_KILL_AFTER,
} KwFaultKind;
#define KW_N_FAULT_KINDS 26

/* "lost", "black_hole", ...; static */
const gchar *kw_fault_kind_to_string(KwFaultKind kind);

/* TRUE when it lasts from one instant to another */
gboolean kw_fault_kind_lasts(KwFaultKind kind);

/* Calls to the venue, as faults tell them apart */
typedef enum {
    KW_VENUE_CALL_SUBMIT,      /* of an order that acts at once */
    KW_VENUE_CALL_SUBMIT_STOP, /* of one that waits for its price */
    KW_VENUE_CALL_QUERY,
    KW_VENUE_CALL_CANCEL,
    KW_VENUE_CALL_AMEND,
    KW_VENUE_CALL_INSPECT,
} KwVenueCall;

/* TRUE when a call of this kind meets it */
gboolean kw_fault_kind_hits(KwFaultKind kind, KwVenueCall call);

#define KW_FAULT_PLAN_MAX 512

/* from <= t < until; one that does not last waits for its occasion that long */
typedef struct {
    KwFaultKind kind;
    gint64 from_us, until_us;
} KwFault;

/* Plain value; faults by their time */
typedef struct {
    guint n_faults;
    KwFault faults[KW_FAULT_PLAN_MAX];
} KwFaultPlan;

/* @n_faults: how many; all of them are over at @until_us */
void kw_fault_plan_draw(
    KwFaultPlan *self, guint64 seed, gint64 from_us, gint64 until_us, guint n_faults);

G_END_DECLS
