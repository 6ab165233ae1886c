/* kw-bot.c: engine on one side, German on the other
 *
 * An event becomes a text, the text goes into the outbox (durable, one row for each key), and
 * only then to whoever listens. After a crash the engine makes the events of the last day
 * again; the outbox knows their keys, so nobody hears them twice.
 *
 * When the store does not write, alarms go out all the same. News of trades wait if the trade
 * itself may not be on disk: after a crash it might not have happened. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-bot.h"

#include "kw-event-text.h"
#include "kw-sketch.h"

#include <string.h>
#include <sys/random.h>

#define META_USE "llm_use"         /* what the language model has used */
#define META_OUTLOOK "llm_outlook" /* when, and what it wrote last night */

struct _KwBot {
    GObject parent_instance;

    KwEngine *engine;    /* owned */
    KwDialog *dialog;    /* owned */
    KwAnalyst *analyst;  /* owned; NULL without a language model */
    KwClock *real_clock; /* owned; the model's, NULL without one */
    guint night_timer;   /* of the real clock */
    gint night_minute;
    gint64 slow_us;        /* so long a reply with figures waits for words */
    KwPaper paper;         /* of pictures */
    guint64 off_kinds;     /* bit of each kind that is never told */
    KwDialogSettings text; /* its zone is borrowed from the settings' owner */
    KwClock *clock;        /* owned */
    KwStore *store;        /* owned */
    GRand *rand;           /* owned; NULL: codes from the kernel */
    GPtrArray *held;       /* owned; Message: news of trades that are not durable */
    KwBatch *notes;        /* owned; go with the next message */
};

enum { SIGNAL_MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(KwBot, kw_bot, G_TYPE_OBJECT)

/* -- messages -- */

typedef struct {
    KwBot *bot; /* owned; NULL when held by it */
    KwEvent event;
    gchar *text; /* owned */
} Message;

static void
message_free(Message *message)
{
    g_clear_object(&message->bot);
    g_free(message->text);
    g_free(message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

static void
send_message(KwBot *self, const Message *message)
{
    g_signal_emit(self, signals[SIGNAL_MESSAGE], 0, message->event.key, message->text,
                  &message->event);
}

static void
send_held(KwBot *self)
{
    g_autoptr(GPtrArray) held = g_steal_pointer(&self->held);

    for (guint i = 0; held != NULL && i < held->len; i++)
        send_message(self, g_ptr_array_index(held, i));
}

static void
hold(KwBot *self, Message *message)
{
    g_clear_object(&message->bot); /* the bot has it: no circle */
    if (self->held == NULL)
        self->held = g_ptr_array_new_with_free_func((GDestroyNotify) message_free);
    g_ptr_array_add(self->held, message);
}

static void
on_outbox_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Message) message = user_data;
    g_autoptr(GError) error = NULL;

    g_autoptr(KwBot) self = g_object_ref(message->bot);
    gboolean is_trade = kw_event_kind_is_trade(message->event.kind);

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        send_message(self, message);
    } else if (is_trade && kw_engine_is_ahead(self->engine)) {
        hold(self, g_steal_pointer(&message));
    } else {
        kw_log_warning("message not stored, sent all the same", "KW_ERROR", error->message);
        send_message(self, message);
    }
}

/* An earlier run has put a message of this key into the outbox. */
static gboolean
is_told(KwEngine *engine, const gchar *key)
{
    return g_hash_table_contains(kw_engine_get_loaded(engine)->told, key);
}

/* Into the outbox, then to who listens */
static void
post(KwBot *self, const KwEvent *event, const gchar *text)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    Message *message = g_new0(Message, 1);

    message->bot = g_object_ref(self);
    message->event = *event;
    message->text = g_strdup(text);
    kw_batch_add_outbox(batch, event->key, kw_event_kind_to_string(event->kind), text,
                        event->time_us);
    kw_journal_append_async(kw_engine_get_journal(self->engine), g_steal_pointer(&batch), NULL,
                            on_outbox_written, message);
}

/* What the configuration wants never to be told */
static gboolean
is_off(KwBot *self, KwEventKind kind)
{
    return (self->off_kinds >> kind & 1) != 0 && !kw_event_kind_is_alarm(kind);
}

/* What the owner does not want to hear now. Alarms always come through, and so do changes that
 * somebody made. */
