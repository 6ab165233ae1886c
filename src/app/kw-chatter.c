#include "kw-chatter.h"

#include "kw-script.h"

#include <string.h>

struct _KwChatter {
    KwBot *bot;     /* owned */
    KwClock *clock; /* owned */
    GArray *script; /* owned */
    KwChatterEvents events;
    gpointer user_data;
    guint next_line, n_lines;
    guint timer;
};

/* A line of exactly four digits is the code that the bot asks for. */
static gchar *
find_code(const gchar *reply)
{
    g_auto(GStrv) lines = g_strsplit(reply, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        if (strlen(lines[i]) == 4 && strspn(lines[i], "0123456789") == 4)
            return g_strdup(lines[i]);
    }
    return NULL;
}

static void say(KwChatter *self, const gchar *text);

static void
on_answered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwChatter *self = user_data;
    g_autoptr(KwAnswer) answer = kw_bot_answer_finish(KW_BOT(source), result);
    g_autofree gchar *code = find_code(answer->text);

    if (self->events.is_verbose)
        g_printerr("%s\n\n", answer->text);
    if (code != NULL)
        say(self, code);
    if (self->events.answered != NULL)
        self->events.answered(self->user_data);
}

static void
say(KwChatter *self, const gchar *text)
{
    KwInbound inbound = {
        .chat = "admin",
        .sender = "script",
        .text = text,
        .length = strlen(text),
        .sent_us = kw_clock_now_us(self->clock),
    };

    self->n_lines++;
    if (self->events.is_verbose)
        g_printerr("> %s\n", text);
    if (self->events.said != NULL)
        self->events.said(self->user_data);
    kw_bot_answer_async(self->bot, &inbound, on_answered, self);
}

static void arm(KwChatter *self);

static void
on_line_due(gpointer user_data)
{
    KwChatter *self = user_data;
    const KwScriptLine *line = &g_array_index(self->script, KwScriptLine, self->next_line);

    self->timer = 0;
    self->next_line++;
    say(self, line->text);
    arm(self);
}

static void
arm(KwChatter *self)
{
    if (self->next_line == self->script->len)
        return;
    self->timer = kw_clock_call_at(
        self->clock, g_array_index(self->script, KwScriptLine, self->next_line).time_us,
        on_line_due, self);
}

KwChatter *
kw_chatter_new(KwBot *bot,
               KwClock *clock,
               GArray *script,
               gint64 after_us,
               const KwChatterEvents *events,
               gpointer user_data)
{
    KwChatter *self = g_new0(KwChatter, 1);

    self->bot = g_object_ref(bot);
    self->clock = g_object_ref(clock);
    self->script = script;
    self->events = *events;
    self->user_data = user_data;
    while (self->next_line < script->len &&
           g_array_index(script, KwScriptLine, self->next_line).time_us <= after_us)
        self->next_line++;
    arm(self);
    return self;
}

void
kw_chatter_free(KwChatter *self)
{
    if (self == NULL)
        return;
    kw_clock_cancel(self->clock, self->timer);
    g_array_unref(self->script);
    g_object_unref(self->clock);
    g_object_unref(self->bot);
    g_free(self);
}

guint
kw_chatter_get_n_lines(const KwChatter *self)
{
    return self->n_lines;
}
