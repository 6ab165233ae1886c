/* kw-analyst.c: from a message that rules cannot answer to a reply
 *
 * A turn is a few rounds: ask, carry out the calls, ask again with their results. It is bounded
 * by calls, rounds, time and tokens; at a bound one more answer in words is asked for, and then
 * it ends. What comes out is held against what was told (kw-llm-check.c) and put together with
 * the deterministic reply, which is all there is when the model is of no use. When something
 * was done, the dialog's words tell it and the model's are dropped: there is nothing to add to
 * a fact.
 *
 * After a failure the model is left alone for a while, so that an outage delays one message and
 * not every one; that it is down is said once. */
#define G_LOG_DOMAIN "kw-llm"

#include "kw-analyst.h"

#include "kw-command.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-limiter.h"
#include "kw-llm-check.h"
#include "kw-llm-turn.h"
#include "kw-llm-view.h"
#include "kw-log.h"
#include "kw-reply.h"
#include "kw-words.h"

#include <string.h>

#define MAX_TEXT 900 /* bytes of the model's words in a reply */
#define MAX_TABLES 2 /* raw tables behind an answer with odd numbers */
#define HISTORY_US (10 * 60 * G_GINT64_CONSTANT(1000000))
#define MAX_CHATS 16
#define PAUSE_MIN_US (15 * G_GINT64_CONSTANT(1000000))
#define PAUSE_MAX_US (15 * 60 * G_GINT64_CONSTANT(1000000))

/* The last exchange of a chat */
typedef struct {
    gchar *question, *answer; /* owned */
    gint64 at_us;             /* monotonic */
} History;

struct _KwAnalyst {
    GObject parent_instance;

    KwLlmClient *client;           /* owned */
    KwLlmDesk desk;                /* dialog and redactor borrowed, the others owned */
    KwClock *clock;                /* owned; real time */
    const KwLlmModelTable *models; /* borrowed */
    gchar *prompt, *night_prompt;  /* owned */
    JsonArray *tools;              /* owned */
    KwLlmBudget budget;
    gint64 message_tokens;
    KwAnalystSaveFunc save;
    gpointer user_data;
    GHashTable *history; /* owned: chat -> History */

    gint64 down_since_us;   /* wall clock; 0: it answers */
    KwLlmError down_code;   /* valid while down */
    gint64 paused_until_us; /* monotonic */
    KwBackoff pause;

    gchar *outlook; /* owned; NULL: none yet */
    gint64 outlook_us;
};

