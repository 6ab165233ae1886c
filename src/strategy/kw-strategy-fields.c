/* kw-strategy-fields.c: from the table that a strategy file returns to checked values
 *
 * One row per field: where it goes and of what type it is. A field that is in no row is
 * refused with the nearest known name, because a misspelt "trailing_stpo" would otherwise
 * cost money without a word. */
#include "kw-strategy-private.h"

#include "kw-timeframe.h"

#include <lauxlib.h>
#include <lua.h>
#include <math.h>
#include <string.h>

#define MAX_NAME_BYTES 48

typedef enum {
    FIELD_NUMBER,
    FIELD_COUNT,
    FIELD_BOOL,
    FIELD_TEXT,
    FIELD_TABLE,
    FIELD_FUNCTION,
} FieldType;

#define TERM(member) G_STRUCT_OFFSET(KwStrategyTerms, member)

static const struct {
    const gchar *name;
    FieldType type;
    gsize offset; /* in KwStrategyTerms, for numbers, counts and booleans */
} fields[] = {
    {"name", FIELD_TEXT, 0},
    {"timeframe", FIELD_TEXT, 0},
    {"startup_candles", FIELD_COUNT, TERM(startup_candles)},
    {"stoploss", FIELD_NUMBER, TERM(stoploss)},
    {"trailing_stop", FIELD_BOOL, TERM(trailing_stop)},
    {"trailing_stop_positive", FIELD_NUMBER, TERM(trailing_stop_positive)},
    {"trailing_stop_positive_offset", FIELD_NUMBER, TERM(trailing_stop_positive_offset)},
    {"trailing_only_offset_is_reached", FIELD_BOOL, TERM(trailing_only_offset_is_reached)},
    {"minimal_roi", FIELD_TABLE, 0},
    {"use_exit_signal", FIELD_BOOL, TERM(use_exit_signal)},
    {"exit_profit_only", FIELD_BOOL, TERM(exit_profit_only)},
    {"exit_profit_offset", FIELD_NUMBER, TERM(exit_profit_offset)},
    {"ignore_roi_if_entry_signal", FIELD_BOOL, TERM(ignore_roi_if_entry_signal)},
    {"params", FIELD_TABLE, 0},
    {"indicators", FIELD_FUNCTION, 0},
    {"entry", FIELD_FUNCTION, 0},
    {"exit", FIELD_FUNCTION, 0},
    {"regime", FIELD_FUNCTION, 0},
    {"confidence", FIELD_FUNCTION, 0},
    {"tags", FIELD_FUNCTION, 0},
    {"exit_tags", FIELD_FUNCTION, 0},
    {"stop", FIELD_FUNCTION, 0},
    {"target", FIELD_FUNCTION, 0},
};

static int
lua_type_of(FieldType type)
{
    switch (type) {
    case FIELD_NUMBER:
    case FIELD_COUNT:
        return LUA_TNUMBER;
    case FIELD_BOOL:
        return LUA_TBOOLEAN;
    case FIELD_TEXT:
        return LUA_TSTRING;
    case FIELD_TABLE:
        return LUA_TTABLE;
    case FIELD_FUNCTION:
        return LUA_TFUNCTION;
    }
    g_return_val_if_reached(LUA_TNIL);
}

/* Raises unless every key of the table at @table is a key of the table at the top. */
static void
check_keys(lua_State *L, gint table, const gchar *where)
{
    gint known = lua_gettop(L);
    const gchar *wrong =
        NULL; /* the first one in the alphabet, so that it is always the same */

    lua_pushnil(L);
    while (lua_next(L, table) != 0) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING) {
            (void) kw_sandbox_fail(L, 0, "%sfields have names, not keys of type %s", where,
                                   luaL_typename(L, -1));
            return;
        }
        lua_pushvalue(L, -1);
        if (lua_rawget(L, known) == LUA_TNIL &&
            (wrong == NULL || strcmp(lua_tostring(L, -2), wrong) < 0))
            wrong = lua_tostring(L, -2);
        lua_pop(L, 1);
    }
    if (wrong != NULL)
        (void) kw_sandbox_fail(L, 0, "%sunknown field '%s'%s", where, wrong,
                               kw_sandbox_suggest(L, known, wrong));
}

