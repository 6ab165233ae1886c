#include "kw-fake-mt5-page.h"

#include <libsoup/soup.h>

#define N_CANDLES 120 /* without a time to begin from */

gchar *
kw_fake_mt5_time(gint64 time_us)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    g_autofree gchar *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");

    return g_strdup_printf("%s.%03uZ", text, (guint) (time_us % G_USEC_PER_SEC / 1000));
}

/* As asked for: backwards from a time, or from now. Returns: how many rows */
static gint
read_query(const KwFakeMt5Page *page, gint64 *out_last_us)
{
    g_autoptr(GHashTable) values = soup_form_decode(page->query != NULL ? page->query : "");
    const gchar *start = g_hash_table_lookup(values, "startTime");
    const gchar *limit = g_hash_table_lookup(values, "limit");
    g_autoptr(GDateTime) time =
        start != NULL ? g_date_time_new_from_iso8601(start, NULL) : NULL;
    gint n_rows = limit != NULL ? (gint) g_ascii_strtoll(limit, NULL, 10) : 1000;
    gint64 until_us = page->quoted_us;

    g_assert_cmpint(n_rows, <=, 1000);
    if (time == NULL)
        n_rows = MIN(n_rows, N_CANDLES + 1);
    else
        until_us = MIN(until_us, g_date_time_to_unix(time) * G_USEC_PER_SEC);
    *out_last_us = until_us / page->timeframe_us * page->timeframe_us;
    return MIN(n_rows, (gint) ((*out_last_us - page->first_us) / page->timeframe_us) + 1);
}

gchar *
kw_fake_mt5_page_tell(const KwFakeMt5Page *page)
{
    GString *out = g_string_new("[");
    gint64 last_us = 0;
    gint n_rows = read_query(page, &last_us);

    for (gint i = n_rows - 1; i >= 0; i--) {
        gint64 open_us = last_us - i * page->timeframe_us;
        g_autofree gchar *time = kw_fake_mt5_time(open_us);

        g_string_append_printf(
            out,
            "%s{\"symbol\":\"%s\",\"time\":\"%s\",\"open\":%.10g,\"high\":%.10g,"
            "\"low\":%.10g,\"close\":%.10g,\"tickVolume\":%d}",
            out->len > 1 ? "," : "", page->symbol, time, page->price, page->price, page->price,
            page->price, open_us + page->timeframe_us <= page->quoted_us ? 60 : 1);
    }
    return g_string_free(g_string_append_c(out, ']'), FALSE);
}
