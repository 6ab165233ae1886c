/* kw-clock.c: the system's clock and the one that is moved by hand
 *
 * This is the only file that asks the system for the time. Both clocks keep their timers in
 * one queue ordered by due time, then by the order of setting, so a replay is deterministic.
 *
 * A timer is due at a time of the wall clock (a digest, the end of a candle) or after a span of
 * the monotonic one (an answer). Each kind has a row of its own in the queue, as a step of the
 * wall clock moves all of one against all of the other; which is next is seen by looking at
 * both heads.
 *
 * The kernel's monotonic clock, on which GSources wait, does not follow steps of the wall clock
 * and stands still while the machine sleeps; so the system clock never waits longer than
 * RECHECK_US before it looks at the wall clock again. A timerfd with TFD_TIMER_CANCEL_ON_SET
 * would save the wake-ups, but is one more thing that containers treat differently; a clock
 * without timers does not wake up at all. */
#define G_LOG_DOMAIN "kw-base"

#include "kw-clock.h"

#define RECHECK_US G_USEC_PER_SEC

G_DEFINE_INTERFACE(KwClock, kw_clock, G_TYPE_OBJECT)

static void
kw_clock_default_init(KwClockInterface *iface)
{
}

gint64
kw_clock_now_us(KwClock *self)
{
    g_return_val_if_fail(KW_IS_CLOCK(self), 0);

    return KW_CLOCK_GET_IFACE(self)->now_us(self);
}

gint64
kw_clock_monotonic_us(KwClock *self)
{
    g_return_val_if_fail(KW_IS_CLOCK(self), 0);

    return KW_CLOCK_GET_IFACE(self)->monotonic_us(self);
}

guint
kw_clock_call_at(KwClock *self, gint64 due_us, KwTimerFunc func, gpointer user_data)
{
    g_return_val_if_fail(KW_IS_CLOCK(self), 0);
    g_return_val_if_fail(func != NULL, 0);

    return KW_CLOCK_GET_IFACE(self)->call_at(self, due_us, func, user_data);
}

guint
kw_clock_call_in(KwClock *self, gint64 delay_us, KwTimerFunc func, gpointer user_data)
{
    g_return_val_if_fail(KW_IS_CLOCK(self), 0);
    g_return_val_if_fail(func != NULL, 0);

    return KW_CLOCK_GET_IFACE(self)->call_in(self, delay_us, func, user_data);
}

void
kw_clock_cancel(KwClock *self, guint timer)
{
    g_return_if_fail(KW_IS_CLOCK(self));

    if (timer != 0)
        KW_CLOCK_GET_IFACE(self)->cancel(self, timer);
}

/* -- the queue of both -- */

typedef enum { TIMER_WALL, TIMER_MONOTONIC, N_TIMER_KINDS } TimerKind;

typedef struct {
    gint64 due_us; /* on the clock of its kind */
    guint id;
    KwTimerFunc func;
    gpointer user_data; /* borrowed from the caller that set it */
} Timer;

typedef struct {
    GSequence *rows[N_TIMER_KINDS]; /* owned Timers, by due time, then id */
    GHashTable *by_id;              /* id -> GSequenceIter in one of the rows */
    guint last_id;
} TimerQueue;

/* What both clocks show */
typedef struct {
    gint64 us[N_TIMER_KINDS];
} Instant;

static void
timer_queue_init(TimerQueue *queue)
{
    for (gint kind = 0; kind < N_TIMER_KINDS; kind++)
        queue->rows[kind] = g_sequence_new(g_free);
    queue->by_id = g_hash_table_new(NULL, NULL);
}

static void
timer_queue_clear(TimerQueue *queue)
{
    g_clear_pointer(&queue->by_id, g_hash_table_unref);
    for (gint kind = 0; kind < N_TIMER_KINDS; kind++)
        g_clear_pointer(&queue->rows[kind], g_sequence_free);
}

static gint
compare_timers(gconstpointer a, gconstpointer b, gpointer unused)
{
    const Timer *left = a;
    const Timer *right = b;

    if (left->due_us != right->due_us)
        return left->due_us < right->due_us ? -1 : 1;
    return left->id < right->id ? -1 : left->id > right->id;
}

