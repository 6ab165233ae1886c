/* kw-mt5-request.h: bodies of trade requests, as a bridge takes them */
#pragma once

#include "kw-mt5-directory.h"

G_BEGIN_DECLS

/* Why @order cannot be written at all, lower case; %NULL: it can. @market: (nullable) */
const gchar *kw_mt5_request_find_obstacle(const KwOrder *order,
                                          const KwMt5Market *market,
                                          const KwMt5Account *account);

/* (transfer full): a new order; without an obstacle */
gchar *kw_mt5_request_place(const KwOrder *order, const KwMt5Market *market, KwDecimal lots);

/* (transfer full): a sale that closes @position, or a part of it */
gchar *
kw_mt5_request_close(const KwOrder *order, const KwMt5Position *position, KwDecimal lots);

/* (transfer full): of a working order; @id: the server's */
gchar *kw_mt5_request_cancel(const gchar *id);
gchar *kw_mt5_request_move(const gchar *id, KwDecimal price);

G_END_DECLS
