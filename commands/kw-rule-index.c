/* kw-rule-index.c: rules and phrases, found by one of their terms
 *
 * A message has a few dozen terms, the lexicon some thousand rules and phrases; nearly all of
 * them lack a term that the message does not have. So each is filed under one term that it
 * cannot do without (the rarest one), and only the files of the terms at hand are opened. */
#include "kw-rule-index.h"

#include <string.h>

struct _KwRuleIndex {
    guint32
        first[KW_LEXICON_MAX_TERMS + 1]; /* items of term t: from first[t] to first[t + 1] */
    guint16 *items;                      /* owned */
};

KwRuleIndex *
kw_rule_index_new(const guint16 *keys, guint n)
{
    KwRuleIndex *self = g_new0(KwRuleIndex, 1);
    g_autofree guint32 *next = NULL;

    g_return_val_if_fail(n <= G_MAXUINT16, self);

    for (guint i = 0; i < n; i++)
        self->first[keys[i] + 1]++;
    for (guint t = 0; t < KW_LEXICON_MAX_TERMS; t++)
        self->first[t + 1] += self->first[t];
    self->items = g_new0(guint16, n + 1);
    next = g_memdup2(self->first, sizeof self->first);
    for (guint i = 0; i < n; i++)
        self->items[next[keys[i]]++] = (guint16) i;
    return self;
}

void
kw_rule_index_free(KwRuleIndex *self)
{
    if (self == NULL)
        return;
    g_free(self->items);
    g_free(self);
}

void
kw_rule_index_visit(const KwRuleIndex *self,
                    const KwTermSet *set,
                    KwRuleIndexFunc func,
                    gpointer user_data)
{
    for (guint w = 0; w < G_N_ELEMENTS(set->bits); w++) {
        for (guint64 bits = set->bits[w]; bits != 0; bits &= bits - 1) {
            guint term = w * 64 + (guint) __builtin_ctzll(bits);

            for (guint32 i = self->first[term]; i < self->first[term + 1]; i++)
                func(self->items[i], user_data);
        }
    }
}

guint16 *
kw_rule_index_choose_keys(const GArray *rules)
{
    g_autofree guint *uses = g_new0(guint, KW_LEXICON_MAX_TERMS);
    guint16 *keys = g_new0(guint16, rules->len + 1);

    for (guint i = 0; i < rules->len; i++) {
        const KwRule *rule = &g_array_index(rules, KwRule, i);

        for (guint k = 0; k < rule->n_wanted; k++)
            uses[rule->wanted[k]]++;
    }
    for (guint i = 0; i < rules->len; i++) {
        const KwRule *rule = &g_array_index(rules, KwRule, i);

        keys[i] = rule->wanted[0];
        for (guint k = 1; k < rule->n_wanted; k++) {
            if (uses[rule->wanted[k]] < uses[keys[i]])
                keys[i] = rule->wanted[k];
        }
    }
    return keys;
}
