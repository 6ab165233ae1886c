/* kw-secret.h: a key or password in memory that is wiped and never shown */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_SECRET_MAX_BYTES 65536

typedef struct _KwSecret KwSecret;

/**
 * kw_secret_new:
 * @bytes: (array length=len): copied; wiping the original is the caller's
 *
 * Returns: (transfer full): free it with kw_secret_free(), which wipes the memory
 */
KwSecret *kw_secret_new(const gchar *bytes, gsize len);

/* (transfer full): for whoever needs it longer than the owner of @self lives */
KwSecret *kw_secret_copy(const KwSecret *self);

/**
 * kw_secret_load:
 * @name: of the secret, also the file name; no slash
 * @credentials_dir: (nullable): what systemd names in CREDENTIALS_DIRECTORY
 * @private_dir: (nullable): folder of the owner's files, each of mode 0600 or 0400
 *
 * Takes the first that exists. A file that others may read is refused, not skipped. Line ends
 * at the end are no part of the secret.
 *
 * Returns: (transfer full): the secret, or %NULL with %KW_CONFIG_ERROR_ABSENT (no such file) or
 *   %KW_CONFIG_ERROR_UNREADABLE; the message names the file and never its content
 */
KwSecret *kw_secret_load(const gchar *name,
                         const gchar *credentials_dir,
                         const gchar *private_dir,
                         GError **error);

/* Wipes and frees. NULL is allowed. */
void kw_secret_free(KwSecret *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSecret, kw_secret_free)

/* (transfer none): the bytes, a NUL behind them; for the call that needs them and nothing else
 */
const gchar *kw_secret_get_bytes(const KwSecret *self, gsize *out_len);

/* Compares in a time that depends on the lengths alone. */
gboolean kw_secret_equal(const KwSecret *self, const gchar *bytes, gsize len);

G_END_DECLS
