#include "kw-neighbours.h"

struct _KwNeighbours {
    gatomicrefcount n_refs;
    GHashTable *series; /* owned name -> borrowed KwSeries */
};

KwNeighbours *
kw_neighbours_new(void)
{
    KwNeighbours *self = g_new0(KwNeighbours, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

KwNeighbours *
kw_neighbours_ref(KwNeighbours *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

void
kw_neighbours_unref(KwNeighbours *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_hash_table_unref(self->series);
    g_free(self);
}

void
kw_neighbours_add(KwNeighbours *self, const gchar *pair, const KwSeries *series)
{
    g_hash_table_replace(self->series, g_strdup(pair), (gpointer) series);
}

const KwSeries *
kw_neighbours_find(const KwNeighbours *self, const gchar *pair)
{
    return g_hash_table_lookup(self->series, pair);
}
