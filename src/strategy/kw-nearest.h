/* kw-nearest.h: the name that somebody probably meant */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Single-letter changes that turn @a into @b; G_MAXUINT for texts of more than 63 bytes */
guint kw_nearest_distance(const gchar *a, const gchar *b);

/* Returns: whether @candidate is near enough to @name to be suggested for it */
gboolean kw_nearest_is_near(const gchar *name, const gchar *candidate);

G_END_DECLS
