/* kw-config-edit.h: one key of a configuration's text set, everything else left as it is */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * kw_config_edit_set:
 * @text: of a whole file; may be empty
 * @value: one line; as it would be typed behind "KEY = "
 *
 * A line that sets @key in @section is replaced; without one the commented line "#key = ..."
 * of a sample is; without that it is added to the section, or with a section at the end.
 * Comments, blanks and the order of everything else stay.
 *
 * Returns: (transfer full): the new text
 */
gchar *kw_config_edit_set(const gchar *text,
                          const gchar *section,
                          const gchar *key,
                          const gchar *value);

G_END_DECLS
