#define G_LOG_DOMAIN "kw-app"

#include "kw-live-source.h"

#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-source.h"
#include "kw-timeframe.h"
#include "kw-version.h"

#include <string.h>

#define USER_AGENT "kurswart/" KW_VERSION
#define PATIENCE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)

/* The opening that is waited for */
typedef struct {
    GMainLoop *loop;
    KwKrakenFeed *feed;
    gboolean is_open;
    GError *error;
} Opening;

static void
on_opened(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Opening *opening = user_data;

    opening->is_open =
        kw_kraken_feed_open_finish(KW_KRAKEN_FEED(source), result, &opening->error);
    g_main_loop_quit(opening->loop);
}

/* The opening comes to its end by it, and only then the wait. */
static void
on_late(gpointer user_data)
{
    kw_kraken_feed_close(((Opening *) user_data)->feed);
}

static gboolean
wait_until_open(KwLiveSource *self, KwClock *clock, GError **error)
{
    Opening opening = {.loop = g_main_loop_new(NULL, FALSE), .feed = self->feed};
    guint timer = kw_clock_call_in(clock, PATIENCE_US, on_late, &opening);

    kw_kraken_feed_open_async(self->feed, NULL, on_opened, &opening);
    g_main_loop_run(opening.loop);
    g_main_loop_unref(opening.loop);
    kw_clock_cancel(clock, timer);
    if (opening.is_open)
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
    kw_kraken_feed_add_history(KW_KRAKEN_FEED(feed), index, series);
}

gboolean
kw_live_source_open(KwLiveSource *self,
                    const KwSettings *settings,
                    const gchar *const *names,
                    KwClock *clock,
                    GError **error)
{
    KwKrakenAccessKind kind =
        settings->book.mode == KW_MODE_LIVE ? KW_KRAKEN_ACCESS_TRADES : KW_KRAKEN_ACCESS_PUBLIC;
    KwKrakenFeedOptions feed = {
        .pairs = names,
        .ws_url = kw_kraken_access_get_place(settings, "ws_url"),
        .user_agent = USER_AGENT,
        .ca_file = kw_kraken_access_get_place(settings, "ca_file"),
    };

    if (kw_mt5_access_is_wanted(settings))
        return kw_mt5_source_open(&self->bridge, settings, names, clock, error);
    if (!kw_timeframe_parse(kw_config_get_string(settings->bot, "trading", "timeframe"),
                            &feed.timeframe_us, error) ||
        !kw_kraken_access_open(&self->access, settings, kind, clock, error))
        return FALSE;
    feed.kraken = self->access.kraken;
    self->feed = kw_kraken_feed_new(clock, &feed);
    return kw_source_add_stored(settings, KW_FEED(self->feed), add_history, error) &&
           wait_until_open(self, clock, error);
}

gboolean
kw_live_source_open_broker(KwLiveSource *self,
                           const KwSettings *settings,
                           KwClock *clock,
                           GError **error)
{
    if (self->bridge.feed != NULL) {
        kw_mt5_source_open_broker(&self->bridge, clock);
        return TRUE;
    }
    self->broker = kw_kraken_access_make_broker(
        &self->access, settings, kw_kraken_feed_get_pairs(self->feed), clock, error);
    return self->broker != NULL;
}

void
kw_live_source_clear(KwLiveSource *self)
{
    g_clear_object(&self->broker); /* borrows the pairs of the feed */
    g_clear_object(&self->feed);
    kw_kraken_access_clear(&self->access);
    kw_mt5_source_clear(&self->bridge);
}

KwFeed *
kw_live_source_get_feed(const KwLiveSource *self)
{
    return self->bridge.feed != NULL ? KW_FEED(self->bridge.feed) : KW_FEED(self->feed);
}

KwBroker *
kw_live_source_get_broker(const KwLiveSource *self)
{
    if (self->bridge.broker != NULL)
        return KW_BROKER(self->bridge.broker);
    return self->broker != NULL ? KW_BROKER(self->broker) : NULL;
}
