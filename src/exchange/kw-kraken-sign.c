/* kw-kraken-sign.c: base64(HMAC-SHA512(key, path || SHA256(nonce || body)))
 *
 * The inner digest enters as 32 raw bytes. GLib has both digests; the decoded key is wiped
 * before the memory goes back. */
#include "kw-kraken-sign.h"

#include "kw-error.h"

#include <string.h>

#define SHA256_BYTES 32
#define SHA512_BYTES 64

/* g_base64_decode() skips what is no base64; a key with a typing error must not sign. */
static gboolean
is_base64(const gchar *text, gsize length)
{
    gsize n_padding = 0;

    if (length == 0 || length % 4 != 0)
        return FALSE;
    while (n_padding < 2 && text[length - 1 - n_padding] == '=')
        n_padding++;
    for (gsize i = 0; i < length - n_padding; i++) {
        if (!g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/')
            return FALSE;
    }
    return TRUE;
}

static void
digest_body(const gchar *nonce, const gchar *body, guint8 *out)
{
    g_autoptr(GChecksum) inner = g_checksum_new(G_CHECKSUM_SHA256);
    gsize n_bytes = SHA256_BYTES;

    g_checksum_update(inner, (const guchar *) nonce, (gssize) strlen(nonce));
    g_checksum_update(inner, (const guchar *) body, (gssize) strlen(body));
    g_checksum_get_digest(inner, out, &n_bytes);
}

gchar *
kw_kraken_sign(const gchar *path,
               const gchar *nonce,
               const gchar *body,
               const KwSecret *secret,
               GError **error)
{
    g_autoptr(GHmac) hmac = NULL;
    guint8 inner[SHA256_BYTES], outer[SHA512_BYTES];
    gsize n_outer = sizeof outer, n_text, n_key;
    const gchar *text;
    guchar *key;

    g_return_val_if_fail(path != NULL && nonce != NULL && body != NULL, NULL);
    g_return_val_if_fail(secret != NULL, NULL);

    text = kw_secret_get_bytes(secret, &n_text);
    if (!is_base64(text, n_text)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                            "the private key is no base64 text");
        return NULL;
    }
    key = g_base64_decode(text, &n_key);
    hmac = g_hmac_new(G_CHECKSUM_SHA512, key, n_key);
    explicit_bzero(key, n_key);
    g_free(key);
    digest_body(nonce, body, inner);
    g_hmac_update(hmac, (const guchar *) path, (gssize) strlen(path));
    g_hmac_update(hmac, inner, sizeof inner);
    g_hmac_get_digest(hmac, outer, &n_outer);
    return g_base64_encode(outer, n_outer);
}
