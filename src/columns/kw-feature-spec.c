/* kw-feature-spec.c: a feature list's file, every fault in it found in one go
 *
 * The file has the form of kurswart.conf. Its table is small and of another kind (lists, and
 * what is allowed depends on other keys), so it is read here and not through KwConfig; the
 * problems are of the same type and read the same to the owner. */
#include "kw-feature-spec.h"

#include "kw-config-problem.h"
#include "kw-pair.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>

#define EXCERPT_BYTES 60
#define MAX_ITEMS 256 /* of one list */

typedef struct {
    const gchar *origin;
    GPtrArray *problems; /* borrowed */
    const gchar *section, *key;
    guint line;
    KwFeatureSpec *spec;
} Reader;

typedef struct {
    const gchar *section, *key;
    void (*read)(Reader *self, gchar **items);
    const gchar *example;
} KeyRow;

void
kw_feature_spec_free(KwFeatureSpec *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->names);
    g_ptr_array_unref(self->singles);
    g_ptr_array_unref(self->pairs);
    g_array_unref(self->periods);
    g_array_unref(self->shifts);
    g_array_unref(self->timeframes);
    g_free(self);
}

static KwFeatureSpec *
spec_new(void)
{
    KwFeatureSpec *self = g_new0(KwFeatureSpec, 1);

    self->names = g_ptr_array_new_with_free_func(g_free);
    self->singles = g_ptr_array_new_with_free_func(g_free);
    self->pairs = g_ptr_array_new_with_free_func(g_free);
    self->periods = g_array_new(FALSE, FALSE, sizeof(gint));
    self->shifts = g_array_new(FALSE, FALSE, sizeof(gint));
    self->timeframes = g_array_new(FALSE, FALSE, sizeof(gint64));
    memcpy(self->sessions, kw_session_get_usual(), sizeof self->sessions);
    return self;
}

static KwConfigProblem *
complain(Reader *self, KwConfigFault fault, const gchar *value)
{
    KwConfigProblem *problem = g_new0(KwConfigProblem, 1);
    g_autofree gchar *excerpt = value != NULL ? g_strndup(value, EXCERPT_BYTES) : NULL;

    problem->fault = fault;
    problem->origin = g_strdup(self->origin);
    problem->line = self->line;
    problem->section = g_strdup(self->section);
    problem->key = g_strdup(self->key);
    problem->value = excerpt != NULL ? g_strescape(excerpt, NULL) : NULL;
    g_ptr_array_add(self->problems, problem);
    return problem;
}

/* -- the lists -- */

/* Adds @item to @list unless it is there */
static void
add_once(Reader *self, GPtrArray *list, const gchar *item)
{
    if (g_ptr_array_find_with_equal_func(list, item, g_str_equal, NULL))
        (void) complain(self, KW_CONFIG_TWICE, item);
    else
        g_ptr_array_add(list, g_strdup(item));
}

static void
complain_of_indicator(Reader *self, const gchar *item, GError *error)
{
    KwConfigProblem *problem = complain(self, KW_CONFIG_NO_CHOICE, item);

    problem->expected = g_strdup(error->message);
    g_error_free(error);
}

/* (transfer full): names of the table that take a period, or the others */
static GPtrArray *
list_indicators(gboolean with_period)
{
    GPtrArray *names = g_ptr_array_new();
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (guint i = 0; i < n; i++) {
        if ((table[i].n_params > 0 && table[i].params[0].is_whole) == with_period)
            g_ptr_array_add(names, (gpointer) table[i].name);
    }
    return names;
}

static void
read_names(Reader *self, gchar **items)
{
    g_autoptr(GPtrArray) names = list_indicators(TRUE), others = list_indicators(FALSE);

    for (; *items != NULL; items++) {
        if (g_ptr_array_find_with_equal_func(names, *items, g_str_equal, NULL))
            add_once(self, self->spec->names, *items);
        else if (g_ptr_array_find_with_equal_func(others, *items, g_str_equal, NULL))
            complain(self, KW_CONFIG_NO_CHOICE, *items)->example =
                g_strdup_printf("singles = %s", *items);
        else
            complain(self, KW_CONFIG_NO_CHOICE, *items)->suggestion =
                kw_config_problem_dup_nearest(*items, names);
    }
}

static void
read_singles(Reader *self, gchar **items)
{
    for (; *items != NULL; items++) {
        gdouble params[KW_INDICATOR_MAX_PARAMS];
        GError *error = NULL;

        if (kw_indicator_parse(*items, params, &error) == NULL)
            complain_of_indicator(self, *items, error);
        else
            add_once(self, self->spec->singles, *items);
    }
}

