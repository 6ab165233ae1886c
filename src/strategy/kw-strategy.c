/* kw-strategy.c: runs a strategy file and keeps what it said
 *
 * The file is run anew for every build, in a state of its own. It costs a tenth of a
 * millisecond and buys two things: what a strategy remembers in globals cannot leak from
 * one pair to the next, and a strategy at rest holds no Lua memory.
 *
 * A slip that Lua cannot see is looked for in the graph: "a and b" gives b alone, and a
 * condition is lost without a word. Every boolean column that was made must therefore lead
 * to a result. */
#include "kw-strategy-private.h"

#include "kw-error.h"
#include "kw-lua-columns.h"
#include "kw-model-shelf.h"
#include "kw-strategy-columns-private.h"
#include "kw-timeframe.h"

#include <lauxlib.h>
#include <lua.h>
#include <math.h>
#include <string.h>

static const struct {
    const gchar *field;
    KwColumnKind kind;
    const gchar *expected;
} parts[KW_PART_N] = {
    [KW_PART_ENTRY] = {"entry", KW_COLUMN_BOOL, "boolean column (a comparison or a cross)"},
    [KW_PART_EXIT] = {"exit", KW_COLUMN_BOOL, "boolean column (a comparison or a cross)"},
    [KW_PART_CONFIDENCE] = {"confidence", KW_COLUMN_NUMBER, "number column"},
    [KW_PART_REGIME] = {"regime", KW_COLUMN_LABEL, "label column (made by pick)"},
    [KW_PART_TAGS] = {"tags", KW_COLUMN_LABEL, "label column (made by pick)"},
    [KW_PART_EXIT_TAGS] = {"exit_tags", KW_COLUMN_LABEL, "label column (made by pick)"},
    [KW_PART_STOP] = {"stop", KW_COLUMN_NUMBER, "number column"},
    [KW_PART_TARGET] = {"target", KW_COLUMN_NUMBER, "number column"},
};

/* What a build needs; lives outside of the sandbox */
typedef struct {
    KwStrategy *definition;    /* to be filled; NULL when it is known */
    const KwStrategy *known;   /* source and parameters */
    KwStrategyColumns *result; /* to be filled */
    gint lines[KW_PART_N];     /* where the functions stand */
} Build;

/* Stack slots inside run_build() */
enum { SLOT_BUILD = 1, SLOT_TABLE, SLOT_CANDLES, SLOT_PARAMS, SLOT_INDICATORS };

/* -- running the file -- */

static const gchar *
describe(lua_State *L, gint index)
{
    KwColumn *column = kw_lua_columns_get(L, index);

    if (column == NULL)
        return lua_isnil(L, index) ? "nothing" : luaL_typename(L, index);
    switch (kw_column_get_kind(column)) {
    case KW_COLUMN_NUMBER:
        return "number column";
    case KW_COLUMN_BOOL:
        return "boolean column";
    case KW_COLUMN_LABEL:
        return "label column";
    }
    g_return_val_if_reached(NULL);
}

static void
push_definition(lua_State *L, const KwStrategy *strategy)
{
    kw_sandbox_push_chunk(L, strategy->source);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1))
        (void) kw_sandbox_fail(L, 0, "must end with return { ... }, but returned %s",
                               lua_isnil(L, -1) ? "nothing" : luaL_typename(L, -1));
}

static void
push_params(lua_State *L, const KwStrategy *strategy)
{
    lua_createtable(L, 0, (gint) strategy->n_params);
    for (guint i = 0; i < strategy->n_params; i++) {
        const KwStrategyParam *param = &strategy->params[i];

        if (param->is_integer)
            lua_pushinteger(L, (lua_Integer) param->current);
        else
            lua_pushnumber(L, param->current);
        lua_setfield(L, -2, param->name);
    }
    kw_sandbox_make_strict(L, "params");
}

/* Line on which the function at the top begins; pops it */
static gint
take_line(lua_State *L)
{
    lua_Debug info = {0};

    (void) lua_getinfo(L, ">S", &info);
    return info.linedefined;
}

/* -- indicators -- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const gchar *const *) a, *(const gchar *const *) b);
}

/* Copies the names of the table at SLOT_INDICATORS, sorted, into @result. */
static void
collect_names(lua_State *L, KwStrategyColumns *result, gint line)
{
    result->names = g_new0(gchar *, KW_STRATEGY_MAX_INDICATORS + 1);
    lua_pushnil(L);
    while (lua_next(L, SLOT_INDICATORS) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || strlen(lua_tostring(L, -2)) > 48)
            (void) kw_sandbox_fail(L, line,
                                   "indicators: give every column a short name, as in "
                                   "{ fast = ema(c.close, 9) }");
        if (result->n_indicators == KW_STRATEGY_MAX_INDICATORS)
            (void) kw_sandbox_fail(L, line, "indicators: at most %d",
                                   KW_STRATEGY_MAX_INDICATORS);
        result->names[result->n_indicators++] = g_strdup(lua_tostring(L, -2));
        lua_pop(L, 1);
    }
    qsort(result->names, result->n_indicators, sizeof *result->names, compare_names);
}