static guint
timer_queue_add(
    TimerQueue *queue, TimerKind kind, gint64 due_us, KwTimerFunc func, gpointer user_data)
{
    Timer *timer = g_new0(Timer, 1);

    timer->due_us = due_us;
    timer->id = ++queue->last_id;
    timer->func = func;
    timer->user_data = user_data;
    g_hash_table_insert(
        queue->by_id, GUINT_TO_POINTER(timer->id),
        g_sequence_insert_sorted(queue->rows[kind], timer, compare_timers, NULL));
    return timer->id;
}

static void
timer_queue_remove(TimerQueue *queue, guint id)
{
    GSequenceIter *iter = g_hash_table_lookup(queue->by_id, GUINT_TO_POINTER(id));

    if (iter == NULL)
        return;
    (void) g_hash_table_remove(queue->by_id, GUINT_TO_POINTER(id));
    g_sequence_remove(iter);
}

/* The first of a kind that was set before or as @max_id, with its due time on the wall clock
 * as that goes now */
static gboolean
timer_queue_peek_kind(
    const TimerQueue *queue, TimerKind kind, const Instant *now, guint max_id, Timer *out)
{
    GSequenceIter *iter = g_sequence_get_begin_iter(queue->rows[kind]);

    for (; !g_sequence_iter_is_end(iter); iter = g_sequence_iter_next(iter)) {
        const Timer *timer = g_sequence_get(iter);

        if (timer->id > max_id)
            continue;
        *out = *timer;
        out->due_us += now->us[TIMER_WALL] - now->us[kind];
        return TRUE;
    }
    return FALSE;
}

/* The next timer, still in the queue */
static gboolean
timer_queue_peek(const TimerQueue *queue, const Instant *now, guint max_id, Timer *out)
{
    Timer first[N_TIMER_KINDS];
    gboolean has[N_TIMER_KINDS];

    for (gint kind = 0; kind < N_TIMER_KINDS; kind++)
        has[kind] = timer_queue_peek_kind(queue, (TimerKind) kind, now, max_id, &first[kind]);
    if (has[TIMER_WALL] &&
        (!has[TIMER_MONOTONIC] ||
         compare_timers(&first[TIMER_WALL], &first[TIMER_MONOTONIC], NULL) < 0))
        *out = first[TIMER_WALL];
    else if (has[TIMER_MONOTONIC])
        *out = first[TIMER_MONOTONIC];
    return has[TIMER_WALL] || has[TIMER_MONOTONIC];
}

/* Takes the next timer off the queue, if it is due by @until_us of the wall clock and was set
 * before or as @max_id. */
static gboolean
timer_queue_take_due(
    TimerQueue *queue, const Instant *now, gint64 until_us, guint max_id, Timer *out)
{
    Timer timer;

    if (!timer_queue_peek(queue, now, max_id, &timer) || timer.due_us > until_us)
        return FALSE;
    timer_queue_remove(queue, timer.id);
    *out = timer;
    return TRUE;
}

/* -- system clock -- */

struct _KwSystemClock {
    GObject parent_instance;

    TimerQueue queue;
    GSource *source; /* owned; attached to the context of construction */
};

/* The source carries its clock, which outlives it: dispose destroys the source. */
typedef struct {
    GSource source;
    KwSystemClock *clock; /* borrowed */
} ClockSource;

static void system_clock_iface_init(KwClockInterface *iface);
static void system_clock_rearm(KwSystemClock *self);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwSystemClock,
                              kw_system_clock,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CLOCK, system_clock_iface_init))

static Instant
read_instant(void)
{
    return (Instant){
        {[TIMER_WALL] = g_get_real_time(), [TIMER_MONOTONIC] = g_get_monotonic_time()}};
}

