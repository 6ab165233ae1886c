/* kw-dialog.c: one message in, one reply out
 *
 * The dialog owns what a conversation needs to remember: the action that waits for its code,
 * and the last question for follow-ups. It decides about freshness, codes and order; what a
 * command does is the command's. A safe action that was carried out drops whatever waited:
 * who stops the bot does not want an older start to come true. */
#include "kw-dialog.h"

#include "kw-command.h"
#include "kw-escape.h"
#include "kw-follow-up.h"
#include "kw-reply.h"
#include "kw-wish.h"

#include <string.h>

#define MAX_CHATS 64
#define MAX_QUOTED 120 /* bytes of a message in the audit trail */
#define FRESH_US (120 * G_GINT64_CONSTANT(1000000))
#define HALT_FRESH_US (86400 * G_GINT64_CONSTANT(1000000)) /* of what makes the bot do less */
#define CODE_LIFE_US (5 * 60 * G_GINT64_CONSTANT(1000000))
#define FOLLOW_US (10 * 60 * G_GINT64_CONSTANT(1000000))

typedef struct {
    KwPending pending;
    KwIntentId last_read;
    KwSlots last_slots;
    gint64 last_read_us;
    gint64 used_us;
    KwChartRequest chart; /* of the last reply */
    guint offset;         /* rows of the last list that were shown on earlier pages */
    guint n_queued;       /* asked for together with what waits for its code */
    KwIntentId queued[3];
    KwSlots queued_slots;
    guint n_choices; /* of the last reply */
    KwDialogChoice choices[KW_DIALOG_MAX_CHOICES];
} Chat;

struct _KwDialog {
    KwQuery *query;            /* owned */
    KwControl *control;        /* owned */
    KwAssistant *assistant;    /* owned; NULL without a language model */
    KwClock *clock;            /* owned */
    KwDialogSettings settings; /* zone owned */
    KwCodeFunc code_func;
    gpointer user_data;
    GHashTable *chats; /* owned: name -> Chat */
    KwDialogOutcome outcome;
};

G_STATIC_ASSERT(KW_DIALOG_CODE_SIZE == KW_PENDING_CODE_SIZE);

KwDialog *
kw_dialog_new(KwQuery *query,
              KwControl *control,
              KwClock *clock,
              const KwDialogSettings *settings,
              KwCodeFunc code_func,
              gpointer user_data)
{
    KwDialog *self;

    g_return_val_if_fail(KW_IS_QUERY(query) && KW_IS_CONTROL(control), NULL);
    g_return_val_if_fail(KW_IS_CLOCK(clock) && settings != NULL && code_func != NULL, NULL);

    self = g_new0(KwDialog, 1);
    self->query = g_object_ref(query);
    self->control = g_object_ref(control);
    self->clock = g_object_ref(clock);
    self->settings = *settings;
    self->settings.zone = kw_zone_ref(settings->zone);
    self->code_func = code_func;
    self->user_data = user_data;
    self->chats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
kw_dialog_free(KwDialog *self)
{
    if (self == NULL)
        return;
    g_object_unref(self->query);
    g_object_unref(self->control);
    g_clear_object(&self->assistant);
    g_object_unref(self->clock);
    kw_zone_unref(self->settings.zone);
    g_hash_table_unref(self->chats);
    g_free(self);
}

/* -- chats -- */

static void
drop_oldest(KwDialog *self)
{
    GHashTableIter iter;
    gpointer key, value;
    const gchar *oldest = NULL;
    gint64 used_us = G_MAXINT64;

    g_hash_table_iter_init(&iter, self->chats);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (((Chat *) value)->used_us < used_us) {
            used_us = ((Chat *) value)->used_us;
            oldest = key;
        }
    }
    if (oldest != NULL)
        g_hash_table_remove(self->chats, oldest);
}

