/* kw-friction.h: what spread and slippage take from an order, drawn from measured figures */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_FRICTION_LATENCY_BUDGET_MS                                                          \
    500 /* a later decision pays the slippage of bad times                                     \
         */

/**
 * KwFriction:
 *
 * Figures by day, pair and trading session, read from a CSV file with the columns date, pair
 * ("*" for all), session (tokyo, london, new_york or "*"), and mean, p50 and p90 of spread and
 * slippage as ratios of the price. Opaque.
 */
typedef struct _KwFriction KwFriction;

/**
 * kw_friction_load:
 * @seed: same seed, same draws
 * @latency_ms: from candle to order
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO, _FORMAT (the message names the
 *   line) or _EMPTY
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

G_END_DECLS
