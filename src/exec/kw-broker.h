/* kw-broker.h: port to a venue: place, look up, change, cancel, inspect */
#pragma once

#include "kw-candle.h"
#include "kw-order.h"
#include "kw-venue-state.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_BROKER_MAX_FILLS 16
#define KW_BROKER_SETTLE_US (5 * G_USEC_PER_SEC)

/**
 * KwBrokerReport:
 * @state: OPEN, PARTIAL, FILLED, CANCELLED or REJECTED
 * @price, @amount: what it is for, as far as the venue tells; zero: not told. The amount of an
 *   order that is done is what was executed, if a rest was dropped
 * @fills: executions known so far; repeats are allowed, the order manager drops them
 * @message: why it was refused, "" otherwise
 *
 * What a venue says of one order. Plain value.
 */
typedef struct {
    gchar client_id[KW_ID_SIZE];
    gchar venue_id[KW_ID_SIZE];
    KwOrderState state;
    KwDecimal price, amount;
    guint n_fills;
    KwFill fills[KW_BROKER_MAX_FILLS];
    gchar message[96];
} KwBrokerReport;

#define KW_TYPE_BROKER (kw_broker_get_type())
G_DECLARE_INTERFACE(KwBroker, kw_broker, KW, BROKER, GObject)

/* Signal "report" (const KwBrokerReport *): news of an order that nobody asked for just now. */
struct _KwBrokerInterface {
    GTypeInterface parent_iface;

    void (*submit_async)(KwBroker *self,
                         const KwOrder *order,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
    gboolean (*submit_finish)(KwBroker *self,
                              GAsyncResult *result,
                              KwBrokerReport *out,
                              GError **error);
    void (*query_async)(KwBroker *self,
                        const gchar *client_id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
    gboolean (*query_finish)(KwBroker *self,
                             GAsyncResult *result,
                             KwBrokerReport *out,
                             GError **error);
    void (*cancel_async)(KwBroker *self,
                         const gchar *client_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
    gboolean (*cancel_finish)(KwBroker *self,
                              GAsyncResult *result,
                              KwBrokerReport *out,
                              GError **error);
    gint64 (*get_settle_us)(KwBroker *self); /* NULL: KW_BROKER_SETTLE_US */

    /* all four or none: without them the venue is paper, or as good as that */
    gboolean (*keeps_stops)(KwBroker *self); /* NULL: when the four are there */
    gboolean (*is_real)(KwBroker *self);     /* likewise */
    gboolean (*resizes)(KwBroker *self);     /* likewise */
    void (*amend_async)(KwBroker *self,
                        const KwOrder *order,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
    gboolean (*amend_finish)(KwBroker *self,
                             GAsyncResult *result,
                             KwBrokerReport *out,
                             GError **error);
    void (*inspect_async)(KwBroker *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
    KwVenueState *(*inspect_finish)(KwBroker *self, GAsyncResult *result, GError **error);
};

/**
 * kw_broker_submit_async:
 * @order: copied
 *
 * Only the order manager calls this, after the intent is durable.
 */
void kw_broker_submit_async(KwBroker *self,
                            const KwOrder *order,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Returns: %FALSE with %KW_EXCHANGE_ERROR_REFUSED (does not exist) or
 *   %KW_EXCHANGE_ERROR_UNKNOWN (may exist: query it) */
gboolean kw_broker_submit_finish(KwBroker *self,
                                 GAsyncResult *result,
                                 KwBrokerReport *out,
                                 GError **error);

/* Looks an order up by its client id among open, closed and traded ones. */
void kw_broker_query_async(KwBroker *self,
                           const gchar *client_id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* Returns: %FALSE with %KW_EXCHANGE_ERROR_ABSENT (proof that it never reached the venue) or
 * _UNKNOWN */
gboolean kw_broker_query_finish(KwBroker *self,
                                GAsyncResult *result,
                                KwBrokerReport *out,
                                GError **error);

void kw_broker_cancel_async(KwBroker *self,
                            const gchar *client_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* @out: the order after the attempt, fills that came before included */
gboolean kw_broker_cancel_finish(KwBroker *self,
                                 GAsyncResult *result,
                                 KwBrokerReport *out,
                                 GError **error);

/* TRUE when stop-loss and take-profit orders can wait at this venue. FALSE for the paper
 * broker, whose stops are simulated on candles, and for an account that takes none. */
gboolean kw_broker_keeps_stops(KwBroker *self);

/* TRUE when there is an account that can be inspected and orders that can be amended; every
 * venue but the paper broker */
gboolean kw_broker_is_real(KwBroker *self);

/* TRUE when the amount of a working order can be changed; elsewhere kw_broker_amend_async()
 * takes another price alone, and an order that has to be smaller is replaced */
gboolean kw_broker_resizes(KwBroker *self);

/**
 * kw_broker_amend_async:
 * @order: copied; a working order, found by its client id, as it shall be: @price (limit or
 *   trigger) and @amount count, the amount with what is filled already
 *
 * Where kw_broker_resizes() is %FALSE another amount is refused.
 * Asking for what is so already changes nothing, so it may be asked again after a doubt.
 */
void kw_broker_amend_async(KwBroker *self,
                           const KwOrder *order,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/* @out: the order after it. Returns: %FALSE with %KW_EXCHANGE_ERROR_REFUSED (it is as before),
 *   %KW_EXCHANGE_ERROR_ABSENT (it does not work any more: query it) or _UNKNOWN */
gboolean kw_broker_amend_finish(KwBroker *self,
                                GAsyncResult *result,
                                KwBrokerReport *out,
                                GError **error);

/* Asks what is there: working orders and balances of the whole account. */
void kw_broker_inspect_async(KwBroker *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/* Returns: (transfer full): %NULL with %KW_EXCHANGE_ERROR_UNKNOWN: a part that could not be
 *   read makes the whole unknown */
KwVenueState *kw_broker_inspect_finish(KwBroker *self, GAsyncResult *result, GError **error);

/* How long after sending a look-up may still miss an order that exists. Until then ABSENT is no
 * verdict; 0: look-ups are always right, one is enough. */
gint64 kw_broker_get_settle_us(KwBroker *self);

G_END_DECLS
