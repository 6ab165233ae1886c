/* kw-telegram.c: the channel: a conversation of polls
 *
 * Asking for updates from number N tells Telegram that all before N are dealt with. So the next
 * poll waits until the messages of the last one are settled, that is until what they did is
 * durable, together with their number; after a crash the rest comes again. A message that takes
 * long (somebody asks a language model) must not keep a "Stopp" behind it out: after two
 * seconds the poll goes on, and the question is the one thing that a crash may lose.
 *
 * The number of an earlier run is trusted for six days; after a week without updates Telegram
 * may begin anew with a smaller one.
 *
 * One poller per token: somebody else with the same token shows as a conflict. We do not fight;
 * one conflict right after a start is the poll of the process before us. */
#define G_LOG_DOMAIN "kw-chat"

#include "kw-telegram.h"

#include "kw-json.h"
#include "kw-limiter.h"
#include "kw-log.h"
#include "kw-telegram-post.h"
#include "kw-telegram-progress.h"
#include "kw-telegram-update.h"

#include <stdlib.h>
#include <string.h>

#define POLL_S 50
#define POLL_MS (65 * 1000)
#define CALL_MS 15000
#define MAX_UPDATES 20 /* of one poll */
#define MAX_UNSETTLED_US (2 * G_USEC_PER_SEC)
#define MAX_MARK_AGE_US (6 * 86400 * (gint64) G_USEC_PER_SEC)
#define CONFLICT_US (30 * G_USEC_PER_SEC)
#define LONG_WAIT_US (600 * G_USEC_PER_SEC)
#define MAX_MENU_FAULTS 3
#define MIN_POLL_US (1 * G_USEC_PER_SEC) /* so long a poll lasts that brings nothing */
#define RETRY_MIN_US (1 * G_USEC_PER_SEC)
#define RETRY_MAX_US (60 * G_USEC_PER_SEC)

typedef enum {
    STATE_OFF,     /* not started, stopped, or refused for good */
    STATE_OPENING, /* who are we, menus */
    STATE_POLLING,
    STATE_SETTLING, /* messages of the last poll are being dealt with */
    STATE_WAITING,  /* for the next try */
} State;

struct _KwTelegram {
    GObject parent_instance;

    KwClock *clock;               /* owned */
    KwTelegramApi *api;           /* owned */
    KwTelegramPost *post;         /* owned */
    KwTelegramProgress *progress; /* owned */
    GArray *recipients;           /* owned: gint64 */
    GPtrArray *menus;             /* owned: parameters of setMyCommands, owned */
    gchar *expired;               /* owned */
    GHashTable *open;     /* owned: gint64 request -> gint64 user, of messages not settled */
    GHashTable *answered; /* owned: set of requests of open that had their answer */
    GHashTable *deaf;     /* owned: set of gint64 users who have blocked the bot */
    GHashTable *tellings; /* owned: key -> Telling */
    GCancellable *cancellable; /* owned; NULL while off */
    State state;
    gint64 next_update; /* 0: whatever comes */
    guint n_menus_set;
    guint n_menu_faults;
    gint64 polled_us;  /* monotonic; when the poll began that is under way */
    guint n_conflicts; /* in a row */
    guint timer;       /* 0: none */
    KwBackoff backoff;
    gboolean is_online;
    gboolean is_long_poll; /* the one that is under way */
};

/* A broadcast, which may go to several users */
typedef struct {
    guint n_under_way;
    gboolean is_delivered;
} Telling;

static void kw_telegram_channel_init(KwChannelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwTelegram,
                              kw_telegram,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_CHANNEL, kw_telegram_channel_init))

static void poll_next(KwTelegram *self);
static void go_on(KwTelegram *self);

/* -- states -- */

static void
on_timer(gpointer user_data)
{
    KwTelegram *self = user_data;

    self->timer = 0;
    go_on(self);
}

