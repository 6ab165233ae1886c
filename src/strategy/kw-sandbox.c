/* kw-sandbox.c: a fresh Lua state, a white list, and three counters
 *
 * What a strategy can see is listed by name; all else of the standard libraries is never
 * reachable. Not on the list, besides the obvious (io, os, package, debug, load): pcall and
 * coroutines, which could catch "budget used up" and go on; setmetatable, as __gc runs
 * outside all hooks; string patterns and string.format, which can take long in one
 * instruction or print addresses; next, since the order of a hash differs from run to run
 * (pairs is replaced by one in sorted order).
 *
 * Memory is counted by the allocator. Steps are counted by the hook, a thousand at a time;
 * allocated bytes and the length of what library functions walk over are charged to the
 * same budget, so that work inside C counts as well. Calls are counted for their depth. All
 * three are the same numbers on every run, unlike a time limit.
 *
 * Any Lua function may raise, and Lua raises by a jump: all use of the state is inside one
 * protected call, and what is allocated there belongs to somebody outside of it. */
#define G_LOG_DOMAIN "kw-strategy"

#include "kw-sandbox.h"

#include "kw-error.h"
#include "kw-log.h"
#include "kw-nearest.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <string.h>

#define HOOK_INSTRUCTIONS 1000
#define BYTES_PER_STEP 64
#define MAX_DEPTH 200 /* nested calls */
#define MAX_MESSAGE_BYTES 400

typedef enum {
    OVER_NOTHING,
    OVER_STEPS,
    OVER_DEPTH,
} Over;

struct _KwSandbox {
    lua_State *L;         /* owned */
    gchar *file_name;     /* owned */
    KwFrame *frame;       /* borrowed */
    KwModelShelf *models; /* borrowed; may be NULL */
    KwStrategyLimits limits;
    gsize used_bytes;
    guint64 steps; /* since the run began */
    gint depth;    /* nested calls; not exact after a tail call, never too high */
    gint line;     /* last one that ran; 0: none */
    Over over;
    gboolean is_trial;
    gboolean is_value_error; /* raised by kw_sandbox_fail() */
};

static KwSandbox *
sandbox_of(lua_State *L)
{
    return *(KwSandbox **) lua_getextraspace(L);
}

KwFrame *
kw_sandbox_get_frame(lua_State *L)
{
    return sandbox_of(L)->frame;
}

void
kw_sandbox_set_models(KwSandbox *self, KwModelShelf *models)
{
    self->models = models;
}

void
kw_sandbox_set_trial(KwSandbox *self)
{
    self->is_trial = TRUE;
}

gboolean
kw_sandbox_is_trial(lua_State *L)
{
    return sandbox_of(L)->is_trial;
}

KwModelShelf *
kw_sandbox_get_models(lua_State *L)
{
    return sandbox_of(L)->models;
}

/* -- limits -- */

static void *
on_allocate(void *user_data, void *block, size_t old_size, size_t new_size)
{
    KwSandbox *self = user_data;
    gsize old = block != NULL ? old_size : 0;

    if (new_size == 0) {
        g_free(block);
        self->used_bytes -= old;
        return NULL;
    }
    if (new_size > old) {
        if (self->used_bytes - old + new_size > self->limits.max_memory_bytes)
            return NULL;
        self->steps += (new_size - old) / BYTES_PER_STEP;
    }
    self->used_bytes = self->used_bytes - old + new_size;
    return g_realloc(block, new_size);
}

static void
raise_over(lua_State *L, Over over)
{
    KwSandbox *self = sandbox_of(L);

    self->over = over;
    (void) lua_pushliteral(L, "over");
    (void) lua_error(L);
}

static void
on_hook(lua_State *L, lua_Debug *ar)
{
    KwSandbox *self = sandbox_of(L);

    if (ar->event == LUA_HOOKLINE)
        self->line = ar->currentline;
    else if (ar->event == LUA_HOOKCOUNT)
        self->steps += HOOK_INSTRUCTIONS;
    else if (ar->event == LUA_HOOKCALL)
        self->depth++;
    else if (ar->event == LUA_HOOKRET)
        self->depth--;
    if (self->steps > self->limits.max_steps)
        raise_over(L, OVER_STEPS);
    if (self->depth > MAX_DEPTH)
        raise_over(L, OVER_DEPTH);
}

