/* kw-fee-table.c: what each pair costs, remembered over restarts
 *
 * A tier is one note of the store ("fee BTC/EUR" -> "taker maker volume since checked"), since
 * only the present one is ever asked for; the change itself is told and audited by whoever
 * notes it. A table of its own in the ledger was considered: it would hold as many rows as
 * there are pairs. */
#include "kw-fee-table.h"

#include "kw-error.h"

#include <math.h>
#include <string.h>

#define MAX_RATIO 0.1
#define MIN_CHANGE 1e-9 /* of a ratio: exchanges tell percents with four digits */
#define N_WORDS 5

struct _KwFeeTable {
    GHashTable *tiers; /* owned: pair, in the tier -> owned KwFeeTier */
};

/* -- as text -- */

static gboolean
parse_number(const gchar *text, gdouble max, gdouble *out)
{
    gchar *end = NULL;
    gdouble value = g_ascii_strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= 0.0) || !(value <= max))
        return FALSE;
    *out = value;
    return TRUE;
}

gchar *
kw_fee_tier_to_text(const KwFeeTier *self)
{
    gchar taker[G_ASCII_DTOSTR_BUF_SIZE], maker[G_ASCII_DTOSTR_BUF_SIZE];
    gchar volume[G_ASCII_DTOSTR_BUF_SIZE];

    g_return_val_if_fail(self != NULL, NULL);

    (void) g_ascii_dtostr(taker, sizeof taker, self->taker_ratio);
    (void) g_ascii_dtostr(maker, sizeof maker, self->maker_ratio);
    (void) g_ascii_dtostr(volume, sizeof volume, self->volume_usd);
    return g_strdup_printf("%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, taker, maker,
                           volume, self->since_us, self->checked_us);
}

gboolean
kw_fee_tier_parse(const gchar *pair, const gchar *text, KwFeeTier *out, GError **error)
{
    g_auto(GStrv) words = NULL;
    KwFeeTier tier = {0};

    g_return_val_if_fail(pair != NULL && text != NULL && out != NULL, FALSE);

    words = g_strsplit(text, " ", N_WORDS + 1);
    if (g_strv_length(words) == N_WORDS &&
        g_strlcpy(tier.pair, pair, sizeof tier.pair) < sizeof tier.pair &&
        parse_number(words[0], MAX_RATIO, &tier.taker_ratio) &&
        parse_number(words[1], MAX_RATIO, &tier.maker_ratio) &&
        parse_number(words[2], G_MAXDOUBLE, &tier.volume_usd) &&
        g_ascii_string_to_signed(words[3], 10, 0, G_MAXINT64, &tier.since_us, NULL) &&
        g_ascii_string_to_signed(words[4], 10, 0, G_MAXINT64, &tier.checked_us, NULL)) {
        *out = tier;
        return TRUE;
    }
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "fee of %.16s: not readable",
                pair);
    return FALSE;
}

/* -- the table -- */

KwFeeTable *
kw_fee_table_new(void)
{
    KwFeeTable *self = g_new0(KwFeeTable, 1);

    self->tiers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    return self;
}

void
kw_fee_table_free(KwFeeTable *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->tiers, g_hash_table_unref);
    g_free(self);
}

static void
put(KwFeeTable *self, const KwFeeTier *tier)
{
    KwFeeTier *kept = g_memdup2(tier, sizeof *tier);

    (void) g_hash_table_replace(self->tiers, kept->pair, kept);
}

guint
kw_fee_table_restore(KwFeeTable *self, GHashTable *notes)
{
    GHashTableIter iter;
    gpointer key, value;
    guint n_read = 0;

    g_return_val_if_fail(self != NULL && notes != NULL, 0);

    g_hash_table_iter_init(&iter, notes);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        KwFeeTier tier;

        if (!g_str_has_prefix(key, KW_FEE_KEY_PREFIX) ||
            !kw_fee_tier_parse((const gchar *) key + strlen(KW_FEE_KEY_PREFIX), value, &tier,
                               NULL))
            continue;
        put(self, &tier);
        n_read++;
    }
    return n_read;
}

gboolean
kw_fee_table_note(KwFeeTable *self, const KwFeeTier *seen, KwFeeTier *out_before)
{
    const KwFeeTier *known;
    KwFeeTier tier;
    gboolean is_same;

    g_return_val_if_fail(self != NULL && seen != NULL, FALSE);

    known = kw_fee_table_find(self, seen->pair);
    tier = *seen;
    is_same = known != NULL && fabs(known->taker_ratio - seen->taker_ratio) < MIN_CHANGE &&
              fabs(known->maker_ratio - seen->maker_ratio) < MIN_CHANGE;
    tier.since_us = is_same ? known->since_us : seen->checked_us;
    if (known != NULL && !is_same && out_before != NULL)
        *out_before = *known;
    is_same |= known == NULL;
    put(self, &tier);
    return !is_same;
}

const KwFeeTier *
kw_fee_table_find(const KwFeeTable *self, const gchar *pair)
{
    g_return_val_if_fail(self != NULL && pair != NULL, NULL);

    return g_hash_table_lookup(self->tiers, pair);
}

gdouble
kw_fee_table_get_taker(const KwFeeTable *self, const gchar *pair, gdouble fallback)
{
    const KwFeeTier *tier = kw_fee_table_find(self, pair);

    return tier != NULL ? tier->taker_ratio : fallback;
}
