/* kw-night.h: backup and tiering, once the evening is on disk */
#pragma once

#include "kw-journal.h"
#include "kw-nightly.h"

G_BEGIN_DECLS

/* @error NULL: all went well */
typedef void (*KwNightFunc)(const GError *error, gpointer owner);

/* Main thread; opaque. */
typedef struct _KwNight KwNight;

/**
 * kw_night_new:
 * @plan: (nullable): borrowed; without one nothing is ever done
 * @func: hears of the end of each night's work
 * @owner: borrowed; a reference is held while the work goes on
 */
KwNight *kw_night_new(KwStore *store,
                      KwJournal *journal,
                      KwClock *clock,
                      const KwNightlyPlan *plan,
                      KwNightFunc func,
                      GObject *owner);
void kw_night_free(KwNight *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwNight, kw_night_free)

/* Begins, unless the work of the night before still goes on or ended just now. */
void kw_night_begin(KwNight *self);

/* Ends what goes on as soon as it can (end of the engine). */
void kw_night_cancel(KwNight *self);

gboolean kw_night_is_busy(const KwNight *self);

G_END_DECLS
