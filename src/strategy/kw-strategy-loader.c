/* kw-strategy-loader.c: first the file, then its last good text, then none
 *
 * It decides nothing beyond this order: who calls it stores the good text, says what
 * happened, and does not trade without a strategy. */
#include "kw-strategy-loader.h"

static KwStrategy *
load_last_good(const gchar *path,
               GBytes *text,
               const KwStrategyLimits *limits,
               gchar **out_error)
{
    g_autofree gchar *name = g_path_get_basename(path);
    g_autofree gchar *shown = g_strdup_printf("%s (last good)", name);
    g_autoptr(GError) error = NULL;
    KwStrategy *strategy = kw_strategy_load_bytes(shown, text, limits, &error);

    if (strategy == NULL)
        *out_error = g_strdup(error->message);
    return strategy;
}

void
kw_strategy_loader_load(const gchar *path,
                        GBytes *last_good,
                        const KwStrategyLimits *limits,
                        KwStrategyLoad *out)
{
    g_autoptr(GError) error = NULL;

    g_return_if_fail(path != NULL && out != NULL);

    *out = (KwStrategyLoad){.source = KW_STRATEGY_SOURCE_NONE};
    out->strategy = kw_strategy_load_file(path, limits, &error);
    if (out->strategy != NULL) {
        out->source = KW_STRATEGY_SOURCE_FILE;
        return;
    }
    out->file_error = g_strdup(error->message);
    if (last_good == NULL)
        return;
    out->strategy = load_last_good(path, last_good, limits, &out->last_good_error);
    if (out->strategy != NULL)
        out->source = KW_STRATEGY_SOURCE_LAST_GOOD;
}

void
kw_strategy_load_clear(KwStrategyLoad *load)
{
    g_clear_pointer(&load->strategy, kw_strategy_free);
    g_clear_pointer(&load->file_error, g_free);
    g_clear_pointer(&load->last_good_error, g_free);
    load->source = KW_STRATEGY_SOURCE_NONE;
}

const gchar *
kw_strategy_source_to_string(KwStrategySource source)
{
    switch (source) {
    case KW_STRATEGY_SOURCE_FILE:
        return "file";
    case KW_STRATEGY_SOURCE_LAST_GOOD:
        return "last_good";
    case KW_STRATEGY_SOURCE_NONE:
        return "none";
    }
    g_return_val_if_reached(NULL);
}