static void
wait_for(KwTelegram *self, State state, gint64 delay_us)
{
    self->state = state;
    kw_clock_cancel(self->clock, self->timer);
    self->timer =
        kw_clock_call_at(self->clock, kw_clock_now_us(self->clock) + delay_us, on_timer, self);
}

static void
set_online(KwTelegram *self, gboolean is_online)
{
    if (self->is_online == is_online)
        return;
    self->is_online = is_online;
    if (is_online) {
        kw_log_info("telegram connected");
        kw_channel_emit_online(KW_CHANNEL(self));
    } else {
        kw_log_warning("telegram not reachable, trying again");
    }
}

static void
turn_off(KwTelegram *self, const gchar *text)
{
    kw_log_critical("telegram refuses the token; the channel is off", "KW_ERROR", text);
    kw_channel_stop(KW_CHANNEL(self));
    kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_ACCESS);
}

static void
meet_conflict(KwTelegram *self, const KwTelegramAnswer *answer)
{
    wait_for(self, STATE_WAITING, CONFLICT_US);
    if (++self->n_conflicts != 2)
        return;
    kw_log_critical("somebody else polls with our telegram token", "KW_ERROR", answer->text);
    set_online(self, FALSE);
    kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_CONFLICT);
}

static void
keep_silent(KwTelegram *self, gint64 wait_us)
{
    kw_telegram_post_pause(self->post, kw_clock_now_us(self->clock) + wait_us);
    if (wait_us >= LONG_WAIT_US)
        kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_LIMIT);
}

/* What a call that failed means for the channel */
static void
meet_failure(KwTelegram *self, const KwTelegramAnswer *answer)
{
    switch (answer->verdict) {
    case KW_TELEGRAM_DONE:
        return;
    case KW_TELEGRAM_DENIED:
        turn_off(self, answer->text);
        return;
    case KW_TELEGRAM_CONFLICT:
        meet_conflict(self, answer);
        return;
    case KW_TELEGRAM_WAIT:
        wait_for(self, STATE_WAITING, answer->wait_us);
        keep_silent(self, answer->wait_us);
        return;
    case KW_TELEGRAM_AGAIN:
    case KW_TELEGRAM_UNSURE:
    case KW_TELEGRAM_DEAF:
    case KW_TELEGRAM_WRONG:
        kw_log_debug("telegram call failed", "KW_ERROR", answer->text);
        wait_for(self, STATE_WAITING, kw_backoff_next_us(&self->backoff));
        set_online(self, FALSE);
        return;
    }
}

/* -- opening -- */

/* A menu that is refused, or fails and fails, is no reason not to talk. */
static gboolean
is_menu_given_up(KwTelegram *self, const KwTelegramAnswer *answer)
{
    gboolean is_fault =
        answer->verdict == KW_TELEGRAM_AGAIN || answer->verdict == KW_TELEGRAM_UNSURE;

    self->n_menu_faults += is_fault;
    if (answer->verdict != KW_TELEGRAM_WRONG &&
        !(is_fault && self->n_menu_faults >= MAX_MENU_FAULTS))
        return FALSE;
    kw_log_warning("telegram does not take the menu", "KW_ERROR", answer->text);
    return TRUE;
}

static void
on_menu_set(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    g_autoptr(KwTelegram) self = user_data;

    if (answer == NULL || self->state == STATE_OFF)
        return;
    if (answer->verdict != KW_TELEGRAM_DONE && !is_menu_given_up(self, answer)) {
        meet_failure(self, answer);
        return;
    }
    self->n_menus_set++;
    go_on(self);
}

static void
set_menu(KwTelegram *self)
{
    self->state = STATE_OPENING;
    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "setMyCommands",
                                                 .json = self->menus->pdata[self->n_menus_set],
                                                 .timeout_ms = CALL_MS,
                                                 .reuse = KW_HTTP_REUSE},
                               self->cancellable, on_menu_set, g_object_ref(self));
}

/* -- messages -- */

static gchar *
make_mark(KwTelegram *self, gint64 update)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, update,
                           kw_clock_now_us(self->clock));
}