static void
read_indicators(lua_State *L, KwStrategyColumns *result, gint line)
{
    collect_names(L, result, line);
    result->indicators = g_new0(KwColumn *, KW_STRATEGY_MAX_INDICATORS);
    for (guint i = 0; i < result->n_indicators; i++) {
        (void) lua_getfield(L, SLOT_INDICATORS, result->names[i]);
        result->indicators[i] = kw_lua_columns_get(L, -1);
        if (result->indicators[i] == NULL)
            (void) kw_sandbox_fail(L, line, "indicators: '%s' must be a column, but is a %s",
                                   result->names[i], luaL_typename(L, -1));
        lua_pop(L, 1);
    }
}

/* Leaves the table of indicators, perhaps an empty one, at SLOT_INDICATORS */
static void
run_indicators(lua_State *L, KwStrategyColumns *result)
{
    gint line;

    if (lua_getfield(L, SLOT_TABLE, "indicators") == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
    } else {
        lua_pushvalue(L, -1);
        line = take_line(L);
        lua_pushvalue(L, SLOT_CANDLES);
        lua_pushvalue(L, SLOT_PARAMS);
        lua_call(L, 2, 1);
        if (!lua_istable(L, SLOT_INDICATORS))
            (void) kw_sandbox_fail(
                L, line, "indicators: must return a table of columns, but returned %s",
                describe(L, SLOT_INDICATORS));
        read_indicators(L, result, line);
    }
    kw_sandbox_make_strict(L, "indicators");
}

/* -- entry, exit and the others -- */

static KwColumn *
run_part(lua_State *L, KwStrategyPart part, gint *out_line)
{
    KwColumn *column;

    if (lua_getfield(L, SLOT_TABLE, parts[part].field) == LUA_TNIL) {
        lua_pop(L, 1);
        return NULL;
    }
    lua_pushvalue(L, -1);
    *out_line = take_line(L);
    lua_pushvalue(L, SLOT_CANDLES);
    lua_pushvalue(L, SLOT_INDICATORS);
    lua_pushvalue(L, SLOT_PARAMS);
    lua_call(L, 3, 1);
    column = kw_lua_columns_get(L, -1);
    if (column == NULL || kw_column_get_kind(column) != parts[part].kind)
        (void) kw_sandbox_fail(L, *out_line, "%s: must return a %s, but returned %s%s",
                               parts[part].field, parts[part].expected,
                               column != NULL ? "a " : "", describe(L, -1));
    lua_pop(L, 1);
    return column;
}

static int
run_build(lua_State *L)
{
    Build *build = lua_touserdata(L, SLOT_BUILD);

    kw_lua_columns_open(L);
    push_definition(L, build->known);
    if (build->definition != NULL) {
        kw_strategy_fields_read(L, build->definition);
        lua_settop(L, SLOT_TABLE);
    }
    kw_lua_columns_push_candles(L);
    push_params(L, build->known);
    run_indicators(L, build->result);
    for (guint part = 0; part < KW_PART_N; part++)
        build->result->parts[part] = run_part(L, (KwStrategyPart) part, &build->lines[part]);
    return 0;
}

/* -- lost conditions -- */

static void
mark_used(const KwFrame *frame, const KwColumn *column, GHashTable *used)
{
    KwColumn *const *inputs = NULL;
    guint n;

    if (!g_hash_table_add(used, (gpointer) column))
        return;
    n = kw_frame_get_inputs(frame, column, &inputs);
    for (guint i = 0; i < n; i++)
        mark_used(frame, inputs[i], used);
}

/* Every column that leads to a result */
static GHashTable *
list_used(const KwFrame *frame, const KwStrategyColumns *columns)
{
    GHashTable *used = g_hash_table_new(NULL, NULL);

    for (guint p = 0; p < KW_PART_N; p++) {
        if (columns->parts[p] != NULL)
            mark_used(frame, columns->parts[p], used);
    }
    for (guint i = 0; i < columns->n_indicators; i++)
        mark_used(frame, columns->indicators[i], used);
    return used;
}

/* The first boolean column of @frame from @first on that leads to no result, or NULL */
static const KwColumn *
find_lost(const KwFrame *frame, GHashTable *used, guint first)
{
    for (guint i = first; i < kw_frame_get_n_columns(frame); i++) {
        const KwColumn *column = kw_frame_get_column(frame, i);

        if (kw_column_get_kind(column) == KW_COLUMN_BOOL &&
            !g_hash_table_contains(used, column))
            return column;
    }
    return NULL;
}

