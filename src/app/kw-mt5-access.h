/* kw-mt5-access.h: the way to a MetaTrader 5 account as the configuration has it */
#pragma once

#include "kw-mt5-broker.h"
#include "kw-mt5-feed.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwMt5Access: all members are owned
 * @history: for candles; another address than @mt5, or the same object
 * @directory: account and symbols as they were when it was opened
 */
typedef struct {
    KwMt5 *mt5, *history;
    KwMt5Directory *directory;
} KwMt5Access;

/* TRUE when [feed] kind says that prices and orders are those of a MetaTrader account */
gboolean kw_mt5_access_is_wanted(const KwSettings *settings);

/**
 * kw_mt5_access_open:
 * @names: (array zero-terminated=1): pairs; [mt5] symbols says what the server calls them
 *
 * Loads the token from the vault and asks for the account and the symbols. Runs the main loop;
 * for verbs and starts, before the daemon's own loop.
 *
 * Returns: %FALSE with a #KwConfigError (the token), or an error of the bridge
 */
gboolean kw_mt5_access_open(KwMt5Access *self,
                            const KwSettings *settings,
                            const gchar *const *names,
                            GError **error);
void kw_mt5_access_clear(KwMt5Access *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwMt5Access, kw_mt5_access_clear)

/* What helps against an error of kw_mt5_access_open(); translated */
const gchar *kw_mt5_access_get_mend(const GError *error);

/* (transfer full): names of [mt5] symbols for @names, as kw_mt5_directory_async() takes them */
GStrv kw_mt5_access_list_symbols(const KwSettings *settings, const gchar *const *names);

/* What @name can be bought at now. Runs the main loop. */
gboolean
kw_mt5_access_read_ask(KwMt5Access *self, const gchar *name, KwDecimal *out, GError **error);

/* (transfer full): orders at the account, with symbols as they were read */
KwMt5Broker *kw_mt5_access_make_broker(const KwMt5Access *self, KwClock *clock);

G_END_DECLS
