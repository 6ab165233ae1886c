#define G_LOG_DOMAIN "kw-app"

#include "kw-mt5-watch.h"

#include "kw-log.h"

#include <string.h>

#define LOOK_US G_TIME_SPAN_HOUR

struct _KwMt5Watch {
    const KwMt5Access *access; /* borrowed */
    GStrv symbols;             /* owned */
    KwClock *clock;            /* owned */
    KwVenue *venue;            /* borrowed */
    GCancellable *cancel;      /* owned */
    gulong on_trouble;         /* signal of the connection */
    guint timer;
};

static void
on_trouble(KwMt5 *mt5, const gchar *text, gpointer user_data)
{
    KwMt5Watch *self = user_data;

    (void) mt5;
    kw_log_critical("the bridge refuses the token", "KW_ERROR", text);
    kw_venue_distrust(self->venue, "token_refused");
}

/* -- symbols -- */

static gboolean
is_same(const KwMt5Symbol *a, const KwMt5Symbol *b)
{
    return kw_decimal_cmp(a->contract, b->contract) == 0 &&
           kw_decimal_cmp(a->tick, b->tick) == 0 &&
           kw_decimal_cmp(a->volume_min, b->volume_min) == 0 &&
           kw_decimal_cmp(a->volume_step, b->volume_step) == 0;
}

static void
compare(KwMt5Watch *self, const KwMt5Directory *now)
{
    for (guint i = 0; i < now->markets->len; i++) {
        const KwMt5Market *market = &g_array_index(now->markets, KwMt5Market, i);
        const KwMt5Market *known =
            kw_mt5_directory_find_pair(self->access->directory, market->pair);

        if (known == NULL || is_same(&known->symbol, &market->symbol))
            continue;
        kw_log_critical("a symbol counts otherwise than at the start", "KW_PAIR", market->pair);
        kw_venue_distrust(self->venue, "symbol_changed");
    }
}

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwMt5Directory) now = kw_mt5_directory_finish(KW_MT5(source), result, &error);
    KwMt5Watch *self = user_data;

    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* it is gone */
        return;
    if (now == NULL)
        kw_log_warning("symbols could not be read; those known stay", "KW_ERROR",
                       error->message);
    else
        compare(self, now);
}

static void
on_timer(gpointer user_data)
{
    KwMt5Watch *self = user_data;

    kw_mt5_directory_async(self->access->mt5, (const gchar *const *) self->symbols,
                           self->cancel, on_directory, self);
    self->timer = kw_clock_call_in(self->clock, LOOK_US, on_timer, self);
}

/* -- object -- */

KwMt5Watch *
kw_mt5_watch_new(const KwMt5Access *access,
                 const KwSettings *settings,
                 const gchar *const *names,
                 KwClock *clock,
                 KwVenue *venue)
{
    KwMt5Watch *self = g_new0(KwMt5Watch, 1);

    self->access = access;
    self->symbols = kw_mt5_access_list_symbols(settings, names);
    self->clock = g_object_ref(clock);
    self->venue = venue;
    self->cancel = g_cancellable_new();
    self->on_trouble = g_signal_connect(access->mt5, "trouble", G_CALLBACK(on_trouble), self);
    self->timer = kw_clock_call_in(clock, LOOK_US, on_timer, self);
    return self;
}

void
kw_mt5_watch_free(KwMt5Watch *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->cancel);
    kw_clock_cancel(self->clock, self->timer);
    g_clear_signal_handler(&self->on_trouble, self->access->mt5);
    g_strfreev(self->symbols);
    g_clear_object(&self->cancel);
    g_clear_object(&self->clock);
    g_free(self);
}
