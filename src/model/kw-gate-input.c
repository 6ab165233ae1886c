/* kw-gate-input.c: reads freqtrade's result files, and ours, which have the same shape
 *
 * A file of strangers: read within bounds, members that are needed are checked by type, all
 * others ignored. The drawdown is max_drawdown_account. Files before 2022 have max_drawdown
 * only, a sum of ratios over trades that is no smaller than the share of the account: it is
 * taken when nothing better is there. */
#include "kw-gate-input.h"

#include "kw-error.h"
#include "kw-json.h"
#include "kw-zip.h"

#include <math.h>

#define MS_PER_DAY 86400000.0
#define MAX_MS 4e12 /* the year 2096 */

void
kw_gate_input_clear(KwGateInput *self)
{
    g_clear_pointer(&self->strategy, g_free);
    g_clear_pointer(&self->identity, g_free);
    g_clear_pointer(&self->model, g_free);
    g_clear_pointer(&self->pairs, g_strfreev);
}

/* The result itself, not the configuration or the strategy kept beside it */
static gboolean
is_result(const gchar *name)
{
    return g_str_has_suffix(name, ".json") && !g_str_has_suffix(name, "_config.json") &&
           !g_str_has_suffix(name, ".meta.json");
}

static gdouble
optional_number(JsonObject *object, const gchar *name)
{
    gdouble value = NAN;

    return kw_json_get_double(object, name, &value, NULL) ? value : NAN;
}

/* Told in milliseconds; 0 for what cannot be a time */
static gint64
optional_time_us(JsonObject *object, const gchar *name)
{
    gdouble ms = optional_number(object, name);

    return ms > 0 && ms < MAX_MS ? (gint64) ms * 1000 : 0;
}

static gboolean
read_count(JsonObject *object, const gchar *name, guint *out, GError **error)
{
    gint64 value = 0;

    if (!kw_json_get_int(object, name, &value, error))
        return FALSE;
    if (value < 0 || value > G_MAXINT32) {
        g_set_error(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE, "%s: out of range", name);
        return FALSE;
    }
    *out = (guint) value;
    return TRUE;
}

/* -- Sortino ratio of files that do not have it -- */

/* Numerator over the deviation of losing trades around their own mean, as newer files have it.
 * NaN when the trades are not all there. */
static gdouble
sortino_of_trades(JsonObject *block, guint n_trades)
{
    JsonArray *trades = NULL;
    gdouble capital = optional_number(block, "dry_run_wallet");
    gdouble span =
        optional_number(block, "backtest_end_ts") - optional_number(block, "backtest_start_ts");
    gdouble days = MAX(1, floor(span / MS_PER_DAY));
    gdouble sum = 0, losses = 0, squares = 0, n_losses = 0, mean;

    if (isnan(capital))
        capital = optional_number(block, "starting_balance");
    if (!kw_json_get_array(block, "trades", &trades, NULL) ||
        json_array_get_length(trades) != n_trades || !(capital > 0) || !(span > 0))
        return NAN;
    for (guint i = 0; i < n_trades; i++) {
        JsonObject *trade = NULL;
        gdouble ratio;

        if (!kw_json_at_object(trades, i, &trade, NULL))
            return NAN;
        ratio = optional_number(trade, "profit_abs") / capital;
        sum += ratio;
        if (ratio < 0) {
            n_losses++;
            losses += ratio;
            squares += ratio * ratio;
        }
    }
    mean = losses / n_losses;
    if (!(n_losses >= 2) || !(squares / n_losses - mean * mean > 0))
        return NAN;
    return sum / days / sqrt(squares / n_losses - mean * mean) * sqrt(365);
}

/* -- one strategy -- */

static void
read_classifier(JsonObject *block, KwGateInput *out)
{
    JsonObject *classifier = NULL;

    out->accuracy = out->calibration_error = NAN;
    if (!kw_json_get_object(block, "classifier", &classifier, NULL))
        return;
    if (!read_count(classifier, "n", &out->n_forecasts, NULL))
        return;
    out->accuracy = optional_number(classifier, "accuracy");
    out->calibration_error = optional_number(classifier, "calibration_error");
    (void) kw_json_get_bool(classifier, "leaked", &out->leaked, NULL);
}

