/* kw-crew.h: child processes that run trials */
#pragma once

#include "kw-trial.h"

G_BEGIN_DECLS

#define KW_CREW_MAX 64

/**
 * KwCrew:
 *
 * Children share the candles of the process that made them. They end when the crew is freed,
 * or when the process that made them does. Opaque.
 */
typedef struct _KwCrew KwCrew;

/**
 * kw_crew_new:
 * @n_workers: 1..%KW_CREW_MAX
 * @study, @strategy, @plan: borrowed until the crew is freed
 *
 * With one worker nothing is forked. Call it while the process has one thread.
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO when the system gives no process
 */
KwCrew *kw_crew_new(guint n_workers,
                    KwStudy *study,
                    KwStrategy *strategy,
                    const KwTrialPlan *plan,
                    GError **error);
void kw_crew_free(KwCrew *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCrew, kw_crew_free)

/* Runs all @trials, in any order, and waits for them; blocks. Returns: %FALSE with
 * %KW_MARKET_ERROR_IO when a worker has died */
gboolean kw_crew_run(KwCrew *self, KwTrial *trials, guint n_trials, GError **error);

G_END_DECLS
