/* kw-walk-page.h: what a walk-forward says: its windows, and how good their forecasts were */
#pragma once

#include "kw-format.h"
#include "kw-json.h"
#include "kw-walk.h"

G_BEGIN_DECLS

/* Windows, joined figures, and precision and recall of each tier, for people */
void kw_walk_page_print(const KwWalk *walk, GString *out, KwFormat *format);

/* (transfer full): the same with every window */
JsonNode *kw_walk_page_to_json(const KwWalk *walk);

/* "passed" and the like, translated */
const gchar *kw_walk_page_verdict_text(KwTierVerdict verdict);

/* "tier low" and the like, translated */
const gchar *kw_walk_page_tier_text(KwConfidenceTier tier);

G_END_DECLS
