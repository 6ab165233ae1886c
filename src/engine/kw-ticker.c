/* kw-ticker.c: one tick after the other
 *
 * The next tick is set when the one before is over, so a slow venue or disk makes ticks rarer
 * and never piles them up. A tick that fails is logged once until one succeeds: what it wanted
 * to do is decided again by the next. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-ticker.h"

#include "kw-log.h"

struct _KwTicker {
    KwClock *clock;       /* owned */
    KwPipeline *pipeline; /* borrowed */
    void (*on_done)(gpointer user_data);
    gpointer user_data;
    guint timer;
    gboolean is_running, is_failing;
    gatomicrefcount n_refs; /* of the owner, and of a tick under way */
};

static void on_due(gpointer user_data);

static void
unref(KwTicker *self)
{
    if (!g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_clear_object(&self->clock);
    g_free(self);
}

static void
set_timer(KwTicker *self)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer = kw_clock_call_in(self->clock, KW_TICKER_INTERVAL_US, on_due, self);
}

static void
on_ticked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwTicker *self = user_data;
    g_autoptr(GError) error = NULL;

    if (kw_pipeline_tick_finish(KW_PIPELINE(source), result, &error)) {
        self->is_failing = FALSE;
    } else if (!self->is_failing) {
        self->is_failing = TRUE;
        kw_log_critical("exits between candles could not be stored", "KW_ERROR",
                        error->message);
    }
    if (self->is_running) {
        set_timer(self);
        self->on_done(self->user_data);
    }
    unref(self);
}

static void
on_due(gpointer user_data)
{
    KwTicker *self = user_data;

    self->timer = 0;
    g_atomic_ref_count_inc(&self->n_refs);
    kw_pipeline_tick_async(self->pipeline, on_ticked, self);
}

void
kw_ticker_start(KwTicker *self)
{
    g_return_if_fail(self != NULL);

    if (self->is_running)
        return;
    self->is_running = TRUE;
    set_timer(self);
}

void
kw_ticker_stop(KwTicker *self)
{
    if (self == NULL)
        return;
    self->is_running = FALSE;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

KwTicker *
kw_ticker_new(KwClock *clock,
              KwPipeline *pipeline,
              void (*on_done)(gpointer user_data),
              gpointer user_data)
{
    KwTicker *self = g_new0(KwTicker, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->clock = g_object_ref(clock);
    self->pipeline = pipeline;
    self->on_done = on_done;
    self->user_data = user_data;
    return self;
}

void
kw_ticker_free(KwTicker *self)
{
    if (self == NULL)
        return;
    kw_ticker_stop(self);
    unref(self);
}