static void kw_analyst_assistant_init(KwAssistantInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(KwAnalyst,
                              kw_analyst,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(KW_TYPE_ASSISTANT,
                                                    kw_analyst_assistant_init))

/* A message under way; data of its task */
typedef struct {
    KwLlmTurn *turn; /* owned */
    gchar *reply;    /* owned; by rules */
    gint64 until_us;
    gint64 tokens;
    guint n_rounds;
    gboolean is_last; /* only words are asked for */
} Job;

static void
job_free(gpointer data)
{
    Job *job = data;

    kw_llm_turn_free(job->turn);
    g_free(job->reply);
    g_free(job);
}

static void
history_free(gpointer data)
{
    History *history = data;

    g_free(history->question);
    g_free(history->answer);
    g_free(history);
}

/* -- down and up -- */

static const gchar *
code_to_string(KwLlmError code)
{
    switch (code) {
    case KW_LLM_ERROR_UNAVAILABLE:
        return "unavailable";
    case KW_LLM_ERROR_LIMIT:
        return "limit";
    case KW_LLM_ERROR_KEY:
        return "key";
    case KW_LLM_ERROR_MODEL:
        return "model";
    case KW_LLM_ERROR_REQUEST:
        return "request";
    case KW_LLM_ERROR_BUDGET:
        return "budget";
    case KW_LLM_ERROR_NONSENSE:
        return "nonsense";
    }
    return "";
}

static const gchar *
word_failure(KwLlmError code)
{
    switch (code) {
    case KW_LLM_ERROR_UNAVAILABLE:
        return _("⚠️ The language model cannot be reached at the moment.");
    case KW_LLM_ERROR_LIMIT:
        return _("⚠️ The language model's vendor has a limit that is reached.");
    case KW_LLM_ERROR_KEY:
        return _(
            "⚠️ The language model's vendor refuses the key, or its credit is used up.");
    case KW_LLM_ERROR_MODEL:
        return _("⚠️ The language model does not exist any more; set [claude] model anew.");
    case KW_LLM_ERROR_REQUEST:
        return _("⚠️ The language model's vendor refuses our request.");
    case KW_LLM_ERROR_BUDGET:
        return _("⚠️ The budget for the language model is used up (/tokens).");
    case KW_LLM_ERROR_NONSENSE:
        return _("⚠️ The language model gave no usable answer.");
    }
    return "";
}

static void
mark_up(KwAnalyst *self)
{
    self->down_since_us = 0;
    self->paused_until_us = 0;
    kw_backoff_reset(&self->pause);
}

/* Returns: TRUE when the owner has not heard of it yet */
static gboolean
mark_down(KwAnalyst *self, KwLlmError code)
{
    gboolean is_new = self->down_since_us == 0 || self->down_code != code;

    if (self->down_since_us == 0)
        self->down_since_us = kw_clock_now_us(self->clock);
    self->down_code = code;
    return is_new;
}

/* After a failed request; budgets end at midnight, and a silly answer is no outage. */
static void
pause_asking(KwAnalyst *self, KwLlmError code)
{
    if (code != KW_LLM_ERROR_BUDGET && code != KW_LLM_ERROR_NONSENSE)
        self->paused_until_us =
            kw_clock_monotonic_us(self->clock) + kw_backoff_next_us(&self->pause);
}

/* -- the reply -- */

static void
return_reply(GTask *task, GString *reply)
{
    g_task_return_pointer(task, kw_reply_finish(reply), g_free);
}

/* What the rules have answered, and once why there is no more to it */
static void
finish_without(GTask *task, KwLlmError code, const gchar *why)
{
    KwAnalyst *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    GString *reply = g_string_new(NULL);
    gboolean is_new = mark_down(self, code);

    kw_llm_turn_audit(job->turn, "llm_answer", "none: %s (%s)", code_to_string(code), why);
    if (job->turn->effects->len > 0)
        g_string_append(reply, job->turn->effects->str);
    else
        g_string_append(reply, job->reply);
    if (is_new) {
        kw_log_warning("no answer of the language model", "KW_ERROR", why);
        g_string_append_printf(reply, "\n\n%s\n%s", word_failure(code),
                               _("All commands go on without it: /help"));
    }
    return_reply(task, reply);
}

/* Characters that steer a terminal, turn the direction of writing or are not seen at all have
 * no place in a reply. */
static gboolean
is_plain(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);

    return c == '\n' || (type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT);
}

/* (transfer full): the words of a model as they may be shown, at most MAX_TEXT bytes. A secret
 * is looked for once nothing unseen can hide it, and before the cut could halve it. */
