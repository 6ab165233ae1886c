/* kw-telegram-update.c: JSON of the Bot API to the little that counts
 *
 * Who wrote is his number, in the private chat of the same number; names can be chosen and
 * change hands. Anything of which this cannot be said is foreign: a group, a channel, another
 * bot, a message that is passed on or was edited (an edit is no new wish). Members that are
 * not known are skipped, for the API grows every few weeks. */
#include "kw-telegram-update.h"

#include "kw-error.h"
#include "kw-json.h"

#include <string.h>

#define MAX_DATE G_GINT64_CONSTANT(253402300800) /* year 10000, in seconds */

void
kw_telegram_update_free(KwTelegramUpdate *self)
{
    if (self == NULL)
        return;
    g_free(self->text);
    g_free(self->query);
    g_free(self);
}

/* -- who -- */

static gboolean
is_person(JsonObject *object, gint64 *out_user)
{
    JsonObject *from = NULL;
    gboolean is_bot = FALSE;

    if (!kw_json_get_object(object, "from", &from, NULL) ||
        !kw_json_get_int(from, "id", out_user, NULL))
        return FALSE;
    return !kw_json_get_bool(from, "is_bot", &is_bot, NULL) || !is_bot;
}

static gboolean
is_private_with(JsonObject *message, gint64 user)
{
    JsonObject *chat = NULL;
    const gchar *type = NULL;
    gint64 id = 0;

    return kw_json_get_object(message, "chat", &chat, NULL) &&
           kw_json_get_string(chat, "type", &type, NULL) && strcmp(type, "private") == 0 &&
           kw_json_get_int(chat, "id", &id, NULL) && id == user;
}

static gboolean
is_own_words(JsonObject *message)
{
    static const gchar *const marks[] = {"forward_origin", "forward_date", "forward_from",
                                         "via_bot",        "sender_chat",  "edit_date"};

    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (kw_json_has(message, marks[i]))
            return FALSE;
    }
    return TRUE;
}

/* -- what -- */

/* Bytes of the command at the start of the text; its length is in UTF-16 units, which are bytes
 * here, as a command is ASCII */
static gsize
command_length(JsonObject *message, const gchar *text)
{
    JsonArray *entities = NULL;
    JsonObject *first = NULL;
    const gchar *type = NULL;
    gint64 offset = -1, length = 0;

    if (!kw_json_get_array(message, "entities", &entities, NULL) ||
        json_array_get_length(entities) == 0 || !kw_json_at_object(entities, 0, &first, NULL) ||
        !kw_json_get_string(first, "type", &type, NULL) || strcmp(type, "bot_command") != 0 ||
        !kw_json_get_int(first, "offset", &offset, NULL) || offset != 0 ||
        !kw_json_get_int(first, "length", &length, NULL))
        return 0;
    return length > 0 && (guint64) length <= strlen(text) ? (gsize) length : 0;
}

/* "/stop@kurswart_bot jetzt" is "/stop jetzt". */
static gchar *
read_text(JsonObject *message, const gchar *text)
{
    gsize length = command_length(message, text);
    const gchar *at = length > 0 ? memchr(text, '@', length) : NULL;

    if (at == NULL || !g_utf8_validate(text + length, -1, NULL))
        return g_strdup(text);
    return g_strdup_printf("%.*s%s", (gint) (at - text), text, text + length);
}

static void
read_message(JsonObject *message, KwTelegramUpdate *update)
{
    const gchar *text = NULL;
    gint64 date = 0;

    update->kind = KW_TELEGRAM_FOREIGN;
    if (!is_person(message, &update->user) || !is_private_with(message, update->user) ||
        !is_own_words(message))
        return;
    /* without a time nobody knows whether it is still wanted */
    if (!kw_json_get_int(message, "date", &date, NULL) || date <= 0 || date >= MAX_DATE)
        return;
    update->sent_us = date * G_USEC_PER_SEC;
    update->kind = KW_TELEGRAM_MUTE;
    if (!kw_json_get_string(message, "text", &text, NULL))
        return;
    update->kind = KW_TELEGRAM_MESSAGE;
    update->text = read_text(message, text);
}

static void
read_button(JsonObject *query, KwTelegramUpdate *update)
{
    JsonObject *message = NULL;
    const gchar *id = NULL, *data = NULL;

    update->kind = KW_TELEGRAM_FOREIGN;
    if (!is_person(query, &update->user) ||
        !kw_json_get_object(query, "message", &message, NULL) ||
        !is_private_with(message, update->user) ||
        !kw_json_get_string(query, "id", &id, NULL) ||
        !kw_json_get_string(query, "data", &data, NULL))
        return;
    update->kind = KW_TELEGRAM_BUTTON;
    update->query = g_strdup(id);
    update->text = g_strdup(data);
}

static void
read_membership(JsonObject *change, KwTelegramUpdate *update)
{
    JsonObject *now = NULL;
    const gchar *status = NULL;

    if (!is_person(change, &update->user) || !is_private_with(change, update->user) ||
        !kw_json_get_object(change, "new_chat_member", &now, NULL) ||
        !kw_json_get_string(now, "status", &status, NULL))
        return;
    update->kind = strcmp(status, "kicked") == 0 ? KW_TELEGRAM_BLOCKED : KW_TELEGRAM_UNBLOCKED;
}

static void
read_update(JsonObject *object, KwTelegramUpdate *update)
{
    JsonObject *member = NULL;

    if (kw_json_get_object(object, "message", &member, NULL))
        read_message(member, update);
    else if (kw_json_get_object(object, "callback_query", &member, NULL))
        read_button(member, update);
    else if (kw_json_get_object(object, "my_chat_member", &member, NULL))
        read_membership(member, update);
    else if (kw_json_has(object, "edited_message") || kw_json_has(object, "channel_post"))
        update->kind = KW_TELEGRAM_FOREIGN;
}

/* -- all of them -- */

static gint
compare_id(gconstpointer a, gconstpointer b)
{
    const KwTelegramUpdate *left = *(KwTelegramUpdate *const *) a;
    const KwTelegramUpdate *right = *(KwTelegramUpdate *const *) b;

    return left->id < right->id ? -1 : left->id > right->id;
}

GPtrArray *
kw_telegram_updates_parse(JsonNode *result, GError **error)
{
    g_autoptr(GPtrArray) updates =
        g_ptr_array_new_with_free_func((GDestroyNotify) kw_telegram_update_free);
    JsonArray *array;

    g_return_val_if_fail(result != NULL, NULL);

    array = kw_json_root_array(result, error);
    if (array == NULL)
        return NULL;
    if (json_array_get_length(array) > KW_TELEGRAM_MAX_UPDATES) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_LIMIT, "too many updates");
        return NULL;
    }
    for (guint i = 0; i < json_array_get_length(array); i++) {
        KwTelegramUpdate *update = g_new0(KwTelegramUpdate, 1);
        JsonObject *object = NULL;

        g_ptr_array_add(updates, update);
        if (!kw_json_at_object(array, i, &object, error) ||
            !kw_json_get_int(object, "update_id", &update->id, error))
            return NULL;
        if (update->id < 0 || update->id >= G_MAXINT32) {
            g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "update_id");
            return NULL;
        }
        read_update(object, update);
    }
    g_ptr_array_sort(updates, compare_id);
    return g_steal_pointer(&updates);
}
