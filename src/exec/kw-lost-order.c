/* kw-lost-order.c: the balances as witness
 *
 * That look-ups do not find an order is said by the same venue that has lost it, so it is not
 * enough: an order that was executed and dropped from the lists would be placed twice. Coins
 * cannot be sold and still be there. But an account may hold coins of its owner beside, which
 * would cover a sale up: then the total must be as it was when the order was last seen, or,
 * when nobody remembers that, the money for it must be missing. And an order that works unseen
 * ties its coins up; what is tied up without a shown order is one.
 *
 * Pure, so that every constellation can be tried. */
#include "kw-lost-order.h"

#include <string.h>

gchar *
kw_lost_order_get_asset(const KwOrder *order)
{
    const gchar *slash;

    g_return_val_if_fail(order != NULL, NULL);

    slash = strchr(order->pair, '/');
    if (slash == NULL)
        return g_strdup(order->pair);
    return order->side == KW_SIDE_SELL ? g_strndup(order->pair, (gsize) (slash - order->pair))
                                       : g_strdup(slash + 1);
}

static const KwVenueBalance *
find_balance(const KwVenueState *state, const gchar *asset)
{
    static const KwVenueBalance nothing = {0};

    for (guint i = 0; i < state->balances->len; i++) {
        const KwVenueBalance *balance = &g_array_index(state->balances, KwVenueBalance, i);

        if (strcmp(balance->asset, asset) == 0)
            return balance;
    }
    return &nothing;
}

static gboolean
is_shown(const KwVenueState *state, const KwOrder *order)
{
    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *there = &g_array_index(state->orders, KwVenueOrder, i);

        if (strcmp(there->client_id, order->client_id) == 0 ||
            strcmp(there->venue_id, order->venue_id) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Anything but @order that may be changing the same balances */
static gboolean
is_disturbed(const KwVenueBooks *books, const KwOrder *order)
{
    for (guint i = 0; i < books->n_orders; i++) {
        const KwOrder *other = books->orders[i];

        if (other != order && !kw_order_is_waiting(other))
            return TRUE;
    }
    return FALSE;
}

/* -- sums; one that does not fit proves nothing -- */

static gboolean
sum_trades(const KwVenueBooks *books, const gchar *asset, KwDecimal *out)
{
    gsize length = strlen(asset);

    *out = KW_DECIMAL_ZERO;
    for (guint i = 0; i < kw_portfolio_get_n_open(books->portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_open(books->portfolio, i);

        if (strncmp(trade->pair, asset, length) == 0 && trade->pair[length] == '/' &&
            !kw_decimal_add(*out, trade->amount, out, NULL))
            return FALSE;
    }
    return TRUE;
}

/* What the shown orders tie up of @asset: coins of sells, money of buys */
static gboolean
sum_tied(const KwVenueState *state, const gchar *asset, KwDecimal *out)
{
    *out = KW_DECIMAL_ZERO;
    for (guint i = 0; i < state->orders->len; i++) {
        const KwVenueOrder *there = &g_array_index(state->orders, KwVenueOrder, i);
        KwOrder terms = {.side = there->side};
        g_autofree gchar *given = NULL;
        KwDecimal rest;

        memcpy(terms.pair, there->pair, sizeof terms.pair);
        given = kw_lost_order_get_asset(&terms);
        if (strcmp(given, asset) != 0)
            continue;
        if (!kw_decimal_sub(there->amount, there->filled, &rest, NULL) ||
            (there->side == KW_SIDE_BUY &&
             !kw_decimal_mul(rest, there->price, KW_MONEY_SCALE, KW_ROUND_DOWN, &rest, NULL)) ||
            !kw_decimal_add(*out, rest, out, NULL))
            return FALSE;
    }
    return TRUE;
}

/* -- verdict -- */

/* The venue may round to its digits, and a buy ties its fee up as well. */
static gboolean
is_tied_beyond(const KwVenueState *state, const gchar *asset)
{
    static const KwDecimal slack = {.mant = 102, .scale = 2};
    KwDecimal tied;

    return !sum_tied(state, asset, &tied) ||
           !kw_decimal_mul(tied, slack, KW_MONEY_SCALE, KW_ROUND_UP, &tied, NULL) ||
           kw_decimal_cmp(find_balance(state, asset)->held, tied) > 0;
}

/* Whether half of what a sell would bring is there beyond the cash of the books */
static gboolean
has_brought_money(const KwVenueBooks *books, const KwOrder *order, const KwVenueState *state)
{
    static const KwDecimal half = {.mant = 5, .scale = 1};
    KwDecimal rest, value, extra;

    return !kw_decimal_sub(order->amount, order->filled, &rest, NULL) ||
           !kw_decimal_mul(rest, order->price, KW_MONEY_SCALE, KW_ROUND_DOWN, &value, NULL) ||
           !kw_decimal_mul(value, half, KW_MONEY_SCALE, KW_ROUND_DOWN, &value, NULL) ||
           !kw_decimal_sub(find_balance(state, books->quote)->total,
                           kw_portfolio_get_cash(books->portfolio), &extra, NULL) ||
           kw_decimal_cmp(extra, value) >= 0;
}

/* All that the books want is there, and nothing that could stand for what was given away */
static gboolean
is_untouched(const KwVenueBooks *books,
             const KwOrder *order,
             const KwVenueState *state,
             const KwDecimal *before)
{
    g_autofree gchar *asset = kw_lost_order_get_asset(order);
    KwDecimal there = find_balance(state, asset)->total;
    KwDecimal wanted = kw_portfolio_get_cash(books->portfolio);

    if (order->side == KW_SIDE_SELL && !sum_trades(books, asset, &wanted))
        return FALSE;
    if (kw_decimal_cmp(there, wanted) < 0 || is_tied_beyond(state, asset))
        return FALSE;
    if (before != NULL)
        return kw_decimal_cmp(there, *before) >= 0;
    return order->side == KW_SIDE_SELL && !has_brought_money(books, order, state);
}

gboolean
kw_lost_order_is_proven(const KwVenueBooks *books,
                        const KwOrder *order,
                        const KwVenueState *state,
                        const KwDecimal *before)
{
    g_return_val_if_fail(books != NULL && order != NULL && state != NULL, FALSE);

    return order->venue_id[0] != '\0' && !is_shown(state, order) &&
           !is_disturbed(books, order) && is_untouched(books, order, state, before);
}
