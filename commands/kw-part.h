/* kw-part.h: the actions that a message speaks of, wished or not */
#pragma once

#include "kw-mood.h"
#include "kw-slot-reader.h"

G_BEGIN_DECLS

#define KW_PARTS_MAX 16
#define KW_PARTS_QUESTION_WEIGHT 9 /* of a clause that asks for itself */

/* What one clause is about, when that is an action */
typedef struct {
    KwIntentId id;
    KwMood mood;
    gint weight;
    guint clause;
} KwPart;

/**
 * KwParts:
 * @finding, @tokens: the message; borrowed
 * @list: in the order of mention
 */
typedef struct {
    const KwFinding *finding;
    const GArray *tokens;
    KwPart list[KW_PARTS_MAX];
    guint n;
} KwParts;

/* Is @id something that the chat can be told to do, allowed or not? */
gboolean kw_part_is_action(KwIntentId id);
gboolean kw_part_is_wished(const KwPart *part);

/* kill_on > stop > pause_entries; 0 for the others */
gint kw_part_get_strength(KwIntentId id);

/* The question that tells how it stands with what @id changes */
KwIntentId kw_part_get_question(KwIntentId id);

gboolean kw_parts_wish(const KwParts *self, KwIntentId id);
gboolean kw_parts_have_clause(const KwParts *self, guint clause);
guint kw_parts_count_words(const KwParts *self, guint clause);

/* The strongest wish that makes the bot do less at once, or %KW_INTENT_NONE */
KwIntentId kw_parts_get_halt(const KwParts *self);

/* Place in the order of carrying out: 0 first, %KW_PARTS_MAX_RANK last */
#define KW_PARTS_MAX_RANK 5
gint kw_parts_get_rank(const KwParts *self, KwIntentId id);

/* Is the release of a pair wished beside a lock? The lock alone is done then. */
gboolean kw_parts_leave_release(const KwParts *self);

/* Where @id finds its slots: a lock not in the clauses of another wish or question */
KwSlotScope kw_parts_get_scope(const KwParts *self, KwIntentId id);

G_END_DECLS
