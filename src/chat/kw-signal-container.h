/* kw-signal-container.h: calls of signal-cli in the words of signal-cli-rest-api */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KwSignalContainerCall: one request to the container
 * @verb: of HTTP; static
 * @path: owned; from the root, the number escaped
 * @body: owned; (nullable): JSON
 */
typedef struct {
    const gchar *verb;
    gchar *path;
    gchar *body;
    gint64 id; /* of the call in JSON-RPC */
} KwSignalContainerCall;

/**
 * kw_signal_container_call_new:
 * @rpc: a call in JSON-RPC, with "account" among its parameters
 *
 * Returns: (transfer full): %NULL with #KwParseError for a call that the container does not
 *   know
 */
KwSignalContainerCall *kw_signal_container_call_new(const gchar *rpc, GError **error);
void kw_signal_container_call_free(KwSignalContainerCall *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSignalContainerCall, kw_signal_container_call_free)

/**
 * kw_signal_container_call_read:
 * @status: of HTTP
 * @body: whatever came
 *
 * Returns: (transfer full): the answer in JSON-RPC
 */
gchar *
kw_signal_container_call_read(const KwSignalContainerCall *self, guint status, GBytes *body);

/* What "/v1/about" says of a container that can be used. Returns: %FALSE with
 * %KW_PARSE_ERROR_SYNTAX for one that runs in another mode, or something else altogether */
gboolean kw_signal_container_check(guint status, GBytes *body, GError **error);

G_END_DECLS
