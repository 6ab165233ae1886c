/* kw-verb-tell.c: kurswart tell
 *
 * Stopping must work when other things do not: a faulty configuration is reported and the usual
 * place of the socket is tried, and limits.conf is not read at all. Without options a daemon
 * that systemd runs is found as well.
 *
 * One message is under way at a time, except on a terminal, where people do not wait. There
 * what the bot tells by itself appears above the line that is being typed. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-tell.h"

#include "kw-admin.h"
#include "kw-cli.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-line-pipe.h"
#include "kw-options.h"
#include "kw-terminal.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define SERVICE_SOCKET "/run/kurswart/admin.sock" /* RuntimeDirectory= of the unit */
#define TELL_KEY "tell"
#define PATIENCE_US (30 * G_TIME_SPAN_SECOND)
/* Bytes; longer than any message that is read. More is not sent: a flood would only end the
 * connection. */
#define MAX_TEXT 20000

typedef struct {
    /* options */
    gchar *socket, *root, *config;
    gchar *pictures; /* NULL: none are asked for */
    gboolean is_json;
    /* running */
    KwLinePipe *pipe;
    KwClock *clock;
    KwTerminal *terminal;    /* NULL unless standard input is one */
    GDataInputStream *input; /* NULL unless lines of standard input are sent */
    GMainLoop *loop;
    GByteArray *parts;  /* of the picture that the next reply brings */
    gboolean is_spoilt; /* and it cannot be used */
    gint64 last_id;
    guint n_waiting; /* messages without a reply */
    guint timer;     /* 0: no message waits */
    gint status;
} Tell;

static void read_line(Tell *self);

static void
quit(Tell *self, gint status)
{
    self->status = status;
    g_main_loop_quit(self->loop);
}

/* -- output -- */

static void
print_json(const gchar *type, const gchar *text)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *line = NULL;

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "type", type);
    kw_json_add_string(builder, "text", text);
    json_builder_end_object(builder);
    line = kw_json_builder_to_text(builder);
    g_print("%s\n", line);
}

static void
show(Tell *self, const gchar *type, const gchar *text)
{
    if (self->terminal != NULL) {
        g_autofree gchar *spaced = g_strconcat(text, "\n", NULL);

        kw_terminal_print(self->terminal, spaced);
    } else if (self->is_json) {
        print_json(type, text);
    } else if (self->input != NULL) {
        g_print("%s\n\n", text);
    } else {
        g_print("%s\n", text);
    }
}

/* -- patience -- */

static void
on_silence(gpointer user_data)
{
    Tell *self = user_data;
    const gchar *text = _("The daemon does not answer.");

    self->timer = 0;
    if (self->terminal != NULL)
        show(self, "error", text);
    else
        quit(self, kw_cli_fail(EX_UNAVAILABLE, text,
                               _("kurswart doctor, or: systemctl restart kurswart")));
}

static void
wait_for_reply(Tell *self)
{
    kw_clock_cancel(self->clock, self->timer);
    self->timer = 0;
    if (self->n_waiting > 0)
        self->timer = kw_clock_call_in(self->clock, PATIENCE_US, on_silence, self);
}

/* -- messages -- */

static void
finish_one(Tell *self, gint status)
{
    self->n_waiting -= self->n_waiting > 0;
    wait_for_reply(self);
    if (self->input != NULL)
        read_line(self);
    else if (self->terminal == NULL)
        quit(self, status);
}

static void
show_error(Tell *self, const gchar *text)
{
    if (self->terminal != NULL || self->is_json)
        show(self, "error", text);
    else
        (void) kw_cli_fail(EX_DATAERR, text, NULL);
    finish_one(self, EX_DATAERR);
}

static void
on_too_long(gpointer user_data)
{
    show_error(user_data, _("That is too long for me (at most 4,000 characters). Nothing was "
                            "changed."));
}