/* -- what a strategy sees -- */

/* Calls the library function in the upvalue, after charging for the length of its first
 * argument, which most of them walk over */
static int
call_charged(lua_State *L)
{
    sandbox_of(L)->steps += lua_rawlen(L, 1) / 4;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int
sorts_before(lua_State *L, gint a, gint b)
{
    if (lua_type(L, a) != lua_type(L, b))
        return lua_type(L, a) < lua_type(L, b);
    return lua_compare(L, a, b, LUA_OPLT);
}

/* Inserts the value at the top into the sorted list at @list of @n keys */
static void
insert_sorted(lua_State *L, gint list, lua_Integer n)
{
    lua_Integer low = 1, high = n + 1;

    while (low < high) {
        lua_Integer mid = low + (high - low) / 2;

        lua_rawgeti(L, list, mid);
        if (sorts_before(L, -1, -2))
            low = mid + 1;
        else
            high = mid;
        lua_pop(L, 1);
    }
    for (lua_Integer i = n; i >= low; i--) {
        lua_rawgeti(L, list, i);
        lua_rawseti(L, list, i + 1);
    }
    sandbox_of(L)->steps += (guint64) (n - low + 2);
    lua_rawseti(L, list, low);
}

/* Upvalues: table, sorted keys, number of the key given last */
static int
next_sorted(lua_State *L)
{
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3)) + 1;

    lua_pushinteger(L, at);
    lua_replace(L, lua_upvalueindex(3));
    lua_rawgeti(L, lua_upvalueindex(2), at);
    if (lua_isnil(L, -1))
        return 1;
    lua_pushvalue(L, -1);
    lua_rawget(L, lua_upvalueindex(1));
    return 2;
}

static int
base_pairs(lua_State *L)
{
    lua_Integer n = 0;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TNUMBER && lua_type(L, -1) != LUA_TSTRING)
            return luaL_error(L, "pairs: keys must be numbers or texts");
        lua_pushvalue(L, -1);
        insert_sorted(L, 2, n++);
        if (sandbox_of(L)->steps > sandbox_of(L)->limits.max_steps)
            raise_over(L, OVER_STEPS);
    }
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_sorted, 3);
    return 1;
}

/* Without addresses, which differ from run to run */
static int
base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_istable(L, 1) || lua_isfunction(L, 1))
        lua_pushstring(L, luaL_typename(L, 1));
    else
        (void) luaL_tolstring(L, 1, NULL);
    return 1;
}

