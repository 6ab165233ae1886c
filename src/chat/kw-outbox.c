/* kw-outbox.c: the queue in front of the channels
 *
 * An outage begins when a message found no listener. What has gathered at its end goes out in
 * one sweep: alarms, then the rest by age; where many trades and outdated reports wait, one
 * merged message stands for all of these and goes before the rest. Otherwise a message leaves
 * in the call that brought it. A sweep stops at the first message that nobody takes; what was
 * delivered until then stays delivered.
 *
 * A messenger says later what became of a message. Until then it is in flight: out of the reach
 * of sweeps, but still in the queue. A flight that fails is handed to the next messenger; when
 * none is left its messages wait again.
 *
 * Keys of delivered messages are remembered for a while, because a producer may repeat itself
 * before the journal has marked them. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-outbox.h"

#include "kw-json.h"
#include "kw-limiter.h"
#include "kw-log.h"

#define RETRY_MIN_US (2 * G_USEC_PER_SEC)
#define RETRY_MAX_US (5 * 60 * G_USEC_PER_SEC)
#define N_REMEMBERED 1024
#define MAX_MESSENGERS 8
#define MAX_ALARMS 16 /* not acknowledged; the oldest gives way */
#define REPEAT_MIN_US (10 * 60 * (gint64) G_USEC_PER_SEC)
#define REPEAT_MAX_US (4 * 3600 * (gint64) G_USEC_PER_SEC)

struct _KwOutbox {
    GObject parent_instance;

    KwClock *clock;        /* owned */
    GPtrArray *listeners;  /* owned: KwChannel, owned */
    GPtrArray *messengers; /* owned: KwChannel, owned */
    KwOutboxMergeFunc merge;
    gpointer user_data;

    GQueue waiting;      /* owned: Item, owned; by age */
    GHashTable *known;   /* owned: set of keys that wait or are in delivered, owned */
    GQueue delivered;    /* keys of known that went out, oldest first; borrowed */
    GHashTable *flights; /* owned: key -> Flight, owned */
    GQueue alarms;       /* owned: Alarm, owned: delivered, not acknowledged */

    KwBackoff backoff;
    guint timer;        /* 0: none */
    gboolean is_outage; /* something has found no listener */
    gboolean is_sweeping;
};

typedef struct _Flight Flight;

/* A message that waits or is in flight */
typedef struct {
    KwOutboxMessage message; /* first: the merge function gets a list of these; members owned */
    Flight *flight;          /* borrowed; NULL: waits */
    gboolean is_heard;       /* by those who listened when it was first told */
} Item;

/* One text on its way through a messenger, for one message or many */
struct _Flight {
    gchar *key, *text; /* owned */
    GBytes *picture;   /* owned; NULL: none */
    GPtrArray *items;  /* owned: Item, borrowed; empty when delivered, or of a repeated alarm */
    guint n_under_way;
    guint tried; /* bit of each messenger */
    gboolean is_alarm, is_silent;
};

/* An alarm that nobody has acknowledged */
typedef struct {
    KwOutbox *outbox; /* borrowed: owns it */
    gchar *key, *text;
    guint n_told;
    gint64 wait_us;
    guint timer;
} Alarm;

enum { SIGNAL_DELIVERED, SIGNAL_DROPPED, SIGNAL_ALARMS, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwOutbox, kw_outbox, G_TYPE_OBJECT)

static void sweep(KwOutbox *self);

static void
item_free(gpointer data)
{
    Item *item = data;

    g_free(item->message.key);
    g_free(item->message.kind);
    g_free(item->message.text);
    g_clear_pointer(&item->message.picture, g_bytes_unref);
    g_free(item);
}

static void
flight_free(gpointer data)
{
    Flight *flight = data;

    for (guint i = 0; i < flight->items->len; i++)
        ((Item *) flight->items->pdata[i])->flight = NULL;
    g_ptr_array_unref(flight->items);
    g_clear_pointer(&flight->picture, g_bytes_unref);
    g_free(flight->key);
    g_free(flight->text);
    g_free(flight);
}

