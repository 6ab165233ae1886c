/* kw-indicator.c: field names read, their numbers checked, their columns built
 *
 * A name is a row of the table and the numbers of its parameters. The longest row that fits
 * wins, as names contain underscores themselves ("macd" and "macd_signal"). */
#include "kw-indicator.h"

#include "kw-config-problem.h"
#include "kw-indicator-private.h"

#include <math.h>
#include <string.h>

static const gchar *const session_names[KW_SESSION_N] = {"tokyo", "london", "new_york"};

static const KwSession usual_sessions[KW_SESSION_N] = {
    [KW_SESSION_TOKYO] = {0, 9 * 60},
    [KW_SESSION_LONDON] = {8 * 60, 17 * 60},
    [KW_SESSION_NEW_YORK] = {13 * 60, 22 * 60},
};

const gchar *
kw_session_to_string(KwSessionName name)
{
    g_return_val_if_fail((guint) name < KW_SESSION_N, NULL);

    return session_names[name];
}

const KwSession *
kw_session_get_usual(void)
{
    return usual_sessions;
}

gboolean
kw_session_has_time(KwSessionName name, gint64 time_us)
{
    gint minute = (gint) (time_us / G_TIME_SPAN_MINUTE % (24 * 60));

    g_return_val_if_fail(name < KW_SESSION_N, FALSE);

    return minute >= usual_sessions[name].from_minute &&
           minute < usual_sessions[name].to_minute;
}

/* -- building -- */

static gboolean
check_param(const KwIndicator *indicator, guint index, gdouble value, GError **error)
{
    const KwIndicatorParam *param = &indicator->params[index];
    gboolean good = value >= param->min && value <= param->max;

    if (good && param->is_whole)
        good = fabs(value - floor(value)) <= 0.0;
    if (!good && isnan(value))
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM, "%s: %s is missing",
                    indicator->name, param->name);
    else if (!good)
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "%s: %s must be %s between %g and %g, but is %g", indicator->name,
                    param->name, param->is_whole ? "a whole number" : "a number", param->min,
                    param->max, value);
    return good;
}

KwColumn *
kw_indicator_build(const KwIndicator *self,
                   KwFrame *frame,
                   KwColumn *const *inputs,
                   const gdouble *params,
                   const KwSession *sessions,
                   GError **error)
{
    KwIndicatorBuild build = {
        .frame = frame,
        .sessions = sessions != NULL ? sessions : usual_sessions,
    };
    KwColumn *column;

    g_return_val_if_fail(self != NULL && frame != NULL && inputs != NULL, NULL);

    for (guint i = 0; i < self->n_params; i++) {
        if (!check_param(self, i, params[i], error))
            return NULL;
        build.params[i] = params[i];
    }
    for (gsize i = 0; self->inputs[i] != '\0'; i++)
        build.in[i] = inputs[i];
    column = self->build(&build);
    if (build.error != NULL) {
        g_propagate_error(error, build.error);
        return NULL;
    }
    return column;
}

/* -- names -- */

/* The row whose name is all of @name, or what stands before its numbers; the longest wins */
static const KwIndicator *
find_row(const gchar *name)
{
    guint n_rows;
    const KwIndicator *table = kw_indicator_get_table(&n_rows), *best = NULL;
    gsize best_length = 0;

    for (guint i = 0; i < n_rows; i++) {
        gsize length = strlen(table[i].name);

        if (strncmp(name, table[i].name, length) != 0 || length <= best_length)
            continue;
        if (name[length] != '\0' && (name[length] != '_' || !g_ascii_isdigit(name[length + 1])))
            continue;
        best = &table[i];
        best_length = length;
    }
    return best;
}

/* Returns: FALSE when @text is no number of the form that a parameter has */
static gboolean
parse_number(const gchar *text, const KwIndicatorParam *param, gdouble *out)
{
    g_autofree gchar *decimal = NULL;
    gchar *end = NULL;

    for (const gchar *p = text; *p != '\0'; p++) {
        if (!g_ascii_isdigit(*p) && (*p != '.' || param->is_whole))
            return FALSE;
    }
    if (!param->is_whole && text[0] == '0' && g_ascii_isdigit(text[1]))
        decimal = g_strdup_printf("0.%s", text + 1);
    *out = g_ascii_strtod(decimal != NULL ? decimal : text, &end);
    return end != text && *end == '\0';
}

static gboolean
parse_params(const KwIndicator *row, const gchar *numbers, gdouble *out, GError **error)
{
    g_auto(GStrv) texts = g_strsplit(numbers, "_", -1);
    guint n = g_strv_length(texts);

    if (n > row->n_params) {
        g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                    "%s takes %u numbers, not %u", row->name, row->n_params, n);
        return FALSE;
    }
    for (guint i = 0; i < row->n_params; i++) {
        out[i] = row->params[i].fallback;
        if (i < n && !parse_number(texts[i], &row->params[i], &out[i])) {
            g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM,
                        "%s: \"%s\" is no value of %s", row->name, texts[i],
                        row->params[i].name);
            return FALSE;
        }
        if (!check_param(row, i, out[i], error))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full): @name without the numbers at its end */
static gchar *
dup_word(const gchar *name)
{
    gsize length = strlen(name);

    while (length > 0 && (g_ascii_isdigit(name[length - 1]) || name[length - 1] == '_' ||
                          name[length - 1] == '.'))
        length--;
    return g_strndup(name, length);
}

static void
set_unknown(const gchar *name, GError **error)
{
    guint n_rows;
    const KwIndicator *table = kw_indicator_get_table(&n_rows);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree gchar *word = dup_word(name);
    g_autofree gchar *nearest = NULL;
    g_autofree gchar *hint = NULL;

    for (guint i = 0; i < n_rows; i++)
        g_ptr_array_add(names, (gpointer) table[i].name);
    nearest = *word != '\0' ? kw_config_problem_dup_nearest(word, names) : NULL;
    if (nearest != NULL)
        hint = g_strdup_printf(" (did you mean \"%s\"?)", nearest);
    g_set_error(error, KW_COLUMN_ERROR, KW_COLUMN_ERROR_PARAM, "no column \"%.40s\"%s", name,
                hint != NULL ? hint : "");
}

const KwIndicator *
kw_indicator_parse(const gchar *name, gdouble *out_params, GError **error)
{
    const KwIndicator *row;
    gsize length;

    g_return_val_if_fail(name != NULL && out_params != NULL, NULL);

    row = find_row(name);
    if (row == NULL) {
        set_unknown(name, error);
        return NULL;
    }
    length = strlen(row->name);
    if (!parse_params(row, name[length] == '_' ? name + length + 1 : "", out_params, error))
        return NULL;
    return row;
}

KwColumn *
kw_indicator_apply(KwFrame *frame, const gchar *name, const KwSession *sessions, GError **error)
{
    static const gchar letters[] = "ohlcvt"; /* in the order of KwField */
    gdouble params[KW_INDICATOR_MAX_PARAMS] = {0};
    KwColumn *inputs[KW_INDICATOR_MAX_INPUTS] = {NULL};
    const KwIndicator *row;

    g_return_val_if_fail(frame != NULL, NULL);

    row = kw_indicator_parse(name, params, error);
    if (row == NULL)
        return NULL;
    for (gsize i = 0; row->inputs[i] != '\0'; i++) {
        const gchar *letter = strchr(letters, row->inputs[i]);

        inputs[i] = kw_frame_field(frame, (KwField) (letter - letters));
    }
    return kw_indicator_build(row, frame, inputs, params, sessions, error);
}
