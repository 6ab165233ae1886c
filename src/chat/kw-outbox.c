/* kw-outbox.c: the queue in front of the channels
 *
 * An outage begins when a message found no listener. What has gathered at its end goes out in
 * one sweep: alarms, then the rest by age; where many trades and outdated reports wait, one
 * merged message stands for all of these and goes before the rest. Otherwise a message leaves
 * in the call that brought it. A sweep stops at the first message that nobody takes; what was
 * delivered until then stays delivered.
 *
 * Keys of delivered messages are remembered for a while, because a producer may repeat itself
 * before the journal has marked them. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-outbox.h"

#include "kw-limiter.h"
#include "kw-log.h"

#define RETRY_MIN_US (2 * G_USEC_PER_SEC)
#define RETRY_MAX_US (5 * 60 * G_USEC_PER_SEC)
#define N_REMEMBERED 1024

struct _KwOutbox {
    GObject parent_instance;

    KwClock *clock;      /* owned */
    GPtrArray *channels; /* owned: KwChannel, owned */
    KwOutboxMergeFunc merge;
    gpointer user_data;

    GQueue waiting;    /* owned: KwOutboxMessage, owned; by age */
    GHashTable *known; /* owned: set of keys that wait or are in delivered, owned */
    GQueue delivered;  /* keys of known that went out, oldest first; borrowed */

    KwBackoff backoff;
    guint timer;        /* 0: none */
    gboolean is_outage; /* something has found no listener */
    gboolean is_sweeping;
};

enum { SIGNAL_DELIVERED, SIGNAL_DROPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwOutbox, kw_outbox, G_TYPE_OBJECT)

static void sweep(KwOutbox *self);

static void
free_message(gpointer data)
{
    KwOutboxMessage *message = data;

    g_free(message->key);
    g_free(message->kind);
    g_free(message->text);
    g_free(message);
}

/* Forgets the oldest keys that went out long ago */
static void
remember_delivered(KwOutbox *self, const gchar *key)
{
    gchar *kept = NULL;

    if (g_hash_table_lookup_extended(self->known, key, (gpointer *) &kept, NULL))
        g_queue_push_tail(&self->delivered, kept);
    while (g_queue_get_length(&self->delivered) > N_REMEMBERED)
        (void) g_hash_table_remove(self->known, g_queue_pop_head(&self->delivered));
}

/* -- out -- */

static gboolean
tell(KwOutbox *self, const gchar *key, const gchar *text)
{
    const KwChannelContent content = {.text = text};
    gboolean is_told = FALSE;

    for (guint i = 0; i < self->channels->len; i++) {
        KwChannel *channel = self->channels->pdata[i];

        if (kw_channel_is_online(channel))
            is_told |= kw_channel_broadcast(channel, key, &content) != KW_CHANNEL_REFUSED;
    }
    return is_told;
}

/* Takes the message out of the queue and says so */
static void
finish(KwOutbox *self, KwOutboxMessage *message, guint signal_id)
{
    (void) g_queue_remove(&self->waiting, message);
    remember_delivered(self, message->key);
    g_signal_emit(self, signal_id, 0, message->key);
    free_message(message);
}

typedef gboolean (*Filter)(KwOutbox *self, GList *place);

static gboolean
is_alarm(KwOutbox *self, GList *place)
{
    return ((KwOutboxMessage *) place->data)->rank == KW_OUTBOX_ALARM;
}

static gboolean
is_no_alarm(KwOutbox *self, GList *place)
{
    return !is_alarm(self, place);
}

/* Trades, and reports that a later one of their kind follows */
static gboolean
is_mergeable(KwOutbox *self, GList *place)
{
    const KwOutboxMessage *message = place->data;

    if (message->rank != KW_OUTBOX_REPORT)
        return message->rank == KW_OUTBOX_TRADE;
    for (GList *l = place->next; l != NULL; l = l->next) {
        const KwOutboxMessage *later = l->data;

        if (later->rank == KW_OUTBOX_REPORT && g_str_equal(later->kind, message->kind))
            return TRUE;
    }
    return FALSE;
}

/* (transfer container): by age */
static GPtrArray *
collect(KwOutbox *self, Filter filter)
{
    GPtrArray *found = g_ptr_array_new();

    for (GList *l = self->waiting.head; l != NULL; l = l->next) {
        if (filter(self, l))
            g_ptr_array_add(found, l->data);
    }
    return found;
}

static gboolean
send_each(KwOutbox *self, Filter filter)
{
    g_autoptr(GPtrArray) messages = collect(self, filter);

    for (guint i = 0; i < messages->len; i++) {
        KwOutboxMessage *message = messages->pdata[i];

        if (!tell(self, message->key, message->text))
            return FALSE;
        finish(self, message, signals[SIGNAL_DELIVERED]);
    }
    return TRUE;
}

/* One message for many, after an outage only */
static gboolean
send_merged(KwOutbox *self)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autofree gchar *key = NULL;
    g_autofree gchar *text = NULL;

    if (!self->is_outage)
        return TRUE;
    messages = collect(self, is_mergeable);
    if (messages->len <= KW_OUTBOX_MERGE_ABOVE)
        return TRUE;
    key = g_strconcat("merged:", ((KwOutboxMessage *) messages->pdata[0])->key, NULL);
    text = self->merge(messages, self->user_data);
    if (!tell(self, key, text))
        return FALSE;
    for (guint i = 0; i < messages->len; i++)
        finish(self, messages->pdata[i], signals[SIGNAL_DELIVERED]);
    return TRUE;
}

/* -- again -- */

static void
on_timer(gpointer user_data)
{
    KwOutbox *self = user_data;

    self->timer = 0;
    sweep(self);
}

