/* kw-settlement.c: from a report to the rows it changes, before they are changed
 *
 * The journal comes first, so the rows must be known before the portfolio has them: the order
 * is changed on a copy, the trade and the cash are previewed. Preparing is free of effects and
 * is done again when the journal failed; so there is no half-booked state to go back from.
 *
 * Fills are facts: they count whatever the state says, once for each execution id. A state is
 * an opinion: it counts if the table of kw-order.c lets it follow. A venue that says FILLED and
 * does not (yet) show all fills is not believed about the amount, only asked again.
 *
 * Price and amount of an order can change while it works. The venue's word on them counts, so
 * that a change whose answer was lost is found by any look-up; but never a larger amount, which
 * nobody has allowed. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-settlement.h"

#include "kw-error.h"
#include "kw-log.h"

#include <string.h>

static gboolean
is_known_fill(const KwSettlement *self, GHashTable *exec_ids, const gchar *exec_id)
{
    if (g_hash_table_contains(exec_ids, exec_id))
        return TRUE;
    for (guint i = 0; i < self->n_fills; i++)
        if (strcmp(self->fills[i].exec_id, exec_id) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_working(KwOrderState state)
{
    return state == KW_ORDER_STATE_OPEN || state == KW_ORDER_STATE_PARTIAL ||
           state == KW_ORDER_STATE_FILLED;
}

/* After the fills, as what is filled of a cancelled order may be more than its last amount. A
 * market order has no price of its own: it keeps the one it was decided on. */
static void
apply_terms(KwSettlement *self, const KwBrokerReport *report, gint64 now_us)
{
    KwOrder *order = &self->order;
    gint left;

    if (kw_order_state_is_final(order->state) || !is_working(report->state))
        return;
    if (order->type != KW_ORDER_TYPE_MARKET && kw_decimal_sign(report->price) > 0 &&
        kw_decimal_cmp(report->price, order->price) != 0) {
        order->price = report->price;
        order->updated_us = now_us;
    }
    left = kw_decimal_cmp(report->amount, order->filled);
    if (kw_decimal_sign(report->amount) <= 0 || left < 0 ||
        kw_decimal_cmp(report->amount, order->amount) >= 0)
        return;
    order->amount = report->amount;
    order->updated_us = now_us;
    if (left == 0)
        (void) kw_order_apply_state(order, KW_ORDER_STATE_FILLED, now_us);
}

static gboolean
has_other_terms(const KwOrder *a, const KwOrder *b)
{
    return kw_decimal_cmp(a->price, b->price) != 0 || kw_decimal_cmp(a->amount, b->amount) != 0;
}

static void
collect_fills(KwSettlement *self,
              const KwBrokerReport *report,
              GHashTable *exec_ids,
              gint64 now_us)
{
    for (guint i = 0; i < MIN(report->n_fills, KW_BROKER_MAX_FILLS); i++) {
        const KwFill *fill = &report->fills[i];
        KwFill *kept = &self->fills[self->n_fills];

        if (is_known_fill(self, exec_ids, fill->exec_id))
            continue;
        if (!kw_order_apply_fill(&self->order, fill->amount, now_us)) {
            self->has_conflict = TRUE;
            continue;
        }
        /* what the fill belongs to is known here and not the venue's business */
        *kept = *fill;
        memcpy(kept->client_id, self->order.client_id, sizeof kept->client_id);
        memcpy(kept->pair, self->order.pair, sizeof kept->pair);
        kept->mode = self->order.mode;
        kept->side = self->order.side;
        self->n_fills++;
    }
}

/* The state that @report really proves, given what is filled */
static KwOrderState
believed_state(KwSettlement *self, const KwBrokerReport *report)
{
    gboolean is_full = kw_decimal_cmp(self->order.filled, self->order.amount) == 0;

    if (report->state == KW_ORDER_STATE_FILLED && !is_full) {
        self->is_short = TRUE;
        return KW_ORDER_STATE_OPEN;
    }
    if (report->state == KW_ORDER_STATE_PARTIAL && kw_decimal_sign(self->order.filled) == 0) {
        self->is_short = TRUE;
        return KW_ORDER_STATE_OPEN;
    }
    /* refused after all, when it was working already: for the ledger that is an end like others
     */
    if (report->state == KW_ORDER_STATE_REJECTED &&
        (kw_decimal_sign(self->order.filled) != 0 ||
         !kw_order_state_may_follow(self->order.state, KW_ORDER_STATE_REJECTED)))
        return KW_ORDER_STATE_CANCELLED;
    return report->state;
}

static void
apply_state(KwSettlement *self, const KwBrokerReport *report, gint64 now_us)
{
    KwOrderState state = believed_state(self, report);

    if (state != self->order.state)
        (void) kw_order_apply_state(&self->order, state, now_us);
    if (self->order.venue_id[0] == '\0')
        memcpy(self->order.venue_id, report->venue_id, sizeof self->order.venue_id);
}

