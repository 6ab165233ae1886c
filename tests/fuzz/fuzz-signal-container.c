/* fuzz-signal-container.c: any answer of the container
 *
 * Whatever comes becomes one JSON-RPC answer to the call that was made, a result or an error.
 */
#include "kw-fuzz.h"
#include "kw-json.h"
#include "kw-signal-container.h"

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    static const gchar rpc[] = "{\"id\":3,\"method\":\"send\",\"params\":{\"account\":\"+1\"}}";
    static const guint statuses[] = {200, 201, 204, 400, 429, 502};
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_autoptr(KwSignalContainerCall) call = kw_signal_container_call_new(rpc, NULL);

    (void) kw_signal_container_check(200, body, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++) {
        g_autofree gchar *answer = kw_signal_container_call_read(call, statuses[i], body);
        g_autoptr(JsonNode) root = kw_json_parse_text(answer, -1, NULL);
        JsonObject *object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
        gint64 id = 0;

        /* deeper than we read is the one thing that does not come back */
        if (object == NULL)
            continue;
        g_assert_true(kw_json_get_int(object, "id", &id, NULL));
        g_assert_cmpint(id, ==, 3);
        g_assert_true(kw_json_has(object, statuses[i] < 300 ? "result" : "error"));
    }
}
