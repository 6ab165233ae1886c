/* fuzz-llm-stream.c: any bytes as a streamed answer of the model
 *
 * The first byte says how the others are cut. Whatever comes, it is an answer or an error, and
 * calls come only out of an answer that ended by asking for them. */
#include "kw-fuzz.h"
#include "kw-llm-stream.h"

#include <string.h>

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autoptr(KwLlmStream) stream = kw_llm_stream_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLlmMessage) message = NULL;
    gsize step = length > 0 ? (gsize) bytes[0] + 1 : 1;
    KwLlmUsage usage;

    for (gsize at = 1; at < length; at += step)
        if (!kw_llm_stream_feed(stream, (const gchar *) bytes + at, MIN(step, length - at)))
            break;
    message = kw_llm_stream_finish(stream, &error);
    kw_llm_stream_get_usage(stream, &usage);
    g_assert_cmpint(kw_llm_usage_sum(&usage), >=, 0);
    g_assert_true((message == NULL) != (error == NULL));
    if (message == NULL)
        return;
    g_assert_true(g_utf8_validate(message->text, -1, NULL));
    g_assert_true(message->calls->len == 0 || message->stop == KW_LLM_STOP_TOOLS);
    g_assert_cmpuint(json_array_get_length(message->content), <=, KW_LLM_MAX_BLOCKS);
}
