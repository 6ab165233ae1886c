/* kw-telegram-post.c: requests that send something, and the table of buttons
 *
 * What a button means stays here: the app gets a number drawn by the kernel, as anything can
 * come back from a client. Texts carry no markup; what is to stand out is named by entities, so
 * no coin or error text can ever be taken for formatting. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-telegram-post.h"

#include "kw-json.h"
#include "kw-log.h"

#include <string.h>
#include <sys/random.h>

#define SEND_MS 20000
#define UPLOAD_MS 60000

/* What a message has beside its text */
typedef struct {
    gchar *keyboard; /* owned; JSON; NULL: none */
    gchar *code;     /* owned; a line that stands out */
} Extra;

/* What the user may press; all buttons of a message */
typedef struct {
    guint n;
    guint64 numbers[KW_CHANNEL_MAX_CHOICES];
    gchar *texts[KW_CHANNEL_MAX_CHOICES]; /* owned */
} Buttons;

struct _KwTelegramPost {
    KwTelegramApi *api; /* owned */
    KwPost *queue;      /* owned */
    KwTelegramPostEvents events;
    gpointer user_data;
    GCancellable *cancellable; /* owned */
    GHashTable *buttons;       /* owned: gint64 user, owned -> Buttons, owned */
    gint64 user;               /* of the request that is under way */
};

static void
extra_free(gpointer data)
{
    Extra *extra = data;

    g_free(extra->keyboard);
    g_free(extra->code);
    g_free(extra);
}

static void
buttons_free(gpointer data)
{
    Buttons *buttons = data;

    for (guint i = 0; i < buttons->n; i++)
        g_free(buttons->texts[i]);
    g_free(buttons);
}

/* -- a request -- */

/* The code alone on its line, so that one tap copies it */
static void
add_entities(JsonBuilder *builder, const Extra *extra, const gchar *text)
{
    const gchar *at = strstr(text, extra->code);
    gsize length = strlen(extra->code);

    if (at == NULL || (at > text && at[-1] != '\n') ||
        (at[length] != '\n' && at[length] != '\0'))
        return;
    json_builder_set_member_name(builder, "entities");
    json_builder_begin_array(builder);
    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", "code");
    kw_json_add_int(builder, "offset",
                    (gint64) kw_split_count(text, (gssize) (at - text), KW_SPLIT_UTF16));
    kw_json_add_int(builder, "length",
                    (gint64) kw_split_count(at, (gssize) length, KW_SPLIT_UTF16));
    json_builder_end_object(builder);
    json_builder_end_array(builder);
}

static void
add_extra(JsonBuilder *builder, const KwPostPiece *piece)
{
    const Extra *extra = piece->extra;

    if (extra == NULL || piece->is_plain)
        return;
    add_entities(builder, extra, piece->text);
    if (extra->keyboard == NULL || !piece->is_last)
        return;
    json_builder_set_member_name(builder, "reply_markup");
    json_builder_add_value(builder, json_from_string(extra->keyboard, NULL));
}

static gchar *
build_message(const KwPostPiece *piece, gint64 user)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    kw_json_add_int(builder, "chat_id", user);
    kw_json_add_string(builder, "text", piece->text);
    json_builder_set_member_name(builder, "link_preview_options");
    json_builder_begin_object(builder);
    kw_json_add_bool(builder, "is_disabled", TRUE);
    json_builder_end_object(builder);
    if (piece->is_silent)
        kw_json_add_bool(builder, "disable_notification", TRUE);
    add_extra(builder, piece);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

/* -- what became of it -- */

