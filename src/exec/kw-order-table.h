/* kw-order-table.h: all orders of a process by client id, and those that are not over */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

/**
 * KwOrderTable:
 *
 * Orders that are over stay, because a decision that is repeated must find them. Main thread.
 */
typedef struct _KwOrderTable KwOrderTable;

/* @free_order: for the orders that were added */
KwOrderTable *kw_order_table_new(GDestroyNotify free_order);
void kw_order_table_free(KwOrderTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwOrderTable, kw_order_table_free)

/* @order: (transfer full): its client id must not change and not be there yet */
void kw_order_table_add(KwOrderTable *self, KwOrder *order);

/* Takes an order out and frees it. */
void kw_order_table_remove(KwOrderTable *self, KwOrder *order);

/* (nullable) (transfer none) */
KwOrder *kw_order_table_find(const KwOrderTable *self, const gchar *client_id);

/* Tell it when the state of an order has become final. */
void kw_order_table_retire(KwOrderTable *self, KwOrder *order);

/* Orders that are not final */
guint kw_order_table_get_n_live(const KwOrderTable *self);
KwOrder *kw_order_table_get_live(const KwOrderTable *self, guint index);

/* TRUE if an order of @pair is not final and does not just wait for its price */
gboolean kw_order_table_is_busy(const KwOrderTable *self, const gchar *pair);

/* TRUE if an order of @pair that is not final is in @state */
gboolean
kw_order_table_has_state(const KwOrderTable *self, const gchar *pair, KwOrderState state);

/* TRUE if a buy of the trade is not final */
gboolean kw_order_table_is_entering(const KwOrderTable *self, gint64 trade_id);

/* Base currency of the trade that is offered in sells that are not final */
KwDecimal kw_order_table_sum_offered(const KwOrderTable *self, gint64 trade_id);

/* Returns: (transfer container) (element-type KwOrder): those that are not final */
GPtrArray *kw_order_table_list_live(const KwOrderTable *self);

/* Returns: (transfer full): client ids of the trade's stops and targets that are acknowledged
 *   and not final */
GStrv kw_order_table_list_triggers(const KwOrderTable *self, gint64 trade_id);

/**
 * kw_order_table_make_client_id:
 * @buffer: KW_ID_SIZE bytes; gets 18 characters of ASCII
 *
 * Same decision, same id, except that the attempt counts its orders that are LAPSED. A buy has
 * two attempts: after that the id is the second one's again.
 */
void kw_order_table_make_client_id(
    const KwOrderTable *self, const gchar *pair, gint64 candle_us, KwSide side, gchar *buffer);

G_END_DECLS
