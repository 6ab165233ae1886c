/* kw-first-order.h: the smallest order there is, through all the hands that real ones go */
#pragma once

#include "kw-kraken-access.h"
#include "kw-kraken-pairs.h"
#include "kw-mt5-access.h"

G_BEGIN_DECLS

/* One trial; opaque. */
typedef struct _KwFirstOrder KwFirstOrder;

/**
 * kw_first_order_new:
 * @access: probed, borrowed, outlives it
 * @name: of the pair
 *
 * Asks the exchange for pair and price. Runs the main loop.
 *
 * Returns: (transfer full): %NULL with an error of the exchange
 */
KwFirstOrder *kw_first_order_new(const KwSettings *settings,
                                 KwKrakenAccess *access,
                                 const gchar *name,
                                 KwClock *clock,
                                 GError **error);

/* The same at an account behind a bridge; @access: open */
KwFirstOrder *kw_first_order_new_at_bridge(const KwSettings *settings,
                                           KwMt5Access *access,
                                           const gchar *name,
                                           KwClock *clock,
                                           GError **error);
void kw_first_order_free(KwFirstOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFirstOrder, kw_first_order_free)

/* Price of now; the smallest amount that the exchange takes, and a little more, so that it can
 * be sold again */
KwDecimal kw_first_order_get_price(const KwFirstOrder *self);
KwDecimal kw_first_order_get_amount(const KwFirstOrder *self);

/* One step of the trial is done; @text is translated and static. */
typedef void (*KwFirstOrderFunc)(const gchar *text, gpointer user_data);

/**
 * kw_first_order_run:
 *
 * Buys, looks the order up, lets a stop wait at the exchange and sees it there (where stops can
 * wait), takes it back, sells, and sees that nothing is left working. Each order has its ticket
 * from risk (a kill switch that is on stops the first one), its intent on disk, goes through
 * the last gate, and takes the configured way: nothing is bought before that is open, and the
 * trial fails if one order had to take the other. Runs the main loop for up to some minutes.
 *
 * Returns: %FALSE with an error; the message says which step, and what is left at the exchange
 *   has to be looked at there
 */
gboolean kw_first_order_run(KwFirstOrder *self,
                            KwFirstOrderFunc func,
                            gpointer user_data,
                            GError **error);

/* "WebSocket", "REST" or the bridge: the configured way; after a trial that went well, the one
 * that each of its orders took. Translated and static. */
const gchar *kw_first_order_get_way(const KwFirstOrder *self);

/* Result of the round trip, fees included; negative as a rule */
KwDecimal kw_first_order_get_result(const KwFirstOrder *self);

G_END_DECLS