static Chat *
get_chat(KwDialog *self, const gchar *name, gint64 now_us)
{
    Chat *chat = g_hash_table_lookup(self->chats, name);

    if (chat == NULL) {
        if (g_hash_table_size(self->chats) >= MAX_CHATS)
            drop_oldest(self);
        chat = g_new0(Chat, 1);
        g_hash_table_insert(self->chats, g_strdup(name), chat);
    }
    chat->used_us = now_us;
    return chat;
}

/* -- one message -- */

typedef struct {
    KwDialog *dialog;
    const KwInbound *inbound;
    Chat *chat;
    KwIntent intent;
    KwCommandCtx ctx;
    GString *effects;
    gchar *by;      /* owned */
    gboolean asked; /* a code was sent in this reply */
    KwFollowUp follow_up;
    KwSlots news; /* of a follow-up */
} Turn;

/* Minutes are those of the one who reads and writes, whatever the market's clock does
 * meanwhile. */
static gdouble
get_pace(const KwDialog *self)
{
    return MAX(1, self->settings.pace);
}

static void
read_message(Turn *turn)
{
    const KwInbound *inbound = turn->inbound;
    const Chat *chat = turn->chat;
    gint64 last_until_us = chat->last_read_us + (gint64) (FOLLOW_US * get_pace(turn->dialog));
    gboolean follows = chat->last_read != KW_INTENT_NONE && turn->ctx.now_us <= last_until_us;
    KwIntentInput input = {
        .text = inbound->text,
        .len = inbound->length,
        .now_us = turn->ctx.now_us,
        .zone = turn->dialog->settings.zone,
        .quote = turn->ctx.status.quote,
        .pending = chat->pending.intent,
        .last_read = follows ? chat->last_read : KW_INTENT_NONE,
        .is_forwarded = inbound->is_forward,
    };

    kw_intent_parse(&input, &turn->intent);
}

/* Returns: FALSE when there is a question before, and nothing of that kind in it: that is said
 */
static gboolean
resolve_follow_up(Turn *turn)
{
    const Chat *chat = turn->chat;

    if (turn->intent.id != KW_INTENT_FOLLOWUP || chat->last_read == KW_INTENT_NONE)
        return TRUE;
    if (turn->intent.is_more) {
        turn->intent.id = chat->last_read;
        turn->intent.slots = chat->last_slots;
        turn->ctx.offset = chat->offset;
        return TRUE;
    }
    turn->news = turn->intent.slots;
    turn->follow_up = kw_follow_up_resolve(&turn->intent, chat->last_read, &chat->last_slots,
                                           turn->inbound->text, turn->inbound->length);
    if (turn->follow_up != KW_FOLLOW_UP_NOWHERE)
        return TRUE;
    kw_reply_line(&turn->ctx, "%s",
                  _("❓ There is nothing of that kind to the last answer, so I do not "
                    "repeat it."));
    kw_reply_line(&turn->ctx, "%s",
                  _("Ask it whole, for example “Gewinn letzte Woche” or “Trades BTC”: /help"));
    return FALSE;
}

/* Why the answer is another one than before */
static void
tell_move(Turn *turn)
{
    if (turn->follow_up != KW_FOLLOW_UP_MOVED)
        return;
    if (turn->news.span.kind != KW_SPAN_NONE)
        kw_reply_line(&turn->ctx, "%s",
                      _("The last answer is only ever of now; this one is of the period."));
    else if (turn->news.n_pairs > 0)
        kw_reply_line(&turn->ctx, "%s",
                      _("The last answer does not exist for one pair; this one does."));
}

static void
remember_question(Turn *turn)
{
    if (kw_intent_id_get_class(turn->intent.id) != KW_INTENT_CLASS_READ)
        return;
    turn->chat->last_read = turn->intent.id;
    turn->chat->last_slots = turn->intent.slots;
    turn->chat->last_read_us = turn->ctx.now_us;
    turn->chat->offset = turn->ctx.offset + turn->ctx.n_shown;
}

