#include "kw-model-shelf.h"

#include "kw-registry.h"

/* One model in use */
typedef struct {
    KwModel *model; /* owned */
    KwModelVersion version;
    gboolean is_fixed; /* put there by hand */
} Slot;

struct _KwModelShelf {
    gatomicrefcount n_refs;
    gchar *root;
    GHashTable *slots; /* name -> Slot, both owned */
};

static void
slot_free(gpointer data)
{
    Slot *slot = data;

    kw_model_unref(slot->model);
    g_free(slot);
}

KwModelShelf *
kw_model_shelf_new(const gchar *root)
{
    KwModelShelf *self = g_new0(KwModelShelf, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->root = g_strdup(root);
    self->slots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, slot_free);
    return self;
}

KwModelShelf *
kw_model_shelf_ref(KwModelShelf *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

void
kw_model_shelf_unref(KwModelShelf *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_hash_table_unref(self->slots);
    g_free(self->root);
    g_free(self);
}

static KwModel *
take(KwModelShelf *self, const gchar *name, const Slot *slot)
{
    g_hash_table_replace(self->slots, g_strdup(name), g_memdup2(slot, sizeof *slot));
    return slot->model;
}

void
kw_model_shelf_put(KwModelShelf *self, const gchar *name, KwModel *model)
{
    const Slot slot = {.model = kw_model_ref(model), .is_fixed = TRUE};

    (void) take(self, name, &slot);
}

KwModel *
kw_model_shelf_get(KwModelShelf *self, const gchar *name, GError **error)
{
    const Slot *known = g_hash_table_lookup(self->slots, name);
    g_autoptr(KwRegistry) registry = NULL;
    g_autofree gchar *path = NULL;
    Slot slot = {0};

    if (known != NULL && known->is_fixed)
        return known->model;
    if (!kw_registry_is_name(name)) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT,
                            "that is no name of a model");
        return NULL;
    }
    registry = kw_registry_new(self->root, name);
    if (!kw_registry_get_promoted(registry, &slot.version)) {
        g_set_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT,
                    "no version is promoted; kurswart train --name %s makes one", name);
        return known != NULL ? known->model : NULL;
    }
    if (known != NULL && kw_model_version_cmp(known->version, slot.version) == 0)
        return known->model;
    path = kw_registry_dup_path(registry, slot.version);
    slot.model = kw_model_load(path, error);
    if (slot.model == NULL)
        return known != NULL ? known->model : NULL;
    return take(self, name, &slot);
}