static void
read_whole_numbers(Reader *self, gchar **items, GArray *list, gint min, gint max)
{
    for (; *items != NULL; items++) {
        gint64 value;
        gint number;
        gboolean is_known = FALSE;

        if (!g_ascii_string_to_signed(*items, 10, min, max, &value, NULL)) {
            complain(self, KW_CONFIG_OUT_OF_RANGE, *items)->expected =
                g_strdup_printf("%d - %d", min, max);
            continue;
        }
        number = (gint) value;
        for (guint i = 0; i < list->len; i++)
            is_known |= g_array_index(list, gint, i) == number;
        if (is_known)
            (void) complain(self, KW_CONFIG_TWICE, *items);
        else
            g_array_append_val(list, number);
    }
}

static void
read_periods(Reader *self, gchar **items)
{
    read_whole_numbers(self, items, self->spec->periods, 1, KW_OP_MAX_PERIOD);
}

static void
read_shifts(Reader *self, gchar **items)
{
    read_whole_numbers(self, items, self->spec->shifts, 0, KW_FEATURE_SPEC_MAX_SHIFT);
}

static void
read_timeframes(Reader *self, gchar **items)
{
    GArray *list = self->spec->timeframes;

    for (; *items != NULL; items++) {
        g_autoptr(GError) error = NULL;
        gint64 timeframe_us;
        gboolean is_known = FALSE;

        if (!kw_timeframe_parse(*items, &timeframe_us, &error)) {
            complain(self, KW_CONFIG_NO_CHOICE, *items)->expected = g_strdup(error->message);
            continue;
        }
        for (guint i = 0; i < list->len; i++)
            is_known |= g_array_index(list, gint64, i) == timeframe_us;
        if (is_known)
            (void) complain(self, KW_CONFIG_TWICE, *items);
        else
            g_array_append_val(list, timeframe_us);
    }
}

static void
read_pairs(Reader *self, gchar **items)
{
    for (; *items != NULL; items++) {
        g_autoptr(GError) error = NULL;
        KwPair pair;

        if (kw_pair_init(&pair, *items, &error))
            add_once(self, self->spec->pairs, pair.name);
        else
            complain(self, KW_CONFIG_WRONG_TYPE, *items)->example = g_strdup("ETH/USDT");
    }
}

/* -- the sessions -- */

/* "HH:MM" up to 24:00; returns the end of it, or NULL */
static const gchar *
parse_minute(const gchar *text, gint *out)
{
    gint hour, minute;

    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) || text[2] != ':' ||
        !g_ascii_isdigit(text[3]) || !g_ascii_isdigit(text[4]))
        return NULL;
    hour = g_ascii_digit_value(text[0]) * 10 + g_ascii_digit_value(text[1]);
    minute = g_ascii_digit_value(text[3]) * 10 + g_ascii_digit_value(text[4]);
    *out = hour * 60 + minute;
    return minute < 60 && *out <= KW_OP_DAY_MINUTES ? text + 5 : NULL;
}

static void
read_session(Reader *self, gchar **items)
{
    KwSession session;
    const gchar *rest = parse_minute(items[0], &session.from_minute);

    if (rest != NULL && *rest == '-')
        rest = parse_minute(rest + 1, &session.to_minute);
    if (rest == NULL || *rest != '\0' || items[1] != NULL) {
        complain(self, KW_CONFIG_WRONG_TYPE, items[0])->expected = g_strdup("HH:MM-HH:MM");
        return;
    }
    for (guint s = 0; s < KW_SESSION_N; s++) {
        if (strcmp(self->key, kw_session_to_string((KwSessionName) s)) == 0)
            self->spec->sessions[s] = session;
    }
}

static const KeyRow key_rows[] = {
    {"features", "names", read_names, "names = rsi, ema_ratio"},
    {"features", "periods", read_periods, "periods = 7, 14, 28"},
    {"features", "shifts", read_shifts, "shifts = 0, 1, 2"},
    {"features", "singles", read_singles, "singles = day_of_week, regime_20_500"},
    {"features", "timeframes", read_timeframes, "timeframes = 4h"},
    {"features", "pairs", read_pairs, "pairs = ETH/USDT"},
    {"sessions", "tokyo", read_session, "tokyo = 00:00-09:00"},
    {"sessions", "london", read_session, "london = 08:00-17:00"},
    {"sessions", "new_york", read_session, "new_york = 13:00-22:00"},
};

/* -- lines -- */

/* (transfer full): the items between commas, without blanks around them */
static GStrv
split_items(const gchar *value)
{
    GStrv items = g_strsplit(value, ",", MAX_ITEMS);

    for (guint i = 0; items[i] != NULL; i++)
        (void) g_strstrip(items[i]);
    return items;
}

static void
read_value(Reader *self, const KeyRow *row, const gchar *value)
{
    g_auto(GStrv) items = split_items(value);
    gboolean is_empty = items[0] == NULL;

    for (guint i = 0; items[i] != NULL; i++)
        is_empty |= *items[i] == '\0';
    if (is_empty)
        complain(self, KW_CONFIG_EMPTY, value)->example = g_strdup(row->example);
    else
        row->read(self, items);
}

