/* kw-client-id.c: a hash and not readable text, as venues allow 18 characters, which is less
 * than a pair and a time take */
#include "kw-client-id.h"

#include <string.h>

#define PREFIX "kw"
#define N_DIGITS 16

/* FNV-1a: short, stable and free of chance; it need not be secret */
static guint64
hash_text(const gchar *text)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);

    for (const gchar *p = text; *p != '\0'; p++)
        hash = (hash ^ (guint8) *p) * G_GUINT64_CONSTANT(0x100000001b3);
    return hash;
}

void
kw_client_id_make(const gchar *key, gchar *buffer)
{
    g_return_if_fail(key != NULL && buffer != NULL);

    (void) g_snprintf(buffer, KW_ID_SIZE, PREFIX "%016" G_GINT64_MODIFIER "x", hash_text(key));
}

gboolean
kw_client_id_is_ours(const gchar *client_id)
{
    const gchar *digits;

    g_return_val_if_fail(client_id != NULL, FALSE);

    if (!g_str_has_prefix(client_id, PREFIX))
        return FALSE;
    digits = client_id + strlen(PREFIX);
    return strlen(digits) == N_DIGITS && strspn(digits, "0123456789abcdef") == N_DIGITS;
}