static GStrv
read_pairs(JsonObject *block)
{
    g_autoptr(GStrvBuilder) pairs = g_strv_builder_new();
    JsonArray *list = NULL;

    if (!kw_json_get_array(block, "pairlist", &list, NULL))
        return NULL;
    for (guint i = 0; i < json_array_get_length(list); i++) {
        JsonNode *node = json_array_get_element(list, i);

        if (json_node_get_value_type(node) == G_TYPE_STRING)
            g_strv_builder_add(pairs, json_node_get_string(node));
    }
    return g_strv_builder_end(pairs);
}

static void
read_identity(JsonObject *block, KwGateInput *out)
{
    JsonObject *own = NULL;
    const gchar *identity = NULL, *model = NULL;

    if (!kw_json_get_object(block, "kurswart", &own, NULL) ||
        !kw_json_get_string(own, "strategy_hash", &identity, NULL) ||
        !kw_json_get_string(own, "model", &model, NULL))
        return;
    out->identity = g_strdup(identity);
    out->model = g_strdup(model);
}

static gboolean
read_block(JsonObject *block, KwGateInput *out, GError **error)
{
    if (!read_count(block, "total_trades", &out->n_trades, error) ||
        !read_count(block, "wins", &out->wins, error) ||
        !read_count(block, "losses", &out->losses, error) ||
        !read_count(block, "draws", &out->draws, error))
        return FALSE;
    if ((guint64) out->wins + out->losses + out->draws != out->n_trades) {
        g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_RANGE,
                            "total_trades: is not wins + losses + draws");
        return FALSE;
    }
    out->sortino = optional_number(block, "sortino");
    if (isnan(out->sortino))
        out->sortino = sortino_of_trades(block, out->n_trades);
    out->drawdown = optional_number(block, "max_drawdown_account");
    if (isnan(out->drawdown))
        out->drawdown = optional_number(block, "max_drawdown");
    out->profit = optional_number(block, "profit_total");
    out->start_us = optional_time_us(block, "backtest_start_ts");
    out->end_us = optional_time_us(block, "backtest_end_ts");
    read_classifier(block, out);
    read_identity(block, out);
    out->pairs = read_pairs(block);
    return TRUE;
}

/* (transfer full): name of the strategy to judge; %NULL with an error */
static gchar *
choose_strategy(JsonObject *strategies, const gchar *wanted, GError **error)
{
    g_autoptr(GList) names = json_object_get_members(strategies);
    g_autoptr(GString) list = g_string_new(NULL);

    if (wanted == NULL && names != NULL && names->next == NULL)
        return g_strdup(names->data);
    if (wanted != NULL && json_object_has_member(strategies, wanted))
        return g_strdup(wanted);
    for (GList *at = names; at != NULL && list->len < 200; at = at->next) {
        g_autofree gchar *name = g_utf8_make_valid(at->data, -1);

        g_string_append_printf(list, "%s%.40s", list->len > 0 ? ", " : "", name);
    }
    g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT, "%s", list->str);
    return NULL;
}

/* @root: the parsed file */
static gboolean
read_root(JsonNode *root, const gchar *strategy, KwGateInput *out, GError **error)
{
    JsonObject *top = kw_json_root_object(root, error);
    JsonObject *strategies = NULL, *block = NULL;
    g_autofree gchar *name = NULL;

    if (top == NULL || !kw_json_get_object(top, "strategy", &strategies, error))
        return FALSE;
    name = choose_strategy(strategies, strategy, error);
    if (name == NULL || !kw_json_get_object(strategies, name, &block, error) ||
        !read_block(block, out, error))
        return FALSE;
    out->strategy = g_steal_pointer(&name);
    return TRUE;
}

gboolean
kw_gate_input_parse(GBytes *bytes, const gchar *strategy, KwGateInput *out, GError **error)
{
    g_autoptr(GBytes) content = NULL;
    g_autoptr(JsonNode) root = NULL;
    g_autoptr(GError) cause = NULL;
    KwGateInput result = {0};

    if (kw_zip_is_zip(bytes))
        content = kw_zip_read(bytes, is_result, KW_GATE_INPUT_MAX_BYTES, error);
    else
        content = g_bytes_ref(bytes);
    if (content == NULL)
        return FALSE;
    root = kw_json_parse(content, &cause);
    if (root != NULL && read_root(root, strategy, &result, &cause)) {
        *out = result;
        return TRUE;
    }
    if (cause->domain == KW_MODEL_ERROR)
        g_propagate_error(error, g_steal_pointer(&cause));
    else
        g_set_error(error, KW_MODEL_ERROR, KW_MODEL_ERROR_FORMAT, "%s", cause->message);
    return FALSE;
}
