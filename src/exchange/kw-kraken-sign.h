/* kw-kraken-sign.h: the signature of a private call to Kraken */
#pragma once

#include "kw-secret.h"

G_BEGIN_DECLS

/**
 * kw_kraken_sign:
 * @path: from "/0/private/" on
 * @nonce: the same decimal text that stands in @body
 * @body: exactly what will be sent
 * @secret: the private key as Kraken shows it (base64)
 *
 * Returns: (transfer full): value of the header API-Sign, or %NULL with
 *   %KW_PARSE_ERROR_SYNTAX when the key is no base64. Nothing of the key is in the message.
 */
gchar *kw_kraken_sign(const gchar *path,
                      const gchar *nonce,
                      const gchar *body,
                      const KwSecret *secret,
                      GError **error);

G_END_DECLS
