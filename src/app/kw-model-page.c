/* kw-model-page.c: a version for people
 *
 * Figures come from the two files that the training has left in the folder: metrics.json, whose
 * raw form is what --json prints, and the backtest result, which the gate judges once more: so
 * the page never says something else than the gate would today. */
#include "kw-model-page.h"

#include "kw-data-page.h"
#include "kw-gate-page.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lab-table.h"
#include "kw-timeframe.h"

#include <math.h>

#define FILE_METRICS "metrics.json"
#define FILE_RESULT "backtest-result.json"

typedef struct {
    GString *out;
    KwFormat *format;
    const KwModel *model;
    const KwModelFacts *facts;
} Page;

static void
add(const Page *page, const gchar *name, gchar *text)
{
    kw_lab_table_pair(page->out, name, text);
    g_free(text);
}

static const gchar *
count(const Page *page, gdouble value)
{
    return kw_format_number(page->format, value, 0);
}

/* -- what it was made of -- */

static gchar *
describe_label(const KwModelFacts *facts)
{
    static const gchar *const labels[] = {
        [KW_LABEL_RETURN] = N_("return"),
        [KW_LABEL_DIRECTION] = N_("direction"),
        [KW_LABEL_TREND] = N_("trend"),
    };

    return g_strdup_printf(_("%s of the next %u candles"), _(labels[facts->label]),
                           (guint) (facts->horizon_us / facts->timeframe_us));
}

static void
add_facts(const Page *page)
{
    const KwModelFacts *facts = page->facts;
    gboolean is_real = g_str_equal(facts->source, "exchange");
    gchar from[KW_UTC_TEXT_SIZE], to[KW_UTC_TEXT_SIZE];

    add(page, _("Pairs"),
        g_strdup_printf("%s, %s", facts->pairs, kw_timeframe_to_string(facts->timeframe_us)));
    add(page, _("Candles"),
        g_strdup_printf(is_real ? _("%s to %s UTC, of an exchange")
                                : _("%s to %s UTC, made up: never in use"),
                        kw_data_page_minute(facts->data_begin_us, from),
                        kw_data_page_minute(facts->data_end_us, to)));
    add(page, _("Learned"), describe_label(facts));
    add(page, _("Trained"), g_strdup(kw_format_time(page->format, facts->created_us)));
    add(page, _("Features"),
        g_strdup_printf("%u",
                        kw_feature_list_get_n_features(kw_model_get_features(page->model))));
}

/* -- figures -- */

static gdouble
read_number(JsonObject *object, const gchar *name)
{
    gdouble value = NAN;

    return kw_json_get_double(object, name, &value, NULL) ? value : (gdouble) NAN;
}

static gchar *
percent(const Page *page, gdouble ratio)
{
    return g_strdup(kw_format_percent(page->format, ratio));
}

static void
add_test(const Page *page, JsonObject *metrics)
{
    add(page, _("Rows"),
        g_strdup_printf(_("%s usable; training %s, validation %s, test %s"),
                        count(page, read_number(metrics, "rows")),
                        count(page, read_number(metrics, "train")),
                        count(page, read_number(metrics, "valid")),
                        count(page, read_number(metrics, "test"))));
    add(page, _("Trees"), g_strdup(count(page, read_number(metrics, "trees"))));
    add(page, _("Direction right"), percent(page, read_number(metrics, "accuracy")));
    add(page, _("Calibration error"),
        g_strdup_printf(_("%s points"),
                        kw_format_number(page->format,
                                         100 * read_number(metrics, "calibration_error"), 1)));
}

static void
add_walk(const Page *page, JsonObject *metrics)
{
    JsonObject *walk = NULL;
    JsonArray *windows = NULL;
    gdouble n;

    if (!kw_json_get_object(metrics, "walk_forward", &walk, NULL) ||
        !kw_json_get_array(walk, "windows_us", &windows, NULL))
        return;
    n = read_number(walk, "forecasts");
    add(page, _("Walk-forward"),
        g_strdup_printf(
            _("%u windows, %s forecasts; direction right in %s, the price rose in %s"),
            json_array_get_length(windows), count(page, n),
            kw_format_percent(page->format, read_number(walk, "accuracy")),
            kw_format_percent(page->format, read_number(walk, "rises") / n)));
}

