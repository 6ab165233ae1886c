/* kw-mt5-watch.h: what happens around a bridge while the bot runs: its token, its symbols */
#pragma once

#include "kw-mt5-access.h"
#include "kw-venue.h"

G_BEGIN_DECLS

/* Main thread; opaque. */
typedef struct _KwMt5Watch KwMt5Watch;

/**
 * kw_mt5_watch_new:
 * @access: borrowed; open
 * @names: (array zero-terminated=1): pairs; copied
 * @venue: borrowed
 *
 * A token that the bridge refuses stops entries for good, and so does a symbol that counts
 * otherwise than at the start (a lot that is ten coins now would be ten times the order). Both
 * are told; symbols are read again every hour.
 */
KwMt5Watch *kw_mt5_watch_new(const KwMt5Access *access,
                             const KwSettings *settings,
                             const gchar *const *names,
                             KwClock *clock,
                             KwVenue *venue);
void kw_mt5_watch_free(KwMt5Watch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMt5Watch, kw_mt5_watch_free)

G_END_DECLS