/* An entry that is over and bought nothing takes its trade along. */
static void
void_trade(KwSettlement *self, KwPortfolio *portfolio)
{
    const KwTrade *trade;

    if (self->order.side != KW_SIDE_BUY || !kw_order_state_is_final(self->order.state) ||
        kw_decimal_sign(self->order.filled) != 0)
        return;
    trade = kw_portfolio_find_trade(portfolio, self->order.trade_id);
    if (trade == NULL || trade->state != KW_TRADE_STATE_OPENING)
        return;
    self->trade = *trade;
    self->trade.state = KW_TRADE_STATE_VOID;
    self->has_trade = TRUE;
    self->is_void = TRUE;
}

static gboolean
preview_fills(KwSettlement *self, KwPortfolio *portfolio, GError **error)
{
    const KwTrade *trade = kw_portfolio_find_trade(portfolio, self->order.trade_id);
    KwDecimal total = KW_DECIMAL_ZERO;

    if (trade == NULL) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "no such trade");
        return FALSE;
    }
    self->trade = *trade;
    if (self->order.side == KW_SIDE_SELL)
        memcpy(self->trade.exit_reason, self->order.reason, sizeof self->trade.exit_reason);
    for (guint i = 0; i < self->n_fills; i++) {
        KwDecimal change;

        if (!kw_trade_apply_fill(&self->trade, &self->fills[i], &change, error) ||
            !kw_decimal_add(total, change, &total, error))
            return FALSE;
    }
    self->has_trade = TRUE;
    self->cash_change = total;
    return kw_decimal_add(kw_portfolio_get_cash(portfolio), total, &self->cash, error);
}

KwSettlementKind
kw_settlement_prepare(KwSettlement *self,
                      const KwOrder *order,
                      const KwBrokerReport *report,
                      KwPortfolio *portfolio,
                      GHashTable *exec_ids,
                      gint64 now_us)
{
    g_autoptr(GError) error = NULL;

    self->order = *order;
    self->has_trade = self->is_void = self->is_short = self->has_conflict = FALSE;
    self->n_fills = 0;

    collect_fills(self, report, exec_ids, now_us);
    apply_terms(self, report, now_us);
    apply_state(self, report, now_us);
    if (self->n_fills > 0 && !preview_fills(self, portfolio, &error)) {
        kw_log_debug("fill cannot be booked", "KW_ORDER", order->client_id, "KW_ERROR",
                     error->message);
        return KW_SETTLEMENT_CONFLICT;
    }
    void_trade(self, portfolio);

    if (self->n_fills > 0 || self->order.state != order->state ||
        has_other_terms(&self->order, order) ||
        strcmp(self->order.venue_id, order->venue_id) != 0)
        return KW_SETTLEMENT_CHANGE;
    return self->has_conflict ? KW_SETTLEMENT_CONFLICT : KW_SETTLEMENT_NONE;
}

static void
add_capital(const KwSettlement *self, KwBatch *batch)
{
    const KwFill *last = &self->fills[self->n_fills - 1];
    KwCapitalRecord capital = {
        .time_us = last->time_us,
        .mode = self->order.mode,
        .amount = self->cash_change,
        .cash_after = self->cash,
        .trade_id = self->order.trade_id,
    };

    (void) g_strlcpy(capital.kind, self->order.side == KW_SIDE_BUY ? "entry" : "exit",
                     sizeof capital.kind);
    kw_batch_add_capital(batch, &capital);
}

KwBatch *
kw_settlement_make_batch(const KwSettlement *self)
{
    KwBatch *batch = kw_batch_new();

    kw_batch_add_order(batch, &self->order);
    for (guint i = 0; i < self->n_fills; i++)
        kw_batch_add_fill(batch, &self->fills[i]);
    if (self->has_trade)
        kw_batch_add_trade(batch, &self->trade);
    if (self->n_fills > 0)
        add_capital(self, batch);
    return batch;
}

gboolean
kw_settlement_apply(const KwSettlement *self, KwPortfolio *portfolio, GError **error)
{
    KwTrade *trade = kw_portfolio_find_trade(portfolio, self->order.trade_id);
    KwTrade after;

    if (self->n_fills > 0 && trade != NULL && self->order.side == KW_SIDE_SELL)
        memcpy(trade->exit_reason, self->order.reason, sizeof trade->exit_reason);
    for (guint i = 0; i < self->n_fills; i++)
        if (!kw_portfolio_apply_fill(portfolio, self->order.trade_id, &self->fills[i], &after,
                                     error))
            return FALSE;
    if (self->is_void)
        (void) kw_portfolio_void_trade(portfolio, self->order.trade_id, &after);
    return TRUE;
}
