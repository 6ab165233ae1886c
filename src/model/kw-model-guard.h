/* kw-model-guard.h: whether a model may say something about rows like these */
#pragma once

#include "kw-model.h"

G_BEGIN_DECLS

/* A feature that stands still, or lies outside what training has seen, for so many rows in a
 * row silences the model. */
#define KW_MODEL_GUARD_ROWS 100

/* Features of the newest row: plain value */
typedef struct {
    guint n_unknown; /* without a value */
    guint n_stuck;   /* the same value for KW_MODEL_GUARD_ROWS rows */
    guint n_drifted; /* outside for as long */
} KwModelSilence;

/* Whether there is no forecast because of it */
gboolean kw_model_silence_is(const KwModelSilence *self);

/**
 * KwModelGuard:
 *
 * Looks back over the last rows and no further: the same rows give the same verdict, one by
 * one or many at a time, and however long it has run before. One thread at a time.
 */
typedef struct _KwModelGuard KwModelGuard;

/* @model: a reference is kept; whose training rows tell what is usual. */
KwModelGuard *kw_model_guard_new(KwModel *model);
void kw_model_guard_free(KwModelGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwModelGuard, kw_model_guard_free)

/* Another model with the same features: judged from now on as if it had seen the last rows. */
void kw_model_guard_set_model(KwModelGuard *self, KwModel *model);

/**
 * kw_model_guard_pass:
 * @rows: @n_rows rows of features, oldest first, that follow those before
 * @prediction, @chance: (inout) (nullable): become NaN where the model has to be silent
 */
void kw_model_guard_pass(
    KwModelGuard *self, const gfloat *rows, gsize n_rows, gdouble *prediction, gdouble *chance);

/* Of the row that was passed last; zeros before the first */
KwModelSilence kw_model_guard_get_silence(const KwModelGuard *self);

G_END_DECLS