static gboolean
clock_source_dispatch(GSource *source, GSourceFunc unused, gpointer user_data)
{
    g_autoptr(KwSystemClock) self = g_object_ref(((ClockSource *) source)->clock);
    const Instant now = read_instant();
    guint max_id = self->queue.last_id; /* timers set by these calls wait for the next round */
    Timer timer;

    while (self->source != NULL &&
           timer_queue_take_due(&self->queue, &now, now.us[TIMER_WALL], max_id, &timer))
        timer.func(timer.user_data);
    if (self->source == NULL)
        return G_SOURCE_REMOVE;
    system_clock_rearm(self);
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_source_funcs = {.dispatch = clock_source_dispatch};

static void
system_clock_rearm(KwSystemClock *self)
{
    const Instant now = read_instant();
    gint64 wait_us = 0;
    Timer next;

    if (!timer_queue_peek(&self->queue, &now, G_MAXUINT, &next)) {
        g_source_set_ready_time(self->source, -1);
        return;
    }
    if (next.due_us > now.us[TIMER_WALL])
        wait_us = next.due_us >= now.us[TIMER_WALL] + RECHECK_US
                      ? RECHECK_US
                      : next.due_us - now.us[TIMER_WALL];
    g_source_set_ready_time(self->source, now.us[TIMER_MONOTONIC] + wait_us);
}

static gint64
system_clock_now_us(KwClock *clock)
{
    return g_get_real_time();
}

static gint64
system_clock_monotonic_us(KwClock *clock)
{
    return g_get_monotonic_time();
}

static guint
system_clock_add(
    KwSystemClock *self, TimerKind kind, gint64 due_us, KwTimerFunc func, gpointer user_data)
{
    guint id;

    g_return_val_if_fail(self->source != NULL, 0);

    id = timer_queue_add(&self->queue, kind, due_us, func, user_data);
    system_clock_rearm(self);
    return id;
}

static guint
system_clock_call_at(KwClock *clock, gint64 due_us, KwTimerFunc func, gpointer user_data)
{
    return system_clock_add(KW_SYSTEM_CLOCK(clock), TIMER_WALL, due_us, func, user_data);
}

static guint
system_clock_call_in(KwClock *clock, gint64 delay_us, KwTimerFunc func, gpointer user_data)
{
    return system_clock_add(KW_SYSTEM_CLOCK(clock), TIMER_MONOTONIC,
                            g_get_monotonic_time() + MAX(delay_us, 0), func, user_data);
}

static void
system_clock_cancel(KwClock *clock, guint timer)
{
    KwSystemClock *self = KW_SYSTEM_CLOCK(clock);

    if (self->source == NULL)
        return;
    timer_queue_remove(&self->queue, timer);
    system_clock_rearm(self);
}

static void
system_clock_iface_init(KwClockInterface *iface)
{
    iface->now_us = system_clock_now_us;
    iface->monotonic_us = system_clock_monotonic_us;
    iface->call_at = system_clock_call_at;
    iface->call_in = system_clock_call_in;
    iface->cancel = system_clock_cancel;
}

static void
kw_system_clock_dispose(GObject *object)
{
    KwSystemClock *self = KW_SYSTEM_CLOCK(object);

    if (self->source != NULL)
        g_source_destroy(self->source);
    g_clear_pointer(&self->source, g_source_unref);

    G_OBJECT_CLASS(kw_system_clock_parent_class)->dispose(object);
}

static void
kw_system_clock_finalize(GObject *object)
{
    timer_queue_clear(&KW_SYSTEM_CLOCK(object)->queue);

    G_OBJECT_CLASS(kw_system_clock_parent_class)->finalize(object);
}

static void
kw_system_clock_class_init(KwSystemClockClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_system_clock_dispose;
    object_class->finalize = kw_system_clock_finalize;
}

static void
kw_system_clock_init(KwSystemClock *self)
{
    timer_queue_init(&self->queue);
    self->source = g_source_new(&clock_source_funcs, sizeof(ClockSource));
    ((ClockSource *) self->source)->clock = self;
    g_source_set_static_name(self->source, "kw-clock");
    (void) g_source_attach(self->source, g_main_context_get_thread_default());
}

KwSystemClock *
kw_system_clock_new(void)
{
    return g_object_new(KW_TYPE_SYSTEM_CLOCK, NULL);
}

/* -- fake clock -- */

struct _KwFakeClock {
    GObject parent_instance;

    TimerQueue queue;
    Instant now;
};

static void fake_clock_iface_init(KwClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwFakeClock,
                              kw_fake_clock,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CLOCK, fake_clock_iface_init))

