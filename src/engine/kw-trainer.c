/* kw-trainer.c: the child that trains, what it says and how it ends
 *
 * The child is "kurswart train", the same that the owner would call. What keeps trading from
 * being slowed is the kernel's: lowest priority, a limit of memory, and it is the first to go
 * when memory runs out. It is asked to end when this process dies, however it dies, so two
 * never work on one folder; its command stands in the store meanwhile, and the next start calls
 * it again: "--resume" goes on from the newest checkpoint.
 *
 * A child that was killed is begun again after a minute; a second kill more, and it is told as
 * failed: what kills it (a limit of memory, say) would do so for ever. SIGTERM by somebody is
 * a wish to stop. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-trainer.h"

#include "kw-background.h"
#include "kw-json.h"
#include "kw-log.h"
#include "kw-notice.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define AGAIN_US G_TIME_SPAN_MINUTE
#define SELF "/proc/self/exe"
#define COMPLAINT "kurswart: " /* how a line begins that says what went wrong */

/* One process. It is kept by what waits for it, and outlives the trainer. */
typedef struct {
    KwTrainer *trainer; /* NULL: nobody cares any more */
    GSubprocess *child; /* owned */
    gchar *result;      /* owned: newest line of its output */
    gchar *complaint;   /* owned */
    guint n_waiting;
} Run;

struct _KwTrainer {
    KwBook *book;       /* borrowed */
    KwClock *clock;     /* owned */
    KwJournal *journal; /* owned */
    KwTrainerFunc func;
    gpointer user_data;
    GCancellable *look; /* owned; of the look that somebody has asked for; NULL = none */
    GStrv words;        /* owned: the command under way; NULL = none */
    gchar *name;        /* owned: of its model */
    Run *run;           /* NULL: it waits to be begun again, or there is none */
    guint again_timer, n_kills;
    gchar step[KW_VIEW_TEXT_SIZE];
    gint64 started_us, last_us;
    gchar last_model[KW_VIEW_TEXT_SIZE];
    KwTrainingVerdict last_verdict;
    gchar last_text[KW_VIEW_LONG_SIZE];
};

static void run_begin(KwTrainer *self);

/* -- the command in the store -- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;

    (void) user_data;
    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_warning("a training was not noted", "KW_ERROR", error->message);
}

static void
note_words(KwTrainer *self)
{
    g_autofree gchar *text = self->words != NULL ? g_strjoinv("\n", self->words) : NULL;
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_meta(batch, KW_TRAINER_META, text != NULL ? text : "",
                      kw_clock_now_us(self->clock));
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written, NULL);
}

static const gchar *
word_after(gchar **words, const gchar *option)
{
    for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i++) {
        if (strcmp(words[i], option) == 0)
            return words[i + 1];
    }
    return "";
}

/* Takes over @words. */
static void
begin(KwTrainer *self, GStrv words)
{
    self->words = words;
    self->name = g_strdup(word_after(words, "--name"));
    self->n_kills = 0;
    run_begin(self);
}

/* -- how it ended -- */

static void
tell(KwTrainer *self, KwTrainingVerdict verdict, const gchar *model, const gchar *text)
{
    KwEvent event = kw_notice_new(self->book, KW_EVENT_RETRAINED, text);

    event.count = verdict;
    g_strlcpy(event.trade.model, model, sizeof event.trade.model);
    g_snprintf(event.key, sizeof event.key, "%s:%s:%" G_GINT64_FORMAT,
               kw_event_kind_to_string(event.kind), model, event.time_us / G_USEC_PER_SEC);
    self->last_us = event.time_us;
    self->last_verdict = verdict;
    g_strlcpy(self->last_model, model, sizeof self->last_model);
    g_strlcpy(self->last_text, text, sizeof self->last_text);
    kw_log_message("training over", "KW_MODEL", model, "KW_STATE",
                   kw_training_verdict_to_string(verdict), "KW_ERROR", text);
    self->func(&event, self->user_data);
}

/* The figures that the gate did not pass, in the words of KwModelView: "sortino trades" */
static void
name_failures(JsonObject *result, gchar *out, gsize size)
{
    JsonArray *lines = NULL;

    *out = '\0';
    if (!kw_json_get_array(result, "gate", &lines, NULL))
        return;
    for (guint i = 0; i < json_array_get_length(lines); i++) {
        JsonObject *line = NULL;
        const gchar *name = "", *verdict = "";

        if (!kw_json_at_object(lines, i, &line, NULL) ||
            !kw_json_get_string(line, "name", &name, NULL) ||
            !kw_json_get_string(line, "verdict", &verdict, NULL) ||
            strcmp(verdict, "pass") == 0)
            continue;
        if (*out != '\0')
            g_strlcat(out, " ", size);
        g_strlcat(out, name, size);
    }
}

