/* kw-fake-mt5.h: a MetaTrader 5 account behind a bridge of our own on this machine */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_FAKE_MT5_TOKEN "fake-bridge-token"

/**
 * KwFakeMt5Fault: what happens to the next trade request
 * @KW_FAKE_MT5_CODE_BEFORE, @KW_FAKE_MT5_CODE_AFTER: the code is answered, without and with the
 *   request having been carried out
 * @KW_FAKE_MT5_DROP_BEFORE, @KW_FAKE_MT5_DROP_AFTER: the connection ends without an answer
 * @KW_FAKE_MT5_STATUS: this HTTP status, nothing carried out
 * @KW_FAKE_MT5_STATUS_AFTER: the same after it was carried out
 * @KW_FAKE_MT5_HOLE, @KW_FAKE_MT5_HOLE_AFTER: there is never an answer, and the connection
 *   stays; without and with the request having been carried out
 * @KW_FAKE_MT5_LATE: it is carried out and answered by kw_fake_mt5_release(), whether somebody
 *   still waits or not
 */
typedef enum {
    KW_FAKE_MT5_CODE_BEFORE,
    KW_FAKE_MT5_CODE_AFTER,
    KW_FAKE_MT5_DROP_BEFORE,
    KW_FAKE_MT5_DROP_AFTER,
    KW_FAKE_MT5_STATUS,
    KW_FAKE_MT5_STATUS_AFTER,
    KW_FAKE_MT5_HOLE,
    KW_FAKE_MT5_HOLE_AFTER,
    KW_FAKE_MT5_LATE,
} KwFakeMt5Fault;

/**
 * KwFakeMt5:
 *
 * Two symbols: BTCUSD (a lot is 1, steps of 0.01) and ETHUSD (a lot is 10). Market orders fill
 * at the price that was set, in one deal; others wait until the price comes to theirs.
 * Candles are flat at the price of now; the last one is under way, and they reach 120 rows
 * back, or a hundred days when a time is named. Commission is 0.0325 % a side. On an account
 * that nets, a sale makes the position smaller or opens a short one; on one that hedges, it
 * opens one, and positions are closed by their id.
 */
typedef struct _KwFakeMt5 KwFakeMt5;

KwFakeMt5 *kw_fake_mt5_new(gboolean is_hedging, gint64 now_us);
void kw_fake_mt5_free(KwFakeMt5 *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFakeMt5, kw_fake_mt5_free)

/* (transfer none): of the account */
const gchar *kw_fake_mt5_get_url(KwFakeMt5 *self);

/* The price of @symbol from now on; waiting orders that it reaches are filled. */
void kw_fake_mt5_set_price(KwFakeMt5 *self, const gchar *symbol, gdouble price);
void kw_fake_mt5_set_time(KwFakeMt5 *self, gint64 now_us);

/* Once; @number: the code or the status */
void kw_fake_mt5_fail(KwFakeMt5 *self, KwFakeMt5Fault fault, gint number);

/* Lists that are asked for are answered so from now on: 0 as they are, else this status */
void kw_fake_mt5_set_list_status(KwFakeMt5 *self, guint status);

/* What is asked for from now on (all but trade requests) has no answer until the release. */
void kw_fake_mt5_hold_lists(KwFakeMt5 *self);
void kw_fake_mt5_release(KwFakeMt5 *self);

/* The history says that it is not complete; deals are missing in it. */
void kw_fake_mt5_set_synchronizing(KwFakeMt5 *self, gboolean is_so);
void kw_fake_mt5_hide_deals(KwFakeMt5 *self, gboolean hide);
void kw_fake_mt5_set_may_trade(KwFakeMt5 *self, gboolean may_trade);

/* The account is one with real money; no demonstration, as it is at first. */
void kw_fake_mt5_set_real(KwFakeMt5 *self);

/* Nothing is quoted from now on: the market is closed. */
void kw_fake_mt5_close_market(KwFakeMt5 *self);
void kw_fake_mt5_open_market(KwFakeMt5 *self);

/* The token is refused from now on. */
void kw_fake_mt5_revoke(KwFakeMt5 *self);

/* How many units of the base currency a lot of @symbol is from now on */
void kw_fake_mt5_set_contract(KwFakeMt5 *self, const gchar *symbol, gdouble contract);

/* The server calls @symbol @name from now on. */
void kw_fake_mt5_rename(KwFakeMt5 *self, const gchar *symbol, const gchar *name);

/* Lots of the positions of @symbol, short ones below zero */
gdouble kw_fake_mt5_get_volume(KwFakeMt5 *self, const gchar *symbol);
guint kw_fake_mt5_count_positions(KwFakeMt5 *self);

/* Somebody closes all positions at the terminal. */
void kw_fake_mt5_drop_positions(KwFakeMt5 *self);

/* Orders that were ever placed; trade requests that came in; other requests */
guint kw_fake_mt5_count_orders(KwFakeMt5 *self);
guint kw_fake_mt5_count_trades(KwFakeMt5 *self);
guint kw_fake_mt5_count_asked(KwFakeMt5 *self);

/* A position and a working order of somebody else */
void kw_fake_mt5_add_foreign(KwFakeMt5 *self);

G_END_DECLS
