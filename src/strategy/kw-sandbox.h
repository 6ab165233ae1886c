/* kw-sandbox.h: a Lua state that can neither get out nor run away */
#pragma once

#include "kw-frame.h"
#include "kw-strategy-limits.h"

G_BEGIN_DECLS

typedef struct _KwModelShelf KwModelShelf; /* kw-model-shelf.h */

typedef struct lua_State lua_State;

/**
 * KwSandbox:
 *
 * A Lua state with the harmless part of the base, math, string and table libraries, an
 * allocator with a limit and a budget of steps. One thread at a time.
 */
typedef struct _KwSandbox KwSandbox;

/* @frame: (nullable): borrowed; where columns are created. Returns: (transfer full) */
KwSandbox *
kw_sandbox_new(const gchar *file_name, const KwStrategyLimits *limits, KwFrame *frame);
void kw_sandbox_free(KwSandbox *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSandbox, kw_sandbox_free)

/* Called with @data as its only Lua argument (light userdata). May be left by a jump at
 * every Lua call, so it must own nothing in locals. */
typedef int (*KwSandboxFunc)(lua_State *L);

/**
 * kw_sandbox_run:
 *
 * Runs @func with a fresh budget. Every use of the state happens inside such a call.
 *
 * Returns: %FALSE with %KW_STRATEGY_ERROR; the message starts with "FILE:LINE: ", or with
 *   "FILE: " when the fault is in a field
 */
gboolean kw_sandbox_run(KwSandbox *self, KwSandboxFunc func, gpointer data, GError **error);

/* Inside a run: pushes the function that the source text @source compiles to, or raises. */
void kw_sandbox_push_chunk(lua_State *L, GBytes *source);

KwFrame *kw_sandbox_get_frame(lua_State *L);

/* Where model("name") looks; borrowed */
void kw_sandbox_set_models(KwSandbox *self, KwModelShelf *models);

/* The strategy is only tried: any name is a model that says nothing. */
void kw_sandbox_set_trial(KwSandbox *self);
gboolean kw_sandbox_is_trial(lua_State *L);

/* (nullable) */
KwModelShelf *kw_sandbox_get_models(lua_State *L);

/**
 * kw_sandbox_fail:
 * @line: 0 when there is none
 * @format: as for lua_pushfstring(): %%s, %%d, %%f, %%I alone
 *
 * Raises a %KW_STRATEGY_ERROR_VALUE with "FILE: " or "FILE:LINE: " before the text. Does not
 * return; the result is for "return kw_sandbox_fail(...)".
 */
int kw_sandbox_fail(lua_State *L, gint line, const gchar *format, ...);

/**
 * kw_sandbox_suggest:
 * @table: index of a table with string keys
 *
 * Pushes " (did you mean 'KEY'?)" for the key nearest to @name, or "". Returns the text.
 */
const gchar *kw_sandbox_suggest(lua_State *L, gint table, const gchar *name);

/* Makes reading an absent key of the table at the top an error that calls it @what. */
void kw_sandbox_make_strict(lua_State *L, const gchar *what);

G_END_DECLS
