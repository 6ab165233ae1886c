/* kw-telegram-progress.c: "typing" first, then a message that counts the seconds
 *
 * Telegram forgets "typing" after five seconds. Work that takes longer gets a message without a
 * sound, which is edited and goes when the answer comes. Turning it into the answer was
 * dropped: an edit tells nobody, cannot become a picture, and an answer has its own way with
 * its own tries. None of this is ever tried again; that it fails changes nothing. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-telegram-progress.h"

#include "kw-json.h"
#include "kw-log.h"

#define TYPING_US (700 * G_TIME_SPAN_MILLISECOND)
#define MESSAGE_US (5 * G_TIME_SPAN_SECOND)
#define EDIT_US (10 * G_TIME_SPAN_SECOND)
#define CALL_MS 15000

struct _KwTelegramProgress {
    KwClock *clock;            /* owned */
    KwTelegramApi *api;        /* owned */
    gchar *text;               /* owned */
    GHashTable *works;         /* owned: gint64 request -> Work, owned */
    GCancellable *cancellable; /* owned */
};

/* A message that is being worked on */
typedef struct {
    KwTelegramProgress *progress; /* borrowed: owns it */
    gint64 request, user;
    gint64 since_us;
    gint64 message; /* the one that is shown; 0: none yet */
    guint timer;
    gboolean is_typing; /* told already */
} Work;

static void
work_free(gpointer data)
{
    Work *work = data;

    kw_clock_cancel(work->progress->clock, work->timer);
    g_free(work);
}

/* -- calls -- */

/* @text, @message: left out when NULL, 0 */
static gchar *
make_params(gint64 user, const gchar *name, const gchar *text, gint64 message)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    kw_json_add_int(builder, "chat_id", user);
    if (text != NULL)
        kw_json_add_string(builder, name, text);
    if (message != 0)
        kw_json_add_int(builder, "message_id", message);
    if (message == 0)
        kw_json_add_bool(builder, "disable_notification", TRUE);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static void
call(KwTelegramProgress *self,
     const gchar *method,
     const gchar *json,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
    kw_telegram_api_call_async(
        self->api,
        &(KwTelegramCall){
            .method = method, .json = json, .timeout_ms = CALL_MS, .reuse = KW_HTTP_FRESH},
        self->cancellable, callback, user_data);
}

static void
on_called(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);

    (void) user_data;
    if (answer != NULL && answer->verdict != KW_TELEGRAM_DONE)
        kw_log_debug("progress not shown", "KW_ERROR", answer->text);
}

static void
take_away(KwTelegramProgress *self, gint64 user, gint64 message)
{
    g_autofree gchar *json = make_params(user, NULL, NULL, message);

    call(self, "deleteMessage", json, on_called, NULL);
}

/* -- a work -- */

static void on_due(gpointer user_data);

static void
wait_for(Work *work, gint64 until_us)
{
    work->timer = kw_clock_call_at(work->progress->clock, until_us, on_due, work);
}

static gchar *
word(const Work *work)
{
    gint64 spent_us = kw_clock_now_us(work->progress->clock) - work->since_us;

    return g_strdup_printf("⏳ %s … %" G_GINT64_FORMAT " s", work->progress->text,
                           spent_us / G_USEC_PER_SEC);
}

typedef struct {
    KwTelegramProgress *progress; /* borrowed: a call that is not cancelled finds it alive */
    gint64 request, user;
} Showing;

static void
on_shown(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    g_autofree Showing *showing = user_data;
    gint64 message = 0;
    Work *work;

    if (answer == NULL || answer->verdict != KW_TELEGRAM_DONE ||
        !JSON_NODE_HOLDS_OBJECT(answer->result) ||
        !kw_json_get_int(json_node_get_object(answer->result), "message_id", &message, NULL))
        return;
    work = g_hash_table_lookup(showing->progress->works, &showing->request);
    if (work == NULL) { /* it was done meanwhile */
        take_away(showing->progress, showing->user, message);
        return;
    }
    work->message = message;
    wait_for(work, kw_clock_now_us(showing->progress->clock) + EDIT_US);
}

static void
show(Work *work)
{
    g_autofree gchar *text = word(work);
    g_autofree gchar *json = make_params(work->user, "text", text, 0);
    Showing *showing = g_new0(Showing, 1);

    showing->progress = work->progress;
    showing->request = work->request;
    showing->user = work->user;
    call(work->progress, "sendMessage", json, on_shown, showing);
}

static void
edit(Work *work)
{
    g_autofree gchar *text = word(work);
    g_autofree gchar *json = make_params(work->user, "text", text, work->message);

    call(work->progress, "editMessageText", json, on_called, NULL);
    wait_for(work, kw_clock_now_us(work->progress->clock) + EDIT_US);
}

static void
show_typing(Work *work)
{
    g_autofree gchar *json = make_params(work->user, "action", "typing", 0);

    work->is_typing = TRUE;
    call(work->progress, "sendChatAction", json, on_called, NULL);
    wait_for(work, work->since_us + MESSAGE_US);
}

static void
on_due(gpointer user_data)
{
    Work *work = user_data;

    work->timer = 0;
    if (!work->is_typing)
        show_typing(work);
    else if (work->message == 0)
        show(work);
    else
        edit(work);
}

void
kw_telegram_progress_begin(KwTelegramProgress *self, gint64 request, gint64 user)
{
    Work *work;

    g_return_if_fail(self != NULL);

    work = g_new0(Work, 1);
    work->progress = self;
    work->request = request;
    work->user = user;
    work->since_us = kw_clock_now_us(self->clock);
    g_hash_table_replace(self->works, &work->request, work);
    wait_for(work, work->since_us + TYPING_US);
}

void
kw_telegram_progress_end(KwTelegramProgress *self, gint64 request)
{
    const Work *work;

    g_return_if_fail(self != NULL);

    work = g_hash_table_lookup(self->works, &request);
    if (work == NULL)
        return;
    if (work->message != 0)
        take_away(self, work->user, work->message);
    (void) g_hash_table_remove(self->works, &request);
}

void
kw_telegram_progress_clear(KwTelegramProgress *self)
{
    g_return_if_fail(self != NULL);

    g_cancellable_cancel(self->cancellable);
    g_object_unref(self->cancellable);
    self->cancellable = g_cancellable_new();
    g_hash_table_remove_all(self->works);
}

/* -- life -- */

KwTelegramProgress *
kw_telegram_progress_new(KwClock *clock, KwTelegramApi *api, const gchar *text)
{
    KwTelegramProgress *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_TELEGRAM_API(api) && text != NULL, NULL);

    self = g_new0(KwTelegramProgress, 1);
    self->clock = g_object_ref(clock);
    self->api = g_object_ref(api);
    self->text = g_strdup(text);
    self->works = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, work_free);
    self->cancellable = g_cancellable_new();
    return self;
}

void
kw_telegram_progress_free(KwTelegramProgress *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->cancellable);
    g_clear_pointer(&self->works, g_hash_table_unref);
    g_clear_object(&self->cancellable);
    g_clear_object(&self->api);
    g_clear_object(&self->clock);
    g_free(self->text);
    g_free(self);
}
