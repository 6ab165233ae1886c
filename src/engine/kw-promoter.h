/* kw-promoter.h: another version of the model put into service, off the main loop */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { KW_PROMOTER_DEPLOY, KW_PROMOTER_ROLLBACK } KwPromoterWay;

/* @tag: "v1.2.0"; @error: %NULL: "promoted" names it now; else why it stays as it was */
typedef void (*KwPromoterFunc)(const gchar *tag, const GError *error, gpointer user_data);

/* Main thread; opaque. */
typedef struct _KwPromoter KwPromoter;

/* @root: data root; @func: told once for each change that was begun */
KwPromoter *kw_promoter_new(const gchar *root, KwPromoterFunc func, gpointer user_data);

/* A change that is under way is finished, and @func is not told any more. */
void kw_promoter_free(KwPromoter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwPromoter, kw_promoter_free)

/**
 * kw_promoter_begin:
 * @tag: of a version
 * @now_us: for the record
 *
 * The version is verified, loaded and judged in a thread: only one that has passed the gate is
 * put into service, and one goes back only to what was in service before.
 *
 * Returns: "" when it is under way, else why not: "unknown_model", "same", "busy"
 */
const gchar *
kw_promoter_begin(KwPromoter *self, KwPromoterWay way, const gchar *tag, gint64 now_us);

G_END_DECLS
