/* kw-portfolio.c: the money of one account, kept so that it always adds up
 *
 * What a fill does to a trade is kw-trade.c's; here the cash and the realised profit follow
 * the trades. Both are running totals, moved by the change of the one trade that a fill
 * touches: kw_portfolio_check() holds them against the trades.
 *
 * Realised profit of a part that is sold: proceeds minus the part of the cost that is no
 * longer held (cost times sold / bought). The last sell realises the rest, so the parts sum up
 * to the profit exactly. A buy that follows a partial sell moves the mean cost, and with it
 * the realised part of that trade, until it is closed. */
#include "kw-portfolio.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

struct _KwPortfolio {
    guint n_refs;
    KwDecimal starting_capital, capital, cash, realised;
    GPtrArray *open;   /* of KwTrade, owned; in the order of opening */
    GPtrArray *closed; /* of KwTrade, owned; in the order of closing */
    GHashTable *by_id; /* id, in the trade -> KwTrade of open or closed */
    GArray *parts;     /* of Sale; in the order of the fills */
};

/* A sell that left its trade open */
typedef struct {
    gint64 trade_id, time_us;
    KwDecimal price, amount, fee;
} Sale;

static gboolean
refuse(GError **error, const gchar *why)
{
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, why);
    return FALSE;
}

/* -- the account -- */

static gboolean
realised_of(const KwTrade *trade, KwDecimal *out, GError **error)
{
    KwDecimal held, sum;

    return kw_trade_get_held_cost(trade, &held, error) &&
           kw_decimal_add(trade->proceeds, held, &sum, error) &&
           kw_decimal_sub(sum, trade->cost, out, error);
}

typedef struct {
    KwDecimal cash, realised;
} Totals;

/* What the trade contributes: -cost + proceeds, and the realised part */
static gboolean
totals_of(const KwTrade *trade, Totals *out, GError **error)
{
    return kw_decimal_sub(trade->proceeds, trade->cost, &out->cash, error) &&
           realised_of(trade, &out->realised, error);
}

/* @base + @after - @before */
static gboolean
shift(KwDecimal base, KwDecimal before, KwDecimal after, KwDecimal *out, GError **error)
{
    KwDecimal sum;

    return kw_decimal_add(base, after, &sum, error) && kw_decimal_sub(sum, before, out, error);
}

/* Cash and realised profit of @self when a trade changes from @before to @after */
static gboolean
book(KwPortfolio *self, const KwTrade *before, const KwTrade *after, GError **error)
{
    Totals old = {.cash = KW_DECIMAL_ZERO, .realised = KW_DECIMAL_ZERO};
    Totals now, sum;

    if ((before != NULL && !totals_of(before, &old, error)) || !totals_of(after, &now, error) ||
        !shift(self->cash, old.cash, now.cash, &sum.cash, error) ||
        !shift(self->realised, old.realised, now.realised, &sum.realised, error))
        return FALSE;
    self->cash = sum.cash;
    self->realised = sum.realised;
    return TRUE;
}

static KwTrade *
find_in(GPtrArray *trades, gint64 trade_id, guint *out_index)
{
    for (guint i = 0; i < trades->len; i++) {
        KwTrade *trade = trades->pdata[i];

        if (trade->id == trade_id) {
            *out_index = i;
            return trade;
        }
    }
    return NULL;
}

/* Keeps the closed trades in the order of closing; equal times in the order of arrival */
static void
insert_closed(KwPortfolio *self, KwTrade *trade)
{
    guint index = self->closed->len;

    while (index > 0) {
        const KwTrade *before = self->closed->pdata[index - 1];

        if (before->close_us <= trade->close_us)
            break;
        index--;
    }
    g_ptr_array_insert(self->closed, (gint) index, trade);
}

/* -- public -- */

KwPortfolio *
kw_portfolio_new(KwDecimal starting_capital)
{
    KwPortfolio *self = g_new0(KwPortfolio, 1);

    self->n_refs = 1;
    self->starting_capital = starting_capital;
    self->capital = starting_capital;
    self->cash = starting_capital;
    self->open = g_ptr_array_new_with_free_func(g_free);
    self->closed = g_ptr_array_new_with_free_func(g_free);
    self->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
    self->parts = g_array_new(FALSE, FALSE, sizeof(Sale));
    return self;
}

