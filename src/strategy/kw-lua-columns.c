/* kw-lua-columns.c: userdata that stand for columns; operators and functions make new ones
 *
 * A column in Lua is a pointer into the frame, and an operation adds a node to the graph:
 * nothing is computed here. One function serves all operations of the table kw_op_get_info();
 * its upvalue says which.
 *
 * Lua turns the results of < and == into true or false, so they cannot give columns. They
 * raise and name the function to use; otherwise c.close < 5 would be an odd error, and
 * c.close == x would be silently false.
 *
 * A column knows its frame: that of the pair, or one of informative(). What is computed from
 * columns of one frame alone stays in it, so ema(h.close, 50) counts candles of h. Where two
 * meet, and in what the strategy returns, columns are joined to the candles of the pair. */
#include "kw-lua-columns.h"

#include "kw-ensemble.h"
#include "kw-indicator.h"
#include "kw-model-feed.h"
#include "kw-pair.h"
#include "kw-recipe.h"
#include "kw-timeframe.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#define METATABLE "column"
#define MESSAGE_BYTES 256

/* What the userdata holds; both are borrowed */
typedef struct {
    KwColumn *column;
    KwFrame *frame; /* of the column */
} Box;

static void
push_column(lua_State *L, KwFrame *frame, KwColumn *column)
{
    Box *box = lua_newuserdatauv(L, sizeof *box, 0);

    *box = (Box){column, frame};
    luaL_setmetatable(L, METATABLE);
}

/* Raises the error of a column call; frees it first, as raising is a jump */
static int
raise_gerror(lua_State *L, GError *error)
{
    gchar message[MESSAGE_BYTES];

    g_strlcpy(message, error->message, sizeof message);
    g_error_free(error);
    return luaL_error(L, "%s", message);
}

static int
push_result(lua_State *L, KwFrame *frame, KwColumn *column, GError *error)
{
    if (column == NULL)
        return raise_gerror(L, error);
    push_column(L, frame, column);
    return 1;
}

/* The column in @box as one of @frame, which is its own or the pair's */
static KwColumn *
join(lua_State *L, const Box *box, KwFrame *frame)
{
    GError *error = NULL;
    KwColumn *column;

    if (box->frame == frame)
        return box->column;
    column = kw_frame_join(frame, box->frame, box->column, &error);
    if (column == NULL)
        (void) raise_gerror(L, error);
    return column;
}

KwColumn *
kw_lua_columns_get(lua_State *L, gint index)
{
    const Box *box = luaL_testudata(L, index, METATABLE);

    return box != NULL ? join(L, box, kw_sandbox_get_frame(L)) : NULL;
}

/* Where what is made of the @n arguments belongs */
static KwFrame *
find_home(lua_State *L, gint n)
{
    KwFrame *home = NULL;

    for (gint i = 1; i <= n; i++) {
        const Box *box = luaL_testudata(L, i, METATABLE);

        if (box == NULL)
            continue;
        if (home != NULL && home != box->frame)
            return kw_sandbox_get_frame(L);
        home = box->frame;
    }
    return home != NULL ? home : kw_sandbox_get_frame(L);
}

/* The column at @index, or a constant for a number, in @home */
static KwColumn *
check_operand(lua_State *L, gint index, KwFrame *home)
{
    const Box *box = luaL_testudata(L, index, METATABLE);
    GError *error = NULL;
    KwColumn *column;

    if (box != NULL)
        return join(L, box, home);
    if (lua_type(L, index) != LUA_TNUMBER) {
        (void) luaL_typeerror(L, index, "column or number");
        return NULL;
    }
    column = kw_frame_constant(home, lua_tonumber(L, index), &error);
    if (column == NULL)
        (void) raise_gerror(L, error);
    return column;
}

static gint
check_whole(lua_State *L, gint index)
{
    lua_Integer value = luaL_checkinteger(L, index);

    luaL_argcheck(L, value >= G_MININT && value <= G_MAXINT, index, "number too large");
    return (gint) value;
}

/* -- operations of the table -- */

