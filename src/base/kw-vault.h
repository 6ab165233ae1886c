/* kw-vault.h: where the secrets of the bot are kept: systemd, keyring, files of the owner */
#pragma once

#include "kw-secret.h"

G_BEGIN_DECLS

/* Names of the secrets, also of their credentials, keyring items and files */
#define KW_VAULT_CLAUDE_KEY "claude-key"
#define KW_VAULT_KRAKEN_KEY "kraken-key"
#define KW_VAULT_KRAKEN_SECRET "kraken-secret"
#define KW_VAULT_MT5_TOKEN "mt5-token"
#define KW_VAULT_TELEGRAM_TOKEN "telegram-token"
#define KW_VAULT_VERTEX_ACCOUNT "vertex-account"
#define KW_VAULT_VERTEX_TOKEN "vertex-token"

typedef enum {
    KW_VAULT_KEYRING_OFF, /* no session bus, or not wished */
    KW_VAULT_KEYRING_ON,
} KwVaultKeyring;

typedef struct _KwVault KwVault;

/**
 * kw_vault_new:
 * @credentials_dir: (nullable): what systemd names in CREDENTIALS_DIRECTORY
 * @keyring: whether the Secret Service of the session bus is asked
 * @private_dir: folder of the owner's files; may be missing
 *
 * Returns: (transfer full)
 */
KwVault *
kw_vault_new(const gchar *credentials_dir, KwVaultKeyring keyring, const gchar *private_dir);
void kw_vault_free(KwVault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwVault, kw_vault_free)

/**
 * kw_vault_load:
 * @name: "claude-key", ...; no slash
 *
 * Asks systemd's credentials, then the keyring, then the file. The first place that has the
 * secret decides: one that cannot be read there is an error, not a reason to look further.
 * Waits for the bus; for the start of the program, before the main loop runs.
 *
 * Returns: (transfer full): %NULL with %KW_CONFIG_ERROR_ABSENT when no place has it, or
 *   %KW_CONFIG_ERROR_UNREADABLE; the message names secret and places, never a content
 */
KwSecret *kw_vault_load(KwVault *self, const gchar *name, GError **error);

/**
 * kw_vault_load_newer:
 * @inout_changed_us: when the file was written that was read last; 0 = none was
 *
 * For a secret that somebody renews while the bot runs: the files alone, as the bus would be
 * waited for.
 *
 * Returns: (transfer full) (nullable): %NULL when the file has not changed since, or cannot be
 *   read now
 */
KwSecret *kw_vault_load_newer(KwVault *self, const gchar *name, gint64 *inout_changed_us);

/**
 * kw_vault_store:
 * @out_path: (optional) (transfer full) (nullable): of the file; %NULL: it is in the keyring
 *
 * Into the keyring, or without one into a file of mode 0600. Waits.
 *
 * Returns: %FALSE with %KW_CONFIG_ERROR_UNREADABLE
 */
gboolean kw_vault_store(
    KwVault *self, const gchar *name, const KwSecret *secret, gchar **out_path, GError **error);

G_END_DECLS