static gboolean
is_muted(KwBot *self, const KwEvent *event)
{
    KwQuery *query = kw_engine_get_query(self->engine);
    g_autofree gchar *mute = kw_query_dup_preference(query, "mute");
    g_autofree gchar *until = kw_query_dup_preference(query, "mute_until");
    gboolean is_trade = kw_event_kind_is_trade(event->kind);
    gboolean is_report = event->kind == KW_EVENT_DIGEST || event->kind == KW_EVENT_WEEKLY;

    if (mute == NULL || kw_event_kind_is_alarm(event->kind))
        return FALSE;
    if (until != NULL && g_ascii_strtoll(until, NULL, 10) < event->time_us)
        return FALSE;
    return is_trade || (is_report && strcmp(mute, "all") == 0);
}

static void
on_event(KwEngine *engine, const KwEvent *event, gpointer user_data)
{
    KwBot *self = user_data;
    KwDialogSettings wording = self->text;
    g_autofree gchar *text = NULL;

    wording.language = kw_dialog_get_language(kw_engine_get_query(engine), wording.language);
    if (!is_off(self, event->kind) && !is_muted(self, event))
        text = kw_event_text(event, &wording);
    if (event->kind == KW_EVENT_BACK && strcmp(event->text, "store") == 0)
        send_held(self);
    if (text != NULL && !is_told(engine, event->key))
        post(self, event, text);
}

static void
on_delivered_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("delivery not stored", "KW_ERROR", error->message);
}

void
kw_bot_mark_delivered(KwBot *self, const gchar *key)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_outbox(batch, key, NULL, NULL, kw_clock_now_us(self->clock));
    kw_journal_append_async(kw_engine_get_journal(self->engine), g_steal_pointer(&batch), NULL,
                            on_delivered_written, NULL);
}

gboolean
kw_bot_is_known_to(const KwEvent *event, const gchar *channel)
{
    gsize length = strlen(channel);

    if (event->kind != KW_EVENT_STATE && event->kind != KW_EVENT_KILL_ON &&
        event->kind != KW_EVENT_KILL_OFF)
        return FALSE;
    return strncmp(event->text, channel, length) == 0 && event->text[length] == ':';
}

/* -- questions -- */

void
kw_answer_free(KwAnswer *self)
{
    if (self == NULL)
        return;
    g_free(self->text);
    g_free(self);
}

void
kw_bot_note(KwBot *self, const gchar *key, const gchar *value)
{
    kw_batch_add_meta(self->notes, key, value, kw_clock_now_us(self->clock));
}

static void
on_notes_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("notes of the channels not stored", "KW_ERROR", error->message);
}

void
kw_bot_store_notes(KwBot *self)
{
    kw_journal_append_async(kw_engine_get_journal(self->engine), g_steal_pointer(&self->notes),
                            NULL, on_notes_written, NULL);
    self->notes = kw_batch_new();
}

const gchar *
kw_bot_get_note(KwBot *self, const gchar *key)
{
    return g_hash_table_lookup(kw_engine_get_loaded(self->engine)->meta, key);
}

static void
return_answer(GTask *task)
{
    KwAnswer *answer = g_task_get_task_data(task);
    KwAnswer *copy = g_memdup2(answer, sizeof *answer);

    answer->text = NULL;
    g_task_return_pointer(task, copy, (GDestroyNotify) kw_answer_free);
}

static void
on_answer_durable(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    KwAnswer *answer = g_task_get_task_data(task);

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        gchar *longer =
            g_strdup_printf("%s\n⚠️ %s", answer->text,
                            _("In force, but not stored: the disk cannot be written."));

        kw_log_warning("message handled but not stored", "KW_ERROR", error->message);
        g_free(answer->text);
        answer->text = longer;
    }
    return_answer(task);
}

/* -- the language model -- */

static void
on_meta_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("row of a message not stored", "KW_ERROR", error->message);
}

static void
write_meta(KwBot *self,
           const gchar *key,
           const gchar *value,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_meta(batch, key, value, kw_clock_now_us(self->clock));
    kw_journal_append_async(kw_engine_get_journal(self->engine), g_steal_pointer(&batch), NULL,
                            callback, user_data);
}

static void
save_use(const gchar *text, gpointer user_data)
{
    write_meta(user_data, META_USE, text, on_meta_written, NULL);
}

/* A message that the model thinks about */
typedef struct {
    KwBot *bot;     /* owned */
    GTask *task;    /* owned; NULL once it is answered with the figures alone */
    gchar *chat;    /* owned */
    gchar *figures; /* owned: the reply by rules */
    guint timer;    /* of the real clock */
} Thought;

