/* kw-kraken-pairs.h: Kraken's pairs: their names, steps, minima and state */
#pragma once

#include "kw-json.h"
#include "kw-order.h"
#include "kw-pair.h"

G_BEGIN_DECLS

#define KW_KRAKEN_NAME_SIZE 32

/**
 * KwKrakenPairState: what a pair takes now
 * @KW_KRAKEN_PAIR_ABSENT: delisted, or a state that is not known: nothing
 */
typedef enum {
    KW_KRAKEN_PAIR_ONLINE,
    KW_KRAKEN_PAIR_LIMIT_ONLY,
    KW_KRAKEN_PAIR_POST_ONLY,
    KW_KRAKEN_PAIR_REDUCE_ONLY,
    KW_KRAKEN_PAIR_CANCEL_ONLY,
    KW_KRAKEN_PAIR_ABSENT,
} KwKrakenPairState;

/**
 * KwKrakenPair: one pair under all its names
 * @market: its name is the one used everywhere else ("BTC/EUR"), which is the WebSocket's too
 * @id: key of REST results ("XXBTZEUR")
 * @alt: name for REST requests ("XBTEUR")
 * @ws_name: of the old WebSocket ("XBT/EUR"); "" when there is none
 * @base_id, @quote_id: of balances ("XXBT", "ZEUR")
 * @price_decimals, @lot_decimals, @cost_decimals: digits right of the point
 * @taker_ratio, @maker_ratio: public fee at no volume, as a share
 *
 * Plain value.
 */
typedef struct {
    KwPair market;
    gchar id[KW_KRAKEN_NAME_SIZE];
    gchar alt[KW_KRAKEN_NAME_SIZE];
    gchar ws_name[KW_KRAKEN_NAME_SIZE];
    gchar base_id[KW_KRAKEN_NAME_SIZE];
    gchar quote_id[KW_KRAKEN_NAME_SIZE];
    guint8 price_decimals, lot_decimals, cost_decimals;
    gdouble taker_ratio, maker_ratio;
    KwKrakenPairState state;
} KwKrakenPair;

typedef struct _KwKrakenPairs KwKrakenPairs;

/**
 * kw_kraken_pairs_new:
 * @assets, @pairs: results of Assets and AssetPairs
 *
 * Dark pools and tokenised stocks are left out. A row that cannot be read is left out too, and
 * counted, since a new listing must not stop those that are traded.
 *
 * Returns: (transfer full): %NULL with a #KwParseError when nothing is left
 */
KwKrakenPairs *kw_kraken_pairs_new(JsonObject *assets, JsonObject *pairs, GError **error);

/* For whoever may still be asked when the owner has gone. Main thread. */
KwKrakenPairs *kw_kraken_pairs_ref(KwKrakenPairs *self);
void kw_kraken_pairs_unref(KwKrakenPairs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenPairs, kw_kraken_pairs_unref)

guint kw_kraken_pairs_get_length(const KwKrakenPairs *self);
guint kw_kraken_pairs_get_n_skipped(const KwKrakenPairs *self);

/* (transfer none) (nullable): by any of the four names */
const KwKrakenPair *kw_kraken_pairs_find(const KwKrakenPairs *self, const gchar *name);

/* Reads "data" of the channel "instrument": states, steps and minima as they are now.
 * Returns: number of pairs that have changed */
guint kw_kraken_pairs_update(KwKrakenPairs *self, JsonObject *data);

/**
 * KwKrakenChange: what is new about a pair
 * @KW_KRAKEN_CHANGE_STATE: it takes other orders than before
 * @KW_KRAKEN_CHANGE_GONE: it is not listed any more, or under another name
 * @KW_KRAKEN_CHANGE_BACK: it is listed again
 * @KW_KRAKEN_CHANGE_STEPS: decimals or steps of prices or amounts
 * @KW_KRAKEN_CHANGE_MINIMA: smallest amount or cost
 */
typedef enum {
    KW_KRAKEN_CHANGE_STATE = 1 << 0,
    KW_KRAKEN_CHANGE_GONE = 1 << 1,
    KW_KRAKEN_CHANGE_BACK = 1 << 2,
    KW_KRAKEN_CHANGE_STEPS = 1 << 3,
    KW_KRAKEN_CHANGE_MINIMA = 1 << 4,
} KwKrakenChangeFlags;

typedef struct {
    KwKrakenChangeFlags flags;
    KwKrakenPair before, after;
} KwKrakenChange;

/**
 * kw_kraken_pairs_take_over:
 * @fresh: read just now
 *
 * Every record becomes as it is in @fresh and keeps its address; one that is not there becomes
 * %KW_KRAKEN_PAIR_ABSENT, new ones are added.
 *
 * Returns: (transfer full) (element-type KwKrakenChange): of the pairs that were known before
 */
GArray *kw_kraken_pairs_take_over(KwKrakenPairs *self, const KwKrakenPairs *fresh);

/* The pair named @name (any of the four) takes this from now on. */
void kw_kraken_pairs_set_state(KwKrakenPairs *self, const gchar *name, KwKrakenPairState state);

const gchar *kw_kraken_pair_state_to_string(KwKrakenPairState state); /* static */
KwKrakenPairState kw_kraken_pair_state_from_string(const gchar *text);

/**
 * KwKrakenAsset: what a key of a balance means
 * @code: "BTC" for "XXBT", "XBT.F", "XBT.B"
 * @is_spendable: an order may use it: plain ones, and ".F" (rewards that stay at hand)
 */
typedef struct {
    gchar code[KW_KRAKEN_NAME_SIZE];
    gboolean is_spendable;
} KwKrakenAsset;

KwKrakenAsset kw_kraken_pairs_get_asset(const KwKrakenPairs *self, const gchar *key);

/**
 * kw_kraken_pair_fit_price:
 * @side: buys are rounded down, sells up: never over what was asked for
 * @out: on the pair's step, with exactly its decimals
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when nothing above zero is left
 */
gboolean kw_kraken_pair_fit_price(
    const KwKrakenPair *self, KwSide side, KwDecimal price, KwDecimal *out, GError **error);

/* Rounded down to the pair's decimals; %FALSE when it is below the minimum amount, or its cost
 * at
 * @price below the minimum cost; the message says which */
gboolean kw_kraken_pair_fit_amount(const KwKrakenPair *self,
                                   KwDecimal price,
                                   KwDecimal amount,
                                   KwDecimal *out,
                                   GError **error);

G_END_DECLS