static void
check_known_fields(lua_State *L, gint table)
{
    lua_createtable(L, 0, G_N_ELEMENTS(fields));
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        lua_pushboolean(L, TRUE);
        lua_setfield(L, -2, fields[i].name);
    }
    check_keys(L, table, "");
    lua_pop(L, 1);
}

/* Whether @name is 1 to MAX_NAME_BYTES of a-z, 0-9 and _, and does not begin with a digit */
static gboolean
is_name(const gchar *name)
{
    gsize length = strlen(name);

    if (length == 0 || length > MAX_NAME_BYTES || g_ascii_isdigit(*name))
        return FALSE;
    for (const gchar *p = name; *p != '\0'; p++) {
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '_')
            return FALSE;
    }
    return TRUE;
}

/* The value at the top goes to its place in the terms */
static void
store_scalar(lua_State *L, FieldType type, const gchar *name, gpointer place)
{
    gint is_whole = 0;
    lua_Integer count;

    if (type == FIELD_BOOL) {
        *(gboolean *) place = lua_toboolean(L, -1);
        return;
    }
    if (type == FIELD_NUMBER) {
        gdouble value = lua_tonumber(L, -1);

        if (!isfinite(value))
            (void) kw_sandbox_fail(L, 0, "%s: must be a finite number, but is %f", name, value);
        *(gdouble *) place = value;
        return;
    }
    count = lua_tointegerx(L, -1, &is_whole);
    if (!is_whole || count < 0 || count > KW_STRATEGY_MAX_STARTUP)
        (void) kw_sandbox_fail(L, 0, "%s: must be a whole number from 0 to %d", name,
                               KW_STRATEGY_MAX_STARTUP);
    *(guint *) place = (guint) count;
}

static void
read_scalars(lua_State *L, gint table, KwStrategyTerms *terms)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        FieldType type = fields[i].type;

        if (lua_getfield(L, table, fields[i].name) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        if (lua_type(L, -1) != lua_type_of(type))
            (void) kw_sandbox_fail(L, 0, "%s: must be a %s, but is a %s", fields[i].name,
                                   lua_typename(L, lua_type_of(type)), luaL_typename(L, -1));
        if (type == FIELD_NUMBER || type == FIELD_COUNT || type == FIELD_BOOL)
            store_scalar(L, type, fields[i].name,
                         G_STRUCT_MEMBER_P(terms, (glong) fields[i].offset));
        lua_pop(L, 1);
    }
}

static void
read_name(lua_State *L, gint table, KwStrategy *strategy)
{
    if (lua_getfield(L, table, "name") == LUA_TNIL)
        (void) kw_sandbox_fail(L, 0, "name: is missing");
    if (!is_name(lua_tostring(L, -1)))
        (void) kw_sandbox_fail(L, 0, "name: must be 1 to %d letters a-z, digits and _",
                               MAX_NAME_BYTES);
    g_free(strategy->name);
    strategy->name = g_strdup(lua_tostring(L, -1));
    lua_pop(L, 1);
}

static void
read_timeframe(lua_State *L, gint table, KwStrategyTerms *terms)
{
    GError *error = NULL;
    gchar message[160];

    if (lua_getfield(L, table, "timeframe") == LUA_TNIL)
        (void) kw_sandbox_fail(L, 0, "timeframe: is missing");
    if (!kw_timeframe_parse(lua_tostring(L, -1), &terms->timeframe_us, &error)) {
        g_strlcpy(message, error->message, sizeof message);
        g_error_free(error);
        (void) kw_sandbox_fail(L, 0, "timeframe: '%s' is an %s", lua_tostring(L, -1), message);
    }
    lua_pop(L, 1);
}

/* -- minimal_roi -- */

static void
insert_roi(KwStrategyTerms *terms, KwRoiStep step)
{
    guint at = terms->n_roi++;

    for (; at > 0 && terms->roi[at - 1].minutes > step.minutes; at--)
        terms->roi[at] = terms->roi[at - 1];
    terms->roi[at] = step;
}

/* Key and value at the top */
static KwRoiStep
read_roi_step(lua_State *L)
{
    gint is_whole = 0;
    lua_Integer minutes = 0;

    if (lua_type(L, -2) == LUA_TNUMBER)
        minutes = lua_tointegerx(L, -2, &is_whole);
    if (!is_whole || minutes < 0 || minutes > G_MAXINT)
        (void) kw_sandbox_fail(L, 0,
                               "minimal_roi: keys must be whole minutes from 0 on, as in "
                               "{ [0] = 0.08, [1440] = 0.02 }");
    if (lua_type(L, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1)))
        (void) kw_sandbox_fail(L, 0, "minimal_roi: [%d] must be a finite number, but is a %s",
                               (gint) minutes, luaL_typename(L, -1));
    return (KwRoiStep){.minutes = (gint) minutes, .ratio = lua_tonumber(L, -1)};
}

