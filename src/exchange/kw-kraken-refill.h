/* kw-kraken-refill.h: closed candles that OHLC does not reach back to, made of single trades */
#pragma once

#include "kw-kraken-track.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

#define KW_KRAKEN_REFILL_ROWS 700 /* newest intervals that are left to OHLC, which has 720 */
#define KW_KRAKEN_REFILL_PAGES 40 /* of a thousand trades, one a second */

/* TRUE when there are candles, and the newest one is further back than OHLC reaches */
gboolean kw_kraken_refill_is_due(const KwKrakenTrack *track, gint64 last_ended_us);

/**
 * kw_kraken_refill_async:
 * @alt: name of the pair for REST
 * @track: borrowed until the answer; gets the candles as they come
 * @last_ended_us: opening of the newest interval that has ended
 *
 * Goes on behind the newest candle of @track; an interval without a trade gets a flat candle,
 * as OHLC tells it. Ends where OHLC begins, or after %KW_KRAKEN_REFILL_PAGES: what is missing
 * then is a hole, as it was before.
 */
void kw_kraken_refill_async(KwKraken *kraken,
                            const gchar *alt,
                            KwKrakenTrack *track,
                            gint64 last_ended_us,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Returns: %FALSE with an error of kw_kraken_finish(), a #KwParseError, or
 * %KW_PARSE_ERROR_LIMIT when there were too many trades; what came before stays in the track */
gboolean kw_kraken_refill_finish(KwKraken *kraken, GAsyncResult *result, GError **error);

G_END_DECLS
