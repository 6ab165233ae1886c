/* kw-pending.h: an action that waits for its one-time code */
#pragma once

#include "kw-intent.h"

G_BEGIN_DECLS

#define KW_PENDING_CODE_SIZE 5 /* four digits and terminator */
#define KW_PENDING_SENDER_SIZE 96
#define KW_PENDING_MAX_WRONG 3

/**
 * KwPending: bound to chat (it lives in the chat's state), sender, action, parameters and the
 *   state that it was asked in
 * @intent: %KW_INTENT_NONE: nothing waits
 * @serial: of the query when it was asked
 */
typedef struct {
    KwIntentId intent;
    KwSlots slots;
    gchar code[KW_PENDING_CODE_SIZE];
    gchar sender[KW_PENDING_SENDER_SIZE];
    guint64 serial;
    gint64 until_us;
    guint n_wrong;
} KwPending;

typedef enum {
    KW_CONFIRM_RIGHT,   /* used up now; @out holds the action */
    KW_CONFIRM_NOTHING, /* nothing waits */
    KW_CONFIRM_EXPIRED,
    KW_CONFIRM_CHANGED, /* kill switch, run state, threshold or a lock changed since */
    KW_CONFIRM_FOREIGN, /* somebody else's */
    KW_CONFIRM_MISSING, /* "yes" without a code */
    KW_CONFIRM_WRONG,
    KW_CONFIRM_SPENT, /* wrong for the last time; dropped */
} KwConfirmation;

void kw_pending_set(KwPending *self,
                    KwIntentId intent,
                    const KwSlots *slots,
                    const gchar *sender,
                    guint64 serial,
                    gint64 until_us);
void kw_pending_clear(KwPending *self);

/**
 * kw_pending_check:
 * @code: "" when none was given
 * @out: (out caller-allocates): the action, when the answer is %KW_CONFIRM_RIGHT
 */
KwConfirmation kw_pending_check(KwPending *self,
                                const gchar *code,
                                const gchar *sender,
                                guint64 serial,
                                gint64 now_us,
                                KwPending *out);

G_END_DECLS
