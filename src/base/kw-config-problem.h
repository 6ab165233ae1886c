/* kw-config-problem.h: what is wrong with a configuration, as facts to make a text from */
#pragma once

#include "kw-config-row.h"

G_BEGIN_DECLS

/* One thing that is wrong; strings owned, NULL where they do not apply */
typedef struct {
    KwConfigFault fault;
    gchar *origin; /* path of the file, or name of the variable */
    guint line;    /* in the file; 0 = none */
    gchar *section;
    gchar *key;
    gchar *value;      /* escaped excerpt */
    gchar *expected;   /* what is allowed, without words to translate */
    gchar *example;    /* a line that would do: "fee = 0.004" */
    gchar *suggestion; /* nearest known section or key */
} KwConfigProblem;

void kw_config_problem_free(KwConfigProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwConfigProblem, kw_config_problem_free)

/* (transfer full): an empty list for the functions below, which append to it */
GPtrArray *kw_config_problems_new(void);

/* (transfer full): one English line, for logs and GErrors */
gchar *kw_config_problem_to_string(const KwConfigProblem *problem);

/* %TRUE when the list is empty, else %KW_CONFIG_ERROR_INVALID with all problems, one a line */
gboolean kw_config_problems_to_error(GPtrArray *problems, GError **error);

/* (transfer full) (nullable): the one of @names that @name was probably meant to be
 * @names: (element-type utf8) */
gchar *kw_config_problem_dup_nearest(const gchar *name, GPtrArray *names);

G_END_DECLS
