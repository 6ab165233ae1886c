/* kw-terminal.h: a line that can be edited while messages appear above it */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KwTerminal:
 *
 * Line editing and history by readline, driven by the main loop. Only one at a time, as
 * readline keeps its state in the process. Main thread.
 */
typedef struct _KwTerminal KwTerminal;

/* @line is %NULL at end of input (Ctrl-D) */
typedef void (*KwTerminalFunc)(const gchar *line, gpointer user_data);

/**
 * kw_terminal_new:
 * @prompt: shown before the line
 * @history_path: (nullable): file that keeps earlier lines; made 0600
 */
KwTerminal *kw_terminal_new(const gchar *prompt,
                            const gchar *history_path,
                            KwTerminalFunc func,
                            gpointer user_data);

/* Puts the terminal back as it was and writes the history. */
void kw_terminal_free(KwTerminal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwTerminal, kw_terminal_free)

/* Prints @text and a line feed above the line that is being typed. Control characters other
 * than line feeds are taken out. */
void kw_terminal_print(KwTerminal *self, const gchar *text);

G_END_DECLS
