/* kw-vault.c: systemd credentials, Secret Service, private files
 *
 * A service has systemd's credentials, a desktop its keyring, anything else a file; the order
 * is that of how well each is guarded. The keyring is asked without unlocking it: a prompt
 * would wait for somebody who may not be there, so a locked one is named in the error instead.
 * Whether a session bus exists is the caller's to say, because asking for one can start it. */
#include "kw-vault.h"

#include "kw-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

struct _KwVault {
    gchar *credentials_dir; /* owned; NULL: none */
    gchar *private_dir;     /* owned */
    KwVaultKeyring keyring;
};

static const SecretSchema schema = {
    .name = "org.kurswart.Secret",
    .flags = SECRET_SCHEMA_NONE,
    .attributes = {{"name", SECRET_SCHEMA_ATTRIBUTE_STRING}},
};

KwVault *
kw_vault_new(const gchar *credentials_dir, KwVaultKeyring keyring, const gchar *private_dir)
{
    KwVault *self;

    g_return_val_if_fail(private_dir != NULL, NULL);

    self = g_new0(KwVault, 1);
    self->credentials_dir = g_strdup(credentials_dir);
    self->private_dir = g_strdup(private_dir);
    self->keyring = keyring;
    return self;
}

void
kw_vault_free(KwVault *self)
{
    if (self == NULL)
        return;
    g_free(self->credentials_dir);
    g_free(self->private_dir);
    g_free(self);
}

static KwSecret *
secret_from_value(SecretValue *value, const gchar *name, GError **error)
{
    gsize length = 0;
    const gchar *bytes = value != NULL ? secret_value_get(value, &length) : NULL;

    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    if (length > 0 && length <= KW_SECRET_MAX_BYTES)
        return kw_secret_new(bytes, length);
    g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE,
                "secret \"%s\" in the keyring: %s", name,
                value == NULL ? "the keyring is locked"
                : length == 0 ? "is empty"
                              : "is too long for a secret");
    return NULL;
}

/* The end of the session bus must not be the end of the bot. */
static SecretService *
open_keyring(void)
{
    g_autoptr(SecretService) service =
        secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, NULL, NULL);

    if (service != NULL)
        g_dbus_connection_set_exit_on_close(g_dbus_proxy_get_connection(G_DBUS_PROXY(service)),
                                            FALSE);
    return g_steal_pointer(&service);
}

/* Returns NULL without an error when there is no keyring, or it does not have the secret. */
static KwSecret *
load_from_keyring(const gchar *name, GError **error)
{
    g_autoptr(SecretService) service = open_keyring();
    g_autoptr(GHashTable) attributes = secret_attributes_build(&schema, "name", name, NULL);
    g_autoptr(SecretValue) value = NULL;
    GList *items = NULL;
    KwSecret *self = NULL;

    if (service == NULL)
        return NULL;
    items = secret_service_search_sync(service, &schema, attributes, SECRET_SEARCH_LOAD_SECRETS,
                                       NULL, NULL);
    if (items != NULL) {
        value = secret_item_get_secret(items->data);
        self = secret_from_value(value, name, error);
    }
    g_list_free_full(items, g_object_unref);
    return self;
}

KwSecret *
kw_vault_load(KwVault *self, const gchar *name, GError **error)
{
    g_autoptr(GError) failure = NULL;
    KwSecret *secret = NULL;

    g_return_val_if_fail(self != NULL && name != NULL, NULL);

    if (self->credentials_dir != NULL)
        secret = kw_secret_load(name, self->credentials_dir, NULL, &failure);
    if (g_error_matches(failure, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT))
        g_clear_error(&failure);
    if (secret == NULL && failure == NULL && self->keyring == KW_VAULT_KEYRING_ON)
        secret = load_from_keyring(name, &failure);
    if (secret == NULL && failure == NULL)
        secret = kw_secret_load(name, NULL, self->private_dir, &failure);
    if (g_error_matches(failure, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT)) {
        g_clear_error(&failure);
        g_set_error(&failure, KW_CONFIG_ERROR, KW_CONFIG_ERROR_ABSENT,
                    "secret \"%s\" is in neither %s nor %s nor %s", name,
                    self->credentials_dir != NULL ? self->credentials_dir
                                                  : "the systemd credentials (none given)",
                    self->keyring == KW_VAULT_KEYRING_ON ? "the keyring"
                                                         : "the keyring (no session)",
                    self->private_dir);
    }
    if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return secret;
}

/* Of the first folder that has it; 0: neither */
static gint64
changed_us(const KwVault *self, const gchar *name)
{
    const gchar *folders[] = {self->credentials_dir, self->private_dir};

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree gchar *path =
            folders[i] != NULL ? g_build_filename(folders[i], name, NULL) : NULL;
        GStatBuf status;

        if (path != NULL && g_stat(path, &status) == 0)
            return status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
    }
    return 0;
}

KwSecret *
kw_vault_load_newer(KwVault *self, const gchar *name, gint64 *inout_changed_us)
{
    gint64 now_us;
    KwSecret *secret;

    g_return_val_if_fail(self != NULL && name != NULL && inout_changed_us != NULL, NULL);

    now_us = changed_us(self, name);
    if (now_us == 0 || now_us == *inout_changed_us)
        return NULL;
    secret = kw_secret_load(name, self->credentials_dir, self->private_dir, NULL);
    if (secret != NULL)
        *inout_changed_us = now_us;
    return secret;
}

/* -- storing -- */

static gboolean
store_in_keyring(const gchar *name, const KwSecret *secret)
{
    g_autofree gchar *label = g_strdup_printf("Kurswart: %s", name);
    g_autoptr(SecretService) service = open_keyring();

    return service != NULL &&
           secret_password_store_sync(&schema, SECRET_COLLECTION_DEFAULT, label,
                                      kw_secret_get_bytes(secret, NULL), NULL, NULL, "name",
                                      name, NULL);
}

static gboolean
store_in_file(
    KwVault *self, const gchar *name, const KwSecret *secret, gchar **out_path, GError **error)
{
    g_autofree gchar *path = g_build_filename(self->private_dir, name, NULL);
    g_autoptr(GError) failure = NULL;
    gsize length;
    const gchar *bytes = kw_secret_get_bytes(secret, &length);

    if (g_mkdir_with_parents(self->private_dir, 0700) != 0)
        g_set_error_literal(&failure, G_FILE_ERROR, G_FILE_ERROR_FAILED, g_strerror(errno));
    else
        (void) g_file_set_contents_full(
            path, bytes, (gssize) length,
            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &failure);
    if (failure != NULL)
        g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE, "secret file %s: %s",
                    path, failure->message);
    else
        *out_path = g_steal_pointer(&path);
    return failure == NULL;
}

gboolean
kw_vault_store(
    KwVault *self, const gchar *name, const KwSecret *secret, gchar **out_path, GError **error)
{
    g_autofree gchar *path = NULL;

    g_return_val_if_fail(self != NULL && name != NULL && secret != NULL, FALSE);
    g_return_val_if_fail(strchr(name, '/') == NULL && name[0] != '.', FALSE);

    if ((self->keyring == KW_VAULT_KEYRING_OFF || !store_in_keyring(name, secret)) &&
        !store_in_file(self, name, secret, &path, error))
        return FALSE;
    if (out_path != NULL)
        *out_path = g_steal_pointer(&path);
    return TRUE;
}
