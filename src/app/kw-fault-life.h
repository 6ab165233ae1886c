/* kw-fault-life.h: one process of a simulation with faults, from its start to its kill or end
 */
#pragma once

#include "kw-fault-plan.h"
#include "kw-settings.h"
#include "kw-sham-venue.h"

G_BEGIN_DECLS

/**
 * KwFaultRun: what the processes of one seed share; all borrowed
 * @seed: of market, faults, delays and codes
 * @start_us: of the first process
 * @heal_us: from then on nothing goes wrong any more
 * @end_us: of the last process
 * @is_verbose: log, replies and faults are shown
 */
typedef struct {
    guint64 seed;
    const KwSettings *settings;
    const KwShamMarket *market;
    const KwFaultPlan *plan;
    KwShamVenue *venue;
    gint64 start_us, heal_us, end_us;
    guint n_days; /* with chat; 0 = none */
    gboolean is_verbose;
} KwFaultRun;

#define KW_FAULT_LIFE_EQUAL_US (30 * (gint64) G_USEC_PER_SEC) /* after the last fault */

/**
 * kw_fault_life_run:
 * @begin_us: clock time of its start
 *
 * In a child of its own: kills the process when a fault says so. What it found is in the
 * memory of the venue, and is_over when it came to the end.
 *
 * Returns: exit status, when it was not killed
 */
int kw_fault_life_run(const KwFaultRun *run, gint64 begin_us);

G_END_DECLS
