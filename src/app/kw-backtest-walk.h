/* kw-backtest-walk.h: a backtest over models that are trained window by window */
#pragma once

#include "kw-train-recipe.h"

G_BEGIN_DECLS

/**
 * KwBacktestWalk:
 * @walks, @model: options as they were typed
 * @walk: (nullable): after kw_backtest_walk_run(), if one was asked for
 *
 * Members are owned.
 */
typedef struct {
    gboolean walks;
    gchar *model;
    KwTrainRecipe recipe;
    KwWalk *walk;
} KwBacktestWalk;

void kw_backtest_walk_init(KwBacktestWalk *self);
void kw_backtest_walk_clear(KwBacktestWalk *self);

/* Appends the entries of these options to @entries (element-type GOptionEntry). */
void kw_backtest_walk_add_entries(KwBacktestWalk *self, GArray *entries);

/* Checks what was typed, and asks for the candles that it takes. %FALSE after saying what is
 * wrong */
gboolean
kw_backtest_walk_check(KwBacktestWalk *self, KwLabWish *wish, gint64 seed, int *out_status);

/* Trains, when that was asked for, and hands the models to the strategy of @input. %FALSE after
 * saying what is wrong */
gboolean
kw_backtest_walk_run(KwBacktestWalk *self, KwLabInput *input, gint64 now_us, int *out_status);

G_END_DECLS