static void
thought_free(Thought *thought)
{
    kw_clock_cancel(thought->bot->real_clock, thought->timer);
    g_clear_object(&thought->task);
    g_object_unref(thought->bot);
    g_free(thought->chat);
    g_free(thought->figures);
    g_free(thought);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Thought, thought_free)

/* The readings that the rules would have offered stand below a question alone, be it theirs or
 * the model's; a code that waits is offered in any case. */
static void
take_choices(Thought *thought, const gchar *text, KwAnswer *inout)
{
    KwDialogChoice choices[KW_DIALOG_MAX_CHOICES];
    guint n = kw_dialog_get_choices(thought->bot->dialog, thought->chat, choices);
    gboolean is_same =
        n == inout->n_choices && memcmp(choices, inout->choices, n * sizeof choices[0]) == 0;
    gboolean is_question =
        g_str_has_prefix(text, thought->figures) || g_str_has_suffix(text, "?");

    inout->n_choices = is_same && !is_question ? 0 : n;
    memcpy(inout->choices, choices, n * sizeof choices[0]);
}

/* What was done is durable before it is told. */
static void
give_answer(Thought *thought, const gchar *text)
{
    KwBot *self = thought->bot;
    KwAnswer *answer = g_task_get_task_data(thought->task);
    g_autofree gchar *now = g_strdup_printf("%" G_GINT64_FORMAT, kw_clock_now_us(self->clock));

    g_free(answer->text);
    answer->text = g_strdup(text);
    take_choices(thought, text, answer);
    write_meta(self, "last_analysis_us", now, on_answer_durable,
               g_steal_pointer(&thought->task));
}

/* Nobody waits for words as long as there are figures. */
static void
on_slow(gpointer user_data)
{
    Thought *thought = user_data;
    g_autofree gchar *text =
        g_strdup_printf("%s\n\n💬 %s", thought->figures,
                        _("The language model is still at it; what it says comes after this."));

    thought->timer = 0;
    give_answer(thought, text);
}

/* The words alone; the figures before them are known already. */
static void
post_words(Thought *thought, const gchar *text)
{
    KwBot *self = thought->bot;
    KwEvent event = {.kind = KW_EVENT_STATE, .time_us = kw_clock_now_us(self->clock)};

    if (g_str_has_prefix(text, thought->figures))
        text += strlen(thought->figures);
    while (g_ascii_isspace(*text))
        text++;
    g_snprintf(event.key, sizeof event.key, "analysis:%" G_GINT64_FORMAT,
               kw_clock_now_us(self->real_clock));
    if (*text == '\0')
        text = _("The language model gave no usable answer.");
    post(self, &event, text);
}

static void
on_analysed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(Thought) thought = user_data;
    g_autofree gchar *text = kw_analyst_answer_finish(KW_ANALYST(source), result);

    if (thought->task != NULL)
        give_answer(thought, text);
    else
        post_words(thought, text);
}

/* Takes the reference to the task. */
static void
think(KwBot *self, GTask *task, const KwInbound *inbound, const KwDialogOutcome *outcome)
{
    const KwAnswer *answer = g_task_get_task_data(task);
    Thought *thought = g_new0(Thought, 1);

    thought->bot = g_object_ref(self);
    thought->task = task;
    thought->chat = g_strdup(inbound->chat);
    thought->figures = g_strdup(answer->text);
    if (outcome->id == KW_INTENT_ANALYSIS)
        thought->timer = kw_clock_call_in(self->real_clock, self->slow_us, on_slow, thought);
    kw_analyst_answer_async(self->analyst, inbound, outcome, thought->figures, on_analysed,
                            thought);
}

static void set_night(KwBot *self);

static void
on_reflected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(KwBot) self = user_data;
    g_autofree gchar *text = kw_analyst_reflect_finish(KW_ANALYST(source), result);
    g_autofree gchar *row = NULL;

    if (text == NULL)
        return;
    row = g_strdup_printf("%" G_GINT64_FORMAT " %s", kw_clock_now_us(self->real_clock), text);
    write_meta(self, META_OUTLOOK, row, on_meta_written, NULL);
}

static void
on_night(gpointer user_data)
{
    KwBot *self = user_data;

    kw_analyst_reflect_async(self->analyst, on_reflected, g_object_ref(self));
    set_night(self);
}

