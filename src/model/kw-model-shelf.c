/* kw-model-shelf.c: one model a name, and whether the registry has another by now
 *
 * Columns do not hold on to a model but ask the shelf by name (kw-model-feed.c), so putting
 * another one there is the whole switch. What tells a promotion is the link itself and not the
 * version it points to: a version that was refused, mended and promoted again is tried again,
 * and one that stays refused is not loaded anew at every look. */
#include "kw-model-shelf.h"

#include <string.h>

/* One model in use */
typedef struct {
    KwModel *model; /* owned */
    KwModelRelay
        *relay; /* owned; NULL but for a walk-forward, whose first model is the above */
    KwModelVersion version;
    KwPromotion promotion; /* the last one that was looked at */
    gboolean is_fixed;     /* put there by hand */
} Slot;

struct _KwModelShelf {
    gatomicrefcount n_refs;
    gchar *root;
    GHashTable *slots;    /* name -> Slot, both owned */
    GHashTable *wanted;   /* name -> KwPromotion, both owned: asked for, and not there yet */
    GHashTable *silences; /* frame -> KwModelSilence, owned */
    gchar identity[KW_MODEL_SHELF_TEXT_SIZE];
};

static void
slot_free(gpointer data)
{
    Slot *slot = data;

    kw_model_unref(slot->model);
    kw_model_relay_unref(slot->relay);
    g_free(slot);
}

KwModelShelf *
kw_model_shelf_new(const gchar *root)
{
    KwModelShelf *self = g_new0(KwModelShelf, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->root = g_strdup(root);
    self->slots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, slot_free);
    self->wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->silences = g_hash_table_new_full(NULL, NULL, NULL, g_free);
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
    g_hash_table_unref(self->wanted);
    g_hash_table_unref(self->silences);
    g_free(self->root);
    g_free(self);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static void
name_identity(KwModelShelf *self)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(self->slots), compare_names);

    for (const GList *link = names; link != NULL; link = link->next) {
        const Slot *slot = g_hash_table_lookup(self->slots, link->data);
        gchar version[KW_MODEL_VERSION_TEXT_SIZE];

        g_string_append_printf(
            text, "%s%s %s", text->len > 0 ? ", " : "", (const gchar *) link->data,
            slot->is_fixed ? "?" : kw_model_version_to_text(slot->version, version));
    }
    g_strlcpy(self->identity, text->str, sizeof self->identity);
}

static KwModel *
take(KwModelShelf *self, const gchar *name, const Slot *slot)
{
    g_hash_table_replace(self->slots, g_strdup(name), g_memdup2(slot, sizeof *slot));
    (void) g_hash_table_remove(self->wanted, name);
    name_identity(self);
    return slot->model;
}

void
kw_model_shelf_put(KwModelShelf *self, const gchar *name, KwModel *model)
{
    const Slot slot = {.model = kw_model_ref(model), .is_fixed = TRUE};

    (void) take(self, name, &slot);
}

void
kw_model_shelf_put_relay(KwModelShelf *self, const gchar *name, KwModelRelay *relay)
{
    const Slot slot = {.model = kw_model_ref(kw_model_relay_get_first(relay)),
                       .relay = kw_model_relay_ref(relay),
                       .is_fixed = TRUE};

    (void) take(self, name, &slot);
}

KwModelRelay *
kw_model_shelf_peek_relay(const KwModelShelf *self, const gchar *name)
{
    const Slot *slot = g_hash_table_lookup(self->slots, name);

    return slot != NULL ? slot->relay : NULL;
}

/* Nothing of that name can be given; a later promotion of it is news. */
static KwModel *
miss(KwModelShelf *self, const gchar *name, const Slot *slot)
{
    g_hash_table_replace(self->wanted, g_strdup(name),
                         g_memdup2(&slot->promotion, sizeof slot->promotion));
    return NULL;
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
    (void) kw_registry_get_promotion(registry, &slot.promotion);
    if (!kw_registry_get_promoted(registry, &slot.version)) {
        g_set_error(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_ABSENT,
                    "no version is promoted; kurswart train --name %s makes one", name);
        return known != NULL ? known->model : miss(self, name, &slot);
    }
    if (known != NULL && kw_model_version_cmp(known->version, slot.version) == 0)
        return known->model;
    path = kw_registry_dup_path(registry, slot.version);
    slot.model = kw_model_load(path, error);
    if (slot.model == NULL)
        return known != NULL ? known->model : miss(self, name, &slot);
    return take(self, name, &slot);
}

