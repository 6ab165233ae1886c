#include "kw-train-page.h"

#include "kw-fault-text.h"
#include "kw-gate-page.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-trade-stats.h"
#include "kw-walk-page.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define STEP_WIDTH 44 /* characters of the longest text of a step */

static const struct {
    const gchar *name, *text;
} steps[KW_TRAIN_N_STEPS] = {
    [KW_TRAIN_STEP_DATA] = {"data", N_("candles read and checked")},
    [KW_TRAIN_STEP_FEATURES] = {"features", N_("features and labels computed")},
    [KW_TRAIN_STEP_TRAIN] = {"train", N_("trees grown")},
    [KW_TRAIN_STEP_CALIBRATE] = {"calibrate", N_("calibrated and judged on unseen rows")},
    [KW_TRAIN_STEP_WALK] = {"walk", N_("walked forward, window by window")},
    [KW_TRAIN_STEP_BACKTEST] = {"backtest", N_("backtest on unseen candles")},
    [KW_TRAIN_STEP_REGISTRY] = {"registry", N_("kept in the registry")},
};

static const gchar *const refusals[] = {
    [KW_MODEL_REFUSAL_ABSENT] = N_("there is no such model"),
    [KW_MODEL_REFUSAL_MANIFEST] = N_("the model's list of files is missing or damaged"),
    [KW_MODEL_REFUSAL_HASH] = N_("a file of the model was changed or is missing"),
    [KW_MODEL_REFUSAL_FORMAT] = N_("a file of the model cannot be used"),
    [KW_MODEL_REFUSAL_FEATURES] = N_("model and features do not fit each other"),
    [KW_MODEL_REFUSAL_PROBE] = N_("the model predicts other values than in training"),
    [KW_MODEL_REFUSAL_NAN] = N_("the model gives no numbers"),
    [KW_MODEL_REFUSAL_SYNTHETIC] = N_("the model was trained on synthetic candles"),
    [KW_MODEL_REFUSAL_GATE] = N_("the model has not passed the gate"),
    [KW_MODEL_REFUSAL_NEVER] = N_("that version was never in use"),
    [KW_MODEL_REFUSAL_IO] = N_("the model cannot be written"),
};

void
kw_train_outcome_clear(KwTrainOutcome *self)
{
    g_clear_pointer(&self->walk, kw_walk_free);
    kw_gate_input_clear(&self->result);
    g_clear_pointer(&self->refusal, g_free);
}

const gchar *
kw_train_step_to_string(KwTrainStep step)
{
    return steps[step].name;
}

void
kw_train_page_print_step(KwTrainStep step, gint64 took_us, KwFormat *format)
{
    const gchar *text = _(steps[step].text);
    gint n_blanks = STEP_WIDTH - (gint) g_utf8_strlen(text, -1);

    g_printerr("  %s%*s %6s s\n", text, MAX(n_blanks, 0), "",
               kw_format_number(format, (gdouble) took_us / G_USEC_PER_SEC, 1));
}

/* What a step has come to */
static void
log_result(const KwTrainOutcome *outcome, KwTrainStep step, GString *log)
{
    const KwTrainingFigures *figures = outcome->figures;
    gchar version[KW_MODEL_VERSION_TEXT_SIZE];

    switch (step) {
    case KW_TRAIN_STEP_DATA:
        break;
    case KW_TRAIN_STEP_REGISTRY:
        g_string_append_printf(log, "version=%s promoted=%s",
                               kw_model_version_to_text(outcome->version, version),
                               outcome->promoted ? "yes" : "no");
        break;
    case KW_TRAIN_STEP_FEATURES:
        g_string_append_printf(
            log, "rows=%" G_GSIZE_FORMAT " unknown=%" G_GSIZE_FORMAT " constant=%u",
            figures->n_rows, figures->n_unknown, figures->n_constant);
        break;
    case KW_TRAIN_STEP_TRAIN:
        g_string_append_printf(log, "trees=%u valid=%.6g", figures->rounds, figures->valid);
        break;
    case KW_TRAIN_STEP_CALIBRATE:
        g_string_append_printf(log, "accuracy=%.4f calibration_error=%.4f",
                               figures->scores.accuracy, figures->calibration_error);
        break;
    case KW_TRAIN_STEP_WALK:
        g_string_append_printf(
            log, "windows=%u resumed=%u accuracy=%.4f calibration_error=%.4f",
            outcome->walk->windows->len, outcome->walk->n_resumed,
            outcome->walk->scores.accuracy, outcome->walk->calibration_error);
        break;
    case KW_TRAIN_STEP_BACKTEST:
        g_string_append_printf(log, "trades=%u profit=%.6f gate=%s", outcome->result.n_trades,
                               outcome->result.profit, outcome->passed ? "pass" : "fail");
        break;
    }
}

gchar *
kw_train_page_dup_result(const KwTrainOutcome *outcome, KwTrainStep step)
{
    GString *out = g_string_new(NULL);

    log_result(outcome, step, out);
    return g_string_free(out, FALSE);
}