static gboolean
check_lost(const Build *build, const KwFrame *frame, const guint *first, GError **error)
{
    g_autoptr(GHashTable) used = list_used(frame, build->result);
    const KwColumn *lost = find_lost(frame, used, first[0]);

    for (guint i = 0; lost == NULL && i < kw_frame_get_n_companions(frame); i++)
        lost = find_lost(kw_frame_get_companion(frame, i), used, first[i + 1]);
    if (lost == NULL)
        return TRUE;
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE,
                "%s: the condition %s is computed but used nowhere ('and', 'or', 'not' do not "
                "work on columns; write a & b, a | b, ~a)",
                build->known->file_name, kw_column_get_name(lost));
    return FALSE;
}

static gboolean
build_on(Build *build, KwFrame *frame, GError **error)
{
    g_autoptr(KwSandbox) sandbox = NULL;
    guint first[KW_FRAME_MAX_COMPANIONS + 1] = {kw_frame_get_n_columns(frame)};

    for (guint i = 0; i < kw_frame_get_n_companions(frame); i++)
        first[i + 1] = kw_frame_get_n_columns(kw_frame_get_companion(frame, i));
    sandbox = kw_sandbox_new(build->known->file_name, &build->known->limits, frame);
    kw_sandbox_set_models(sandbox, build->known->models);
    if (build->definition != NULL)
        kw_sandbox_set_trial(sandbox);
    return kw_sandbox_run(sandbox, run_build, build, error) &&
           check_lost(build, frame, first, error);
}

void
kw_strategy_set_models(KwStrategy *self, KwModelShelf *models)
{
    g_clear_pointer(&self->models, kw_model_shelf_unref);
    self->models = kw_model_shelf_ref(models);
}

KwStrategyColumns *
kw_strategy_build(const KwStrategy *self, KwFrame *frame, GError **error)
{
    g_autoptr(KwStrategyColumns) columns = g_new0(KwStrategyColumns, 1);
    Build build = {.known = self, .result = columns};

    g_return_val_if_fail(self != NULL && frame != NULL, NULL);

    if (kw_series_get_timeframe_us(kw_frame_get_series(frame)) != self->terms.timeframe_us) {
        g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE,
                    "%s: needs candles of %s", self->file_name,
                    kw_strategy_get_timeframe(self));
        return NULL;
    }
    if (!build_on(&build, frame, error))
        return NULL;
    return g_steal_pointer(&columns);
}

gboolean
kw_strategy_uses_extras(const KwStrategy *self)
{
    return self->uses_extras;
}

const gchar *const *
kw_strategy_get_pairs(const KwStrategy *self)
{
    return (const gchar *const *) self->pairs;
}

/* -- loading -- */

static void
update_identity(KwStrategy *self)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = 0;
    const guchar *text = g_bytes_get_data(self->source, &length);

    g_checksum_update(sum, text, (gssize) length);
    if (self->other_timeframe) {
        g_autofree gchar *line =
            g_strdup_printf("\ntimeframe=%" G_GINT64_FORMAT, self->terms.timeframe_us);

        g_checksum_update(sum, (const guchar *) line, -1);
    }
    for (guint i = 0; i < self->n_params; i++) {
        gchar value[G_ASCII_DTOSTR_BUF_SIZE];
        g_autofree gchar *line = NULL;

        g_ascii_dtostr(value, sizeof value, self->params[i].current);
        line = g_strdup_printf("\n%s=%s", self->params[i].name, value);
        g_checksum_update(sum, (const guchar *) line, -1);
    }
    g_free(self->identity);
    self->identity = g_strdup(g_checksum_get_string(sum));
}

static gboolean
check_source(const gchar *file_name, GBytes *source, GError **error)
{
    gsize length = 0;
    const gchar *text = g_bytes_get_data(source, &length);
    const gchar *fault = NULL;

    if (length == 0)
        fault = "is empty";
    else if (length > KW_STRATEGY_MAX_BYTES)
        fault = "is longer than 256 kB";
    else if (*text == '\033')
        fault = "is compiled Lua; only source text is accepted";
    else if (!g_utf8_validate(text, (gssize) length, NULL))
        fault = "is no UTF-8 text";
    if (fault == NULL)
        return TRUE;
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_LOAD, "%s: %s", file_name, fault);
    return FALSE;
}

/* The other pairs it looks at, each once */
static void
note_pairs(KwStrategy *self, const KwFrame *frame)
{
    g_autoptr(GStrvBuilder) pairs = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < kw_frame_get_n_companions(frame); i++) {
        const gchar *pair = kw_frame_get_companion_pair(frame, i);

        if (pair != NULL && g_hash_table_add(seen, (gpointer) pair))
            g_strv_builder_add(pairs, pair);
    }
    self->pairs = g_strv_builder_end(pairs);
}

