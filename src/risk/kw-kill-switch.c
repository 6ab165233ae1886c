/* kw-kill-switch.c: a latch that stops all trading
 *
 * Tripping is idempotent and cheap, because three callers race for it: the owner, the loss
 * limit and the watchdog. The first reason wins; later ones are dropped, as the first is the
 * one that explains the day. The engine stores the latch, so a crash and restart do not
 * release it; only the owner does.
 *
 * A latch that cannot be read is on. It has no reason of its own, so the first caller that
 * trips it gives it one. */
#include "kw-kill-switch.h"

struct _KwKillSwitch {
    GObject parent_instance;

    KwClock *clock; /* owned */
    KwKillState state;
    gchar *reason;     /* owned; NULL when off */
    gint64 tripped_us; /* UTC; 0 until tripped */
};

enum { SIGNAL_TRIPPED, SIGNAL_RELEASED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwKillSwitch, kw_kill_switch, G_TYPE_OBJECT)

KwKillSwitch *
kw_kill_switch_new(KwClock *clock)
{
    KwKillSwitch *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);

    self = g_object_new(KW_TYPE_KILL_SWITCH, NULL);
    self->clock = g_object_ref(clock);
    return self;
}

void
kw_kill_switch_restore(KwKillSwitch *self,
                       KwKillState state,
                       const gchar *reason,
                       gint64 tripped_us)
{
    g_return_if_fail(KW_IS_KILL_SWITCH(self));

    g_clear_pointer(&self->reason, g_free);
    self->state = state;
    if (state != KW_KILL_OFF)
        self->reason = g_strdup(reason);
    self->tripped_us = state == KW_KILL_ON ? tripped_us : 0;
}

gboolean
kw_kill_switch_trip(KwKillSwitch *self, const gchar *reason)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), FALSE);
    g_return_val_if_fail(reason != NULL, FALSE);

    if (self->state == KW_KILL_ON)
        return FALSE;

    self->state = KW_KILL_ON;
    g_free(self->reason);
    self->reason = g_strdup(reason);
    self->tripped_us = kw_clock_now_us(self->clock);
    g_signal_emit(self, signals[SIGNAL_TRIPPED], 0, self->reason);
    return TRUE;
}

gboolean
kw_kill_switch_release(KwKillSwitch *self)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), FALSE);

    if (self->state == KW_KILL_OFF)
        return FALSE;

    self->state = KW_KILL_OFF;
    self->tripped_us = 0;
    g_clear_pointer(&self->reason, g_free);
    g_signal_emit(self, signals[SIGNAL_RELEASED], 0);
    return TRUE;
}

gboolean
kw_kill_switch_is_tripped(KwKillSwitch *self)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), TRUE);

    return self->state != KW_KILL_OFF;
}

KwKillState
kw_kill_switch_get_state(KwKillSwitch *self)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), KW_KILL_UNREADABLE);

    return self->state;
}

const gchar *
kw_kill_switch_get_reason(KwKillSwitch *self)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), NULL);

    return self->reason;
}

gint64
kw_kill_switch_get_tripped_us(KwKillSwitch *self)
{
    g_return_val_if_fail(KW_IS_KILL_SWITCH(self), 0);

    return self->tripped_us;
}

static void
kw_kill_switch_finalize(GObject *object)
{
    KwKillSwitch *self = KW_KILL_SWITCH(object);

    g_clear_object(&self->clock);
    g_clear_pointer(&self->reason, g_free);

    G_OBJECT_CLASS(kw_kill_switch_parent_class)->finalize(object);
}

static void
kw_kill_switch_class_init(KwKillSwitchClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_kill_switch_finalize;

    signals[SIGNAL_TRIPPED] = g_signal_new("tripped", KW_TYPE_KILL_SWITCH, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[SIGNAL_RELEASED] = g_signal_new("released", KW_TYPE_KILL_SWITCH, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kw_kill_switch_init(KwKillSwitch *self)
{
    self->state = KW_KILL_OFF;
}