static void
read_roi(lua_State *L, gint table, KwStrategyTerms *terms)
{
    if (lua_getfield(L, table, "minimal_roi") == LUA_TTABLE) {
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            if (terms->n_roi == KW_STRATEGY_MAX_ROI)
                (void) kw_sandbox_fail(L, 0, "minimal_roi: at most %d steps",
                                       KW_STRATEGY_MAX_ROI);
            insert_roi(terms, read_roi_step(L));
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

/* -- params -- */

/* Field @key of the parameter table at the top; *@is_integer stays only for whole numbers */
static gdouble
read_param_number(lua_State *L, const gchar *name, const gchar *key, gboolean *is_integer)
{
    gdouble value;

    if (lua_getfield(L, -1, key) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1)))
        (void) kw_sandbox_fail(L, 0, "params.%s: %s must be a finite number, but is a %s", name,
                               key, luaL_typename(L, -1));
    value = lua_tonumber(L, -1);
    *is_integer = *is_integer && lua_isinteger(L, -1);
    lua_pop(L, 1);
    return value;
}

static void
check_param_keys(lua_State *L, const gchar *name)
{
    static const gchar *const keys[] = {"default", "min", "max"};
    gint table = lua_gettop(L);

    lua_createtable(L, 0, 3);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        lua_pushboolean(L, TRUE);
        lua_setfield(L, -2, keys[i]);
    }
    (void) lua_pushfstring(L, "params.%s: ", name);
    lua_insert(L, -2);
    check_keys(L, table, lua_tostring(L, -2));
    lua_pop(L, 2);
}

/* Name and table at the top */
static void
read_param(lua_State *L, KwStrategy *strategy)
{
    KwStrategyParam param = {.is_integer = TRUE};
    const gchar *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    guint at;

    if (!is_name(name))
        (void) kw_sandbox_fail(L, 0, "params: names are letters a-z, digits and _");
    if (!lua_istable(L, -1))
        (void) kw_sandbox_fail(L, 0, "params.%s: must be {default = .., min = .., max = ..}",
                               name);
    if (strategy->n_params == KW_STRATEGY_MAX_PARAMS)
        (void) kw_sandbox_fail(L, 0, "params: at most %d", KW_STRATEGY_MAX_PARAMS);
    check_param_keys(L, name);
    param.fallback = read_param_number(L, name, "default", &param.is_integer);
    param.min = read_param_number(L, name, "min", &param.is_integer);
    param.max = read_param_number(L, name, "max", &param.is_integer);
    if (!(param.min <= param.fallback && param.fallback <= param.max))
        (void) kw_sandbox_fail(L, 0, "params.%s: default %f is not between min %f and max %f",
                               name, param.fallback, param.min, param.max);
    param.current = param.fallback;
    param.name = g_strdup(name);

    for (at = strategy->n_params++; at > 0; at--) {
        if (strcmp(strategy->params[at - 1].name, param.name) < 0)
            break;
        strategy->params[at] = strategy->params[at - 1];
    }
    strategy->params[at] = param;
}

static void
read_params(lua_State *L, gint table, KwStrategy *strategy)
{
    if (lua_getfield(L, table, "params") == LUA_TTABLE) {
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            read_param(L, strategy);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

void
kw_strategy_fields_read(lua_State *L, KwStrategy *strategy)
{
    gint table = lua_gettop(L);

    strategy->terms = kw_strategy_terms_default();
    check_known_fields(L, table);
    read_scalars(L, table, &strategy->terms);
    read_name(L, table, strategy);
    read_timeframe(L, table, &strategy->terms);
    if (lua_getfield(L, table, "stoploss") == LUA_TNIL)
        (void) kw_sandbox_fail(L, 0, "stoploss: is missing (-0.10 is 10 %% below entry)");
    if (lua_getfield(L, table, "entry") == LUA_TNIL)
        (void) kw_sandbox_fail(L, 0, "entry: is missing");
    lua_pop(L, 2);
    read_roi(L, table, &strategy->terms);
    read_params(L, table, strategy);
}