void
kw_train_page_log_step(const KwTrainOutcome *outcome,
                       KwTrainStep step,
                       gint64 now_us,
                       GString *log)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);
    g_autofree gchar *text = g_date_time_format_iso8601(now);
    g_autofree gchar *result = kw_train_page_dup_result(outcome, step);

    g_string_append_printf(log, "%s step=%s seconds=%.3f", text, steps[step].name,
                           (gdouble) outcome->step_us[step] / G_USEC_PER_SEC);
    g_string_append_printf(log, "%s%s\n", *result != '\0' ? " " : "", result);
}

gchar *
kw_train_page_refusal_text(const GError *error)
{
    if (error->domain != KW_MODEL_REFUSAL || error->code < 0 ||
        error->code >= (gint) G_N_ELEMENTS(refusals))
        return kw_fault_text(error->message);
    if (error->code == KW_MODEL_REFUSAL_SYNTHETIC || error->code == KW_MODEL_REFUSAL_GATE ||
        error->code == KW_MODEL_REFUSAL_NEVER) /* the message knows no more than that */
        return g_strdup(_(refusals[error->code]));
    return g_strdup_printf("%s (%s)", _(refusals[error->code]), error->message);
}

static void
append_rows(GString *out, const KwTrainingFigures *figures, KwFormat *format)
{
    g_string_append_printf(
        out,
        _("Rows: %s usable, %s not (unknown values); training %s, validation %s, test %s\n"),
        kw_format_number(format, (gdouble) figures->n_rows, 0),
        kw_format_number(format, (gdouble) figures->n_unknown, 0),
        kw_format_number(format, (gdouble) figures->n_train, 0),
        kw_format_number(format, (gdouble) figures->n_valid, 0),
        kw_format_number(format, (gdouble) figures->n_test, 0));
    if (figures->n_constant > 0)
        g_string_append_printf(out, _("Mind: %u features never change\n"), figures->n_constant);
    if (figures->leaked)
        g_string_append_printf(out, "%s\n", _("Mind: training rows reach into the test"));
}

static void
append_skill(GString *out, const KwTrainingFigures *figures, KwFormat *format)
{
    gdouble low, high;

    kw_stats_wilson(figures->n_right, (guint) figures->n_test, &low, &high);
    g_string_append_printf(
        out, _("Model: %u trees; error on the test %s, without a model %s; correlation %s\n"),
        figures->rounds, kw_format_number(format, figures->test_error, 5),
        kw_format_number(format, figures->naive_error, 5),
        kw_format_number(format, figures->correlation, 3));
    g_string_append_printf(out,
                           _("Direction right in %s %% of the rows (at best %s to %s: "
                             "neighbouring rows overlap)\n"),
                           kw_format_number(format, 100 * figures->scores.accuracy, 1),
                           kw_format_number(format, 100 * low, 1),
                           kw_format_number(format, 100 * high, 1));
    g_string_append_printf(out, _("Calibration error %s points; tiers: %s\n"),
                           kw_format_number(format, 100 * figures->calibration_error, 1),
                           kw_walk_page_verdict_text(figures->tiers.verdict));
}

gchar *
kw_train_page_to_text(const KwTrainOutcome *outcome, KwFormat *format)
{
    GString *out = g_string_new(NULL);
    gchar version[KW_MODEL_VERSION_TEXT_SIZE];
    g_autofree gchar *gate = kw_gate_page_to_text(&outcome->result, outcome->lines,
                                                  outcome->n_lines, &outcome->limits);

    append_rows(out, outcome->figures, format);
    append_skill(out, outcome->figures, format);
    g_string_append_c(out, '\n');
    kw_walk_page_print(outcome->walk, out, format);
    g_string_append_printf(out, "\n%s\n%s %s\n", gate, _("Version:"),
                           kw_model_version_to_text(outcome->version, version));
    if (outcome->promoted)
        g_string_append_printf(out, "%s\n", _("It is in use from now on."));
    else if (outcome->refusal != NULL)
        g_string_append_printf(out, "%s %s\n", _("Not in use:"), outcome->refusal);
    return g_string_free(out, FALSE);
}

/* What a retraining takes over */
static void
add_recipe(const KwTrainRecipe *recipe, gint64 test_us, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "recipe");
    json_builder_begin_object(builder);
    kw_json_add_int(builder, "rounds", recipe->rounds);
    kw_json_add_int(builder, "depth", recipe->depth);
    kw_json_add_double(builder, "eta", recipe->eta);
    kw_json_add_int(builder, "seed", recipe->params.seed);
    kw_json_add_int(builder, "test_days", test_us / G_TIME_SPAN_DAY);
    kw_json_add_int(builder, "train_days", recipe->train_days);
    kw_json_add_int(builder, "step_days", recipe->step_days);
    json_builder_end_object(builder);
}

static void
add_times(const KwTrainOutcome *outcome, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "seconds");
    json_builder_begin_object(builder);
    for (guint i = 0; i < KW_TRAIN_N_STEPS; i++)
        kw_json_add_double(builder, steps[i].name,
                           (gdouble) outcome->step_us[i] / G_USEC_PER_SEC);
    json_builder_end_object(builder);
}