/* In the owner's night, whatever hour the market's clock shows */
static void
set_night(KwBot *self)
{
    gint64 now_us = kw_clock_now_us(self->real_clock);
    KwDate date = kw_zone_get_date(self->text.zone, now_us);
    gint64 due_us = kw_zone_get_instant_us(self->text.zone, date, self->night_minute);

    if (due_us <= now_us)
        due_us = kw_zone_get_instant_us(self->text.zone, kw_date_add_days(date, 1),
                                        self->night_minute);
    self->night_timer = kw_clock_call_at(self->real_clock, due_us, on_night, self);
}

static void
load_outlook(KwBot *self, const gchar *row)
{
    gchar *text = NULL;
    gint64 time_us = row != NULL ? g_ascii_strtoll(row, &text, 10) : 0;

    if (time_us > 0 && text[0] == ' ')
        kw_analyst_set_outlook(self->analyst, text + 1, time_us);
}

static void
add_analyst(KwBot *self, const KwClaude *claude)
{
    const KwStoreState *loaded = kw_engine_get_loaded(self->engine);
    KwAnalystOptions options = {
        .client = claude->client,
        .dialog = self->dialog,
        .query = kw_engine_get_query(self->engine),
        .control = kw_engine_get_control(self->engine),
        .clock = claude->clock,
        .market_clock = self->clock,
        .zone = self->text.zone,
        .redactor = claude->redactor,
        .models = claude->models,
        .prompt = claude->prompt,
        .night_prompt = claude->night_prompt,
        .budget = claude->limits,
        .message_tokens = claude->message_tokens,
        .stored = g_hash_table_lookup(loaded->meta, META_USE),
        .save = save_use,
        .user_data = self,
    };

    self->real_clock = g_object_ref(claude->clock);
    self->slow_us = claude->slow_us;
    self->analyst = kw_analyst_new(&options);
    kw_dialog_set_assistant(self->dialog, KW_ASSISTANT(self->analyst));
    load_outlook(self, g_hash_table_lookup(loaded->meta, META_OUTLOOK));
    self->night_minute = claude->night_minute;
    set_night(self);
}

void
kw_bot_answer_async(KwBot *self,
                    const KwInbound *inbound,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, callback, user_data);
    KwAnswer *answer = g_new0(KwAnswer, 1);
    g_autoptr(KwBatch) barrier = kw_batch_new();
    g_autofree gchar *sent = g_strdup_printf("%" G_GINT64_FORMAT, inbound->sent_us);
    const KwBook *book = kw_engine_get_book(self->engine);
    KwJournal *journal = kw_engine_get_journal(self->engine);
    guint64 serial = book->serial;
    KwDialogOutcome outcome;
    gboolean is_question, wants_model;

    g_task_set_source_tag(task, kw_bot_answer_async);
    g_task_set_task_data(task, answer, (GDestroyNotify) kw_answer_free);
    /* what the message does and how far the channel has read: one transaction */
    kw_journal_hold(journal);
    answer->text = kw_dialog_handle(self->dialog, inbound);
    answer->n_choices = kw_dialog_get_choices(self->dialog, inbound->chat, answer->choices);
    outcome = *kw_dialog_get_outcome(self->dialog);
    kw_batch_take_all(barrier, self->notes);
    /* a question waits for nothing, nor does how far the channel has read: asked once more, it
     * is answered once more */
    is_question =
        kw_intent_id_get_direction(outcome.id) == KW_DIRECTION_NONE && book->serial == serial;
    kw_batch_add_meta(barrier, "last_message_us", sent, kw_clock_now_us(self->clock));
    wants_model = self->analyst != NULL && outcome.wants_model;
    if (wants_model || is_question) {
        kw_journal_append_async(journal, g_steal_pointer(&barrier), NULL, on_meta_written,
                                NULL);
    } else {
        kw_engine_hurry(self->engine);
        kw_journal_append_async(journal, g_steal_pointer(&barrier), NULL, on_answer_durable,
                                g_object_ref(task));
    }
    kw_journal_release(journal);
    if (wants_model)
        think(self, g_steal_pointer(&task), inbound, &outcome);
    else if (is_question)
        return_answer(task);
}

KwAnswer *
kw_bot_answer_finish(KwBot *self, GAsyncResult *result)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), NULL);
}

/* -- pictures -- */

gboolean
kw_bot_get_chart(KwBot *self, const gchar *chat, KwChartRequest *out)
{
    return kw_dialog_get_chart(self->dialog, chat, out);
}

