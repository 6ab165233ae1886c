/* kw-signal-link.h: calls to signal-cli and what it tells, over a connection that comes back */
#pragma once

#include "kw-clock.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_SIGNAL_NO_ANSWER                                                                    \
    1 /* code of a call that nobody answered; the daemon's are below 0 */

/**
 * KwSignalReply: what a call has brought; valid until the function that gets it returns
 * @code: 0: it worked; %KW_SIGNAL_NO_ANSWER: nobody knows; else the code of the error
 * @result: (nullable): of the call; with an error what the result would have been
 * @message: (nullable): of the error
 */
typedef struct {
    gint64 code;
    JsonNode *result;
    const gchar *message;
} KwSignalReply;

typedef void (*KwSignalReplyFunc)(const KwSignalReply *reply, gpointer user_data);

/**
 * KwSignalLinkEvents:
 * @up: the daemon answers
 * @down: it does not any more; calls that were under way have had their answer
 * @received: "receive" with its parameters
 */
typedef struct {
    void (*up)(gpointer user_data);
    void (*down)(const gchar *why, gpointer user_data);
    void (*received)(JsonObject *params, gpointer user_data);
} KwSignalLinkEvents;

typedef struct _KwSignalLink KwSignalLink;

/**
 * kw_signal_link_new:
 * @address: see kw_signal_wire_new()
 * @account: (nullable): number of the bot; sent with each call
 * @user_data: must outlive the link
 *
 * Returns: (transfer full): %NULL with %KW_PARSE_ERROR_SYNTAX
 */
KwSignalLink *kw_signal_link_new(KwClock *clock,
                                 const gchar *address,
                                 const gchar *account,
                                 const KwSignalLinkEvents *events,
                                 gpointer user_data,
                                 GError **error);

/* Calls under way are forgotten: their functions are not called. */
void kw_signal_link_free(KwSignalLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalLink, kw_signal_link_free)

/* Connects, and again whenever it has to */
void kw_signal_link_start(KwSignalLink *self);

/* Calls under way get %KW_SIGNAL_NO_ANSWER; @down is not called. */
void kw_signal_link_stop(KwSignalLink *self);

gboolean kw_signal_link_is_up(const KwSignalLink *self);

/**
 * kw_signal_link_call:
 * @params: (nullable): what is between the braces; empty for none
 * @func: (nullable) (scope async): called once, never from inside
 *
 * Calls may be answered in any order.
 */
void kw_signal_link_call(KwSignalLink *self,
                         const gchar *method,
                         JsonObject *params,
                         KwSignalReplyFunc func,
                         gpointer user_data);

/**
 * kw_signal_link_take:
 * @text: (array length=length): what the wire has brought; any bytes, with a zero byte after
 *   the last
 *
 * What a line sets off: the answer to a call, or @received. The link calls it itself.
 */
void kw_signal_link_take(KwSignalLink *self, const gchar *text, gsize length);

G_END_DECLS
