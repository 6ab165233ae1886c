/* kw-venue-totals.c: totals by asset, as text over a restart
 *
 * They are the witness of kw-lost-order.c that coins of the owner beside ours cannot cover a
 * sale up. An order can be missing over a restart, so the witness has to outlive it. */
#include "kw-venue-totals.h"

#include <string.h>

struct _KwVenueTotals {
    GHashTable *totals; /* owned; asset -> owned KwDecimal */
};

KwVenueTotals *
kw_venue_totals_new(void)
{
    KwVenueTotals *self = g_new0(KwVenueTotals, 1);

    self->totals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
kw_venue_totals_free(KwVenueTotals *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->totals);
    g_free(self);
}

void
kw_venue_totals_set(KwVenueTotals *self, const gchar *asset, KwDecimal total)
{
    g_return_if_fail(self != NULL && asset != NULL);

    (void) g_hash_table_insert(self->totals, g_strdup(asset), g_memdup2(&total, sizeof total));
}

const KwDecimal *
kw_venue_totals_find(const KwVenueTotals *self, const gchar *asset)
{
    g_return_val_if_fail(self != NULL && asset != NULL, NULL);

    return g_hash_table_lookup(self->totals, asset);
}

gchar *
kw_venue_totals_to_text(const KwVenueTotals *self)
{
    g_autoptr(GList) assets = NULL;
    GString *text = g_string_new(NULL);

    g_return_val_if_fail(self != NULL, g_string_free(text, FALSE));

    assets = g_list_sort(g_hash_table_get_keys(self->totals), (GCompareFunc) strcmp);
    for (const GList *link = assets; link != NULL; link = link->next) {
        const KwDecimal *total = g_hash_table_lookup(self->totals, link->data);
        gchar buffer[KW_DECIMAL_TEXT_SIZE];

        g_string_append_printf(text, "%s %s\n", (const gchar *) link->data,
                               kw_decimal_to_text(*total, buffer));
    }
    return g_string_free(text, FALSE);
}

void
kw_venue_totals_restore(KwVenueTotals *self, const gchar *text)
{
    g_auto(GStrv) lines = NULL;

    g_return_if_fail(self != NULL && text != NULL);

    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        gchar *blank = strchr(lines[i], ' ');
        KwDecimal total;

        if (blank == NULL || blank == lines[i] || !kw_decimal_parse(blank + 1, &total, NULL))
            continue;
        *blank = '\0';
        kw_venue_totals_set(self, lines[i], total);
    }
}
