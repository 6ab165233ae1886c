/* kw-live-drill.c: kurswart live drill
 *
 * The kill switch is only worth something when it has been tried. The drill says "kill" to the
 * running bot as the owner would, and then believes nothing of the answer: the latch on the
 * disk has to be on, and no buy may be written down in the two seconds that follow. The switch
 * stays on: releasing it, with its code, is the owner's part of the drill. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-live-parts.h"

#include "kw-cli.h"
#include "kw-clock.h"
#include "kw-error.h"
#include "kw-evidence.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-kill-file.h"
#include "kw-line-pipe.h"
#include "kw-options.h"

#include <sysexits.h>
#include <unistd.h>

#define PATIENCE_US (10 * G_TIME_SPAN_SECOND)
#define QUIET_US (2 * G_TIME_SPAN_SECOND)
#define MAX_ANSWER_US (2 * G_TIME_SPAN_SECOND)

typedef struct {
    const KwSettings *settings;
    KwClock *clock;
    KwLinePipe *pipe;
    GMainLoop *loop;
    gchar *reply; /* owned; NULL: none came */
} Drill;

static void
on_line(const gchar *line, gsize length, gpointer user_data)
{
    Drill *self = user_data;
    g_autoptr(JsonNode) root = kw_json_parse_text(line, (gssize) length, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    const gchar *text = NULL;

    if (object == NULL || !kw_json_get_string(object, "reply", &text, NULL))
        return;
    g_free(self->reply);
    self->reply = g_strdup(text);
    g_main_loop_quit(self->loop);
}

static void
on_overlong(gpointer user_data)
{
    (void) user_data;
}

static void
on_end(KwLineEnd reason, gpointer user_data)
{
    (void) reason;
    g_main_loop_quit(((Drill *) user_data)->loop);
}

static void
on_late(gpointer user_data)
{
    g_main_loop_quit(((Drill *) user_data)->loop);
}

static void
wait_us(Drill *self, gint64 span_us)
{
    guint timer = kw_clock_call_in(self->clock, span_us, on_late, self);

    g_main_loop_run(self->loop);
    kw_clock_cancel(self->clock, timer);
}

static gboolean
is_latched(const Drill *self)
{
    g_auto(KwKillRecord) record = {0};

    kw_kill_file_read(self->settings->root, NULL, &record);
    return record.state == KW_KILL_ON;
}

static int
keep(const Drill *self, gboolean is_good, gint64 answer_us)
{
    KwEvidence row = {
        .time_us = kw_clock_now_us(self->clock),
        .kind = KW_EVIDENCE_DRILL,
        .is_good = is_good,
    };
    g_autoptr(GError) error = NULL;

    g_snprintf(row.subject, sizeof row.subject, "uid:%u", (guint) getuid());
    g_snprintf(row.detail, sizeof row.detail,
               is_good ? _("on after %d ms, nothing bought after it")
                       : _("did not hold (answer after %d ms)"),
               (gint) (answer_us / 1000));
    if (!kw_evidence_add(self->settings->root, &row, &error))
        return kw_cli_fail_error(error, NULL);
    g_print("%s\n", row.detail);
    if (is_good)
        g_print("%s\n", _("Kept as evidence. The kill switch stays ON: release it in the chat "
                          "with “Kill switch off” and the code, then start again."));
    return is_good ? 0 : KW_EXIT_NO;
}

static int
run(Drill *self)
{
    gint64 begin_us = kw_clock_monotonic_us(self->clock), answer_us;
    guint n_before;
    gboolean is_good;

    (void) kw_line_pipe_send(self->pipe, "{\"id\":1,\"text\":\"/kill\"}", NULL);
    wait_us(self, PATIENCE_US);
    answer_us = kw_clock_monotonic_us(self->clock) - begin_us;
    if (self->reply == NULL)
        return kw_cli_fail(EX_UNAVAILABLE, _("The daemon does not answer."),
                           _("kurswart doctor, or: systemctl restart kurswart"));
    g_print("%s\n\n", self->reply);
    n_before = kw_evidence_count_buys(self->settings->root);
    wait_us(self, QUIET_US);
    is_good = is_latched(self) && answer_us <= MAX_ANSWER_US &&
              kw_evidence_count_buys(self->settings->root) == n_before;
    return keep(self, is_good, answer_us);
}

static int
drill(const KwSettings *settings)
{
    static const KwLinePipeFuncs funcs = {on_line, on_overlong, on_end};
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    g_autoptr(GError) error = NULL;
    Drill self = {.settings = settings, .clock = KW_CLOCK(clock)};
    int status;

    if (is_latched(&self))
        return kw_cli_fail(KW_EXIT_NO, _("the kill switch is on already"),
                           _("release it in the chat with “Kill switch off” and the code"));
    self.pipe = kw_line_pipe_connect(settings->socket, &funcs, &self, &error);
    if (self.pipe == NULL)
        return kw_cli_fail(EX_UNAVAILABLE, _("The drill needs a running bot."),
                           _("kurswart run, or: systemctl start kurswart"));
    self.loop = g_main_loop_new(NULL, FALSE);
    status = run(&self);
    g_clear_pointer(&self.pipe, kw_line_pipe_free);
    g_clear_pointer(&self.loop, g_main_loop_unref);
    g_free(self.reply);
    return status;
}

int
kw_live_drill(int argc, char **argv)
{
    g_auto(KwLiveOptions) options = {0};
    const GOptionEntry entries[] = {
        KW_LIVE_OPTION_ENTRIES(&options),
        G_OPTION_ENTRY_NULL,
    };
    const KwOptionsPage page = {
        .usage = "live drill",
        .summary = _("Turns the kill switch of the running bot on and sees that it holds."),
        .example = "kurswart live drill",
        .entries = entries,
    };
    g_autoptr(KwSettings) settings = NULL;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    settings = kw_live_options_load(&options);
    return settings != NULL ? drill(settings) : EX_CONFIG;
}