static void
emit_text(KwTelegram *self, const KwTelegramUpdate *update, const gchar *text)
{
    g_autofree gchar *sender =
        g_strdup_printf(KW_TELEGRAM_PREFIX "%" G_GINT64_FORMAT, update->user);
    g_autofree gchar *key = g_strdup_printf("%" G_GINT64_FORMAT, update->id);
    g_autofree gchar *mark = make_mark(self, update->id);
    KwChannelMessage message = {
        .chat = sender,
        .sender = sender,
        .request = update->id,
        .text = text,
        .length = strlen(text),
        .sent_us = update->sent_us,
        .key = key,
        .mark = mark,
        .is_foreign = update->kind == KW_TELEGRAM_FOREIGN,
        .is_mute = update->kind == KW_TELEGRAM_MUTE,
    };

    g_hash_table_insert(self->open, g_memdup2(&update->id, sizeof update->id),
                        g_memdup2(&update->user, sizeof update->user));
    if (!message.is_foreign)
        kw_telegram_progress_begin(self->progress, update->id, update->user);
    kw_channel_emit_message(KW_CHANNEL(self), &message);
}

static void
on_answered_press(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);

    if (answer != NULL && answer->verdict != KW_TELEGRAM_DONE)
        kw_log_debug("press of a button not answered", "KW_ERROR", answer->text);
}

/* The app waits for this with a turning wheel; whether it arrives changes nothing. */
static void
answer_press(KwTelegram *self, const KwTelegramUpdate *update, const gchar *text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *json = NULL;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "callback_query_id", update->query);
    if (text != NULL)
        kw_json_add_string(builder, "text", text);
    json_builder_end_object(builder);
    json = kw_json_builder_to_text(builder);
    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "answerCallbackQuery",
                                                 .json = json,
                                                 .timeout_ms = CALL_MS,
                                                 .reuse = KW_HTTP_REUSE},
                               self->cancellable, on_answered_press, NULL);
}

static void
take_press(KwTelegram *self, const KwTelegramUpdate *update)
{
    g_autofree gchar *text =
        kw_telegram_post_take_button(self->post, update->user, update->text);

    answer_press(self, update, text != NULL ? NULL : self->expired);
    if (text != NULL)
        emit_text(self, update, text);
}

static void
take_update(KwTelegram *self, const KwTelegramUpdate *update)
{
    switch (update->kind) {
    case KW_TELEGRAM_OTHER:
        return;
    case KW_TELEGRAM_MESSAGE:
        (void) g_hash_table_remove(self->deaf, &update->user);
        emit_text(self, update, update->text);
        return;
    case KW_TELEGRAM_FOREIGN:
    case KW_TELEGRAM_MUTE:
        emit_text(self, update, "");
        return;
    case KW_TELEGRAM_BUTTON:
        take_press(self, update);
        return;
    case KW_TELEGRAM_BLOCKED:
        (void) g_hash_table_add(self->deaf, g_memdup2(&update->user, sizeof update->user));
        return;
    case KW_TELEGRAM_UNBLOCKED:
        (void) g_hash_table_remove(self->deaf, &update->user);
        return;
    }
}

/* -- polling -- */

static gboolean
is_hasty(KwTelegram *self)
{
    return self->is_long_poll &&
           kw_clock_monotonic_us(self->clock) - self->polled_us < MIN_POLL_US;
}

static void
take_updates(KwTelegram *self, const GPtrArray *updates)
{
    self->state = STATE_SETTLING;
    for (guint i = 0; i < updates->len && self->state != STATE_OFF; i++) {
        const KwTelegramUpdate *update = updates->pdata[i];

        if (update->id < self->next_update)
            continue;
        self->next_update = update->id + 1;
        take_update(self, update);
    }
    if (self->state != STATE_SETTLING)
        return;
    if (updates->len == 0 && is_hasty(self)) /* whoever answers does not know of long polls */
        wait_for(self, STATE_WAITING, MIN_POLL_US);
    else if (g_hash_table_size(self->open) == 0)
        poll_next(self);
    else
        wait_for(self, STATE_SETTLING, MAX_UNSETTLED_US);
}

