/* kw-settlement.h: what one report does to an order, its trade and the cash */
#pragma once

#include "kw-broker.h"
#include "kw-journal.h"
#include "kw-portfolio.h"

G_BEGIN_DECLS

/**
 * KwSettlementKind:
 * @KW_SETTLEMENT_NONE: the report says nothing new (late, repeated)
 * @KW_SETTLEMENT_CHANGE: journal the batch, then apply
 * @KW_SETTLEMENT_CONFLICT: what it says cannot be booked; a person must look
 */
typedef enum {
    KW_SETTLEMENT_NONE,
    KW_SETTLEMENT_CHANGE,
    KW_SETTLEMENT_CONFLICT,
} KwSettlementKind;

/**
 * KwSettlement:
 * @order: the order as it will be
 * @trade: its trade as it will be, if @has_trade
 * @cash: the cash as it will be, by @cash_change more or less, if @n_fills > 0
 * @is_void: the entry came to nothing: the trade goes
 * @is_short: the venue says that more is filled than its fills add up to: ask again
 * @has_conflict: some fills were left out, they would fill more than was ordered
 *
 * Plain value, owns no memory.
 */
typedef struct {
    KwOrder order;
    KwTrade trade;
    KwDecimal cash, cash_change;
    gboolean has_trade;
    gboolean is_void;
    gboolean is_short;
    gboolean has_conflict;
    guint n_fills;
    KwFill fills[KW_BROKER_MAX_FILLS]; /* those that are new */
} KwSettlement;

/**
 * kw_settlement_prepare:
 * @report: the venue's word, or the order manager's own (UNKNOWN, LAPSED)
 * @exec_ids: set of the executions that are booked
 *
 * Changes nothing but @self.
 */
KwSettlementKind kw_settlement_prepare(KwSettlement *self,
                                       const KwOrder *order,
                                       const KwBrokerReport *report,
                                       KwPortfolio *portfolio,
                                       GHashTable *exec_ids,
                                       gint64 now_us);

/* Returns: (transfer full): order, fills, trade, capital; one transaction */
KwBatch *kw_settlement_make_batch(const KwSettlement *self);

/* Books it; call it once the batch is durable. Nothing may have changed the trade's money
 * since kw_settlement_prepare(). */
gboolean kw_settlement_apply(const KwSettlement *self, KwPortfolio *portfolio, GError **error);

G_END_DECLS