static int
apply(lua_State *L, KwOp op, gint n_operands_given)
{
    const KwOpInfo *info = kw_op_get_info(op);
    KwFrame *home = find_home(L, info->n_inputs);
    KwColumn *inputs[KW_OP_MAX_INPUTS] = {NULL};
    gint params[KW_OP_MAX_PARAMS] = {0};
    gint at = info->n_inputs + 1;
    gint n_params = op == KW_OP_EMA ? 1 : info->n_params; /* the 2nd is for recipes */
    KwColumn *column;
    GError *error = NULL;

    if (n_operands_given > info->n_inputs + n_params)
        return luaL_error(L, "too many arguments for '%s'", info->name);
    for (gint i = 0; i < info->n_inputs; i++)
        inputs[i] = check_operand(L, i + 1, home);
    for (gint i = 0; i < info->n_params; i++)
        params[i] = info->params[i].fallback;
    for (gint i = 0; i < n_params; i++) {
        if (!(info->params[i].is_optional && lua_isnoneornil(L, at + i)))
            params[i] = check_whole(L, at + i);
    }
    column = kw_frame_apply(home, op, inputs, params, &error);
    return push_result(L, home, column, error);
}

static int
call_op(lua_State *L)
{
    return apply(L, (KwOp) lua_tointeger(L, lua_upvalueindex(1)), lua_gettop(L));
}

/* Lua gives unary operators their operand twice */
static int
call_unary_operator(lua_State *L)
{
    lua_settop(L, 1);
    return call_op(L);
}

/* -- indicators of the table -- */

/* adx(c, n) is short for adx(c.high, c.low, c.close, n): puts the columns in place of c */
static void
spread_candles(lua_State *L, const KwIndicator *indicator)
{
    static const gchar letters[] = "ohlcvt"; /* in the order of KwField */
    gint n = (gint) strlen(indicator->inputs);

    for (gint i = 0; i < n; i++) {
        const gchar *letter = strchr(letters, indicator->inputs[i]);

        (void) lua_getfield(L, 1 + i, kw_field_to_string((KwField) (letter - letters)));
        lua_insert(L, 1 + i);
    }
    lua_remove(L, 1 + n);
}

static int
call_indicator(lua_State *L)
{
    guint n_rows;
    const KwIndicator *indicator =
        &kw_indicator_get_table(&n_rows)[lua_tointeger(L, lua_upvalueindex(1))];
    gint n_inputs = (gint) strlen(indicator->inputs);
    KwColumn *inputs[KW_INDICATOR_MAX_INPUTS] = {NULL};
    gdouble params[KW_INDICATOR_MAX_PARAMS] = {0};
    KwFrame *home;
    KwColumn *column;
    GError *error = NULL;

    if (lua_istable(L, 1))
        spread_candles(L, indicator);
    if (lua_gettop(L) > n_inputs + (gint) indicator->n_params)
        return luaL_error(L, "too many arguments for '%s'", indicator->name);
    home = find_home(L, n_inputs);
    for (gint i = 0; i < n_inputs; i++)
        inputs[i] = check_operand(L, i + 1, home);
    for (gint i = 0; i < (gint) indicator->n_params; i++)
        params[i] = luaL_optnumber(L, n_inputs + i + 1, indicator->params[i].fallback);
    column = kw_indicator_build(indicator, home, inputs, params, NULL, &error);
    return push_result(L, home, column, error);
}

/* column("ema_9"), column("ema_9", h): by its field name, over the candles h */
static int
call_column(lua_State *L)
{
    const gchar *name = luaL_checkstring(L, 1);
    KwFrame *home = kw_sandbox_get_frame(L);
    const Box *box = NULL;
    GError *error = NULL;

    if (!lua_isnoneornil(L, 2)) {
        luaL_checktype(L, 2, LUA_TTABLE);
        (void) lua_getfield(L, 2, "close");
        box = luaL_testudata(L, -1, METATABLE);
        luaL_argcheck(L, box != NULL, 2, "candles expected, as informative() gives them");
        home = box->frame;
    }
    return push_result(L, home, kw_indicator_apply(home, name, NULL, &error), error);
}

/* -- recipes -- */

static void
set_column(lua_State *L, const gchar *name, KwFrame *frame, KwColumn *column)
{
    push_column(L, frame, column);
    lua_setfield(L, -2, name);
}

