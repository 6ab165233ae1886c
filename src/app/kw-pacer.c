/* kw-pacer.c: two ways to move a clock that stands still by itself
 *
 * Full speed: a source of low priority jumps to the next timer whenever nothing else is to be
 * done, so chat and store always come first. With a speed: a tick every 20 ms moves the clock
 * by what has really passed times the speed, at most one second's worth: after a suspend the
 * market goes on where it was instead of racing through the lost time.
 *
 * Both end alike: when the wanted time is there, what was due until then has been called, and
 * the engine has dealt with it. So the same days leave the same state at any speed. */
#include "kw-pacer.h"

#define TICK_MS 20
#define MAX_STEP_US G_USEC_PER_SEC

struct _KwPacer {
    KwFakeClock *clock; /* owned */
    KwEngine *engine;   /* owned */
    gdouble speed;
    guint source; /* owned id; 0 while paused or waiting for the engine */
    gulong idle_handler;
    gboolean is_running;
    guint n_holds;
    gint64 last_us;  /* stopwatch at the last tick */
    gdouble rest_us; /* market time that is due but not yet given, while the engine works */
    gint64 until_us;
    KwPacerFunc func;
    gpointer user_data;
};

static void arm(KwPacer *self);

static void
finish(KwPacer *self)
{
    KwPacerFunc func = self->func;

    self->source = 0; /* it is the caller, and ends itself */
    kw_pacer_pause(self);
    if (func != NULL)
        func(self->user_data);
}

/* A timer may have been due before it was set: it is called now, time never goes back. */
static void
call_next(KwPacer *self, gint64 due_us)
{
    kw_fake_clock_advance_to(self->clock, MAX(due_us, kw_clock_now_us(KW_CLOCK(self->clock))));
}

static gboolean
on_idle_loop(gpointer user_data)
{
    KwPacer *self = user_data;
    gint64 due_us = kw_fake_clock_get_next_due_us(self->clock);

    if (self->n_holds > 0 || !kw_engine_is_idle(self->engine)) {
        self->source = 0; /* kw_pacer_release() or on_engine_idle() goes on */
        return G_SOURCE_REMOVE;
    }
    if (due_us > self->until_us || due_us == G_MAXINT64) {
        if (self->until_us != G_MAXINT64)
            kw_fake_clock_advance_to(self->clock, self->until_us);
        finish(self);
        return G_SOURCE_REMOVE;
    }
    call_next(self, due_us);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_tick(gpointer user_data)
{
    KwPacer *self = user_data;
    gint64 now_us = kw_stopwatch_us();
    gint64 market_us, target_us, due_us;

    self->rest_us += (gdouble) MIN(now_us - self->last_us, MAX_STEP_US) * self->speed;
    self->last_us = now_us;
    market_us = kw_clock_now_us(KW_CLOCK(self->clock));
    target_us = MIN(market_us + (gint64) self->rest_us, self->until_us);

    /* one timer a tick round: the engine must have dealt with it before the next is due */
    due_us = kw_fake_clock_get_next_due_us(self->clock);
    if (self->n_holds > 0 || !kw_engine_is_idle(self->engine))
        return G_SOURCE_CONTINUE;
    if (market_us >= self->until_us && due_us > self->until_us) {
        finish(self);
        return G_SOURCE_REMOVE;
    }
    target_us = CLAMP(target_us, market_us, MAX(due_us, market_us));
    self->rest_us -= (gdouble) (target_us - market_us);
    kw_fake_clock_advance_to(self->clock, target_us);
    return G_SOURCE_CONTINUE;
}

static void
arm(KwPacer *self)
{
    if (!self->is_running || self->n_holds > 0 || self->source != 0)
        return;
    self->last_us = kw_stopwatch_us();
    if (self->speed > 0)
        self->source = g_timeout_add(TICK_MS, on_tick, self);
    else
        self->source = g_idle_add_full(G_PRIORITY_LOW, on_idle_loop, self, NULL);
}

static void
on_engine_idle(KwEngine *engine, gpointer user_data)
{
    (void) engine;
    arm(user_data);
}

KwPacer *
kw_pacer_new(KwFakeClock *clock, KwEngine *engine, gdouble speed)
{
    KwPacer *self = g_new0(KwPacer, 1);

    self->clock = g_object_ref(clock);
    self->engine = g_object_ref(engine);
    self->speed = speed;
    self->idle_handler = g_signal_connect(engine, "idle", G_CALLBACK(on_engine_idle), self);
    return self;
}

void
kw_pacer_free(KwPacer *self)
{
    if (self == NULL)
        return;
    kw_pacer_pause(self);
    g_clear_signal_handler(&self->idle_handler, self->engine);
    g_clear_object(&self->clock);
    g_clear_object(&self->engine);
    g_free(self);
}

void
kw_pacer_run(KwPacer *self, gint64 until_us, KwPacerFunc func, gpointer user_data)
{
    g_return_if_fail(!self->is_running);

    self->is_running = TRUE;
    self->until_us = until_us;
    self->func = func;
    self->user_data = user_data;
    self->rest_us = 0;
    arm(self);
}

void
kw_pacer_pause(KwPacer *self)
{
    self->is_running = FALSE;
    self->func = NULL;
    g_clear_handle_id(&self->source, g_source_remove);
}

void
kw_pacer_hold(KwPacer *self)
{
    self->n_holds++;
}

void
kw_pacer_release(KwPacer *self)
{
    g_return_if_fail(self->n_holds > 0);

    self->n_holds--;
    arm(self);
}