static gchar *
clean_words(KwAnalyst *self, const gchar *text)
{
    g_autoptr(GString) clean = g_string_new(NULL);
    gchar *masked;

    for (const gchar *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (is_plain(g_utf8_get_char(p)))
            g_string_append_unichar(clean, g_utf8_get_char(p));
    masked = kw_redactor_apply(self->desk.redactor, g_strstrip(clean->str));
    if (strlen(masked) > MAX_TEXT) {
        *g_utf8_find_prev_char(masked, masked + MAX_TEXT - strlen("…") + 1) = '\0';
        g_string_printf(clean, "%s…", masked);
        g_free(masked);
        masked = g_string_free(g_steal_pointer(&clean), FALSE);
    }
    return masked;
}

static void
append_tables(GString *reply, KwLlmTurn *turn)
{
    KwIntentId shown = KW_INTENT_NONE;
    guint n = 0;

    g_string_append_printf(reply, "\n\n%s",
                           _("Not every number in it is from my data. This is what they say:"));
    for (guint i = 0; i < turn->reads->len && n < MAX_TABLES; i++) {
        const KwLlmWish *wish = &g_array_index(turn->reads, KwLlmWish, i);
        g_autofree gchar *table = NULL;

        if (wish->intent == shown)
            continue;
        shown = wish->intent;
        table =
            kw_dialog_run(turn->desk.dialog, &turn->inbound, wish->intent, &wish->slots, NULL);
        g_string_append_printf(reply, "\n%s", table);
        n++;
    }
    if (n == 0) { /* it has asked for nothing */
        KwSlots slots;
        g_autofree gchar *status = NULL;

        kw_slots_init(&slots);
        status =
            kw_dialog_run(turn->desk.dialog, &turn->inbound, KW_INTENT_STATUS, &slots, NULL);
        g_string_append_printf(reply, "\n%s", status);
    }
}

static void
remember(KwAnalyst *self, KwLlmTurn *turn, const gchar *answer)
{
    History *history = g_new0(History, 1);

    if (g_hash_table_size(self->history) >= MAX_CHATS)
        g_hash_table_remove_all(self->history);
    history->question = g_strdup(turn->question);
    history->answer = g_strdup(answer);
    history->at_us = kw_clock_monotonic_us(self->clock);
    g_hash_table_replace(self->history, g_strdup(turn->inbound.chat), history);
}

/* It says that something was done, and nothing was: the true state takes its place. */
static void
finish_with_truth(GTask *task)
{
    Job *job = g_task_get_task_data(task);
    KwLlmTurn *turn = job->turn;
    GString *reply = g_string_new(NULL);
    g_autofree gchar *status = NULL;
    KwSlots slots;

    kw_llm_turn_audit(turn, "llm_answer", "claim of a deed replaced by the state");
    kw_slots_init(&slots);
    status = kw_dialog_run(turn->desk.dialog, &turn->inbound, KW_INTENT_STATUS, &slots, NULL);
    g_string_append_printf(reply, "%s\n%s", status,
                           _("Nothing was done. The language model claimed that something was; "
                             "its answer is left out."));
    return_reply(task, reply);
}

static void
finish_with_words(GTask *task, const gchar *text)
{
    KwAnalyst *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    KwLlmTurn *turn = job->turn;
    GString *reply = g_string_new(NULL);
    g_autofree gchar *odd = NULL;
    KwStatusView status;
    gboolean is_borne_out;

    g_ptr_array_add(turn->sources, NULL);
    is_borne_out =
        kw_llm_check_numbers(text, (const gchar *const *) turn->sources->pdata, &odd);
    kw_llm_turn_audit(turn, "llm_answer", "%s%s",
                      is_borne_out ? "words" : "odd number: ", odd != NULL ? odd : "");
    if (turn->outcome.id == KW_INTENT_ANALYSIS) {
        g_string_append_printf(reply, "%s\n\n", job->reply);
    } else {
        kw_query_get_status(turn->desk.query, &status);
        g_string_append_printf(reply, "%s ", kw_words_mode_tag(status.mode));
    }
    g_string_append(reply, "💬 ");
    g_string_append(reply, text);
    if (!is_borne_out)
        append_tables(reply, turn);
    remember(self, turn, text);
    return_reply(task, reply);
}

static void
finish_with_effects(GTask *task)
{
    Job *job = g_task_get_task_data(task);

    kw_llm_turn_audit(job->turn, "llm_answer", "the dialog's words");
    return_reply(task, g_string_new(job->turn->effects->str));
}

static void
finish(GTask *task, const KwLlmMessage *message)
{
    KwAnalyst *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    g_autofree gchar *text = clean_words(self, message->text);
    KwStatusView status;

    if (*text == '\0' ||
        (message->stop != KW_LLM_STOP_END && message->stop != KW_LLM_STOP_CUT)) {
        finish_without(task, KW_LLM_ERROR_NONSENSE,
                       *text == '\0' ? "an empty answer" : "no answer in words");
        return;
    }
    mark_up(self);
    kw_query_get_status(job->turn->desk.query, &status);
    if (job->turn->effects->len > 0)
        finish_with_effects(task);
    else if (kw_llm_claims_effect(text, &status))
        finish_with_truth(task);
    else
        finish_with_words(task, text);
}

/* -- rounds -- */

/* Returns: tokens */
static gint64
count(KwAnalyst *self, const KwLlmUsage *usage, const gchar *by)
{
    const KwLlmModel *model =
        kw_llm_model_table_find(self->models, kw_llm_client_get_model(self->client));
    gint64 tokens = kw_llm_usage_sum(usage);
    gint64 cost = model != NULL ? kw_llm_model_cost(model, usage) : 0;
    g_autofree gchar *text = NULL;
    g_autofree gchar *detail =
        g_strdup_printf("%s %s: %" G_GINT64_FORMAT " tokens, %" G_GINT64_FORMAT " nUSD",
                        kw_llm_client_get_model(self->client),
                        kw_llm_client_get_request_id(self->client), tokens, cost);

    kw_llm_budget_add(&self->budget, tokens, cost);
    text = kw_llm_budget_to_text(&self->budget);
    self->save(text, self->user_data);
    kw_control_audit(self->desk.control, by, "llm_ask", detail);
    return tokens;
}

static void ask(GTask *owned);

/* Takes the reference to the task. */
static void
go_on(GTask *owned, const KwLlmMessage *message)
{
    g_autoptr(GTask) task = owned;
    KwAnalyst *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);

    if (message->stop != KW_LLM_STOP_TOOLS || message->calls->len == 0 || job->is_last) {
        finish(task, message);
        return;
    }
    kw_llm_turn_run_calls(job->turn, message, KW_ANALYST_MAX_CALLS);
    job->is_last = job->turn->n_calls >= KW_ANALYST_MAX_CALLS ||
                   job->n_rounds + 1 >= KW_ANALYST_MAX_ROUNDS ||
                   job->tokens >= self->message_tokens || job->turn->effects->len > 0;
    if (job->turn->effects->len > 0)
        finish_with_effects(task); /* nothing is left to be said */
    else if (kw_llm_budget_is_used_up(&self->budget))
        finish_without(task, KW_LLM_ERROR_BUDGET, "used up by this message");
    else
        ask(g_steal_pointer(&task));
}

