#include "kw-trial-log.h"

#include "kw-error.h"
#include "kw-json.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_BYTES ((gsize) 256 << 20)

struct _KwTrialLog {
    GOutputStream *out; /* owned */
    GArray *trials;     /* of KwTrial, owned */
    guint n_params;
};

/* -- lines -- */

gchar *
kw_trial_to_line(const KwTrial *trial, guint n_params)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();

    (void) json_builder_begin_object(b);
    kw_json_add_int(b, "trial", trial->index);
    (void) json_builder_set_member_name(b, "values");
    (void) json_builder_begin_array(b);
    for (guint i = 0; i < n_params; i++)
        (void) json_builder_add_double_value(b, trial->values[i]);
    (void) json_builder_end_array(b);
    kw_json_add_double(b, "loss", trial->loss);
    kw_json_add_int(b, "trades", trial->n_trades);
    kw_json_add_double(b, "profit", trial->profit_total);
    kw_json_add_double(b, "drawdown", trial->drawdown);
    kw_json_add_double(b, "winrate", trial->winrate);
    kw_json_add_double(b, "sharpe", trial->sharpe);
    (void) json_builder_end_object(b);
    return kw_json_builder_to_text(b);
}

static gboolean
read_values(JsonArray *values, guint n_params, KwTrial *out, GError **error)
{
    if (json_array_get_length(values) != n_params) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "values: another number of parameters");
        return FALSE;
    }
    for (guint i = 0; i < n_params; i++)
        if (!kw_json_at_double(values, i, &out->values[i], error))
            return FALSE;
    return TRUE;
}

static gboolean
read_count(JsonObject *object, const gchar *name, gint64 *out, GError **error)
{
    if (!kw_json_get_int(object, name, out, error))
        return FALSE;
    if (*out >= 0 && *out <= G_MAXINT)
        return TRUE;
    g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: out of range", name);
    return FALSE;
}

gboolean
kw_trial_from_line(const gchar *line, guint n_params, KwTrial *out, GError **error)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(line, -1, error);
    JsonObject *object = root != NULL ? kw_json_root_object(root, error) : NULL;
    JsonArray *values = NULL;
    KwTrial trial = {0};
    gint64 index = 0, n_trades = 0;

    if (object == NULL || !read_count(object, "trial", &index, error) ||
        !kw_json_get_array(object, "values", &values, error) ||
        !read_values(values, n_params, &trial, error) ||
        !kw_json_get_double(object, "loss", &trial.loss, error) ||
        !read_count(object, "trades", &n_trades, error) ||
        !kw_json_get_double(object, "profit", &trial.profit_total, error) ||
        !kw_json_get_double(object, "drawdown", &trial.drawdown, error) ||
        !kw_json_get_double(object, "winrate", &trial.winrate, error) ||
        !kw_json_get_double(object, "sharpe", &trial.sharpe, error))
        return FALSE;
    trial.index = (guint) index;
    trial.n_trades = (guint) n_trades;
    *out = trial;
    return TRUE;
}

/* -- the file -- */

static gboolean
fail_io(GError **error, const GError *inner)
{
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
    return FALSE;
}

static gboolean
write_line(KwTrialLog *self, const gchar *line, GError **error)
{
    g_autofree gchar *text = g_strconcat(line, "\n", NULL);
    g_autoptr(GError) inner = NULL;

    if (g_output_stream_write_all(self->out, text, strlen(text), NULL, NULL, &inner) &&
        g_output_stream_flush(self->out, NULL, &inner))
        return TRUE;
    return fail_io(error, inner);
}

/* Takes the whole lines of @text; what follows the last line end is cut off. */
static gboolean
read_lines(KwTrialLog *self, const gchar *text, const gchar *header, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n_lines = g_strv_length(lines);

    if (n_lines < 2)
        return TRUE;
    if (strcmp(lines[0], header) != 0) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                            "the file is of another search: strategy, candles, period, loss, "
                            "search and seed must be the same");
        return FALSE;
    }
    for (guint i = 1; i + 1 < n_lines; i++) {
        KwTrial trial;

        if (!kw_trial_from_line(lines[i], self->n_params, &trial, error)) {
            g_prefix_error(error, "line %u: ", i + 1);
            return FALSE;
        }
        if (trial.index == self->trials->len)
            g_array_append_val(self->trials, trial);
    }
    return TRUE;
}

static gboolean
read_file(KwTrialLog *self, const gchar *path, const gchar *header, GError **error)
{
    g_autofree gchar *text = NULL;
    g_autoptr(GError) inner = NULL;
    gsize length = 0;

    if (!g_file_get_contents(path, &text, &length, &inner))
        return g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
               fail_io(error, inner);
    if (length > MAX_BYTES || strlen(text) != length) {
        g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT,
                            "the file is no list of trials");
        return FALSE;
    }
    return read_lines(self, text, header, error);
}

/* What was read is written anew, so that a line that was cut off is gone. */
static gboolean
start_file(KwTrialLog *self, const gchar *path, const gchar *header, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GString) text = g_string_new(header);
    g_autoptr(GError) inner = NULL;

    g_string_append_c(text, '\n');
    for (guint i = 0; i < self->trials->len; i++) {
        g_autofree gchar *line =
            kw_trial_to_line(&g_array_index(self->trials, KwTrial, i), self->n_params);

        g_string_append_printf(text, "%s\n", line);
    }
    if (!g_file_set_contents(path, text->str, (gssize) text->len, &inner))
        return fail_io(error, inner);
    self->out = G_OUTPUT_STREAM(g_file_append_to(file, G_FILE_CREATE_NONE, NULL, &inner));
    return self->out != NULL || fail_io(error, inner);
}

KwTrialLog *
kw_trial_log_open(const gchar *path, const gchar *header, guint n_params, GError **error)
{
    g_autoptr(KwTrialLog) self = g_new0(KwTrialLog, 1);

    g_return_val_if_fail(path != NULL && header != NULL, NULL);
    g_return_val_if_fail(n_params <= KW_TRIAL_MAX_PARAMS, NULL);

    self->n_params = n_params;
    self->trials = g_array_new(FALSE, FALSE, sizeof(KwTrial));
    if (!read_file(self, path, header, error) || !start_file(self, path, header, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&self);
}

gchar *
kw_trial_log_read_header(const gchar *path)
{
    g_autofree gchar *text = NULL;
    const gchar *end;

    g_return_val_if_fail(path != NULL, NULL);

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    end = strchr(text, '\n');
    return end != NULL ? g_strndup(text, (gsize) (end - text)) : NULL;
}

void
kw_trial_log_free(KwTrialLog *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->out);
    g_array_unref(self->trials);
    g_free(self);
}

const GArray *
kw_trial_log_get_trials(const KwTrialLog *self)
{
    return self->trials;
}

gboolean
kw_trial_log_add(KwTrialLog *self, const KwTrial *trial, GError **error)
{
    g_autofree gchar *line = NULL;

    g_return_val_if_fail(self != NULL && trial != NULL, FALSE);

    line = kw_trial_to_line(trial, self->n_params);
    if (!write_line(self, line, error))
        return FALSE;
    g_array_append_val(self->trials, *trial);
    return TRUE;
}