/* A model has no number before it is in the registry (the first is 1.0.0) */
static void
add_place(const KwTrainOutcome *outcome, JsonBuilder *builder)
{
    gchar version[KW_MODEL_VERSION_TEXT_SIZE];

    if (outcome->version.major == 0)
        return;
    kw_json_add_string(builder, "version", kw_model_version_to_text(outcome->version, version));
    kw_json_add_bool(builder, "promoted", outcome->promoted);
}

/* The curve of the calibration, as the chat shows it */
static void
add_bins(const KwTrainingFigures *figures, JsonBuilder *builder)
{
    json_builder_set_member_name(builder, "calibration");
    json_builder_begin_array(builder);
    for (guint i = 0; i < figures->n_bins; i++) {
        const KwReliabilityBin *bin = &figures->bins[i];

        json_builder_begin_object(builder);
        kw_json_add_double(builder, "predicted", bin->mean_p);
        kw_json_add_int(builder, "came_true", (gint64) round(bin->share * (gdouble) bin->n));
        kw_json_add_int(builder, "n", (gint64) bin->n);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

gchar *
kw_train_page_to_json(const KwTrainOutcome *outcome)
{
    const KwTrainingFigures *figures = outcome->figures;
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    add_place(outcome, builder);
    kw_json_add_int(builder, "rows", (gint64) figures->n_rows);
    kw_json_add_int(builder, "unknown", (gint64) figures->n_unknown);
    kw_json_add_int(builder, "train", (gint64) figures->n_train);
    kw_json_add_int(builder, "valid", (gint64) figures->n_valid);
    kw_json_add_int(builder, "test", (gint64) figures->n_test);
    kw_json_add_int(builder, "test_begin_us", outcome->fold.test.begin_us);
    kw_json_add_int(builder, "test_end_us", outcome->fold.test.end_us);
    kw_json_add_int(builder, "trees", figures->rounds);
    kw_json_add_double(builder, "test_error", figures->test_error);
    kw_json_add_double(builder, "naive_error", figures->naive_error);
    kw_json_add_double(builder, "correlation", figures->correlation);
    kw_json_add_double(builder, "accuracy", figures->scores.accuracy);
    kw_json_add_double(builder, "brier_skill", figures->scores.brier_skill);
    kw_json_add_double(builder, "calibration_error", figures->calibration_error);
    add_bins(figures, builder);
    kw_json_add_bool(builder, "leaked", figures->leaked);
    kw_json_add_int(builder, "trades", outcome->result.n_trades);
    kw_json_add_double(builder, "profit", outcome->result.profit);
    kw_json_add_double(builder, "sortino", outcome->result.sortino);
    kw_json_add_double(builder, "drawdown", outcome->result.drawdown);
    kw_json_add_bool(builder, "passed", outcome->passed);
    if (outcome->walk != NULL) {
        json_builder_set_member_name(builder, "walk_forward");
        json_builder_add_value(builder, kw_walk_page_to_json(outcome->walk));
    }
    json_builder_set_member_name(builder, "gate");
    kw_gate_page_add_criteria(outcome->lines, outcome->n_lines, builder);
    if (outcome->recipe != NULL)
        add_recipe(outcome->recipe, outcome->test_us, builder);
    add_times(outcome, builder);
    json_builder_end_object(builder);
    return kw_json_builder_to_text(builder);
}

gboolean
kw_train_page_add_to_index(const KwTrainOutcome *outcome, const gchar *path, GError **error)
{
    gboolean is_new = !g_file_test(path, G_FILE_TEST_EXISTS);
    GString *line = g_string_new(NULL);
    gchar version[KW_MODEL_VERSION_TEXT_SIZE];
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileOutputStream) stream = NULL;
    g_autofree gchar *text = NULL;

    if (is_new)
        g_string_append(line, "created_us,version,rows,trees,correlation,trades,profit,sortino,"
                              "drawdown,passed,promoted,data_s,features_s,train_s,calibrate_s,"
                              "walk_s,backtest_s,registry_s\n");
    g_string_append_printf(
        line, "%" G_GINT64_FORMAT ",%s,%" G_GSIZE_FORMAT ",%u,%.4f,%u,%.6f,%.4f,%.6f,%d,%d",
        outcome->created_us, kw_model_version_to_text(outcome->version, version),
        outcome->figures->n_rows, outcome->figures->rounds, outcome->figures->correlation,
        outcome->result.n_trades, outcome->result.profit, outcome->result.sortino,
        outcome->result.drawdown, outcome->passed, outcome->promoted);
    for (guint i = 0; i < KW_TRAIN_N_STEPS; i++)
        g_string_append_printf(line, ",%.3f", (gdouble) outcome->step_us[i] / G_USEC_PER_SEC);
    g_string_append_c(line, '\n');
    text = g_string_free(line, FALSE);
    stream = g_file_append_to(file, G_FILE_CREATE_PRIVATE, NULL, error);
    return stream != NULL && g_output_stream_write_all(G_OUTPUT_STREAM(stream), text,
                                                       strlen(text), NULL, NULL, error);
}