static void
append_effect(Turn *turn)
{
    if (*turn->ctx.effect == '\0')
        return;
    g_string_append_printf(turn->effects, "%s%s", turn->effects->len > 0 ? "; " : "",
                           turn->ctx.effect);
    *turn->ctx.effect = '\0';
}

static void
add_choice(Chat *chat, const gchar *label, const gchar *text)
{
    KwDialogChoice *choice = &chat->choices[chat->n_choices++];

    g_strlcpy(choice->label, label, sizeof choice->label);
    g_strlcpy(choice->text, text, sizeof choice->text);
}

/* -- codes -- */

/* One action waits for its code at a time; what else the message asked for comes after it. */
static void
queue_request(Turn *turn, KwIntentId id)
{
    Chat *chat = turn->chat;

    if (chat->n_queued == G_N_ELEMENTS(chat->queued))
        return;
    chat->queued[chat->n_queued++] = id;
    chat->queued_slots = turn->intent.slots;
    kw_reply_line(&turn->ctx, "%s", _("I ask for its own code after the one above."));
}

static void
send_code(Turn *turn, KwIntentId id)
{
    KwDialog *dialog = turn->dialog;
    KwPending *pending = &turn->chat->pending;
    gboolean replaces = pending->intent != KW_INTENT_NONE;

    if (turn->asked) {
        queue_request(turn, id);
        return;
    }
    kw_pending_set(pending, id, &turn->ctx.slots, turn->inbound->sender,
                   kw_query_get_serial(dialog->query),
                   turn->ctx.now_us + (gint64) (CODE_LIFE_US * get_pace(dialog)));
    dialog->code_func(pending->code, dialog->user_data);
    pending->code[KW_PENDING_CODE_SIZE - 1] = '\0';
    if (replaces)
        kw_reply_line(&turn->ctx, "%s", _("This replaces the request before."));
    kw_reply_line(&turn->ctx, _("To confirm until %s answer:"),
                  kw_format_time(turn->ctx.format, pending->until_us));
    kw_reply_line(&turn->ctx, "%s", pending->code);
    kw_reply_line(&turn->ctx, "%s", _("“Nein” drops the request. Nothing is changed so far."));
    g_strlcpy(turn->ctx.effect, KW_DIALOG_CODE_SENT, sizeof turn->ctx.effect);
    turn->asked = TRUE;
    if (*pending->code == '\0')
        return;
    turn->chat->n_choices = 0;
    add_choice(turn->chat, _("✅ Confirm"), pending->code);
    add_choice(turn->chat, _("✖ Drop it"), "Nein");
}

/* The next request of the message whose first one has just been confirmed */
static void
ask_next(Turn *turn)
{
    Chat *chat = turn->chat;
    KwIntentId id;

    if (chat->n_queued == 0)
        return;
    id = chat->queued[0];
    chat->n_queued--;
    memmove(chat->queued, chat->queued + 1, chat->n_queued * sizeof chat->queued[0]);
    append_effect(turn);
    kw_query_get_status(turn->dialog->query, &turn->ctx.status);
    turn->ctx.slots = chat->queued_slots;
    turn->ctx.wants_code = FALSE;
    g_string_append(turn->ctx.reply, "\n\n");
    turn->ctx.is_first = FALSE;
    kw_command_find(id)->run(&turn->ctx);
    if (turn->ctx.wants_code)
        send_code(turn, id);
}

static void
run_confirmed(Turn *turn)
{
    KwIntentId id = turn->ctx.confirmed;

    turn->ctx.confirmed = KW_INTENT_NONE;
    if (id == KW_INTENT_NONE)
        return;
    turn->ctx.is_confirmed = TRUE;
    kw_command_find(id)->run(&turn->ctx);
    turn->ctx.is_confirmed = FALSE;
    ask_next(turn);
}