static void
on_drawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    g_autoptr(GError) error = NULL;
    GBytes *png = kw_sketch_draw_finish(result, &error);

    (void) source;
    if (png != NULL)
        g_task_return_pointer(task, png, (GDestroyNotify) g_bytes_unref);
    else
        g_task_return_error(task, g_steal_pointer(&error));
}

void
kw_bot_draw_async(KwBot *self,
                  const KwChartRequest *request,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, callback, user_data);
    KwSketch *sketch;

    g_task_set_source_tag(task, kw_bot_draw_async);
    kw_i18n_set_language(self->text.language, self->text.address);
    sketch =
        kw_sketch_new(kw_engine_get_query(self->engine), self->text.zone, self->paper, request);
    if (sketch == NULL)
        g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nothing to draw");
    else
        kw_sketch_draw_async(sketch, on_drawn, g_steal_pointer(&task));
}

GBytes *
kw_bot_draw_finish(KwBot *self, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}

/* Four digits; from the kernel unless a seed makes the run repeatable */
static void
make_code(gchar *out, gpointer user_data)
{
    KwBot *self = user_data;
    guint32 value = 0;

    *out = '\0'; /* an empty code cannot be given */
    if (self->rand != NULL) {
        value = g_rand_int(self->rand);
    } else if (getrandom(&value, sizeof value, 0) != sizeof value) {
        kw_log_critical("the kernel gives no random numbers; nothing can be confirmed");
        return;
    }
    g_snprintf(out, KW_DIALOG_CODE_SIZE, "%04u", value % 10000);
}

/* -- object -- */

KwBot *
kw_bot_new(const KwBotOptions *options, GError **error)
{
    g_autoptr(KwBot) self = g_object_new(KW_TYPE_BOT, NULL);

    self->text = options->text;
    self->off_kinds = options->off_kinds;
    self->paper = options->paper;
    self->clock = g_object_ref(options->parts.clock);
    self->store = g_object_ref(options->parts.store);
    self->engine = kw_engine_new(&options->parts, error);
    if (self->engine == NULL)
        return NULL;
    if (options->seed != 0)
        self->rand = g_rand_new_with_seed((guint32) options->seed);
    self->dialog =
        kw_dialog_new(kw_engine_get_query(self->engine), kw_engine_get_control(self->engine),
                      self->clock, &self->text, make_code, self);
    if (options->claude != NULL)
        add_analyst(self, options->claude);
    g_signal_connect_object(self->engine, "event", G_CALLBACK(on_event), self,
                            G_CONNECT_DEFAULT);
    return g_steal_pointer(&self);
}

KwEngine *
kw_bot_get_engine(KwBot *self)
{
    return self->engine;
}

/* Of the event only what the journal keeps; a kind that this version does not know is told as
 * one of no consequence. */
static void
repeat(KwBot *self, const KwOutboxItem *item)
{
    KwEvent event = {.kind = KW_EVENT_STATE, .time_us = item->created_us};

    (void) kw_event_kind_from_string(item->kind, &event.kind, NULL);
    g_strlcpy(event.key, item->key, sizeof event.key);
    g_signal_emit(self, signals[SIGNAL_MESSAGE], 0, item->key, item->text, &event);
}

void
kw_bot_start(KwBot *self)
{
    const GPtrArray *items = kw_engine_get_loaded(self->engine)->outbox;

    for (guint i = 0; items != NULL && i < items->len; i++) {
        const KwOutboxItem *item = items->pdata[i];

        repeat(self, item);
    }
    kw_engine_start(self->engine);
}

static void
kw_bot_finalize(GObject *object)
{
    KwBot *self = KW_BOT(object);

    g_clear_pointer(&self->dialog, kw_dialog_free);
    if (self->real_clock != NULL)
        kw_clock_cancel(self->real_clock, self->night_timer);
    g_clear_object(&self->analyst);
    g_clear_object(&self->real_clock);
    g_clear_object(&self->engine);
    g_clear_object(&self->store);
    g_clear_object(&self->clock);
    g_clear_pointer(&self->rand, g_rand_free);
    g_clear_pointer(&self->held, g_ptr_array_unref);
    g_clear_pointer(&self->notes, kw_batch_free);

    G_OBJECT_CLASS(kw_bot_parent_class)->finalize(object);
}

static void
kw_bot_class_init(KwBotClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_bot_finalize;

    signals[SIGNAL_MESSAGE] =
        g_signal_new("message", KW_TYPE_BOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_POINTER);
}

static void
kw_bot_init(KwBot *self)
{
    self->notes = kw_batch_new();
}
