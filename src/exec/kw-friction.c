/* kw-friction.c: spread and slippage by lot
 *
 * Both are drawn from the log-normal distribution that has the measured median and 90 %
 * point: costs are never negative, mostly small and sometimes large. The mean stands in where
 * the median is zero.
 *
 * One reader for what the nightly work measures (JSON) and for figures from elsewhere (lines);
 * both become the same rows. A measured slippage below zero (better than was decided on) counts
 * as none: it is nothing to rely on. */
#include "kw-friction.h"

#include "kw-date.h"
#include "kw-error.h"
#include "kw-indicator.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

#define N_CELLS 9
#define MAX_ROWS 1000000
#define MAX_RATIO 0.5 /* nothing costs more than half the price */
#define Z_90 1.2815515655446004

typedef struct {
    gdouble mean, p50, p90;
} Figure;

typedef struct {
    gint64 day_us;
    gchar *pair;  /* owned */
    gint session; /* -1: any */
    Figure spread, slippage;
} Row;

struct _KwFriction {
    GArray *rows; /* of Row, owned */
    guint64 seed;
    guint latency_ms;
};

static void
row_clear(gpointer data)
{
    g_free(((Row *) data)->pair);
}

void
kw_friction_free(KwFriction *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->rows);
    g_free(self);
}

/* -- reading -- */

static gboolean
parse_ratio(const gchar *text, gdouble *out)
{
    gchar *end = NULL;
    gdouble value = g_ascii_strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= 0.0) || !(value <= MAX_RATIO))
        return FALSE;
    *out = value;
    return TRUE;
}

static gboolean
parse_figure(gchar **cells, Figure *out)
{
    return parse_ratio(cells[0], &out->mean) && parse_ratio(cells[1], &out->p50) &&
           parse_ratio(cells[2], &out->p90) && out->p90 >= out->p50;
}

static gboolean
parse_session(const gchar *text, gint *out)
{
    *out = -1;
    if (strcmp(text, "*") == 0)
        return TRUE;
    for (gint s = 0; s < KW_SESSION_N; s++)
        if (strcmp(text, kw_session_to_string((KwSessionName) s)) == 0) {
            *out = s;
            return TRUE;
        }
    return FALSE;
}

static gboolean
parse_row(const gchar *line, Row *out)
{
    g_auto(GStrv) cells = g_strsplit(line, ",", N_CELLS + 1);
    KwDate date;

    *out = (Row){0};
    if (g_strv_length(cells) != N_CELLS)
        return FALSE;
    for (guint i = 0; i < N_CELLS; i++)
        (void) g_strstrip(cells[i]);
    if (!kw_date_parse(cells[0], &date, NULL) || cells[1][0] == '\0' ||
        !parse_session(cells[2], &out->session) || !parse_figure(&cells[3], &out->spread) ||
        !parse_figure(&cells[6], &out->slippage))
        return FALSE;
    out->day_us = kw_date_to_days(date) * KW_US_PER_DAY;
    out->pair = g_strdup(cells[1]);
    return TRUE;
}

static gboolean
parse_lines(KwFriction *self, const gchar *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", MAX_ROWS);

    for (guint i = 0; lines[i] != NULL; i++) {
        Row row;

        (void) g_strstrip(lines[i]);
        if (lines[i][0] == '\0' || lines[i][0] == '#' || g_str_has_prefix(lines[i], "date"))
            continue;
        if (!parse_row(lines[i], &row)) {
            g_set_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                        "line %u: needs date,pair,session and mean,p50,p90 of spread and of "
                        "slippage, ratios from 0 to %.1f",
                        i + 1, MAX_RATIO);
            return FALSE;
        }
        g_array_append_val(self->rows, row);
    }
    return TRUE;
}

/* -- the nightly file -- */

static gboolean
clamp_ratio(JsonObject *object, const gchar *name, gdouble *out, GError **error)
{
    gdouble value = 0;

    if (!kw_json_get_double(object, name, &value, error))
        return FALSE;
    *out = CLAMP(value, 0, MAX_RATIO);
    return TRUE;
}

/* A figure that is null was not measured: nothing is paid for it. */
static gboolean
read_figure(JsonObject *row, const gchar *name, Figure *out, GError **error)
{
    JsonObject *figure = NULL;

    *out = (Figure){0};
    if (!kw_json_has(row, name))
        return TRUE;
    if (!kw_json_get_object(row, name, &figure, error) ||
        !clamp_ratio(figure, "mean", &out->mean, error) ||
        !clamp_ratio(figure, "p50", &out->p50, error) ||
        !clamp_ratio(figure, "p90", &out->p90, error))
        return FALSE;
    out->p90 = MAX(out->p90, out->p50);
    return TRUE;
}

static gboolean
read_json_row(JsonObject *object, gint64 day_us, Row *out, GError **error)
{
    const gchar *pair = NULL, *session = NULL;

    *out = (Row){.day_us = day_us};
    if (!kw_json_get_string(object, "pair", &pair, error) ||
        !kw_json_get_string(object, "session", &session, error) ||
        !read_figure(object, "spread", &out->spread, error) ||
        !read_figure(object, "slippage", &out->slippage, error))
        return FALSE;
    if (!parse_session(session, &out->session)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "session: not known");
        return FALSE;
    }
    out->pair = g_strdup(pair);
    return TRUE;
}