/* {"id":N,"text":"..."}; without a time, as the daemon may live in the time of its candles */
static void
send_text(Tell *self, const gchar *text)
{
    g_autoptr(JsonBuilder) builder = NULL;
    g_autofree gchar *valid = NULL;
    g_autofree gchar *line = NULL;

    if (strlen(text) > MAX_TEXT) {
        (void) g_idle_add_once(on_too_long, self); /* the loop may not run yet */
        return;
    }
    builder = json_builder_new();
    valid = g_utf8_make_valid(text, -1);
    json_builder_begin_object(builder);
    kw_json_add_int(builder, "id", ++self->last_id);
    kw_json_add_string(builder, "text", valid);
    if (self->pictures != NULL)
        kw_json_add_bool(builder, "picture", TRUE);
    json_builder_end_object(builder);
    line = kw_json_builder_to_text(builder);
    self->n_waiting++;
    wait_for_reply(self);
    (void) kw_line_pipe_send(self->pipe, line, NULL); /* a closed pipe says so by itself */
}

/* -- pictures -- */

static void
add_part(Tell *self, const gchar *text)
{
    gsize size = 0;
    g_autofree guchar *bytes = g_base64_decode(text, &size);

    if (self->pictures == NULL)
        return;
    if (self->parts->len + size > KW_ADMIN_MAX_PICTURE)
        self->is_spoilt = TRUE;
    else if (!self->is_spoilt)
        g_byte_array_append(self->parts, bytes, (guint) size);
}

/* The lowest number that is free in the folder: what lies there is never written over, and no
 * name comes from the other side.
 *
 * Returns: (transfer full): path of the file */
