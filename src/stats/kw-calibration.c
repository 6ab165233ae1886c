/* kw-calibration.c: Platt's curve and the isotonic map
 *
 * Platt: the loss is convex in (a, b), so Newton with halved steps ends in under twenty rounds;
 * the fit stops when a step is rounding noise, which is tighter than scikit-learn's own
 * stop. An L2-penalised logistic regression on the score, as sometimes used instead, gives
 * other numbers and is not what is meant here.
 *
 * Isotonic: equal scores are averaged first; otherwise the result would depend on the order in
 * which they came. */
#include "kw-calibration.h"

#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <stdlib.h>

#define MAX_ROUNDS 100
#define MIN_STEP 1e-10   /* smallest share of a Newton step that is tried */
#define MIN_MOVE 1e-13   /* relative change of (a, b) that is rounding */
#define LOSS_NOISE 1e-14 /* relative rounding error of the loss */
#define HESSIAN_RIDGE 1e-12
#define N_ECE_BINS 10
#define N_FOLDS 3

struct _KwCalibration {
    KwCalibrationKind kind;
    gdouble a, b;  /* Platt */
    gsize n_knots; /* isotonic */
    gdouble *x, *y;
};

KwCalibration *
kw_calibration_new(void)
{
    return g_new0(KwCalibration, 1);
}

void
kw_calibration_free(KwCalibration *self)
{
    if (self == NULL)
        return;
    g_free(self->x);
    g_free(self->y);
    g_free(self);
}

static gboolean
check_finite(const gdouble *values, gsize n, GError **error)
{
    if (n == 0) {
        g_set_error_literal(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT, "no samples");
        return FALSE;
    }
    for (gsize i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            g_set_error(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT,
                        "sample %" G_GSIZE_FORMAT " is not finite", i);
            return FALSE;
        }
    }
    return TRUE;
}

/* -- Platt -- */

/* What the fit minimises, and where it stands */
typedef struct {
    const KwForecasts *scores;
    gdouble target_hit, target_miss; /* smoothed */
    gdouble a, b;
} Curve;

/* 1 / (1 + exp(z)) without overflow */
static gdouble
falling_logistic(gdouble z)
{
    if (z >= 0) {
        gdouble e = exp(-z);

        return e / (1 + e);
    }
    return 1 / (1 + exp(z));
}

static gdouble
curve_target(const Curve *curve, gsize i)
{
    return curve->scores->hit[i] != 0 ? curve->target_hit : curve->target_miss;
}

static gdouble
curve_loss(const Curve *curve, gdouble a, gdouble b)
{
    gdouble loss = 0;

    for (gsize i = 0; i < curve->scores->n; i++) {
        gdouble z = a * curve->scores->p[i] + b, t = curve_target(curve, i);

        /* -(t log p + (1-t) log(1-p)) with p = 1/(1+exp(z)) */
        if (z >= 0)
            loss += t * z + log1p(exp(-z));
        else
            loss += (t - 1) * z + log1p(exp(z));
    }
    return loss;
}

/* One Newton step with back-tracking. Returns: %FALSE when nothing improves any more */
static gboolean
curve_step(Curve *curve)
{
    gdouble ga = 0, gb = 0, haa = HESSIAN_RIDGE, hbb = HESSIAN_RIDGE, hab = 0;
    gdouble det, da, db, loss;

    for (gsize i = 0; i < curve->scores->n; i++) {
        gdouble f = curve->scores->p[i], p = falling_logistic(curve->a * f + curve->b);
        gdouble weight = p * (1 - p), gap = curve_target(curve, i) - p;

        ga += gap * f;
        gb += gap;
        haa += weight * f * f;
        hbb += weight;
        hab += weight * f;
    }
    det = haa * hbb - hab * hab;
    da = -(hbb * ga - hab * gb) / det;
    db = -(haa * gb - hab * ga) / det;
    if (fabs(da) + fabs(db) < MIN_MOVE * (1 + fabs(curve->a) + fabs(curve->b)))
        return FALSE;
    loss = curve_loss(curve, curve->a, curve->b) * (1 + LOSS_NOISE);
    for (gdouble step = 1; step >= MIN_STEP; step /= 2) {
        gdouble a = curve->a + step * da, b = curve->b + step * db;

        if (curve_loss(curve, a, b) <= loss) {
            curve->a = a;
            curve->b = b;
            return TRUE;
        }
    }
    return FALSE;
}

