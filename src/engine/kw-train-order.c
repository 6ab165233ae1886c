/* kw-train-order.c: from a version in use to the command that trains the next one
 *
 * The period moves and does not grow: else each training would take longer than the one
 * before. Of the figures kept beside the model only numbers are taken over, by name, as they
 * may come from another machine. */
#include "kw-train-order.h"

#include "kw-date.h"
#include "kw-json.h"
#include "kw-timeframe.h"

#define FILE_FEATURES "features.ini"
#define FILE_METRICS "metrics.json"

static const struct {
    const gchar *member, *option;
} recipe[] = {
    {"rounds", "--rounds"},       {"depth", "--depth"},         {"eta", "--eta"},
    {"seed", "--seed"},           {"test_days", "--test-days"}, {"train_days", "--train-days"},
    {"step_days", "--step-days"},
};

/* Takes over @value. */
static void
add(GPtrArray *words, const gchar *option, gchar *value)
{
    g_ptr_array_add(words, g_strdup(option));
    g_ptr_array_add(words, value);
}

/* Models of before this was kept have none: they are trained as usual. */
static void
add_recipe(GPtrArray *words, const gchar *folder)
{
    g_autofree gchar *path = g_build_filename(folder, FILE_METRICS, NULL);
    g_autofree gchar *text = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *object, *made = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    root = kw_json_parse_text(text, -1, NULL);
    object = root != NULL ? kw_json_root_object(root, NULL) : NULL;
    if (object == NULL || !kw_json_get_object(object, "recipe", &made, NULL))
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(recipe); i++) {
        gchar number[G_ASCII_DTOSTR_BUF_SIZE];
        gdouble value = 0;

        if (kw_json_get_double(made, recipe[i].member, &value, NULL))
            add(words, recipe[i].option,
                g_strdup(g_ascii_formatd(number, sizeof number, "%.10g", value)));
    }
}

static gchar *
day_text(gint64 time_us)
{
    gchar text[KW_DATE_TEXT_SIZE];

    return g_strdup(kw_date_to_text(kw_date_from_days(time_us / G_TIME_SPAN_DAY), text));
}

GStrv
kw_train_order_to_words(const KwTrainOrder *self, const KwModelFacts *facts)
{
    GPtrArray *words = g_ptr_array_new();
    gint64 length_us = facts->data_end_us - facts->data_begin_us;
    gint64 horizon = facts->horizon_us / facts->timeframe_us;

    g_ptr_array_add(words, g_strdup("train"));
    g_ptr_array_add(words, g_strdup("--json"));
    g_ptr_array_add(words, g_strdup("--resume"));
    g_ptr_array_add(words, g_strdup("--promote-if-passed"));
    add(words, "--root", g_strdup(self->root));
    add(words, "--name", g_strdup(facts->name));
    add(words, "--pairs", g_strdup(facts->pairs));
    add(words, "--timeframe", g_strdup(kw_timeframe_to_string(facts->timeframe_us)));
    add(words, "--label", g_strdup(kw_label_kind_to_string(facts->label)));
    add(words, "--horizon", g_strdup_printf("%" G_GINT64_FORMAT, horizon));
    add(words, "--features", g_build_filename(self->folder, FILE_FEATURES, NULL));
    add(words, "--from", day_text(self->now_us - length_us));
    add(words, "--to", day_text(self->now_us));
    if (self->strategy != NULL)
        add(words, "--strategy", g_strdup(self->strategy));
    if (self->config != NULL)
        add(words, "--config", g_strdup(self->config));
    /* waiting entries, if configured, could only be judged by candles of a minute */
    add(words, "--entry-order", g_strdup("market"));
    if (self->max_mb > 0)
        add(words, "--memory", g_strdup_printf("%u", self->max_mb));
    add_recipe(words, self->folder);
    g_ptr_array_add(words, NULL);
    return (GStrv) g_ptr_array_free(words, FALSE);
}
