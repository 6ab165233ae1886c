#include "kw-fake-telegram.h"

#include "kw-line-client.h"

#include <libsoup/soup.h>
#include <string.h>

#define FIRST_UPDATE 810000001

typedef struct {
    gint64 id;
    gchar *members;
} Update;

typedef struct {
    gchar *method;
    guint status;
    gchar *body;
} Fault;

struct _KwFakeTelegram {
    SoupServer *server;
    gchar *url;
    GPtrArray *updates;      /* Update: not confirmed */
    GPtrArray *done;         /* Update: confirmed */
    GPtrArray *sent;         /* KwFakeTelegramSent */
    GQueue faults;           /* Fault */
    SoupServerMessage *poll; /* owned: the open one */
    gint64 next_id, offset;
    guint n_polls;
    gint64 last_message;
};

static void
update_free(gpointer data)
{
    g_free(((Update *) data)->members);
    g_free(data);
}

static void
fault_free(gpointer data)
{
    g_free(((Fault *) data)->method);
    g_free(((Fault *) data)->body);
    g_free(data);
}

static void
sent_free(gpointer data)
{
    KwFakeTelegramSent *sent = data;

    g_free(sent->method);
    g_clear_pointer(&sent->params, json_node_unref);
    g_free(sent->form);
    g_free(sent);
}

static void
respond(SoupServerMessage *message, guint status, const gchar *body)
{
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, body,
                                     strlen(body));
}

/* -- polls -- */

static gchar *
list_updates(KwFakeTelegram *self)
{
    GString *text = g_string_new("{\"ok\":true,\"result\":[");

    for (guint i = 0; i < self->updates->len; i++) {
        const Update *update = self->updates->pdata[i];

        g_string_append_printf(text, "%s{\"update_id\":%" G_GINT64_FORMAT ",%s}",
                               i > 0 ? "," : "", update->id, update->members);
    }
    g_string_append(text, "]}");
    return g_string_free(text, FALSE);
}

static void
end_poll(KwFakeTelegram *self, guint status, const gchar *body)
{
    g_autoptr(SoupServerMessage) poll = g_steal_pointer(&self->poll);

    respond(poll, status, body);
    soup_server_message_unpause(poll);
}

static void
answer_open_poll(KwFakeTelegram *self)
{
    g_autofree gchar *body = list_updates(self);

    if (self->poll != NULL)
        end_poll(self, 200, body);
}

static void
confirm(KwFakeTelegram *self, gint64 offset)
{
    while (self->updates->len > 0 && ((Update *) self->updates->pdata[0])->id < offset)
        g_ptr_array_add(self->done, g_ptr_array_steal_index(self->updates, 0));
}

static void
on_poll(KwFakeTelegram *self, SoupServerMessage *message, JsonObject *params)
{
    g_autofree gchar *body = NULL;

    self->n_polls++;
    self->offset = json_object_get_int_member_with_default(params, "offset", 0);
    g_assert_true(json_object_has_member(params, "allowed_updates"));
    confirm(self, self->offset);
    if (self->poll != NULL)
        end_poll(self, 409,
                 "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: terminated by "
                 "other getUpdates request\"}");
    if (self->updates->len == 0 &&
        json_object_get_int_member_with_default(params, "timeout", 0) > 0) {
        self->poll = g_object_ref(message);
        soup_server_message_pause(message);
        return;
    }
    body = list_updates(self);
    respond(message, 200, body);
}

/* -- everything else -- */

/* What the real one refuses */
static const gchar *
find_mistake(JsonObject *params)
{
    const gchar *text = json_object_get_string_member_with_default(params, "text", "");
    glong n_units = 0;
    g_autofree gunichar2 *units = g_utf8_to_utf16(text, -1, NULL, &n_units, NULL);

    if (units == NULL || n_units == 0)
        return "message text is empty";
    if (n_units > 4096)
        return "message is too long";
    return json_object_has_member(params, "parse_mode") ? "parse_mode" : NULL;
}

