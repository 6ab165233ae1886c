#include "kw-result-file.h"

#include "kw-date.h"
#include "kw-error.h"
#include "kw-json.h"
#include "kw-result-json.h"

#include <string.h>

static gboolean
write_json(const gchar *path, JsonNode *root, GError **error)
{
    g_autofree gchar *text = json_to_string(root, FALSE);
    g_autoptr(GError) inner = NULL;

    if (g_file_set_contents(path, text, -1, &inner))
        return TRUE;
    g_set_error_literal(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO, inner->message);
    return FALSE;
}

static gboolean
write_last(const gchar *path, GError **error)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autofree gchar *folder = g_path_get_dirname(path);
    g_autofree gchar *name = g_path_get_basename(path);
    g_autofree gchar *last = g_build_filename(folder, ".last_result.json", NULL);
    g_autoptr(JsonNode) root = NULL;

    (void) json_builder_begin_object(b);
    kw_json_add_string(b, "latest_backtest", name);
    (void) json_builder_end_object(b);
    root = json_builder_get_root(b);
    return write_json(last, root, error);
}

/* (transfer full): "backtest-result-2026-03-11_14-30-00.json" in a folder */
static gchar *
choose_path(const KwResult *self, const gchar *path)
{
    gchar date[KW_UTC_TEXT_SIZE];
    g_autofree gchar *name = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return g_strdup(path);
    (void) kw_result_time_to_text(self->facts->run_start_us, "", date);
    name = g_strdup_printf("backtest-result-%s.json", g_strdelimit(date, ": ", '-'));
    name[strlen("backtest-result-YYYY-MM-DD")] = '_';
    return g_build_filename(path, name, NULL);
}

gchar *
kw_result_export(const KwResult *self, const gchar *path, GError **error)
{
    g_autofree gchar *file = NULL;
    g_autofree gchar *stem = NULL;
    g_autofree gchar *meta_path = NULL;
    g_autoptr(JsonNode) root = NULL;
    g_autoptr(JsonNode) meta = NULL;

    g_return_val_if_fail(self != NULL && path != NULL, NULL);

    file = choose_path(self, path);
    stem = g_str_has_suffix(file, ".json") ? g_strndup(file, strlen(file) - strlen(".json"))
                                           : g_strdup(file);
    meta_path = g_strconcat(stem, ".meta.json", NULL);
    root = kw_result_to_json(self);
    meta = kw_result_to_meta(self);
    if (!write_json(file, root, error) || !write_json(meta_path, meta, error) ||
        !write_last(file, error))
        return NULL;
    return g_steal_pointer(&file);
}
