/* kw-kraken-access.h: the way to Kraken as the configuration has it, with the key or without */
#pragma once

#include "kw-kraken-account.h"
#include "kw-kraken-broker.h"
#include "kw-kraken.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwKrakenAccess: all members are owned
 * @key, @secret: %NULL without the right to trade
 * @info: what the exchange says of the key; after kw_kraken_access_probe()
 */
typedef struct {
    KwSecret *key, *secret;
    KwKraken *kraken;
    KwKrakenKeyInfo info;
} KwKrakenAccess;

/* Whether orders are possible over it */
typedef enum { KW_KRAKEN_ACCESS_PUBLIC, KW_KRAKEN_ACCESS_TRADES } KwKrakenAccessKind;

/**
 * kw_kraken_access_open:
 *
 * Of the second kind loads the key from the vault and keeps the numbers of its requests in the
 * data root, which must exist; at most one process may do that. Nothing is sent.
 *
 * Returns: %FALSE with a #KwConfigError (the key, or an address that it must not go to) or
 *   %KW_NET_ERROR_IO (the numbers)
 */
gboolean kw_kraken_access_open(KwKrakenAccess *self,
                               const KwSettings *settings,
                               KwKrakenAccessKind kind,
                               KwClock *clock,
                               GError **error);
void kw_kraken_access_clear(KwKrakenAccess *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwKrakenAccess, kw_kraken_access_clear)

/**
 * kw_kraken_access_ask:
 * @name: of a private call that only reads
 * @fields: (nullable) (array zero-terminated=1): as in kw_kraken_call_async()
 *
 * Runs the main loop until the answer is there; for verbs and starts, before the daemon's own
 * loop.
 *
 * Returns: %FALSE as kw_kraken_finish()
 */
gboolean kw_kraken_access_ask(KwKrakenAccess *self,
                              const gchar *name,
                              const gchar *const *fields,
                              KwKrakenAnswer *out,
                              GError **error);

/* Asks what the key may (GetApiKeyInfo), and goes on behind the numbers that it has seen.
 * Returns: %FALSE with the errors of kw_kraken_access_ask() or a #KwParseError: nothing is
 * known, and the key must not be used */
gboolean kw_kraken_access_probe(KwKrakenAccess *self, GError **error);

/* The highest fee that the account pays for taking, of @names; a share. %FALSE as above */
gboolean kw_kraken_access_read_fee(KwKrakenAccess *self,
                                   const KwKrakenPairs *pairs,
                                   const gchar *const *names,
                                   gdouble *out_ratio,
                                   GError **error);

/* The way that [kraken] order_channel says */
KwKrakenOrderPath kw_kraken_access_get_path(const KwSettings *settings);

/* (transfer full): orders at the account, over the configured way; its private stream begins.
 * %NULL with a #KwNetError for an address that is none */
KwKrakenBroker *kw_kraken_access_make_broker(const KwKrakenAccess *self,
                                             const KwSettings *settings,
                                             KwKrakenPairs *pairs,
                                             KwClock *clock,
                                             GError **error);

/* Any value of [kraken]; %NULL instead of "", which means the usual place */
const gchar *kw_kraken_access_get_place(const KwSettings *settings, const gchar *key);

/**
 * KwKrakenPlace: what the three addresses of [kraken] are together
 * @KW_KRAKEN_PLACE_REAL: Kraken's own, encrypted
 * @KW_KRAKEN_PLACE_TEST: this very machine, encrypted: never real money
 * @KW_KRAKEN_PLACE_FOREIGN: anything else, or a mixture: no key goes there
 */
typedef enum {
    KW_KRAKEN_PLACE_REAL,
    KW_KRAKEN_PLACE_TEST,
    KW_KRAKEN_PLACE_FOREIGN,
} KwKrakenPlace;

KwKrakenPlace kw_kraken_access_find_place(const KwSettings *settings);

G_END_DECLS