KwCalibration *
kw_calibration_fit_platt(const KwForecasts *scores, GError **error)
{
    KwCalibration *self;
    Curve curve = {.scores = scores};
    gdouble n_hits = 0, n_misses;

    if (!check_finite(scores->p, scores->n, error))
        return NULL;
    for (gsize i = 0; i < scores->n; i++)
        n_hits += scores->hit[i] != 0;
    n_misses = (gdouble) scores->n - n_hits;
    if (n_hits < 1 || n_misses < 1) {
        g_set_error_literal(error, KW_STATS_ERROR, KW_STATS_ERROR_INPUT,
                            "only one outcome occurs");
        return NULL;
    }
    curve.target_hit = (n_hits + 1) / (n_hits + 2);
    curve.target_miss = 1 / (n_misses + 2);
    curve.b = log((n_misses + 1) / (n_hits + 1));
    for (guint i = 0; i < MAX_ROUNDS && curve_step(&curve); i++)
        continue;
    self = kw_calibration_new();
    self->kind = KW_CALIBRATION_PLATT;
    self->a = curve.a;
    self->b = curve.b;
    return self;
}

/* -- isotonic -- */

/* Neighbouring scores that share one value */
typedef struct {
    gdouble first_x, last_x;
    gdouble y, weight;
} Block;

static int
compare_blocks(const void *a, const void *b)
{
    gdouble x = ((const Block *) a)->first_x, y = ((const Block *) b)->first_x;

    return (x > y) - (x < y);
}

static void
merge_into(Block *block, const Block *next)
{
    gdouble weight = block->weight + next->weight;

    block->y = (block->y * block->weight + next->y * next->weight) / weight;
    block->weight = weight;
    block->last_x = next->last_x;
}

/* Merges equal scores; @blocks is sorted. Returns: their new number */
static gsize
merge_equal(Block *blocks, gsize n)
{
    gsize n_out = 0;

    for (gsize i = 0; i < n; i++) {
        if (n_out > 0 && blocks[n_out - 1].last_x >= blocks[i].first_x)
            merge_into(&blocks[n_out - 1], &blocks[i]);
        else
            blocks[n_out++] = blocks[i];
    }
    return n_out;
}

static gsize
pool_violators(Block *blocks, gsize n)
{
    gsize n_out = 0;

    for (gsize i = 0; i < n; i++) {
        blocks[n_out++] = blocks[i];
        while (n_out > 1 && blocks[n_out - 2].y > blocks[n_out - 1].y) {
            merge_into(&blocks[n_out - 2], &blocks[n_out - 1]);
            n_out--;
        }
    }
    return n_out;
}

/* Appends a knot; one between two of the same height is no knot */
static void
add_knot(KwCalibration *self, gdouble x, gdouble y)
{
    gsize n = self->n_knots;

    y = CLAMP(y, 0, 1);
    if (n > 1 && self->y[n - 1] >= y && self->y[n - 2] >= y)
        n--;
    self->x[n] = x;
    self->y[n] = y;
    self->n_knots = n + 1;
}