/* Yesterday's "stop" may have been answered by another message since. */
static gboolean
is_outdated(Turn *turn, const KwCommand *command)
{
    gint64 age_us = turn->ctx.now_us - turn->inbound->sent_us;

    if (command->access != KW_ACCESS_HALT || turn->inbound->sent_us <= 0 ||
        age_us <= HALT_FRESH_US)
        return FALSE;
    (void) kw_reply_may_ask(&turn->ctx);
    g_strlcpy(turn->ctx.effect, "too old", sizeof turn->ctx.effect);
    return TRUE;
}

/* What a sender of lesser rights is told in place of a change; %TRUE: he may */
static gboolean
is_permitted(Turn *turn, const KwCommand *command)
{
    if (command->access == KW_ACCESS_READ || turn->inbound->rights == KW_DIALOG_RIGHTS_OWNER)
        return TRUE;
    if (turn->inbound->rights == KW_DIALOG_RIGHTS_READER)
        kw_reply_line(&turn->ctx, "%s",
                      _("🔒 You may ask me anything, but only the owner changes something."));
    else
        kw_reply_line(
            &turn->ctx, "%s",
            _("🔒 Your safety number has changed: until it is confirmed at the machine "
              "I answer questions only. Nothing was changed."));
    g_strlcpy(turn->ctx.effect, "not permitted", sizeof turn->ctx.effect);
    return FALSE;
}

static void
drop_pending(Chat *chat)
{
    kw_pending_clear(&chat->pending);
    chat->n_queued = 0;
}

/* What to say for a reading that needs no more than its name; NULL: more than that */
static const gchar *
words_of(KwIntentId id)
{
    static const struct {
        KwIntentId id;
        const gchar *words;
    } rows[] = {
        {KW_INTENT_STOP, "Stopp"},           {KW_INTENT_PAUSE_ENTRIES, "Pause"},
        {KW_INTENT_KILL_ON, "Notaus"},       {KW_INTENT_KILL_OFF, "Kill-Switch aus"},
        {KW_INTENT_START, "Starte den Bot"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].id == id)
            return rows[i].words;
    }
    return NULL;
}

/* The readings that the answer names, one tap each */
static void
offer_readings(Turn *turn)
{
    const KwIntent *intent = &turn->intent;
    Chat *chat = turn->chat;

    if (intent->is_too_long || turn->asked)
        return;
    chat->n_choices = 0;
    for (guint i = 0; i < intent->n_guesses; i++) {
        const gchar *words = words_of(intent->guesses[i]);

        if (words != NULL)
            add_choice(chat, words, words);
    }
    if (intent->n_guesses == 0) {
        add_choice(chat, "Wie läuft's?", "Wie läuft's?");
        add_choice(chat, "Stopp", "Stopp");
    }
    if (chat->n_choices < KW_DIALOG_MAX_CHOICES)
        add_choice(chat, "/help", "/help");
}

static void
run_intent(Turn *turn, KwIntentId id)
{
    guint64 serial = kw_query_get_serial(turn->dialog->query);
    const KwCommand *command = kw_command_find(id);

    turn->ctx.wants_code = FALSE;
    if (turn->ctx.reply->len > 0 && !turn->ctx.is_first)
        g_string_append(turn->ctx.reply, "\n\n");
    turn->ctx.slots = turn->intent.slots;
    if (!is_permitted(turn, command) || is_outdated(turn, command)) {
        append_effect(turn);
        turn->ctx.is_first = FALSE;
        return;
    }
    command->run(&turn->ctx);
    if (turn->ctx.wants_code)
        send_code(turn, id);
    if (id == KW_INTENT_UNCLEAR)
        offer_readings(turn);
    run_confirmed(turn);
    append_effect(turn);
    turn->ctx.is_first = FALSE;
    if (kw_intent_id_get_direction(id) == KW_DIRECTION_SAFE && id != KW_INTENT_DENY)
        drop_pending(turn->chat);
    if (id == KW_INTENT_DENY)
        turn->chat->n_queued = 0;
    if (serial != kw_query_get_serial(turn->dialog->query))
        kw_query_get_status(turn->dialog->query, &turn->ctx.status);
}

