/* kw-kraken-form.h: an order of ours in Kraken's words */
#pragma once

#include "kw-kraken-pairs.h"

G_BEGIN_DECLS

#define KW_KRAKEN_CLIENT_ID_MAX 18 /* bytes of a free client id */

/* "market", "limit", "stop-loss", "take-profit"; static */
const gchar *kw_kraken_form_type(KwOrderType type);

/**
 * kw_kraken_form_fit:
 * @order: price and amount are rounded as the pair takes them
 *
 * Returns: (transfer none): its pair, or %NULL with %KW_EXCHANGE_ERROR_REFUSED (no such pair,
 * client id too long) or %KW_PARSE_ERROR_RANGE (below a minimum): it need not be sent
 */
const KwKrakenPair *
kw_kraken_form_fit(const KwKrakenPairs *pairs, KwOrder *order, GError **error);

/* (transfer full): "2026-01-01T00:00:05.123Z" */
gchar *kw_kraken_form_instant(gint64 time_us);

G_END_DECLS
