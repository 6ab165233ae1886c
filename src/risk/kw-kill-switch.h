/* kw-kill-switch.h: a latch that stops all trading and outlives the process */
#pragma once

#include "kw-clock.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KwKillState:
 * @KW_KILL_UNREADABLE: neither proven on nor off: counts as on
 */
typedef enum {
    KW_KILL_OFF,
    KW_KILL_ON,
    KW_KILL_UNREADABLE,
} KwKillState;

#define KW_TYPE_KILL_SWITCH (kw_kill_switch_get_type())
G_DECLARE_FINAL_TYPE(KwKillSwitch, kw_kill_switch, KW, KILL_SWITCH, GObject)

/* Signal "tripped" (const gchar *reason): once, when it goes from off to on.
 * Signal "released": when it goes off. */
KwKillSwitch *kw_kill_switch_new(KwClock *clock);

/* State as the store had it (restart); emits nothing. @reason may be NULL when off. */
void kw_kill_switch_restore(KwKillSwitch *self,
                            KwKillState state,
                            const gchar *reason,
                            gint64 tripped_us);

/**
 * kw_kill_switch_trip:
 *
 * At once and in memory; writing it down is the caller's next step and may fail without
 * weakening the latch. The first reason wins.
 *
 * Returns: %TRUE if it was not on before
 */
gboolean kw_kill_switch_trip(KwKillSwitch *self, const gchar *reason);

/* Returns: %TRUE if it was on (or unreadable) before */
gboolean kw_kill_switch_release(KwKillSwitch *self);

/* ON and UNREADABLE both stop trading. */
gboolean kw_kill_switch_is_tripped(KwKillSwitch *self);
KwKillState kw_kill_switch_get_state(KwKillSwitch *self);
const gchar *kw_kill_switch_get_reason(KwKillSwitch *self); /* (nullable) */
gint64 kw_kill_switch_get_tripped_us(KwKillSwitch *self);   /* UTC; 0 until tripped */

G_END_DECLS
