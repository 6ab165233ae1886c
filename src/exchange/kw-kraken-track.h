/* kw-kraken-track.h: closed candles of one pair, from REST and from the stream */
#pragma once

#include "kw-kraken-frame.h"
#include "kw-pair.h"
#include "kw-series.h"

G_BEGIN_DECLS

#define KW_KRAKEN_TRACK_BARS 8 /* newest intervals that the stream has told of */

#define KW_KRAKEN_TRACK_KEEP 720 /* newest candles that are never forgotten */

typedef struct _KwKrakenTrack KwKrakenTrack;

KwKrakenTrack *kw_kraken_track_new(gint64 timeframe_us);
void kw_kraken_track_free(KwKrakenTrack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenTrack, kw_kraken_track_free)

/* (transfer none): ascending, closed candles alone */
const KwSeries *kw_kraken_track_get_series(const KwKrakenTrack *self);

/* Opening of the newest closed candle; G_MININT64 without any */
gint64 kw_kraken_track_get_last_us(const KwKrakenTrack *self);

/* TRUE when there is the closed candle that opens at @open_us */
gboolean kw_kraken_track_has(const KwKrakenTrack *self, gint64 open_us);

/* Candles that open before @before_us have been read: once there are many, they are dropped
 * but for the newest ones. A process that runs for months holds no more of them than at first.
 */
void kw_kraken_track_forget(KwKrakenTrack *self, gint64 before_us);

/* A candle under way, of the stream */
void kw_kraken_track_note_bar(KwKrakenTrack *self, const KwCandle *candle);

/**
 * kw_kraken_track_merge:
 * @candles: (element-type KwCandle): ascending; of REST or a store
 * @until_us: newer openings are left out: they may be running still
 *
 * Rows that are there stay as they are.
 *
 * Returns: number of rows that are new; @out_n_changed: rows that are there with other numbers
 */
guint kw_kraken_track_merge(KwKrakenTrack *self,
                            const GArray *candles,
                            gint64 until_us,
                            guint *out_n_changed);

/**
 * KwKrakenCloseKind: how a candle was closed without REST
 * @KW_KRAKEN_CLOSE_NONE: not at all: a candle before it is missing
 * @KW_KRAKEN_CLOSE_BAR: with what the stream had told
 * @KW_KRAKEN_CLOSE_FLAT: nobody traded: the last close, no volume
 */
typedef enum {
    KW_KRAKEN_CLOSE_NONE,
    KW_KRAKEN_CLOSE_BAR,
    KW_KRAKEN_CLOSE_FLAT,
} KwKrakenCloseKind;

/* Closes the next candle, which opens at @open_us, from the stream, which was heard all along.
 */
KwKrakenCloseKind kw_kraken_track_close(KwKrakenTrack *self, gint64 open_us);

G_END_DECLS
