/* kw-rule-index.h: rules and phrases, found by one of their terms */
#pragma once

#include "kw-lexicon.h"

G_BEGIN_DECLS

typedef struct _KwRuleIndex KwRuleIndex;

/* @keys: (array length=n): the term that item 0, 1, ... cannot do without */
KwRuleIndex *kw_rule_index_new(const guint16 *keys, guint n);
void kw_rule_index_free(KwRuleIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRuleIndex, kw_rule_index_free)

/* Called for each item whose key is in the set; ascending within one key */
typedef void (*KwRuleIndexFunc)(guint item, gpointer user_data);

void kw_rule_index_visit(const KwRuleIndex *self,
                         const KwTermSet *set,
                         KwRuleIndexFunc func,
                         gpointer user_data);

/* For each of @rules that of its wanted terms which the fewest rules want; owned by the caller
 */
guint16 *kw_rule_index_choose_keys(const GArray *rules);

G_END_DECLS
