/* kw-telegram-post.c: the queue of outgoing messages and the table of buttons
 *
 * One request is under way at a time, so the pieces of a long text come in order. A request
 * that was not answered may have arrived; Telegram has no client key to find out. A text is
 * sent again then, since twice is better than never; a question with a code is not.
 *
 * What a button means stays here: the app gets a number drawn by the kernel, as anything can
 * come back from a client. Texts carry no markup; what is to stand out is named by entities, so
 * no coin or error text can ever be taken for formatting. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-telegram-post.h"

#include "kw-json.h"
#include "kw-limiter.h"
#include "kw-log.h"
#include "kw-split.h"

#include <string.h>
#include <sys/random.h>

#define SEND_MS 20000
#define UPLOAD_MS 60000
#define MAX_TRIES 4
#define MAX_HELD_US (60 * G_USEC_PER_SEC) /* a longer pause gives broadcasts up */
#define RETRY_MIN_US (2 * G_USEC_PER_SEC)
#define RETRY_MAX_US (30 * G_USEC_PER_SEC)
#define BURST 20 /* messages at once; then one a second */

/* A message to one user */
typedef struct {
    gint64 user;
    gchar *key;      /* owned; NULL: an answer */
    gchar **pieces;  /* owned */
    guint n_sent;    /* pieces */
    GBytes *picture; /* owned; NULL: none, or sent */
    gchar *keyboard; /* owned; JSON; NULL: none */
    gchar *code;     /* owned; a line that stands out; NULL: none */
    guint n_tries;
    gboolean is_urgent;
    gboolean is_silent;
    gboolean is_plain; /* the server did not like its entities or buttons */
} Parcel;

/* What the user may press; all buttons of a message */
typedef struct {
    guint n;
    guint64 numbers[KW_CHANNEL_MAX_CHOICES];
    gchar *texts[KW_CHANNEL_MAX_CHOICES]; /* owned */
} Buttons;

struct _KwTelegramPost {
    KwClock *clock;     /* owned */
    KwTelegramApi *api; /* owned */
    KwTelegramPostEvents events;
    gpointer user_data;
    GCancellable *cancellable; /* owned */
    GQueue waiting;            /* owned: Parcel, owned; the first is being sent */
    gboolean is_sending;
    GHashTable *buttons; /* owned: gint64 user, owned -> Buttons, owned */
    KwLimiter *limiter;  /* owned */
    KwBackoff backoff;
    guint timer;            /* 0: none */
    gint64 paused_until_us; /* 0: not */
};

static void send_next(KwTelegramPost *self);