static void
complain_of_key(Reader *self)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();

    for (gsize i = 0; i < G_N_ELEMENTS(key_rows); i++) {
        if (g_strcmp0(self->section, key_rows[i].section) == 0)
            g_ptr_array_add(keys, (gpointer) key_rows[i].key);
    }
    if (keys->len > 0) /* an unknown section has been reported already */
        complain(self, KW_CONFIG_UNKNOWN_KEY, NULL)->suggestion =
            kw_config_problem_dup_nearest(self->key, keys);
}

static void
read_pair_of_key(Reader *self, gchar *key, const gchar *value, gboolean *seen)
{
    self->key = key;
    for (gsize i = 0; i < G_N_ELEMENTS(key_rows); i++) {
        if (g_strcmp0(self->section, key_rows[i].section) != 0 ||
            strcmp(key, key_rows[i].key) != 0)
            continue;
        if (seen[i])
            (void) complain(self, KW_CONFIG_TWICE, NULL);
        else
            read_value(self, &key_rows[i], value);
        seen[i] = TRUE;
        self->key = NULL;
        return;
    }
    complain_of_key(self);
    self->key = NULL;
}

/* Takes the section of "[NAME]"; NULL for one that is not known */
static void
read_section(Reader *self, const gchar *line)
{
    gsize length = strlen(line);

    for (gsize i = 0; i < G_N_ELEMENTS(key_rows); i++) {
        const gchar *name = key_rows[i].section;

        if (length == strlen(name) + 2 && strncmp(line + 1, name, length - 2) == 0 &&
            line[length - 1] == ']') {
            self->section = name;
            return;
        }
    }
    self->section = NULL;
    complain(self, KW_CONFIG_UNKNOWN_SECTION, line)->expected =
        g_strdup("[features], [sessions]");
}

static void
read_line(Reader *self, gchar *line, gboolean *seen)
{
    gchar *equals = strchr(line, '=');

    if (*line == '\0' || *line == '#' || *line == ';')
        return;
    if (*line == '[') {
        read_section(self, line);
        return;
    }
    if (equals == NULL) {
        (void) complain(self, KW_CONFIG_SYNTAX, line);
        return;
    }
    *equals = '\0';
    read_pair_of_key(self, g_strstrip(line), g_strstrip(equals + 1), seen);
}

/* -- what one key alone does not show -- */

static void
check_periods(Reader *self)
{
    const KwFeatureSpec *spec = self->spec;

    for (guint n = 0; n < spec->names->len; n++) {
        for (guint p = 0; p < spec->periods->len; p++) {
            g_autofree gchar *name = g_strdup_printf("%s_%d", (gchar *) spec->names->pdata[n],
                                                     g_array_index(spec->periods, gint, p));
            gdouble params[KW_INDICATOR_MAX_PARAMS];
            GError *error = NULL;

            if (kw_indicator_parse(name, params, &error) == NULL)
                complain_of_indicator(self, name, error);
        }
    }
}

static void
check_whole(Reader *self)
{
    static const gint no_shift = 0;
    KwFeatureSpec *spec = self->spec;

    self->line = 0;
    self->section = "features";
    if (spec->shifts->len == 0)
        g_array_append_val(spec->shifts, no_shift);
    if (spec->names->len > 0 && spec->periods->len == 0) {
        self->key = "periods";
        complain(self, KW_CONFIG_EMPTY, NULL)->example = g_strdup("periods = 7, 14, 28");
    }
    if (spec->names->len + spec->singles->len == 0) {
        self->key = "names";
        complain(self, KW_CONFIG_EMPTY, NULL)->example = g_strdup("names = rsi, ema_ratio");
    }
    self->key = "names";
    check_periods(self);
}

KwFeatureSpec *
kw_feature_spec_parse(const gchar *origin, GBytes *text, GPtrArray *problems)
{
    g_autoptr(KwFeatureSpec) spec = spec_new();
    Reader reader = {.origin = origin, .problems = problems, .spec = spec};
    gboolean seen[G_N_ELEMENTS(key_rows)] = {FALSE};
    guint n_before;
    gsize size;
    const gchar *bytes;

    g_return_val_if_fail(origin != NULL && text != NULL && problems != NULL, NULL);

    n_before = problems->len;
    bytes = g_bytes_get_data(text, &size);
    if (size > KW_FEATURE_SPEC_MAX_BYTES || !g_utf8_validate_len(bytes, size, NULL)) {
        complain(&reader, KW_CONFIG_UNREADABLE, NULL)->expected = g_strdup("UTF-8, <= 64 KiB");
        return NULL;
    }
    {
        g_autofree gchar *copy = size > 0 ? g_strndup(bytes, size) : g_strdup("");
        g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);

        for (guint i = 0; lines[i] != NULL; i++) {
            reader.line = i + 1;
            read_line(&reader, g_strstrip(lines[i]), seen);
        }
    }
    if (problems->len == n_before)
        check_whole(&reader);
    return problems->len == n_before ? g_steal_pointer(&spec) : NULL;
}