static void
on_asked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwAnalyst *self = g_task_get_source_object(task);
    Job *job = g_task_get_task_data(task);
    g_autofree gchar *by = NULL;
    g_autoptr(GError) error = NULL;
    KwLlmUsage usage;
    g_autoptr(KwLlmMessage) message =
        kw_llm_client_ask_finish(KW_LLM_CLIENT(source), result, &usage, &error);

    by = g_strdup_printf("%s:%s", job->turn->inbound.chat, job->turn->inbound.sender);
    job->tokens += count(self, &usage, by);
    if (message != NULL) {
        kw_llm_message_mask(message, self->desk.redactor);
        go_on(g_steal_pointer(&task), message);
        return;
    }
    pause_asking(self, (KwLlmError) error->code);
    finish_without(task, (KwLlmError) error->code, error->message);
}

/* Takes the reference to the task. */
static void
ask(GTask *owned)
{
    KwAnalyst *self = g_task_get_source_object(owned);
    Job *job = g_task_get_task_data(owned);
    const KwLlmModel *model =
        kw_llm_model_table_find(self->models, kw_llm_client_get_model(self->client));
    KwLlmRequest request = {
        .system = self->prompt,
        .tools = self->tools,
        .messages = job->turn->messages,
        .may_call = !job->is_last,
        .takes_sampling = model != NULL && model->takes_sampling,
        .until_us = job->until_us,
    };

    job->n_rounds++;
    kw_llm_client_ask_async(self->client, &request, on_asked, owned);
}

/* -- a message -- */

static void
roll_budget(KwAnalyst *self)
{
    kw_llm_budget_roll(&self->budget,
                       kw_zone_get_date(self->desk.zone, kw_clock_now_us(self->clock)));
}

/* Returns: FALSE when asking is of no use now; @out_code says why */
static gboolean
may_ask(KwAnalyst *self, KwLlmError *out_code)
{
    roll_budget(self);
    *out_code = KW_LLM_ERROR_BUDGET;
    if (kw_llm_budget_is_used_up(&self->budget))
        return FALSE;
    *out_code = KW_LLM_ERROR_LIMIT;
    if (kw_llm_client_get_spent_until_us(self->client) > kw_clock_now_us(self->clock))
        return FALSE;
    *out_code = self->down_code;
    return kw_clock_monotonic_us(self->clock) >= self->paused_until_us;
}

/* A message that may act is sent alone: what was answered before could speak for it. */
static void
add_history(KwAnalyst *self, KwLlmTurn *turn)
{
    const History *history = g_hash_table_lookup(self->history, turn->inbound.chat);

    if (history != NULL && !turn->outcome.may_act &&
        kw_clock_monotonic_us(self->clock) - history->at_us <= HISTORY_US)
        kw_llm_turn_add_before(turn, history->question, history->answer);
}

void
kw_analyst_answer_async(KwAnalyst *self,
                        const KwInbound *inbound,
                        const KwDialogOutcome *outcome,
                        const gchar *reply,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
    g_autoptr(GTask) task = NULL;
    Job *job;
    KwLlmError code;

    g_return_if_fail(KW_IS_ANALYST(self) && inbound != NULL && outcome != NULL);
    g_return_if_fail(reply != NULL);

    task = g_task_new(self, NULL, callback, user_data);
    g_task_set_source_tag(task, kw_analyst_answer_async);
    job = g_new0(Job, 1);
    job->turn = kw_llm_turn_new(&self->desk, inbound, outcome);
    job->reply = g_strdup(reply);
    job->until_us = kw_clock_monotonic_us(self->clock) + KW_ANALYST_MAX_US;
    g_task_set_task_data(task, job, job_free);
    if (!may_ask(self, &code)) {
        finish_without(task, code, "not asked");
        return;
    }
    self->budget.day_questions++;
    add_history(self, job->turn);
    ask(g_steal_pointer(&task));
}

