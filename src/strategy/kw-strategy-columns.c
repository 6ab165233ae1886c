/* kw-strategy-columns.c: reading a strategy's answer for one row */
#include "kw-strategy-columns-private.h"

#include <math.h>

void
kw_strategy_columns_free(KwStrategyColumns *self)
{
    if (self == NULL)
        return;
    g_strfreev(self->names);
    g_free(self->indicators);
    g_free(self);
}

static gdouble
number_at(const KwColumn *column, gsize row)
{
    return column != NULL ? kw_column_get_value(column, row) : (gdouble) NAN;
}

static gboolean
bool_at(const KwColumn *column, gsize row)
{
    return column != NULL && kw_column_get_bytes(column)[row] != 0;
}

static const gchar *
label_at(const KwColumn *column, gsize row)
{
    return column != NULL ? kw_column_get_label(column, row) : NULL;
}

/* A tier falls at once and rises to what two scans in a row have met, so these two say all. */
static KwConfidenceTier
tier_at(const KwColumn *confidence, gsize row)
{
    KwTierHold hold = {0};

    if (confidence == NULL)
        return KW_CONFIDENCE_TIER_NONE;
    if (row > 0)
        (void) kw_tier_hold_step(&hold, kw_column_get_value(confidence, row - 1));
    return kw_tier_hold_step(&hold, kw_column_get_value(confidence, row));
}

void
kw_strategy_columns_get_signal(const KwStrategyColumns *self, gsize row, KwSignalValues *out)
{
    KwColumn *const *parts;

    g_return_if_fail(self != NULL && out != NULL);
    g_return_if_fail(row < kw_column_get_n_rows(self->parts[KW_PART_ENTRY]));

    parts = self->parts;
    *out = (KwSignalValues){
        .enter = bool_at(parts[KW_PART_ENTRY], row),
        .exit = bool_at(parts[KW_PART_EXIT], row),
        .confidence = number_at(parts[KW_PART_CONFIDENCE], row),
        .tier = tier_at(parts[KW_PART_CONFIDENCE], row),
        .regime = label_at(parts[KW_PART_REGIME], row),
        .tag = label_at(parts[KW_PART_TAGS], row),
        .exit_tag = label_at(parts[KW_PART_EXIT_TAGS], row),
        .stop = number_at(parts[KW_PART_STOP], row),
        .target = number_at(parts[KW_PART_TARGET], row),
    };
}

gboolean
kw_strategy_columns_get_last_signal(const KwStrategyColumns *self, KwSignalValues *out)
{
    gsize n_rows;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    n_rows = kw_column_get_n_rows(self->parts[KW_PART_ENTRY]);
    if (n_rows == 0)
        return FALSE;
    kw_strategy_columns_get_signal(self, n_rows - 1, out);
    return TRUE;
}

guint
kw_strategy_columns_get_n_indicators(const KwStrategyColumns *self)
{
    return self->n_indicators;
}

const gchar *
kw_strategy_columns_get_indicator_name(const KwStrategyColumns *self, guint i)
{
    g_return_val_if_fail(i < self->n_indicators, NULL);

    return self->names[i];
}

const KwColumn *
kw_strategy_columns_get_indicator(const KwStrategyColumns *self, guint i)
{
    g_return_val_if_fail(i < self->n_indicators, NULL);

    return self->indicators[i];
}

const KwColumn *
kw_strategy_columns_get_entry(const KwStrategyColumns *self)
{
    return self->parts[KW_PART_ENTRY];
}

const KwColumn *
kw_strategy_columns_get_exit(const KwStrategyColumns *self)
{
    return self->parts[KW_PART_EXIT];
}

gsize
kw_strategy_columns_get_warmup(const KwStrategyColumns *self)
{
    gsize warmup = 0;

    for (guint p = 0; p < KW_PART_N; p++) {
        if (self->parts[p] != NULL)
            warmup = MAX(warmup, kw_column_get_warmup(self->parts[p]));
    }
    for (guint i = 0; i < self->n_indicators; i++)
        warmup = MAX(warmup, kw_column_get_warmup(self->indicators[i]));
    return warmup;
}
