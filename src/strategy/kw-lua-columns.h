/* kw-lua-columns.h: columns and their operations inside a sandbox */
#pragma once

#include "kw-sandbox.h"

G_BEGIN_DECLS

/* Inside a run: adds the functions (ema, above, pick, ...) to the globals. The sandbox must
 * have a frame; every call creates columns there. */
void kw_lua_columns_open(lua_State *L);

/* Pushes the table of candle fields: c.open, c.high, c.low, c.close, c.volume. */
void kw_lua_columns_push_candles(lua_State *L);

/* The column at @index, or %NULL when there is something else */
KwColumn *kw_lua_columns_get(lua_State *L, gint index);

G_END_DECLS
