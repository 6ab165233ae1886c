#include "kw-model-folder.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HASH_LENGTH 64
#define MAX_MANIFEST (KW_MODEL_FOLDER_MAX_FILES * 256)

/* clang-format off */
G_DEFINE_QUARK(kw-model-refusal, kw_model_refusal)
/* clang-format on */

static gboolean
refuse(GError **error, KwModelRefusal code, const gchar *name, const gchar *what)
{
    g_set_error(error, KW_MODEL_REFUSAL, (gint) code, "%s: %s", name, what);
    return FALSE;
}

gboolean
kw_model_folder_sync(const gchar *folder, GError **error)
{
    gint fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean is_ok = fd >= 0 && fsync(fd) == 0;
    gint saved = errno;

    if (fd >= 0)
        (void) close(fd);
    return is_ok || refuse(error, KW_MODEL_REFUSAL_IO, folder, g_strerror(saved));
}

static gboolean
write_file(const gchar *folder, const gchar *name, GBytes *content, GError **error)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) cause = NULL;
    gsize length = 0;
    const gchar *data = g_bytes_get_data(content, &length);

    if (g_file_set_contents_full(path, data, (gssize) length, G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &cause))
        return TRUE;
    return refuse(error, KW_MODEL_REFUSAL_IO, name, cause->message);
}

gboolean
kw_model_folder_write(const gchar *folder,
                      const gchar *const *names,
                      GBytes *const *contents,
                      GError **error)
{
    g_autoptr(GString) manifest = g_string_new(NULL);
    g_autoptr(GBytes) bytes = NULL;

    if (g_mkdir(folder, 0700) != 0)
        return refuse(error, KW_MODEL_REFUSAL_IO, folder, g_strerror(errno));
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree gchar *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, contents[i]);

        if (!write_file(folder, names[i], contents[i], error))
            return FALSE;
        g_string_append_printf(manifest, "%s  %s\n", hash, names[i]);
    }
    if (!kw_model_folder_sync(folder, error))
        return FALSE;
    bytes = g_bytes_new(manifest->str, manifest->len);
    return write_file(folder, KW_MODEL_FOLDER_MANIFEST, bytes, error) &&
           kw_model_folder_sync(folder, error);
}

GBytes *
kw_model_folder_read(const gchar *folder, const gchar *name, GError **error)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) cause = NULL;
    gchar *content = NULL;
    gsize length = 0;

    if (g_file_get_contents(path, &content, &length, &cause))
        return g_bytes_new_take(content, length);
    (void) refuse(error, KW_MODEL_REFUSAL_FORMAT, name, cause->message);
    return NULL;
}

/* One line of a manifest against the file that it names */
static gboolean
verify_line(const gchar *folder, const gchar *line, GError **error)
{
    const gchar *name;
    g_autoptr(GBytes) content = NULL;
    g_autofree gchar *hash = NULL;

    if (strlen(line) < HASH_LENGTH + 3 || strncmp(line + HASH_LENGTH, "  ", 2) != 0)
        return refuse(error, KW_MODEL_REFUSAL_MANIFEST, KW_MODEL_FOLDER_MANIFEST,
                      "damaged line");
    name = line + HASH_LENGTH + 2;
    if (strchr(name, '/') != NULL)
        return refuse(error, KW_MODEL_REFUSAL_MANIFEST, KW_MODEL_FOLDER_MANIFEST,
                      "names a file elsewhere");
    content = kw_model_folder_read(folder, name, NULL);
    if (content == NULL)
        return refuse(error, KW_MODEL_REFUSAL_HASH, name, "is missing");
    hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content);
    if (strncmp(hash, line, HASH_LENGTH) != 0)
        return refuse(error, KW_MODEL_REFUSAL_HASH, name, "is not what the manifest says");
    return TRUE;
}

gboolean
kw_model_folder_verify(const gchar *folder, gchar **out_hash, GError **error)
{
    g_autoptr(GBytes) manifest = NULL;
    g_autofree gchar *text = NULL;
    g_auto(GStrv) lines = NULL;
    guint n_lines;

    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return refuse(error, KW_MODEL_REFUSAL_ABSENT, folder, "is not there");
    manifest = kw_model_folder_read(folder, KW_MODEL_FOLDER_MANIFEST, NULL);
    if (manifest == NULL || g_bytes_get_size(manifest) > MAX_MANIFEST)
        return refuse(error, KW_MODEL_REFUSAL_MANIFEST, KW_MODEL_FOLDER_MANIFEST, "is missing");
    text = g_strndup(g_bytes_get_data(manifest, NULL), g_bytes_get_size(manifest));
    lines = g_strsplit(text, "\n", -1);
    n_lines = g_strv_length(lines);
    if (n_lines < 2 || lines[n_lines - 1][0] != '\0')
        return refuse(error, KW_MODEL_REFUSAL_MANIFEST, KW_MODEL_FOLDER_MANIFEST, "is cut off");
    for (guint i = 0; i + 1 < n_lines; i++) {
        if (!verify_line(folder, lines[i], error))
            return FALSE;
    }
    if (out_hash != NULL)
        *out_hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, manifest);
    return TRUE;
}

void
kw_model_folder_remove(const gchar *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const gchar *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree gchar *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR) &&
            !g_file_test(child, G_FILE_TEST_IS_SYMLINK))
            kw_model_folder_remove(child);
        else
            (void) g_unlink(child);
    }
    (void) g_rmdir(path);
}
