#define G_LOG_DOMAIN "kw-app"

#include "kw-mt5-source.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-source.h"
#include "kw-timeframe.h"

#define PATIENCE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

typedef struct {
    GMainLoop *loop;
    KwMt5Feed *feed;
    GError *error;
} Opening;

static void
on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Opening *opening = user_data;

    (void) kw_mt5_feed_open_finish(KW_MT5_FEED(source), result, &opening->error);
    g_main_loop_quit(opening->loop);
}

/* The opening comes to its end by it, and only then the wait. */
static void
on_late(gpointer user_data)
{
    kw_mt5_feed_close(((Opening *) user_data)->feed);
}

static gboolean
wait_until_open(KwMt5Source *self, KwClock *clock, GError **error)
{
    Opening opening = {.loop = g_main_loop_new(NULL, FALSE), .feed = self->feed};
    guint timer = kw_clock_call_in(clock, PATIENCE_US, on_late, &opening);

    kw_mt5_feed_open_async(self->feed, NULL, on_opened, &opening);
    g_main_loop_run(opening.loop);
    g_main_loop_unref(opening.loop);
    kw_clock_cancel(clock, timer);
    if (opening.error == NULL)
        return TRUE;
    if (!g_error_matches(opening.error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error(error, opening.error);
        return FALSE;
    }
    g_error_free(opening.error);
    g_set_error_literal(error, KW_NET_ERROR, KW_NET_ERROR_TIMEOUT,
                        _("the exchange does not answer"));
    return FALSE;
}

static void
add_history(KwFeed *feed, guint index, const KwSeries *series)
{
    kw_mt5_feed_add_history(KW_MT5_FEED(feed), index, series);
}

gboolean
kw_mt5_source_open(KwMt5Source *self,
                   const KwSettings *settings,
                   const gchar *const *names,
                   KwClock *clock,
                   GError **error)
{
    KwMt5FeedOptions options = {.pairs = names};

    if (!kw_timeframe_parse(kw_config_get_string(settings->bot, "trading", "timeframe"),
                            &options.timeframe_us, error) ||
        !kw_mt5_access_open(&self->access, settings, names, error))
        return FALSE;
    options.mt5 = self->access.mt5;
    options.history = self->access.history;
    options.directory = self->access.directory;
    self->feed = kw_mt5_feed_new(clock, &options, error);
    return self->feed != NULL &&
           kw_source_add_stored(settings, KW_FEED(self->feed), add_history, error) &&
           wait_until_open(self, clock, error);
}

void
kw_mt5_source_open_broker(KwMt5Source *self, KwClock *clock)
{
    self->broker = kw_mt5_access_make_broker(&self->access, clock);
}

void
kw_mt5_source_clear(KwMt5Source *self)
{
    g_clear_object(&self->broker);
    g_clear_object(&self->feed);
    kw_mt5_access_clear(&self->access);
}
