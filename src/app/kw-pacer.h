/* kw-pacer.h: moves market time on: at a given speed, or as fast as the bot can follow */
#pragma once

#include "kw-engine.h"

G_BEGIN_DECLS

#define KW_PACER_FULL_SPEED 0.0

/**
 * KwPacer:
 *
 * Drives a #KwFakeClock from the main loop. Time stands still while the engine decides, so the
 * same candles give the same result at any speed. Main thread.
 */
typedef struct _KwPacer KwPacer;

/**
 * kw_pacer_new:
 * @speed: market seconds in a real second; %KW_PACER_FULL_SPEED for as fast as it goes
 */
KwPacer *kw_pacer_new(KwFakeClock *clock, KwEngine *engine, gdouble speed);
void kw_pacer_free(KwPacer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPacer, kw_pacer_free)

/* Moves on until @until_us (then calls @func once), or for ever with G_MAXINT64. */
typedef void (*KwPacerFunc)(gpointer user_data);
void kw_pacer_run(KwPacer *self, gint64 until_us, KwPacerFunc func, gpointer user_data);
void kw_pacer_pause(KwPacer *self);

/* Market time stands still until each hold is released: for a conversation whose answers must
 * not depend on how fast the disk is. */
void kw_pacer_hold(KwPacer *self);
void kw_pacer_release(KwPacer *self);

G_END_DECLS
