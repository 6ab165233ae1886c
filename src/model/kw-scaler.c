#include "kw-scaler.h"

#include "kw-error.h"
#include "kw-json.h"

#include <math.h>

struct _KwScaler {
    gsize n_cols;
    gdouble *mean, *scale; /* scale > 0 */
};

static KwScaler *
scaler_new(gsize n_cols)
{
    KwScaler *self = g_new0(KwScaler, 1);

    self->n_cols = n_cols;
    self->mean = g_new0(gdouble, n_cols);
    self->scale = g_new0(gdouble, n_cols);
    return self;
}

void
kw_scaler_free(KwScaler *self)
{
    if (self == NULL)
        return;
    g_free(self->mean);
    g_free(self->scale);
    g_free(self);
}

gsize
kw_scaler_get_n_cols(const KwScaler *self)
{
    return self->n_cols;
}

/* Two passes over one column: the sum of squares of large values would lose all digits */
static void
fit_column(const KwMatrix *train, gsize col, gdouble *out_mean, gdouble *out_scale)
{
    gdouble sum = 0, squares = 0, n = 0;

    for (gsize i = 0; i < train->n_rows; i++) {
        gdouble value = train->values[i * train->n_cols + col];

        if (!isnan(value)) {
            sum += value;
            n++;
        }
    }
    *out_mean = n > 0 ? sum / n : 0;
    for (gsize i = 0; i < train->n_rows; i++) {
        gdouble value = train->values[i * train->n_cols + col];

        if (!isnan(value))
            squares += (value - *out_mean) * (value - *out_mean);
    }
    *out_scale = n > 0 && squares > 0 ? sqrt(squares / n) : 1;
}

KwScaler *
kw_scaler_fit(const KwMatrix *train)
{
    KwScaler *self = scaler_new(train->n_cols);

    for (gsize col = 0; col < train->n_cols; col++)
        fit_column(train, col, &self->mean[col], &self->scale[col]);
    return self;
}

void
kw_scaler_apply(const KwScaler *self, gfloat *rows, gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        gfloat *row = rows + i * self->n_cols;

        for (gsize col = 0; col < self->n_cols; col++)
            row[col] = (gfloat) (((gdouble) row[col] - self->mean[col]) / self->scale[col]);
    }
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
kw_scaler_to_json(const KwScaler *self)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    add_numbers(builder, "mean", self->mean, self->n_cols);
    add_numbers(builder, "scale", self->scale, self->n_cols);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

KwScaler *
kw_scaler_from_json(JsonObject *object, GError **error)
{
    g_autoptr(KwScaler) self = NULL;
    JsonArray *mean = NULL, *scale = NULL;
    guint n_cols;

    if (!kw_json_get_array(object, "mean", &mean, error) ||
        !kw_json_get_array(object, "scale", &scale, error))
        return NULL;
    n_cols = json_array_get_length(mean);
    if (n_cols == 0 || n_cols > KW_MATRIX_MAX_COLS || json_array_get_length(scale) != n_cols) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "mean: number of columns is wrong");
        return NULL;
    }
    self = scaler_new(n_cols);
    for (guint i = 0; i < n_cols; i++) {
        if (!kw_json_at_double(mean, i, &self->mean[i], error) ||
            !kw_json_at_double(scale, i, &self->scale[i], error))
            return NULL;
        if (!(self->scale[i] > 0)) {
            g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "scale: [%u] is not > 0",
                        i);
            return NULL;
        }
    }
    return g_steal_pointer(&self);
}