static int
call_macd(lua_State *L)
{
    static const gint fallback[] = {12, 26, 9};
    KwFrame *home = find_home(L, 1);
    KwColumn *input = check_operand(L, 1, home);
    gint periods[3];
    GError *error = NULL;
    KwMacd macd;

    for (gint i = 0; i < 3; i++)
        periods[i] = lua_isnoneornil(L, i + 2) ? fallback[i] : check_whole(L, i + 2);
    if (!kw_recipe_macd(home, input, periods, &macd, &error))
        return raise_gerror(L, error);
    lua_createtable(L, 0, 3);
    set_column(L, "line", home, macd.line);
    set_column(L, "signal", home, macd.signal);
    set_column(L, "hist", home, macd.hist);
    kw_sandbox_make_strict(L, "columns of macd");
    return 1;
}

static int
call_bollinger(lua_State *L)
{
    KwFrame *home = find_home(L, 1);
    KwColumn *input = check_operand(L, 1, home);
    gint period = lua_isnoneornil(L, 2) ? 20 : check_whole(L, 2);
    gdouble width = luaL_optnumber(L, 3, 2.0);
    GError *error = NULL;
    KwBollinger bb;

    if (!kw_recipe_bollinger(home, input, period, width, &bb, &error))
        return raise_gerror(L, error);
    lua_createtable(L, 0, 3);
    set_column(L, "upper", home, bb.upper);
    set_column(L, "middle", home, bb.middle);
    set_column(L, "lower", home, bb.lower);
    kw_sandbox_make_strict(L, "columns of bollinger");
    return 1;
}

/* One {condition, "label"} at the top of the stack, which stays there to keep the text */
static KwPickCase
read_case(lua_State *L, gint number)
{
    KwPickCase pick = {NULL, NULL};

    if (lua_istable(L, -1)) {
        (void) lua_rawgeti(L, -1, 1);
        pick.condition = kw_lua_columns_get(L, -1);
        lua_pop(L, 1);
        if (lua_rawgeti(L, -1, 2) == LUA_TSTRING)
            pick.label = lua_tostring(L, -1);
        lua_pop(L, 1);
    }
    if (pick.condition == NULL || pick.label == NULL)
        (void) luaL_error(L, "pick: case %d must be {boolean column, \"label\"}", number);
    return pick;
}

static int
call_pick(lua_State *L)
{
    KwPickCase cases[KW_FRAME_MAX_LABELS];
    KwColumn *column;
    gsize n = 0;
    GError *error = NULL;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_checkstack(L, KW_FRAME_MAX_LABELS + 8, "pick");
    if (lua_getfield(L, 1, "default") != LUA_TSTRING)
        return luaL_error(L, "pick: needs default = \"label\"");
    if (lua_rawlen(L, 1) == 0 || lua_rawlen(L, 1) > KW_FRAME_MAX_LABELS)
        return luaL_error(L, "pick: needs 1 to %d cases", KW_FRAME_MAX_LABELS);
    for (n = 0; n < lua_rawlen(L, 1); n++) {
        (void) lua_rawgeti(L, 1, (lua_Integer) n + 1);
        cases[n] = read_case(L, (gint) n + 1);
    }
    column = kw_frame_pick(kw_sandbox_get_frame(L), cases, n, lua_tostring(L, 2), &error);
    return push_result(L, kw_sandbox_get_frame(L), column, error);
}

/* -- other pairs and longer timeframes -- */

/* The open, high, low, close, volume and time of @frame, into the table at the top */
static void
set_fields(lua_State *L, KwFrame *frame)
{
    for (guint f = 0; f < KW_FIELD_N; f++)
        set_column(L, kw_field_to_string((KwField) f), frame,
                   kw_frame_field(frame, (KwField) f));
}

/* informative("4h"), informative("1h", "BTC/USDT"): candles like c */
static int
call_informative(lua_State *L)
{
    const gchar *timeframe = luaL_checkstring(L, 1);
    const gchar *name = luaL_optstring(L, 2, NULL);
    gint64 timeframe_us = 0;
    GError *error = NULL;
    KwFrame *frame;
    KwPair pair;

    if (!kw_timeframe_parse(timeframe, &timeframe_us, &error) ||
        (name != NULL && !kw_pair_init(&pair, name, &error)))
        return raise_gerror(L, error);
    frame = kw_frame_companion(kw_sandbox_get_frame(L), name != NULL ? pair.name : NULL,
                               timeframe_us, &error);
    if (frame == NULL) {
        g_prefix_error(&error, "informative: ");
        return raise_gerror(L, error);
    }
    lua_createtable(L, 0, KW_FIELD_N);
    set_fields(L, frame);
    kw_sandbox_make_strict(L, "candle fields");
    return 1;
}