KwModel *
kw_model_shelf_peek(const KwModelShelf *self, const gchar *name)
{
    const Slot *slot = g_hash_table_lookup(self->slots, name);

    return slot != NULL ? slot->model : NULL;
}

void
kw_model_shelf_note(KwModelShelf *self, gconstpointer frame, const KwModelSilence *silence)
{
    if (silence == NULL)
        g_hash_table_remove(self->silences, frame);
    else
        g_hash_table_insert(self->silences, (gpointer) frame,
                            g_memdup2(silence, sizeof *silence));
}

KwModelSilence
kw_model_shelf_get_silence(const KwModelShelf *self, gconstpointer frame)
{
    const KwModelSilence *silence = g_hash_table_lookup(self->silences, frame);

    return silence != NULL ? *silence : (KwModelSilence){0};
}

const gchar *
kw_model_shelf_get_root(const KwModelShelf *self)
{
    return self->root;
}

GStrv
kw_model_shelf_list_promoted(const KwModelShelf *self)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name, slot;

    g_hash_table_iter_init(&iter, self->slots);
    while (g_hash_table_iter_next(&iter, &name, &slot)) {
        if (!((Slot *) slot)->is_fixed)
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_add(names, NULL);
    return (GStrv) g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

gboolean
kw_model_shelf_get_version(const KwModelShelf *self, const gchar *name, KwModelVersion *out)
{
    const Slot *slot = g_hash_table_lookup(self->slots, name);

    if (slot == NULL || slot->is_fixed)
        return FALSE;
    *out = slot->version;
    return TRUE;
}

const gchar *
kw_model_shelf_get_identity(const KwModelShelf *self)
{
    return self->identity;
}

/* -- what was promoted meanwhile -- */

/* @seen: the promotion that was looked at last; brought up to date */
static gboolean
has_news(const KwModelShelf *self,
         const gchar *name,
         KwModelVersion before,
         KwPromotion *seen,
         KwModelNews *out)
{
    g_autoptr(KwRegistry) registry = kw_registry_new(self->root, name);
    KwPromotion promotion;
    KwModelVersion version;

    if (!kw_registry_get_promotion(registry, &promotion) ||
        kw_promotion_is_same(&promotion, seen))
        return FALSE;
    *seen = promotion;
    if (!kw_registry_get_promoted(registry, &version) ||
        kw_model_version_cmp(version, before) == 0)
        return FALSE;
    *out = (KwModelNews){
        .version = version, .before = before, .path = kw_registry_dup_path(registry, version)};
    g_strlcpy(out->name, name, sizeof out->name);
    return TRUE;
}

gboolean
kw_model_shelf_find_news(KwModelShelf *self, KwModelNews *out)
{
    GHashTableIter iter;
    gpointer name, value;

    g_hash_table_iter_init(&iter, self->slots);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        Slot *slot = value;

        if (!slot->is_fixed && has_news(self, name, slot->version, &slot->promotion, out))
            return TRUE;
    }
    g_hash_table_iter_init(&iter, self->wanted);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        if (has_news(self, name, (KwModelVersion){0}, value, out))
            return TRUE;
    }
    return FALSE;
}

static void
fill_gap(KwModelShelf *self, const KwModelNews *news, KwModel *model)
{
    const KwPromotion *promotion = g_hash_table_lookup(self->wanted, news->name);
    Slot slot = {.model = kw_model_ref(model), .version = news->version};

    if (promotion != NULL)
        slot.promotion = *promotion;
    (void) take(self, news->name, &slot);
}

void
kw_model_shelf_swap(KwModelShelf *self, const KwModelNews *news, KwModel *model)
{
    Slot *slot = g_hash_table_lookup(self->slots, news->name);

    if (slot == NULL) {
        fill_gap(self, news, model);
        return;
    }
    g_return_if_fail(!slot->is_fixed);

    kw_model_ref(model);
    kw_model_unref(slot->model);
    slot->model = model;
    slot->version = news->version;
    name_identity(self);
}

void
kw_model_news_clear(KwModelNews *self)
{
    g_clear_pointer(&self->path, g_free);
}