static int
base_print(lua_State *L)
{
    gint n = lua_gettop(L);

    for (gint i = 1; i <= n; i++) {
        lua_pushcfunction(L, base_tostring);
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
        kw_log_debug("strategy prints", "KW_FILE", sandbox_of(L)->file_name, "KW_TEXT",
                     lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return 0;
}

static const gchar *const base_names[] = {"assert", "error",  "ipairs",   "rawequal", "rawget",
                                          "rawlen", "select", "tonumber", "type",     NULL};
static const gchar *const math_names[] = {
    "abs", "ceil", "cos",        "deg",       "exp",        "floor", "fmod", "huge",
    "log", "max",  "maxinteger", "min",       "mininteger", "modf",  "pi",   "rad",
    "sin", "sqrt", "tan",        "tointeger", "type",       "ult",   NULL};
static const gchar *const string_names[] = {"byte",    "char", "len",   "lower", "rep",
                                            "reverse", "sub",  "upper", NULL};
static const gchar *const table_names[] = {"concat", "insert", "pack", "remove",
                                           "sort",   "unpack", NULL};

/* Copies the named fields of the library table at the top into the table at @into. */
static void
copy_names(lua_State *L, gint into, const gchar *const *names)
{
    gint library = lua_gettop(L);

    for (; *names != NULL; names++) {
        (void) lua_getfield(L, library, *names);
        if (lua_isfunction(L, -1))
            lua_pushcclosure(L, call_charged, 1);
        lua_setfield(L, into, *names);
    }
}

/* Opens a library and sets global @name of the table at @globals to its listed part */
static void
add_library(lua_State *L, gint globals, const gchar *name, const gchar *const *names)
{
    lua_CFunction open = *name == 'm'   ? luaopen_math
                         : *name == 's' ? luaopen_string
                                        : luaopen_table;

    lua_newtable(L);
    luaL_requiref(L, name, open, 0);
    copy_names(L, lua_gettop(L) - 1, names);
    lua_pop(L, 1);
    lua_setfield(L, globals, name);
}

static int
prepare_state(lua_State *L)
{
    gint globals;

    lua_newtable(L);
    globals = lua_gettop(L);
    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    copy_names(L, globals, base_names);
    lua_pop(L, 1);
    add_library(L, globals, LUA_MATHLIBNAME, math_names);
    add_library(L, globals, LUA_TABLIBNAME, table_names);
    add_library(L, globals, LUA_STRLIBNAME, string_names);
    lua_pushcfunction(L, base_pairs);
    lua_setfield(L, globals, "pairs");
    lua_pushcfunction(L, base_tostring);
    lua_setfield(L, globals, "tostring");
    lua_pushcfunction(L, base_print);
    lua_setfield(L, globals, "print");

    /* methods of texts, ("x"):rep(3), are looked up in the whole library otherwise */
    (void) lua_pushliteral(L, "");
    (void) lua_getmetatable(L, -1);
    (void) lua_getfield(L, globals, LUA_STRLIBNAME);
    lua_setfield(L, -2, "__index");
    lua_settop(L, globals);

    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    return 0;
}

/* -- running -- */

KwSandbox *
kw_sandbox_new(const gchar *file_name, const KwStrategyLimits *limits, KwFrame *frame)
{
    KwSandbox *self;

    g_return_val_if_fail(file_name != NULL && limits != NULL, NULL);

    self = g_new0(KwSandbox, 1);
    self->file_name = g_strdup(file_name);
    self->limits = *limits;
    self->frame = frame;
    self->L = lua_newstate(on_allocate, self);
    if (self->L != NULL)
        *(KwSandbox **) lua_getextraspace(self->L) = self;
    return self;
}

void
kw_sandbox_free(KwSandbox *self)
{
    if (self == NULL)
        return;
    if (self->L != NULL)
        lua_close(self->L);
    g_free(self->file_name);
    g_free(self);
}

/* The message at the top as clean text that starts with the file name */
static gchar *
message_to_text(KwSandbox *self)
{
    gsize length = 0;
    const gchar *raw = NULL;
    g_autofree gchar *text = NULL;

    if (lua_type(self->L, -1) == LUA_TSTRING)
        raw = lua_tolstring(self->L, -1, &length);
    if (raw == NULL)
        return g_strdup_printf("%s:%d: raised a value that is no text", self->file_name,
                               self->line);
    text = g_utf8_make_valid(raw, (gssize) MIN(length, MAX_MESSAGE_BYTES));
    for (gchar *p = text; *p != '\0'; p++)
        *p = g_ascii_iscntrl(*p) ? ' ' : *p;
    if (g_str_has_prefix(text, self->file_name) || self->line == 0)
        return g_steal_pointer(&text);
    return g_strdup_printf("%s:%d: %s", self->file_name, self->line, text);
}

static void
set_over_error(const KwSandbox *self, GError **error)
{
    if (self->over == OVER_DEPTH)
        g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_BUDGET,
                    "%s:%d: calls nested deeper than %d (endless recursion?)", self->file_name,
                    self->line, MAX_DEPTH);
    else
        g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_BUDGET,
                    "%s:%d: more than %" G_GUINT64_FORMAT " steps (endless loop?)",
                    self->file_name, self->line, self->limits.max_steps);
}

