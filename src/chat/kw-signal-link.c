/* kw-signal-link.c: JSON-RPC over a wire that may break anywhere
 *
 * A daemon can be alive and deaf, so it is asked for its version every minute and given up when
 * it does not answer. A line can be cut in the middle with the next one behind it: what cannot
 * be read is searched for a later beginning. Answers come in the order in which calls are done;
 * each is known by its number. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-signal-link.h"

#include "kw-json.h"
#include "kw-limiter.h"
#include "kw-log.h"
#include "kw-signal-wire.h"

#include <string.h>

#define CALL_US (60 * G_USEC_PER_SEC)
#define VERSION_US (10 * G_USEC_PER_SEC)
#define HEARTBEAT_US (60 * G_USEC_PER_SEC)
#define RETRY_MIN_US (1 * G_USEC_PER_SEC)
#define RETRY_MAX_US (30 * G_USEC_PER_SEC)
#define SEED 1

#define BEGINNING "{\"jsonrpc\":\"2.0\""

struct _KwSignalLink {
    KwClock *clock; /* owned */
    gchar *account; /* owned; NULL: none */
    KwSignalLinkEvents events;
    gpointer user_data;
    KwSignalWire *wire; /* owned */
    GHashTable *calls;  /* owned: gint64 -> Call, owned */
    gint64 last_id;
    guint timer; /* of the next try, or the next heartbeat; 0: none */
    KwBackoff backoff;
    gboolean is_started;
    gboolean is_up;
};

typedef struct {
    KwSignalLink *link; /* borrowed: owns the call */
    gint64 id;
    KwSignalReplyFunc func;
    gpointer user_data;
    guint timer;
} Call;

static void
call_free(gpointer data)
{
    Call *call = data;

    kw_clock_cancel(call->link->clock, call->timer);
    g_free(call);
}

/* -- answers -- */

static void
complete(KwSignalLink *self, gint64 id, const KwSignalReply *reply)
{
    Call *call = NULL;
    KwSignalReplyFunc func;
    gpointer user_data;

    call = g_hash_table_lookup(self->calls, &id);
    if (call == NULL)
        return;
    func = call->func;
    user_data = call->user_data;
    (void) g_hash_table_remove(self->calls, &id);
    if (func != NULL)
        func(reply, user_data);
}

static void
on_late(gpointer user_data)
{
    const KwSignalReply reply = {.code = KW_SIGNAL_NO_ANSWER, .message = "no answer in time"};
    Call *call = user_data;

    call->timer = 0;
    complete(call->link, call->id, &reply);
}

static void
complete_all(KwSignalLink *self)
{
    const KwSignalReply reply = {.code = KW_SIGNAL_NO_ANSWER, .message = "connection lost"};
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    GHashTableIter iter;
    gint64 *id = NULL;

    g_hash_table_iter_init(&iter, self->calls);
    while (g_hash_table_iter_next(&iter, (gpointer *) &id, NULL))
        g_array_append_vals(ids, id, 1);
    for (guint i = 0; i < ids->len; i++)
        complete(self, g_array_index(ids, gint64, i), &reply);
}

static void
read_error(JsonObject *error, KwSignalReply *reply)
{
    JsonObject *data = NULL;

    reply->code = -32603;
    (void) kw_json_get_int(error, "code", &reply->code, NULL);
    (void) kw_json_get_string(error, "message", &reply->message, NULL);
    if (kw_json_get_object(error, "data", &data, NULL) && kw_json_has(data, "response"))
        reply->result = json_object_get_member(data, "response");
}

static void
take_object(KwSignalLink *self, JsonObject *object)
{
    KwSignalReply reply = {0};
    JsonObject *member = NULL;
    const gchar *method = NULL;
    gint64 id;

    if (kw_json_get_string(object, "method", &method, NULL)) {
        if (strcmp(method, "receive") == 0 &&
            kw_json_get_object(object, "params", &member, NULL))
            self->events.received(member, self->user_data);
        return;
    }
    if (!kw_json_get_int(object, "id", &id, NULL))
        return;
    if (kw_json_get_object(object, "error", &member, NULL))
        read_error(member, &reply);
    else if (kw_json_has(object, "result"))
        reply.result = json_object_get_member(object, "result");
    complete(self, id, &reply);
}

void
kw_signal_link_take(KwSignalLink *self, const gchar *text, gsize length)
{
    const gchar *end = text + length;

    g_return_if_fail(self != NULL && text != NULL);

    while (text != NULL) {
        g_autoptr(JsonNode) root = kw_json_parse_text(text, (gssize) (end - text), NULL);
        JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;

        if (object != NULL) {
            take_object(self, object);
            return;
        }
        kw_log_debug("a line of signal-cli cannot be read");
        text = end - text > 1
                   ? memmem(text + 1, (gsize) (end - text) - 1, BEGINNING, strlen(BEGINNING))
                   : NULL;
    }
}

static void
on_text(const gchar *text, gsize length, gpointer user_data)
{
    kw_signal_link_take(user_data, text, length);
}

/* -- calls -- */

