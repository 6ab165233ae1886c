/* kw-friction.h: what spread and slippage take from an order, drawn from measured figures */
#pragma once

#include "kw-order.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A later decision pays the slippage of bad times. */
#define KW_FRICTION_LATENCY_BUDGET_MS 500
#define KW_FRICTION_FORMAT "kurswart-execution-1" /* of the JSON that is measured nightly */

/**
 * KwFriction:
 *
 * Figures by day, pair and trading session. Read from the file of kw_execution_measure()
 * (kw-execution.h), or from lines with date, pair ("*" for all), session (tokyo, london,
 * new_york or "*"), and mean, p50 and p90 of spread and slippage as ratios of the price.
 * Opaque.
 */
typedef struct _KwFriction KwFriction;

/**
 * kw_friction_load:
 * @seed: same seed, same draws
 * @latency_ms: from candle to order
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO, _FORMAT (the message names the
 *   line or the member) or _EMPTY
 */
KwFriction *kw_friction_load(const gchar *path, guint64 seed, guint latency_ms, GError **error);
KwFriction *
kw_friction_parse(const gchar *text, guint64 seed, guint latency_ms, GError **error);
void kw_friction_free(KwFriction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFriction, kw_friction_free)

/**
 * kw_friction_draw:
 * @is_buy: entries and exits of the same candle have draws of their own
 *
 * The figures of the newest day that is not after @time_us count, or of the first day; of the
 * pair before "*", of the session before "*". A draw depends on seed, pair, time and side and
 * on nothing else.
 *
 * Returns: half the spread and the slippage, as a ratio of the price; 0 without figures
 */
gdouble
kw_friction_draw(const KwFriction *self, const gchar *pair, gint64 time_us, gboolean is_buy);

/**
 * KwFrictionOrder:
 * @pair: borrowed
 * @tick: of prices, > 0
 */
typedef struct {
    const gchar *pair;
    KwSide side;
    KwDecimal tick;
    gint64 time_us;
} KwFrictionOrder;

/**
 * kw_friction_pay:
 * @price: the decision was made on
 * @out: what an order at the market gets instead: the worse price on the tick
 *
 * The one way for backtest and paper broker, so that both pay alike.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_RANGE
 */
gboolean kw_friction_pay(const KwFriction *self,
                         const KwFrictionOrder *order,
                         KwDecimal price,
                         KwDecimal *out,
                         GError **error);

G_END_DECLS
