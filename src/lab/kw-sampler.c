/* kw-sampler.c: random search, and one that learns from what was tried
 *
 * The second follows the idea of tree-structured Parzen estimators (Bergstra and others, 2011):
 * the best part of the trials and the rest are each taken as a density over every parameter,
 * values are drawn from the first, and the draw that the first likes most against the second
 * is tried. Parameters are taken one by one; that is coarse, and what makes it fast and robust
 * with a few hundred trials. Gaussian processes were dropped: they need a linear algebra
 * library and cost more than a backtest of a year. Debian has no library for either in C. */
#include "kw-sampler.h"

#include "kw-deflated.h"
#include "kw-error.h"

#include <math.h>
#include <string.h>

#define N_STARTUP 32     /* random trials before the densities say something */
#define GOOD_FACTOR 0.75 /* times the root of the number of trials are the good ones */
#define MAX_GOOD 25
#define MAX_BAD 400  /* the best of the others; more would only cost time */
#define N_DRAWS 24   /* from the good density; the best one is tried */
#define N_RETRIES 16 /* when a value is outside, or the values were tried already */
#define FAR_OFF 8.0  /* widths; a kernel is below 1e-13 of its height from there on */

typedef struct {
    gdouble min, max, fallback;
    gboolean is_integer;
} Range;

struct _KwSampler {
    KwSamplerKind kind;
    guint64 seed;
    guint n_params;
    Range ranges[KW_TRIAL_MAX_PARAMS];
};

static const gchar *const kind_names[] = {
    [KW_SAMPLER_RANDOM] = "random", [KW_SAMPLER_TPE] = "tpe"};

gboolean
kw_sampler_kind_from_string(const gchar *text, KwSamplerKind *out, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (strcmp(kind_names[i], text) == 0) {
            *out = (KwSamplerKind) i;
            return TRUE;
        }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX,
                        "no such search; known are random and tpe");
    return FALSE;
}

const gchar *
kw_sampler_kind_to_string(KwSamplerKind kind)
{
    return kind_names[kind];
}

KwSampler *
kw_sampler_new(KwSamplerKind kind, guint64 seed, const KwStrategy *strategy)
{
    KwSampler *self = g_new0(KwSampler, 1);
    const KwStrategyParam *params = kw_strategy_get_params(strategy, &self->n_params);

    self->kind = kind;
    self->seed = seed;
    self->n_params = MIN(self->n_params, KW_TRIAL_MAX_PARAMS);
    for (guint i = 0; i < self->n_params; i++)
        self->ranges[i] = (Range){.min = params[i].min,
                                  .max = params[i].max,
                                  .fallback = params[i].current,
                                  .is_integer = params[i].is_integer};
    return self;
}

void
kw_sampler_free(KwSampler *self)
{
    g_free(self);
}

static gdouble
fit(const Range *range, gdouble value)
{
    return CLAMP(range->is_integer ? round(value) : value, range->min, range->max);
}

/* Every whole number, the outermost included, is equally likely. */
static gdouble
draw_anywhere(const Range *range, GRand *rand)
{
    gdouble half = range->is_integer ? 0.5 : 0.0;

    return fit(range, range->min - half +
                          g_rand_double(rand) * (range->max - range->min + 2.0 * half));
}

/* -- densities -- */

/* A kernel around each value, and a wide one over the whole range; @scale makes the mass of all
 * inside the range one, as what lies outside is not drawn */
typedef struct {
    gdouble centre, width, scale;
} Kernel;

/* What a batch before has shown of a parameter; both owned, of Kernel */
typedef struct {
    GArray *good, *bad;
} Densities;

static int
compare_kernels(gconstpointer a, gconstpointer b)
{
    const Kernel *x = a, *y = b;

    return (x->centre > y->centre) - (x->centre < y->centre);
}

