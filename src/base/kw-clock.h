/* kw-clock.h: the only source of time, real or set by hand */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KW_TYPE_CLOCK (kw_clock_get_type())
G_DECLARE_INTERFACE(KwClock, kw_clock, KW, CLOCK, GObject)

/* Called on the main context when a timer is due. It runs once; set it again for more. */
typedef void (*KwTimerFunc)(gpointer user_data);

struct _KwClockInterface {
    GTypeInterface parent_iface;

    gint64 (*now_us)(KwClock *self);
    gint64 (*monotonic_us)(KwClock *self);
    guint (*call_at)(KwClock *self, gint64 due_us, KwTimerFunc func, gpointer user_data);
    guint (*call_in)(KwClock *self, gint64 delay_us, KwTimerFunc func, gpointer user_data);
    void (*cancel)(KwClock *self, guint timer);
};

/* Microseconds since the Unix epoch, UTC */
gint64 kw_clock_now_us(KwClock *self);

/* Microseconds that never go back and ignore clock steps; for time-outs and latencies */
gint64 kw_clock_monotonic_us(KwClock *self);

/**
 * kw_clock_call_at:
 * @due_us: wall clock time, UTC; a time in the past is due at once (from the main loop,
 *   never from inside this call)
 * @func: (scope notified): runs once
 *
 * A clock step moves wall-clock timers: the system clock checks against the wall clock at
 * least every second. Timers that are due at the same time run in the order of their setting.
 *
 * Returns: an id > 0 for kw_clock_cancel(); it is invalid once @func has started
 */
guint kw_clock_call_at(KwClock *self, gint64 due_us, KwTimerFunc func, gpointer user_data);

/**
 * kw_clock_call_in:
 * @delay_us: monotonic time from now; none or less is due at once (from the main loop, never
 *   from inside this call)
 * @func: (scope notified): runs once
 *
 * For what has to end so long after it began (an answer that is waited for): steps of the wall
 * clock do not touch it. Between the two kinds of timers the order is that of their time.
 *
 * Returns: an id > 0 for kw_clock_cancel(); it is invalid once @func has started
 */
guint kw_clock_call_in(KwClock *self, gint64 delay_us, KwTimerFunc func, gpointer user_data);

/* Forgets a timer; 0 and ids that have run are allowed. */
void kw_clock_cancel(KwClock *self, guint timer);

/* The system's clock on the thread-default main context at construction */
#define KW_TYPE_SYSTEM_CLOCK (kw_system_clock_get_type())
G_DECLARE_FINAL_TYPE(KwSystemClock, kw_system_clock, KW, SYSTEM_CLOCK, GObject)
KwSystemClock *kw_system_clock_new(void);

/* A clock that stands still until it is moved: tests, demo, simulation. Drives timers itself.
 */
#define KW_TYPE_FAKE_CLOCK (kw_fake_clock_get_type())
G_DECLARE_FINAL_TYPE(KwFakeClock, kw_fake_clock, KW, FAKE_CLOCK, GObject)
KwFakeClock *kw_fake_clock_new(gint64 now_us);

/* Moves both times forward to @now_us (not back: then nothing happens) and runs what is due
 * on the way, in order of due time; during a timer the clock shows that timer's due time. */
void kw_fake_clock_advance_to(KwFakeClock *self, gint64 now_us);
void kw_fake_clock_advance(KwFakeClock *self, gint64 delta_us);

/* Steps the wall clock alone, back as well, like an NTP step; runs nothing. What
 * kw_clock_call_in() has set is due after as much advancing as before. */
void kw_fake_clock_step(KwFakeClock *self, gint64 delta_us);

/* Due time of the next timer on the wall clock as it goes now, or G_MAXINT64 */
gint64 kw_fake_clock_get_next_due_us(KwFakeClock *self);

/* The machine's own monotonic time, also where a clock is moved by hand: for measuring how long
 * work takes, never for a decision. */
gint64 kw_stopwatch_us(void);

G_END_DECLS