KwPortfolio *
kw_portfolio_ref(KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL && self->n_refs > 0, NULL);

    self->n_refs++;
    return self;
}

void
kw_portfolio_unref(KwPortfolio *self)
{
    if (self == NULL || --self->n_refs > 0)
        return;
    g_array_unref(self->parts);
    g_hash_table_unref(self->by_id);
    g_ptr_array_unref(self->open);
    g_ptr_array_unref(self->closed);
    g_free(self);
}

KwDecimal
kw_portfolio_get_cash(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    return self->cash;
}

KwDecimal
kw_portfolio_get_capital(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    return self->capital;
}

KwDecimal
kw_portfolio_get_starting_capital(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    return self->starting_capital;
}

KwDecimal
kw_portfolio_get_realised(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    return self->realised;
}

KwDecimal
kw_portfolio_get_balance(const KwPortfolio *self)
{
    KwDecimal balance = KW_DECIMAL_ZERO;

    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    (void) kw_decimal_add(self->capital, self->realised, &balance, NULL);
    return balance;
}

KwDecimal
kw_portfolio_get_tied(const KwPortfolio *self)
{
    KwDecimal tied = KW_DECIMAL_ZERO;

    g_return_val_if_fail(self != NULL, KW_DECIMAL_ZERO);

    for (guint i = 0; i < self->open->len; i++) {
        const KwTrade *trade = kw_portfolio_get_open(self, i);
        KwDecimal stake = trade->stake;

        if (trade->state == KW_TRADE_STATE_OPEN &&
            kw_decimal_cmp(trade->amount, trade->entry_amount) != 0)
            (void) kw_decimal_mul(trade->open_rate, trade->amount, KW_MONEY_SCALE,
                                  KW_ROUND_HALF_UP, &stake, NULL);
        (void) kw_decimal_add(tied, stake, &tied, NULL);
    }
    return tied;
}

gboolean
kw_portfolio_check(const KwPortfolio *self, GError **error)
{
    KwDecimal rest, difference;

    g_return_val_if_fail(self != NULL, FALSE);

    if (!kw_decimal_sub(self->cash, self->realised, &rest, error) ||
        !kw_decimal_sub(rest, self->capital, &difference, error))
        return FALSE;
    for (guint i = 0; i < self->open->len; i++)
        if (!kw_trade_get_held_cost(kw_portfolio_get_open(self, i), &rest, error) ||
            !kw_decimal_add(difference, rest, &difference, error))
            return FALSE;
    if (kw_decimal_sign(difference) != 0) {
        gchar text[KW_DECIMAL_TEXT_SIZE];

        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                    "the ledger does not add up: %s too much",
                    kw_decimal_to_text(difference, text));
        return FALSE;
    }
    return TRUE;
}

gboolean
kw_portfolio_add_capital(KwPortfolio *self, KwDecimal amount, GError **error)
{
    KwDecimal cash, capital;

    g_return_val_if_fail(self != NULL, FALSE);

    if (!kw_decimal_add(self->cash, amount, &cash, error) ||
        !kw_decimal_add(self->capital, amount, &capital, error))
        return FALSE;
    if (kw_decimal_sign(amount) < 0 && kw_decimal_sign(cash) < 0)
        return refuse(error, "withdrawal is larger than the cash");
    self->cash = cash;
    self->capital = capital;
    return TRUE;
}

guint
kw_portfolio_get_n_parts(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->parts->len;
}