/* Reads the definition and tries it on an empty frame */
static gboolean
define(KwStrategy *self, GError **error)
{
    g_autoptr(KwFrame) frame = kw_frame_new(kw_series_new(1));
    g_autoptr(KwStrategyColumns) columns = g_new0(KwStrategyColumns, 1);
    Build build = {.definition = self, .known = self, .result = columns};

    if (!build_on(&build, frame, error))
        return FALSE;
    self->uses_extras = kw_frame_uses_extras(frame);
    note_pairs(self, frame);
    if (!kw_strategy_terms_check(&self->terms, error)) {
        g_prefix_error(error, "%s: ", self->file_name);
        return FALSE;
    }
    return TRUE;
}

KwStrategy *
kw_strategy_load_bytes(const gchar *file_name,
                       GBytes *source,
                       const KwStrategyLimits *limits,
                       GError **error)
{
    g_autoptr(KwStrategy) self = NULL;

    g_return_val_if_fail(file_name != NULL && source != NULL, NULL);

    if (!check_source(file_name, source, error))
        return NULL;
    self = g_new0(KwStrategy, 1);
    self->file_name = g_strdup(file_name);
    self->source = g_bytes_ref(source);
    self->limits = limits != NULL ? *limits : KW_STRATEGY_LIMITS_DEFAULT;
    if (!define(self, error))
        return NULL;
    update_identity(self);
    return g_steal_pointer(&self);
}

KwStrategy *
kw_strategy_load_file(const gchar *path, const KwStrategyLimits *limits, GError **error)
{
    g_autofree gchar *file_name = NULL;
    g_autofree gchar *text = NULL;
    g_autoptr(GBytes) source = NULL;
    g_autoptr(GError) local = NULL;
    gsize length = 0;

    g_return_val_if_fail(path != NULL, NULL);

    file_name = g_path_get_basename(path);
    if (!g_file_get_contents(path, &text, &length, &local)) {
        g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_LOAD, "%s: cannot be read: %s",
                    file_name, local->message);
        return NULL;
    }
    source = g_bytes_new_take(g_steal_pointer(&text), length);
    return kw_strategy_load_bytes(file_name, source, limits, error);
}

void
kw_strategy_free(KwStrategy *self)
{
    if (self == NULL)
        return;
    for (guint i = 0; i < self->n_params; i++)
        g_free((gchar *) self->params[i].name);
    g_free(self->file_name);
    g_free(self->name);
    g_free(self->identity);
    g_strfreev(self->pairs);
    g_clear_pointer(&self->source, g_bytes_unref);
    g_clear_pointer(&self->models, kw_model_shelf_unref);
    g_free(self);
}

/* -- reading -- */

const gchar *
kw_strategy_get_name(const KwStrategy *self)
{
    return self->name;
}

const gchar *
kw_strategy_get_timeframe(const KwStrategy *self)
{
    return kw_timeframe_to_string(self->terms.timeframe_us);
}

const KwStrategyTerms *
kw_strategy_get_terms(const KwStrategy *self)
{
    return &self->terms;
}

GBytes *
kw_strategy_get_source(const KwStrategy *self)
{
    return self->source;
}

const gchar *
kw_strategy_get_identity(const KwStrategy *self)
{
    return self->identity;
}

const KwStrategyParam *
kw_strategy_get_params(const KwStrategy *self, guint *out_n)
{
    g_return_val_if_fail(self != NULL && out_n != NULL, NULL);

    *out_n = self->n_params;
    return self->params;
}

gboolean
kw_strategy_set_param(KwStrategy *self, const gchar *name, gdouble value, GError **error)
{
    g_return_val_if_fail(self != NULL && name != NULL, FALSE);

    for (guint i = 0; i < self->n_params; i++) {
        KwStrategyParam *param = &self->params[i];

        if (strcmp(param->name, name) != 0)
            continue;
        if (!(value >= param->min && value <= param->max) ||
            (param->is_integer && fabs(value - floor(value)) > 0.0)) {
            g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE,
                        "%s: params.%s: must be %s from %g to %g, but is %g", self->file_name,
                        name, param->is_integer ? "a whole number" : "a number", param->min,
                        param->max, value);
            return FALSE;
        }
        param->current = value;
        update_identity(self);
        return TRUE;
    }
    g_set_error(error, KW_STRATEGY_ERROR, KW_STRATEGY_ERROR_VALUE, "%s: no parameter '%s'",
                self->file_name, name);
    return FALSE;
}

void
kw_strategy_set_timeframe(KwStrategy *self, gint64 timeframe_us)
{
    g_return_if_fail(self != NULL && kw_timeframe_to_string(timeframe_us) != NULL);

    if (self->terms.timeframe_us == timeframe_us)
        return;
    self->terms.timeframe_us = timeframe_us;
    self->other_timeframe = TRUE;
    update_identity(self);
}
