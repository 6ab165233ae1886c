/* kw-fault-plan.c: draws a schedule of faults
 *
 * A fault of a call has no time of its own: it waits some minutes for the next call that fits,
 * so most of them happen in every schedule. Which did is counted where they happen. */
#include "kw-fault-plan.h"

#include <stdlib.h>

#define MINUTE G_TIME_SPAN_MINUTE
#define OCCASION_US (15 * MINUTE) /* how long a fault waits for its call */

#define BIT(call) (1u << KW_VENUE_CALL_##call)
#define ORDERS (BIT(SUBMIT) | BIT(SUBMIT_STOP))
#define ALL_CALLS (ORDERS | BIT(QUERY) | BIT(CANCEL) | BIT(AMEND) | BIT(INSPECT))

/* @max_s: longest stretch; 0: it does not last. @weight: how often it is drawn */
typedef struct {
    const gchar *name;
    guint calls, max_s, weight;
} KindRow;

static const KindRow kinds[KW_N_FAULT_KINDS] = {
    [KW_FAULT_LOST] = {"lost", ORDERS, 0, 4},
    [KW_FAULT_RESET] = {"reset", ORDERS, 0, 4},
    [KW_FAULT_NOT_REACHED] = {"not_reached", ORDERS, 0, 3},
    [KW_FAULT_LATE] = {"late", ORDERS, 0, 3},
    [KW_FAULT_REFUSED] = {"refused", ORDERS, 0, 2},
    [KW_FAULT_REFUSED_WRONGLY] = {"refused_wrongly", ORDERS, 0, 2},
    [KW_FAULT_PARTS] = {"parts", BIT(SUBMIT), 0, 3},
    [KW_FAULT_PART_ONLY] = {"part_only", BIT(SUBMIT), 0, 3},
    [KW_FAULT_STOP_REFUSED] = {"stop_refused", BIT(SUBMIT_STOP), 0, 3},
    [KW_FAULT_CANCEL_LOST] = {"cancel_lost", BIT(CANCEL), 0, 2},
    [KW_FAULT_AMEND_LOST] = {"amend_lost", BIT(AMEND), 0, 1},
    [KW_FAULT_QUERY_FAILS] = {"query_fails", BIT(QUERY) | BIT(INSPECT), 0, 3},
    [KW_FAULT_HIDDEN] = {"hidden", ORDERS, 0, 2},
    [KW_FAULT_BLACK_HOLE] = {"black_hole", ALL_CALLS, 600, 3},
    [KW_FAULT_RESTART_KEPT] = {"restart_kept", ALL_CALLS, 60, 2},
    [KW_FAULT_RESTART_LOST] = {"restart_lost", ALL_CALLS, 60, 2},
    [KW_FAULT_MAINTENANCE] = {"maintenance", ORDERS, 600, 1},
    [KW_FAULT_SLOW] = {"slow", ALL_CALLS, 300, 2},
    [KW_FAULT_REPEATED] = {"repeated", 0, 600, 2},
    [KW_FAULT_REORDERED] = {"reordered", 0, 600, 2},
    [KW_FAULT_HAND_CANCEL] = {"hand_cancel", 0, 0, 2},
    [KW_FAULT_HAND_BALANCE] = {"hand_balance", 0, 300, 1},
    [KW_FAULT_HAND_ORDER] = {"hand_order", 0, 0, 1},
    [KW_FAULT_KILL] = {"kill", 0, 0, 3},
    [KW_FAULT_KILL_BEFORE] = {"kill_before", BIT(SUBMIT) | BIT(SUBMIT_STOP), 0, 2},
    [KW_FAULT_KILL_AFTER] = {"kill_after", BIT(SUBMIT) | BIT(SUBMIT_STOP), 0, 2},
};

const gchar *
kw_fault_kind_to_string(KwFaultKind kind)
{
    g_return_val_if_fail((guint) kind < KW_N_FAULT_KINDS, "");

    return kinds[kind].name;
}

gboolean
kw_fault_kind_lasts(KwFaultKind kind)
{
    g_return_val_if_fail((guint) kind < KW_N_FAULT_KINDS, FALSE);

    return kinds[kind].max_s > 0;
}

gboolean
kw_fault_kind_hits(KwFaultKind kind, KwVenueCall call)
{
    g_return_val_if_fail((guint) kind < KW_N_FAULT_KINDS, FALSE);

    return (kinds[kind].calls >> call & 1u) != 0;
}

static KwFaultKind
draw_kind(GRand *rand)
{
    guint sum = 0, drawn;
    guint kind = 0;

    for (guint i = 0; i < KW_N_FAULT_KINDS; i++)
        sum += kinds[i].weight;
    drawn = (guint) g_rand_int_range(rand, 0, (gint32) sum);
    while (drawn >= kinds[kind].weight)
        drawn -= kinds[kind++].weight;
    return (KwFaultKind) kind;
}

static int
compare_time(const void *a, const void *b)
{
    gint64 difference = ((const KwFault *) a)->from_us - ((const KwFault *) b)->from_us;

    return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

void
kw_fault_plan_draw(
    KwFaultPlan *self, guint64 seed, gint64 from_us, gint64 until_us, guint n_faults)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed_array((const guint32 *) &seed, 2);
    gdouble stretch_us = (gdouble) (until_us - from_us);

    g_return_if_fail(self != NULL && until_us > from_us && n_faults <= KW_FAULT_PLAN_MAX);

    self->n_faults = n_faults;
    for (guint i = 0; i < n_faults; i++) {
        KwFault *fault = &self->faults[i];
        guint max_s;

        fault->kind = draw_kind(rand);
        fault->from_us = from_us + (gint64) (g_rand_double(rand) * stretch_us);
        fault->from_us -= fault->from_us % G_USEC_PER_SEC;
        max_s = kinds[fault->kind].max_s;
        fault->until_us = fault->from_us + OCCASION_US;
        if (max_s > 0)
            fault->until_us = fault->from_us + g_rand_int_range(rand, 5, (gint32) max_s + 1) *
                                                   (gint64) G_USEC_PER_SEC;
        fault->until_us = MIN(fault->until_us, until_us);
    }
    qsort(self->faults, n_faults, sizeof self->faults[0], compare_time);
}
