/* kw-dialect.h: words as dialects write them */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KwDialect KwDialect;

/* The built-in rewritings: loaded at the first call, never changed, any thread */
const KwDialect *kw_dialect_get(void);

/* For tests: rewritings from text as i18n/dialects-de.ini has it. %NULL with a #GKeyFileError
 * when it is no such file. */
KwDialect *kw_dialect_new(const gchar *data, gsize len, GError **error);
void kw_dialect_free(KwDialect *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwDialect, kw_dialect_free)

/* Is @word one that somebody knows? */
typedef gboolean (*KwDialectKnows)(const gchar *word, gpointer user_data);

/**
 * kw_dialect_dup_standard:
 * @word: folded, unknown
 *
 * How the standard language may write a word in dialect ("gschaeft", "choufe"), by up to three
 * of the rewritings of the file; one rewriting before two.
 *
 * Returns: (transfer full) (nullable): the first that @knows says yes to
 */
gchar *kw_dialect_dup_standard(const KwDialect *self,
                               const gchar *word,
                               KwDialectKnows knows,
                               gpointer user_data);

G_END_DECLS
