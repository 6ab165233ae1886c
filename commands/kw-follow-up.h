/* kw-follow-up.h: what an elliptic question asks for, after the one before it */
#pragma once

#include "kw-intent.h"

G_BEGIN_DECLS

/**
 * KwFollowUp:
 * @KW_FOLLOW_UP_SAME: the question before with what is new, or what was asked about it
 * @KW_FOLLOW_UP_MOVED: another question, as the one before knows no such period, pair, ...
 * @KW_FOLLOW_UP_NOWHERE: nothing answers that; the intent is untouched
 */
typedef enum {
    KW_FOLLOW_UP_SAME,
    KW_FOLLOW_UP_MOVED,
    KW_FOLLOW_UP_NOWHERE,
} KwFollowUp;

/**
 * kw_follow_up_resolve:
 * @inout: read as %KW_INTENT_FOLLOWUP; becomes the question that is meant
 * @before: what was asked before, of the class READ
 * @slots: of that question; new ones win over them
 * @text: (array length=length): the follow-up itself
 *
 * Pure.
 */
KwFollowUp kw_follow_up_resolve(
    KwIntent *inout, KwIntentId before, const KwSlots *slots, const gchar *text, gsize length);

G_END_DECLS
