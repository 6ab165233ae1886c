/* kw-model.c: writing, verifying and asking a model version
 *
 * A model is refused as a whole or used as a whole. Beside the hashes, which tell of damage,
 * the probe rows tell of everything else that could make it predict otherwise than in training:
 * another reading of the file, another processor, another build of this program. They are
 * compared bit by bit, as text of a float with nine digits is exact. */
#include "kw-model.h"

#include "kw-config-problem.h"
#include "kw-error.h"
#include "kw-json.h"

#include <math.h>
#include <string.h>

#define FILE_MODEL "model.json"
#define FILE_FEATURES "features.ini"
#define FILE_SCALER "scaler.json"
#define FILE_CALIBRATION "calibration.json"
#define FILE_FACTS "facts.json"
#define FILE_PROBES "probes.json"
#define FILE_REFERENCE "reference.rows"
#define FILE_METRICS "metrics.json"
#define FILE_LOG "training.log"
#define FILE_RESULT "backtest-result.json"
#define N_FILES 10
#define BLOCK 1024 /* rows that are scaled at a time */

struct _KwModel {
    gatomicrefcount n_refs;
    KwModelFacts facts;
    gchar *hash, *trees_hash;
    KwForest *forest;
    KwFeatureList *features;
    KwScaler *scaler;
    KwCalibration *calibration;
    KwMatrix *reference;
};

void
kw_model_facts_clear(KwModelFacts *self)
{
    g_clear_pointer(&self->name, g_free);
    g_clear_pointer(&self->pairs, g_free);
    g_clear_pointer(&self->source, g_free);
    g_clear_pointer(&self->data_hash, g_free);
}

KwModel *
kw_model_ref(KwModel *self)
{
    g_atomic_ref_count_inc(&self->n_refs);
    return self;
}

void
kw_model_unref(KwModel *self)
{
    if (self == NULL || !g_atomic_ref_count_dec(&self->n_refs))
        return;
    kw_model_facts_clear(&self->facts);
    g_free(self->hash);
    g_free(self->trees_hash);
    g_clear_pointer(&self->features, kw_feature_list_unref);
    kw_forest_free(self->forest);
    kw_scaler_free(self->scaler);
    kw_calibration_free(self->calibration);
    kw_matrix_free(self->reference);
    g_free(self);
}

static gboolean
refuse(GError **error, KwModelRefusal code, const gchar *name, const gchar *what)
{
    g_set_error(error, KW_MODEL_REFUSAL, (gint) code, "%s: %s", name, what);
    return FALSE;
}

/* Takes @cause over */
static gboolean
refuse_format(GError **error, const gchar *name, GError *cause)
{
    (void) refuse(error, KW_MODEL_REFUSAL_FORMAT, name, cause->message);
    g_error_free(cause);
    return FALSE;
}

/* -- facts -- */

static gchar *
facts_to_text(const KwModelFacts *facts)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    kw_json_add_string(builder, "name", facts->name);
    kw_json_add_string(builder, "pairs", facts->pairs);
    kw_json_add_string(builder, "source", facts->source);
    kw_json_add_string(builder, "data_hash", facts->data_hash);
    kw_json_add_string(builder, "label", kw_label_kind_to_string(facts->label));
    kw_json_add_int(builder, "timeframe_us", facts->timeframe_us);
    kw_json_add_int(builder, "horizon_us", facts->horizon_us);
    kw_json_add_int(builder, "data_begin_us", facts->data_begin_us);
    kw_json_add_int(builder, "data_end_us", facts->data_end_us);
    kw_json_add_int(builder, "created_us", facts->created_us);
    kw_json_add_int(builder, "n_rows", facts->n_rows);
    kw_json_add_bool(builder, "passed_gate", facts->passed_gate);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

static gboolean
read_facts(JsonObject *object, KwModelFacts *out, GError **error)
{
    const struct {
        const gchar *name;
        gchar **out;
    } texts[] = {{"name", &out->name},
                 {"pairs", &out->pairs},
                 {"source", &out->source},
                 {"data_hash", &out->data_hash}};
    const struct {
        const gchar *name;
        gint64 *out;
    } numbers[] = {{"timeframe_us", &out->timeframe_us},
                   {"horizon_us", &out->horizon_us},
                   {"data_begin_us", &out->data_begin_us},
                   {"data_end_us", &out->data_end_us},
                   {"created_us", &out->created_us}};
    const gchar *label = NULL;
    gint64 n_rows = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const gchar *text = NULL;

        if (!kw_json_get_string(object, texts[i].name, &text, error))
            return FALSE;
        *texts[i].out = g_strdup(text);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (!kw_json_get_int(object, numbers[i].name, numbers[i].out, error))
            return FALSE;
    }
    if (!kw_json_get_string(object, "label", &label, error) ||
        !kw_json_get_int(object, "n_rows", &n_rows, error) ||
        !kw_json_get_bool(object, "passed_gate", &out->passed_gate, error))
        return FALSE;
    out->n_rows = (guint) CLAMP(n_rows, 0, G_MAXINT32);
    if (kw_label_kind_parse(label, &out->label))
        return TRUE;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_MEMBER, "label: an unknown kind");
    return FALSE;
}