KwCalibration *
kw_calibration_fit_isotonic(
    const gdouble *x, const gdouble *y, const gdouble *weights, gsize n, GError **error)
{
    g_autofree Block *blocks = NULL;
    KwCalibration *self;
    gsize n_blocks;

    if (!check_finite(x, n, error) || !check_finite(y, n, error) ||
        (weights != NULL && !check_finite(weights, n, error)))
        return NULL;
    blocks = g_new(Block, n);
    for (gsize i = 0; i < n; i++)
        blocks[i] = (Block){x[i], x[i], y[i], weights == NULL ? 1 : weights[i]};
    qsort(blocks, n, sizeof *blocks, compare_blocks);
    n_blocks = merge_equal(blocks, n);
    n_blocks = pool_violators(blocks, n_blocks);

    self = kw_calibration_new();
    self->kind = KW_CALIBRATION_ISOTONIC;
    self->x = g_new(gdouble, 2 * n_blocks);
    self->y = g_new(gdouble, 2 * n_blocks);
    for (gsize i = 0; i < n_blocks; i++) {
        add_knot(self, blocks[i].first_x, blocks[i].y);
        if (blocks[i].last_x > blocks[i].first_x)
            add_knot(self, blocks[i].last_x, blocks[i].y);
    }
    return self;
}

static gdouble
interpolate(const KwCalibration *self, gdouble score)
{
    gsize low = 0, high = self->n_knots - 1;

    if (score <= self->x[0])
        return self->y[0];
    if (score >= self->x[high])
        return self->y[high];
    while (high - low > 1) {
        gsize middle = (low + high) / 2;

        if (self->x[middle] <= score)
            low = middle;
        else
            high = middle;
    }
    return self->y[low] + (self->y[high] - self->y[low]) * (score - self->x[low]) /
                              (self->x[high] - self->x[low]);
}

gdouble
kw_calibration_apply(const KwCalibration *self, gdouble score)
{
    if (isnan(score))
        return score;
    switch (self->kind) {
    case KW_CALIBRATION_NONE:
        return score;
    case KW_CALIBRATION_PLATT:
        return falling_logistic(self->a * score + self->b);
    case KW_CALIBRATION_ISOTONIC:
        return interpolate(self, score);
    }
    g_return_val_if_reached(NAN);
}

/* -- choosing -- */

static KwCalibration *
fit_kind(KwCalibrationKind kind, const KwForecasts *fold, GError **error)
{
    g_autofree gdouble *hits = NULL;

    if (kind == KW_CALIBRATION_PLATT)
        return kw_calibration_fit_platt(fold, error);
    hits = g_new(gdouble, fold->n);
    for (gsize i = 0; i < fold->n; i++)
        hits[i] = fold->hit[i] != 0;
    return kw_calibration_fit_isotonic(fold->p, hits, NULL, fold->n, error);
}

/* Squared error on each later part of @fold of the map fitted on all before it; infinite when
 * an earlier part has one outcome only */
static gdouble
score_kind(KwCalibrationKind kind, const KwForecasts *fold)
{
    gdouble sum = 0;
    gsize part = fold->n / N_FOLDS;

    for (gsize begin = part; begin + part <= fold->n; begin += part) {
        KwForecasts earlier = {fold->p, fold->hit, begin};
        g_autoptr(KwCalibration) map = fit_kind(kind, &earlier, NULL);

        if (map == NULL)
            return INFINITY;
        for (gsize i = begin; i < begin + part; i++) {
            gdouble gap = kw_calibration_apply(map, fold->p[i]) - (fold->hit[i] != 0);

            sum += gap * gap;
        }
    }
    return sum;
}

static gboolean
may_be_isotonic(const KwForecasts *fold)
{
    gsize n_hits = 0;

    for (gsize i = 0; i < fold->n; i++)
        n_hits += fold->hit[i] != 0;
    return fold->n >= KW_CALIBRATION_MIN_ISOTONIC &&
           MIN(n_hits, fold->n - n_hits) >= KW_CALIBRATION_MIN_CLASS;
}

KwCalibration *
kw_calibration_choose(const KwForecasts *fold, GError **error)
{
    g_autoptr(GArray) bins = NULL;

    if (!kw_forecasts_check(fold, error))
        return NULL;
    bins = kw_forecasts_bin(fold, N_ECE_BINS, KW_BINNING_UNIFORM);
    if (kw_reliability_error(bins, NULL) <= KW_CALIBRATION_MAX_ERROR)
        return kw_calibration_new();
    if (may_be_isotonic(fold) &&
        score_kind(KW_CALIBRATION_ISOTONIC, fold) < score_kind(KW_CALIBRATION_PLATT, fold))
        return fit_kind(KW_CALIBRATION_ISOTONIC, fold, error);
    return kw_calibration_fit_platt(fold, error);
}

