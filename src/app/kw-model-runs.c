#include "kw-model-runs.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lab-table.h"
#include "kw-run-log.h"

#define N_SHOWN 60

void
kw_model_runs_write_json(const GArray *rows, KwDataPage *page)
{
    for (guint i = 0; i < rows->len; i++) {
        const KwRunStep *row = &g_array_index(rows, KwRunStep, i);
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autofree gchar *text = NULL;

        json_builder_begin_object(builder);
        kw_json_add_int(builder, "run_us", row->run_us);
        kw_json_add_string(builder, "verb", kw_run_verb_to_string(row->verb));
        kw_json_add_string(builder, "name", row->name);
        kw_json_add_string(builder, "step", row->step);
        kw_json_add_double(builder, "seconds", (gdouble) row->took_us / G_USEC_PER_SEC);
        kw_json_add_bool(builder, "good", row->is_good);
        kw_json_add_string(builder, "result", row->result);
        json_builder_end_object(builder);
        text = kw_json_builder_to_text(builder);
        g_string_append_printf(page->out, "%s\n", text);
    }
}

/* A run is named once; its steps stand below. */
void
kw_model_runs_write_text(const GArray *rows, KwDataPage *page)
{
    gint64 last_us = G_MININT64;

    for (guint i = 0; i < rows->len; i++) {
        const KwRunStep *row = &g_array_index(rows, KwRunStep, i);
        gchar minute[KW_UTC_TEXT_SIZE];

        if (row->run_us != last_us)
            g_string_append_printf(page->out, "%s%s  %s %s\n", i > 0 ? "\n" : "",
                                   kw_data_page_minute(row->run_us, minute),
                                   kw_run_verb_to_string(row->verb), row->name);
        last_us = row->run_us;
        g_string_append_printf(
            page->out, "  %-10s %8s s  %s%s\n", row->step,
            kw_format_number(page->format, (gdouble) row->took_us / G_USEC_PER_SEC, 2),
            row->is_good ? "" : _("failed: "), row->result);
    }
    if (rows->len == 0)
        g_string_append_printf(page->out, "%s\n", _("no runs yet"));
}

int
kw_model_runs_print(const gchar *root, KwDataPage *page, KwModelRunsWrite write)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows = kw_run_log_load(root, N_SHOWN, &error);

    if (rows == NULL)
        return kw_cli_fail_error(error, NULL);
    write(rows, page);
    return 0;
}
