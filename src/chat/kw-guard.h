/* kw-guard.h: which messages get through to the dialog */
#pragma once

#include "kw-channel.h"
#include "kw-clock.h"

G_BEGIN_DECLS

#define KW_GUARD_MAX_CHARS 4000   /* characters of a message */
#define KW_GUARD_PER_MINUTE 20    /* messages of a sender in any 60 seconds */
#define KW_GUARD_N_REMEMBERED 256 /* messages that are known when they come again */

/**
 * KwGuardClass: what the caller has seen in the text
 * @KW_GUARD_NORMAL: anything
 * @KW_GUARD_HALT: it asks for less (stop, pause, kill switch); never counted, never too many
 *
 * The guard does not read the text: only the parser knows what a message asks for, and a second
 * list of words here would come to differ from its list.
 */
typedef enum {
    KW_GUARD_NORMAL,
    KW_GUARD_HALT,
} KwGuardClass;

/**
 * KwGuardRole: of a sender
 * @KW_GUARD_STRANGER: gets no answer at all
 * @KW_GUARD_READER: may ask
 * @KW_GUARD_OWNER: may do everything
 */
typedef enum {
    KW_GUARD_STRANGER,
    KW_GUARD_READER,
    KW_GUARD_OWNER,
} KwGuardRole;

/**
 * KwGuardVerdict:
 * @KW_GUARD_PASS: to be answered
 * @KW_GUARD_DENIED: the sender is not on a list, or it is no private message: no answer at all
 * @KW_GUARD_DUPLICATE: was here before: no answer, it had one
 * @KW_GUARD_BROKEN: zero bytes, no UTF-8, or U+FFFD where such bytes were; say so
 * @KW_GUARD_TOO_LONG: over %KW_GUARD_MAX_CHARS; say so
 * @KW_GUARD_TOO_MANY: more than %KW_GUARD_PER_MINUTE; say so
 */
typedef enum {
    KW_GUARD_PASS,
    KW_GUARD_DENIED,
    KW_GUARD_DUPLICATE,
    KW_GUARD_BROKEN,
    KW_GUARD_TOO_LONG,
    KW_GUARD_TOO_MANY,
} KwGuardVerdict;
#define KW_N_GUARD_VERDICTS 6

/* Stable names for logs and views, "pass", "denied", ...; static */
const gchar *kw_guard_verdict_to_string(KwGuardVerdict verdict);

/* The guard of one channel. Main context. */
typedef struct _KwGuard KwGuard;

/**
 * kw_guard_new:
 * @clock: its monotonic time counts; real time also where the bot runs on market time
 * @owners: (array zero-terminated=1) (nullable): senders
 * @readers: (array zero-terminated=1) (nullable): who is in both lists is an owner
 *
 * Two empty lists deny everybody.
 *
 * Returns: (transfer full)
 */
KwGuard *kw_guard_new(KwClock *clock, const gchar *const *owners, const gchar *const *readers);
void kw_guard_free(KwGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwGuard, kw_guard_free)

/* A caller asks before kw_guard_check() does, so that the text of a stranger is not even read.
 */
KwGuardRole kw_guard_get_role(const KwGuard *self, const gchar *sender);

/**
 * kw_guard_check:
 * @message: with its key it is remembered, whatever the verdict, except for strangers
 * @seen: what the message asks for
 *
 * A message of class %KW_GUARD_HALT passes at any rate and uses up nothing, but must be as
 * short, whole and new as others.
 *
 * Returns: the verdict, which is also counted
 */
KwGuardVerdict
kw_guard_check(KwGuard *self, const KwChannelMessage *message, KwGuardClass seen);

/* How often a verdict was given since the start */
guint64 kw_guard_get_count(const KwGuard *self, KwGuardVerdict verdict);

G_END_DECLS