/* -- reading and writing -- */

KwCalibrationKind
kw_calibration_get_kind(const KwCalibration *self)
{
    return self->kind;
}

gdouble
kw_calibration_get_a(const KwCalibration *self)
{
    return self->a;
}

gdouble
kw_calibration_get_b(const KwCalibration *self)
{
    return self->b;
}

gsize
kw_calibration_get_knots(const KwCalibration *self,
                         const gdouble **out_x,
                         const gdouble **out_y)
{
    *out_x = self->x;
    *out_y = self->y;
    return self->n_knots;
}

const gchar *
kw_calibration_kind_to_string(KwCalibrationKind kind)
{
    switch (kind) {
    case KW_CALIBRATION_NONE:
        return "none";
    case KW_CALIBRATION_PLATT:
        return "platt";
    case KW_CALIBRATION_ISOTONIC:
        return "isotonic";
    }
    g_return_val_if_reached("none");
}

static void
add_numbers(JsonBuilder *builder, const gchar *name, const gdouble *values, gsize n)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (gsize i = 0; i < n; i++)
        json_builder_add_double_value(builder, values[i]);
    json_builder_end_array(builder);
}

gchar *
kw_calibration_to_json(const KwCalibration *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "kind", kw_calibration_kind_to_string(self->kind));
    if (self->kind == KW_CALIBRATION_PLATT) {
        kw_json_add_double(builder, "a", self->a);
        kw_json_add_double(builder, "b", self->b);
    }
    if (self->kind == KW_CALIBRATION_ISOTONIC) {
        add_numbers(builder, "x", self->x, self->n_knots);
        add_numbers(builder, "y", self->y, self->n_knots);
    }
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static gboolean
read_numbers(JsonArray *array, gdouble *out, GError **error)
{
    for (guint i = 0; i < json_array_get_length(array); i++) {
        if (!kw_json_at_double(array, i, &out[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_knots(KwCalibration *self, JsonObject *object, GError **error)
{
    JsonArray *x = NULL, *y = NULL;

    if (!kw_json_get_array(object, "x", &x, error) ||
        !kw_json_get_array(object, "y", &y, error))
        return FALSE;
    self->n_knots = json_array_get_length(x);
    if (self->n_knots == 0 || self->n_knots > KW_CALIBRATION_MAX_KNOTS ||
        self->n_knots != json_array_get_length(y)) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "x: number of knots is wrong");
        return FALSE;
    }
    self->x = g_new0(gdouble, self->n_knots);
    self->y = g_new0(gdouble, self->n_knots);
    if (!read_numbers(x, self->x, error) || !read_numbers(y, self->y, error))
        return FALSE;
    for (gsize i = 1; i < self->n_knots; i++) {
        if (self->x[i] <= self->x[i - 1] || self->y[i] < self->y[i - 1]) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                        "knot %" G_GSIZE_FORMAT " does not rise", i);
            return FALSE;
        }
    }
    return TRUE;
}

KwCalibration *
kw_calibration_from_json(JsonObject *object, GError **error)
{
    g_autoptr(KwCalibration) self = kw_calibration_new();
    const gchar *kind = NULL;

    if (!kw_json_get_string(object, "kind", &kind, error))
        return NULL;
    if (g_str_equal(kind, "platt")) {
        self->kind = KW_CALIBRATION_PLATT;
        if (!kw_json_get_double(object, "a", &self->a, error) ||
            !kw_json_get_double(object, "b", &self->b, error))
            return NULL;
    } else if (g_str_equal(kind, "isotonic")) {
        self->kind = KW_CALIBRATION_ISOTONIC;
        if (!read_knots(self, object, error))
            return NULL;
    } else if (!g_str_equal(kind, "none")) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "kind: is none of none, platt, isotonic");
        return NULL;
    }
    return g_steal_pointer(&self);
}
