#include "kw-analyst-rig.h"

#include "kw-fake-day.h"
#include "kw-test.h"

#include <string.h>

#define MODELS                                                                                 \
    "[table]\ndate = 2026-10-15\n[m]\ninput = 1\noutput = 5\nwrite_5m = 1\nwrite_1h = 1\n"     \
    "read = 1\nsampling = true\n"

static void
give_code(gchar *code, gpointer user_data)
{
    g_strlcpy(code, KW_ANALYST_RIG_CODE, KW_DIALOG_CODE_SIZE);
}

static void
on_save(const gchar *text, gpointer user_data)
{
    KwAnalystRig *self = user_data;

    g_free(self->saved);
    self->saved = g_strdup(text);
}

void
kw_analyst_rig_remake(KwAnalystRig *self)
{
    KwLlmEndpoint endpoint = {
        .base_url = kw_fake_claude_get_url(self->vendor),
        .key = self->key,
        .model = "m",
        .max_tokens = 1024,
        .first_ms = self->first_ms,
        .idle_ms = 1000,
    };

    kw_dialog_set_assistant(self->dialog, NULL);
    g_clear_object(&self->analyst);
    g_clear_object(&self->client);
    self->client = kw_llm_client_new(self->http, self->clock, &endpoint);
    self->options.client = self->client;
    self->analyst = kw_analyst_new(&self->options);
    kw_dialog_set_assistant(self->dialog, KW_ASSISTANT(self->analyst));
}

void
kw_analyst_rig_set_up(KwAnalystRig *self, gconstpointer unused)
{
    KwDialogSettings settings = {.language = KW_LANGUAGE_DE, .address = KW_ADDRESS_DU};

    self->loop = g_main_loop_new(NULL, FALSE);
    self->first_ms = 900;
    self->vendor = kw_fake_claude_new();
    self->desk = kw_fake_desk_new();
    self->market = kw_fake_clock_new(KW_TEST_T0_US);
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->http = kw_http_new("kurswart-test", NULL);
    self->zone = kw_zone_new("Europe/Vienna", NULL);
    self->key = kw_secret_new(KW_ANALYST_RIG_KEY, strlen(KW_ANALYST_RIG_KEY));
    self->redactor = kw_redactor_new();
    kw_redactor_add(self->redactor, self->key);
    self->models = kw_llm_model_table_parse(MODELS, NULL);
    settings.zone = self->zone;
    settings.redactor = self->redactor;
    self->desk->all_audits = self->audits = g_string_new(NULL);
    self->dialog = kw_dialog_new(KW_QUERY(self->desk), KW_CONTROL(self->desk),
                                 KW_CLOCK(self->market), &settings, give_code, self);
    self->options = (KwAnalystOptions){
        .dialog = self->dialog,
        .query = KW_QUERY(self->desk),
        .control = KW_CONTROL(self->desk),
        .clock = self->clock,
        .market_clock = KW_CLOCK(self->market),
        .zone = self->zone,
        .redactor = self->redactor,
        .models = self->models,
        .prompt = "Du bist Analyst.",
        .night_prompt = "Es ist Nacht.",
        .budget = {.day_limit = 1000000000, .month_limit = 1000000000},
        .message_tokens = 30000,
        .save = on_save,
        .user_data = self,
    };
    kw_analyst_rig_remake(self);
}

void
kw_analyst_rig_tear_down(KwAnalystRig *self, gconstpointer unused)
{
    kw_dialog_free(self->dialog);
    g_clear_object(&self->analyst);
    g_clear_object(&self->client);
    kw_fake_claude_free(self->vendor);
    g_object_unref(self->desk);
    g_string_free(self->audits, TRUE);
    g_object_unref(self->market);
    g_object_unref(self->clock);
    g_object_unref(self->http);
    kw_zone_unref(self->zone);
    kw_secret_free(self->key);
    kw_redactor_free(self->redactor);
    kw_llm_model_table_free(self->models);
    g_free(self->saved);
    g_free(self->reply);
    g_main_loop_unref(self->loop);
}

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwAnalystRig *self = user_data;

    self->reply = kw_analyst_answer_finish(KW_ANALYST(source), result);
    g_main_loop_quit(self->loop);
}

const gchar *
kw_analyst_rig_say(KwAnalystRig *self, const gchar *text)
{
    KwInbound inbound = {
        .chat = "admin",
        .sender = "1000",
        .text = text,
        .length = strlen(text),
        .sent_us = kw_clock_now_us(KW_CLOCK(self->market)),
        .rights = self->rights,
    };
    g_autofree gchar *reply = kw_dialog_handle(self->dialog, &inbound);
    KwDialogOutcome outcome = *kw_dialog_get_outcome(self->dialog);

    g_clear_pointer(&self->reply, g_free);
    if (!outcome.wants_model) {
        self->reply = g_steal_pointer(&reply);
        return self->reply;
    }
    kw_analyst_answer_async(self->analyst, &inbound, &outcome, reply, on_answered, self);
    if (self->reply == NULL)
        g_main_loop_run(self->loop);
    g_assert_nonnull(self->reply);
    g_assert_true(g_utf8_validate(self->reply, -1, NULL));
    g_assert_cmpuint(strlen(self->reply), >, 0);
    g_assert_cmpuint(strlen(self->reply), <=, KW_DIALOG_MAX_BYTES);
    return self->reply;
}

void
kw_analyst_rig_push_call(KwAnalystRig *self, const gchar *name, const gchar *input)
{
    g_autofree gchar *json = kw_fake_claude_call(name, input);

    kw_fake_claude_push_message(self->vendor, json);
}

void
kw_analyst_rig_push_words(KwAnalystRig *self, const gchar *text)
{
    g_autofree gchar *json = kw_fake_claude_say(text);

    kw_fake_claude_push_message(self->vendor, json);
}
