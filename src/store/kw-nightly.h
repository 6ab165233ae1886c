/* kw-nightly.h: what is done to the files once a day: tiers, archive, backup */
#pragma once

#include "kw-store.h"

G_BEGIN_DECLS

#define KW_N_TIERS 4

/**
 * KwTier:
 * @timeframe_us: length of its candles; tiers stand in ascending order, each a multiple of the
 *   one before
 * @keep_days: rows older than this become rows of the next tier; of the last tier they go
 */
typedef struct {
    gint64 timeframe_us;
    guint keep_days;
} KwTier;

/**
 * KwNightlyPlan:
 * @scan_days: scans older than this become one row an hour
 * @execution_days: of fills and scans that kw_execution_measure() looks at; 0 measures nothing
 * @archive_days: paper trades closed longer ago leave the statistics
 * @backup_folder: (nullable): %NULL for "backup" in the data root
 * @backup_keep: snapshots kept; 0 makes none
 * @pause_us: real time between two nights' work; a replay at full speed would do little else
 */
typedef struct {
    KwTier tiers[KW_N_TIERS];
    guint scan_days;
    guint execution_days;
    guint archive_days;
    const gchar *backup_folder;
    guint backup_keep;
    gint64 pause_us;
} KwNightlyPlan;

/* 1m 7 days, 5m 30 days, 1h 1 year, 1d 7 years; scans 7 days; execution 30 days; archive 90
 * days; 7 backups */
extern const KwNightlyPlan kw_nightly_plan_default;

typedef struct {
    guint64 n_candles_removed, n_candles_made;
    guint64 n_scans_removed, n_hours_made;
    guint64 n_trades_archived;
} KwNightlyCount;

/**
 * kw_nightly_run:
 *
 * Works in small transactions beside the writer threads. Blocks: for threads and verbs. A part
 * that fails does not stop the others; the first error is returned at the end.
 */
gboolean kw_nightly_run(const gchar *root,
                        const KwNightlyPlan *plan,
                        gint64 now_us,
                        KwNightlyCount *out,
                        GError **error);

/* The same on a thread. @plan is copied; its folder must live until the answer. */
void kw_nightly_async(KwStore *store,
                      const KwNightlyPlan *plan,
                      gint64 now_us,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
gboolean
kw_nightly_finish(KwStore *store, GAsyncResult *result, KwNightlyCount *out, GError **error);

G_END_DECLS