static void
on_send(KwFakeTelegram *self, SoupServerMessage *message, const KwFakeTelegramSent *sent)
{
    g_autofree gchar *body = NULL;
    const gchar *mistake = NULL;

    if (g_str_equal(sent->method, "sendMessage"))
        mistake = find_mistake(json_node_get_object(sent->params));
    if (mistake != NULL)
        body = g_strdup_printf(
            "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: %s\"}", mistake);
    else if (g_str_has_prefix(sent->method, "send"))
        body = g_strdup_printf("{\"ok\":true,\"result\":{\"message_id\":%" G_GINT64_FORMAT
                               ",\"date\":1795219220}}",
                               ++self->last_message);
    else if (g_str_equal(sent->method, "getMe"))
        body = g_strdup("{\"ok\":true,\"result\":{\"id\":7000000009,\"is_bot\":true,"
                        "\"first_name\":\"Kurswart\",\"username\":\"kurswart_bot\"}}");
    else
        body = g_strdup("{\"ok\":true,\"result\":true}");
    respond(message, mistake != NULL ? 400 : 200, body);
}

static Fault *
take_fault(KwFakeTelegram *self, const gchar *method)
{
    for (GList *l = self->faults.head; l != NULL; l = l->next) {
        Fault *fault = l->data;

        if (g_str_equal(fault->method, method)) {
            g_queue_delete_link(&self->faults, l);
            return fault;
        }
    }
    return NULL;
}

static KwFakeTelegramSent *
read_request(SoupServerMessage *message, const gchar *method)
{
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
    KwFakeTelegramSent *sent = g_new0(KwFakeTelegramSent, 1);
    gsize length;
    const gchar *data = g_bytes_get_data(bytes, &length);

    sent->method = g_strdup(method);
    if (length > 0 && data[0] == '{')
        sent->params = json_from_string(data, NULL);
    else
        sent->form = g_strndup(data, length);
    return sent;
}

static void
on_request(SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
    KwFakeTelegram *self = user_data;
    const gchar *method = strrchr(path, '/') + 1;
    g_autofree gchar *prefix = g_strdup_printf("/bot%s/", KW_FAKE_TELEGRAM_TOKEN);
    KwFakeTelegramSent *sent;
    Fault *fault;

    if (!g_str_has_prefix(path, prefix)) {
        respond(message, 401,
                "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");
        return;
    }
    fault = take_fault(self, method);
    sent = read_request(message, method);
    if (fault != NULL && fault->status != 0) {
        respond(message, fault->status, fault->body);
        sent_free(sent);
    } else if (g_str_equal(method, "getUpdates")) {
        on_poll(self, message, json_node_get_object(sent->params));
        sent_free(sent);
    } else {
        g_ptr_array_add(self->sent, sent);
        on_send(self, message, sent);
    }
    if (fault != NULL && fault->status == 0)
        g_socket_close(soup_server_message_get_socket(message), NULL);
    g_clear_pointer(&fault, fault_free);
}

/* -- for the test -- */

gint64
kw_fake_telegram_push(KwFakeTelegram *self, const gchar *members)
{
    Update *update = g_new0(Update, 1);

    update->id = self->next_id++;
    update->members = g_strdup(members);
    g_ptr_array_add(self->updates, update);
    answer_open_poll(self);
    return update->id;
}

gint64
kw_fake_telegram_say(KwFakeTelegram *self, gint64 user, const gchar *text, gint64 date)
{
    g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), text);
    g_autofree gchar *json = json_to_string(node, FALSE);
    g_autofree gchar *members = g_strdup_printf(
        "\"message\":{\"message_id\":1,\"from\":{\"id\":%" G_GINT64_FORMAT
        ",\"is_bot\":false,\"first_name\":\"Sarah\"},\"chat\":{\"id\":%" G_GINT64_FORMAT
        ",\"type\":\"private\"},\"date\":%" G_GINT64_FORMAT ",\"text\":%s}",
        user, user, date, json);

    return kw_fake_telegram_push(self, members);
}

void
kw_fake_telegram_fail(KwFakeTelegram *self,
                      const gchar *method,
                      guint status,
                      const gchar *body)
{
    Fault *fault;

    /* a poll that is open already meets it as well */
    if (self->poll != NULL && status != 0 && g_str_equal(method, "getUpdates")) {
        end_poll(self, status, body);
        return;
    }
    fault = g_new0(Fault, 1);
    fault->method = g_strdup(method);
    fault->status = status;
    fault->body = g_strdup(body);
    g_queue_push_tail(&self->faults, fault);
}

