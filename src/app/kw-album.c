/* kw-album.c: the pictures of replies as files, for a terminal that cannot show them */
#include "kw-album.h"

#include <glib/gstdio.h>

struct _KwAlbum {
    gchar *folder; /* owned */
    guint n_pages;
};

KwAlbum *
kw_album_new(const gchar *folder)
{
    KwAlbum *self = g_new0(KwAlbum, 1);

    self->folder = g_strdup(folder);
    return self;
}

void
kw_album_free(KwAlbum *self)
{
    if (self == NULL)
        return;
    g_free(self->folder);
    g_free(self);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;

    if (!g_file_replace_contents_finish(G_FILE(source), result, NULL, &error))
        g_task_return_error(task, error);
    else
        g_task_return_pointer(task, g_file_get_path(G_FILE(source)), g_free);
}

static void
on_drawn(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    GError *error = NULL;
    g_autoptr(GBytes) picture = kw_bot_draw_finish(KW_BOT(source), result, &error);
    GFile *file = g_task_get_task_data(task);

    if (picture == NULL) {
        g_task_return_error(task, error);
        return;
    }
    g_file_replace_contents_bytes_async(file, picture, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL,
                                        on_written, g_steal_pointer(&task));
}

void
kw_album_add_async(KwAlbum *self,
                   KwBot *bot,
                   const KwChartRequest *chart,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
    g_autoptr(GTask) task = g_task_new(bot, NULL, callback, user_data);
    g_autofree gchar *name = g_strdup_printf("%02u.png", ++self->n_pages);

    g_task_set_source_tag(task, kw_album_add_async);
    g_task_set_task_data(task, g_file_new_build_filename(self->folder, name, NULL),
                         g_object_unref);
    /* when it cannot be made, the file in it tells why */
    (void) g_mkdir_with_parents(self->folder, 0700);
    kw_bot_draw_async(bot, chart, on_drawn, g_steal_pointer(&task));
}

gchar *
kw_album_add_finish(KwBot *bot, GAsyncResult *result, GError **error)
{
    g_return_val_if_fail(g_task_is_valid(result, bot), NULL);

    return g_task_propagate_pointer(G_TASK(result), error);
}
