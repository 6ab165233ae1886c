/* kw-nonce.h: numbers that only ever grow, over restarts and clock steps too */
#pragma once

#include "kw-clock.h"

G_BEGIN_DECLS

typedef struct _KwNonce KwNonce;

/**
 * kw_nonce_new:
 * @path: (nullable): file that remembers how far the numbers have gone; made when missing,
 *   mode 0600. %NULL: they are remembered by nobody (tests)
 *
 * The numbers are microseconds since the Unix epoch, or the last one and one more when the
 * clock does not move on. One unit for ever: a key that has seen a larger number refuses all
 * smaller ones.
 *
 * Returns: (transfer full): %NULL with %KW_NET_ERROR_IO when the file cannot be read or is none
 */
KwNonce *kw_nonce_new(KwClock *clock, const gchar *path, GError **error);
void kw_nonce_free(KwNonce *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwNonce, kw_nonce_free)

/**
 * kw_nonce_take:
 * @out: (out caller-allocates): larger than any number before, by this or an earlier process
 *
 * Syncs the file once in some ten minutes, otherwise it only counts.
 *
 * Returns: %FALSE with %KW_NET_ERROR_IO when the file cannot be written; nothing may be sent
 * then
 */
gboolean kw_nonce_take(KwNonce *self, guint64 *out, GError **error);

/* The next number is larger than @seen as well (what the exchange says it has seen). */
void kw_nonce_raise(KwNonce *self, guint64 seen);

G_END_DECLS
