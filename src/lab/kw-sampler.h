/* kw-sampler.h: which parameter values to try next */
#pragma once

#include "kw-trial.h"

G_BEGIN_DECLS

typedef enum {
    KW_SAMPLER_RANDOM, /* "random" */
    KW_SAMPLER_TPE,    /* "tpe": where good trials lie densely and bad ones do not */
} KwSamplerKind;

gboolean kw_sampler_kind_from_string(const gchar *text, KwSamplerKind *out, GError **error);
const gchar *kw_sampler_kind_to_string(KwSamplerKind kind);

#define KW_SAMPLER_BATCH 16 /* trials that are proposed without knowing of each other */

/**
 * KwSampler:
 *
 * A proposal depends on the seed, its number, and the trials of the batches before its own.
 * So it plays no part in which order, and on how many processors, a batch is run.
 */
typedef struct _KwSampler KwSampler;

/* @strategy: parameters and ranges are read from it now */
KwSampler *kw_sampler_new(KwSamplerKind kind, guint64 seed, const KwStrategy *strategy);
void kw_sampler_free(KwSampler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwSampler, kw_sampler_free)

/**
 * kw_sampler_propose:
 * @index: number of the trial, from 0
 * @history: (array length=n_history): finished trials, by their index; those of the own batch
 *   and later ones are not looked at
 *
 * The first trial has the values that the strategy stands on.
 *
 * Returns: the trial with index and values
 */
KwTrial
kw_sampler_propose(const KwSampler *self, guint index, const KwTrial *history, gsize n_history);

G_END_DECLS
