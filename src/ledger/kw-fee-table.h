/* kw-fee-table.h: the fees that an account pays, by pair, and since when */
#pragma once

#include "kw-pair.h"

G_BEGIN_DECLS

#define KW_FEE_KEY_PREFIX "fee " /* of the notes in the store: "fee BTC/EUR" */

/**
 * KwFeeTier:
 * @taker_ratio, @maker_ratio: of the value of a fill, 0..0.1
 * @volume_usd: of thirty days, which the exchange derived the tier from
 * @since_us: first seen with these ratios
 * @checked_us: last seen so
 *
 * Plain value.
 */
typedef struct {
    gchar pair[KW_PAIR_NAME_SIZE];
    gdouble taker_ratio, maker_ratio;
    gdouble volume_usd;
    gint64 since_us, checked_us;
} KwFeeTier;

/* A line for the store; (transfer full). Parse gives back the same, but for the pair's name. */
gchar *kw_fee_tier_to_text(const KwFeeTier *self);

/* Returns: %FALSE with %KW_PARSE_ERROR_SYNTAX; @out untouched then */
gboolean
kw_fee_tier_parse(const gchar *pair, const gchar *text, KwFeeTier *out, GError **error);

/* Opaque; main thread. */
typedef struct _KwFeeTable KwFeeTable;

KwFeeTable *kw_fee_table_new(void);
void kw_fee_table_free(KwFeeTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFeeTable, kw_fee_table_free)

/**
 * kw_fee_table_restore:
 * @notes: (element-type utf8 utf8): notes of the store; those of %KW_FEE_KEY_PREFIX are read
 *
 * A note that cannot be read is left out: the next look at the exchange brings it again.
 *
 * Returns: number of tiers that were read
 */
guint kw_fee_table_restore(KwFeeTable *self, GHashTable *notes);

/**
 * kw_fee_table_note:
 * @seen: what the exchange tells now; its @since_us does not count, its @checked_us is now
 * @out_before: (out caller-allocates) (optional): what was known; set with %TRUE alone
 *
 * Takes the tier over. Store it afterwards in any case: the date of the look is in it.
 *
 * Returns: %TRUE when one of both ratios differs from what was known; %FALSE as well for a pair
 *   that was not known at all
 */
gboolean kw_fee_table_note(KwFeeTable *self, const KwFeeTier *seen, KwFeeTier *out_before);

/* (transfer none) (nullable): valid until the next note of that pair */
const KwFeeTier *kw_fee_table_find(const KwFeeTable *self, const gchar *pair);

/* The taker's ratio of @pair, or @fallback (of the configuration) while none is known */
gdouble kw_fee_table_get_taker(const KwFeeTable *self, const gchar *pair, gdouble fallback);

G_END_DECLS
