/* kw-model-relay.c: models in the order of time
 *
 * A backtest over joined out-of-sample predictions could have been given the predictions as an
 * array for each pair. Models by time are used instead: columns then come from the same feed as
 * in the daemon, feature by feature, and pairs play no part. */
#include "kw-model-relay.h"

#include <string.h>

typedef struct {
    gint64 from_us;
    KwModel *model; /* owned */
} Leg;

struct _KwModelRelay {
    gatomicrefcount n_refs;
    GArray *legs; /* of Leg, in the order of time */
};

static void
leg_clear(gpointer data)
{
    kw_model_unref(((Leg *) data)->model);
}

KwModelRelay *
kw_model_relay_new(void)
{
    KwModelRelay *self = g_new0(KwModelRelay, 1);

    g_atomic_ref_count_init(&self->n_refs);
    self->legs = g_array_new(FALSE, TRUE, sizeof(Leg));
    g_array_set_clear_func(self->legs, leg_clear);
    return self;
}

KwModelRelay *
kw_model_relay_ref(KwModelRelay *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

void
kw_model_relay_unref(KwModelRelay *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->n_refs))
        return;
    g_array_unref(self->legs);
    g_free(self);
}

static const Leg *
get_leg(const KwModelRelay *self, guint index)
{
    return &g_array_index(self->legs, Leg, index);
}

gboolean
kw_model_relay_add(KwModelRelay *self, gint64 from_us, KwModel *model, GError **error)
{
    const Leg leg = {from_us, model};
    const gchar *hash = kw_feature_list_get_hash(kw_model_get_features(model));
    KwModel *first = kw_model_relay_get_first(self);

    g_return_val_if_fail(first == NULL || from_us > get_leg(self, self->legs->len - 1)->from_us,
                         FALSE);

    if (first != NULL &&
        strcmp(hash, kw_feature_list_get_hash(kw_model_get_features(first))) != 0) {
        g_set_error_literal(error, KW_MODEL_REFUSAL, KW_MODEL_REFUSAL_FEATURES,
                            "the models of a relay have different features");
        return FALSE;
    }
    kw_model_ref(model);
    g_array_append_val(self->legs, leg);
    return TRUE;
}

KwModel *
kw_model_relay_find(const KwModelRelay *self, gint64 time_us, gint64 *out_until_us)
{
    guint low = 0, high = self->legs->len; /* the answer is the leg before @low */

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (get_leg(self, middle)->from_us <= time_us)
            low = middle + 1;
        else
            high = middle;
    }
    *out_until_us = low < self->legs->len ? get_leg(self, low)->from_us : G_MAXINT64;
    return low > 0 ? get_leg(self, low - 1)->model : NULL;
}

KwModel *
kw_model_relay_get_first(const KwModelRelay *self)
{
    return self->legs->len > 0 ? get_leg(self, 0)->model : NULL;
}
