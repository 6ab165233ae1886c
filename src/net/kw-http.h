/* kw-http.h: HTTP requests on the main loop, over libcurl */
#pragma once

#include "kw-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_HTTP_MAX_HEADERS (64 * 1024) /* bytes of all response headers together */

/**
 * KwHttpReuse: whether a request may travel over a connection that was used before
 * @KW_HTTP_REUSE: yes; libcurl may then send the request again by itself when that connection
 *   turns out to be dead, so only for what may happen twice
 * @KW_HTTP_FRESH: a connection of its own, closed afterwards: the bytes leave once at most.
 *   For every request that changes something
 */
typedef enum { KW_HTTP_REUSE, KW_HTTP_FRESH } KwHttpReuse;

/**
 * KwHttpPart: one part of a multipart/form-data body
 * @name: of the field
 * @file_name: (nullable): makes it a file
 * @type: (nullable): its media type
 */
typedef struct {
    const gchar *name;
    const gchar *file_name;
    const gchar *type;
    GBytes *data;
} KwHttpPart;

/* A piece of the body as it comes in, when the status is a success (200 to 299). Neither starts
 * nor cancels a request: libcurl waits for this to return.
 * Returns: %FALSE ends the transfer with %G_IO_ERROR_CANCELLED */
typedef gboolean (*KwHttpDataFunc)(const gchar *data, gsize length, gpointer user_data);

/**
 * KwHttpRequest: everything is borrowed until kw_http_send_async() returns, but for @on_data's
 *   user data, which lives until the callback
 * @method: "GET", "POST", ...
 * @url: http or https; redirects are not followed
 * @unix_path: (nullable): of a UNIX socket to connect to instead of the URL's host
 * @headers: (nullable) (array zero-terminated=1): "Name: value"
 * @body: (nullable): sent as it is, byte for byte
 * @parts, @n_parts: instead of @body
 * @max_bytes: of the response body; > 0
 * @timeout_ms: of the whole request; 0 = none, then @idle_ms must be set
 * @idle_ms: without a byte moving; whole seconds, rounded up; 0 = none
 * @on_data: (nullable): takes the body as it comes; the response then has an empty one unless
 *   the status is not a success
 */
typedef struct {
    const gchar *method;
    const gchar *url;
    const gchar *unix_path;
    const gchar *const *headers;
    GBytes *body;
    const KwHttpPart *parts;
    guint n_parts;
    gsize max_bytes;
    guint connect_ms;
    guint timeout_ms;
    guint idle_ms;
    KwHttpReuse reuse;
    KwHttpDataFunc on_data;
    gpointer user_data;
} KwHttpRequest;

/**
 * KwHttpResponse: an answer, whatever its status
 * @headers: names in lower case to values; of a repeated header the last one
 * @body: never %NULL; one zero byte stands behind its last byte
 * @first_byte_us: from start to the first byte of the answer
 */
typedef struct {
    guint status;
    GHashTable *headers;
    GBytes *body;
    gint64 first_byte_us, total_us;
} KwHttpResponse;

void kw_http_response_free(KwHttpResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwHttpResponse, kw_http_response_free)

/* Returns: (nullable) (transfer none): value of the header @name, given in lower case */
const gchar *kw_http_response_get_header(const KwHttpResponse *self, const gchar *name);

#define KW_TYPE_HTTP (kw_http_get_type())
G_DECLARE_FINAL_TYPE(KwHttp, kw_http, KW, HTTP, GObject)

/**
 * kw_http_new:
 * @user_agent: sent with every request
 * @ca_file: (nullable): certificates to trust instead of the system's; there is no way to
 *   trust none
 *
 * Belongs to the main context that is the thread's default at construction. Cookies are not
 * kept; the proxies of the environment are used.
 *
 * Returns: (transfer full)
 */
KwHttp *kw_http_new(const gchar *user_agent, const gchar *ca_file);

/**
 * kw_http_send_async:
 *
 * Requests run side by side. A cancelled one is torn down at once; whether the server has seen
 * it, nobody knows.
 */
void kw_http_send_async(KwHttp *self,
                        const KwHttpRequest *request,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/**
 * kw_http_send_finish:
 *
 * Any status is an answer, 500 as well.
 *
 * Returns: (transfer full): %NULL with
 *   %KW_NET_ERROR_UNREACHED: no connection came about (name, port, TLS handshake): the server
 *     has certainly not seen the request
 *   %KW_NET_ERROR_CERTIFICATE: as before, because the server could not prove who it is
 *   %KW_NET_ERROR_TIMEOUT, %KW_NET_ERROR_CLOSED: no (whole) answer; the server may have seen it
 *   %KW_NET_ERROR_LIMIT: the answer is over its limit; the server has seen it
 *   %KW_NET_ERROR_IO: anything else that libcurl says
 *   %G_IO_ERROR_CANCELLED
 *   The message never has the URL in it, since a URL may hold a secret.
 */
KwHttpResponse *kw_http_send_finish(KwHttp *self, GAsyncResult *result, GError **error);

G_END_DECLS
