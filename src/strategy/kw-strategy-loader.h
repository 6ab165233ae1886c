/* kw-strategy-loader.h: a strategy file, or the last version of it that worked */
#pragma once

#include "kw-strategy.h"

G_BEGIN_DECLS

/**
 * KwStrategySource:
 * @KW_STRATEGY_SOURCE_FILE: the file as it is now
 * @KW_STRATEGY_SOURCE_LAST_GOOD: the file failed, its last good text is used
 * @KW_STRATEGY_SOURCE_NONE: neither works; do not trade
 */
typedef enum {
    KW_STRATEGY_SOURCE_FILE,
    KW_STRATEGY_SOURCE_LAST_GOOD,
    KW_STRATEGY_SOURCE_NONE,
} KwStrategySource;

/**
 * KwStrategyLoad:
 * @strategy: (owned) (nullable): %NULL for KW_STRATEGY_SOURCE_NONE
 * @file_error: (owned) (nullable): why the file was not used
 * @last_good_error: (owned) (nullable): why the last good text was not used
 */
typedef struct {
    KwStrategySource source;
    KwStrategy *strategy;
    gchar *file_error;
    gchar *last_good_error;
} KwStrategyLoad;

/**
 * kw_strategy_loader_load:
 * @path: the strategy file
 * @last_good: (nullable): text that loaded before, from the store
 * @limits: (nullable): %NULL for the default ones
 * @out: (out caller-allocates): clear it with kw_strategy_load_clear()
 */
void kw_strategy_loader_load(const gchar *path,
                             GBytes *last_good,
                             const KwStrategyLimits *limits,
                             KwStrategyLoad *out);

void kw_strategy_load_clear(KwStrategyLoad *load);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwStrategyLoad, kw_strategy_load_clear)

/* "file", "last_good" or "none" */
const gchar *kw_strategy_source_to_string(KwStrategySource source);

G_END_DECLS
