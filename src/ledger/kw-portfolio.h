/* kw-portfolio.h: cash, open trades and closed profit of one account; exact */
#pragma once

#include "kw-trade.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwPortfolio:
 *
 * Holds at every moment, exactly:
 *   cash + sum of the cost of what is still held - realised profit - capital = 0
 * where capital is the starting capital plus deposits minus withdrawals.
 * Main thread; opaque. Counted: whoever books or reads while something is under way holds a
 * reference, as answers may come after the end of the one who made it.
 */
typedef struct _KwPortfolio KwPortfolio;

KwPortfolio *kw_portfolio_new(KwDecimal starting_capital);
KwPortfolio *kw_portfolio_ref(KwPortfolio *self);
void kw_portfolio_unref(KwPortfolio *self); /* (nullable self) */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPortfolio, kw_portfolio_unref)

/* Quote currency */
KwDecimal kw_portfolio_get_cash(const KwPortfolio *self);
KwDecimal kw_portfolio_get_capital(const KwPortfolio *self);
KwDecimal kw_portfolio_get_starting_capital(const KwPortfolio *self);
KwDecimal kw_portfolio_get_realised(const KwPortfolio *self);

/* Capital + realised profit: what the account is worth by its closed results alone */
KwDecimal kw_portfolio_get_balance(const KwPortfolio *self);

/* Sum of the stakes (without fees) of open and opening trades */
KwDecimal kw_portfolio_get_tied(const KwPortfolio *self);

/* Checks the equation above. Returns: %FALSE with KW_PARSE_ERROR_RANGE naming the difference */
gboolean kw_portfolio_check(const KwPortfolio *self, GError **error);

/* Deposit (> 0) or withdrawal (< 0) */
gboolean kw_portfolio_add_capital(KwPortfolio *self, KwDecimal amount, GError **error);

/**
 * KwPart: a sell that left its trade open
 * @time_us: of the fill
 * @close_us: of the trade; 0 while it is open
 * @profit: what it realised, its part of the entry's fee taken off; the mean cost of the whole
 *   entry counts
 * @fee_open: that part of the entry's fee
 *
 * Quote currency. A closed trade has realised profit_abs minus its parts with its last sell.
 */
typedef struct {
    gint64 time_us, close_us;
    KwDecimal profit, fee_open;
} KwPart;

/* In the order of the fills. Returns: %FALSE with %KW_PARSE_ERROR_RANGE when the numbers
 * overflow */
guint kw_portfolio_get_n_parts(const KwPortfolio *self);
gboolean
kw_portfolio_get_part(const KwPortfolio *self, guint index, KwPart *out, GError **error);

/* Puts a sell that was stored and left its trade open; the money is the trade's already.
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when there is no such trade */
gboolean kw_portfolio_restore_part(KwPortfolio *self,
                                   gint64 trade_id,
                                   const KwFill *fill,
                                   GError **error);

/* -- trades; pointers are valid until the trade is closed or the portfolio changes -- */
guint kw_portfolio_get_n_open(const KwPortfolio *self);
const KwTrade *kw_portfolio_get_open(const KwPortfolio *self, guint index);
KwTrade *kw_portfolio_find_open(KwPortfolio *self, const gchar *pair);
KwTrade *kw_portfolio_find_trade(KwPortfolio *self, gint64 trade_id);

/* Closed trades in the order of their closing, oldest first */
guint kw_portfolio_get_n_closed(const KwPortfolio *self);
const KwTrade *kw_portfolio_get_closed(const KwPortfolio *self, guint index);

/* Adds an OPENING trade (a copy). Returns: (transfer none): the stored one */
KwTrade *kw_portfolio_open_trade(KwPortfolio *self, const KwTrade *trade);

/* Puts a trade as it was stored (restart): open or closed, money included. */
gboolean kw_portfolio_restore_trade(KwPortfolio *self, const KwTrade *trade, GError **error);

/**
 * kw_portfolio_apply_fill:
 * @trade_id: the trade of the fill's order
 * @fill: a fill not applied before (the order manager drops repeats)
 * @out_trade: (out caller-allocates): the trade after the fill
 *
 * A buy adds to the trade and takes price*amount+fee from the cash; a sell takes from it; the
 * sell of the rest closes the trade.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE when there is no such trade, the sell is larger
 * than what is held, or the numbers overflow; nothing is changed then
 */
gboolean kw_portfolio_apply_fill(
    KwPortfolio *self, gint64 trade_id, const KwFill *fill, KwTrade *out_trade, GError **error);

/* Removes an OPENING trade whose entry will never fill; state VOID in @out_trade. */
gboolean kw_portfolio_void_trade(KwPortfolio *self, gint64 trade_id, KwTrade *out_trade);

/**
 * kw_portfolio_get_equity:
 * @get_rate: last price of a pair as a double; NaN or <= 0 when not known
 * @out: cash + value of open trades after closing fees
 *
 * Returns: %FALSE when a price is missing (the equity cannot be computed: F63)
 */
typedef gdouble (*KwRateFunc)(const gchar *pair, gpointer user_data);
gboolean kw_portfolio_get_equity(const KwPortfolio *self,
                                 KwRateFunc get_rate,
                                 gpointer user_data,
                                 KwDecimal *out);

G_END_DECLS