gchar *
kw_analyst_answer_finish(KwAnalyst *self, GAsyncResult *result)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), NULL);
}

/* -- at night -- */

static void
add_view(KwAnalyst *self, GPtrArray *sources, KwIntentId intent, const KwSlots *slots)
{
    g_autofree gchar *view = kw_llm_view_of(self->desk.query, intent, slots, self->desk.zone,
                                            kw_clock_now_us(self->desk.market_clock));

    if (view != NULL && strlen(view) <= KW_LLM_VIEW_MAX_BYTES)
        g_ptr_array_add(sources, kw_redactor_apply(self->desk.redactor, view));
}

/* The last seven days, and what counts now; ended by NULL */
static GPtrArray *
collect_figures(KwAnalyst *self)
{
    static const KwIntentId questions[] = {KW_INTENT_STATUS,      KW_INTENT_PROFIT,
                                           KW_INTENT_TRADE_STATS, KW_INTENT_DRAWDOWN,
                                           KW_INTENT_PRICE,       KW_INTENT_RISK_STATUS};
    GPtrArray *sources = g_ptr_array_new_with_free_func(g_free);
    KwDate today = kw_zone_get_date(self->desk.zone, kw_clock_now_us(self->desk.market_clock));
    KwSlots slots;

    kw_slots_init(&slots);
    slots.span =
        (KwSpan){.kind = KW_SPAN_DAYS, .from = kw_date_add_days(today, -6), .to = today};
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        add_view(self, sources, questions[i], &slots);
    g_ptr_array_add(sources, NULL);
    return sources;
}

/* Why the text of a night is not kept, or NULL */
static const gchar *
find_fault(KwAnalyst *self, const KwLlmMessage *message, const gchar *text, GPtrArray *sources)
{
    KwStatusView status;

    kw_query_get_status(self->desk.query, &status);
    if (*text == '\0' || message->stop != KW_LLM_STOP_END)
        return "no whole text";
    if (kw_llm_claims_effect(text, &status))
        return "claims a deed";
    if (!kw_llm_check_numbers(text, (const gchar *const *) sources->pdata, NULL))
        return "a number that is not in the figures";
    return NULL;
}

static void
on_reflected(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwAnalyst *self = g_task_get_source_object(task);
    g_autoptr(GError) error = NULL;
    KwLlmUsage usage;
    g_autoptr(KwLlmMessage) message =
        kw_llm_client_ask_finish(KW_LLM_CLIENT(source), result, &usage, &error);
    g_autofree gchar *text = message != NULL ? clean_words(self, message->text) : NULL;
    const gchar *fault = NULL;

    (void) count(self, &usage, "analyst");
    if (message == NULL)
        fault = error->message;
    else
        fault = find_fault(self, message, text, g_task_get_task_data(task));
    kw_control_audit(self->desk.control, "analyst", "llm_outlook",
                     fault != NULL ? fault : "kept");
    if (fault == NULL)
        kw_analyst_set_outlook(self, text, kw_clock_now_us(self->clock));
    g_task_return_pointer(task, fault == NULL ? g_steal_pointer(&text) : NULL, g_free);
}

void
kw_analyst_reflect_async(KwAnalyst *self, GAsyncReadyCallback callback, gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(self, NULL, callback, user_data);
    g_autoptr(JsonArray) messages = json_array_new();
    GPtrArray *sources = collect_figures(self);
    g_autofree gchar *figures = g_strjoinv("\n", (gchar **) sources->pdata);
    JsonObject *message = json_object_new();
    KwLlmRequest request = {
        .system = self->night_prompt,
        .messages = messages,
        .until_us = kw_clock_monotonic_us(self->clock) + KW_ANALYST_MAX_US,
    };
    KwLlmError code;

    g_task_set_source_tag(task, kw_analyst_reflect_async);
    g_task_set_task_data(task, sources, (GDestroyNotify) g_ptr_array_unref);
    json_object_set_string_member(message, "role", "user");
    json_object_set_string_member(message, "content", figures);
    json_array_add_object_element(messages, message);
    if (may_ask(self, &code))
        kw_llm_client_ask_async(self->client, &request, on_reflected, g_steal_pointer(&task));
    else
        g_task_return_pointer(task, NULL, NULL);
}

