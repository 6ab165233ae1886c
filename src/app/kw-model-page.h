/* kw-model-page.h: what "kurswart model show" prints about a version */
#pragma once

#include "kw-format.h"
#include "kw-model.h"

G_BEGIN_DECLS

/**
 * kw_model_page_to_text:
 * @folder: of @model, which was loaded from there
 *
 * What it was made of, how it did on rows it had not seen, and the verdict of the gate. Figures
 * that the folder does not have are left out.
 *
 * Returns: (transfer full)
 */
gchar *kw_model_page_to_text(const KwModel *model, const gchar *folder, KwFormat *format);

/* (transfer full): the same in a line of a list, without the version's number */
gchar *kw_model_page_dup_line(const KwModel *model);

G_END_DECLS
