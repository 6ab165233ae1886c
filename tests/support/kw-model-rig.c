#include "kw-model-rig.h"

#include <string.h>

static const gchar features_text[] = "[features]\nsingles = rsi_14\n";

#define MODEL_FORMAT                                                                           \
    "{\"learner\":{\"objective\":{\"name\":\"reg:squarederror\"},"                             \
    "\"learner_model_param\":{\"base_score\":\"0\",\"num_class\":\"0\","                       \
    "\"num_feature\":\"1\"},\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{"             \
    "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"1\"},\"trees\":["     \
    "{\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],\"split_indices\":[0,0,0],"     \
    "\"split_conditions\":[0,%.9g,%.9g],\"default_left\":[1,0,0],\"split_type\":[0,0,0]}]}}}}"

/* Values 0 to 100, mean 50, so that the scaled border is 0 */
static KwMatrix *
make_reference(void)
{
    KwMatrix *rows = kw_matrix_new(101, 1);

    for (gsize i = 0; i < rows->n_rows; i++) {
        rows->values[i] = (gfloat) i;
        rows->labels[i] = i > 50 ? 0.01f : -0.01f;
        rows->times_us[i] = (gint64) i * 3600 * G_USEC_PER_SEC;
    }
    return rows;
}

void
kw_model_rig_init(KwModelRig *self, gdouble low, gdouble high)
{
    gchar *model = g_strdup_printf(MODEL_FORMAT, low, high);

    *self =
        (KwModelRig){.facts = {.name = g_strdup("boost"),
                               .pairs = g_strdup("BTC/USDT"),
                               .source = g_strdup("exchange"),
                               .data_hash = g_strdup("0"),
                               .timeframe_us = G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC,
                               .horizon_us = G_GINT64_CONSTANT(12 * 3600) * G_USEC_PER_SEC,
                               .n_rows = 101,
                               .passed_gate = TRUE},
                     .model = g_bytes_new_take(model, strlen(model)),
                     .features = g_bytes_new_static(features_text, sizeof features_text - 1),
                     .calibration = kw_calibration_new(),
                     .reference = make_reference()};
    self->scaler = kw_scaler_fit(self->reference);
    self->parts = (KwModelParts){.facts = &self->facts,
                                 .model = self->model,
                                 .features = self->features,
                                 .scaler = self->scaler,
                                 .calibration = self->calibration,
                                 .reference = self->reference};
}

void
kw_model_rig_clear(KwModelRig *self)
{
    kw_model_facts_clear(&self->facts);
    g_bytes_unref(self->model);
    g_bytes_unref(self->features);
    kw_scaler_free(self->scaler);
    kw_calibration_free(self->calibration);
    kw_matrix_free(self->reference);
}

KwModelVersion
kw_model_rig_add(KwModelRig *self, KwRegistry *registry)
{
    KwModelVersion version = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_registry_add(registry, &self->parts, &version, &error));
    g_assert_no_error(error);
    return version;
}
