/* kw-friction.c: spread and slippage by lot
 *
 * Both are drawn from the log-normal distribution that has the measured median and 90 %
 * point: costs are never negative, mostly small and sometimes large. The mean stands in where
 * the median is zero. */
#include "kw-friction.h"

#include "kw-date.h"
#include "kw-error.h"
#include "kw-indicator.h"

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

KwFriction *
kw_friction_parse(const gchar *text, guint64 seed, guint latency_ms, GError **error)
{
    g_autoptr(KwFriction) self = g_new0(KwFriction, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", MAX_ROWS);

    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(self->rows, row_clear);
    self->seed = seed;
    self->latency_ms = latency_ms;
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
            return NULL;
        }
        g_array_append_val(self->rows, row);
    }
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
    gint minute = (gint) (time_us / G_TIME_SPAN_MINUTE % (24 * 60));
    const KwSession *borders = kw_session_get_usual();

    return session < 0 ||
           (minute >= borders[session].from_minute && minute < borders[session].to_minute);
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