static KwPostOutcome
judge(const KwTelegramAnswer *answer)
{
    switch (answer->verdict) {
    case KW_TELEGRAM_DONE:
        return KW_POST_DONE;
    case KW_TELEGRAM_UNSURE:
        return KW_POST_UNSURE;
    case KW_TELEGRAM_AGAIN:
    case KW_TELEGRAM_CONFLICT:
        return KW_POST_AGAIN;
    case KW_TELEGRAM_WAIT:
        return KW_POST_WAIT;
    case KW_TELEGRAM_DENIED:
    case KW_TELEGRAM_DEAF:
        return KW_POST_REFUSED;
    case KW_TELEGRAM_WRONG:
        kw_log_warning("telegram refuses a message", "KW_ERROR", answer->text);
        return KW_POST_PLAIN;
    }
    g_return_val_if_reached(KW_POST_REFUSED);
}

static void
on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    KwTelegramPost *self = user_data;
    gint64 user;

    if (answer == NULL) /* cancelled: the post is gone, or has been cleared */
        return;
    user = self->user;
    kw_post_answer(self->queue, judge(answer), answer->wait_us);
    if (answer->verdict == KW_TELEGRAM_WAIT || answer->verdict == KW_TELEGRAM_DENIED ||
        answer->verdict == KW_TELEGRAM_DEAF)
        self->events.verdict(answer, user, self->user_data);
}

static KwHttpPart
make_field(const gchar *name, const gchar *value)
{
    return (KwHttpPart){.name = name, .data = g_bytes_new(value, strlen(value))};
}

static void
send_picture(KwTelegramPost *self, const KwPostPiece *piece)
{
    const Extra *extra = piece->extra;
    KwHttpPart parts[5];
    guint n = 0;

    parts[n++] = make_field("chat_id", piece->recipient);
    if (piece->text != NULL)
        parts[n++] = make_field("caption", piece->text);
    if (piece->text != NULL && extra != NULL && extra->keyboard != NULL && !piece->is_plain)
        parts[n++] = make_field("reply_markup", extra->keyboard);
    if (piece->is_silent)
        parts[n++] = make_field("disable_notification", "true");
    parts[n++] = (KwHttpPart){.name = "photo",
                              .file_name = "bild.png",
                              .type = "image/png",
                              .data = g_bytes_ref(piece->picture)};
    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "sendPhoto",
                                                 .parts = parts,
                                                 .n_parts = n,
                                                 .timeout_ms = UPLOAD_MS,
                                                 .reuse = KW_HTTP_FRESH},
                               self->cancellable, on_sent, self);
    for (guint i = 0; i < n; i++)
        g_bytes_unref(parts[i].data);
}

static void
on_piece(const KwPostPiece *piece, gpointer user_data)
{
    KwTelegramPost *self = user_data;
    g_autofree gchar *json = NULL;

    self->user = g_ascii_strtoll(piece->recipient, NULL, 10);
    if (piece->picture != NULL) {
        send_picture(self, piece);
        return;
    }
    json = build_message(piece, self->user);
    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "sendMessage",
                                                 .json = json,
                                                 .timeout_ms = SEND_MS,
                                                 .reuse = KW_HTTP_FRESH},
                               self->cancellable, on_sent, self);
}

static void
on_done(const gchar *key, gboolean is_delivered, gpointer user_data)
{
    KwTelegramPost *self = user_data;

    self->events.done(key, is_delivered, self->user_data);
}

/* -- buttons -- */

