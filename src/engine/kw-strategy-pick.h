/* kw-strategy-pick.h: which strategy the engine trades with after a start */
#pragma once

#include "kw-book.h"
#include "kw-herald.h"

G_BEGIN_DECLS

/**
 * KwStrategyPick:
 * @fault: (owned) (nullable): why the file is not used
 * @fallback: whether the last good version is used in its place
 * @source: (owned) (nullable): text of what is used, to be kept as the last good one
 */
typedef struct {
    gchar *fault;
    KwHeraldFallback fallback;
    gchar *source;
} KwStrategyPick;

/**
 * kw_strategy_pick_make:
 * @book: has its candles already; gets the strategy and its columns, if there is a usable one
 * @last_good: (nullable): from the store
 *
 * The file, or the last good version when the file cannot be read, run, or built on the candles
 * that are fed.
 */
void kw_strategy_pick_make(KwBook *book, const gchar *last_good, KwStrategyPick *out);

void kw_strategy_pick_clear(KwStrategyPick *pick);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KwStrategyPick, kw_strategy_pick_clear)

G_END_DECLS
