/* kw-outbox.h: what the bot tells, until somebody has heard it */
#pragma once

#include "kw-channel.h"
#include "kw-clock.h"

G_BEGIN_DECLS

#define KW_OUTBOX_MERGE_ABOVE 5    /* messages after an outage that still go one by one */
#define KW_OUTBOX_MAX_WAITING 4096 /* above, the oldest trade message makes room */

/**
 * KwOutboxRank:
 * @KW_OUTBOX_ALARM: goes first, alone
 * @KW_OUTBOX_TRADE: many of them after an outage become one message
 * @KW_OUTBOX_REPORT: so do those that a later one of the same kind follows
 * @KW_OUTBOX_OTHER: goes alone
 */
typedef enum {
    KW_OUTBOX_ALARM,
    KW_OUTBOX_TRADE,
    KW_OUTBOX_REPORT,
    KW_OUTBOX_OTHER,
} KwOutboxRank;

/**
 * KwOutboxMessage:
 * @key: unique; a message that was queued or delivered under it before is not taken again
 * @kind: of event; a report replaces earlier ones of its kind
 * @created_us: UTC
 * @is_silent: makes no sound at the owner's
 * @picture: (nullable): a PNG
 */
typedef struct {
    gchar *key;
    gchar *kind;
    gchar *text;
    gint64 created_us;
    KwOutboxRank rank;
    gboolean is_silent;
    GBytes *picture;
} KwOutboxMessage;

/**
 * KwOutboxMergeFunc:
 * @messages: (element-type KwOutboxMessage): oldest first
 *
 * Returns: (transfer full): one text in their place
 */
typedef gchar *(*KwOutboxMergeFunc)(const GPtrArray *messages, gpointer user_data);

/**
 * KwOutbox:
 *
 * The journal keeps the messages; this is their way out. Listeners (a terminal that is open)
 * hear all that is said while they are there. Where there are messengers, a message is
 * delivered when one of them says so: alarms go to all of them, others to the first that is
 * online, and to the next when that one fails. Without messengers one listener is enough. As
 * long as there is no way out it tries again, at growing intervals and whenever a channel says
 * that it is online.
 *
 * An alarm that a messenger has delivered is told again, at growing intervals, until somebody
 * says that he has seen it; a restart does not end that, when what kw_outbox_list_alarms()
 * gives is kept for it.
 *
 * Signal "delivered" (const gchar *key): once for each message, also for those that went out
 * merged: mark it in the journal.
 *
 * Signal "dropped" (const gchar *key): the queue is full; it will not be delivered. Alarms are
 * dropped last.
 *
 * Signal "alarms" (): others are open now than before.
 */
#define KW_TYPE_OUTBOX (kw_outbox_get_type())
G_DECLARE_FINAL_TYPE(KwOutbox, kw_outbox, KW, OUTBOX, GObject)

/**
 * kw_outbox_new:
 * @clock: for the intervals; real time also where the bot runs on market time
 * @merge: words the merged message
 * @seed: of the intervals
 *
 * Returns: (transfer full)
 */
KwOutbox *
kw_outbox_new(KwClock *clock, KwOutboxMergeFunc merge, gpointer user_data, guint64 seed);

/* A reference to @channel is kept. Channels are served in the order in which they came. */
void kw_outbox_add_listener(KwOutbox *self, KwChannel *channel);
void kw_outbox_add_messenger(KwOutbox *self, KwChannel *channel);

/* The owner is there: alarms that were delivered are not told again. */
void kw_outbox_acknowledge(KwOutbox *self);

/* (transfer full): those that nobody has acknowledged, as JSON */
gchar *kw_outbox_list_alarms(KwOutbox *self);

/* @list: of an earlier process; what cannot be read of it is left out. They are told again. */
void kw_outbox_restore_alarms(KwOutbox *self, const gchar *list);

/**
 * kw_outbox_push:
 * @message: copied
 *
 * Delivers at once when somebody listens, so the signal may come from inside this call.
 *
 * Returns: %FALSE when the key was known
 */
gboolean kw_outbox_push(KwOutbox *self, const KwOutboxMessage *message);

/* Messages that wait */
guint kw_outbox_get_n_waiting(KwOutbox *self);

G_END_DECLS