static gint64
fake_clock_now_us(KwClock *clock)
{
    return KW_FAKE_CLOCK(clock)->now.us[TIMER_WALL];
}

static gint64
fake_clock_monotonic_us(KwClock *clock)
{
    return KW_FAKE_CLOCK(clock)->now.us[TIMER_MONOTONIC];
}

static guint
fake_clock_call_at(KwClock *clock, gint64 due_us, KwTimerFunc func, gpointer user_data)
{
    return timer_queue_add(&KW_FAKE_CLOCK(clock)->queue, TIMER_WALL, due_us, func, user_data);
}

static guint
fake_clock_call_in(KwClock *clock, gint64 delay_us, KwTimerFunc func, gpointer user_data)
{
    KwFakeClock *self = KW_FAKE_CLOCK(clock);

    return timer_queue_add(&self->queue, TIMER_MONOTONIC,
                           self->now.us[TIMER_MONOTONIC] + MAX(delay_us, 0), func, user_data);
}

static void
fake_clock_cancel(KwClock *clock, guint timer)
{
    timer_queue_remove(&KW_FAKE_CLOCK(clock)->queue, timer);
}

static void
fake_clock_iface_init(KwClockInterface *iface)
{
    iface->now_us = fake_clock_now_us;
    iface->monotonic_us = fake_clock_monotonic_us;
    iface->call_at = fake_clock_call_at;
    iface->call_in = fake_clock_call_in;
    iface->cancel = fake_clock_cancel;
}

static void
kw_fake_clock_finalize(GObject *object)
{
    timer_queue_clear(&KW_FAKE_CLOCK(object)->queue);

    G_OBJECT_CLASS(kw_fake_clock_parent_class)->finalize(object);
}

static void
kw_fake_clock_class_init(KwFakeClockClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_fake_clock_finalize;
}

static void
kw_fake_clock_init(KwFakeClock *self)
{
    timer_queue_init(&self->queue);
}

KwFakeClock *
kw_fake_clock_new(gint64 now_us)
{
    KwFakeClock *self = g_object_new(KW_TYPE_FAKE_CLOCK, NULL);

    self->now.us[TIMER_WALL] = now_us;
    return self;
}

static void
move_forward(KwFakeClock *self, gint64 now_us)
{
    if (now_us <= self->now.us[TIMER_WALL])
        return;
    self->now.us[TIMER_MONOTONIC] += now_us - self->now.us[TIMER_WALL];
    self->now.us[TIMER_WALL] = now_us;
}

void
kw_fake_clock_advance_to(KwFakeClock *self, gint64 now_us)
{
    g_autoptr(KwFakeClock) guard = NULL;
    Timer timer;

    g_return_if_fail(KW_IS_FAKE_CLOCK(self));

    if (now_us < self->now.us[TIMER_WALL])
        return;
    guard = g_object_ref(self);
    while (timer_queue_take_due(&self->queue, &self->now, now_us, G_MAXUINT, &timer)) {
        move_forward(self, timer.due_us);
        timer.func(timer.user_data);
    }
    move_forward(self, now_us);
}

void
kw_fake_clock_advance(KwFakeClock *self, gint64 delta_us)
{
    g_return_if_fail(KW_IS_FAKE_CLOCK(self));

    kw_fake_clock_advance_to(self, self->now.us[TIMER_WALL] + delta_us);
}

void
kw_fake_clock_step(KwFakeClock *self, gint64 delta_us)
{
    g_return_if_fail(KW_IS_FAKE_CLOCK(self));

    self->now.us[TIMER_WALL] += delta_us;
}

gint64
kw_fake_clock_get_next_due_us(KwFakeClock *self)
{
    Timer next;

    g_return_val_if_fail(KW_IS_FAKE_CLOCK(self), G_MAXINT64);

    return timer_queue_peek(&self->queue, &self->now, G_MAXUINT, &next) ? next.due_us
                                                                        : G_MAXINT64;
}

/* -- measuring -- */

gint64
kw_stopwatch_us(void)
{
    return g_get_monotonic_time();
}