/* -- predicting -- */

static gboolean
is_known(const gfloat *row, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (!isfinite(row[i]))
            return FALSE;
    }
    return TRUE;
}

/* Raw output of the trees for at most BLOCK rows */
static void
predict_block(const KwModel *self, const gfloat *rows, gsize n_rows, gfloat *out)
{
    guint n = kw_forest_get_n_features(self->forest);
    g_autofree gfloat *scaled = g_memdup2(rows, n_rows * n * sizeof(gfloat));

    kw_scaler_apply(self->scaler, scaled, n_rows);
    kw_forest_predict(self->forest, scaled, n_rows, out);
}

void
kw_model_predict(const KwModel *self,
                 const gfloat *rows,
                 gsize n_rows,
                 gdouble *out_prediction,
                 gdouble *out_chance)
{
    guint n = kw_forest_get_n_features(self->forest);
    gfloat block[BLOCK];

    for (gsize begin = 0; begin < n_rows; begin += BLOCK) {
        gsize count = MIN(BLOCK, n_rows - begin);

        predict_block(self, rows + begin * n, count, block);
        for (gsize i = 0; i < count; i++) {
            gboolean known = is_known(rows + (begin + i) * n, n);
            gdouble prediction = known ? block[i] : NAN;

            out_prediction[begin + i] = prediction;
            out_chance[begin + i] = kw_calibration_apply(self->calibration, prediction);
        }
    }
}

/* -- probes -- */

static void
add_floats(JsonBuilder *builder, const gchar *name, const gfloat *values, gsize n)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (gsize i = 0; i < n; i++)
        json_builder_add_double_value(builder, values[i]);
    json_builder_end_array(builder);
}

/* Rows from all over the reference that are known, with what the model says to them */
static gchar *
probes_to_text(const KwModel *self, GError **error)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    const KwMatrix *reference = self->reference;
    guint n_probes = 0;

    json_builder_begin_array(builder);
    for (gsize i = 0; i < KW_MODEL_N_PROBES; i++) {
        const gfloat *row =
            reference->values + i * reference->n_rows / KW_MODEL_N_PROBES * reference->n_cols;
        gfloat out = 0;

        if (!is_known(row, (guint) reference->n_cols))
            continue;
        predict_block(self, row, 1, &out);
        if (!isfinite(out)) {
            (void) refuse(error, KW_MODEL_REFUSAL_NAN, FILE_PROBES, "not a number");
            return NULL;
        }
        json_builder_begin_object(builder);
        add_floats(builder, "row", row, reference->n_cols);
        kw_json_add_double(builder, "out", out);
        json_builder_end_object(builder);
        n_probes++;
    }
    json_builder_end_array(builder);
    if (n_probes == 0) {
        (void) refuse(error, KW_MODEL_REFUSAL_PROBE, FILE_PROBES, "no row to probe with");
        return NULL;
    }
    return kw_json_builder_to_text(builder);
}

static gboolean
check_probe(const KwModel *self, JsonObject *probe, GError **error)
{
    guint n = kw_forest_get_n_features(self->forest);
    g_autofree gfloat *row = g_new(gfloat, n);
    JsonArray *values = NULL;
    gdouble expected = 0;
    gfloat out = 0, recorded;

    if (!kw_json_get_array(probe, "row", &values, NULL) ||
        !kw_json_get_double(probe, "out", &expected, NULL) ||
        json_array_get_length(values) != n)
        return refuse(error, KW_MODEL_REFUSAL_FORMAT, FILE_PROBES, "is damaged");
    for (guint i = 0; i < n; i++) {
        gdouble value = 0;

        if (!kw_json_at_double(values, i, &value, NULL))
            return refuse(error, KW_MODEL_REFUSAL_FORMAT, FILE_PROBES, "is damaged");
        row[i] = (gfloat) value;
    }
    recorded = (gfloat) expected;
    predict_block(self, row, 1, &out);
    if (!isfinite(out))
        return refuse(error, KW_MODEL_REFUSAL_NAN, FILE_MODEL, "gives no number");
    if (memcmp(&out, &recorded, sizeof out) != 0)
        return refuse(error, KW_MODEL_REFUSAL_PROBE, FILE_PROBES, "predictions differ");
    return TRUE;
}