static gdouble
get_scale(const Kernel *kernel, const Range *range)
{
    gdouble mass = kw_stats_normal_probability((range->max - kernel->centre) / kernel->width) -
                   kw_stats_normal_probability((range->min - kernel->centre) / kernel->width);

    return 1.0 / (kernel->width * MAX(mass, 1e-6));
}

/* (transfer full) (element-type Kernel): a kernel is as wide as its value lies away from the
 * farther one of its neighbours */
static GArray *
make_density(const KwTrial *const *trials, guint n, const Range *range, guint param)
{
    GArray *kernels = g_array_new(FALSE, FALSE, sizeof(Kernel));
    gdouble span = MAX(range->max - range->min, 1e-12);
    gdouble least = MAX(span / MIN(100.0, 1.0 + n), range->is_integer ? 0.5 : 0.0);
    Kernel wide = {.centre = (range->min + range->max) / 2.0};

    for (guint i = 0; i < n; i++) {
        Kernel kernel = {.centre = trials[i]->values[param]};

        g_array_append_val(kernels, kernel);
    }
    g_array_append_val(kernels, wide);
    g_array_sort(kernels, compare_kernels);
    for (guint i = 0; i < kernels->len; i++) {
        Kernel *kernel = &g_array_index(kernels, Kernel, i);
        gdouble left = i > 0 ? kernel[-1].centre : range->min;
        gdouble right = i + 1 < kernels->len ? kernel[1].centre : range->max;

        kernel->width = CLAMP(MAX(kernel->centre - left, right - kernel->centre), least, span);
        kernel->scale = get_scale(kernel, range) / kernels->len;
    }
    return kernels;
}

/* Makes one of kernels that are the same but for their height: whole numbers have few values.
 * Nothing can be drawn from such a density any more. */
static void
merge_equal(GArray *kernels)
{
    guint n = 0;

    for (guint i = 1; i < kernels->len; i++) {
        Kernel *last = &g_array_index(kernels, Kernel, n);
        const Kernel *kernel = &g_array_index(kernels, Kernel, i);

        if (fabs(kernel->centre - last->centre) + fabs(kernel->width - last->width) <= 0.0)
            last->scale += kernel->scale;
        else
            g_array_index(kernels, Kernel, ++n) = *kernel;
    }
    g_array_set_size(kernels, n + 1);
}

static gdouble
get_density(const GArray *kernels, gdouble value)
{
    gdouble sum = 0.0;

    for (guint i = 0; i < kernels->len; i++) {
        const Kernel *kernel = &g_array_index(kernels, Kernel, i);
        gdouble off = (value - kernel->centre) / kernel->width;

        if (fabs(off) < FAR_OFF)
            sum += exp(-0.5 * off * off) * kernel->scale;
    }
    return sum;
}

