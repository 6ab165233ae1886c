/* kw-zip.h: one file out of a zip archive */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* %TRUE when the bytes begin like an archive */
gboolean kw_zip_is_zip(GBytes *bytes);

/* Whether the file @name of an archive is the one looked for; @name is raw, any bytes */
typedef gboolean (*KwZipFilter)(const gchar *name);

/**
 * kw_zip_read:
 * @zip: the whole archive
 * @filter: picks the file; the first that fits is taken
 * @max_bytes: of the file, unpacked
 *
 * Stored and deflated files, checked against their checksum. No encryption, no archives of
 * 4 GiB and more, none in several parts.
 *
 * Returns: (transfer full): %NULL with %KW_MODEL_ERROR_FORMAT (damaged, or one of the above),
 *   %KW_MODEL_ERROR_ABSENT (no file fits), %KW_MODEL_ERROR_VALUE (over @max_bytes). Any thread.
 */
GBytes *kw_zip_read(GBytes *zip, KwZipFilter filter, gsize max_bytes, GError **error);

G_END_DECLS
