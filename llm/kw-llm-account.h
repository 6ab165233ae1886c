/* kw-llm-account.h: tokens of Vertex from the key file of a service account */
#pragma once

#include "kw-http.h"
#include "kw-secret.h"

G_BEGIN_DECLS

#define KW_TYPE_LLM_ACCOUNT (kw_llm_account_get_type())
G_DECLARE_FINAL_TYPE(KwLlmAccount, kw_llm_account, KW, LLM_ACCOUNT, GObject)

/**
 * kw_llm_account_new:
 * @key_file: JSON as Google gives it out: "client_email", "private_key", "token_uri"
 * @clock: the real one; a reference is kept, as of @http
 *
 * Returns: (transfer full): %NULL with %KW_LLM_ERROR_KEY that says what is wrong with the file,
 *   and nothing of what is in it
 */
KwLlmAccount *
kw_llm_account_new(const KwSecret *key_file, KwHttp *http, KwClock *clock, GError **error);

/* (transfer full): a signed JWT that asks for a token, valid for an hour from now; wipe it */
gchar *kw_llm_account_build_assertion(KwLlmAccount *self, GError **error);

/* (transfer none) (nullable): the token while it lasts; %NULL: a new one has to be asked for */
const KwSecret *kw_llm_account_get_token(KwLlmAccount *self);

/* The vendor did not take it: the next one is asked for anew. */
void kw_llm_account_forget(KwLlmAccount *self);

/**
 * kw_llm_account_renew_async:
 * @timeout_ms: of the request
 *
 * Asks the token endpoint. Requests may run side by side; the last token counts.
 */
void kw_llm_account_renew_async(KwLlmAccount *self,
                                guint timeout_ms,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/* Returns: (transfer none): the token; %NULL with %KW_LLM_ERROR_KEY (refused: the message says
 * why) or %KW_LLM_ERROR_UNAVAILABLE */
const KwSecret *
kw_llm_account_renew_finish(KwLlmAccount *self, GAsyncResult *result, GError **error);

G_END_DECLS