static void
set_error(KwSandbox *self, gint status, GError **error)
{
    g_autofree gchar *text = NULL;
    gint code = KW_STRATEGY_ERROR_RUN;

    if (status == LUA_ERRMEM) {
        g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_BUDGET,
                    "%s:%d: more than %" G_GSIZE_FORMAT " kB of memory", self->file_name,
                    self->line, self->limits.max_memory_bytes / 1024);
        return;
    }
    if (self->over != OVER_NOTHING) {
        set_over_error(self, error);
        return;
    }
    if (self->is_value_error)
        code = KW_STRATEGY_ERROR_VALUE;
    else if (status == LUA_ERRSYNTAX || self->line == 0)
        code = KW_STRATEGY_ERROR_SYNTAX;
    text = message_to_text(self);
    g_set_error_literal(error, KW_STRATEGY_ERROR, code, text);
}

static gint
call_protected(KwSandbox *self, KwSandboxFunc func, gpointer data)
{
    self->steps = 0;
    self->depth = 0;
    self->line = 0;
    self->over = OVER_NOTHING;
    self->is_value_error = FALSE;
    lua_settop(self->L, 0);
    lua_pushcfunction(self->L, func);
    lua_pushlightuserdata(self->L, data);
    return lua_pcall(self->L, 1, 0, 0);
}

gboolean
kw_sandbox_run(KwSandbox *self, KwSandboxFunc func, gpointer data, GError **error)
{
    gint status = LUA_ERRMEM;

    g_return_val_if_fail(self != NULL && func != NULL, FALSE);

    if (self->L != NULL) {
        lua_sethook(self->L, NULL, 0, 0);
        status = call_protected(self, prepare_state, NULL);
    }
    if (status == LUA_OK) {
        lua_sethook(self->L, on_hook, LUA_MASKCOUNT | LUA_MASKLINE | LUA_MASKCALL | LUA_MASKRET,
                    HOOK_INSTRUCTIONS);
        status = call_protected(self, func, data);
    }
    if (status == LUA_OK)
        return TRUE;
    set_error(self, status, error);
    return FALSE;
}

void
kw_sandbox_push_chunk(lua_State *L, GBytes *source)
{
    const KwSandbox *self = sandbox_of(L);
    gsize length = 0;
    const gchar *text = g_bytes_get_data(source, &length);
    const gchar *name = lua_pushfstring(L, "@%s", self->file_name);

    if (luaL_loadbufferx(L, text, length, name, "t") != LUA_OK)
        (void) lua_error(L);
    lua_remove(L, -2);
}

int
kw_sandbox_fail(lua_State *L, gint line, const gchar *format, ...)
{
    KwSandbox *self = sandbox_of(L);
    va_list args;

    self->is_value_error = TRUE;
    if (line > 0)
        (void) lua_pushfstring(L, "%s:%d: ", self->file_name, line);
    else
        (void) lua_pushfstring(L, "%s: ", self->file_name);
    va_start(args, format);
    (void) lua_pushvfstring(L, format, args);
    va_end(args);
    lua_concat(L, 2);
    return lua_error(L);
}

const gchar *
kw_sandbox_suggest(lua_State *L, gint table, const gchar *name)
{
    const gchar *best = NULL; /* anchored as a key of the table */

    table = lua_absindex(L, table);
    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING || !kw_nearest_is_near(name, lua_tostring(L, -1)))
            continue;
        if (best == NULL || strcmp(lua_tostring(L, -1), best) < 0)
            best = lua_tostring(L, -1);
    }
    if (best == NULL)
        return lua_pushliteral(L, "");
    return lua_pushfstring(L, " (did you mean '%s'?)", best);
}

/* Upvalue: what the table holds */
static int
on_absent_key(lua_State *L)
{
    const gchar *what = lua_tostring(L, lua_upvalueindex(1));
    const gchar *name;

    if (lua_type(L, 2) != LUA_TSTRING)
        return luaL_error(L, "%s have names, not keys of type %s", what, luaL_typename(L, 2));
    name = lua_tostring(L, 2);
    return luaL_error(L, "no '%s' among the %s%s", name, what, kw_sandbox_suggest(L, 1, name));
}

void
kw_sandbox_make_strict(lua_State *L, const gchar *what)
{
    lua_createtable(L, 0, 1);
    lua_pushstring(L, what);
    lua_pushcclosure(L, on_absent_key, 1);
    lua_setfield(L, -2, "__index");
    (void) lua_setmetatable(L, -2);
}
