/* kw-scan-history.h: the newest scans of a market.db, read back */
#pragma once

#include "kw-scan.h"

G_BEGIN_DECLS

/**
 * kw_scan_history_load:
 * @root: data root, whose migrations are done
 * @max: rows at most
 *
 * What the strategy saw last; depth and hash of the strategy are left out. Blocking, on a
 * connection of its own: before the loop runs.
 *
 * Returns: (transfer full) (element-type KwScanRecord): newest first; %NULL with
 *   %KW_STORE_ERROR
 */
GArray *kw_scan_history_load(const gchar *root, KwMode mode, guint max, GError **error);

G_END_DECLS
