/* kw-helm.h: KwControl over the book: what the user may change */
#pragma once

#include "kw-book.h"
#include "kw-control.h"
#include "kw-event.h"

G_BEGIN_DECLS

#define KW_TYPE_HELM (kw_helm_get_type())
G_DECLARE_FINAL_TYPE(KwHelm, kw_helm, KW, HELM, GObject)

/**
 * kw_helm_new:
 * @book: borrowed; outlives the helm
 * @root: data root, for the kill latch beside the database
 *
 * Signal "event" (KwEvent *): state changes, kill switch on and off.
 */
KwHelm *kw_helm_new(KwBook *book, KwJournal *journal, const gchar *root);

G_END_DECLS
