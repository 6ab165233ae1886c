/* kw-result-file.h: the files that a finished backtest leaves for others */
#pragma once

#include "kw-result.h"

G_BEGIN_DECLS

/**
 * kw_result_export:
 * @path: of the result file; a folder gets "backtest-result-DATE_TIME.json"
 *
 * Writes the result, "NAME.meta.json" beside it, and ".last_result.json" in its folder. Each
 * is put in place when it is complete.
 *
 * Returns: (transfer full): path of the result file; %NULL with %KW_MARKET_ERROR_IO
 */
gchar *kw_result_export(const KwResult *self, const gchar *path, GError **error);

G_END_DECLS
