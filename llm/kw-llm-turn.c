/* kw-llm-turn.c: calls of a model, carried out
 *
 * Two things keep what a model reads from acting. An effect needs the owner's own, fresh
 * message with nothing in it that speaks against a wish (the dialog's outcome); and it needs
 * that nothing else has been sent to the model in this turn: as soon as a log line, a pair's
 * name or an old answer has been, the turn is tainted, and no call acts any more. What a model
 * is talked into by such a text has no hands. Effects go through the dialog, with its codes; a
 * code goes to the owner and never into a message to the model. */
#include "kw-llm-turn.h"

#include "kw-command.h"
#include "kw-escape.h"
#include "kw-json.h"
#include "kw-llm-view.h"

#include <string.h>

#define MAX_QUOTED 120 /* bytes of a name or an input in the audit trail */

/* -- messages -- */

static void
add_message(KwLlmTurn *self, const gchar *role, const gchar *text)
{
    JsonObject *message = json_object_new();

    json_object_set_string_member(message, "role", role);
    json_object_set_string_member(message, "content", text);
    json_array_add_object_element(self->messages, message);
}

/* Time and mode stand here and not in the prompt, which has to stay the same to be cached. */
static gchar *
word_moment(const KwLlmTurn *self)
{
    gint64 now_us = kw_clock_now_us(self->desk.market_clock);
    KwLocalTime now = kw_zone_split(self->desk.zone, now_us);
    KwStatusView status;
    gchar day[KW_DATE_TEXT_SIZE];

    kw_query_get_status(self->desk.query, &status);
    return g_strdup_printf("Es ist %s %02d:%02d, Modus %s.", kw_date_to_text(now.date, day),
                           now.hour, now.minute,
                           status.mode == KW_MODE_LIVE ? "live" : "Trockenlauf");
}

static gchar *
word_message(const KwLlmTurn *self, const gchar *moment)
{
    g_autofree gchar *text =
        g_utf8_make_valid(self->inbound.text, (gssize) self->inbound.length);
    g_autofree gchar *own = kw_redactor_apply(self->desk.redactor, text);

    return g_strdup_printf("%s\nNachricht des Inhabers:\n%s", moment, own);
}

void
kw_llm_turn_add_before(KwLlmTurn *self, const gchar *question, const gchar *answer)
{
    g_autoptr(JsonArray) present = g_steal_pointer(&self->messages);

    self->messages = json_array_new();
    add_message(self, "user", question);
    add_message(self, "assistant", answer);
    for (guint i = 0; i < json_array_get_length(present); i++)
        json_array_add_element(self->messages, json_array_dup_element(present, i));
    self->is_tainted = TRUE;
}

/* -- audit -- */

void
kw_llm_turn_audit(KwLlmTurn *self, const gchar *action, const gchar *format, ...)
{
    g_autofree gchar *by = g_strdup_printf("%s:%s", self->inbound.chat, self->inbound.sender);
    g_autofree gchar *raw = NULL;
    g_autofree gchar *detail = NULL;
    va_list args;

    va_start(args, format);
    raw = g_strdup_vprintf(format, args);
    va_end(args);
    detail = kw_redactor_apply(self->desk.redactor, raw);
    kw_control_audit(self->desk.control, by, action, detail);
}

static void
audit_call(KwLlmTurn *self, const KwLlmCall *call, const gchar *result)
{
    g_autoptr(JsonNode) root = NULL;
    g_autofree gchar *input = NULL;
    g_autofree gchar *safe_input = NULL;
    g_autofree gchar *safe_name = kw_escape_bytes(call->name, -1, MAX_QUOTED);

    if (call->input != NULL) {
        root = json_node_init_object(json_node_alloc(), call->input);
        input = kw_json_to_text(root);
    }
    safe_input = kw_escape_bytes(input != NULL ? input : "-", -1, MAX_QUOTED);
    kw_llm_turn_audit(self, "llm_tool", "%s %s: %s", safe_name, safe_input, result);
}

/* -- a call -- */

/* The dialog's own words, for questions without a view */
static gchar *
word_as_data(KwLlmTurn *self, const KwLlmWish *wish)
{
    g_autofree gchar *reply =
        kw_dialog_run(self->desk.dialog, &self->inbound, wish->intent, &wish->slots, NULL);
    g_autofree gchar *safe = kw_escape_bytes(reply, -1, KW_LLM_VIEW_MAX_BYTES / 4);
    g_autoptr(JsonBuilder) json = json_builder_new();

    json_builder_begin_object(json);
    kw_json_add_string(json, "text_as_data", safe);
    json_builder_end_object(json);
    return kw_json_builder_to_text(json);
}

static gchar *
read_data(KwLlmTurn *self, const KwLlmWish *wish)
{
    g_autofree gchar *view =
        kw_llm_view_of(self->desk.query, wish->intent, &wish->slots, self->desk.zone,
                       kw_clock_now_us(self->desk.market_clock));
    g_autofree gchar *raw = view != NULL ? NULL : word_as_data(self, wish);
    gchar *data = kw_redactor_apply(self->desk.redactor, view != NULL ? view : raw);

    if (strlen(data) > KW_LLM_VIEW_MAX_BYTES) { /* half an object would be none */
        g_free(data);
        data = g_strdup("{\"error\":\"too much; ask for fewer rows or a shorter period\"}");
    }
    g_ptr_array_add(self->sources, g_strdup(data));
    g_array_append_val(self->reads, *wish);
    return data;
}

