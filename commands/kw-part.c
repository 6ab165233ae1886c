/* kw-part.c: the actions that a message speaks of, wished or not
 *
 * Each clause that is about an action is a part. The mood gate has judged it; here the parts
 * are weighed against each other: which wish counts, in which order they are carried out, and
 * where a lock may take its pairs from. */
#include "kw-part.h"

#define MAX_CRY_WORDS 2 /* of a cry like "Halt!" */

gboolean
kw_part_is_action(KwIntentId id)
{
    return (kw_intent_id_get_direction(id) != KW_DIRECTION_NONE && id != KW_INTENT_DENY) ||
           id == KW_INTENT_ORDER || id == KW_INTENT_RESTRICTED_CHANGE ||
           id == KW_INTENT_NOTIFICATIONS || id == KW_INTENT_SET_LANGUAGE;
}

guint
kw_parts_count_words(const KwParts *self, guint clause)
{
    guint n = 0;

    for (guint i = 0; i < self->tokens->len; i++)
        n += g_array_index(self->tokens, KwToken, i).clause == clause;
    return n;
}

gboolean
kw_parts_have_clause(const KwParts *self, guint clause)
{
    for (guint i = 0; i < self->n; i++) {
        if (self->list[i].clause == clause)
            return TRUE;
    }
    return FALSE;
}

gboolean
kw_part_is_wished(const KwPart *part)
{
    /* An order is refused however it is put, unless it is only asked about or denied. */
    if (part->id == KW_INTENT_ORDER || part->id == KW_INTENT_RESTRICTED_CHANGE)
        return part->mood == KW_MOOD_WISH || part->mood == KW_MOOD_CONDITIONAL ||
               part->mood == KW_MOOD_SCHEDULED || part->mood == KW_MOOD_QUESTION;
    if (part->id == KW_INTENT_NOTIFICATIONS && part->mood == KW_MOOD_SCHEDULED)
        return TRUE; /* "künftig um 21 Uhr" is what is wished */
    return part->mood == KW_MOOD_WISH;
}

gint
kw_part_get_strength(KwIntentId id)
{
    if (id == KW_INTENT_KILL_ON)
        return 3;
    if (id == KW_INTENT_STOP)
        return 2;
    return id == KW_INTENT_PAUSE_ENTRIES ? 1 : 0;
}

KwIntentId
kw_part_get_question(KwIntentId id)
{
    switch (kw_intent_id_get_class(id)) {
    case KW_INTENT_CLASS_KILL:
        return KW_INTENT_RISK_STATUS;
    case KW_INTENT_CLASS_MODEL:
        return id == KW_INTENT_RETRAIN ? KW_INTENT_TRAINING_STATUS : KW_INTENT_MODEL_HISTORY;
    case KW_INTENT_CLASS_READ:
    case KW_INTENT_CLASS_CONTROL:
    case KW_INTENT_CLASS_META:
    case KW_INTENT_CLASS_REFUSE:
        break;
    }
    if (id == KW_INTENT_SET_THRESHOLD)
        return KW_INTENT_CONFIG_SHOW;
    if (id == KW_INTENT_PAIR_LOCK)
        return KW_INTENT_PAIRS;
    if (id == KW_INTENT_ACCEPT)
        return KW_INTENT_VENUE;
    return id == KW_INTENT_START || id == KW_INTENT_STOP || id == KW_INTENT_PAUSE_ENTRIES
               ? KW_INTENT_STATUS
               : KW_INTENT_NO_ACTION;
}

static KwSlotAction
lock_action_of(const KwParts *self, guint clause)
{
    return kw_slots_read_lock_action(self->finding,
                                     &g_array_index(self->finding->clauses, KwTermSet, clause));
}

/* "Sperr BTC und gib ETH frei": the lock is done, the release needs a message of its own. */
static KwSlotAction
safer_lock_action(const KwParts *self)
{
    for (guint i = 0; i < self->n; i++) {
        if (self->list[i].id == KW_INTENT_PAIR_LOCK && kw_part_is_wished(&self->list[i]) &&
            lock_action_of(self, self->list[i].clause) == KW_SLOT_ACTION_LOCK)
            return KW_SLOT_ACTION_LOCK;
    }
    return KW_SLOT_ACTION_UNLOCK;
}