static gchar *
write_picture(const Tell *self, GError **error)
{
    for (guint i = 1;; i++) {
        g_autofree gchar *name = g_strdup_printf("%02u.png", i);
        g_autoptr(GFile) file = g_file_new_build_filename(self->pictures, name, NULL);
        g_autoptr(GError) problem = NULL;
        g_autoptr(GFileOutputStream) stream =
            g_file_create(file, G_FILE_CREATE_PRIVATE, NULL, &problem);

        if (stream == NULL && g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
            continue;
        if (stream == NULL) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        if (!g_output_stream_write_all(G_OUTPUT_STREAM(stream), self->parts->data,
                                       self->parts->len, NULL, NULL, error) ||
            !g_output_stream_close(G_OUTPUT_STREAM(stream), NULL, error))
            return NULL;
        return g_file_get_path(file);
    }
}

/* A picture that cannot be kept is no failure: the reply says the same in figures. */
static void
show_picture(Tell *self)
{
    static const guint8 signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    g_autoptr(GError) error = NULL;
    g_autofree gchar *path = NULL;
    g_autofree gchar *text = NULL;

    if (self->parts->len == 0 && !self->is_spoilt)
        return;
    if (self->is_spoilt || self->parts->len < sizeof signature ||
        memcmp(self->parts->data, signature, sizeof signature) != 0) {
        text = g_strdup_printf(_("No picture: %s"), _("what the daemon sent is none"));
    } else {
        (void) g_mkdir_with_parents(self->pictures, 0700); /* else the file tells why */
        path = write_picture(self, &error);
        text = path != NULL ? g_strdup_printf(_("Picture: %s"), path)
                            : g_strdup_printf(_("No picture: %s"), error->message);
    }
    show(self, "picture", path != NULL && self->is_json ? path : text);
    g_byte_array_set_size(self->parts, 0);
    self->is_spoilt = FALSE;
}

static void
on_line(const gchar *line, gsize length, gpointer user_data)
{
    Tell *self = user_data;
    g_autoptr(JsonNode) root = kw_json_parse_text(line, (gssize) length, NULL);
    JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    const gchar *text = NULL;

    if (object == NULL)
        return;
    if (kw_json_get_string(object, "reply", &text, NULL)) {
        show(self, "reply", text);
        show_picture(self);
        finish_one(self, 0);
    } else if (kw_json_get_string(object, "picture", &text, NULL)) {
        add_part(self, text);
    } else if (kw_json_get_string(object, "error", &text, NULL)) {
        show_error(self, text);
    } else if (kw_json_has(object, "event") &&
               kw_json_get_string(object, "text", &text, NULL)) {
        show(self, "event", text);
    }
}

static void
on_overlong(gpointer user_data)
{
    /* no reply is that long */
}

static void
on_end(KwLineEnd reason, gpointer user_data)
{
    Tell *self = user_data;

    g_clear_pointer(&self->terminal, kw_terminal_free); /* before anything is printed */
    quit(self, kw_cli_fail(EX_UNAVAILABLE, _("The daemon has closed the connection."),
                           _("kurswart run, or: systemctl start kurswart")));
}

/* -- chat on a terminal -- */

static void
on_typed(const gchar *line, gpointer user_data)
{
    Tell *self = user_data;

    if (line == NULL || strcmp(line, "/quit") == 0 || strcmp(line, "/ende") == 0)
        quit(self, 0);
    else if (line[0] != '\0')
        send_text(self, line);
}

static gboolean
on_signal(gpointer user_data)
{
    quit(user_data, 0);
    return G_SOURCE_CONTINUE;
}

static void
run_chat(Tell *self)
{
    g_autofree gchar *folder = g_build_filename(g_get_user_state_dir(), "kurswart", NULL);
    g_autofree gchar *history = g_build_filename(folder, "history", NULL);
    guint interrupt = g_unix_signal_add(SIGINT, on_signal, self);
    guint terminate = g_unix_signal_add(SIGTERM, on_signal, self);

    (void) g_mkdir_with_parents(folder, 0700);
    g_print("%s\n\n", _("Connected. Ask in German, or /help. Ctrl-D ends."));
    self->terminal = kw_terminal_new("du> ", history, on_typed, self);
    (void) kw_line_pipe_send(self->pipe, "{\"subscribe\":true}", NULL);
    g_main_loop_run(self->loop);
    g_clear_pointer(&self->terminal, kw_terminal_free);
    g_source_remove(interrupt);
    g_source_remove(terminate);
}

/* -- lines of standard input -- */

static void
on_input(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Tell *self = g_object_get_data(source, TELL_KEY);
    gsize length = 0;
    g_autofree gchar *line = g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(source),
                                                                  result, &length, NULL);
    g_autofree gchar *text = NULL;

    if (self == NULL) /* the connection ended meanwhile */
        return;
    if (line == NULL) {
        quit(self, 0);
        return;
    }
    text = g_strchomp(g_utf8_make_valid(line, (gssize) length)); /* zero bytes as well */
    if (text[0] != '\0')
        send_text(self, text);
    else
        read_line(self);
}

static void
read_line(Tell *self)
{
    g_data_input_stream_read_line_async(self->input, G_PRIORITY_DEFAULT, NULL, on_input, NULL);
}

static void
run_lines(Tell *self)
{
    g_autoptr(GInputStream) input = g_unix_input_stream_new(STDIN_FILENO, FALSE);

    self->input = g_data_input_stream_new(input);
    g_object_set_data(G_OBJECT(self->input), TELL_KEY, self);
    read_line(self);
    g_main_loop_run(self->loop);
    g_object_set_data(G_OBJECT(self->input), TELL_KEY, NULL); /* a read may be under way */
    g_clear_object(&self->input);
}

/* -- connecting -- */

/* (transfer full): where the configuration puts the socket; a faulty one does not count */
static gchar *
find_socket(const Tell *self)
{
    KwSettingsPaths paths = {self->config, KW_SETTINGS_NO_FILE, self->root};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_auto(GStrv) environment = g_get_environ();
    g_autoptr(KwSettings) settings = NULL;

    settings = kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);
    if (settings == NULL) {
        (void) kw_cli_report_problems(problems);
        g_printerr("%s\n", _("The usual place of the socket is tried."));
        g_ptr_array_set_size(problems, 0);
        paths.config = KW_SETTINGS_NO_FILE;
        settings = kw_settings_load(&paths, NULL, NULL, problems);
    }
    return settings != NULL ? g_strdup(settings->socket) : NULL;
}

