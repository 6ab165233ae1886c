/* kw-kraken-book.h: an order book kept from the stream's frames and proven by its checksum */
#pragma once

#include "kw-feed.h"
#include "kw-order.h"

G_BEGIN_DECLS

#define KW_KRAKEN_BOOK_MAX_DEPTH 1000

/**
 * KwKrakenBookLevel: as it stands in a frame
 * @price, @amount: number tokens, borrowed from the frame's text; not terminated
 */
typedef struct {
    const gchar *price, *amount;
    guint8 n_price, n_amount; /* bytes */
} KwKrakenBookLevel;

/**
 * KwKrakenBookFrame:
 * @symbol: "BTC/EUR"
 * @bids, @asks: (element-type KwKrakenBookLevel): owned; in the frame's order
 *
 * Reuse one for many frames. Lives no longer than the text that was parsed.
 */
typedef struct {
    gchar symbol[KW_PAIR_NAME_SIZE];
    gboolean is_snapshot;
    guint32 checksum;
    GArray *bids, *asks;
} KwKrakenBookFrame;

void kw_kraken_book_frame_init(KwKrakenBookFrame *self);
void kw_kraken_book_frame_clear(KwKrakenBookFrame *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKrakenBookFrame, kw_kraken_book_frame_clear)

/**
 * kw_kraken_book_frame_parse:
 * @text: one frame of the channel "book"; a NUL stands behind @length bytes
 *
 * A scanner of its own, since the checksum needs the digits and a JSON parser gives doubles.
 *
 * Returns: %FALSE with a #KwParseError; @out is of no use then
 */
gboolean kw_kraken_book_frame_parse(const gchar *text,
                                    gsize length,
                                    KwKrakenBookFrame *out,
                                    GError **error);

typedef struct _KwKrakenBook KwKrakenBook;

/* @price_decimals, @lot_decimals: of the pair; @depth: as subscribed */
KwKrakenBook *kw_kraken_book_new(guint8 price_decimals, guint8 lot_decimals, guint depth);
void kw_kraken_book_free(KwKrakenBook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenBook, kw_kraken_book_free)

/**
 * kw_kraken_book_apply:
 *
 * A snapshot replaces everything; an update before one is refused.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when a level cannot be read, or
 *   %KW_PARSE_ERROR_SYNTAX when the checksum differs. The book is empty then, and a snapshot
 * must be asked for.
 */
gboolean
kw_kraken_book_apply(KwKrakenBook *self, const KwKrakenBookFrame *frame, GError **error);

/* A snapshot has come and everything after it was right */
gboolean kw_kraken_book_is_whole(const KwKrakenBook *self);

/* Levels of a side: bids are what one sells into (%KW_SIDE_BUY) */
guint kw_kraken_book_get_n_levels(const KwKrakenBook *self, KwSide side);

/* Best price of a side; %FALSE when it is empty */
gboolean kw_kraken_book_get_best(const KwKrakenBook *self, KwSide side, KwDecimal *out_price);

/* @out: (array length=max_levels): best first. Returns: how many levels were copied */
guint kw_kraken_book_copy_levels(const KwKrakenBook *self,
                                 KwSide side,
                                 KwFeedLevel *out,
                                 guint max_levels);

/* Amount in base currency that rests within @bps hundredths of a percent of the middle */
gdouble kw_kraken_book_sum_within(const KwKrakenBook *self, KwSide side, gdouble bps);

G_END_DECLS