static void
call(KwSignalLink *self,
     const gchar *method,
     JsonObject *params,
     gint64 limit_us,
     KwSignalReplyFunc func,
     gpointer user_data)
{
    g_autoptr(JsonObject) all = json_object_new();
    g_autoptr(JsonNode) node = json_node_alloc();
    g_autofree gchar *text = NULL;
    JsonObject *with_account = params != NULL ? json_object_ref(params) : json_object_new();
    Call *entry = g_new0(Call, 1);

    entry->link = self;
    entry->id = ++self->last_id;
    entry->func = func;
    entry->user_data = user_data;
    g_hash_table_insert(self->calls, &entry->id, entry);
    if (self->account != NULL)
        json_object_set_string_member(with_account, "account", self->account);
    json_object_set_string_member(all, "jsonrpc", "2.0");
    json_object_set_int_member(all, "id", entry->id);
    json_object_set_string_member(all, "method", method);
    json_object_set_object_member(all, "params", with_account);
    (void) json_node_init_object(node, all);
    text = kw_json_to_text(node);
    if (!kw_signal_wire_send(self->wire, text))
        limit_us = 0; /* the answer comes from the main loop, as all others */
    entry->timer =
        kw_clock_call_at(self->clock, kw_clock_now_us(self->clock) + limit_us, on_late, entry);
}

void
kw_signal_link_call(KwSignalLink *self,
                    const gchar *method,
                    JsonObject *params,
                    KwSignalReplyFunc func,
                    gpointer user_data)
{
    g_return_if_fail(self != NULL && method != NULL);

    call(self, method, params, CALL_US, func, user_data);
}

/* -- the connection -- */

static void on_timer(gpointer user_data);

static void
wait_for(KwSignalLink *self, gint64 delay_us)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer =
        kw_clock_call_at(self->clock, kw_clock_now_us(self->clock) + delay_us, on_timer, self);
}

static void
lose(KwSignalLink *self, const gchar *why)
{
    gboolean was_up = self->is_up;

    kw_signal_wire_close(self->wire);
    self->is_up = FALSE;
    wait_for(self, kw_backoff_next_us(&self->backoff));
    complete_all(self);
    if (was_up)
        self->events.down(why, self->user_data);
}

static void
on_closed(const gchar *why, gpointer user_data)
{
    KwSignalLink *self = user_data;

    kw_log_debug("no connection to signal-cli", "KW_ERROR", why);
    lose(self, why);
}

static const gchar *
read_version(const KwSignalReply *reply)
{
    const gchar *version = NULL;

    if (reply->result != NULL && JSON_NODE_HOLDS_OBJECT(reply->result))
        (void) kw_json_get_string(json_node_get_object(reply->result), "version", &version,
                                  NULL);
    return version;
}

/* Any answer is a sign of life. */
static void
on_version(const KwSignalReply *reply, gpointer user_data)
{
    KwSignalLink *self = user_data;

    if (!self->is_started)
        return;
    if (reply->code == KW_SIGNAL_NO_ANSWER) {
        if (self->timer == 0)
            lose(self, "signal-cli does not answer");
        return;
    }
    wait_for(self, HEARTBEAT_US);
    kw_backoff_reset(&self->backoff);
    if (self->is_up)
        return;
    self->is_up = TRUE;
    kw_log_info("signal-cli connected", "KW_VERSION", read_version(reply));
    if (kw_signal_wire_can_subscribe(self->wire))
        kw_signal_link_call(self, "subscribeReceive", NULL, NULL, NULL);
    self->events.up(self->user_data);
}

static void
ask_version(KwSignalLink *self)
{
    call(self, "version", NULL, VERSION_US, on_version, self);
}

static void
on_opened(gpointer user_data)
{
    ask_version(user_data);
}

static void
on_timer(gpointer user_data)
{
    KwSignalLink *self = user_data;

    self->timer = 0;
    if (self->is_up)
        ask_version(self);
    else
        kw_signal_wire_open(self->wire);
}

void
kw_signal_link_start(KwSignalLink *self)
{
    g_return_if_fail(self != NULL);

    if (self->is_started)
        return;
    self->is_started = TRUE;
    kw_signal_wire_open(self->wire);
}

void
kw_signal_link_stop(KwSignalLink *self)
{
    g_return_if_fail(self != NULL);

    self->is_started = FALSE;
    self->is_up = FALSE;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    kw_signal_wire_close(self->wire);
    complete_all(self);
}

gboolean
kw_signal_link_is_up(const KwSignalLink *self)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->is_up;
}

/* -- life -- */

KwSignalLink *
kw_signal_link_new(KwClock *clock,
                   const gchar *address,
                   const gchar *account,
                   const KwSignalLinkEvents *events,
                   gpointer user_data,
                   GError **error)
{
    const KwSignalWireFuncs funcs = {.opened = on_opened, .text = on_text, .closed = on_closed};
    KwSignalLink *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && address != NULL && events != NULL, NULL);

    self = g_new0(KwSignalLink, 1);
    self->clock = g_object_ref(clock);
    self->account = g_strdup(account);
    self->events = *events;
    self->user_data = user_data;
    self->calls = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, call_free);
    kw_backoff_init(&self->backoff, RETRY_MIN_US, RETRY_MAX_US, SEED);
    self->wire = kw_signal_wire_new(clock, address, account, &funcs, self, error);
    if (self->wire != NULL)
        return self;
    kw_signal_link_free(self);
    return NULL;
}

void
kw_signal_link_free(KwSignalLink *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->timer);
    g_clear_pointer(&self->wire, kw_signal_wire_free);
    g_clear_pointer(&self->calls, g_hash_table_unref);
    g_clear_object(&self->clock);
    g_free(self->account);
    g_free(self);
}