static gboolean
check_probes(const KwModel *self, GBytes *bytes, GError **error)
{
    GError *cause = NULL;
    g_autoptr(JsonNode) root = kw_json_parse(bytes, &cause);
    JsonArray *probes = root == NULL ? NULL : kw_json_root_array(root, &cause);

    if (probes == NULL)
        return refuse_format(error, FILE_PROBES, cause);
    if (json_array_get_length(probes) == 0)
        return refuse(error, KW_MODEL_REFUSAL_PROBE, FILE_PROBES, "has no rows");
    for (guint i = 0; i < json_array_get_length(probes); i++) {
        JsonObject *probe = NULL;

        if (!kw_json_at_object(probes, i, &probe, NULL))
            return refuse(error, KW_MODEL_REFUSAL_FORMAT, FILE_PROBES, "is damaged");
        if (!check_probe(self, probe, error))
            return FALSE;
    }
    return TRUE;
}

/* -- putting the parts together -- */

static gboolean
take_features(KwModel *self, GBytes *bytes, GError **error)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    GError *cause = NULL;

    self->features = kw_feature_list_load_bytes(FILE_FEATURES, bytes, problems);
    if (self->features != NULL)
        return TRUE;
    (void) kw_config_problems_to_error(problems, &cause);
    return refuse_format(error, FILE_FEATURES, cause);
}

static gboolean
take_forest(KwModel *self, GBytes *bytes, GError **error)
{
    GError *cause = NULL;

    self->forest = kw_forest_parse(bytes, &cause);
    return self->forest != NULL || refuse_format(error, FILE_MODEL, cause);
}

/* What has one number per feature must agree on how many there are */
static gboolean
check_fit(const KwModel *self, GError **error)
{
    g_autofree gchar *text = NULL;
    guint n_model = kw_forest_get_n_features(self->forest);
    guint n_list = kw_feature_list_get_n_features(self->features);

    if (n_model == n_list && kw_scaler_get_n_cols(self->scaler) == n_list &&
        self->reference->n_cols == n_list)
        return TRUE;
    text = g_strdup_printf("%u features, its list has %u", n_model, n_list);
    return refuse(error, KW_MODEL_REFUSAL_FEATURES, FILE_MODEL, text);
}

/* (transfer full): a file of one JSON object */
static JsonNode *
read_object(const gchar *folder, const gchar *name, JsonObject **out, GError **error)
{
    g_autoptr(GBytes) bytes = kw_model_folder_read(folder, name, error);
    g_autoptr(JsonNode) root = NULL;
    GError *cause = NULL;

    if (bytes == NULL)
        return NULL;
    root = kw_json_parse(bytes, &cause);
    *out = root == NULL ? NULL : kw_json_root_object(root, &cause);
    if (*out == NULL) {
        (void) refuse_format(error, name, cause);
        return NULL;
    }
    return g_steal_pointer(&root);
}

static gboolean
load_objects(KwModel *self, const gchar *folder, GError **error)
{
    JsonObject *facts = NULL, *scaler = NULL, *calibration = NULL;
    g_autoptr(JsonNode) facts_root = read_object(folder, FILE_FACTS, &facts, error);
    g_autoptr(JsonNode) scaler_root =
        facts_root == NULL ? NULL : read_object(folder, FILE_SCALER, &scaler, error);
    g_autoptr(JsonNode) map_root =
        scaler_root == NULL ? NULL : read_object(folder, FILE_CALIBRATION, &calibration, error);
    GError *cause = NULL;

    if (map_root == NULL)
        return FALSE;
    if (!read_facts(facts, &self->facts, &cause))
        return refuse_format(error, FILE_FACTS, cause);
    self->scaler = kw_scaler_from_json(scaler, &cause);
    if (self->scaler == NULL)
        return refuse_format(error, FILE_SCALER, cause);
    self->calibration = kw_calibration_from_json(calibration, &cause);
    if (self->calibration == NULL)
        return refuse_format(error, FILE_CALIBRATION, cause);
    return TRUE;
}

static gboolean
load_parts(KwModel *self, const gchar *folder, GError **error)
{
    g_autoptr(GBytes) model = kw_model_folder_read(folder, FILE_MODEL, error);
    g_autoptr(GBytes) features =
        model == NULL ? NULL : kw_model_folder_read(folder, FILE_FEATURES, error);
    g_autofree gchar *reference = g_build_filename(folder, FILE_REFERENCE, NULL);
    GError *cause = NULL;

    if (features == NULL || !load_objects(self, folder, error) ||
        !take_features(self, features, error) || !take_forest(self, model, error))
        return FALSE;
    self->trees_hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, model);
    self->reference = kw_matrix_map(reference, &cause);
    if (self->reference == NULL)
        return refuse_format(error, FILE_REFERENCE, cause);
    return check_fit(self, error);
}