gboolean
kw_parts_leave_release(const KwParts *self)
{
    for (guint i = 0; i < self->n; i++) {
        if (self->list[i].id == KW_INTENT_PAIR_LOCK && kw_part_is_wished(&self->list[i]) &&
            lock_action_of(self, self->list[i].clause) != safer_lock_action(self))
            return TRUE;
    }
    return FALSE;
}

gint
kw_parts_get_rank(const KwParts *self, KwIntentId id)
{
    if (kw_part_get_strength(id) > 0)
        return 0;
    if (id == KW_INTENT_PAIR_LOCK && safer_lock_action(self) == KW_SLOT_ACTION_LOCK)
        return 1;
    if (kw_intent_id_get_class(id) == KW_INTENT_CLASS_READ)
        return 2;
    if (kw_intent_id_get_class(id) == KW_INTENT_CLASS_REFUSE)
        return KW_PARTS_MAX_RANK;
    return kw_intent_id_get_direction(id) == KW_DIRECTION_RISK || id == KW_INTENT_SET_THRESHOLD
               ? 4
               : 3;
}

gboolean
kw_parts_wish(const KwParts *self, KwIntentId id)
{
    for (guint i = 0; i < self->n; i++) {
        if (self->list[i].id == id && kw_part_is_wished(&self->list[i]))
            return TRUE;
    }
    return FALSE;
}

/* Is @id what the clause wishes? */
static gboolean
clause_wishes(const KwParts *self, guint clause, KwIntentId id)
{
    for (guint i = 0; i < self->n; i++) {
        if (self->list[i].clause == clause && self->list[i].id == id &&
            kw_part_is_wished(&self->list[i]))
            return TRUE;
    }
    return FALSE;
}

/* "Halt, nicht stoppen!": the cry is meant for the one who is about to */
static gboolean
is_called_off(const KwParts *self, const KwPart *cry)
{
    gboolean is_denied = FALSE;

    for (guint i = 0; i < self->n; i++)
        is_denied |= self->list[i].id == cry->id && self->list[i].mood == KW_MOOD_NEGATED;
    return is_denied && kw_parts_count_words(self, cry->clause) <= MAX_CRY_WORDS;
}

KwIntentId
kw_parts_get_halt(const KwParts *self)
{
    KwIntentId best = KW_INTENT_NONE;

    for (guint i = 0; i < self->n; i++) {
        const KwPart *part = &self->list[i];

        if (kw_part_is_wished(part) &&
            kw_part_get_strength(part->id) > kw_part_get_strength(best) &&
            !is_called_off(self, part))
            best = part->id;
    }
    return best;
}

/* Does the clause speak of something else than the lock? */
static gboolean
is_other_matter(const KwParts *self, guint clause)
{
    const KwTermSet *set = &g_array_index(self->finding->clauses, KwTermSet, clause);
    const KwRule *rule = kw_lexicon_match(self->finding->lexicon, set, KW_INTENT_NONE);

    if (clause_wishes(self, clause, KW_INTENT_PAIR_LOCK))
        return lock_action_of(self, clause) != safer_lock_action(self);
    if (kw_term_set_has(set, kw_lexicon_find_term(self->finding->lexicon, "#frage")))
        return TRUE;
    return rule != NULL && rule->weight >= KW_PARTS_QUESTION_WEIGHT &&
           (kw_part_is_action(rule->intent) ||
            kw_intent_id_get_class(rule->intent) == KW_INTENT_CLASS_READ);
}

KwSlotScope
kw_parts_get_scope(const KwParts *self, KwIntentId id)
{
    KwSlotScope scope = {.intent = id, .clauses = G_MAXUINT64};

    for (guint c = 0; id == KW_INTENT_PAIR_LOCK && c < MIN(self->finding->clauses->len, 63);
         c++) {
        if (is_other_matter(self, c))
            scope.clauses &= ~(G_GUINT64_CONSTANT(1) << c);
    }
    for (guint c = 0; id == KW_INTENT_SET_THRESHOLD && c < MIN(self->finding->clauses->len, 63);
         c++) {
        if (!clause_wishes(self, c, id))
            scope.clauses &= ~(G_GUINT64_CONSTANT(1) << c);
    }
    return scope;
}
