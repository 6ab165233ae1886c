/* kw-fault-run.h: one seed of a simulation with faults: its processes, one after the other */
#pragma once

#include "kw-sham-venue.h"

G_BEGIN_DECLS

/**
 * KwFaultResult:
 * @memory: counts, and what was wrong
 * @has_stops: the bot placed stops at the exchange; else nothing is said of positions without
 * @worst_bare_us: longest time of a position without a stop, excused times left out
 * @run_us: real time
 */
typedef struct {
    KwShamMemory memory;
    guint n_orders, n_news;
    gboolean has_stops;
    gint64 worst_bare_us, run_us;
} KwFaultResult;

/**
 * KwFaultPlay: what to play
 * @root: folder for this seed alone; it is there
 * @n_days: length, with chat and digests; 0: an hour and a half without
 * @is_verbose: messages, replies and faults are shown
 */
typedef struct {
    const gchar *root;
    guint64 seed;
    guint n_days;
    gboolean is_verbose;
} KwFaultPlay;

/**
 * kw_fault_run_play:
 *
 * Forks; only for processes without threads. Blocks.
 *
 * Returns: %FALSE when it could not be played; the result of a seed that was played and broke a
 *   rule has a note
 */
gboolean kw_fault_run_play(const KwFaultPlay *play, KwFaultResult *out, GError **error);

G_END_DECLS
