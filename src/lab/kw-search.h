/* kw-search.h: a parameter search and the check of what it found */
#pragma once

#include "kw-crew.h"
#include "kw-sampler.h"
#include "kw-trial-log.h"

G_BEGIN_DECLS

#define KW_SEARCH_MAX_WINDOWS 12
#define KW_SEARCH_N_CANDIDATES 20 /* best trials that the walk forward chooses from */

/**
 * KwSearch:
 * @study, @strategy, @plan, @log: borrowed; @log may be %NULL
 * @run_batch: runs all of @trials and blocks; %NULL: processes of this machine
 * @on_batch: told after each batch
 */
typedef struct _KwSearch KwSearch;
typedef void (*KwSearchFunc)(const GArray *trials, gpointer user_data);
typedef gboolean (*KwSearchRunFunc)(KwTrial *trials,
                                    guint n_trials,
                                    gpointer run_data,
                                    GError **error);
struct _KwSearch {
    KwStudy *study;
    KwStrategy *strategy;
    const KwTrialPlan *plan;
    const KwSampler *sampler;
    KwTrialLog *log;
    guint n_trials, n_workers;
    KwSearchRunFunc run_batch;
    gpointer run_data;
    KwSearchFunc on_batch;
    gpointer user_data;
};

/* (transfer full) (element-type KwTrial): all trials by index, those of the log included;
 * %NULL with %KW_MARKET_ERROR_IO, or what @run_batch has set. Blocks. */
GArray *kw_search_run(const KwSearch *self, GError **error);

/* (transfer container) (element-type KwTrial): borrowed trials, best first; useless ones last
 */
GPtrArray *kw_search_rank(const GArray *trials);

/**
 * KwWalkWindow:
 * @chosen: the candidate that was best on everything before the window; its figures are those
 *   of the window
 */
typedef struct {
    gint64 from_us, to_us;
    KwTrial chosen;
} KwWalkWindow;

/**
 * kw_search_walk_forward:
 * @from_us, @to_us: rows that the search has not seen
 * @windows: (out) (array length=n_windows): one after the other
 *
 * For each window the best of the candidates on all rows before it is run in it.
 */
void kw_search_walk_forward(const KwSearch *self,
                            const GArray *trials,
                            gint64 from_us,
                            gint64 to_us,
                            KwWalkWindow *windows,
                            guint n_windows);

/**
 * kw_search_deflate:
 * @trials: all that were run
 *
 * Runs the best trial once more.
 *
 * Returns: probability that its Sharpe ratio is more than luck among so many; NaN when it
 *   cannot be told
 */
gdouble kw_search_deflate(const KwSearch *self, const GArray *trials);

G_END_DECLS