/* merge(column): joined to the candles of the pair */
static int
call_merge(lua_State *L)
{
    KwColumn *column = kw_lua_columns_get(L, 1);

    if (column == NULL)
        return luaL_typeerror(L, 1, "column");
    push_column(L, kw_sandbox_get_frame(L), column);
    return 1;
}

/* Where models are looked for; NULL when any name is one */
static KwModelShelf *
check_models(lua_State *L)
{
    if (kw_sandbox_is_trial(L))
        return NULL;
    if (kw_sandbox_get_models(L) == NULL)
        (void) luaL_error(L, "there are no models here");
    return kw_sandbox_get_models(L);
}

static int
push_model_columns(lua_State *L, const KwModelColumns *columns, const gchar *what)
{
    KwFrame *frame = kw_sandbox_get_frame(L);

    lua_createtable(L, 0, 3);
    set_column(L, "prediction", frame, columns->prediction);
    set_column(L, "chance", frame, columns->chance);
    set_column(L, "confidence", frame, columns->confidence);
    kw_sandbox_make_strict(L, what);
    return 1;
}

/* model("name"): what the promoted model says */
static int
call_model(lua_State *L)
{
    const gchar *name = luaL_checkstring(L, 1);
    KwModelShelf *models = check_models(L);
    GError *error = NULL;
    KwModelColumns columns;

    if (!kw_model_feed_add(models, name, kw_sandbox_get_frame(L), &columns, &error)) {
        g_prefix_error(&error, "model '%s': ", name);
        return raise_gerror(L, error);
    }
    return push_model_columns(L, &columns, "columns of model");
}

/* The members of the table at 1, name = weight, whose names it keeps. Returns: their number */
static guint
read_members(lua_State *L, KwEnsembleMember *members)
{
    guint n = 0;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, 1) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TNUMBER)
            (void) luaL_error(L, "ensemble: write name = weight, as in { boost = 0.7 }");
        if (n == KW_ENSEMBLE_MAX)
            (void) luaL_error(L, "ensemble: at most %d members", KW_ENSEMBLE_MAX);
        members[n++] = (KwEnsembleMember){lua_tostring(L, -2), lua_tonumber(L, -1)};
        lua_pop(L, 1);
    }
    return n;
}

/* ensemble{ boost = 0.7, slow = 0.3 }: several models as one */
static int
call_ensemble(lua_State *L)
{
    KwModelShelf *models = check_models(L);
    KwEnsembleMember members[KW_ENSEMBLE_MAX];
    guint n = read_members(L, members);
    GError *error = NULL;
    KwModelColumns columns;

    if (!kw_ensemble_add(models, members, n, kw_sandbox_get_frame(L), &columns, &error)) {
        g_prefix_error(&error, "ensemble: ");
        return raise_gerror(L, error);
    }
    return push_model_columns(L, &columns, "columns of ensemble");
}

/* -- the metatable -- */

static int
on_compare(lua_State *L)
{
    return luaL_error(L, "columns cannot be compared with < > <= >= ==; use below(a, b), "
                         "above(a, b), le(a, b), ge(a, b), eq(a, b)");
}

static int
on_index(lua_State *L)
{
    return luaL_error(L, "a column has no fields; use shift(column, n) for earlier values");
}

static int
on_tostring(lua_State *L)
{
    const Box *box = luaL_checkudata(L, 1, METATABLE);

    lua_pushstring(L, kw_column_get_name(box->column));
    return 1;
}

typedef struct {
    const gchar *name;
    KwOp op;
} OpName;

static const OpName binary_operators[] = {
    {"__add", KW_OP_ADD}, {"__sub", KW_OP_SUB},  {"__mul", KW_OP_MUL},
    {"__div", KW_OP_DIV}, {"__band", KW_OP_AND}, {"__bor", KW_OP_OR},
};

