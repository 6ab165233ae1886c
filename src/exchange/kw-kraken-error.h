/* kw-kraken-error.h: what Kraken's error texts mean, and what to do about them */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwKrakenKind: one reaction each
 * @KW_KRAKEN_AUTH: key or signature is wrong: stop private calls, tell the owner; repeating
 *   leads to a lockout
 * @KW_KRAKEN_NONCE: raise the counter, a read once more; a second time: somebody else uses the
 * key
 * @KW_KRAKEN_RATE_REST: own counter to its maximum, wait until it is half empty
 * @KW_KRAKEN_THROTTLED: wait until the time that is named
 * @KW_KRAKEN_RATE_IP: too many requests: wait half a minute
 * @KW_KRAKEN_LOCKOUT: fifteen minutes of silence, tell the owner
 * @KW_KRAKEN_PERMISSION: the key may not: no order, tell the owner
 * @KW_KRAKEN_ACCOUNT: the account is locked: no order, tell the owner
 * @KW_KRAKEN_BAD_REQUEST: our mistake or a changed interface: refused, never again as it is
 * @KW_KRAKEN_BAD_PAIR: read the pairs anew, stop this one
 * @KW_KRAKEN_FUNDS: read the balances anew, compute the size once more
 * @KW_KRAKEN_TOO_SMALL: the rest is dust; read the pairs anew
 * @KW_KRAKEN_BAD_PRICE: read the pairs anew, round once more
 * @KW_KRAKEN_RATE_ENGINE: the pair's counter is full: wait
 * @KW_KRAKEN_TOO_MANY_ORDERS: of open orders
 * @KW_KRAKEN_UNKNOWN_ORDER: it is not open: look its end up
 * @KW_KRAKEN_PENDING: the cancellation is under way: wait for its news
 * @KW_KRAKEN_POST_ONLY: it would have taken: another price, or none
 * @KW_KRAKEN_MARKET: the market takes no such orders now: none until its status allows
 * @KW_KRAKEN_MARGIN: must never be seen here: a mistake of ours
 * @KW_KRAKEN_TRANSIENT: reads back off and repeat; an order is looked up
 * @KW_KRAKEN_UNKNOWN: not in the table: reads fail, an order is looked up
 */
typedef enum {
    KW_KRAKEN_AUTH,
    KW_KRAKEN_NONCE,
    KW_KRAKEN_RATE_REST,
    KW_KRAKEN_THROTTLED,
    KW_KRAKEN_RATE_IP,
    KW_KRAKEN_LOCKOUT,
    KW_KRAKEN_PERMISSION,
    KW_KRAKEN_ACCOUNT,
    KW_KRAKEN_BAD_REQUEST,
    KW_KRAKEN_BAD_PAIR,
    KW_KRAKEN_FUNDS,
    KW_KRAKEN_TOO_SMALL,
    KW_KRAKEN_BAD_PRICE,
    KW_KRAKEN_RATE_ENGINE,
    KW_KRAKEN_TOO_MANY_ORDERS,
    KW_KRAKEN_UNKNOWN_ORDER,
    KW_KRAKEN_PENDING,
    KW_KRAKEN_POST_ONLY,
    KW_KRAKEN_MARKET,
    KW_KRAKEN_MARGIN,
    KW_KRAKEN_TRANSIENT,
    KW_KRAKEN_UNKNOWN,
} KwKrakenKind;
#define KW_N_KRAKEN_KINDS 22

/**
 * KwKrakenTrouble: one error text, understood
 * @order_may_exist: an AddOrder that was answered so may have been carried out all the same
 * @until_s: with %KW_KRAKEN_THROTTLED: Unix seconds to wait for; 0 when not named
 */
typedef struct {
    KwKrakenKind kind;
    gboolean order_may_exist;
    gint64 until_s;
} KwKrakenTrouble;

/**
 * kw_kraken_classify:
 * @text: "EOrder:Insufficient funds"; case and blanks round ':' do not matter
 *
 * What is not in the table is %KW_KRAKEN_UNKNOWN, and an order may exist.
 */
KwKrakenTrouble kw_kraken_classify(const gchar *text);

const gchar *kw_kraken_kind_to_string(KwKrakenKind kind); /* "nonce", ...; static */

/* Reads may be tried again after a pause */
gboolean kw_kraken_kind_may_pass(KwKrakenKind kind);

/* Private calls stop and the owner is told */
gboolean kw_kraken_kind_is_fatal(KwKrakenKind kind);

G_END_DECLS
