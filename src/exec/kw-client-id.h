/* kw-client-id.h: the id of our own under which a venue keeps an order */
#pragma once

#include "kw-order.h"

G_BEGIN_DECLS

/**
 * kw_client_id_make:
 * @key: what was decided; the same key gives the same id
 * @buffer: KW_ID_SIZE bytes; gets 18 characters of ASCII
 */
void kw_client_id_make(const gchar *key, gchar *buffer);

/* TRUE for an id of the form that kw_client_id_make() gives, of this process or an earlier one
 */
gboolean kw_client_id_is_ours(const gchar *client_id);

G_END_DECLS