static KwModel *
model_new(void)
{
    KwModel *self = g_new0(KwModel, 1);

    g_atomic_ref_count_init(&self->n_refs);
    return self;
}

KwModel *
kw_model_load(const gchar *folder, GError **error)
{
    g_autoptr(KwModel) self = model_new();
    g_autoptr(GBytes) probes = NULL;

    if (!kw_model_folder_verify(folder, &self->hash, error) || !load_parts(self, folder, error))
        return NULL;
    probes = kw_model_folder_read(folder, FILE_PROBES, error);
    if (probes == NULL || !check_probes(self, probes, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* -- writing -- */

static GBytes *
bytes_of(gchar *text)
{
    return g_bytes_new_take(text, strlen(text));
}

static GBytes *
bytes_or_empty(const gchar *text)
{
    return bytes_of(g_strdup(text == NULL ? "" : text));
}

/* Evenly spread rows of @matrix, at most KW_MODEL_N_REFERENCE */
static KwMatrix *
thin_out(const KwMatrix *matrix)
{
    gsize n = MIN(matrix->n_rows, KW_MODEL_N_REFERENCE);
    KwMatrix *thin = kw_matrix_new(n, matrix->n_cols);

    for (gsize i = 0; i < n; i++) {
        gsize from = i * matrix->n_rows / n;

        memcpy(thin->values + i * matrix->n_cols, matrix->values + from * matrix->n_cols,
               matrix->n_cols * sizeof(gfloat));
        thin->labels[i] = matrix->labels[from];
        thin->times_us[i] = matrix->times_us[from];
    }
    return thin;
}

/* The parts as a model, without files: to be checked and probed before it is written.
 * @scaler and @map: owned texts of the two */
static KwModel *
assemble(const KwModelParts *parts, const gchar *scaler, const gchar *map, GError **error)
{
    g_autoptr(KwModel) self = model_new();
    g_autoptr(JsonNode) scaler_root = kw_json_parse_text(scaler, -1, error);
    g_autoptr(JsonNode) map_root = kw_json_parse_text(map, -1, error);

    if (scaler_root == NULL || map_root == NULL)
        return NULL;
    self->scaler = kw_scaler_from_json(json_node_get_object(scaler_root), error);
    self->calibration = kw_calibration_from_json(json_node_get_object(map_root), error);
    self->reference = thin_out(parts->reference);
    if (self->scaler == NULL || self->calibration == NULL ||
        !take_features(self, parts->features, error) ||
        !take_forest(self, parts->model, error) || !check_fit(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

gboolean
kw_model_write(const KwModelParts *parts, const gchar *folder, GError **error)
{
    static const gchar *const names[N_FILES + 1] = {
        FILE_MODEL,     FILE_FEATURES, FILE_SCALER, FILE_CALIBRATION, FILE_FACTS, FILE_PROBES,
        FILE_REFERENCE, FILE_METRICS,  FILE_LOG,    FILE_RESULT,      NULL};
    g_autoptr(GPtrArray) contents =
        g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
    gchar *scaler = kw_scaler_to_json(parts->scaler);
    gchar *map = kw_calibration_to_json(parts->calibration);
    g_autoptr(KwModel) model = NULL;
    gchar *probes;

    g_ptr_array_add(contents, g_bytes_ref(parts->model));
    g_ptr_array_add(contents, g_bytes_ref(parts->features));
    g_ptr_array_add(contents, bytes_of(scaler));
    g_ptr_array_add(contents, bytes_of(map));
    g_ptr_array_add(contents, bytes_of(facts_to_text(parts->facts)));
    model = assemble(parts, scaler, map, error);
    probes = model == NULL ? NULL : probes_to_text(model, error);
    if (probes == NULL)
        return FALSE;
    g_ptr_array_add(contents, bytes_of(probes));
    g_ptr_array_add(contents, kw_matrix_to_bytes(model->reference));
    g_ptr_array_add(contents, bytes_or_empty(parts->metrics));
    g_ptr_array_add(contents, bytes_or_empty(parts->log));
    g_ptr_array_add(contents, bytes_or_empty(parts->result));
    return kw_model_folder_write(folder, names, (GBytes *const *) contents->pdata, error);
}

const KwModelFacts *
kw_model_get_facts(const KwModel *self)
{
    return &self->facts;
}

const gchar *
kw_model_get_hash(const KwModel *self)
{
    return self->hash;
}

const gchar *
kw_model_get_trees_hash(const KwModel *self)
{
    return self->trees_hash;
}

KwFeatureList *
kw_model_get_features(const KwModel *self)
{
    return self->features;
}

const KwMatrix *
kw_model_get_reference(const KwModel *self)
{
    return self->reference;
}