static const gchar *
why_not(const KwLlmTurn *self, gboolean was_tainted)
{
    if (!self->outcome.may_act)
        return "refused: the owner's message is no wish to act; nothing was changed";
    if (was_tainted)
        return "refused: only the owner's message alone can lead to it; nothing was changed";
    return self->effects->len > 0 ? "refused: one action a message" : NULL;
}

/* What is done and said to the owner; the model hears only whether. */
static gchar *
act(KwLlmTurn *self, const KwLlmWish *wish)
{
    g_autofree gchar *effect = NULL;
    g_autofree gchar *reply =
        kw_dialog_run(self->desk.dialog, &self->inbound, wish->intent, &wish->slots, &effect);

    g_string_append(self->effects, reply);
    if (*effect == '\0')
        return g_strdup("{\"result\":\"not done; the owner is told why\"}");
    if (strcmp(effect, KW_DIALOG_CODE_SENT) == 0)
        return g_strdup("{\"result\":\"not done yet; the owner is asked to confirm it\"}");
    return g_strdup("{\"result\":\"done; the owner is told\"}");
}

/* Returns: (transfer full): the result of one call */
static gchar *
run_call(KwLlmTurn *self, const KwLlmCall *call, gboolean was_tainted, gboolean *out_failed)
{
    g_autoptr(GError) error = NULL;
    KwLlmWish wish;
    const gchar *refusal;

    *out_failed = TRUE;
    if (!kw_llm_tool_read(call->name, call->input, self->desk.zone,
                          kw_clock_now_us(self->desk.market_clock), &wish, &error)) {
        audit_call(self, call, error->message);
        return g_strdup_printf("refused: %s", error->message);
    }
    if (wish.kind == KW_LLM_TOOL_READ) {
        *out_failed = FALSE;
        audit_call(self, call, "read");
        return read_data(self, &wish);
    }
    refusal = why_not(self, was_tainted);
    audit_call(self, call, refusal != NULL ? refusal : "passed to the dialog");
    if (refusal != NULL)
        return g_strdup(refusal);
    *out_failed = FALSE;
    return act(self, &wish);
}

static JsonObject *
result_new(const KwLlmCall *call, const gchar *content, gboolean failed)
{
    JsonObject *result = json_object_new();

    json_object_set_string_member(result, "type", "tool_result");
    json_object_set_string_member(result, "tool_use_id", call->id);
    json_object_set_string_member(result, "content", content);
    if (failed)
        json_object_set_boolean_member(result, "is_error", TRUE);
    return result;
}

void
kw_llm_turn_run_calls(KwLlmTurn *self, const KwLlmMessage *message, guint max_calls)
{
    JsonObject *asked = json_object_new(), *answered = json_object_new();
    JsonArray *results = json_array_new();
    gboolean was_tainted = self->is_tainted;

    for (guint i = 0; i < message->calls->len; i++) {
        const KwLlmCall *call = &g_array_index(message->calls, KwLlmCall, i);
        g_autofree gchar *content = NULL;
        gboolean failed = TRUE;

        if (self->n_calls >= max_calls)
            content = g_strdup("refused: too many calls; answer with what you have");
        else
            content = run_call(self, call, was_tainted, &failed);
        self->n_calls++;
        json_array_add_object_element(results, result_new(call, content, failed));
    }
    self->is_tainted = TRUE;
    json_object_set_string_member(asked, "role", "assistant");
    json_object_set_array_member(asked, "content", json_array_ref(message->content));
    json_array_add_object_element(self->messages, asked);
    json_object_set_string_member(answered, "role", "user");
    json_object_set_array_member(answered, "content", results);
    json_array_add_object_element(self->messages, answered);
}

/* -- life -- */

KwLlmTurn *
kw_llm_turn_new(const KwLlmDesk *desk, const KwInbound *inbound, const KwDialogOutcome *outcome)
{
    KwLlmTurn *self = g_new0(KwLlmTurn, 1);
    gchar *moment;

    self->desk = *desk;
    self->inbound = *inbound;
    self->inbound.chat = g_strdup(inbound->chat);
    self->inbound.sender = g_strdup(inbound->sender);
    self->inbound.text = g_strndup(inbound->text, inbound->length);
    self->inbound.quoted = NULL;
    self->outcome = *outcome;
    self->messages = json_array_new();
    self->sources = g_ptr_array_new_with_free_func(g_free);
    self->reads = g_array_new(FALSE, FALSE, sizeof(KwLlmWish));
    self->effects = g_string_new(NULL);
    moment = word_moment(self);
    self->question = word_message(self, moment);
    add_message(self, "user", self->question);
    g_ptr_array_add(self->sources, moment);
    return self;
}

void
kw_llm_turn_free(KwLlmTurn *self)
{
    if (self == NULL)
        return;
    g_free((gchar *) self->inbound.chat);
    g_free((gchar *) self->inbound.sender);
    g_free((gchar *) self->inbound.text);
    g_free(self->question);
    json_array_unref(self->messages);
    g_ptr_array_unref(self->sources);
    g_array_unref(self->reads);
    g_string_free(self->effects, TRUE);
    g_free(self);
}