gchar *
kw_analyst_reflect_finish(KwAnalyst *self, GAsyncResult *result)
{
    g_return_val_if_fail(g_task_is_valid(result, self), NULL);

    return g_task_propagate_pointer(G_TASK(result), NULL);
}

void
kw_analyst_set_outlook(KwAnalyst *self, const gchar *text, gint64 time_us)
{
    g_return_if_fail(KW_IS_ANALYST(self) && text != NULL);

    g_free(self->outlook);
    self->outlook = g_strdup(text);
    self->outlook_us = time_us;
}

/* -- port -- */

static KwDecimal
to_dollars(gint64 nano)
{
    KwDecimal dollars = {.mant = nano, .scale = 9};

    (void) kw_decimal_rescale(dollars, 4, KW_ROUND_UP, &dollars, NULL);
    return dollars;
}

static void
get_view(KwAssistant *assistant, KwAssistantView *out)
{
    KwAnalyst *self = KW_ANALYST(assistant);
    const KwLlmBudget *budget = &self->budget;

    roll_budget(self);
    *out = (KwAssistantView){
        .tokens_day = budget->day_tokens,
        .tokens_month = budget->month_tokens,
        .n_questions_day = budget->day_questions,
        .cost_day = to_dollars(budget->day_cost),
        .cost_month = to_dollars(budget->month_cost),
        .budget_day = to_dollars(budget->day_limit),
        .budget_month = to_dollars(budget->month_limit),
        .down_since_us = self->down_since_us,
        .outlook_us = self->outlook_us,
    };
    g_strlcpy(out->model, kw_llm_client_get_model(self->client), sizeof out->model);
    g_strlcpy(out->price_date, kw_llm_model_table_get_date(self->models),
              sizeof out->price_date);
    if (self->outlook != NULL)
        g_strlcpy(out->outlook, self->outlook, sizeof out->outlook);
    if (self->down_since_us > 0)
        g_strlcpy(out->down_reason, code_to_string(self->down_code), sizeof out->down_reason);
}

/* -- object -- */

KwAnalyst *
kw_analyst_new(const KwAnalystOptions *options)
{
    KwAnalyst *self = g_object_new(KW_TYPE_ANALYST, NULL);

    self->client = g_object_ref(options->client);
    self->clock = g_object_ref(options->clock);
    self->desk = (KwLlmDesk){
        .dialog = options->dialog,
        .query = g_object_ref(options->query),
        .control = g_object_ref(options->control),
        .market_clock = g_object_ref(options->market_clock),
        .zone = kw_zone_ref(options->zone),
        .redactor = options->redactor,
    };
    self->models = options->models;
    self->prompt = g_strdup(options->prompt);
    self->night_prompt = g_strdup(options->night_prompt);
    self->tools = kw_llm_tools_new();
    self->budget = options->budget;
    self->message_tokens = options->message_tokens;
    self->save = options->save;
    self->user_data = options->user_data;
    roll_budget(self);
    if (!kw_llm_budget_take_text(&self->budget, options->stored))
        kw_log_critical("the stored use of the language model cannot be read; it stays off");
    kw_backoff_init(&self->pause, PAUSE_MIN_US, PAUSE_MAX_US,
                    (guint64) kw_clock_monotonic_us(self->clock));
    return self;
}

static void
kw_analyst_finalize(GObject *object)
{
    KwAnalyst *self = KW_ANALYST(object);

    g_clear_object(&self->client);
    g_clear_object(&self->clock);
    g_clear_object(&self->desk.query);
    g_clear_object(&self->desk.control);
    g_clear_object(&self->desk.market_clock);
    g_clear_pointer(&self->desk.zone, kw_zone_unref);
    g_clear_pointer(&self->tools, json_array_unref);
    g_clear_pointer(&self->history, g_hash_table_unref);
    g_free(self->prompt);
    g_free(self->night_prompt);
    g_free(self->outlook);

    G_OBJECT_CLASS(kw_analyst_parent_class)->finalize(object);
}

static void
kw_analyst_class_init(KwAnalystClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = kw_analyst_finalize;
}

static void
kw_analyst_assistant_init(KwAssistantInterface *iface)
{
    iface->get_view = get_view;
}

static void
kw_analyst_init(KwAnalyst *self)
{
    self->history = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, history_free);
}
