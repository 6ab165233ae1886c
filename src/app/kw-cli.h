/* kw-cli.h: what every verb needs on the command line */
#pragma once

#include "kw-settings.h"

G_BEGIN_DECLS

/* Exit codes: 0 done, 1 "no" as the answer, 2 usage, 64-78 as in sysexits.h */
#define KW_EXIT_NO 1
#define KW_EXIT_USAGE 2

/* First of all: UTF-8 for what is typed and printed (numbers stay in the C locale), and the
 * compiled-in files. */
void kw_cli_init(void);

/**
 * kw_cli_parse:
 * @argv: begins with the name of the verb
 * @entries: options of the verb
 * @summary: one line, translated
 * @example: a whole command
 * @out_status: exit status when the verb should end here: 0 after "--help", or 2
 *
 * For verbs that take options only; others use kw_options_parse().
 *
 * Returns: %FALSE when the verb should end with @out_status
 */
gboolean kw_cli_parse(int *argc,
                      char ***argv,
                      const GOptionEntry *entries,
                      const gchar *summary,
                      const gchar *example,
                      int *out_status);

/* Prints all problems in German, with key, value, range and an example. Returns EX_CONFIG. */
int kw_cli_report_problems(const GPtrArray *problems);

/* Prints "kurswart: TEXT" and, on a line of its own, the mend if there is one. Returns @status.
 */
int kw_cli_fail(int status, const gchar *text, const gchar *mend);

/* As kw_cli_fail() with what the English message of @error means, and the message */
int kw_cli_fail_as(int status, const GError *error, const gchar *mend);

/* As kw_cli_fail_as() with the sysexits code that fits the error's domain */
int kw_cli_fail_error(const GError *error, const gchar *mend);

/* @path: (nullable): what the owner has named. Returns: %FALSE after saying that there is no
 * such file or folder: the status is EX_NOINPUT then */
gboolean kw_cli_is_there(const gchar *path);

/* "2024-03-01" as local midnight in @zone. Returns: %FALSE after saying what is wrong */
gboolean kw_cli_parse_date(const gchar *text, KwZone *zone, gint64 *out_us);

/* Returns: 0, or an exit status after saying that @root holds the data of a bot already */
int kw_cli_check_new_root(const gchar *root);

/* (transfer full): a temporary folder for a bot that is not meant to last; %NULL with an error
 */
gchar *kw_cli_make_scratch(GError **error);
void kw_cli_remove_scratch(const gchar *path);

G_END_DECLS
