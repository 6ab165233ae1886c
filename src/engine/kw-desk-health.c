/* kw-desk-health.c: feed, store, strategy, exchange, disk: whether each works
 *
 * Words, no figures of trading: these are in the other answers of the desk. */
#include "kw-desk-health.h"

#include "kw-venue.h"
#include "kw-version.h"

#include <gio/gio.h>

#define MIN_FREE_BYTES (200 * 1024 * 1024)
#define SILENT_US (60 * G_USEC_PER_SEC)      /* without a price of any pair */
#define UNANSWERED_US (150 * G_USEC_PER_SEC) /* books are compared every minute */

gint64
kw_desk_newest_data_us(const KwBook *book)
{
    gint64 newest = 0;

    for (guint i = 0; i < book->n_slots; i++)
        newest = MAX(newest, book->slots[i].data_us);
    return newest;
}

static void
add_health(
    GArray *list, const gchar *component, gboolean is_ok, gint64 since_us, const gchar *detail)
{
    KwHealthView view = {.is_ok = is_ok, .since_us = since_us};

    g_strlcpy(view.component, component, sizeof view.component);
    g_strlcpy(view.detail, detail, sizeof view.detail);
    g_array_append_val(list, view);
}

static void
add_disk_health(KwStore *store, GArray *list)
{
    g_autoptr(GFile) root = g_file_new_for_path(kw_store_get_root(store));
    g_autoptr(GFileInfo) info =
        g_file_query_filesystem_info(root, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, NULL, NULL);
    guint64 n_free = 0;
    g_autofree gchar *text = NULL;

    if (info != NULL)
        n_free = g_file_info_get_attribute_uint64(info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
    text = g_strdup_printf("%" G_GUINT64_FORMAT " MB", n_free / (1024 * 1024));
    add_health(list, "disk", n_free >= MIN_FREE_BYTES, 0, text);
}

/* Since when no pair has had a price; 0: all is well. A market that is closed is not silent:
 * the venue tells that it is. */
static gint64
find_silence_us(const KwBook *book)
{
    gint64 age_us = G_MAXINT64;

    for (guint i = 0; i < book->n_slots; i++) {
        KwFeedQuote quote;

        kw_feed_get_quote(book->feed, i, &quote);
        age_us = MIN(age_us, quote.age_us);
    }
    if (book->n_slots == 0 || age_us <= SILENT_US)
        return 0;
    return kw_clock_now_us(book->clock) - age_us;
}

static void
add_feed_health(const KwBook *book, GArray *list)
{
    gint64 data_us = kw_desk_newest_data_us(book), silent_us = find_silence_us(book);
    gint64 age_us = kw_clock_now_us(book->clock) - data_us;

    if (silent_us != 0)
        add_health(list, "feed", FALSE, silent_us, KW_HEALTH_SILENT);
    else
        add_health(list, "feed", age_us <= 2 * kw_feed_get_timeframe_us(book->feed), data_us,
                   "");
}

/* Real money alone */
static void
add_exchange_health(const KwBook *book, GArray *list)
{
    KwVenueView venue;
    gint64 heard_us;

    kw_venue_fill_view(book->venue, &venue);
    if (!venue.is_real)
        return;
    heard_us = venue.read_us != 0 ? venue.read_us : book->started_us;
    if (kw_clock_now_us(book->clock) - heard_us > UNANSWERED_US)
        add_health(list, "exchange", FALSE, heard_us, KW_HEALTH_SILENT);
    else
        add_health(list, "exchange", !venue.is_doubtful, venue.read_us,
                   venue.is_doubtful ? "/abgleich" : "");
}

GArray *
kw_desk_health_list(const KwBook *book, KwStore *store, const gchar *strategy_note)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(KwHealthView));
    gboolean is_store_ok = !kw_store_is_full(store) && !kw_store_is_broken(store);
    gchar crashes[16];

    add_health(list, "version", TRUE, book->started_us, KW_VERSION);
    add_feed_health(book, list);
    add_exchange_health(book, list);
    add_health(list, "strategy", book->strategy != NULL && *strategy_note == '\0', 0,
               strategy_note);
    add_health(list, "store", is_store_ok, 0, is_store_ok ? "" : "cannot be written");
    add_disk_health(store, list);
    (void) g_snprintf(crashes, sizeof crashes, "%u", book->n_crashes);
    add_health(list, "crashes", TRUE, 0, crashes);
    return list;
}
