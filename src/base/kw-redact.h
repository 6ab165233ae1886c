/* kw-redact.h: takes what must not be read out of a text */
#pragma once

#include "kw-secret.h"

G_BEGIN_DECLS

#define KW_REDACT_MARK "***"
#define KW_REDACT_MIN_SECRET 6 /* bytes; shorter values would blank out ordinary words */

typedef struct _KwRedactor KwRedactor;

/* (transfer full) */
KwRedactor *kw_redactor_new(void);
void kw_redactor_free(KwRedactor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRedactor, kw_redactor_free)

/* From now on the value is masked wherever it turns up: as it is, in base64, in hex and with
 * URL escapes. The first sixteen stay for good; of later ones, tokens that are renewed, at
 * least the newest forty-eight. Any thread. */
void kw_redactor_add(KwRedactor *self, const KwSecret *secret);

/**
 * kw_redactor_apply:
 * @text: bytes, valid UTF-8 or not
 *
 * Masks added secrets and what looks like one: authorization headers, values named key, token,
 * password or secret, bot tokens, PEM keys, JWTs, long mixed base64, passwords in URLs, and
 * telephone numbers. Lower-case hex of any length stays: content hashes must be readable. Any
 * thread.
 *
 * Returns: (transfer full)
 */
gchar *kw_redactor_apply(KwRedactor *self, const gchar *text);

/* TRUE when an added secret is in it, in a spelling that kw_redactor_apply() masks; what only
 * looks like one does not count. Any thread. */
gboolean kw_redactor_knows(KwRedactor *self, const gchar *text);

G_END_DECLS
