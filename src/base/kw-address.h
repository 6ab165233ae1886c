/* kw-address.h: what a URL says about where a secret would travel */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TRUE when @url leads to this machine: localhost, 127.0.0.0/8 or ::1, whatever its scheme */
gboolean kw_address_is_local(const gchar *url);

/* TRUE when nobody on the way can read what is sent to @url: https, or http to this machine */
gboolean kw_address_is_private(const gchar *url);

G_END_DECLS