void
kw_fake_telegram_repeat(KwFakeTelegram *self)
{
    while (self->done->len > 0)
        g_ptr_array_insert(self->updates, 0,
                           g_ptr_array_steal_index(self->done, self->done->len - 1));
    answer_open_poll(self);
}

const GPtrArray *
kw_fake_telegram_get_sent(KwFakeTelegram *self)
{
    return self->sent;
}

guint
kw_fake_telegram_count_texts(KwFakeTelegram *self)
{
    guint n = 0;

    while (kw_fake_telegram_get_text(self, n) != NULL)
        n++;
    return n;
}

const gchar *
kw_fake_telegram_get_text(KwFakeTelegram *self, guint index)
{
    for (guint i = 0; i < self->sent->len; i++) {
        const KwFakeTelegramSent *sent = self->sent->pdata[i];

        if (!g_str_equal(sent->method, "sendMessage"))
            continue;
        if (index-- == 0)
            return json_object_get_string_member(json_node_get_object(sent->params), "text");
    }
    return NULL;
}

typedef struct {
    KwFakeTelegram *server;
    guint n;
} Wanted;

static gboolean
has_texts(gpointer user_data)
{
    const Wanted *wanted = user_data;

    return kw_fake_telegram_get_text(wanted->server, wanted->n - 1) != NULL;
}

const gchar *
kw_fake_telegram_wait_text(KwFakeTelegram *self, guint n)
{
    kw_line_client_wait_until(has_texts, &(Wanted){self, n});
    return kw_fake_telegram_get_text(self, n - 1);
}

gchar *
kw_fake_telegram_dup_button(KwFakeTelegram *self, guint index)
{
    for (guint i = self->sent->len; i > 0; i--) {
        const KwFakeTelegramSent *sent = self->sent->pdata[i - 1];
        JsonArray *rows;

        if (!g_str_equal(sent->method, "sendMessage"))
            continue;
        rows = json_object_get_array_member(
            json_object_get_object_member(json_node_get_object(sent->params), "reply_markup"),
            "inline_keyboard");
        return g_strdup(json_object_get_string_member(
            json_array_get_object_element(json_array_get_array_element(rows, index), 0),
            "callback_data"));
    }
    return NULL;
}

guint
kw_fake_telegram_count_polls(KwFakeTelegram *self)
{
    return self->n_polls;
}

gint64
kw_fake_telegram_get_offset(KwFakeTelegram *self)
{
    return self->offset;
}

gboolean
kw_fake_telegram_is_polled(KwFakeTelegram *self)
{
    return self->poll != NULL;
}

const gchar *
kw_fake_telegram_get_url(KwFakeTelegram *self)
{
    return self->url;
}

KwFakeTelegram *
kw_fake_telegram_new(void)
{
    KwFakeTelegram *self = g_new0(KwFakeTelegram, 1);
    GSList *uris;

    self->updates = g_ptr_array_new_with_free_func(update_free);
    self->done = g_ptr_array_new_with_free_func(update_free);
    self->sent = g_ptr_array_new_with_free_func(sent_free);
    self->next_id = FIRST_UPDATE;
    g_queue_init(&self->faults);
    self->server = g_object_new(SOUP_TYPE_SERVER, NULL);
    soup_server_add_handler(self->server, NULL, on_request, self, NULL);
    g_assert_true(
        soup_server_listen_local(self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
    uris = soup_server_get_uris(self->server);
    self->url = g_strdup_printf("http://127.0.0.1:%d", g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify) g_uri_unref);
    return self;
}

void
kw_fake_telegram_free(KwFakeTelegram *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->poll);
    soup_server_disconnect(self->server);
    g_clear_object(&self->server);
    g_ptr_array_unref(self->updates);
    g_ptr_array_unref(self->done);
    g_ptr_array_unref(self->sent);
    g_queue_clear_full(&self->faults, fault_free);
    g_free(self->url);
    g_free(self);
}