/* Returns: %FALSE when @text is no result */
static gboolean
tell_result(KwTrainer *self, const gchar *text)
{
    g_autoptr(JsonNode) root = text != NULL ? kw_json_parse_text(text, -1, NULL) : NULL;
    JsonObject *result = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    const gchar *version = NULL;
    g_autofree gchar *model = NULL;
    gchar failures[KW_VIEW_LONG_SIZE];
    gboolean promoted = FALSE, passed = FALSE;

    if (result == NULL || !kw_json_get_string(result, "version", &version, NULL) ||
        !kw_json_get_bool(result, "promoted", &promoted, NULL) ||
        !kw_json_get_bool(result, "passed", &passed, NULL))
        return FALSE;
    model = g_strdup_printf("%s %s", self->name, version);
    name_failures(result, failures, sizeof failures);
    tell(self,
         promoted ? KW_TRAINING_PROMOTED
         : passed ? KW_TRAINING_REFUSED
                  : KW_TRAINING_GATE,
         model, failures);
    return TRUE;
}

static void
forget(KwTrainer *self)
{
    g_clear_pointer(&self->words, g_strfreev);
    g_clear_pointer(&self->name, g_free);
    note_words(self);
}

static void
on_again(gpointer user_data)
{
    KwTrainer *self = user_data;

    self->again_timer = 0;
    run_begin(self);
}

/* Killed, and nobody wanted it: by what runs the machine short of memory, most of the time */
static gboolean
is_worth_more(KwTrainer *self, GSubprocess *child)
{
    if (!g_subprocess_get_if_signaled(child) || g_subprocess_get_term_sig(child) == SIGTERM ||
        self->n_kills == KW_TRAINER_MAX_KILLS)
        return FALSE;
    self->n_kills++;
    kw_log_warning("training killed; going on in a minute", "KW_MODEL", self->name);
    self->again_timer = kw_clock_call_in(self->clock, AGAIN_US, on_again, self);
    return TRUE;
}

static void
run_end(Run *run)
{
    KwTrainer *self = run->trainer;
    const gchar *complaint = run->complaint != NULL ? run->complaint : "";

    self->run = NULL;
    if (is_worth_more(self, run->child))
        return;
    if (g_subprocess_get_if_signaled(run->child))
        tell(self,
             g_subprocess_get_term_sig(run->child) == SIGTERM ? KW_TRAINING_STOPPED
                                                              : KW_TRAINING_FAILED,
             self->name, complaint);
    else if (!tell_result(self, run->result))
        tell(self, KW_TRAINING_FAILED, self->name, complaint);
    forget(self);
}

/* -- the child -- */

static void
run_unref(Run *run)
{
    if (--run->n_waiting > 0)
        return;
    if (run->trainer != NULL)
        run_end(run);
    g_object_unref(run->child);
    g_free(run->result);
    g_free(run->complaint);
    g_free(run);
}

static void
on_child_over(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) g_subprocess_wait_finish(G_SUBPROCESS(source), result, NULL);
    run_unref(user_data);
}

static void
read_line(GDataInputStream *stream, GAsyncReadyCallback callback, Run *run)
{
    g_data_input_stream_read_line_async(stream, G_PRIORITY_LOW, NULL, callback, run);
}

static void
on_result_line(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GDataInputStream *stream = G_DATA_INPUT_STREAM(source);
    Run *run = user_data;
    gchar *line = g_data_input_stream_read_line_finish(stream, result, NULL, NULL);

    if (line == NULL) {
        run_unref(run);
        return;
    }
    g_free(run->result);
    run->result = line;
    read_line(stream, on_result_line, run);
}

/* The newest step, without the time that it took */
static void
take_step(KwTrainer *self, const gchar *line)
{
    const gchar *end;

    while (*line == ' ')
        line++;
    end = strstr(line, "  ");
    g_strlcpy(self->step, line, sizeof self->step);
    if (end != NULL && (gsize) (end - line) < sizeof self->step)
        self->step[end - line] = '\0';
}

static void
on_step_line(GObject *source, GAsyncResult *result, gpointer user_data)
{
    GDataInputStream *stream = G_DATA_INPUT_STREAM(source);
    Run *run = user_data;
    g_autofree gchar *line = g_data_input_stream_read_line_finish(stream, result, NULL, NULL);

    if (line == NULL) {
        run_unref(run);
        return;
    }
    if (g_str_has_prefix(line, COMPLAINT)) {
        g_free(run->complaint);
        run->complaint = g_strdup(line + strlen(COMPLAINT));
    } else if (run->trainer != NULL && line[0] == ' ') {
        take_step(run->trainer, line);
    }
    read_line(stream, on_step_line, run);
}

/* In the child before it runs: signal-safe calls only. The highest score is what the kernel
 * takes first; a process may always raise its own. */
static void
be_modest(gpointer user_data)
{
    gint fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    (void) user_data;
    kw_background_enter();
    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (fd < 0)
        return;
    if (write(fd, "1000", 4) != 4) {
    } /* then it is as likely as any other */
    (void) close(fd);
}