static void
on_polled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwTelegramAnswer) answer =
        kw_telegram_api_call_finish(KW_TELEGRAM_API(source), result);
    g_autoptr(KwTelegram) self = user_data;
    g_autoptr(GPtrArray) updates = NULL;
    g_autoptr(GError) error = NULL;

    if (answer == NULL || self->state == STATE_OFF)
        return;
    if (answer->verdict != KW_TELEGRAM_DONE) {
        meet_failure(self, answer);
        return;
    }
    updates = kw_telegram_updates_parse(answer->result, &error);
    if (updates == NULL) {
        kw_log_warning("telegram sends updates that cannot be read, trying again", "KW_ERROR",
                       error->message);
        wait_for(self, STATE_WAITING, kw_backoff_next_us(&self->backoff));
        return;
    }
    kw_backoff_reset(&self->backoff);
    self->n_conflicts = 0;
    set_online(self, TRUE);
    take_updates(self, updates);
}

static void
poll_next(KwTelegram *self)
{
    g_autofree gchar *json = NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();

    self->state = STATE_POLLING;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    json_builder_begin_object(builder);
    if (self->next_update > 0)
        kw_json_add_int(builder, "offset", self->next_update);
    kw_json_add_int(builder, "limit", MAX_UPDATES);
    kw_json_add_int(builder, "timeout", self->is_online ? POLL_S : 0);
    self->is_long_poll = self->is_online;
    self->polled_us = kw_clock_monotonic_us(self->clock);
    json_builder_set_member_name(builder, "allowed_updates");
    json_builder_begin_array(builder);
    json_builder_add_string_value(builder, "message");
    json_builder_add_string_value(builder, "callback_query");
    json_builder_add_string_value(builder, "my_chat_member");
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    json = kw_json_builder_to_text(builder);
    kw_telegram_api_call_async(self->api,
                               &(KwTelegramCall){.method = "getUpdates",
                                                 .json = json,
                                                 .timeout_ms = POLL_MS,
                                                 .reuse = KW_HTTP_REUSE},
                               self->cancellable, on_polled, g_object_ref(self));
}

static void
go_on(KwTelegram *self)
{
    if (self->state == STATE_OFF)
        return;
    if (self->n_menus_set < self->menus->len)
        set_menu(self);
    else
        poll_next(self);
}

/* -- the post -- */

static void
on_post_done(const gchar *key, gboolean is_delivered, gpointer user_data)
{
    KwTelegram *self = user_data;
    Telling *telling = key != NULL ? g_hash_table_lookup(self->tellings, key) : NULL;
    gboolean is_over;

    if (telling == NULL)
        return;
    telling->is_delivered |= is_delivered;
    is_over = --telling->n_under_way == 0;
    is_delivered = telling->is_delivered;
    if (!is_over)
        return;
    (void) g_hash_table_remove(self->tellings, key);
    kw_channel_emit_outcome(KW_CHANNEL(self), key,
                            is_delivered ? KW_CHANNEL_DELIVERED : KW_CHANNEL_REFUSED);
}

static void
on_post_verdict(const KwTelegramAnswer *answer, gint64 user, gpointer user_data)
{
    KwTelegram *self = user_data;

    if (answer->verdict == KW_TELEGRAM_DENIED) {
        turn_off(self, answer->text);
    } else if (answer->verdict == KW_TELEGRAM_WAIT) {
        keep_silent(self, answer->wait_us);
    } else if (g_hash_table_add(self->deaf, g_memdup2(&user, sizeof user))) {
        kw_log_warning("telegram does not deliver to a user", "KW_ERROR", answer->text);
        kw_channel_emit_trouble(KW_CHANNEL(self), KW_CHANNEL_TROUBLE_BLOCKED);
    }
}