/* (transfer full): %NULL when the training has left no figures */
static JsonNode *
load_metrics(const gchar *folder)
{
    g_autofree gchar *path = g_build_filename(folder, FILE_METRICS, NULL);
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *metrics;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    root = kw_json_parse_text(text, -1, NULL);
    metrics = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (metrics == NULL || !json_object_has_member(metrics, "rows"))
        return NULL;
    return g_steal_pointer(&root);
}

/* -- the verdict -- */

/* What the gate asks of a classifier besides its trades */
static void
add_forecasts(const KwModelFacts *facts, JsonNode *metrics, KwGateInput *input)
{
    JsonObject *walk = NULL;

    if (facts->label != KW_LABEL_DIRECTION || metrics == NULL ||
        !kw_json_get_object(json_node_get_object(metrics), "walk_forward", &walk, NULL))
        return;
    input->n_forecasts = (guint) read_number(walk, "forecasts");
    input->accuracy = read_number(walk, "accuracy");
    input->calibration_error = read_number(walk, "calibration_error");
    (void) kw_json_get_bool(walk, "leaked", &input->leaked, NULL);
}

static void
add_gate(const Page *page, const gchar *folder, JsonNode *metrics)
{
    const KwGateLimits limits = KW_GATE_LIMITS_USUAL;
    g_autofree gchar *path = g_build_filename(folder, FILE_RESULT, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    g_autoptr(GBytes) bytes = file != NULL ? g_mapped_file_get_bytes(file) : NULL;
    g_auto(KwGateInput) input = {0};
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n_lines = 0;
    g_autofree gchar *text = NULL;

    if (bytes == NULL || !kw_gate_input_parse(bytes, NULL, &input, NULL)) {
        g_string_append_printf(page->out, "\n%s\n",
                               page->facts->passed_gate ? _("gate passed")
                                                        : _("gate not passed"));
        return;
    }
    add_forecasts(page->facts, metrics, &input);
    (void) kw_gate_judge(&input, &limits, lines, &n_lines);
    text = kw_gate_page_to_text(&input, lines, n_lines, &limits);
    g_string_append_printf(page->out, "\n%s", text);
}

gchar *
kw_model_page_to_text(const KwModel *model, const gchar *folder, KwFormat *format)
{
    const Page page = {.out = g_string_new(NULL),
                       .format = format,
                       .model = model,
                       .facts = kw_model_get_facts(model)};
    g_autoptr(JsonNode) metrics = load_metrics(folder);

    add_facts(&page);
    if (metrics != NULL) {
        add_test(&page, json_node_get_object(metrics));
        add_walk(&page, json_node_get_object(metrics));
    }
    add(&page, _("Hash of the trees"), g_strdup(kw_model_get_trees_hash(model)));
    add(&page, _("Hash of the version"), g_strdup(kw_model_get_hash(model)));
    add(&page, _("Folder"), g_strdup(folder));
    add_gate(&page, folder, metrics);
    return g_string_free(page.out, FALSE);
}

gchar *
kw_model_page_dup_line(const KwModel *model)
{
    const KwModelFacts *facts = kw_model_get_facts(model);
    const gchar *verdict = facts->passed_gate ? _("gate passed") : _("gate not passed");
    gchar from[KW_UTC_TEXT_SIZE], to[KW_UTC_TEXT_SIZE];

    if (!g_str_equal(facts->source, "exchange"))
        verdict = _("made up candles");
    return g_strdup_printf(_("%s %s  %s .. %s  %s  trees %.12s"), facts->pairs,
                           kw_timeframe_to_string(facts->timeframe_us),
                           kw_data_page_minute(facts->data_begin_us, from),
                           kw_data_page_minute(facts->data_end_us, to), verdict,
                           kw_model_get_trees_hash(model));
}
