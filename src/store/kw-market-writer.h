/* kw-market-writer.h: rows of market.db; one thread at a time */
#pragma once

#include "kw-db.h"
#include "kw-market-batch.h"

G_BEGIN_DECLS

typedef struct _KwMarketWriter KwMarketWriter;

/* Opens and migrates market.db in @root. Returns: (transfer full): %NULL with a #KwStoreError
 */
KwMarketWriter *kw_market_writer_open(const gchar *root, GError **error);
void kw_market_writer_free(KwMarketWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMarketWriter, kw_market_writer_free)

/* All @batches in one transaction; rows that are there already are replaced. */
gboolean kw_market_writer_write(KwMarketWriter *self,
                                const KwMarketBatch *const *batches,
                                guint n,
                                GError **error);

/* A whole series in one transaction: see kw_market_store_import() */
gboolean kw_market_writer_import(KwMarketWriter *self,
                                 const KwImport *import,
                                 const KwSeries *series,
                                 KwImportCount *out,
                                 GError **error);

G_END_DECLS
