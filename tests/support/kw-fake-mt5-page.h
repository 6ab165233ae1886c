/* kw-fake-mt5-page.h: candles as the fake bridge tells them */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwFakeMt5Page:
 * @query: (nullable): "startTime=...&limit=...", as asked
 * @price: all candles are flat at it
 * @first_us: there is no older candle
 * @quoted_us: the newest candle is that of this time
 */
typedef struct {
    const gchar *query;
    const gchar *symbol;
    gdouble price;
    gint64 timeframe_us, first_us, quoted_us;
} KwFakeMt5Page;

/* (transfer full): a JSON array, oldest first; without a startTime 120 rows and the one under
 * way
 */
gchar *kw_fake_mt5_page_tell(const KwFakeMt5Page *page);

/* (transfer full): "2026-03-01T10:00:00.521Z" */
gchar *kw_fake_mt5_time(gint64 time_us);

G_END_DECLS
