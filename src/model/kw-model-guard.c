/* kw-model-guard.c: rows in a row that are not what training has seen
 *
 * A tree answers whatever it is asked. A source that has frozen and a market that has left all
 * that was learned look alike to it: like the outermost leaf. So a forecast needs features
 * that move, and that lie within the training rows' range, half of it added on both sides.
 *
 * The tests of kw-model-drift.c were considered: two weeks of prices nearly always differ from
 * three months of them beyond chance, and a model that is silent then is silent always. They
 * ask for a new training; this one asks whether there is anything to say at all.
 *
 * A feature of few values (a session, a class) may keep one for long, and one of a longer
 * timeframe has to: they are not asked to move. */
#include "kw-model-guard.h"

#include <math.h>
#include <string.h>

#define FEW_VALUES 16

struct _KwModelGuard {
    KwModel *model;        /* owned */
    guint n;               /* features */
    gfloat *low, *high;    /* owned; what is usual */
    guint8 *moves;         /* owned; 1: a feature that does not stand still */
    gfloat *last;          /* owned; values of the row before */
    guint *n_same, *n_out; /* owned; rows in a row */
    gfloat *recent;        /* owned; ring of the last rows, for a change of the model */
    gsize n_seen;          /* rows so far */
    KwModelSilence silence;
};

gboolean
kw_model_silence_is(const KwModelSilence *self)
{
    return self->n_unknown > 0 || self->n_stuck > 0 || self->n_drifted > 0;
}

/* -- what is usual -- */

static void
measure_range(KwModelGuard *self, const KwMatrix *rows, guint col)
{
    gfloat low = INFINITY, high = -INFINITY;

    for (gsize i = 0; i < rows->n_rows; i++) {
        gfloat value = rows->values[i * self->n + col];

        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    self->low[col] = low - (high - low) / 2;
    self->high[col] = high + (high - low) / 2;
}

static gboolean
has_many_values(const KwMatrix *rows, guint n, guint col)
{
    gfloat known[FEW_VALUES];
    guint n_known = 0;

    for (gsize i = 0; i < rows->n_rows; i++) {
        gfloat value = rows->values[i * n + col];
        guint k = 0;

        while (k < n_known && (known[k] < value || known[k] > value))
            k++;
        if (k < n_known)
            continue;
        if (n_known == FEW_VALUES)
            return TRUE;
        known[n_known++] = value;
    }
    return FALSE;
}

static void
measure(KwModelGuard *self)
{
    const KwMatrix *rows = kw_model_get_reference(self->model);
    KwFeatureList *list = kw_model_get_features(self->model);

    for (guint col = 0; col < self->n; col++) {
        guint source = kw_feature_list_get_feature(list, col)->source;

        measure_range(self, rows, col);
        self->moves[col] = kw_feature_list_get_source(list, source)->timeframe_us == 0 &&
                           has_many_values(rows, self->n, col);
    }
}

/* -- rows -- */

/* Comparisons with NaN are false: an unknown value neither stands still nor is outside. Sums
 * and masks instead of branches, as a backtest passes a million rows through here. */
static void
step(KwModelGuard *self, const gfloat *row)
{
    guint *n_same = self->n_same, *n_out = self->n_out;
    gfloat *last = self->last;
    KwModelSilence silence = {0};

    for (guint col = 0; col < self->n; col++) {
        gfloat value = row[col];
        guint is_same = (guint) (value >= last[col]) & (guint) (value <= last[col]);
        guint is_out = (guint) (value < self->low[col]) | (guint) (value > self->high[col]);

        n_same[col] = (n_same[col] + 1) & (0u - is_same);
        n_out[col] = (n_out[col] + 1) & (0u - is_out);
        last[col] = value;
        silence.n_unknown += (guint) !(fabsf(value) <= G_MAXFLOAT);
        silence.n_stuck += self->moves[col] & (guint) (n_same[col] >= KW_MODEL_GUARD_ROWS);
        silence.n_drifted += (guint) (n_out[col] >= KW_MODEL_GUARD_ROWS);
    }
    self->silence = silence;
}

static gfloat *
recent_row(const KwModelGuard *self, gsize index)
{
    return self->recent + index % KW_MODEL_GUARD_ROWS * self->n;
}

static void
begin(KwModelGuard *self)
{
    for (guint col = 0; col < self->n; col++)
        self->last[col] = NAN;
    memset(self->n_same, 0, self->n * sizeof self->n_same[0]);
    memset(self->n_out, 0, self->n * sizeof self->n_out[0]);
    self->silence = (KwModelSilence){0};
}

void
kw_model_guard_set_model(KwModelGuard *self, KwModel *model)
{
    gsize n_kept = MIN(self->n_seen, KW_MODEL_GUARD_ROWS);
    g_autofree guint *n_same = NULL;

    if (model == self->model)
        return;
    kw_model_ref(model);
    kw_model_unref(self->model);
    self->model = model;
    measure(self);
    /* how long a value has stood is known from further back */
    n_same = g_memdup2(self->n_same, self->n * sizeof n_same[0]);
    begin(self);
    for (gsize i = self->n_seen - n_kept; i < self->n_seen; i++)
        step(self, recent_row(self, i));
    memcpy(self->n_same, n_same, self->n * sizeof n_same[0]);
}

void
kw_model_guard_pass(
    KwModelGuard *self, const gfloat *rows, gsize n_rows, gdouble *prediction, gdouble *chance)
{
    g_return_if_fail(self != NULL && (n_rows == 0 || rows != NULL));

    for (gsize i = 0; i < n_rows; i++) {
        const gfloat *row = rows + i * self->n;

        step(self, row);
        if (n_rows - i <= KW_MODEL_GUARD_ROWS)
            memcpy(recent_row(self, self->n_seen + i), row, self->n * sizeof row[0]);
        if (prediction == NULL || !kw_model_silence_is(&self->silence))
            continue;
        prediction[i] = NAN;
        chance[i] = NAN;
    }
    self->n_seen += n_rows;
}

KwModelSilence
kw_model_guard_get_silence(const KwModelGuard *self)
{
    return self->silence;
}

KwModelGuard *
kw_model_guard_new(KwModel *model)
{
    KwModelGuard *self = g_new0(KwModelGuard, 1);

    self->model = kw_model_ref(model);
    self->n = kw_feature_list_get_n_features(kw_model_get_features(model));
    self->low = g_new(gfloat, self->n);
    self->high = g_new(gfloat, self->n);
    self->moves = g_new(guint8, self->n);
    self->last = g_new(gfloat, self->n);
    self->n_same = g_new(guint, self->n);
    self->n_out = g_new(guint, self->n);
    self->recent = g_new(gfloat, KW_MODEL_GUARD_ROWS * (gsize) self->n);
    measure(self);
    begin(self);
    return self;
}

void
kw_model_guard_free(KwModelGuard *self)
{
    if (self == NULL)
        return;
    kw_model_unref(self->model);
    g_free(self->low);
    g_free(self->high);
    g_free(self->moves);
    g_free(self->last);
    g_free(self->n_same);
    g_free(self->n_out);
    g_free(self->recent);
    g_free(self);
}