static KwLinePipe *
connect_to(Tell *self, const gchar *path, GError **error)
{
    static const KwLinePipeFuncs funcs = {on_line, on_overlong, on_end};

    return kw_line_pipe_connect(path, &funcs, self, error);
}

static gint
fail_to_connect(const GError *error, const gchar *path)
{
    g_autofree gchar *text = NULL;

    if (g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_DENIED)) {
        text = g_strdup_printf(_("The daemon at %s belongs to another user."), path);
        return kw_cli_fail(EX_NOPERM, text, _("sudo -u kurswart kurswart tell TEXT"));
    }
    if (g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_BUSY)) {
        text = g_strdup_printf(_("The daemon at %s has too many connections."), path);
        return kw_cli_fail(EX_TEMPFAIL, text, _("try again in a moment"));
    }
    if (g_error_matches(error, KW_NET_ERROR, KW_NET_ERROR_CLOSED)) {
        text = g_strdup_printf(_("The daemon is not running (nobody answers at %s)."), path);
        return kw_cli_fail(EX_UNAVAILABLE, text,
                           _("kurswart run, or: systemctl start kurswart"));
    }
    text = g_strdup_printf(_("The socket %s cannot be used: %s"), path, error->message);
    return kw_cli_fail(EX_UNAVAILABLE, text, _("name the right one with --socket PATH"));
}

static gint
open_pipe(Tell *self)
{
    gboolean is_named = self->socket != NULL || self->root != NULL || self->config != NULL;
    g_autofree gchar *path = self->socket != NULL ? g_strdup(self->socket) : find_socket(self);
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) service_error = NULL;

    if (path == NULL)
        return EX_CONFIG;
    self->pipe = connect_to(self, path, &error);
    if (self->pipe == NULL && !is_named)
        self->pipe = connect_to(self, SERVICE_SOCKET, &service_error);
    if (self->pipe != NULL)
        return 0;
    if (g_error_matches(service_error, KW_NET_ERROR, KW_NET_ERROR_DENIED))
        return fail_to_connect(service_error, SERVICE_SOCKET);
    return fail_to_connect(error, path);
}

static void
run(Tell *self, gchar *text)
{
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->loop = g_main_loop_new(NULL, FALSE);
    self->parts = g_byte_array_new();
    if (text != NULL) {
        send_text(self, text);
        g_main_loop_run(self->loop);
    } else if (isatty(STDIN_FILENO) == 1) {
        run_chat(self);
    } else {
        run_lines(self);
    }
    kw_clock_cancel(self->clock, self->timer);
    g_clear_pointer(&self->parts, g_byte_array_unref);
    g_clear_pointer(&self->loop, g_main_loop_unref);
    g_clear_object(&self->clock);
}

int
kw_verb_tell(int argc, char **argv)
{
    Tell self = {0};
    const GOptionEntry entries[] = {
        {"socket", 0, 0, G_OPTION_ARG_FILENAME, &self.socket, N_("socket of the daemon"),
         "PATH"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self.root, N_("data root of the daemon"), "DIR"},
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self.config, N_("its kurswart.conf"),
         "FILE"},
        {"pictures", 0, 0, G_OPTION_ARG_FILENAME, &self.pictures,
         N_("where the pictures of replies are kept"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self.is_json, N_("one JSON object a line"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    const KwOptionsPage page = {
        .usage = "tell [TEXT...]",
        .summary = _("Sends TEXT to the running daemon; without TEXT a chat."),
        .example = "kurswart tell Wie ist der Status?",
        .entries = entries,
        .max_args = KW_OPTIONS_ANY_ARGS,
    };
    g_autofree gchar *text = NULL;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    if (argc > 1)
        text = g_strjoinv(" ", argv + 1);
    self.status = open_pipe(&self);
    if (self.status == 0)
        run(&self, text);
    g_clear_pointer(&self.pipe, kw_line_pipe_free);
    g_free(self.socket);
    g_free(self.root);
    g_free(self.config);
    g_free(self.pictures);
    return self.status;
}