static void
try_later(KwOutbox *self)
{
    if (!self->is_outage)
        kw_log_debug("nobody listens; messages wait");
    self->is_outage = TRUE;
    if (self->timer != 0)
        return;
    self->timer = kw_clock_call_at(
        self->clock, kw_clock_now_us(self->clock) + kw_backoff_next_us(&self->backoff),
        on_timer, self);
}

static gboolean
send_all(KwOutbox *self)
{
    return send_each(self, is_alarm) && send_merged(self) && send_each(self, is_no_alarm);
}

/* A message that a handler pushes meanwhile is taken by another round. */
static void
sweep(KwOutbox *self)
{
    G_GNUC_UNUSED g_autoptr(KwOutbox) alive = g_object_ref(self);
    gboolean is_through = TRUE;

    if (self->is_sweeping)
        return;
    self->is_sweeping = TRUE;
    while (is_through && !g_queue_is_empty(&self->waiting))
        is_through = send_all(self);
    self->is_sweeping = FALSE;
    if (self->clock == NULL) /* a handler has disposed of us */
        return;
    if (!is_through) {
        try_later(self);
        return;
    }
    self->is_outage = FALSE;
    kw_backoff_reset(&self->backoff);
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

static void
on_online(KwChannel *channel, gpointer user_data)
{
    sweep(user_data);
}

/* -- in -- */

/* The oldest of the lowest rank that waits makes room: a trade, else the rest, else an alarm.
 */
static void
make_room(KwOutbox *self)
{
    static const guint8 weights[] = {
        [KW_OUTBOX_ALARM] = 2,
        [KW_OUTBOX_TRADE] = 0,
        [KW_OUTBOX_REPORT] = 1,
        [KW_OUTBOX_OTHER] = 1,
    };
    KwOutboxMessage *victim = self->waiting.head->data;

    for (GList *l = self->waiting.head; l != NULL; l = l->next) {
        KwOutboxMessage *message = l->data;

        if (weights[message->rank] < weights[victim->rank])
            victim = message;
    }
    finish(self, victim, signals[SIGNAL_DROPPED]);
}

gboolean
kw_outbox_push(KwOutbox *self, const KwOutboxMessage *message)
{
    KwOutboxMessage *copy = NULL;

    g_return_val_if_fail(KW_IS_OUTBOX(self), FALSE);
    g_return_val_if_fail(message != NULL && message->key != NULL, FALSE);
    g_return_val_if_fail(message->kind != NULL && message->text != NULL, FALSE);

    if (!g_hash_table_add(self->known, g_strdup(message->key)))
        return FALSE;
    if (g_queue_get_length(&self->waiting) >= KW_OUTBOX_MAX_WAITING && !self->is_sweeping)
        make_room(self);
    copy = g_new0(KwOutboxMessage, 1);
    *copy = (KwOutboxMessage){
        .key = g_strdup(message->key),
        .kind = g_strdup(message->kind),
        .text = g_strdup(message->text),
        .created_us = message->created_us,
        .rank = message->rank,
    };
    g_queue_push_tail(&self->waiting, copy);
    if (self->timer == 0)
        sweep(self);
    return TRUE;
}

void
kw_outbox_add_channel(KwOutbox *self, KwChannel *channel)
{
    g_return_if_fail(KW_IS_OUTBOX(self));
    g_return_if_fail(KW_IS_CHANNEL(channel));

    g_ptr_array_add(self->channels, g_object_ref(channel));
    g_signal_connect_object(channel, "online", G_CALLBACK(on_online), self, 0);
    if (!g_queue_is_empty(&self->waiting))
        sweep(self);
}

guint
kw_outbox_get_n_waiting(KwOutbox *self)
{
    g_return_val_if_fail(KW_IS_OUTBOX(self), 0);

    return g_queue_get_length(&self->waiting);
}

/* -- life -- */

KwOutbox *
kw_outbox_new(KwClock *clock, KwOutboxMergeFunc merge, gpointer user_data, guint64 seed)
{
    KwOutbox *self = NULL;

    g_return_val_if_fail(KW_IS_CLOCK(clock), NULL);
    g_return_val_if_fail(merge != NULL, NULL);

    self = g_object_new(KW_TYPE_OUTBOX, NULL);
    self->clock = g_object_ref(clock);
    self->merge = merge;
    self->user_data = user_data;
    kw_backoff_init(&self->backoff, RETRY_MIN_US, RETRY_MAX_US, seed);
    return self;
}

static void
kw_outbox_dispose(GObject *object)
{
    KwOutbox *self = KW_OUTBOX(object);

    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    g_clear_object(&self->clock);
    g_ptr_array_set_size(self->channels, 0);

    G_OBJECT_CLASS(kw_outbox_parent_class)->dispose(object);
}

static void
kw_outbox_finalize(GObject *object)
{
    KwOutbox *self = KW_OUTBOX(object);

    g_queue_clear_full(&self->waiting, free_message);
    g_queue_clear(&self->delivered);
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_clear_pointer(&self->channels, g_ptr_array_unref);

    G_OBJECT_CLASS(kw_outbox_parent_class)->finalize(object);
}

static void
kw_outbox_class_init(KwOutboxClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_outbox_dispose;
    object_class->finalize = kw_outbox_finalize;

    signals[SIGNAL_DELIVERED] = g_signal_new("delivered", KW_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[SIGNAL_DROPPED] = g_signal_new("dropped", KW_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kw_outbox_init(KwOutbox *self)
{
    self->channels = g_ptr_array_new_with_free_func(g_object_unref);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&self->waiting);
    g_queue_init(&self->delivered);
}