/* Sum of twelve draws: near enough to a normal one, and the same on every machine */
static gdouble
draw_normal(GRand *rand)
{
    gdouble sum = -6.0;

    for (guint i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return sum;
}

static gdouble
draw_from(const GArray *kernels, const Range *range, GRand *rand)
{
    for (guint i = 0; i < N_RETRIES; i++) {
        const Kernel *kernel = &g_array_index(
            kernels, Kernel, (guint) g_rand_int_range(rand, 0, (gint32) kernels->len));
        gdouble value = kernel->centre + draw_normal(rand) * kernel->width;

        if (value >= range->min && value <= range->max)
            return fit(range, value);
    }
    return draw_anywhere(range, rand);
}

static gdouble
choose(const Densities *densities, const Range *range, GRand *rand)
{
    const GArray *good = densities->good, *bad = densities->bad;
    gdouble best = range->fallback, best_score = -G_MAXDOUBLE;

    for (guint i = 0; i < N_DRAWS; i++) {
        gdouble value = draw_from(good, range, rand);
        gdouble score = get_density(good, value) / MAX(get_density(bad, value), 1e-300);

        if (score > best_score) {
            best = value;
            best_score = score;
        }
    }
    return best;
}

/* -- proposals -- */

static gint
compare_losses(gconstpointer a, gconstpointer b)
{
    const KwTrial *x = *(const KwTrial *const *) a, *y = *(const KwTrial *const *) b;

    if (x->loss < y->loss || y->loss < x->loss)
        return x->loss < y->loss ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

/* (transfer container): trials of the batches before that of @index, best first */
static GPtrArray *
rank_history(guint index, const KwTrial *history, gsize n_history)
{
    guint n_known = index / KW_SAMPLER_BATCH * KW_SAMPLER_BATCH;
    GPtrArray *ranked = g_ptr_array_new();

    for (gsize i = 0; i < n_history; i++)
        if (history[i].index < n_known)
            g_ptr_array_add(ranked, (gpointer) &history[i]);
    g_ptr_array_sort(ranked, compare_losses);
    return ranked;
}

static void
draw_blindly(const KwSampler *self, GRand *rand, KwTrial *out)
{
    for (guint p = 0; p < self->n_params; p++)
        out->values[p] = draw_anywhere(&self->ranges[p], rand);
}

/* One for each parameter; none (and FALSE) while the search is random */
static gboolean
learn(const KwSampler *self, const GPtrArray *ranked, Densities *out)
{
    guint n_good = MIN(MAX_GOOD, (guint) ceil(GOOD_FACTOR * sqrt(ranked->len)));
    const KwTrial *const *trials = (const KwTrial *const *) ranked->pdata;

    if (self->kind == KW_SAMPLER_RANDOM || ranked->len < N_STARTUP)
        return FALSE;
    for (guint p = 0; p < self->n_params; p++) {
        guint n_bad = MIN(ranked->len - n_good, MAX_BAD);

        out[p].good = make_density(trials, n_good, &self->ranges[p], p);
        out[p].bad = make_density(trials + n_good, n_bad, &self->ranges[p], p);
        merge_equal(out[p].bad);
    }
    return TRUE;
}

static void
forget(const KwSampler *self, Densities *densities)
{
    for (guint p = 0; p < self->n_params; p++) {
        g_array_unref(densities[p].good);
        g_array_unref(densities[p].bad);
    }
}

static void
draw_knowingly(const KwSampler *self, const Densities *densities, GRand *rand, KwTrial *out)
{
    for (guint p = 0; p < self->n_params; p++)
        out->values[p] = choose(&densities[p], &self->ranges[p], rand);
}

static gboolean
was_tried(const KwSampler *self, const GPtrArray *ranked, const KwTrial *trial)
{
    for (guint i = 0; i < ranked->len; i++) {
        const KwTrial *other = ranked->pdata[i];
        guint p = 0;

        while (p < self->n_params && fabs(other->values[p] - trial->values[p]) <= 0.0)
            p++;
        if (p == self->n_params)
            return TRUE;
    }
    return FALSE;
}

KwTrial
kw_sampler_propose(const KwSampler *self, guint index, const KwTrial *history, gsize n_history)
{
    const guint32 seeds[] = {(guint32) self->seed, (guint32) (self->seed >> 32), index};
    g_autoptr(GRand) rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
    g_autoptr(GPtrArray) ranked = rank_history(index, history, n_history);
    Densities densities[KW_TRIAL_MAX_PARAMS];
    KwTrial trial = {.index = index};
    gboolean is_learned, is_new = FALSE;

    if (index == 0) {
        for (guint p = 0; p < self->n_params; p++)
            trial.values[p] = self->ranges[p].fallback;
        return trial;
    }
    is_learned = learn(self, ranked, densities);
    for (guint i = 0; i <= N_RETRIES && !is_new; i++) {
        if (is_learned)
            draw_knowingly(self, densities, rand, &trial);
        else
            draw_blindly(self, rand, &trial);
        is_new = !was_tried(self, ranked, &trial);
    }
    if (is_learned)
        forget(self, densities);
    return trial;
}
