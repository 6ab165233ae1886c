/* kw-llm-model.c: the table of models
 *
 * Prices and abilities change every few months, the program does not: so they are a key file
 * with a date, which comes along compiled in and can be replaced by the owner's. Prices are
 * kept as whole nano-dollars a token, so that costs add up without rounding. */
#include "kw-llm-model.h"

#include "kw-decimal.h"
#include "kw-error.h"

#include <string.h>

struct _KwLlmModelTable {
    gchar *date;    /* owned */
    GArray *models; /* owned; KwLlmModel */
};

gint64
kw_llm_usage_sum(const KwLlmUsage *usage)
{
    return usage->input + usage->write_5m + usage->write_1h + usage->read + usage->output;
}

void
kw_llm_usage_add(KwLlmUsage *self, const KwLlmUsage *more)
{
    self->input += more->input;
    self->write_5m += more->write_5m;
    self->write_1h += more->write_1h;
    self->read += more->read;
    self->output += more->output;
}

gint64
kw_llm_model_cost(const KwLlmModel *model, const KwLlmUsage *usage)
{
    return usage->input * model->input + usage->write_5m * model->write_5m +
           usage->write_1h * model->write_1h + usage->read * model->read +
           usage->output * model->output;
}

/* Dollars a million tokens, at most three decimals, become nano-dollars a token. */
static gboolean
read_price(GKeyFile *file, const gchar *group, const gchar *key, gint64 *out, GError **error)
{
    g_autofree gchar *text = g_key_file_get_string(file, group, key, NULL);
    KwDecimal price, scaled;

    if (text == NULL || !kw_decimal_parse(text, &price, NULL) || kw_decimal_sign(price) < 0 ||
        price.scale > 3 || !kw_decimal_rescale(price, 3, KW_ROUND_HALF_UP, &scaled, NULL) ||
        scaled.mant > 1000000) {
        g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                    "[%s] %s is no price in dollars a million tokens", group, key);
        return FALSE;
    }
    *out = scaled.mant;
    return TRUE;
}

static gboolean
read_model(GKeyFile *file, const gchar *group, KwLlmModel *out, GError **error)
{
    g_autoptr(GError) failure = NULL;

    g_strlcpy(out->id, group, sizeof out->id);
    if (!read_price(file, group, "input", &out->input, error) ||
        !read_price(file, group, "output", &out->output, error) ||
        !read_price(file, group, "write_5m", &out->write_5m, error) ||
        !read_price(file, group, "write_1h", &out->write_1h, error) ||
        !read_price(file, group, "read", &out->read, error))
        return FALSE;
    out->takes_sampling = g_key_file_get_boolean(file, group, "sampling", &failure);
    if (failure == NULL)
        return TRUE;
    g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                "[%s] sampling is neither true nor false", group);
    return FALSE;
}

KwLlmModelTable *
kw_llm_model_table_parse(const gchar *text, GError **error)
{
    g_autoptr(KwLlmModelTable) self = g_new0(KwLlmModelTable, 1);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_auto(GStrv) groups = NULL;

    self->models = g_array_new(FALSE, TRUE, sizeof(KwLlmModel));
    if (g_key_file_load_from_data(file, text, (gsize) -1, G_KEY_FILE_NONE, NULL))
        self->date = g_key_file_get_string(file, "table", "date", NULL);
    if (self->date == NULL) {
        g_set_error_literal(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID,
                            "no key file with a date in [table]");
        return NULL;
    }
    groups = g_key_file_get_groups(file, NULL);
    for (guint i = 0; groups[i] != NULL; i++) {
        KwLlmModel model = {0};

        if (strcmp(groups[i], "table") == 0)
            continue;
        if (!read_model(file, groups[i], &model, error))
            return NULL;
        g_array_append_val(self->models, model);
    }
    return g_steal_pointer(&self);
}

void
kw_llm_model_table_free(KwLlmModelTable *self)
{
    if (self == NULL)
        return;
    g_free(self->date);
    g_clear_pointer(&self->models, g_array_unref);
    g_free(self);
}

const gchar *
kw_llm_model_table_get_date(const KwLlmModelTable *self)
{
    return self->date;
}

const KwLlmModel *
kw_llm_model_table_find(const KwLlmModelTable *self, const gchar *id)
{
    const KwLlmModel *best = NULL;

    for (guint i = 0; i < self->models->len; i++) {
        const KwLlmModel *model = &g_array_index(self->models, KwLlmModel, i);

        if (g_str_has_prefix(id, model->id) &&
            (best == NULL || strlen(model->id) > strlen(best->id)))
            best = model;
    }
    return best;
}
