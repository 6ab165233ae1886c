/* kw-llm-model.h: what a model costs and what it takes, read from a dated table */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_LLM_MODEL_SIZE 64

/* As the vendor counts them: total input is the sum of the first four. */
typedef struct {
    gint64 input;    /* neither written to nor read from the cache */
    gint64 write_5m; /* written to the cache for five minutes */
    gint64 write_1h; /* written to the cache for an hour */
    gint64 read;     /* read from the cache */
    gint64 output;   /* thinking included */
} KwLlmUsage;

/* Tokens in and out together */
gint64 kw_llm_usage_sum(const KwLlmUsage *usage);
void kw_llm_usage_add(KwLlmUsage *self, const KwLlmUsage *more);

/**
 * KwLlmModel: plain value
 * @id: prefix of the model ids that the row is for
 * @input, @write_5m, @write_1h, @read, @output: nano-dollars a token (thousandths of a dollar a
 *   million tokens)
 * @takes_sampling: temperature and the like may be sent; newer models refuse them
 */
typedef struct {
    gchar id[KW_LLM_MODEL_SIZE];
    gint64 input, write_5m, write_1h, read, output;
    gboolean takes_sampling;
} KwLlmModel;

/* Nano-dollars */
gint64 kw_llm_model_cost(const KwLlmModel *model, const KwLlmUsage *usage);

typedef struct _KwLlmModelTable KwLlmModelTable;

/**
 * kw_llm_model_table_parse:
 * @text: a key file: [table] with date, then one group for each model
 *
 * Returns: (transfer full): %NULL with %KW_CONFIG_ERROR_INVALID; the message names group and
 * key
 */
KwLlmModelTable *kw_llm_model_table_parse(const gchar *text, GError **error);
void kw_llm_model_table_free(KwLlmModelTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLlmModelTable, kw_llm_model_table_free)

/* "2026-10-15": when the prices were looked up */
const gchar *kw_llm_model_table_get_date(const KwLlmModelTable *self);

/**
 * kw_llm_model_table_find:
 * @id: as configured; the longest row that it begins with counts
 *
 * Returns: (nullable) (transfer none): %NULL when no row fits: what it costs is not known then
 */
const KwLlmModel *kw_llm_model_table_find(const KwLlmModelTable *self, const gchar *id);

G_END_DECLS