static const OpName unary_operators[] = {
    {"__unm", KW_OP_NEG},
    {"__bnot", KW_OP_NOT},
};

static const OpName aliases[] = {
    {"rolling_mean", KW_OP_SMA},
    {"rolling_stddev", KW_OP_STDDEV},
};

static void
set_op(lua_State *L, const gchar *name, lua_CFunction call, KwOp op)
{
    lua_pushinteger(L, (lua_Integer) op);
    lua_pushcclosure(L, call, 1);
    lua_setfield(L, -2, name);
}

static void
create_metatable(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"__lt", on_compare},  {"__le", on_compare},        {"__eq", on_compare},
        {"__index", on_index}, {"__tostring", on_tostring}, {NULL, NULL},
    };

    (void) luaL_newmetatable(L, METATABLE);
    luaL_setfuncs(L, methods, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(binary_operators); i++)
        set_op(L, binary_operators[i].name, call_op, binary_operators[i].op);
    for (gsize i = 0; i < G_N_ELEMENTS(unary_operators); i++)
        set_op(L, unary_operators[i].name, call_unary_operator, unary_operators[i].op);
    lua_pop(L, 1);
}

static gboolean
has_operator(KwOp op)
{
    for (gsize i = 0; i < G_N_ELEMENTS(binary_operators); i++) {
        if (binary_operators[i].op == op)
            return TRUE;
    }
    return op == KW_OP_NEG || op == KW_OP_NOT;
}

static gboolean
is_field(const KwIndicator *indicator)
{
    for (guint f = 0; f < KW_FIELD_N; f++) {
        if (strcmp(indicator->name, kw_field_to_string((KwField) f)) == 0)
            return TRUE;
    }
    return FALSE;
}

/* What an operation of one column or a function with several results is called, stays that;
 * fields are c.close and the like */
static void
set_indicators(lua_State *L)
{
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (guint i = 0; i < n; i++) {
        gboolean is_taken = lua_getfield(L, -1, table[i].name) != LUA_TNIL;

        lua_pop(L, 1);
        if (is_field(&table[i]) || (is_taken && strlen(table[i].inputs) == 1))
            continue;
        lua_pushinteger(L, (lua_Integer) i);
        lua_pushcclosure(L, call_indicator, 1);
        lua_setfield(L, -2, table[i].name);
    }
}

void
kw_lua_columns_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"column", call_column},
        {"model", call_model},
        {"ensemble", call_ensemble},
        {"macd", call_macd},
        {"bollinger", call_bollinger},
        {"pick", call_pick},
        {"informative", call_informative},
        {"merge", call_merge},
        {NULL, NULL},
    };

    create_metatable(L);
    lua_pushglobaltable(L);
    for (guint op = 0; op < KW_OP_N; op++) {
        if (!has_operator((KwOp) op))
            set_op(L, kw_op_get_info((KwOp) op)->name, call_op, (KwOp) op);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(aliases); i++)
        set_op(L, aliases[i].name, call_op, aliases[i].op);
    luaL_setfuncs(L, functions, 0);
    set_indicators(L);
    lua_pop(L, 1);
}

/* c.extra("name") and c.extra_label("name") */
static int
call_extra(lua_State *L)
{
    KwColumnKind kind = (KwColumnKind) lua_tointeger(L, lua_upvalueindex(1));
    const gchar *name = luaL_checkstring(L, 1);
    GError *error = NULL;
    KwColumn *column = kw_frame_extra(kw_sandbox_get_frame(L), name, kind, &error);

    return push_result(L, kw_sandbox_get_frame(L), column, error);
}

static void
set_extra(lua_State *L, const gchar *name, KwColumnKind kind)
{
    lua_pushinteger(L, (lua_Integer) kind);
    lua_pushcclosure(L, call_extra, 1);
    lua_setfield(L, -2, name);
}

void
kw_lua_columns_push_candles(lua_State *L)
{
    lua_createtable(L, 0, KW_FIELD_N + 2);
    set_extra(L, "extra", KW_COLUMN_NUMBER);
    set_extra(L, "extra_label", KW_COLUMN_LABEL);
    set_fields(L, kw_sandbox_get_frame(L));
    kw_sandbox_make_strict(L, "candle fields");
}
