#include "kw-terminal.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#define MAX_HISTORY 500

struct _KwTerminal {
    gchar *prompt;       /* owned */
    gchar *history_path; /* owned; NULL = none */
    KwTerminalFunc func;
    gpointer user_data;
    guint source; /* owned id */
    gboolean is_installed;
};

/* readline calls back without a closure; see the note in the header */
static KwTerminal *current;

static void
uninstall(KwTerminal *self)
{
    if (!self->is_installed)
        return;
    self->is_installed = FALSE;
    rl_callback_handler_remove();
}

static void
on_line(char *line)
{
    KwTerminal *self = current;

    if (line == NULL) {
        uninstall(self);
        g_clear_handle_id(&self->source, g_source_remove);
        (void) fputc('\n', stdout);
        self->func(NULL, self->user_data);
        return;
    }
    if (line[0] != '\0')
        add_history(line);
    self->func(line, self->user_data);
    free(line); /* readline's memory */
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer user_data)
{
    KwTerminal *self = user_data;

    (void) fd;
    if ((condition & G_IO_IN) != 0)
        rl_callback_read_char();
    else
        on_line(NULL);
    return self->source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

KwTerminal *
kw_terminal_new(const gchar *prompt,
                const gchar *history_path,
                KwTerminalFunc func,
                gpointer user_data)
{
    KwTerminal *self = g_new0(KwTerminal, 1);

    self->prompt = g_strdup(prompt);
    self->history_path = g_strdup(history_path);
    self->func = func;
    self->user_data = user_data;
    current = self;
    using_history();
    stifle_history(MAX_HISTORY);
    if (history_path != NULL)
        (void) read_history(history_path);
    rl_catch_signals = 0;
    rl_callback_handler_install(prompt, on_line);
    self->is_installed = TRUE;
    self->source = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_readable, self);
    return self;
}

void
kw_terminal_free(KwTerminal *self)
{
    if (self == NULL)
        return;
    if (self->is_installed)
        (void) fputs("\n", stdout); /* what follows begins after the line being typed */
    uninstall(self);
    g_clear_handle_id(&self->source, g_source_remove);
    if (self->history_path != NULL && write_history(self->history_path) == 0)
        (void) g_chmod(self->history_path, 0600);
    current = NULL;
    g_free(self->prompt);
    g_free(self->history_path);
    g_free(self);
}

static gchar *
clean(const gchar *text)
{
    gchar *copy = g_utf8_make_valid(text, -1);

    for (gchar *p = copy; *p != '\0'; p++) {
        if (g_ascii_iscntrl(*p) && *p != '\n')
            *p = '?';
    }
    return copy;
}

void
kw_terminal_print(KwTerminal *self, const gchar *text)
{
    g_autofree gchar *cleaned = clean(text);

    if (self->is_installed)
        (void) rl_clear_visible_line();
    (void) printf("%s\n", cleaned);
    (void) fflush(stdout);
    if (!self->is_installed)
        return;
    (void) rl_on_new_line();
    rl_redisplay();
}