static GSubprocess *
spawn(KwTrainer *self, GError **error)
{
    const gchar *program = self->book->settings->program;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();

    g_subprocess_launcher_set_child_setup(launcher, be_modest, NULL, NULL);
    g_subprocess_launcher_unsetenv(launcher, "NOTIFY_SOCKET"); /* it is not the service */
    g_ptr_array_add(argv, (gpointer) (program != NULL ? program : SELF));
    for (guint i = 0; self->words[i] != NULL; i++)
        g_ptr_array_add(argv, self->words[i]);
    g_ptr_array_add(argv, NULL);
    return g_subprocess_launcher_spawnv(launcher, (const gchar *const *) argv->pdata, error);
}

static void
listen_to(GInputStream *pipe, GAsyncReadyCallback callback, Run *run)
{
    g_autoptr(GDataInputStream) stream = g_data_input_stream_new(pipe);

    run->n_waiting++;
    read_line(stream, callback, run);
}

static void
run_begin(KwTrainer *self)
{
    g_autoptr(GError) error = NULL;
    GSubprocess *child = spawn(self, &error);

    self->step[0] = '\0';
    if (child == NULL) {
        tell(self, KW_TRAINING_FAILED, self->name, error->message);
        forget(self);
        return;
    }
    self->started_us = kw_clock_now_us(self->clock);
    self->run = g_new0(Run, 1);
    self->run->trainer = self;
    self->run->child = child;
    self->run->n_waiting = 1;
    listen_to(g_subprocess_get_stdout_pipe(child), on_result_line, self->run);
    listen_to(g_subprocess_get_stderr_pipe(child), on_step_line, self->run);
    g_subprocess_wait_async(child, NULL, on_child_over, self->run);
    note_words(self);
    kw_log_message("training begins", "KW_MODEL", self->name);
}

/* -- from outside -- */

static gboolean
is_busy(const KwTrainer *self)
{
    return self->words != NULL || self->look != NULL;
}

void
kw_trainer_resume(KwTrainer *self, const gchar *stored)
{
    if (is_busy(self) || stored == NULL || *stored == '\0' ||
        self->book->settings->retrain == KW_RETRAIN_OFF)
        return;
    begin(self, g_strsplit(stored, "\n", -1));
}

gboolean
kw_trainer_offer(KwTrainer *self, const KwRetrainAdvice *advice)
{
    if (is_busy(self) || self->book->settings->retrain != KW_RETRAIN_START)
        return FALSE;
    begin(self, g_strdupv(advice->words));
    return TRUE;
}

static void
on_looked(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) advices = kw_retrain_look_finish(result, &error);
    KwTrainer *self = user_data;

    (void) source;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the trainer is gone */
    g_clear_object(&self->look);
    if (advices != NULL && advices->len > 0)
        begin(self, g_strdupv(g_array_index(advices, KwRetrainAdvice, 0).words));
    else
        tell(self, KW_TRAINING_FAILED, "",
             error != NULL ? error->message : "the strategy file asks for no model in use");
}

const gchar *
kw_trainer_request(KwTrainer *self)
{
    KwTrainingView view;

    kw_trainer_get_view(self, &view);
    if (!view.is_available)
        return "not_set_up";
    if (is_busy(self))
        return "running";
    self->look = g_cancellable_new();
    kw_retrain_look_async(self->book->settings, KW_RETRAIN_WANTED, kw_clock_now_us(self->clock),
                          self->look, on_looked, self);
    return "";
}

static gboolean
has_model(const KwBookSettings *settings)
{
    g_auto(GStrv) names = NULL;

    if (settings->models == NULL || settings->retrain == KW_RETRAIN_OFF)
        return FALSE;
    names = kw_model_shelf_list_promoted(settings->models);
    return names[0] != NULL;
}

void
kw_trainer_get_view(const KwTrainer *self, KwTrainingView *out)
{
    *out = (KwTrainingView){.progress_ratio = (gdouble) NAN};
    if (self == NULL)
        return;
    out->is_running = is_busy(self);
    out->is_available = out->is_running || has_model(self->book->settings);
    out->started_us = self->started_us;
    out->last_us = self->last_us;
    g_strlcpy(out->step, self->step, sizeof out->step);
    out->last_verdict = self->last_verdict;
    g_strlcpy(out->last_model, self->last_model, sizeof out->last_model);
    g_strlcpy(out->last_text, self->last_text, sizeof out->last_text);
}

KwTrainer *
kw_trainer_new(KwBook *book, KwJournal *journal, KwTrainerFunc func, gpointer data)
{
    KwTrainer *self = g_new0(KwTrainer, 1);

    self->book = book;
    self->clock = g_object_ref(book->clock);
    self->journal = g_object_ref(journal);
    self->func = func;
    self->user_data = data;
    return self;
}

void
kw_trainer_free(KwTrainer *self)
{
    if (self == NULL)
        return;
    g_cancellable_cancel(self->look);
    g_clear_object(&self->look);
    if (self->run != NULL) {
        self->run->trainer = NULL;
        g_subprocess_send_signal(self->run->child, SIGTERM);
    }
    kw_clock_cancel(self->clock, self->again_timer);
    g_strfreev(self->words);
    g_free(self->name);
    g_clear_object(&self->journal);
    g_clear_object(&self->clock);
    g_free(self);
}
