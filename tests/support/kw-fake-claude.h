/* kw-fake-claude.h: a Messages API on loopback that says what a test wants */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _KwFakeClaude KwFakeClaude;

/**
 * KwFakeModelFunc: what the model answers
 * @request: body of the request
 *
 * Returns: (transfer full): JSON of a whole message, see kw_fake_claude_say()
 */
typedef gchar *(*KwFakeModelFunc)(JsonObject *request, gpointer user_data);

KwFakeClaude *kw_fake_claude_new(void);
void kw_fake_claude_free(KwFakeClaude *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFakeClaude, kw_fake_claude_free)

/* "http://127.0.0.1:PORT" */
const gchar *kw_fake_claude_get_url(const KwFakeClaude *self);

/* -- answers, one for each request in this order; when they are used up, the function's -- */
void kw_fake_claude_set_model(KwFakeClaude *self, KwFakeModelFunc func, gpointer user_data);

/* A fixture below tests/fixtures/claude: ".sse" as it is, ".json" of a message as a stream */
void kw_fake_claude_push_file(KwFakeClaude *self, const gchar *name);

/* JSON of a message, sent as a stream */
void kw_fake_claude_push_message(KwFakeClaude *self, const gchar *json);

/* A status with a body, and @header ("Name: value") or %NULL */
void kw_fake_claude_push_status(KwFakeClaude *self,
                                guint status,
                                const gchar *body,
                                const gchar *header);

/* Bytes of a stream, as they are */
void kw_fake_claude_push_stream(KwFakeClaude *self, const gchar *stream);

/* No answer at all until the server is freed */
void kw_fake_claude_push_silence(KwFakeClaude *self);

/* Forgets the answers that were not asked for. */
void kw_fake_claude_clear(KwFakeClaude *self);

/* Every answer comes so much later. */
void kw_fake_claude_set_delay_ms(KwFakeClaude *self, guint delay_ms);

/* -- what was asked -- */
guint kw_fake_claude_get_n_requests(const KwFakeClaude *self);

/* (transfer none): body of request @index */
const gchar *kw_fake_claude_get_body(const KwFakeClaude *self, guint index);

/* (transfer none) (nullable): a header of the last request */
const gchar *kw_fake_claude_get_header(const KwFakeClaude *self, const gchar *name);

/* Path of the last request */
const gchar *kw_fake_claude_get_path(const KwFakeClaude *self);

/* -- messages -- */

/* (transfer full): JSON of a message with this text that ends the turn */
gchar *kw_fake_claude_say(const gchar *text);

/* (transfer full): JSON of a message that calls @name with @input (JSON) */
gchar *kw_fake_claude_call(const gchar *name, const gchar *input);

G_END_DECLS
