/* kw-night.c: waits for the evening, then lets the store do its nightly work
 *
 * The backup is of what is on disk, so an empty batch goes through the journal first: when it
 * is durable, all that was decided before is.
 *
 * The nights of a replay can be a tenth of a second apart, and what a night has left undone the
 * next one does as well: so a plan may ask for a pause of real time between them. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-night.h"

#include "kw-log.h"

struct _KwNight {
    KwStore *store;     /* owned */
    KwJournal *journal; /* owned */
    KwClock *clock;     /* owned */
    GCancellable *cancellable;
    const KwNightlyPlan *plan; /* borrowed; NULL = none */
    KwNightFunc func;
    GObject *owner; /* borrowed */
    gboolean is_busy;
    gint64 done_us; /* stopwatch at the end of the last work; 0 = none yet */
};

static void
on_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwNight *self = user_data;
    /* the reference that kw_night_begin() took */
    G_GNUC_UNUSED g_autoptr(GObject) owner = self->owner;
    g_autoptr(GError) error = NULL;
    KwNightlyCount count;

    self->is_busy = FALSE;
    self->done_us = kw_stopwatch_us();
    if (!kw_nightly_finish(KW_STORE(source), result, &count, &error))
        kw_log_critical("nightly backup or tiering failed", "KW_ERROR", error->message);
    self->func(error, self->owner);
}

static void
on_evening_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwNight *self = user_data;

    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    kw_nightly_async(self->store, self->plan, kw_clock_now_us(self->clock), self->cancellable,
                     on_done, self);
}

static gboolean
is_too_soon(const KwNight *self)
{
    return self->done_us != 0 && kw_stopwatch_us() - self->done_us < self->plan->pause_us;
}

void
kw_night_begin(KwNight *self)
{
    g_return_if_fail(self != NULL);

    if (self->plan == NULL || self->is_busy || is_too_soon(self))
        return;
    self->is_busy = TRUE;
    g_object_ref(self->owner);
    kw_journal_append_async(self->journal, kw_batch_new(), NULL, on_evening_durable, self);
}

void
kw_night_cancel(KwNight *self)
{
    if (self != NULL)
        g_cancellable_cancel(self->cancellable);
}

gboolean
kw_night_is_busy(const KwNight *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->is_busy;
}

KwNight *
kw_night_new(KwStore *store,
             KwJournal *journal,
             KwClock *clock,
             const KwNightlyPlan *plan,
             KwNightFunc func,
             GObject *owner)
{
    KwNight *self = g_new0(KwNight, 1);

    g_return_val_if_fail(func != NULL, self);

    self->store = g_object_ref(store);
    self->journal = g_object_ref(journal);
    self->clock = g_object_ref(clock);
    self->cancellable = g_cancellable_new();
    self->plan = plan;
    self->func = func;
    self->owner = owner;
    return self;
}

void
kw_night_free(KwNight *self)
{
    if (self == NULL)
        return;
    kw_night_cancel(self);
    g_clear_object(&self->cancellable);
    g_clear_object(&self->clock);
    g_clear_object(&self->journal);
    g_clear_object(&self->store);
    g_free(self);
}
