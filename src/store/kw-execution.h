/* kw-execution.h: what orders really cost and how long they take, measured once a day */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_EXECUTION_FOLDER "execution"   /* in the data root */
#define KW_EXECUTION_LATEST "latest.json" /* link to the file that counts */
#define KW_EXECUTION_MIN_SAMPLES 20       /* fewer say nothing of a 90 % point */

/**
 * kw_execution_measure:
 * @n_days: whole days (UTC) before the day of @now_us that count
 * @out_path: (out) (optional) (nullable) (transfer full): the file, %NULL when there was
 *   nothing to measure
 *
 * Writes "execution-YYYY-MM-DD.json" of the day of @now_us and then lets the link point at it;
 * files of earlier days stay. By pair and trading session ("*": all):
 *
 * - spread: of the scans, as a ratio of the price
 * - slippage: of live orders at the market, how much worse the fill is than the price that the
 *   decision was made on, beyond half the spread of that minute; a simulated fill would have
 *   been at that price
 * - latency_ms: from the intent in the ledger to the fill
 *
 * each with mean, p50, p90 and n, the number of samples. With fewer than
 * %KW_EXECUTION_MIN_SAMPLES those of the pair, or else of all, stand in; "of" says which. A
 * figure that nobody has measured is null. kw_friction_load() reads the file.
 *
 * Blocks: for threads and verbs.
 */
gboolean kw_execution_measure(
    const gchar *root, gint64 now_us, guint n_days, gchar **out_path, GError **error);

/* (transfer full): names of the dated files, oldest first; empty without any */
GStrv kw_execution_list(const gchar *root);

/* (transfer full) (nullable): name of the dated file that the link points at */
gchar *kw_execution_dup_latest(const gchar *root);

/**
 * kw_execution_roll_back:
 *
 * Lets the link point at the file before the present one, until the next night.
 *
 * Returns: %FALSE with %KW_STORE_ERROR_OPEN when there is none before it, or %KW_STORE_ERROR_IO
 */
gboolean kw_execution_roll_back(const gchar *root, GError **error);

G_END_DECLS
