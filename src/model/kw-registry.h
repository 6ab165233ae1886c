/* kw-registry.h: versions of models under the data root, and which of them is in use */
#pragma once

#include "kw-model.h"

G_BEGIN_DECLS

#define KW_REGISTRY_FOLDER "models"

/**
 * KwModelVersion:
 *
 * "v1.2.3" as numbers. Plain value.
 */
typedef struct {
    guint major, minor, patch;
} KwModelVersion;

#define KW_MODEL_VERSION_TEXT_SIZE 40

/* "v1.2.3" and nothing else. %FALSE (@out untouched) otherwise */
gboolean kw_model_version_parse(const gchar *text, KwModelVersion *out);
const gchar *kw_model_version_to_text(KwModelVersion version, gchar *buffer);
gint kw_model_version_cmp(KwModelVersion a, KwModelVersion b);

/**
 * KwRegistry:
 *
 * ROOT/models/NAME/vX.Y.Z/ are complete versions; ROOT/models/NAME/promoted is a symbolic link
 * to one of them, replaced in one step. Folders whose name begins with a dot are work that was
 * not finished. Blocking; not for the main loop.
 */
typedef struct _KwRegistry KwRegistry;

/* @root: data root; nothing is made before it is needed. @name: of the model */
KwRegistry *kw_registry_new(const gchar *root, const gchar *name);
void kw_registry_free(KwRegistry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRegistry, kw_registry_free)

/* %TRUE for what may be the name of a model: a-z, 0-9, _; a letter first; at most 32 bytes */
gboolean kw_registry_is_name(const gchar *name);

/* (transfer full) (array zero-terminated=1): names of all models under @root, sorted */
GStrv kw_registry_list_names(const gchar *root);

/* (transfer full) (element-type KwModelVersion): complete versions, oldest first */
GArray *kw_registry_list(const KwRegistry *self);

/* %FALSE when none is promoted */
gboolean kw_registry_get_promoted(const KwRegistry *self, KwModelVersion *out);

/**
 * KwPromotion:
 *
 * Which link "promoted" is, whatever it points to: another one after every switch. Plain value.
 */
typedef struct {
    guint64 inode;
    gint64 changed_s, changed_ns;
} KwPromotion;

/* One look at the file system, cheap enough for the main loop. %FALSE when none is promoted */
gboolean kw_registry_get_promotion(const KwRegistry *self, KwPromotion *out);
gboolean kw_promotion_is_same(const KwPromotion *a, const KwPromotion *b);

/* When @version was put to use the last time, UTC; 0 = never */
gint64 kw_registry_get_promoted_us(const KwRegistry *self, KwModelVersion version);

/* (transfer full): folder of a version, whether it is there or not */
gchar *kw_registry_dup_path(const KwRegistry *self, KwModelVersion version);

/**
 * kw_registry_add:
 * @out: the new version: the newest one's minor number plus one
 *
 * Writes into a hidden folder, loads it from there, and gives it its name in one step.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL
 */
gboolean kw_registry_add(KwRegistry *self,
                         const KwModelParts *parts,
                         KwModelVersion *out,
                         GError **error);

typedef enum {
    KW_PROMOTE_GATED,   /* only what has passed the gate */
    KW_PROMOTE_UNGATED, /* the owner has said so */
} KwPromoteRule;

/**
 * kw_registry_promote:
 * @now_us: for the record
 *
 * Verifies and loads the version, then switches. Whatever goes wrong leaves the old one.
 *
 * Returns: %FALSE with %KW_MODEL_REFUSAL; synthetic models always, others by @rule
 */
gboolean kw_registry_promote(KwRegistry *self,
                             KwModelVersion version,
                             KwPromoteRule rule,
                             gint64 now_us,
                             GError **error);

/* Back to a version that was promoted before. %FALSE with %KW_MODEL_REFUSAL */
gboolean
kw_registry_rollback(KwRegistry *self, KwModelVersion version, gint64 now_us, GError **error);

/**
 * kw_registry_list_line:
 *
 * A promotion adds to the line, a rollback takes away all behind the version it goes to: so
 * going back twice goes back further, and never to what was just left. Versions that were
 * removed are left out, and so is what a promotion that failed half-way named.
 *
 * Returns: (transfer full) (element-type KwModelVersion): the present version last, before it
 *   the ones to go back to, oldest first; empty when none is promoted
 */
GArray *kw_registry_list_line(const KwRegistry *self);

/* The version before the present one in kw_registry_list_line(). %FALSE when there is none */
gboolean kw_registry_get_previous(const KwRegistry *self, KwModelVersion *out);

/**
 * kw_registry_prune:
 * @keep: newest versions that stay besides the promoted one and the last two before it
 *
 * Returns: versions removed; unfinished work is removed as well
 */
guint kw_registry_prune(KwRegistry *self, guint keep);

/* (transfer full): the promoted model; %NULL with %KW_MODEL_REFUSAL_ABSENT when there is none,
 * or another refusal */
KwModel *kw_registry_load_promoted(const KwRegistry *self, GError **error);

G_END_DECLS
