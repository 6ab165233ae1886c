/* kw-data-columns.c: columns over a candle file, as a table to go on with
 *
 * The table goes out in pieces while it is made: a file of three million minutes with twenty
 * columns would be a gigabyte of text. Numbers have as many digits as it takes to read them
 * back as they are; an undefined cell is empty, or null. */
#include "kw-data-columns.h"

#include "kw-data-page.h"
#include "kw-dataset.h"
#include "kw-i18n.h"
#include "kw-indicator.h"
#include "kw-timeframe.h"

#include <math.h>
#include <string.h>
#include <sysexits.h>

#define PIECE_BYTES 65536

typedef struct {
    gchar *list, *timeframe; /* owned; options */
    gboolean is_csv, is_json, shows_names;
} Wish;

/* What is printed: the columns that were asked for, in that order */
typedef struct {
    const Wish *wish;
    KwFrame *frame;     /* owned */
    GPtrArray *columns; /* of borrowed KwColumn */
    GStrv names;        /* owned */
    GString *text;      /* owned; not printed yet */
} Table;

static void
table_clear(Table *table)
{
    g_clear_pointer(&table->frame, kw_frame_free);
    g_clear_pointer(&table->columns, g_ptr_array_unref);
    g_clear_pointer(&table->names, g_strfreev);
    if (table->text != NULL)
        g_string_free(table->text, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, table_clear)

/* -- --names -- */

static int
print_names(void)
{
    guint n;
    const KwIndicator *table = kw_indicator_get_table(&n);

    for (guint i = 0; i < n; i++) {
        g_print("%s", table[i].name);
        for (guint k = 0; k < table[i].n_params; k++) {
            const KwIndicatorParam *param = &table[i].params[k];

            if (isnan(param->fallback))
                g_print("_%s [%g-%g]", param->name, param->min, param->max);
            else
                g_print("_%s [%g-%g; %g]", param->name, param->min, param->max,
                        param->fallback);
        }
        g_print("\n");
    }
    return 0;
}

/* -- building -- */

/* Returns: exit status */
static int
build(Table *table)
{
    int status = 0;

    table->names = g_strsplit(table->wish->list, ",", -1);
    table->columns = g_ptr_array_new();
    for (guint i = 0; table->names[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        KwColumn *column;

        (void) g_strstrip(table->names[i]);
        column = kw_indicator_apply(table->frame, table->names[i], NULL, &error);
        if (column == NULL) {
            g_autofree gchar *text = g_strdup_printf(
                _("%s is no column (%s); \"kurswart data columns --names\" lists all"),
                table->names[i], error->message);

            status = kw_data_page_fail(KW_DATA_EXIT_USAGE, text);
        } else {
            g_ptr_array_add(table->columns, column);
        }
    }
    return status;
}

static int
load(Table *table, const gchar *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwCandleFile) file = NULL;
    KwCandleFileOptions options = {0};
    KwDatasetName name;

    if (kw_dataset_parse_name(path, &name, NULL))
        options.timeframe_us = name.timeframe_us;
    if (table->wish->timeframe != NULL &&
        !kw_timeframe_parse(table->wish->timeframe, &options.timeframe_us, &error))
        return kw_data_page_fail_as(KW_DATA_EXIT_USAGE, error);
    file = kw_candle_file_load(path, &options, &error);
    if (file == NULL)
        return kw_data_page_fail_as(EX_DATAERR, error);
    table->frame = kw_frame_new(g_steal_pointer(&file->series));
    return 0;
}

/* -- printing -- */

static void
flush(Table *table)
{
    g_print("%s", table->text->str);
    g_string_truncate(table->text, 0);
}

static void
add_number(GString *text, gdouble value, const gchar *undefined)
{
    gchar digits[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan(value)) {
        g_string_append(text, undefined);
        return;
    }
    kw_column_number_to_text(value, digits);
    g_string_append(text, digits);
}

static void
add_row(Table *table, gsize row, gint64 time_us)
{
    gboolean is_json = table->wish->is_json;

    g_string_append_printf(table->text,
                           is_json ? "%s{\"time\":%" G_GINT64_FORMAT : "%s%" G_GINT64_FORMAT,
                           is_json && row > 0 ? ",\n" : "", time_us / G_USEC_PER_SEC);
    for (guint i = 0; i < table->columns->len; i++) {
        gdouble value = kw_column_get_value(table->columns->pdata[i], row);

        if (is_json)
            g_string_append_printf(table->text, ",\"%s\":", table->names[i]);
        else
            g_string_append_c(table->text, ',');
        add_number(table->text, value, is_json ? "null" : "");
    }
    g_string_append(table->text, is_json ? "}" : "\n");
}

static void
print_table(Table *table)
{
    const gint64 *times = kw_series_get_times(kw_frame_get_series(table->frame));
    g_autofree gchar *head = g_strjoinv(",", table->names);

    table->text = g_string_new(NULL);
    if (table->wish->is_json)
        g_string_append(table->text, "[");
    else
        g_string_append_printf(table->text, "time,%s\n", head);
    for (gsize row = 0; row < kw_frame_get_n_rows(table->frame); row++) {
        add_row(table, row, times[row]);
        if (table->text->len > PIECE_BYTES)
            flush(table);
    }
    if (table->wish->is_json)
        g_string_append(table->text, "]\n");
    flush(table);
}

static int
run(const Wish *wish, int n_files, char **files)
{
    g_auto(Table) table = {.wish = wish};
    int status;

    if (wish->shows_names)
        return print_names();
    if (wish->list == NULL)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                 _("--list is missing, for example --list ema_9,rsi_14"));
    if (n_files != 1)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE, _("name one candle file"));
    if (wish->is_csv && wish->is_json)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE, _("either --csv or --json"));
    status = load(&table, files[0]);
    if (status == 0)
        status = build(&table);
    if (status != 0)
        return status;
    kw_frame_update(table.frame);
    print_table(&table);
    return 0;
}

int
kw_data_columns(int argc, char **argv)
{
    Wish wish = {0};
    const GOptionEntry entries[] = {
        {"list", 0, 0, G_OPTION_ARG_STRING, &wish.list, _("columns by their field names"),
         "ema_9,rsi_14"},
        {"names", 0, 0, G_OPTION_ARG_NONE, &wish.shows_names,
         _("all names, with their numbers and usual values"), NULL},
        {"timeframe", 0, 0, G_OPTION_ARG_STRING, &wish.timeframe,
         _("timeframe, when the rows do not tell"), "1h"},
        {"csv", 0, 0, G_OPTION_ARG_NONE, &wish.is_csv, _("table with commas (usual)"), NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &wish.is_json, _("one JSON object a candle"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    int status = KW_DATA_EXIT_USAGE;

    if (kw_data_page_parse(
            &argc, &argv, entries, _("columns FILE"),
            "kurswart data columns --list ema_9,rsi_14 binance-BTC_USDT-1h.csv.gz", &status))
        status = run(&wish, argc - 1, argv + 1);
    g_free(wish.list);
    g_free(wish.timeframe);
    return status;
}
