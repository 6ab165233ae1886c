/* kw-options.h: options of a verb, with German help and German complaints */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_OPTIONS_ANY_ARGS G_MAXINT

/**
 * KwOptionsPage:
 * @usage: what follows "kurswart": "data import FILE..."
 * @summary: (nullable): one line, translated already or not
 * @example: (nullable): a whole command
 * @entries: ends with an empty one; descriptions may be translated already or not
 * @max_args: arguments that may be left when the options are read
 */
typedef struct {
    const gchar *usage;
    const gchar *summary;
    const gchar *example;
    const GOptionEntry *entries;
    gint max_args;
} KwOptionsPage;

/**
 * kw_options_parse:
 * @argv: the verb and what follows it; options are taken out of it
 * @out_status: exit status when the verb should end here: 0 after "--help", 2 (usage) after
 *   saying on standard error what is wrong
 *
 * Returns: %FALSE when the verb should end
 */
gboolean kw_options_parse(int *argc, char ***argv, const KwOptionsPage *page, int *out_status);

/* (transfer full): the page as "--help" prints it */
gchar *kw_options_to_text(const KwOptionsPage *page);

G_END_DECLS