gboolean
kw_portfolio_get_part(const KwPortfolio *self, guint index, KwPart *out, GError **error)
{
    const KwTrade *trade;
    const Sale *sale;
    KwPart part;
    KwDecimal cost;

    g_return_val_if_fail(self != NULL && index < self->parts->len && out != NULL, FALSE);

    sale = &g_array_index(self->parts, Sale, index);
    trade = g_hash_table_lookup(self->by_id, &sale->trade_id);
    part = (KwPart){.time_us = sale->time_us, .close_us = trade->close_us};
    if (!kw_trade_get_share(trade, trade->cost, sale->amount, &cost, error) ||
        !kw_trade_get_share(trade, trade->fee_open, sale->amount, &part.fee_open, error) ||
        !kw_decimal_mul(sale->price, sale->amount, KW_MONEY_SCALE, KW_ROUND_HALF_UP,
                        &part.profit, error) ||
        !kw_decimal_sub(part.profit, sale->fee, &part.profit, error) ||
        !kw_decimal_sub(part.profit, cost, &part.profit, error))
        return FALSE;
    *out = part;
    return TRUE;
}

static void
note_part(KwPortfolio *self, gint64 trade_id, const KwFill *fill)
{
    Sale sale = {trade_id, fill->time_us, fill->price, fill->amount, fill->fee};

    g_array_append_val(self->parts, sale);
}

gboolean
kw_portfolio_restore_part(KwPortfolio *self,
                          gint64 trade_id,
                          const KwFill *fill,
                          GError **error)
{
    g_return_val_if_fail(self != NULL && fill != NULL, FALSE);

    if (kw_portfolio_find_trade(self, trade_id) == NULL)
        return refuse(error, "stored sell without its trade");
    note_part(self, trade_id, fill);
    return TRUE;
}

guint
kw_portfolio_get_n_open(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->open->len;
}

const KwTrade *
kw_portfolio_get_open(const KwPortfolio *self, guint index)
{
    g_return_val_if_fail(self != NULL && index < self->open->len, NULL);

    return self->open->pdata[index];
}

KwTrade *
kw_portfolio_find_open(KwPortfolio *self, const gchar *pair)
{
    g_return_val_if_fail(self != NULL && pair != NULL, NULL);

    for (guint i = 0; i < self->open->len; i++) {
        KwTrade *trade = self->open->pdata[i];

        if (strcmp(trade->pair, pair) == 0)
            return trade;
    }
    return NULL;
}

KwTrade *
kw_portfolio_find_trade(KwPortfolio *self, gint64 trade_id)
{
    g_return_val_if_fail(self != NULL, NULL);

    return g_hash_table_lookup(self->by_id, &trade_id);
}

guint
kw_portfolio_get_n_closed(const KwPortfolio *self)
{
    g_return_val_if_fail(self != NULL, 0);

    return self->closed->len;
}

const KwTrade *
kw_portfolio_get_closed(const KwPortfolio *self, guint index)
{
    g_return_val_if_fail(self != NULL && index < self->closed->len, NULL);

    return self->closed->pdata[index];
}

KwTrade *
kw_portfolio_open_trade(KwPortfolio *self, const KwTrade *trade)
{
    KwTrade *copy;

    g_return_val_if_fail(self != NULL && trade != NULL, NULL);
    g_return_val_if_fail(trade->state == KW_TRADE_STATE_OPENING, NULL);
    g_return_val_if_fail(kw_portfolio_find_trade(self, trade->id) == NULL, NULL);

    copy = g_new(KwTrade, 1);
    *copy = *trade;
    kw_trade_clear_money(copy);
    (void) g_hash_table_insert(self->by_id, &copy->id, copy);
    g_ptr_array_add(self->open, copy);
    return copy;
}

static gboolean
check_stored(KwPortfolio *self, const KwTrade *trade, GError **error)
{
    gboolean is_held = kw_decimal_sign(trade->amount) > 0;

    if (kw_portfolio_find_trade(self, trade->id) != NULL)
        return refuse(error, "stored trade is there twice");
    if (kw_decimal_sign(trade->amount) < 0 ||
        kw_decimal_cmp(trade->amount, trade->entry_amount) > 0)
        return refuse(error, "stored trade holds more than it bought, or less than nothing");
    if (is_held != (trade->state == KW_TRADE_STATE_OPEN))
        return refuse(error, "stored trade holds an amount that its state contradicts");
    if (trade->state == KW_TRADE_STATE_CLOSED) {
        KwDecimal sum;

        if (!kw_decimal_add(trade->cost, trade->profit_abs, &sum, error))
            return FALSE;
        if (kw_decimal_cmp(sum, trade->proceeds) != 0)
            return refuse(error, "stored trade: cost and profit are not the proceeds");
    }
    return TRUE;
}

