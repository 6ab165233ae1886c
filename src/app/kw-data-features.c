/* kw-data-features.c: features of candle files into a file that training maps
 *
 * The first candle file is the pair that is predicted, further ones are those that the list
 * asks for by name. What is written is read back and checked before it is called done. */
#include "kw-data-features.h"

#include "kw-cli.h"
#include "kw-config-problem.h"
#include "kw-data-page.h"
#include "kw-dataset.h"
#include "kw-feature-file.h"
#include "kw-i18n.h"
#include "kw-timeframe.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sysexits.h>

#define STANDARD_LIST "standard"
#define RESOURCE_FOLDER "/kurswart/features"
#define MAX_THREADS 2

typedef struct {
    gchar *features, *out, *show; /* owned; options */
    gboolean is_json;
} Wish;

typedef struct {
    const Wish *wish;
    KwFeatureList *list;     /* owned */
    GPtrArray *files;        /* of owned KwCandleFile, in the order of the list's pairs */
    KwFeatureMatrix *matrix; /* owned */
    KwFeatureOrigin origin;
} Job;

static void
job_clear(Job *job)
{
    g_clear_pointer(&job->list, kw_feature_list_unref);
    g_clear_pointer(&job->files, g_ptr_array_unref);
    g_clear_pointer(&job->matrix, kw_feature_matrix_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* -- the list -- */

/* (transfer full): the file @name, or the compiled-in list of that name */
static GBytes *
find_list(const gchar *name)
{
    g_autofree gchar *resource = g_strdup_printf(RESOURCE_FOLDER "/%s.ini", name);
    gchar *text = NULL;
    gsize length = 0;

    if (g_file_get_contents(name, &text, &length, NULL))
        return g_bytes_new_take(text, length);
    return g_resources_lookup_data(resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static int
load_list(Job *job)
{
    const gchar *name = job->wish->features != NULL ? job->wish->features : STANDARD_LIST;
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(GBytes) text = find_list(name);

    if (text == NULL) {
        g_autofree gchar *message = g_strdup_printf(
            _("there is no feature list %s; name a file, or \"standard\""), name);

        return kw_data_page_fail(EX_NOINPUT, message);
    }
    job->list = kw_feature_list_load_bytes(name, text, problems);
    return job->list != NULL ? 0 : kw_cli_report_problems(problems);
}

/* -- the candles -- */

/* Place of @pair in the list's pairs; -1 when it is not asked for */
static gint
place_of_pair(const KwFeatureList *list, const gchar *pair)
{
    for (guint i = 0; i < kw_feature_list_get_n_pairs(list); i++) {
        if (strcmp(kw_feature_list_get_pair(list, i), pair) == 0)
            return (gint) i;
    }
    return -1;
}

/* (transfer full) */
static KwCandleFile *
load_candles(Job *job, const gchar *path, KwDatasetName *name, GError **error)
{
    KwCandleFileOptions options = {0};
    KwCandleFile *file;

    if (!kw_dataset_parse_name(path, name, error))
        return NULL;
    options.timeframe_us = name->timeframe_us;
    file = kw_candle_file_load(path, &options, error);
    if (file != NULL)
        job->origin.is_synthetic |= file->synthetic;
    return file;
}

static int
complain_of_file(const gchar *path, const gchar *text)
{
    g_autofree gchar *message = g_strdup_printf("%s: %s", path, text);

    return kw_data_page_fail(KW_DATA_EXIT_USAGE, message);
}

static int
load_other(Job *job, const gchar *path)
{
    g_autoptr(GError) error = NULL;
    KwDatasetName name;
    g_autoptr(KwCandleFile) file = load_candles(job, path, &name, &error);
    gint place;

    if (file == NULL)
        return kw_data_page_fail_as(EX_DATAERR, error);
    place = place_of_pair(job->list, name.pair.name);
    if (place < 0)
        return complain_of_file(path, _("the feature list does not ask for this pair"));
    if (name.timeframe_us != job->origin.timeframe_us)
        return complain_of_file(path, _("another timeframe than the first file"));
    g_clear_pointer(&job->files->pdata[place + 1], kw_candle_file_free);
    job->files->pdata[place + 1] = g_steal_pointer(&file);
    return 0;
}

static int
load_all(Job *job, int n_files, char **files)
{
    g_autoptr(GError) error = NULL;
    KwDatasetName name;
    int status = 0;

    job->files = g_ptr_array_new_with_free_func((GDestroyNotify) kw_candle_file_free);
    g_ptr_array_set_size(job->files, (gint) kw_feature_list_get_n_pairs(job->list) + 1);
    job->files->pdata[0] = load_candles(job, files[0], &name, &error);
    if (job->files->pdata[0] == NULL)
        return kw_data_page_fail_as(EX_DATAERR, error);
    (void) g_strlcpy(job->origin.pair, name.pair.name, sizeof job->origin.pair);
    job->origin.timeframe_us = name.timeframe_us;
    for (int i = 1; i < n_files && status == 0; i++)
        status = load_other(job, files[i]);
    return status;
}

/* -- the features -- */

static int
compute(Job *job)
{
    guint n_pairs = kw_feature_list_get_n_pairs(job->list);
    g_autofree const KwSeries **others = g_new0(const KwSeries *, n_pairs + 1);
    const KwCandleFile *first = job->files->pdata[0];
    KwFeatureInput input = {.series = first->series, .others = others};
    g_autoptr(GError) error = NULL;

    input.n_threads = MIN(g_get_num_processors(), MAX_THREADS);
    for (guint i = 0; i < n_pairs; i++) {
        const KwCandleFile *file = job->files->pdata[i + 1];

        if (file == NULL) {
            g_autofree gchar *message = g_strdup_printf(
                _("the feature list needs candles of %s; name its file as well"),
                kw_feature_list_get_pair(job->list, i));

            return kw_data_page_fail(KW_DATA_EXIT_USAGE, message);
        }
        others[i] = file->series;
    }
    job->matrix = kw_feature_matrix_compute(job->list, &input, &error);
    return job->matrix != NULL ? 0 : kw_data_page_fail_as(EX_DATAERR, error);
}

/* (transfer full): "BTC_USDT-1h-standard.features" */
static gchar *
usual_name(const Job *job)
{
    g_autofree gchar *pair = g_strdelimit(g_strdup(job->origin.pair), "/", '_');
    g_autofree gchar *base =
        g_path_get_basename(job->wish->features != NULL ? job->wish->features : STANDARD_LIST);

    if (g_str_has_suffix(base, ".ini"))
        base[strlen(base) - strlen(".ini")] = '\0';
    return g_strdup_printf("%s-%s-%s.features", pair,
                           kw_timeframe_to_string(job->origin.timeframe_us), base);
}

/* -- the page -- */

/* First row on which every feature is defined; n_rows when there is none */
static gsize
first_whole_row(const KwFeatureMatrix *matrix)
{
    const gfloat *values = kw_feature_matrix_get_values(matrix);
    gsize n_rows = kw_feature_matrix_get_n_rows(matrix);
    guint width = kw_feature_matrix_get_n_features(matrix);

    for (gsize row = 0; row < n_rows; row++) {
        guint n = 0;

        while (n < width && !isnan(values[row * width + n]))
            n++;
        if (n == width)
            return row;
    }
    return n_rows;
}

static gchar *
facts_to_json(const gchar *path, const KwFeatureMatrix *matrix, const KwFeatureOrigin *origin)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "file");
    json_builder_add_string_value(builder, path);
    json_builder_set_member_name(builder, "pair");
    json_builder_add_string_value(builder, origin->pair);
    json_builder_set_member_name(builder, "timeframe");
    json_builder_add_string_value(builder, kw_timeframe_to_string(origin->timeframe_us));
    json_builder_set_member_name(builder, "rows");
    json_builder_add_int_value(builder, (gint64) kw_feature_matrix_get_n_rows(matrix));
    json_builder_set_member_name(builder, "features");
    json_builder_add_int_value(builder, kw_feature_matrix_get_n_features(matrix));
    json_builder_set_member_name(builder, "first_whole_row");
    json_builder_add_int_value(builder, (gint64) first_whole_row(matrix));
    json_builder_set_member_name(builder, "synthetic");
    json_builder_add_boolean_value(builder, origin->is_synthetic);
    json_builder_set_member_name(builder, "list_hash");
    json_builder_add_string_value(builder, kw_feature_matrix_get_hash(matrix));
    json_builder_set_member_name(builder, "content_hash");
    json_builder_add_string_value(builder, origin->content_hash);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}

static void
print_text(const gchar *path, const KwFeatureMatrix *matrix, const KwFeatureOrigin *origin)
{
    g_autoptr(KwDataPage) page = kw_data_page_new(NULL);
    const gint64 *times = kw_feature_matrix_get_times(matrix);
    gsize n_rows = kw_feature_matrix_get_n_rows(matrix), whole = first_whole_row(matrix);
    gchar from[KW_UTC_TEXT_SIZE], to[KW_UTC_TEXT_SIZE];

    if (page == NULL)
        return;
    g_string_append_printf(page->out, "%s: %s %s%s\n", path, origin->pair,
                           kw_timeframe_to_string(origin->timeframe_us),
                           origin->is_synthetic ? _(", synthetic") : "");
    g_string_append_printf(
        page->out, _("  %s rows, %s to %s\n"), kw_data_page_count(page, n_rows),
        kw_data_page_minute(times[0], from), kw_data_page_minute(times[n_rows - 1], to));
    if (whole < n_rows)
        g_string_append_printf(
            page->out, _("  %s features, all defined from row %s on\n"),
            kw_data_page_count(page, kw_feature_matrix_get_n_features(matrix)),
            kw_data_page_count(page, whole + 1));
    else
        g_string_append_printf(
            page->out, _("  %s features; all of them are defined in no row\n"),
            kw_data_page_count(page, kw_feature_matrix_get_n_features(matrix)));
    g_string_append_printf(page->out, _("  list %s\n"), kw_feature_matrix_get_hash(matrix));
    g_string_append_printf(page->out, _("  content %s\n"), origin->content_hash);
    (void) kw_data_page_end(page, 0);
}

/* Reads the file as training will, and says what is in it. Returns: exit status */
static int
show(const gchar *path, gboolean is_json)
{
    g_autoptr(GError) error = NULL;
    KwFeatureOrigin origin;
    g_autoptr(KwFeatureMatrix) matrix = kw_feature_file_load(path, &origin, NULL, &error);

    if (matrix == NULL) {
        g_autofree gchar *text =
            g_strdup_printf(_("no usable feature file: %s"), error->message);

        return kw_data_page_fail(KW_DATA_EXIT_NO, text);
    }
    if (is_json) {
        g_autofree gchar *json = facts_to_json(path, matrix, &origin);

        g_print("%s\n", json);
    } else {
        print_text(path, matrix, &origin);
    }
    return 0;
}

static int
write_file(Job *job)
{
    g_autofree gchar *path =
        job->wish->out != NULL ? g_strdup(job->wish->out) : usual_name(job);
    g_autoptr(GError) error = NULL;

    if (!kw_feature_file_write(path, job->matrix, job->list, &job->origin, &error))
        return kw_data_page_fail_as(EX_CANTCREAT, error);
    return show(path, job->wish->is_json);
}

static int
run(const Wish *wish, int n_files, char **files)
{
    g_auto(Job) job = {.wish = wish};
    int status;

    if (wish->show != NULL)
        return show(wish->show, wish->is_json);
    if (n_files == 0)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                 _("no file named; see kurswart data features --help"));
    status = load_list(&job);
    if (status == 0)
        status = load_all(&job, n_files, files);
    if (status == 0)
        status = compute(&job);
    return status == 0 ? write_file(&job) : status;
}

int
kw_data_features(int argc, char **argv)
{
    Wish wish = {0};
    const GOptionEntry entries[] = {
        {"features", 0, 0, G_OPTION_ARG_FILENAME, &wish.features,
         _("feature list: a file, or \"standard\""), "standard"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &wish.out, _("file to write"), "FILE"},
        {"show", 0, 0, G_OPTION_ARG_FILENAME, &wish.show,
         _("only check this feature file and say what is in it"), "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &wish.is_json, _("for programs"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    int status = KW_DATA_EXIT_USAGE;

    if (kw_data_page_parse(&argc, &argv, entries, _("features FILE..."),
                           "kurswart data features binance-BTC_USDT-1h.csv.gz", &status))
        status = run(&wish, argc - 1, argv + 1);
    g_free(wish.features);
    g_free(wish.out);
    g_free(wish.show);
    return status;
}