static void
alarm_free(gpointer data)
{
    Alarm *alarm = data;

    if (alarm->outbox->clock != NULL)
        kw_clock_cancel(alarm->outbox->clock, alarm->timer);
    g_free(alarm->key);
    g_free(alarm->text);
    g_free(alarm);
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

/* -- alarms -- */

static void on_alarm_due(gpointer user_data);

static void
arm(Alarm *alarm)
{
    alarm->timer = kw_clock_call_at(alarm->outbox->clock,
                                    kw_clock_now_us(alarm->outbox->clock) + alarm->wait_us,
                                    on_alarm_due, alarm);
    alarm->wait_us = MIN(2 * alarm->wait_us, REPEAT_MAX_US);
}

static void
watch_alarm(KwOutbox *self, const gchar *key, const gchar *text)
{
    Alarm *alarm = g_new0(Alarm, 1);

    alarm->outbox = self;
    alarm->key = g_strdup(key);
    alarm->text = g_strdup(text);
    alarm->wait_us = REPEAT_MIN_US;
    g_queue_push_tail(&self->alarms, alarm);
    if (g_queue_get_length(&self->alarms) > MAX_ALARMS)
        alarm_free(g_queue_pop_head(&self->alarms));
    arm(alarm);
}

void
kw_outbox_acknowledge(KwOutbox *self)
{
    g_return_if_fail(KW_IS_OUTBOX(self));

    if (g_queue_is_empty(&self->alarms))
        return;
    g_queue_clear_full(&self->alarms, alarm_free);
    g_signal_emit(self, signals[SIGNAL_ALARMS], 0);
}

gchar *
kw_outbox_list_alarms(KwOutbox *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    g_return_val_if_fail(KW_IS_OUTBOX(self), NULL);

    json_builder_begin_array(builder);
    for (GList *l = self->alarms.head; l != NULL; l = l->next) {
        const Alarm *alarm = l->data;

        json_builder_begin_object(builder);
        kw_json_add_string(builder, "key", alarm->key);
        kw_json_add_string(builder, "text", alarm->text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    return kw_json_builder_to_text(builder);
}

void
kw_outbox_restore_alarms(KwOutbox *self, const gchar *list)
{
    g_autoptr(JsonNode) root = NULL;
    JsonArray *array;

    g_return_if_fail(KW_IS_OUTBOX(self) && list != NULL);

    root = kw_json_parse_text(list, -1, NULL);
    array = root != NULL ? kw_json_root_array(root, NULL) : NULL;
    for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
        JsonObject *object = NULL;
        const gchar *key = NULL, *text = NULL;

        if (kw_json_at_object(array, i, &object, NULL) &&
            kw_json_get_string(object, "key", &key, NULL) &&
            kw_json_get_string(object, "text", &text, NULL))
            watch_alarm(self, key, text);
    }
}

/* -- out -- */

/* Takes the message out of the queue and says so */
static void
finish(KwOutbox *self, Item *item, guint signal_id)
{
    gboolean is_open_alarm = signal_id == signals[SIGNAL_DELIVERED] &&
                             item->message.rank == KW_OUTBOX_ALARM && self->messengers->len > 0;

    (void) g_queue_remove(&self->waiting, item);
    remember_delivered(self, item->message.key);
    if (is_open_alarm) {
        /* kept before it counts as told: a crash between repeats it, and loses nothing */
        watch_alarm(self, item->message.key, item->message.text);
        g_signal_emit(self, signals[SIGNAL_ALARMS], 0);
    }
    g_signal_emit(self, signal_id, 0, item->message.key);
    item_free(item);
}

static void
finish_all(KwOutbox *self, Flight *flight)
{
    while (flight->items->len > 0) {
        Item *item = g_ptr_array_steal_index(flight->items, 0);

        item->flight = NULL;
        finish(self, item, signals[SIGNAL_DELIVERED]);
    }
}

/* To those who listen now; each hears a message once. Returns: %TRUE when somebody does */
static gboolean
tell_listeners(KwOutbox *self, const Flight *flight)
{
    const KwChannelContent content = {.text = flight->text};
    gboolean is_heard = FALSE;

    for (guint i = 0; i < flight->items->len; i++)
        is_heard |= ((Item *) flight->items->pdata[i])->is_heard;
    if (is_heard)
        return TRUE;
    for (guint i = 0; i < self->listeners->len; i++) {
        KwChannel *channel = self->listeners->pdata[i];

        if (kw_channel_is_online(channel))
            is_heard |=
                kw_channel_broadcast(channel, flight->key, &content) != KW_CHANNEL_REFUSED;
    }
    for (guint i = 0; i < flight->items->len; i++)
        ((Item *) flight->items->pdata[i])->is_heard = is_heard;
    return is_heard;
}

/* To the first messenger that takes it, an alarm to all. Returns: %KW_CHANNEL_REFUSED when none
 * did that was not tried before */
static KwChannelTaken
tell_messengers(KwOutbox *self, Flight *flight)
{
    const KwChannelContent content = {
        .text = flight->text,
        .picture = flight->picture,
        .is_urgent = flight->is_alarm,
        .is_silent = flight->is_silent,
    };
    KwChannelTaken best = KW_CHANNEL_REFUSED;

    for (guint i = 0; i < self->messengers->len; i++) {
        KwChannel *channel = self->messengers->pdata[i];
        KwChannelTaken taken;

        if ((flight->tried & (1u << i)) != 0 || !kw_channel_is_online(channel))
            continue;
        flight->tried |= 1u << i;
        taken = kw_channel_broadcast(channel, flight->key, &content);
        flight->n_under_way += taken == KW_CHANNEL_UNDER_WAY;
        best = MAX(best, taken);
        if (best != KW_CHANNEL_REFUSED && !flight->is_alarm)
            break;
    }
    return best;
}

/* @flight: (transfer full). Returns: what the caller of send_each() has to do:
 * %KW_CHANNEL_REFUSED when its messages go on waiting */
static KwChannelTaken
take_off(KwOutbox *self, Flight *flight)
{
    gboolean is_heard = tell_listeners(self, flight);
    KwChannelTaken taken = tell_messengers(self, flight);

    if (self->messengers->len == 0 && is_heard)
        taken = KW_CHANNEL_DELIVERED;
    if (taken == KW_CHANNEL_DELIVERED)
        finish_all(self, flight);
    if (flight->n_under_way > 0)
        g_hash_table_insert(self->flights, flight->key, flight);
    else
        flight_free(flight);
    return taken;
}

/* @items: (transfer full) */
static Flight *
flight_new(const gchar *key, const gchar *text, GPtrArray *items)
{
    Flight *flight = g_new0(Flight, 1);

    flight->key = g_strdup(key);
    flight->text = g_strdup(text);
    flight->items = items;
    for (guint i = 0; i < items->len; i++)
        ((Item *) items->pdata[i])->flight = flight;
    return flight;
}

static Flight *
flight_of(Item *item)
{
    GPtrArray *items = g_ptr_array_new();
    Flight *flight;

    g_ptr_array_add(items, item);
    flight = flight_new(item->message.key, item->message.text, items);
    flight->is_alarm = item->message.rank == KW_OUTBOX_ALARM;
    flight->is_silent = item->message.is_silent;
    if (item->message.picture != NULL)
        flight->picture = g_bytes_ref(item->message.picture);
    return flight;
}

/* Nobody is there to take it: it comes again at the next time. */
static void
on_alarm_due(gpointer user_data)
{
    Alarm *alarm = user_data;
    KwOutbox *self = alarm->outbox;
    g_autofree gchar *key = g_strdup_printf("%s#%u", alarm->key, ++alarm->n_told);
    g_autofree gchar *text = g_strconcat("🔁 ", alarm->text, NULL);
    Flight *flight = flight_new(key, text, g_ptr_array_new());

    flight->is_alarm = TRUE;
    arm(alarm);
    (void) take_off(self, flight);
}

typedef gboolean (*Filter)(KwOutbox *self, GList *place);

static gboolean
is_alarm(KwOutbox *self, GList *place)
{
    return ((Item *) place->data)->message.rank == KW_OUTBOX_ALARM;
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

/* (transfer container): those that wait, by age */
static GPtrArray *
collect(KwOutbox *self, Filter filter)
{
    GPtrArray *found = g_ptr_array_new();

    for (GList *l = self->waiting.head; l != NULL; l = l->next) {
        if (((Item *) l->data)->flight == NULL && filter(self, l))
            g_ptr_array_add(found, l->data);
    }
    return found;
}

/* Stops where nobody is there at all; who only listens hears the rest as well. */
static gboolean
send_each(KwOutbox *self, Filter filter)
{
    g_autoptr(GPtrArray) items = collect(self, filter);
    gboolean is_through = TRUE;

    for (guint i = 0; i < items->len; i++) {
        Item *item = items->pdata[i];

        if (take_off(self, flight_of(item)) != KW_CHANNEL_REFUSED)
            continue;
        is_through = FALSE;
        if (!item->is_heard)
            break;
    }
    return is_through;
}

/* One message for many, after an outage only */
static gboolean
send_merged(KwOutbox *self)
{
    g_autoptr(GPtrArray) items = NULL;
    g_autofree gchar *key = NULL;
    g_autofree gchar *text = NULL;

    if (!self->is_outage)
        return TRUE;
    items = collect(self, is_mergeable);
    if (items->len <= KW_OUTBOX_MERGE_ABOVE)
        return TRUE;
    key = g_strconcat("merged:", ((Item *) items->pdata[0])->message.key, NULL);
    text = self->merge(items, self->user_data);
    return take_off(self, flight_new(key, text, g_steal_pointer(&items))) != KW_CHANNEL_REFUSED;
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

static gboolean
has_waiting(KwOutbox *self)
{
    for (GList *l = self->waiting.head; l != NULL; l = l->next) {
        if (((Item *) l->data)->flight == NULL)
            return TRUE;
    }
    return FALSE;
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
    while (is_through && has_waiting(self))
        is_through = send_all(self);
    self->is_sweeping = FALSE;
    if (self->clock == NULL) /* a handler has disposed of us */
        return;
    if (!is_through) {
        try_later(self);
        return;
    }
    self->is_outage = FALSE;
    if (g_hash_table_size(self->flights) == 0)
        kw_backoff_reset(&self->backoff);
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
}

static void
on_outcome(KwChannel *channel, const gchar *key, guint taken, gpointer user_data)
{
    G_GNUC_UNUSED g_autoptr(KwOutbox) self = g_object_ref(user_data);
    Flight *flight = g_hash_table_lookup(self->flights, key);
    KwChannelTaken again;

    if (flight == NULL)
        return;
    flight->n_under_way--;
    if (taken == KW_CHANNEL_DELIVERED) {
        kw_backoff_reset(&self->backoff);
        flight->tried = G_MAXUINT; /* the next one is not needed */
        finish_all(self, flight);
    }
    if (flight->n_under_way > 0)
        return;
    again = tell_messengers(self, flight);
    if (again == KW_CHANNEL_UNDER_WAY)
        return;
    if (again == KW_CHANNEL_DELIVERED)
        finish_all(self, flight);
    if (flight->items->len > 0)
        try_later(self);
    (void) g_hash_table_remove(self->flights, flight->key);
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
    Item *victim = NULL;

    for (GList *l = self->waiting.head; l != NULL; l = l->next) {
        Item *item = l->data;

        if (item->flight == NULL &&
            (victim == NULL || weights[item->message.rank] < weights[victim->message.rank]))
            victim = item;
    }
    if (victim != NULL)
        finish(self, victim, signals[SIGNAL_DROPPED]);
}

gboolean
kw_outbox_push(KwOutbox *self, const KwOutboxMessage *message)
{
    Item *item = NULL;

    g_return_val_if_fail(KW_IS_OUTBOX(self), FALSE);
    g_return_val_if_fail(message != NULL && message->key != NULL, FALSE);
    g_return_val_if_fail(message->kind != NULL && message->text != NULL, FALSE);

    if (!g_hash_table_add(self->known, g_strdup(message->key)))
        return FALSE;
    if (g_queue_get_length(&self->waiting) >= KW_OUTBOX_MAX_WAITING && !self->is_sweeping)
        make_room(self);
    item = g_new0(Item, 1);
    item->message = (KwOutboxMessage){
        .key = g_strdup(message->key),
        .kind = g_strdup(message->kind),
        .text = g_strdup(message->text),
        .created_us = message->created_us,
        .rank = message->rank,
        .is_silent = message->is_silent,
        .picture = message->picture != NULL ? g_bytes_ref(message->picture) : NULL,
    };
    g_queue_push_tail(&self->waiting, item);
    if (self->timer == 0)
        sweep(self);
    return TRUE;
}

static void
add_channel(KwOutbox *self, GPtrArray *channels, KwChannel *channel)
{
    g_ptr_array_add(channels, g_object_ref(channel));
    g_signal_connect_object(channel, "online", G_CALLBACK(on_online), self, 0);
    if (!g_queue_is_empty(&self->waiting))
        sweep(self);
}

void
kw_outbox_add_listener(KwOutbox *self, KwChannel *channel)
{
    g_return_if_fail(KW_IS_OUTBOX(self));
    g_return_if_fail(KW_IS_CHANNEL(channel));

    add_channel(self, self->listeners, channel);
}

void
kw_outbox_add_messenger(KwOutbox *self, KwChannel *channel)
{
    g_return_if_fail(KW_IS_OUTBOX(self));
    g_return_if_fail(KW_IS_CHANNEL(channel));
    g_return_if_fail(self->messengers->len < MAX_MESSENGERS);

    g_signal_connect_object(channel, "outcome", G_CALLBACK(on_outcome), self, 0);
    add_channel(self, self->messengers, channel);
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

    g_queue_clear_full(&self->alarms, alarm_free);
    if (self->clock != NULL)
        kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    g_clear_object(&self->clock);
    g_hash_table_remove_all(self->flights);
    g_ptr_array_set_size(self->listeners, 0);
    g_ptr_array_set_size(self->messengers, 0);

    G_OBJECT_CLASS(kw_outbox_parent_class)->dispose(object);
}

static void
kw_outbox_finalize(GObject *object)
{
    KwOutbox *self = KW_OUTBOX(object);

    g_clear_pointer(&self->flights, g_hash_table_unref);
    g_queue_clear_full(&self->waiting, item_free);
    g_queue_clear(&self->delivered);
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_clear_pointer(&self->listeners, g_ptr_array_unref);
    g_clear_pointer(&self->messengers, g_ptr_array_unref);

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
    signals[SIGNAL_ALARMS] = g_signal_new("alarms", KW_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
kw_outbox_init(KwOutbox *self)
{
    self->listeners = g_ptr_array_new_with_free_func(g_object_unref);
    self->messengers = g_ptr_array_new_with_free_func(g_object_unref);
    self->flights = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, flight_free);
    g_queue_init(&self->alarms);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&self->waiting);
    g_queue_init(&self->delivered);
}