static gchar *
make_keyboard(const Buttons *buttons, const KwChannelContent *content)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "inline_keyboard");
    json_builder_begin_array(builder);
    for (guint i = 0; i < buttons->n; i++) {
        g_autofree gchar *data =
            g_strdup_printf("%016" G_GINT64_MODIFIER "x", buttons->numbers[i]);

        json_builder_begin_array(builder);
        json_builder_begin_object(builder);
        kw_json_add_string(builder, "text", content->choices[i].label);
        kw_json_add_string(builder, "callback_data", data);
        json_builder_end_object(builder);
        json_builder_end_array(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

/* (transfer full) (nullable): the keyboard; the buttons before it count no more */
static gchar *
remember_choices(KwTelegramPost *self, gint64 user, const KwChannelContent *content)
{
    Buttons *buttons;

    if (content->n_choices == 0)
        return NULL;
    buttons = g_new0(Buttons, 1);
    for (guint i = 0; i < content->n_choices; i++) {
        if (getrandom(&buttons->numbers[i], sizeof buttons->numbers[i], 0) !=
            sizeof buttons->numbers[i]) {
            buttons_free(buttons);
            return NULL; /* no buttons; the code can be typed */
        }
        buttons->texts[i] = g_strdup(content->choices[i].text);
        buttons->n++;
    }
    g_hash_table_replace(self->buttons, g_memdup2(&user, sizeof user), buttons);
    return make_keyboard(buttons, content);
}

gchar *
kw_telegram_post_take_button(KwTelegramPost *self, gint64 user, const gchar *data)
{
    const Buttons *buttons;
    guint64 number = 0;
    gchar *text = NULL;

    g_return_val_if_fail(self != NULL && data != NULL, NULL);

    buttons = g_hash_table_lookup(self->buttons, &user);
    if (buttons == NULL || strlen(data) != 16 ||
        !g_ascii_string_to_unsigned(data, 16, 0, G_MAXUINT64, &number, NULL))
        return NULL;
    for (guint i = 0; i < buttons->n; i++) {
        if (buttons->numbers[i] == number)
            text = g_strdup(buttons->texts[i]);
    }
    if (text != NULL)
        g_hash_table_remove(self->buttons, &user);
    return text;
}

/* -- the queue -- */

void
kw_telegram_post_pause(KwTelegramPost *self, gint64 until_us)
{
    kw_post_pause(self->queue, until_us);
}

gboolean
kw_telegram_post_is_paused(const KwTelegramPost *self)
{
    return kw_post_is_paused(self->queue);
}

void
kw_telegram_post_clear(KwTelegramPost *self)
{
    g_return_if_fail(self != NULL);

    g_cancellable_cancel(self->cancellable);
    g_object_unref(self->cancellable);
    self->cancellable = g_cancellable_new();
    kw_post_clear(self->queue);
}

gboolean
kw_telegram_post_add(KwTelegramPost *self,
                     gint64 user,
                     const gchar *key,
                     const KwChannelContent *content)
{
    g_autofree gchar *recipient = g_strdup_printf("%" G_GINT64_FORMAT, user);
    Extra *extra = NULL;

    g_return_val_if_fail(self != NULL && content != NULL, FALSE);

    if (content->n_choices > 0) {
        extra = g_new0(Extra, 1);
        extra->keyboard = remember_choices(self, user, content);
        extra->code = g_strdup(content->choices[0].text);
    }
    return kw_post_add(self->queue, recipient, key, content, extra);
}

/* -- life -- */

KwTelegramPost *
kw_telegram_post_new(KwClock *clock,
                     KwTelegramApi *api,
                     const KwTelegramPostEvents *events,
                     gpointer user_data,
                     guint64 seed)
{
    const KwPostRules rules = {
        .max_units = KW_TELEGRAM_MAX_UNITS,
        .max_caption = KW_TELEGRAM_MAX_CAPTION,
        .unit = KW_SPLIT_UTF16,
        .send = on_piece,
        .done = on_done,
        .free_extra = extra_free,
    };
    KwTelegramPost *self;

    g_return_val_if_fail(KW_IS_TELEGRAM_API(api) && events != NULL, NULL);

    self = g_new0(KwTelegramPost, 1);
    self->api = g_object_ref(api);
    self->queue = kw_post_new(clock, &rules, self, seed);
    self->events = *events;
    self->user_data = user_data;
    self->cancellable = g_cancellable_new();
    self->buttons = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, buttons_free);
    return self;
}

void
kw_telegram_post_free(KwTelegramPost *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->cancellable);
    g_clear_pointer(&self->queue, kw_post_free);
    g_clear_pointer(&self->buttons, g_hash_table_unref);
    g_clear_object(&self->cancellable);
    g_clear_object(&self->api);
    g_free(self);
}
