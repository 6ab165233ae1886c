/* kw-setup-input.h: answers of the owner, typed at a terminal or handed over as lines */
#pragma once

#include "kw-secret.h"

G_BEGIN_DECLS

#define KW_SETUP_MAX_LINE 4096 /* bytes of an answer */

/* Whether a terminal shows what is typed */
typedef enum { KW_SETUP_SHOWN, KW_SETUP_HIDDEN } KwSetupEcho;

typedef struct _KwSetupInput KwSetupInput;

/**
 * kw_setup_input_new:
 * @fd: borrowed; standard input
 *
 * Answers are kept as secrets, all of them: what is none costs little so, and no copy of one
 * that is stays behind.
 */
KwSetupInput *kw_setup_input_new(int fd);
void kw_setup_input_free(KwSetupInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSetupInput, kw_setup_input_free)

gboolean kw_setup_input_is_terminal(const KwSetupInput *self);

/**
 * kw_setup_input_read_lines:
 * @names: (array zero-terminated=1): that an answer can have
 *
 * For what is no terminal: "NAME = VALUE" lines to the end, blank ones and "#" left out.
 *
 * Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX: a line without "=", a name that is none or is
 *   there twice, a value that is too long; the message names the line and never its content
 */
gboolean
kw_setup_input_read_lines(KwSetupInput *self, const gchar *const *names, GError **error);

/**
 * kw_setup_input_ask:
 * @name: of the answer among those that were read
 * @prompt: shown on a terminal
 * @out: (transfer full) (nullable): %NULL when nothing was answered
 *
 * Waits on a terminal. Returns: %FALSE with %G_IO_ERROR_CANCELLED: Ctrl-C, Ctrl-D
 */
gboolean kw_setup_input_ask(KwSetupInput *self,
                            const gchar *name,
                            const gchar *prompt,
                            KwSetupEcho echo,
                            KwSecret **out,
                            GError **error);

G_END_DECLS