gboolean
kw_portfolio_restore_trade(KwPortfolio *self, const KwTrade *trade, GError **error)
{
    g_autofree KwTrade *copy = NULL;

    g_return_val_if_fail(self != NULL && trade != NULL, FALSE);

    if (trade->state == KW_TRADE_STATE_VOID)
        return TRUE;
    if (trade->state == KW_TRADE_STATE_OPENING &&
        kw_portfolio_find_trade(self, trade->id) == NULL)
        return kw_portfolio_open_trade(self, trade) != NULL;
    if (!check_stored(self, trade, error) || !book(self, NULL, trade, error))
        return FALSE;

    copy = g_new(KwTrade, 1);
    *copy = *trade;
    copy->bought = copy->sold = 0; /* come back with the next fill */
    (void) g_hash_table_insert(self->by_id, &copy->id, copy);
    if (trade->state == KW_TRADE_STATE_CLOSED)
        insert_closed(self, g_steal_pointer(&copy));
    else
        g_ptr_array_add(self->open, g_steal_pointer(&copy));
    return TRUE;
}

gboolean
kw_portfolio_apply_fill(
    KwPortfolio *self, gint64 trade_id, const KwFill *fill, KwTrade *out_trade, GError **error)
{
    KwTrade *trade;
    KwTrade after;
    KwDecimal cash;
    guint index;

    g_return_val_if_fail(self != NULL && fill != NULL && out_trade != NULL, FALSE);

    trade = find_in(self->open, trade_id, &index);
    if (trade == NULL)
        return refuse(error, "fill without an open trade");
    after = *trade;
    if (!kw_trade_apply_fill(&after, fill, &cash, error) || !book(self, trade, &after, error))
        return FALSE;

    *trade = after;
    if (after.state == KW_TRADE_STATE_CLOSED)
        insert_closed(self, g_ptr_array_steal_index(self->open, index));
    else if (fill->side == KW_SIDE_SELL)
        note_part(self, trade_id, fill);
    *out_trade = after;
    return TRUE;
}

gboolean
kw_portfolio_void_trade(KwPortfolio *self, gint64 trade_id, KwTrade *out_trade)
{
    KwTrade *trade;
    guint index;

    g_return_val_if_fail(self != NULL && out_trade != NULL, FALSE);

    trade = find_in(self->open, trade_id, &index);
    if (trade == NULL || trade->state != KW_TRADE_STATE_OPENING)
        return FALSE;
    *out_trade = *trade;
    out_trade->state = KW_TRADE_STATE_VOID;
    (void) g_hash_table_remove(self->by_id, &trade_id);
    g_ptr_array_remove_index(self->open, index);
    return TRUE;
}

gboolean
kw_portfolio_get_equity(const KwPortfolio *self,
                        KwRateFunc get_rate,
                        gpointer user_data,
                        KwDecimal *out)
{
    KwDecimal equity;

    g_return_val_if_fail(self != NULL && get_rate != NULL && out != NULL, FALSE);

    equity = self->cash;
    for (guint i = 0; i < self->open->len; i++) {
        const KwTrade *trade = kw_portfolio_get_open(self, i);
        gdouble rate = get_rate(trade->pair, user_data);
        KwDecimal value;

        if (trade->state == KW_TRADE_STATE_OPENING)
            continue;
        if (!isfinite(rate) || rate <= 0.0)
            return FALSE;
        if (!kw_decimal_from_double(kw_decimal_to_double(trade->amount) * rate *
                                        (1.0 - trade->fee_close_ratio),
                                    KW_MONEY_SCALE, KW_ROUND_DOWN, &value, NULL) ||
            !kw_decimal_add(equity, value, &equity, NULL))
            return FALSE;
    }
    *out = equity;
    return TRUE;
}