static void
parcel_free(gpointer data)
{
    Parcel *parcel = data;

    g_free(parcel->key);
    g_strfreev(parcel->pieces);
    g_clear_pointer(&parcel->picture, g_bytes_unref);
    g_free(parcel->keyboard);
    g_free(parcel->code);
    g_free(parcel);
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
add_entities(JsonBuilder *builder, const Parcel *parcel, const gchar *text)
{
    const gchar *at = parcel->code != NULL ? strstr(text, parcel->code) : NULL;
    gsize length = parcel->code != NULL ? strlen(parcel->code) : 0;

    if (at == NULL || parcel->is_plain || (at > text && at[-1] != '\n') ||
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

static gboolean
is_last(const Parcel *parcel)
{
    return parcel->pieces[parcel->n_sent] == NULL || parcel->pieces[parcel->n_sent + 1] == NULL;
}

static gchar *
build_message(const Parcel *parcel)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    const gchar *text = parcel->pieces[parcel->n_sent];

    json_builder_begin_object(builder);
    kw_json_add_int(builder, "chat_id", parcel->user);
    kw_json_add_string(builder, "text", text);
    add_entities(builder, parcel, text);
    json_builder_set_member_name(builder, "link_preview_options");
    json_builder_begin_object(builder);
    kw_json_add_bool(builder, "is_disabled", TRUE);
    json_builder_end_object(builder);
    if (parcel->is_silent)
        kw_json_add_bool(builder, "disable_notification", TRUE);
    if (parcel->keyboard != NULL && !parcel->is_plain && is_last(parcel)) {
        json_builder_set_member_name(builder, "reply_markup");
        json_builder_add_value(builder, json_from_string(parcel->keyboard, NULL));
    }
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

/* The picture, with the text below it where that is short */
static gboolean
has_caption(const Parcel *parcel)
{
    return parcel->pieces[0] != NULL && parcel->pieces[1] == NULL &&
           kw_split_count(parcel->pieces[0], -1, KW_SPLIT_UTF16) <= KW_TELEGRAM_MAX_CAPTION;
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer user_data);

static KwHttpPart
make_field(const gchar *name, const gchar *value)
{
    return (KwHttpPart){.name = name, .data = g_bytes_new(value, strlen(value))};
}

static void
send_picture(KwTelegramPost *self, const Parcel *parcel)
{
    g_autofree gchar *user = g_strdup_printf("%" G_GINT64_FORMAT, parcel->user);
    KwHttpPart parts[5];
    guint n = 0;

    parts[n++] = make_field("chat_id", user);
    if (has_caption(parcel))
        parts[n++] = make_field("caption", parcel->pieces[0]);
    if (has_caption(parcel) && parcel->keyboard != NULL && !parcel->is_plain)
        parts[n++] = make_field("reply_markup", parcel->keyboard);
    if (parcel->is_silent)
        parts[n++] = make_field("disable_notification", "true");
    parts[n++] = (KwHttpPart){.name = "photo",
                              .file_name = "bild.png",
                              .type = "image/png",
                              .data = g_bytes_ref(parcel->picture)};
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
send_text(KwTelegramPost *self, const Parcel *parcel)
{
    g_autofree gchar *json = build_message(parcel);

    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "sendMessage",
                                                 .json = json,
                                                 .timeout_ms = SEND_MS,
                                                 .reuse = KW_HTTP_FRESH},
                               self->cancellable, on_sent, self);
}

/* -- what became of it -- */

static void
finish(KwTelegramPost *self, gboolean is_delivered)
{
    Parcel *parcel = g_queue_pop_head(&self->waiting);

    self->events.done(parcel->key, is_delivered, self->user_data);
    parcel_free(parcel);
}

static void
advance(KwTelegramPost *self, Parcel *parcel)
{
    kw_backoff_reset(&self->backoff);
    parcel->n_tries = 0;
    if (parcel->picture != NULL) {
        parcel->n_sent = has_caption(parcel) ? 1 : 0;
        g_clear_pointer(&parcel->picture, g_bytes_unref);
    } else {
        parcel->n_sent++;
    }
    if (parcel->pieces[parcel->n_sent] == NULL)
        finish(self, TRUE);
}

static void
try_later(KwTelegramPost *self, Parcel *parcel)
{
    if (parcel->key != NULL || ++parcel->n_tries >= MAX_TRIES)
        finish(self, FALSE);
    else
        kw_telegram_post_pause(self, kw_clock_now_us(self->clock) +
                                         kw_backoff_next_us(&self->backoff));
}

static void
hold(KwTelegramPost *self, const KwTelegramAnswer *answer, Parcel *parcel)
{
    kw_telegram_post_pause(self, kw_clock_now_us(self->clock) + answer->wait_us);
    if (parcel->key != NULL && answer->wait_us > MAX_HELD_US)
        finish(self, FALSE);
}

/* Buttons and entities are extras: what is refused with them may pass without. */
static void
try_plain(KwTelegramPost *self, const KwTelegramAnswer *answer, Parcel *parcel)
{
    kw_log_warning("telegram refuses a message", "KW_ERROR", answer->text);
    if (parcel->is_plain || (parcel->keyboard == NULL && parcel->code == NULL))
        finish(self, FALSE);
    else
        parcel->is_plain = TRUE;
}

static void
judge(KwTelegramPost *self, const KwTelegramAnswer *answer)
{
    Parcel *parcel = g_queue_peek_head(&self->waiting);
    gint64 user = parcel->user;

    switch (answer->verdict) {
    case KW_TELEGRAM_DONE:
        advance(self, parcel);
        return;
    case KW_TELEGRAM_UNSURE:
        if (parcel->keyboard != NULL)
            finish(self, FALSE);
        else
            try_later(self, parcel);
        return;
    case KW_TELEGRAM_AGAIN:
    case KW_TELEGRAM_CONFLICT:
        try_later(self, parcel);
        return;
    case KW_TELEGRAM_WAIT:
        hold(self, answer, parcel);
        break;
    case KW_TELEGRAM_DENIED:
    case KW_TELEGRAM_DEAF:
        finish(self, FALSE);
        break;
    case KW_TELEGRAM_WRONG:
        try_plain(self, answer, parcel);
        return;
    }
    self->events.verdict(answer, user, self->user_data);
}

static void
on_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    KwTelegramPost *self = user_data;

    if (answer == NULL) /* cancelled: the post is gone, or has been cleared */
        return;
    self->is_sending = FALSE;
    if (!g_queue_is_empty(&self->waiting))
        judge(self, answer);
    send_next(self);
}

/* -- the queue -- */

static void
on_timer(gpointer user_data)
{
    KwTelegramPost *self = user_data;

    self->timer = 0;
    self->paused_until_us = 0;
    send_next(self);
}

static void
send_next(KwTelegramPost *self)
{
    const Parcel *parcel = g_queue_peek_head(&self->waiting);

    if (self->is_sending || self->timer != 0 || parcel == NULL)
        return;
    if (!kw_limiter_take(self->limiter, 1)) {
        self->timer = kw_clock_call_at(self->clock,
                                       kw_clock_now_us(self->clock) +
                                           kw_limiter_get_wait_us(self->limiter, 1),
                                       on_timer, self);
        return;
    }
    self->is_sending = TRUE;
    if (parcel->picture != NULL)
        send_picture(self, parcel);
    else
        send_text(self, parcel);
}

void
kw_telegram_post_pause(KwTelegramPost *self, gint64 until_us)
{
    g_return_if_fail(self != NULL);

    if (until_us <= self->paused_until_us)
        return;
    kw_clock_cancel(self->clock, self->timer);
    self->paused_until_us = until_us;
    self->timer = kw_clock_call_at(self->clock, until_us, on_timer, self);
}

gboolean
kw_telegram_post_is_paused(const KwTelegramPost *self)
{
    return self->paused_until_us > 0;
}

void
kw_telegram_post_clear(KwTelegramPost *self)
{
    g_return_if_fail(self != NULL);

    g_cancellable_cancel(self->cancellable);
    g_object_unref(self->cancellable);
    self->cancellable = g_cancellable_new();
    self->is_sending = FALSE;
    while (!g_queue_is_empty(&self->waiting))
        finish(self, FALSE);
}

/* Urgent ones go behind the message that is being sent and other urgent ones. */
static void
enqueue(KwTelegramPost *self, Parcel *parcel)
{
    GList *place = self->waiting.head;

    if (!parcel->is_urgent) {
        g_queue_push_tail(&self->waiting, parcel);
        return;
    }
    if (place != NULL && (self->is_sending || ((Parcel *) place->data)->n_sent > 0))
        place = place->next;
    while (place != NULL && ((Parcel *) place->data)->is_urgent)
        place = place->next;
    if (place == NULL)
        g_queue_push_tail(&self->waiting, parcel);
    else
        g_queue_insert_before(&self->waiting, place, parcel);
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

gboolean
kw_telegram_post_add(KwTelegramPost *self,
                     gint64 user,
                     const gchar *key,
                     const KwChannelContent *content)
{
    Parcel *parcel;

    g_return_val_if_fail(self != NULL && content != NULL, FALSE);

    if (g_queue_get_length(&self->waiting) >= KW_TELEGRAM_MAX_WAITING)
        return FALSE;
    parcel = g_new0(Parcel, 1);
    parcel->user = user;
    parcel->key = g_strdup(key);
    parcel->pieces = kw_split_text(content->text, KW_TELEGRAM_MAX_UNITS, KW_SPLIT_UTF16);
    parcel->picture = content->picture != NULL ? g_bytes_ref(content->picture) : NULL;
    parcel->keyboard = remember_choices(self, user, content);
    parcel->code = content->n_choices > 0 ? g_strdup(content->choices[0].text) : NULL;
    parcel->is_urgent = content->is_urgent;
    parcel->is_silent = content->is_silent;
    enqueue(self, parcel);
    send_next(self);
    return TRUE;
}

/* -- life -- */

KwTelegramPost *
kw_telegram_post_new(KwClock *clock,
                     KwTelegramApi *api,
                     const KwTelegramPostEvents *events,
                     gpointer user_data,
                     guint64 seed)
{
    KwTelegramPost *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_TELEGRAM_API(api), NULL);
    g_return_val_if_fail(events != NULL, NULL);

    self = g_new0(KwTelegramPost, 1);
    self->clock = g_object_ref(clock);
    self->api = g_object_ref(api);
    self->events = *events;
    self->user_data = user_data;
    self->cancellable = g_cancellable_new();
    g_queue_init(&self->waiting);
    self->buttons = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, buttons_free);
    self->limiter = kw_limiter_new(clock, BURST, 1);
    kw_backoff_init(&self->backoff, RETRY_MIN_US, RETRY_MAX_US, seed);
    return self;
}

void
kw_telegram_post_free(KwTelegramPost *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->cancellable);
    kw_clock_cancel(self->clock, self->timer);
    g_queue_clear_full(&self->waiting, parcel_free);
    g_clear_pointer(&self->buttons, g_hash_table_unref);
    g_clear_pointer(&self->limiter, kw_limiter_free);
    g_clear_object(&self->cancellable);
    g_clear_object(&self->api);
    g_clear_object(&self->clock);
    g_free(self);
}
