/* kw-address.c: the host of a URL decides, and a URL that could be read in two ways is nobody's
 *
 * To compare the beginning with "http://127.0.0.1:" was dropped: "http://127.0.0.1:1@host/"
 * begins so and leads elsewhere. Names are not resolved, as what they lead to may change. */
#include "kw-address.h"

#include <gio/gio.h>
#include <string.h>

/* %NULL for what is no URL, names a user, or has what some readers take for a slash */
static GUri *
parse(const gchar *url)
{
    g_autoptr(GUri) uri = NULL;

    if (strpbrk(url, "\\ \t\r\n") != NULL)
        return NULL;
    uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
    return uri != NULL && g_uri_get_userinfo(uri) == NULL && g_uri_get_host(uri) != NULL &&
                   *g_uri_get_host(uri) != '\0'
               ? g_steal_pointer(&uri)
               : NULL;
}

static gboolean
is_this_machine(const gchar *host)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

    return g_ascii_strcasecmp(host, "localhost") == 0 ||
           (address != NULL && g_inet_address_get_is_loopback(address));
}

gboolean
kw_address_is_local(const gchar *url)
{
    g_autoptr(GUri) uri = NULL;

    g_return_val_if_fail(url != NULL, FALSE);

    uri = parse(url);
    return uri != NULL && is_this_machine(g_uri_get_host(uri));
}

gboolean
kw_address_is_private(const gchar *url)
{
    g_autoptr(GUri) uri = NULL;

    g_return_val_if_fail(url != NULL, FALSE);

    uri = parse(url);
    if (uri == NULL)
        return FALSE;
    if (strcmp(g_uri_get_scheme(uri), "http") == 0)
        return is_this_machine(g_uri_get_host(uri));
    return strcmp(g_uri_get_scheme(uri), "https") == 0;
}