/* -- the port -- */

static const gchar *
kw_telegram_get_name(KwChannel *channel)
{
    return "telegram";
}

static gboolean
kw_telegram_start(KwChannel *channel, GError **error)
{
    KwTelegram *self = KW_TELEGRAM(channel);

    if (self->state != STATE_OFF)
        return TRUE;
    self->cancellable = g_cancellable_new();
    self->state = STATE_OPENING;
    go_on(self);
    return TRUE;
}

static void
kw_telegram_stop(KwChannel *channel)
{
    KwTelegram *self = KW_TELEGRAM(channel);

    self->state = STATE_OFF;
    self->is_online = FALSE;
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    if (self->cancellable != NULL)
        g_cancellable_cancel(self->cancellable);
    g_clear_object(&self->cancellable);
    kw_telegram_post_clear(self->post);
    kw_telegram_progress_clear(self->progress);
}

/* Somebody whom a broadcast would reach */
static gboolean
has_listener(KwTelegram *self)
{
    for (guint i = 0; i < self->recipients->len; i++) {
        if (!g_hash_table_contains(self->deaf, &g_array_index(self->recipients, gint64, i)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
kw_telegram_is_online(KwChannel *channel)
{
    KwTelegram *self = KW_TELEGRAM(channel);

    return self->is_online && !kw_telegram_post_is_paused(self->post) && has_listener(self);
}

static gboolean
kw_telegram_reply(KwChannel *channel,
                  const gchar *chat,
                  gint64 request,
                  const KwChannelContent *content)
{
    KwTelegram *self = KW_TELEGRAM(channel);
    const gint64 *user = g_hash_table_lookup(self->open, &request);

    if (user == NULL || self->state == STATE_OFF ||
        !g_hash_table_add(self->answered, g_memdup2(&request, sizeof request)))
        return FALSE;
    kw_telegram_progress_end(self->progress, request);
    return kw_telegram_post_add(self->post, *user, NULL, content);
}

static void
kw_telegram_settle(KwChannel *channel, gint64 request)
{
    KwTelegram *self = KW_TELEGRAM(channel);

    (void) g_hash_table_remove(self->open, &request);
    (void) g_hash_table_remove(self->answered, &request);
    kw_telegram_progress_end(self->progress, request);
    /* from the clock, so that a message that is settled at once leaves the loop of updates */
    if (self->state == STATE_SETTLING && g_hash_table_size(self->open) == 0)
        wait_for(self, STATE_SETTLING, 0);
}

static KwChannelTaken
kw_telegram_broadcast(KwChannel *channel, const gchar *key, const KwChannelContent *content)
{
    KwTelegram *self = KW_TELEGRAM(channel);
    Telling *telling;

    if (!kw_telegram_is_online(channel) || g_hash_table_contains(self->tellings, key))
        return KW_CHANNEL_REFUSED;
    telling = g_new0(Telling, 1);
    for (guint i = 0; i < self->recipients->len; i++) {
        gint64 user = g_array_index(self->recipients, gint64, i);

        if (!g_hash_table_contains(self->deaf, &user))
            telling->n_under_way += kw_telegram_post_add(self->post, user, key, content);
    }
    if (telling->n_under_way == 0) {
        g_free(telling);
        return KW_CHANNEL_REFUSED;
    }
    g_hash_table_insert(self->tellings, g_strdup(key), telling);
    return KW_CHANNEL_UNDER_WAY;
}

static void
kw_telegram_channel_init(KwChannelInterface *iface)
{
    iface->get_name = kw_telegram_get_name;
    iface->start = kw_telegram_start;
    iface->stop = kw_telegram_stop;
    iface->is_online = kw_telegram_is_online;
    iface->reply = kw_telegram_reply;
    iface->settle = kw_telegram_settle;
    iface->broadcast = kw_telegram_broadcast;
}

/* -- life -- */

/* "810000001 1795219200000000" */
static void
read_mark(KwTelegram *self, const gchar *mark)
{
    g_auto(GStrv) words = g_strsplit(mark != NULL ? mark : "", " ", 2);
    guint64 update = 0, time_us = 0;

    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_unsigned(words[0], 10, 0, G_MAXINT32, &update, NULL) ||
        !g_ascii_string_to_unsigned(words[1], 10, 0, G_MAXINT64, &time_us, NULL))
        return;
    if (kw_clock_now_us(self->clock) - (gint64) time_us <= MAX_MARK_AGE_US)
        self->next_update = (gint64) update + 1;
}

static gchar *
format_menu(const KwTelegramMenu *menu)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "commands");
    json_builder_begin_array(builder);
    for (guint i = 0; i < menu->n_commands; i++) {
        json_builder_begin_object(builder);
        kw_json_add_string(builder, "command", menu->commands[i].name);
        kw_json_add_string(builder, "description", menu->commands[i].summary);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    if (menu->language != NULL)
        kw_json_add_string(builder, "language_code", menu->language);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

KwTelegram *
kw_telegram_new(const KwTelegramOptions *options)
{
    const KwTelegramPostEvents events = {.done = on_post_done, .verdict = on_post_verdict};
    KwTelegram *self;

    g_return_val_if_fail(options != NULL && KW_IS_CLOCK(options->clock), NULL);
    g_return_val_if_fail(KW_IS_TELEGRAM_API(options->api) && options->recipients != NULL, NULL);

    self = g_object_new(KW_TYPE_TELEGRAM, NULL);
    self->clock = g_object_ref(options->clock);
    self->api = g_object_ref(options->api);
    self->expired = g_strdup(options->expired);
    self->post = kw_telegram_post_new(self->clock, self->api, &events, self, options->seed);
    self->progress = kw_telegram_progress_new(self->clock, self->api, options->working);
    for (gsize i = 0; options->recipients[i] != NULL; i++) {
        gint64 user = g_ascii_strtoll(options->recipients[i], NULL, 10);

        g_array_append_val(self->recipients, user);
    }
    for (guint i = 0; i < options->n_menus; i++)
        g_ptr_array_add(self->menus, format_menu(&options->menus[i]));
    kw_backoff_init(&self->backoff, RETRY_MIN_US, RETRY_MAX_US, options->seed);
    read_mark(self, options->mark);
    return self;
}

static void
kw_telegram_dispose(GObject *object)
{
    KwTelegram *self = KW_TELEGRAM(object);

    if (self->post != NULL)
        kw_telegram_stop(KW_CHANNEL(self));
    g_clear_pointer(&self->post, kw_telegram_post_free);
    g_clear_pointer(&self->progress, kw_telegram_progress_free);
    g_clear_object(&self->api);
    g_clear_object(&self->clock);

    G_OBJECT_CLASS(kw_telegram_parent_class)->dispose(object);
}

static void
kw_telegram_finalize(GObject *object)
{
    KwTelegram *self = KW_TELEGRAM(object);

    g_clear_pointer(&self->recipients, g_array_unref);
    g_clear_pointer(&self->menus, g_ptr_array_unref);
    g_clear_pointer(&self->expired, g_free);
    g_clear_pointer(&self->open, g_hash_table_unref);
    g_clear_pointer(&self->answered, g_hash_table_unref);
    g_clear_pointer(&self->deaf, g_hash_table_unref);
    g_clear_pointer(&self->tellings, g_hash_table_unref);

    G_OBJECT_CLASS(kw_telegram_parent_class)->finalize(object);
}

static void
kw_telegram_class_init(KwTelegramClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS(klass);

    object_class->dispose = kw_telegram_dispose;
    object_class->finalize = kw_telegram_finalize;
}

static void
kw_telegram_init(KwTelegram *self)
{
    self->recipients = g_array_new(FALSE, FALSE, sizeof(gint64));
    self->menus = g_ptr_array_new_with_free_func(g_free);
    self->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    self->answered = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    self->deaf = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    self->tellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}
