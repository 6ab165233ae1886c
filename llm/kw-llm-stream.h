/* kw-llm-stream.h: an answer of the Messages API that comes as a stream of events */
#pragma once

#include "kw-llm-message.h"

G_BEGIN_DECLS

#define KW_LLM_STREAM_MAX_EVENT (256 * 1024)

typedef struct _KwLlmStream KwLlmStream;

/* (transfer full) */
KwLlmStream *kw_llm_stream_new(void);
void kw_llm_stream_free(KwLlmStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLlmStream, kw_llm_stream_free)

/**
 * kw_llm_stream_feed:
 * @bytes: (array length=length): cut anywhere
 *
 * Returns: %FALSE when the stream cannot become an answer any more; kw_llm_stream_finish()
 *   says why
 */
gboolean kw_llm_stream_feed(KwLlmStream *self, const gchar *bytes, gsize length);

/**
 * kw_llm_stream_finish:
 *
 * Once, when no more bytes come.
 *
 * Returns: (transfer full): %NULL with %KW_LLM_ERROR_UNAVAILABLE (an error event, or the end is
 *   missing), _LIMIT, or _NONSENSE
 */
KwLlmMessage *kw_llm_stream_finish(KwLlmStream *self, GError **error);

/* What the stream has said of its cost so far, also when it was broken off */
void kw_llm_stream_get_usage(const KwLlmStream *self, KwLlmUsage *out);

G_END_DECLS