static void
run_all(Turn *turn)
{
    run_intent(turn, turn->intent.id);
    for (guint i = 0; i < turn->intent.n_further; i++)
        run_intent(turn, turn->intent.further[i]);
}

/* -- the end -- */

/* (transfer full): the beginning of the message. Rows of the audit trail stay for good, so what
 * was typed here by mistake is masked before, and before the cut could halve it. */
static gchar *
quote_message(const Turn *turn)
{
    KwRedactor *redactor = turn->dialog->settings.redactor;
    gsize length = turn->inbound->length;
    g_autofree gchar *text = g_malloc(length + 1);
    g_autofree gchar *masked = NULL;

    for (gsize i = 0; i < length; i++)
        text[i] = turn->inbound->text[i] != '\0' ? turn->inbound->text[i] : ' ';
    text[length] = '\0';
    if (redactor != NULL)
        masked = kw_redactor_apply(redactor, text);
    return kw_escape_bytes(masked != NULL ? masked : text, -1, MAX_QUOTED);
}

/* @reader: who had the message read so, when it was not the parser */
static void
audit(Turn *turn, const gchar *reader)
{
    g_autofree gchar *excerpt = quote_message(turn);
    g_autofree gchar *detail = g_strdup_printf(
        "%s%s | %s", reader, turn->effects->len > 0 ? turn->effects->str : "-", excerpt);

    kw_control_audit(turn->dialog->control, turn->ctx.by,
                     kw_intent_id_to_string(turn->intent.id), detail);
}

static gboolean
is_stale(const KwInbound *inbound, gint64 now_us)
{
    return inbound->sent_us > 0 && now_us - inbound->sent_us > FRESH_US;
}

static void
fill_context(Turn *turn, KwFormat *format, const gchar *by)
{
    KwDialog *self = turn->dialog;

    turn->ctx.query = self->query;
    turn->ctx.control = self->control;
    turn->ctx.assistant = self->assistant;
    turn->ctx.format = format;
    turn->ctx.zone = self->settings.zone;
    turn->ctx.intent = &turn->intent;
    turn->ctx.by = by;
    turn->ctx.sender = turn->inbound->sender;
    turn->ctx.pending = &turn->chat->pending;
    turn->ctx.reply = g_string_new(NULL);
    turn->ctx.is_first = TRUE;
    turn->ctx.is_stale = is_stale(turn->inbound, turn->ctx.now_us);
    turn->ctx.is_synthetic = self->settings.is_synthetic;
    kw_query_get_status(self->query, &turn->ctx.status);
    if (*turn->ctx.status.quote == '\0')
        g_strlcpy(turn->ctx.status.quote, "USDT", sizeof turn->ctx.status.quote);
}

KwLanguage
kw_dialog_get_language(KwQuery *query, KwLanguage fallback)
{
    g_autofree gchar *text = kw_query_dup_preference(query, "language");
    KwLanguage language = fallback;

    if (text != NULL)
        (void) kw_language_from_string(text, &language, NULL);
    return language;
}

static void
begin_turn(Turn *turn, KwDialog *self, const KwInbound *inbound)
{
    KwFormat *format;

    kw_i18n_set_language(kw_dialog_get_language(self->query, self->settings.language),
                         self->settings.address);
    turn->dialog = self;
    turn->inbound = inbound;
    turn->ctx.now_us = kw_clock_now_us(self->clock);
    turn->chat = get_chat(self, inbound->chat, turn->ctx.now_us);
    turn->chat->n_choices = 0;
    turn->effects = g_string_new(NULL);
    turn->by = strcmp(inbound->chat, inbound->sender) == 0
                   ? g_strdup(inbound->sender)
                   : g_strdup_printf("%s:%s", inbound->chat, inbound->sender);
    format = kw_format_new(self->settings.zone, turn->ctx.now_us);
    fill_context(turn, format, turn->by);
}

