/* kw-longer.h: longer candles put together from shorter ones, as they close */
#pragma once

#include "kw-frame.h"

G_BEGIN_DECLS

/**
 * KwLonger:
 * @gathered: owned; candles of the longer one that is not closed yet
 * @whole_from_us: first opening that belongs to a whole longer candle; -1 before any
 *
 * A first longer candle whose beginning was not seen is left out.
 */
typedef struct {
    KwSeries *gathered;
    gint64 short_us, long_us;
    gint64 whole_from_us;
} KwLonger;

/* @long_us: a multiple of @short_us */
void kw_longer_init(KwLonger *self, gint64 short_us, gint64 long_us);
void kw_longer_clear(KwLonger *self);

/* @candle: closed, later than the one before. What it closes is appended to @out. */
void kw_longer_push(KwLonger *self, const KwCandle *candle, KwFrame *out);

/* A longer candle whose time is up at @now_us closes without its last candles: there were no
 * trades. All that closed up to then must have been pushed. */
void kw_longer_close_due(KwLonger *self, gint64 now_us, KwFrame *out);

G_END_DECLS
