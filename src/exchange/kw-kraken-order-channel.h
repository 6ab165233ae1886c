/* kw-kraken-order-channel.h: the way of a change to Kraken: an order, its cancel, its amend */
#pragma once

#include "kw-kraken-pairs.h"
#include "kw-kraken-stream.h"
#include "kw-kraken.h"

G_BEGIN_DECLS

#define KW_KRAKEN_DEADLINE_US (10 * G_USEC_PER_SEC) /* what is not taken by then never is */

/**
 * KwKrakenOrderPath: how orders, amends and cancels leave
 * @KW_KRAKEN_ORDER_PATH_SOCKET: over the private stream while it is fit, else over REST
 */
typedef enum { KW_KRAKEN_ORDER_PATH_REST, KW_KRAKEN_ORDER_PATH_SOCKET } KwKrakenOrderPath;
#define KW_N_KRAKEN_ORDER_PATHS 2

#define KW_TYPE_KRAKEN_ORDER_CHANNEL (kw_kraken_order_channel_get_type())
G_DECLARE_FINAL_TYPE(
    KwKrakenOrderChannel, kw_kraken_order_channel, KW, KRAKEN_ORDER_CHANNEL, GObject)

/**
 * kw_kraken_order_channel_new:
 * @kraken: with a key
 * @stream: (nullable): the private one, when changes may go over it
 *
 * Each change goes one way alone: over the stream while that is fit for it, else over REST. One
 * that was written to the stream and has no answer within five seconds, before the connection
 * ends, or one that can be read, is in doubt like a REST call without an answer; the way is
 * then REST for a minute.
 *
 * Returns: (transfer full)
 */
KwKrakenOrderChannel *
kw_kraken_order_channel_new(KwClock *clock, KwKraken *kraken, KwKrakenStream *stream);

/**
 * kw_kraken_order_channel_add_async:
 * @pair: of the order
 * @order: copied; fits the pair (kw_kraken_form_fit())
 *
 * Leaves once. Nothing calls it back: it is tracked to its end.
 */
void kw_kraken_order_channel_add_async(KwKrakenOrderChannel *self,
                                       const KwKrakenPair *pair,
                                       const KwOrder *order,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);

void kw_kraken_order_channel_cancel_async(KwKrakenOrderChannel *self,
                                          const gchar *client_id,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);

/* @order: copied; as it shall be, and fits its pair */
void kw_kraken_order_channel_amend_async(KwKrakenOrderChannel *self,
                                         const KwOrder *order,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);

/**
 * kw_kraken_order_channel_finish: for all three
 * @out_venue_id: (nullable): KW_ID_SIZE bytes; what the exchange calls a new order
 *
 * Returns: %FALSE with an error of which kw_kraken_is_proof() says whether nothing was done
 */
gboolean kw_kraken_order_channel_finish(KwKrakenOrderChannel *self,
                                        GAsyncResult *result,
                                        gchar *out_venue_id,
                                        GError **error);

/* The way that a change would take now */
KwKrakenOrderPath kw_kraken_order_channel_find_path(KwKrakenOrderChannel *self);

/* Changes that have taken @path, or wait there for their turn */
guint kw_kraken_order_channel_get_n_left(KwKrakenOrderChannel *self, KwKrakenOrderPath path);

G_END_DECLS