static gboolean
read_json(KwFriction *self, JsonNode *root, GError **error)
{
    JsonObject *object = kw_json_root_object(root, error), *row = NULL;
    const gchar *format = NULL, *day = NULL;
    JsonArray *rows = NULL;
    KwDate date;

    if (object == NULL || !kw_json_get_string(object, "format", &format, error) ||
        !kw_json_get_string(object, "date", &day, error) || !kw_date_parse(day, &date, error) ||
        !kw_json_get_array(object, "rows", &rows, error))
        return FALSE;
    if (strcmp(format, KW_FRICTION_FORMAT) != 0) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "format: not %s",
                    KW_FRICTION_FORMAT);
        return FALSE;
    }
    for (guint i = 0; i < MIN(json_array_get_length(rows), MAX_ROWS); i++) {
        Row read = {0};

        if (!kw_json_at_object(rows, i, &row, error))
            return FALSE;
        if (!read_json_row(row, kw_date_to_days(date) * KW_US_PER_DAY, &read, error)) {
            g_prefix_error(error, "rows[%u]: ", i);
            return FALSE;
        }
        g_array_append_val(self->rows, read);
    }
    return TRUE;
}

static gboolean
parse_json(KwFriction *self, const gchar *text, GError **error)
{
    g_autoptr(GError) inner = NULL;
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, &inner);

    if (root != NULL && read_json(self, root, &inner))
        return TRUE;
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT, inner->message);
    return FALSE;
}

/* -- either -- */

KwFriction *
kw_friction_parse(const gchar *text, guint64 seed, guint latency_ms, GError **error)
{
    g_autoptr(KwFriction) self = g_new0(KwFriction, 1);

    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(self->rows, row_clear);
    self->seed = seed;
    self->latency_ms = latency_ms;
    if (!(*text == '{' ? parse_json : parse_lines)(self, text, error))
        return NULL;
    if (self->rows->len > 0)
        return g_steal_pointer(&self);
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_EMPTY, "there are no figures");
    return NULL;
}

KwFriction *
kw_friction_load(const gchar *path, guint64 seed, guint latency_ms, GError **error)
{
    g_autofree gchar *text = NULL;
    g_autoptr(GError) inner = NULL;
    KwFriction *self;

    if (!g_file_get_contents(path, &text, NULL, &inner)) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
        return NULL;
    }
    self = kw_friction_parse(text, seed, latency_ms, error);
    if (self == NULL)
        g_prefix_error(error, "%s: ", path);
    return self;
}

/* -- drawing -- */

static gboolean
is_in_session(gint session, gint64 time_us)
{
    return session < 0 || kw_session_has_time((KwSessionName) session, time_us);
}

/* How well @row fits, the larger the better; -1: not at all */
static gint64
get_fit(const Row *row, const gchar *pair, gint64 time_us)
{
    gboolean is_own = strcmp(row->pair, pair) == 0;
    gint64 fit;

    if ((!is_own && strcmp(row->pair, "*") != 0) || !is_in_session(row->session, time_us))
        return -1;
    /* a day before, the later the better, then a day after, the earlier the better */
    fit = row->day_us <= time_us ? row->day_us / KW_US_PER_DAY + 1000000
                                 : 999999 - row->day_us / KW_US_PER_DAY;
    return MAX(fit, 0) * 4 + (is_own ? 2 : 0) + (row->session >= 0 ? 1 : 0);
}

static const Row *
find_row(const KwFriction *self, const gchar *pair, gint64 time_us)
{
    const Row *best = NULL;
    gint64 best_fit = -1;

    for (guint i = 0; i < self->rows->len; i++) {
        const Row *row = &g_array_index(self->rows, Row, i);
        gint64 fit = get_fit(row, pair, time_us);

        if (fit > best_fit) {
            best = row;
            best_fit = fit;
        }
    }
    return best;
}

/* Box and Muller: a normal draw of two even ones */
static gdouble
draw_figure(const Figure *figure, GRand *rand)
{
    gdouble z =
        sqrt(-2.0 * log(1.0 - g_rand_double(rand))) * cos(2.0 * G_PI * g_rand_double(rand));

    if (!(figure->p50 > 0.0))
        return figure->mean;
    return MIN(figure->p50 * exp(log(figure->p90 / figure->p50) / Z_90 * z), MAX_RATIO);
}

gdouble
kw_friction_draw(const KwFriction *self, const gchar *pair, gint64 time_us, gboolean is_buy)
{
    const guint32 seeds[] = {(guint32) self->seed, (guint32) (self->seed >> 32),
                             g_str_hash(pair), (guint32) (time_us / G_USEC_PER_SEC),
                             is_buy ? 1 : 0};
    const Row *row = find_row(self, pair, time_us);
    g_autoptr(GRand) rand = NULL;
    gdouble spread, slippage;

    if (row == NULL)
        return 0.0;
    rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
    spread = draw_figure(&row->spread, rand);
    slippage = draw_figure(&row->slippage, rand);
    if (self->latency_ms > KW_FRICTION_LATENCY_BUDGET_MS)
        slippage = row->slippage.p90;
    return spread / 2.0 + slippage;
}

gboolean
kw_friction_pay(const KwFriction *self,
                const KwFrictionOrder *order,
                KwDecimal price,
                KwDecimal *out,
                GError **error)
{
    gboolean is_buy = order->side == KW_SIDE_BUY;
    gdouble cost = kw_friction_draw(self, order->pair, order->time_us, is_buy);
    KwDecimal paid;

    g_return_val_if_fail(self != NULL && out != NULL, FALSE);

    /* two digits more than the tick has: a double's last bits must not cost one */
    if (!kw_decimal_from_double(kw_decimal_to_double(price) *
                                    (is_buy ? 1.0 + cost : 1.0 - cost),
                                order->tick.scale + 2, KW_ROUND_HALF_UP, &paid, error))
        return FALSE;
    return kw_decimal_to_tick(paid, order->tick, is_buy ? KW_ROUND_UP : KW_ROUND_DOWN, out,
                              error);
}
