/* kw-setup-input.c: one line after the other, and no copy of a secret left in memory
 *
 * GIOChannel and stdio keep what they have read in buffers that nobody wipes, so bytes are read
 * here one by one. While a secret is typed the terminal's echo is off; a signal that ends the
 * program must not leave it so, and therefore only interrupts the reading. */
#include "kw-setup-input.h"

#include "kw-error.h"
#include "kw-i18n.h"

#include <errno.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct _KwSetupInput {
    int fd;
    gboolean is_terminal;
    GHashTable *answers; /* owned: name -> KwSecret, of lines */
};

typedef enum { LINE_READ, LINE_END, LINE_TOO_LONG, LINE_CANCELLED } LineOutcome;

/* KW_SETUP_MAX_LINE bytes that are wiped */
typedef struct {
    gchar bytes[KW_SETUP_MAX_LINE];
    gsize length;
} Line;

static void
line_wipe(Line *line)
{
    explicit_bzero(line, sizeof *line);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Line, line_wipe)

static void
drop_secret(gpointer data)
{
    kw_secret_free(data);
}

KwSetupInput *
kw_setup_input_new(int fd)
{
    KwSetupInput *self = g_new0(KwSetupInput, 1);

    self->fd = fd;
    self->is_terminal = isatty(fd) == 1;
    self->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, drop_secret);
    return self;
}

void
kw_setup_input_free(KwSetupInput *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->answers);
    g_free(self);
}

gboolean
kw_setup_input_is_terminal(const KwSetupInput *self)
{
    return self->is_terminal;
}

/* -- lines -- */

static LineOutcome
read_line(int fd, Line *line)
{
    gboolean is_long = FALSE;

    line->length = 0;
    for (;;) {
        gchar byte = '\0';
        gssize n = read(fd, &byte, 1);

        if (n < 0 && errno == EINTR)
            return LINE_CANCELLED;
        if (n <= 0 && line->length == 0)
            return LINE_END;
        if (n <= 0 || byte == '\n')
            break;
        if (line->length < sizeof line->bytes)
            line->bytes[line->length++] = byte;
        else
            is_long = TRUE;
    }
    return is_long ? LINE_TOO_LONG : LINE_READ;
}

/* What is between @from and @to without the blanks around it; NULL for nothing */
static KwSecret *
cut(const Line *line, gsize from, gsize to)
{
    while (from < to && g_ascii_isspace(line->bytes[from]))
        from++;
    while (to > from && g_ascii_isspace(line->bytes[to - 1]))
        to--;
    return to > from ? kw_secret_new(line->bytes + from, to - from) : NULL;
}

static gboolean
fail(guint number, const gchar *what, GError **error)
{
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, _("line %1$u of the input %2$s"),
                number, what);
    return FALSE;
}

static gboolean
take_line(KwSetupInput *self,
          const Line *line,
          const gchar *const *names,
          guint number,
          GError **error)
{
    const gchar *equals = memchr(line->bytes, '=', line->length);
    gsize end = equals != NULL ? (gsize) (equals - line->bytes) : line->length;
    g_autoptr(KwSecret) name = cut(line, 0, end);
    const gchar *text = name != NULL ? kw_secret_get_bytes(name, NULL) : NULL;
    KwSecret *value;

    if (equals != NULL && text == NULL)
        return fail(number, _("has no name"), error);
    if (text == NULL || text[0] == '#')
        return TRUE;
    if (equals == NULL)
        return fail(number, _("has no \"=\""), error);
    if (!g_strv_contains(names, text))
        return fail(number, _("names nothing that is asked for"), error);
    if (g_hash_table_contains(self->answers, text))
        return fail(number, _("answers a second time"), error);
    value = cut(line, end + 1, line->length);
    if (value != NULL)
        (void) g_hash_table_insert(self->answers, g_strdup(text), value);
    return TRUE;
}

gboolean
kw_setup_input_read_lines(KwSetupInput *self, const gchar *const *names, GError **error)
{
    g_auto(Line) line = {0};
    LineOutcome outcome;

    g_return_val_if_fail(self != NULL && names != NULL, FALSE);

    for (guint number = 1; (outcome = read_line(self->fd, &line)) != LINE_END; number++) {
        if (outcome == LINE_CANCELLED)
            continue;
        if (outcome == LINE_TOO_LONG)
            return fail(number, _("is too long"), error);
        if (!take_line(self, &line, names, number, error))
            return FALSE;
    }
    return TRUE;
}

/* -- the terminal -- */

typedef struct {
    struct termios terminal;
    struct sigaction interrupt, terminate;
} Before;

static void
on_signal(int number)
{
    (void) number; /* read() returns with EINTR: that is all */
}

static void
begin_typing(int fd, KwSetupEcho echo, Before *before)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct termios terminal;

    (void) sigemptyset(&action.sa_mask);
    (void) sigaction(SIGINT, &action, &before->interrupt);
    (void) sigaction(SIGTERM, &action, &before->terminate);
    (void) tcgetattr(fd, &before->terminal);
    terminal = before->terminal;
    if (echo == KW_SETUP_HIDDEN)
        terminal.c_lflag &= ~(tcflag_t) ECHO;
    (void) tcsetattr(fd, TCSAFLUSH, &terminal);
}

static void
end_typing(int fd, const Before *before)
{
    (void) tcsetattr(fd, TCSADRAIN, &before->terminal);
    (void) sigaction(SIGINT, &before->interrupt, NULL);
    (void) sigaction(SIGTERM, &before->terminate, NULL);
}

static gboolean
ask_terminal(int fd, const gchar *prompt, KwSetupEcho echo, KwSecret **out, GError **error)
{
    g_auto(Line) line = {0};
    Before before;
    LineOutcome outcome;

    begin_typing(fd, echo, &before); /* first: nothing that comes early is shown or lost */
    g_print("%s ", prompt);
    outcome = read_line(fd, &line);
    end_typing(fd, &before);
    if (echo == KW_SETUP_HIDDEN || outcome != LINE_READ)
        g_print("\n");
    if (outcome == LINE_END || outcome == LINE_CANCELLED) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
        return FALSE;
    }
    *out = outcome == LINE_READ ? cut(&line, 0, line.length) : NULL;
    return TRUE;
}

gboolean
kw_setup_input_ask(KwSetupInput *self,
                   const gchar *name,
                   const gchar *prompt,
                   KwSetupEcho echo,
                   KwSecret **out,
                   GError **error)
{
    const KwSecret *answer;

    g_return_val_if_fail(self != NULL && name != NULL && out != NULL, FALSE);

    if (self->is_terminal)
        return ask_terminal(self->fd, prompt, echo, out, error);
    answer = g_hash_table_lookup(self->answers, name);
    *out = answer != NULL ? kw_secret_copy(answer) : NULL;
    return TRUE;
}