/* Returns: (transfer full): the reply */
static gchar *
end_turn(Turn *turn)
{
    gchar *reply = kw_reply_finish(turn->ctx.reply);

    g_string_free(turn->effects, TRUE);
    kw_format_free(turn->ctx.format);
    g_free(turn->by);
    return reply;
}

/* A model may read what no rule does, and judge; it is not asked to read what is broken. */
static void
judge_outcome(Turn *turn)
{
    const KwIntent *intent = &turn->intent;
    const KwInbound *inbound = turn->inbound;
    KwDialogOutcome *out = &turn->dialog->outcome;

    *out = (KwDialogOutcome){.id = intent->id};
    if (inbound->is_forward || intent->is_too_long)
        return;
    out->wants_model = intent->id == KW_INTENT_UNCLEAR || intent->id == KW_INTENT_ANALYSIS ||
                       intent->id == KW_INTENT_FOLLOWUP;
    out->may_act = intent->id == KW_INTENT_UNCLEAR && !turn->ctx.is_stale &&
                   kw_wish_is_possible(inbound->text, inbound->length,
                                       turn->dialog->settings.zone, turn->ctx.now_us);
}

gchar *
kw_dialog_handle(KwDialog *self, const KwInbound *inbound)
{
    Turn turn = {0};

    g_return_val_if_fail(self != NULL && inbound != NULL, NULL);
    g_return_val_if_fail(inbound->chat != NULL && inbound->sender != NULL, NULL);
    g_return_val_if_fail(inbound->text != NULL || inbound->length == 0, NULL);

    begin_turn(&turn, self, inbound);
    read_message(&turn);
    if (resolve_follow_up(&turn))
        run_all(&turn);
    tell_move(&turn);
    remember_question(&turn);
    audit(&turn, "");
    judge_outcome(&turn);
    turn.chat->chart = turn.ctx.chart;
    return end_turn(&turn);
}

const KwDialogOutcome *
kw_dialog_get_outcome(const KwDialog *self)
{
    return &self->outcome;
}

void
kw_dialog_set_assistant(KwDialog *self, KwAssistant *assistant)
{
    g_return_if_fail(self != NULL);

    (void) g_set_object(&self->assistant, assistant);
}

gchar *
kw_dialog_run(KwDialog *self,
              const KwInbound *inbound,
              KwIntentId id,
              const KwSlots *slots,
              gchar **out_effect)
{
    Turn turn = {0};

    g_return_val_if_fail(self != NULL && inbound != NULL && slots != NULL, NULL);
    g_return_val_if_fail(kw_command_find(id) != NULL, NULL);

    begin_turn(&turn, self, inbound);
    turn.intent.id = id;
    turn.intent.slots = *slots;
    run_intent(&turn, id);
    audit(&turn, "model: ");
    if (out_effect != NULL)
        *out_effect = g_strdup(turn.effects->str);
    return end_turn(&turn);
}

gboolean
kw_dialog_get_chart(KwDialog *self, const gchar *chat, KwChartRequest *out)
{
    const Chat *found;

    g_return_val_if_fail(self != NULL && chat != NULL && out != NULL, FALSE);

    found = g_hash_table_lookup(self->chats, chat);
    if (found == NULL || found->chart.kind == KW_CHART_NONE)
        return FALSE;
    *out = found->chart;
    return TRUE;
}

guint
kw_dialog_get_choices(KwDialog *self, const gchar *chat, KwDialogChoice *out)
{
    const Chat *found;

    g_return_val_if_fail(self != NULL && chat != NULL && out != NULL, 0);

    found = g_hash_table_lookup(self->chats, chat);
    if (found == NULL)
        return 0;
    memcpy(out, found->choices, found->n_choices * sizeof *out);
    return found->n_choices;
}
